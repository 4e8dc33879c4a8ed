/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_SHOWN_H
#define TSCOPE_EVIDENCE_SHOWN_H

#include "core/arena.h"
#include "core/buffer.h"
#include "evidence/json_walk.h"

/**
 * @file Texts of evidence made fit to be shown in a context: UTF-8, of bounded length, and without values. Names and addresses are
 * wanted, and both may carry a secret: a run of letters and digits as long as a token's is no name that anybody reads.
 */

#define TSCOPE_SHOWN_RUN_MAX 48 /* bytes of a run of the characters of base64 that is still shown */
#define TSCOPE_SHOWN_NAME_MAX 128
#define TSCOPE_SHOWN_URL_MAX 512

/** A name or other short text. NULL when out of memory. */
const char *tscope_shown_name(struct tscope_arena *arena, struct tscope_span text);
/** An address without user, values of queries and fragments, and what is no name in its path. NULL when out of memory. */
const char *tscope_shown_url(struct tscope_arena *arena, struct tscope_span url);
/** The JSON pointer (RFC 6901) of where a walk is, names cut as above. NULL when out of memory. */
const char *tscope_shown_pointer(struct tscope_arena *arena, const struct tscope_json_walk *walk);

/**
 * The name that stands before a value in whatever text it is in: of a query or form (name=), a cookie, JSON ("name": "), perhaps with
 * "Bearer " between. An empty span when there is none.
 *
 * @param before  what stands before the value
 */
struct tscope_span tscope_shown_name_before(struct tscope_span before);

#endif
