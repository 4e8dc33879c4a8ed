/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base64url.h"

#include "core/base64url_avx2.h"

/* The URL alphabet: V(value) for a character of it, X for any other byte. */
#define ALPHABET(V, X)                                                                                                                     \
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, \
        V(62), X, X, V(52), V(53), V(54), V(55), V(56), V(57), V(58), V(59), V(60), V(61), X, X, X, X, X, X, X, V(0), V(1), V(2), V(3),    \
        V(4), V(5), V(6), V(7), V(8), V(9), V(10), V(11), V(12), V(13), V(14), V(15), V(16), V(17), V(18), V(19), V(20), V(21), V(22),     \
        V(23), V(24), V(25), X, X, X, X, V(63), X, V(26), V(27), V(28), V(29), V(30), V(31), V(32), V(33), V(34), V(35), V(36), V(37),     \
        V(38), V(39), V(40), V(41), V(42), V(43), V(44), V(45), V(46), V(47), V(48), V(49), V(50), V(51), X, X, X, X, X, X, X, X, X, X, X, \
        X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,   \
        X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,   \
        X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X

#define SAME(value) value
#define SHIFT_18(value) value << 18
#define SHIFT_12(value) value << 12
#define SHIFT_6(value) value << 6
#define NOT_A_CHARACTER (1u << 24)

static const uint8_t url_values[256] = {ALPHABET(SAME, 0xff)};

/* The same for each of the four places in a group, shifted to it: a bit above the 24 says that one was foreign. */
static const uint32_t url_places[4][256] = {
    {ALPHABET(SHIFT_18, NOT_A_CHARACTER)},
    {ALPHABET(SHIFT_12, NOT_A_CHARACTER)},
    {ALPHABET(SHIFT_6, NOT_A_CHARACTER)},
    {ALPHABET(SAME, NOT_A_CHARACTER)},
};

size_t
tscope_base64url_bound(size_t len)
{
    return len / 4 * 3 + 3;
}

/* Groups of four characters to three bytes each; a bit above the 24 is set when one was foreign. */
static uint32_t
decode_groups(const uint8_t *text, size_t groups, uint8_t *out)
{
    uint32_t seen = 0;

    for (size_t i = 0; i < groups; i++, text += 4, out += 3) {
        uint32_t group = url_places[0][text[0]] | url_places[1][text[1]] | url_places[2][text[2]] | url_places[3][text[3]];

        seen |= group;
        out[0] = (uint8_t)(group >> 16);
        out[1] = (uint8_t)(group >> 8);
        out[2] = (uint8_t)group;
    }
    return seen;
}

bool
tscope_base64url_decode(const uint8_t *text, size_t len, uint8_t *out, size_t *ret_len)
{
    size_t groups = len / 4, rest = len % 4, written = groups * 3;

    size_t fast = tscope_base64url_decode_avx2(text, len, out) / 4;

    if (rest == 1 || decode_groups(text + fast * 4, groups - fast, out + fast * 3) & NOT_A_CHARACTER)
        return false;
    if (rest) {
        const uint8_t *last = text + groups * 4;
        uint32_t a = url_values[last[0]], b = url_values[last[1]], c = rest == 3 ? url_values[last[2]] : 0;

        /* RFC 4648 section 3.5: the bits that encode nothing must be zero, or two texts mean the same bytes */
        if ((a | b | c) & 0xc0 || (rest == 2 ? b & 15 : c & 3))
            return false;
        out[written++] = (uint8_t)(a << 2 | b >> 4);
        if (rest == 3)
            out[written++] = (uint8_t)(b << 4 | c >> 2);
    }
    *ret_len = written;
    return true;
}

struct flaw_list {
    struct tscope_base64_flaw *flaws;
    size_t max, total;
    enum tscope_base64_flaw_kind last_kind;
    size_t last_end; /* adjacent bytes of one kind are one flaw, stored or not */
};

static void
note_flaw(struct flaw_list *list, enum tscope_base64_flaw_kind kind, size_t offset)
{
    if (list->total > 0 && list->last_kind == kind && list->last_end == offset) {
        if (list->total <= list->max)
            list->flaws[list->total - 1].len++;
    } else {
        if (list->total < list->max)
            list->flaws[list->total] = (struct tscope_base64_flaw){kind, offset, 1};
        list->total++;
    }
    list->last_kind = kind;
    list->last_end = offset + 1;
}

/* A flaw of the last character, which may stand in front of padding that is listed already. */
static void
insert_flaw(struct flaw_list *list, enum tscope_base64_flaw_kind kind, size_t offset)
{
    size_t stored = list->total < list->max ? list->total : list->max, at = stored;

    while (at > 0 && list->flaws[at - 1].offset > offset)
        at--;
    list->total++;
    if (at == list->max)
        return;
    stored -= stored == list->max; /* no room: the last one gives way */
    memmove(&list->flaws[at + 1], &list->flaws[at], (stored - at) * sizeof(*list->flaws));
    list->flaws[at] = (struct tscope_base64_flaw){kind, offset, 1};
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
            note_flaw(&list, kind, i);
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
        insert_flaw(&list, TSCOPE_BASE64_LENGTH, last);
    else if (bits != 0)
        insert_flaw(&list, TSCOPE_BASE64_SPARE_BITS, last);
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
    char text[256];
    size_t i, filled = 0;

    for (i = 0; len - i >= 3; i += 3) {
        uint32_t group = (uint32_t)data[i] << 16 | (uint32_t)data[i + 1] << 8 | data[i + 2];

        text[filled++] = alphabet[group >> 18];
        text[filled++] = alphabet[group >> 12 & 63];
        text[filled++] = alphabet[group >> 6 & 63];
        text[filled++] = alphabet[group & 63];
        if (filled == sizeof(text)) {
            tscope_buffer_append(buffer, text, filled);
            filled = 0;
        }
    }
    if (i < len) {
        uint32_t group = (uint32_t)data[i] << 16 | (len - i == 2 ? (uint32_t)data[i + 1] << 8 : 0);

        text[filled++] = alphabet[group >> 18];
        text[filled++] = alphabet[group >> 12 & 63];
        if (len - i == 2)
            text[filled++] = alphabet[group >> 6 & 63];
        for (size_t missing = 3 - (len - i); pad && missing; missing--)
            text[filled++] = '=';
    }
    tscope_buffer_append(buffer, text, filled);
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
