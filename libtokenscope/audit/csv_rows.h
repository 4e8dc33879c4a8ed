/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_CSV_ROWS_H
#define TSCOPE_AUDIT_CSV_ROWS_H

#include "audit/splitter.h"

/** @file The part of the splitter that reads CSV. */

struct tscope_csv_rows;

/** line, offset: where the first byte stands that will be fed. */
TSCOPE_MUST_USE enum tscope_status tscope_csv_rows_new(tscope_splitter_sink sink, void *user, uint64_t line, uint64_t offset,
                                                       struct tscope_csv_rows **ret_rows, struct tscope_error *err);
void tscope_csv_rows_free(struct tscope_csv_rows *rows);
TSCOPE_MUST_USE enum tscope_status tscope_csv_rows_feed(struct tscope_csv_rows *rows, const uint8_t *text, size_t len,
                                                        struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_csv_rows_end(struct tscope_csv_rows *rows, struct tscope_error *err);

#endif
