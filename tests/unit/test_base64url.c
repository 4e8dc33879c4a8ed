/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base64url.h"

#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"

/* Both sides in memory of their exact size, so that a sanitizer sees the first byte too far. */
static bool
decode(const char *text, size_t len, bool standard, struct tscope_buffer *ret_bytes)
{
    uint8_t *in = tscope_alloc(len), *out = tscope_alloc(tscope_base64url_bound(len));
    size_t out_len = 4711;
    bool decoded;

    if (len)
        memcpy(in, text, len);
    decoded = (standard ? tscope_base64_decode : tscope_base64url_decode)(in, len, out, &out_len);
    if (decoded)
        tscope_buffer_append(ret_bytes, out, out_len);
    else
        ck_assert_uint_eq(out_len, 4711);
    tscope_free(in);
    tscope_free(out);
    return decoded;
}

/* RFC 4648 section 10, and the two characters in which the alphabets differ. */
static const struct {
    const char *bytes, *url, *standard;
} pairs[] = {
    {"", "", ""},
    {"f", "Zg", "Zg=="},
    {"fo", "Zm8", "Zm8="},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg", "Zm9vYg=="},
    {"fooba", "Zm9vYmE", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xfb\xff\xfe", "-__-", "+//+"},
};

START_TEST(known_pairs_go_both_ways)
{
    struct tscope_buffer bytes = {0}, url = {0}, standard = {0};
    struct tscope_span plain = tscope_span_text(pairs[_i].bytes);

    tscope_base64url_encode(&url, plain.data, plain.len);
    tscope_base64_encode(&standard, plain.data, plain.len);
    ck_assert(tscope_span_is(tscope_span_of(url.data, url.len), pairs[_i].url));
    ck_assert(tscope_span_is(tscope_span_of(standard.data, standard.len), pairs[_i].standard));
    ck_assert(decode(pairs[_i].url, strlen(pairs[_i].url), false, &bytes));
    ck_assert(tscope_span_equal(tscope_span_of(bytes.data, bytes.len), plain));
    tscope_buffer_reset(&bytes);
    ck_assert(decode(pairs[_i].standard, strlen(pairs[_i].standard), true, &bytes));
    ck_assert(tscope_span_equal(tscope_span_of(bytes.data, bytes.len), plain));
    tscope_buffer_clear(&bytes);
    tscope_buffer_clear(&url);
    tscope_buffer_clear(&standard);
}
END_TEST

START_TEST(every_length_goes_there_and_back)
{
    uint8_t plain[700];

    for (size_t i = 0; i < sizeof(plain); i++)
        plain[i] = (uint8_t)(i * i + 3 * i);
    for (size_t len = 0; len <= sizeof(plain); len++) {
        struct tscope_buffer text = {0}, bytes = {0};

        tscope_base64url_encode(&text, plain, len);
        ck_assert_uint_eq(text.len, (len * 4 + 2) / 3);
        ck_assert(decode((const char *)text.data, text.len, false, &bytes));
        ck_assert(tscope_span_equal(tscope_span_of(bytes.data, bytes.len), tscope_span_of(plain, len)));
        tscope_buffer_reset(&text);
        tscope_buffer_reset(&bytes);
        tscope_base64_encode(&text, plain, len);
        ck_assert_uint_eq(text.len % 4, 0);
        ck_assert(decode((const char *)text.data, text.len, true, &bytes));
        ck_assert(tscope_span_equal(tscope_span_of(bytes.data, bytes.len), tscope_span_of(plain, len)));
        tscope_buffer_clear(&text);
        tscope_buffer_clear(&bytes);
    }
}
END_TEST

/* The value of the character at a place, out of decoded bytes. */
static unsigned
value_at(const struct tscope_buffer *bytes, size_t place)
{
    size_t bit = place * 6, byte = bit / 8;
    unsigned pair = (unsigned)bytes->data[byte] << 8 | (byte + 1 < bytes->len ? bytes->data[byte + 1] : 0);

    return pair >> (10 - bit % 8) & 63;
}

static void
try_every_byte(size_t len, size_t at)
{
    const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    for (int byte = 0; byte < 256; byte++) {
        const char *found = byte ? strchr(alphabet, byte) : NULL;
        struct tscope_buffer bytes = {0};
        char text[80];

        memset(text, 'A', len);
        text[at] = (char)byte;
        if (found && at == len - 1 && (found - alphabet) % 4) /* spare bits: two of six are never used */
            found = NULL;
        ck_assert_msg(decode(text, len, false, &bytes) == (found != NULL), "byte %d at %zu of %zu", byte, at, len);
        if (found)
            ck_assert_uint_eq(value_at(&bytes, at), (unsigned)(found - alphabet));
        tscope_buffer_clear(&bytes);
    }
}

/* A short text, and one that is long enough to be decoded many characters at a time. */
START_TEST(every_foreign_byte_at_every_place_is_refused)
{
    for (size_t at = 0; at < 11; at++)
        try_every_byte(11, at);
    for (size_t at = 0; at < 79; at++)
        try_every_byte(79, at);
}
END_TEST

static const char *const refused[] = {
    "A",      "AAAAA", "AB",    "AAB", "Zg==", "Zg=",   "Zm8=",  "Z",     "=",
    "Zm9v\n", " Zm9v", "Zm 9v", "+A",  "AA/A", "AAAA=", "Z\xc5", "A\xff", "AA\x80",
};

START_TEST(deviation_is_refused)
{
    struct tscope_buffer bytes = {0};

    ck_assert(!decode(refused[_i], strlen(refused[_i]), false, &bytes));
}
END_TEST

static const char *const refused_standard[] = {
    "A", "Zg=", "Zg===", "Zm8==", "Zm9v=", "=", "==", "====", "Zg==Zg==", "-_-_", "Zg.", "Z\x80", "Z=g=", "A===",
};

START_TEST(deviation_from_the_standard_is_refused)
{
    struct tscope_buffer bytes = {0};

    ck_assert(!decode(refused_standard[_i], strlen(refused_standard[_i]), true, &bytes));
}
END_TEST

START_TEST(white_space_and_missing_padding_are_standard_enough)
{
    struct tscope_buffer bytes = {0};

    ck_assert(decode(" Zm9v\r\n\tYg = =\n", 15, true, &bytes));
    ck_assert(decode("Zm9vYg", 6, true, &bytes));
    ck_assert_uint_eq(bytes.len, 8);
    ck_assert_mem_eq(bytes.data, "foobfoob", 8);
    tscope_buffer_clear(&bytes);
}
END_TEST

#define PAD TSCOPE_BASE64_PADDING
#define ALPHABET TSCOPE_BASE64_ALPHABET
#define SPACE TSCOPE_BASE64_WHITESPACE
#define FOREIGN TSCOPE_BASE64_FOREIGN
#define SPARE TSCOPE_BASE64_SPARE_BITS
#define LENGTH TSCOPE_BASE64_LENGTH

static const struct {
    const char *text, *bytes;
    size_t count;
    struct tscope_base64_flaw flaws[4];
} tolerated[] = {
    {"", "", 0, {{0}}},
    {"Zm9v", "foo", 0, {{0}}},
    {"Zg==", "f", 1, {{PAD, 2, 2}}},
    {"Zm8=", "fo", 1, {{PAD, 3, 1}}},
    {"Zm\n9v", "foo", 1, {{SPACE, 2, 1}}},
    {" \r\nZm9v", "foo", 1, {{SPACE, 0, 3}}},
    {"+//+", "\xfb\xff\xfe", 1, {{ALPHABET, 0, 4}}},
    {"Z!!m%9v", "foo", 2, {{FOREIGN, 1, 2}, {FOREIGN, 4, 1}}},
    {"Z! m9v", "foo", 2, {{FOREIGN, 1, 1}, {SPACE, 2, 1}}},
    {"Zh", "f", 1, {{SPARE, 1, 1}}},
    {"Zh==", "f", 2, {{SPARE, 1, 1}, {PAD, 2, 2}}},
    {"Zm9", "fo", 1, {{SPARE, 2, 1}}},
    {"Zm9vZ", "foo", 1, {{LENGTH, 4, 1}}},
    {"Zm9vA", "foo", 1, {{LENGTH, 4, 1}}},
    {"Z===", "", 2, {{LENGTH, 0, 1}, {PAD, 1, 3}}},
    {"=", "", 1, {{PAD, 0, 1}}},
    {"\xff\xfe", "", 1, {{FOREIGN, 0, 2}}},
    {"Zm9v.Zm9v", "foofoo", 1, {{FOREIGN, 4, 1}}},
};

START_TEST(deviation_is_read_past_and_located)
{
    size_t len = strlen(tolerated[_i].text), found = 0, out_len;
    uint8_t *in = tscope_alloc(len), *out = tscope_alloc(tscope_base64url_bound(len));
    struct tscope_base64_flaw flaws[4];

    memcpy(in, tolerated[_i].text, len);
    out_len = tscope_base64url_decode_tolerant(in, len, out, flaws, 4, &found);
    ck_assert(tscope_span_is(tscope_span_of(out, out_len), tolerated[_i].bytes));
    ck_assert_uint_eq(found, tolerated[_i].count);
    for (size_t i = 0; i < found; i++) {
        ck_assert_int_eq(flaws[i].kind, tolerated[_i].flaws[i].kind);
        ck_assert_uint_eq(flaws[i].offset, tolerated[_i].flaws[i].offset);
        ck_assert_uint_eq(flaws[i].len, tolerated[_i].flaws[i].len);
    }
    tscope_free(in);
    tscope_free(out);
}
END_TEST

START_TEST(flaws_beyond_the_room_are_counted)
{
    const uint8_t text[] = "Z!m!9!v!Z!==";
    uint8_t out[16];

    for (size_t room = 0; room <= 8; room++) {
        struct tscope_base64_flaw *flaws = tscope_alloc(room * sizeof(*flaws));
        size_t found = 0, out_len = tscope_base64url_decode_tolerant(text, sizeof(text) - 1, out, flaws, room, &found);

        ck_assert_uint_eq(out_len, 3);
        ck_assert_uint_eq(found, 7);
        for (size_t i = 1; i < room && i < found; i++)
            ck_assert_uint_le(flaws[i - 1].offset, flaws[i].offset);
        tscope_free(flaws);
    }
}
END_TEST

START_TEST(flaw_kinds_have_ids_and_words)
{
    ck_assert_str_eq(tscope_base64_flaw_id(TSCOPE_BASE64_PADDING), "padding");
    ck_assert_str_eq(tscope_base64_flaw_id(TSCOPE_BASE64_LENGTH), "length");
    ck_assert_str_eq(tscope_base64_flaw_text(TSCOPE_BASE64_WHITESPACE), "white space");
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("base64url");
    TCase *tcase = tcase_create("base64url");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, known_pairs_go_both_ways, 0, TSCOPE_COUNT(pairs));
    tcase_add_test(tcase, every_length_goes_there_and_back);
    tcase_add_test(tcase, every_foreign_byte_at_every_place_is_refused);
    tcase_add_loop_test(tcase, deviation_is_refused, 0, TSCOPE_COUNT(refused));
    tcase_add_loop_test(tcase, deviation_from_the_standard_is_refused, 0, TSCOPE_COUNT(refused_standard));
    tcase_add_test(tcase, white_space_and_missing_padding_are_standard_enough);
    tcase_add_loop_test(tcase, deviation_is_read_past_and_located, 0, TSCOPE_COUNT(tolerated));
    tcase_add_test(tcase, flaws_beyond_the_room_are_counted);
    tcase_add_test(tcase, flaw_kinds_have_ids_and_words);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
