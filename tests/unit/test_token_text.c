/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/report.h>

#include "token_building.h"

#include "core/time.h"
#include "report_reading.h"

#define SIGNATURE "c2lnbmF0dXJl"
#define INNER "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UifQ." SIGNATURE

static char *
text_of(const struct tscope_token *token, struct tscope_text_options options, int64_t now)
{
    char *text = NULL;
    size_t len = 0;

    ck_assert_int_eq(tscope_token_text(token, &options, now, &text, &len, NULL), TSCOPE_OK);
    ck_assert_uint_eq(len, strlen(text));
    return text;
}

static const struct {
    const char *header, *payload;
} hostile[] = {
    {"{\"alg\":\"\\u001b[2J\\u202e\"}", "{\"iss\":\"\\u001b]0;x\\u0007\",\"\\u001b[31m\":\"\\u2066\"}"},
    {"{\"alg\":\"RS256\"}", "{\"a\":\"\\n\\nVALID        Signed with a key of the issuer\"}"},
    {"{\"alg\":\"RS256\"}", "{\"\\nissuer\":\"x\",\"b\":[\"\\u200b\",{\"\\u202e\":\"\\u202d\"}]}"},
    {"{\"alg\":\"RS256\"}", "{\"a\":\"\x1b[31m\xff\xfe\",\"b\":\"\xe2\x80\xae\"}"},
    {"{\"alg\":\"RS256\",\"kid\":\"\x07\"", "{\"sub\":\"\xed\xa0\x80\",\"aud\":[\"\xf0\x9f\x98\x80\",\"\xe6\x9d\xb1\xe4\xba\xac\"]"},
    {"\x1b[31mno JSON", "\x1b[31mnor this"},
    {"", ""},
    {"[]", "[\"\\u001b\"]"},
    {"{\"\":\"\"}", "{\"\":\"\",\"exp\":1e999,\"iat\":-9223372036854775808,\"nbf\":99999999999999999999}"},
    {"{\"alg\":{\"alg\":[]}}", "{\"exp\":9223372036854775807,\"a\":[[],{},null,true,-0.5e-7]}"},
};

START_TEST(hostile_tokens_move_no_cursor)
{
    for (unsigned width = 40; width <= 120; width += 16) {
        struct tscope_token token;
        char *text;

        build_jws(&token, hostile[_i].header, hostile[_i].payload);
        text = text_of(&token, (struct tscope_text_options){.width = width}, 1700000000);
        ck_assert_safe_lines(text, width, hostile[_i].payload);
        ck_assert_ptr_null(strstr(text, "\nVALID"));
        ck_assert(!holds_across_lines(text, TSCOPE_SPAN(SIGNATURE)));
        tscope_string_free(text);
        tear_down(&token);
    }
}
END_TEST

