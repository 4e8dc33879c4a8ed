/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>

#include <zlib.h>

#include "crypto/inflate.h"

static struct tscope_span
deflate_raw(const uint8_t *data, size_t len, int level)
{
    z_stream stream = {0};
    size_t room = len + len / 100 + 64;
    uint8_t *out = malloc(room), *exact;
    struct tscope_span span;

    ck_assert_int_eq(deflateInit2(&stream, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)data;
    stream.avail_in = (uInt)len;
    stream.next_out = out;
    stream.avail_out = (uInt)room;
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    exact = malloc(stream.total_out);
    memcpy(exact, out, stream.total_out);
    span = tscope_span_of(exact, stream.total_out);
    deflateEnd(&stream);
    free(out);
    return span;
}

static void
free_span(struct tscope_span span)
{
    free((void *)(uintptr_t)span.data);
}

static enum tscope_inflate_result
inflate_into(struct tscope_span data, size_t max, struct tscope_buffer *out)
{
    enum tscope_inflate_result result = (enum tscope_inflate_result) - 1;

    ck_assert_int_eq(tscope_inflate(data, max, out, &result, NULL), TSCOPE_OK);
    ck_assert_uint_le(out->len, max);
    return result;
}

static uint8_t *
make_text(size_t len)
{
    uint8_t *text = calloc(1, len + 1);

    for (size_t i = 0; i < len; i++)
        text[i] = (uint8_t)("\"claim\":"[i % 8] + (i * i / 97) % 5);
    return text;
}

static const size_t lens[] = {0, 1, 2, 100, 4095, 4096, 4097, 8192, 100000, TSCOPE_INFLATE_MAX};

START_TEST(deflated_text_comes_back)
{
    uint8_t *text = make_text(lens[_i]);

    for (int level = 0; level <= 9; level += 3) {
        struct tscope_span data = deflate_raw(text, lens[_i], level);
        struct tscope_buffer out = {0};

        ck_assert_int_eq(inflate_into(data, TSCOPE_INFLATE_MAX, &out), TSCOPE_INFLATE_DONE);
        ck_assert_uint_eq(out.len, lens[_i]);
        if (out.len)
            ck_assert_mem_eq(out.data, text, out.len);
        tscope_buffer_clear(&out);
        free_span(data);
    }
    free(text);
}
END_TEST

START_TEST(bound_holds_at_its_limit)
{
    size_t len = lens[_i];
    uint8_t *text = make_text(len);
    struct tscope_span data = deflate_raw(text, len, 9);

    for (size_t max = len ? len - 1 : 0; max <= len + 1; max++) {
        struct tscope_buffer out = {0};

        ck_assert_int_eq(inflate_into(data, max, &out), max < len ? TSCOPE_INFLATE_TOO_LARGE : TSCOPE_INFLATE_DONE);
        tscope_buffer_clear(&out);
    }
    free_span(data);
    free(text);
}
END_TEST

START_TEST(bomb_is_left_at_the_bound)
{
    size_t len = 64u << 20;
    uint8_t *zeros = calloc(1, len);
    struct tscope_span data = deflate_raw(zeros, len, 9);
    struct tscope_buffer out = {0};

    ck_assert_uint_lt(data.len, 100000);
    ck_assert_int_eq(inflate_into(data, TSCOPE_INFLATE_MAX, &out), TSCOPE_INFLATE_TOO_LARGE);
    ck_assert_uint_lt(out.capacity, 4 * TSCOPE_INFLATE_MAX);
    tscope_buffer_clear(&out);
    free_span(data);
    free(zeros);
}
END_TEST

START_TEST(every_prefix_is_truncated)
{
    uint8_t *text = make_text(300);
    struct tscope_span data = deflate_raw(text, 300, 9);

    for (size_t len = 0; len < data.len; len++) {
        uint8_t *exact = malloc(len ? len : 1);
        struct tscope_buffer out = {0};

        memcpy(exact, data.data, len);
        ck_assert_int_eq(inflate_into(tscope_span_of(exact, len), TSCOPE_INFLATE_MAX, &out), TSCOPE_INFLATE_TRUNCATED);
        tscope_buffer_clear(&out);
        free(exact);
    }
    free_span(data);
    free(text);
}
END_TEST

START_TEST(no_bytes_at_all_are_truncated)
{
    struct tscope_buffer out = {0};

    ck_assert_int_eq(inflate_into((struct tscope_span){NULL, 0}, TSCOPE_INFLATE_MAX, &out), TSCOPE_INFLATE_TRUNCATED);
    ck_assert_uint_eq(out.len, 0);
    tscope_buffer_clear(&out);
}
END_TEST

START_TEST(bytes_behind_the_end_are_told)
{
    uint8_t *text = make_text(300), more[600];
    struct tscope_span data = deflate_raw(text, 300, 9);
    struct tscope_buffer out = {0};

    memcpy(more, data.data, data.len);
    more[data.len] = 0;
    ck_assert_int_eq(inflate_into(tscope_span_of(more, data.len + 1), TSCOPE_INFLATE_MAX, &out), TSCOPE_INFLATE_TRAILING);
    ck_assert_uint_eq(out.len, 300);
    ck_assert_mem_eq(out.data, text, 300);
    tscope_buffer_clear(&out);
    free_span(data);
    free(text);
}
END_TEST

/* Block type 3, a length that is not the other's complement, a distance before the start; zlib's and gzip's own headers. */
static const struct {
    const char *bytes;
    size_t len;
} broken[] = {
    {"\x07", 1},
    {"\xff\xff\xff\xff", 4},
    {"\x01\x01\x00\x01\x00", 5},
    {"\x03\x7e\x80\x00", 4},
    {"\x78\x9c\x03\x00\x00\x00\x00\x01", 8},
    {"\x1f\x8b\x08\x00\x00\x00\x00\x00", 8},
};

START_TEST(what_is_not_deflate_is_no_plaintext)
{
    struct tscope_buffer out = {0};
    enum tscope_inflate_result result = inflate_into(tscope_span_of(broken[_i].bytes, broken[_i].len), TSCOPE_INFLATE_MAX, &out);

    ck_assert(result == TSCOPE_INFLATE_BROKEN || result == TSCOPE_INFLATE_TRUNCATED || result == TSCOPE_INFLATE_TRAILING);
    if (_i < 3)
        ck_assert_int_eq(result, TSCOPE_INFLATE_BROKEN);
    tscope_buffer_clear(&out);
}
END_TEST

START_TEST(memory_failure_is_no_answer)
{
    uint8_t *text = make_text(20000);
    struct tscope_span data = deflate_raw(text, 20000, 9);
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    unsigned long n;

    for (n = 1; status != TSCOPE_OK; n++) {
        struct tscope_buffer out = {0};
        enum tscope_inflate_result result;

        ck_assert_uint_lt(n, 30);
        tscope_alloc_fail_from(n);
        status = tscope_inflate(data, TSCOPE_INFLATE_MAX, &out, &result, NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
        tscope_buffer_clear(&out);
    }
    ck_assert_uint_gt(n, 3);
    free_span(data);
    free(text);
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("inflate");
    TCase *tcase = tcase_create("inflate");

    tcase_add_loop_test(tcase, deflated_text_comes_back, 0, (int)TSCOPE_COUNT(lens));
    tcase_add_loop_test(tcase, bound_holds_at_its_limit, 0, (int)TSCOPE_COUNT(lens));
    tcase_add_test(tcase, bomb_is_left_at_the_bound);
    tcase_add_test(tcase, every_prefix_is_truncated);
    tcase_add_test(tcase, no_bytes_at_all_are_truncated);
    tcase_add_test(tcase, bytes_behind_the_end_are_told);
    tcase_add_loop_test(tcase, what_is_not_deflate_is_no_plaintext, 0, (int)TSCOPE_COUNT(broken));
    tcase_add_test(tcase, memory_failure_is_no_answer);
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
