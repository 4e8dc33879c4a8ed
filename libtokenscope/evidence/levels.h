/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_LEVELS_H
#define TSCOPE_EVIDENCE_LEVELS_H

#include "evidence/evidence.h"

/** @file Which piece is the next stream: archives, and archives in them, in the order of a walk that goes in before it goes on. */

#define TSCOPE_KEPT_MAX (256u << 20) /* bytes of a ZIP archive within compressed data, which is to be read at offsets */

/**
 * The next piece, its format told.
 *
 * @param ret_piece  the caller's; NULL: there are no more
 */
TSCOPE_MUST_USE enum tscope_status tscope_levels_next(struct tscope_evidence *evidence, tscope_piece **ret_piece, struct tscope_error *err);
/** True for the texts that hold bodies of messages, in which gzip in base64 is looked for. Others, which are far larger as a rule, are not
 * read another time for it. */
bool tscope_levels_may_wrap(const tscope_piece *piece);
void tscope_levels_free(struct tscope_evidence *evidence);

#endif
