/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_SPAN_H
#define TSCOPE_CORE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** @file A borrowed run of bytes. data is NULL when there is nothing at all; an empty run has data and len 0. */

struct tscope_span {
    const uint8_t *data;
    size_t len;
};

#define TSCOPE_SPAN(literal) ((struct tscope_span){(const uint8_t *)(literal), sizeof(literal) - 1})

static inline struct tscope_span
tscope_span_of(const void *data, size_t len)
{
    return (struct tscope_span){(const uint8_t *)data, len};
}

static inline struct tscope_span
tscope_span_text(const char *text)
{
    return (struct tscope_span){(const uint8_t *)text, text ? strlen(text) : 0};
}

static inline bool
tscope_span_equal(struct tscope_span a, struct tscope_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/** An order for searching, which nobody reads: by length first, which is cheaper than by bytes. */
static inline int
tscope_span_compare(struct tscope_span a, struct tscope_span b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len ? memcmp(a.data, b.data, a.len) : 0;
}

/** True when the span's bytes are exactly those of a NUL-terminated text. */
static inline bool
tscope_span_is(struct tscope_span span, const char *text)
{
    return tscope_span_equal(span, tscope_span_text(text));
}

#endif
