/* SPDX-License-Identifier: Apache-2.0 */
#include "json_testing.h"

#include "token/names.h"

/* The tables of names.c are written out by hand: the message says where a name that is not found belongs. */
#define HEADER_PLACES 64
#define CLAIM_PLACES 256

static void
read_member(struct indexed *indexed, const char *name)
{
    struct tscope_buffer buffer = {0};

    tscope_buffer_append_format(&buffer, "{\"first\": 1, \"%s\": 2, \"last\": 3}", name);
    ck_assert_int_eq(read_bytes(indexed, tscope_span_of(buffer.data, buffer.len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
    tscope_buffer_clear(&buffer);
}

static size_t
count_slots(const struct tscope_value *const *slots, size_t slots_len)
{
    size_t count = 0;

    for (size_t i = 0; i < slots_len; i++)
        count += slots[i] != NULL;
    return count;
}

START_TEST(header_member_is_found)
{
    const struct tscope_value *slots[TSCOPE_HEADER_COUNT];
    const char *name = tscope_header_name((enum tscope_header)_i);
    struct indexed indexed;

    read_member(&indexed, name);
    tscope_header_slots(&indexed.json, tscope_json_root(&indexed.json), slots);
    ck_assert_msg(slots[_i] == &indexed.json.values[2], "'%s' belongs at the first free of header_places from [%u] on", name,
                  tscope_hash32(name, strlen(name)) % HEADER_PLACES);
    ck_assert_uint_eq(count_slots(slots, TSCOPE_HEADER_COUNT), 1);
    clear(&indexed);
}
END_TEST

START_TEST(claim_is_found)
{
    const struct tscope_value *slots[TSCOPE_CLAIM_COUNT];
    const char *name = tscope_claim_name((enum tscope_claim)_i);
    struct indexed indexed;

    read_member(&indexed, name);
    tscope_claim_slots(&indexed.json, tscope_json_root(&indexed.json), slots);
    ck_assert_msg(slots[_i] == &indexed.json.values[2], "'%s' belongs at the first free of claim_places from [%u] on", name,
                  tscope_hash32(name, strlen(name)) % CLAIM_PLACES);
    ck_assert_uint_eq(count_slots(slots, TSCOPE_CLAIM_COUNT), 1);
    clear(&indexed);
}
END_TEST

START_TEST(all_claims_at_once_are_found)
{
    const struct tscope_value *slots[TSCOPE_CLAIM_COUNT];
    struct tscope_buffer buffer = {0};
    struct indexed indexed;

    for (int i = 0; i < TSCOPE_CLAIM_COUNT; i++)
        tscope_buffer_append_format(&buffer, "%c\"%s\": [%d]", i ? ',' : '{', tscope_claim_name((enum tscope_claim)i), i);
    tscope_buffer_append_text(&buffer, "}");
    ck_assert_int_eq(read_bytes(&indexed, tscope_span_of(buffer.data, buffer.len), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
    tscope_claim_slots(&indexed.json, tscope_json_root(&indexed.json), slots);
    for (int i = 0; i < TSCOPE_CLAIM_COUNT; i++) {
        ck_assert_ptr_nonnull(slots[i]);
        ck_assert(tscope_json_name_is(&indexed.json, slots[i], tscope_claim_name((enum tscope_claim)i)));
    }
    clear(&indexed);
    tscope_buffer_clear(&buffer);
}
END_TEST

START_TEST(first_of_equal_names_wins)
{
    const struct tscope_value *slots[TSCOPE_CLAIM_COUNT];
    struct indexed indexed;

    read_text(&indexed, "{\"iss\": 1, \"\\u0069ss\": 2, \"iss\": 3}");
    tscope_claim_slots(&indexed.json, tscope_json_root(&indexed.json), slots);
    ck_assert_ptr_eq(slots[TSCOPE_CLAIM_ISS], &indexed.json.values[1]);
    clear(&indexed);
}
END_TEST

START_TEST(escaped_name_is_found)
{
    const struct tscope_value *slots[TSCOPE_HEADER_COUNT];
    struct indexed indexed;

    read_text(&indexed, "{\"x5t\\u0023S256\": 1, \"\\u0061\\u006c\\u0067\": 2}");
    tscope_header_slots(&indexed.json, tscope_json_root(&indexed.json), slots);
    ck_assert_ptr_eq(slots[TSCOPE_HEADER_X5T_S256], &indexed.json.values[1]);
    ck_assert_ptr_eq(slots[TSCOPE_HEADER_ALG], &indexed.json.values[2]);
    clear(&indexed);
}
END_TEST

START_TEST(member_inside_a_member_is_not_found)
{
    const struct tscope_value *slots[TSCOPE_CLAIM_COUNT];
    struct indexed indexed;

    read_text(&indexed, "{\"act\": {\"iss\": 1}, \"x\": [{\"sub\": 2}]}");
    tscope_claim_slots(&indexed.json, tscope_json_root(&indexed.json), slots);
    ck_assert_uint_eq(count_slots(slots, TSCOPE_CLAIM_COUNT), 1);
    ck_assert_ptr_eq(slots[TSCOPE_CLAIM_ACT], &indexed.json.values[1]);
    clear(&indexed);
}
END_TEST

static const char *const not_claims[] = {
    "{}",
    "[]",
    "[\"iss\", \"sub\"]",
    "\"iss\"",
    "1",
    "{\"\": 1}",
    "{\"Iss\": 1, \"ISS\": 2, \"iss \": 3, \" iss\": 4, \"is\": 5, \"isss\": 6}",
    "{\"iss\\u0000\": 1, \"\\u0000\": 2}",
    "{\"\\u0456ss\": 1}",
    "{\"alg\": 1, \"kid\": 2, \"x5t#S256\": 3}",
    "{\"_s\": 1, \"_sd_al\": 2, \"preferred_usernam\": 3}",
    "",
};

START_TEST(other_names_are_not_found)
{
    const struct tscope_value *slots[TSCOPE_CLAIM_COUNT];
    struct indexed indexed;

    memset(slots, 0xff, sizeof(slots));
    read_text(&indexed, not_claims[_i]);
    tscope_claim_slots(&indexed.json, tscope_json_root(&indexed.json), slots);
    ck_assert_uint_eq(count_slots(slots, TSCOPE_CLAIM_COUNT), 0);
    clear(&indexed);
}
END_TEST

START_TEST(no_object_gives_no_slots)
{
    const struct tscope_value *slots[TSCOPE_HEADER_COUNT];
    struct tscope_json json = {0};

    memset(slots, 0xff, sizeof(slots));
    tscope_header_slots(&json, NULL, slots);
    ck_assert_uint_eq(count_slots(slots, TSCOPE_HEADER_COUNT), 0);
}
END_TEST

/* Names can be made to any hash, so every hash that a known name has must not be enough. */
START_TEST(name_with_the_hash_of_a_claim_is_not_found)
{
    const struct tscope_value *slots[TSCOPE_CLAIM_COUNT];
    const char *name = tscope_claim_name((enum tscope_claim)_i);
    struct indexed indexed;

    read_member(&indexed, "crafted");
    indexed.json.values[2].name_hash = tscope_hash32(name, strlen(name));
    tscope_claim_slots(&indexed.json, tscope_json_root(&indexed.json), slots);
    ck_assert_uint_eq(count_slots(slots, TSCOPE_CLAIM_COUNT), 0);
    clear(&indexed);
}
END_TEST

START_TEST(every_hash_ends_its_search)
{
    const struct tscope_value *slots[TSCOPE_CLAIM_COUNT], *headers[TSCOPE_HEADER_COUNT];
    struct indexed indexed;

    read_member(&indexed, "crafted");
    for (uint32_t hash = 0; hash < CLAIM_PLACES; hash++) {
        indexed.json.values[2].name_hash = hash;
        tscope_claim_slots(&indexed.json, tscope_json_root(&indexed.json), slots);
        tscope_header_slots(&indexed.json, tscope_json_root(&indexed.json), headers);
        ck_assert_uint_eq(count_slots(slots, TSCOPE_CLAIM_COUNT) + count_slots(headers, TSCOPE_HEADER_COUNT), 0);
    }
    clear(&indexed);
}
END_TEST

START_TEST(cut_object_keeps_what_was_read)
{
    const struct tscope_value *slots[TSCOPE_CLAIM_COUNT];
    struct indexed indexed;

    read_text(&indexed, "{\"iss\": \"joe\", \"sub\": \"jo");
    tscope_claim_slots(&indexed.json, tscope_json_root(&indexed.json), slots);
    ck_assert_ptr_nonnull(slots[TSCOPE_CLAIM_ISS]);
    ck_assert(tscope_json_string_is(&indexed.json, slots[TSCOPE_CLAIM_ISS], "joe"));
    clear(&indexed);
}
END_TEST

START_TEST(number_out_of_range_has_no_name)
{
    ck_assert_str_eq(tscope_header_name(TSCOPE_HEADER_COUNT), "?");
    ck_assert_str_eq(tscope_header_name((enum tscope_header) - 1), "?");
    ck_assert_str_eq(tscope_claim_name(TSCOPE_CLAIM_COUNT), "?");
    ck_assert_str_eq(tscope_claim_name((enum tscope_claim) - 1), "?");
    ck_assert_str_eq(tscope_claim_name(TSCOPE_CLAIM_ISS), "iss");
    ck_assert_str_eq(tscope_header_name(TSCOPE_HEADER_X5T_S256), "x5t#S256");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("names");
    TCase *tcase = tcase_create("names");
    SRunner *runner;
    int failed;

    tcase_add_loop_test(tcase, header_member_is_found, 0, TSCOPE_HEADER_COUNT);
    tcase_add_loop_test(tcase, claim_is_found, 0, TSCOPE_CLAIM_COUNT);
    tcase_add_test(tcase, all_claims_at_once_are_found);
    tcase_add_test(tcase, first_of_equal_names_wins);
    tcase_add_test(tcase, escaped_name_is_found);
    tcase_add_test(tcase, member_inside_a_member_is_not_found);
    tcase_add_loop_test(tcase, other_names_are_not_found, 0, TSCOPE_COUNT(not_claims));
    tcase_add_test(tcase, no_object_gives_no_slots);
    tcase_add_loop_test(tcase, name_with_the_hash_of_a_claim_is_not_found, 0, TSCOPE_CLAIM_COUNT);
    tcase_add_test(tcase, every_hash_ends_its_search);
    tcase_add_test(tcase, cut_object_keeps_what_was_read);
    tcase_add_test(tcase, number_out_of_range_has_no_name);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
