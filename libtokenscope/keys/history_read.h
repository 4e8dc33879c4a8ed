/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_HISTORY_READ_H
#define TSCOPE_KEYS_HISTORY_READ_H

#include <jansson.h>
#include <stdlib.h>

#include "core/buffer.h"
#include "crypto/verifier.h"
#include "keys/history.h"
#include "keys/ring.h"

/** @file What the reader of a history file is made of: history_parse.c (the file), history_rows.c (its rows), history_index.c (order). */

struct tscope_history_name {
    struct tscope_span id;
    uint32_t number;
};

/** Ids of keys or endpoints, in order once sorted. */
struct tscope_history_names {
    struct tscope_history_name *rows;
    uint32_t len;
};

struct tscope_history_reader {
    struct tscope_span name;
    tscope_crypto *crypto;
    tscope_verifier *verifier; /* for thumbprints, made on first use */
    struct tscope_buffer canonical;
    struct tscope_arena *arena;
    const json_t *root;
    struct tscope_history *history;
    struct tscope_history_key *keys; /* history->keys, to be written */
    struct tscope_history_names key_ids, endpoint_ids;
    struct tscope_error *err;
};

/** One member of the file: how a row is read, and where the rows go. In the order they build on each other. */
struct tscope_history_table {
    const char *name;
    size_t row_size;
    enum tscope_status (*read)(struct tscope_history_reader *reader, const json_t *object, uint32_t number, void *row);
    int (*compare)(const void *a, const void *b); /* NULL: as they stand in the file */
    enum tscope_status (*store)(struct tscope_history_reader *reader, void *rows, uint32_t len);
};
extern const struct tscope_history_table tscope_history_tables[];
extern const size_t tscope_history_tables_len;

/** "NAME: what[number]: problem" as TSCOPE_ERR_DATA. */
enum tscope_status tscope_history_refuse(struct tscope_history_reader *reader, const char *what, size_t number, const char *problem);
/** Copies a string into the arena; data NULL for what is no string. False: out of memory. */
bool tscope_history_text(struct tscope_history_reader *reader, const json_t *value, struct tscope_span *ret_text);
/** The same as a view into jansson's memory. */
struct tscope_span tscope_history_view_text(const json_t *value);
/** RFC 3339 text or seconds; TSCOPE_TIME_NONE for null and nothing. False for what is no time. */
bool tscope_history_time(const json_t *value, int64_t *ret_time);

enum tscope_status tscope_history_names_sort(struct tscope_history_reader *reader, struct tscope_history_names *names, const char *what);
bool tscope_history_names_find(const struct tscope_history_names *names, struct tscope_span id, uint32_t *ret_number);

/** How a key's row says its family is known; NOTHING when it does not say. False for what is no such word. */
bool tscope_history_family_from(const json_t *object, enum tscope_family_from *ret_from);
/** Reads the "jwk" and "certificate" of a key's row. */
enum tscope_status tscope_history_read_key(struct tscope_history_reader *reader, const json_t *object, uint32_t number, void *row);

/** Runs of each key, look-up indexes, the strength of each family, the latest time. */
enum tscope_status tscope_history_finish(struct tscope_history_reader *reader);

#endif
