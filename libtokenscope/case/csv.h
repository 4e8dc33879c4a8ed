/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_CSV_H
#define TSCOPE_CASE_CSV_H

#include "core/buffer.h"
#include "core/span.h"

/** @file Values with commas between them (RFC 4180), safe for whoever opens them with a spreadsheet. */

/** A value; a comma first where it is not the first of its line. Control characters become spaces; a formula gets a "'" before it. */
void tscope_csv_write_cell(struct tscope_buffer *line, bool is_first, struct tscope_span text);
void tscope_csv_write_integer(struct tscope_buffer *line, bool is_first, int64_t value);
void tscope_csv_write_end(struct tscope_buffer *line);

#endif
