/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/correlate.h"

#include <stdlib.h>

#include "audit/application.h"
#include "core/error.h"
#include "core/text.h"
#include "core/time.h"

/*
 * A token id that no sign-in has is evidence only where every sign-in would be there: all four categories of the token's tenant, well
 * within the time that they cover, without a gap or a cut export, and when others of the same kind of application join.
 */
#define INGEST_DELAY 7200       /* sign-in logs arrive up to two hours late */
#define START_MARGIN 600        /* of iat and the time of the sign-in */
#define LIFE_MAX (28 * 3600)    /* of a token with continuous access evaluation */
#define RATE_WINDOW (7 * 86400) /* others count that were issued so near */
#define SIGN_IN_WITHIN 600      /* behind iat the sign-in is logged */
#define OTHERS_MIN 20
#define NEAR_WINDOW 3600
#define MISSING_ALLOWED 2 /* of the others, where two in a hundred are less */

/* Applications are compared among themselves; kinds of them where one alone has too few tokens. */
enum { KIND_NONE, KIND_FAMILY, KIND_THIRD_PARTY, KIND_UNKNOWN };

/* One used token id for the base rate. */
struct rated {
    uint32_t app; /* a word; KIND_... in the second table */
    bool joined;
    int64_t at;
};

struct rates {
    struct rated *rows; /* by app and time */
    uint32_t *joined;   /* how many of the rows before are */
    size_t len;
};

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

/* ---- what is sorted first */

static int
compare_events(const void *a, const void *b, void *user)
{
    const struct tscope_event *events = user, *x = &events[*(const uint32_t *)a], *y = &events[*(const uint32_t *)b];
    int order = memcmp(x->uti, y->uti, sizeof(x->uti));

    if (order)
        return order;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x > y) - (x < y);
}

static int
compare_aliases(const void *a, const void *b)
{
    const struct tscope_event_alias *x = a, *y = b;
    int order = memcmp(x->uti, y->uti, sizeof(x->uti));

    return order ? order : (x->event > y->event) - (x->event < y->event);
}

static enum tscope_status
sort_events(tscope_correlation *correlation, struct tscope_error *err)
{
    const tscope_ledger *ledger = correlation->ledger;

    correlation->order = tscope_alloc((ledger->events_len + 1) * sizeof(*correlation->order));
    correlation->aliases = tscope_alloc((ledger->aliases_len + 1) * sizeof(*correlation->aliases));
    if (!correlation->order || !correlation->aliases)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < ledger->events_len; i++) {
        if (ledger->events[i].has_uti)
            correlation->order[correlation->order_len++] = (uint32_t)i;
    }
    qsort_r(correlation->order, correlation->order_len, sizeof(*correlation->order), compare_events, ledger->events);
    if (ledger->aliases_len)
        memcpy(correlation->aliases, ledger->aliases, ledger->aliases_len * sizeof(*correlation->aliases));
    qsort(correlation->aliases, ledger->aliases_len, sizeof(*correlation->aliases), compare_aliases);
    return TSCOPE_OK;
}

static int
compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Sign-ins tell which object id a name stands for. A name that stood for two says nothing. */
static enum tscope_status
sort_names(tscope_correlation *correlation, struct tscope_error *err)
{
    const tscope_ledger *ledger = correlation->ledger;
    size_t len = 0, kept = 0;

    correlation->names = tscope_alloc((ledger->events_len + 1) * sizeof(*correlation->names));
    if (!correlation->names)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < ledger->events_len; i++) {
        const struct tscope_event *event = &ledger->events[i];

        if (event->user && event->oid && event->flags & TSCOPE_RECORD_ISSUE && !(event->flags & TSCOPE_RECORD_GUEST))
            correlation->names[len++] = (uint64_t)event->user << 32 | event->oid;
    }
    qsort(correlation->names, len, sizeof(*correlation->names), compare_numbers);
    for (size_t i = 0; i < len; i++) {
        if (kept && correlation->names[kept - 1] >> 32 == correlation->names[i] >> 32) {
            if ((uint32_t)correlation->names[kept - 1] != (uint32_t)correlation->names[i])
                correlation->names[kept - 1] &= ~UINT64_C(0xffffffff);
        } else {
            correlation->names[kept++] = correlation->names[i];
        }
    }
    correlation->names_len = kept;
    return TSCOPE_OK;
}

