/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_FORMAT_H
#define TSCOPE_EVIDENCE_FORMAT_H

#include "evidence/piece.h"

/** @file What bytes are, by how they begin. */

#define TSCOPE_FORMAT_HEAD_MAX (64u << 10) /* bytes of the beginning that are worth having */

struct tscope_format {
    enum tscope_evidence_format format;
    enum tscope_piece_text text;
};

/** @param is_all  head is not only the beginning, but all there is */
TSCOPE_MUST_USE enum tscope_status tscope_format_of(struct tscope_span head, bool is_all, struct tscope_format *ret_format,
                                                    struct tscope_error *err);
/** True for the formats that are texts, whose places have lines. */
bool tscope_format_is_text(enum tscope_evidence_format format);
/** True for the formats whose inside comes as streams of its own. */
bool tscope_format_is_archive(enum tscope_evidence_format format);
/** True for compressed formats that are named, and no more. */
bool tscope_format_is_unread(enum tscope_evidence_format format);
/** True for the formats that are images of memory. */
bool tscope_format_is_dump(enum tscope_evidence_format format);

#endif
