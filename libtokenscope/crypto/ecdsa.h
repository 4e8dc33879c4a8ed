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

#endif
