/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_SECRETS_H
#define TSCOPE_TOKEN_SECRETS_H

#include "core/json_writer.h"

/**
 * @file What is not shown of a token unless asked for: whoever reads a report must not be able to use what it tells of.
 * Tokens inside tokens lose their signature or ciphertext, opaque ones all but their first characters, keys their private half.
 */

/**
 * Appends what may be seen of a text that is a token, holds one, or is a private key.
 *
 * @return false, and nothing appended, when it is nothing of these by its shape
 */
bool tscope_secret_veil_token(struct tscope_span text, struct tscope_buffer *shown);

/** Writes a string as much of which as may be seen. */
void tscope_secret_write(struct tscope_json_writer *writer, struct tscope_span text);

/** True for a value of which tscope_secret_veil() hides something. */
bool tscope_secret_is(const struct tscope_json *json, const struct tscope_value *value);

/** Writes what may be seen of a string of a token, or is false: tokens, what its name says is secret, private members of a JWK. */
bool tscope_secret_veil(struct tscope_json_writer *writer, const struct tscope_json *json, const struct tscope_value *value);
/** False when none of the strings of a value is veiled so, for an index that is compact; true also when it needs a closer look. */
bool tscope_secret_may_stand_in(const struct tscope_json *json, const struct tscope_value *value);

/** Both for tscope_json_writer.veil. */
extern const struct tscope_json_veil tscope_secret_veils;

#endif
