/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/recover.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <openssl/rsa.h>

#include "core/error.h"
#include "crypto/ecdsa.h"
#include "crypto/internal.h"

struct curve {
    EC_GROUP *group;
    BN_CTX *context;
    const BIGNUM *order;
    size_t width;
};

static int
curve_nid(enum tscope_curve curve)
{
    switch (curve) {
    case TSCOPE_CURVE_P256:
        return NID_X9_62_prime256v1;
    case TSCOPE_CURVE_P384:
        return NID_secp384r1;
    case TSCOPE_CURVE_P521:
        return NID_secp521r1;
    case TSCOPE_CURVE_SECP256K1:
        return NID_secp256k1;
    case TSCOPE_CURVE_NONE:
    case TSCOPE_CURVE_ED25519:
    case TSCOPE_CURVE_ED448:
    case TSCOPE_CURVE_X25519:
    case TSCOPE_CURVE_X448:
        break;
    }
    return NID_undef;
}

static bool
open_curve(tscope_crypto *crypto, enum tscope_curve id, struct curve *curve)
{
    curve->width = tscope_curve_width(id);
    curve->context = BN_CTX_new_ex(crypto->context);
    curve->group = EC_GROUP_new_by_curve_name_ex(crypto->context, NULL, curve_nid(id));
    curve->order = curve->group ? EC_GROUP_get0_order(curve->group) : NULL;
    return curve->context && curve->order;
}

static void
close_curve(struct curve *curve)
{
    EC_GROUP_free(curve->group);
    BN_CTX_free(curve->context);
}

static bool
keep_point(const struct curve *curve, const EC_POINT *point, BIGNUM *x, BIGNUM *y, struct tscope_recover_points *points)
{
    struct tscope_recover_point *kept = &points->points[points->len];
    int width = (int)curve->width;

    if (EC_POINT_is_at_infinity(curve->group, point))
        return true;
    if (EC_POINT_get_affine_coordinates(curve->group, point, x, y, curve->context) != 1 || BN_bn2binpad(x, kept->x, width) != width ||
        BN_bn2binpad(y, kept->y, width) != width)
        return false;
    points->len++;
    return true;
}

/* The two points whose abscissa is x, and for each R the key Q = (s/r) R - (z/r) G. */
static bool
add_points(const struct curve *curve, const BIGNUM *abscissa, const BIGNUM *of_r, const BIGNUM *of_g, struct tscope_recover_points *points)
{
    EC_POINT *secret = EC_POINT_new(curve->group), *key = EC_POINT_new(curve->group);
    BIGNUM *x, *y;
    bool done;

    BN_CTX_start(curve->context);
    x = BN_CTX_get(curve->context);
    y = BN_CTX_get(curve->context);
    done = secret && key && y;
    for (int odd = 0; odd < 2 && done; odd++) {
        /* half of all numbers are no abscissa of a point */
        if (EC_POINT_set_compressed_coordinates(curve->group, secret, abscissa, odd, curve->context) != 1)
            break;
        done = EC_POINT_mul(curve->group, key, of_g, secret, of_r, curve->context) == 1 && keep_point(curve, key, x, y, points);
    }
    BN_CTX_end(curve->context);
    EC_POINT_free(secret);
    EC_POINT_free(key);
    return done;
}

