/* SPDX-License-Identifier: Apache-2.0 */
#include "given.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>

#include "bench.h"

static size_t
decode(const char *text, unsigned char *bytes)
{
    char padded[1024];
    size_t len = strlen(text), padding = (4 - len % 4) % 4;
    int decoded;

    if (len + padding >= sizeof(padded))
        bench_fail("a signature is too long");
    for (size_t i = 0; i < len; i++)
        padded[i] = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
    memset(padded + len, '=', padding);
    decoded = EVP_DecodeBlock(bytes, (const unsigned char *)padded, (int)(len + padding));
    if (decoded < 0)
        bench_fail("a signature is no base64url");
    return (size_t)decoded - padding;
}

static size_t
der_of(const unsigned char sides[64], unsigned char *der)
{
    ECDSA_SIG *signature = ECDSA_SIG_new();
    unsigned char *end = der;
    int len;

    if (!signature || ECDSA_SIG_set0(signature, BN_bin2bn(sides, 32, NULL), BN_bin2bn(sides + 32, 32, NULL)) != 1 ||
        (len = i2d_ECDSA_SIG(signature, &end)) < 0)
        bench_fail("out of memory");
    ECDSA_SIG_free(signature);
    return (size_t)len;
}

void
given_tokens(const struct peer_data *data, struct bench_tokens *ret_tokens)
{
    struct bench_tokens set = {.alg = data->alg, .len = data->len, .jwks_len = strlen(data->jwks)};
    BIO *pem = BIO_new_mem_buf(data->pem, -1);

    set.key = PEM_read_bio_PUBKEY(pem, NULL, NULL, NULL);
    BIO_free(pem);
    if (!set.key)
        bench_fail("libcrypto does not read the key");
    set.jwks = bench_alloc(set.jwks_len + 1);
    memcpy(set.jwks, data->jwks, set.jwks_len + 1);
    set.tokens = bench_alloc(set.len * sizeof(*set.tokens));
    for (size_t i = 0; i < set.len; i++) {
        const char *dot = strrchr(data->tokens[i], '.');
        unsigned char bytes[768], der[96];
        size_t len;

        if (!dot)
            bench_fail("a token has no signature");
        len = decode(dot + 1, bytes);
        if (strcmp(data->alg, "ES256") == 0) {
            len = der_of(bytes, der);
            memcpy(bytes, der, len);
        }
        set.tokens[i] = (struct bench_token){.text = data->tokens[i],
                                             .len = data->token_lens[i],
                                             .input_len = (size_t)(dot - data->tokens[i]),
                                             .raw = bench_alloc(len),
                                             .raw_len = len};
        memcpy(set.tokens[i].raw, bytes, len);
    }
    *ret_tokens = set;
}
