/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_DAMAGE_H
#define TSCOPE_TOKEN_DAMAGE_H

#include "token/token.h"

/** @file What happened to a token on its way into the evidence, and how it is read through. */

/** True when text holds a byte that a repair would look at. */
bool tscope_damage_is_suspected(struct tscope_span text);

/** What a repair leaves as it is. */
struct tscope_damage_limits {
    bool white_space_only; /* of an opaque token: its '=' and '%' are its own */
    size_t start, end;     /* a payload that is not encoded (RFC 7797): its bytes are content */
};

/**
 * Makes form out of text: white space, folding, invisible characters and '=' taken out, percent-encoding undone, each listed as damage.
 * form stays the memory of text when there is none. One walk.
 *
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_damage_repair(struct tscope_token *token, struct tscope_damage_limits limits,
                                                        struct tscope_error *err);

/** Length of the percent-encoding that begins at a place of text, also of one that is encoded again; 0: none begins there. */
size_t tscope_damage_escape_len(struct tscope_span text, size_t at);

/** Undoes a repair that led to no token. */
void tscope_damage_forget(struct tscope_token *token);

/** Adds one to the list, which stays sorted by offset and keeps the first TSCOPE_DAMAGE_MAX. */
TSCOPE_MUST_USE enum tscope_status tscope_damage_note(struct tscope_token *token, struct tscope_damage damage, struct tscope_error *err);

/** Gives what lies in [offset, offset + len) of text and has no part yet to this part. */
void tscope_damage_assign(struct tscope_token *token, enum tscope_part_id part, size_t offset, size_t len);

#endif
