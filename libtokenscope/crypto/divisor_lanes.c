/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/divisor_lanes.h"

/* At least eight bits of the highest digit are none of the quotient's: zero for a divisor, and for few others. */
#define SLACK_BITS 8
#define SLACK_BITS_MAX 16 /* so many are looked at: those below may differ by what lower columns carry */

size_t
tscope_lane_digits(size_t words)
{
    size_t digits = (64 * words + SLACK_BITS + TSCOPE_LANE_BITS - 1) / TSCOPE_LANE_BITS;

    return digits + digits % 2;
}

#if defined(__x86_64__)

#include <immintrin.h>

#define LANES __attribute__((target("avx512f,avx512ifma")))

bool
tscope_lanes_are_there(void)
{
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512ifma");
}

LANES static void
split(const uint64_t (*numbers)[TSCOPE_DIVISOR_LANES], size_t words, __m512i *digits, size_t digits_len)
{
    const __m512i mask = _mm512_set1_epi64((1LL << TSCOPE_LANE_BITS) - 1);

    for (size_t i = 0; i < digits_len; i++) {
        size_t word = TSCOPE_LANE_BITS * i / 64, shift = TSCOPE_LANE_BITS * i % 64;
        __m512i digit = word < words ? _mm512_srli_epi64(_mm512_loadu_si512(numbers[word]), (unsigned)shift) : _mm512_setzero_si512();

        if (shift > 64 - TSCOPE_LANE_BITS && word + 1 < words)
            digit = _mm512_or_si512(digit, _mm512_slli_epi64(_mm512_loadu_si512(numbers[word + 1]), (unsigned)(64 - shift)));
        digits[i] = _mm512_and_si512(digit, mask);
    }
}

/* The inverse of odd digits modulo 2^52: each step doubles the bits that are right, beginning with five. */
LANES static inline __m512i
invert_digit(__m512i odd)
{
    const __m512i zero = _mm512_setzero_si512(), two = _mm512_set1_epi64(2);
    __m512i inverse = _mm512_xor_si512(_mm512_add_epi64(odd, _mm512_add_epi64(odd, odd)), two);

    for (int i = 0; i < 4; i++) {
        __m512i error = _mm512_sub_epi64(two, _mm512_madd52lo_epu64(zero, odd, inverse));

        inverse = _mm512_madd52lo_epu64(zero, inverse, error);
    }
    return inverse;
}

/* The digit that makes a column what 1 has there, and what the column carries then. */
LANES static inline __m512i
next_digit(__m512i column, bool is_first, __m512i first, __m512i number, __m512i *ret_carry)
{
    const __m512i zero = _mm512_setzero_si512();
    __m512i digit = _mm512_madd52lo_epu64(zero, _mm512_sub_epi64(_mm512_set1_epi64(is_first), column), first);

    *ret_carry = _mm512_srli_epi64(_mm512_madd52lo_epu64(column, digit, number), TSCOPE_LANE_BITS);
    return digit;
}

/*
 * The inverse of whole numbers modulo 2^(52 digits), digit by digit. Only the lower 52 bits of a factor count for the multiplier, so that
 * sums need not be cut. Two columns at a time: they share what is loaded, and their four sums wait for each other least.
 */
LANES static void
invert(const __m512i *number, size_t digits, __m512i *inverse)
{
    const __m512i zero = _mm512_setzero_si512(), first = invert_digit(number[0]);
    __m512i carry = zero;

    for (size_t k = 0; k < digits; k += 2) {
        __m512i low = carry, high = zero, next_low = zero, next_high = zero;
        __m512i above = number[k + 1], at = number[k];

        for (size_t i = 0; i < k; i++) {
            const __m512i below = number[k - 1 - i], digit = inverse[i];

            low = _mm512_madd52lo_epu64(low, digit, at);
            high = _mm512_madd52hi_epu64(high, digit, below);
            next_low = _mm512_madd52lo_epu64(next_low, digit, above);
            next_high = _mm512_madd52hi_epu64(next_high, digit, at);
            above = at;
            at = below;
        }
        inverse[k] = next_digit(_mm512_add_epi64(low, high), k == 0, first, number[0], &carry);
        next_low = _mm512_madd52lo_epu64(_mm512_add_epi64(next_low, carry), inverse[k], number[1]);
        next_high = _mm512_madd52hi_epu64(next_high, inverse[k], number[0]);
        inverse[k + 1] = next_digit(_mm512_add_epi64(next_low, next_high), false, first, number[0], &carry);
    }
}

/* The quotient's highest digit, out of the two highest columns of the product: what lower ones carry is less than the digits that they are.
 */
LANES static inline __m512i
top_digit(const struct tscope_lane_modulus *modulus, const __m512i *inverse, size_t digits)
{
    const __m512i zero = _mm512_setzero_si512();
    __m512i low = zero, high = zero, other_low = zero, other_high = zero;

    for (size_t i = 0; i < digits; i += 2) {
        const __m512i digit = _mm512_set1_epi64((long long)modulus->digits[i]),
                      other = _mm512_set1_epi64((long long)modulus->digits[i + 1]);
        const __m512i middle = inverse[digits - 2 - i];

        low = _mm512_madd52lo_epu64(low, digit, inverse[digits - 1 - i]);
        high = _mm512_madd52hi_epu64(high, digit, middle);
        other_low = _mm512_madd52lo_epu64(other_low, other, middle);
        if (i + 2 < digits)
            other_high = _mm512_madd52hi_epu64(other_high, other, inverse[digits - 3 - i]);
    }
    return _mm512_add_epi64(_mm512_add_epi64(low, high), _mm512_add_epi64(other_low, other_high));
}

LANES static unsigned
find(const struct tscope_lane_modulus *moduli, size_t moduli_len, const uint64_t (*numbers)[TSCOPE_DIVISOR_LANES], size_t words)
{
    size_t digits = tscope_lane_digits(words), rest = TSCOPE_LANE_BITS * digits - 64 * words;
    size_t slack = rest < SLACK_BITS_MAX ? rest : SLACK_BITS_MAX;
    const __m512i doubt = _mm512_set1_epi64((long long)digits + 1);
    const __m512i mask = _mm512_set1_epi64((long long)(((1ULL << slack) - 1) << (TSCOPE_LANE_BITS - slack)));
    __m512i number[TSCOPE_LANE_DIGITS_MAX], inverse[TSCOPE_LANE_DIGITS_MAX];
    unsigned found = 0;

    split(numbers, words, number, digits);
    invert(number, digits, inverse);
    for (size_t i = 0; i < moduli_len; i++) {
        __m512i top = top_digit(&moduli[i], inverse, digits);

        /* what is missing may have carried into the slack: so the quotient may look that much too small, or end below zero */
        found |= (unsigned)_mm512_testn_epi64_mask(top, mask) | (unsigned)_mm512_testn_epi64_mask(_mm512_add_epi64(top, doubt), mask);
    }
    return found;
}

unsigned
tscope_lanes_find(const struct tscope_lane_modulus *moduli, size_t moduli_len, const uint64_t (*numbers)[TSCOPE_DIVISOR_LANES],
                  size_t words)
{
    return find(moduli, moduli_len, numbers, words);
}

#else

bool
tscope_lanes_are_there(void)
{
    return false;
}

unsigned
tscope_lanes_find(const struct tscope_lane_modulus *moduli, size_t moduli_len, const uint64_t (*numbers)[TSCOPE_DIVISOR_LANES],
                  size_t words)
{
    (void)moduli;
    (void)moduli_len;
    (void)numbers;
    (void)words;
    return (1u << TSCOPE_DIVISOR_LANES) - 1;
}

#endif
