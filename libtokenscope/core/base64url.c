/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base64url.h"

#define X 0xff

/* Value of a character in the URL alphabet. */
static const uint8_t url_values[256] = {
    X, X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X, X, X, X, X,
    X, X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  62, X,  X,  52, 53, 54, 55, 56, 57, 58, 59, 60, 61, X,  X, X, X, X, X,
    X, 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, X, X, X, X, 63,
    X, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, X, X, X, X, X,
    X, X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X, X, X, X, X,
    X, X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X, X, X, X, X,
    X, X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X, X, X, X, X,
    X, X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X,  X, X, X, X, X,
};
#undef X

size_t
tscope_base64url_bound(size_t len)
{
    return len / 4 * 3 + 3;
}

bool
tscope_base64url_decode(const uint8_t *text, size_t len, uint8_t *out, size_t *ret_len)
{
    size_t whole = len / 4 * 4, rest = len - whole, written = 0;
    uint32_t bad = 0;

    if (rest == 1)
        return false;
    for (size_t i = 0; i < whole; i += 4) {
        uint32_t a = url_values[text[i]], b = url_values[text[i + 1]], c = url_values[text[i + 2]], d = url_values[text[i + 3]];
        uint32_t group = a << 18 | b << 12 | c << 6 | d;

        bad |= a | b | c | d;
        out[written] = (uint8_t)(group >> 16);
        out[written + 1] = (uint8_t)(group >> 8);
        out[written + 2] = (uint8_t)group;
        written += 3;
    }
    if (rest) {
        uint32_t a = url_values[text[whole]], b = url_values[text[whole + 1]], c = rest == 3 ? url_values[text[whole + 2]] : 0;

        bad |= a | b | c;
        /* RFC 4648 section 3.5: the bits that encode nothing must be zero, or two texts mean the same bytes */
        if (rest == 2 ? b & 15 : c & 3)
            return false;
        out[written++] = (uint8_t)(a << 2 | b >> 4);
        if (rest == 3)
            out[written++] = (uint8_t)(b << 4 | c >> 2);
    }
    *ret_len = written;
    return (bad & 0xc0) == 0;
}

struct flaw_list {
    struct tscope_base64_flaw *flaws;
    size_t max, total;
    enum tscope_base64_flaw_kind last_kind;
    size_t last_end; /* adjacent bytes of one kind are one flaw, stored or not */
};

static void
note_flaw(struct flaw_list *list, enum tscope_base64_flaw_kind kind, size_t offset, size_t len)
{
    if (list->total > 0 && list->last_kind == kind && list->last_end == offset) {
        if (list->total <= list->max)
            list->flaws[list->total - 1].len += len;
    } else {
        if (list->total < list->max)
            list->flaws[list->total] = (struct tscope_base64_flaw){kind, offset, len};
        list->total++;
    }
    list->last_kind = kind;
    list->last_end = offset + len;
}

/* The value of a character in either alphabet, or why it has none. */
static bool
tolerant_value(uint8_t byte, uint32_t *ret_value, bool *ret_flawed, enum tscope_base64_flaw_kind *ret_kind)
{
    *ret_flawed = true;
    if (url_values[byte] != 0xff) {
        *ret_value = url_values[byte];
        *ret_flawed = false;
        return true;
    }
    if (byte == '+' || byte == '/') {
        *ret_value = byte == '+' ? 62 : 63;
        *ret_kind = TSCOPE_BASE64_ALPHABET;
        return true;
    }
    if (byte == '=')
        *ret_kind = TSCOPE_BASE64_PADDING;
    else if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n')
        *ret_kind = TSCOPE_BASE64_WHITESPACE;
    else
        *ret_kind = TSCOPE_BASE64_FOREIGN;
    return false;
}

