/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/prime_sieve.h"

#define DOUBT (UINT64_C(1) << 33) /* more than what is left out of a product can carry */

struct tscope_prime_layout
tscope_prime_layout_of(enum tscope_prime_order order, size_t len)
{
    switch (order) {
    case TSCOPE_PRIME_LITTLE:
        return (struct tscope_prime_layout){len - 1, 0};
    case TSCOPE_PRIME_BIG:
        return (struct tscope_prime_layout){0, len - 1};
    case TSCOPE_PRIME_MIXED:
    case TSCOPE_PRIME_ORDERS:
        break;
    }
    return (struct tscope_prime_layout){3, len - 4};
}

void
tscope_prime_sieve_plain(const uint8_t *bytes, size_t words, const struct tscope_prime_layout *layout, uint8_t floor, uint32_t *masks)
{
    for (size_t word = 0; word < words; word++, bytes += 32) {
        uint32_t mask = 0;

        for (unsigned i = 0; i < 32; i++)
            mask |= (uint32_t)(bytes[i + layout->top] >= floor && (bytes[i + layout->low] & 1)) << i;
        masks[word] = mask;
    }
}

static uint32_t
little32(const uint8_t *bytes)
{
    return (uint32_t)bytes[3] << 24 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[1] << 8 | bytes[0];
}

void
tscope_prime_sieve_digits_plain(const uint8_t *bytes, size_t words, size_t top, uint32_t limit, struct tscope_prime_places places,
                                uint32_t *masks)
{
    for (size_t word = 0; word < words; word++, bytes += 32) {
        masks[word] = 0;
        for (unsigned i = places.first; i < 32; i += places.step)
            masks[word] |= (uint32_t)(little32(bytes + i + top) - 1 < limit - 1 && (bytes[i] & 1)) << i;
    }
}

/*
 * tscope_exponent_fits() without the lower halves of what is carried, which 32 bits could not be multiplied out of at once: the sum is
 * less than it should be by a little, and so is the bound.
 */
static bool
may_fit(const struct tscope_exponent *exponent, uint64_t top)
{
    uint64_t sum = top * exponent->high + (top >> 32) * (exponent->low >> 32);

    return sum >= 0 - (exponent->bound + DOUBT);
}

void
tscope_prime_sieve_exponent_plain(const uint8_t *bytes, size_t words, enum tscope_prime_order order, const struct tscope_exponent *exponent,
                                  struct tscope_prime_places places, uint32_t *masks)
{
    for (size_t word = 0; word < words; word++, bytes += 32) {
        masks[word] = 0;
        for (unsigned i = places.first; i < 32; i += places.step)
            masks[word] |= (uint32_t)may_fit(exponent, tscope_prime_top(order, bytes + i)) << i;
    }
}

/* 256 is 1 modulo 255 = 3 5 17, and has the powers 1, 74 and 16 modulo 91 = 7 13. */
uint8_t
tscope_prime_weight(size_t power)
{
    static const uint8_t powers[] = {1, 74, 16};

    return powers[power % 3];
}

static inline bool
has_factor(uint32_t sum, uint32_t weighed)
{
    return ((sum % 3 == 0) | (sum % 5 == 0) | (sum % 17 == 0) | (weighed % 7 == 0) | (weighed % 13 == 0)) != 0;
}

static bool
number_has_factor(const uint8_t *bytes, const struct tscope_prime_weights *weights)
{
    uint32_t sum = 0, weighed = 0;

    for (size_t i = 0; i < weights->len; i++) {
        sum += bytes[i];
        weighed += (uint32_t)bytes[i] * weights->of[i];
    }
    return has_factor(sum, weighed);
}

size_t
tscope_prime_drop_factors_plain(const uint8_t *bytes, const struct tscope_prime_weights *weights, uint16_t *begins, size_t len)
{
    size_t left = 0;

    for (size_t i = 0; i < len; i++) {
        uint16_t begin = begins[i];

        begins[left] = begin;
        left += !number_has_factor(bytes + begin, weights);
    }
    return left;
}

/*
 * How many bits a word has cannot be foreseen, and of wide steps they are few: bits of several words go into the gaps of one, so that
 * there are fewer loops to end.
 */
size_t
tscope_prime_list(const uint32_t *masks, size_t words, struct tscope_prime_places places, uint16_t *begins)
{
    const unsigned together = 2 * places.step; /* words: one after another in each half of 64 bits */
    size_t len = 0;

    for (size_t word = 0; word < words; word += together) {
        uint64_t all = 0;

        for (unsigned i = 0; i < together && word + i < words; i++)
            all |= (uint64_t)(masks[word + i] >> places.first) << (i / 2 + i % 2 * 32);
        for (; all; all &= all - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(all), gap = bit % places.step;

            begins[len++] = (uint16_t)(32 * (word + 2 * gap + bit / 32) + bit % 32 - gap + places.first);
        }
    }
    return len;
}

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2,bmi")))

