/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "keys/keyring.h"
#include "raw.h"

/**
 * @file Keys found by kid and by thumbprint among ever more of them: a row for each size, as a share of one verification. Flat but for
 * what memory costs that no cache holds. The kids asked for are spread over the whole set, and each second one is not there.
 */

#define SIZES 5
#define SOUGHT 1024

struct ring {
    tscope_keyring *keyring;
    char kids[SOUGHT][32];
    uint8_t thumbprints[SOUGHT][32];
    size_t keys;
};

static void
open_ring(struct ring *ring, size_t keys)
{
    size_t jwks_len;
    char *jwks = bench_jwks_make(keys, &jwks_len);

    *ring = (struct ring){.keys = keys};
    if (tscope_keyring_new(&ring->keyring, NULL) != TSCOPE_OK ||
        tscope_keyring_add(ring->keyring, (const uint8_t *)jwks, jwks_len, "bench", NULL, NULL, NULL) != TSCOPE_OK ||
        tscope_keyring_freeze(ring->keyring, NULL) != TSCOPE_OK || tscope_keyring_count(ring->keyring) != keys)
        bench_fail("no keyring");
    free(jwks);
    for (size_t i = 0; i < SOUGHT; i++) {
        const tscope_key *key = tscope_keyring_key(ring->keyring, i * 7919 % keys);

        snprintf(ring->kids[i], sizeof(ring->kids[i]), "%s%s", i % 2 ? "" : "no", tscope_key_kid(key));
        memcpy(ring->thumbprints[i], key->thumbprint, 32);
        ring->thumbprints[i][0] ^= i % 2 ? 0 : 1;
    }
}

static bool
find_kid(void *state, size_t number)
{
    const struct ring *ring = state;
    uint32_t cursor = 0;
    size_t i = number % SOUGHT;

    return (tscope_keyring_next_by_kid(ring->keyring, tscope_span_text(ring->kids[i]), &cursor) != NULL) == (i % 2 == 1);
}

static bool
find_thumbprint(void *state, size_t number)
{
    const struct ring *ring = state;
    uint32_t cursor = 0;
    size_t i = number % SOUGHT;

    return (tscope_keyring_next_by_thumbprint(ring->keyring, ring->thumbprints[i], &cursor) != NULL) == (i % 2 == 1);
}

int
main(int argc, char **argv)
{
    static struct ring rings[SIZES];
    static char names[2 * SIZES][64];
    struct bench_variant variants[1 + 2 * SIZES];
    struct bench_options options;
    struct bench_tokens tokens;
    struct bench_raw raw;
    size_t keys = 10;

    bench_options_read(argc, argv, &options);
    options.by_process = true; /* one thread does it all */
    bench_tokens_make("RS256", 100, &tokens);
    bench_raw_open(&tokens, &raw);
    variants[0] = (struct bench_variant){"libcrypto alone, RS256", bench_raw_run, &raw, 0, BENCH_RATE, 0};
    for (size_t i = 0; i < SIZES; i++, keys *= 10) {
        open_ring(&rings[i], keys);
        snprintf(names[i], sizeof(names[i]), "a kid among %zu keys", keys);
        snprintf(names[SIZES + i], sizeof(names[i]), "a thumbprint among %zu keys", keys);
        variants[1 + i] = (struct bench_variant){names[i], find_kid, &rings[i], 0, BENCH_TIME, 0.05};
        variants[1 + SIZES + i] = (struct bench_variant){names[SIZES + i], find_thumbprint, &rings[i], 0, BENCH_TIME, 0.05};
    }
    bench_compare(&options, "lookup", variants, 1 + 2 * SIZES);
    for (size_t i = 0; i < SIZES; i++)
        tscope_keyring_free(rings[i].keyring);
    bench_raw_close(&raw);
    bench_tokens_clear(&tokens);
    return 0;
}
