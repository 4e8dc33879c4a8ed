/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_WORKERS_H
#define TOOLS_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

/** @file Work that several threads do, and whose outcomes one takes in their order: the same output with any number of threads. */

struct workers_job {
    void *user;
    size_t count;        /* pieces of work, numbered from 0 */
    unsigned threads;    /* 1: the caller's own */
    size_t outcome_size; /* of one outcome, zeroed before it is worked out */
    /** Works one out; neighbours mostly fall to the same worker, numbered from 0. */
    void (*work)(void *user, unsigned worker, size_t number, void *outcome);
    /** On the caller's thread, in order. False: nothing more is wanted. */
    bool (*take)(void *user, size_t number, void *outcome);
    void (*clear)(void *outcome); /* of each that was worked out, taken or not */
};

/** Threads that cannot be started are done without. */
void workers_run(const struct workers_job *job);

#endif
