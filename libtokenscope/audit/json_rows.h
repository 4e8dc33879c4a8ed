/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_JSON_ROWS_H
#define TSCOPE_AUDIT_JSON_ROWS_H

#include "audit/splitter.h"

/** @file The part of the splitter that reads JSON. */

struct tscope_json_rows;

/** line, offset: where the first byte stands that will be fed. */
TSCOPE_MUST_USE enum tscope_status tscope_json_rows_new(tscope_splitter_sink sink, void *user, uint64_t line, uint64_t offset,
                                                        struct tscope_json_rows **ret_rows, struct tscope_error *err);
void tscope_json_rows_free(struct tscope_json_rows *rows);
TSCOPE_MUST_USE enum tscope_status tscope_json_rows_feed(struct tscope_json_rows *rows, const uint8_t *text, size_t len,
                                                         struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_json_rows_end(struct tscope_json_rows *rows, struct tscope_error *err);

#endif
