/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/curve_trial.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>

#include "crypto/internal.h"

struct tscope_curve_trial {
    EC_GROUP *group;
    EC_POINT *point;
    BIGNUM *d, *x, *wanted;
    BN_CTX *context;
};

tscope_curve_trial *
tscope_curve_trial_new(tscope_crypto *crypto, enum tscope_curve curve, struct tscope_span x)
{
    TSCOPE_AUTO(tscope_curve_trial) *trial = NULL;

    if (!tscope_curve_width(curve) || tscope_curve_is_okp(curve))
        return NULL;
    trial = tscope_alloc_zeroed(1, sizeof(*trial));
    if (!trial)
        return NULL;
    ERR_set_mark();
    trial->group = EC_GROUP_new_by_curve_name_ex(
        crypto->context, NULL, curve == TSCOPE_CURVE_SECP256K1 ? NID_secp256k1 : EC_curve_nist2nid(tscope_curve_name(curve)));
    trial->point = trial->group ? EC_POINT_new(trial->group) : NULL;
    trial->d = BN_new();
    trial->x = BN_new();
    trial->wanted = BN_bin2bn(x.data, (int)x.len, NULL);
    trial->context = BN_CTX_new_ex(crypto->context);
    ERR_pop_to_mark();
    if (!trial->point || !trial->d || !trial->x || !trial->wanted || !trial->context)
        return NULL;
    return TSCOPE_STEAL(trial);
}

void
tscope_curve_trial_free(tscope_curve_trial *trial)
{
    if (!trial)
        return;
    BN_clear_free(trial->d);
    BN_free(trial->x);
    BN_free(trial->wanted);
    EC_POINT_free(trial->point);
    EC_GROUP_free(trial->group);
    BN_CTX_free(trial->context);
    tscope_free(trial);
}

bool
tscope_curve_trial_fits(tscope_curve_trial *trial, struct tscope_span d)
{
    bool fits;

    ERR_set_mark();
    fits = BN_bin2bn(d.data, (int)d.len, trial->d) && !BN_is_zero(trial->d) && BN_cmp(trial->d, EC_GROUP_get0_order(trial->group)) < 0 &&
           EC_POINT_mul(trial->group, trial->point, trial->d, NULL, NULL, trial->context) == 1 &&
           EC_POINT_get_affine_coordinates(trial->group, trial->point, trial->x, NULL, trial->context) == 1 &&
           BN_cmp(trial->x, trial->wanted) == 0;
    ERR_pop_to_mark();
    return fits;
}
