/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_HISTORY_WALK_H
#define TSCOPE_KEYS_HISTORY_WALK_H

#include "keys/history.h"

/** @file What each archived endpoint saw of one key, seen from one time. An endpoint that never listed it is passed over. */

/** No two neighbouring complete sets that are to prove something stand farther apart. */
#define TSCOPE_HISTORY_STEP (7 * 86400)
/** A key that is away for less was not retired: sets have been published without a key by mistake. */
#define TSCOPE_HISTORY_DAY 86400

/** Something that was seen, or seen to be missing. at TSCOPE_TIME_NONE: never. */
struct tscope_history_event {
    int64_t at;
    struct tscope_span source;
};

struct tscope_history_view {
    uint32_t endpoint;
    struct tscope_history_event first, last;   /* listed */
    struct tscope_history_event before, after; /* listed last at or before the time, next at or behind it */
    struct tscope_history_event gone;          /* the first set without it behind last */
    struct tscope_history_event retired;       /* the set from which on it was gone for good */
    struct tscope_history_event unlisted;      /* the set up to which it had not been listed yet */
    bool missing_between;                      /* a set without it between before and after */
};

struct tscope_history_walk {
    const struct tscope_history *history;
    uint32_t key;
    uint32_t endpoint;                    /* the next one */
    uint32_t sighting, absence, snapshot; /* where its rows begin */
};

void tscope_history_walk_start(struct tscope_history_walk *walk, const struct tscope_history *history, uint32_t key);
/** The next endpoint that listed the key, in order of their numbers. */
bool tscope_history_walk_next(struct tscope_history_walk *walk, int64_t at, struct tscope_history_view *ret_view);

#endif
