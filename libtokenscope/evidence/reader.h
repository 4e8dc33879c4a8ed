/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_READER_H
#define TSCOPE_EVIDENCE_READER_H

#include "evidence/piece.h"

/** @file Reads a piece from its beginning on, through all that it is inside of. */

typedef struct tscope_reader tscope_reader;

/**
 * Opens a piece. The piece is to outlive the reader.
 *
 * @param is_charged  what is inflated counts against the bounds of the evidence: of a stream that is read for the first time
 */
TSCOPE_MUST_USE enum tscope_status tscope_reader_new(const tscope_piece *piece, bool is_charged, tscope_reader **ret_reader,
                                                     struct tscope_error *err);
void tscope_reader_free(tscope_reader *reader);
TSCOPE_DEFINE_AUTO(tscope_reader)

/** Fewer than len bytes at the end alone. */
TSCOPE_MUST_USE enum tscope_status tscope_reader_read(tscope_reader *reader, uint8_t *buffer, size_t len, size_t *ret_len,
                                                      struct tscope_error *err);
/** Where the next byte stands. */
uint64_t tscope_reader_position(const tscope_reader *reader);
/** Moves to an offset: at once in what is seekable, else by reading on, or anew from the beginning. Behind the end: to the end. */
TSCOPE_MUST_USE enum tscope_status tscope_reader_seek(tscope_reader *reader, uint64_t offset, struct tscope_error *err);

/** Bytes of a piece that is seekable. Fewer than len at its end alone. */
TSCOPE_MUST_USE enum tscope_status tscope_piece_read_at(const tscope_piece *piece, uint64_t offset, uint8_t *buffer, size_t len,
                                                        size_t *ret_len, struct tscope_error *err);

/** Tells the format of a piece by its beginning. */
TSCOPE_MUST_USE enum tscope_status tscope_piece_tell_format(tscope_piece *piece, struct tscope_error *err);
#endif
