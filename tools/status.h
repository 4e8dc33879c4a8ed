/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_STATUS_H
#define TOOLS_STATUS_H

#include <stdbool.h>
#include <stddef.h>

#include <tokenscope/status.h>

/** @file Exit statuses, and the one that stands for several items. 64 and above are those of sysexits.h. */

enum exit_status {
    EXIT_STATUS_OK = 0,           /* nothing bad */
    EXIT_STATUS_BAD = 1,          /* a verdict, a refusal, a failed vector */
    EXIT_STATUS_UNDECIDED = 2,    /* nothing bad, but not everything could be judged */
    EXIT_STATUS_USAGE = 64,       /* EX_USAGE */
    EXIT_STATUS_DATA = 65,        /* EX_DATAERR */
    EXIT_STATUS_NOT_FOUND = 66,   /* EX_NOINPUT */
    EXIT_STATUS_UNAVAILABLE = 69, /* EX_UNAVAILABLE */
    EXIT_STATUS_INTERNAL = 70,    /* EX_SOFTWARE */
    EXIT_STATUS_IO = 74,          /* EX_IOERR */
};

/** How often each exit status occurred. Starts as {0}. */
struct status_tally {
    size_t counts[EXIT_STATUS_IO + 1];
};

void status_note(struct status_tally *tally, enum exit_status status);

/** The gravest that occurred: the first of 70, 74, 1, 65, 66, 69, 2, 0. */
enum exit_status status_worst(const struct status_tally *tally);

/** The exit status of an error that the library reported. */
enum exit_status status_of(enum tscope_status status);

#endif
