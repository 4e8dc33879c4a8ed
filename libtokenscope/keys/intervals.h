/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_INTERVALS_H
#define TSCOPE_KEYS_INTERVALS_H

#include "keys/history.h"

/** @file Stretches of time that complete sets prove: of a key's publication, and of what an archive covers. */

struct tscope_interval {
    int64_t from, to; /* both ends are sets; the same for one set alone */
};

/**
 * When an endpoint is proven to have listed a key: tscope_history_presence_by() says PUBLISHED from end to end of each, and
 * nowhere else. In order of time; fills at most max, returns how many there are.
 */
size_t tscope_history_intervals(const struct tscope_history *history, uint32_t key, uint32_t endpoint, struct tscope_interval *intervals,
                                size_t max);

/** Where complete sets of an endpoint stand no farther than 7 days apart, or in one coverage period. As above. */
size_t tscope_history_covered(const struct tscope_history *history, uint32_t endpoint, struct tscope_interval *intervals, size_t max);

/** Sets were taken throughout from one time to the other, or they are so near that there was none to miss. */
bool tscope_history_joins(const struct tscope_history *history, uint32_t endpoint, int64_t before, int64_t after);

/** Sets were taken throughout, none farther than 7 days from the next: whatever was so in all of them was so in between. */
bool tscope_history_is_close(const struct tscope_history *history, uint32_t endpoint, int64_t before, int64_t after);

#endif
