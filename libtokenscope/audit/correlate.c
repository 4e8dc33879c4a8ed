/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/correlate.h"

#include <stdlib.h>

#include "audit/absence.h"
#include "audit/correlation_index.h"
#include "core/error.h"
#include "core/time.h"

#define SIGN_IN_WITHIN 600 /* behind iat the sign-in is logged */

void
tscope_correlation_free(tscope_correlation *correlation)
{
    if (!correlation)
        return;
    tscope_coverage_free(correlation->coverage);
    tscope_free(correlation->order);
    tscope_free(correlation->aliases);
    tscope_free(correlation->joins);
    tscope_free(correlation->names);
    tscope_free(correlation->members);
    tscope_free(correlation->clients);
    tscope_free(correlation->unread);
    tscope_free(correlation->suspects);
    tscope_free(correlation->leads);
    tscope_free(correlation);
}

/* ---- the joins */

void
tscope_correlation_judge(const tscope_correlation *correlation, const struct tscope_join *join, struct tscope_join_result *ret_result)
{
    const uint32_t *events = correlation->order + join->first;
    const struct tscope_join_group group = {events, join->len,
                                            tscope_correlation_find_alias(correlation, correlation->ledger->events[events[0]].uti)};

    /* tscope_correlation_resolve_name only reads */
    tscope_join_judge(correlation->ledger, &group, tscope_correlation_resolve_name, (void *)(uintptr_t)correlation, ret_result);
}

static enum tscope_status
add_join(tscope_correlation *correlation, struct tscope_join *join, size_t *max, struct tscope_error *err)
{
    if (correlation->joins_len == *max) {
        size_t larger = *max ? *max * 2 : 256;
        struct tscope_join *joins = tscope_realloc(correlation->joins, larger * sizeof(*joins));

        if (!joins)
            return tscope_error_no_memory(err);
        correlation->joins = joins;
        *max = larger;
    }
    correlation->joins[correlation->joins_len++] = *join;
    return TSCOPE_OK;
}

/* A use is rated where coverage would show its sign-in; one that only the audit log's copy joins counts as one that does not. */
static void
rate(const tscope_correlation *correlation, const struct tscope_join *join, bool in_sign_ins, struct tscope_rates rates[2])
{
    uint32_t app = tscope_join_client(correlation->ledger, tscope_correlation_first_use(correlation, join));

    rates[0].rows[rates[0].len++] = (struct tscope_rated){.app = app, .joined = in_sign_ins, .at = join->at};
    rates[1].rows[rates[1].len++] =
        (struct tscope_rated){.app = tscope_absence_kind_of(correlation, app), .joined = in_sign_ins, .at = join->at};
}

/* One that was judged, and something was done with its id. */
static bool
has_bad_token(const tscope_correlation *correlation, const struct tscope_join *join)
{
    unsigned flags = 0;

    for (uint32_t i = 0; i < join->len; i++)
        flags |= correlation->ledger->events[correlation->order[join->first + i]].flags;
    return flags & TSCOPE_RECORD_BAD_TOKEN && flags & TSCOPE_RECORD_USE;
}

static void
judge_join(const tscope_correlation *correlation, struct tscope_join *join, struct tscope_rates rates[2])
{
    struct tscope_join_result result;
    const struct tscope_event *use = tscope_correlation_first_use(correlation, join);
    bool in_sign_ins;

    tscope_correlation_judge(correlation, join, &result);
    join->at = result.iat != TSCOPE_TIME_NONE ? result.iat : use->time;
    join->verdict = (uint8_t)result.verdict;
    join->reason = (uint8_t)result.reason;
    join->contradictions = (uint16_t)result.contradictions;
    join->is_bad = has_bad_token(correlation, join);
    in_sign_ins = result.issue && tscope_log_category_is_sign_in((enum tscope_log_category)result.issue->category);
    if (!in_sign_ins && result.verdict != TSCOPE_JOIN_CONTRADICTION) {
        uint8_t missing;
        enum tscope_join_reason reason = tscope_absence_ask_coverage(correlation, join, &result, &missing);

        if (result.verdict == TSCOPE_JOIN_NOT_JOINABLE) {
            join->reason = (uint8_t)reason;
            join->missing = missing;
        }
        if (reason != TSCOPE_JOIN_REASON_NONE || (result.issue && result.issue->flags & TSCOPE_RECORD_OWA_TOKEN))
            return;
    }
    if (result.verdict != TSCOPE_JOIN_CONTRADICTION)
        rate(correlation, join, in_sign_ins, rates);
}

static bool
is_used(const tscope_correlation *correlation, size_t first, size_t len)
{
    for (size_t i = first; i < first + len; i++) {
        if (correlation->ledger->events[correlation->order[i]].flags & (TSCOPE_RECORD_USE | TSCOPE_RECORD_TOKEN))
            return true;
    }
    return false;
}

