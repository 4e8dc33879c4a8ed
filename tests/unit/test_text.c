/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text.h"

#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"

static const struct {
    const char *text;
    bool good;
    size_t offset;
} utf8[] = {
    {"", true, 0},
    {"plain text, and more than eight bytes of it", true, 0},
    {"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", true, 0},
    {"12345678\xff", false, 8},
    {"1234567\xc3\xa4\x80", false, 9},
    {"\x80", false, 0},
    {"a\xbf", false, 1},
    {"\xc0\x80", false, 0},         /* overlong NUL */
    {"\xc1\xbf", false, 0},         /* overlong */
    {"\xe0\x9f\xbf", false, 0},     /* overlong */
    {"\xf0\x8f\xbf\xbf", false, 0}, /* overlong */
    {"\xed\xa0\x80", false, 0},     /* a surrogate */
    {"\xed\xbf\xbf", false, 0},
    {"\xf4\x90\x80\x80", false, 0}, /* above U+10FFFF */
    {"\xf5\x80\x80\x80", false, 0},
    {"\xf8\x88\x80\x80\x80", false, 0},
    {"\xfe", false, 0},
    {"ab\xc3", false, 2},
    {"ab\xe2\x82", false, 2},
    {"ab\xf0\x9f\x98", false, 2},
    {"\xc3(", false, 0},
    {"\xe2\x82(", false, 0},
};

START_TEST(utf8_is_told_from_what_is_none)
{
    size_t len = strlen(utf8[_i].text), offset = 0;
    uint8_t *copy = tscope_alloc(len);

    memcpy(copy, utf8[_i].text, len);
    ck_assert_int_eq(tscope_text_is_utf8(tscope_span_of(copy, len), &offset), utf8[_i].good);
    ck_assert_uint_eq(offset, utf8[_i].offset);
    ck_assert_int_eq(tscope_text_is_utf8(tscope_span_of(copy, len), NULL), utf8[_i].good);
    tscope_free(copy);
}
END_TEST

START_TEST(every_code_point_goes_there_and_back)
{
    for (uint32_t c = 0; c <= 0x10ffff; c += c < 0x11000 ? 1 : 37) {
        uint8_t bytes[4];
        size_t len = tscope_text_encode_utf8(c, bytes), at = 0;
        uint32_t read = tscope_text_code_point(tscope_span_of(bytes, len), &at);
        bool surrogate = c >= 0xd800 && c <= 0xdfff;

        ck_assert_msg(read == (surrogate ? UINT32_MAX : c) && at == (surrogate ? 1 : len), "U+%04X", c);
    }
}
END_TEST

START_TEST(only_ascii_letters_are_folded)
{
    ck_assert(tscope_text_equal_fold(TSCOPE_SPAN("NoNe"), TSCOPE_SPAN("nOnE")));
    ck_assert(!tscope_text_equal_fold(TSCOPE_SPAN("none"), TSCOPE_SPAN("non")));
    ck_assert(!tscope_text_equal_fold(TSCOPE_SPAN("@"), TSCOPE_SPAN("`")));
    ck_assert(!tscope_text_equal_fold(TSCOPE_SPAN("["), TSCOPE_SPAN("{")));
    ck_assert(!tscope_text_equal_fold(TSCOPE_SPAN("\xc3\x84"), TSCOPE_SPAN("\xc3\xa4")));
    ck_assert(!tscope_text_equal_fold(TSCOPE_SPAN("\xe2\x84\xaa"), TSCOPE_SPAN("k"))); /* the Kelvin sign */
    ck_assert(tscope_text_equal_fold((struct tscope_span){NULL, 0}, TSCOPE_SPAN("")));
}
END_TEST

