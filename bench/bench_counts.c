/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "counter.h"
#include "examiner.h"
#include "raw.h"

/**
 * @file Locks taken and memory asked for, a token, once everything is warm. Exact, so that one call more shows. To be run with
 * the counter in LD_PRELOAD; exit status 1 when a bar is missed.
 */

#define TOKENS 100
#define LOCKS_BAR 2
#define ALLOCATIONS_BAR 16

struct count {
    double locks, mutexes, allocations;
};

static struct count
count_of(bool (*run)(void *state, size_t number), void *state)
{
    struct bench_counts before, after;

    for (size_t i = 0; i < TOKENS; i++) {
        if (!run(state, i))
            bench_fail("the outcome is wrong");
    }
    bench_counter_read(&before);
    for (size_t i = 0; i < TOKENS; i++)
        run(state, i);
    bench_counter_read(&after);
    return (struct count){
        .locks = (double)(after.read_locks + after.write_locks - before.read_locks - before.write_locks) / TOKENS,
        .mutexes = (double)(after.mutexes - before.mutexes) / TOKENS,
        .allocations = (double)(after.allocations - before.allocations) / TOKENS,
    };
}

static bool
print_row(const char *alg, const char *name, struct count count, bool is_barred)
{
    bool missed = is_barred && (count.locks > LOCKS_BAR || count.allocations > ALLOCATIONS_BAR);

    printf("%-8s %-44s %8.2f %8.2f %8.2f", alg, name, count.locks, count.mutexes, count.allocations);
    if (is_barred)
        printf("   <= %d locks, <= %d allocations%s", LOCKS_BAR, ALLOCATIONS_BAR, missed ? "  MISSED" : "");
    putchar('\n');
    return !missed;
}

static bool
count_alg(const char *alg)
{
    struct bench_tokens tokens;
    struct bench_raw raw;
    struct bench_examiner examiner;
    bool ok;

    bench_tokens_make(alg, TOKENS, &tokens);
    bench_raw_open(&tokens, &raw);
    bench_examiner_open(&tokens, &examiner);
    print_row(alg, "libcrypto alone", count_of(bench_raw_run, &raw), false);
    /* the bar is that of RS256: what libcrypto itself needs for other algorithms is not ours to lower */
    ok = print_row(alg, "whole inspection, verdict only", count_of(bench_examiner_verdict, &examiner), strcmp(alg, "RS256") == 0);
    print_row(alg, "whole inspection with its report as JSON", count_of(bench_examiner_json, &examiner), false);
    bench_examiner_close(&examiner);
    bench_raw_close(&raw);
    bench_tokens_clear(&tokens);
    return ok;
}

int
main(void)
{
    static const char *const algs[] = {"RS256", "PS256", "ES256", "EdDSA"};
    bool ok = true;

    if (!bench_counter_read)
        bench_fail("bench_counts is run with the counter in LD_PRELOAD");
    printf("%-8s %-44s %8s %8s %8s\n", "group", "calls a token", "rwlocks", "mutexes", "mallocs");
    for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++)
        ok &= count_alg(algs[i]);
    return ok ? 0 : 1;
}
