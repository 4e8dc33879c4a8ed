/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_PIECE_H
#define TSCOPE_EVIDENCE_PIECE_H

#include <tokenscope/evidence.h>

#include "core/alloc.h"
#include "core/span.h"

/** @file A piece of the evidence: how a run of bytes comes out of another. What a stream reads, and reads again. */

enum tscope_piece_kind {
    TSCOPE_PIECE_SOURCE, /* all that the source holds */
    TSCOPE_PIECE_WINDOW, /* bytes of the parent, as they are */
    TSCOPE_PIECE_GZIP,   /* inflated out of gzip members, one behind the other */
    TSCOPE_PIECE_BASE64, /* decoded out of a string of a text */
    TSCOPE_PIECE_DEFLATE /* inflated out of a bare deflate stream */
};

/** How characters are written. */
enum tscope_piece_text { TSCOPE_PIECE_BYTES, TSCOPE_PIECE_UTF16LE, TSCOPE_PIECE_UTF16BE };

typedef struct tscope_piece tscope_piece;

/** Counted, so that a stream keeps its ancestors. */
struct tscope_piece {
    tscope_piece *parent; /* NULL for the source */
    struct tscope_evidence *evidence;
    size_t references;
    enum tscope_piece_kind kind;
    enum tscope_piece_text text;
    enum tscope_evidence_format format;
    unsigned depth;
    bool is_seekable;
    uint64_t start, len; /* bytes of the parent that it is made from */
    uint64_t size;       /* bytes that come out; UINT64_MAX: not known */
    uint8_t *kept;       /* all bytes of a piece that is not seekable by itself; NULL: not kept */
    char *path;
    size_t number;
};

/** A piece of the same evidence; parent's reference is taken anew. NULL when out of memory. */
tscope_piece *tscope_piece_new(struct tscope_evidence *evidence, tscope_piece *parent, enum tscope_piece_kind kind,
                               struct tscope_span name);
tscope_piece *tscope_piece_ref(tscope_piece *piece);
/** Gives a reference back. NULL is allowed. */
void tscope_piece_free(tscope_piece *piece);
TSCOPE_DEFINE_AUTO(tscope_piece)

#endif
