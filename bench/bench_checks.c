/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "bench.h"
#include "examiner.h"
#include "inspect/inspection.h"
#include "raw.h"

/** @file All rows of the tables over a token that is decoded and resolved already. The only one that looks inside the library. */

#define REPORTS 200

struct judged {
    tscope_report *reports[REPORTS];
    const struct tscope_check_plan *plan;
    struct tscope_arena arena;
    struct tscope_findings *findings;
};

static void
judge_all(struct bench_examiner *examiner, struct judged *judged)
{
    for (size_t i = 0; i < REPORTS; i++) {
        if (!bench_examiner_verdict(examiner, i))
            bench_fail("a token is not found valid");
        judged->reports[i] = examiner->report;
        examiner->report = NULL;
    }
    judged->plan = &examiner->inspector->plan;
    judged->findings = bench_alloc(sizeof(*judged->findings));
}

static bool
run_checks(void *state, size_t number)
{
    struct judged *judged = state;
    tscope_subject subject = judged->reports[number % REPORTS]->root.deciding->subject;

    tscope_arena_reset(&judged->arena, SIZE_MAX);
    subject.arena = judged->findings->arena = &judged->arena;
    judged->findings->found_len = judged->findings->unknown_len = 0;
    return tscope_checks_run(judged->plan, &subject, judged->findings) == TSCOPE_OK;
}

int
main(int argc, char **argv)
{
    struct bench_options options;
    struct bench_tokens tokens;
    struct bench_raw raw;
    struct bench_examiner examiner;
    struct judged judged = {0};

    bench_options_read(argc, argv, &options);
    options.by_process = true; /* one thread does it all */
    bench_tokens_make("RS256", REPORTS, &tokens);
    bench_raw_open(&tokens, &raw);
    bench_examiner_open(&tokens, &examiner);
    judge_all(&examiner, &judged);
    const struct bench_variant variants[] = {
        {"libcrypto alone, RS256", bench_raw_run, &raw, 0, BENCH_RATE, 0},
        {"all checks over a token already decoded", run_checks, &judged, 0, BENCH_TIME, 0.07},
    };

    bench_compare(&options, "checks", variants, sizeof(variants) / sizeof(variants[0]));
    for (size_t i = 0; i < REPORTS; i++)
        tscope_report_free(judged.reports[i]);
    tscope_arena_clear(&judged.arena);
    free(judged.findings);
    bench_examiner_close(&examiner);
    bench_raw_close(&raw);
    bench_tokens_clear(&tokens);
    return 0;
}
