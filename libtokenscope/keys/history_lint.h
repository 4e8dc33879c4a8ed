/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_HISTORY_LINT_H
#define TSCOPE_KEYS_HISTORY_LINT_H

#include <tokenscope/history.h>

#include "core/json.h"
#include "keys/history.h"

/**
 * @file The inside of the lint of history files: history_lint.c (the file, its faults), history_lint_rows.c (each row by itself),
 * history_lint_times.c (rows against each other). It reads the file by our own index, which knows where everything stands.
 */

#define TSCOPE_HISTORY_FAULTS (TSCOPE_HISTORY_FAULT_AFTER_WITHDRAWN + 1)
#define TSCOPE_HISTORY_FAULTS_KEPT 100 /* of a kind */

/** The arrays of the file, in the order they build on each other. */
enum tscope_history_member {
    TSCOPE_HISTORY_KEYS,
    TSCOPE_HISTORY_ENDPOINTS,
    TSCOPE_HISTORY_COVERAGE,
    TSCOPE_HISTORY_SNAPSHOTS,
    TSCOPE_HISTORY_SIGHTINGS,
    TSCOPE_HISTORY_ABSENCES,
    TSCOPE_HISTORY_NOTICES,
    TSCOPE_HISTORY_MEMBERS,
};

struct tscope_history_flaw {
    enum tscope_history_fault fault;
    uint32_t value; /* of the index, where it is */
    uint64_t offset, line;
    const char *detail, *pointer;
};

/** An id and which row has it. */
struct tscope_lint_id {
    struct tscope_span text;
    uint32_t number, value;
};

struct tscope_lint_ids {
    struct tscope_lint_id *rows; /* in order of the texts, then of the numbers */
    uint32_t len;
};

/** That an endpoint's archive listed a key at a time, or lacked it. */
struct tscope_lint_event {
    uint32_t endpoint, key;
    int64_t at;
    bool listed;
    uint32_t value; /* of the row, or of the member of the set */
};

struct tscope_lint_period {
    uint32_t endpoint;
    int64_t from, to;
    int64_t reach; /* once they are in order: the latest end of those that begin no later */
    uint32_t value;
};

struct tscope_lint_set {
    uint32_t endpoint;
    int64_t at;
    uint32_t value;
    const uint32_t *keys; /* ascending, each once */
    uint32_t keys_len;
};

struct tscope_history_lint {
    struct tscope_arena arena; /* what is handed out */
    struct tscope_history_flaw *flaws;
    size_t flaws_len, flaws_capacity;
    size_t counts[TSCOPE_HISTORY_FAULTS];
    size_t rows[TSCOPE_HISTORY_MEMBERS];
    bool failed; /* out of memory */

    /* while the file is read */
    struct tscope_arena scratch;
    struct tscope_json json;
    int64_t now;
    struct tscope_lint_ids ids[2]; /* of keys and endpoints */
    struct tscope_lint_event *events;
    struct tscope_lint_period *periods;
    struct tscope_lint_set *sets;
    uint32_t events_len, periods_len, sets_len, events_capacity, periods_capacity, sets_capacity;
};

/** Notes a fault at a value of the file; text, where it has data, is quoted behind the words. */
void tscope_history_lint_note(tscope_history_lint *lint, enum tscope_history_fault fault, const struct tscope_value *value,
                              const char *words, struct tscope_span text);
/** Room for one more of an array in the scratch arena; NULL (and lint->failed) when there is none. */
void *tscope_history_lint_grow(tscope_history_lint *lint, void *rows, uint32_t len, uint32_t *capacity, size_t size);

/** Each row by itself; fills ids, events, periods and sets. */
void tscope_history_lint_members(tscope_history_lint *lint);
/** Rows against each other. */
void tscope_history_lint_times(tscope_history_lint *lint);

#endif
