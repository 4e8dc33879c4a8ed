/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_PRIVATE_H
#define TSCOPE_CRYPTO_PRIVATE_H

#include "core/buffer.h"
#include "crypto/pkey.h"

/**
 * @file A private or secret key that passed the gate: its public part did (crypto/pkey.h), sizes are bounded, and the private part
 * was shown to belong to the public one. It decrypts; nothing here signs.
 */

/** Big-endian numbers, any leading zeros. Borrowed. */
struct tscope_private_numbers {
    struct tscope_key_numbers open;      /* of OCT: the secret itself */
    struct tscope_span d;                /* RSA, EC; the key's bytes of OKP */
    struct tscope_span p, q, dp, dq, qi; /* RSA: used when all five are there, else n, e and d serve alone */
};

typedef struct tscope_private tscope_private; /* immutable, shared between threads, reference-counted */

/**
 * Makes a usable private key, or says why not: *ret_private is NULL and *ret_flaw set when the gate refuses it (TSCOPE_OK: that
 * is an answer). PRIVATE: a private part that is missing, out of range or another key's; PRIVATE_LARGE: RSA over 8192 bits, whose
 * every use would cost a second.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_private_new(tscope_crypto *crypto, const struct tscope_private_numbers *numbers,
                                                      tscope_private **ret_private, enum tscope_key_flaw *ret_flaw,
                                                      struct tscope_error *err);
tscope_private *tscope_private_ref(tscope_private *key);
void tscope_private_free(tscope_private *key); /* gives one reference back; secrets are wiped with the last */
TSCOPE_DEFINE_AUTO(tscope_private)

/**
 * The public point that belongs to a private number: files hold the one without the other (RFC 5915 section 3, RFC 8410 section 7).
 *
 * @param x, y  room for tscope_curve_width(curve) bytes each; y is written for EC alone
 * @return false when d is no private key of that curve, or libcrypto fails
 */
bool tscope_private_find_point(tscope_crypto *crypto, enum tscope_curve curve, struct tscope_span d, uint8_t *x, uint8_t *y);

/**
 * Appends the key as PEM ("PRIVATE KEY", RFC 5958 and RFC 7468), for whoever asked for it. Of RSA all eight numbers must have been given.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT (a secret: it has no such form), TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_private_export(const tscope_private *key, struct tscope_buffer *buffer, struct tscope_error *err);

enum tscope_key_type tscope_private_type(const tscope_private *key);
enum tscope_curve tscope_private_curve(const tscope_private *key);
/** Bits of the modulus, the curve's field or the secret. */
size_t tscope_private_bits(const tscope_private *key);

#endif
