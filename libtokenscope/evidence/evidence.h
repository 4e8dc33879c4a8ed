/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_EVIDENCE_H
#define TSCOPE_EVIDENCE_EVIDENCE_H

#include "evidence/piece.h"

/** @file What is known of one piece of evidence while its streams are taken. */

#define TSCOPE_EVIDENCE_WARNINGS_MAX 1000 /* behind them one that says so */

struct tscope_lines_pass;
struct tscope_records_point;
struct tscope_level; /* an archive, and which of its members came last */

struct tscope_evidence {
    struct tscope_evidence_source source;
    struct tscope_evidence_options bounds; /* with all its members */
    tscope_piece *root;
    struct tscope_evidence_warning *warnings;
    size_t warnings_len;
    uint64_t inflated; /* of streams, so far */
    size_t streams;    /* handed out */
    struct tscope_level *levels;
    struct tscope_lines_pass *lines;    /* where the latest pass over lines ended */
    struct tscope_records_point *point; /* where the latest record of a place began */
};

TSCOPE_DEFINE_AUTO(tscope_evidence)

/** Notes a warning once for each id and member. words become part of the text; NULL when out of memory is the only failure. */
TSCOPE_MUST_USE enum tscope_status tscope_evidence_warn(struct tscope_evidence *evidence, const char *id, const char *member,
                                                        struct tscope_error *err, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