START_TEST(ends_and_places_are_found)
{
    struct tscope_span text = TSCOPE_SPAN("Bearer eyJ"), none = {NULL, 0};

    ck_assert(tscope_text_starts_with(text, TSCOPE_SPAN("Bearer ")));
    ck_assert(!tscope_text_starts_with(text, TSCOPE_SPAN("bearer ")));
    ck_assert(tscope_text_starts_with_fold(text, TSCOPE_SPAN("bEARER ")));
    ck_assert(!tscope_text_starts_with(TSCOPE_SPAN("Be"), text));
    ck_assert(!tscope_text_starts_with_fold(TSCOPE_SPAN("Be"), text));
    ck_assert(tscope_text_ends_with_fold(TSCOPE_SPAN("at+JWT"), TSCOPE_SPAN("jwt")));
    ck_assert(tscope_text_ends_with_fold(TSCOPE_SPAN("Jwt"), TSCOPE_SPAN("jwt")));
    ck_assert(!tscope_text_ends_with_fold(TSCOPE_SPAN("wt"), TSCOPE_SPAN("jwt")));
    ck_assert(!tscope_text_ends_with_fold(TSCOPE_SPAN("jwt2"), TSCOPE_SPAN("jwt")));
    ck_assert(tscope_text_ends_with(text, TSCOPE_SPAN("eyJ")));
    ck_assert(!tscope_text_ends_with(TSCOPE_SPAN("yJ"), TSCOPE_SPAN("eyJ")));
    ck_assert(tscope_text_starts_with(none, none));
    ck_assert(tscope_text_ends_with(none, none));
    ck_assert_uint_eq(tscope_text_find(text, TSCOPE_SPAN("eyJ")), 7);
    ck_assert_uint_eq(tscope_text_find(text, TSCOPE_SPAN("")), 0);
    ck_assert_uint_eq(tscope_text_find(text, TSCOPE_SPAN("eyJ0")), SIZE_MAX);
    ck_assert_uint_eq(tscope_text_find(none, TSCOPE_SPAN("a")), SIZE_MAX);
}
END_TEST

START_TEST(white_space_is_trimmed_from_both_ends)
{
    ck_assert(tscope_span_is(tscope_text_trim(TSCOPE_SPAN(" \t\r\na b\n ")), "a b"));
    ck_assert_uint_eq(tscope_text_trim(TSCOPE_SPAN(" \n ")).len, 0);
    ck_assert_uint_eq(tscope_text_trim((struct tscope_span){NULL, 0}).len, 0);
}
END_TEST

static const struct {
    const char *text;
    size_t max;
    const char *quoted;
} quotes[] = {
    {"plain", 99, "'plain'"},
    {"", 99, "''"},
    {"it's", 99, "'it\\'s'"},
    {"a\\b", 99, "'a\\\\b'"},
    {"\x1b[31mred", 99, "'\\x1b[31mred'"},
    {"a\nb\tc\x7f", 99, "'a\\x0ab\\x09c\\x7f'"},
    {"\xc3\xa4\xe2\x82\xac", 99, "'\xc3\xa4\xe2\x82\xac'"},
    {"\xff\x80", 99, "'\\xff\\x80'"},
    {"\xc2\x85", 99, "'\\u0085'"}, /* C1: unlike the byte 0x85 alone */
    {"\x85", 99, "'\\x85'"},
    {"a\xe2\x80\xae"
     "b",
     99, "'a\\u202eb'"}, /* right-to-left override */
    {"\xe2\x80\xaa\xe2\x81\xa6\xe2\x81\xa9", 99, "'\\u202a\\u2066\\u2069'"},
    {"\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", 99, "'\\u200e\\u200f\\u061c'"},
    {"\xe2\x80\x8b\xef\xbb\xbf\xc2\xad", 99, "'\\u200b\\ufeff\\u00ad'"},
    {"\xe2\x80\xa8\xe2\x80\xa9", 99, "'\\u2028\\u2029'"},
    {"\xf3\xa0\x81\x81", 99, "'\\U0e0041'"}, /* a tag character */
    {"abcdef", 6, "'abcdef'"},
    {"abcdef", 5, "'abcde…'"},
    {"abcdef", 0, "'…'"},
    {"a\xc3\xa4", 3, "'a\xc3\xa4'"},
    {"a\xc3\xa4", 2, "'a…'"}, /* no half character */
};

