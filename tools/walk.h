/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_WALK_H
#define TOOLS_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "status.h"

/**
 * @file Evidence files found and opened: read only, without a trace in their access times where that is allowed, in the order of their
 * names. Within folders no link is followed and nothing special (pipes, sockets, devices) is opened; what is named by itself is taken as
 * what it is.
 */

/** What was passed over, and how often. */
struct walk_skips {
    size_t links, special, own; /* own: the case file itself */
};

struct walk {
    /** Takes a file, whose descriptor is then its own. False: no more are wanted. */
    bool (*take)(void *user, const char *path, int descriptor);
    void *user;
    const struct stat *own; /* a file that is passed over; NULL: none */
    const char *own_name;   /* its name, with which those begin that SQLite keeps beside it */
    struct walk_skips skips;
    struct status_tally *tally; /* of what cannot be opened, after a message */
    uint64_t bytes;             /* of walk_measure() */
};

/** A file, or all files of a folder and those in it; "-" is standard input. False: no more are wanted. */
bool walk_operand(struct walk *walk, const char *path);

/** The bytes of the same files, for an estimate: nothing is opened but folders. */
uint64_t walk_measure(const char *path);

#endif
