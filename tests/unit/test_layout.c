/* SPDX-License-Identifier: Apache-2.0 */
#include "render/layout.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/text.h"
#include "render/columns.h"
#include "render/words.h"

static char *
finish(struct tscope_layout *layout)
{
    char *text = NULL;

    ck_assert_int_eq(tscope_layout_finish(layout, &text, NULL, NULL), TSCOPE_OK);
    ck_assert_ptr_nonnull(text);
    return text;
}

static void
ck_assert_lines_fit(const char *text, unsigned width)
{
    while (*text) {
        size_t len = strcspn(text, "\n");

        ck_assert_msg(tscope_columns_of_text(tscope_span_of(text, len)) <= width, "over %u columns: %.*s", width, (int)len, text);
        text += len + (text[len] == '\n');
    }
}

static const struct {
    uint32_t code_point;
    unsigned columns;
} columns[] = {
    {'a', 1},     {0xe9, 1},    {0x2ff, 1},   {0x300, 0},   {0x36f, 0},  {0x370, 1},   {0x10ff, 1},  {0x1100, 2},   {0x2026, 1},
    {0x3000, 2},  {0x4dbf, 2},  {0x4dc0, 1},  {0x4e00, 2},  {0xac00, 2}, {0xd7a3, 2},  {0xff01, 2},  {0xff60, 2},   {0xff61, 1},
    {0x1f600, 2}, {0x20000, 2}, {0x3fffd, 2}, {0x3fffe, 1}, {0x20d0, 0}, {0x1e94a, 0}, {0x1e94b, 1}, {0x10ffff, 1},
};

START_TEST(letters_have_their_columns)
{
    ck_assert_uint_eq(tscope_columns_of(columns[_i].code_point), columns[_i].columns);
}
END_TEST

START_TEST(text_is_as_wide_as_its_letters)
{
    ck_assert_uint_eq(tscope_columns_of_text(TSCOPE_SPAN("")), 0);
    ck_assert_uint_eq(tscope_columns_of_text(TSCOPE_SPAN("abc")), 3);
    ck_assert_uint_eq(tscope_columns_of_text(TSCOPE_SPAN("e\xcc\x81t\xc3\xa9")), 3);
    ck_assert_uint_eq(tscope_columns_of_text(TSCOPE_SPAN("\xe6\x9d\xb1\xe4\xba\xac")), 4);
    ck_assert_uint_eq(tscope_columns_of_text(TSCOPE_SPAN("\xff\xfe")), 2);
}
END_TEST

START_TEST(paragraph_wraps_at_words_under_its_hang)
{
    struct tscope_layout layout;
    char *text;

    tscope_layout_init(&layout, 40, false);
    tscope_layout_label(&layout, "Token");
    tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, "one two three four five six seven");
    text = finish(&layout);
    ck_assert_str_eq(text, "  Token      one two three four five six\n"
                           "             seven\n");
    tscope_free(text);
}
END_TEST

/* A line of exactly the width stays; one column more wraps. */
START_TEST(line_of_the_whole_width_stays)
{
    struct tscope_layout layout;
    char *text;

    for (int over = 0; over <= 1; over++) {
        tscope_layout_init(&layout, 40, false);
        tscope_layout_begin(&layout, 0, 4);
        tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, "0123456789 0123456789 0123456789 ");
        tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, over ? "01234567" : "0123456");
        text = finish(&layout);
        ck_assert_str_eq(text, over ? "0123456789 0123456789 0123456789\n    01234567\n" : "0123456789 0123456789 0123456789 0123456\n");
        tscope_free(text);
    }
}
END_TEST

START_TEST(wide_letters_count_double)
{
    struct tscope_layout layout;
    char *text;

    tscope_layout_init(&layout, 40, false);
    tscope_layout_begin(&layout, 0, 0);
    for (int i = 0; i < 21; i++)
        tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, "\xe6\x9d\xb1");
    text = finish(&layout);
    ck_assert_uint_eq(strcspn(text, "\n"), 20 * 3);
    ck_assert_lines_fit(text, 40);
    tscope_free(text);
}
END_TEST

START_TEST(styles_inside_a_word_do_not_part_it)
{
    struct tscope_layout layout;
    char *text;

    tscope_layout_init(&layout, 40, false);
    tscope_layout_begin(&layout, 0, 0);
    tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, "0123456789 0123456789 0123456789 0123");
    tscope_layout_text(&layout, TSCOPE_STYLE_STRONG, "456");
    tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, "7");
    text = finish(&layout);
    ck_assert_str_eq(text, "0123456789 0123456789 0123456789\n01234567\n");
    tscope_free(text);
}
END_TEST

