/* SPDX-License-Identifier: Apache-2.0 */
#include "tokens.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include "bench.h"

#define FIRST_ISSUED INT64_C(1760000000)
#define KID_MAIN "bench-key-of-these-tokens-0"
#define OTHER_KEYS 11

/* The same tokens in every run (xorshift64), under a key of that run. */
static uint64_t random_state = 88172645463325252u;

static uint64_t
random_next(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state;
}

static void
random_bytes(unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (unsigned char)(random_next() >> 24);
}

static size_t
base64url(char *out, const unsigned char *bytes, size_t len)
{
    int written = EVP_EncodeBlock((unsigned char *)out, bytes, (int)len);

    while (written > 0 && out[written - 1] == '=')
        written--;
    out[written] = '\0';
    for (int i = 0; i < written; i++) {
        if (out[i] == '+')
            out[i] = '-';
        else if (out[i] == '/')
            out[i] = '_';
    }
    return (size_t)written;
}

struct guid {
    unsigned char bytes[16];
    char text[37];
};

/* Version 4, as the makers of such claims use. */
static struct guid
random_guid(void)
{
    struct guid guid;
    const unsigned char *b = guid.bytes;

    random_bytes(guid.bytes, sizeof(guid.bytes));
    guid.bytes[7] = (unsigned char)((guid.bytes[7] & 0x0f) | 0x40);
    guid.bytes[8] = (unsigned char)((guid.bytes[8] & 0x3f) | 0x80);
    snprintf(guid.text, sizeof(guid.text), "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[3], b[2], b[1], b[0],
             b[5], b[4], b[7], b[6], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    return guid;
}

static size_t
print_payload(char *payload, size_t size, size_t number)
{
    struct guid tenant = random_guid(), client = random_guid(), user = random_guid(), session = random_guid(), id = random_guid();
    unsigned char bytes[64], hint[34] = {1};
    char aio[100], subject[50], uti[30], rh[50];
    int64_t at = FIRST_ISSUED + (int64_t)(number % 80000);
    int written;

    random_bytes(bytes, 60);
    base64url(aio, bytes, 60);
    random_bytes(bytes, 32);
    base64url(subject, bytes, 32);
    base64url(uti, id.bytes, sizeof(id.bytes));
    memcpy(hint + 1, tenant.bytes, 16);
    memcpy(hint + 18, client.bytes, 16);
    base64url(rh, hint, sizeof(hint));
    written = snprintf(
        payload, size,
        "{\"aud\":\"api://%s\",\"iss\":\"https://sts.windows.net/%s/\",\"iat\":%lld,\"nbf\":%lld,\"exp\":%lld,\"acr\":\"1\",\"aio\":\"%s\","
        "\"amr\":[\"pwd\",\"mfa\"],\"appid\":\"%s\",\"appidacr\":\"1\",\"family_name\":\"Doe\",\"given_name\":\"Jane\","
        "\"ipaddr\":\"203.0.113.%u\",\"name\":\"Jane Doe\",\"oid\":\"%s\",\"rh\":\"1.%s.\",\"scp\":\"user.read mail.read\",\"sid\":\"%s\","
        "\"sub\":\"%s\",\"tid\":\"%s\",\"unique_name\":\"jane@contoso.example\",\"upn\":\"jane@contoso.example\",\"uti\":\"%s\","
        "\"ver\":\"1.0\",\"xms_idrel\":\"1 12\"}",
        client.text, tenant.text, (long long)at, (long long)at, (long long)at + 3900, aio, client.text, (unsigned)(random_next() % 250),
        user.text, rh, session.text, subject, tenant.text, uti);
    return (size_t)written;
}

static EVP_PKEY *
make_key(const char *alg)
{
    EVP_PKEY *key;

    if (strcmp(alg, "ES256") == 0)
        key = EVP_EC_gen("P-256");
    else if (strcmp(alg, "EdDSA") == 0)
        key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    else
        key = EVP_RSA_gen(2048);
    if (!key)
        bench_fail("libcrypto makes no key");
    return key;
}

static size_t
sign(const struct bench_tokens *set, EVP_MD_CTX *context, struct bench_token *token)
{
    unsigned char signature[512];
    size_t len = sizeof(signature);
    bool is_eddsa = strcmp(set->alg, "EdDSA") == 0;
    EVP_PKEY_CTX *parameters = NULL;

    EVP_MD_CTX_reset(context);
    if (EVP_DigestSignInit(context, &parameters, is_eddsa ? NULL : EVP_sha256(), NULL, set->key) != 1)
        bench_fail("libcrypto does not sign");
    if (strcmp(set->alg, "PS256") == 0 && (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
                                           EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1))
        bench_fail("libcrypto does not sign");
    if (EVP_DigestSign(context, signature, &len, (const unsigned char *)token->text, token->input_len) != 1)
        bench_fail("libcrypto does not sign");
    token->raw = bench_alloc(len);
    memcpy(token->raw, signature, len);
    return token->raw_len = len;
}

/* The two numbers side by side (RFC 7518 section 3.4). */
static size_t
sides_of(const struct bench_token *token, unsigned char sides[64])
{
    const unsigned char *der = token->raw;
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)token->raw_len);

    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature), sides, 32) != 32 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature), sides + 32, 32) != 32)
        bench_fail("libcrypto does not read its own signature");
    ECDSA_SIG_free(signature);
    return 64;
}

