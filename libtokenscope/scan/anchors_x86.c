/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/anchors.h"

/* Halves are looked up by shuffling: 16 or 32 of them at once. */

#if defined(__x86_64__)

#include <immintrin.h>

#define SSSE3 __attribute__((target("ssse3")))
#define AVX2 __attribute__((target("avx2,bmi")))

static inline size_t
list_bits(uint64_t bits, size_t at, uint32_t *list, size_t len)
{
    for (; bits; bits &= bits - 1)
        list[len++] = (uint32_t)(at + (unsigned)__builtin_ctzll(bits));
    return len;
}

/* ---- 16 bytes */

/* The tables of a family. */
struct tables_16 {
    __m128i low[TSCOPE_ANCHOR_BYTES], high[TSCOPE_ANCHOR_BYTES];
};

SSSE3 static inline struct tables_16
load_16(const struct tscope_anchor_halves *halves, unsigned family)
{
    struct tables_16 tables;

    for (unsigned i = 0; i < TSCOPE_ANCHOR_BYTES; i++) {
        tables.low[i] = _mm_loadu_si128((const __m128i *)(const void *)halves->low[family][i]);
        tables.high[i] = _mm_loadu_si128((const __m128i *)(const void *)halves->high[family][i]);
    }
    return tables;
}

/* A bit for each place where a bucket knows all halves. */
SSSE3 static inline unsigned
known_16(const struct tables_16 *tables, const uint8_t *bytes)
{
    const __m128i mask = _mm_set1_epi8(15);
    __m128i known = _mm_set1_epi8(-1);

    for (unsigned i = 0; i < TSCOPE_ANCHOR_BYTES; i++) {
        const __m128i text = _mm_loadu_si128((const __m128i *)(const void *)(bytes + i));

        known = _mm_and_si128(known, _mm_shuffle_epi8(tables->low[i], _mm_and_si128(text, mask)));
        known = _mm_and_si128(known, _mm_shuffle_epi8(tables->high[i], _mm_and_si128(_mm_srli_epi16(text, 4), mask)));
    }
    return ~(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(known, _mm_setzero_si128())) & 0xffffu;
}

SSSE3 static size_t
candidates_16(const struct tscope_anchor_halves *halves, const uint8_t *bytes, size_t from, size_t to, uint32_t *list, size_t list_max,
              size_t *ret_to)
{
    const struct tables_16 first = load_16(halves, 0), second = load_16(halves, 1);
    size_t at = from, len = 0;

    for (; to - at >= 16 && list_max - len >= TSCOPE_ANCHOR_STEP; at += 16) {
        unsigned known = known_16(&first, bytes + at);

        if (known)
            len = list_bits(known & known_16(&second, bytes + at), at, list, len);
    }
    if (to - at < 16 && list_max - len >= TSCOPE_ANCHOR_STEP)
        return len + tscope_anchors_plain(halves, bytes, at, to, list + len, list_max - len, ret_to);
    *ret_to = at;
    return len;
}

/* ---- 32 bytes */

struct tables_32 {
    __m256i low[TSCOPE_ANCHOR_BYTES], high[TSCOPE_ANCHOR_BYTES];
};

AVX2 static inline struct tables_32
load_32(const struct tscope_anchor_halves *halves, unsigned family)
{
    struct tables_32 tables;

    for (unsigned i = 0; i < TSCOPE_ANCHOR_BYTES; i++) {
        tables.low[i] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)halves->low[family][i]));
        tables.high[i] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)halves->high[family][i]));
    }
    return tables;
}

AVX2 static inline __m256i
half_32(__m256i low, __m256i high, const uint8_t *bytes)
{
    const __m256i text = _mm256_loadu_si256((const __m256i *)(const void *)bytes), mask = _mm256_set1_epi8(15);

    return _mm256_and_si256(_mm256_shuffle_epi8(low, _mm256_and_si256(text, mask)),
                            _mm256_shuffle_epi8(high, _mm256_and_si256(_mm256_srli_epi16(text, 4), mask)));
}

