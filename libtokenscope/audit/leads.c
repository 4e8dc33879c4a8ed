/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "audit/application.h"
#include "audit/correlate.h"
#include "core/error.h"
#include "core/text.h"
#include "core/time.h"

/*
 * Where to look. Each lead has an honest explanation more often than not, so what explains most of them is left out: services that pass
 * requests on, addresses of one site, both protocols of one client, networks that the user or several others are known from.
 */
#define LEADS_MAX 1000
#define BASELINE (14 * 86400) /* of mailbox records before an application can be called new */
#define BASELINE_RECORDS 1000
#define RARE_MAILBOXES 3
#define POOL_USERS 3              /* that many others from one network: an office, or a provider's pool */
#define SESSION_LIFE (90 * 86400) /* of what is shown of a session */

const char *
tscope_lead_id(enum tscope_lead_kind kind)
{
    switch (kind) {
#define CASE(name, id, words) \
    case TSCOPE_LEAD_##name:  \
        return id;
        TSCOPE_FOREACH_LEAD(CASE)
#undef CASE
    }
    return "?";
}

const char *
tscope_lead_text(enum tscope_lead_kind kind)
{
    switch (kind) {
#define CASE(name, id, words) \
    case TSCOPE_LEAD_##name:  \
        return words;
        TSCOPE_FOREACH_LEAD(CASE)
#undef CASE
    }
    return "?";
}

static enum tscope_status
add_lead(tscope_correlation *correlation, const struct tscope_lead *lead, struct tscope_error *err)
{
    if (correlation->leads_len == LEADS_MAX) {
        correlation->leads_left_out++;
        return TSCOPE_OK;
    }
    if (correlation->leads_len == correlation->leads_max) {
        size_t max = correlation->leads_max ? correlation->leads_max * 2 : 16;
        struct tscope_lead *leads = tscope_realloc(correlation->leads, max * sizeof(*leads));

        if (!leads)
            return tscope_error_no_memory(err);
        correlation->leads = leads;
        correlation->leads_max = max;
    }
    correlation->leads[correlation->leads_len++] = *lead;
    return TSCOPE_OK;
}

static const struct tscope_event *
event_at(const tscope_correlation *correlation, uint32_t number)
{
    return &correlation->ledger->events[number];
}

/* ---- addresses, read once a word */

struct networks {
    struct tscope_address *addresses; /* by word */
    uint8_t *is_client;               /* a word that is an address, and none of a relay */
    uint64_t *known;                  /* user and network of sign-ins, as two words in one number */
    size_t known_len;
};

static void
clear_networks(struct networks *networks)
{
    tscope_free(networks->addresses);
    tscope_free(networks->is_client);
    tscope_free(networks->known);
}

static uint32_t
network_of(const struct networks *networks, uint32_t word)
{
    struct tscope_address near = networks->addresses[word];
    bool v4 = near.bytes[10] == 0xff && near.bytes[11] == 0xff && near.bytes[0] == 0;
    uint32_t hash = 2166136261u;

    memset(near.bytes + (v4 ? 15 : 6), 0, v4 ? 1 : 10);
    for (size_t i = 0; i < sizeof(near.bytes); i++)
        hash = (hash ^ near.bytes[i]) * 16777619u;
    return hash;
}

static int
compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static enum tscope_status
read_networks(const tscope_ledger *ledger, struct networks *networks, struct tscope_error *err)
{
    size_t words = tscope_words_len(ledger->words) + (size_t)1;

    networks->addresses = tscope_alloc_zeroed(words, sizeof(*networks->addresses));
    networks->is_client = tscope_alloc_zeroed(words, 1);
    networks->known = tscope_alloc((ledger->events_len + 1) * sizeof(*networks->known));
    if (!networks->addresses || !networks->is_client || !networks->known)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < ledger->events_len; i++) {
        uint32_t word = ledger->events[i].address;

        if (word && !networks->is_client[word])
            networks->is_client[word] = !tscope_address_read(tscope_ledger_word(ledger, word), &networks->addresses[word]) ? 2
                                        : tscope_address_is_relay(&networks->addresses[word])                              ? 3
                                                                                                                           : 1;
        if (word && networks->is_client[word] == 1 && ledger->events[i].flags & TSCOPE_RECORD_ISSUE && ledger->events[i].user)
            networks->known[networks->known_len++] = (uint64_t)network_of(networks, word) << 32 | ledger->events[i].user;
    }
    qsort(networks->known, networks->known_len, sizeof(*networks->known), compare_numbers);
    return TSCOPE_OK;
}

