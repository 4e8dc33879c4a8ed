/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base64url_avx2.h"

/* Base64url, 32 characters at a time. What is not all characters is left to the tables, which know how to refuse it. */

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

/* Bytes of text in a range, as a mask. The comparison is signed, so that bytes from 0x80 up are in none. */
AVX2 static inline __m256i
in_range(__m256i text, char first, char last)
{
    return _mm256_and_si256(_mm256_cmpgt_epi8(text, _mm256_set1_epi8((char)(first - 1))),
                            _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(last + 1)), text));
}

AVX2 static inline __m256i
choose(__m256i mask, int distance)
{
    return _mm256_and_si256(mask, _mm256_set1_epi8((char)distance));
}

/* The values of 32 characters; false when one is none. */
AVX2 static inline bool
values_of(__m256i text, __m256i *ret_values)
{
    const __m256i upper = in_range(text, 'A', 'Z'), lower = in_range(text, 'a', 'z'), digit = in_range(text, '0', '9');
    const __m256i dash = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('-')), line = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('_'));
    const __m256i known = _mm256_or_si256(_mm256_or_si256(upper, lower), _mm256_or_si256(digit, _mm256_or_si256(dash, line)));
    const __m256i letters = _mm256_or_si256(choose(upper, 0 - 'A'), choose(lower, 26 - 'a'));
    const __m256i others = _mm256_or_si256(choose(digit, 52 - '0'), _mm256_or_si256(choose(dash, 62 - '-'), choose(line, 63 - '_')));

    *ret_values = _mm256_add_epi8(text, _mm256_or_si256(letters, others));
    return _mm256_movemask_epi8(known) == -1;
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
