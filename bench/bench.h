/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file Compares ways of doing the same work on a machine that is never quiet: all of them run by turns in short slices, and
 * a ratio is the median of the ratios of each round to the reference's slice of that very round. Rates are only for scale.
 */

enum bench_ratio {
    BENCH_RATE, /* its rate against the reference's; the bar is the least */
    BENCH_TIME, /* its time against the reference's; the bar is the most */
};

/** One way. The first of a group is its reference. */
struct bench_variant {
    const char *name;
    /** Does the work once, on the item of that number (counted up, for ever); false when the outcome is wrong. */
    bool (*run)(void *state, size_t number);
    void *state;
    double units; /* items that one run does, such as keys of a set; 0 means 1 */
    enum bench_ratio ratio;
    double bar; /* 0: none */
};

struct bench_result {
    double rate;              /* items a second, median of rounds */
    double ratio;             /* rate to the reference's, median of rounds */
    double quarter, quarter3; /* the middle half of the rounds' ratios lies between */
};

struct bench_options {
    size_t rounds, tokens;
    double slice;    /* seconds */
    bool by_process; /* time is this process's own, of all its threads, so that others on the machine do not count; false: the wall's */
};

/** Reads --rounds N, --slice MS and --tokens N; ends the program with 64 on anything else. Returns the index of the first operand. */
int bench_options_read(int argc, char **argv, struct bench_options *ret_options);

/** Runs a group; a result for each variant. Ends the program with 70 when an outcome is wrong. */
void bench_measure(const struct bench_options *options, const struct bench_variant *variants, size_t variants_len,
                   struct bench_result *ret_results);

/** Runs a group and prints a row for each variant. Ends the program with 70 when an outcome is wrong. */
void bench_compare(const struct bench_options *options, const char *group, const struct bench_variant *variants, size_t variants_len);

/** Ends the program with 70 after a line on standard error. */
_Noreturn void bench_fail(const char *what);

/** malloc that does not come back without memory. */
void *bench_alloc(size_t size);

#endif
