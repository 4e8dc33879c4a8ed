/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_READ_H
#define TSCOPE_TOKEN_READ_H

#include "token/token.h"

/** @file Reading what is left when transport and encoding are off. */

/**
 * Reads token->text, a compact serialisation or an opaque token, with arena and depth set.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_DATA or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_token_read_text(struct tscope_token *token, struct tscope_error *err);

#endif