static void
make_from_payload(const struct bench_tokens *set, EVP_MD_CTX *context, const char *payload, size_t payload_len, struct bench_token *token)
{
    char header[128];
    unsigned char sides[64];
    int header_len = snprintf(header, sizeof(header), "{\"typ\":\"JWT\",\"alg\":\"%s\",\"kid\":\"%s\"}", set->alg, KID_MAIN);
    char *text = bench_alloc(((size_t)header_len + payload_len + 512) * 4 / 3 + 16);
    size_t len;

    len = base64url(text, (const unsigned char *)header, (size_t)header_len);
    text[len++] = '.';
    len += base64url(text + len, (const unsigned char *)payload, payload_len);
    token->text = text;
    token->input_len = len;
    sign(set, context, token);
    text[len++] = '.';
    if (strcmp(set->alg, "ES256") == 0)
        len += base64url(text + len, sides, sides_of(token, sides));
    else
        len += base64url(text + len, token->raw, token->raw_len);
    token->len = len;
}

static void
make_token(const struct bench_tokens *set, EVP_MD_CTX *context, size_t number, struct bench_token *token)
{
    char payload[1200];

    make_from_payload(set, context, payload, print_payload(payload, sizeof(payload), number), token);
}

void
bench_token_more(const struct bench_tokens *set, size_t number, struct bench_token *ret_token)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (!context)
        bench_fail("out of memory");
    make_token(set, context, number, ret_token);
    EVP_MD_CTX_free(context);
}

void
bench_token_sized(const struct bench_tokens *set, size_t size, struct bench_token *ret_token)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    char *payload = bench_alloc(size + 256);
    size_t len, room = size > 173 ? (size - 173) * 3 / 4 : 0; /* what header, signature and dots leave, under ES256 */

    if (!context)
        bench_fail("out of memory");
    len = (size_t)sprintf(
        payload, room < 100 ? "{\"iss\":\"https://i.example\",\"iat\":%lld" : "{\"iss\":\"https://i.example\",\"iat\":%lld,\"groups\":[",
        (long long)FIRST_ISSUED);
    if (room >= 100) {
        for (const char *comma = ""; len + 45 < room; comma = ",")
            len += (size_t)sprintf(payload + len, "%s\"%s\"", comma, random_guid().text);
        payload[len++] = ']';
    }
    payload[len++] = '}';
    make_from_payload(set, context, payload, len, ret_token);
    EVP_MD_CTX_free(context);
    free(payload);
}

void
bench_token_clear(struct bench_token *token)
{
    free(token->text);
    free(token->raw);
    *token = (struct bench_token){0};
}

/* A growing text; room is made before each piece. */
struct text {
    char *data;
    size_t len, size;
};

