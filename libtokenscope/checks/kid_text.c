/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/kid_text.h"

#include "core/text.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define KID_LOOKED_AT 4096 /* the rest of a longer one is not looked at; HDR-SIZE speaks of it */
#define ESCAPES_UNDONE 2   /* a path behind two layers of percent-encoding is known from web servers */

/* Sixteen in a row. */
/* clang-format off */
const uint8_t tscope_kid_letters[256] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 00 */
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* 10 */
    4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 2, 0, 4, /* 20 */
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 0, 0, 0, 0, 0, /* 30 */
    4, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, /* 40 */
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 3, /* 50 */
    0, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, /* 60 */
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, /* 70 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 80 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* 90 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* a0 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* b0 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* c0 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* d0 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* e0 */
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, /* f0 */
};
/* clang-format on */

static int
hex_value(uint8_t letter)
{
    if (letter >= '0' && letter <= '9')
        return letter - '0';
    if ((letter | 32) >= 'a' && (letter | 32) <= 'f')
        return (letter | 32) - 'a' + 10;
    return -1;
}

static size_t
undo_escapes(uint8_t *text, size_t len)
{
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        int high = i + 2 < len && text[i] == '%' ? hex_value(text[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text[i + 2]) : -1;

        text[out++] = low >= 0 ? (uint8_t)(high * 16 + low) : text[i];
        i += low >= 0 ? 2 : 0;
    }
    return out;
}

#if defined(__SSE2__)

#define BLOCK 16u

/* Letters of sixteen in a range, as a mask. The comparison is signed: what is not ASCII is below all of them. */
static inline __m128i
between(__m128i text, char first, char last)
{
    return _mm_and_si128(_mm_cmpgt_epi8(text, _mm_set1_epi8((char)(first - 1))), _mm_cmplt_epi8(text, _mm_set1_epi8((char)(last + 1))));
}

static inline __m128i
equal(__m128i text, char letter)
{
    return _mm_cmpeq_epi8(text, _mm_set1_epi8(letter));
}

static inline __m128i
word_letters(__m128i text)
{
    return _mm_or_si128(between(_mm_or_si128(text, _mm_set1_epi8(0x20)), 'a', 'z'), equal(text, '_'));
}

static inline bool
is_plain_block(__m128i text)
{
    return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(word_letters(text), between(text, '0', '9')), equal(text, '-'))) == 0xffff;
}

/* Of words and what TSCOPE_LETTER_QUIET says, "-" and ".", which stand alone: all from "+" to ":" is in it, the digits, too. */
static inline bool
is_quiet_block(__m128i text)
{
    const __m128i other = _mm_or_si128(between(text, '+', ':'), _mm_or_si128(equal(text, ' '), equal(text, '@')));
    const __m128i known = _mm_or_si128(word_letters(text), other);
    const unsigned points = (unsigned)_mm_movemask_epi8(_mm_or_si128(equal(text, '-'), equal(text, '.')));

    /* what is not ASCII has its highest bit set, as what is known */
    return _mm_movemask_epi8(_mm_or_si128(known, text)) == 0xffff && (points & points >> 1) == 0;
}

/* True when a text is shown to be good sixteen letters at a time, of which one is looked at twice for what stands beside it. */
static inline bool
is_good_in_blocks(struct tscope_span text, bool (*is_good)(__m128i))
{
    if (text.len < BLOCK)
        return false;
    for (size_t at = 0; at + BLOCK < text.len; at += BLOCK - 1) {
        if (!is_good(_mm_loadu_si128((const __m128i *)(const void *)(text.data + at))))
            return false;
    }
    return is_good(_mm_loadu_si128((const __m128i *)(const void *)(text.data + text.len - BLOCK)));
}

#define IS_GOOD_IN_BLOCKS(text, is_good) is_good_in_blocks(text, is_good)
#else
#define IS_GOOD_IN_BLOCKS(text, is_good) false
#endif

