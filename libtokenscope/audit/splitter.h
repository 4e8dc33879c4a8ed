/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_SPLITTER_H
#define TSCOPE_AUDIT_SPLITTER_H

#include <tokenscope/status.h>

#include "core/alloc.h"
#include "core/buffer.h"

/**
 * @file Where one row of a log ends and the next begins, in text that comes in pieces of any size. JSON: objects one behind the other or
 * a line each, the elements of an array, the elements of the array that a wrapper holds (Records, records, value, items), the
 * rows of a table whose columns stand apart (tables: of Log Analytics, its first one). CSV (RFC 4180): rows, whose cells may hold commas,
 * quotes and lines. A row that is broken or over the bound is told as such, and reading goes on at the next line. Only the row at hand is
 * in memory.
 */

#define TSCOPE_ROW_MAX (4u << 20)
#define TSCOPE_CELLS_MAX 1024u

enum tscope_row_kind {
    TSCOPE_ROW_JSON,   /* one object, or whatever else stands there as an element */
    TSCOPE_ROW_CSV,    /* one row: cells */
    TSCOPE_ROW_TABLE,  /* JSON of a table up to its rows, not closed: its columns; each row that follows is an array */
    TSCOPE_ROW_LONG,   /* over TSCOPE_ROW_MAX bytes or TSCOPE_CELLS_MAX cells */
    TSCOPE_ROW_BROKEN, /* no JSON, or it ends inside */
};

/** One row; everything lives until the next one. */
struct tscope_split_row {
    enum tscope_row_kind kind;
    struct tscope_span text;         /* JSON as written; CSV: the cells without quotes, one behind the other */
    const struct tscope_span *cells; /* of CSV */
    size_t cells_len;
    uint64_t line;   /* from 1, where it begins */
    uint64_t offset; /* byte of the decoded text */
};

typedef enum tscope_status (*tscope_splitter_sink)(void *user, const struct tscope_split_row *row, struct tscope_error *err);

typedef struct tscope_splitter tscope_splitter;

TSCOPE_MUST_USE enum tscope_status tscope_splitter_new(tscope_splitter_sink sink, void *user, tscope_splitter **ret_splitter,
                                                       struct tscope_error *err);
void tscope_splitter_free(tscope_splitter *splitter);
TSCOPE_DEFINE_AUTO(tscope_splitter)

/** @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, or what the sink said */
TSCOPE_MUST_USE enum tscope_status tscope_splitter_feed(tscope_splitter *splitter, const uint8_t *text, size_t len,
                                                        struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_splitter_end(tscope_splitter *splitter, struct tscope_error *err);

#endif
