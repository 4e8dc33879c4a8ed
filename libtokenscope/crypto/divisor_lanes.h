/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_DIVISOR_LANES_H
#define TSCOPE_CRYPTO_DIVISOR_LANES_H

#include "crypto/divisor.h"

/** @file The question of crypto/divisor.h for eight numbers at once, on processors that multiply 52 bits in eight lanes (AVX-512 IFMA). */

#define TSCOPE_LANE_BITS 52
#define TSCOPE_LANE_DIGITS_MAX (64 * TSCOPE_DIVISOR_WORDS_MAX / TSCOPE_LANE_BITS + 2)

/** The lower digits of a modulus, lowest first: more than the quotient's bits would need, so that the highest shows when it is none. */
struct tscope_lane_modulus {
    uint64_t digits[TSCOPE_LANE_DIGITS_MAX];
};

/** True when this processor can. */
bool tscope_lanes_are_there(void);
/** Digits that a quotient of so many words is looked at in: an even number. */
size_t tscope_lane_digits(size_t words);
/**
 * Which of eight odd numbers may divide one of the moduli, a bit a number: all that do, and one of 200 at most that do not.
 *
 * @param numbers  word i of number j at numbers[i][j]
 */
unsigned tscope_lanes_find(const struct tscope_lane_modulus *moduli, size_t moduli_len, const uint64_t (*numbers)[TSCOPE_DIVISOR_LANES],
                           size_t words);

#endif