START_TEST(address_parts_behind_a_slash)
{
    struct tscope_layout layout;
    char *text;

    tscope_layout_init(&layout, 40, false);
    tscope_layout_begin(&layout, 0, 2);
    tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, "https://login.example.org/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0");
    text = finish(&layout);
    ck_assert_str_eq(text, "https://login.example.org/\n  9188040d-6c67-4c5b-b112-36a304b66dad/\n  v2.0\n");
    tscope_free(text);
}
END_TEST

/* Whatever is written, every line fits: at each width, with words of each length. */
START_TEST(lines_fit_at_every_width)
{
    unsigned width = 40 + (unsigned)_i;
    struct tscope_layout layout;
    char *text;

    tscope_layout_init(&layout, width, false);
    for (size_t len = 1; len < 300; len += 7) {
        char word[301];

        memset(word, 'x', len);
        word[len] = '\0';
        layout.margin = len % 5 * 2;
        tscope_layout_label(&layout, len % 3 ? "label" : "a label that is longer than its column");
        tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, "some words before a long one: ");
        tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, word);
        tscope_layout_value(&layout, TSCOPE_STYLE_NAME, TSCOPE_SPAN("\xe6\x9d\xb1\xe4\xba\xac \x1b[2J \xff\xe2\x80\xae,"), 100);
        tscope_layout_tab(&layout, 30);
        tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, "and after it");
    }
    text = finish(&layout);
    ck_assert_lines_fit(text, width);
    tscope_free(text);
}
END_TEST

static const struct {
    unsigned given, used;
} widths[] = {{0, 80}, {1, 40}, {39, 40}, {40, 40}, {41, 41}, {120, 120}, {1000, 1000}, {1001, 1000}, {UINT32_MAX, 1000}};

START_TEST(width_is_brought_between_its_bounds)
{
    struct tscope_layout layout;

    tscope_layout_init(&layout, widths[_i].given, false);
    ck_assert_uint_eq(layout.width, widths[_i].used);
}
END_TEST

/* Every control, bidirectional and invisible character, and every byte that is no UTF-8. */
START_TEST(nothing_unsafe_comes_through)
{
    for (uint32_t c = 0; c < 0x11000; c++) {
        struct tscope_layout layout;
        struct tscope_span out;
        uint8_t bytes[4];
        char *text;

        if (c >= 0xd800 && c < 0xe000)
            continue;
        tscope_layout_init(&layout, 80, false);
        tscope_layout_begin(&layout, 0, 0);
        tscope_layout_span(&layout, TSCOPE_STYLE_PLAIN, tscope_span_of(bytes, tscope_text_encode_utf8(c, bytes)));
        tscope_layout_value(&layout, TSCOPE_STYLE_PLAIN, tscope_span_of(bytes, tscope_text_encode_utf8(c, bytes)), 80);
        text = finish(&layout);
        out = tscope_span_of(text, strlen(text) - 1); /* but for the line's end */
        for (size_t at = 0; at < out.len;) {
            uint32_t shown = tscope_text_code_point(out, &at);

            if (shown == UINT32_MAX || tscope_text_is_unsafe(shown))
                ck_abort_msg("U+%04X comes through", (unsigned)c);
        }
        tscope_free(text);
    }
}
END_TEST

static const struct {
    const char *text, *shown;
} values[] = {
    {"", "''"},
    {"1LTMzakihiRla_8z2BEJVXeWMqo", "1LTMzakihiRla_8z2BEJVXeWMqo"},
    {"https://sts.windows.net/{tenantid}/", "https://sts.windows.net/{tenantid}/"},
    {"ada@contoso.example", "ada@contoso.example"},
    {"a b", "'a b'"},
    {"00000003 (Microsoft Graph)", "'00000003 (Microsoft Graph)'"}, /* no word of ours */
    {"a, b", "'a, b'"},
    {"a;b", "'a;b'"},
    {"it's", "'it\\'s'"},
    {"back\\slash", "'back\\\\slash'"},
    {"a\nb", "'a\\x0ab'"},
    {"\x1b[31mred", "'\\x1b[31mred'"},
    {"\xc3\xa9t\xc3\xa9", "'\xc3\xa9t\xc3\xa9'"},
    {"\xe2\x80\xaegnp", "'\\u202egnp'"},
    {"\xff", "'\\xff'"},
    {"0123456789012345", "0123456789012345"},
    {"01234567890123456", "0123456789012345\xe2\x80\xa6"},
    {"0 23456789012345", "'0 23456789012345'"},
    {"0 234567890123456", "'0 23456789012345\xe2\x80\xa6'"},
};

