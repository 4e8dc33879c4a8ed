/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_FINDS_H
#define TSCOPE_SCAN_FINDS_H

#include <tokenscope/scan.h>

#include "core/span.h"

/** @file What was found and waits until nothing can come that stands before it. */

struct tscope_finds {
    struct tscope_find *waiting; /* by offset; bytes and keys are owned */
    size_t first, len, max;      /* of those from first on */
};

/** Takes one find in, with a copy of its bytes; a key it keeps. The same token twice is once. False: out of memory; the key stays the
 * caller's. */
bool tscope_finds_add(struct tscope_finds *finds, const struct tscope_find *find);
/** True when a key lies over all of this find, and is more than it. */
bool tscope_finds_cover(const struct tscope_finds *finds, const struct tscope_find *find);
/** Drops keys that lie inside this one and have its public half: it holds them in another form. */
void tscope_finds_drop_within(struct tscope_finds *finds, const struct tscope_find *find);
/** Delivers all that begin before an offset. */
void tscope_finds_deliver(struct tscope_finds *finds, uint64_t before, tscope_scanner_deliver *deliver, void *user);
/** Drops all. */
void tscope_finds_clear(struct tscope_finds *finds);

#endif
