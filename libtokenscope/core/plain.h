/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_PLAIN_H
#define TSCOPE_CORE_PLAIN_H

#include "core/span.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/**
 * @file Plain bytes stand in a JSON string as they are, whether it is read or written: printable ASCII without quote and backslash. Nearly
 * all text is made of them, so they are looked at many at a time. In a header, because most runs are shorter than a call is worth.
 */

static inline bool
tscope_plain_is(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* Plain bytes of eight in front of the first that is not; 8 when all are. */
static inline unsigned
tscope_plain_of_8(const uint8_t *bytes)
{
    const uint64_t each = UINT64_C(0x0101010101010101), top = each * 0x80;
    uint64_t word, quote, backslash, del, special;

    memcpy(&word, bytes, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    quote = word ^ each * '"';
    backslash = word ^ each * '\\';
    del = word ^ each * 0x7f;
    /* a borrow marks bytes behind the first special one wrongly, never one in front of it */
    special = (((quote - each) & ~quote) | ((backslash - each) & ~backslash) | ((del - each) & ~del) | (word - each * 0x20) | word) & top;
    return special ? (unsigned)__builtin_ctzll(special) / 8 : 8;
}

#if defined(__SSE2__)
#define TSCOPE_PLAIN_BLOCK 16u
/* Of sixteen, a bit for each that is not plain. */
static inline unsigned
tscope_plain_marks_of_block(const uint8_t *bytes)
{
    const __m128i text = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    /* one up and compared as signed, so that those from 0x7f on are below a space, too */
    const __m128i outside = _mm_cmplt_epi8(_mm_add_epi8(text, _mm_set1_epi8(1)), _mm_set1_epi8(0x21));
    const __m128i marks = _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('"')), _mm_cmpeq_epi8(text, _mm_set1_epi8('\\')));

    return (unsigned)_mm_movemask_epi8(_mm_or_si128(outside, marks));
}

/* The same as tscope_plain_of_8() of sixteen. */
static inline unsigned
tscope_plain_of_block(const uint8_t *bytes)
{
    return (unsigned)__builtin_ctz(tscope_plain_marks_of_block(bytes) | 1u << TSCOPE_PLAIN_BLOCK);
}

/* True when one of the first len letters is a capital; sixteen can be read. */
static inline bool
tscope_plain_has_capital(const uint8_t *bytes, unsigned len)
{
    const __m128i text = _mm_loadu_si128((const __m128i *)(const void *)bytes);
    const __m128i capitals = _mm_and_si128(_mm_cmpgt_epi8(text, _mm_set1_epi8('A' - 1)), _mm_cmplt_epi8(text, _mm_set1_epi8('Z' + 1)));

    return ((unsigned)_mm_movemask_epi8(capitals) & ((UINT32_C(1) << len) - 1)) != 0;
}
/** Length of the run of digits at the beginning; beyond sixteen it may be said to be sixteen. */
static inline size_t
tscope_digits_run(const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    if (len >= TSCOPE_PLAIN_BLOCK) {
        const __m128i text = _mm_loadu_si128((const __m128i *)(const void *)bytes);
        const __m128i outside = _mm_or_si128(_mm_cmplt_epi8(text, _mm_set1_epi8('0')), _mm_cmpgt_epi8(text, _mm_set1_epi8('9')));

        return (unsigned)__builtin_ctz((unsigned)_mm_movemask_epi8(outside) | 1u << TSCOPE_PLAIN_BLOCK);
    }
    while (at < len && bytes[at] >= '0' && bytes[at] <= '9')
        at++;
    return at;
}
#else
#define TSCOPE_PLAIN_BLOCK 8u
#define tscope_plain_of_block tscope_plain_of_8

static inline bool
tscope_plain_has_capital(const uint8_t *bytes, unsigned len)
{
    bool capital = false;

    for (unsigned i = 0; i < len; i++)
        capital |= bytes[i] >= 'A' && bytes[i] <= 'Z';
    return capital;
}

static inline size_t
tscope_digits_run(const uint8_t *bytes, size_t len)
{
    size_t at = 0;

    while (at < len && bytes[at] >= '0' && bytes[at] <= '9')
        at++;
    return at;
}
#endif

/** Length of the plain run at the beginning. */
static inline size_t
tscope_plain_run(const uint8_t *bytes, size_t len)
{
    size_t at = 0;

#if defined(__SSE2__)
    for (; len - at >= TSCOPE_PLAIN_BLOCK; at += TSCOPE_PLAIN_BLOCK) {
        const unsigned marks = tscope_plain_marks_of_block(bytes + at);

        if (marks)
            return at + (unsigned)__builtin_ctz(marks);
    }
#endif
    while (len - at >= 8) {
        unsigned plain = tscope_plain_of_8(bytes + at);

        at += plain;
        if (plain < 8)
            return at;
    }
    while (at < len && tscope_plain_is(bytes[at]))
        at++;
    return at;
}

#endif