static int
compare_words(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static size_t
remove_repeated(uint32_t *words, size_t len)
{
    size_t kept = 0;

    qsort(words, len, sizeof(*words), compare_words);
    for (size_t i = 0; i < len; i++) {
        if (i == 0 || words[i] != words[kept - 1])
            words[kept++] = words[i];
    }
    return kept;
}

static bool
is_sign_in(const struct tscope_event *event)
{
    return event->flags & TSCOPE_RECORD_ISSUE && tscope_log_category_is_sign_in((enum tscope_log_category)event->category);
}

/* Users and service principals of whom sign-ins are here, and the applications that signed in. */
static enum tscope_status
sort_members(tscope_correlation *correlation, struct tscope_error *err)
{
    const tscope_ledger *ledger = correlation->ledger;

    correlation->members = tscope_alloc((ledger->events_len + 1) * sizeof(*correlation->members));
    correlation->clients = tscope_alloc((ledger->events_len + 1) * sizeof(*correlation->clients));
    if (!correlation->members || !correlation->clients)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < ledger->events_len; i++) {
        const struct tscope_event *event = &ledger->events[i];

        if (!is_sign_in(event))
            continue;
        if (event->oid && !(event->flags & TSCOPE_RECORD_GUEST))
            correlation->members[correlation->members_len++] = event->oid;
        if (event->app)
            correlation->clients[correlation->clients_len++] = event->app;
    }
    correlation->members_len = remove_repeated(correlation->members, correlation->members_len);
    correlation->clients_len = remove_repeated(correlation->clients, correlation->clients_len);
    return TSCOPE_OK;
}

static int
compare_event_times(const void *a, const void *b, void *user)
{
    const struct tscope_event *events = user, *x = &events[*(const uint32_t *)a], *y = &events[*(const uint32_t *)b];

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x > y) - (x < y);
}

/* Exports may come masked: such a row is one of some token, and nobody can say of which. */
static enum tscope_status
sort_unread(tscope_correlation *correlation, struct tscope_error *err)
{
    const tscope_ledger *ledger = correlation->ledger;
    size_t len = 0;

    for (size_t i = 0; i < ledger->events_len; i++)
        len += is_sign_in(&ledger->events[i]) && !ledger->events[i].has_uti;
    correlation->unread = tscope_alloc((len + 1) * sizeof(*correlation->unread));
    if (!correlation->unread)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < ledger->events_len; i++) {
        if (is_sign_in(&ledger->events[i]) && !ledger->events[i].has_uti)
            correlation->unread[correlation->unread_len++] = (uint32_t)i;
    }
    qsort_r(correlation->unread, correlation->unread_len, sizeof(*correlation->unread), compare_event_times, ledger->events);
    return TSCOPE_OK;
}

static bool
is_member(const tscope_correlation *correlation, uint32_t oid)
{
    return oid && bsearch(&oid, correlation->members, correlation->members_len, sizeof(oid), compare_words);
}

static uint32_t
resolve_name(void *user, uint32_t name)
{
    const tscope_correlation *correlation = user;
    size_t low = 0, high = correlation->names_len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (correlation->names[middle] >> 32 < name)
            low = middle + 1;
        else
            high = middle;
    }
    return low < correlation->names_len && correlation->names[low] >> 32 == name ? (uint32_t)correlation->names[low] : 0;
}

static const struct tscope_event *
find_alias(const tscope_correlation *correlation, const uint8_t *uti)
{
    size_t low = 0, high = correlation->ledger->aliases_len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (memcmp(correlation->aliases[middle].uti, uti, TSCOPE_TOKEN_ID_BYTES) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == correlation->ledger->aliases_len || memcmp(correlation->aliases[low].uti, uti, TSCOPE_TOKEN_ID_BYTES) != 0)
        return NULL;
    return &correlation->ledger->events[correlation->aliases[low].event];
}

/* ---- whether a missing sign-in means anything */

static const struct tscope_event *
first_use(const tscope_correlation *correlation, const struct tscope_join *join)
{
    for (uint32_t i = 0; i < join->len; i++) {
        const struct tscope_event *event = &correlation->ledger->events[correlation->order[join->first + i]];

        if (event->flags & (TSCOPE_RECORD_USE | TSCOPE_RECORD_TOKEN))
            return event;
    }
    return &correlation->ledger->events[correlation->order[join->first]];
}

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
    if (from - START_MARGIN < log->times[0])
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

