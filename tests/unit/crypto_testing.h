/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TESTS_CRYPTO_TESTING_H
#define TSCOPE_TESTS_CRYPTO_TESTING_H

#include <check.h>
#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include "core/alloc.h"
#include "crypto/verifier.h"

/** @file What the tests of crypto/ share: keys made and signatures signed by libcrypto directly. */

/* A copy of exact size, so that a sanitizer sees the first byte too far. */
static inline struct tscope_span
exact_span(const void *data, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);

    ck_assert_ptr_nonnull(copy);
    if (len)
        memcpy(copy, data, len);
    return tscope_span_of(copy, len);
}

static inline void
free_span(struct tscope_span span)
{
    free((void *)(uintptr_t)span.data);
}

static inline struct tscope_span
span_of_bignum(EVP_PKEY *evp, const char *name, size_t width)
{
    BIGNUM *number = NULL;
    uint8_t bytes[2048];
    size_t len;

    ck_assert_int_eq(EVP_PKEY_get_bn_param(evp, name, &number), 1);
    len = width ? width : (size_t)BN_num_bytes(number);
    ck_assert_int_eq(BN_bn2binpad(number, bytes, (int)len), (int)len);
    BN_free(number);
    return exact_span(bytes, len);
}

/* A key pair, or a secret when evp is NULL. */
struct pair {
    EVP_PKEY *evp;
    struct tscope_key_numbers numbers;
};

static inline struct pair
make_rsa_pair(unsigned bits)
{
    struct pair pair = {.evp = EVP_RSA_gen(bits), .numbers = {.type = TSCOPE_KEY_RSA}};

    ck_assert_ptr_nonnull(pair.evp);
    pair.numbers.n = span_of_bignum(pair.evp, OSSL_PKEY_PARAM_RSA_N, 0);
    pair.numbers.e = span_of_bignum(pair.evp, OSSL_PKEY_PARAM_RSA_E, 0);
    return pair;
}

static inline struct pair
make_ec_pair(enum tscope_curve curve)
{
    size_t width = tscope_curve_width(curve);
    struct pair pair = {.evp = EVP_EC_gen(tscope_curve_name(curve)), .numbers = {.type = TSCOPE_KEY_EC, .curve = curve}};

    ck_assert_ptr_nonnull(pair.evp);
    pair.numbers.x = span_of_bignum(pair.evp, OSSL_PKEY_PARAM_EC_PUB_X, width);
    pair.numbers.y = span_of_bignum(pair.evp, OSSL_PKEY_PARAM_EC_PUB_Y, width);
    return pair;
}

static inline struct pair
make_okp_pair(enum tscope_curve curve)
{
    uint8_t bytes[57];
    size_t len = sizeof(bytes);
    struct pair pair = {.evp = EVP_PKEY_Q_keygen(NULL, NULL, tscope_curve_name(curve)),
                        .numbers = {.type = TSCOPE_KEY_OKP, .curve = curve}};

    ck_assert_ptr_nonnull(pair.evp);
    ck_assert_int_eq(EVP_PKEY_get_raw_public_key(pair.evp, bytes, &len), 1);
    pair.numbers.x = exact_span(bytes, len);
    return pair;
}

static inline struct pair
make_secret(const char *secret)
{
    return (struct pair){.numbers = {.type = TSCOPE_KEY_OCT, .k = exact_span(secret, strlen(secret))}};
}

static inline void
clear_pair(struct pair *pair)
{
    EVP_PKEY_free(pair->evp);
    free_span(pair->numbers.n);
    free_span(pair->numbers.e);
    free_span(pair->numbers.x);
    free_span(pair->numbers.y);
    free_span(pair->numbers.k);
    *pair = (struct pair){0};
}

static inline const struct tscope_alg *
alg_of(const char *name)
{
    const struct tscope_alg *alg = tscope_alg_find(tscope_span_text(name));

    ck_assert_ptr_nonnull(alg);
    return alg;
}

static inline const char *
digest_name(enum tscope_digest digest)
{
    static const char *const names[] = {NULL, "SHA1", "SHA256", "SHA384", "SHA512"};

    return names[digest];
}

/* What is not as RFC 7518 section 3.5 wants it; zero is right. */
struct pss_oddity {
    int salt_len;
    bool salt_given;
    const char *mgf_digest;
};

