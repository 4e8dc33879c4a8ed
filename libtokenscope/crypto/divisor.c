/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/divisor.h"

#include "crypto/divisor_lanes.h"
#include "crypto/internal.h"

/* The sum of products of two words, three words long. */
struct sum {
    uint64_t low, middle, high;
};

#if defined(__SIZEOF_INT128__)

__extension__ typedef unsigned __int128 double_word;

static inline void
multiply(uint64_t a, uint64_t b, uint64_t *ret_low, uint64_t *ret_high)
{
    double_word product = (double_word)a * b;

    *ret_low = (uint64_t)product;
    *ret_high = (uint64_t)(product >> 64);
}

#else

static inline void
multiply(uint64_t a, uint64_t b, uint64_t *ret_low, uint64_t *ret_high)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0, left = a1 * b0, right = a0 * b1;
    uint64_t middle = (low >> 32) + (uint32_t)left + (uint32_t)right;

    *ret_low = middle << 32 | (uint32_t)low;
    *ret_high = a1 * b1 + (left >> 32) + (right >> 32) + (middle >> 32);
}

#endif

struct modulus {
    uint64_t top;                           /* its highest word */
    uint64_t low[TSCOPE_DIVISOR_WORDS_MAX]; /* its lower half, lowest word first */
};

struct tscope_divisor {
    size_t words; /* of a prime */
    size_t moduli_len;
    unsigned floor;
    struct tscope_lane_modulus *lanes; /* the same moduli; NULL: the processor has none */
    struct modulus moduli[];
};

size_t
tscope_divisor_words(struct tscope_span n)
{
    size_t len, words;

    n = tscope_number_strip(n);
    len = n.len;
    words = (len + 15) / 16;
    /* primes of w words make a product of 2 w words whose highest byte is missing at most in part */
    return len % 16 == 0 && len >= 64 && words <= TSCOPE_DIVISOR_WORDS_MAX && n.data[0] >= 0x40 && (n.data[len - 1] & 1) ? words : 0;
}

static uint64_t
word_at(struct tscope_span number, size_t word)
{
    const uint8_t *end = number.data + number.len - word * 8;
    uint64_t value = 0;

    for (int i = 8; i > 0; i--)
        value = value << 8 | end[-i];
    return value;
}

static void
split_digits(struct tscope_span number, size_t digits_len, uint64_t *digits)
{
    for (size_t i = 0; i < digits_len; i++) {
        size_t word = TSCOPE_LANE_BITS * i / 64, shift = TSCOPE_LANE_BITS * i % 64;

        digits[i] = word_at(number, word) >> shift;
        if (shift > 64 - TSCOPE_LANE_BITS)
            digits[i] |= word_at(number, word + 1) << (64 - shift);
        digits[i] &= (UINT64_C(1) << TSCOPE_LANE_BITS) - 1;
    }
}

tscope_divisor *
tscope_divisor_new(const struct tscope_span *moduli, size_t moduli_len)
{
    tscope_divisor *divisor = tscope_alloc_zeroed(1, sizeof(*divisor) + moduli_len * sizeof(divisor->moduli[0]));

    if (!divisor)
        return NULL;
    divisor->words = tscope_divisor_words(moduli[0]);
    divisor->moduli_len = moduli_len;
    divisor->floor = 0xffff;
    for (size_t i = 0; i < moduli_len; i++) {
        struct tscope_span n = tscope_number_strip(moduli[i]);
        unsigned top = (unsigned)n.data[0] << 8 | n.data[1];

        divisor->moduli[i].top = word_at(n, 2 * divisor->words - 1);
        for (size_t word = 0; word < divisor->words; word++)
            divisor->moduli[i].low[word] = word_at(n, word);
        if (top < divisor->floor)
            divisor->floor = top;
    }
    if (!tscope_lanes_are_there())
        return divisor;
    divisor->lanes = tscope_alloc_zeroed(moduli_len, sizeof(*divisor->lanes));
    if (!divisor->lanes) {
        tscope_free(divisor);
        return NULL;
    }
    for (size_t i = 0; i < moduli_len; i++)
        split_digits(tscope_number_strip(moduli[i]), tscope_lane_digits(divisor->words), divisor->lanes[i].digits);
    return divisor;
}

void
tscope_divisor_free(tscope_divisor *divisor)
{
    if (divisor)
        tscope_free(divisor->lanes);
    tscope_free(divisor);
}

bool
tscope_divisor_has_lanes(const tscope_divisor *divisor)
{
    return divisor->lanes != NULL;
}

unsigned
tscope_divisor_filter(const tscope_divisor *divisor, const uint64_t (*numbers)[TSCOPE_DIVISOR_LANES])
{
    return tscope_lanes_find(divisor->lanes, divisor->moduli_len, numbers, divisor->words);
}

unsigned
tscope_divisor_floor(const tscope_divisor *divisor)
{
    return divisor->floor;
}

#if defined(__SIZEOF_INT128__)

static inline void
add(struct sum *sum, uint64_t a, uint64_t b)
{
    double_word both = (double_word)sum->middle << 64 | sum->low;

    sum->high += __builtin_add_overflow(both, (double_word)a * b, &both);
    sum->low = (uint64_t)both;
    sum->middle = (uint64_t)(both >> 64);
}

#else

static inline void
add(struct sum *sum, uint64_t a, uint64_t b)
{
    uint64_t low, high;

    multiply(a, b, &low, &high);
    sum->low += low;
    high += sum->low < low; /* a product's high word is no more than 2^64 - 2 */
    sum->middle += high;
    sum->high += sum->middle < high;
}

