/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_COVERAGE_VIEW_H
#define TSCOPE_CASE_COVERAGE_VIEW_H

#include "audit/coverage.h"
#include "case/records.h"

/** @file What "audit coverage" shows, gathered once for all forms of the answer. */

/** Signs of an export that was cut: bits. */
enum {
    TSCOPE_CUT_ROUND = 1,  /* exactly as many rows as an export may have */
    TSCOPE_CUT_COUNT = 2,  /* ResultCount is above the rows */
    TSCOPE_CUT_BROKEN = 4, /* compressed, and ends before its end */
    TSCOPE_CUT_BAD = 8,    /* rows could not be read, and were left out */
    TSCOPE_CUT_NEXT = 16,  /* names a next page, and no file is the last one */
};

/** Records of one file that are of one category. */
struct tscope_source_part {
    uint32_t source; /* index among the sources */
    enum tscope_log_category category;
    uint64_t rows, duplicates;
    int64_t first, last;
};

struct tscope_source {
    uint32_t id;
    struct tscope_span path; /* in the arena */
    uint8_t sha256[32];
    int64_t size, imported, rows, bad, duplicates, differing, result_count;
    uint64_t formats;
    unsigned cut;
};

struct tscope_coverage_view {
    struct tscope_arena arena;
    struct tscope_source *sources;
    size_t sources_len, sources_max;
    struct tscope_source_part *parts;
    size_t parts_len, parts_max;
    const tscope_ledger *ledger;
    const tscope_coverage *coverage;
    int64_t now;
    unsigned columns;
};

/** Reads the files of the case; what is of records is still to be set. Cleared by the caller in any case. */
TSCOPE_MUST_USE enum tscope_status tscope_coverage_view_read(struct tscope_coverage_view *view, tscope_store *store,
                                                             struct tscope_error *err);
void tscope_coverage_view_clear(struct tscope_coverage_view *view);
/** A tscope_source_is_cut of the view. */
bool tscope_coverage_view_is_cut(void *view, uint32_t source);

/** Categories of sign-ins that a tenant with other records has no row of: bits 1 << category. */
unsigned tscope_coverage_view_missing(const struct tscope_coverage_view *view, uint32_t tenant);
/** Rows of a log in equal parts of the time between two moments. */
void tscope_coverage_view_bins(const struct tscope_covered_log *log, int64_t from, int64_t until, uint64_t *bins, size_t bins_len);
/** The time that all logs span; false when no row has one. */
bool tscope_coverage_view_span(const struct tscope_coverage_view *view, int64_t *ret_from, int64_t *ret_until);

void tscope_coverage_json(const struct tscope_coverage_view *view, struct tscope_buffer *buffer);
void tscope_coverage_text(const struct tscope_coverage_view *view, struct tscope_buffer *buffer);
void tscope_coverage_svg(const struct tscope_coverage_view *view, struct tscope_buffer *buffer);

#endif
