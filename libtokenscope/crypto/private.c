/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/private.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include "core/error.h"
#include "crypto/internal.h"

#define RSA_BYTES_MAX (TSCOPE_PRIVATE_RSA_BITS_MAX / 8)
#define RSA_NUMBERS 8 /* n e d p q dp dq qi */
#define POINT_MAX (1 + 2 * 66)

/* A number as OSSL_PARAM wants it: unsigned, in the byte order of the machine. */
static OSSL_PARAM
put_native(uint8_t *out, const char *name, struct tscope_span number)
{
    number = tscope_number_strip(number);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    for (size_t i = 0; i < number.len; i++)
        out[i] = number.data[number.len - 1 - i];
#else
    memcpy(out, number.data, number.len);
#endif
    return OSSL_PARAM_construct_BN(name, out, number.len);
}

/* The cheap part: every number there, none zero, none longer than its bound. Before libcrypto sees any of it. */
static bool
number_is_bounded(struct tscope_span number, size_t most)
{
    number = tscope_number_strip(number);
    return number.len && number.len <= most;
}

static bool
has_crt(const struct tscope_private_numbers *numbers, size_t most)
{
    return number_is_bounded(numbers->p, most) && number_is_bounded(numbers->q, most) && number_is_bounded(numbers->dp, most) &&
           number_is_bounded(numbers->dq, most) && number_is_bounded(numbers->qi, most);
}

static enum tscope_key_flaw
check_private(const struct tscope_private_numbers *numbers, const struct tscope_key_shape *shape)
{
    bool bounded = true;

    switch (shape->type) {
    case TSCOPE_KEY_RSA:
        if (shape->bits > TSCOPE_PRIVATE_RSA_BITS_MAX)
            return TSCOPE_KEY_FLAW_PRIVATE_LARGE;
        bounded = number_is_bounded(numbers->d, (shape->bits + 7) / 8);
        break;
    case TSCOPE_KEY_EC:
        bounded = number_is_bounded(numbers->d, tscope_curve_width(shape->curve));
        break;
    case TSCOPE_KEY_OKP:
        bounded = numbers->d.data && numbers->d.len == tscope_curve_width(shape->curve);
        break;
    case TSCOPE_KEY_OCT:
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return bounded ? TSCOPE_KEY_FLAW_NONE : TSCOPE_KEY_FLAW_PRIVATE;
}

static EVP_PKEY *
make_rsa_of(tscope_crypto *crypto, const struct tscope_private_numbers *numbers, uint8_t room[RSA_NUMBERS][RSA_BYTES_MAX])
{
    const struct {
        const char *name;
        struct tscope_span number;
    } rows[RSA_NUMBERS] = {
        {OSSL_PKEY_PARAM_RSA_N, numbers->open.n},     {OSSL_PKEY_PARAM_RSA_E, numbers->open.e},
        {OSSL_PKEY_PARAM_RSA_D, numbers->d},          {OSSL_PKEY_PARAM_RSA_FACTOR1, numbers->p},
        {OSSL_PKEY_PARAM_RSA_FACTOR2, numbers->q},    {OSSL_PKEY_PARAM_RSA_EXPONENT1, numbers->dp},
        {OSSL_PKEY_PARAM_RSA_EXPONENT2, numbers->dq}, {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, numbers->qi},
    };
    size_t count = has_crt(numbers, tscope_number_strip(numbers->open.n).len) ? RSA_NUMBERS : 3;
    OSSL_PARAM params[RSA_NUMBERS + 1];

    for (size_t i = 0; i < count; i++)
        params[i] = put_native(room[i], rows[i].name, rows[i].number);
    params[count] = OSSL_PARAM_construct_end();
    return tscope_evp_from_params(crypto, "RSA", EVP_PKEY_KEYPAIR, params);
}

/* Back and forth with a block that nobody chose: shows d and the factors to be those of n and e, whatever their sizes. */
static bool
rsa_goes_back_and_forth(tscope_crypto *crypto, EVP_PKEY *pkey, const struct tscope_key_shape *shape)
{
    size_t len = (shape->bits + 7) / 8, sealed_len = RSA_BYTES_MAX, opened_len = RSA_BYTES_MAX;
    uint8_t block[RSA_BYTES_MAX], sealed[RSA_BYTES_MAX], opened[RSA_BYTES_MAX];
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(crypto->context, pkey, NULL);
    bool same;

    memset(block, 0x5c, len);
    block[0] = 0; /* below the modulus */
    same = context && EVP_PKEY_encrypt_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
           EVP_PKEY_encrypt(context, sealed, &sealed_len, block, len) == 1 && EVP_PKEY_decrypt_init(context) == 1 &&
           EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
           EVP_PKEY_decrypt(context, opened, &opened_len, sealed, sealed_len) == 1 && opened_len == len && memcmp(block, opened, len) == 0;
    EVP_PKEY_CTX_free(context);
    return same;
}

static EVP_PKEY *
make_rsa(tscope_crypto *crypto, const struct tscope_private_numbers *numbers, const struct tscope_key_shape *shape)
{
    uint8_t room[RSA_NUMBERS][RSA_BYTES_MAX];
    EVP_PKEY *pkey = make_rsa_of(crypto, numbers, room);

    tscope_wipe(room, sizeof(room));
    if (pkey && rsa_goes_back_and_forth(crypto, pkey, shape))
        return pkey;
    EVP_PKEY_free(pkey);
    return NULL;
}

static EVP_PKEY *
make_ec(tscope_crypto *crypto, const struct tscope_private_numbers *numbers)
{
    enum tscope_curve curve = numbers->open.curve;
    size_t width = tscope_curve_width(curve);
    uint8_t point[POINT_MAX] = {0x04}, room[66];
    char group[16];
    OSSL_PARAM params[4];
    EVP_PKEY *pkey;
    EVP_PKEY_CTX *context;

    memcpy(group, tscope_curve_openssl_name(curve), strlen(tscope_curve_openssl_name(curve)) + 1);
    tscope_number_pad(point + 1, width, numbers->open.x);
    tscope_number_pad(point + 1 + width, width, numbers->open.y);
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
    params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * width);
    params[2] = put_native(room, OSSL_PKEY_PARAM_PRIV_KEY, numbers->d);
    params[3] = OSSL_PARAM_construct_end();
    pkey = tscope_evp_from_params(crypto, "EC", EVP_PKEY_KEYPAIR, params);
    tscope_wipe(room, sizeof(room));
    if (!pkey)
        return NULL;
    context = EVP_PKEY_CTX_new_from_pkey(crypto->context, pkey, NULL);
    if (!context || EVP_PKEY_private_check(context) != 1 || EVP_PKEY_pairwise_check(context) != 1) {
        EVP_PKEY_free(pkey);
        pkey = NULL;
    }
    EVP_PKEY_CTX_free(context);
    return pkey;
}

