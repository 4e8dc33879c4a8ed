/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include "core/error.h"
#include "crypto/internal.h"

#define POINT_MAX (1 + 2 * 66)

static const struct {
    const char *id, *words;
} flaws[] = {
#define FLAW_ROW(name, id, words) [TSCOPE_KEY_FLAW_##name] = {id, words},
    TSCOPE_FOREACH_KEY_FLAW(FLAW_ROW)
#undef FLAW_ROW
};

const char *
tscope_key_flaw_id(enum tscope_key_flaw flaw)
{
    return flaws[flaw].id;
}

const char *
tscope_key_flaw_text(enum tscope_key_flaw flaw)
{
    return flaws[flaw].words;
}

const char *
tscope_curve_openssl_name(enum tscope_curve curve)
{
    static const char *const names[] = {NULL, "P-256", "P-384", "P-521", "secp256k1", "ED25519", "ED448", "X25519", "X448"};

    return names[curve];
}

EVP_PKEY *
tscope_evp_from_params(tscope_crypto *crypto, const char *type, int selection, OSSL_PARAM *params)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(crypto->context, type, NULL);
    EVP_PKEY *pkey = NULL;

    if (!context || EVP_PKEY_fromdata_init(context) != 1 || EVP_PKEY_fromdata(context, &pkey, selection, params) != 1)
        pkey = NULL;
    EVP_PKEY_CTX_free(context);
    return pkey;
}

static EVP_PKEY *
make_rsa(tscope_crypto *crypto, const struct tscope_key_numbers *numbers)
{
    struct tscope_span modulus = tscope_number_strip(numbers->n), exponent = tscope_number_strip(numbers->e);
    BIGNUM *n = BN_bin2bn(modulus.data, (int)modulus.len, NULL), *e = BN_bin2bn(exponent.data, (int)exponent.len, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    EVP_PKEY *pkey = NULL;

    if (n && e && builder && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        params = OSSL_PARAM_BLD_to_param(builder);
    if (params)
        pkey = tscope_evp_from_params(crypto, "RSA", EVP_PKEY_PUBLIC_KEY, params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    BN_free(n);
    BN_free(e);
    return pkey;
}

void
tscope_number_pad(uint8_t *out, size_t width, struct tscope_span number)
{
    number = tscope_number_strip(number);
    memset(out, 0, width - number.len);
    memcpy(out + width - number.len, number.data, number.len);
}

static EVP_PKEY *
make_ec(tscope_crypto *crypto, const struct tscope_key_numbers *numbers)
{
    size_t width = tscope_curve_width(numbers->curve);
    uint8_t point[POINT_MAX] = {0x04};
    char group[16];
    OSSL_PARAM params[3];
    EVP_PKEY *pkey;
    EVP_PKEY_CTX *context;

    memcpy(group, tscope_curve_openssl_name(numbers->curve), strlen(tscope_curve_openssl_name(numbers->curve)) + 1);
    tscope_number_pad(point + 1, width, numbers->x);
    tscope_number_pad(point + 1 + width, width, numbers->y);
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
    params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * width);
    params[2] = OSSL_PARAM_construct_end();
    pkey = tscope_evp_from_params(crypto, "EC", EVP_PKEY_PUBLIC_KEY, params);
    if (!pkey)
        return NULL;
    context = EVP_PKEY_CTX_new_from_pkey(crypto->context, pkey, NULL);
    if (!context || EVP_PKEY_public_check_quick(context) != 1) {
        EVP_PKEY_free(pkey);
        pkey = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return pkey;
}

static EVP_PKEY *
make_okp(tscope_crypto *crypto, const struct tscope_key_numbers *numbers)
{
    return EVP_PKEY_new_raw_public_key_ex(crypto->context, tscope_curve_openssl_name(numbers->curve), NULL, numbers->x.data,
                                          numbers->x.len);
}

/* NULL and why, when libcrypto takes the numbers for no key. */
static EVP_PKEY *
make_evp(tscope_crypto *crypto, const struct tscope_key_numbers *numbers, enum tscope_key_flaw *ret_flaw)
{
    EVP_PKEY *pkey = NULL;

    switch (numbers->type) {
    case TSCOPE_KEY_RSA:
        pkey = make_rsa(crypto, numbers);
        break;
    case TSCOPE_KEY_EC:
        pkey = make_ec(crypto, numbers);
        if (!pkey)
            *ret_flaw = TSCOPE_KEY_FLAW_EC_POINT;
        return pkey;
    case TSCOPE_KEY_OKP:
        *ret_flaw = tscope_okp_check_point(crypto, numbers->curve, numbers->x);
        if (*ret_flaw != TSCOPE_KEY_FLAW_NONE)
            return NULL;
        pkey = make_okp(crypto, numbers);
        break;
    case TSCOPE_KEY_OCT:
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    if (!pkey)
        *ret_flaw = TSCOPE_KEY_FLAW_LIBRARY;
    return pkey;
}

static bool
fill_secret(tscope_pkey *pkey, struct tscope_span k)
{
    pkey->secret = tscope_alloc(k.len);
    if (!pkey->secret)
        return false;
    memcpy(pkey->secret, k.data, k.len);
    pkey->secret_len = k.len;
    return true;
}

enum tscope_status
tscope_pkey_new(tscope_crypto *crypto, const struct tscope_key_numbers *numbers, tscope_pkey **ret_pkey, enum tscope_key_flaw *ret_flaw,
                struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_pkey) *pkey = NULL;

    *ret_pkey = NULL;
    *ret_flaw = tscope_key_numbers_check(numbers);
    if (*ret_flaw != TSCOPE_KEY_FLAW_NONE)
        return TSCOPE_OK;
    pkey = tscope_alloc_zeroed(1, sizeof(*pkey));
    if (!pkey)
        return tscope_error_no_memory(err);
    atomic_init(&pkey->references, 1);
    pkey->crypto = tscope_crypto_ref(crypto);
    pkey->shape = tscope_key_shape_of(numbers);
    if (numbers->type == TSCOPE_KEY_OCT) {
        if (!fill_secret(pkey, numbers->k))
            return tscope_error_no_memory(err);
    } else {
        ERR_set_mark();
        pkey->evp = make_evp(crypto, numbers, ret_flaw);
        ERR_pop_to_mark();
        if (!pkey->evp)
            return TSCOPE_OK;
    }
    *ret_pkey = TSCOPE_STEAL(pkey);
    return TSCOPE_OK;
}

tscope_pkey *
tscope_pkey_ref(tscope_pkey *pkey)
{
    atomic_fetch_add_explicit(&pkey->references, 1, memory_order_relaxed);
    return pkey;
}

void
tscope_pkey_free(tscope_pkey *pkey)
{
    if (!pkey || atomic_fetch_sub_explicit(&pkey->references, 1, memory_order_acq_rel) != 1)
        return;
    EVP_PKEY_free(pkey->evp);
    if (pkey->secret)
        tscope_wipe(pkey->secret, pkey->secret_len);
    tscope_free(pkey->secret);
    tscope_crypto_free(pkey->crypto);
    tscope_free(pkey);
}

enum tscope_key_type
tscope_pkey_type(const tscope_pkey *pkey)
{
    return pkey->shape.type;
}

enum tscope_curve
tscope_pkey_curve(const tscope_pkey *pkey)
{
    return pkey->shape.curve;
}

size_t
tscope_pkey_bits(const tscope_pkey *pkey)
{
    return pkey->shape.bits;
}

bool
tscope_pkey_fits(const tscope_pkey *pkey, const struct tscope_alg *alg)
{
    return tscope_key_shape_fits(&pkey->shape, alg);
}
