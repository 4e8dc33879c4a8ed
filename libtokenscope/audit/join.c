/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/join.h"

#include "audit/application.h"
#include "core/text.h"
#include "core/time.h"

/*
 * Entra dates a token up to five minutes back, the log's clock is another, and an interactive sign-in takes its time: a token's iat and the
 * time of its sign-in lie within ten minutes of each other. Two records that both tell the iat tell the same one; the access token and
 * the ID token of one response may differ by the time between them.
 */
#define SIGN_IN_TOLERANCE 600
#define IAT_TOLERANCE 300
#define EARLY_TOLERANCE 300

const char *
tscope_join_verdict_text(enum tscope_join_verdict verdict)
{
    switch (verdict) {
#define CASE(name, words)    \
    case TSCOPE_JOIN_##name: \
        return words;
        TSCOPE_FOREACH_JOIN_VERDICT(CASE)
#undef CASE
    }
    return "?";
}

const char *
tscope_join_reason_id(enum tscope_join_reason reason)
{
    switch (reason) {
#define CASE(name, id, words)       \
    case TSCOPE_JOIN_REASON_##name: \
        return id;
        TSCOPE_FOREACH_JOIN_REASON(CASE)
#undef CASE
    case TSCOPE_JOIN_REASONS:
        break;
    }
    return "?";
}

const char *
tscope_join_reason_text(enum tscope_join_reason reason)
{
    switch (reason) {
#define CASE(name, id, words)       \
    case TSCOPE_JOIN_REASON_##name: \
        return words;
        TSCOPE_FOREACH_JOIN_REASON(CASE)
#undef CASE
    case TSCOPE_JOIN_REASONS:
        break;
    }
    return "?";
}

const char *
tscope_contradiction_id(unsigned bit)
{
    switch (bit) {
#define CASE(name, number, id, words) \
    case number:                      \
        return id;
        TSCOPE_FOREACH_CONTRADICTION(CASE)
#undef CASE
    default:
        return "?";
    }
}

const char *
tscope_contradiction_text(unsigned bit)
{
    switch (bit) {
#define CASE(name, number, id, words) \
    case number:                      \
        return words;
        TSCOPE_FOREACH_CONTRADICTION(CASE)
#undef CASE
    default:
        return "?";
    }
}

static const struct tscope_application_facts *
facts_of(const tscope_ledger *ledger, uint32_t app)
{
    return tscope_application_facts_find(tscope_ledger_word(ledger, app));
}

static bool
is_client(const tscope_ledger *ledger, uint32_t app)
{
    const struct tscope_application_facts *facts;

    if (!app)
        return false;
    facts = facts_of(ledger, app);
    return !facts || !(facts->flags & TSCOPE_APP_RESOURCE);
}

uint32_t
tscope_join_client(const tscope_ledger *ledger, const struct tscope_event *event)
{
    if (is_client(ledger, event->token_app))
        return event->token_app;
    if (is_client(ledger, event->client_app))
        return event->client_app;
    return is_client(ledger, event->app) ? event->app : 0;
}

static void
object(struct tscope_join_result *result, enum tscope_contradiction what, const struct tscope_event *against)
{
    unsigned bit = 0;

    if (!(result->contradictions & what)) {
        while (1u << bit != (unsigned)what)
            bit++;
        result->against[bit] = against;
    }
    result->contradictions |= what;
}

static bool
is_guid(const tscope_ledger *ledger, uint32_t word)
{
    return word && tscope_text_is_guid(tscope_ledger_word(ledger, word), NULL);
}

/* The object id of who used it: as the record says, else that of the only user of this name. */
static uint32_t
user_of(const tscope_ledger *ledger, const struct tscope_event *event, tscope_join_resolve resolve, void *user)
{
    struct tscope_span name = tscope_ledger_word(ledger, event->user);

    if (is_guid(ledger, event->oid))
        return event->oid;
    if (!resolve || !name.data || !memchr(name.data, '@', name.len))
        return 0;
    return resolve(user, event->user);
}

