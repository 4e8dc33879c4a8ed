/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/correlate.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/time.h"

#define TENANT "11111111-2222-4333-8444-555555555555"
#define APP "66666666-7777-4888-8999-aaaaaaaaaaaa"
#define BEGIN INT64_C(1777593600) /* 2026-05-01 */
#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)
#define ROWS 40 /* tokens of the ordinary kind, an hour apart */

static tscope_ledger *ledger;
static tscope_correlation *correlation;

static void
make_ledger(void)
{
    ck_assert_int_eq(tscope_ledger_new(&ledger, NULL), TSCOPE_OK);
}

static void
free_ledger(void)
{
    tscope_correlation_free(correlation);
    correlation = NULL;
    tscope_ledger_free(ledger);
    ledger = NULL;
}

static void
make_id(struct tscope_record *record, unsigned number)
{
    static const uint8_t random[16] = {0x3a, 0x91, 0x5c, 0xe7, 0x12, 0x84, 0xdb, 0x4f, 0x9e, 0x60, 0x2b, 0xf5, 0x77, 0x08, 0xc3, 0x00};

    memcpy(record->uti, random, sizeof(random));
    record->uti[0] = (uint8_t)number;
    record->uti[1] = (uint8_t)(number >> 8);
    record->has_uti = true;
}

static void
add(const struct tscope_record *record)
{
    ck_assert_int_eq(tscope_ledger_add_record(ledger, record, (uint32_t)ledger->events_len, 1, NULL), TSCOPE_OK);
}

static void
sign_in(enum tscope_log_category category, unsigned number, int64_t time)
{
    struct tscope_record record = {.category = category, .flags = TSCOPE_RECORD_ISSUE, .time = time, .iat = TSCOPE_TIME_NONE, .count = 1};

    make_id(&record, number);
    record.oid = TSCOPE_SPAN("bbbbbbbb-cccc-4ddd-8eee-ffffffffffff");
    record.user = TSCOPE_SPAN("ann@example.com");
    record.tenant = record.token_tenant = TSCOPE_SPAN(TENANT);
    record.app = TSCOPE_SPAN(APP);
    add(&record);
}

static struct tscope_record
use_of(unsigned number, int64_t iat)
{
    struct tscope_record record = {.category = TSCOPE_CATEGORY_AUDIT,
                                   .flags = TSCOPE_RECORD_USE | TSCOPE_RECORD_MAIL | TSCOPE_RECORD_EXCHANGE,
                                   .time = iat + 600,
                                   .iat = iat,
                                   .count = 1};

    make_id(&record, number);
    record.oid = TSCOPE_SPAN("bbbbbbbb-cccc-4ddd-8eee-ffffffffffff");
    record.user = TSCOPE_SPAN("ann@example.com");
    record.tenant = record.token_tenant = TSCOPE_SPAN(TENANT);
    record.app = record.token_app = TSCOPE_SPAN(APP);
    record.session = TSCOPE_SPAN("0f0f0f0f-0000-4000-8000-000000000001");
    record.mailbox = TSCOPE_SPAN("ann@example.com");
    return record;
}

/* Two days of sign-ins of every kind but one, an hour apart, and a use of each token. */
static void
fill(enum tscope_log_category without, unsigned tokens)
{
    for (int category = TSCOPE_CATEGORY_INTERACTIVE; category <= TSCOPE_CATEGORY_MANAGED_IDENTITY; category++) {
        for (unsigned i = 0; i <= 48 && category != (int)without; i++)
            sign_in((enum tscope_log_category)category, (unsigned)category * 256 + i, BEGIN + i * HOUR);
    }
    for (unsigned i = 1; i <= tokens; i++) {
        struct tscope_record record = use_of(TSCOPE_CATEGORY_INTERACTIVE * 256 + i, BEGIN + i * HOUR);

        add(&record);
    }
}

