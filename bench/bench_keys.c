/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <tokenscope/tokenscope.h>

#include "bench.h"
#include "raw.h"

/** @file Keys read and indexed. A key's share of a verification says what a set costs on any machine: 100 ms for 10,000 keys are about
 * 0.65. */

#define LARGE 10000
#define SMALL 100

struct set {
    char *jwks;
    size_t jwks_len, keys;
};

static bool
load_set(void *state, size_t number)
{
    const struct set *set = state;
    tscope_keyring *keyring = NULL;
    struct tscope_keys_added added = {0};
    bool ok = tscope_keyring_new(&keyring, NULL) == TSCOPE_OK &&
              tscope_keyring_add(keyring, (const uint8_t *)set->jwks, set->jwks_len, "bench", NULL, &added, NULL) == TSCOPE_OK &&
              tscope_keyring_freeze(keyring, NULL) == TSCOPE_OK && added.keys == set->keys && added.unusable == 0;

    (void)number;
    tscope_keyring_free(keyring);
    return ok;
}

static bool
load_embedded(void *state, size_t number)
{
    tscope_keyring *keyring = NULL;
    bool ok = tscope_keyring_new(&keyring, NULL) == TSCOPE_OK && tscope_keyring_add_embedded(keyring, NULL) == TSCOPE_OK &&
              tscope_keyring_freeze(keyring, NULL) == TSCOPE_OK;

    (void)state;
    (void)number;
    tscope_keyring_free(keyring);
    return ok;
}

int
main(int argc, char **argv)
{
    struct bench_options options;
    struct bench_tokens tokens;
    struct bench_raw raw;
    struct set large = {.keys = LARGE}, small = {.keys = SMALL};

    bench_options_read(argc, argv, &options);
    options.by_process = true; /* one thread does it all */
    bench_tokens_make("RS256", 100, &tokens);
    bench_raw_open(&tokens, &raw);
    large.jwks = bench_jwks_make(large.keys, &large.jwks_len);
    small.jwks = bench_jwks_make(small.keys, &small.jwks_len);
    const struct bench_variant variants[] = {
        {"libcrypto alone, RS256", bench_raw_run, &raw, 0, BENCH_RATE, 0},
        {"a key of a set of 10,000 read and indexed", load_set, &large, LARGE, BENCH_TIME, 0.65},
        {"a key of a set of 100 read and indexed", load_set, &small, SMALL, BENCH_TIME, 0},
        {"the built-in history made ready", load_embedded, NULL, 0, BENCH_TIME, 0},
    };

    bench_compare(&options, "keys", variants, sizeof(variants) / sizeof(variants[0]));
    free(large.jwks);
    free(small.jwks);
    bench_raw_close(&raw);
    bench_tokens_clear(&tokens);
    return 0;
}
