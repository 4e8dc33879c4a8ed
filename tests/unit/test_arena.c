/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arena.h"

#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"

START_TEST(allocations_are_aligned_and_apart)
{
    struct tscope_arena arena = {0};
    uint8_t *before = NULL;

    for (size_t size = 0; size < 300; size++) {
        uint8_t *memory = tscope_arena_alloc(&arena, size);

        ck_assert_ptr_nonnull(memory);
        ck_assert_uint_eq((uintptr_t)memory % 16, 0);
        ck_assert_ptr_ne(memory, before);
        memset(memory, (int)size, size);
        before = memory;
    }
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(size_near_the_end_of_numbers_is_refused)
{
    struct tscope_arena arena = {0};

    for (size_t less = 0; less < 32; less++)
        ck_assert_ptr_null(tscope_arena_alloc(&arena, SIZE_MAX - less));
    ck_assert_ptr_null(tscope_arena_zeroed(&arena, SIZE_MAX / 2 + 1, 2));
    ck_assert_ptr_null(tscope_arena_copy(&arena, tscope_span_of("", SIZE_MAX)).data);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(zeroed_memory_is_zero_after_reuse)
{
    struct tscope_arena arena = {0};
    uint8_t *memory = tscope_arena_alloc(&arena, 500);

    memset(memory, 0xff, 500);
    tscope_arena_reset(&arena, SIZE_MAX);
    memory = tscope_arena_zeroed(&arena, 100, 5);
    for (size_t i = 0; i < 500; i++)
        ck_assert_uint_eq(memory[i], 0);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(latest_allocation_grows_in_place)
{
    struct tscope_arena arena = {0};
    uint8_t *memory = tscope_arena_alloc(&arena, 16);

    ck_assert_ptr_eq(tscope_arena_grow(&arena, memory, 16, 64), memory);
    ck_assert_ptr_eq(tscope_arena_grow(&arena, memory, 64, 32), memory);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(earlier_allocation_moves_and_keeps_its_bytes)
{
    struct tscope_arena arena = {0};
    uint8_t *memory = tscope_arena_alloc(&arena, 20), *other, *moved;

    memset(memory, 7, 20);
    other = tscope_arena_alloc(&arena, 1);
    moved = tscope_arena_grow(&arena, memory, 20, 4000);
    ck_assert_ptr_ne(moved, memory);
    ck_assert_ptr_ne(moved, other);
    for (size_t i = 0; i < 20; i++)
        ck_assert_uint_eq(moved[i], 7);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(growing_far_keeps_every_byte_of_everything)
{
    struct tscope_arena arena = {0};
    uint8_t *small = tscope_arena_alloc(&arena, 10), *memory = NULL;
    size_t wrong = 0;

    memset(small, 5, 10);
    for (size_t size = 1, old = 0; size <= 4u << 20; old = size, size *= 2) {
        memory = tscope_arena_grow(&arena, memory, old, size);
        ck_assert_ptr_nonnull(memory);
        for (size_t i = old; i < size; i++)
            memory[i] = (uint8_t)(i * 31);
    }
    for (size_t i = 0; i < 4u << 20; i++)
        wrong += memory[i] != (uint8_t)(i * 31);
    ck_assert_uint_eq(wrong, 0);
    for (size_t i = 0; i < 10; i++)
        ck_assert_uint_eq(small[i], 5);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(copy_ends_with_nul)
{
    struct tscope_arena arena = {0};
    struct tscope_span copy = tscope_arena_copy(&arena, TSCOPE_SPAN("a\0b"));

    ck_assert_uint_eq(copy.len, 3);
    ck_assert_mem_eq(copy.data, "a\0b", 4);
    copy = tscope_arena_copy(&arena, (struct tscope_span){NULL, 0});
    ck_assert_ptr_nonnull(copy.data);
    ck_assert_uint_eq(copy.data[0], 0);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(reset_keeps_no_more_than_asked)
{
    struct tscope_arena arena = {0};
    void *first = tscope_arena_alloc(&arena, 100);

    tscope_arena_alloc(&arena, 3u << 20);
    tscope_arena_reset(&arena, 1u << 20);
    ck_assert_uint_eq(arena.total, 0);
    ck_assert_ptr_eq(tscope_arena_alloc(&arena, 100), first);
    tscope_arena_reset(&arena, 0);
    ck_assert_ptr_null(arena.blocks);
    tscope_arena_clear(&arena);
}
END_TEST

START_TEST(without_memory_the_old_stays)
{
    struct tscope_arena arena = {0};
    uint8_t *memory = tscope_arena_alloc(&arena, 16);

    memset(memory, 9, 16);
    tscope_alloc_fail_from(1);
    ck_assert_ptr_null(tscope_arena_alloc(&arena, 1u << 20));
    ck_assert_ptr_null(tscope_arena_zeroed(&arena, 1u << 20, 1));
    ck_assert_ptr_null(tscope_arena_grow(&arena, memory, 16, 1u << 20));
    ck_assert_ptr_null(tscope_arena_copy(&arena, tscope_span_of(memory, 1u << 20)).data);
    tscope_alloc_fail_from(0);
    for (size_t i = 0; i < 16; i++)
        ck_assert_uint_eq(memory[i], 9);
    tscope_arena_clear(&arena);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("arena");
    TCase *tcase = tcase_create("arena");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tcase, allocations_are_aligned_and_apart);
    tcase_add_test(tcase, size_near_the_end_of_numbers_is_refused);
    tcase_add_test(tcase, zeroed_memory_is_zero_after_reuse);
    tcase_add_test(tcase, latest_allocation_grows_in_place);
    tcase_add_test(tcase, earlier_allocation_moves_and_keeps_its_bytes);
    tcase_add_test(tcase, growing_far_keeps_every_byte_of_everything);
    tcase_add_test(tcase, copy_ends_with_nul);
    tcase_add_test(tcase, reset_keeps_no_more_than_asked);
    tcase_add_test(tcase, without_memory_the_old_stays);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
