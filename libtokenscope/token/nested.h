/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_NESTED_H
#define TSCOPE_TOKEN_NESTED_H

#include "token/token.h"

/** @file Tokens inside a token: its payload (RFC 7519 section 5.2), its claims, the proof of an SD-JWT's holder. */

/**
 * Reads those of a token whose parts are filled in. At most TSCOPE_NESTED_MAX are kept, TSCOPE_NESTING_MAX deep; others are counted.
 *
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_nested_read(struct tscope_token *token, struct tscope_error *err);

/** The token that is the payload or the plaintext itself (RFC 7519 section 5.2), as an index of nested; UINT32_MAX: none. */
uint32_t tscope_nested_content(const struct tscope_token *token);

/** The holder's proof shown with an SD-JWT (RFC 9901 sections 4.3 and 8.1), as an index of nested; UINT32_MAX: none that was read. */
uint32_t tscope_nested_proof(const struct tscope_token *token);

/** In what it stands, for people: "as its payload", "as the proof of its holder"; NULL: a claim has it, which has a name. */
const char *tscope_nested_words(const struct tscope_token *token, uint32_t index);

/** True when its header says that nobody signed it. */
bool tscope_nested_is_unsecured(const struct tscope_token *inner);

/** True when the payload of a signed token is a token itself, and stands too deep to have been read. */
bool tscope_nested_is_unread(const struct tscope_token *token);

#endif
