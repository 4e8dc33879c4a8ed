/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/prime_layout.h"

#define DIGIT_BITS 30 /* of an int in CPython */

static uint64_t
little64(const uint8_t *bytes)
{
    return (uint64_t)bytes[7] << 56 | (uint64_t)bytes[6] << 48 | (uint64_t)bytes[5] << 40 | (uint64_t)bytes[4] << 32 |
           (uint64_t)bytes[3] << 24 | (uint64_t)bytes[2] << 16 | (uint64_t)bytes[1] << 8 | bytes[0];
}

static uint64_t
big64(const uint8_t *bytes)
{
    return __builtin_bswap64(little64(bytes));
}

/* Two words of 32 bits, the higher one first, each with its lowest byte first: int[] of Java. */
static uint64_t
mixed64(const uint8_t *bytes)
{
    uint64_t both = little64(bytes);

    return both << 32 | both >> 32;
}

static void
load_little(const uint8_t *bytes, size_t words, uint64_t *number)
{
    for (size_t i = 0; i < words; i++)
        number[i] = little64(bytes + 8 * i);
}

static void
load_big(const uint8_t *bytes, size_t words, uint64_t *number)
{
    for (size_t i = 0; i < words; i++)
        number[i] = big64(bytes + 8 * (words - 1 - i));
}

static void
load_mixed(const uint8_t *bytes, size_t words, uint64_t *number)
{
    for (size_t i = 0; i < words; i++)
        number[i] = mixed64(bytes + 8 * (words - 1 - i));
}

const struct tscope_prime_way tscope_prime_ways[TSCOPE_PRIME_ORDERS] = {
    [TSCOPE_PRIME_LITTLE] = {"le", load_little, 8, 1},
    [TSCOPE_PRIME_BIG] = {"be", load_big, 0, 1},
    [TSCOPE_PRIME_MIXED] = {"be-of-le32", load_mixed, 4, 4},
};

size_t
tscope_prime_byte_power(enum tscope_prime_order order, size_t at, size_t len)
{
    switch (order) {
    case TSCOPE_PRIME_LITTLE:
        return at;
    case TSCOPE_PRIME_BIG:
        return len - 1 - at;
    case TSCOPE_PRIME_MIXED:
    case TSCOPE_PRIME_ORDERS:
        break;
    }
    return len - 4 - at / 4 * 4 + at % 4;
}

size_t
tscope_prime_top_at(enum tscope_prime_order order, size_t len)
{
    return order == TSCOPE_PRIME_LITTLE ? len - 8 : 0;
}

uint64_t
tscope_prime_top(enum tscope_prime_order order, const uint8_t *bytes)
{
    return order == TSCOPE_PRIME_LITTLE ? little64(bytes) : order == TSCOPE_PRIME_BIG ? big64(bytes) : mixed64(bytes);
}

struct tscope_span
tscope_prime_spell(const uint64_t *number, size_t words, uint8_t *out)
{
    for (size_t i = 0; i < words; i++) {
        for (size_t j = 0; j < 8; j++)
            out[8 * i + j] = (uint8_t)(number[words - 1 - i] >> (56 - 8 * j));
    }
    return tscope_span_of(out, 8 * words);
}

struct tscope_prime_digits
tscope_prime_digits_of(size_t words)
{
    size_t bits = 64 * words, len = (bits + DIGIT_BITS - 1) / DIGIT_BITS;

    return (struct tscope_prime_digits){len, 1u << (bits - DIGIT_BITS * (len - 1))};
}

static uint32_t
little32(const uint8_t *bytes)
{
    return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}

bool
tscope_prime_load_digits(const uint8_t *bytes, size_t digits, size_t words, uint64_t *number)
{
    memset(number, 0, words * sizeof(*number));
    for (size_t i = 0; i < digits; i++) {
        uint32_t digit = little32(bytes + 4 * i);
        size_t word = DIGIT_BITS * i / 64, shift = DIGIT_BITS * i % 64;

        if (digit >> DIGIT_BITS)
            return false;
        number[word] |= (uint64_t)digit << shift;
        if (shift > 64 - DIGIT_BITS && word + 1 < words)
            number[word + 1] |= (uint64_t)digit >> (64 - shift);
    }
    return true;
}