/* The user signs in from there, or several others do. */
static bool
is_explained(const struct networks *networks, uint32_t word, uint32_t user)
{
    uint64_t network = network_of(networks, word);
    size_t low = 0, high = networks->known_len, users = 0;
    uint32_t last = 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (networks->known[middle] < network << 32)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < networks->known_len && networks->known[low] >> 32 == network; low++) {
        uint32_t other = (uint32_t)networks->known[low];

        if (other == user)
            return true;
        users += other != last;
        last = other;
        if (users >= POOL_USERS)
            return true;
    }
    return false;
}

static bool
is_far(const struct networks *networks, uint32_t a, uint32_t b)
{
    const struct tscope_address *x = &networks->addresses[a], *y = &networks->addresses[b];
    bool x_v4 = x->bytes[10] == 0xff && x->bytes[0] == 0, y_v4 = y->bytes[10] == 0xff && y->bytes[0] == 0;

    return x_v4 == y_v4 && !tscope_address_is_near(x, y);
}

/* One here, one there, the first again: somebody who travels does not come back within the life of a token. */
static enum tscope_status
find_replay(tscope_correlation *correlation, const struct networks *networks, const struct tscope_join *join, struct tscope_error *err)
{
    uint32_t here = UINT32_MAX, there = UINT32_MAX;

    for (uint32_t i = 0; i < join->len; i++) {
        uint32_t number = correlation->order[join->first + i];
        const struct tscope_event *event = event_at(correlation, number);

        if (!(event->flags & TSCOPE_RECORD_USE) || !event->address || networks->is_client[event->address] != 1)
            continue;
        if (here == UINT32_MAX) {
            here = number;
        } else if (is_far(networks, event_at(correlation, here)->address, event->address)) {
            there = number;
        } else if (there != UINT32_MAX) {
            uint32_t user = event->user, home = event_at(correlation, here)->address, away = event_at(correlation, there)->address;
            struct tscope_lead lead = {.kind = TSCOPE_LEAD_REPLAY, .event = here, .other = there, .events = 2};

            if (is_explained(networks, home, user) && is_explained(networks, away, user))
                return TSCOPE_OK;
            return add_lead(correlation, &lead, err);
        }
    }
    return TSCOPE_OK;
}

static enum tscope_status
find_replays(tscope_correlation *correlation, struct tscope_error *err)
{
    struct networks networks = {0};
    enum tscope_status status = read_networks(correlation->ledger, &networks, err);

    for (size_t i = 0; i < correlation->joins_len && status == TSCOPE_OK; i++)
        status = find_replay(correlation, &networks, &correlation->joins[i], err);
    clear_networks(&networks);
    return status;
}

/* ---- addresses of incidents: a lead an address */

static enum tscope_status
find_incident_addresses(tscope_correlation *correlation, struct tscope_error *err)
{
    const tscope_ledger *ledger = correlation->ledger;
    enum tscope_status status = TSCOPE_OK;

    for (size_t row = 0; row < tscope_incident_addresses_len && status == TSCOPE_OK; row++) {
        char text[TSCOPE_ADDRESS_TEXT];
        uint32_t word;
        struct tscope_lead lead = {.kind = TSCOPE_LEAD_INCIDENT_ADDRESS};

        tscope_address_text(&tscope_incident_addresses[row].address, text);
        word = tscope_words_find(ledger->words, tscope_span_text(text));
        for (size_t i = 0; word && i < ledger->events_len; i++) {
            if (ledger->events[i].address != word || ledger->events[i].time == TSCOPE_TIME_NONE ||
                !tscope_address_incident(&tscope_incident_addresses[row].address, ledger->events[i].time))
                continue;
            if (lead.events++ == 0 || ledger->events[i].time < event_at(correlation, lead.event)->time)
                lead.event = (uint32_t)i;
        }
        if (lead.events)
            status = add_lead(correlation, &lead, err);
    }
    return status;
}

/* ---- applications that are new on mailboxes */

struct mail_use {
    uint32_t app, mailbox, event;
};

static int
compare_mail(const void *a, const void *b)
{
    const struct mail_use *x = a, *y = b;

    if (x->app != y->app)
        return x->app < y->app ? -1 : 1;
    if (x->mailbox != y->mailbox)
        return x->mailbox < y->mailbox ? -1 : 1;
    return (x->event > y->event) - (x->event < y->event);
}

static enum tscope_status
judge_app(tscope_correlation *correlation, const struct mail_use *uses, size_t len, int64_t begin, struct tscope_error *err)
{
    struct tscope_lead lead = {.kind = TSCOPE_LEAD_RARE_APP, .event = uses[0].event, .events = (uint32_t)len};
    const struct tscope_application_facts *facts = tscope_application_facts_find(tscope_ledger_word(correlation->ledger, uses[0].app));
    size_t mailboxes = 1;

    for (size_t i = 0; i < len; i++) {
        mailboxes += i > 0 && uses[i].mailbox != uses[i - 1].mailbox;
        if (event_at(correlation, uses[i].event)->time < event_at(correlation, lead.event)->time)
            lead.event = uses[i].event;
    }
    if (mailboxes > RARE_MAILBOXES || (facts && facts->flags & TSCOPE_APP_FIRST_PARTY) ||
        event_at(correlation, lead.event)->time < begin + BASELINE)
        return TSCOPE_OK;
    return add_lead(correlation, &lead, err);
}

