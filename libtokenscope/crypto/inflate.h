/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_INFLATE_H
#define TSCOPE_CRYPTO_INFLATE_H

#include <tokenscope/status.h>

#include "core/alloc.h"
#include "core/buffer.h"

/** @file "zip": "DEF" (RFC 7516 section 4.1.3): raw DEFLATE (RFC 1951), bounded, because a thousand bytes may hold a megabyte. */

/** Bytes that a token's plaintext may have. */
#define TSCOPE_INFLATE_MAX (256u * 1024)

enum tscope_inflate_result {
    TSCOPE_INFLATE_DONE,
    TSCOPE_INFLATE_TRAILING,  /* done, but bytes stand behind the last block */
    TSCOPE_INFLATE_BROKEN,    /* not DEFLATE */
    TSCOPE_INFLATE_TRUNCATED, /* ends before its last block does */
    TSCOPE_INFLATE_TOO_LARGE, /* would give more than max bytes */
};

/**
 * Appends what data inflates to, at most max bytes. On any result but DONE and TRAILING out holds what came before.
 *
 * @return TSCOPE_OK with *ret_result, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO (zlib is not the version that it was built for)
 */
TSCOPE_MUST_USE enum tscope_status tscope_inflate(struct tscope_span data, size_t max, struct tscope_buffer *out,
                                                  enum tscope_inflate_result *ret_result, struct tscope_error *err);

#endif