size_t
tscope_base64url_decode_tolerant(const uint8_t *text, size_t len, uint8_t *out, struct tscope_base64_flaw *flaws, size_t flaws_max,
                                 size_t *ret_flaws)
{
    struct flaw_list list = {.flaws = flaws, .max = flaws_max};
    size_t written = 0, last = 0;
    uint32_t bits = 0;
    unsigned bits_len = 0;

    for (size_t i = 0; i < len; i++) {
        enum tscope_base64_flaw_kind kind = TSCOPE_BASE64_FOREIGN;
        uint32_t value = 0;
        bool flawed;
        bool has_value = tolerant_value(text[i], &value, &flawed, &kind);

        if (flawed)
            note_flaw(&list, kind, i, 1);
        if (!has_value)
            continue;
        bits = bits << 6 | value;
        bits_len += 6;
        last = i;
        if (bits_len >= 8) {
            bits_len -= 8;
            out[written++] = (uint8_t)(bits >> bits_len);
            bits &= (1u << bits_len) - 1;
        }
    }
    if (bits_len == 6)
        note_flaw(&list, TSCOPE_BASE64_LENGTH, last, 1);
    else if (bits != 0)
        note_flaw(&list, TSCOPE_BASE64_SPARE_BITS, last, 1);
    *ret_flaws = list.total;
    return written;
}

bool
tscope_base64_decode(const uint8_t *text, size_t len, uint8_t *out, size_t *ret_len)
{
    size_t written = 0, characters = 0, padding = 0;
    uint32_t bits = 0;

    for (size_t i = 0; i < len; i++) {
        uint8_t byte = text[i];
        uint32_t value = byte == '+' ? 62 : byte == '/' ? 63 : byte == '-' || byte == '_' ? 0xff : url_values[byte];

        if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n')
            continue;
        if (byte == '=') {
            padding++;
            continue;
        }
        if (value == 0xff || padding)
            return false;
        bits = bits << 6 | value;
        if (++characters % 4 == 0) {
            out[written++] = (uint8_t)(bits >> 16);
            out[written++] = (uint8_t)(bits >> 8);
            out[written++] = (uint8_t)bits;
            bits = 0;
        }
    }
    if (padding && (padding > 2 || (characters + padding) % 4 != 0))
        return false;
    switch (characters % 4) {
    case 1:
        return false;
    case 2:
        out[written++] = (uint8_t)(bits >> 4);
        break;
    case 3:
        out[written++] = (uint8_t)(bits >> 10);
        out[written++] = (uint8_t)(bits >> 2);
        break;
    default:
        break;
    }
    *ret_len = written;
    return true;
}

static void
encode(struct tscope_buffer *buffer, const uint8_t *data, size_t len, const char *alphabet, bool pad)
{
    size_t i;

    for (i = 0; i + 3 <= len; i += 3) {
        uint32_t group = (uint32_t)data[i] << 16 | (uint32_t)data[i + 1] << 8 | data[i + 2];
        char text[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63], alphabet[group & 63]};

        tscope_buffer_append(buffer, text, sizeof(text));
    }
    if (i < len) {
        uint32_t group = (uint32_t)data[i] << 16 | (i + 1 < len ? (uint32_t)data[i + 1] << 8 : 0);
        char text[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], i + 1 < len ? alphabet[group >> 6 & 63] : '=', '='};

        tscope_buffer_append(buffer, text, pad ? 4 : len - i + 1);
    }
}

void
tscope_base64url_encode(struct tscope_buffer *buffer, const uint8_t *data, size_t len)
{
    encode(buffer, data, len, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", false);
}

void
tscope_base64_encode(struct tscope_buffer *buffer, const uint8_t *data, size_t len)
{
    encode(buffer, data, len, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", true);
}

const char *
tscope_base64_flaw_id(enum tscope_base64_flaw_kind kind)
{
    static const char *const ids[] = {
#define FLAW_ID(name, id, words) [TSCOPE_BASE64_##name] = id,
        TSCOPE_FOREACH_BASE64_FLAW(FLAW_ID)
#undef FLAW_ID
    };

    return ids[kind];
}

const char *
tscope_base64_flaw_text(enum tscope_base64_flaw_kind kind)
{
    static const char *const texts[] = {
#define FLAW_TEXT(name, id, words) [TSCOPE_BASE64_##name] = words,
        TSCOPE_FOREACH_BASE64_FLAW(FLAW_TEXT)
#undef FLAW_TEXT
    };

    return texts[kind];
}
