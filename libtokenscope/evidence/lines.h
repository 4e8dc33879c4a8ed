/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_LINES_H
#define TSCOPE_EVIDENCE_LINES_H

#include "core/buffer.h"
#include "evidence/locating.h"

/** @file The lines of a text that places stand in. */

#define TSCOPE_LINES_ROW_MAX (4u << 20)    /* characters of a row with line ends in quotes; a longer one ends at the next line end */
#define TSCOPE_LINES_KEPT_MAX (256u << 10) /* characters of a line that are looked at */

/** Where a line begins and ends (without its line end), as offsets of the piece, and its number from 1 on. */
struct tscope_line {
    uint64_t start, end;
    uint64_t number;
    uint64_t row; /* the same, but that of a row of several lines counts once */
};

/**
 * Finds the line of each place, in one pass.
 *
 * @param is_quoted  line ends between double quotes end no line (RFC 4180 section 2)
 * @param ret_lines  one for each place of locating; released with tscope_free(). A place behind the end has start UINT64_MAX
 */
TSCOPE_MUST_USE enum tscope_status tscope_lines_find(const struct tscope_locating *locating, bool is_quoted, struct tscope_line **ret_lines,
                                                     struct tscope_error *err);

/** The characters of a line, one byte each, the first TSCOPE_LINES_KEPT_MAX of them; and the character of a place in it. */
struct tscope_line_text {
    struct tscope_span text;
    size_t at;
};

/** What a reader of lines makes of one: fills in what is not the place and the line. False: out of memory. */
typedef bool tscope_line_reader(void *user, const struct tscope_line_text *line, struct tscope_arena *arena,
                                struct tscope_context *context);

/** Locates all places of a text by its lines. */
TSCOPE_MUST_USE enum tscope_status tscope_lines_locate(struct tscope_locating *locating, bool is_quoted, tscope_line_reader *reader,
                                                       void *user, struct tscope_error *err);

/** The first characters of a text, one byte each, behind a byte order mark. In the arena. */
TSCOPE_MUST_USE enum tscope_status tscope_lines_head(const tscope_piece *piece, struct tscope_arena *arena, struct tscope_span *ret_head,
                                                     struct tscope_error *err);

#endif