START_TEST(value_is_quoted_unless_it_is_plain)
{
    struct tscope_layout layout;
    char expected[80], *text;

    tscope_layout_init(&layout, 80, false);
    tscope_layout_begin(&layout, 0, 0);
    tscope_layout_value(&layout, TSCOPE_STYLE_PLAIN, tscope_span_text(values[_i].text), strlen(values[_i].text) > 17 ? 80 : 16);
    text = finish(&layout);
    snprintf(expected, sizeof(expected), "%s\n", values[_i].shown);
    ck_assert_str_eq(text, expected);
    tscope_free(text);
}
END_TEST

START_TEST(spaces_of_evidence_are_kept)
{
    struct tscope_layout layout;
    char *text;

    tscope_layout_init(&layout, 80, false);
    tscope_layout_begin(&layout, 0, 0);
    tscope_layout_value(&layout, TSCOPE_STYLE_PLAIN, TSCOPE_SPAN(" a   b "), 80);
    text = finish(&layout);
    ck_assert_str_eq(text, "' a   b '\n");
    tscope_free(text);
}
END_TEST

START_TEST(colour_is_there_only_when_asked_for)
{
    struct tscope_layout layout;
    char *text;

    for (int colour = 0; colour <= 1; colour++) {
        tscope_layout_init(&layout, 40, colour);
        tscope_layout_begin(&layout, 0, 0);
        for (int style = TSCOPE_STYLE_PLAIN; style <= TSCOPE_STYLE_ALARM; style++)
            tscope_layout_text(&layout, (enum tscope_style)style, "some words ");
        text = finish(&layout);
        ck_assert_int_eq(strchr(text, '\033') != NULL, colour);
        tscope_free(text);
    }
}
END_TEST

/* Each line ends in the terminal's own style, so that a line taken out of its report colours nothing else. */
START_TEST(no_style_runs_over_the_end_of_a_line)
{
    struct tscope_layout layout;
    char *text;

    tscope_layout_init(&layout, 40, true);
    tscope_layout_begin(&layout, 0, 2);
    tscope_layout_text(&layout, TSCOPE_STYLE_ALARM, "one two three four five six seven eight nine ten eleven twelve");
    text = finish(&layout);
    for (const char *end = strchr(text, '\n'); end; end = strchr(end + 1, '\n'))
        ck_assert(end - text >= 4 && memcmp(end - 4, "\033[0m", 4) == 0);
    tscope_free(text);
}
END_TEST

START_TEST(blank_line_stands_alone_and_never_first)
{
    struct tscope_layout layout;
    char *text;

    tscope_layout_init(&layout, 40, false);
    tscope_layout_blank(&layout);
    tscope_layout_heading(&layout, "One");
    tscope_layout_blank(&layout);
    tscope_layout_blank(&layout);
    tscope_layout_heading(&layout, "Two");
    text = finish(&layout);
    ck_assert_str_eq(text, "One\n\nTwo\n");
    tscope_free(text);
}
END_TEST

START_TEST(label_past_its_column_gets_a_line_of_its_own)
{
    struct tscope_layout layout;
    char *text;

    tscope_layout_init(&layout, 40, false);
    tscope_layout_label(&layout, "0123456789");
    tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, "here");
    tscope_layout_label(&layout, "0123456789a");
    tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, "there");
    tscope_layout_label(&layout, "0123456789ab");
    tscope_layout_text(&layout, TSCOPE_STYLE_PLAIN, "below");
    text = finish(&layout);
    ck_assert_str_eq(text, "  0123456789 here\n  0123456789a\n             there\n  0123456789ab\n             below\n");
    tscope_free(text);
}
END_TEST

/* The first allocation fails, the second, the third… until the text is whole. */
START_TEST(failed_allocation_is_reported)
{
    for (unsigned long n = 1;; n++) {
        struct tscope_layout layout;
        struct tscope_error err = {0};
        enum tscope_status status;
        char *text = NULL;

        tscope_alloc_fail_from(n);
        tscope_layout_init(&layout, 80, true);
        tscope_layout_heading(&layout, "Heading");
        for (int i = 0; i < 20; i++) {
            tscope_layout_label(&layout, "label");
            tscope_layout_format(&layout, TSCOPE_STYLE_STRONG, "%d words and %s", i, "more of them");
            tscope_layout_value(&layout, TSCOPE_STYLE_PLAIN, TSCOPE_SPAN(" a value"), 80);
        }
        status = tscope_layout_finish(&layout, &text, NULL, &err);
        tscope_alloc_fail_from(0);
        if (status == TSCOPE_OK) {
            ck_assert_uint_gt(n, 3);
            ck_assert_ptr_nonnull(strstr(text, "19 words and more of them"));
            ck_assert_ptr_nonnull(strstr(text, "' a value'"));
            tscope_free(text);
            return;
        }
        ck_assert_int_eq(status, TSCOPE_ERR_NO_MEMORY);
        ck_assert_ptr_null(text);
        ck_assert_uint_lt(n, 1000);
    }
}
END_TEST

