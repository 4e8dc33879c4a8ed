/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_COMPACT_H
#define TSCOPE_TOKEN_COMPACT_H

#include "token/token.h"

/** @file Compact serialisations: JWS (RFC 7515 section 7.1), JWE (RFC 7516 section 7.1), and SD-JWT with its disclosures. */

/**
 * Reads token->text, damaged or not, into form and parts.
 *
 * @param ret_is_token  false when it is none by any reading; the token is then as before
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_compact_read(struct tscope_token *token, bool *ret_is_token, struct tscope_error *err);

#endif
