/* SPDX-License-Identifier: Apache-2.0 */
#include "ways.h"

#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "inspect/inspection.h"

#define SEEN 1780300000
#define SET_KEYS 100

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

/* ---- all checks over what is decoded and resolved */

struct bench_rows {
    tscope_report **reports;
    size_t len;
    const struct tscope_check_plan *plan;
    struct tscope_arena arena;
    struct tscope_findings findings;
};

static struct bench_rows *
rows_open(struct bench_examiner *examiner)
{
    struct bench_rows *rows = bench_alloc(sizeof(*rows));

    memset(rows, 0, sizeof(*rows));
    rows->len = examiner->tokens->len;
    rows->plan = &examiner->inspector->plan;
    rows->reports = bench_alloc(rows->len * sizeof(*rows->reports));
    for (size_t i = 0; i < rows->len; i++) {
        if (!bench_examiner_verdict(examiner, i))
            bench_fail("a token is not found valid");
        rows->reports[i] = examiner->report;
        examiner->report = NULL;
    }
    return rows;
}

static void
rows_close(struct bench_rows *rows)
{
    if (!rows)
        return;
    for (size_t i = 0; i < rows->len; i++)
        tscope_report_free(rows->reports[i]);
    tscope_arena_clear(&rows->arena);
    free(rows->reports);
    free(rows);
}

static bool
run_checks(void *state, size_t number)
{
    struct bench_rows *rows = state;
    tscope_subject subject = rows->reports[number % rows->len]->root.deciding->subject;

    tscope_arena_reset(&rows->arena, SIZE_MAX);
    subject.arena = rows->findings.arena = &rows->arena;
    rows->findings.found_len = rows->findings.unknown_len = 0;
    return tscope_checks_run(rows->plan, &subject, &rows->findings) == TSCOPE_OK;
}

/* ---- a batch that has seen every token before */

struct bench_memory {
    const struct bench_tokens *tokens;
    tscope_batch *batch;
    size_t wrong;
};

static void
count_wrong(void *user, const struct tscope_batch_answer *answer)
{
    struct bench_memory *memory = user;

    memory->wrong += answer->status != TSCOPE_OK || answer->verdict != TSCOPE_VERDICT_VALID;
}

static struct bench_memory *
memory_open(const struct bench_examiner *examiner)
{
    struct bench_memory *memory = bench_alloc(sizeof(*memory));
    const struct tscope_batch_options options = {
        .size = sizeof(options), .flags = TSCOPE_BATCH_MEMORY, .threads = 1, .deliver = count_wrong, .user = memory};

    *memory = (struct bench_memory){.tokens = examiner->tokens};
    if (tscope_batch_new(examiner->inspector, &options, &memory->batch, NULL) != TSCOPE_OK)
        bench_fail("no batch");
    return memory;
}

static void
memory_close(struct bench_memory *memory)
{
    if (!memory)
        return;
    tscope_batch_free(memory->batch);
    free(memory);
}

/* Whole rounds are counted, so that what a batch still holds back at the end of one does not blur them. */
static bool
answer_again(void *state, size_t number)
{
    struct bench_memory *memory = state;
    const struct bench_token *token = &memory->tokens->tokens[number % memory->tokens->len];
    const struct tscope_batch_item item = {
        .bytes = (const uint8_t *)token->text, .bytes_len = token->len, .moment = {.seen = SEEN, .now = BENCH_NOW}};

    if (tscope_batch_add(memory->batch, &item, NULL) != TSCOPE_OK)
        return false;
    return (number + 1) % memory->tokens->len != 0 || (tscope_batch_flush(memory->batch, NULL) == TSCOPE_OK && memory->wrong == 0);
}

/* ---- keys of a set read and indexed */

struct bench_set {
    char *jwks;
    size_t jwks_len;
};

static struct bench_set *
set_open(void)
{
    struct bench_set *set = bench_alloc(sizeof(*set));

    set->jwks = bench_jwks_make(SET_KEYS, &set->jwks_len);
    return set;
}

static void
set_close(struct bench_set *set)
{
    if (!set)
        return;
    free(set->jwks);
    free(set);
}

static bool
load_set(void *state, size_t number)
{
    const struct bench_set *set = state;
    tscope_keyring *keyring = NULL;
    struct tscope_keys_added added = {0};
    bool ok = tscope_keyring_new(&keyring, NULL) == TSCOPE_OK &&
              tscope_keyring_add(keyring, (const uint8_t *)set->jwks, set->jwks_len, "bench", NULL, &added, NULL) == TSCOPE_OK &&
              tscope_keyring_freeze(keyring, NULL) == TSCOPE_OK && added.keys == SET_KEYS && added.unusable == 0;

    (void)number;
    tscope_keyring_free(keyring);
    return ok;
}

/* ---- all of them */

static void
add_way(struct bench_ways *ways, const char *id, const char *name, bool (*run)(void *, size_t), void *state, size_t items)
{
    ways->ways[ways->len++] = (struct bench_way){id, name, run, state, items};
}

void
bench_ways_open(const char *alg, size_t tokens, struct bench_ways *ret_ways)
{
    struct bench_ways *ways = ret_ways;

    *ways = (struct bench_ways){0};
    bench_tokens_make(alg, tokens, &ways->tokens);
    bench_raw_open(&ways->tokens, &ways->raw);
    bench_examiner_open(&ways->tokens, &ways->examiner);
    add_way(ways, "libcrypto", "libcrypto alone", bench_raw_run, &ways->raw, 1);
    add_way(ways, "verdict", "whole inspection, verdict only", bench_examiner_verdict, &ways->examiner, 1);
    add_way(ways, "json", "whole inspection with its report as JSON", bench_examiner_json, &ways->examiner, 1);
    if (strcmp(alg, "RS256") != 0)
        return;
    ways->rows = rows_open(&ways->examiner);
    ways->memory = memory_open(&ways->examiner);
    ways->set = set_open();
    add_way(ways, "decode", "token taken apart", parse, &ways->tokens, 1);
    add_way(ways, "checks", "all checks over a token already decoded", run_checks, ways->rows, 1);
    add_way(ways, "memory", "batch, token answered from memory", answer_again, ways->memory, 1);
    add_way(ways, "key", "a key of a set of 100 read and indexed", load_set, ways->set, SET_KEYS);
}

void
bench_ways_close(struct bench_ways *ways)
{
    set_close(ways->set);
    memory_close(ways->memory);
    rows_close(ways->rows);
    bench_examiner_close(&ways->examiner);
    bench_raw_close(&ways->raw);
    bench_tokens_clear(&ways->tokens);
}

__attribute__((noinline)) void
bench_counted_run(const struct bench_way *way, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!way->run(way->state, i))
            bench_fail("the outcome is wrong");
    }
}
