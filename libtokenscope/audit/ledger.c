/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/ledger.h"

#include "core/error.h"
#include "core/text.h"
#include "core/time.h"

#define FOLD_MAX 512

enum tscope_status
tscope_ledger_new(tscope_ledger **ret_ledger, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_ledger) *ledger = tscope_alloc_zeroed(1, sizeof(*ledger));

    if (!ledger)
        return tscope_error_no_memory(err);
    ledger->words = tscope_words_new();
    if (!ledger->words)
        return tscope_error_no_memory(err);
    *ret_ledger = TSCOPE_STEAL(ledger);
    return TSCOPE_OK;
}

void
tscope_ledger_free(tscope_ledger *ledger)
{
    if (!ledger)
        return;
    tscope_words_free(ledger->words);
    tscope_free(ledger->events);
    tscope_free(ledger->aliases);
    tscope_free(ledger);
}

/* Directories do not tell the cases of names and GUIDs apart. */
static bool
add_folded(tscope_words *words, struct tscope_span text, uint32_t *ret_number)
{
    uint8_t folded[FOLD_MAX];

    if (!text.data || text.len > sizeof(folded))
        return tscope_words_add(words, text, ret_number);
    for (size_t i = 0; i < text.len; i++)
        folded[i] = text.data[i] >= 'A' && text.data[i] <= 'Z' ? (uint8_t)(text.data[i] + 32) : text.data[i];
    return tscope_words_add(words, tscope_span_of(folded, text.len), ret_number);
}

/* A GUID of zeros is what services write where they have none. */
static bool
add_guid(tscope_words *words, struct tscope_span text, uint32_t *ret_number)
{
    if (tscope_guid_is_placeholder(text)) {
        *ret_number = 0;
        return true;
    }
    return add_folded(words, text, ret_number);
}

static bool
add_address(tscope_words *words, struct tscope_span text, uint32_t *ret_number)
{
    struct tscope_address address;
    char plain[TSCOPE_ADDRESS_TEXT];

    if (!tscope_address_read(text, &address))
        return tscope_words_add(words, text, ret_number);
    tscope_address_text(&address, plain);
    return tscope_words_add(words, tscope_span_text(plain), ret_number);
}

enum tscope_status
tscope_ledger_event(tscope_words *words, const struct tscope_record *record, struct tscope_event *ret_event, struct tscope_error *err)
{
    struct tscope_event event = {.time = record->time, .iat = record->iat, .count = record->count, .flags = (uint16_t)record->flags};

    event.category = (uint8_t)record->category;
    event.has_uti = record->has_uti;
    memcpy(event.uti, record->uti, sizeof(event.uti));
    if (!add_folded(words, record->user, &event.user) || !add_guid(words, record->oid, &event.oid) ||
        !add_guid(words, record->tenant, &event.tenant) || !add_guid(words, record->token_tenant, &event.token_tenant) ||
        !add_guid(words, record->home_tenant, &event.home_tenant) || !add_guid(words, record->app, &event.app) ||
        !add_guid(words, record->client_app, &event.client_app) || !add_guid(words, record->token_app, &event.token_app) ||
        !add_guid(words, record->resource, &event.resource) || !add_address(words, record->address, &event.address) ||
        !add_guid(words, record->session, &event.session) || !add_folded(words, record->mailbox, &event.mailbox) ||
        !tscope_words_add(words, record->operation, &event.operation))
        return tscope_error_no_memory(err);
    *ret_event = event;
    return TSCOPE_OK;
}

size_t
tscope_record_aliases(const struct tscope_record *record, uint8_t aliases[2][TSCOPE_TOKEN_ID_BYTES])
{
    size_t len = 0;

    if (record->flags & TSCOPE_RECORD_OWA_TOKEN)
        return tscope_token_id_read(record->request, aliases[0]) == TSCOPE_TOKEN_ID_BYTES_READ;
    if (!tscope_log_category_is_sign_in(record->category) || record->flags & TSCOPE_RECORD_FAILED)
        return 0;
    if (tscope_token_id_from_guid(record->id, aliases[len]) && (!record->has_uti || memcmp(aliases[len], record->uti, 16) != 0))
        len++;
    if (tscope_token_id_from_guid(record->request, aliases[len]) && (!record->has_uti || memcmp(aliases[len], record->uti, 16) != 0) &&
        (len == 0 || memcmp(aliases[0], aliases[1], 16) != 0))
        len++;
    return len;
}

enum tscope_status
tscope_ledger_add(tscope_ledger *ledger, const struct tscope_event *event, struct tscope_error *err)
{
    if (ledger->events_len == ledger->events_max) {
        size_t max = ledger->events_max ? ledger->events_max + ledger->events_max / 2 : 1024;
        struct tscope_event *events = max < UINT32_MAX ? tscope_realloc(ledger->events, max * sizeof(*events)) : NULL;

        if (!events)
            return tscope_error_no_memory(err);
        ledger->events = events;
        ledger->events_max = max;
    }
    ledger->events[ledger->events_len++] = *event;
    return TSCOPE_OK;
}

enum tscope_status
tscope_ledger_add_alias(tscope_ledger *ledger, const uint8_t uti[TSCOPE_TOKEN_ID_BYTES], struct tscope_error *err)
{
    if (ledger->aliases_len == ledger->aliases_max) {
        size_t max = ledger->aliases_max ? ledger->aliases_max * 2 : 256;
        struct tscope_event_alias *aliases = tscope_realloc(ledger->aliases, max * sizeof(*aliases));

        if (!aliases)
            return tscope_error_no_memory(err);
        ledger->aliases = aliases;
        ledger->aliases_max = max;
    }
    memcpy(ledger->aliases[ledger->aliases_len].uti, uti, TSCOPE_TOKEN_ID_BYTES);
    ledger->aliases[ledger->aliases_len++].event = (uint32_t)(ledger->events_len - 1);
    return TSCOPE_OK;
}

enum tscope_status
tscope_ledger_add_record(tscope_ledger *ledger, const struct tscope_record *record, uint32_t number, uint32_t source,
                         struct tscope_error *err)
{
    uint8_t aliases[2][TSCOPE_TOKEN_ID_BYTES];
    struct tscope_event event;
    enum tscope_status status = tscope_ledger_event(ledger->words, record, &event, err);
    size_t aliases_len = tscope_record_aliases(record, aliases);

    event.number = number;
    event.source = source;
    if (status == TSCOPE_OK)
        status = tscope_ledger_add(ledger, &event, err);
    for (size_t i = 0; i < aliases_len && status == TSCOPE_OK; i++)
        status = tscope_ledger_add_alias(ledger, aliases[i], err);
    return status;
}