START_TEST(quoted_text_is_safe_to_show)
{
    struct tscope_buffer buffer = {0};
    size_t len = strlen(quotes[_i].text);
    uint8_t *copy = tscope_alloc(len);
    char *quoted;

    memcpy(copy, quotes[_i].text, len);
    tscope_text_quote(&buffer, tscope_span_of(copy, len), quotes[_i].max);
    quoted = tscope_buffer_steal(&buffer, NULL);
    ck_assert_str_eq(quoted, quotes[_i].quoted);
    tscope_free(quoted);
    tscope_free(copy);
}
END_TEST

START_TEST(nul_is_escaped)
{
    struct tscope_buffer buffer = {0};

    tscope_text_escape(&buffer, TSCOPE_SPAN("a\0b"), 99);
    ck_assert(tscope_span_is(tscope_span_of(buffer.data, buffer.len), "a\\x00b"));
    tscope_buffer_clear(&buffer);
}
END_TEST

static const struct {
    const char *text, *word;
    bool alike;
} alike[] = {
    {"none", "none", true},
    {"NONE", "none", true},
    {" none\n", "none", true},
    {"n\xe2\x80\x8bone", "none", true},                                                 /* zero-width space */
    {"n\xd0\xbene", "none", true},                                                      /* Cyrillic o */
    {"n\xce\xbfn\xd0\xb5", "none", true},                                               /* Greek o, Cyrillic e */
    {"\xef\xbd\x8e\xef\xbd\x8f\xef\xbd\x8e\xef\xbd\x85", "none", true},                 /* full width */
    {"\xf0\x9d\x90\xa7\xf0\x9d\x90\xa8\xf0\x9d\x90\xa7\xf0\x9d\x90\x9e", "none", true}, /* mathematical bold */
    {"nonee", "none", false},
    {"non", "none", false},
    {"nine", "none", false},
    {"", "none", false},
    {"non\xff"
     "e",
     "none", false},
    {"none\xff", "none", false},
    {"rs256", "none", false},
};

START_TEST(look_alike_is_seen)
{
    ck_assert_int_eq(tscope_text_looks_like(tscope_span_text(alike[_i].text), alike[_i].word), alike[_i].alike);
}
END_TEST

START_TEST(guid_is_told_from_what_is_none)
{
    static const char good[] = "72f988bf-86F1-41af-91ab-2d7cd011db47";
    uint8_t guid[16];

    ck_assert(tscope_text_is_guid(TSCOPE_SPAN("72f988bf-86F1-41af-91ab-2d7cd011db47"), guid));
    ck_assert_mem_eq(guid, "\x72\xf9\x88\xbf\x86\xf1\x41\xaf\x91\xab\x2d\x7c\xd0\x11\xdb\x47", 16);
    ck_assert(tscope_text_is_guid(TSCOPE_SPAN("00000000-0000-0000-0000-000000000000"), NULL));
    for (size_t len = 0; len < 36; len++)
        ck_assert(!tscope_text_is_guid(tscope_span_of(good, len), guid));
    ck_assert(!tscope_text_is_guid(tscope_span_of(good, 37), guid));
    for (size_t at = 0; at < 36; at++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            bool fits = good[at] == '-' ? byte == '-' : byte && strchr("0123456789abcdefABCDEF", (int)byte);
            uint8_t text[36];

            memcpy(text, good, sizeof(text));
            text[at] = (uint8_t)byte;
            ck_assert_int_eq(tscope_text_is_guid(tscope_span_of(text, sizeof(text)), guid), fits);
            ck_assert_int_eq(tscope_text_is_guid(tscope_span_of(text, sizeof(text)), NULL), fits);
        }
    }
}
END_TEST

