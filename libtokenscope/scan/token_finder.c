/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/token_finder.h"

#include "core/alloc.h"
#include "scan/compact.h"
#include "scan/header.h"
#include "scan/opaque.h"
#include "scan/serialized.h"
#include "scan/utf16.h"
#include "scan/wrapped.h"

enum { BYTES, LITTLE, BIG };

const struct tscope_anchor_row tscope_token_anchors[] = {
    /* "{" and what of JSON may follow it, as base64url: a name, space, line feed, carriage return, tab */
    {{'e', 'y', 'J'}, TSCOPE_TOKEN_ANCHOR_HEADER, {6, 2}},
    {{'e', 'y', 'A'}, TSCOPE_TOKEN_ANCHOR_HEADER, {6, 2}},
    {{'e', 'w', 'o'}, TSCOPE_TOKEN_ANCHOR_HEADER, {6, 6}},
    {{'e', 'w', '0'}, TSCOPE_TOKEN_ANCHOR_HEADER, {6, 7}},
    {{'e', 'w', 'k'}, TSCOPE_TOKEN_ANCHOR_HEADER, {6, 6}},
    {{'e', 0, 'y'}, TSCOPE_TOKEN_ANCHOR_HEADER_WIDE, {3, 2}},
    {{'e', 0, 'w'}, TSCOPE_TOKEN_ANCHOR_HEADER_WIDE, {3, 6}},
    /* alg" as base64, by where in a group of three bytes it begins: YWxnI, ImFsZyI, J|hbGci */
    {{'W', 'x', 'n'}, TSCOPE_TOKEN_ANCHOR_ALG, {0, 6}},
    {{'I', 'm', 'F'}, TSCOPE_TOKEN_ANCHOR_ALG, {2, 4}},
    {{'b', 'G', 'c'}, TSCOPE_TOKEN_ANCHOR_ALG, {6, 3}},
    {{'x', 0, 'n'}, TSCOPE_TOKEN_ANCHOR_ALG_WIDE, {5, 3}},
    {{'Z', 0, 'y'}, TSCOPE_TOKEN_ANCHOR_ALG_WIDE, {3, 1}},
    {{'J', 0, 'h'}, TSCOPE_TOKEN_ANCHOR_ALG_WIDE, {5, 1}},
    /* its first letter percent-encoded, once or more often */
    {{'%', '6', '5'}, TSCOPE_TOKEN_ANCHOR_ESCAPED, {1, 2}},
    {{'%', '2', '5'}, TSCOPE_TOKEN_ANCHOR_ESCAPED, {1, 2}},
    {{'0', '.', 'A'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {7, 2}},
    {{'1', '.', 'A'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {7, 2}},
    {{'E', 'w', 'A'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {6, 6}},
    {{'E', 'w', 'B'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {6, 7}},
    {{'E', 'w', 'C'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {6, 7}},
    {{'E', 'w', 'D'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {6, 7}},
    {{'M', '.', 'C'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {7, 7}},
    {{'M', '.', 'R'}, TSCOPE_TOKEN_ANCHOR_OPAQUE, {7, 5}},
    {{'0', 0, '.'}, TSCOPE_TOKEN_ANCHOR_OPAQUE_WIDE, {5, 2}},
    {{'1', 0, '.'}, TSCOPE_TOKEN_ANCHOR_OPAQUE_WIDE, {5, 2}},
    {{'E', 0, 'w'}, TSCOPE_TOKEN_ANCHOR_OPAQUE_WIDE, {3, 6}},
    {{'M', 0, '.'}, TSCOPE_TOKEN_ANCHOR_OPAQUE_WIDE, {5, 7}},
    /* these as base64, by where in a group of three bytes they begin: ZXlK, .V5S, ..leU for eyJ */
    {{'Z', 'X', 'l'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_0, {0, 4}},
    {{'Z', 'X', 'd'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_0, {0, 4}},
    {{'Z', 'X', 'c'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_0, {0, 4}},
    {{'V', '5', 'S'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_1, {7, 0}},
    {{'V', '5', 'Q'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_1, {7, 0}},
    {{'V', '3', 'b'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_1, {7, 0}},
    {{'V', '3', 'M'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_1, {7, 0}},
    {{'V', '3', 'a'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_1, {7, 0}},
    {{'l', 'e', 'U'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_2, {4, 3}},
    {{'l', 'd', '2'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_2, {4, 7}},
    {{'l', 'd', 'z'}, TSCOPE_TOKEN_ANCHOR_WRAPPED_2, {4, 2}},
    /* signature, protected, ciphertext */
    {{'g', 'n', 'a'}, TSCOPE_TOKEN_ANCHOR_MEMBER, {4, 6}},
    {{'t', 'e', 'c'}, TSCOPE_TOKEN_ANCHOR_MEMBER, {1, 4}},
    {{'p', 'h', 'e'}, TSCOPE_TOKEN_ANCHOR_MEMBER, {4, 3}},
    {{'g', 0, 'n'}, TSCOPE_TOKEN_ANCHOR_MEMBER_WIDE, {0, 6}},
    {{'p', 0, 'h'}, TSCOPE_TOKEN_ANCHOR_MEMBER_WIDE, {5, 3}},
};

const size_t tscope_token_anchors_len = TSCOPE_COUNT(tscope_token_anchors);

/* Two letters with zeros behind them are still frequent in any UTF-16: the third one tells. */
static bool
may_have_third(const struct tscope_window *window, size_t at, const char *thirds)
{
    return window->len - at < 5 || (window->bytes[at + 3] == 0 && window->bytes[at + 4] && strchr(thirds, window->bytes[at + 4]));
}

/* Opaque tokens have no letter in front, and to tell so costs less than the order of the bytes. */
static bool
is_inside_wide(const struct tscope_window *window, size_t at)
{
    const uint8_t *bytes = window->bytes + at;

    return at >= 4 && bytes[-1] == 0 && bytes[-3] == 0 && bytes[-4] >= ' ' && tscope_letter_classes[bytes[-2]] & TSCOPE_LETTER_URL;
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

/* Up to the order of its bytes, which costs more to tell, letters of either one are read alike. */
static enum tscope_probe
probe_wide(struct tscope_token_finder *finder, struct tscope_letters *letters, size_t at, struct tscope_token_place *ret_place)
{
    if (!tscope_compact_begins(&finder->room, letters, at))
        return TSCOPE_PROBE_NOTHING;
    if (read_order(letters, &at) == TSCOPE_PROBE_MORE)
        return TSCOPE_PROBE_MORE;
    return tscope_compact_probe(&finder->room, letters, at, &finder->latest[letters->big_endian ? BIG : LITTLE], ret_place);
}

/* At a header's brace, in front of which there may be white space. */
static enum tscope_probe
probe_header(struct tscope_token_finder *finder, struct tscope_letters *letters, size_t at, struct tscope_token_place *ret_place)
{
    uint64_t little = finder->latest[LITTLE].end, big = finder->latest[BIG].end;
    uint64_t behind = letters->width == 1 ? finder->latest[BYTES].end : little > big ? little : big;

    if (!tscope_header_find_begin(letters, behind, &at))
        return TSCOPE_PROBE_NOTHING;
    if (letters->width == 2)
        return probe_wide(finder, letters, at, ret_place);
    return tscope_compact_probe(&finder->room, letters, at, &finder->latest[BYTES], ret_place);
}

/*
 * At an algorithm's name, in letters that begin with white space: a brace that is not the first byte of a group begins with letters that
 * are too many to be looked for. Of a run of letters the first name alone is looked at.
 */
static enum tscope_probe
probe_alg(struct tscope_token_finder *finder, struct tscope_letters *letters, size_t at, struct tscope_token_place *ret_place)
{
    uint64_t *seen = &finder->algs[letters->width - 1], before = *seen, offset = letters->window->offset;
    enum tscope_probe probe;
    size_t begin = at;

    if (letters->width == 1 && at >= 4 && memcmp(letters->window->bytes + at - 4, "eyJh", 4) == 0)
        return TSCOPE_PROBE_NOTHING; /* the name is the first thing behind a brace: what most headers begin with */
    *seen = offset + at + 1;
    if (!tscope_header_find_run(letters, before, &begin) || !memchr("ICD", letters->window->bytes[begin], 3))
        return TSCOPE_PROBE_NOTHING;
    if (letters->width == 2)
        probe = probe_wide(finder, letters, begin, ret_place);
    else
        probe = tscope_compact_probe(&finder->room, letters, begin, &finder->latest[BYTES], ret_place);
    if (probe == TSCOPE_PROBE_MORE)
        *seen = before;
    return probe;
}

enum tscope_probe
tscope_token_finder_probe(struct tscope_token_finder *finder, const struct tscope_window *window, const struct tscope_anchor *anchor,
                          struct tscope_token_place *ret_place)
{
    struct tscope_letters letters = {.window = window, .width = 1};
    size_t at = anchor->at;

    switch ((enum tscope_token_anchor)anchor->id) {
    case TSCOPE_TOKEN_ANCHOR_ESCAPED:
        return is_escaped_header(&letters, at) ? probe_header(finder, &letters, at, ret_place) : TSCOPE_PROBE_NOTHING;
    case TSCOPE_TOKEN_ANCHOR_HEADER:
        return probe_header(finder, &letters, at, ret_place);
    case TSCOPE_TOKEN_ANCHOR_HEADER_WIDE:
        letters.width = 2;
        return may_have_third(window, at, "JAo0k") ? probe_header(finder, &letters, at, ret_place) : TSCOPE_PROBE_NOTHING;
    case TSCOPE_TOKEN_ANCHOR_ALG:
        return probe_alg(finder, &letters, at, ret_place);
    case TSCOPE_TOKEN_ANCHOR_ALG_WIDE:
        letters.width = 2;
        return may_have_third(window, at, "Ib") ? probe_alg(finder, &letters, at, ret_place) : TSCOPE_PROBE_NOTHING;
    case TSCOPE_TOKEN_ANCHOR_OPAQUE:
        return tscope_opaque_probe(&finder->room, &letters, at, ret_place);
    case TSCOPE_TOKEN_ANCHOR_OPAQUE_WIDE:
        if (!may_have_third(window, at, "ABCDR") || is_inside_wide(window, at))
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
    memset(finder->algs, 0, sizeof(finder->algs));
    tscope_serialized_forget(finder);
}

void
tscope_token_finder_clear(struct tscope_token_finder *finder)
{
    tscope_free(finder->wrapped);
    tscope_free(finder->serialized);
    tscope_arena_clear(&finder->arena);
}