static inline struct tscope_span
sign_pkey(EVP_PKEY *evp, const struct tscope_alg *alg, struct tscope_span message, const struct pss_oddity *oddity)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *key_context;
    uint8_t signature[2048];
    size_t len = sizeof(signature);
    int padding = alg->family == TSCOPE_ALG_RSA_PSS ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING;

    ck_assert_int_eq(EVP_DigestSignInit_ex(context, &key_context, digest_name(alg->digest), NULL, NULL, evp, NULL), 1);
    if (alg->family == TSCOPE_ALG_RSA_PSS || alg->family == TSCOPE_ALG_RSA_PKCS1)
        ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(key_context, padding), 1);
    if (alg->family == TSCOPE_ALG_RSA_PSS)
        ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_pss_saltlen(key_context, oddity && oddity->salt_given ? oddity->salt_len
                                                                                                    : (int)tscope_digest_len(alg->digest)),
                         1);
    if (oddity && oddity->mgf_digest)
        ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_mgf1_md_name(key_context, oddity->mgf_digest, NULL), 1);
    ck_assert_int_eq(EVP_DigestSign(context, signature, &len, message.data, message.len), 1);
    EVP_MD_CTX_free(context);
    return exact_span(signature, len);
}

/* DER to r || s. */
static inline struct tscope_span
raw_ecdsa(struct tscope_span der, size_t width)
{
    const uint8_t *at = der.data;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &at, (long)der.len);
    uint8_t raw[132];

    ck_assert_ptr_nonnull(signature);
    ck_assert_int_eq(BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw, (int)width), (int)width);
    ck_assert_int_eq(BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw + width, (int)width), (int)width);
    ECDSA_SIG_free(signature);
    return exact_span(raw, 2 * width);
}

static inline struct tscope_span
sign(const struct pair *pair, const struct tscope_alg *alg, struct tscope_span message)
{
    struct tscope_span der, raw;
    uint8_t mac[64];
    unsigned len = sizeof(mac);

    if (alg->family == TSCOPE_ALG_HMAC) {
        const EVP_MD *digest = EVP_get_digestbyname(digest_name(alg->digest));

        ck_assert_ptr_nonnull(HMAC(digest, pair->numbers.k.data, (int)pair->numbers.k.len, message.data, message.len, mac, &len));
        return exact_span(mac, len);
    }
    if (alg->family != TSCOPE_ALG_ECDSA)
        return sign_pkey(pair->evp, alg, message, NULL);
    der = sign_pkey(pair->evp, alg, message, NULL);
    raw = raw_ecdsa(der, tscope_curve_width(alg->curve));
    free_span(der);
    return raw;
}

static inline tscope_crypto *
open_crypto(void)
{
    tscope_crypto *crypto = NULL;

    ck_assert_int_eq(tscope_crypto_new(&crypto, NULL), TSCOPE_OK);
    return crypto;
}

/* Owned by the caller; NULL with the flaw when refused. */
static inline tscope_pkey *
take_pkey(tscope_crypto *crypto, const struct tscope_key_numbers *numbers, enum tscope_key_flaw *ret_flaw)
{
    tscope_pkey *pkey = NULL;

    ck_assert_int_eq(tscope_pkey_new(crypto, numbers, &pkey, ret_flaw, NULL), TSCOPE_OK);
    ck_assert((pkey != NULL) == (*ret_flaw == TSCOPE_KEY_FLAW_NONE));
    return pkey;
}

static inline tscope_pkey *
good_pkey(tscope_crypto *crypto, const struct tscope_key_numbers *numbers)
{
    enum tscope_key_flaw flaw;
    tscope_pkey *pkey = take_pkey(crypto, numbers, &flaw);

    ck_assert_msg(pkey != NULL, "refused: %s", tscope_key_flaw_id(flaw));
    return pkey;
}

static inline enum tscope_verify_result
check_signature(tscope_verifier *verifier, tscope_pkey *pkey, const struct tscope_alg *alg, struct tscope_span message,
                struct tscope_span signature)
{
    enum tscope_verify_result result = (enum tscope_verify_result) - 1;

    /* libcrypto's queue of errors is the caller's, too: it stays empty, and what stood in it stays there */
    ck_assert_uint_eq(ERR_peek_error(), 0);
    ck_assert_int_eq(tscope_verifier_check(verifier, pkey, alg, &message, 1, signature, &result, NULL), TSCOPE_OK);
    ck_assert_uint_eq(ERR_peek_error(), 0);
    ERR_raise(ERR_LIB_USER, 7);
    ck_assert_int_eq(tscope_verifier_check(verifier, pkey, alg, &message, 1, signature, &result, NULL), TSCOPE_OK);
    ck_assert_int_eq(ERR_GET_REASON(ERR_get_error()), 7);
    ck_assert_uint_eq(ERR_peek_error(), 0);
    return result;
}

#endif
