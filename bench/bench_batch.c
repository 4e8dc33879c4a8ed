/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/tokenscope.h>

#include "bench.h"
#include "examiner.h"

/** @file Many tokens: of which nine in ten were there before, with and without memory, on one thread and on two. */

#define REPEATS 10
#define SEEN 1780300000

struct batch {
    const struct bench_tokens *tokens;
    tscope_batch *batch;
    uint64_t wrong;
};

static void
count_wrong(void *user, const struct tscope_batch_answer *answer)
{
    struct batch *batch = user;

    batch->wrong += answer->status != TSCOPE_OK || answer->verdict != TSCOPE_VERDICT_VALID;
}

/*
 * A token at a moment is one item. In each ten items one is new and nine are of earlier ten, so that every slice has the same share
 * of both.
 */
static bool
add_token(void *state, size_t number)
{
    struct batch *batch = state;
    size_t back = number % REPEATS * 37;
    size_t pair = number / REPEATS > back ? number / REPEATS - back : 0;
    const struct bench_token *token = &batch->tokens->tokens[pair % batch->tokens->len];
    const struct tscope_batch_item item = {
        .bytes = (const uint8_t *)token->text,
        .bytes_len = token->len,
        .moment = {.seen = SEEN + (int64_t)(pair / batch->tokens->len % 3000), .now = BENCH_NOW},
    };

    return tscope_batch_add(batch->batch, &item, NULL) == TSCOPE_OK && batch->wrong == 0;
}

static void
open_batch(const struct bench_examiner *examiner, unsigned flags, unsigned threads, struct batch *batch)
{
    const struct tscope_batch_options options = {
        .size = sizeof(options), .flags = flags, .threads = threads, .deliver = count_wrong, .user = batch};

    *batch = (struct batch){.tokens = examiner->tokens};
    if (tscope_batch_new(examiner->inspector, &options, &batch->batch, NULL) != TSCOPE_OK)
        bench_fail("no batch");
}

int
main(int argc, char **argv)
{
    struct bench_options options;
    struct bench_tokens tokens;
    struct bench_examiner examiner;
    struct batch plain, memory, json, json_memory, two;

    bench_options_read(argc, argv, &options);
    bench_tokens_make("RS256", options.tokens, &tokens);
    bench_examiner_open(&tokens, &examiner);
    open_batch(&examiner, 0, 1, &plain);
    open_batch(&examiner, TSCOPE_BATCH_MEMORY, 1, &memory);
    open_batch(&examiner, TSCOPE_BATCH_JSON, 1, &json);
    open_batch(&examiner, TSCOPE_BATCH_JSON | TSCOPE_BATCH_MEMORY, 1, &json_memory);
    open_batch(&examiner, 0, 2, &two);
    const struct bench_variant variants[] = {
        {"verdicts, each token judged", add_token, &plain, 0, BENCH_RATE, 0},
        {"verdicts, repeated tokens from memory", add_token, &memory, 0, BENCH_RATE, 6},
        {"verdicts, each token judged, two threads", add_token, &two, 0, BENCH_RATE, 1.7},
        {"JSON, each token judged", add_token, &json, 0, BENCH_RATE, 0},
        {"JSON, repeated tokens from memory", add_token, &json_memory, 0, BENCH_RATE, 0},
    };

    bench_compare(&options, "batch", variants, sizeof(variants) / sizeof(variants[0]));
    tscope_batch_free(plain.batch);
    tscope_batch_free(memory.batch);
    tscope_batch_free(json.batch);
    tscope_batch_free(json_memory.batch);
    tscope_batch_free(two.batch);
    bench_examiner_close(&examiner);
    bench_tokens_clear(&tokens);
    return 0;
}
