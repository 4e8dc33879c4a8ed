/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_SHA256_H
#define TSCOPE_CRYPTO_SHA256_H

#include "core/span.h"

/**
 * @file SHA-256 in memory of the caller's, which can be copied when it is begun: a signing input is the beginning of its token, and whoever
 * digests both digests it once. Contexts of EVP are allocated, and copied by allocating again.
 */

#define TSCOPE_SHA256_LEN 32

/** Zeroed: nothing is begun. */
struct tscope_sha256 {
    uint64_t state[14]; /* of libcrypto */
};

/** False when libcrypto has no such functions: nothing else is then to be called. */
bool tscope_sha256_begin(struct tscope_sha256 *sha256);
void tscope_sha256_add(struct tscope_sha256 *sha256, struct tscope_span bytes);
void tscope_sha256_end(struct tscope_sha256 *sha256, uint8_t out[TSCOPE_SHA256_LEN]);

#endif
