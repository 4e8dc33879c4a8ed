/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_DIVISOR_H
#define TSCOPE_CRYPTO_DIVISOR_H

#include "core/alloc.h"
#include "core/span.h"

/**
 * @file RSA moduli of one size, prepared for the question that is asked at every byte of a dump: is this number a prime factor of one of
 * them? Told by whole numbers of 64 bits in a tenth of a microsecond, and almost never wrongly; what is told so is proven afterwards
 * (crypto/rsa_parts.h). Public numbers only, so time may depend on them.
 */

/** 64-bit words of a prime at most: moduli up to 8192 bits. */
#define TSCOPE_DIVISOR_WORDS_MAX 64u

typedef struct tscope_divisor tscope_divisor;

/** Words of the primes of a modulus, both of one length; 0 when its primes are no whole words, or too long: it is not searched for. */
size_t tscope_divisor_words(struct tscope_span n);

/**
 * @param moduli  big-endian, odd, all of the same tscope_divisor_words(), which is not 0
 * @return NULL: out of memory
 */
tscope_divisor *tscope_divisor_new(const struct tscope_span *moduli, size_t moduli_len);
void tscope_divisor_free(tscope_divisor *divisor); /* NULL is allowed */
TSCOPE_DEFINE_AUTO(tscope_divisor)

/** The smallest top 16 bits that a prime of any of the moduli can have: n divided by the largest number of that many words. */
unsigned tscope_divisor_floor(const tscope_divisor *divisor);

/** Numbers that are asked together. */
#define TSCOPE_DIVISOR_LANES 8

/** True when tscope_divisor_filter() is quicker than to ask about each number. */
bool tscope_divisor_has_lanes(const tscope_divisor *divisor);
/**
 * Which of eight odd numbers are worth to be asked about, a bit a number: all that divide a modulus, few others.
 *
 * @param numbers  word i of number j at numbers[i][j]
 */
unsigned tscope_divisor_filter(const tscope_divisor *divisor, const uint64_t (*numbers)[TSCOPE_DIVISOR_LANES]);

/**
 * @param number  the words of a prime, the lowest first; odd
 * @return the number of the modulus that it seems to divide; SIZE_MAX: none
 */
size_t tscope_divisor_find(const tscope_divisor *divisor, const uint64_t *number);

#endif
