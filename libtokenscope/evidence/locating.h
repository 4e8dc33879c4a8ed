/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_LOCATING_H
#define TSCOPE_EVIDENCE_LOCATING_H

#include "evidence/piece.h"

/** @file What those who locate places are given, and how they deliver. */

struct tscope_locating {
    const tscope_piece *piece;
    const uint64_t *offsets; /* ascending */
    size_t count;
    size_t delivered; /* the first so many */
    tscope_evidence_deliver *deliver;
    void *user;
};

/** An empty context of the next place. */
static inline struct tscope_context
tscope_locating_context(const struct tscope_locating *locating)
{
    return (struct tscope_context){
        .format = locating->piece->format, .offset = locating->offsets[locating->delivered], .time = TSCOPE_CONTEXT_NO_TIME};
}

/** Delivers the context of the next place. */
static inline void
tscope_locating_deliver(struct tscope_locating *locating, const struct tscope_context *context)
{
    locating->deliver(locating->user, locating->delivered, context);
    locating->delivered++;
}

/** Delivers all places that are left, with nothing but themselves. */
static inline void
tscope_locating_deliver_rest(struct tscope_locating *locating)
{
    while (locating->delivered < locating->count) {
        struct tscope_context context = tscope_locating_context(locating);

        tscope_locating_deliver(locating, &context);
    }
}

#endif
