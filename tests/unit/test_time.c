/* SPDX-License-Identifier: Apache-2.0 */
#include "core/time.h"

#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"

static bool
parse(const char *text, int64_t *ret_time)
{
    size_t len = strlen(text);
    char *copy = tscope_alloc(len);
    bool parsed;

    memcpy(copy, text, len);
    parsed = tscope_time_parse(tscope_span_of(copy, len), ret_time);
    tscope_free(copy);
    return parsed;
}

static const struct {
    const char *text;
    int64_t time;
} read[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"2023-06-15T10:00:00Z", 1686823200},
    {"2023-06-15t10:00:00z", 1686823200},
    {"2023-06-15 10:00:00", 1686823200},
    {"2023-06-15T10:00:00", 1686823200},
    {"2023-06-15T12:00:00+02:00", 1686823200},
    {"2023-06-15T05:30:00-04:30", 1686823200},
    {"2023-06-15T12:00:00+0200", 1686823200},
    {"2023-06-15T10:00:00.999999999Z", 1686823200},
    {"2023-06-15T10:00:00,5+00:00", 1686823200},
    {"2023-06-15", 1686787200},
    {"2016-04-05T14:43:35Z", 1459867415},
    {"2016-12-31T23:59:60Z", 1483228800}, /* a leap second */
    {"2000-02-29", 951782400},
    {"1969-12-31T23:59:59Z", -1},
    {"0000-01-01T00:00:00Z", INT64_C(-62167219200)},
    {"9999-12-31T23:59:59Z", INT64_C(253402300799)},
    {"0", 0},
    {"1686823200", 1686823200},
    {"1686823200.75", 1686823200},
    {"-5", -5},
    {"999999999999999", INT64_C(999999999999999)},
};

START_TEST(time_is_read)
{
    int64_t time = 77;

    ck_assert(parse(read[_i].text, &time));
    ck_assert_int_eq(time, read[_i].time);
}
END_TEST

static const char *const refused[] = {
    "",
    " ",
    "-",
    "Z",
    ".",
    ".5",
    "5.",
    "1.5.5",
    "1e9",
    "0x10",
    "+5",
    "--5",
    " 5",
    "5 ",
    "9999999999999999",
    "now",
    "2023-06-15T",
    "2023-06-15 ",
    "2023-02-29",
    "1900-02-29",
    "2023-02-30",
    "2023-04-31",
    "2023-13-01",
    "2023-00-01",
    "2023-01-00",
    "2023-1-01",
    "23-01-01",
    "20230-01-01",
    "2023-06-15T24:00:00Z",
    "2023-06-15T10:60:00Z",
    "2023-06-15T10:00:61Z",
    "2023-06-15T10:00:00ZZ",
    "2023-06-15T10:00:00+",
    "2023-06-15T10",
    "2023-06-15T10:00:00+2",
    "2023-06-15T10:00:00+24:00",
    "2023-06-15T10:00:00+00:60",
    "2023-06-15T10:00:00.Z",
    "2023/06/15",
    "2023-06-15X10:00:00Z",
    "2023-06-15T10:00:00 UTC",
    "2023-06-15T1:00:00Z",
    "-2023-06-15",
    "Thu, 15 Jun 2023 10:00:00 GMT",
};

START_TEST(what_is_no_time_is_refused)
{
    int64_t time = 77;

    ck_assert_msg(!parse(refused[_i], &time), "%s", refused[_i]);
    ck_assert_int_eq(time, 77);
}
END_TEST

START_TEST(every_prefix_is_read_or_refused_in_bounds)
{
    const char *full = "2023-06-15T10:00:00.5+02:00";

    for (size_t len = 0; len < strlen(full); len++) {
        char *copy = tscope_alloc(len);
        int64_t time;

        memcpy(copy, full, len);
        tscope_time_parse(tscope_span_of(copy, len), &time);
        tscope_free(copy);
    }
}
END_TEST

