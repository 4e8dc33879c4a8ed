/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_INTERNAL_H
#define TSCOPE_CRYPTO_INTERNAL_H

#include <stdatomic.h>

#include <openssl/evp.h>

#include "crypto/private.h"
#include "crypto/verifier.h"

/** @file What the files of crypto/ share. No other room includes it, and so none sees OpenSSL. */

#define TSCOPE_DIGEST_COUNT (TSCOPE_DIGEST_SHA512 + 1)

struct tscope_crypto {
    atomic_uint references;
    OSSL_LIB_CTX *context;
    OSSL_PROVIDER *provider;
    EVP_MD *digests[TSCOPE_DIGEST_COUNT]; /* NULL for NONE */
    _Atomic(EVP_MAC *) hmac;              /* fetched on first use, which few processes come to */
};

/** All that decides which algorithms a key fits and how long its signatures are. */
struct tscope_key_shape {
    enum tscope_key_type type;
    enum tscope_curve curve;
    size_t bits; /* of the modulus, the curve's field or the secret */
};

struct tscope_pkey {
    atomic_uint references;
    tscope_crypto *crypto;
    struct tscope_key_shape shape;
    EVP_PKEY *evp;   /* NULL for OCT */
    uint8_t *secret; /* OCT */
    size_t secret_len;
};

/** RSA beyond this decrypts in more than half a second, without its factors. */
#define TSCOPE_PRIVATE_RSA_BITS_MAX 8192

struct tscope_private {
    atomic_uint references;
    tscope_crypto *crypto;
    struct tscope_key_shape shape;
    EVP_PKEY *evp;   /* NULL for OCT */
    uint8_t *secret; /* OCT */
    size_t secret_len;
};

/** HMAC, the context's; NULL when libcrypto does not give it. */
EVP_MAC *tscope_crypto_hmac(tscope_crypto *crypto);

/** The usual answer when libcrypto fails at something that it must be able to do; what: "AES-GCM". */
enum tscope_status tscope_crypto_failed(struct tscope_error *err, const char *what);

/** "SHA256"… as OpenSSL names it; NULL for NONE. */
const char *tscope_digest_openssl_name(enum tscope_digest digest);
const char *tscope_curve_openssl_name(enum tscope_curve curve);

/** A big-endian number without its leading zeros. */
struct tscope_span tscope_number_strip(struct tscope_span number);
/** The same number at a width that it fits: a coordinate (RFC 7518 section 6.2.1.2), whatever leading zeros it came with. */
void tscope_number_pad(uint8_t *out, size_t width, struct tscope_span number);
/** EVP_PKEY_fromdata: some seventy times cheaper than a PEM parse. NULL when libcrypto takes the parameters for no key. */
EVP_PKEY *tscope_evp_from_params(tscope_crypto *crypto, const char *type, int selection, OSSL_PARAM *params);

/** False: out of memory. */
bool tscope_rsa_is_square(const BIGNUM *number, bool *ret_square, BN_CTX *context);
/** The same, and the root of a square. */
bool tscope_rsa_square_root(const BIGNUM *number, BIGNUM *root, bool *ret_square, BN_CTX *context);

struct tscope_key_shape tscope_key_shape_of(const struct tscope_key_numbers *numbers);
bool tscope_key_shape_fits(const struct tscope_key_shape *shape, const struct tscope_alg *alg);
/** 0 when they do not fit. */
size_t tscope_key_shape_signature_len(const struct tscope_key_shape *shape, const struct tscope_alg *alg);

/** The block that PKCS #1 v1.5 signs, len bytes long (RFC 8017 section 9.2); false when it does not fit, or for a digest that JOSE has not.
 */
bool tscope_rsa_encode_digest(enum tscope_digest kind, struct tscope_span digest, uint8_t *block, size_t len);

/** True when a public key of an OKP curve, of the right length, has a small order, in any encoding. */
bool tscope_okp_is_small_order(enum tscope_curve curve, struct tscope_span x);
/** NONE, OKP_POINT for a key of the right length that is no encoding of a point (RFC 8032 sections 5.1.3, 5.2.3), or LIBRARY. */
enum tscope_key_flaw tscope_okp_check_point(tscope_crypto *crypto, enum tscope_curve curve, struct tscope_span x);

#endif
