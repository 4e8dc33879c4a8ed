/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_SECRETS_H
#define TSCOPE_TOKEN_SECRETS_H

#include "core/json_writer.h"

/**
 * @file What is not shown of a token unless asked for: whoever reads a report must not be able to use what it tells of.
 * Tokens inside tokens lose their signature or ciphertext, opaque ones all but their first characters, keys their private half.
 */

/**
 * Appends what may be seen of a token in a text.
 *
 * @return false, and nothing appended, when the text is no token by its shape
 */
bool tscope_secret_veil_token(struct tscope_span text, struct tscope_buffer *shown);

/** For tscope_json_writer.veil: hides tokens, strings whose name says that they are secret, and private members of a JWK. */
bool tscope_secret_veil(struct tscope_json_writer *writer, const struct tscope_json *json, const struct tscope_value *value);

#endif
