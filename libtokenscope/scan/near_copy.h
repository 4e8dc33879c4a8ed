/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_NEAR_COPY_H
#define TSCOPE_SCAN_NEAR_COPY_H

#include "scan/prime_patterns.h"

/** @file A stream block by block, and which blocks lie near a copy of something: whatever windows it comes in, the blocks are the same. */

/** How far copies were looked for, and the last one. Starts as {0}, and is that again where a stream begins anew. */
struct tscope_near_copy {
    bool has_begun, found;
    uint64_t to, last;
};

/**
 * Whether a copy begins in a block or within a reach before or behind it. Blocks are asked about in order, so that one walk over the stream
 * answers all of them; block + block_len + reach and the pattern behind it are in the window, unless the stream ends before.
 *
 * @param block  its offset in the stream
 */
bool tscope_near_copy_of(struct tscope_near_copy *near, const struct tscope_prime_patterns *patterns, const struct tscope_window *window,
                         uint64_t block, size_t block_len, size_t reach);

/** Looks through the part of a block that is window->bytes[from..to); block: its offset in the stream. NOTHING, FOUND or NO_MEMORY. */
typedef enum tscope_probe tscope_block_search(void *user, uint64_t block, size_t from, size_t to);

/** Has window->bytes[from..to) looked through block by block, up to where memory runs out. NOTHING or NO_MEMORY. */
enum tscope_probe tscope_blocks_walk(const struct tscope_window *window, size_t from, size_t to, size_t block_len,
                                     tscope_block_search *search, void *user);

#endif
