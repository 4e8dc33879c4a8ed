/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/shape.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"

static struct tscope_arena arena;

static bool
read_shape(const char *text, struct tscope_shape_reading *ret_reading)
{
    struct tscope_json *json = tscope_arena_zeroed(&arena, 1, sizeof(*json));

    ck_assert_int_eq(tscope_json_read(json, &arena, (const uint8_t *)text, strlen(text), TSCOPE_JSON_LIMITS_TOKEN, NULL), TSCOPE_OK);
    return tscope_shape_read(json, tscope_json_root(json), ret_reading);
}

static const char *const untelling[] = {"{}", "[]", "1", "", "{\"a\":1,\"a\":2}", "{\"a\":1,}", "{\"a\":1} x", "{\"a\":1", "{\"a\":NaN}"};

START_TEST(what_tells_nothing_is_refused)
{
    struct tscope_shape_reading reading;

    ck_assert(!read_shape(untelling[_i], &reading));
    tscope_arena_clear(&arena);
}
END_TEST

static const struct {
    const char *one, *other;
    size_t common;
    int first, second; /* of one, -1: no difference of order */
    const char *gap;   /* NULL: no difference of white space */
} pairs[] = {
    {"{\"a\":1,\"b\":2}", "{\"a\":[1,2],\"b\":{\"c\":3,\"d\":4}}", 2, -1, -1, NULL},
    {"{\"a\":1,\"b\":2}", "{\"b\":1,\"a\":2}", 2, 0, 1, NULL},
    {"{\"a\":1,\"b\":2}", "{\"c\":1,\"d\":2}", 0, -1, -1, NULL},
    {"{\"a\":1,\"x\":0,\"b\":2}", "{\"y\":0,\"b\":1,\"z\":0,\"a\":2}", 2, 0, 2, NULL},
    {"{\"a\":1,\"b\":2,\"c\":3}", "{\"c\":1,\"a\":2,\"b\":3}", 3, 1, 2, NULL},
    {"{\"a\":1,\"b\":2,\"c\":3}", "{\"a\":1,\"b\":2}", 2, -1, -1, NULL},
    {"{\"a\":1}", "{\"a\":1, \"b\":2}", 1, -1, -1, NULL}, /* no comma, so nothing to compare */
    {"{\"a\":1}", "{\"a\": 1}", 1, -1, -1, "behind colons"},
    {"{\"a\":1}", "{\"a\" :1}", 1, -1, -1, "before colons"},
    {"{\"a\":1,\"b\":2}", "{\"a\":1, \"b\":2}", 2, -1, -1, "behind commas"},
    {"{\"a\":1,\"b\":2}", "{\"a\":1 ,\"b\":2}", 2, -1, -1, "before commas"},
    {"{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2}\n", 2, -1, -1, "behind the object"},
    {"{\"a\":1,\"b\":2}", " {\"a\":1,\"b\":2}", 2, -1, -1, "before the object"},
    {"{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":2 }", 2, -1, -1, "before the closing brace"},
    {"{\"a\":1,\"b\":2}", "{\t\"a\":1,\"b\":2}", 2, -1, -1, "behind the opening brace"},
    {"{\"a\":1, \"b\":2, \"c\":3}", "{\"a\":1, \"b\":2,\"c\":3}", 3, -1, -1, "behind commas"},
    {"{\"a\":1,\t\"b\":2}", "{\"a\":1, \"b\":2}", 2, -1, -1, "behind commas"},
    {"{\"a\":1,\"b\":{\"c\": 3}}", "{\"a\":1,\"b\":{\"c\":3}}", 2, -1, -1, NULL}, /* inside, other programs write */
    {"{\"a\":1,\"b\":2}", "{\"b\": 1, \"a\": 2}", 2, 0, 1, "behind colons"},
    {"{\"\":1,\"b\":2}", "{\"b\":1,\"\":2}", 2, 0, 1, NULL},
    {"{\"a\":1,\"b\":2}", "{\"b\":1,\"\\u0061\":2}", 1, -1, -1, NULL},
};

