/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/error.h"

START_TEST(nothing_asked_for_gives_a_pointer_too)
{
    void *plain = tscope_alloc(0), *zeroed = tscope_alloc_zeroed(0, 0), *grown = tscope_realloc(NULL, 0);

    ck_assert_ptr_nonnull(plain);
    ck_assert_ptr_nonnull(zeroed);
    ck_assert_ptr_nonnull(grown);
    tscope_free(plain);
    tscope_free(zeroed);
    tscope_free(grown);
    tscope_free(NULL);
}
END_TEST

START_TEST(product_that_overflows_is_refused)
{
    ck_assert_ptr_null(tscope_alloc_zeroed(SIZE_MAX / 2 + 1, 2));
    ck_assert_ptr_null(tscope_alloc_zeroed(SIZE_MAX, SIZE_MAX));
}
END_TEST

START_TEST(zeroed_memory_is_zero)
{
    uint8_t *bytes = tscope_alloc_zeroed(33, 3);

    for (size_t i = 0; i < 99; i++)
        ck_assert_uint_eq(bytes[i], 0);
    tscope_free(bytes);
}
END_TEST

START_TEST(failure_begins_at_the_number_given_and_lasts)
{
    void *first, *second;

    tscope_alloc_fail_from(3);
    first = tscope_alloc(1);
    second = tscope_alloc_zeroed(1, 1);
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_nonnull(second);
    ck_assert_ptr_null(tscope_alloc(1));
    ck_assert_ptr_null(tscope_alloc_zeroed(1, 1));
    ck_assert_ptr_null(tscope_realloc(NULL, 1));
    tscope_alloc_fail_from(0);
    tscope_free(first);
    tscope_free(second);
    first = tscope_alloc(1);
    ck_assert_ptr_nonnull(first);
    tscope_free(first);
}
END_TEST

START_TEST(wiped_memory_is_zero_and_nothing_beside_it)
{
    uint8_t bytes[8];

    memset(bytes, 0xaa, sizeof(bytes));
    tscope_wipe(bytes + 1, 6);
    ck_assert_uint_eq(bytes[0], 0xaa);
    ck_assert_uint_eq(bytes[7], 0xaa);
    for (size_t i = 1; i < 7; i++)
        ck_assert_uint_eq(bytes[i], 0);
    tscope_wipe(NULL, 0);
}
END_TEST

START_TEST(stolen_pointer_leaves_null)
{
    char *text = tscope_alloc(1), *taken = TSCOPE_STEAL(text);

    ck_assert_ptr_null(text);
    tscope_free(taken);
}
END_TEST

START_TEST(first_error_stays)
{
    struct tscope_error err = {0};

    ck_assert_int_eq(tscope_error_set(&err, TSCOPE_ERR_DATA, 7, "cannot decode '%s'", "n"), TSCOPE_ERR_DATA);
    ck_assert_int_eq(tscope_error_set(&err, TSCOPE_ERR_IO, 9, "second"), TSCOPE_ERR_IO);
    ck_assert_int_eq(tscope_error_no_memory(&err), TSCOPE_ERR_NO_MEMORY);
    ck_assert_int_eq(err.status, TSCOPE_ERR_DATA);
    ck_assert_uint_eq(err.offset, 7);
    ck_assert_str_eq(err.message, "cannot decode 'n'");
}
END_TEST

START_TEST(error_needs_no_place_to_go)
{
    ck_assert_int_eq(tscope_error_set(NULL, TSCOPE_ERR_IO, 0, "lost"), TSCOPE_ERR_IO);
    ck_assert_int_eq(tscope_error_no_memory(NULL), TSCOPE_ERR_NO_MEMORY);
}
END_TEST

START_TEST(long_message_is_cut)
{
    struct tscope_error err = {0};

    tscope_error_set(&err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "%0400d", 1);
    ck_assert_uint_eq(strlen(err.message), sizeof(err.message) - 1);
}
END_TEST

START_TEST(statuses_have_names_and_words)
{
#define STATUS_IS_NAMED(name, number, words)                              \
    ck_assert_int_eq(TSCOPE_##name, number);                              \
    ck_assert_str_eq(tscope_status_name(TSCOPE_##name), "TSCOPE_" #name); \
    ck_assert_str_eq(tscope_status_text(TSCOPE_##name), words);
    TSCOPE_FOREACH_STATUS(STATUS_IS_NAMED)
#undef STATUS_IS_NAMED
    ck_assert_str_eq(tscope_status_name((enum tscope_status)99), "TSCOPE_?");
    ck_assert_ptr_nonnull(tscope_status_text((enum tscope_status)99));
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("alloc");
    TCase *tcase = tcase_create("alloc");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tcase, nothing_asked_for_gives_a_pointer_too);
    tcase_add_test(tcase, product_that_overflows_is_refused);
    tcase_add_test(tcase, zeroed_memory_is_zero);
    tcase_add_test(tcase, failure_begins_at_the_number_given_and_lasts);
    tcase_add_test(tcase, wiped_memory_is_zero_and_nothing_beside_it);
    tcase_add_test(tcase, stolen_pointer_leaves_null);
    tcase_add_test(tcase, first_error_stays);
    tcase_add_test(tcase, error_needs_no_place_to_go);
    tcase_add_test(tcase, long_message_is_cut);
    tcase_add_test(tcase, statuses_have_names_and_words);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