static enum tscope_join_reason
ask_gaps(const tscope_correlation *correlation, uint32_t tenant, int64_t from, int64_t until, uint8_t *ret_missing)
{
    *ret_missing = 0;
    for (int category = TSCOPE_CATEGORY_INTERACTIVE; category <= TSCOPE_CATEGORY_MANAGED_IDENTITY; category++) {
        const struct tscope_covered_log *log = log_for(correlation, tenant, (enum tscope_log_category)category);

        if (!(correlation->options.complete & 1u << category) && log && tscope_covered_log_has_gap(log, from, until))
            *ret_missing |= (uint8_t)(1u << category);
    }
    return *ret_missing ? TSCOPE_JOIN_REASON_GAP : TSCOPE_JOIN_REASON_NONE;
}

static bool
is_tenant(const tscope_correlation *correlation, uint32_t word)
{
    return word && tscope_text_is_guid(tscope_ledger_word(correlation->ledger, word), NULL);
}

/* Where each request comes with the token itself, it is no older than tokens live. Others keep a session, for which a cookie will do. */
static bool
is_of_token_life(const struct tscope_event *use)
{
    return use->flags & TSCOPE_RECORD_MAIL || use->category == TSCOPE_CATEGORY_GRAPH;
}

/* Everything but the base rate and the gaps. */
static enum tscope_join_reason
ask_coverage(const tscope_correlation *correlation, const struct tscope_join *join, const struct tscope_join_result *result,
             uint8_t *ret_missing)
{
    const struct tscope_event *use = first_use(correlation, join);
    uint32_t tenant = is_tenant(correlation, use->token_tenant) ? use->token_tenant : use->tenant;
    int64_t from = result->iat != TSCOPE_TIME_NONE ? result->iat : use->time - LIFE_MAX;

    *ret_missing = 0;
    if (!has_sign_ins(correlation, 0, true))
        return TSCOPE_JOIN_REASON_NO_SIGN_INS;
    if (result->failed)
        return TSCOPE_JOIN_REASON_FAILED;
    if (result->guest)
        return TSCOPE_JOIN_REASON_GUEST;
    if (result->partner)
        return TSCOPE_JOIN_REASON_PARTNER;
    if (!is_member(correlation, use->oid ? use->oid : resolve_name((void *)(uintptr_t)correlation, use->user)))
        return TSCOPE_JOIN_REASON_STRANGER;
    if (!is_tenant(correlation, tenant))
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
    const struct rated *x = a, *y = b;

    if (x->app != y->app)
        return x->app < y->app ? -1 : 1;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->joined - y->joined;
}

