/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_CRYPTO_H
#define TSCOPE_CRYPTO_CRYPTO_H

#include <tokenscope/status.h>

#include "core/alloc.h"
#include "crypto/alg.h"

/**
 * @file Our own OSSL_LIB_CTX with what was fetched from it once. Untouched by OPENSSL_CONF and by what the program around
 * us does to the default context. Immutable once made, so that threads share it; reference-counted.
 */

typedef struct tscope_crypto tscope_crypto;

TSCOPE_MUST_USE enum tscope_status tscope_crypto_new(tscope_crypto **ret_crypto, struct tscope_error *err);
tscope_crypto *tscope_crypto_ref(tscope_crypto *crypto);
void tscope_crypto_free(tscope_crypto *crypto); /* gives one reference back */
TSCOPE_DEFINE_AUTO(tscope_crypto)

/** A digest of several spans one behind the other; out needs tscope_digest_len() bytes. Makes its context each time: for set-up, not per
 * token. */
TSCOPE_MUST_USE enum tscope_status tscope_crypto_digest(tscope_crypto *crypto, enum tscope_digest digest, const struct tscope_span *parts,
                                                        size_t parts_len, uint8_t *out, struct tscope_error *err);

#endif
