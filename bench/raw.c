/* SPDX-License-Identifier: Apache-2.0 */
#include "raw.h"

#include <string.h>

#include <openssl/rsa.h>

#include "bench.h"

static bool
set_padding(struct bench_raw *raw)
{
    if (strcmp(raw->tokens->alg, "ES256") == 0)
        return true;
    if (strcmp(raw->tokens->alg, "PS256") == 0)
        return EVP_PKEY_CTX_set_rsa_padding(raw->verify, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(raw->verify, RSA_PSS_SALTLEN_DIGEST) == 1;
    return EVP_PKEY_CTX_set_rsa_padding(raw->verify, RSA_PKCS1_PADDING) == 1;
}

void
bench_raw_open(const struct bench_tokens *tokens, struct bench_raw *ret_raw)
{
    struct bench_raw raw = {.tokens = tokens, .digest = EVP_MD_fetch(NULL, "SHA256", NULL), .hash = EVP_MD_CTX_new()};

    if (!raw.digest || !raw.hash)
        bench_fail("libcrypto has no SHA-256");
    if (strcmp(tokens->alg, "EdDSA") == 0) {
        if (EVP_DigestVerifyInit(raw.hash, NULL, NULL, NULL, tokens->key) != 1)
            bench_fail("libcrypto does not verify");
    } else {
        raw.verify = EVP_PKEY_CTX_new_from_pkey(NULL, tokens->key, NULL);
        if (!raw.verify || EVP_PKEY_verify_init(raw.verify) != 1 || EVP_PKEY_CTX_set_signature_md(raw.verify, raw.digest) != 1 ||
            !set_padding(&raw))
            bench_fail("libcrypto does not verify");
    }
    *ret_raw = raw;
}

void
bench_raw_close(struct bench_raw *raw)
{
    EVP_PKEY_CTX_free(raw->verify);
    EVP_MD_CTX_free(raw->hash);
    EVP_MD_free(raw->digest);
    *raw = (struct bench_raw){0};
}

bool
bench_raw_run(void *state, size_t number)
{
    const struct bench_raw *raw = state;
    const struct bench_token *token = &raw->tokens->tokens[number % raw->tokens->len];
    unsigned char digest[32];

    if (!raw->verify)
        return EVP_DigestVerify(raw->hash, token->raw, token->raw_len, (const unsigned char *)token->text, token->input_len) == 1;
    return EVP_DigestInit_ex2(raw->hash, raw->digest, NULL) == 1 && EVP_DigestUpdate(raw->hash, token->text, token->input_len) == 1 &&
           EVP_DigestFinal_ex(raw->hash, digest, NULL) == 1 &&
           EVP_PKEY_verify(raw->verify, token->raw, token->raw_len, digest, sizeof(digest)) == 1;
}
