/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_VERIFIER_H
#define TSCOPE_CRYPTO_VERIFIER_H

#include "crypto/pkey.h"
#include "crypto/sha256.h"

/**
 * @file Verifies signatures, one verifier a thread: it keeps digest contexts and a small LRU of prepared EVP_PKEY_CTX by key
 * and algorithm, so that a token costs one EVP_PKEY_verify and nothing is fetched or initialised for it.
 */

typedef struct tscope_verifier tscope_verifier;

enum tscope_verify_result {
    TSCOPE_VERIFY_FAILED, /* tried in full: does not verify */
    TSCOPE_VERIFY_OK,
    TSCOPE_VERIFY_LENGTH, /* not the exact length for key and algorithm: never tried */
    TSCOPE_VERIFY_UNFIT,  /* key and algorithm do not go together: never tried */
};

TSCOPE_MUST_USE enum tscope_status tscope_verifier_new(tscope_crypto *crypto, tscope_verifier **ret_verifier, struct tscope_error *err);
void tscope_verifier_free(tscope_verifier *verifier);
TSCOPE_DEFINE_AUTO(tscope_verifier)

/**
 * Verifies a signature over the concatenation of parts. Exact lengths (RFC 7518 section 3.4: 2 * width for ECDSA, no DER), PSS
 * salt as long as the digest (section 3.5), HMAC compared in constant time and only at full length.
 *
 * @param pkey  borrowed; the verifier keeps a reference while it is in its LRU
 * @return TSCOPE_OK with *ret_result, or TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_verifier_check(tscope_verifier *verifier, tscope_pkey *pkey, const struct tscope_alg *alg,
                                                         const struct tscope_span *parts, size_t parts_len, struct tscope_span signature,
                                                         enum tscope_verify_result *ret_result, struct tscope_error *err);

/**
 * How many bytes from the beginning of text the last signature was asked over with SHA-256, and the digest of them as it was begun: a
 * signing input is the beginning of its token. 0: it was another text, or is not known. Where a text stood another one may stand when it
 * is gone: forget is called in between.
 */
void tscope_verifier_forget(tscope_verifier *verifier);
size_t tscope_verifier_begun(const tscope_verifier *verifier, struct tscope_span text, struct tscope_sha256 *ret_sha256);

/** A digest through the verifier's cached context: the per-token way. */
TSCOPE_MUST_USE enum tscope_status tscope_verifier_digest(tscope_verifier *verifier, enum tscope_digest digest,
                                                          const struct tscope_span *parts, size_t parts_len, uint8_t *out,
                                                          struct tscope_error *err);

/** The HMAC of any secret, also one of zero bytes, which no key may have: for asking what a token was made with. */
TSCOPE_MUST_USE enum tscope_status tscope_verifier_mac(tscope_verifier *verifier, enum tscope_digest digest, struct tscope_span secret,
                                                       const struct tscope_span *parts, size_t parts_len, uint8_t *out,
                                                       struct tscope_error *err);

/**
 * True when r or s of a raw ECDSA signature (two halves of width bytes) is zero or not below the curve's order: no correct
 * signer makes it and a "psychic" verifier takes it for any message.
 */
bool tscope_ecdsa_is_degenerate(enum tscope_curve curve, struct tscope_span signature);

#endif
