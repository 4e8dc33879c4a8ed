/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/absence.h"

#include <stdlib.h>

#include "audit/application.h"
#include "audit/correlation_index.h"
#include "core/error.h"
#include "core/time.h"

#define INGEST_DELAY 7200       /* sign-in logs arrive up to two hours late */
#define RATE_WINDOW (7 * 86400) /* others count that were issued so near */
#define OTHERS_MIN 20
#define NEAR_WINDOW 3600
#define MISSING_ALLOWED 2 /* of the others, where two in a hundred are less */

enum { KIND_NONE, KIND_FAMILY, KIND_THIRD_PARTY, KIND_UNKNOWN };

/* ---- what the logs cover */

static const struct tscope_covered_log *
log_for(const tscope_correlation *correlation, uint32_t tenant, enum tscope_log_category category)
{
    const struct tscope_covered_log *log = tscope_coverage_log(correlation->coverage, tenant, category);

    if (!log && tenant == correlation->options.tenant)
        log = tscope_coverage_log(correlation->coverage, 0, category);
    return log;
}

static bool
has_sign_ins(const tscope_correlation *correlation, uint32_t tenant, bool any_tenant)
{
    for (size_t i = 0; i < correlation->coverage->logs_len; i++) {
        const struct tscope_covered_log *log = &correlation->coverage->logs[i];

        if (tscope_log_category_is_sign_in(log->category) && (any_tenant || log->tenant == tenant))
            return true;
    }
    return false;
}

/* One category at the time when the token was issued, which lies between two times. */
static enum tscope_join_reason
ask_log(const struct tscope_covered_log *log, int64_t from, int64_t until)
{
    if (!log || log->times_len == 0)
        return TSCOPE_JOIN_REASON_CATEGORY;
    if (log->is_cut)
        return TSCOPE_JOIN_REASON_CUT;
    if (from - TSCOPE_ISSUE_MARGIN < log->times[0])
        return TSCOPE_JOIN_REASON_BEFORE;
    if (until + INGEST_DELAY > log->times[log->times_len - 1])
        return TSCOPE_JOIN_REASON_AFTER;
    return TSCOPE_JOIN_REASON_NONE;
}

/* The first reason in the order of the list; every category that it holds for. */
static enum tscope_join_reason
ask_logs(const tscope_correlation *correlation, uint32_t tenant, int64_t from, int64_t until, uint8_t *ret_missing)
{
    enum tscope_join_reason found = TSCOPE_JOIN_REASON_NONE;

    *ret_missing = 0;
    for (int category = TSCOPE_CATEGORY_INTERACTIVE; category <= TSCOPE_CATEGORY_MANAGED_IDENTITY; category++) {
        enum tscope_join_reason reason;

        if (correlation->options.complete & 1u << category)
            continue;
        reason = ask_log(log_for(correlation, tenant, (enum tscope_log_category)category), from, until);
        if (reason == TSCOPE_JOIN_REASON_NONE || (found != TSCOPE_JOIN_REASON_NONE && reason > found))
            continue;
        if (reason != found)
            *ret_missing = 0;
        found = reason;
        *ret_missing |= (uint8_t)(1u << category);
    }
    return found;
}

enum tscope_join_reason
tscope_absence_ask_gaps(const tscope_correlation *correlation, uint32_t tenant, int64_t from, int64_t until, uint8_t *ret_missing)
{
    *ret_missing = 0;
    for (int category = TSCOPE_CATEGORY_INTERACTIVE; category <= TSCOPE_CATEGORY_MANAGED_IDENTITY; category++) {
        const struct tscope_covered_log *log = log_for(correlation, tenant, (enum tscope_log_category)category);

        if (!(correlation->options.complete & 1u << category) && log && tscope_covered_log_has_gap(log, from, until))
            *ret_missing |= (uint8_t)(1u << category);
    }
    return *ret_missing ? TSCOPE_JOIN_REASON_GAP : TSCOPE_JOIN_REASON_NONE;
}

