/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/tokenscope.h>

#include "bench.h"
#include "raw.h"

/** @file Taking a token apart, as a share of verifying it. */

static bool
parse(void *state, size_t number)
{
    const struct bench_tokens *tokens = state;
    const struct bench_token *text = &tokens->tokens[number % tokens->len];
    tscope_token *token = NULL;

    if (tscope_token_parse((const uint8_t *)text->text, text->len, &token, NULL) != TSCOPE_OK)
        return false;
    tscope_token_free(token);
    return true;
}

static bool
parse_and_write(void *state, size_t number)
{
    const struct bench_tokens *tokens = state;
    const struct bench_token *text = &tokens->tokens[number % tokens->len];
    tscope_token *token = NULL;
    char *json = NULL;
    bool ok = tscope_token_parse((const uint8_t *)text->text, text->len, &token, NULL) == TSCOPE_OK &&
              tscope_token_json(token, 0, &json, NULL, NULL) == TSCOPE_OK;

    tscope_string_free(json);
    tscope_token_free(token);
    return ok;
}

int
main(int argc, char **argv)
{
    struct bench_options options;
    struct bench_tokens tokens;
    struct bench_raw raw;

    bench_options_read(argc, argv, &options);
    options.by_process = true; /* one thread does it all */
    bench_tokens_make("RS256", options.tokens, &tokens);
    bench_raw_open(&tokens, &raw);
    const struct bench_variant variants[] = {
        {"libcrypto alone, RS256", bench_raw_run, &raw, 0, BENCH_RATE, 0},
        {"token taken apart, places and duplicates kept", parse, &tokens, 0, BENCH_TIME, 0.08},
        {"the same, written as JSON", parse_and_write, &tokens, 0, BENCH_TIME, 0},
    };

    bench_compare(&options, "decode", variants, sizeof(variants) / sizeof(variants[0]));
    bench_raw_close(&raw);
    bench_tokens_clear(&tokens);
    return 0;
}
