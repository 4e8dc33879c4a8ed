/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_CJOSE_H
#define TSCOPE_CRYPTO_CJOSE_H

#include "core/buffer.h"
#include "crypto/jwe.h"

/**
 * @file cjose as a second implementation, behind a gate: what is not exactly what cjose reads rightly never reaches it (crypto/
 * cjose_gate.c tells why). Without cjose, in the build or where it runs, these functions always answer SILENT.
 */

enum tscope_cjose_result {
    TSCOPE_CJOSE_YES,    /* verifies, decrypts */
    TSCOPE_CJOSE_NO,     /* asked, and it said no */
    TSCOPE_CJOSE_SILENT, /* not there, not an algorithm of cjose's, stopped at the gate, or out of memory as it says */
};

/** False in a build without cjose, and where cjose is not installed. */
bool tscope_cjose_is_built(void);

/**
 * Verifies a compact JWS (RFC 7515 section 7.1) under a public key or secret.
 *
 * @param alg  what the header's "alg" must be
 * @return TSCOPE_OK with *ret_result, or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_cjose_verify(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg,
                                                       struct tscope_span token, enum tscope_cjose_result *ret_result,
                                                       struct tscope_error *err);

/**
 * Decrypts a compact JWE (RFC 7516 section 7.1); appends to plaintext only when the answer is YES. The private numbers are those of
 * a key that passed the gate of crypto/private.h.
 */
TSCOPE_MUST_USE enum tscope_status tscope_cjose_decrypt(const struct tscope_private_numbers *numbers, const struct tscope_jwe_alg *alg,
                                                        const struct tscope_jwe_enc *enc, struct tscope_span token,
                                                        struct tscope_buffer *plaintext, enum tscope_cjose_result *ret_result,
                                                        struct tscope_error *err);

#endif
