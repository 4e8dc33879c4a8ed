/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text.h"

#include <stdio.h>

#include "core/plain.h"

#define GUID_LEN 36

bool
tscope_text_is_ascii(struct tscope_span text)
{
    uint64_t all = 0, word;
    size_t i = 0;

    for (; text.len - i >= sizeof(word); i += sizeof(word)) {
        memcpy(&word, text.data + i, sizeof(word));
        all |= word;
    }
    for (; i < text.len; i++)
        all |= text.data[i];
    return !(all & UINT64_C(0x8080808080808080));
}

uint32_t
tscope_text_code_point(struct tscope_span text, size_t *offset)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t *at = text.data + *offset;
    size_t left = text.len - *offset, len;
    uint32_t code_point;

    (*offset)++;
    if (at[0] < 0x80)
        return at[0];
    len = at[0] >= 0xf0 && at[0] < 0xf8 ? 4 : at[0] >= 0xe0 && at[0] < 0xf0 ? 3 : at[0] >= 0xc2 && at[0] < 0xe0 ? 2 : 0;
    if (len == 0 || len > left)
        return UINT32_MAX;
    code_point = at[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return UINT32_MAX;
        code_point = code_point << 6 | (at[i] & 0x3f);
    }
    if (code_point < least[len] || code_point > 0x10ffff || (code_point >= 0xd800 && code_point < 0xe000))
        return UINT32_MAX;
    *offset += len - 1;
    return code_point;
}

bool
tscope_text_is_utf8(struct tscope_span text, size_t *ret_offset)
{
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint64_t word;

        /* eight ASCII bytes at once: nearly all text is */
        if (text.len - at >= sizeof(word)) {
            memcpy(&word, text.data + at, sizeof(word));
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                at += sizeof(word);
                continue;
            }
        }

        if (tscope_text_code_point(text, &at) == UINT32_MAX) {
            if (ret_offset)
                *ret_offset = start;
            return false;
        }
    }
    return true;
}

size_t
tscope_text_encode_utf8(uint32_t c, uint8_t out[4])
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (uint8_t)(0xc0 | c >> 6);
        out[1] = (uint8_t)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (uint8_t)(0xe0 | c >> 12);
        out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | c >> 18);
    out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (c & 0x3f));
    return 4;
}

void
tscope_text_append_utf8(struct tscope_buffer *buffer, uint32_t code_point)
{
    uint8_t bytes[4];
    size_t len = tscope_text_encode_utf8(code_point, bytes);

    tscope_buffer_append(buffer, bytes, len);
}

