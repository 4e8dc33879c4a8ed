/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/coverage.h"

#include <stdlib.h>

#include "core/error.h"
#include "core/time.h"

#define DAY 86400
#define WEEK (7 * DAY)
#define LOGS_MAX 1024     /* what is of still other tenants counts as nobody's, which proves nothing */
#define THROTTLED_FOR DAY /* over 1000 records in 24 hours end the records of that mailbox for 24 hours */

/*
 * A silence is a gap when at the same time of the week the log has at least so many rows. Were the silence chance, there would be one in
 * e^12 of them: rows of a sign-in log are many people's, and come by themselves.
 */
#define USUAL_MIN 12

void
tscope_coverage_free(tscope_coverage *coverage)
{
    if (!coverage)
        return;
    for (size_t i = 0; i < coverage->logs_len; i++)
        tscope_free(coverage->logs[i].times);
    tscope_free(coverage->logs);
    tscope_free(coverage->throttled);
    tscope_free(coverage);
}

const struct tscope_covered_log *
tscope_coverage_log(const tscope_coverage *coverage, uint32_t tenant, enum tscope_log_category category)
{
    for (size_t i = 0; i < coverage->logs_len; i++) {
        if (coverage->logs[i].tenant == tenant && coverage->logs[i].category == category)
            return &coverage->logs[i];
    }
    return NULL;
}

/* Which tenant's log a row is of: that of the token where the log itself does not say. */
static uint32_t
tenant_of(const struct tscope_event *event)
{
    return tscope_log_category_is_sign_in((enum tscope_log_category)event->category) && event->token_tenant ? event->token_tenant
                                                                                                            : event->tenant;
}

static struct tscope_covered_log *
log_of(tscope_coverage *coverage, uint32_t tenant, enum tscope_log_category category)
{
    struct tscope_covered_log *logs;

    if (coverage->logs_len >= LOGS_MAX)
        tenant = 0;
    for (size_t i = coverage->logs_len; i-- > 0;) {
        if (coverage->logs[i].tenant == tenant && coverage->logs[i].category == category)
            return &coverage->logs[i];
    }
    logs = tscope_realloc(coverage->logs, (coverage->logs_len + 1) * sizeof(*logs));
    if (!logs)
        return NULL;
    coverage->logs = logs;
    logs[coverage->logs_len] = (struct tscope_covered_log){.tenant = tenant, .category = category};
    return &logs[coverage->logs_len++];
}

static bool
add_time(struct tscope_covered_log *log, int64_t time)
{
    if (log->times_len == log->times_max) {
        size_t max = log->times_max ? log->times_max * 2 : 256;
        int64_t *times = tscope_realloc(log->times, max * sizeof(*times));

        if (!times)
            return false;
        log->times = times;
        log->times_max = max;
    }
    log->times[log->times_len++] = time;
    return true;
}

