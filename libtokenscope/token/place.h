/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_PLACE_H
#define TSCOPE_TOKEN_PLACE_H

#include "token/token.h"

/** @file From a token's parts back to the bytes of its text. */

/** Where characters [at, at + len) of a part stand in text. */
void tscope_place_characters(const struct tscope_token *token, const struct tscope_part *part, size_t at, size_t len, size_t *ret_offset,
                             size_t *ret_len);

#endif