static bool
is_of_application(const struct tscope_event *issue)
{
    return issue->category == TSCOPE_CATEGORY_SERVICE_PRINCIPAL || issue->category == TSCOPE_CATEGORY_MANAGED_IDENTITY;
}

/*
 * A guest has one object id at home and another here, and logs give either. The name in a record may be the mailbox's, when an application
 * acts by itself: then only an object id says who did.
 */
static void
compare_user(const tscope_ledger *ledger, const struct tscope_event *issue, const struct tscope_event *use, tscope_join_resolve resolve,
             void *user, struct tscope_join_result *result)
{
    uint32_t who = user_of(ledger, use, is_of_application(issue) ? NULL : resolve, user);

    if ((issue->flags | use->flags) & TSCOPE_RECORD_GUEST || !who || !is_guid(ledger, issue->oid))
        return;
    if (who != issue->oid)
        object(result, TSCOPE_CONTRADICTION_USER, use);
}

/* The log of a guest's home names its own tenant, and not always the one that the token is for; nor does a sign-in that names the home
 * alone. */
static void
compare_tenant(const tscope_ledger *ledger, const struct tscope_event *issue, const struct tscope_event *use,
               struct tscope_join_result *result)
{
    uint32_t tenant = use->token_tenant;

    if (!is_guid(ledger, tenant) || !(is_guid(ledger, issue->token_tenant) || is_guid(ledger, issue->tenant)))
        return;
    if (!is_guid(ledger, issue->token_tenant) &&
        ((issue->flags | use->flags) & TSCOPE_RECORD_GUEST || tscope_log_category_is_sign_in((enum tscope_log_category)issue->category)))
        return;
    if (tenant != issue->token_tenant && tenant != issue->tenant && tenant != issue->home_tenant)
        object(result, TSCOPE_CONTRADICTION_TENANT, use);
}

static bool
is_family(const tscope_ledger *ledger, uint32_t app)
{
    const struct tscope_application_facts *facts = app ? facts_of(ledger, app) : NULL;

    return facts && facts->flags & TSCOPE_APP_FAMILY;
}

/*
 * A record names up to three applications: the client of the token, the original caller, whoever acts for it. The token was issued to one
 * of them, or to another of the family whose refresh tokens serve each other. Whoever acts may be a service that no list knows, so it
 * contradicts nothing; nor does a sign-in to a resource, which gives tokens to its own clients (Exchange to Outlook on the web).
 */
static void
compare_app(const tscope_ledger *ledger, const struct tscope_event *issue, const struct tscope_event *use,
            struct tscope_join_result *result)
{
    uint32_t named[3] = {use->token_app, use->client_app, use->app};
    bool any = false;

    if (!is_guid(ledger, issue->app) || !is_client(ledger, issue->app))
        return;
    for (size_t i = 0; i < 3; i++) {
        if (named[i] == issue->app || (is_family(ledger, named[i]) && is_family(ledger, issue->app)))
            return;
        any = any || (i < 2 && is_guid(ledger, named[i]) && is_client(ledger, named[i]));
    }
    if (any)
        object(result, TSCOPE_CONTRADICTION_APP, use);
}

static int64_t
distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* Known by another id the sign-in may be another step of several, so its time and application say little. */
static void
compare_issue(const tscope_ledger *ledger, const struct tscope_event *issue, bool by_alias, const struct tscope_event *use,
              tscope_join_resolve resolve, void *user, struct tscope_join_result *result)
{
    compare_user(ledger, issue, use, resolve, user, result);
    compare_tenant(ledger, issue, use, result);
    if (!by_alias)
        compare_app(ledger, issue, use, result);
    if (by_alias || issue->time == TSCOPE_TIME_NONE)
        return;
    if (use->iat != TSCOPE_TIME_NONE && distance(use->iat, issue->time) > SIGN_IN_TOLERANCE)
        object(result, TSCOPE_CONTRADICTION_IAT, use);
    if (use->time != TSCOPE_TIME_NONE && !(use->flags & TSCOPE_RECORD_TOKEN) && use->time < issue->time - SIGN_IN_TOLERANCE)
        object(result, TSCOPE_CONTRADICTION_EARLY_USE, use);
}

