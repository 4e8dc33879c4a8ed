/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_ALG_H
#define TSCOPE_CRYPTO_ALG_H

#include "core/span.h"

/** @file The signature algorithms of the JOSE registry (RFC 7518 section 3.1, RFC 8037, RFC 8812, RFC 9864) as rows. Plain data: no
 * OpenSSL. */

enum tscope_alg_family {
    TSCOPE_ALG_NONE,
    TSCOPE_ALG_HMAC,
    TSCOPE_ALG_RSA_PKCS1,
    TSCOPE_ALG_RSA_PSS,
    TSCOPE_ALG_ECDSA,
    TSCOPE_ALG_EDDSA,
};

enum tscope_digest {
    TSCOPE_DIGEST_NONE,
    TSCOPE_DIGEST_SHA1, /* thumbprints only, never a signature */
    TSCOPE_DIGEST_SHA256,
    TSCOPE_DIGEST_SHA384,
    TSCOPE_DIGEST_SHA512,
};

/** Curves of EC and OKP keys. */
enum tscope_curve {
    TSCOPE_CURVE_NONE,
    TSCOPE_CURVE_P256,
    TSCOPE_CURVE_P384,
    TSCOPE_CURVE_P521,
    TSCOPE_CURVE_SECP256K1,
    TSCOPE_CURVE_ED25519,
    TSCOPE_CURVE_ED448,
    TSCOPE_CURVE_X25519,
    TSCOPE_CURVE_X448,
};

struct tscope_alg {
    const char *name;
    enum tscope_alg_family family;
    enum tscope_digest digest;
    enum tscope_curve curve; /* ECDSA and fully specified EdDSA; NONE: any of the family (EdDSA) */
    size_t signature_len;    /* bytes; 0: depends on the key (RSA, EdDSA) */
};

/** The row of a name, exact case; NULL for a name that is no registered signature algorithm. "none" is a row. */
const struct tscope_alg *tscope_alg_find(struct tscope_span name);
/** True for a registered JWE key management algorithm (RFC 7518 section 4.1). */
bool tscope_alg_is_jwe(struct tscope_span name);

/** "P-256"…; NULL for NONE. */
const char *tscope_curve_name(enum tscope_curve curve);
enum tscope_curve tscope_curve_find(struct tscope_span name);
/** Bytes of one coordinate (EC) or of the public key (OKP); 0 for NONE. */
size_t tscope_curve_width(enum tscope_curve curve);
/** Bits of the field that the curve is over; 0 for NONE. */
size_t tscope_curve_bits(enum tscope_curve curve);
bool tscope_curve_is_okp(enum tscope_curve curve);
size_t tscope_digest_len(enum tscope_digest digest);

#endif
