/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/jwe.h"

#include <openssl/err.h>

#include "crypto/jwe_unwrap.h"

static const struct tscope_jwe_alg algs[] = {
    {"RSA1_5", TSCOPE_JWE_RSA15, TSCOPE_DIGEST_NONE, 0},
    {"RSA-OAEP", TSCOPE_JWE_RSA_OAEP, TSCOPE_DIGEST_SHA1, 0},
    {"RSA-OAEP-256", TSCOPE_JWE_RSA_OAEP, TSCOPE_DIGEST_SHA256, 0},
    {"RSA-OAEP-384", TSCOPE_JWE_RSA_OAEP, TSCOPE_DIGEST_SHA384, 0}, /* registered by W3C's Web Cryptography, like the next */
    {"RSA-OAEP-512", TSCOPE_JWE_RSA_OAEP, TSCOPE_DIGEST_SHA512, 0},
    {"A128KW", TSCOPE_JWE_AESKW, TSCOPE_DIGEST_NONE, 16},
    {"A192KW", TSCOPE_JWE_AESKW, TSCOPE_DIGEST_NONE, 24},
    {"A256KW", TSCOPE_JWE_AESKW, TSCOPE_DIGEST_NONE, 32},
    {"dir", TSCOPE_JWE_DIR, TSCOPE_DIGEST_NONE, 0},
    {"ECDH-ES", TSCOPE_JWE_ECDH, TSCOPE_DIGEST_SHA256, 0},
    {"ECDH-ES+A128KW", TSCOPE_JWE_ECDH, TSCOPE_DIGEST_SHA256, 16},
    {"ECDH-ES+A192KW", TSCOPE_JWE_ECDH, TSCOPE_DIGEST_SHA256, 24},
    {"ECDH-ES+A256KW", TSCOPE_JWE_ECDH, TSCOPE_DIGEST_SHA256, 32},
    {"A128GCMKW", TSCOPE_JWE_GCMKW, TSCOPE_DIGEST_NONE, 16},
    {"A192GCMKW", TSCOPE_JWE_GCMKW, TSCOPE_DIGEST_NONE, 24},
    {"A256GCMKW", TSCOPE_JWE_GCMKW, TSCOPE_DIGEST_NONE, 32},
    {"PBES2-HS256+A128KW", TSCOPE_JWE_PBES2, TSCOPE_DIGEST_SHA256, 16},
    {"PBES2-HS384+A192KW", TSCOPE_JWE_PBES2, TSCOPE_DIGEST_SHA384, 24},
    {"PBES2-HS512+A256KW", TSCOPE_JWE_PBES2, TSCOPE_DIGEST_SHA512, 32},
};

/* The tag of AES-CBC with HMAC is the first half of the HMAC (RFC 7518 section 5.2.2.1): not always 128 bits. */
static const struct tscope_jwe_enc encs[] = {
    {"A128CBC-HS256", TSCOPE_DIGEST_SHA256, 32, 16, 16}, {"A192CBC-HS384", TSCOPE_DIGEST_SHA384, 48, 16, 24},
    {"A256CBC-HS512", TSCOPE_DIGEST_SHA512, 64, 16, 32}, {"A128GCM", TSCOPE_DIGEST_NONE, 16, 12, 16},
    {"A192GCM", TSCOPE_DIGEST_NONE, 24, 12, 16},         {"A256GCM", TSCOPE_DIGEST_NONE, 32, 12, 16},
};

const struct tscope_jwe_alg *
tscope_jwe_alg_at(size_t number)
{
    return number < TSCOPE_COUNT(algs) ? &algs[number] : NULL;
}

const struct tscope_jwe_enc *
tscope_jwe_enc_at(size_t number)
{
    return number < TSCOPE_COUNT(encs) ? &encs[number] : NULL;
}

const struct tscope_jwe_alg *
tscope_jwe_alg_find(struct tscope_span name)
{
    for (size_t i = 0; i < TSCOPE_COUNT(algs); i++) {
        if (tscope_span_is(name, algs[i].name))
            return &algs[i];
    }
    return NULL;
}

const struct tscope_jwe_enc *
tscope_jwe_enc_find(struct tscope_span name)
{
    for (size_t i = 0; i < TSCOPE_COUNT(encs); i++) {
        if (tscope_span_is(name, encs[i].name))
            return &encs[i];
    }
    return NULL;
}

bool
tscope_alg_is_jwe(struct tscope_span name)
{
    return tscope_jwe_alg_find(name) != NULL;
}

