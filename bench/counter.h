/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_COUNTER_H
#define BENCH_COUNTER_H

/** @file Counts of calls, exact and the same on every machine: put in front of the C library with LD_PRELOAD. */

struct bench_counts {
    unsigned long read_locks, write_locks, mutexes; /* taken */
    unsigned long allocations;                      /* malloc, calloc, realloc */
};

/** What was called so far in this process. Weak: NULL where the counter is not loaded. */
void bench_counter_read(struct bench_counts *ret_counts) __attribute__((weak));

#endif
