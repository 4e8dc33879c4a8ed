/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_WINDOW_H
#define TSCOPE_SCAN_WINDOW_H

#include <tokenscope/scan.h>

#include "core/span.h"

/**
 * @file The part of a stream that finders look at, and how they answer. What a finder says of a place depends on the bytes from
 * TSCOPE_WINDOW_BACK before it to TSCOPE_WINDOW_AHEAD behind it alone, so that neither windows nor ranges change what is found.
 */

/** Bytes in front of an anchor that a finder may look at: they are in the window, unless the stream begins later. */
#define TSCOPE_WINDOW_BACK (64u << 10)
/** Bytes from an anchor on that a finder may look at. A finder that has so many never answers MORE. */
#define TSCOPE_WINDOW_AHEAD (384u << 10)

/** Bytes of a stream. */
struct tscope_window {
    const uint8_t *bytes;
    size_t len;
    uint64_t offset; /* of the first byte in the stream */
    bool is_last;    /* the stream ends with it */
};

enum tscope_probe {
    TSCOPE_PROBE_NOTHING,
    TSCOPE_PROBE_FOUND,
    TSCOPE_PROBE_MORE,      /* its end may lie behind the window, which is not the last */
    TSCOPE_PROBE_NO_MEMORY, /* the work could not be done */
};

/** What to say of something that runs into the window's end. */
static inline enum tscope_probe
tscope_window_ends(const struct tscope_window *window, size_t at)
{
    return window->is_last || window->len - at >= TSCOPE_WINDOW_AHEAD ? TSCOPE_PROBE_NOTHING : TSCOPE_PROBE_MORE;
}

#endif
