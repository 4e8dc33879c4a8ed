/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Between two looks at the clock this much time passes, so that looking costs nothing that shows. */
#define LOOK_EVERY 50e-6

_Noreturn void
bench_fail(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(70);
}

void *
bench_alloc(size_t size)
{
    void *memory = malloc(size ? size : 1);

    if (!memory)
        bench_fail("out of memory");
    return memory;
}

static _Noreturn void
usage(const char *program)
{
    fprintf(stderr, "usage: %s [--rounds N] [--slice MS] [--tokens N] [operand]...\n", program);
    exit(64);
}

int
bench_options_read(int argc, char **argv, struct bench_options *ret_options)
{
    int at = 1;

    *ret_options = (struct bench_options){.rounds = 30, .tokens = 2000, .slice = 0.020};
    for (; at < argc && strncmp(argv[at], "--", 2) == 0; at += 2) {
        double value = at + 1 < argc ? strtod(argv[at + 1], NULL) : 0;

        if (strcmp(argv[at], "--rounds") == 0 && value >= 1 && value <= 1000)
            ret_options->rounds = (size_t)value;
        else if (strcmp(argv[at], "--tokens") == 0 && value >= 1 && value <= 1e6)
            ret_options->tokens = (size_t)value;
        else if (strcmp(argv[at], "--slice") == 0 && value > 0 && value <= 10000)
            ret_options->slice = value / 1000;
        else
            usage(argv[0]);
    }
    return at;
}

static double
now(const struct bench_options *options)
{
    struct timespec time;

    clock_gettime(options->by_process ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int
compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

/* The value below which this share of the sorted values lies. */
static double
quantile(const double *sorted, size_t len, double share)
{
    double place = share * (double)(len - 1);
    size_t below = (size_t)place;

    if (below + 1 >= len)
        return sorted[len - 1];
    return sorted[below] + (place - (double)below) * (sorted[below + 1] - sorted[below]);
}

/* A variant while it is measured. */
struct lane {
    const struct bench_variant *variant;
    size_t number; /* of the next item */
    size_t stride; /* runs between two looks at the clock */
    double *rates; /* one a round */
    double *ratios;
};

static void
run_some(struct lane *lane, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!lane->variant->run(lane->variant->state, lane->number++)) {
            fprintf(stderr, "bench: %s\n", lane->variant->name);
            bench_fail("the outcome is wrong");
        }
    }
}

/* Items a second over one slice, which ends at the first look behind its time. */
static double
run_slice(struct lane *lane, const struct bench_options *options)
{
    double start = now(options), elapsed;
    size_t done = 0;

    do {
        run_some(lane, lane->stride);
        done += lane->stride;
        elapsed = now(options) - start;
    } while (elapsed < options->slice);
    return (double)done * (lane->variant->units > 0 ? lane->variant->units : 1) / elapsed;
}

/* Finds the stride, and fills caches and contexts on the way. */
static void
warm_up(struct lane *lane, const struct bench_options *options)
{
    double start = now(options), elapsed;
    size_t done = 0;

    lane->stride = 1;
    do {
        run_some(lane, 1);
        done++;
        elapsed = now(options) - start;
    } while (elapsed < options->slice);
    if (elapsed / (double)done < LOOK_EVERY)
        lane->stride = (size_t)(LOOK_EVERY * (double)done / elapsed) + 1;
}

static struct bench_result
result_of(struct lane *lane, size_t rounds)
{
    qsort(lane->rates, rounds, sizeof(*lane->rates), compare_doubles);
    qsort(lane->ratios, rounds, sizeof(*lane->ratios), compare_doubles);
    return (struct bench_result){
        .rate = quantile(lane->rates, rounds, 0.5),
        .ratio = quantile(lane->ratios, rounds, 0.5),
        .quarter = quantile(lane->ratios, rounds, 0.25),
        .quarter3 = quantile(lane->ratios, rounds, 0.75),
    };
}

/* Under the heading that bench/run prints. */
static void
print_row(const char *group, const struct bench_variant *variant, const struct bench_result *result)
{
    bool is_time = variant->ratio == BENCH_TIME;
    double ratio = is_time ? 1 / result->ratio : result->ratio;
    double low = is_time ? 1 / result->quarter3 : result->quarter, high = is_time ? 1 / result->quarter : result->quarter3;

    printf("%-8s %-44s %10.0f %9.2f  %s %7.3f %.3f-%.3f  ", group, variant->name, result->rate, 1e6 / result->rate,
           is_time ? "time" : "rate", ratio, low, high);
    if (variant->bar > 0)
        printf(" %s %.3f%s", is_time ? "<=" : ">=", variant->bar,
               (is_time ? ratio <= variant->bar : ratio >= variant->bar) ? "" : "  MISSED");
    putchar('\n');
    fflush(stdout);
}

void
bench_measure(const struct bench_options *options, const struct bench_variant *variants, size_t variants_len,
              struct bench_result *ret_results)
{
    struct lane *lanes = bench_alloc(variants_len * sizeof(*lanes));
    double *values = bench_alloc(variants_len * options->rounds * 2 * sizeof(*values));

    for (size_t v = 0; v < variants_len; v++) {
        lanes[v] = (struct lane){.variant = &variants[v]};
        lanes[v].rates = values + v * 2 * options->rounds;
        lanes[v].ratios = lanes[v].rates + options->rounds;
        warm_up(&lanes[v], options);
    }
    for (size_t round = 0; round < options->rounds; round++) {
        for (size_t v = 0; v < variants_len; v++) {
            lanes[v].rates[round] = run_slice(&lanes[v], options);
            lanes[v].ratios[round] = lanes[v].rates[round] / lanes[0].rates[round];
        }
    }
    for (size_t v = 0; v < variants_len; v++)
        ret_results[v] = result_of(&lanes[v], options->rounds);
    free(values);
    free(lanes);
}

void
bench_compare(const struct bench_options *options, const char *group, const struct bench_variant *variants, size_t variants_len)
{
    struct bench_result *results = bench_alloc(variants_len * sizeof(*results));

    bench_measure(options, variants, variants_len, results);
    for (size_t v = 0; v < variants_len; v++)
        print_row(group, &variants[v], &results[v]);
    free(results);
}