static enum tscope_status
find_rare_apps(tscope_correlation *correlation, struct tscope_error *err)
{
    const tscope_ledger *ledger = correlation->ledger;
    struct mail_use *uses = tscope_alloc((ledger->events_len + 1) * sizeof(*uses));
    int64_t begin = INT64_MAX;
    size_t len = 0;
    enum tscope_status status = TSCOPE_OK;

    if (!uses)
        return tscope_error_no_memory(err);
    for (uint32_t i = 0; i < ledger->events_len; i++) {
        const struct tscope_event *event = &ledger->events[i];

        if (!(event->flags & TSCOPE_RECORD_MAIL) || event->time == TSCOPE_TIME_NONE)
            continue;
        begin = event->time < begin ? event->time : begin;
        uses[len] = (struct mail_use){tscope_join_client(ledger, event), event->mailbox, i};
        len += uses[len].app != 0;
    }
    qsort(uses, len, sizeof(*uses), compare_mail);
    for (size_t first = 0, run; first < len && len >= BASELINE_RECORDS && status == TSCOPE_OK; first += run) {
        for (run = 1; first + run < len && uses[first + run].app == uses[first].app;)
            run++;
        status = judge_app(correlation, uses + first, run, begin, err);
    }
    tscope_free(uses);
    return status;
}

/* ---- what was obtained with suspect tokens */

struct suspect_session {
    uint32_t session;
    uint32_t event; /* the first use of a suspect token there */
};

static int
compare_sessions(const void *a, const void *b, void *user)
{
    const struct tscope_event *events = user;
    const struct suspect_session *x = a, *y = b;

    if (x->session != y->session)
        return x->session < y->session ? -1 : 1;
    if (events[x->event].time != events[y->event].time)
        return events[x->event].time < events[y->event].time ? -1 : 1;
    return (x->event > y->event) - (x->event < y->event);
}

static const struct suspect_session *
find_session(const struct suspect_session *sessions, size_t len, uint32_t session)
{
    size_t low = 0, high = len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (sessions[middle].session < session)
            low = middle + 1;
        else
            high = middle;
    }
    return low < len && sessions[low].session == session ? &sessions[low] : NULL;
}

static size_t
list_sessions(const tscope_correlation *correlation, struct suspect_session *sessions)
{
    size_t len = 0;

    for (size_t i = 0; i < correlation->suspects_len; i++) {
        const struct tscope_join *join = &correlation->joins[correlation->suspects[i]];

        for (uint32_t k = 0; k < join->len; k++) {
            uint32_t number = correlation->order[join->first + k];
            const struct tscope_event *event = event_at(correlation, number);

            if (event->flags & TSCOPE_RECORD_USE && event->session)
                sessions[len++] = (struct suspect_session){event->session, number};
        }
    }
    qsort_r(sessions, len, sizeof(*sessions), compare_sessions, correlation->ledger->events);
    return len;
}

static bool
is_suspect(const tscope_correlation *correlation, const struct tscope_event *event)
{
    const struct tscope_join *join = event->has_uti ? tscope_correlation_find(correlation, event->uti) : NULL;

    return join && tscope_join_is_suspect(join);
}

/*
 * Exchange's record says it itself: this token was obtained with that one. Else another token that is used in the session after the suspect
 * one, once a token; the session's own user has such ones too, so that it is a lead and no more.
 */
static enum tscope_status
judge_derived(tscope_correlation *correlation, const struct suspect_session *sessions, size_t len, uint32_t number,
              struct tscope_error *err)
{
    const struct tscope_event *event = event_at(correlation, number);
    const struct suspect_session *session = event->session ? find_session(sessions, len, event->session) : NULL;
    struct tscope_lead lead = {.kind = TSCOPE_LEAD_DERIVED, .event = number, .events = 1};
    bool is_owa = (event->flags & TSCOPE_RECORD_OWA_TOKEN) != 0;

    if (is_owa && is_suspect(correlation, event)) {
        lead.other = number;
        lead.is_direct = true;
        return add_lead(correlation, &lead, err);
    }
    if (!session || event->time < event_at(correlation, session->event)->time || number == session->event ||
        event->time > event_at(correlation, session->event)->time + SESSION_LIFE)
        return TSCOPE_OK;
    if (!is_owa && (!event->has_uti || is_suspect(correlation, event)))
        return TSCOPE_OK;
    lead.other = session->event;
    return add_lead(correlation, &lead, err);
}

