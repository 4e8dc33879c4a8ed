/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_PRIME_LAYOUT_H
#define TSCOPE_SCAN_PRIME_LAYOUT_H

#include "core/span.h"

/** @file The ways in which programs keep large numbers in memory. */

/** Bytes in their order: all the lowest first, all the highest first, or words of 32 bits the highest first, each the lowest first. */
enum tscope_prime_order { TSCOPE_PRIME_LITTLE, TSCOPE_PRIME_BIG, TSCOPE_PRIME_MIXED, TSCOPE_PRIME_ORDERS };

struct tscope_prime_way {
    const char *name;
    /** Words of 64 bits, the lowest first. */
    void (*load)(const uint8_t *bytes, size_t words, uint64_t *number);
    unsigned step;         /* of places in the stream, when not all are searched; 0: it is looked for there in no place */
    unsigned closest_step; /* the same, where all are */
};

extern const struct tscope_prime_way tscope_prime_ways[TSCOPE_PRIME_ORDERS];

/** How significant a byte of a number is: its weight is 256 to this power. */
size_t tscope_prime_byte_power(enum tscope_prime_order order, size_t at, size_t len);
/** The highest 64 bits of a number: where their eight bytes are, and what these say. */
size_t tscope_prime_top_at(enum tscope_prime_order order, size_t len);
uint64_t tscope_prime_top(enum tscope_prime_order order, const uint8_t *bytes);
/** The words of a number as bytes, the highest first. */
struct tscope_span tscope_prime_spell(const uint64_t *number, size_t words, uint8_t *out);

/** An int of CPython: digits of 30 bits in words of 32, the lowest first. */
struct tscope_prime_digits {
    size_t len;
    uint32_t limit; /* the highest digit is below this, and not zero */
};

struct tscope_prime_digits tscope_prime_digits_of(size_t words);
/** False where a word is no digit. */
bool tscope_prime_load_digits(const uint8_t *bytes, size_t digits, size_t words, uint64_t *number);

#endif
