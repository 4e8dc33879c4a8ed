/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_DUMP_H
#define BENCH_DUMP_H

#include <stddef.h>
#include <stdint.h>

/**
 * @file What a process leaves in memory, made up: thirty per cent random bytes, a quarter zeros, a fifth words in UTF-16, the rest lines
 * of logs, in pieces of 4 KiB to 1 MiB; every hundred kilobytes a token. The same in every run.
 */

struct bench_dump {
    uint8_t *bytes;
    size_t len;
    size_t tokens; /* that were planted */
};

/** dense: one word in thirteen begins like a token and is none; else one in four hundred. */
void bench_dump_make(size_t len, int dense, struct bench_dump *ret_dump);
void bench_dump_clear(struct bench_dump *dump);

#endif
