/* SPDX-License-Identifier: Apache-2.0 */
#include "core/der.h"

#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"

/* A reader over a copy of exact size. */
static struct tscope_der
reader_of(struct tscope_span bytes, uint8_t **ret_copy)
{
    *ret_copy = tscope_alloc(bytes.len);
    memcpy(*ret_copy, bytes.data, bytes.len);
    return (struct tscope_der){tscope_span_of(*ret_copy, bytes.len)};
}

START_TEST(elements_come_in_order)
{
    uint8_t *copy;
    struct tscope_der reader = reader_of(TSCOPE_SPAN("\x30\x06\x02\x01\x05\x04\x01z\x05\x00"), &copy), inner;
    struct tscope_der_item item;
    struct tscope_span magnitude;

    ck_assert(tscope_der_enter(&reader, TSCOPE_DER_SEQUENCE, &inner));
    ck_assert(tscope_der_unsigned(&inner, &magnitude));
    ck_assert(tscope_span_is(magnitude, "\x05"));
    ck_assert(tscope_der_next(&inner, &item));
    ck_assert_uint_eq(item.tag, TSCOPE_DER_OCTET_STRING);
    ck_assert(tscope_span_is(item.content, "z"));
    ck_assert_uint_eq(item.whole.len, 3);
    ck_assert(tscope_der_at_end(&inner));
    ck_assert(!tscope_der_next(&inner, &item));
    ck_assert(tscope_der_take(&reader, TSCOPE_DER_NULL, &item));
    ck_assert_uint_eq(item.content.len, 0);
    ck_assert(tscope_der_at_end(&reader));
    tscope_free(copy);
}
END_TEST

/* TSCOPE_SPAN for tables. */
#define BYTES(literal)                                  \
    {                                                   \
        (const uint8_t *)(literal), sizeof(literal) - 1 \
    }

static const struct tscope_span broken[] = {
    BYTES(""),                              /* nothing */
    BYTES("\x04"),                          /* no length */
    BYTES("\x04\x01"),                      /* no content */
    BYTES("\x04\x02z"),                     /* content cut */
    BYTES("\x04\x80zz\x00\x00"),            /* indefinite */
    BYTES("\x04\x81\x01z"),                 /* long form of a short length */
    BYTES("\x04\x81\x7fz"),                 /* the same, at the edge, and cut */
    BYTES("\x04\x82\x00\x81z"),             /* leading zero */
    BYTES("\x04\x81"),                      /* length cut */
    BYTES("\x04\x84\xff\xff\xff\xffz"),     /* four gigabytes */
    BYTES("\x04\x85\x01\x00\x00\x00\x00z"), /* five length bytes */
    BYTES("\x04\x88\xff\xff\xff\xff\xff\xff\xff\xffz"),
    BYTES("\x04\xff\x01z"), /* reserved */
    BYTES("\x1f\x01z"),     /* tag of several bytes */
    BYTES("\xbf\x81\x01\x00"),
};

START_TEST(what_is_no_der_is_refused_and_not_passed)
{
    uint8_t *copy;
    struct tscope_der reader = reader_of(broken[_i], &copy), inner;
    struct tscope_der_item item;

    ck_assert(!tscope_der_next(&reader, &item));
    ck_assert(!tscope_der_take(&reader, TSCOPE_DER_OCTET_STRING, &item));
    ck_assert(!tscope_der_enter(&reader, TSCOPE_DER_OCTET_STRING, &inner));
    ck_assert_ptr_eq(reader.rest.data, copy);
    ck_assert_uint_eq(reader.rest.len, broken[_i].len);
    tscope_free(copy);
}
END_TEST