#endif

static inline void
shift(struct sum *sum)
{
    sum->low = sum->middle;
    sum->middle = sum->high;
    sum->high = 0;
}

/* The inverse of an odd word modulo 2^64: each step doubles the bits that are right, beginning with five. */
static inline uint64_t
invert_word(uint64_t odd)
{
    uint64_t inverse = 3 * odd ^ 2;

    for (int i = 0; i < 4; i++)
        inverse *= 2 - odd * inverse;
    return inverse;
}

/*
 * 2^48 - 1 is 3^2 5 7 13 17 97 241 257 673, and half a word weighs 1, 2^16 or 2^32 modulo that: the rest costs a few additions. A prime
 * factor of a modulus shares none of these; six of ten numbers do.
 */
static inline bool
has_small_factor(const uint64_t *number, size_t words)
{
    uint64_t ones = 0, sixteens = 0, thirties = 0, rest;
    size_t i;

    for (i = 0; i + 3 <= words; i += 3) {
        ones += (uint32_t)number[i] + (number[i + 1] >> 32);
        sixteens += (uint32_t)number[i + 1] + (number[i + 2] >> 32);
        thirties += (uint32_t)number[i + 2] + (number[i] >> 32);
    }
    if (i < words) {
        ones += (uint32_t)number[i];
        thirties += number[i] >> 32;
    }
    if (i + 1 < words) {
        sixteens += (uint32_t)number[i + 1];
        ones += number[i + 1] >> 32;
    }
    rest = ones + (sixteens << 16) + ((thirties & 0xffff) << 32) + (thirties >> 16);
    /* no branch for each: they could not be foreseen */
    return ((rest % 3 == 0) | (rest % 5 == 0) | (rest % 7 == 0) | (rest % 13 == 0) | (rest % 17 == 0) | (rest % 97 == 0) |
            (rest % 241 == 0) | (rest % 257 == 0) | (rest % 673 == 0)) != 0;
}

/* The quotient's highest word times the number's is the modulus's, but for what lower words add. */
static inline bool
fits(const struct modulus *modulus, uint64_t quotient, uint64_t number, uint64_t doubt)
{
    uint64_t low, high;

    multiply(quotient, number, &low, &high);
    return modulus->top - high <= doubt;
}

/*
 * If the number divides n, the quotient is n over it modulo 2^64, 2^128 and so on (Hensel): it follows word by word from the lower half of
 * n, and its highest word is held against the highest of n. A number that is no divisor passes once in 2^60.
 */
static inline __attribute__((always_inline)) bool
divides(const struct modulus *modulus, const uint64_t *number, size_t words)
{
    uint64_t quotient[TSCOPE_DIVISOR_WORDS_MAX], inverse = invert_word(number[0]);
    struct sum sum = {0, 0, 0};

    for (size_t i = 0; i < words; i++) {
        for (size_t j = 0; j < i; j++)
            add(&sum, quotient[j], number[i - j]);
        quotient[i] = (modulus->low[i] - sum.low) * inverse;
        add(&sum, quotient[i], number[0]);
        shift(&sum);
    }
    return fits(modulus, quotient[words - 1], number[words - 1], 4);
}

/* The same question of many moduli: the inverse of the number costs more than one quotient, and then each modulus little. */
static void
invert(const uint64_t *number, size_t words, uint64_t *inverse)
{
    uint64_t first = invert_word(number[0]);
    struct sum sum = {0, 0, 0};

    inverse[0] = first;
    add(&sum, first, number[0]);
    shift(&sum);
    for (size_t i = 1; i < words; i++) {
        for (size_t j = 0; j < i; j++)
            add(&sum, inverse[j], number[i - j]);
        inverse[i] = (0 - sum.low) * first;
        add(&sum, inverse[i], number[0]);
        shift(&sum);
    }
}

/* The quotient's highest word alone, out of the two highest columns: what lower ones carry is less than the words that they are. */
static bool
divides_by_inverse(const struct modulus *modulus, const uint64_t *inverse, const uint64_t *number, size_t words)
{
    struct sum sum = {0, 0, 0};

    for (size_t i = 0; i + 1 < words; i++)
        add(&sum, modulus->low[i], inverse[words - 2 - i]);
    shift(&sum);
    for (size_t i = 0; i < words; i++)
        sum.low += modulus->low[i] * inverse[words - 1 - i];
    return fits(modulus, sum.low, number[words - 1], 4 + words);
}

static size_t
find_among_many(const tscope_divisor *divisor, const uint64_t *number)
{
    uint64_t inverse[TSCOPE_DIVISOR_WORDS_MAX];

    invert(number, divisor->words, inverse);
    for (size_t i = 0; i < divisor->moduli_len; i++) {
        if (divides_by_inverse(&divisor->moduli[i], inverse, number, divisor->words))
            return i;
    }
    return SIZE_MAX;
}

/* A length that the compiler knows: nearly all keys have this one. */
#define WORDS_USUAL 16

size_t
tscope_divisor_find(const tscope_divisor *divisor, const uint64_t *number)
{
    if (has_small_factor(number, divisor->words))
        return SIZE_MAX;
    if (divisor->moduli_len > 1)
        return find_among_many(divisor, number);
    if (divisor->words == WORDS_USUAL)
        return divides(divisor->moduli, number, WORDS_USUAL) ? 0 : SIZE_MAX;
    return divides(divisor->moduli, number, divisor->words) ? 0 : SIZE_MAX;
}