static const struct {
    uint64_t seconds;
    const char *words;
} spans[] = {
    {0, "0 s"},
    {1, "1 s"},
    {59, "59 s"},
    {60, "1 min"},
    {61, "1 min 1 s"},
    {3599, "59 min 59 s"},
    {3600, "1 h"},
    {3660, "1 h 1 min"},
    {86400, "1 d"},
    {86400 + 3599, "1 d"},
    {2629800, "1 mo"},
    {31557600, "1 y"},
    {31557599, "11 mo 30 d"},
    {31557600ull * 2 + 2629800ull * 6, "2 y 6 mo"},
    {UINT64_MAX, "584542046090 y 7 mo"},
};

START_TEST(span_is_said_in_two_units_at_most)
{
    char words[TSCOPE_WORDS_MAX];

    tscope_words_span(spans[_i].seconds, words);
    ck_assert_str_eq(words, spans[_i].words);
}
END_TEST

static const struct {
    int64_t time, now;
    const char *words;
} agos[] = {
    {1000, 1000, "just now"},
    {940, 1000, "1 min ago"},
    {1060, 1000, "in 1 min"},
    {INT64_MIN, 1000, ""},
    {1000, INT64_MIN, ""},
    {INT64_MIN, INT64_MIN, ""},
    {INT64_MAX, INT64_MIN + 1, "in 584542046090 y 7 mo"},
    {INT64_MIN + 1, INT64_MAX, "584542046090 y 7 mo ago"},
};

START_TEST(time_is_told_from_now)
{
    char words[TSCOPE_WORDS_MAX];

    tscope_words_ago(agos[_i].time, agos[_i].now, words);
    ck_assert_str_eq(words, agos[_i].words);
}
END_TEST

static const struct {
    int64_t time;
    const char *words, *date;
} times[] = {
    {0, "1970-01-01 00:00:00 UTC", "1970-01-01"},
    {-1, "1969-12-31 23:59:59 UTC", "1969-12-31"},
    {1686823200, "2023-06-15 10:00:00 UTC", "2023-06-15"},
    {INT64_C(253402300799), "9999-12-31 23:59:59 UTC", "9999-12-31"},
    {INT64_C(253402300800), "253402300800 s since 1970", "253402300800 s since 1970"},
    {INT64_MAX, "9223372036854775807 s since 1970", "9223372036854775807 s since 1970"},
    {INT64_MIN + 1, "-9223372036854775807 s since 1970", "-9223372036854775807 s since 1970"},
    {INT64_MIN, "at no known time", "at no known time"},
};

START_TEST(time_is_said_in_utc)
{
    char words[TSCOPE_WORDS_MAX];

    tscope_words_time(times[_i].time, words);
    ck_assert_str_eq(words, times[_i].words);
    tscope_words_date(times[_i].time, words);
    ck_assert_str_eq(words, times[_i].date);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("layout");
    TCase *tcase = tcase_create("layout");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, letters_have_their_columns, 0, TSCOPE_COUNT(columns));
    tcase_add_test(tcase, text_is_as_wide_as_its_letters);
    tcase_add_test(tcase, paragraph_wraps_at_words_under_its_hang);
    tcase_add_test(tcase, line_of_the_whole_width_stays);
    tcase_add_test(tcase, wide_letters_count_double);
    tcase_add_test(tcase, styles_inside_a_word_do_not_part_it);
    tcase_add_test(tcase, address_parts_behind_a_slash);
    tcase_add_loop_test(tcase, lines_fit_at_every_width, 0, 81);
    tcase_add_loop_test(tcase, width_is_brought_between_its_bounds, 0, TSCOPE_COUNT(widths));
    tcase_add_test(tcase, nothing_unsafe_comes_through);
    tcase_add_loop_test(tcase, value_is_quoted_unless_it_is_plain, 0, TSCOPE_COUNT(values));
    tcase_add_test(tcase, spaces_of_evidence_are_kept);
    tcase_add_test(tcase, colour_is_there_only_when_asked_for);
    tcase_add_test(tcase, no_style_runs_over_the_end_of_a_line);
    tcase_add_test(tcase, blank_line_stands_alone_and_never_first);
    tcase_add_test(tcase, label_past_its_column_gets_a_line_of_its_own);
    tcase_add_test(tcase, failed_allocation_is_reported);
    tcase_add_loop_test(tcase, span_is_said_in_two_units_at_most, 0, TSCOPE_COUNT(spans));
    tcase_add_loop_test(tcase, time_is_told_from_now, 0, TSCOPE_COUNT(agos));
    tcase_add_loop_test(tcase, time_is_said_in_utc, 0, TSCOPE_COUNT(times));
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
