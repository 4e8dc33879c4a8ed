/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_ARENA_H
#define TSCOPE_CORE_ARENA_H

#include "core/span.h"

/** @file A bump allocator: what is taken from it lives until the arena is reset or cleared. Zeroed struct is an empty arena. */

struct tscope_arena_block;

struct tscope_arena {
    struct tscope_arena_block *blocks; /* newest first */
    size_t total;                      /* bytes handed out since the last reset */
};

/** Aligned to 16 bytes. NULL when out of memory. size 0 gives a pointer too. */
void *tscope_arena_alloc(struct tscope_arena *arena, size_t size);
/** As above, zeroed; NULL also when count * size overflows. */
void *tscope_arena_zeroed(struct tscope_arena *arena, size_t count, size_t size);
/** Grows the latest allocation in place where it can, else moves it. NULL on failure, the old memory then stays. */
void *tscope_arena_grow(struct tscope_arena *arena, void *memory, size_t old_size, size_t new_size);
/** Copies bytes into the arena, with a NUL behind them. A span whose data is NULL on failure. */
struct tscope_span tscope_arena_copy(struct tscope_arena *arena, struct tscope_span bytes);
/** Forgets all allocations and keeps the memory for the next ones (at most keep bytes of it). */
void tscope_arena_reset(struct tscope_arena *arena, size_t keep);
/** Gives everything back. */
void tscope_arena_clear(struct tscope_arena *arena);

#endif