bool
tscope_kid_is_plain_name(struct tscope_span text)
{
    if (IS_GOOD_IN_BLOCKS(text, is_plain_block))
        return true;
    for (size_t i = 0; i < text.len; i++) {
        if (!(tscope_kid_letters[text.data[i]] & TSCOPE_LETTER_PLAIN))
            return false;
    }
    return true;
}

bool
tscope_kid_is_harmless(struct tscope_span text)
{
    if (IS_GOOD_IN_BLOCKS(text, is_quiet_block))
        return true;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t letter = text.data[i];

        if (tscope_kid_letters[letter] & (TSCOPE_LETTER_WORD | TSCOPE_LETTER_QUIET))
            continue;
        if (letter != '-' && letter != '.')
            return false;
        if (i + 1 < text.len && text.data[i + 1] == letter && (letter == '-' || (i + 2 < text.len && text.data[i + 2] == '/')))
            return false;
    }
    return true;
}

bool
tscope_kid_read(const tscope_subject *subject, struct tscope_kid *kid)
{
    struct tscope_span text;
    uint8_t *copy;
    size_t len;

    *kid = (struct tscope_kid){.member = tscope_subject_header(subject, TSCOPE_HEADER_KID)};
    if (!kid->member.value || kid->member.value->type != TSCOPE_JSON_STRING)
        return true;
    text = tscope_subject_text(subject, kid->member);
    if (!text.data)
        return false;
    text.len = text.len < KID_LOOKED_AT ? text.len : KID_LOOKED_AT;
    if (tscope_kid_is_plain_name(text))
        return true;
    kid->text = text;
    if (!memchr(text.data, '%', text.len))
        return true;
    copy = tscope_arena_zeroed(subject->arena, 1, text.len);
    if (!copy)
        return false;
    memcpy(copy, text.data, len = text.len);
    for (int i = 0; i < ESCAPES_UNDONE; i++)
        len = undo_escapes(copy, len);
    kid->text = tscope_span_of(copy, len);
    return true;
}

struct tscope_span
tscope_kid_behind(struct tscope_span text, size_t at)
{
    return at < text.len ? tscope_span_of(text.data + at, text.len - at) : tscope_span_of(text.data + text.len, 0);
}

struct tscope_span
tscope_kid_without_space(struct tscope_span text)
{
    size_t at = 0;

    while (at < text.len && (text.data[at] <= ' ' || text.data[at] == ')'))
        at++;
    return tscope_kid_behind(text, at);
}

size_t
tscope_kid_begins_with_word(struct tscope_span text, const char *const *words)
{
    for (; *words; words++) {
        struct tscope_span word = tscope_span_text(*words);

        if (tscope_text_starts_with_fold(text, word) && (text.len == word.len || !tscope_kid_is_word_letter(text.data[word.len])))
            return word.len;
    }
    return 0;
}

bool
tscope_kid_begins_with_any(struct tscope_span text, const char *const *prefixes)
{
    for (; *prefixes; prefixes++) {
        if (tscope_text_starts_with_fold(text, tscope_span_text(*prefixes)))
            return true;
    }
    return false;
}

/* The set that the verifying key stands in names it so: its owner chose the name, and no sender of the token. */
static bool
is_listed_name(const tscope_subject *subject, const struct tscope_kid *kid)
{
    const struct tscope_resolution *resolution = subject->resolution;

    return resolution->status == TSCOPE_STATUS_VERIFIED && resolution->key && resolution->key->kid.data &&
           tscope_span_equal(resolution->key->kid, tscope_subject_text(subject, kid->member));
}

enum tscope_status
tscope_kid_add_shape(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings,
                     const struct tscope_kid *kid, enum tscope_severity severity, const char *shape)
{
    struct tscope_evidence evidence = tscope_evidence_member(subject, kid->member);

    if (is_listed_name(subject, kid))
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, &evidence, 1,
                                          "the kid %s holds %s; the key that verifies the token is listed under this name",
                                          tscope_subject_quote(subject, kid->text), shape);
    return tscope_findings_add_graded(findings, check, severity, check->proves, &evidence, 1, "the kid %s holds %s",
                                      tscope_subject_quote(subject, kid->text), shape);
}
