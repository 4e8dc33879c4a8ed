/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/token_id.h"

#include <stdio.h>

#include "core/base64url.h"
#include "core/text.h"

#define GUID_CHARS 36
#define UTI_CHARS 22
#define GUID_TEXT_CHARS 48 /* base64 of 36 bytes */
#define PADDED_MAX 24

/* The first three fields of a GUID are numbers, which .NET writes low byte first. */
static void
swap_fields(const uint8_t from[16], uint8_t to[16])
{
    static const uint8_t order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};

    for (size_t i = 0; i < sizeof(order); i++)
        to[i] = from[order[i]];
}

bool
tscope_token_id_from_guid(struct tscope_span text, uint8_t id[TSCOPE_TOKEN_ID_BYTES])
{
    uint8_t bytes[16];

    if (text.len == GUID_CHARS + 2 && text.data[0] == '{' && text.data[text.len - 1] == '}')
        text = tscope_span_of(text.data + 1, GUID_CHARS);
    if (!tscope_text_is_guid(text, bytes))
        return false;
    swap_fields(bytes, id);
    return true;
}

/* Padding and the standard alphabet occur in exports, and are taken off; anything else is not the form. */
static bool
from_base64(struct tscope_span text, uint8_t id[TSCOPE_TOKEN_ID_BYTES])
{
    uint8_t plain[UTI_CHARS], bytes[32];
    size_t len = 0;

    while (text.len > UTI_CHARS && text.data[text.len - 1] == '=')
        text.len--;
    if (text.len != UTI_CHARS)
        return false;
    for (size_t i = 0; i < UTI_CHARS; i++)
        plain[i] = text.data[i] == '+' ? '-' : text.data[i] == '/' ? '_' : text.data[i];
    if (!tscope_base64url_decode(plain, UTI_CHARS, bytes, &len) || len != TSCOPE_TOKEN_ID_BYTES)
        return false;
    memcpy(id, bytes, TSCOPE_TOKEN_ID_BYTES);
    return true;
}

static bool
from_base64_of_guid(struct tscope_span text, uint8_t id[TSCOPE_TOKEN_ID_BYTES])
{
    uint8_t plain[GUID_TEXT_CHARS];
    size_t len = 0;

    if (text.len != GUID_TEXT_CHARS || !tscope_base64_decode(text.data, text.len, plain, &len) || len != GUID_CHARS)
        return false;
    return tscope_token_id_from_guid(tscope_span_of(plain, len), id);
}

/* Real ids are random: fewer than four different bytes do not occur in 10^20 of them. */
static bool
is_monotonous(const uint8_t *bytes, size_t len)
{
    uint8_t seen[3] = {0};
    size_t different = 0;

    for (size_t i = 0; i < len; i++) {
        if (memchr(seen, bytes[i], different))
            continue;
        if (different == sizeof(seen))
            return false;
        seen[different++] = bytes[i];
    }
    return true;
}

enum tscope_token_id_form
tscope_token_id_read(struct tscope_span text, uint8_t id[TSCOPE_TOKEN_ID_BYTES])
{
    uint8_t bytes[TSCOPE_TOKEN_ID_BYTES];

    if (!text.data || text.len == 0)
        return TSCOPE_TOKEN_ID_NONE;
    text = tscope_text_trim(text);
    if (text.len == 0)
        return TSCOPE_TOKEN_ID_NONE;
    if (is_monotonous(text.data, text.len))
        return TSCOPE_TOKEN_ID_PLACEHOLDER;
    if (!from_base64(text, bytes) && !from_base64_of_guid(text, bytes) && !tscope_token_id_from_guid(text, bytes))
        return TSCOPE_TOKEN_ID_OTHER;
    if (is_monotonous(bytes, sizeof(bytes)))
        return TSCOPE_TOKEN_ID_PLACEHOLDER;
    memcpy(id, bytes, sizeof(bytes));
    return TSCOPE_TOKEN_ID_BYTES_READ;
}

void
tscope_token_id_text(const uint8_t id[TSCOPE_TOKEN_ID_BYTES], char text[TSCOPE_TOKEN_ID_TEXT])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t at = 0;

    for (size_t i = 0; i < TSCOPE_TOKEN_ID_BYTES; i += 3) {
        size_t have = TSCOPE_TOKEN_ID_BYTES - i < 3 ? TSCOPE_TOKEN_ID_BYTES - i : 3;
        uint32_t bits = (uint32_t)id[i] << 16;

        bits |= have > 1 ? (uint32_t)id[i + 1] << 8 : 0;
        bits |= have > 2 ? (uint32_t)id[i + 2] : 0;
        for (size_t k = 0; k <= have; k++)
            text[at++] = alphabet[bits >> (18 - 6 * k) & 63];
    }
    text[at] = '\0';
}

void
tscope_token_id_guid_text(const uint8_t id[TSCOPE_TOKEN_ID_BYTES], char text[TSCOPE_GUID_TEXT])
{
    uint8_t bytes[16];
    char digits[33];

    swap_fields(id, bytes);
    tscope_text_to_hex(bytes, sizeof(bytes), digits);
    snprintf(text, TSCOPE_GUID_TEXT, "%.8s-%.4s-%.4s-%.4s-%.12s", digits, digits + 8, digits + 12, digits + 16, digits + 20);
}

bool
tscope_guid_is_placeholder(struct tscope_span text)
{
    uint8_t bytes[16];

    if (!text.data || text.len == 0)
        return true;
    if (!tscope_text_is_guid(text, bytes))
        return false;
    for (size_t i = 1; i < sizeof(bytes); i++) {
        if (bytes[i] != bytes[0])
            return false;
    }
    return bytes[0] >> 4 == (bytes[0] & 15);
}