AVX2 static inline __m256i
load(const uint8_t *bytes)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)bytes);
}

AVX2 static void
sieve_avx2(const uint8_t *bytes, size_t words, const struct tscope_prime_layout *layout, uint8_t floor, uint32_t *masks)
{
    const __m256i least = _mm256_set1_epi8((char)floor);

    for (size_t word = 0; word < words; word++, bytes += 32) {
        const __m256i top = load(bytes + layout->top), low = load(bytes + layout->low);
        const __m256i high_enough = _mm256_cmpeq_epi8(_mm256_max_epu8(top, least), top);

        /* the lowest bit of each byte becomes its highest, which is what a mask is made of */
        masks[word] = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(high_enough, _mm256_slli_epi16(low, 7)));
    }
}

/* Digits are signed here: none that is meant is negative. */
AVX2 static void
sieve_digits_avx2(const uint8_t *bytes, size_t words, size_t top, uint32_t limit, struct tscope_prime_places places, uint32_t *masks)
{
    const __m256i above = _mm256_set1_epi32((int)limit), zero = _mm256_setzero_si256();

    for (size_t word = 0; word < words; word++, bytes += 32) {
        masks[word] = 0;
        for (unsigned phase = places.first; phase < 4; phase += places.step) {
            const __m256i digit = load(bytes + phase + top), odd = _mm256_slli_epi32(load(bytes + phase), 31);
            const __m256i fits = _mm256_and_si256(_mm256_cmpgt_epi32(above, digit), _mm256_cmpgt_epi32(digit, zero));
            uint32_t four = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(fits, _mm256_srai_epi32(odd, 31)));

            masks[word] |= (four & 0x11111111u) << phase;
        }
    }
}

/* Bytes of eight words that make them numbers. */
AVX2 static inline __m256i
turn(__m256i words, enum tscope_prime_order order)
{
    const __m256i big =
        _mm256_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);

    if (order == TSCOPE_PRIME_BIG)
        return _mm256_shuffle_epi8(words, big);
    return order == TSCOPE_PRIME_MIXED ? _mm256_shuffle_epi32(words, 0xb1) : words;
}

AVX2 static inline __attribute__((always_inline)) void
sieve_exponent_of(const uint8_t *bytes, size_t words, enum tscope_prime_order order, const struct tscope_exponent *exponent,
                  struct tscope_prime_places places, uint32_t *masks)
{
    const __m256i high = _mm256_set1_epi64x((long long)exponent->high), high_high = _mm256_srli_epi64(high, 32);
    const __m256i low_high = _mm256_set1_epi64x((long long)(exponent->low >> 32)), zero = _mm256_setzero_si256();
    const __m256i below = _mm256_set1_epi64x(-(long long)(exponent->bound + DOUBT) - 1);

    for (size_t word = 0; word < words; word++, bytes += 32) {
        masks[word] = 0;
        for (unsigned phase = places.first; phase < 8; phase += places.step) {
            const __m256i top = turn(load(bytes + phase), order), upper = _mm256_srli_epi64(top, 32);
            const __m256i middle = _mm256_add_epi64(_mm256_mul_epu32(upper, high), _mm256_mul_epu32(top, high_high));
            const __m256i sum = _mm256_add_epi64(_mm256_add_epi64(_mm256_mul_epu32(top, high), _mm256_slli_epi64(middle, 32)),
                                                 _mm256_mul_epu32(upper, low_high));
            const __m256i fits = _mm256_and_si256(_mm256_cmpgt_epi64(sum, below), _mm256_cmpgt_epi64(zero, sum));

            masks[word] |= ((uint32_t)_mm256_movemask_epi8(fits) & 0x01010101u) << phase;
        }
    }
}

AVX2 static void
sieve_exponent_avx2(const uint8_t *bytes, size_t words, enum tscope_prime_order order, const struct tscope_exponent *exponent,
                    struct tscope_prime_places places, uint32_t *masks)
{
    if (order == TSCOPE_PRIME_LITTLE)
        sieve_exponent_of(bytes, words, TSCOPE_PRIME_LITTLE, exponent, places, masks);
    else if (order == TSCOPE_PRIME_BIG)
        sieve_exponent_of(bytes, words, TSCOPE_PRIME_BIG, exponent, places, masks);
    else
        sieve_exponent_of(bytes, words, TSCOPE_PRIME_MIXED, exponent, places, masks);
}

