/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_INTERNAL_H
#define TSCOPE_CRYPTO_INTERNAL_H

#include <stdatomic.h>

#include <openssl/evp.h>

#include "crypto/verifier.h"

/** @file What the files of crypto/ share. No other room includes it, and so none sees OpenSSL. */

#define TSCOPE_DIGEST_COUNT (TSCOPE_DIGEST_SHA512 + 1)

struct tscope_crypto {
    atomic_uint references;
    OSSL_LIB_CTX *context;
    OSSL_PROVIDER *provider;
    EVP_MD *digests[TSCOPE_DIGEST_COUNT]; /* NULL for NONE */
    EVP_MAC *hmac;
};

struct tscope_pkey {
    atomic_uint references;
    tscope_crypto *crypto;
    enum tscope_key_type type;
    enum tscope_curve curve;
    size_t bits;
    EVP_PKEY *evp;   /* NULL for OCT */
    uint8_t *secret; /* OCT */
    size_t secret_len;
};

/** "SHA256"… as OpenSSL names it; NULL for NONE. */
const char *tscope_digest_openssl_name(enum tscope_digest digest);
const char *tscope_curve_openssl_name(enum tscope_curve curve);

/** True when an Ed25519 or Ed448 public key has a small order, in any encoding. */
bool tscope_okp_is_small_order(enum tscope_curve curve, struct tscope_span x);

#endif
