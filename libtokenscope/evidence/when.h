/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_WHEN_H
#define TSCOPE_EVIDENCE_WHEN_H

#include <tokenscope/evidence.h>

#include "core/span.h"

/** @file Times as records of captures and logs write them. */

enum tscope_when {
    TSCOPE_WHEN_NONE,    /* no time */
    TSCOPE_WHEN_KNOWN,   /* one moment */
    TSCOPE_WHEN_ZONELESS /* a date and a time of day, of an unknown zone */
};

/**
 * Reads RFC 3339, an epoch in seconds, milli-, micro- or nanoseconds (which one, the year tells), the time of common logs
 * (10/Oct/2000:13:55:36 +0000), of HTTP (RFC 9110 section 5.6.7) and of syslog with a year. Of other years than 2000 to 2100 is none.
 *
 * @param is_utc    what documents the field says that it is UTC where no zone is given
 * @param ret_time  with KNOWN, seconds; with ZONELESS what it would be as UTC
 */
enum tscope_when tscope_when_read(struct tscope_span text, bool is_utc, int64_t *ret_time);

/** A name that records give to the time of what they record. */
struct tscope_when_field {
    const char *name;
    bool is_utc; /* the format that has this name documents it as UTC */
};

/** Which of the known names this is, the better the smaller; SIZE_MAX: none. */
size_t tscope_when_field_rank(struct tscope_span name);
const struct tscope_when_field *tscope_when_field_at(size_t rank);

#endif