/* Both sums at once: the first one's four lie in every other of eight words. */
AVX2 static inline uint64_t
add_up(__m256i sum, __m256i weighed)
{
    const __m128i four = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
    const __m128i eight = _mm_add_epi32(_mm256_castsi256_si128(weighed), _mm256_extracti128_si256(weighed, 1));
    const __m128i pairs = _mm_hadd_epi32(four, eight);

    return (uint64_t)_mm_cvtsi128_si64(_mm_hadd_epi32(pairs, pairs));
}

AVX2 static inline __attribute__((always_inline)) bool
number_has_factor_avx2(const uint8_t *bytes, const struct tscope_prime_weights *weights, size_t len)
{
    const __m256i zero = _mm256_setzero_si256(), ones = _mm256_set1_epi16(1);
    __m256i sum = zero, weighed = zero;
    uint64_t both;

    for (size_t i = 0; i < len; i += 32) {
        const __m256i text = load(bytes + i);

        sum = _mm256_add_epi64(sum, _mm256_sad_epu8(text, zero));
        weighed = _mm256_add_epi32(weighed, _mm256_madd_epi16(_mm256_maddubs_epi16(text, load(weights->of + i)), ones));
    }
    both = add_up(sum, weighed);
    return has_factor((uint32_t)both, (uint32_t)(both >> 32));
}

#define LEN_USUAL 128 /* a length that the compiler knows: nearly all keys have this one */

AVX2 static size_t
drop_factors_avx2(const uint8_t *bytes, const struct tscope_prime_weights *weights, uint16_t *begins, size_t len)
{
    size_t left = 0;

    for (size_t i = 0; i < len; i++) {
        uint16_t begin = begins[i];
        bool has = weights->len == LEN_USUAL ? number_has_factor_avx2(bytes + begin, weights, LEN_USUAL)
                                             : number_has_factor_avx2(bytes + begin, weights, weights->len);

        begins[left] = begin;
        left += !has;
    }
    return left;
}

static bool
has_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
}

void
tscope_prime_sieve(const uint8_t *bytes, size_t words, const struct tscope_prime_layout *layout, uint8_t floor, uint32_t *masks)
{
    (has_avx2() ? sieve_avx2 : tscope_prime_sieve_plain)(bytes, words, layout, floor, masks);
}

void
tscope_prime_sieve_digits(const uint8_t *bytes, size_t words, size_t top, uint32_t limit, struct tscope_prime_places places,
                          uint32_t *masks)
{
    (has_avx2() ? sieve_digits_avx2 : tscope_prime_sieve_digits_plain)(bytes, words, top, limit, places, masks);
}

void
tscope_prime_sieve_exponent(const uint8_t *bytes, size_t words, enum tscope_prime_order order, const struct tscope_exponent *exponent,
                            struct tscope_prime_places places, uint32_t *masks)
{
    (has_avx2() ? sieve_exponent_avx2 : tscope_prime_sieve_exponent_plain)(bytes, words, order, exponent, places, masks);
}

size_t
tscope_prime_drop_factors(const uint8_t *bytes, const struct tscope_prime_weights *weights, uint16_t *begins, size_t len)
{
    bool is_whole = weights->len % 32 == 0;

    return (has_avx2() && is_whole ? drop_factors_avx2 : tscope_prime_drop_factors_plain)(bytes, weights, begins, len);
}

#else

void
tscope_prime_sieve(const uint8_t *bytes, size_t words, const struct tscope_prime_layout *layout, uint8_t floor, uint32_t *masks)
{
    tscope_prime_sieve_plain(bytes, words, layout, floor, masks);
}

void
tscope_prime_sieve_digits(const uint8_t *bytes, size_t words, size_t top, uint32_t limit, struct tscope_prime_places places,
                          uint32_t *masks)
{
    tscope_prime_sieve_digits_plain(bytes, words, top, limit, places, masks);
}

void
tscope_prime_sieve_exponent(const uint8_t *bytes, size_t words, enum tscope_prime_order order, const struct tscope_exponent *exponent,
                            struct tscope_prime_places places, uint32_t *masks)
{
    tscope_prime_sieve_exponent_plain(bytes, words, order, exponent, places, masks);
}

size_t
tscope_prime_drop_factors(const uint8_t *bytes, const struct tscope_prime_weights *weights, uint16_t *begins, size_t len)
{
    return tscope_prime_drop_factors_plain(bytes, weights, begins, len);
}

#endif