/* libcrypto makes the public key of it: it must be the one given. */
static EVP_PKEY *
make_okp(tscope_crypto *crypto, const struct tscope_private_numbers *numbers)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key_ex(crypto->context, tscope_curve_openssl_name(numbers->open.curve), NULL, numbers->d.data,
                                                     numbers->d.len);
    uint8_t made[57];
    size_t made_len = sizeof(made);

    if (pkey && EVP_PKEY_get_raw_public_key(pkey, made, &made_len) == 1 &&
        tscope_span_equal(tscope_span_of(made, made_len), numbers->open.x))
        return pkey;
    EVP_PKEY_free(pkey);
    return NULL;
}

static EVP_PKEY *
make_evp(tscope_crypto *crypto, const struct tscope_private_numbers *numbers, const struct tscope_key_shape *shape)
{
    switch (shape->type) {
    case TSCOPE_KEY_RSA:
        return make_rsa(crypto, numbers, shape);
    case TSCOPE_KEY_EC:
        return make_ec(crypto, numbers);
    case TSCOPE_KEY_OKP:
        return make_okp(crypto, numbers);
    case TSCOPE_KEY_OCT:
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return NULL;
}

static bool
fill_secret(tscope_private *key, struct tscope_span secret)
{
    key->secret = tscope_alloc(secret.len);
    if (!key->secret)
        return false;
    memcpy(key->secret, secret.data, secret.len);
    key->secret_len = secret.len;
    return true;
}

/* A private key is no better than its public part: the whole gate of that one first. */
static enum tscope_status
check_public(tscope_crypto *crypto, const struct tscope_key_numbers *numbers, enum tscope_key_flaw *ret_flaw, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_pkey) *pkey = NULL;

    return tscope_pkey_new(crypto, numbers, &pkey, ret_flaw, err);
}

