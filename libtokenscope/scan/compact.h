/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_COMPACT_H
#define TSCOPE_SCAN_COMPACT_H

#include "scan/window.h"

/** @file Compact serialisations (RFC 7515 section 7.1, RFC 7516 section 7.1) in any bytes. */

/** A token that stands somewhere. */
struct tscope_token_place {
    size_t begin, end; /* bytes of the window */
    enum tscope_find_encoding encoding;
    struct tscope_span text; /* decoded; lives until the finder is asked again */
};

/** Looks whether a token begins at a place where the first characters of a header stand. */
enum tscope_probe tscope_compact_probe(const struct tscope_window *window, size_t at, struct tscope_token_place *ret_place);

#endif