static bool
shape_fits(const struct tscope_key_shape *shape, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc)
{
    size_t bytes = (shape->bits + 7) / 8;

    switch (alg->family) {
    case TSCOPE_JWE_RSA15: /* RFC 8017 section 7.2.1 */
        return shape->type == TSCOPE_KEY_RSA && bytes >= enc->key_len + 11;
    case TSCOPE_JWE_RSA_OAEP: /* section 7.1.1 */
        return shape->type == TSCOPE_KEY_RSA && bytes >= enc->key_len + 2 * tscope_digest_len(alg->digest) + 2;
    case TSCOPE_JWE_AESKW:
    case TSCOPE_JWE_GCMKW:
        return shape->type == TSCOPE_KEY_OCT && shape->bits == alg->wrap_len * 8;
    case TSCOPE_JWE_DIR:
        return shape->type == TSCOPE_KEY_OCT && shape->bits == enc->key_len * 8;
    case TSCOPE_JWE_ECDH: /* RFC 7518 section 6.2.1.1, RFC 8037 section 3.2; secp256k1 is registered for signatures alone */
        return (shape->type == TSCOPE_KEY_EC && shape->curve != TSCOPE_CURVE_SECP256K1) ||
               (shape->type == TSCOPE_KEY_OKP && (shape->curve == TSCOPE_CURVE_X25519 || shape->curve == TSCOPE_CURVE_X448));
    case TSCOPE_JWE_PBES2: /* a password has any length */
        return shape->type == TSCOPE_KEY_OCT;
    }
    return false;
}

bool
tscope_jwe_fits(const tscope_private *key, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc)
{
    return shape_fits(&key->shape, alg, enc);
}

bool
tscope_key_numbers_fit_jwe(const struct tscope_key_numbers *numbers, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc)
{
    struct tscope_key_shape shape = tscope_key_shape_of(numbers);

    return shape_fits(&shape, alg, enc);
}

/* Exact bytes of the encrypted key: wrapping adds one block of eight (RFC 3394), agreement and dir send none. */
static size_t
encrypted_key_len(const tscope_private *key, const struct tscope_jwe_recipient *recipient)
{
    switch (recipient->alg->family) {
    case TSCOPE_JWE_RSA15:
    case TSCOPE_JWE_RSA_OAEP:
        return (key->shape.bits + 7) / 8;
    case TSCOPE_JWE_AESKW:
    case TSCOPE_JWE_PBES2:
        return recipient->enc->key_len + 8;
    case TSCOPE_JWE_GCMKW:
        return recipient->enc->key_len;
    case TSCOPE_JWE_ECDH:
        return recipient->alg->wrap_len ? recipient->enc->key_len + 8 : 0;
    case TSCOPE_JWE_DIR:
        break;
    }
    return 0;
}

static bool
lengths_are_possible(const tscope_private *key, const struct tscope_jwe_recipient *recipient)
{
    if (recipient->encrypted_key.len != encrypted_key_len(key, recipient))
        return false;
    return recipient->alg->family != TSCOPE_JWE_GCMKW || (recipient->iv.len == TSCOPE_GCM_IV && recipient->tag.len == TSCOPE_GCM_TAG);
}

static enum tscope_status
unwrap(tscope_private *key, const struct tscope_jwe_recipient *recipient, uint8_t *cek, enum tscope_jwe_result *ret_result,
       struct tscope_error *err)
{
    switch (recipient->alg->family) {
    case TSCOPE_JWE_RSA15:
    case TSCOPE_JWE_RSA_OAEP:
        return tscope_jwe_unwrap_rsa(key, recipient, cek, ret_result, err);
    case TSCOPE_JWE_AESKW:
    case TSCOPE_JWE_GCMKW:
    case TSCOPE_JWE_DIR:
        return tscope_jwe_unwrap_secret(key, recipient, cek, ret_result, err);
    case TSCOPE_JWE_ECDH:
        return tscope_jwe_unwrap_ecdh(key, recipient, cek, ret_result, err);
    case TSCOPE_JWE_PBES2:
        return tscope_jwe_unwrap_pbes2(key, recipient, cek, ret_result, err);
    }
    return tscope_crypto_failed(err, recipient->alg->name);
}

static enum tscope_status
decrypt(tscope_private *key, const struct tscope_jwe_recipient *recipient, const struct tscope_jwe_content *content, uint8_t *out,
        size_t *ret_len, enum tscope_jwe_result *ret_result, struct tscope_error *err)
{
    uint8_t cek[TSCOPE_JWE_KEY_MAX];
    enum tscope_status status = unwrap(key, recipient, cek, ret_result, err);

    if (status == TSCOPE_OK && *ret_result == TSCOPE_JWE_DECRYPTED)
        status = tscope_jwe_open(key->crypto, tscope_span_of(cek, recipient->enc->key_len), content, out, ret_len, ret_result, err);
    tscope_wipe(cek, sizeof(cek));
    return status;
}

enum tscope_status
tscope_jwe_decrypt(tscope_private *key, const struct tscope_jwe_recipient *recipient, const struct tscope_jwe_content *content,
                   uint8_t *out, size_t *ret_len, enum tscope_jwe_result *ret_result, struct tscope_error *err)
{
    enum tscope_status status;

    *ret_len = 0;
    *ret_result = TSCOPE_JWE_UNFIT;
    if (recipient->enc != content->enc || !tscope_jwe_fits(key, recipient->alg, recipient->enc))
        return TSCOPE_OK;
    *ret_result = TSCOPE_JWE_LENGTH;
    if (!lengths_are_possible(key, recipient) || !tscope_jwe_content_is_possible(content))
        return TSCOPE_OK;
    ERR_set_mark();
    status = decrypt(key, recipient, content, out, ret_len, ret_result, err);
    ERR_pop_to_mark();
    return status;
}
