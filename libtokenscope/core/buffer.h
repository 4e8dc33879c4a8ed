/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_BUFFER_H
#define TSCOPE_CORE_BUFFER_H

#include "core/arena.h"

/** @file A growing run of bytes. A failed append is remembered, so that a writer asks once, at the end. Zeroed struct is empty. */

struct tscope_buffer {
    uint8_t *data;
    size_t len;
    size_t capacity;
    bool failed;                /* an append found no memory; data stays as it was then */
    struct tscope_arena *arena; /* where the bytes live, which then stay when the buffer goes; NULL: allocated, to be cleared */
};

/** Part of tscope_buffer_reserve(). */
bool tscope_buffer_grow(struct tscope_buffer *buffer, size_t more);

/** Makes room for more bytes behind those that are there; false, and remembered, when there is no memory. */
static inline bool
tscope_buffer_reserve(struct tscope_buffer *buffer, size_t more)
{
    return !buffer->failed && (buffer->capacity - buffer->len >= more || tscope_buffer_grow(buffer, more));
}

static inline void
tscope_buffer_append(struct tscope_buffer *buffer, const void *data, size_t len)
{
    if (len == 0 || !tscope_buffer_reserve(buffer, len))
        return;
    /* cppcheck-suppress uninitvar ; others fill it through a pointer, which is not followed */
    memcpy(buffer->data + buffer->len, data, len);
    buffer->len += len;
}

static inline void
tscope_buffer_append_byte(struct tscope_buffer *buffer, uint8_t byte)
{
    if (tscope_buffer_reserve(buffer, 1))
        buffer->data[buffer->len++] = byte;
}

void tscope_buffer_append_text(struct tscope_buffer *buffer, const char *text);
void tscope_buffer_append_format(struct tscope_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void tscope_buffer_append_integer(struct tscope_buffer *buffer, int64_t value);
/**
 * Hands out the bytes with a NUL behind them, the caller's to tscope_free (those in an arena are the arena's); NULL when an append had
 * failed. Empties the buffer.
 */
char *tscope_buffer_steal(struct tscope_buffer *buffer, size_t *ret_len);
/** The same as a span, whose data is NULL when an append had failed. Of a buffer in an arena. */
struct tscope_span tscope_buffer_keep(struct tscope_buffer *buffer);
void tscope_buffer_reset(struct tscope_buffer *buffer);
void tscope_buffer_clear(struct tscope_buffer *buffer);

#endif
