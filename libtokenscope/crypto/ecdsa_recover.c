/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/objects.h>

#include "core/error.h"
#include "crypto/ecdsa.h"
#include "crypto/internal.h"

/* What a recovery works with: all numbers are the context's. */
struct recovery {
    EC_GROUP *group;
    BN_CTX *context;
    EC_POINT *nonce_point, *key;
    BIGNUM *r, *s, *u1, *u2, *x;
    const BIGNUM *order;
};

/* NID_undef: no curve of ECDSA. */
static int
name_of(enum tscope_curve curve)
{
    if (curve == TSCOPE_CURVE_NONE)
        return NID_undef;
    return curve == TSCOPE_CURVE_SECP256K1 ? NID_secp256k1 : EC_curve_nist2nid(tscope_curve_name(curve));
}

static bool
begin(struct recovery *recovery, tscope_crypto *crypto, enum tscope_curve curve)
{
    recovery->context = BN_CTX_new_ex(crypto->context);
    if (!recovery->context)
        return false;
    BN_CTX_start(recovery->context);
    recovery->group = EC_GROUP_new_by_curve_name_ex(crypto->context, NULL, name_of(curve));
    if (!recovery->group)
        return false;
    recovery->nonce_point = EC_POINT_new(recovery->group);
    recovery->key = EC_POINT_new(recovery->group);
    recovery->order = EC_GROUP_get0_order(recovery->group);
    recovery->r = BN_CTX_get(recovery->context);
    recovery->s = BN_CTX_get(recovery->context);
    recovery->u1 = BN_CTX_get(recovery->context);
    recovery->u2 = BN_CTX_get(recovery->context);
    recovery->x = BN_CTX_get(recovery->context);
    return recovery->nonce_point && recovery->key && recovery->x;
}

static void
end(struct recovery *recovery)
{
    EC_POINT_free(recovery->nonce_point);
    EC_POINT_free(recovery->key);
    if (recovery->context)
        BN_CTX_end(recovery->context);
    BN_CTX_free(recovery->context);
    EC_GROUP_free(recovery->group);
}

/* The leftmost bits of the digest, as many as the order has (FIPS 186-5 section 6.4.2). */
static bool
read_digest(const struct recovery *recovery, const uint8_t *digest, size_t digest_len, BIGNUM *number)
{
    int excess = (int)digest_len * 8 - BN_num_bits(recovery->order);

    return BN_bin2bn(digest, (int)digest_len, number) && (excess <= 0 || BN_rshift(number, number, excess));
}

/* u1 = -z / r and u2 = s / r modulo the order: the key is u1 * G + u2 * R. */
static bool
make_factors(struct recovery *recovery, const uint8_t *digest, size_t digest_len)
{
    return BN_mod_inverse(recovery->x, recovery->r, recovery->order, recovery->context) &&
           read_digest(recovery, digest, digest_len, recovery->u1) &&
           BN_mod_mul(recovery->u1, recovery->u1, recovery->x, recovery->order, recovery->context) &&
           (BN_is_zero(recovery->u1) || BN_sub(recovery->u1, recovery->order, recovery->u1)) &&
           BN_mod_mul(recovery->u2, recovery->s, recovery->x, recovery->order, recovery->context);
}

/* False: r is no coordinate of a point, or the key would be at infinity. Of a point with an x behind the order, which one in
 * 2^128 is and nobody can choose, nothing is recovered. */
static bool
recover_one(struct recovery *recovery, int parity, uint8_t *out, size_t width)
{
    return EC_POINT_set_compressed_coordinates(recovery->group, recovery->nonce_point, recovery->r, parity, recovery->context) == 1 &&
           EC_POINT_mul(recovery->group, recovery->key, recovery->u1, recovery->nonce_point, recovery->u2, recovery->context) == 1 &&
           EC_POINT_get_affine_coordinates(recovery->group, recovery->key, recovery->x, NULL, recovery->context) == 1 &&
           BN_bn2binpad(recovery->x, out, (int)width) == (int)width;
}

enum tscope_status
tscope_ecdsa_recover(tscope_crypto *crypto, enum tscope_curve curve, const uint8_t *digest, size_t digest_len, struct tscope_span signature,
                     struct tscope_ecdsa_recovered *ret_recovered, struct tscope_error *err)
{
    struct tscope_ecdsa_recovered recovered = {0};
    struct recovery recovery = {0};
    size_t width = tscope_curve_width(curve);
    bool done;

    if (name_of(curve) == NID_undef || signature.len != 2 * width || tscope_ecdsa_is_degenerate(curve, signature)) {
        *ret_recovered = recovered;
        return TSCOPE_OK;
    }
    done = begin(&recovery, crypto, curve) && BN_bin2bn(signature.data, (int)width, recovery.r) &&
           BN_bin2bn(signature.data + width, (int)width, recovery.s) && make_factors(&recovery, digest, digest_len);
    for (int parity = 0; done && parity < 2; parity++)
        recovered.len += recover_one(&recovery, parity, recovered.x[recovered.len], width);
    end(&recovery);
    if (!done)
        return tscope_error_no_memory(err);
    *ret_recovered = recovered;
    return TSCOPE_OK;
}