static const struct {
    int64_t time;
    const char *text;
} written[] = {
    {0, "1970-01-01T00:00:00Z"},
    {-1, "1969-12-31T23:59:59Z"},
    {1459867415, "2016-04-05T14:43:35Z"},
    {951782400, "2000-02-29T00:00:00Z"},
    {INT64_C(-62167219200), "0000-01-01T00:00:00Z"},
    {INT64_C(-62167219201), "-62167219201"},
    {INT64_C(253402300799), "9999-12-31T23:59:59Z"},
    {INT64_C(253402300800), "253402300800"},
    {INT64_MAX, "9223372036854775807"},
    {INT64_MIN + 1, "-9223372036854775807"},
    {TSCOPE_TIME_NONE, "-"},
};

START_TEST(time_is_written)
{
    char text[TSCOPE_TIME_TEXT_MAX];

    tscope_time_format(written[_i].time, text);
    ck_assert_str_eq(text, written[_i].text);
}
END_TEST

START_TEST(every_day_goes_there_and_back)
{
    int64_t expected = INT64_C(-62167219200);
    char text[TSCOPE_TIME_TEXT_MAX];

    for (int year = 0; year <= 9999; year += year < 2200 && year > 1580 ? 1 : 13) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= 31; day += 3) {
                int64_t days, time;

                if (!tscope_time_from_civil(year, month, day, &days))
                    continue;
                ck_assert_int_gt(days * 86400 + 1, expected);
                expected = days * 86400;
                tscope_time_format(expected + 86399, text);
                ck_assert(tscope_time_parse(tscope_span_text(text), &time));
                ck_assert_int_eq(time, expected + 86399);
            }
        }
    }
}
END_TEST

START_TEST(no_such_day_is_refused)
{
    int64_t days;

    ck_assert(!tscope_time_from_civil(2023, 2, 29, &days));
    ck_assert(!tscope_time_from_civil(2023, 0, 1, &days));
    ck_assert(!tscope_time_from_civil(2023, 13, 1, &days));
    ck_assert(!tscope_time_from_civil(2023, 1, 0, &days));
    ck_assert(!tscope_time_from_civil(2023, 1, 32, &days));
    ck_assert(!tscope_time_from_civil(-1, 1, 1, &days));
    ck_assert(!tscope_time_from_civil(10000, 1, 1, &days));
    ck_assert(tscope_time_from_civil(1970, 1, 1, &days));
    ck_assert_int_eq(days, 0);
}
END_TEST

static const struct {
    int64_t seconds;
    const char *text;
} spans[] = {
    {0, "0 s"},           {1, "1 s"},     {59, "59 s"},   {60, "1 min"},      {61, "1 min 1 s"}, {3600, "1 h"},
    {18180, "5 h 3 min"}, {86400, "1 d"}, {86401, "1 d"}, {90000, "1 d 1 h"}, {31557600, "1 y"}, {31557600 * 2 + 86400 * 39, "2 y 39 d"},
    {3601, "1 h"},
};

START_TEST(duration_has_two_units_at_most)
{
    char text[TSCOPE_TIME_TEXT_MAX];

    tscope_time_format_span(spans[_i].seconds, text);
    ck_assert_str_eq(text, spans[_i].text);
}
END_TEST

START_TEST(longest_duration_fits)
{
    char *text = tscope_alloc(TSCOPE_TIME_TEXT_MAX);

    tscope_time_format_span(INT64_MAX, text);
    ck_assert_uint_lt(strlen(text), TSCOPE_TIME_TEXT_MAX - 1);
    tscope_free(text);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("time");
    TCase *tcase = tcase_create("time");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, time_is_read, 0, TSCOPE_COUNT(read));
    tcase_add_loop_test(tcase, what_is_no_time_is_refused, 0, TSCOPE_COUNT(refused));
    tcase_add_test(tcase, every_prefix_is_read_or_refused_in_bounds);
    tcase_add_loop_test(tcase, time_is_written, 0, TSCOPE_COUNT(written));
    tcase_add_test(tcase, every_day_goes_there_and_back);
    tcase_add_test(tcase, no_such_day_is_refused);
    tcase_add_loop_test(tcase, duration_has_two_units_at_most, 0, TSCOPE_COUNT(spans));
    tcase_add_test(tcase, longest_duration_fits);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