static enum tscope_status
group_events(tscope_correlation *correlation, struct tscope_error *err)
{
    const struct tscope_event *events = correlation->ledger->events;
    size_t max = 0;
    enum tscope_status status = TSCOPE_OK;

    for (size_t first = 0, len; first < correlation->order_len && status == TSCOPE_OK; first += len) {
        const uint8_t *uti = events[correlation->order[first]].uti;

        len = 1;
        while (first + len < correlation->order_len && memcmp(events[correlation->order[first + len]].uti, uti, TSCOPE_TOKEN_ID_BYTES) == 0)
            len++;
        if (is_used(correlation, first, len)) {
            struct tscope_join join = {.first = (uint32_t)first, .len = (uint32_t)len};

            status = add_join(correlation, &join, &max, err);
        }
    }
    return status;
}

/* A record that contradicts itself needs no id for it: it is a group of its own, behind those that have one. */
static bool
contradicts_itself(const tscope_correlation *correlation, uint32_t event)
{
    const struct tscope_join_group group = {&event, 1, NULL};
    struct tscope_join_result result;

    if (correlation->ledger->events[event].has_uti || !(correlation->ledger->events[event].flags & TSCOPE_RECORD_USE))
        return false;
    tscope_join_judge(correlation->ledger, &group, NULL, NULL, &result);
    return result.contradictions != 0;
}

static enum tscope_status
group_without_id(tscope_correlation *correlation, struct tscope_error *err)
{
    size_t max = correlation->joins_len, at = correlation->order_len;
    enum tscope_status status = TSCOPE_OK;

    correlation->joins_with_id = correlation->joins_len;
    for (uint32_t i = 0; i < correlation->ledger->events_len && status == TSCOPE_OK; i++) {
        if (contradicts_itself(correlation, i)) {
            struct tscope_join join = {.first = (uint32_t)at, .len = 1};

            correlation->order[at++] = i;
            status = add_join(correlation, &join, &max, err);
        }
    }
    return status;
}

static enum tscope_status
judge_joins(tscope_correlation *correlation, struct tscope_rates rates[2], struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    for (size_t i = 0; i < 2; i++) {
        rates[i].rows = tscope_alloc((correlation->joins_len + 1) * sizeof(*rates[i].rows));
        if (!rates[i].rows)
            return tscope_error_no_memory(err);
    }
    for (size_t i = 0; i < correlation->joins_len; i++)
        judge_join(correlation, &correlation->joins[i], rates);
    for (size_t i = 0; i < 2 && status == TSCOPE_OK; i++)
        status = tscope_absence_sort_rates(&rates[i], err);
    for (size_t i = 0; i < correlation->joins_len && status == TSCOPE_OK; i++) {
        struct tscope_join *join = &correlation->joins[i];
        const struct tscope_event *use = tscope_correlation_first_use(correlation, join);
        uint32_t tenant = tscope_correlation_is_tenant(correlation, use->token_tenant) ? use->token_tenant : use->tenant;
        int64_t from;

        if (join->verdict != TSCOPE_JOIN_NOT_JOINABLE || join->reason != TSCOPE_JOIN_REASON_NONE)
            continue;
        from = use->iat != TSCOPE_TIME_NONE ? join->at : join->at - TSCOPE_LONGEST_LIFE;
        join->reason = (uint8_t)tscope_absence_ask_gaps(correlation, tenant, from - 60, join->at + SIGN_IN_WITHIN, &join->missing);
        if (join->reason == TSCOPE_JOIN_REASON_NONE)
            join->reason = (uint8_t)tscope_absence_ask_rate(correlation, rates, join);
        if (join->reason == TSCOPE_JOIN_REASON_NONE &&
            tscope_absence_has_unread(correlation, use, from - TSCOPE_ISSUE_MARGIN, join->at + SIGN_IN_WITHIN))
            join->reason = TSCOPE_JOIN_REASON_UNREAD;
        if (join->reason == TSCOPE_JOIN_REASON_NONE)
            join->verdict = TSCOPE_JOIN_UNMATCHED;
    }
    return status;
}

/* ---- what is counted */

static void
count(struct tscope_join_counts *counts, enum tscope_join_verdict verdict, enum tscope_join_reason reason, unsigned contradictions,
      uint64_t times)
{
    counts->verdicts[verdict] += times;
    if (verdict == TSCOPE_JOIN_NOT_JOINABLE)
        counts->reasons[reason] += times;
    for (unsigned bit = 0; bit < 8; bit++) {
        if (contradictions & 1u << bit)
            counts->contradictions[bit] += times;
    }
}

