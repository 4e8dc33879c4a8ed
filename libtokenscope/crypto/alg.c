/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/alg.h"

#include "core/alloc.h"

static const struct tscope_alg algs[] = {
    {"RS256", TSCOPE_ALG_RSA_PKCS1, TSCOPE_DIGEST_SHA256, TSCOPE_CURVE_NONE, 0},
    {"RS384", TSCOPE_ALG_RSA_PKCS1, TSCOPE_DIGEST_SHA384, TSCOPE_CURVE_NONE, 0},
    {"RS512", TSCOPE_ALG_RSA_PKCS1, TSCOPE_DIGEST_SHA512, TSCOPE_CURVE_NONE, 0},
    {"PS256", TSCOPE_ALG_RSA_PSS, TSCOPE_DIGEST_SHA256, TSCOPE_CURVE_NONE, 0},
    {"PS384", TSCOPE_ALG_RSA_PSS, TSCOPE_DIGEST_SHA384, TSCOPE_CURVE_NONE, 0},
    {"PS512", TSCOPE_ALG_RSA_PSS, TSCOPE_DIGEST_SHA512, TSCOPE_CURVE_NONE, 0},
    {"ES256", TSCOPE_ALG_ECDSA, TSCOPE_DIGEST_SHA256, TSCOPE_CURVE_P256, 64},
    {"ES384", TSCOPE_ALG_ECDSA, TSCOPE_DIGEST_SHA384, TSCOPE_CURVE_P384, 96},
    {"ES512", TSCOPE_ALG_ECDSA, TSCOPE_DIGEST_SHA512, TSCOPE_CURVE_P521, 132},
    {"ES256K", TSCOPE_ALG_ECDSA, TSCOPE_DIGEST_SHA256, TSCOPE_CURVE_SECP256K1, 64}, /* RFC 8812 section 3.2 */
    {"EdDSA", TSCOPE_ALG_EDDSA, TSCOPE_DIGEST_NONE, TSCOPE_CURVE_NONE, 0},          /* RFC 8037 section 3.1 */
    {"Ed25519", TSCOPE_ALG_EDDSA, TSCOPE_DIGEST_NONE, TSCOPE_CURVE_ED25519, 64},    /* RFC 9864 section 2.2 */
    {"Ed448", TSCOPE_ALG_EDDSA, TSCOPE_DIGEST_NONE, TSCOPE_CURVE_ED448, 114},
    {"HS256", TSCOPE_ALG_HMAC, TSCOPE_DIGEST_SHA256, TSCOPE_CURVE_NONE, 32},
    {"HS384", TSCOPE_ALG_HMAC, TSCOPE_DIGEST_SHA384, TSCOPE_CURVE_NONE, 48},
    {"HS512", TSCOPE_ALG_HMAC, TSCOPE_DIGEST_SHA512, TSCOPE_CURVE_NONE, 64},
    {"none", TSCOPE_ALG_NONE, TSCOPE_DIGEST_NONE, TSCOPE_CURVE_NONE, 0},
};

static const struct {
    const char *name;
    size_t width, bits;
    bool okp;
} curves[] = {
    [TSCOPE_CURVE_NONE] = {NULL, 0, 0, false},
    [TSCOPE_CURVE_P256] = {"P-256", 32, 256, false},
    [TSCOPE_CURVE_P384] = {"P-384", 48, 384, false},
    [TSCOPE_CURVE_P521] = {"P-521", 66, 521, false},
    [TSCOPE_CURVE_SECP256K1] = {"secp256k1", 32, 256, false},
    [TSCOPE_CURVE_ED25519] = {"Ed25519", 32, 255, true},
    [TSCOPE_CURVE_ED448] = {"Ed448", 57, 448, true},
    [TSCOPE_CURVE_X25519] = {"X25519", 32, 255, true},
    [TSCOPE_CURVE_X448] = {"X448", 56, 448, true},
};

const struct tscope_alg *
tscope_alg_find(struct tscope_span name)
{
    for (size_t i = 0; i < TSCOPE_COUNT(algs); i++) {
        if (tscope_span_is(name, algs[i].name))
            return &algs[i];
    }
    return NULL;
}

const char *
tscope_curve_name(enum tscope_curve curve)
{
    return curves[curve].name;
}

enum tscope_curve
tscope_curve_find(struct tscope_span name)
{
    for (size_t i = 1; i < TSCOPE_COUNT(curves); i++) {
        if (tscope_span_is(name, curves[i].name))
            return (enum tscope_curve)i;
    }
    return TSCOPE_CURVE_NONE;
}

size_t
tscope_curve_width(enum tscope_curve curve)
{
    return curves[curve].width;
}

size_t
tscope_curve_bits(enum tscope_curve curve)
{
    return curves[curve].bits;
}

bool
tscope_curve_is_okp(enum tscope_curve curve)
{
    return curves[curve].okp;
}

size_t
tscope_digest_len(enum tscope_digest digest)
{
    static const uint8_t lens[] = {0, 20, 32, 48, 64};

    return lens[digest];
}
