/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/anchors.h"

#include "core/alloc.h"
#include "scan/key_buckets.h"
#include "scan/token_finder.h"
#include "token_testing.h"

#define LEN_MAX 400

/* All rows that the scanner has, and one of zeros. */
static void
make_anchors(struct tscope_anchors *anchors)
{
    static const struct tscope_anchor_row key_rows[] = {
#define KEY_ROW(name, first, second, third) {{first, second, third}, 0x1000 + TSCOPE_KEY_ANCHOR_##name, {0, 0}},
        TSCOPE_FOREACH_KEY_ANCHOR(KEY_ROW)
#undef KEY_ROW
    };
    static const struct tscope_anchor_row zeros = {{0, 0, 0}, 0x2000, {7, 1}};

    *anchors = (struct tscope_anchors){.rows_len = 0};
    tscope_anchors_add(anchors, tscope_token_anchors, tscope_token_anchors_len);
    tscope_anchors_add(anchors, key_rows, TSCOPE_COUNT(key_rows));
    tscope_anchors_add(anchors, &zeros, 1);
    tscope_anchors_ready(anchors);
}

/* What a row by row comparison finds. */
static size_t
find_slowly(const struct tscope_anchors *anchors, const uint8_t *bytes, size_t from, size_t to, struct tscope_anchor *list)
{
    size_t len = 0;

    for (size_t at = from; at < to; at++) {
        for (size_t row = 0; row < anchors->rows_len; row++) {
            if (memcmp(anchors->rows[row].bytes, bytes + at, TSCOPE_ANCHOR_BYTES) == 0)
                list[len++] = (struct tscope_anchor){.at = (uint32_t)at, .id = anchors->rows[row].id};
        }
    }
    return len;
}

static void
check_find(struct tscope_anchors *anchors, const uint8_t *bytes, size_t from, size_t to)
{
    struct tscope_anchor expected[LEN_MAX], found[4 * LEN_MAX];
    size_t expected_len = find_slowly(anchors, bytes, from, to, expected), len = 0;
    size_t at = from;

    while (at < to)
        len += tscope_anchors_find(anchors, bytes, at, to, found + len, 4 * LEN_MAX - len, &at);
    ck_assert_uint_eq(at, to);
    ck_assert_uint_eq(len, expected_len);
    for (size_t i = 0; i < len; i++) {
        ck_assert_uint_eq(found[i].at, expected[i].at);
        ck_assert_uint_eq(found[i].id, expected[i].id);
    }
}

static tscope_anchor_candidates *
way(int number)
{
    return number == 0 ? tscope_anchors_plain : number == 1 ? tscope_anchors_ssse3() : tscope_anchors_avx2();
}

/* Bytes of exact size, so that a sanitizer sees one that is read too much. */
static uint8_t *
exact_copy(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len);

    memcpy(copy, bytes, len);
    return copy;
}

START_TEST(every_row_is_found_at_every_offset)
{
    struct tscope_anchors anchors;

    make_anchors(&anchors);
    anchors.candidates = way(_i);
    if (!anchors.candidates)
        return; /* the processor has none */
    for (size_t row = 0; row < anchors.rows_len; row++) {
        for (size_t at = 0; at < 140; at++) {
            uint8_t bytes[150], *copy;

            memset(bytes, 0xaa, sizeof(bytes));
            memcpy(bytes + at, anchors.rows[row].bytes, TSCOPE_ANCHOR_BYTES);
            copy = exact_copy(bytes, at + TSCOPE_ANCHOR_BYTES);
            check_find(&anchors, copy, 0, at + 1);
            free(copy);
            copy = exact_copy(bytes, sizeof(bytes));
            for (size_t from = 0; from < 70; from += 7)
                check_find(&anchors, copy, from, sizeof(bytes) - 2);
            free(copy);
        }
    }
}
END_TEST

START_TEST(all_ways_find_the_same)
{
    static const char letters[] = "eyJAw0ok\0%6525.EABCDMRgnatecphZXlV5Sl";
    struct tscope_anchors anchors;
    uint32_t state = 1;

    make_anchors(&anchors);
    anchors.candidates = way(_i);
    if (!anchors.candidates)
        return;
    for (int round = 0; round < 3000; round++) {
        uint8_t bytes[LEN_MAX], *copy;
        size_t len;

        state = state * 1664525u + 1013904223u;
        len = 5 + state % 300;
        for (size_t i = 0; i < len; i++) {
            state = state * 1664525u + 1013904223u;
            bytes[i] = round % 2 ? (uint8_t)(state >> 24) : (uint8_t)letters[(state >> 20) % (sizeof(letters) - 1)];
        }
        copy = exact_copy(bytes, len);
        check_find(&anchors, copy, state % 3, len - 2);
        free(copy);
    }
}
END_TEST

/* A list that is too short for all is filled, and the rest asked for again. */
START_TEST(full_lists_are_gone_on_with)
{
    struct tscope_anchors anchors;
    struct tscope_anchor list[256];
    uint8_t bytes[2000] = {0};
    size_t at = 0, count = 0;

    make_anchors(&anchors);
    anchors.candidates = way(_i);
    if (!anchors.candidates)
        return;
    while (at < sizeof(bytes) - 2) {
        size_t before = at, len = tscope_anchors_find(&anchors, bytes, at, sizeof(bytes) - 2, list, TSCOPE_COUNT(list), &at);

        ck_assert_uint_gt(at, before);
        for (size_t i = 0; i < len; i++)
            ck_assert_uint_eq(list[i].at, count++);
    }
    ck_assert_uint_eq(count, sizeof(bytes) - 2);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("anchors");
    TCase *tcase = tcase_create("anchors");

    tcase_add_loop_test(tcase, every_row_is_found_at_every_offset, 0, 3);
    tcase_add_loop_test(tcase, all_ways_find_the_same, 0, 3);
    tcase_add_loop_test(tcase, full_lists_are_gone_on_with, 0, 3);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