static void
count_join(tscope_correlation *correlation, const struct tscope_join *join)
{
    enum tscope_join_verdict verdict = (enum tscope_join_verdict)join->verdict;
    enum tscope_join_reason reason = (enum tscope_join_reason)join->reason;
    uint64_t uses = 0, mail = 0;

    for (uint32_t i = 0; i < join->len; i++) {
        const struct tscope_event *event = &correlation->ledger->events[correlation->order[join->first + i]];

        uses += (event->flags & TSCOPE_RECORD_USE) != 0;
        mail += (event->flags & TSCOPE_RECORD_MAIL) != 0;
    }
    count(&correlation->uses, verdict, reason, join->contradictions, uses);
    count(&correlation->mail, verdict, reason, join->contradictions, mail);
    count(&correlation->tokens, verdict, reason, join->contradictions, 1);
}

/* Records of what was done with some token, of which they do not tell the id. */
static void
count_without_id(tscope_correlation *correlation)
{
    for (size_t i = 0; i < correlation->ledger->events_len; i++) {
        const struct tscope_event *event = &correlation->ledger->events[i];
        enum tscope_join_reason reason = event->flags & TSCOPE_RECORD_PLACEHOLDER ? TSCOPE_JOIN_REASON_PLACEHOLDER
                                         : event->flags & TSCOPE_RECORD_ODD_ID    ? TSCOPE_JOIN_REASON_ODD_ID
                                                                                  : TSCOPE_JOIN_REASON_NO_ID;

        if (event->has_uti || !(event->flags & TSCOPE_RECORD_USE) || contradicts_itself(correlation, (uint32_t)i))
            continue;
        count(&correlation->uses, TSCOPE_JOIN_NOT_JOINABLE, reason, 0, 1);
        if (event->flags & TSCOPE_RECORD_MAIL)
            count(&correlation->mail, TSCOPE_JOIN_NOT_JOINABLE, reason, 0, 1);
    }
}

static int
compare_suspects(const void *a, const void *b, void *user)
{
    const struct tscope_join *joins = user, *x = &joins[*(const uint32_t *)a], *y = &joins[*(const uint32_t *)b];

    if (x->verdict != y->verdict)
        return x->verdict > y->verdict ? -1 : 1;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return (x > y) - (x < y);
}

static enum tscope_status
list_suspects(tscope_correlation *correlation, struct tscope_error *err)
{
    size_t len = 0;

    for (size_t i = 0; i < correlation->joins_len; i++)
        len += tscope_join_is_suspect(&correlation->joins[i]);
    correlation->suspects = tscope_alloc((len + 1) * sizeof(*correlation->suspects));
    if (!correlation->suspects)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < correlation->joins_len; i++) {
        if (tscope_join_is_suspect(&correlation->joins[i]))
            correlation->suspects[correlation->suspects_len++] = (uint32_t)i;
    }
    qsort_r(correlation->suspects, correlation->suspects_len, sizeof(*correlation->suspects), compare_suspects, correlation->joins);
    return TSCOPE_OK;
}

enum tscope_status
tscope_correlate(const tscope_ledger *ledger, tscope_coverage *coverage, const struct tscope_correlate_options *options,
                 tscope_correlation **ret_correlation, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_correlation) *correlation = tscope_alloc_zeroed(1, sizeof(*correlation));
    struct tscope_rates rates[2] = {{0}};
    enum tscope_status status;

    if (!correlation) {
        tscope_coverage_free(coverage);
        return tscope_error_no_memory(err);
    }
    correlation->ledger = ledger;
    correlation->coverage = coverage;
    correlation->options = *options;
    status = tscope_correlation_sort_events(correlation, err);
    if (status == TSCOPE_OK)
        status = tscope_correlation_sort_names(correlation, err);
    if (status == TSCOPE_OK)
        status = tscope_correlation_sort_unread(correlation, err);
    if (status == TSCOPE_OK)
        status = tscope_correlation_sort_members(correlation, err);
    if (status == TSCOPE_OK)
        status = group_events(correlation, err);
    if (status == TSCOPE_OK)
        status = group_without_id(correlation, err);
    if (status == TSCOPE_OK)
        status = judge_joins(correlation, rates, err);
    for (size_t i = 0; i < 2; i++) {
        tscope_free(rates[i].rows);
        tscope_free(rates[i].joined);
    }
    if (status != TSCOPE_OK)
        return status;
    for (size_t i = 0; i < correlation->joins_len; i++)
        count_join(correlation, &correlation->joins[i]);
    count_without_id(correlation);
    status = list_suspects(correlation, err);
    if (status == TSCOPE_OK)
        status = tscope_correlation_find_leads(correlation, err);
    if (status == TSCOPE_OK)
        *ret_correlation = TSCOPE_STEAL(correlation);
    return status;
}

const struct tscope_join *
tscope_correlation_find(const tscope_correlation *correlation, const uint8_t uti[TSCOPE_TOKEN_ID_BYTES])
{
    size_t low = 0, high = correlation->joins_with_id;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct tscope_event *event = &correlation->ledger->events[correlation->order[correlation->joins[middle].first]];
        int order = memcmp(event->uti, uti, TSCOPE_TOKEN_ID_BYTES);

        if (order == 0)
            return &correlation->joins[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
