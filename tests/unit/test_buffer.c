/* SPDX-License-Identifier: Apache-2.0 */
#include "core/buffer.h"

#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"

START_TEST(appends_stand_one_behind_the_other)
{
    struct tscope_buffer buffer = {0};
    size_t len = 0;
    char *text;

    tscope_buffer_append(&buffer, NULL, 0);
    tscope_buffer_append(&buffer, "ab", 2);
    tscope_buffer_append_text(&buffer, "cd");
    tscope_buffer_append_byte(&buffer, 'e');
    tscope_buffer_append_format(&buffer, "%s-%03d", "f", 7);
    text = tscope_buffer_steal(&buffer, &len);
    ck_assert_str_eq(text, "abcdef-007");
    ck_assert_uint_eq(len, 10);
    ck_assert_ptr_null(buffer.data);
    tscope_free(text);
}
END_TEST

static const struct {
    int64_t value;
    const char *text;
} integers[] = {
    {0, "0"}, {-1, "-1"}, {10, "10"}, {INT64_MAX, "9223372036854775807"}, {INT64_MIN, "-9223372036854775808"},
};

START_TEST(integer_is_written_exactly)
{
    struct tscope_buffer buffer = {0};

    tscope_buffer_append_integer(&buffer, integers[_i].value);
    ck_assert(tscope_span_is(tscope_span_of(buffer.data, buffer.len), integers[_i].text));
    tscope_buffer_clear(&buffer);
}
END_TEST

START_TEST(growing_keeps_every_byte)
{
    struct tscope_buffer buffer = {0};

    for (size_t i = 0; i < 100000; i++)
        tscope_buffer_append_byte(&buffer, (uint8_t)(i * 7));
    ck_assert_uint_eq(buffer.len, 100000);
    for (size_t i = 0; i < buffer.len; i++)
        ck_assert_msg(buffer.data[i] == (uint8_t)(i * 7), "byte %zu", i);
    tscope_buffer_clear(&buffer);
}
END_TEST

START_TEST(format_fits_at_every_fill)
{
    for (size_t fill = 200; fill < 300; fill++) {
        struct tscope_buffer buffer = {0};
        char *text;

        for (size_t i = 0; i < fill; i++)
            tscope_buffer_append_byte(&buffer, 'x');
        tscope_buffer_append_format(&buffer, "%050d", 1);
        text = tscope_buffer_steal(&buffer, NULL);
        ck_assert_uint_eq(strlen(text), fill + 50);
        ck_assert_int_eq(text[fill + 49], '1');
        tscope_free(text);
    }
}
END_TEST

START_TEST(length_that_overflows_fails)
{
    volatile size_t too_much = SIZE_MAX - 1; /* the compiler is not to see it */
    struct tscope_buffer buffer = {0};

    tscope_buffer_append(&buffer, "a", 1);
    tscope_buffer_append(&buffer, "a", too_much);
    ck_assert(buffer.failed);
    ck_assert_uint_eq(buffer.len, 1);
    tscope_buffer_clear(&buffer);
}
END_TEST

START_TEST(failure_is_remembered_and_reset_forgets_it)
{
    struct tscope_buffer buffer = {0};
    char *text;

    tscope_alloc_fail_from(1);
    tscope_buffer_append_text(&buffer, "lost");
    tscope_alloc_fail_from(0);
    tscope_buffer_append_text(&buffer, "lost too");
    tscope_buffer_append_format(&buffer, "%d", 1);
    ck_assert(buffer.failed);
    ck_assert_uint_eq(buffer.len, 0);
    tscope_buffer_reset(&buffer);
    tscope_buffer_append_text(&buffer, "kept");
    text = tscope_buffer_steal(&buffer, NULL);
    ck_assert_str_eq(text, "kept");
    tscope_free(text);
}
END_TEST

START_TEST(failed_buffer_is_stolen_as_null)
{
    struct tscope_buffer buffer = {0};
    size_t len = 77;

    tscope_buffer_append_text(&buffer, "there");
    tscope_alloc_fail_from(1);
    for (int i = 0; i < 300; i++)
        tscope_buffer_append_byte(&buffer, 'x');
    tscope_alloc_fail_from(0);
    ck_assert_ptr_null(tscope_buffer_steal(&buffer, &len));
    ck_assert_uint_eq(len, 77);
    ck_assert_ptr_null(buffer.data);
}
END_TEST

START_TEST(empty_buffer_is_stolen_as_empty_text)
{
    struct tscope_buffer buffer = {0};
    size_t len = 77;
    char *text = tscope_buffer_steal(&buffer, &len);

    ck_assert_str_eq(text, "");
    ck_assert_uint_eq(len, 0);
    tscope_free(text);
}
END_TEST

/* Others may take from the arena in between; what is kept stays where it is. */
START_TEST(bytes_in_an_arena_outlive_their_buffer)
{
    struct tscope_arena arena = {0};
    struct tscope_buffer first = {.arena = &arena}, second = {.arena = &arena};
    struct tscope_span kept[2];

    for (int i = 0; i < 100; i++) {
        tscope_buffer_append_byte(&first, (uint8_t)('a' + i % 26));
        tscope_buffer_append_byte(&second, (uint8_t)('z' - i % 26));
    }
    kept[0] = tscope_buffer_keep(&first);
    kept[1] = tscope_buffer_keep(&second);
    ck_assert_ptr_null(first.data);
    ck_assert_ptr_eq(first.arena, &arena);
    for (int i = 0; i < 100; i++) {
        ck_assert_int_eq(kept[0].data[i], 'a' + i % 26);
        ck_assert_int_eq(kept[1].data[i], 'z' - i % 26);
    }
    for (int i = 0; i < 2; i++) {
        ck_assert_uint_eq(kept[i].len, 100);
        ck_assert_int_eq(kept[i].data[100], '\0');
    }
    tscope_buffer_clear(&first);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(buffer_in_an_arena_that_is_full_keeps_nothing)
{
    struct tscope_arena arena = {0};
    struct tscope_buffer buffer = {.arena = &arena};

    tscope_alloc_fail_from(1);
    tscope_buffer_append_text(&buffer, "lost");
    tscope_alloc_fail_from(0);
    ck_assert(buffer.failed);
    ck_assert_ptr_null(tscope_buffer_keep(&buffer).data);
    tscope_arena_clear(&arena);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("buffer");
    TCase *tcase = tcase_create("buffer");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tcase, appends_stand_one_behind_the_other);
    tcase_add_loop_test(tcase, integer_is_written_exactly, 0, TSCOPE_COUNT(integers));
    tcase_add_test(tcase, growing_keeps_every_byte);
    tcase_add_test(tcase, format_fits_at_every_fill);
    tcase_add_test(tcase, length_that_overflows_fails);
    tcase_add_test(tcase, failure_is_remembered_and_reset_forgets_it);
    tcase_add_test(tcase, failed_buffer_is_stolen_as_null);
    tcase_add_test(tcase, empty_buffer_is_stolen_as_empty_text);
    tcase_add_test(tcase, bytes_in_an_arena_outlive_their_buffer);
    tcase_add_test(tcase, buffer_in_an_arena_that_is_full_keeps_nothing);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