START_TEST(long_lengths_are_exact)
{
    for (size_t len = 126; len <= 260; len++) {
        uint8_t head[] = {0x04, 0x81, 0, 0};
        size_t head_len = len < 0x80 ? 2 : len < 0x100 ? 3 : 4;
        uint8_t *bytes = tscope_alloc_zeroed(1, head_len + len);
        struct tscope_der reader = {tscope_span_of(bytes, head_len + len)};
        struct tscope_der_item item;

        head[1] = len < 0x80 ? (uint8_t)len : len < 0x100 ? 0x81 : 0x82;
        head[2] = len < 0x100 ? (uint8_t)len : (uint8_t)(len >> 8);
        head[3] = (uint8_t)len;
        memcpy(bytes, head, head_len);
        reader.rest.len--;
        ck_assert(!tscope_der_next(&reader, &item));
        reader.rest.len++;
        ck_assert(tscope_der_next(&reader, &item));
        ck_assert_uint_eq(item.content.len, len);
        ck_assert_uint_eq(item.whole.len, head_len + len);
        tscope_free(bytes);
    }
}
END_TEST

START_TEST(other_tag_is_left_standing)
{
    uint8_t *copy;
    struct tscope_der reader = reader_of(TSCOPE_SPAN("\x02\x01\x05"), &copy), inner;
    struct tscope_der_item item;
    struct tscope_span bytes;
    int64_t time;

    ck_assert(!tscope_der_take(&reader, TSCOPE_DER_OCTET_STRING, &item));
    ck_assert(!tscope_der_enter(&reader, TSCOPE_DER_SEQUENCE, &inner));
    ck_assert(!tscope_der_bits(&reader, &bytes));
    ck_assert(!tscope_der_time(&reader, &time));
    ck_assert_uint_eq(reader.rest.len, 3);
    tscope_free(copy);
}
END_TEST

static const struct {
    struct tscope_span der;
    bool good;
    struct tscope_span magnitude;
} integers[] = {
    {BYTES("\x02\x01\x00"), true, BYTES("\x00")},
    {BYTES("\x02\x01\x7f"), true, BYTES("\x7f")},
    {BYTES("\x02\x02\x00\x80"), true, BYTES("\x80")},
    {BYTES("\x02\x03\x01\x00\x01"), true, BYTES("\x01\x00\x01")},
    {BYTES("\x02\x00"), false, {NULL, 0}},
    {BYTES("\x02\x01\x80"), false, {NULL, 0}},     /* negative */
    {BYTES("\x02\x02\x00\x7f"), false, {NULL, 0}}, /* not minimal */
    {BYTES("\x02\x02\x00\x00"), false, {NULL, 0}},
    {BYTES("\x02\x03\x00\x00\x80"), false, {NULL, 0}},
    {BYTES("\x02\x02\xff\xff"), false, {NULL, 0}},
    {BYTES("\x04\x01\x01"), false, {NULL, 0}},
    {BYTES("\x02\x02\x01"), false, {NULL, 0}},
};

START_TEST(integer_is_read_or_left_standing)
{
    uint8_t *copy;
    struct tscope_der reader = reader_of(integers[_i].der, &copy);
    struct tscope_span magnitude;
    bool good = tscope_der_unsigned(&reader, &magnitude);

    ck_assert_int_eq(good, integers[_i].good);
    if (good)
        ck_assert(tscope_span_equal(magnitude, integers[_i].magnitude));
    ck_assert_uint_eq(reader.rest.len, good ? 0 : integers[_i].der.len);
    tscope_free(copy);
}
END_TEST

static const struct {
    struct tscope_span der;
    bool good;
    size_t len;
} bit_strings[] = {
    {BYTES("\x03\x03\x00zz"), true, 2}, {BYTES("\x03\x01\x00"), true, 0},   {BYTES("\x03\x00"), false, 0},
    {BYTES("\x03\x02\x01z"), false, 0}, {BYTES("\x03\x02\x08z"), false, 0}, {BYTES("\x23\x02\x00z"), false, 0},
};

