/* SPDX-License-Identifier: Apache-2.0 */
#include "core/buffer.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/alloc.h"

#define CAPACITY_MIN 256
#define CAPACITY_MIN_IN_ARENA 64 /* what is kept there is mostly a few words */

bool
tscope_buffer_grow(struct tscope_buffer *buffer, size_t more)
{
    size_t capacity = buffer->capacity ? buffer->capacity : buffer->arena ? CAPACITY_MIN_IN_ARENA : CAPACITY_MIN;
    uint8_t *data;

    while (capacity - buffer->len < more) {
        if (capacity > SIZE_MAX / 2) {
            buffer->failed = true;
            return false;
        }
        capacity *= 2;
    }
    if (buffer->arena)
        data = tscope_arena_grow(buffer->arena, buffer->data, buffer->capacity, capacity);
    else
        data = tscope_realloc(buffer->data, capacity);
    if (!data) {
        buffer->failed = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void
tscope_buffer_append_text(struct tscope_buffer *buffer, const char *text)
{
    tscope_buffer_append(buffer, text, strlen(text));
}

void
tscope_buffer_append_format(struct tscope_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    int len;

    if (!tscope_buffer_reserve(buffer, 1))
        return;
    va_start(arguments, format);
    len = vsnprintf((char *)buffer->data + buffer->len, buffer->capacity - buffer->len, format, arguments);
    va_end(arguments);
    if (len < 0 || !tscope_buffer_reserve(buffer, (size_t)len + 1)) {
        buffer->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf((char *)buffer->data + buffer->len, buffer->capacity - buffer->len, format, arguments);
    va_end(arguments);
    buffer->len += (size_t)len;
}

void
tscope_buffer_append_integer(struct tscope_buffer *buffer, int64_t value)
{
    char digits[24];
    size_t at = sizeof(digits);
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        digits[--at] = '-';
    tscope_buffer_append(buffer, digits + at, sizeof(digits) - at);
}

char *
tscope_buffer_steal(struct tscope_buffer *buffer, size_t *ret_len)
{
    char *data = NULL;

    tscope_buffer_append_byte(buffer, '\0');
    if (!buffer->failed) {
        data = (char *)buffer->data;
        if (ret_len)
            *ret_len = buffer->len - 1;
        buffer->data = NULL;
    }
    tscope_buffer_clear(buffer);
    return data;
}

struct tscope_span
tscope_buffer_keep(struct tscope_buffer *buffer)
{
    size_t len = 0;
    const char *data = tscope_buffer_steal(buffer, &len);

    return tscope_span_of(data, len);
}

void
tscope_buffer_reset(struct tscope_buffer *buffer)
{
    buffer->len = 0;
    buffer->failed = false;
}

void
tscope_buffer_clear(struct tscope_buffer *buffer)
{
    if (!buffer->arena)
        tscope_free(buffer->data);
    *buffer = (struct tscope_buffer){.arena = buffer->arena};
}
