/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "bench.h"
#include "scan/prime.h"

/**
 * @file Private halves of published RSA keys as raw numbers: "a second" is megabytes. Three eighths of the bytes are random, as many are a
 * program's, the rest is zero; the last of them count as one megabyte in eight, by turns.
 */

#define CHUNKS 8
#define CHUNK (1u << 20)
#define KEYS_MAX 8
#define NAIVE_PLACES 256 /* of one slice of the reference */

static uint8_t chunks[CHUNKS][CHUNK];

struct searcher {
    tscope_keyring *keyring;
    tscope_prime_finder *finder;
    BIGNUM *n;
};

/* Bytes of a real program: this one and what it is linked with, again and again. */
static void
fill_program(uint8_t *bytes, size_t len)
{
    FILE *file = fopen("/proc/self/exe", "rb");
    size_t got = file ? fread(bytes, 1, len, file) : 0;

    if (got == 0)
        bench_fail("cannot read a program");
    for (size_t i = got; i < len; i++)
        bytes[i] = (uint8_t)(bytes[i - got] + (i / got) * 7);
    fclose(file);
}

static void
fill_chunks(void)
{
    uint64_t state = 88172645463325252;

    for (size_t chunk = 0; chunk < 3; chunk++) {
        for (size_t i = 0; i < CHUNK; i++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            chunks[chunk * 3][i] = (uint8_t)(state >> 32);
        }
    }
    fill_program(chunks[1], CHUNK);
    fill_program(chunks[4], CHUNK);
    fill_program(chunks[7], CHUNK);
}

/* How many numbers are large enough depends on the modulus: they begin alike, about in the middle, so that runs can be compared. */
static EVP_PKEY *
make_key(unsigned bits)
{
    for (;;) {
        EVP_PKEY *key = EVP_RSA_gen(bits);
        BIGNUM *n = NULL;
        uint8_t first[1024];

        if (!key || EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) != 1)
            bench_fail("no RSA key");
        BN_bn2bin(n, first);
        BN_free(n);
        if (first[0] >= 0xb8 && first[0] < 0xc8)
            return key;
        EVP_PKEY_free(key);
    }
}

static void
open_searcher(struct searcher *searcher, unsigned bits, size_t keys, enum tscope_prime_depth depth)
{
    if (tscope_keyring_new(&searcher->keyring, NULL) != TSCOPE_OK)
        bench_fail("no keyring");
    for (size_t i = 0; i < keys; i++) {
        EVP_PKEY *key = make_key(bits);
        uint8_t *der = NULL;
        int len = i2d_PUBKEY(key, &der);

        if (len <= 0 || tscope_keyring_add(searcher->keyring, der, (size_t)len, "bench", NULL, NULL, NULL) != TSCOPE_OK)
            bench_fail("no public key");
        BN_free(searcher->n);
        searcher->n = NULL;
        EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &searcher->n);
        OPENSSL_free(der);
        EVP_PKEY_free(key);
    }
    if (tscope_keyring_freeze(searcher->keyring, NULL) != TSCOPE_OK ||
        tscope_prime_finder_new(searcher->keyring, depth, &searcher->finder, NULL) != TSCOPE_OK ||
        tscope_prime_finder_keys(searcher->finder) != keys)
        bench_fail("no finder");
}

static enum tscope_probe
refuse(void *user, const struct tscope_key_place *place)
{
    (void)user;
    (void)place;
    bench_fail("a private number where there is none");
}

static bool
search(void *state, size_t number)
{
    struct searcher *searcher = state;
    const struct tscope_window window = {.bytes = chunks[number % CHUNKS], .len = CHUNK, .is_last = true};

    tscope_prime_finder_begin(searcher->finder);
    return tscope_prime_scan(searcher->finder, &window, 0, CHUNK, refuse, NULL) == TSCOPE_PROBE_NOTHING;
}

/* What everybody writes first: the modulus divided by what stands at each place, highest byte first. */
static bool
divide(void *state, size_t number)
{
    const struct searcher *searcher = state;
    const uint8_t *bytes = chunks[0] + number * NAIVE_PLACES % (CHUNK - 2 * NAIVE_PLACES - 256);
    BN_CTX *context = BN_CTX_new();
    BIGNUM *candidate = BN_new(), *rest = BN_new();
    bool found = false;

    for (size_t i = 0; i < NAIVE_PLACES; i++) {
        BN_bin2bn(bytes + i, 128, candidate);
        BN_mod(rest, searcher->n, candidate, context);
        found |= BN_is_zero(rest);
    }
    BN_free(candidate);
    BN_free(rest);
    BN_CTX_free(context);
    return !found;
}

int
main(int argc, char **argv)
{
    static struct searcher everywhere, aligned, several, large;
    const struct bench_variant variants[] = {
        {"libcrypto divides at every place, one order", divide, &everywhere, NAIVE_PLACES / 1e6, BENCH_RATE, 0},
        {"one 2048-bit key, any place, both orders, d", search, &everywhere, CHUNK / 1e6, BENCH_RATE, 60},
        {"one 2048-bit key, aligned", search, &aligned, CHUNK / 1e6, BENCH_RATE, 400},
        {"eight 2048-bit keys, any place", search, &several, CHUNK / 1e6, BENCH_RATE, 15},
        {"one 4096-bit key, any place", search, &large, CHUNK / 1e6, BENCH_RATE, 25},
    };
    struct bench_options options;

    bench_options_read(argc, argv, &options);
    options.by_process = true; /* one thread does it all */
    fill_chunks();
    open_searcher(&everywhere, 2048, 1, TSCOPE_PRIME_EVERYWHERE);
    open_searcher(&aligned, 2048, 1, TSCOPE_PRIME_ALIGNED);
    open_searcher(&several, 2048, KEYS_MAX, TSCOPE_PRIME_EVERYWHERE);
    open_searcher(&large, 4096, 1, TSCOPE_PRIME_EVERYWHERE);
    bench_compare(&options, "prime MB", variants, TSCOPE_COUNT(variants));
    return 0;
}
