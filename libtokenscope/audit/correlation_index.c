/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/correlation_index.h"

#include <stdlib.h>

#include "core/error.h"
#include "core/text.h"

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

enum tscope_status
tscope_correlation_sort_events(tscope_correlation *correlation, struct tscope_error *err)
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
enum tscope_status
tscope_correlation_sort_names(tscope_correlation *correlation, struct tscope_error *err)
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
enum tscope_status
tscope_correlation_sort_members(tscope_correlation *correlation, struct tscope_error *err)
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
enum tscope_status
tscope_correlation_sort_unread(tscope_correlation *correlation, struct tscope_error *err)
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

bool
tscope_correlation_is_member(const tscope_correlation *correlation, uint32_t oid)
{
    return oid && bsearch(&oid, correlation->members, correlation->members_len, sizeof(oid), compare_words);
}

bool
tscope_correlation_is_client(const tscope_correlation *correlation, uint32_t app)
{
    return bsearch(&app, correlation->clients, correlation->clients_len, sizeof(app), compare_words) != NULL;
}

uint32_t
tscope_correlation_resolve_name(void *user, uint32_t name)
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

const struct tscope_event *
tscope_correlation_find_alias(const tscope_correlation *correlation, const uint8_t *uti)
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

const struct tscope_event *
tscope_correlation_first_use(const tscope_correlation *correlation, const struct tscope_join *join)
{
    for (uint32_t i = 0; i < join->len; i++) {
        const struct tscope_event *event = &correlation->ledger->events[correlation->order[join->first + i]];

        if (event->flags & (TSCOPE_RECORD_USE | TSCOPE_RECORD_TOKEN))
            return event;
    }
    return &correlation->ledger->events[correlation->order[join->first]];
}

bool
tscope_correlation_is_tenant(const tscope_correlation *correlation, uint32_t word)
{
    return word && tscope_text_is_guid(tscope_ledger_word(correlation->ledger, word), NULL);
}