static bool
is_every_source_cut(void *user, uint32_t source)
{
    (void)user;
    (void)source;
    return true;
}

static const struct tscope_join *
correlate(unsigned number, unsigned complete, tscope_source_is_cut is_cut)
{
    const struct tscope_correlate_options options = {.complete = complete};
    struct tscope_record wanted = {.count = 1};
    tscope_coverage *coverage = NULL;

    make_id(&wanted, number);
    ck_assert_int_eq(tscope_coverage_new(ledger, is_cut, NULL, &coverage, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_correlate(ledger, coverage, &options, &correlation, NULL), TSCOPE_OK);
    return tscope_correlation_find(correlation, wanted.uti);
}

static void
expect_reason(const struct tscope_join *join, enum tscope_join_reason reason)
{
    ck_assert_ptr_nonnull(join);
    ck_assert_int_eq(join->verdict, TSCOPE_JOIN_NOT_JOINABLE);
    ck_assert_str_eq(tscope_join_reason_id((enum tscope_join_reason)join->reason), tscope_join_reason_id(reason));
}

#define FORGED 9999

static void
add_forged(int64_t iat)
{
    struct tscope_record record = use_of(FORGED, iat);

    add(&record);
}

START_TEST(id_without_sign_in_is_unmatched_in_coverage)
{
    const struct tscope_join *join;

    fill(TSCOPE_CATEGORY_NONE, ROWS);
    add_forged(BEGIN + DAY + 100);
    join = correlate(FORGED, 0, NULL);
    ck_assert_ptr_nonnull(join);
    ck_assert_int_eq(join->verdict, TSCOPE_JOIN_UNMATCHED);
    ck_assert_uint_eq(join->others, ROWS);
    ck_assert_uint_eq(join->others_joined, ROWS);
    ck_assert_uint_eq(correlation->suspects_len, 1);
    ck_assert_uint_eq(correlation->uses.verdicts[TSCOPE_JOIN_JOINED], ROWS);
    ck_assert_uint_eq(correlation->uses.verdicts[TSCOPE_JOIN_UNMATCHED], 1);
}
END_TEST

START_TEST(missing_category_is_named)
{
    const struct tscope_join *join;

    fill((enum tscope_log_category)_i, ROWS);
    add_forged(BEGIN + DAY + 100);
    join = correlate(FORGED, 0, NULL);
    expect_reason(join, TSCOPE_JOIN_REASON_CATEGORY);
    ck_assert_uint_eq(join->missing, 1u << _i);
}
END_TEST

START_TEST(examiner_may_state_that_a_log_is_complete)
{
    fill(TSCOPE_CATEGORY_MANAGED_IDENTITY, ROWS);
    add_forged(BEGIN + DAY + 100);
    ck_assert_int_eq(correlate(FORGED, 1u << TSCOPE_CATEGORY_MANAGED_IDENTITY, NULL)->verdict, TSCOPE_JOIN_UNMATCHED);
}
END_TEST

static const struct {
    int64_t iat; /* of BEGIN */
    enum tscope_join_reason reason;
} edges[] = {
    {599, TSCOPE_JOIN_REASON_BEFORE},
    {600, TSCOPE_JOIN_REASON_NONE},
    {2 * DAY - 2 * HOUR, TSCOPE_JOIN_REASON_NONE},
    {2 * DAY - 2 * HOUR + 1, TSCOPE_JOIN_REASON_AFTER},
};

START_TEST(coverage_ends_where_logs_do)
{
    const struct tscope_join *join;

    fill(TSCOPE_CATEGORY_NONE, ROWS);
    add_forged(BEGIN + edges[_i].iat);
    join = correlate(FORGED, 0, NULL);
    if (edges[_i].reason == TSCOPE_JOIN_REASON_NONE)
        ck_assert_int_eq(join->verdict, TSCOPE_JOIN_UNMATCHED);
    else
        expect_reason(join, edges[_i].reason);
}
END_TEST

/* Without a time of issue all of the 28 hours before the use must be covered. */
START_TEST(unknown_issue_needs_a_days_coverage)
{
    struct tscope_record record = use_of(FORGED, TSCOPE_TIME_NONE);

    fill(TSCOPE_CATEGORY_NONE, ROWS);
    record.time = BEGIN + 28 * HOUR + 600 - (_i == 0);
    add(&record);
    if (_i == 0)
        expect_reason(correlate(FORGED, 0, NULL), TSCOPE_JOIN_REASON_BEFORE);
    else
        ck_assert_int_eq(correlate(FORGED, 0, NULL)->verdict, TSCOPE_JOIN_UNMATCHED);
}
END_TEST

/* Of SharePoint a cookie may be older than any token. */
START_TEST(session_without_time_of_issue_is_not_judged)
{
    struct tscope_record record = use_of(FORGED, TSCOPE_TIME_NONE);

    fill(TSCOPE_CATEGORY_NONE, ROWS);
    record.flags = TSCOPE_RECORD_USE;
    record.category = _i == 0 ? TSCOPE_CATEGORY_AUDIT : TSCOPE_CATEGORY_GRAPH;
    record.time = BEGIN + 30 * HOUR;
    add(&record);
    if (_i == 0)
        expect_reason(correlate(FORGED, 0, NULL), TSCOPE_JOIN_REASON_NO_TIME);
    else
        ck_assert_int_eq(correlate(FORGED, 0, NULL)->verdict, TSCOPE_JOIN_UNMATCHED);
}
END_TEST

static const struct {
    const char *oid;
    int64_t time; /* of the issue */
    enum tscope_join_reason reason;
} masked[] = {
    {"bbbbbbbb-cccc-4ddd-8eee-ffffffffffff", -600, TSCOPE_JOIN_REASON_UNREAD},
    {"bbbbbbbb-cccc-4ddd-8eee-ffffffffffff", 600, TSCOPE_JOIN_REASON_UNREAD},
    {NULL, 0, TSCOPE_JOIN_REASON_UNREAD},
    {"bbbbbbbb-cccc-4ddd-8eee-ffffffffffff", -601, TSCOPE_JOIN_REASON_NONE},
    {"bbbbbbbb-cccc-4ddd-8eee-ffffffffffff", 601, TSCOPE_JOIN_REASON_NONE},
    {"dddddddd-cccc-4ddd-8eee-ffffffffffff", 0, TSCOPE_JOIN_REASON_NONE},
};

START_TEST(masked_sign_in_may_be_the_one)
{
    struct tscope_record record = {.category = TSCOPE_CATEGORY_INTERACTIVE,
                                   .flags = TSCOPE_RECORD_ISSUE | TSCOPE_RECORD_ODD_ID,
                                   .time = BEGIN + DAY + 100 + masked[_i].time,
                                   .iat = TSCOPE_TIME_NONE,
                                   .count = 1};

    fill(TSCOPE_CATEGORY_NONE, ROWS);
    add_forged(BEGIN + DAY + 100);
    record.oid = tscope_span_text(masked[_i].oid);
    record.tenant = record.token_tenant = TSCOPE_SPAN(TENANT);
    add(&record);
    if (masked[_i].reason == TSCOPE_JOIN_REASON_NONE)
        ck_assert_int_eq(correlate(FORGED, 0, NULL)->verdict, TSCOPE_JOIN_UNMATCHED);
    else
        expect_reason(correlate(FORGED, 0, NULL), masked[_i].reason);
}
END_TEST

/* An application that never signs in may be a service of Microsoft's; one that does is like others that do. */
START_TEST(application_that_never_signs_in_is_alone)
{
    struct tscope_record record = use_of(FORGED, BEGIN + DAY + 100);

    fill(TSCOPE_CATEGORY_NONE, ROWS);
    record.app = record.token_app = TSCOPE_SPAN("77777777-7777-4888-8999-aaaaaaaaaaaa");
    add(&record);
    if (_i == 1) {
        struct tscope_record other = {.category = TSCOPE_CATEGORY_INTERACTIVE,
                                      .flags = TSCOPE_RECORD_ISSUE,
                                      .time = BEGIN + HOUR,
                                      .iat = TSCOPE_TIME_NONE,
                                      .count = 1};

        make_id(&other, 7000);
        other.app = record.app;
        other.oid = record.oid;
        other.tenant = other.token_tenant = TSCOPE_SPAN(TENANT);
        add(&other);
        ck_assert_int_eq(correlate(FORGED, 0, NULL)->verdict, TSCOPE_JOIN_UNMATCHED);
    } else {
        expect_reason(correlate(FORGED, 0, NULL), TSCOPE_JOIN_REASON_FEW);
    }
}
END_TEST

START_TEST(cut_export_proves_nothing)
{
    fill(TSCOPE_CATEGORY_NONE, ROWS);
    add_forged(BEGIN + DAY + 100);
    expect_reason(correlate(FORGED, 0, is_every_source_cut), TSCOPE_JOIN_REASON_CUT);
}
END_TEST

START_TEST(others_must_be_twenty)
{
    fill(TSCOPE_CATEGORY_NONE, 19u + (unsigned)_i);
    add_forged(BEGIN + DAY + 100);
    if (_i == 0)
        expect_reason(correlate(FORGED, 0, NULL), TSCOPE_JOIN_REASON_FEW);
    else
        ck_assert_int_eq(correlate(FORGED, 0, NULL)->verdict, TSCOPE_JOIN_UNMATCHED);
}
END_TEST

/* Of 40 others 38 are 95 %: 38 and two that do not, and 38 and three. */
START_TEST(others_must_join)
{
    fill(TSCOPE_CATEGORY_NONE, 38);
    add_forged(BEGIN + DAY + 100);
    for (unsigned i = 0; i < 2u + (unsigned)_i; i++) {
        struct tscope_record record = use_of(FORGED + 1 + i, BEGIN + (4 + i * 3) * HOUR);

        add(&record);
    }
    if (_i == 1)
        expect_reason(correlate(FORGED, 0, NULL), TSCOPE_JOIN_REASON_RATE);
    else
        ck_assert_int_eq(correlate(FORGED, 0, NULL)->verdict, TSCOPE_JOIN_UNMATCHED);
}
END_TEST

/* A token every ten minutes beside the ordinary ones: 300 others with those that do not join. */
static void
fill_densely(unsigned missing)
{
    fill(TSCOPE_CATEGORY_NONE, ROWS);
    for (unsigned i = 0; i < 300 - ROWS - missing; i++) {
        struct tscope_record record = use_of(20000 + i, BEGIN + HOUR + i * 600);

        sign_in(TSCOPE_CATEGORY_NON_INTERACTIVE, 20000 + i, BEGIN + HOUR + i * 600);
        add(&record);
    }
    add_forged(BEGIN + DAY + 100);
}

/* Of 300 others six are two in a hundred. */
START_TEST(rows_lost_here_and_there_are_doubt)
{
    fill_densely(6);
    for (unsigned i = 0; i < 6u + (unsigned)_i; i++) {
        struct tscope_record record = use_of(FORGED + 1 + i, BEGIN + (4 + i * 2) * HOUR + 300);

        add(&record);
    }
    if (_i == 1)
        expect_reason(correlate(FORGED, 0, NULL), TSCOPE_JOIN_REASON_RATE);
    else
        ck_assert_int_eq(correlate(FORGED, 0, NULL)->verdict, TSCOPE_JOIN_UNMATCHED);
}
END_TEST

/* Two of the same hour that do not join, and three. */
START_TEST(hour_must_join)
{
    fill_densely(3);
    for (unsigned i = 0; i < 2u + (unsigned)_i; i++) {
        struct tscope_record record = use_of(FORGED + 1 + i, BEGIN + DAY + 900 + i * 600);

        add(&record);
    }
    if (_i == 1)
        expect_reason(correlate(FORGED, 0, NULL), TSCOPE_JOIN_REASON_RATE);
    else
        ck_assert_int_eq(correlate(FORGED, 0, NULL)->verdict, TSCOPE_JOIN_UNMATCHED);
}
END_TEST

/* The one before or behind does not join: within an hour, a second later than that, at the same time. */
START_TEST(neighbours_must_join)
{
    static const int64_t distances[] = {1, HOUR, -HOUR, HOUR + 1, -HOUR - 1, 0};
    struct tscope_record record = use_of(FORGED + 1, BEGIN + 30 * HOUR + distances[_i]);

    fill(TSCOPE_CATEGORY_NONE, 20);
    add_forged(BEGIN + 30 * HOUR);
    add(&record);
    if (_i < 3)
        expect_reason(correlate(FORGED, 0, NULL), TSCOPE_JOIN_REASON_RATE);
    else
        ck_assert_int_eq(correlate(FORGED, 0, NULL)->verdict, TSCOPE_JOIN_UNMATCHED);
}
END_TEST

START_TEST(strangers_and_guests_are_not_judged)
{
    struct tscope_record stranger = use_of(FORGED, BEGIN + DAY), guest = use_of(FORGED + 1, BEGIN + DAY),
                         partner = use_of(FORGED + 2, BEGIN + DAY), elsewhere = use_of(FORGED + 3, BEGIN + DAY);
    struct tscope_record wanted = {.count = 1};

    fill(TSCOPE_CATEGORY_NONE, ROWS);
    stranger.oid = TSCOPE_SPAN("dddddddd-cccc-4ddd-8eee-ffffffffffff");
    guest.flags |= TSCOPE_RECORD_GUEST;
    partner.flags |= TSCOPE_RECORD_PARTNER;
    elsewhere.token_tenant = TSCOPE_SPAN("22222222-2222-4333-8444-555555555555");
    add(&stranger);
    add(&guest);
    add(&partner);
    add(&elsewhere);
    expect_reason(correlate(FORGED, 0, NULL), TSCOPE_JOIN_REASON_STRANGER);
    make_id(&wanted, FORGED + 1);
    expect_reason(tscope_correlation_find(correlation, wanted.uti), TSCOPE_JOIN_REASON_GUEST);
    make_id(&wanted, FORGED + 2);
    expect_reason(tscope_correlation_find(correlation, wanted.uti), TSCOPE_JOIN_REASON_PARTNER);
    make_id(&wanted, FORGED + 3);
    expect_reason(tscope_correlation_find(correlation, wanted.uti), TSCOPE_JOIN_REASON_OTHER_TENANT);
}
END_TEST

START_TEST(logs_without_sign_ins_prove_nothing)
{
    add_forged(BEGIN);
    expect_reason(correlate(FORGED, 0, NULL), TSCOPE_JOIN_REASON_NO_SIGN_INS);
    ck_assert_uint_eq(correlation->suspects_len, 0);
}
END_TEST

START_TEST(empty_ledger_is_an_answer)
{
    ck_assert_ptr_null(correlate(FORGED, 0, NULL));
    ck_assert_uint_eq(correlation->joins_len, 0);
    ck_assert_uint_eq(correlation->coverage->logs_len, 0);
}
END_TEST

/* A name that stands for one object id is that user; for two it is nobody. */
START_TEST(user_is_known_by_name)
{
    struct tscope_record other = use_of(TSCOPE_CATEGORY_INTERACTIVE * 256 + 1, BEGIN + HOUR);

    fill(TSCOPE_CATEGORY_NONE, ROWS);
    for (unsigned i = 0; i < 1u + (unsigned)_i; i++) {
        struct tscope_record record = {
            .category = TSCOPE_CATEGORY_INTERACTIVE, .flags = TSCOPE_RECORD_ISSUE, .time = BEGIN + 5, .iat = TSCOPE_TIME_NONE, .count = 1};

        make_id(&record, 5000 + i);
        record.user = TSCOPE_SPAN("BEN@example.com");
        record.oid = i == 0 ? TSCOPE_SPAN("eeeeeeee-cccc-4ddd-8eee-ffffffffffff") : TSCOPE_SPAN("ffffffff-cccc-4ddd-8eee-ffffffffffff");
        record.token_tenant = TSCOPE_SPAN(TENANT);
        add(&record);
    }
    other.oid = (struct tscope_span){NULL, 0};
    other.user = TSCOPE_SPAN("ben@example.com");
    add(&other);
    ck_assert_uint_eq(correlate(TSCOPE_CATEGORY_INTERACTIVE * 256 + 1, 0, NULL)->contradictions, _i == 0 ? TSCOPE_CONTRADICTION_USER : 0);
}
END_TEST

START_TEST(record_without_id_may_contradict_itself)
{
    struct tscope_record record = use_of(FORGED, BEGIN);

    record.has_uti = false;
    record.token_tenant = TSCOPE_SPAN("9188040D-6c67-4c5b-b112-36a304b66dad");
    add(&record);
    record.token_tenant = TSCOPE_SPAN(TENANT);
    add(&record);
    ck_assert_ptr_null(correlate(FORGED, 0, NULL));
    ck_assert_uint_eq(correlation->suspects_len, 1);
    ck_assert_uint_eq(correlation->uses.verdicts[TSCOPE_JOIN_CONTRADICTION], 1);
    ck_assert_uint_eq(correlation->uses.reasons[TSCOPE_JOIN_REASON_NO_ID], 1);
}
END_TEST

/* Obtained with a suspect token by Exchange's own record, and by the session. */
START_TEST(derived_tokens_are_leads)
{
    struct tscope_record obtained = use_of(FORGED, BEGIN + DAY + 100), later = use_of(FORGED + 1, BEGIN + DAY + 1000);
    size_t direct = 0, by_session = 0;

    fill(TSCOPE_CATEGORY_NONE, ROWS);
    add_forged(BEGIN + DAY + 100);
    obtained.flags = TSCOPE_RECORD_USE | TSCOPE_RECORD_OWA_TOKEN;
    obtained.time += 10;
    obtained.request = TSCOPE_SPAN("445945de-2d4f-4816-a71e-d3c0eff10500");
    add(&obtained);
    ck_assert_int_eq(tscope_token_id_read(TSCOPE_SPAN("3kVZRE8tFkinHtPA7_EFAA"), later.uti), TSCOPE_TOKEN_ID_BYTES_READ);
    add(&later);
    ck_assert_int_eq(correlate(FORGED, 0, NULL)->verdict, TSCOPE_JOIN_UNMATCHED);
    ck_assert_int_eq(tscope_correlation_find(correlation, later.uti)->verdict, TSCOPE_JOIN_JOINED);
    for (size_t i = 0; i < correlation->leads_len; i++) {
        ck_assert_int_eq(correlation->leads[i].kind, TSCOPE_LEAD_DERIVED);
        direct += correlation->leads[i].is_direct;
        by_session += memcmp(ledger->events[correlation->leads[i].event].uti, later.uti, sizeof(later.uti)) == 0;
    }
    ck_assert_uint_eq(direct, 1);
    ck_assert_uint_eq(by_session, 1);
}
END_TEST

START_TEST(timeline_has_the_id_and_its_session)
{
    struct tscope_record before = use_of(TSCOPE_CATEGORY_INTERACTIVE * 256 + 1, BEGIN + HOUR);
    uint32_t *events = NULL;
    size_t len = 0;
    const struct tscope_join *join;

    for (int category = TSCOPE_CATEGORY_INTERACTIVE; category <= TSCOPE_CATEGORY_MANAGED_IDENTITY; category++)
        sign_in((enum tscope_log_category)category, (unsigned)category * 256, BEGIN);
    add(&before);
    add_forged(BEGIN + DAY);
    join = correlate(FORGED, 0, NULL);
    ck_assert_int_eq(tscope_correlation_timeline(correlation, join, &events, &len, NULL), TSCOPE_OK);
    ck_assert_uint_eq(len, 1); /* what the session did before is not the suspect's */
    ck_assert_mem_eq(ledger->events[events[0]].uti, ledger->events[correlation->order[join->first]].uti, 16);
    tscope_free(events);
}
END_TEST

/* A log of a row a minute by day: a silence of a quarter of an hour at noon is a gap, one by night is none. */
START_TEST(gap_is_a_silence_where_there_are_rows_else)
{
    const struct tscope_covered_log *log;
    tscope_coverage *coverage = NULL;
    unsigned number = 0;

    for (int64_t minute = 0; minute < 21 * 24 * 60; minute++) {
        int64_t of_day = minute % (24 * 60), day = minute / (24 * 60);

        if (of_day >= 8 * 60 && of_day < 18 * 60 && !(day == 10 && of_day > 12 * 60 && of_day < 14 * 60))
            sign_in(TSCOPE_CATEGORY_INTERACTIVE, number++ & 0xfff, BEGIN + minute * 60);
    }
    ck_assert_int_eq(tscope_coverage_new(ledger, NULL, NULL, &coverage, NULL), TSCOPE_OK);
    log = &coverage->logs[0];
    ck_assert_uint_eq(coverage->logs_len, 1);
    ck_assert_uint_eq(log->gaps_len, 1);
    ck_assert_int_eq(log->gaps[0].from, BEGIN + 10 * DAY + 12 * HOUR);
    ck_assert_int_eq(log->gaps[0].until, BEGIN + 10 * DAY + 14 * HOUR);
    ck_assert(tscope_covered_log_has_gap(log, BEGIN + 10 * DAY + 13 * HOUR, BEGIN + 10 * DAY + 13 * HOUR + 600));
    ck_assert(!tscope_covered_log_has_gap(log, BEGIN + 9 * DAY + 13 * HOUR, BEGIN + 9 * DAY + 13 * HOUR + 600));
    ck_assert(!tscope_covered_log_has_gap(log, BEGIN + 9 * DAY + 3 * HOUR, BEGIN + 9 * DAY + 3 * HOUR + 600));
    tscope_coverage_free(coverage);
}
END_TEST

START_TEST(throttled_mailbox_is_blind_for_a_day)
{
    tscope_coverage *coverage = NULL;

    for (unsigned i = 0; i < 3; i++) {
        struct tscope_record record = use_of(i, BEGIN + (i == 2 ? 10 * DAY : i * HOUR));

        record.flags |= TSCOPE_RECORD_THROTTLED;
        add(&record);
    }
    ck_assert_int_eq(tscope_coverage_new(ledger, NULL, NULL, &coverage, NULL), TSCOPE_OK);
    ck_assert_uint_eq(coverage->throttled_len, 2);
    ck_assert_int_eq(coverage->throttled[0].from, BEGIN + 600);
    ck_assert_int_eq(coverage->throttled[0].until, BEGIN + 600 + HOUR + DAY);
    tscope_coverage_free(coverage);
}
END_TEST

START_TEST(words_are_numbered_once)
{
    tscope_words *words = tscope_words_new();
    uint32_t number, again;
    char text[16];

    for (unsigned i = 0; i < 5000; i++) {
        snprintf(text, sizeof(text), "word %u", i);
        ck_assert(tscope_words_add(words, tscope_span_text(text), &number));
        ck_assert_uint_eq(number, i + 1);
    }
    ck_assert(tscope_words_add(words, TSCOPE_SPAN("word 77"), &again));
    ck_assert_uint_eq(again, 78);
    ck_assert_uint_eq(tscope_words_find(words, TSCOPE_SPAN("word 4999")), 5000);
    ck_assert_uint_eq(tscope_words_find(words, TSCOPE_SPAN("Word 77")), 0);
    ck_assert(tscope_span_is(tscope_words_text(words, 78), "word 77"));
    ck_assert_ptr_null(tscope_words_text(words, 5001).data);
    ck_assert(tscope_words_append(words, TSCOPE_SPAN("word 77")));
    ck_assert_uint_eq(tscope_words_len(words), 5001);
    tscope_words_free(words);
}
END_TEST

static enum tscope_status
correlate_all(void)
{
    const struct tscope_correlate_options options = {.complete = 0};
    tscope_coverage *coverage = NULL;
    tscope_correlation *made = NULL;
    enum tscope_status status = tscope_coverage_new(ledger, NULL, NULL, &coverage, NULL);

    if (status == TSCOPE_OK)
        status = tscope_correlate(ledger, coverage, &options, &made, NULL);
    tscope_correlation_free(made);
    return status;
}

START_TEST(every_allocation_may_fail)
{
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    fill(TSCOPE_CATEGORY_NONE, ROWS);
    add_forged(BEGIN + DAY + 100);
    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        ck_assert_uint_lt(n, 200);
        tscope_alloc_fail_from(n);
        status = correlate_all();
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("correlate");
    TCase *tcase = tcase_create("correlate");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tcase, make_ledger, free_ledger);
    tcase_add_test(tcase, id_without_sign_in_is_unmatched_in_coverage);
    tcase_add_loop_test(tcase, missing_category_is_named, TSCOPE_CATEGORY_INTERACTIVE, TSCOPE_CATEGORY_MANAGED_IDENTITY + 1);
    tcase_add_test(tcase, examiner_may_state_that_a_log_is_complete);
    tcase_add_loop_test(tcase, coverage_ends_where_logs_do, 0, (int)(sizeof(edges) / sizeof(edges[0])));
    tcase_add_loop_test(tcase, unknown_issue_needs_a_days_coverage, 0, 2);
    tcase_add_loop_test(tcase, session_without_time_of_issue_is_not_judged, 0, 2);
    tcase_add_loop_test(tcase, masked_sign_in_may_be_the_one, 0, (int)(sizeof(masked) / sizeof(masked[0])));
    tcase_add_loop_test(tcase, application_that_never_signs_in_is_alone, 0, 2);
    tcase_add_test(tcase, cut_export_proves_nothing);
    tcase_add_loop_test(tcase, others_must_be_twenty, 0, 2);
    tcase_add_loop_test(tcase, others_must_join, 0, 2);
    tcase_add_loop_test(tcase, rows_lost_here_and_there_are_doubt, 0, 2);
    tcase_add_loop_test(tcase, hour_must_join, 0, 2);
    tcase_add_loop_test(tcase, neighbours_must_join, 0, 6);
    tcase_add_test(tcase, strangers_and_guests_are_not_judged);
    tcase_add_test(tcase, logs_without_sign_ins_prove_nothing);
    tcase_add_test(tcase, empty_ledger_is_an_answer);
    tcase_add_loop_test(tcase, user_is_known_by_name, 0, 2);
    tcase_add_test(tcase, record_without_id_may_contradict_itself);
    tcase_add_test(tcase, derived_tokens_are_leads);
    tcase_add_test(tcase, timeline_has_the_id_and_its_session);
    tcase_add_test(tcase, gap_is_a_silence_where_there_are_rows_else);
    tcase_add_test(tcase, throttled_mailbox_is_blind_for_a_day);
    tcase_add_test(tcase, words_are_numbered_once);
    tcase_add_test(tcase, every_allocation_may_fail);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
