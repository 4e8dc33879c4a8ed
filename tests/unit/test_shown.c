/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>

#include "core/alloc.h"
#include "evidence/shown.h"

#define E "\xe2\x80\xa6"
#define RUN "0123456789abcdef0123456789abcdef0123456789abcdef" /* 48: the longest that is shown */

static const struct {
    const char *url, *shown;
} urls[] = {
    {"https://a.example/b/c", "https://a.example/b/c"},
    {"https://a.example:8443/", "https://a.example:8443/"},
    {"https://[::1]:8443/x", "https://[::1]:8443/x"},
    {"https://user:secret@a.example/b", "https://" E "@a.example/b"},
    {"https://user@a.example", "https://" E "@a.example"},
    {"https://a@b@c.example/", "https://" E "@c.example/"},
    {"https://user:secret/a.example", "https://" E "/a.example"},
    {"//user:secret@a.example/b", "//" E "@a.example/b"},
    {"https://a.example/?code=secret", "https://a.example/?code=" E},
    {"https://a.example?a=1&b=2&c", "https://a.example?a=" E "&b=" E "&" E},
    {"/cb?secret", "/cb?" E},
    {"/cb?a==secret", "/cb?a=" E},
    {"/cb#access_token=secret&x=y", "/cb#access_token=" E "&x=" E},
    {"/cb#secret", "/cb#" E},
    {"/cb?a=1#b=2", "/cb?a=" E "#b=" E},
    {"/cb#b=2?a=1", "/cb#b=" E},
    {"/x;jsessionid=secret/y;v=1?z=1", "/x;jsessionid=" E "/y;v=" E "?z=" E},
    {"/t/eyJhbGciOiJSUzI1NiJ9.e30.c2ln/y", "/t/" E "/y"},
    {"/t/" RUN "/y", "/t/" RUN "/y"},
    {"/t/" RUN "0/y", "/t/" E "/y"},
    {"data:text/plain;base64,c2VjcmV0", "data:" E},
    {"blob:https://a.example/1", "blob:https://a.example/1"},
    {"javascript:x('secret')", "javascript:" E},
    {"", ""},
    {"?", "?"},
    {"#", "#"},
    {"https://", "https://"},
    {"/a\x01\xff", "/a \xef\xbf\xbd"},
};

START_TEST(addresses_show_no_values)
{
    struct tscope_arena arena = {0};

    ck_assert_str_eq(tscope_shown_url(&arena, tscope_span_text(urls[_i].url)), urls[_i].shown);
    tscope_arena_clear(&arena);
}
END_TEST

static const struct {
    const char *name, *shown;
} names[] = {
    {"Authorization", "Authorization"},
    {"x-" RUN, E},
    {RUN, RUN},
    {"eyJhbGciOiJSUzI", "eyJhbGciOiJSUzI"}, /* 15: may be a name */
    {"eyJhbGciOiJSUzI1", E},
    {"a b eyJhbGciOiJSUzI1NiJ9 c", "a b " E " c"},
    {"n\xc3\xa4me\n", "n\xc3\xa4me "},
    {"https://a.example/?x", "https:" E},
    {"a=b", "a" E},
    {"@odata.type", "@odata.type"},
};

START_TEST(names_show_no_secrets)
{
    struct tscope_arena arena = {0};

    ck_assert_str_eq(tscope_shown_name(&arena, tscope_span_text(names[_i].name)), names[_i].shown);
    tscope_arena_clear(&arena);
}
END_TEST

static const struct {
    const char *before, *name;
} befores[] = {
    {"a=1&access_token=", "access_token"},
    {"sid=", "sid"},
    {"a; esctx=", "esctx"},
    {"{\"id_token\":\"", "id_token"},
    {"{\"id_token\" : \"Bearer ", "id_token"},
    {"{\\\"id_token\\\":\\\"", "id_token"},
    {"Authorization: Bearer ", "Authorization"},
    {"Authorization: bearer%20", "Authorization"},
    {"token: ", "token"},
    {"access_token%3D", "access_token"},
    {"a\\u003d", "a"},
    {"no name before ", ""},
    {"=", ""},
    {"", ""},
    {"\"", ""},
    {"Bearer ", ""},
    {RUN "0=", ""},
};

START_TEST(name_before_a_value_is_found)
{
    struct tscope_span name = tscope_shown_name_before(tscope_span_text(befores[_i].before));

    ck_assert_uint_eq(name.len, strlen(befores[_i].name));
    ck_assert_int_eq(memcmp(name.data, befores[_i].name, name.len), 0);
}
END_TEST

START_TEST(long_texts_are_cut)
{
    struct tscope_arena arena = {0};
    char text[4096];

    for (size_t len = 0; len < sizeof(text); len += 13) {
        for (size_t i = 0; i < len; i++)
            text[i] = "/a b"[i % 4];
        ck_assert_uint_le(strlen(tscope_shown_name(&arena, tscope_span_of(text, len))), TSCOPE_SHOWN_NAME_MAX + TSCOPE_SHOWN_RUN_MAX + 3);
        ck_assert_uint_le(strlen(tscope_shown_url(&arena, tscope_span_of(text, len))), TSCOPE_SHOWN_URL_MAX + TSCOPE_SHOWN_NAME_MAX + 64);
    }
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(memory_failure_is_no_text)
{
    struct tscope_arena arena = {0};

    tscope_alloc_fail_from(1);
    ck_assert_ptr_null(tscope_shown_name(&arena, TSCOPE_SPAN("name")));
    ck_assert_ptr_null(tscope_shown_url(&arena, TSCOPE_SPAN("https://a.example/")));
    tscope_alloc_fail_from(0);
    tscope_arena_clear(&arena);
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("shown");
    TCase *tcase = tcase_create("shown");

    tcase_add_loop_test(tcase, addresses_show_no_values, 0, (int)TSCOPE_COUNT(urls));
    tcase_add_loop_test(tcase, names_show_no_secrets, 0, (int)TSCOPE_COUNT(names));
    tcase_add_loop_test(tcase, name_before_a_value_is_found, 0, (int)TSCOPE_COUNT(befores));
    tcase_add_test(tcase, long_texts_are_cut);
    tcase_add_test(tcase, memory_failure_is_no_text);
    suite_add_tcase(suite, tcase);
    return suite;
}

int
main(void)
{
    SRunner *runner = srunner_create(make_suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