enum tscope_status
tscope_private_new(tscope_crypto *crypto, const struct tscope_private_numbers *numbers, tscope_private **ret_private,
                   enum tscope_key_flaw *ret_flaw, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_private) *key = NULL;
    struct tscope_key_shape shape = tscope_key_shape_of(&numbers->open);
    enum tscope_status status;

    *ret_private = NULL;
    status = check_public(crypto, &numbers->open, ret_flaw, err);
    if (status == TSCOPE_OK && *ret_flaw == TSCOPE_KEY_FLAW_NONE)
        *ret_flaw = check_private(numbers, &shape);
    if (status != TSCOPE_OK || *ret_flaw != TSCOPE_KEY_FLAW_NONE)
        return status;
    key = tscope_alloc_zeroed(1, sizeof(*key));
    if (!key)
        return tscope_error_no_memory(err);
    atomic_init(&key->references, 1);
    key->crypto = tscope_crypto_ref(crypto);
    key->shape = shape;
    if (shape.type == TSCOPE_KEY_OCT) {
        if (!fill_secret(key, numbers->open.k))
            return tscope_error_no_memory(err);
    } else {
        ERR_set_mark();
        key->evp = make_evp(crypto, numbers, &shape);
        ERR_pop_to_mark();
        *ret_flaw = key->evp ? TSCOPE_KEY_FLAW_NONE : TSCOPE_KEY_FLAW_PRIVATE;
        if (!key->evp)
            return TSCOPE_OK;
    }
    *ret_private = TSCOPE_STEAL(key);
    return TSCOPE_OK;
}

static bool
find_ec_point(tscope_crypto *crypto, enum tscope_curve curve, struct tscope_span d, uint8_t *x, uint8_t *y)
{
    int width = (int)tscope_curve_width(curve);
    EC_GROUP *group = EC_GROUP_new_by_curve_name_ex(
        crypto->context, NULL, curve == TSCOPE_CURVE_SECP256K1 ? NID_secp256k1 : EC_curve_nist2nid(tscope_curve_name(curve)));
    EC_POINT *point = group ? EC_POINT_new(group) : NULL;
    BIGNUM *number = BN_bin2bn(d.data, (int)d.len, NULL), *bn_x = BN_new(), *bn_y = BN_new();
    bool found;

    found = point && number && bn_x && bn_y && !BN_is_zero(number) && BN_cmp(number, EC_GROUP_get0_order(group)) < 0 &&
            EC_POINT_mul(group, point, number, NULL, NULL, NULL) == 1 &&
            EC_POINT_get_affine_coordinates(group, point, bn_x, bn_y, NULL) == 1 && BN_bn2binpad(bn_x, x, width) == width &&
            BN_bn2binpad(bn_y, y, width) == width;
    BN_free(bn_x);
    BN_free(bn_y);
    BN_clear_free(number);
    EC_POINT_free(point);
    EC_GROUP_free(group);
    return found;
}

static bool
find_okp_point(tscope_crypto *crypto, enum tscope_curve curve, struct tscope_span d, uint8_t *x)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key_ex(crypto->context, tscope_curve_openssl_name(curve), NULL, d.data, d.len);
    size_t len = tscope_curve_width(curve);
    bool found = pkey && EVP_PKEY_get_raw_public_key(pkey, x, &len) == 1;

    EVP_PKEY_free(pkey);
    return found;
}

bool
tscope_private_find_point(tscope_crypto *crypto, enum tscope_curve curve, struct tscope_span d, uint8_t *x, uint8_t *y)
{
    size_t width = tscope_curve_width(curve);
    bool found;

    if (!width || !number_is_bounded(d, width) || (tscope_curve_is_okp(curve) && d.len != width))
        return false;
    ERR_set_mark();
    found = tscope_curve_is_okp(curve) ? find_okp_point(crypto, curve, d, x) : find_ec_point(crypto, curve, tscope_number_strip(d), x, y);
    ERR_pop_to_mark();
    return found;
}

tscope_private *
tscope_private_ref(tscope_private *key)
{
    atomic_fetch_add_explicit(&key->references, 1, memory_order_relaxed);
    return key;
}

void
tscope_private_free(tscope_private *key)
{
    if (!key || atomic_fetch_sub_explicit(&key->references, 1, memory_order_acq_rel) != 1)
        return;
    EVP_PKEY_free(key->evp); /* libcrypto clears its private numbers */
    if (key->secret)
        tscope_wipe(key->secret, key->secret_len);
    tscope_free(key->secret);
    tscope_crypto_free(key->crypto);
    tscope_free(key);
}

enum tscope_key_type
tscope_private_type(const tscope_private *key)
{
    return key->shape.type;
}

enum tscope_curve
tscope_private_curve(const tscope_private *key)
{
    return key->shape.curve;
}

size_t
tscope_private_bits(const tscope_private *key)
{
    return key->shape.bits;
}
