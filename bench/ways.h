/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_WAYS_H
#define BENCH_WAYS_H

#include "examiner.h"
#include "raw.h"

/** @file What is counted rather than timed: the ways of the hot path, each as a function to be called once everything is warm. */

struct bench_way {
    const char *id, *name;
    /** Does the work on the item of that number; false when the outcome is wrong. */
    bool (*run)(void *state, size_t number);
    void *state;
    size_t items; /* that one run does */
};

#define BENCH_WAYS_MAX 8

struct bench_ways {
    struct bench_way ways[BENCH_WAYS_MAX];
    size_t len;
    struct bench_tokens tokens;
    struct bench_raw raw;
    struct bench_examiner examiner;
    struct bench_memory *memory; /* of what only RS256 is counted for; NULL otherwise */
    struct bench_rows *rows;
    struct bench_set *set;
};

/** All ways for RS256; for other algorithms those in which they differ. */
void bench_ways_open(const char *alg, size_t tokens, struct bench_ways *ret_ways);
void bench_ways_close(struct bench_ways *ways);

/** Runs a way over the items from 0 to count. Its name is what callgrind starts and stops at: nothing else calls it. */
void bench_counted_run(const struct bench_way *way, size_t count);

#endif
