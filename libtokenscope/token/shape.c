/* SPDX-License-Identifier: Apache-2.0 */
#include "token/shape.h"

#include "core/base64url.h"
#include "token/kind.h"

#define LOOKED_AT_MAX 64 /* bytes of text that are looked at for a header's beginning */
#define CHARACTERS_MAX 32
#define REFERENCE_LEN_MIN 20
#define DOTTED_RUN_MIN 32 /* characters between two dots: no label of a host name is so long and holds digits, or hardly one */

bool
tscope_shape_is_character(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
}

static bool
is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* An object's brace and what may follow it; whole: there is no more text than this. */
static bool
begins_object(struct tscope_span text, bool whole)
{
    size_t at = 0;

    if (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
        at = 3;
    if (text.len >= 2 && (memcmp(text.data, "\xff\xfe", 2) == 0 || memcmp(text.data, "\xfe\xff", 2) == 0))
        at = 2;
    /* UTF-16 has a zero on one side of each letter */
    if (text.len - at >= 4 && ((text.data[at] == '{' && text.data[at + 1] == 0) || (text.data[at] == 0 && text.data[at + 1] == '{')))
        return true;
    while (at < text.len && is_space(text.data[at]))
        at++;
    if (at == text.len || text.data[at] != '{')
        return false;
    at++;
    while (at < text.len && is_space(text.data[at]))
        at++;
    if (at == text.len)
        return !whole;
    return text.data[at] == '"' || text.data[at] == '}' || text.data[at] == '/';
}

bool
tscope_shape_begins_header(struct tscope_span text)
{
    uint8_t characters[CHARACTERS_MAX], decoded[CHARACTERS_MAX];
    size_t len = 0, at, decoded_len, flaws;

    if (text.len >= 3 && memcmp(text.data, "eyJ", 3) == 0)
        return true;
    if (text.len >= 2 && text.data[0] == 'e' && tscope_shape_is_character(text.data[1]) && !memchr("wy3", text.data[1], 3))
        return false; /* as GUIDs begin: it is no brace, or one that nothing of an object follows */
    for (at = 0; at < text.len && at < LOOKED_AT_MAX && len < CHARACTERS_MAX; at++) {
        if (tscope_shape_is_character(text.data[at]) || text.data[at] == '+' || text.data[at] == '/')
            characters[len++] = text.data[at];
        else if (!is_space(text.data[at]))
            break;
    }
    decoded_len = tscope_base64url_decode_tolerant(characters, len, decoded, NULL, 0, &flaws);
    return begins_object(tscope_span_of(decoded, decoded_len), len < CHARACTERS_MAX);
}

bool
tscope_shape_is_token(struct tscope_span text)
{
    return tscope_shape_begins_header(text) || tscope_token_kind_of_opaque(text) != TSCOPE_KIND_OPAQUE;
}

bool
tscope_shape_has_parts(struct tscope_span text)
{
    if (text.len == 0)
        return false;
    return tscope_token_kind_of_opaque(text) != TSCOPE_KIND_OPAQUE ||
           (memchr(text.data, '.', text.len) && tscope_shape_begins_header(text));
}

bool
tscope_shape_is_reference(struct tscope_span text)
{
    bool has_digit = false, has_letter = false, has_dot = false;
    size_t run = 0, longest = 0;

    while (text.len > 0 && text.data[text.len - 1] == '=')
        text.len--;
    if (text.len < REFERENCE_LEN_MIN || text.data[0] == '/')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.data[i];

        if (byte == '\0' || !(tscope_shape_is_character(byte) || strchr("._~+/", byte)))
            return false;
        has_digit |= byte >= '0' && byte <= '9';
        has_letter |= (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
        has_dot |= byte == '.';
        run = byte == '.' ? 0 : run + 1;
        longest = run > longest ? run : longest;
    }
    return has_digit && has_letter && (!has_dot || longest >= DOTTED_RUN_MIN);
}
