/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_JSON_FORM_H
#define TSCOPE_TOKEN_JSON_FORM_H

#include "token/token.h"

/** @file JSON serialisations, flattened and general: JWS (RFC 7515 section 7.2), JWE (RFC 7516 section 7.2). */

/** What the members of an object make it; OPAQUE: no JSON serialisation. */
enum tscope_serialization tscope_json_form_of(const struct tscope_json *json);

/**
 * Reads token->container, whose serialization is set, into parts.
 *
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_json_form_read(struct tscope_token *token, struct tscope_error *err);

#endif