/* Where each request comes with the token itself, it is no older than tokens live. Others keep a session, for which a cookie will do. */
static bool
is_of_token_life(const struct tscope_event *use)
{
    return use->flags & TSCOPE_RECORD_MAIL || use->category == TSCOPE_CATEGORY_GRAPH;
}

/* Everything but the base rate and the gaps. */
enum tscope_join_reason
tscope_absence_ask_coverage(const tscope_correlation *correlation, const struct tscope_join *join, const struct tscope_join_result *result,
                            uint8_t *ret_missing)
{
    const struct tscope_event *use = tscope_correlation_first_use(correlation, join);
    uint32_t tenant = tscope_correlation_is_tenant(correlation, use->token_tenant) ? use->token_tenant : use->tenant;
    int64_t from = result->iat != TSCOPE_TIME_NONE ? result->iat : use->time - TSCOPE_LONGEST_LIFE;

    *ret_missing = 0;
    if (!has_sign_ins(correlation, 0, true))
        return TSCOPE_JOIN_REASON_NO_SIGN_INS;
    if (result->failed)
        return TSCOPE_JOIN_REASON_FAILED;
    if (result->guest)
        return TSCOPE_JOIN_REASON_GUEST;
    if (result->partner)
        return TSCOPE_JOIN_REASON_PARTNER;
    if (!tscope_correlation_is_member(correlation,
                                      use->oid ? use->oid : tscope_correlation_resolve_name((void *)(uintptr_t)correlation, use->user)))
        return TSCOPE_JOIN_REASON_STRANGER;
    if (!tscope_correlation_is_tenant(correlation, tenant))
        return TSCOPE_JOIN_REASON_NO_TENANT;
    if (!has_sign_ins(correlation, tenant, false) && !(tenant == correlation->options.tenant && has_sign_ins(correlation, 0, false)))
        return TSCOPE_JOIN_REASON_OTHER_TENANT;
    if (join->at == TSCOPE_TIME_NONE || (result->iat == TSCOPE_TIME_NONE && !is_of_token_life(use)))
        return TSCOPE_JOIN_REASON_NO_TIME;
    return ask_logs(correlation, tenant, from, join->at, ret_missing);
}

/* ---- base rates */

static int
compare_rated(const void *a, const void *b)
{
    const struct tscope_rated *x = a, *y = b;

    if (x->app != y->app)
        return x->app < y->app ? -1 : 1;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->joined - y->joined;
}

enum tscope_status
tscope_absence_sort_rates(struct tscope_rates *rates, struct tscope_error *err)
{
    qsort(rates->rows, rates->len, sizeof(*rates->rows), compare_rated);
    rates->joined = tscope_alloc((rates->len + 1) * sizeof(*rates->joined));
    if (!rates->joined)
        return tscope_error_no_memory(err);
    rates->joined[0] = 0;
    for (size_t i = 0; i < rates->len; i++)
        rates->joined[i + 1] = rates->joined[i] + rates->rows[i].joined;
    return TSCOPE_OK;
}

