/* SPDX-License-Identifier: Apache-2.0 */
#include "json_testing.h"

static const struct {
    const char *text;
    uint32_t duplicates;
    const char *pointer; /* of the last of them, by name and place */
} repeated[] = {
    {"{\"a\":1,\"b\":2}", 0, NULL},
    {"{\"a\":1,\"a\":2}", 1, "a"},
    {"{\"a\":1,\"a\":2,\"a\":3}", 2, "a"},
    {"{\"a\":1,\"\\u0061\":2}", 1, "\\u0061"},
    {"{\"\\u0061\":1,\"a\":2}", 1, "a"},
    {"{\"\\u0061\":1,\"\\u0061\":2}", 1, "\\u0061"},
    {"{\"\":1,\"\":2}", 1, ""},
    {"{\"a\":{\"a\":1}}", 0, NULL},
    {"{\"x\":{\"a\":1,\"a\":2}}", 1, "a"},
    {"[{\"a\":1},{\"a\":2}]", 0, NULL},
    {"{\"a\":1,\"a\\u0000\":2}", 0, NULL},
    {"{\"a\":1,\"a\":2", 1, "a"}, /* cut */
    {"{\"a\":1,\"a\":2,\"b\":!}", 1, "a"},
};

START_TEST(name_that_stands_twice_is_marked)
{
    struct indexed indexed;
    uint32_t marked = 0, listed = 0;
    const struct tscope_value *last = NULL;

    read_text(&indexed, repeated[_i].text);
    check_invariants(&indexed.json);
    for (uint32_t i = 0; i < indexed.json.values_len; i++) {
        if (indexed.json.values[i].flags & TSCOPE_VALUE_DUPLICATE) {
            last = &indexed.json.values[i];
            marked++;
        }
    }
    for (uint32_t i = 0; i < indexed.json.flaws_len; i++)
        listed += indexed.json.flaws[i].kind == TSCOPE_JSON_FLAW_DUPLICATE;
    ck_assert_uint_eq(marked, repeated[_i].duplicates);
    ck_assert_uint_eq(listed, repeated[_i].duplicates);
    if (last)
        ck_assert(tscope_span_is(tscope_json_name(&indexed.json, last), repeated[_i].pointer));
    clear(&indexed);
}
END_TEST

START_TEST(repeats_are_found_in_objects_of_every_size)
{
    for (unsigned members = 2; members < 140; members++) {
        struct tscope_buffer text = {0};
        struct indexed indexed;
        uint32_t marked = 0;

        for (unsigned i = 0; i < members; i++)
            tscope_buffer_append_format(&text, "%c\"name%u\":0", i ? ',' : '{', i == members - 1 ? 0 : i);
        tscope_buffer_append_byte(&text, '}');
        ck_assert_int_eq(read_bytes(&indexed, tscope_span_of(text.data, text.len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
        for (uint32_t i = 0; i < indexed.json.values_len; i++)
            marked += (indexed.json.values[i].flags & TSCOPE_VALUE_DUPLICATE) != 0;
        ck_assert_uint_eq(marked, 1);
        ck_assert(indexed.json.values[members].flags & TSCOPE_VALUE_DUPLICATE);
        clear(&indexed);
        tscope_buffer_clear(&text);
    }
}
END_TEST

/*
 * A member whose name has the hash of all others made so: the second half of the name takes back what the first did to the
 * hash. None where that gives a byte that cannot stand in a string.
 */
static void
append_colliding(struct tscope_buffer *text, uint64_t first)
{
    const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t state = ((16 * odd) ^ first) * odd, second;
    uint8_t name[16];

    state ^= state >> 32;
    second = state ^ UINT64_C(0x7a7a7a7a7a7a7a7a);
    memcpy(name, &first, 8);
    memcpy(name + 8, &second, 8);
    for (size_t i = 0; i < sizeof(name); i++) {
        if (name[i] < 0x20 || name[i] == '"' || name[i] == '\\')
            return;
    }
    tscope_buffer_append_byte(text, text->len ? ',' : '{');
    tscope_buffer_append_byte(text, '"');
    tscope_buffer_append(text, name, sizeof(name));
    tscope_buffer_append_text(text, "\":0");
}

START_TEST(names_of_one_hash_take_no_quadratic_time)
{
    struct tscope_buffer text = {0};
    struct indexed indexed;
    uint32_t colliding = 0;

    for (uint32_t i = 0; text.len < 2000000; i++) {
        uint64_t letters = UINT64_C(0x6161616141414141);

        for (unsigned digit = 0; digit < 8; digit++)
            letters += (uint64_t)(i >> 4 * digit & 15) << 8 * digit;
        append_colliding(&text, letters);
    }
    tscope_buffer_append_byte(&text, '}');
    ck_assert_int_eq(read_bytes(&indexed, tscope_span_of(text.data, text.len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
    for (uint32_t i = 1; i < indexed.json.values_len; i++) {
        colliding += indexed.json.values[i].name_hash == indexed.json.values[1].name_hash;
        ck_assert(!(indexed.json.values[i].flags & TSCOPE_VALUE_DUPLICATE));
    }
    ck_assert_uint_gt(colliding, 50000);
    clear(&indexed);
    tscope_buffer_clear(&text);
}
END_TEST

/* A hundred thousand members: all different, or all of one escaped name. */
START_TEST(many_members_take_no_quadratic_time)
{
    struct tscope_buffer text = {0};
    struct indexed indexed;

    for (unsigned i = 0; i < 99998; i++)
        tscope_buffer_append_format(&text, _i == 0 ? "%c\"%u\":0" : "%c\"\\u0061\\u0062\\u0063\":0", i ? ',' : '{', i);
    tscope_buffer_append_byte(&text, '}');
    ck_assert_int_eq(read_bytes(&indexed, tscope_span_of(text.data, text.len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
    ck_assert(indexed.json.strict);
    ck_assert_uint_eq(indexed.json.flaws_total, _i == 0 ? 0 : 99997);
    clear(&indexed);
    tscope_buffer_clear(&text);
}
END_TEST

static void
add_tests(Suite *suite)
{
    TCase *tcase = tcase_create("duplicates");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, name_that_stands_twice_is_marked, 0, TSCOPE_COUNT(repeated));
    tcase_add_test(tcase, repeats_are_found_in_objects_of_every_size);
    tcase_add_test(tcase, names_of_one_hash_take_no_quadratic_time);
    tcase_add_loop_test(tcase, many_members_take_no_quadratic_time, 0, 2);
    suite_add_tcase(suite, tcase);
}

int
main(void)
{
    Suite *suite = suite_create("json_duplicates");
    SRunner *runner = srunner_create(suite);
    int failed;

    add_tests(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