static int
compare_times(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Rows before a time. */
static size_t
rows_before(const struct tscope_covered_log *log, int64_t time)
{
    size_t low = 0, high = log->times_len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (log->times[middle] < time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint64_t
rows_between(const struct tscope_covered_log *log, int64_t from, int64_t until)
{
    return until > from ? rows_before(log, until) - rows_before(log, from) : 0;
}

/* The fewest rows that the log has between the same times of other weeks, or of other days where it is too short for weeks. */
static uint64_t
usual_rows(const struct tscope_covered_log *log, int64_t from, int64_t until)
{
    static const int64_t shifts[] = {-WEEK, WEEK, -DAY, DAY};
    int64_t first = log->times[0], last = log->times[log->times_len - 1];
    uint64_t fewest = UINT64_MAX;

    for (size_t i = 0; i < 4 && (i != 2 || fewest == UINT64_MAX); i++) {
        uint64_t rows;

        if (from + shifts[i] < first || until + shifts[i] > last)
            continue;
        rows = rows_between(log, from + shifts[i] + 1, until + shifts[i]);
        fewest = rows < fewest ? rows : fewest;
    }
    if (fewest != UINT64_MAX)
        return fewest;
    return (uint64_t)((double)log->times_len * (double)(until - from) / (double)(last - first + 1));
}

bool
tscope_covered_log_has_gap(const struct tscope_covered_log *log, int64_t from, int64_t until)
{
    size_t at;

    if (log->times_len == 0)
        return true;
    at = rows_before(log, from);
    at -= at > 0;
    for (; at + 1 < log->times_len && log->times[at] < until; at++) {
        if (usual_rows(log, log->times[at], log->times[at + 1]) >= USUAL_MIN)
            return true;
    }
    return false;
}

/* What is shown: silences of an hour and more. */
static void
find_gaps(struct tscope_covered_log *log)
{
    for (size_t i = 0; i + 1 < log->times_len && log->gaps_len < TSCOPE_GAPS_MAX; i++) {
        int64_t from = log->times[i], until = log->times[i + 1];
        uint64_t usual;

        if (until - from < 3600)
            continue;
        usual = usual_rows(log, from, until);
        if (usual >= USUAL_MIN)
            log->gaps[log->gaps_len++] = (struct tscope_gap){from, until, usual};
    }
}

static int
compare_logs(const void *a, const void *b)
{
    const struct tscope_covered_log *x = a, *y = b;

    if (x->tenant != y->tenant)
        return x->tenant < y->tenant ? -1 : 1;
    return (x->category > y->category) - (x->category < y->category);
}

static int
compare_throttled(const void *a, const void *b)
{
    const struct tscope_throttled *x = a, *y = b;

    if (x->mailbox != y->mailbox)
        return x->mailbox < y->mailbox ? -1 : 1;
    return (x->from > y->from) - (x->from < y->from);
}

static enum tscope_status
find_throttled(tscope_coverage *coverage, const tscope_ledger *ledger, size_t len, struct tscope_error *err)
{
    size_t kept = 0;

    if (len == 0)
        return TSCOPE_OK;
    coverage->throttled = tscope_alloc_zeroed(len, sizeof(*coverage->throttled));
    if (!coverage->throttled)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < ledger->events_len; i++) {
        const struct tscope_event *event = &ledger->events[i];

        if (event->flags & TSCOPE_RECORD_THROTTLED && event->time != TSCOPE_TIME_NONE)
            coverage->throttled[coverage->throttled_len++] =
                (struct tscope_throttled){event->mailbox, event->time, event->time + THROTTLED_FOR};
    }
    qsort(coverage->throttled, coverage->throttled_len, sizeof(*coverage->throttled), compare_throttled);
    for (size_t i = 1; i < coverage->throttled_len; i++) {
        struct tscope_throttled *last = &coverage->throttled[kept], *next = &coverage->throttled[i];

        if (next->mailbox == last->mailbox && next->from <= last->until)
            last->until = next->until;
        else
            coverage->throttled[++kept] = *next;
    }
    coverage->throttled_len = coverage->throttled_len ? kept + 1 : 0;
    return TSCOPE_OK;
}

enum tscope_status
tscope_coverage_new(const tscope_ledger *ledger, tscope_source_is_cut is_cut, void *user, tscope_coverage **ret_coverage,
                    struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_coverage) *coverage = tscope_alloc_zeroed(1, sizeof(*coverage));
    size_t throttled = 0;
    enum tscope_status status;

    if (!coverage)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < ledger->events_len; i++) {
        const struct tscope_event *event = &ledger->events[i];
        struct tscope_covered_log *log;

        if (event->flags & TSCOPE_RECORD_TOKEN)
            continue;
        log = log_of(coverage, tenant_of(event), (enum tscope_log_category)event->category);
        if (!log || (event->time != TSCOPE_TIME_NONE && !add_time(log, event->time)))
            return tscope_error_no_memory(err);
        log->rows++;
        log->timeless += event->time == TSCOPE_TIME_NONE;
        log->is_cut = log->is_cut || (is_cut && is_cut(user, event->source));
        throttled += (event->flags & TSCOPE_RECORD_THROTTLED) != 0;
    }
    if (coverage->logs_len)
        qsort(coverage->logs, coverage->logs_len, sizeof(*coverage->logs), compare_logs);
    for (size_t i = 0; i < coverage->logs_len; i++) {
        if (coverage->logs[i].times_len)
            qsort(coverage->logs[i].times, coverage->logs[i].times_len, sizeof(int64_t), compare_times);
        find_gaps(&coverage->logs[i]);
    }
    status = find_throttled(coverage, ledger, throttled, err);
    if (status == TSCOPE_OK)
        *ret_coverage = TSCOPE_STEAL(coverage);
    return status;
}