static uint8_t
fold(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

bool
tscope_text_equal_fold(struct tscope_span a, struct tscope_span b)
{
    return tscope_span_equal(a, b) || (a.len == b.len && tscope_text_starts_with_fold(a, b)); /* mostly the case is the same, too */
}

bool
tscope_text_starts_with(struct tscope_span text, struct tscope_span prefix)
{
    if (text.len < prefix.len || prefix.len == 0)
        return prefix.len == 0;
    return text.data[0] == prefix.data[0] && memcmp(text.data, prefix.data, prefix.len) == 0; /* most differ at once */
}

bool
tscope_text_starts_with_fold(struct tscope_span text, struct tscope_span prefix)
{
    if (text.len < prefix.len)
        return false;
    for (size_t i = 0; i < prefix.len; i++) {
        if (fold(text.data[i]) != fold(prefix.data[i]))
            return false;
    }
    return true;
}

bool
tscope_text_ends_with(struct tscope_span text, struct tscope_span suffix)
{
    return text.len >= suffix.len && (suffix.len == 0 || memcmp(text.data + text.len - suffix.len, suffix.data, suffix.len) == 0);
}

bool
tscope_text_ends_with_fold(struct tscope_span text, struct tscope_span suffix)
{
    return text.len >= suffix.len && tscope_text_equal_fold(tscope_span_of(text.data + text.len - suffix.len, suffix.len), suffix);
}

#if defined(__SSE2__)

#define BLOCK 16u
#define NEEDLE_MAX 32u /* what is looked for is ours, and short: so many comparisons at most for each byte of text */

/* Where needle first begins in the sixteen places from at on; its last byte must still be in the text for all of them. */
static size_t
find_in_block(const uint8_t *at, struct tscope_span needle)
{
    const __m128i firsts = _mm_loadu_si128((const __m128i *)(const void *)at);
    const __m128i lasts = _mm_loadu_si128((const __m128i *)(const void *)(at + needle.len - 1));
    const __m128i both = _mm_and_si128(_mm_cmpeq_epi8(firsts, _mm_set1_epi8((char)needle.data[0])),
                                       _mm_cmpeq_epi8(lasts, _mm_set1_epi8((char)needle.data[needle.len - 1])));

    for (unsigned places = (unsigned)_mm_movemask_epi8(both); places; places &= places - 1) {
        unsigned place = (unsigned)__builtin_ctz(places);

        if (memcmp(at + place, needle.data, needle.len) == 0)
            return place;
    }
    return SIZE_MAX;
}

/* memmem() prepares tables, which for text as short as a token's takes longer than to look. */
static size_t
find_by_ends(struct tscope_span text, struct tscope_span needle)
{
    size_t last = text.len - (BLOCK + needle.len - 1);

    for (size_t at = 0;; at = at + BLOCK < last ? at + BLOCK : last) {
        size_t place = find_in_block(text.data + at, needle);

        if (place != SIZE_MAX)
            return at + place;
        if (at == last)
            return SIZE_MAX;
    }
}

#endif

size_t
tscope_text_find(struct tscope_span text, struct tscope_span needle)
{
    const uint8_t *found;

#if defined(__SSE2__)
    if (needle.len >= 2 && needle.len <= NEEDLE_MAX && text.len >= BLOCK + needle.len - 1)
        return find_by_ends(text, needle);
#endif
    found = text.data && needle.data ? memmem(text.data, text.len, needle.data, needle.len) : NULL;
    return found ? (size_t)(found - text.data) : SIZE_MAX;
}

static bool
is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct tscope_span
tscope_text_trim(struct tscope_span text)
{
    while (text.len && is_space(text.data[0])) {
        text.data++;
        text.len--;
    }
    while (text.len && is_space(text.data[text.len - 1]))
        text.len--;
    return text;
}

bool
tscope_text_is_unsafe(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0x34f || c == 0x115f || c == 0x1160 || c == 0x17b4 || c == 0x17b5 ||
           (c >= 0x180b && c <= 0x180f) || c == 0x3164 || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff || c == 0xffa0 ||
           (c >= 0xfff0 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

/* The end of the run of ASCII that is shown as it is, from at on: of plain bytes but the apostrophe, and of quotes. */
static size_t
skip_shown(struct tscope_span text, size_t at, size_t max)
{
    size_t end = text.len < max ? text.len : max;

    while (at < end) {
        size_t run = tscope_plain_run(text.data + at, end - at);
        const uint8_t *apostrophe = run ? memchr(text.data + at, '\'', run) : NULL;

        if (apostrophe)
            return (size_t)(apostrophe - text.data);
        at += run;
        if (at == end || text.data[at] != '"')
            break;
        at++;
    }
    return at;
}

void
tscope_text_escape(struct tscope_buffer *buffer, struct tscope_span text, size_t max)
{
    size_t at = 0;

    while (at < text.len && at < max) {
        size_t start = at;
        uint32_t c;

        at = skip_shown(text, start, max);
        if (at > start) {
            tscope_buffer_append(buffer, text.data + start, at - start);
            continue;
        }
        c = tscope_text_code_point(text, &at);
        if (at > max) { /* no part of a character */
            at = start;
            break;
        }
        if (c == UINT32_MAX || c == '\'' || c == '\\')
            tscope_buffer_append_format(buffer, c == UINT32_MAX ? "\\x%02x" : "\\%c", text.data[start]);
        else if (tscope_text_is_unsafe(c))
            tscope_buffer_append_format(buffer, c < 0x80 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%06x", (unsigned)c);
        else
            tscope_buffer_append(buffer, text.data + start, at - start);
    }
    if (at < text.len)
        tscope_buffer_append_text(buffer, "…");
}

void
tscope_text_quote(struct tscope_buffer *buffer, struct tscope_span text, size_t max)
{
    tscope_buffer_append_byte(buffer, '\'');
    tscope_text_escape(buffer, text, max);
    tscope_buffer_append_byte(buffer, '\'');
}

/* Letters of other alphabets that are drawn like a Latin one; 0 when there is none. */
static char
look_alike(uint32_t c)
{
    static const struct {
        uint32_t code_point;
        char letter;
    } alike[] = {
        {0x430, 'a'},  {0x435, 'e'},  {0x43e, 'o'},  {0x440, 'p'},  {0x441, 'c'}, {0x443, 'y'},  {0x445, 'x'}, {0x456, 'i'}, {0x455, 's'},
        {0x458, 'j'},  {0x41e, 'o'},  {0x415, 'e'},  {0x41d, 'h'},  {0x410, 'a'}, {0x3bf, 'o'},  {0x39f, 'o'}, {0x39d, 'n'}, {0x395, 'e'},
        {0x3b5, 'e'},  {0x578, 'n'},  {0x585, 'o'},  {0x4bb, 'h'},  {0x501, 'd'}, {0x51b, 'q'},  {0x51d, 'w'}, {0x131, 'i'}, {0x2170, 'i'},
        {0x217c, 'l'}, {0x212f, 'e'}, {0x2134, 'o'}, {0x2115, 'n'}, {0x3b7, 'n'}, {0x207f, 'n'}, {0x274, 'n'}, {0x43f, 'n'}, {0x1d0f, 'o'},
        {0x1d52, 'o'}, {0x1d07, 'e'}, {0x1d49, 'e'}, {0x2c9f, 'o'}, {0xbaa, 'u'}, {0x5d5, 'i'},
    };

    if (c < 0x80)
        return (char)fold((uint8_t)c);
    if (c >= 0xff21 && c <= 0xff3a)
        return (char)('a' + (c - 0xff21));
    if (c >= 0xff41 && c <= 0xff5a)
        return (char)('a' + (c - 0xff41));
    if (c >= 0x1d400 && c <= 0x1d6a3) /* mathematical alphabets, 26 upper then 26 lower each */
        return (char)('a' + (c - 0x1d400) % 26);
    if (c >= 0x24b6 && c <= 0x24e9) /* circled letters */
        return (char)('a' + (c - 0x24b6) % 26);
    for (size_t i = 0; i < sizeof(alike) / sizeof(alike[0]); i++) {
        if (alike[i].code_point == c)
            return alike[i].letter;
    }
    return '\0';
}

static bool
is_blank(uint32_t c)
{
    return c <= 0x20 || c == 0xa0 || c == 0xad || (c >= 0x2000 && c <= 0x200f) || c == 0x202f || (c >= 0x205f && c <= 0x2064) ||
           c == 0x3000 || c == 0xfeff || c == 0x34f || (c >= 0x300 && c <= 0x36f);
}

bool
tscope_text_looks_like(struct tscope_span text, const char *word)
{
    size_t at = 0;

    while (at < text.len) {
        uint32_t c = tscope_text_code_point(text, &at);

        if (c != UINT32_MAX && is_blank(c))
            continue;
        if (*word == '\0' || c == UINT32_MAX || look_alike(c) != *word)
            return false;
        word++;
    }
    return *word == '\0';
}

#define HEX_DIGIT 0x80 /* tells a digit, 0 too, from what is none */

static const uint8_t hex_digits[256] = {
    ['0'] = HEX_DIGIT,      ['1'] = HEX_DIGIT + 1,  ['2'] = HEX_DIGIT + 2,  ['3'] = HEX_DIGIT + 3,  ['4'] = HEX_DIGIT + 4,
    ['5'] = HEX_DIGIT + 5,  ['6'] = HEX_DIGIT + 6,  ['7'] = HEX_DIGIT + 7,  ['8'] = HEX_DIGIT + 8,  ['9'] = HEX_DIGIT + 9,
    ['a'] = HEX_DIGIT + 10, ['b'] = HEX_DIGIT + 11, ['c'] = HEX_DIGIT + 12, ['d'] = HEX_DIGIT + 13, ['e'] = HEX_DIGIT + 14,
    ['f'] = HEX_DIGIT + 15, ['A'] = HEX_DIGIT + 10, ['B'] = HEX_DIGIT + 11, ['C'] = HEX_DIGIT + 12, ['D'] = HEX_DIGIT + 13,
    ['E'] = HEX_DIGIT + 14, ['F'] = HEX_DIGIT + 15,
};

bool
tscope_text_from_hex(struct tscope_span text, uint8_t *out, size_t out_len)
{
    if (text.len != out_len * 2)
        return false;
    for (size_t i = 0; i < out_len; i++) {
        uint8_t high = hex_digits[text.data[2 * i]], low = hex_digits[text.data[2 * i + 1]];

        if (!(high & low & HEX_DIGIT))
            return false;
        out[i] = (uint8_t)(high << 4 | (low & 15));
    }
    return true;
}

void
tscope_text_to_hex(const uint8_t *data, size_t len, char *out)
{
    for (size_t i = 0; i < len; i++) {
        out[2 * i] = "0123456789abcdef"[data[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[data[i] & 15];
    }
    out[2 * len] = '\0';
}

#if defined(__SSE2__)

/* Of sixteen letters: which are hexadecimal digits, a bit each, and which are dashes, a bit each from the sixteenth on. */
static inline unsigned
classify(const uint8_t *letters)
{
    const __m128i text = _mm_loadu_si128((const __m128i *)(const void *)letters), folded = _mm_or_si128(text, _mm_set1_epi8(0x20));
    const __m128i digits = _mm_and_si128(_mm_cmpgt_epi8(text, _mm_set1_epi8('0' - 1)), _mm_cmplt_epi8(text, _mm_set1_epi8('9' + 1)));
    const __m128i rest = _mm_and_si128(_mm_cmpgt_epi8(folded, _mm_set1_epi8('a' - 1)), _mm_cmplt_epi8(folded, _mm_set1_epi8('f' + 1)));

    return (unsigned)_mm_movemask_epi8(_mm_or_si128(digits, rest)) | (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8('-')))
                                                                         << 16;
}

/* Of GUID_LEN letters. Dashes stand at 8, 13, 18 and 23; the last sixteen are looked at for their four last ones. */
static inline bool
has_guid_form(const uint8_t *letters)
{
    return classify(letters) == (0xdeffu | 0x2100u << 16) && classify(letters + 16) == (0xff7bu | 0x0084u << 16) &&
           classify(letters + 20) == (0xfff7u | 0x0008u << 16);
}

#define HAS_GUID_FORM(letters) has_guid_form(letters)
#else
#define HAS_GUID_FORM(letters) true
#endif

bool
tscope_text_is_guid(struct tscope_span text, uint8_t guid[16])
{
    static const uint8_t groups[] = {4, 2, 2, 2, 6};
    uint8_t bytes[16];
    size_t at = 0, filled = 0;

    if (text.len != GUID_LEN || !HAS_GUID_FORM(text.data))
        return false;
#if defined(__SSE2__)
    if (!guid)
        return true;
#endif
    for (size_t i = 0; i < sizeof(groups); i++) {
        if (i && text.data[at++] != '-')
            return false;
        if (!tscope_text_from_hex(tscope_span_of(text.data + at, (size_t)groups[i] * 2), bytes + filled, groups[i]))
            return false;
        at += (size_t)groups[i] * 2;
        filled += groups[i];
    }
    if (guid)
        memcpy(guid, bytes, sizeof(bytes));
    return true;
}
