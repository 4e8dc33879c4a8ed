/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_PKEY_H
#define TSCOPE_CRYPTO_PKEY_H

#include "crypto/crypto.h"

/**
 * @file A key that passed the gate. What the gate refuses never verifies anything: OpenSSL cannot tell "wrong" from
 * "cannot", so a signature that needs a refused key is inconclusive, never bad.
 */

/* X(NAME, "id", "words") */
#define TSCOPE_FOREACH_KEY_FLAW(X)                                                        \
    X(NONE, "none", "usable")                                                             \
    X(TYPE, "type", "unknown or missing key type")                                        \
    X(MEMBER, "member", "a needed member is missing or not base64url")                    \
    X(CURVE, "curve", "unknown curve")                                                    \
    X(RSA_SMALL, "rsa-small", "RSA modulus under 512 bits")                               \
    X(RSA_LARGE, "rsa-large", "RSA modulus over 16384 bits")                              \
    X(RSA_EVEN, "rsa-even", "RSA modulus is even")                                        \
    X(RSA_EXPONENT, "rsa-exponent", "RSA exponent is 1, even or over 64 bits")            \
    X(EC_WIDTH, "ec-width", "EC coordinate is longer than its field")                     \
    X(EC_POINT, "ec-point", "EC point is not on its curve, or is the point at infinity")  \
    X(OKP_LENGTH, "okp-length", "public key has the wrong length")                        \
    X(OKP_POINT, "okp-point", "public key is no point of its curve or has a small order") \
    X(CERTIFICATE, "certificate", "certificate cannot be read")                           \
    X(PRIVATE, "private", "no private part, or that of another public key")               \
    X(PRIVATE_LARGE, "private-large", "private RSA key over 8192 bits")                   \
    X(LIBRARY, "library", "the cryptographic library refused the key")

enum tscope_key_flaw {
#define TSCOPE_KEY_FLAW_ENUM(name, id, words) TSCOPE_KEY_FLAW_##name,
    TSCOPE_FOREACH_KEY_FLAW(TSCOPE_KEY_FLAW_ENUM)
#undef TSCOPE_KEY_FLAW_ENUM
};

const char *tscope_key_flaw_id(enum tscope_key_flaw flaw);
const char *tscope_key_flaw_text(enum tscope_key_flaw flaw);

enum tscope_key_type { TSCOPE_KEY_UNKNOWN, TSCOPE_KEY_RSA, TSCOPE_KEY_EC, TSCOPE_KEY_OKP, TSCOPE_KEY_OCT };

/** Public numbers (big-endian, any leading zeros) or a secret. Spans are borrowed. */
struct tscope_key_numbers {
    enum tscope_key_type type;
    enum tscope_curve curve; /* EC, OKP */
    struct tscope_span n, e; /* RSA */
    struct tscope_span x, y; /* EC; x also OKP */
    struct tscope_span k;    /* OCT */
};

typedef struct tscope_pkey tscope_pkey; /* immutable, shared between threads, reference-counted */

/**
 * The cheap part of the gate, without OpenSSL: type, sizes, odd modulus and exponent, lengths. Points are only checked by
 * tscope_pkey_new.
 */
enum tscope_key_flaw tscope_key_numbers_check(const struct tscope_key_numbers *numbers);

/**
 * Makes a usable key, or says why not: *ret_pkey is NULL and *ret_flaw set when the gate refuses it (TSCOPE_OK: that is an
 * answer). An HMAC key of zero bytes is refused with MEMBER.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_pkey_new(tscope_crypto *crypto, const struct tscope_key_numbers *numbers, tscope_pkey **ret_pkey,
                                                   enum tscope_key_flaw *ret_flaw, struct tscope_error *err);
tscope_pkey *tscope_pkey_ref(tscope_pkey *pkey);
void tscope_pkey_free(tscope_pkey *pkey); /* gives one reference back; a secret is wiped with the last */
TSCOPE_DEFINE_AUTO(tscope_pkey)

enum tscope_key_type tscope_pkey_type(const tscope_pkey *pkey);
enum tscope_curve tscope_pkey_curve(const tscope_pkey *pkey);
/** Bits of the modulus, the curve's field or the secret. */
size_t tscope_pkey_bits(const tscope_pkey *pkey);
/** True when this key can verify this algorithm at all (type and curve; for RSA also that the modulus is long enough). */
bool tscope_pkey_fits(const tscope_pkey *pkey, const struct tscope_alg *alg);

/** The same question for numbers, before any key is made. */
bool tscope_key_numbers_fit(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg);
/** Exact bytes a signature of alg under such a key has (RFC 7518 section 3; RFC 8017 section 8); 0 when they do not fit. */
size_t tscope_key_numbers_signature_len(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg);

#endif
