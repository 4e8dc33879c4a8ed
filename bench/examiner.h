/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_EXAMINER_H
#define BENCH_EXAMINER_H

#include <stdbool.h>

#include <tokenscope/tokenscope.h>

#include "tokens.h"

/** @file The library as a program uses it: the built-in key history and a key set of twelve, one inspector, one report used again. */

struct bench_examiner {
    const struct bench_tokens *tokens;
    tscope_keyring *keyring;
    tscope_profile *profile;
    tscope_inspector *inspector;
    tscope_report *report;
};

void bench_examiner_open(const struct bench_tokens *tokens, struct bench_examiner *ret_examiner);
void bench_examiner_close(struct bench_examiner *examiner);

/** Inspects the token of that number, all checks; true when the verdict is "valid". state is a struct bench_examiner. */
bool bench_examiner_verdict(void *state, size_t number);
/** The same, and writes the report as one line of JSON. */
bool bench_examiner_json(void *state, size_t number);

#endif
