/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_COVERAGE_H
#define TSCOPE_AUDIT_COVERAGE_H

#include "audit/ledger.h"

/**
 * @file What the logs at hand cover: without that nobody may say that something is not in them. One log is a category of one tenant.
 */

/** Nothing for longer than the log is ever silent at that time of the week. */
struct tscope_gap {
    int64_t from, until; /* the rows around it */
    uint64_t usual;      /* rows at the same time of other weeks or days, the fewest */
};

#define TSCOPE_GAPS_MAX 64

struct tscope_covered_log {
    uint32_t tenant; /* a word; 0: rows do not say */
    enum tscope_log_category category;
    int64_t *times; /* of all rows that have one, in order */
    size_t times_len, times_max;
    uint64_t rows, timeless;
    struct tscope_gap gaps[TSCOPE_GAPS_MAX]; /* the first ones */
    size_t gaps_len;
    bool is_cut; /* one of its files shows signs of a cut export */
};

/** 24 hours after a mailbox was throttled, in which nothing is written of it. */
struct tscope_throttled {
    uint32_t mailbox; /* a word */
    int64_t from, until;
};

typedef struct tscope_coverage {
    struct tscope_covered_log *logs;
    size_t logs_len;
    struct tscope_throttled *throttled; /* by mailbox and time, runs joined */
    size_t throttled_len;
} tscope_coverage;

/** Whether the file of this number may be cut: who keeps files knows. */
typedef bool (*tscope_source_is_cut)(void *user, uint32_t source);

/** @param is_cut  NULL: none is */
TSCOPE_MUST_USE enum tscope_status tscope_coverage_new(const tscope_ledger *ledger, tscope_source_is_cut is_cut, void *user,
                                                       tscope_coverage **ret_coverage, struct tscope_error *err);
void tscope_coverage_free(tscope_coverage *coverage);
TSCOPE_DEFINE_AUTO(tscope_coverage)

/** NULL when there is no such log. */
const struct tscope_covered_log *tscope_coverage_log(const tscope_coverage *coverage, uint32_t tenant, enum tscope_log_category category);

/** True when the log is silent around a time, and at the same time of other weeks it is not. */
bool tscope_covered_log_has_gap(const struct tscope_covered_log *log, int64_t from, int64_t until);

#endif
