/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_ROW_JSON_H
#define TSCOPE_CASE_ROW_JSON_H

#include "case/store.h"
#include "core/arena.h"
#include "core/json_writer.h"

/**
 * @file Columns of a row as members of an open object, left out where they hold nothing, or nothing of their type: a case from strangers
 * may hold anything in any column.
 */

void tscope_row_write_text(struct tscope_json_writer *writer, tscope_statement *row, size_t column, const char *name);
void tscope_row_write_integer(struct tscope_json_writer *writer, tscope_statement *row, size_t column, const char *name);
/** Seconds since 1970. */
void tscope_row_write_time(struct tscope_json_writer *writer, tscope_statement *row, size_t column, const char *name);
void tscope_row_write_digest(struct tscope_json_writer *writer, tscope_statement *row, size_t column, const char *name);

/**
 * Reads a column that says it is JSON.
 *
 * @param ret_root  in the arena; NULL: it is none
 * @return TSCOPE_OK, TSCOPE_ERR_TOO_LARGE, TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_row_read_json(tscope_statement *row, size_t column, struct tscope_arena *arena,
                                                        struct tscope_json *json, const struct tscope_value **ret_root,
                                                        struct tscope_error *err);
/** The same, written again as valid JSON. */
TSCOPE_MUST_USE enum tscope_status tscope_row_write_json(struct tscope_json_writer *writer, tscope_statement *row, size_t column,
                                                         struct tscope_arena *arena, const char *name, struct tscope_error *err);

#endif
