/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"
#include "examiner.h"
#include "raw.h"

/** @file A whole inspection against what libcrypto alone needs for the signature. */

static void
compare(const struct bench_options *options, const char *alg, double verdict_bar, double json_bar)
{
    struct bench_tokens tokens;
    struct bench_raw raw;
    struct bench_examiner examiner;

    bench_tokens_make(alg, options->tokens, &tokens);
    bench_raw_open(&tokens, &raw);
    bench_examiner_open(&tokens, &examiner);
    const struct bench_variant variants[] = {
        {"libcrypto alone: hash, EVP_PKEY_verify", bench_raw_run, &raw, 0, BENCH_RATE, 0},
        {"whole inspection, verdict only", bench_examiner_verdict, &examiner, 0, BENCH_RATE, verdict_bar},
        {"whole inspection with its report as JSON", bench_examiner_json, &examiner, 0, BENCH_RATE, json_bar},
    };

    bench_compare(options, alg, variants, sizeof(variants) / sizeof(variants[0]));
    bench_examiner_close(&examiner);
    bench_raw_close(&raw);
    bench_tokens_clear(&tokens);
}

int
main(int argc, char **argv)
{
    struct bench_options options;

    bench_options_read(argc, argv, &options);
    options.by_process = true; /* one thread does it all */
    compare(&options, "RS256", 0.85, 0.75);
    compare(&options, "PS256", 0.85, 0);
    compare(&options, "ES256", 0.93, 0);
    compare(&options, "EdDSA", 0.95, 0);
    return 0;
}