static size_t
rated_before(const struct tscope_rates *rates, uint32_t app, int64_t at)
{
    size_t low = 0, high = rates->len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct tscope_rated *row = &rates->rows[middle];

        if (row->app < app || (row->app == app && row->at < at))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Others: the one that is asked about is among the rows, and not joined. */
static void
count_others(const struct tscope_rates *rates, uint32_t app, int64_t at, int64_t window, uint64_t *ret_others, uint64_t *ret_joined)
{
    size_t from = rated_before(rates, app, at - window), until = rated_before(rates, app, at + window + 1);

    *ret_others = until - from > 0 ? until - from - 1 : 0;
    *ret_joined = rates->joined[until] - rates->joined[from];
}

/*
 * Microsoft's services call each other with tokens that stand in no sign-in log: what others of the kind do says nothing of them. Not all
 * of these services are known: whatever never signs in may be one.
 */
uint32_t
tscope_absence_kind_of(const tscope_correlation *correlation, uint32_t app)
{
    const struct tscope_application_facts *facts;

    if (!app)
        return KIND_UNKNOWN;
    facts = tscope_application_facts_find(tscope_ledger_word(correlation->ledger, app));
    if (!facts)
        return tscope_correlation_is_client(correlation, app) ? KIND_THIRD_PARTY : KIND_NONE;
    return facts->flags & TSCOPE_APP_FAMILY ? KIND_FAMILY : facts->flags & TSCOPE_APP_FIRST_PARTY ? KIND_NONE : KIND_THIRD_PARTY;
}

/* Rows that were lost here and there leave others without their sign-in too: two of few, two in a hundred of many. */
static bool
do_join(uint64_t others, uint64_t joined)
{
    uint64_t allowed = others / 50 > MISSING_ALLOWED ? others / 50 : MISSING_ALLOWED;

    return joined * 100 >= others * 95 && others - joined <= allowed;
}

/*
 * What a log lacks for a short time is no gap that shows, but then those before and behind lack their sign-in as well. Of the very same
 * second are tokens that a program makes at once.
 */
static bool
do_neighbours_join(const struct tscope_rates *rates, uint32_t app, int64_t at)
{
    size_t from = rated_before(rates, app, at - NEAR_WINDOW), first = rated_before(rates, app, at);
    size_t behind = rated_before(rates, app, at + 1), until = rated_before(rates, app, at + NEAR_WINDOW + 1);

    return (first == from || rates->rows[first - 1].joined) && (behind == until || rates->rows[behind].joined);
}

/* Of the week and of the hour. */
enum tscope_join_reason
tscope_absence_ask_rate(const tscope_correlation *correlation, const struct tscope_rates rates[2], struct tscope_join *join)
{
    uint32_t app = tscope_join_client(correlation->ledger, tscope_correlation_first_use(correlation, join)),
             kind = tscope_absence_kind_of(correlation, app);
    uint32_t near_app = kind != KIND_NONE ? kind : app;
    const struct tscope_rates *near_rates = &rates[kind != KIND_NONE];
    uint64_t near, near_joined;

    count_others(&rates[0], app, join->at, RATE_WINDOW, &join->others, &join->others_joined);
    if (join->others < OTHERS_MIN && kind != KIND_NONE)
        count_others(&rates[1], kind, join->at, RATE_WINDOW, &join->others, &join->others_joined);
    if (join->others < OTHERS_MIN)
        return TSCOPE_JOIN_REASON_FEW;
    if (!do_join(join->others, join->others_joined))
        return TSCOPE_JOIN_REASON_RATE;
    count_others(near_rates, near_app, join->at, NEAR_WINDOW, &near, &near_joined);
    if (do_neighbours_join(near_rates, near_app, join->at) && (near_joined * 100 >= near * 95 || near - near_joined <= MISSING_ALLOWED))
        return TSCOPE_JOIN_REASON_NONE;
    join->others = near;
    join->others_joined = near_joined;
    return TSCOPE_JOIN_REASON_RATE;
}

/* A sign-in without a readable id may be that of the token: where it is of the same user and near in time. */
bool
tscope_absence_has_unread(const tscope_correlation *correlation, const struct tscope_event *use, int64_t from, int64_t until)
{
    const struct tscope_event *events = correlation->ledger->events;
    uint32_t oid = use->oid ? use->oid : tscope_correlation_resolve_name((void *)(uintptr_t)correlation, use->user);
    size_t low = 0, high = correlation->unread_len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (events[correlation->unread[middle]].time < from)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < correlation->unread_len && events[correlation->unread[low]].time <= until; low++) {
        uint32_t who = events[correlation->unread[low]].oid;

        if (!who || !oid || who == oid)
            return true;
    }
    return false;
}
