/* SPDX-License-Identifier: Apache-2.0 */
#include "token/encoding.h"

#include "core/error.h"
#include "core/text.h"

#define REPLACEMENT 0xfffd

/* One code point of UTF-16 at *at, of which two bytes at least are there; half of a pair is U+FFFD. */
static uint32_t
next_code_point(struct tscope_span input, bool big_endian, size_t *at)
{
    unsigned high = big_endian ? 0 : 1;
    uint32_t unit = (uint32_t)input.data[*at + high] << 8 | input.data[*at + 1 - high], low;

    *at += 2;
    if (unit < 0xd800 || unit > 0xdfff)
        return unit;
    if (unit > 0xdbff || input.len - *at < 2)
        return REPLACEMENT;
    low = (uint32_t)input.data[*at + high] << 8 | input.data[*at + 1 - high];
    if (low < 0xdc00 || low > 0xdfff)
        return REPLACEMENT;
    *at += 2;
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
}

/* Bytes of a byte order mark at the beginning, and the encoding that it or the first letter shows. */
static size_t
detect(struct tscope_token *token)
{
    struct tscope_span input = token->input;

    token->encoding = TSCOPE_ENCODING_ASCII;
    if (input.len >= 3 && memcmp(input.data, "\xef\xbb\xbf", 3) == 0)
        return 3;
    if (input.len < 2)
        return 0;
    if (memcmp(input.data, "\xff\xfe", 2) == 0 || (input.data[0] && !input.data[1]))
        token->encoding = TSCOPE_ENCODING_UTF16LE;
    else if (memcmp(input.data, "\xfe\xff", 2) == 0 || (!input.data[0] && input.data[1]))
        token->encoding = TSCOPE_ENCODING_UTF16BE;
    return input.data[0] + input.data[1] == 0xff + 0xfe ? 2 : 0;
}

enum tscope_status
tscope_encoding_read(struct tscope_token *token, struct tscope_span *ret_text, struct tscope_error *err)
{
    size_t at = detect(token), len = 0;
    struct tscope_span input = token->input;
    uint8_t *text;

    token->transport[TSCOPE_TRANSPORT_BOM] = at > 0;
    if (token->encoding == TSCOPE_ENCODING_ASCII) {
        *ret_text = tscope_span_of(input.data + at, input.len - at);
        return TSCOPE_OK;
    }
    /* no code unit becomes more than three bytes, a pair of them four */
    text = tscope_arena_alloc(token->arena, input.len / 2 * 3);
    if (!text)
        return tscope_error_no_memory(err);
    while (input.len - at >= 2) {
        uint32_t code_point = next_code_point(input, token->encoding == TSCOPE_ENCODING_UTF16BE, &at);

        len += tscope_text_encode_utf8(code_point, text + len);
    }
    *ret_text = tscope_span_of(text, len);
    return TSCOPE_OK;
}

/* Where the byte at a place of the text stands in UTF-16 input. */
static size_t
place_in_utf16(const struct tscope_token *token, size_t offset)
{
    size_t at = token->transport[TSCOPE_TRANSPORT_BOM] ? 2 : 0, seen = 0;
    uint8_t unused[4];

    while (seen < offset && token->input.len - at >= 2)
        seen += tscope_text_encode_utf8(next_code_point(token->input, token->encoding == TSCOPE_ENCODING_UTF16BE, &at), unused);
    return at;
}

void
tscope_encoding_place(const struct tscope_token *token, size_t offset, size_t len, size_t *ret_offset, size_t *ret_len)
{
    if (token->encoding == TSCOPE_ENCODING_ASCII) {
        *ret_offset = offset + (token->transport[TSCOPE_TRANSPORT_BOM] ? 3 : 0);
        *ret_len = len;
        return;
    }
    *ret_offset = place_in_utf16(token, offset);
    *ret_len = place_in_utf16(token, offset + len) - *ret_offset;
}

const uint32_t *
tscope_encoding_places(const struct tscope_token *token, size_t text_len)
{
    bool is_utf16 = token->encoding != TSCOPE_ENCODING_ASCII;
    size_t at = token->transport[TSCOPE_TRANSPORT_BOM] ? (is_utf16 ? 2 : 3) : 0, seen = 0;
    uint32_t *places = tscope_arena_alloc(token->arena, (text_len + 1) * sizeof(*places));
    uint8_t unused[4];

    while (places && seen < text_len) {
        size_t begin = at;
        unsigned len = 1;

        if (is_utf16)
            len = (unsigned)tscope_text_encode_utf8(next_code_point(token->input, token->encoding == TSCOPE_ENCODING_UTF16BE, &at), unused);
        else
            at++;
        for (; len > 0 && seen < text_len; len--)
            places[seen++] = (uint32_t)begin;
    }
    if (places)
        places[text_len] = (uint32_t)at;
    return places;
}