/* The first use of each token alone; every record of Exchange. */
static bool
is_first_use(const tscope_correlation *correlation, uint32_t number)
{
    const struct tscope_event *event = event_at(correlation, number);
    const struct tscope_join *join = event->has_uti ? tscope_correlation_find(correlation, event->uti) : NULL;

    if (event->flags & TSCOPE_RECORD_OWA_TOKEN)
        return true;
    for (uint32_t i = 0; join && i < join->len; i++) {
        if (event_at(correlation, correlation->order[join->first + i])->flags & TSCOPE_RECORD_USE)
            return correlation->order[join->first + i] == number;
    }
    return false;
}

static enum tscope_status
find_derived(tscope_correlation *correlation, struct tscope_error *err)
{
    const tscope_ledger *ledger = correlation->ledger;
    struct suspect_session *sessions;
    size_t uses = 0, len;
    enum tscope_status status = TSCOPE_OK;

    for (size_t i = 0; i < correlation->suspects_len; i++)
        uses += correlation->joins[correlation->suspects[i]].len;
    if (uses == 0)
        return TSCOPE_OK;
    sessions = tscope_alloc(uses * sizeof(*sessions));
    if (!sessions)
        return tscope_error_no_memory(err);
    len = list_sessions(correlation, sessions);
    for (uint32_t i = 0; i < ledger->events_len && status == TSCOPE_OK; i++) {
        const struct tscope_event *event = &ledger->events[i];
        bool in_session = event->session && find_session(sessions, len, event->session);

        if (event->flags & TSCOPE_RECORD_USE && (in_session || event->flags & TSCOPE_RECORD_OWA_TOKEN) && is_first_use(correlation, i))
            status = judge_derived(correlation, sessions, len, i, err);
    }
    tscope_free(sessions);
    return status;
}

enum tscope_status
tscope_correlation_find_leads(tscope_correlation *correlation, struct tscope_error *err)
{
    enum tscope_status status = find_derived(correlation, err);

    if (status == TSCOPE_OK)
        status = find_incident_addresses(correlation, err);
    if (status == TSCOPE_OK)
        status = find_rare_apps(correlation, err);
    return status == TSCOPE_OK ? find_replays(correlation, err) : status;
}

/* ---- everything that a suspect did */

static int
compare_by_time(const void *a, const void *b, void *user)
{
    const struct tscope_event *events = user, *x = &events[*(const uint32_t *)a], *y = &events[*(const uint32_t *)b];

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x > y) - (x < y);
}

/* Its sessions, of which there are more than one only when the token's records do not agree. */
static size_t
sessions_of(const tscope_correlation *correlation, const struct tscope_join *join, uint32_t sessions[4], int64_t *ret_from)
{
    size_t len = 0;

    *ret_from = INT64_MAX;
    for (uint32_t i = 0; i < join->len; i++) {
        const struct tscope_event *event = event_at(correlation, correlation->order[join->first + i]);
        size_t k = 0;

        if (!(event->flags & TSCOPE_RECORD_USE))
            continue;
        if (event->time != TSCOPE_TIME_NONE && event->time < *ret_from)
            *ret_from = event->time;
        while (k < len && sessions[k] != event->session)
            k++;
        if (event->session && k == len && len < 4)
            sessions[len++] = event->session;
    }
    return len;
}

enum tscope_status
tscope_correlation_timeline(const tscope_correlation *correlation, const struct tscope_join *join, uint32_t **ret_events, size_t *ret_len,
                            struct tscope_error *err)
{
    const tscope_ledger *ledger = correlation->ledger;
    const struct tscope_event *first = event_at(correlation, correlation->order[join->first]);
    uint32_t sessions[4], *events = NULL;
    int64_t from;
    size_t sessions_len = sessions_of(correlation, join, sessions, &from), len = 0, max = 0;

    for (uint32_t i = 0; i < ledger->events_len; i++) {
        const struct tscope_event *event = &ledger->events[i];
        bool wanted = (event->has_uti && first->has_uti && memcmp(event->uti, first->uti, sizeof(event->uti)) == 0) || event == first;

        for (size_t k = 0; k < sessions_len && !wanted; k++)
            wanted = event->session == sessions[k] && event->time >= from;
        if (!wanted)
            continue;
        if (len == max) {
            uint32_t *larger = tscope_realloc(events, (max = max ? max * 2 : 64) * sizeof(*events));

            if (!larger) {
                tscope_free(events);
                return tscope_error_no_memory(err);
            }
            events = larger;
        }
        events[len++] = i;
    }
    if (len)
        qsort_r(events, len, sizeof(*events), compare_by_time, ledger->events);
    *ret_events = events;
    *ret_len = len;
    return TSCOPE_OK;
}
