/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_RECOVER_H
#define TSCOPE_CRYPTO_RECOVER_H

#include "crypto/pkey.h"

/**
 * @file Public keys out of signatures. Of ECDSA one signature leaves two candidates or, rarely, more (SEC 1 section 4.1.6). Of RSA with
 * PKCS #1 v1.5 each signature gives a multiple of the modulus, s^e - EM, and two of them have it as their common divisor (RFC 8017 section
 * 8.2). PSS has a random salt in what was signed, and EdDSA the public key in what was hashed: both give nothing away.
 */

/** A signature with the digest that it was made over. Spans are borrowed. */
struct tscope_signed {
    const struct tscope_alg *alg;
    struct tscope_span digest, signature;
};

#define TSCOPE_RECOVER_POINTS_MAX 4
#define TSCOPE_RECOVER_COORDINATE_MAX 66

/** Coordinates, each of the curve's width. */
struct tscope_recover_point {
    uint8_t x[TSCOPE_RECOVER_COORDINATE_MAX], y[TSCOPE_RECOVER_COORDINATE_MAX];
};

struct tscope_recover_points {
    struct tscope_recover_point points[TSCOPE_RECOVER_POINTS_MAX];
    size_t len;
};

/**
 * All public keys under which an ECDSA signature holds. None for one that no correct signer makes, or of another length than r || s.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_recover_ecdsa(tscope_crypto *crypto, const struct tscope_signed *signature,
                                                        struct tscope_recover_points *ret_points, struct tscope_error *err);

/** Bytes of the largest number that is worked on, modulus times exponent: 4096 bits with 65537. */
#define TSCOPE_RECOVER_NUMBER_MAX (512u * 65537u)
/** Bytes of the largest modulus that the gate lets pass. */
#define TSCOPE_RECOVER_MODULUS_MAX 2048

struct tscope_recover_modulus {
    uint8_t n[TSCOPE_RECOVER_MODULUS_MAX];
    size_t n_len; /* as long as the signatures; 0: none was found */
};

/** Asked before each long step; false ends the work, which then has found nothing. */
struct tscope_recover_watch {
    bool (*goes_on)(void *user, size_t step, size_t steps);
    void *user;
};

/** False in a build without GMP, and where GMP is not installed. */
bool tscope_recover_rsa_is_built(void);

/**
 * The modulus under which the first two signatures hold with an exponent. What small primes the common divisor has besides is taken out,
 * and the other signatures, which cost next to nothing, rid it of larger ones. Seconds for 2048 bits and 65537, next to nothing for small
 * exponents. Whoever asks verifies what is found: tscope_recover_verify().
 *
 * @param signatures  two at least, of RS256, RS384 or RS512 and of one length; the first two differ
 * @param exponent    odd, 3 or more
 * @param watch       NULL: nobody asks
 * @return TSCOPE_OK, TSCOPE_ERR_TOO_LARGE (TSCOPE_RECOVER_NUMBER_MAX), TSCOPE_ERR_ARGUMENT, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_UNSUPPORTED
 *         (no GMP)
 */
TSCOPE_MUST_USE enum tscope_status tscope_recover_rsa(const struct tscope_signed *signatures, size_t signatures_len, unsigned exponent,
                                                      const struct tscope_recover_watch *watch, struct tscope_recover_modulus *ret_modulus,
                                                      struct tscope_error *err);

/** Whether a signature holds under a key: as tscope_verifier_check(), but over a digest. Not for EdDSA and HMAC, which are never so. */
TSCOPE_MUST_USE enum tscope_status tscope_recover_verify(tscope_pkey *pkey, const struct tscope_signed *signature, bool *ret_holds,
                                                         struct tscope_error *err);

#endif
