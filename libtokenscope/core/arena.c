/* SPDX-License-Identifier: Apache-2.0 */
#include "core/arena.h"

#include <stdalign.h>

#include "core/alloc.h"

#define BLOCK_MIN 16384
#define BLOCK_MAX (1u << 20)
#define ALIGNMENT 16

struct tscope_arena_block {
    struct tscope_arena_block *older;
    size_t capacity, used;
    alignas(ALIGNMENT) uint8_t bytes[];
};

static bool
round_up(size_t size, size_t *ret_rounded)
{
    if (size > SIZE_MAX - ALIGNMENT - sizeof(struct tscope_arena_block))
        return false;
    *ret_rounded = size ? (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1) : ALIGNMENT;
    return true;
}

static struct tscope_arena_block *
add_block(struct tscope_arena *arena, size_t size)
{
    size_t capacity = arena->blocks ? arena->blocks->capacity : BLOCK_MIN / 2;
    struct tscope_arena_block *block;

    /* doubling keeps the number of blocks small; one large allocation does not make all later blocks large */
    capacity = capacity < BLOCK_MAX / 2 ? capacity * 2 : BLOCK_MAX;
    if (capacity < size)
        capacity = size;
    block = tscope_alloc(sizeof(*block) + capacity);
    if (!block)
        return NULL;
    block->older = arena->blocks;
    block->capacity = capacity;
    block->used = 0;
    arena->blocks = block;
    return block;
}

void *
tscope_arena_alloc(struct tscope_arena *arena, size_t size)
{
    struct tscope_arena_block *block = arena->blocks;
    size_t rounded;
    void *memory;

    if (!round_up(size, &rounded))
        return NULL;
    if (!block || block->capacity - block->used < rounded)
        block = add_block(arena, rounded);
    if (!block)
        return NULL;
    memory = block->bytes + block->used;
    block->used += rounded;
    arena->total += rounded;
    return memory;
}

void *
tscope_arena_zeroed(struct tscope_arena *arena, size_t count, size_t size)
{
    void *memory;

    if (size && count > SIZE_MAX / size)
        return NULL;
    memory = tscope_arena_alloc(arena, count * size);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

/* Gives the newest block, which holds one allocation alone, more room: growing leaves no old copies behind. */
static void *
grow_block(struct tscope_arena *arena, size_t rounded)
{
    struct tscope_arena_block *block = arena->blocks;
    struct tscope_arena_block *larger = tscope_realloc(block, sizeof(*block) + rounded);

    if (!larger)
        return NULL;
    arena->total += rounded - larger->used;
    larger->capacity = larger->used = rounded;
    arena->blocks = larger;
    return larger->bytes;
}

void *
tscope_arena_grow(struct tscope_arena *arena, void *memory, size_t old_size, size_t new_size)
{
    struct tscope_arena_block *block = arena->blocks;
    size_t old_rounded, new_rounded;
    void *moved;

    if (!memory)
        return tscope_arena_alloc(arena, new_size);
    if (!round_up(old_size, &old_rounded) || !round_up(new_size, &new_rounded))
        return NULL;
    if (new_rounded <= old_rounded)
        return memory;
    if (block && (uint8_t *)memory + old_rounded == block->bytes + block->used &&
        block->capacity - block->used >= new_rounded - old_rounded) {
        block->used += new_rounded - old_rounded;
        arena->total += new_rounded - old_rounded;
        return memory;
    }
    if (block && memory == block->bytes && block->used == old_rounded)
        return grow_block(arena, new_rounded);
    moved = tscope_arena_alloc(arena, new_size);
    if (moved)
        memcpy(moved, memory, old_size);
    return moved;
}

struct tscope_span
tscope_arena_copy(struct tscope_arena *arena, struct tscope_span bytes)
{
    uint8_t *copy = bytes.len < SIZE_MAX ? tscope_arena_alloc(arena, bytes.len + 1) : NULL;

    if (!copy)
        return (struct tscope_span){NULL, 0};
    if (bytes.len)
        memcpy(copy, bytes.data, bytes.len);
    copy[bytes.len] = '\0';
    return tscope_span_of(copy, bytes.len);
}

void
tscope_arena_reset(struct tscope_arena *arena, size_t keep)
{
    struct tscope_arena_block *block = arena->blocks, *kept = NULL;

    while (block) {
        struct tscope_arena_block *older = block->older, *unwanted = block;

        if (block->capacity <= keep && (!kept || block->capacity > kept->capacity)) {
            unwanted = kept;
            kept = block;
        }
        tscope_free(unwanted);
        block = older;
    }
    if (kept) {
        kept->older = NULL;
        kept->used = 0;
    }
    arena->blocks = kept;
    arena->total = 0;
}

void
tscope_arena_clear(struct tscope_arena *arena)
{
    tscope_arena_reset(arena, 0);
}
