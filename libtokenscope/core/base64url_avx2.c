/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base64url_avx2.h"

/* Base64url, 32 characters at a time. What is not all characters is left to the tables, which know how to refuse it. */

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

/*
 * The values of 32 characters; false when one is none. The upper half of a byte says of which run of the alphabet it may be, and so how
 * far its value is from it. Each upper half has a bit, that of a lower half is set where the two make no character:
 * 1 "-", 2 "0" to "9", 4 "A" to "O" and "a" to "o", 8 "P" to "Z" and "_", 32 "p" to "z", 16 nothing.
 */
AVX2 static inline bool
values_of(__m256i text, __m256i *ret_values)
{
    const __m256i of_upper = TWICE(16, 16, 1, 2, 4, 8, 4, 32, 16, 16, 16, 16, 16, 16, 16, 16);
    const __m256i of_lower = TWICE(21, 17, 17, 17, 17, 17, 17, 17, 17, 17, 19, 59, 59, 58, 59, 51);
    const __m256i distances = TWICE(0, 0, 62 - '-', 52 - '0', 0 - 'A', 0 - 'A', 26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0);
    const __m256i half = _mm256_set1_epi8(0x0f), line = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('_'));
    const __m256i upper = _mm256_and_si256(_mm256_srli_epi32(text, 4), half), lower = _mm256_and_si256(text, half);
    const __m256i distance =
        _mm256_add_epi8(_mm256_shuffle_epi8(distances, upper), _mm256_and_si256(line, _mm256_set1_epi8(63 - '_' + 'A')));

    *ret_values = _mm256_add_epi8(text, distance);
    return _mm256_testz_si256(_mm256_shuffle_epi8(of_upper, upper), _mm256_shuffle_epi8(of_lower, lower));
}

/* Four values of six bits each to three bytes, and all of them to the front: 24 bytes. */
AVX2 static inline __m256i
pack(__m256i values)
{
    const __m256i order =
        _mm256_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1, 2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
    const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
    const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));

    return _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(groups, order), _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7));
}

/* 32 bytes are written for each 24: so many characters must still be there that those belong to the output too. */
#define CHARACTERS_LEFT_MIN 44

AVX2 static size_t
decode_groups(const uint8_t *text, size_t len, uint8_t *out)
{
    size_t at = 0;

    for (; len - at >= CHARACTERS_LEFT_MIN; at += 32, out += 24) {
        __m256i values;

        if (!values_of(_mm256_loadu_si256((const __m256i *)(const void *)(text + at)), &values))
            break;
        _mm256_storeu_si256((__m256i *)(void *)out, pack(values));
    }
    return at;
}

size_t
tscope_base64url_decode_avx2(const uint8_t *text, size_t len, uint8_t *out)
{
    return __builtin_cpu_supports("avx2") ? decode_groups(text, len, out) : 0;
}

#else

size_t
tscope_base64url_decode_avx2(const uint8_t *text, size_t len, uint8_t *out)
{
    (void)text;
    (void)len;
    (void)out;
    return 0;
}

#endif