static enum tscope_status
sort_rates(struct rates *rates, struct tscope_error *err)
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
rated_before(const struct rates *rates, uint32_t app, int64_t at)
{
    size_t low = 0, high = rates->len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct rated *row = &rates->rows[middle];

        if (row->app < app || (row->app == app && row->at < at))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Others: the one that is asked about is among the rows, and not joined. */
static void
count_others(const struct rates *rates, uint32_t app, int64_t at, int64_t window, uint64_t *ret_others, uint64_t *ret_joined)
{
    size_t from = rated_before(rates, app, at - window), until = rated_before(rates, app, at + window + 1);

    *ret_others = until - from > 0 ? until - from - 1 : 0;
    *ret_joined = rates->joined[until] - rates->joined[from];
}

/*
 * Microsoft's services call each other with tokens that stand in no sign-in log: what others of the kind do says nothing of them. Not all
 * of these services are known: whatever never signs in may be one.
 */
static uint32_t
kind_of(const tscope_correlation *correlation, uint32_t app)
{
    const struct tscope_application_facts *facts;

    if (!app)
        return KIND_UNKNOWN;
    facts = tscope_application_facts_find(tscope_ledger_word(correlation->ledger, app));
    if (!facts)
        return bsearch(&app, correlation->clients, correlation->clients_len, sizeof(app), compare_words) ? KIND_THIRD_PARTY : KIND_NONE;
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
do_neighbours_join(const struct rates *rates, uint32_t app, int64_t at)
{
    size_t from = rated_before(rates, app, at - NEAR_WINDOW), first = rated_before(rates, app, at);
    size_t behind = rated_before(rates, app, at + 1), until = rated_before(rates, app, at + NEAR_WINDOW + 1);

    return (first == from || rates->rows[first - 1].joined) && (behind == until || rates->rows[behind].joined);
}

/* Of the week and of the hour. */
static enum tscope_join_reason
ask_rate(const tscope_correlation *correlation, const struct rates rates[2], struct tscope_join *join)
{
    uint32_t app = tscope_join_client(correlation->ledger, first_use(correlation, join)), kind = kind_of(correlation, app);
    uint32_t near_app = kind != KIND_NONE ? kind : app;
    const struct rates *near_rates = &rates[kind != KIND_NONE];
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
static bool
has_unread_sign_in(const tscope_correlation *correlation, const struct tscope_event *use, int64_t from, int64_t until)
{
    const struct tscope_event *events = correlation->ledger->events;
    uint32_t oid = use->oid ? use->oid : resolve_name((void *)(uintptr_t)correlation, use->user);
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

/* ---- the joins */

void
tscope_correlation_judge(const tscope_correlation *correlation, const struct tscope_join *join, struct tscope_join_result *ret_result)
{
    const uint32_t *events = correlation->order + join->first;
    const struct tscope_join_group group = {events, join->len, find_alias(correlation, correlation->ledger->events[events[0]].uti)};

    /* resolve_name only reads */
    tscope_join_judge(correlation->ledger, &group, resolve_name, (void *)(uintptr_t)correlation, ret_result);
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
rate(const tscope_correlation *correlation, const struct tscope_join *join, bool in_sign_ins, struct rates rates[2])
{
    uint32_t app = tscope_join_client(correlation->ledger, first_use(correlation, join));

    rates[0].rows[rates[0].len++] = (struct rated){.app = app, .joined = in_sign_ins, .at = join->at};
    rates[1].rows[rates[1].len++] = (struct rated){.app = kind_of(correlation, app), .joined = in_sign_ins, .at = join->at};
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
judge_join(const tscope_correlation *correlation, struct tscope_join *join, struct rates rates[2])
{
    struct tscope_join_result result;
    const struct tscope_event *use = first_use(correlation, join);
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
        enum tscope_join_reason reason = ask_coverage(correlation, join, &result, &missing);

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
judge_joins(tscope_correlation *correlation, struct rates rates[2], struct tscope_error *err)
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
        status = sort_rates(&rates[i], err);
    for (size_t i = 0; i < correlation->joins_len && status == TSCOPE_OK; i++) {
        struct tscope_join *join = &correlation->joins[i];
        const struct tscope_event *use = first_use(correlation, join);
        uint32_t tenant = is_tenant(correlation, use->token_tenant) ? use->token_tenant : use->tenant;
        int64_t from;

        if (join->verdict != TSCOPE_JOIN_NOT_JOINABLE || join->reason != TSCOPE_JOIN_REASON_NONE)
            continue;
        from = use->iat != TSCOPE_TIME_NONE ? join->at : join->at - LIFE_MAX;
        join->reason = (uint8_t)ask_gaps(correlation, tenant, from - 60, join->at + SIGN_IN_WITHIN, &join->missing);
        if (join->reason == TSCOPE_JOIN_REASON_NONE)
            join->reason = (uint8_t)ask_rate(correlation, rates, join);
        if (join->reason == TSCOPE_JOIN_REASON_NONE && has_unread_sign_in(correlation, use, from - START_MARGIN, join->at + SIGN_IN_WITHIN))
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
    struct rates rates[2] = {{0}};
    enum tscope_status status;

    if (!correlation) {
        tscope_coverage_free(coverage);
        return tscope_error_no_memory(err);
    }
    correlation->ledger = ledger;
    correlation->coverage = coverage;
    correlation->options = *options;
    status = sort_events(correlation, err);
    if (status == TSCOPE_OK)
        status = sort_names(correlation, err);
    if (status == TSCOPE_OK)
        status = sort_unread(correlation, err);
    if (status == TSCOPE_OK)
        status = sort_members(correlation, err);
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
