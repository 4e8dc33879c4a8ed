/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_TOKENS_H
#define BENCH_TOKENS_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>

/** @file Distinct tokens, shaped like Microsoft's access tokens (25 claims, 1.4 KB under RS256), and the keys made to sign them. */

struct bench_token {
    char *text; /* NUL-terminated */
    size_t len;
    size_t input_len;   /* bytes of the signing input, from the start of text */
    unsigned char *raw; /* the signature as libcrypto takes it: ECDSA as DER */
    size_t raw_len;
};

struct bench_tokens {
    const char *alg; /* "RS256", "PS256", "ES256" or "EdDSA" */
    EVP_PKEY *key;
    struct bench_token *tokens;
    size_t len;
    char *jwks; /* twelve keys, theirs the last */
    size_t jwks_len;
};

/** What the clock says while they are inspected: a day after the last of them was issued. */
#define BENCH_NOW INT64_C(1760100000)

/** Makes a key and tokens under it. Ends the program when that fails. */
void bench_tokens_make(const char *alg, size_t count, struct bench_tokens *ret_tokens);
void bench_tokens_clear(struct bench_tokens *tokens);

/** One token more under the key of a set, which does not get it; the caller's to clear. number tells its time of issue. */
void bench_token_more(const struct bench_tokens *set, size_t number, struct bench_token *ret_token);
/** The same with as many groups as make about that many bytes, under ES256; at least 235. */
void bench_token_sized(const struct bench_tokens *set, size_t size, struct bench_token *ret_token);
void bench_token_clear(struct bench_token *token);

/** A JWK Set of RSA keys with moduli of 2048 bits that belong to nobody. The caller's to free. */
char *bench_jwks_make(size_t count, size_t *ret_len);

#endif
