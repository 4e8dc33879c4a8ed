/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_PART_H
#define TSCOPE_TOKEN_PART_H

#include "token/token.h"

/** @file Parts filled in from their characters, and the JSON in them read. */

/**
 * Decodes form, offset and len of a part, which are set already; deviations are listed as damage of the token.
 *
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_part_decode(struct tscope_token *token, struct tscope_part *part, enum tscope_part_id id,
                                                      struct tscope_error *err);

/** Reads the protected header of a signature whose protected_part is decoded. */
TSCOPE_MUST_USE enum tscope_status tscope_part_read_header(struct tscope_token *token, struct tscope_token_signature *signature,
                                                           struct tscope_error *err);

/** Reads the claims of a token whose payload is decoded. */
TSCOPE_MUST_USE enum tscope_status tscope_part_read_claims(struct tscope_token *token, struct tscope_error *err);

#endif
