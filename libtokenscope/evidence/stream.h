/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_STREAM_H
#define TSCOPE_EVIDENCE_STREAM_H

#include "evidence/reader.h"

/** @file A stream that was handed out: a piece, and how far it was read. */

struct tscope_evidence_stream {
    tscope_piece *piece;
    tscope_reader *reader;
};

TSCOPE_DEFINE_AUTO(tscope_evidence_stream)

#endif