/* r is an abscissa modulo the order, which the field is a little larger than: r + n may be one too. */
static bool
add_candidates(const struct curve *curve, const struct tscope_signed *signature, struct tscope_recover_points *points)
{
    int width = (int)curve->width;
    const uint8_t *bytes = signature->signature.data;
    BIGNUM *r, *s, *z, *of_r, *of_g, *p;
    bool done;

    BN_CTX_start(curve->context);
    r = BN_CTX_get(curve->context);
    s = BN_CTX_get(curve->context);
    z = BN_CTX_get(curve->context);
    of_r = BN_CTX_get(curve->context);
    of_g = BN_CTX_get(curve->context);
    p = BN_CTX_get(curve->context);
    done = p && BN_bin2bn(bytes, width, r) && BN_bin2bn(bytes + width, width, s) &&
           BN_bin2bn(signature->digest.data, (int)signature->digest.len, z) &&
           EC_GROUP_get_curve(curve->group, p, NULL, NULL, curve->context) == 1 && BN_mod_inverse(of_g, r, curve->order, curve->context) &&
           BN_mod_mul(of_r, s, of_g, curve->order, curve->context) && BN_mod_mul(of_g, z, of_g, curve->order, curve->context) &&
           BN_sub(of_g, curve->order, of_g) && add_points(curve, r, of_r, of_g, points) && BN_add(r, r, curve->order);
    if (done && BN_cmp(r, p) < 0)
        done = add_points(curve, r, of_r, of_g, points);
    BN_CTX_end(curve->context);
    return done;
}

enum tscope_status
tscope_recover_ecdsa(tscope_crypto *crypto, const struct tscope_signed *signature, struct tscope_recover_points *ret_points,
                     struct tscope_error *err)
{
    const struct tscope_alg *alg = signature->alg;
    struct curve curve = {0};
    bool done;

    ret_points->len = 0;
    if (alg->family != TSCOPE_ALG_ECDSA || signature->signature.len != alg->signature_len ||
        signature->digest.len != tscope_digest_len(alg->digest) || tscope_ecdsa_is_degenerate(alg->curve, signature->signature))
        return TSCOPE_OK;
    ERR_set_mark();
    done = open_curve(crypto, alg->curve, &curve) && add_candidates(&curve, signature, ret_points);
    close_curve(&curve);
    ERR_pop_to_mark();
    return done ? TSCOPE_OK : tscope_crypto_failed(err, "the points of a curve");
}

static bool
prepare(EVP_PKEY_CTX *context, const struct tscope_crypto *crypto, const struct tscope_alg *alg)
{
    bool pss = alg->family == TSCOPE_ALG_RSA_PSS;

    if (!context || EVP_PKEY_verify_init(context) != 1)
        return false;
    if (alg->family == TSCOPE_ALG_ECDSA)
        return true;
    if (EVP_PKEY_CTX_set_rsa_padding(context, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) != 1 ||
        EVP_PKEY_CTX_set_signature_md(context, crypto->digests[alg->digest]) != 1)
        return false;
    return !pss || (EVP_PKEY_CTX_set_rsa_mgf1_md(context, crypto->digests[alg->digest]) == 1 &&
                    EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1);
}

enum tscope_status
tscope_recover_verify(tscope_pkey *pkey, const struct tscope_signed *signature, bool *ret_holds, struct tscope_error *err)
{
    const struct tscope_alg *alg = signature->alg;
    struct tscope_span sent = signature->signature;
    uint8_t der[TSCOPE_ECDSA_DER_MAX];
    EVP_PKEY_CTX *context;
    bool prepared;

    *ret_holds = false;
    if (alg->family == TSCOPE_ALG_HMAC || alg->family == TSCOPE_ALG_EDDSA || !tscope_pkey_fits(pkey, alg) ||
        sent.len != tscope_key_shape_signature_len(&pkey->shape, alg) || signature->digest.len != tscope_digest_len(alg->digest))
        return TSCOPE_OK;
    if (alg->family == TSCOPE_ALG_ECDSA)
        sent = tscope_span_of(der, tscope_ecdsa_to_der(sent.data, tscope_curve_width(alg->curve), der));
    ERR_set_mark();
    context = EVP_PKEY_CTX_new_from_pkey(pkey->crypto->context, pkey->evp, NULL);
    prepared = prepare(context, pkey->crypto, alg);
    *ret_holds = prepared && EVP_PKEY_verify(context, sent.data, sent.len, signature->digest.data, signature->digest.len) == 1;
    EVP_PKEY_CTX_free(context);
    ERR_pop_to_mark();
    return prepared ? TSCOPE_OK : tscope_crypto_failed(err, "verifying over a digest");
}