static void __attribute__((format(printf, 2, 3))) append(struct text *text, const char *format, ...)
{
    va_list arguments;

    if (text->size - text->len < 1024) {
        text->size = text->size * 2 + 4096;
        text->data = realloc(text->data, text->size);
        if (!text->data)
            bench_fail("out of memory");
    }
    va_start(arguments, format);
    text->len += (size_t)vsnprintf(text->data + text->len, text->size - text->len, format, arguments);
    va_end(arguments);
}

/* A modulus of nobody: odd, of full length. No key file is better for knowing its factors. */
static void
append_strange_key(struct text *text, size_t number)
{
    unsigned char modulus[256];
    char encoded[360];

    random_bytes(modulus, sizeof(modulus));
    modulus[0] |= 0x80;
    modulus[255] |= 1;
    base64url(encoded, modulus, sizeof(modulus));
    append(text, "%s{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"bench-strange-key-%07zu\",\"n\":\"%s\",\"e\":\"AQAB\"}", number ? "," : "",
           number, encoded);
}

static void
encode_number(EVP_PKEY *key, const char *name, int width, char *encoded)
{
    unsigned char bytes[512];
    BIGNUM *number = NULL;
    int len;

    if (EVP_PKEY_get_bn_param(key, name, &number) != 1)
        bench_fail("libcrypto does not tell a key's number");
    len = width ? BN_bn2binpad(number, bytes, width) : BN_bn2bin(number, bytes);
    base64url(encoded, bytes, (size_t)len);
    BN_free(number);
}

static void
append_key(struct text *text, const struct bench_tokens *set)
{
    char first[700], second[100];
    unsigned char bytes[32];
    size_t len = sizeof(bytes);

    if (strcmp(set->alg, "ES256") == 0) {
        encode_number(set->key, OSSL_PKEY_PARAM_EC_PUB_X, 32, first);
        encode_number(set->key, OSSL_PKEY_PARAM_EC_PUB_Y, 32, second);
        append(text, ",{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}", KID_MAIN, first, second);
    } else if (strcmp(set->alg, "EdDSA") == 0) {
        if (EVP_PKEY_get_raw_public_key(set->key, bytes, &len) != 1)
            bench_fail("libcrypto does not tell a key's number");
        base64url(first, bytes, len);
        append(text, ",{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"%s\",\"x\":\"%s\"}", KID_MAIN, first);
    } else {
        encode_number(set->key, OSSL_PKEY_PARAM_RSA_N, 0, first);
        append(text, ",{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"AQAB\"}", KID_MAIN, first);
    }
}

void
bench_tokens_make(const char *alg, size_t count, struct bench_tokens *ret_tokens)
{
    struct bench_tokens set = {.alg = alg, .key = make_key(alg), .len = count};
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    struct text jwks = {0};

    if (!context)
        bench_fail("out of memory");
    set.tokens = bench_alloc(count * sizeof(*set.tokens));
    for (size_t i = 0; i < count; i++)
        make_token(&set, context, i, &set.tokens[i]);
    EVP_MD_CTX_free(context);
    append(&jwks, "{\"keys\":[");
    for (size_t i = 0; i < OTHER_KEYS; i++)
        append_strange_key(&jwks, i);
    append_key(&jwks, &set);
    append(&jwks, "]}");
    set.jwks = jwks.data;
    set.jwks_len = jwks.len;
    *ret_tokens = set;
}

void
bench_tokens_clear(struct bench_tokens *tokens)
{
    for (size_t i = 0; i < tokens->len; i++)
        bench_token_clear(&tokens->tokens[i]);
    free(tokens->tokens);
    free(tokens->jwks);
    EVP_PKEY_free(tokens->key);
    *tokens = (struct bench_tokens){0};
}

char *
bench_jwks_make(size_t count, size_t *ret_len)
{
    struct text jwks = {0};

    append(&jwks, "{\"keys\":[");
    for (size_t i = 0; i < count; i++)
        append_strange_key(&jwks, i);
    append(&jwks, "]}");
    *ret_len = jwks.len;
    return jwks.data;
}
