/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>

#include "core/alloc.h"
#include "evidence/when.h"

#define NOON INT64_C(1718445600) /* 2024-06-15T10:00:00Z */

static const struct {
    const char *text;
    bool is_utc;
    enum tscope_when when;
    int64_t time;
} times[] = {
    {"2024-06-15T10:00:00Z", false, TSCOPE_WHEN_KNOWN, NOON},
    {"2024-06-15T10:00:00.999999999Z", false, TSCOPE_WHEN_KNOWN, NOON},
    {" 2024-06-15t10:00:00z ", false, TSCOPE_WHEN_KNOWN, NOON},
    {"2024-06-15 12:00:00+02:00", false, TSCOPE_WHEN_KNOWN, NOON},
    {"2024-06-15 12:00:00 +02:00", false, TSCOPE_WHEN_KNOWN, NOON},
    {"2024-06-15 12:00:00,5 +0200", false, TSCOPE_WHEN_KNOWN, NOON},
    {"2024-06-15 05:00:00 -0500", false, TSCOPE_WHEN_KNOWN, NOON},
    {"2024-06-15 10:00:00 UTC", false, TSCOPE_WHEN_KNOWN, NOON},
    {"2024-06-15T10:00:00", false, TSCOPE_WHEN_ZONELESS, NOON},
    {"2024-06-15T10:00:00", true, TSCOPE_WHEN_KNOWN, NOON},
    {"2024-06-15T10:00", false, TSCOPE_WHEN_ZONELESS, NOON},
    {"2024-06-15", false, TSCOPE_WHEN_NONE, 0}, /* a day is no moment */
    {"2024-02-30T10:00:00Z", false, TSCOPE_WHEN_NONE, 0},
    {"15/Jun/2024:12:00:00 +0200", false, TSCOPE_WHEN_KNOWN, NOON},
    {"15/Jun/2024:12:00:00", false, TSCOPE_WHEN_NONE, 0},
    {"15/Jux/2024:12:00:00 +0200", false, TSCOPE_WHEN_NONE, 0},
    {"31/Jun/2024:12:00:00 +0200", false, TSCOPE_WHEN_NONE, 0},
    {"Sat, 15 Jun 2024 10:00:00 GMT", false, TSCOPE_WHEN_KNOWN, NOON},
    {"Sat, 15 Jun 2024 12:00:00 +0200", false, TSCOPE_WHEN_KNOWN, NOON},
    {"Sat, 15 Jun 2024 12:00:00 CEST", false, TSCOPE_WHEN_NONE, 0},
    {"1718445600", false, TSCOPE_WHEN_KNOWN, NOON},
    {"1718445600.75", false, TSCOPE_WHEN_KNOWN, NOON},
    {"1718445600123", false, TSCOPE_WHEN_KNOWN, NOON},
    {"1718445600123456", false, TSCOPE_WHEN_KNOWN, NOON},
    {"1718445600123456789", false, TSCOPE_WHEN_KNOWN, NOON},
    {"946684799", false, TSCOPE_WHEN_NONE, 0},
    {"946684800", false, TSCOPE_WHEN_KNOWN, 946684800},
    {"946684801", false, TSCOPE_WHEN_KNOWN, 946684801},
    {"4102444799", false, TSCOPE_WHEN_KNOWN, 4102444799},
    {"4102444800", false, TSCOPE_WHEN_KNOWN, 4102444800},
    {"4102444801", false, TSCOPE_WHEN_NONE, 0}, /* neither seconds nor, then of 1970, milliseconds */
    {"9999999999999999999", false, TSCOPE_WHEN_NONE, 0},
    {"99999999999999999999", false, TSCOPE_WHEN_NONE, 0},
    {"0001-01-01T00:00:00Z", false, TSCOPE_WHEN_NONE, 0}, /* no time at all, of .NET */
    {"0001-01-01T00:00:00", true, TSCOPE_WHEN_NONE, 0},
    {"0001-01-01T00:00:00", false, TSCOPE_WHEN_NONE, 0},
    {"1970-01-01T00:00:00Z", false, TSCOPE_WHEN_NONE, 0},
    {"9999-12-31T23:59:59.9999999Z", false, TSCOPE_WHEN_NONE, 0},
    {"1999-12-31T23:59:59Z", false, TSCOPE_WHEN_NONE, 0},
    {"2000-01-01T00:00:00Z", false, TSCOPE_WHEN_KNOWN, 946684800},
    {"2000-01-01T00:00:01Z", false, TSCOPE_WHEN_KNOWN, 946684801},
    {"2000-01-01T00:59:59+01:00", false, TSCOPE_WHEN_NONE, 0},
    {"2099-12-31T23:59:59Z", false, TSCOPE_WHEN_KNOWN, 4102444799},
    {"2100-01-01T00:00:00Z", false, TSCOPE_WHEN_KNOWN, 4102444800},
    {"2100-01-01T00:00:01Z", false, TSCOPE_WHEN_NONE, 0},
    {"01/Jan/1970:00:00:00 +0000", false, TSCOPE_WHEN_NONE, 0},
    {"Thu, 01 Jan 1970 00:00:00 GMT", false, TSCOPE_WHEN_NONE, 0},
    {"1718445600x", false, TSCOPE_WHEN_NONE, 0},
    {"-1718445600", false, TSCOPE_WHEN_NONE, 0},
    {"12.5", false, TSCOPE_WHEN_NONE, 0},
    {"5/18/2021 9:13:33 PM", true, TSCOPE_WHEN_ZONELESS, 0}, /* day and month may be either */
    {"18.05.2021 21:13", false, TSCOPE_WHEN_ZONELESS, 0},
    {"2021/05/18 21:13:33", false, TSCOPE_WHEN_ZONELESS, 0},
    {"1.2.3.4:5", false, TSCOPE_WHEN_NONE, 0},
    {"yesterday", false, TSCOPE_WHEN_NONE, 0},
    {"", false, TSCOPE_WHEN_NONE, 0},
};

