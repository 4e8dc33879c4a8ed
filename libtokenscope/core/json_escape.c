/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_escape.h"

#include "core/text.h"

/* The unit of "\uXXXX" at text, or UINT32_MAX. */
static uint32_t
unit_at(struct tscope_span text, size_t at)
{
    uint8_t bytes[2];

    if (at > text.len || text.len - at < 6 || text.data[at] != '\\' || text.data[at + 1] != 'u' ||
        !tscope_text_from_hex(tscope_span_of(text.data + at + 2, 4), bytes, 2))
        return UINT32_MAX;
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

/* What "\u" at *at stands for, with its second half if it has one (RFC 8259 section 7). */
static uint32_t
take_unicode(struct tscope_span inside, size_t *at)
{
    uint32_t unit = unit_at(inside, *at), low;

    if (unit == UINT32_MAX) {
        *at += 2;
        return 0xfffd;
    }
    low = unit >= 0xd800 && unit < 0xdc00 ? unit_at(inside, *at + 6) : UINT32_MAX;
    if (low >= 0xdc00 && low <= 0xdfff) {
        *at += 12;
        return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    *at += 6;
    return unit >= 0xd800 && unit <= 0xdfff ? 0xfffd : unit;
}

size_t
tscope_json_unescape_next(struct tscope_span inside, size_t *at, uint8_t out[4])
{
    static const char letters[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    size_t left = inside.len - *at;
    const char *letter;

    if (inside.data[*at] != '\\') {
        out[0] = inside.data[(*at)++];
        return 1;
    }
    if (left >= 2 && inside.data[*at + 1] == 'u')
        return tscope_text_encode_utf8(take_unicode(inside, at), out);
    letter = left >= 2 ? memchr(letters, inside.data[*at + 1], sizeof(letters) - 1) : NULL;
    *at += left >= 2 ? 2 : 1;
    if (!letter)
        return tscope_text_encode_utf8(0xfffd, out);
    out[0] = (uint8_t)means[letter - letters];
    return 1;
}

bool
tscope_json_inside_is(struct tscope_span inside, bool escaped, struct tscope_span text)
{
    size_t at = 0, matched = 0;

    if (!escaped)
        return tscope_span_equal(inside, text);
    while (at < inside.len) {
        uint8_t bytes[4];
        size_t len = tscope_json_unescape_next(inside, &at, bytes);

        if (text.len - matched < len || memcmp(text.data + matched, bytes, len) != 0)
            return false;
        matched += len;
    }
    return matched == text.len;
}

void
tscope_json_unescape(struct tscope_span inside, struct tscope_buffer *buffer)
{
    size_t at = 0;

    while (at < inside.len) {
        const uint8_t *backslash = memchr(inside.data + at, '\\', inside.len - at);
        size_t run = backslash ? (size_t)(backslash - inside.data) : inside.len;
        uint8_t bytes[4];

        tscope_buffer_append(buffer, inside.data + at, run - at);
        at = run;
        if (at < inside.len)
            tscope_buffer_append(buffer, bytes, tscope_json_unescape_next(inside, &at, bytes));
    }
}
