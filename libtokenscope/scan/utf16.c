/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/utf16.h"

#define UNITS_MAX 2048 /* code units that are looked at in either direction */

static bool
is_printable(uint8_t byte)
{
    return (byte >= 0x20 && byte < 0x7f) || byte == '\n' || byte == '\r' || byte == '\t';
}

#define AT_ONCE 4 /* code units in a word */

/* True when four letters stand there, a zero behind each. */
static bool
are_letters_and_zeros(const uint8_t *bytes)
{
    static const uint8_t zeros_behind[8] = {0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff};
    uint64_t units, zeros;

    memcpy(&units, bytes, sizeof(units));
    memcpy(&zeros, zeros_behind, sizeof(zeros));
    if (units & zeros)
        return false;
    units |= zeros;
    return ((units - 0x0101010101010101u) & ~units & 0x8080808080808080u) == 0; /* none of the others is zero */
}

/*
 * The first byte that no zero precedes is the text's first letter in little-endian order, and of what is before the text in
 * big-endian order. Positive: it speaks for the former.
 */
static int
weigh_begin(const struct tscope_window *window, size_t at)
{
    size_t first = at;
    unsigned i = 0;

    for (; i < UNITS_MAX && first >= 2 * AT_ONCE && are_letters_and_zeros(window->bytes + first - 2 * AT_ONCE); i += AT_ONCE)
        first -= 2 * AT_ONCE;
    for (; i < UNITS_MAX; i++) {
        if (first == 0)
            return window->offset == 0 ? 2 : 0;
        if (window->bytes[first - 1] != 0)
            return is_printable(window->bytes[first]) ? 1 : -1;
        if (first == 1)
            return window->offset == 0 ? -2 : 0;
        if (window->bytes[first - 2] == 0)
            return 0;
        first -= 2;
    }
    return 0;
}

/* The first byte that no zero follows is what is behind the text in little-endian order, and its last letter in the other one. */
static int
weigh_end(const struct tscope_window *window, size_t at, bool *ret_more)
{
    size_t last = at;
    unsigned i = 0;

    for (; i < UNITS_MAX && window->len - last >= 2 * AT_ONCE && are_letters_and_zeros(window->bytes + last); i += AT_ONCE)
        last += 2 * AT_ONCE;
    for (; i < UNITS_MAX; i++) {
        if (last + 1 >= window->len) {
            *ret_more = !window->is_last;
            return last + 1 == window->len ? -2 : 0;
        }
        if (window->bytes[last + 1] != 0)
            return is_printable(window->bytes[last]) ? -1 : 1;
        if (window->bytes[last] == 0)
            return 0;
        last += 2;
    }
    return 0;
}

/* Positive for little-endian order, negative for the other one; MORE, else NOTHING. */
static enum tscope_probe
weigh(const struct tscope_window *window, size_t at, int *ret_weight)
{
    bool more = false;
    int end;

    *ret_weight = 1;
    if (at == 0 || window->bytes[at - 1] != 0)
        return TSCOPE_PROBE_NOTHING;
    end = weigh_end(window, at, &more);
    *ret_weight = weigh_begin(window, at) + end;
    return more ? TSCOPE_PROBE_MORE : TSCOPE_PROBE_NOTHING;
}

enum tscope_probe
tscope_utf16_is_big_endian(const struct tscope_window *window, size_t at)
{
    int weight;

    if (weigh(window, at, &weight) == TSCOPE_PROBE_MORE)
        return TSCOPE_PROBE_MORE;
    return weight < 0 ? TSCOPE_PROBE_FOUND : TSCOPE_PROBE_NOTHING;
}

enum tscope_probe
tscope_utf16_is_big_endian_text(const struct tscope_window *window, size_t begin, size_t last)
{
    int weight;

    if (begin == 0 || window->bytes[begin - 1] != 0)
        return TSCOPE_PROBE_NOTHING;
    if (last + 1 >= window->len || window->bytes[last + 1] != 0)
        return TSCOPE_PROBE_FOUND;
    if (weigh(window, begin, &weight) == TSCOPE_PROBE_MORE)
        return TSCOPE_PROBE_MORE;
    return weight < 0 || (weight == 0 && (window->offset + begin) % 2 == 1) ? TSCOPE_PROBE_FOUND : TSCOPE_PROBE_NOTHING;
}
