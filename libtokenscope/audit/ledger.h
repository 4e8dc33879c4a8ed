/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_LEDGER_H
#define TSCOPE_AUDIT_LEDGER_H

#include <tokenscope/status.h>

#include "audit/record.h"
#include "audit/words.h"

/**
 * @file Records in memory, about a hundred bytes each, for what needs all of them at once. Texts are numbers of one list of words; GUIDs
 * and names of users are folded to lower case there, because directories do not tell their cases apart. Token ids are not.
 */

/** Of a record what is compared. Words are numbers; 0: the row does not say. */
struct tscope_event {
    int64_t time, iat; /* TSCOPE_TIME_NONE: not known */
    uint8_t uti[TSCOPE_TOKEN_ID_BYTES];
    uint32_t number; /* who keeps the record knows it by this */
    uint32_t source; /* the file that it is of */
    uint32_t user, oid, tenant, token_tenant, home_tenant, app, client_app, token_app, resource, address, session, mailbox, operation;
    uint32_t count;
    uint16_t flags;   /* enum tscope_record_flags */
    uint8_t category; /* enum tscope_log_category; 0: a token at hand */
    bool has_uti;
};

/** Another id by which a token that an event shows is known: the id of a sign-in's request, the token that Exchange gave out. */
struct tscope_event_alias {
    uint8_t uti[TSCOPE_TOKEN_ID_BYTES];
    uint32_t event;
};

typedef struct tscope_ledger {
    tscope_words *words;
    struct tscope_event *events;
    size_t events_len, events_max;
    struct tscope_event_alias *aliases;
    size_t aliases_len, aliases_max;
} tscope_ledger;

TSCOPE_MUST_USE enum tscope_status tscope_ledger_new(tscope_ledger **ret_ledger, struct tscope_error *err);
void tscope_ledger_free(tscope_ledger *ledger);
TSCOPE_DEFINE_AUTO(tscope_ledger)

/** A record as an event and its words; no aliases. What a case stores, too. */
TSCOPE_MUST_USE enum tscope_status tscope_ledger_event(tscope_words *words, const struct tscope_record *record,
                                                       struct tscope_event *ret_event, struct tscope_error *err);
/** Ids beside the first, at most two. How many there are. */
size_t tscope_record_aliases(const struct tscope_record *record, uint8_t aliases[2][TSCOPE_TOKEN_ID_BYTES]);

/** Takes an event; numbers of words are the ledger's. */
TSCOPE_MUST_USE enum tscope_status tscope_ledger_add(tscope_ledger *ledger, const struct tscope_event *event, struct tscope_error *err);
/** Of the event that was added last. */
TSCOPE_MUST_USE enum tscope_status tscope_ledger_add_alias(tscope_ledger *ledger, const uint8_t uti[TSCOPE_TOKEN_ID_BYTES],
                                                           struct tscope_error *err);
/** All of it in one. */
TSCOPE_MUST_USE enum tscope_status tscope_ledger_add_record(tscope_ledger *ledger, const struct tscope_record *record, uint32_t number,
                                                            uint32_t source, struct tscope_error *err);

static inline struct tscope_span
tscope_ledger_word(const tscope_ledger *ledger, uint32_t number)
{
    return tscope_words_text(ledger->words, number);
}

#endif
