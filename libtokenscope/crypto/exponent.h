/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_EXPONENT_H
#define TSCOPE_CRYPTO_EXPONENT_H

#include "core/span.h"

/**
 * @file Whether a number may be the private exponent of a public key, told by its highest 64 bits. e d is 1 and some times phi over a small
 * divisor, and phi is n less about its root: so e d, times a multiple of that divisor, over n is a whole number but for 2^-1000. One number
 * in millions passes; what does is proven afterwards (tscope_rsa_parts_of_exponent()).
 */

struct tscope_exponent {
    uint64_t high, low; /* e times the multiple, over n, as a fraction of 2^192 */
    uint64_t bound;     /* how far from whole it may look */
};

/** False: an exponent over 32 bits leaves no precision, or libcrypto fails; such a key is not searched for. */
bool tscope_exponent_prepare(struct tscope_span n, struct tscope_span e, struct tscope_exponent *ret_exponent);

/** top: the highest 64 bits of a number as long as n. */
static inline bool
tscope_exponent_fits(const struct tscope_exponent *exponent, uint64_t top)
{
#if defined(__SIZEOF_INT128__)
    __extension__ typedef unsigned __int128 double_word;
    uint64_t carried = (uint64_t)(((double_word)top * exponent->low) >> 64);
#else
    uint64_t high = top >> 32, low = (uint32_t)top, other_high = exponent->low >> 32, other_low = (uint32_t)exponent->low;
    uint64_t left = high * other_low, right = low * other_high;
    uint64_t middle = ((low * other_low) >> 32) + (uint32_t)left + (uint32_t)right;
    uint64_t carried = high * other_high + (left >> 32) + (right >> 32) + (middle >> 32);
#endif

    return top * exponent->high + carried >= 0 - exponent->bound;
}

#endif
