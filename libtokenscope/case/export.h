/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_EXPORT_H
#define TSCOPE_CASE_EXPORT_H

#include "case/case.h"
#include "core/arena.h"
#include "core/json_writer.h"

/** @file What both forms of an export are written with. */

struct tscope_export {
    tscope_store *store;
    unsigned flags;
    tscope_case_line *take;
    void *user;
    bool is_stopped; /* no more lines are wanted */
    struct tscope_buffer line;
    struct tscope_json_writer writer;
    struct tscope_arena arena; /* of the line at hand */
    struct tscope_error *err;
};

/** Hands the line out, with its end where it is JSON, and empties it. */
TSCOPE_MUST_USE enum tscope_status tscope_export_line(struct tscope_export *export);

/** Runs a statement whose only "?" is id (NULL: it has none) and has each row written. */
typedef enum tscope_status tscope_export_row(struct tscope_export *export, tscope_statement *row);
TSCOPE_MUST_USE enum tscope_status tscope_export_rows(struct tscope_export *export, const char *sql, const int64_t *id,
                                                      tscope_export_row *write);

/** As of tscope_case_export(). */
TSCOPE_MUST_USE enum tscope_status tscope_export_jsonl(struct tscope_export *export);
TSCOPE_MUST_USE enum tscope_status tscope_export_csv(struct tscope_export *export);

#endif
