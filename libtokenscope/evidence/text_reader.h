/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_TEXT_READER_H
#define TSCOPE_EVIDENCE_TEXT_READER_H

#include "evidence/reader.h"

/**
 * @file Reads a text one byte a character, whatever it is written in: of UTF-16 each code unit becomes a byte, '?' what is not ASCII.
 * So those who look for structure need to know one way of writing alone, and a place is still a sum away.
 */

#define TSCOPE_TEXT_CHUNK (64u << 10)
#define TSCOPE_TEXT_BEHIND 256u /* characters of what was there before that stay readable in front of a chunk */

struct tscope_text_reader {
    tscope_reader *reader;
    unsigned unit; /* bytes a character */
    bool is_big_endian;
    const uint8_t *chars; /* the chunk: TSCOPE_TEXT_BEHIND bytes before it may be read, as far as behind says */
    size_t chars_len;     /* 0: the end */
    size_t behind;
    uint64_t offset; /* of chars[0] in the piece */
    uint8_t *memory;
};

/** Stands before the first chunk, behind a byte order mark. */
TSCOPE_MUST_USE enum tscope_status tscope_text_reader_init(struct tscope_text_reader *text, const tscope_piece *piece,
                                                           struct tscope_error *err);
void tscope_text_reader_clear(struct tscope_text_reader *text);
/** The next chunk. */
TSCOPE_MUST_USE enum tscope_status tscope_text_reader_next(struct tscope_text_reader *text, struct tscope_error *err);
/** The next chunk begins at an offset (a multiple of the unit behind the mark), with nothing behind. */
TSCOPE_MUST_USE enum tscope_status tscope_text_reader_seek(struct tscope_text_reader *text, uint64_t offset, struct tscope_error *err);

/** The offset in the piece of a character of the chunk. */
static inline uint64_t
tscope_text_reader_offset(const struct tscope_text_reader *text, size_t at)
{
    return text->offset + (uint64_t)at * text->unit;
}

#endif
