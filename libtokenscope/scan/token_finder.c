/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/token_finder.h"

#include "core/alloc.h"
#include "scan/compact.h"
#include "scan/opaque.h"
#include "scan/serialized.h"
#include "scan/utf16.h"
#include "scan/wrapped.h"

enum { BYTES, LITTLE, BIG };

const struct tscope_anchor_row tscope_token_anchors[] = {
    /* "{" and what of JSON may follow it, as base64url: a name, space, line feed, carriage return, tab */
    {{'e', 'y', 'J'}, TSCOPE_TOKEN_ANCHOR_HEADER, {0, 3}},
    {{'e', 'y', 'A'}, TSCOPE_TOKEN_ANCHOR_HEADER, {0, 2}},
    {{'e', 'w', 'o'}, TSCOPE_TOKEN_ANCHOR_HEADER, {3, 2}},
    {{'e', 'w', '0'}, TSCOPE_TOKEN_ANCHOR_HEADER, {3, 3}},
    {{'e', 'w', 'k'}, TSCOPE_TOKEN_ANCHOR_HEADER, {3, 2}},
    {{'e', 0, 'y'}, TSCOPE_TOKEN_ANCHOR_HEADER_WIDE, {0, 0}},
    {{'e', 0, 'w'}, TSCOPE_TOKEN_ANCHOR_HEADER_WIDE, {0, 0}},
    /* its first letter percent-encoded, once or more often */
    {{'%', '6', '5'}, TSCOPE_TOKEN_ANCHOR_ESCAPED, {1, 3}},
    {{'%', '2', '5'}, TSCOPE_TOKEN_ANCHOR_ESCAPED, {1, 3}},
    {{'0', '.', 'A'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {2, 2}},
    {{'1', '.', 'A'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {2, 2}},
    {{'E', 'w', 'A'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {0, 2}},
    {{'E', 'w', 'B'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {1, 4}},
    {{'E', 'w', 'C'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {3, 4}},
    {{'E', 'w', 'D'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {1, 4}},
    {{'M', '.', 'C'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {2, 4}},
    {{'M', '.', 'R'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {2, 4}},
    {{'0', 0, '.'}, TSCOPE_TOKEN_ANCHOR_OPAQUE_WIDE, {4, 6}},
    {{'1', 0, '.'}, TSCOPE_TOKEN_ANCHOR_OPAQUE_WIDE, {4, 6}},
    {{'E', 0, 'w'}, TSCOPE_TOKEN_ANCHOR_OPAQUE_WIDE, {0, 0}},
    {{'M', 0, '.'}, TSCOPE_TOKEN_ANCHOR_OPAQUE_WIDE, {4, 6}},
    /* "eyJ" as base64, by where in a group of three bytes it begins: ZXlK, .V5S, ..leU */
    {{'Z', 'X', 'l'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_0, {7, 7}},
    {{'V', '5', 'S'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_1, {2, 5}},
    {{'l', 'e', 'U'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_2, {6, 4}},
    /* signature, protected, ciphertext */
    {{'g', 'n', 'a'}, TSCOPE_TOKEN_ANCHOR_MEMBER, {6, 1}},
    {{'t', 'e', 'c'}, TSCOPE_TOKEN_ANCHOR_MEMBER, {3, 0}},
    {{'p', 'h', 'e'}, TSCOPE_TOKEN_ANCHOR_MEMBER, {6, 7}},
    {{'g', 0, 'n'}, TSCOPE_TOKEN_ANCHOR_MEMBER_WIDE, {7, 0}},
    {{'p', 0, 'h'}, TSCOPE_TOKEN_ANCHOR_MEMBER_WIDE, {4, 7}},
};

const size_t tscope_token_anchors_len = TSCOPE_COUNT(tscope_token_anchors);

/* Two letters with zeros behind them are still frequent in any UTF-16: the third one tells. */
static bool
may_be_wide_header(const struct tscope_window *window, size_t at)
{
    return window->len - at < 5 || (window->bytes[at + 3] == 0 && window->bytes[at + 4] && strchr("JAo0k", window->bytes[at + 4]));
}

static bool
may_be_wide_opaque(const struct tscope_window *window, size_t at)
{
    return window->len - at < 5 || (window->bytes[at + 3] == 0 && window->bytes[at + 4] && strchr("ABCDR", window->bytes[at + 4]));
}

static bool
is_escaped_header(const struct tscope_letters *letters, size_t at)
{
    enum tscope_find_encoding unused;
    size_t next;
    int letter = tscope_letters_read(letters, at, &next, &unused);

    return letter == 'e' || letter == TSCOPE_LETTER_MORE;
}

/* The letter's code unit, once it is known in which order the bytes stand. */
static enum tscope_probe
read_order(struct tscope_letters *letters, size_t *at)
{
    enum tscope_probe probe = tscope_utf16_is_big_endian(letters->window, *at);

    letters->width = 2;
    letters->big_endian = probe == TSCOPE_PROBE_FOUND;
    *at -= letters->big_endian;
    return probe == TSCOPE_PROBE_MORE ? TSCOPE_PROBE_MORE : TSCOPE_PROBE_FOUND;
}

enum tscope_probe
tscope_token_finder_probe(struct tscope_token_finder *finder, const struct tscope_window *window, const struct tscope_anchor *anchor,
                          struct tscope_token_place *ret_place)
{
    struct tscope_letters letters = {.window = window, .width = 1};
    size_t at = anchor->at;

    switch ((enum tscope_token_anchor)anchor->id) {
    case TSCOPE_TOKEN_ANCHOR_ESCAPED:
        if (!is_escaped_header(&letters, at))
            return TSCOPE_PROBE_NOTHING;
        return tscope_compact_probe(&finder->room, &letters, at, &finder->latest[BYTES], ret_place);
    case TSCOPE_TOKEN_ANCHOR_HEADER:
        return tscope_compact_probe(&finder->room, &letters, at, &finder->latest[BYTES], ret_place);
    case TSCOPE_TOKEN_ANCHOR_HEADER_WIDE:
        letters.width = 2;
        if (!may_be_wide_header(window, at) || !tscope_compact_begins(&finder->room, &letters, at))
            return TSCOPE_PROBE_NOTHING;
        if (read_order(&letters, &at) == TSCOPE_PROBE_MORE)
            return TSCOPE_PROBE_MORE;
        return tscope_compact_probe(&finder->room, &letters, at, &finder->latest[letters.big_endian ? BIG : LITTLE], ret_place);
    case TSCOPE_TOKEN_ANCHOR_OPAQUE:
        return tscope_opaque_probe(&finder->room, &letters, at, ret_place);
    case TSCOPE_TOKEN_ANCHOR_OPAQUE_WIDE:
        if (!may_be_wide_opaque(window, at))
            return TSCOPE_PROBE_NOTHING;
        if (read_order(&letters, &at) == TSCOPE_PROBE_MORE)
            return TSCOPE_PROBE_MORE;
        return tscope_opaque_probe(&finder->room, &letters, at, ret_place);
    case TSCOPE_TOKEN_ANCHOR_WRAPPED_0:
        return tscope_wrapped_probe(finder, window, at, 0, ret_place);
    case TSCOPE_TOKEN_ANCHOR_WRAPPED_1:
        return tscope_wrapped_probe(finder, window, at, 1, ret_place);
    case TSCOPE_TOKEN_ANCHOR_WRAPPED_2:
        return tscope_wrapped_probe(finder, window, at, 2, ret_place);
    case TSCOPE_TOKEN_ANCHOR_MEMBER:
        return tscope_serialized_probe(finder, &letters, at, ret_place);
    case TSCOPE_TOKEN_ANCHOR_MEMBER_WIDE:
        if (read_order(&letters, &at) == TSCOPE_PROBE_MORE)
            return TSCOPE_PROBE_MORE;
        return tscope_serialized_probe(finder, &letters, at, ret_place);
    case TSCOPE_TOKEN_ANCHORS_LEN:
        break;
    }
    return TSCOPE_PROBE_NOTHING;
}

void
tscope_token_finder_begin(struct tscope_token_finder *finder)
{
    memset(finder->latest, 0, sizeof(finder->latest));
    tscope_serialized_forget(finder);
}

void
tscope_token_finder_clear(struct tscope_token_finder *finder)
{
    tscope_free(finder->wrapped);
    tscope_free(finder->serialized);
    tscope_arena_clear(&finder->arena);
}