AVX2 static inline __m256i
known_32(const struct tables_32 *tables, const uint8_t *bytes)
{
    return _mm256_and_si256(
        half_32(tables->low[0], tables->high[0], bytes),
        _mm256_and_si256(half_32(tables->low[1], tables->high[1], bytes + 1), half_32(tables->low[2], tables->high[2], bytes + 2)));
}

AVX2 static inline uint64_t
bits_of(__m256i known)
{
    return (uint32_t)~_mm256_movemask_epi8(_mm256_cmpeq_epi8(known, _mm256_setzero_si256()));
}

/* What the halves of one of the three bytes say of 32 bytes. */
AVX2 static inline __m256i
of_halves(__m256i low_table, __m256i high_table, __m256i low, __m256i high)
{
    return _mm256_and_si256(_mm256_shuffle_epi8(low_table, low), _mm256_shuffle_epi8(high_table, high));
}

/* What was said of the bytes before, and of these, moved on: by one or two bytes, which those before give. */
#define MOVED_ON(before, now, bytes) _mm256_alignr_epi8(now, _mm256_permute2x128_si256(before, now, 0x21), 16 - (bytes))

/* The first two bytes of a row, as they were found in the 32 bytes before. */
struct carried {
    __m256i first, second;
};

/* Where rows of the first family end in 32 bytes, each byte looked at once. */
AVX2 static inline __m256i
ends_32(const struct tables_32 *tables, const uint8_t *bytes, struct carried *carried)
{
    const __m256i text = _mm256_loadu_si256((const __m256i *)(const void *)bytes), mask = _mm256_set1_epi8(15);
    const __m256i low = _mm256_and_si256(text, mask), high = _mm256_and_si256(_mm256_srli_epi16(text, 4), mask);
    const __m256i first = of_halves(tables->low[0], tables->high[0], low, high);
    const __m256i second = of_halves(tables->low[1], tables->high[1], low, high);
    const __m256i third = of_halves(tables->low[2], tables->high[2], low, high);
    const __m256i ends =
        _mm256_and_si256(third, _mm256_and_si256(MOVED_ON(carried->first, first, 2), MOVED_ON(carried->second, second, 1)));

    carried->first = first;
    carried->second = second;
    return ends;
}

AVX2 static size_t
candidates_32(const struct tscope_anchor_halves *halves, const uint8_t *bytes, size_t from, size_t to, uint32_t *list, size_t list_max,
              size_t *ret_to)
{
    const struct tables_32 first = load_32(halves, 0), second = load_32(halves, 1);
    struct carried carried = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    size_t at = from, len = 0; /* rows that begin before at, less two, are listed */

    for (; to - at >= 64 && list_max - len >= TSCOPE_ANCHOR_STEP; at += 64) {
        const uint8_t *text = bytes + at;
        __m256i low = ends_32(&first, text, &carried), high = ends_32(&first, text + 32, &carried), both = _mm256_or_si256(low, high);

        if (_mm256_testz_si256(both, both))
            continue;
        if (at == from) /* a row that ends here began behind from */
            len = list_bits(((bits_of(low) | bits_of(high) << 32) >> 2) &
                                (bits_of(known_32(&second, text)) | bits_of(known_32(&second, text + 32)) << 32),
                            at, list, len);
        else
            len = list_bits((bits_of(low) | bits_of(high) << 32) &
                                (bits_of(known_32(&second, text - 2)) | bits_of(known_32(&second, text + 30)) << 32),
                            at - 2, list, len);
    }
    if (at > from)
        at -= 2;
    if (to - at < 64 + 2 && len < list_max)
        return len + tscope_anchors_plain(halves, bytes, at, to, list + len, list_max - len, ret_to);
    *ret_to = at;
    return len;
}

tscope_anchor_candidates *
tscope_anchors_ssse3(void)
{
    return __builtin_cpu_supports("ssse3") ? candidates_16 : NULL;
}

tscope_anchor_candidates *
tscope_anchors_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") ? candidates_32 : NULL;
}

#else

tscope_anchor_candidates *
tscope_anchors_ssse3(void)
{
    return NULL;
}

tscope_anchor_candidates *
tscope_anchors_avx2(void)
{
    return NULL;
}

#endif