/* Of the uses of one id the first that says something, for what the others say. */
struct said {
    const struct tscope_event *dated, *named, *tenant, *token;
    const struct tscope_event *earliest; /* of the log's records */
    const struct tscope_event *consumer; /* says that the token is of the tenant of personal accounts */
    const struct tscope_event *mailbox;  /* is of an organisation's mailbox */
    int64_t iat;                         /* the earliest that is said */
};

/* One token has one tid. Who comes from elsewhere has a tenant at home too, and records may give that one. */
static void
compare_token_tenants(const tscope_ledger *ledger, struct said *said, const struct tscope_event *use, struct tscope_join_result *result)
{
    if (!is_guid(ledger, use->token_tenant) || use->flags & (TSCOPE_RECORD_GUEST | TSCOPE_RECORD_PARTNER))
        return;
    if (said->tenant && said->tenant->token_tenant != use->token_tenant)
        object(result, TSCOPE_CONTRADICTION_TENANT, use);
    if (!said->tenant)
        said->tenant = use;
}

/* What a token at hand says of its client, against the client of the token by a record: two records may name two that take part. */
static void
compare_token_apps(const tscope_ledger *ledger, struct said *said, const struct tscope_event *use, struct tscope_join_result *result)
{
    const struct tscope_event *token = said->token;

    if (use->flags & TSCOPE_RECORD_TOKEN) {
        if (!token && is_guid(ledger, use->token_app))
            said->token = use;
        return;
    }
    if (!token || !is_guid(ledger, use->token_app) || !is_client(ledger, use->token_app) || token->token_app == use->token_app ||
        token->token_app == use->client_app || token->token_app == use->app)
        return;
    if (!(is_family(ledger, token->token_app) && is_family(ledger, use->token_app)))
        object(result, TSCOPE_CONTRADICTION_APP, use);
}

static bool
is_consumer(const tscope_ledger *ledger, uint32_t tenant)
{
    return tscope_span_is(tscope_ledger_word(ledger, tenant), TSCOPE_CONSUMER_TENANT);
}

static void
compare_uses(const tscope_ledger *ledger, struct said *said, const struct tscope_event *use, struct tscope_join_result *result)
{
    if (use->iat != TSCOPE_TIME_NONE) {
        if (said->dated && distance(said->dated->iat, use->iat) > IAT_TOLERANCE)
            object(result, TSCOPE_CONTRADICTION_TWO_IATS, use);
        if (!said->dated)
            said->dated = use;
        said->iat = said->iat == TSCOPE_TIME_NONE || use->iat < said->iat ? use->iat : said->iat;
    }
    if (!(use->flags & TSCOPE_RECORD_TOKEN) && use->time != TSCOPE_TIME_NONE && (!said->earliest || use->time < said->earliest->time))
        said->earliest = use;
    if (is_consumer(ledger, use->token_tenant))
        said->consumer = use;
    if (use->flags & TSCOPE_RECORD_EXCHANGE && is_guid(ledger, use->tenant) && !is_consumer(ledger, use->tenant) && !said->mailbox)
        said->mailbox = use;
    compare_token_tenants(ledger, said, use, result);
    compare_token_apps(ledger, said, use, result);
    if (!is_guid(ledger, use->oid) || use->flags & TSCOPE_RECORD_GUEST)
        return;
    if (said->named && said->named->oid != use->oid)
        object(result, TSCOPE_CONTRADICTION_TWO_USERS, use);
    if (!said->named)
        said->named = use;
}

