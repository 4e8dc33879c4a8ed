/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/prime_sieve.h"

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

#if defined(__x86_64__)

#include <immintrin.h>

__attribute__((target("avx2"))) static void
sieve_avx2(const uint8_t *bytes, size_t words, const struct tscope_prime_layout *layout, uint8_t floor, uint32_t *masks)
{
    const __m256i least = _mm256_set1_epi8((char)floor);

    for (size_t word = 0; word < words; word++, bytes += 32) {
        const __m256i top = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + layout->top));
        const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + layout->low));
        const __m256i high_enough = _mm256_cmpeq_epi8(_mm256_max_epu8(top, least), top);

        /* the lowest bit of each byte becomes its highest, which is what a mask is made of */
        masks[word] = (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(high_enough, _mm256_slli_epi16(low, 7)));
    }
}

void
tscope_prime_sieve(const uint8_t *bytes, size_t words, const struct tscope_prime_layout *layout, uint8_t floor, uint32_t *masks)
{
    if (__builtin_cpu_supports("avx2"))
        sieve_avx2(bytes, words, layout, floor, masks);
    else
        tscope_prime_sieve_plain(bytes, words, layout, floor, masks);
}

#else

void
tscope_prime_sieve(const uint8_t *bytes, size_t words, const struct tscope_prime_layout *layout, uint8_t floor, uint32_t *masks)
{
    tscope_prime_sieve_plain(bytes, words, layout, floor, masks);
}

#endif
