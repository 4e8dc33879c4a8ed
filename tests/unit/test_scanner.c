/* SPDX-License-Identifier: Apache-2.0 */
#include "scan_testing.h"

#include "token_testing.h"

/* What is found in a text, one line a find: encoding, a space, the decoded token. */
static void
note_text(void *user, const struct tscope_find *find)
{
    struct tscope_buffer *text = user;

    ck_assert_int_eq(find->kind, TSCOPE_FIND_TOKEN);
    ck_assert_ptr_null(find->key);
    if (text->len > 0)
        tscope_buffer_append_byte(text, '|');
    if (find->encoding != TSCOPE_FIND_ENCODING_ASCII)
        tscope_buffer_append_format(text, "%s:", tscope_find_encoding_name(find->encoding));
    tscope_buffer_append(text, find->bytes, find->bytes_len);
}

static const struct {
    const char *text, *finds;
} texts[] = {
    {"", ""},
    {"no token at all, nor here: eyJ, eyJh.", ""},
    {TOKEN, TOKEN},
    {TOKEN "\n" TOKEN "\n", TOKEN "|" TOKEN},
    {TOKEN "," TOKEN ";" TOKEN, TOKEN "|" TOKEN "|" TOKEN},
    {"a=" TOKEN "&b=" TOKEN "&c=d", TOKEN "|" TOKEN},
};

START_TEST(tokens_are_found)
{
    const char *text = texts[_i].text;
    size_t len = strlen(text);

    for (size_t step = 1; step <= len + 1; step++) {
        struct tscope_buffer found = {.data = NULL};
        TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_text, &found);

        scan_in_steps(scanner, (const uint8_t *)text, len, step);
        tscope_buffer_append_byte(&found, '\0');
        ck_assert_str_eq((const char *)found.data, texts[_i].finds);
        tscope_buffer_clear(&found);
    }
}
END_TEST

START_TEST(options_are_checked)
{
    struct tscope_scanner_options options = {.size = sizeof(options)};
    tscope_scanner *scanner = NULL;

    ck_assert_int_eq(tscope_scanner_new(&options, &scanner, NULL), TSCOPE_ERR_ARGUMENT);
    options.deliver = note_find;
    options.flags = 8;
    ck_assert_int_eq(tscope_scanner_new(&options, &scanner, NULL), TSCOPE_ERR_ARGUMENT);
    ck_assert_ptr_null(scanner);
}
END_TEST

START_TEST(an_ended_stream_is_begun_anew)
{
    struct finds finds = {.from = 0};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_find, &finds);
    size_t used;

    ck_assert_int_eq(tscope_scanner_scan(scanner, (const uint8_t *)TOKEN, strlen(TOKEN), true, &used, NULL), TSCOPE_OK);
    ck_assert_uint_eq(used, strlen(TOKEN));
    ck_assert_uint_eq(finds.len, 1);
    ck_assert_int_eq(tscope_scanner_scan(scanner, NULL, 0, true, &used, NULL), TSCOPE_ERR_STATE);
    tscope_scanner_begin(scanner, 1000);
    ck_assert_int_eq(tscope_scanner_scan(scanner, (const uint8_t *)TOKEN, strlen(TOKEN), true, &used, NULL), TSCOPE_OK);
    ck_assert_uint_eq(finds.len, 2);
    ck_assert_uint_eq(finds.last, 1000);
    tscope_buffer_clear(&finds.lines);
}
END_TEST

START_TEST(what_was_left_has_to_come_again)
{
    struct finds finds = {.from = 0};
    TSCOPE_AUTO(tscope_scanner) *scanner = new_scanner(TSCOPE_SCAN_TOKENS, note_find, &finds);
    size_t used;

    ck_assert_int_eq(tscope_scanner_scan(scanner, (const uint8_t *)"........" TOKEN, 20, false, &used, NULL), TSCOPE_OK);
    ck_assert_uint_lt(used, 20);
    ck_assert_int_eq(tscope_scanner_scan(scanner, NULL, 0, true, &used, NULL), TSCOPE_ERR_ARGUMENT);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("scanner");
    TCase *tcase = tcase_create("scanner");

    tcase_add_loop_test(tcase, tokens_are_found, 0, (int)TSCOPE_COUNT(texts));
    tcase_add_test(tcase, options_are_checked);
    tcase_add_test(tcase, an_ended_stream_is_begun_anew);
    tcase_add_test(tcase, what_was_left_has_to_come_again);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
