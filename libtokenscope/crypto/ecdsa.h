/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_ECDSA_H
#define TSCOPE_CRYPTO_ECDSA_H

#include "crypto/verifier.h"

/** The longest DER form of two 66-byte integers. */
#define TSCOPE_ECDSA_DER_MAX (3 + 2 * (2 + 1 + 66))

/** Writes r || s (RFC 7518 section 3.4) as the DER that OpenSSL wants; returns its length. width is at most 66. */
size_t tscope_ecdsa_to_der(const uint8_t *raw, size_t width, uint8_t der[TSCOPE_ECDSA_DER_MAX]);

#endif