START_TEST(bit_string_is_whole_bytes)
{
    uint8_t *copy;
    struct tscope_der reader = reader_of(bit_strings[_i].der, &copy);
    struct tscope_span bytes;
    bool good = tscope_der_bits(&reader, &bytes);

    ck_assert_int_eq(good, bit_strings[_i].good);
    if (good)
        ck_assert_uint_eq(bytes.len, bit_strings[_i].len);
    ck_assert_uint_eq(reader.rest.len, good ? 0 : bit_strings[_i].der.len);
    tscope_free(copy);
}
END_TEST

static const struct {
    uint8_t tag;
    const char *text;
    bool good;
    int64_t time;
} times[] = {
    {TSCOPE_DER_UTC_TIME, "700101000000Z", true, 0},
    {TSCOPE_DER_UTC_TIME, "160405144335Z", true, 1459867415},
    {TSCOPE_DER_UTC_TIME, "491231235959Z", true, 2524607999},
    {TSCOPE_DER_UTC_TIME, "500101000000Z", true, -631152000},
    {TSCOPE_DER_GENERALIZED_TIME, "20500101000000Z", true, 2524608000},
    {TSCOPE_DER_GENERALIZED_TIME, "20000229000000Z", true, 951782400},
    {TSCOPE_DER_GENERALIZED_TIME, "20010229000000Z", false, 0},
    {TSCOPE_DER_GENERALIZED_TIME, "20500101000000", false, 0},
    {TSCOPE_DER_GENERALIZED_TIME, "20500101000000.5Z", false, 0},
    {TSCOPE_DER_GENERALIZED_TIME, "500101000000Z", false, 0},
    {TSCOPE_DER_UTC_TIME, "20500101000000Z", false, 0},
    {TSCOPE_DER_UTC_TIME, "700101000000+0000", false, 0},
    {TSCOPE_DER_UTC_TIME, "7001010000Z", false, 0},
    {TSCOPE_DER_UTC_TIME, "701301000000Z", false, 0},
    {TSCOPE_DER_UTC_TIME, "700001000000Z", false, 0},
    {TSCOPE_DER_UTC_TIME, "700132000000Z", false, 0},
    {TSCOPE_DER_UTC_TIME, "700101240000Z", false, 0},
    {TSCOPE_DER_UTC_TIME, "700101006000Z", false, 0},
    {TSCOPE_DER_UTC_TIME, "700101000060Z", false, 0},
    {TSCOPE_DER_UTC_TIME, "70010100000:Z", false, 0},
    {TSCOPE_DER_UTC_TIME, "-00101000000Z", false, 0},
    {TSCOPE_DER_UTC_TIME, "", false, 0},
    {TSCOPE_DER_PRINTABLE_STRING, "700101000000Z", false, 0},
};

START_TEST(time_is_read_or_left_standing)
{
    size_t len = strlen(times[_i].text);
    uint8_t bytes[32] = {times[_i].tag, (uint8_t)len};
    uint8_t *copy;
    struct tscope_der reader;
    int64_t time = 0;
    bool good;

    memcpy(bytes + 2, times[_i].text, len);
    reader = reader_of(tscope_span_of(bytes, len + 2), &copy);
    good = tscope_der_time(&reader, &time);
    ck_assert_int_eq(good, times[_i].good);
    ck_assert_int_eq(time, times[_i].time);
    ck_assert_uint_eq(reader.rest.len, good ? 0 : len + 2);
    tscope_free(copy);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("der");
    TCase *tcase = tcase_create("der");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tcase, elements_come_in_order);
    tcase_add_loop_test(tcase, what_is_no_der_is_refused_and_not_passed, 0, TSCOPE_COUNT(broken));
    tcase_add_test(tcase, long_lengths_are_exact);
    tcase_add_test(tcase, other_tag_is_left_standing);
    tcase_add_loop_test(tcase, integer_is_read_or_left_standing, 0, TSCOPE_COUNT(integers));
    tcase_add_loop_test(tcase, bit_string_is_whole_bytes, 0, TSCOPE_COUNT(bit_strings));
    tcase_add_loop_test(tcase, time_is_read_or_left_standing, 0, TSCOPE_COUNT(times));
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