START_TEST(members_stand_in_their_order_with_what_they_mean)
{
    struct tscope_token token;
    char *text;

    build_jws(&token, "{\"alg\":\"RS256\"}",
              "{\"aud\":\"00000003-0000-0000-c000-000000000000\",\"iat\":1686823200,\"scp\":\"Mail.Read User.Read\",\"aud\":\"x\"}");
    text = text_of(&token, (struct tscope_text_options){0}, 1686823200 + 3600);
    ck_assert_ptr_nonnull(strstr(text, "Header\n  alg        RS256\n"));
    ck_assert_ptr_nonnull(strstr(text, "Claims\n  aud        00000003-0000-0000-c000-000000000000 (Microsoft Graph)\n"
                                       "  iat        1686823200  2023-06-15 10:00:00 UTC, 1 h ago\n"
                                       "  scp        'Mail.Read User.Read'\n"
                                       "  aud        x  (this name stands here again)\n"));
    ck_assert_ptr_nonnull(strstr(text, "Signature\n  9 bytes\n"));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(nothing_is_relative_without_a_clock)
{
    struct tscope_token token;
    char *text;

    build_jws(&token, "{}", "{\"iat\":1686823200}");
    text = text_of(&token, (struct tscope_text_options){0}, TSCOPE_TIME_NONE);
    ck_assert_ptr_nonnull(strstr(text, "2023-06-15 10:00:00 UTC\n"));
    ck_assert_ptr_null(strstr(text, " ago"));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

/* Each claim holds a secret under which this token's reader could act. */
static const char *const secrets[] = {
    "{\"actortoken\":\"" INNER "\"}",
    "{\"list\":[1,\"" INNER "\"]}",
    "{\"deep\":{\"a\":[{\"b\":\"" INNER "\"}]}}",
    "{\"client_secret\":\"" SIGNATURE SIGNATURE SIGNATURE "\"}",
    "{\"refresh_token\":\"" SIGNATURE SIGNATURE SIGNATURE "\"}",
    "{\"cnf\":{\"jwk\":{\"kty\":\"oct\",\"k\":\"" SIGNATURE SIGNATURE "\"}}}",
    "no JSON but " SIGNATURE " in {",
};

START_TEST(secrets_are_cut_unless_revealed)
{
    bool in_the_open = secrets[_i][0] != '{'; /* what is no JSON has no secret that could be told from other words */

    for (int reveal = 0; reveal <= 1; reveal++) {
        struct tscope_token token;
        char *text;

        build_jws(&token, "{\"alg\":\"RS256\"}", secrets[_i]);
        text = text_of(&token, (struct tscope_text_options){.reveal = reveal}, TSCOPE_TIME_NONE);
        ck_assert_int_eq(holds_across_lines(text, TSCOPE_SPAN(SIGNATURE)), reveal || in_the_open);
        tscope_string_free(text);
        tear_down(&token);
    }
}
END_TEST

START_TEST(opaque_token_is_shown_only_when_revealed)
{
    for (int reveal = 0; reveal <= 1; reveal++) {
        struct tscope_token token;
        char *text;

        build_opaque(&token, "1.AXkAabcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789");
        text = text_of(&token, (struct tscope_text_options){.reveal = reveal}, TSCOPE_TIME_NONE);
        ck_assert_int_eq(holds_across_lines(text, TSCOPE_SPAN("abcdefghijklmnop")), reveal);
        ck_assert_safe_lines(text, 80, "opaque");
        tscope_string_free(text);
        tear_down(&token);
    }
}
END_TEST

static const struct {
    enum tscope_signature_presence presence;
    const char *words;
} presences[] = {
    {TSCOPE_SIGNATURE_PRESENT, "Signature\n  9 bytes\n"}, {TSCOPE_SIGNATURE_EMPTY, "Signature\n  empty\n"},
    {TSCOPE_SIGNATURE_ABSENT, "Signature\n  not there"},  {TSCOPE_SIGNATURE_MASKED, "Signature\n  masked\n"},
    {TSCOPE_SIGNATURE_CUT, "Signature\n  cut: 9 bytes"},
};

START_TEST(missing_signature_is_said)
{
    struct tscope_token token;
    char *text;

    build_jws(&token, "{}", "{}");
    token.signatures->presence = presences[_i].presence;
    text = text_of(&token, (struct tscope_text_options){0}, TSCOPE_TIME_NONE);
    ck_assert_ptr_nonnull(strstr(text, presences[_i].words));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(damage_is_told_by_kinds_with_its_place)
{
    struct tscope_damage damage[] = {{.kind = TSCOPE_DAMAGE_FOLDING, .part = TSCOPE_PART_PAYLOAD, .offset = 77, .len = 2},
                                     {.kind = TSCOPE_DAMAGE_PADDING, .part = TSCOPE_PART_PAYLOAD, .offset = 99, .len = 1},
                                     {.kind = TSCOPE_DAMAGE_FOLDING, .part = TSCOPE_PART_SIGNATURE, .offset = 155, .len = 2}};
    struct tscope_token token;
    char *text;

    build_jws(&token, "{}", "{}");
    token.damage = damage;
    token.damage_len = 3;
    token.damage_total = 5;
    text = text_of(&token, (struct tscope_text_options){.width = 200}, TSCOPE_TIME_NONE);
    ck_assert_ptr_nonnull(strstr(text, "damaged: line folding inside the token (payload, byte 77, and 1 more time), "
                                       "'=' padding (payload, byte 99), and 2 more places\n"));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

/* Members under one secret's name, which each look through the object around them. */
START_TEST(many_members_stay_cheap)
{
    struct tscope_token token;
    struct tscope_buffer payload = {0};
    char *text, *claims;

    tscope_buffer_append_byte(&payload, '{');
    for (int i = 0; i < 10000; i++)
        tscope_buffer_append_format(&payload, "%s\"k\":\"%0100d\"", i ? "," : "", i);
    tscope_buffer_append_byte(&payload, '}');
    claims = tscope_buffer_steal(&payload, NULL);
    ck_assert_ptr_nonnull(claims);
    build_jws(&token, "{}", claims);
    text = text_of(&token, (struct tscope_text_options){.width = 40}, TSCOPE_TIME_NONE);
    ck_assert_uint_lt(strlen(text), 1000 * 400);
    ck_assert_ptr_nonnull(strstr(text, "\n  and 9000 more\n"));
    tscope_string_free(text);
    tear_down(&token);
    tscope_free(claims);
}
END_TEST

/* The first allocation fails, the second, the third… until the text is whole. */
START_TEST(failed_allocation_is_reported)
{
    struct tscope_text_options options = {.colour = true};
    struct tscope_token token;

    build_jws(&token, "{\"alg\":\"RS256\",\"kid\":\"a b\"}",
              "{\"a\\u0062\":\"c\\u0064\",\"actortoken\":\"" INNER "\",\"l\":[1,\"x y\"],\"o\":{\"p\":1}}");
    for (unsigned long n = 1;; n++) {
        enum tscope_status status;
        char *text = NULL;

        tscope_alloc_fail_from(n);
        status = tscope_token_text(&token, &options, 0, &text, NULL, NULL);
        tscope_alloc_fail_from(0);
        if (status == TSCOPE_OK) {
            ck_assert_uint_gt(n, 8);
            tscope_string_free(text);
            break;
        }
        ck_assert_int_eq(status, TSCOPE_ERR_NO_MEMORY);
        ck_assert_ptr_null(text);
        ck_assert_uint_lt(n, 1000);
    }
    tear_down(&token);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("token_text");
    TCase *tcase = tcase_create("token_text");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, hostile_tokens_move_no_cursor, 0, TSCOPE_COUNT(hostile));
    tcase_add_test(tcase, members_stand_in_their_order_with_what_they_mean);
    tcase_add_test(tcase, nothing_is_relative_without_a_clock);
    tcase_add_loop_test(tcase, secrets_are_cut_unless_revealed, 0, TSCOPE_COUNT(secrets));
    tcase_add_test(tcase, opaque_token_is_shown_only_when_revealed);
    tcase_add_loop_test(tcase, missing_signature_is_said, 0, TSCOPE_COUNT(presences));
    tcase_add_test(tcase, damage_is_told_by_kinds_with_its_place);
    tcase_add_test(tcase, many_members_stay_cheap);
    tcase_add_test(tcase, failed_allocation_is_reported);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
