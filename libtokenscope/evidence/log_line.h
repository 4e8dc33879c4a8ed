/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_LOG_LINE_H
#define TSCOPE_EVIDENCE_LOG_LINE_H

#include "evidence/locating.h"
#include "evidence/when.h"

/** @file One line of a log: of nginx and Apache, of Envoy, of syslog, and whatever else has a time and perhaps a request in it. */

struct tscope_log_line {
    struct tscope_span time;
    enum tscope_when when;
    int64_t seconds;
    const char *unsure;                /* why when is not KNOWN */
    struct tscope_span method, target; /* of an HTTP request; empty: none */
    unsigned status;
    size_t quoted;  /* where the quoted fields behind the request begin */
    bool is_common; /* nginx and Apache: referrer and user agent follow */
};

/** True when there is a time in the line. */
bool tscope_log_line_read(struct tscope_span line, struct tscope_log_line *ret_line);

TSCOPE_MUST_USE enum tscope_status tscope_log_locate(struct tscope_locating *locating, struct tscope_error *err);

#endif
