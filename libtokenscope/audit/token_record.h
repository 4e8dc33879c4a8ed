/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_TOKEN_RECORD_H
#define TSCOPE_AUDIT_TOKEN_RECORD_H

#include <tokenscope/status.h>

#include "audit/record.h"
#include "core/json.h"

/** @file A token at hand as a record, so that it is joined as the records are. Nothing of it is verified here. */

/**
 * Reads the claims of a JWS; text may have its transport around it ("Bearer", quotes). ret_is_token false: it is none that can be read.
 *
 * @param arena  holds what the record's spans point to
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_TOO_LARGE
 */
TSCOPE_MUST_USE enum tscope_status tscope_token_record(struct tscope_span text, struct tscope_arena *arena,
                                                       struct tscope_record *ret_record, bool *ret_is_token, struct tscope_error *err);

/** The same of claims that are read already, or of a row of "stream --normalize", which has the same names. */
void tscope_token_record_claims(const struct tscope_json *json, const struct tscope_value *object, struct tscope_arena *arena,
                                struct tscope_record *ret_record);

#endif