START_TEST(hexadecimal_goes_there_and_back)
{
    const uint8_t bytes[] = {0x00, 0x9f, 0xff};
    uint8_t back[3];
    char text[7];

    tscope_text_to_hex(bytes, 3, text);
    ck_assert_str_eq(text, "009fff");
    ck_assert(tscope_text_from_hex(TSCOPE_SPAN("009FfF"), back, 3));
    ck_assert_mem_eq(back, bytes, 3);
    ck_assert(!tscope_text_from_hex(TSCOPE_SPAN("009ff"), back, 3));
    ck_assert(!tscope_text_from_hex(TSCOPE_SPAN("009ffff"), back, 3));
    ck_assert(!tscope_text_from_hex(TSCOPE_SPAN("00 9ff"), back, 3));
    ck_assert(!tscope_text_from_hex(TSCOPE_SPAN("0x9fff"), back, 3));
    ck_assert(!tscope_text_from_hex(TSCOPE_SPAN("/:@G`g"), back, 3));
    for (int byte = 0; byte < 256; byte++) {
        const uint8_t digits[2] = {'0', (uint8_t)byte}, turned[2] = {(uint8_t)byte, '0'};
        static const char all[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = byte ? strchr(all, byte) : NULL;

        ck_assert(tscope_text_from_hex(tscope_span_of(digits, 2), back, 1) == (digit != NULL));
        ck_assert(!digit || back[0] == (digit - all) % 16);
        ck_assert(tscope_text_from_hex(tscope_span_of(turned, 2), back, 1) == (digit != NULL));
    }
    tscope_text_to_hex(bytes, 0, text);
    ck_assert_str_eq(text, "");
}
END_TEST

/* Two letters, so that beginnings and ends of the needle are met where it is not. */
START_TEST(needle_is_found_where_memmem_finds_it)
{
    uint32_t random = 1;

    for (size_t len = 0; len <= 100; len++) {
        for (size_t needle_len = 1; needle_len <= 40; needle_len++) {
            uint8_t *text = tscope_alloc(len), needle[40];
            const uint8_t *found;

            for (size_t i = 0; i < len; i++)
                text[i] = (random = random * 1664525 + 1013904223) >> 30 ? 'a' : 'b';
            for (size_t i = 0; i < needle_len; i++)
                needle[i] = (random = random * 1664525 + 1013904223) >> 30 ? 'a' : 'b';
            if (len > needle_len && random % 3 == 0)
                memcpy(needle, text + random % (len - needle_len), needle_len);
            found = memmem(text, len, needle, needle_len);
            ck_assert_uint_eq(tscope_text_find(tscope_span_of(text, len), tscope_span_of(needle, needle_len)),
                              found ? (size_t)(found - text) : SIZE_MAX);
            tscope_free(text);
        }
    }
}
END_TEST

START_TEST(needle_is_found_at_every_place)
{
    static const char needle[] = "PRIVATE KEY-----";
    const size_t needle_len = sizeof(needle) - 1;

    for (size_t len = needle_len; len <= 100; len++) {
        for (size_t at = 0; at + needle_len <= len; at++) {
            uint8_t *text = tscope_alloc(len);

            memset(text, 'P', len);
            memcpy(text + at, needle, needle_len);
            ck_assert_uint_eq(tscope_text_find(tscope_span_of(text, len), TSCOPE_SPAN("PRIVATE KEY-----")), at);
            ck_assert_uint_eq(tscope_text_find(tscope_span_of(text, len), TSCOPE_SPAN("Y-")), at + 10);
            tscope_free(text);
        }
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("text");
    TCase *tcase = tcase_create("text");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, utf8_is_told_from_what_is_none, 0, TSCOPE_COUNT(utf8));
    tcase_add_test(tcase, every_code_point_goes_there_and_back);
    tcase_add_test(tcase, only_ascii_letters_are_folded);
    tcase_add_test(tcase, ends_and_places_are_found);
    tcase_add_test(tcase, white_space_is_trimmed_from_both_ends);
    tcase_add_loop_test(tcase, quoted_text_is_safe_to_show, 0, TSCOPE_COUNT(quotes));
    tcase_add_test(tcase, nul_is_escaped);
    tcase_add_loop_test(tcase, look_alike_is_seen, 0, TSCOPE_COUNT(alike));
    tcase_add_test(tcase, guid_is_told_from_what_is_none);
    tcase_add_test(tcase, hexadecimal_goes_there_and_back);
    tcase_add_test(tcase, needle_is_found_where_memmem_finds_it);
    tcase_add_test(tcase, needle_is_found_at_every_place);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