START_TEST(times_are_read)
{
    int64_t time = 0;

    ck_assert_int_eq(tscope_when_read(tscope_span_text(times[_i].text), times[_i].is_utc, &time), times[_i].when);
    if (times[_i].time)
        ck_assert_int_eq(time, times[_i].time);
}
END_TEST

/* No prefix reads past its end, and none is a later moment than it says. */
START_TEST(prefixes_are_read)
{
    size_t len = strlen(times[_i].text);

    for (size_t cut = 0; cut < len; cut++) {
        uint8_t *exact = tscope_alloc(cut);
        int64_t time = 0;

        memcpy(exact, times[_i].text, cut);
        if (tscope_when_read(tscope_span_of(exact, cut), true, &time) == TSCOPE_WHEN_KNOWN)
            ck_assert(time >= 946684800 && time <= 4102444800);
        tscope_free(exact);
    }
}
END_TEST

START_TEST(names_are_ranked)
{
    ck_assert_uint_lt(tscope_when_field_rank(TSCOPE_SPAN("startedDateTime")), tscope_when_field_rank(TSCOPE_SPAN("time")));
    ck_assert_uint_lt(tscope_when_field_rank(TSCOPE_SPAN("CreationTime")), tscope_when_field_rank(TSCOPE_SPAN("CreationDate")));
    ck_assert_uint_eq(tscope_when_field_rank(TSCOPE_SPAN("IssuedAtTime")), SIZE_MAX);
    ck_assert_uint_eq(tscope_when_field_rank(TSCOPE_SPAN("")), SIZE_MAX);
    ck_assert_uint_eq(tscope_when_field_rank(TSCOPE_SPAN("a name that is as long as no name of a time is")), SIZE_MAX);
    for (size_t rank = 0; tscope_when_field_at(rank); rank++)
        ck_assert_uint_eq(tscope_when_field_rank(tscope_span_text(tscope_when_field_at(rank)->name)), rank);
    ck_assert_ptr_null(tscope_when_field_at(SIZE_MAX));
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("when");
    TCase *tcase = tcase_create("when");

    tcase_add_loop_test(tcase, times_are_read, 0, (int)TSCOPE_COUNT(times));
    tcase_add_loop_test(tcase, prefixes_are_read, 0, (int)TSCOPE_COUNT(times));
    tcase_add_test(tcase, names_are_ranked);
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
