/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TESTS_SIGNED_TOKENS_H
#define TSCOPE_TESTS_SIGNED_TOKENS_H

#include <stdio.h>

#include "core/base64url.h"
#include "crypto_testing.h"

/** @file Tokens signed with keys that are made for a test. */

static inline void
append_part(struct tscope_buffer *token, const char *text)
{
    tscope_base64url_encode(token, (const uint8_t *)text, strlen(text));
}

/* A compact token with another header signed than sent, where signed_header is not NULL. */
static inline char *
make_token_of(const struct pair *pair, const char *alg, const char *header, const char *signed_header, const char *payload)
{
    struct tscope_buffer token = {0}, input = {0};
    struct tscope_span signature;

    append_part(&token, header);
    append_part(&input, signed_header ? signed_header : header);
    tscope_buffer_append_byte(&token, '.');
    tscope_buffer_append_byte(&input, '.');
    append_part(&token, payload);
    append_part(&input, payload);
    signature = sign(pair, alg_of(alg), tscope_span_of(input.data, input.len));
    tscope_buffer_append_byte(&token, '.');
    tscope_base64url_encode(&token, signature.data, signature.len);
    free_span(signature);
    tscope_buffer_clear(&input);
    return tscope_buffer_steal(&token, NULL);
}

static inline char *
make_token(const struct pair *pair, const char *alg, const char *kid, int number)
{
    char header[100], payload[100];

    snprintf(header, sizeof(header), "{\"alg\":\"%s\",\"kid\":\"%s\"}", alg, kid);
    snprintf(payload, sizeof(payload), "{\"iss\":\"https://idp.example\",\"sub\":\"%d\",\"exp\":2000000000}", number);
    return make_token_of(pair, alg, header, NULL, payload);
}

static inline struct pair
make_small_rsa(unsigned exponent, size_t bits)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    struct pair pair = {.numbers = {.type = TSCOPE_KEY_RSA}};
    BIGNUM *e = BN_new();

    ck_assert_int_eq(BN_set_word(e, exponent), 1);
    ck_assert_int_eq(EVP_PKEY_keygen_init(context), 1);
    ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_keygen_bits(context, (int)bits), 1);
    ck_assert_int_eq(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, e), 1);
    ck_assert_int_eq(EVP_PKEY_generate(context, &pair.evp), 1);
    pair.numbers.n = span_of_bignum(pair.evp, OSSL_PKEY_PARAM_RSA_N, 0);
    pair.numbers.e = span_of_bignum(pair.evp, OSSL_PKEY_PARAM_RSA_E, 0);
    BN_free(e);
    EVP_PKEY_CTX_free(context);
    return pair;
}

#endif