/* Both ways, so that a way back says the same. */
START_TEST(pair_differs_in_what_it_differs)
{
    struct tscope_shape_reading one, other;
    struct tscope_shape_difference there, back;
    struct tscope_shape copy;
    bool differs = pairs[_i].first >= 0 || pairs[_i].gap;

    ck_assert(read_shape(pairs[_i].one, &one) && read_shape(pairs[_i].other, &other));
    ck_assert_int_eq(tscope_shape_differ(&one.shape, &other.shape, &there), differs);
    ck_assert_int_eq(tscope_shape_differ(&other.shape, &one.shape, &back), differs);
    ck_assert_uint_eq(there.common, pairs[_i].common);
    ck_assert_uint_eq(back.common, pairs[_i].common);
    ck_assert_int_eq(there.has_order, pairs[_i].first >= 0);
    ck_assert_int_eq(back.has_order, there.has_order);
    ck_assert(!there.has_order || (there.first == (size_t)pairs[_i].first && there.second == (size_t)pairs[_i].second));
    ck_assert_int_eq(there.has_gap, pairs[_i].gap != NULL);
    ck_assert_int_eq(back.has_gap, there.has_gap);
    ck_assert(!there.has_gap || strcmp(tscope_shape_gap_words(there.gap), pairs[_i].gap) == 0);
    ck_assert(tscope_shape_copy(&one.shape, &arena, &copy));
    ck_assert_int_eq(tscope_shape_compare(&one.shape, &copy), 0);
    ck_assert(!tscope_shape_differ(&one.shape, &copy, &there));
    ck_assert_int_eq(tscope_shape_compare(&one.shape, &other.shape) < 0, tscope_shape_compare(&other.shape, &one.shape) > 0);
    ck_assert(!differs || tscope_shape_compare(&one.shape, &other.shape) != 0);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(places_are_those_of_the_text)
{
    const char *text = "{\"a\": 1,\"bc\": [2, 3] }";
    struct tscope_shape_reading reading;

    ck_assert(read_shape(text, &reading));
    ck_assert_uint_eq(reading.shape.names_len, 2);
    ck_assert_int_eq(strncmp(text + reading.members[0].offset, "\"a\": 1", reading.members[0].len), 0);
    ck_assert_int_eq(strncmp(text + reading.members[1].offset, "\"bc\": [2, 3]", reading.members[1].len), 0);
    ck_assert_int_eq(strncmp(text + reading.gaps[TSCOPE_SHAPE_GAP_BEHIND_COLON].offset, ": 1", 3), 0);
    ck_assert_uint_eq(reading.gaps[TSCOPE_SHAPE_GAP_BEHIND_COLON].len, 3);
    ck_assert_int_eq(strncmp(text + reading.gaps[TSCOPE_SHAPE_GAP_BEFORE_END].offset, "] }", 3), 0);
    ck_assert_uint_eq(reading.gaps[TSCOPE_SHAPE_GAP_BEFORE_END].len, 3);
    ck_assert_uint_eq(reading.gaps[TSCOPE_SHAPE_GAP_BEFORE].offset, 0);
    ck_assert_uint_eq(reading.gaps[TSCOPE_SHAPE_GAP_BEHIND].offset + reading.gaps[TSCOPE_SHAPE_GAP_BEHIND].len, strlen(text));
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(members_are_bounded)
{
    struct tscope_shape_reading reading;
    char text[2048] = "{";

    for (int i = 0; i < _i; i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s\"m%d\":%d", i ? "," : "", i, i);
    strcat(text, "}");
    ck_assert_int_eq(read_shape(text, &reading), _i <= TSCOPE_SHAPE_MEMBERS_MAX);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(names_are_bounded)
{
    struct tscope_shape_reading reading;
    char text[4096] = "{\"";

    memset(text + 2, 'n', (size_t)_i - 2); /* with their quotes */
    strcat(text, "\":1}");
    ck_assert_int_eq(read_shape(text, &reading), _i <= TSCOPE_SHAPE_NAMES_MAX);
    tscope_arena_clear(&arena);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("shape");
    TCase *tcase = tcase_create("shape");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, what_tells_nothing_is_refused, 0, (int)TSCOPE_COUNT(untelling));
    tcase_add_loop_test(tcase, pair_differs_in_what_it_differs, 0, (int)TSCOPE_COUNT(pairs));
    tcase_add_test(tcase, places_are_those_of_the_text);
    tcase_add_loop_test(tcase, members_are_bounded, TSCOPE_SHAPE_MEMBERS_MAX - 1, TSCOPE_SHAPE_MEMBERS_MAX + 2);
    tcase_add_loop_test(tcase, names_are_bounded, TSCOPE_SHAPE_NAMES_MAX - 1, TSCOPE_SHAPE_NAMES_MAX + 2);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
