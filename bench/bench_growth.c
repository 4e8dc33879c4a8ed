/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "examiner.h"
#include "keys/keyring.h"

/**
 * @file How time grows with what is given: keys of a set (read and indexed; looked up) and bytes of a token (taken apart; inspected). The
 * exponent is the slope of the line through the logarithms: 1 is time in proportion, 0 no growth at all.
 */

#define STEPS 5
#define SOUGHT 1024
#define DISTINCT 64

struct point {
    double size, seconds;
};

static void
print_growth(const char *what, const char *unit, const struct point points[STEPS])
{
    double mean_x = 0, mean_y = 0, above = 0, below = 0;

    for (size_t i = 0; i < STEPS; i++) {
        mean_x += log(points[i].size) / STEPS;
        mean_y += log(points[i].seconds) / STEPS;
    }
    for (size_t i = 0; i < STEPS; i++) {
        above += (log(points[i].size) - mean_x) * (log(points[i].seconds) - mean_y);
        below += (log(points[i].size) - mean_x) * (log(points[i].size) - mean_x);
    }
    printf("%-8s %-32s", "growth", what);
    for (size_t i = 0; i < STEPS; i++)
        printf("  %.6g: %.4g", points[i].size, points[i].seconds * 1e6);
    printf(" us for %s   exponent %.2f, last step %.2f\n", unit, above / below,
           log(points[STEPS - 1].seconds / points[STEPS - 2].seconds) / log(points[STEPS - 1].size / points[STEPS - 2].size));
    fflush(stdout);
}

/* All sizes by turns, so that a machine that slows down slows all of them: of the rounds the median. */
static void
measure(const struct bench_options *options, const char *what, const char *unit, bool (*run)(void *, size_t), void *states[STEPS],
        const double sizes[STEPS])
{
    struct bench_variant variants[STEPS];
    struct bench_result results[STEPS];
    struct point points[STEPS];

    for (size_t i = 0; i < STEPS; i++)
        variants[i] = (struct bench_variant){what, run, states[i], 0, BENCH_TIME, 0};
    bench_measure(options, variants, STEPS, results);
    for (size_t i = 0; i < STEPS; i++)
        points[i] = (struct point){sizes[i], 1 / results[i].rate};
    print_growth(what, unit, points);
}

/* ---- keys */

struct ring {
    char *jwks;
    size_t jwks_len, keys;
    tscope_keyring *keyring;
    char kids[SOUGHT][32];
};

static tscope_keyring *
load(const struct ring *ring)
{
    tscope_keyring *keyring = NULL;

    if (tscope_keyring_new(&keyring, NULL) != TSCOPE_OK ||
        tscope_keyring_add(keyring, (const uint8_t *)ring->jwks, ring->jwks_len, "bench", NULL, NULL, NULL) != TSCOPE_OK ||
        tscope_keyring_freeze(keyring, NULL) != TSCOPE_OK || tscope_keyring_count(keyring) != ring->keys)
        bench_fail("no keyring");
    return keyring;
}

static bool
load_ring(void *state, size_t number)
{
    (void)number;
    tscope_keyring_free(load(state));
    return true;
}

static bool
find_kid(void *state, size_t number)
{
    const struct ring *ring = state;
    uint32_t cursor = 0;

    return tscope_keyring_next_by_kid(ring->keyring, tscope_span_text(ring->kids[number % SOUGHT]), &cursor) != NULL;
}

static void
grow_keys(const struct bench_options *options)
{
    static struct ring rings[STEPS];
    void *states[STEPS];
    double sizes[STEPS];
    size_t keys = 10;

    for (size_t i = 0; i < STEPS; i++, keys *= 10) {
        rings[i].keys = keys;
        rings[i].jwks = bench_jwks_make(keys, &rings[i].jwks_len);
        rings[i].keyring = load(&rings[i]);
        for (size_t k = 0; k < SOUGHT; k++)
            snprintf(rings[i].kids[k], sizeof(rings[i].kids[k]), "%s",
                     tscope_key_kid(tscope_keyring_key(rings[i].keyring, k * 7919 % keys)));
        states[i] = &rings[i];
        sizes[i] = (double)keys;
    }
    measure(options, "keys read and indexed", "the set", load_ring, states, sizes);
    measure(options, "a kid found among keys", "one", find_kid, states, sizes);
    for (size_t i = 0; i < STEPS; i++) {
        tscope_keyring_free(rings[i].keyring);
        free(rings[i].jwks);
    }
}

/* ---- bytes of a token */

struct sized {
    struct bench_tokens tokens;
    struct bench_examiner examiner;
};

static bool
parse(void *state, size_t number)
{
    const struct sized *sized = state;
    const struct bench_token *text = &sized->tokens.tokens[number % DISTINCT];
    tscope_token *token = NULL;

    if (tscope_token_parse((const uint8_t *)text->text, text->len, &token, NULL) != TSCOPE_OK)
        return false;
    tscope_token_free(token);
    return true;
}

static bool
inspect(void *state, size_t number)
{
    static const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = BENCH_NOW};
    struct sized *sized = state;
    const struct bench_token *text = &sized->tokens.tokens[number % DISTINCT];

    return tscope_inspect(sized->examiner.inspector, (const uint8_t *)text->text, text->len, &moment, &sized->examiner.report, NULL) ==
           TSCOPE_OK;
}

static void
grow_tokens(const struct bench_options *options)
{
    static const size_t asked[STEPS] = {240, 1000, 4000, 16000, 64000};
    static struct sized sized[STEPS];
    void *states[STEPS];
    double sizes[STEPS];

    for (size_t i = 0; i < STEPS; i++) {
        bench_tokens_make("ES256", DISTINCT, &sized[i].tokens);
        for (size_t t = 0; t < DISTINCT; t++) {
            bench_token_clear(&sized[i].tokens.tokens[t]);
            bench_token_sized(&sized[i].tokens, asked[i], &sized[i].tokens.tokens[t]);
        }
        bench_examiner_open(&sized[i].tokens, &sized[i].examiner);
        states[i] = &sized[i];
        sizes[i] = (double)sized[i].tokens.tokens[0].len;
    }
    measure(options, "bytes of a token taken apart", "one", parse, states, sizes);
    measure(options, "bytes of an ES256 token inspected", "one", inspect, states, sizes);
    for (size_t i = 0; i < STEPS; i++) {
        bench_examiner_close(&sized[i].examiner);
        bench_tokens_clear(&sized[i].tokens);
    }
}

int
main(int argc, char **argv)
{
    struct bench_options options;

    bench_options_read(argc, argv, &options);
    options.by_process = true; /* one thread does it all */
    grow_keys(&options);
    grow_tokens(&options);
    return 0;
}