/* Often one event tells the time of issue or the tenant, and another the use. */
static void
judge_together(const struct said *said, struct tscope_join_result *result)
{
    if (said->earliest && said->iat != TSCOPE_TIME_NONE && said->earliest->time < said->iat - EARLY_TOLERANCE)
        object(result, TSCOPE_CONTRADICTION_EARLY_USE, said->earliest);
    if (said->consumer && said->mailbox)
        object(result, TSCOPE_CONTRADICTION_CONSUMER, said->mailbox);
}

/* What needs nothing beside the record itself. */
static void
judge_alone(const struct tscope_event *use, struct tscope_join_result *result)
{
    if (use->time != TSCOPE_TIME_NONE && use->iat != TSCOPE_TIME_NONE && use->time < use->iat - EARLY_TOLERANCE)
        object(result, TSCOPE_CONTRADICTION_EARLY_USE, use);
}

static bool
is_use(const struct tscope_event *event)
{
    return (event->flags & (TSCOPE_RECORD_USE | TSCOPE_RECORD_TOKEN)) != 0;
}

/* A sign-in log says more than the audit log's copy of it; of several the earliest. */
static const struct tscope_event *
find_issue(const tscope_ledger *ledger, const struct tscope_join_group *group, struct tscope_join_result *result)
{
    const struct tscope_event *found = NULL;

    for (size_t i = 0; i < group->events_len; i++) {
        const struct tscope_event *event = &ledger->events[group->events[i]];

        result->failed = result->failed || event->flags & TSCOPE_RECORD_FAILED;
        if (!(event->flags & TSCOPE_RECORD_ISSUE))
            continue;
        if (!found || (found->category == TSCOPE_CATEGORY_AUDIT && event->category != TSCOPE_CATEGORY_AUDIT))
            found = event;
    }
    return found ? found : group->alias;
}

void
tscope_join_judge(const tscope_ledger *ledger, const struct tscope_join_group *group, tscope_join_resolve resolve, void *user,
                  struct tscope_join_result *ret_result)
{
    struct tscope_join_result *result = ret_result;
    struct said said = {.iat = TSCOPE_TIME_NONE};
    bool exchange_issued;

    *result =
        (struct tscope_join_result){.verdict = TSCOPE_JOIN_NOT_JOINABLE, .reason = TSCOPE_JOIN_REASON_NOT_ASKED, .iat = TSCOPE_TIME_NONE};
    result->issue = find_issue(ledger, group, result);
    /* what Exchange gave out stands in no sign-in log, and is another token than the one that it was given for */
    exchange_issued = result->issue && result->issue->flags & TSCOPE_RECORD_OWA_TOKEN;
    for (size_t i = 0; i < group->events_len; i++) {
        const struct tscope_event *event = &ledger->events[group->events[i]];

        if (!is_use(event))
            continue;
        result->used = true;
        result->guest = result->guest || event->flags & TSCOPE_RECORD_GUEST;
        result->partner = result->partner || event->flags & TSCOPE_RECORD_PARTNER;
        if (result->iat == TSCOPE_TIME_NONE)
            result->iat = event->iat;
        judge_alone(event, result);
        if (result->issue && !exchange_issued)
            compare_issue(ledger, result->issue, result->issue == group->alias, event, resolve, user, result);
        compare_uses(ledger, &said, event, result);
    }
    judge_together(&said, result);
    if (result->contradictions)
        result->verdict = TSCOPE_JOIN_CONTRADICTION;
    else if (result->issue)
        result->verdict = TSCOPE_JOIN_JOINED;
    else if (result->failed)
        result->reason = TSCOPE_JOIN_REASON_FAILED;
    if (result->verdict != TSCOPE_JOIN_NOT_JOINABLE)
        result->reason = TSCOPE_JOIN_REASON_NONE;
}
