/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_HISTORY_APPEND_H
#define TSCOPE_KEYS_HISTORY_APPEND_H

#include <tokenscope/history.h>

#include "core/json_writer.h"
#include "keys/history_walk.h"
#include "keys/ring.h"

/**
 * @file The inside of tscope_history_append(): history_append.c (endpoints and sets), history_append_keys.c (keys),
 * history_append_text.c (the text they go into).
 */

/** The arrays that rows are added to. */
enum tscope_append_part { TSCOPE_APPEND_KEYS, TSCOPE_APPEND_ENDPOINTS, TSCOPE_APPEND_SNAPSHOTS, TSCOPE_APPEND_PARTS };

/** A key that this call adds. */
struct tscope_append_key {
    struct tscope_span kid, id;
    uint8_t thumbprint[32];
    struct tscope_span endpoint; /* that listed it first */
};

struct tscope_append_set {
    struct tscope_span endpoint, keys; /* keys: their ids as the row has them */
    int64_t at;
};

struct tscope_appender {
    struct tscope_span text;
    struct tscope_json json;
    const struct tscope_history *history;
    struct tscope_arena arena;
    tscope_crypto *crypto;
    struct tscope_buffer rows[TSCOPE_APPEND_PARTS];
    size_t rows_len[TSCOPE_APPEND_PARTS];
    struct tscope_append_key *keys;
    struct tscope_append_set *sets;
    struct tscope_span *endpoints; /* ids of those added */
    size_t keys_len, keys_capacity, sets_len, sets_capacity, endpoints_len, endpoints_capacity;
    struct tscope_appended appended;
    struct tscope_error *err;
};

enum tscope_status tscope_append_refuse(struct tscope_appender *appender, const struct tscope_snapshot *snapshot, enum tscope_status status,
                                        const char *what);
/** Room for one more of an array (a pointer to its pointer); false: out of memory. */
bool tscope_append_room(void *array, size_t len, size_t *capacity, size_t size);
/** The number of an endpoint that the history knew before, or TSCOPE_HISTORY_NONE. */
uint32_t tscope_append_endpoint_number(const struct tscope_appender *appender, struct tscope_span endpoint);
/** Begins a row, an object that the caller ends. */
void tscope_append_begin(struct tscope_appender *appender, enum tscope_append_part part, struct tscope_json_writer *writer);
/** A member that is null where nobody knows. */
void tscope_append_text(struct tscope_json_writer *writer, const char *name, const char *text);

/**
 * The id of a key's entry, which is made where there is none. data NULL: it is left out, as no history can hold it.
 *
 * @param keyring  frozen, of the set
 * @param endpoint that lists it
 */
enum tscope_status tscope_append_key(struct tscope_appender *appender, const struct tscope_snapshot *snapshot,
                                     const tscope_keyring *keyring, const tscope_key *key, struct tscope_span endpoint,
                                     struct tscope_span *ret_id);

/** The text with the new rows in it. */
enum tscope_status tscope_append_splice(struct tscope_appender *appender, struct tscope_buffer *out);

#endif
