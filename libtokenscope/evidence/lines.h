/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_LINES_H
#define TSCOPE_EVIDENCE_LINES_H

#include "core/buffer.h"
#include "evidence/locating.h"

/** @file The lines of a text that places stand in, in one pass that a later call goes on with. */

#define TSCOPE_LINES_ROW_MAX (4u << 20)    /* characters of a row with line ends in quotes; a longer one ends at the next line end */
#define TSCOPE_LINES_KEPT_MAX (256u << 10) /* characters of a line that are looked at */

/** A line with all that was kept of it. */
struct tscope_line {
    uint64_t start, next;    /* offsets in the piece: its first character, and that of the line behind */
    uint64_t number;         /* from 1 on */
    uint64_t row;            /* the same, but that of a row of several lines counts once */
    struct tscope_span text; /* without its line end, one byte a character */
    unsigned unit;           /* bytes a character in the piece */
};

/** The character of a line that a place is; the line's length when it is behind what was kept. */
size_t tscope_line_at(const struct tscope_line *line, uint64_t offset);

/** Takes count places of a line, which are the next of locating, and delivers each. */
typedef enum tscope_status tscope_line_taker(void *user, struct tscope_locating *locating, const struct tscope_line *line, size_t count,
                                             struct tscope_error *err);

/**
 * Gives the lines of all places to the taker. Where a pass ended is kept with the evidence, so that places further on in the same piece
 * cost no pass from its beginning.
 *
 * @param is_quoted  line ends between double quotes end no line (RFC 4180 section 2)
 * @param kept_max   characters of a line that are kept
 */
TSCOPE_MUST_USE enum tscope_status tscope_lines_take(struct tscope_locating *locating, bool is_quoted, size_t kept_max,
                                                     tscope_line_taker *taker, void *user, struct tscope_error *err);

/** What a reader makes of a line before any place in it, once for all of them. False: out of memory. */
typedef bool tscope_line_opener(void *user, struct tscope_span line);

/** What a reader of lines makes of one place: fills in what is not the place and the line. False: out of memory. */
typedef bool tscope_line_reader(void *user, struct tscope_span line, size_t at, struct tscope_arena *arena, struct tscope_context *context);

/**
 * Locates all places of a text by its lines, those of one line in their order.
 *
 * @param opener  NULL: there is nothing to do for a line as a whole
 * @param reader  NULL: the line is all there is to say
 */
TSCOPE_MUST_USE enum tscope_status tscope_lines_locate(struct tscope_locating *locating, bool is_quoted, tscope_line_opener *opener,
                                                       tscope_line_reader *reader, void *user, struct tscope_error *err);

/** Where a pass over a piece ended. */
typedef struct tscope_lines_pass tscope_lines_pass;
void tscope_lines_pass_free(tscope_lines_pass *pass);

/** The first characters of a text, one byte each, behind a byte order mark. In the arena. */
TSCOPE_MUST_USE enum tscope_status tscope_lines_head(const tscope_piece *piece, struct tscope_arena *arena, struct tscope_span *ret_head,
                                                     struct tscope_error *err);

#endif
