/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_RAW_H
#define BENCH_RAW_H

#include <stdbool.h>

#include "tokens.h"

/**
 * @file The limit: what libcrypto alone needs for a signature, called in the fastest way that it offers (contexts kept, the
 * digest fetched once). Nothing is parsed, and the signature is decoded beforehand.
 */

struct bench_raw {
    const struct bench_tokens *tokens;
    EVP_MD *digest;
    EVP_MD_CTX *hash;     /* for EdDSA the whole verification */
    EVP_PKEY_CTX *verify; /* NULL for EdDSA */
};

void bench_raw_open(const struct bench_tokens *tokens, struct bench_raw *ret_raw);
void bench_raw_close(struct bench_raw *raw);

/** Verifies the token of that number; state is a struct bench_raw. */
bool bench_raw_run(void *state, size_t number);

#endif
