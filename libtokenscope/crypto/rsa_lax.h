/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_RSA_LAX_H
#define TSCOPE_CRYPTO_RSA_LAX_H

#include "crypto/verifier.h"

/** @file Why an RSA signature that a strict check refuses would pass a careless one (RFC 8017 sections 8.1 and 8.2). */

enum tscope_rsa_lax_kind {
    TSCOPE_RSA_LAX_NONE,    /* no careless check that is known takes it */
    TSCOPE_RSA_LAX_SALT,    /* PSS: it holds with a salt of another length than the hash */
    TSCOPE_RSA_LAX_NULL,    /* PKCS #1 v1.5: all is well but for the NULL that the algorithm's identifier lacks */
    TSCOPE_RSA_LAX_BEHIND,  /* bytes stand behind the digest, in place of padding */
    TSCOPE_RSA_LAX_PADDING, /* the digest ends the block, and what stands before it is no padding */
};

struct tscope_rsa_lax {
    enum tscope_rsa_lax_kind kind;
    size_t salt_len; /* SALT: bytes */
    size_t behind;   /* BEHIND: bytes */
};

/**
 * Looks into a signature that tscope_verifier_check() refused under this very key, over the same message. What it finds, nobody
 * makes by chance: the right digest of the message stands in it.
 *
 * @param signature  of the modulus' length; anything else gives NONE
 * @return TSCOPE_OK with *ret_lax, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_rsa_lax_check(tscope_verifier *verifier, tscope_pkey *pkey, const struct tscope_alg *alg,
                                                        const struct tscope_span *parts, size_t parts_len, struct tscope_span signature,
                                                        struct tscope_rsa_lax *ret_lax, struct tscope_error *err);

#endif
