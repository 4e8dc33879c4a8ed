/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_ENCODING_H
#define TSCOPE_TOKEN_ENCODING_H

#include "token/token.h"

/** @file The encoding of the input: UTF-16, as clipboards and memory hold text, is turned to UTF-8 and each place led back. */

/**
 * Gives the input's text, without a byte order mark, and notes encoding and mark in the token. A view of the input unless
 * that is UTF-16; half a code unit at the end is left out.
 *
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_encoding_read(struct tscope_token *token, struct tscope_span *ret_text, struct tscope_error *err);

/** Where a run of that text stands in the input; walks the input once when it is UTF-16. */
void tscope_encoding_place(const struct tscope_token *token, size_t offset, size_t len, size_t *ret_offset, size_t *ret_len);

/** For each byte of that text, and its end, where it stands in the input; in the token's arena. NULL: no memory. */
const uint32_t *tscope_encoding_places(const struct tscope_token *token, size_t text_len);

#endif
