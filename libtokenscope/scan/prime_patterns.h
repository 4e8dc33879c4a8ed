/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_PRIME_PATTERNS_H
#define TSCOPE_SCAN_PRIME_PATTERNS_H

#include "core/arena.h"
#include "scan/window.h"

/**
 * @file Long known byte runs in a window, at the speed of memory: one place in sixteen or thirty-two is looked up, as their lengths allow,
 * among all places that the runs have there.
 */

struct tscope_prime_pattern {
    struct tscope_span bytes; /* at least 24 */
    const char *layout;
    enum tscope_find_encoding encoding;
    uint32_t number; /* of the key */
};

struct tscope_prime_patterns {
    struct tscope_prime_pattern *list;
    size_t len, max;
    struct tscope_prime_slot *slots; /* a power of two of them */
    size_t slots_len;
    size_t step;      /* of the places that are looked up */
    uint64_t *filter; /* a bit for some of a sample's: smaller than the slots, and most places stop here */
    size_t filter_len;
};

/** Builds the table over the list; all in the arena. False: out of memory. */
bool tscope_prime_patterns_index(struct tscope_prime_patterns *patterns, struct tscope_arena *arena);
/** The next one that begins in window->bytes[*from..to), and moves *from behind its begin; NULL: none. Several at one place come in turn.
 */
const struct tscope_prime_pattern *tscope_prime_patterns_next(const struct tscope_prime_patterns *patterns,
                                                              const struct tscope_window *window, size_t *from, size_t to,
                                                              size_t *ret_begin);

#endif
