/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_ECDSA_H
#define TSCOPE_CRYPTO_ECDSA_H

#include "crypto/verifier.h"

/** The longest DER form of two 66-byte integers. */
#define TSCOPE_ECDSA_DER_MAX (3 + 2 * (2 + 1 + 66))

/** Writes r || s (RFC 7518 section 3.4) as the DER that OpenSSL wants; returns its length. width is at most 66. */
size_t tscope_ecdsa_to_der(const uint8_t *raw, size_t width, uint8_t der[TSCOPE_ECDSA_DER_MAX]);

/**
 * The smaller of s and n - s, which verify alike (SEC 1 section 4.1.4), into out. s has the width of the curve's coordinates.
 *
 * @return false when the curve is none of ECDSA, or s is not from 1 to n - 1
 */
bool tscope_ecdsa_low_s(enum tscope_curve curve, const uint8_t *s, uint8_t *out, bool *ret_was_high);

/** x of the public keys under which a signature holds, big-endian at the width of the curve. */
struct tscope_ecdsa_recovered {
    uint8_t x[2][66];
    size_t len;
};

/**
 * Computes them from the signature alone (SEC 1 section 4.1.6): one of many keys is found at the cost of two checks. None for a
 * signature that is degenerate or of another length.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_ecdsa_recover(tscope_crypto *crypto, enum tscope_curve curve, const uint8_t *digest,
                                                        size_t digest_len, struct tscope_span signature,
                                                        struct tscope_ecdsa_recovered *ret_recovered, struct tscope_error *err);

#endif
