/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include <openssl/opensslv.h>

#include "bench.h"
#include "counter.h"
#include "ways.h"

/**
 * @file Locks taken and memory asked for, a token, once everything is warm. Exact, so that one call more shows. To be run with
 * the counter in LD_PRELOAD; exit status 1 when a bar is missed.
 *
 * For bench/compare-counts: --plain prints "alg way rwlocks mutexes allocations" a line; --instructions counts nothing itself, but runs
 * each way of RS256 under callgrind's eyes and prints how many items it did; --made-with prints compiler and libcrypto.
 */

#define TEXT_OF(value) #value
#define TEXT(value) TEXT_OF(value)
#if defined(__clang__)
#define COMPILER "clang " TEXT(__clang_major__)
#else
#define COMPILER "gcc " TEXT(__GNUC__)
#endif

#define TOKENS 100
#define LOCKS_BAR 2
#define ALLOCATIONS_BAR 16

struct count {
    double locks, mutexes, allocations;
};

/* Over whole sets of keys a few runs are enough. */
static size_t
runs_of(const struct bench_way *way)
{
    return way->items > 1 ? 4 : TOKENS;
}

static void
warm_up(const struct bench_way *way)
{
    for (size_t i = 0; i < runs_of(way); i++) {
        if (!way->run(way->state, i))
            bench_fail("the outcome is wrong");
    }
}

static struct count
count_of(const struct bench_way *way)
{
    struct bench_counts before, after;
    double items = (double)(runs_of(way) * way->items);

    warm_up(way);
    bench_counter_read(&before);
    bench_counted_run(way, runs_of(way));
    bench_counter_read(&after);
    return (struct count){
        .locks = (double)(after.read_locks + after.write_locks - before.read_locks - before.write_locks) / items,
        .mutexes = (double)(after.mutexes - before.mutexes) / items,
        .allocations = (double)(after.allocations - before.allocations) / items,
    };
}

/* The bar is that of RS256: what libcrypto itself needs for other algorithms is not ours to lower. */
static bool
print_row(const char *alg, const struct bench_way *way, struct count count)
{
    bool is_barred = strcmp(alg, "RS256") == 0 && strcmp(way->id, "verdict") == 0;
    bool missed = is_barred && (count.locks > LOCKS_BAR || count.allocations > ALLOCATIONS_BAR);

    printf("%-8s %-44s %8.2f %8.2f %8.2f", alg, way->name, count.locks, count.mutexes, count.allocations);
    if (is_barred)
        printf("   <= %d locks, <= %d allocations%s", LOCKS_BAR, ALLOCATIONS_BAR, missed ? "  MISSED" : "");
    putchar('\n');
    return !missed;
}

static bool
count_alg(const char *alg, bool is_plain)
{
    struct bench_ways ways;
    bool ok = true;

    bench_ways_open(alg, TOKENS, &ways);
    for (size_t i = 0; i < ways.len; i++) {
        struct count count = count_of(&ways.ways[i]);

        if (is_plain)
            printf("%s %s %.4f %.4f %.4f\n", alg, ways.ways[i].id, count.locks, count.mutexes, count.allocations);
        else
            ok &= print_row(alg, &ways.ways[i], count);
    }
    bench_ways_close(&ways);
    return ok;
}

static void
run_for_callgrind(void)
{
    struct bench_ways ways;

    bench_ways_open("RS256", TOKENS, &ways);
    for (size_t i = 0; i < ways.len; i++) {
        warm_up(&ways.ways[i]);
        bench_counted_run(&ways.ways[i], runs_of(&ways.ways[i]));
        printf("RS256 %s %zu\n", ways.ways[i].id, runs_of(&ways.ways[i]) * ways.ways[i].items);
    }
    bench_ways_close(&ways);
}

int
main(int argc, char **argv)
{
    static const char *const algs[] = {"RS256", "PS256", "ES256", "EdDSA"};
    bool is_plain = argc == 2 && strcmp(argv[1], "--plain") == 0, ok = true;

    if (argc == 2 && strcmp(argv[1], "--made-with") == 0) {
        puts(COMPILER);
        puts("OpenSSL " TEXT(OPENSSL_VERSION_MAJOR) "." TEXT(OPENSSL_VERSION_MINOR));
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--instructions") == 0) {
        run_for_callgrind();
        return 0;
    }
    if (argc > 1 && !is_plain)
        bench_fail("usage: bench_counts [--plain | --instructions | --made-with]");
    if (!bench_counter_read)
        bench_fail("bench_counts is run with the counter in LD_PRELOAD");
    if (!is_plain)
        printf("%-8s %-44s %8s %8s %8s\n", "group", "calls a token", "rwlocks", "mutexes", "mallocs");
    for (size_t i = 0; i < sizeof(algs) / sizeof(algs[0]); i++)
        ok &= count_alg(algs[i], is_plain);
    return ok ? 0 : 1;
}
