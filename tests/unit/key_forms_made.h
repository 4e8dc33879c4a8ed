/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_KEY_FORMS_MADE_H
#define TEST_KEY_FORMS_MADE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "core/base64url.h"

/** @file Keys made for the tests in every form that is found: by libcrypto where it writes it, else here. */

struct made {
    uint8_t bytes[1 << 16];
    size_t len;
};

static inline void
put(struct made *made, const void *bytes, size_t len)
{
    ck_assert_uint_le(made->len + len, sizeof(made->bytes));
    memcpy(made->bytes + made->len, bytes, len);
    made->len += len;
}

static inline void
put_text(struct made *made, const char *text)
{
    put(made, text, strlen(text));
}

static inline struct made *
new_made(void)
{
    struct made *made = calloc(1, sizeof(*made));

    ck_assert_ptr_nonnull(made);
    return made;
}

/** A number of a key, of its own length or padded to width; 0: that there is none. */
static inline size_t
number_of(EVP_PKEY *key, const char *name, size_t width, uint8_t *out)
{
    BIGNUM *number = NULL;
    size_t len;

    if (EVP_PKEY_get_bn_param(key, name, &number) != 1)
        return 0;
    len = width ? width : (size_t)BN_num_bytes(number);
    ck_assert_int_eq(BN_bn2binpad(number, out, (int)len), (int)len);
    BN_free(number);
    return len;
}

static inline struct made *
make_pkcs8(EVP_PKEY *key)
{
    struct made *made = new_made();
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    uint8_t *der = NULL;
    int len = i2d_PKCS8_PRIV_KEY_INFO(info, &der);

    ck_assert_int_gt(len, 0);
    put(made, der, (size_t)len);
    OPENSSL_free(der);
    PKCS8_PRIV_KEY_INFO_free(info);
    return made;
}

/** RSAPrivateKey or ECPrivateKey. */
static inline struct made *
make_traditional(EVP_PKEY *key)
{
    struct made *made = new_made();
    uint8_t *der = NULL;
    int len = i2d_PrivateKey(key, &der);

    ck_assert_int_gt(len, 0);
    put(made, der, (size_t)len);
    OPENSSL_free(der);
    return made;
}

static inline struct made *
made_of_bio(BIO *bio)
{
    struct made *made = new_made();
    char *data;
    long len = BIO_get_mem_data(bio, &data);

    put(made, data, (size_t)len);
    BIO_free(bio);
    return made;
}

static inline struct made *
make_pem(EVP_PKEY *key, bool traditional, const char *password)
{
    BIO *bio = BIO_new(BIO_s_mem());
    const EVP_CIPHER *cipher = password ? EVP_aes_128_cbc() : NULL;
    int done = traditional ? PEM_write_bio_PrivateKey_traditional(bio, key, cipher, (const unsigned char *)password,
                                                                  password ? (int)strlen(password) : 0, NULL, NULL)
                           : PEM_write_bio_PKCS8PrivateKey(bio, key, cipher, password, password ? (int)strlen(password) : 0, NULL, NULL);

    ck_assert_int_eq(done, 1);
    return made_of_bio(bio);
}

static inline struct made *
make_encrypted_pkcs8(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());

    ck_assert_int_eq(i2d_PKCS8PrivateKey_bio(bio, key, EVP_aes_128_cbc(), "word", 4, NULL, NULL), 1);
    return made_of_bio(bio);
}

static inline struct made *
make_capi(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());

    ck_assert_int_gt(i2b_PrivateKey_bio(bio, key), 0);
    return made_of_bio(bio);
}

static inline struct made *
make_pfx(EVP_PKEY *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    PKCS12 *pfx = PKCS12_create("word", "name", key, NULL, NULL, 0, 0, 0, 0, 0);

    ck_assert_ptr_nonnull(pfx);
    ck_assert_int_eq(i2d_PKCS12_bio(bio, pfx), 1);
    PKCS12_free(pfx);
    return made_of_bio(bio);
}

static inline void
put_base64(struct made *made, const uint8_t *bytes, size_t len, bool url)
{
    struct tscope_buffer text = {0};

    if (url)
        tscope_base64url_encode(&text, bytes, len);
    else
        tscope_base64_encode(&text, bytes, len);
    put(made, text.data, text.len);
    tscope_buffer_clear(&text);
}

static inline struct made *
make_base64(const struct made *from)
{
    struct made *made = new_made();

    put_base64(made, from->bytes, from->len, false);
    return made;
}

struct number_name {
    const char *name, *parameter;
};

static const struct number_name rsa_names[] = {{"n", OSSL_PKEY_PARAM_RSA_N},          {"e", OSSL_PKEY_PARAM_RSA_E},
                                               {"d", OSSL_PKEY_PARAM_RSA_D},          {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                               {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},    {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                               {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2}, {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}};

static inline void
put_member(struct made *made, const char *name, const uint8_t *bytes, size_t len)
{
    put_text(made, ",\"");
    put_text(made, name);
    put_text(made, "\":\"");
    put_base64(made, bytes, len, true);
    put_text(made, "\"");
}

/** With "kty" in front, or at the very end. */
static inline struct made *
make_jwk(EVP_PKEY *key, const char *curve, size_t width, bool kty_last, bool with_private)
{
    struct made *made = new_made();
    uint8_t bytes[2048];
    size_t len = sizeof(bytes);
    const char *kty = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ? "RSA" : EVP_PKEY_get_base_id(key) == EVP_PKEY_EC ? "EC" : "OKP";

    put_text(made, "{\"use\":\"sig\"");
    if (!kty_last) {
        put_text(made, ",\"kty\":\"");
        put_text(made, kty);
        put_text(made, "\"");
    }
    if (curve) {
        put_text(made, ",\"crv\":\"");
        put_text(made, curve);
        put_text(made, "\"");
    }
    if (strcmp(kty, "RSA") == 0) {
        for (size_t i = 0; i < (with_private ? 8 : 2); i++)
            put_member(made, rsa_names[i].name, bytes, number_of(key, rsa_names[i].parameter, 0, bytes));
    } else if (strcmp(kty, "EC") == 0) {
        put_member(made, "x", bytes, number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, width, bytes));
        put_member(made, "y", bytes, number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, width, bytes));
        if (with_private)
            put_member(made, "d", bytes, number_of(key, OSSL_PKEY_PARAM_PRIV_KEY, width, bytes));
    } else {
        ck_assert_int_eq(EVP_PKEY_get_raw_public_key(key, bytes, &len), 1);
        put_member(made, "x", bytes, len);
        len = sizeof(bytes);
        ck_assert_int_eq(EVP_PKEY_get_raw_private_key(key, bytes, &len), 1);
        if (with_private)
            put_member(made, "d", bytes, len);
    }
    if (kty_last) {
        put_text(made, ",\"kty\":\"");
        put_text(made, kty);
        put_text(made, "\"");
    }
    put_text(made, "}");
    return made;
}

static inline struct made *
make_xml(EVP_PKEY *key, bool with_private)
{
    static const struct number_name names[] = {{"Modulus", OSSL_PKEY_PARAM_RSA_N},
                                               {"Exponent", OSSL_PKEY_PARAM_RSA_E},
                                               {"P", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                               {"Q", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                               {"DP", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                               {"DQ", OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                               {"InverseQ", OSSL_PKEY_PARAM_RSA_COEFFICIENT1},
                                               {"D", OSSL_PKEY_PARAM_RSA_D}};
    struct made *made = new_made();
    uint8_t bytes[2048];
    char tag[32];

    put_text(made, "<RSAKeyValue>");
    for (size_t i = 0; i < (with_private ? 8 : 2); i++) {
        snprintf(tag, sizeof(tag), "<%s>", names[i].name);
        put_text(made, tag);
        put_base64(made, bytes, number_of(key, names[i].parameter, 0, bytes), false);
        snprintf(tag, sizeof(tag), "</%s>", names[i].name);
        put_text(made, tag);
    }
    put_text(made, "</RSAKeyValue>");
    return made;
}

static inline void
put_little(struct made *made, size_t number)
{
    const uint8_t bytes[] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16), (uint8_t)(number >> 24)};

    put(made, bytes, sizeof(bytes));
}

static inline struct made *
make_cng_rsa(EVP_PKEY *key, bool full)
{
    size_t len = (size_t)EVP_PKEY_get_bits(key) / 8, half = len / 2;
    struct made *made = new_made();
    uint8_t bytes[2048];

    put_text(made, full ? "RSA3" : "RSA2");
    put_little(made, len * 8);
    put_little(made, 3);
    put_little(made, len);
    put_little(made, half);
    put_little(made, half);
    put(made, bytes, number_of(key, OSSL_PKEY_PARAM_RSA_E, 3, bytes));
    put(made, bytes, number_of(key, OSSL_PKEY_PARAM_RSA_N, len, bytes));
    put(made, bytes, number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR1, half, bytes));
    put(made, bytes, number_of(key, OSSL_PKEY_PARAM_RSA_FACTOR2, half, bytes));
    if (full) {
        put(made, bytes, number_of(key, OSSL_PKEY_PARAM_RSA_EXPONENT1, half, bytes));
        put(made, bytes, number_of(key, OSSL_PKEY_PARAM_RSA_EXPONENT2, half, bytes));
        put(made, bytes, number_of(key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, half, bytes));
        put(made, bytes, number_of(key, OSSL_PKEY_PARAM_RSA_D, len, bytes));
    }
    return made;
}

static inline struct made *
make_cng_ec(EVP_PKEY *key, const char *magic, size_t width)
{
    struct made *made = new_made();
    uint8_t bytes[80];

    put_text(made, magic);
    put_little(made, width);
    put(made, bytes, number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, width, bytes));
    put(made, bytes, number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, width, bytes));
    put(made, bytes, number_of(key, OSSL_PKEY_PARAM_PRIV_KEY, width, bytes));
    return made;
}

static inline void
put_string(struct made *made, const void *bytes, size_t len)
{
    const uint8_t length[] = {0, 0, (uint8_t)(len >> 8), (uint8_t)len};

    put(made, length, sizeof(length));
    put(made, bytes, len);
}

/* A number that may look negative has a zero in front (RFC 4251 section 5). */
static inline void
put_mpint(struct made *made, EVP_PKEY *key, const char *name)
{
    uint8_t bytes[2048] = {0};
    size_t len = number_of(key, name, 0, bytes + 1);

    put_string(made, bytes + (bytes[1] < 0x80), len + (bytes[1] >= 0x80));
}

static inline void
put_openssh_numbers(struct made *made, EVP_PKEY *key)
{
    uint8_t bytes[200] = {4};
    size_t len = 32, width = (size_t)(EVP_PKEY_get_bits(key) + 7) / 8;
    char name[32];

    put(made, "abcdabcd", 8);
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
        put_string(made, "ssh-rsa", 7);
        put_mpint(made, key, OSSL_PKEY_PARAM_RSA_N);
        put_mpint(made, key, OSSL_PKEY_PARAM_RSA_E);
        put_mpint(made, key, OSSL_PKEY_PARAM_RSA_D);
        put_mpint(made, key, OSSL_PKEY_PARAM_RSA_COEFFICIENT1);
        put_mpint(made, key, OSSL_PKEY_PARAM_RSA_FACTOR1);
        put_mpint(made, key, OSSL_PKEY_PARAM_RSA_FACTOR2);
    } else if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
        snprintf(name, sizeof(name), "ecdsa-sha2-nistp%d", EVP_PKEY_get_bits(key));
        put_string(made, name, strlen(name));
        put_string(made, name + 11, strlen(name) - 11);
        number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, width, bytes + 1);
        number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, width, bytes + 1 + width);
        put_string(made, bytes, 1 + 2 * width);
        put_mpint(made, key, OSSL_PKEY_PARAM_PRIV_KEY);
    } else {
        put_string(made, "ssh-ed25519", 11);
        EVP_PKEY_get_raw_private_key(key, bytes, &len);
        EVP_PKEY_get_raw_public_key(key, bytes + 32, &len);
        put_string(made, bytes + 32, 32);
        put_string(made, bytes, 64);
    }
    put_string(made, "comment", 7);
    put(made, "\1\2\3\4", 4);
}

static inline struct made *
make_openssh(EVP_PKEY *key, const char *cipher)
{
    struct made *made = new_made(), *section = new_made();

    put(made, "openssh-key-v1", 15);
    put_string(made, cipher, strlen(cipher));
    put_string(made, "none", 4);
    put_string(made, "", 0);
    put(made, "\0\0\0\1", 4);
    put_string(made, "some public key", 15);
    put_openssh_numbers(section, key);
    put_string(made, section->bytes, section->len);
    free(section);
    return made;
}

/** Base64 in lines between a BEGIN and an END; line: characters of one, and what ends it. */
static inline struct made *
make_armour(const struct made *from, const char *label, size_t line, const char *end)
{
    struct made *made = new_made(), *text = make_base64(from);

    put_text(made, "-----BEGIN ");
    put_text(made, label);
    put_text(made, "-----");
    put_text(made, end);
    for (size_t i = 0; i < text->len; i += line) {
        put(made, text->bytes + i, text->len - i < line ? text->len - i : line);
        put_text(made, end);
    }
    put_text(made, "-----END ");
    put_text(made, label);
    put_text(made, "-----");
    free(text);
    return made;
}

static inline struct made *
make_utf16(const struct made *from, bool big_endian)
{
    struct made *made = new_made();

    for (size_t i = 0; i < from->len; i++) {
        const uint8_t unit[] = {big_endian ? 0 : from->bytes[i], big_endian ? from->bytes[i] : 0};

        put(made, unit, 2);
    }
    return made;
}

/** The inside of a JSON string that says this. */
static inline struct made *
make_json_string(const struct made *from)
{
    struct made *made = new_made();

    for (size_t i = 0; i < from->len; i++) {
        uint8_t byte = from->bytes[i];

        if (byte == '\n')
            put_text(made, "\\n");
        else if (byte == '"' || byte == '\\' || byte == '/') {
            put_text(made, "\\");
            put(made, &byte, 1);
        } else
            put(made, &byte, 1);
    }
    return made;
}

static inline struct made *
make_percent(const struct made *from, bool form)
{
    struct made *made = new_made();
    char escape[8];

    for (size_t i = 0; i < from->len; i++) {
        uint8_t byte = from->bytes[i];

        if ((byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || byte == '-' || byte == '_') {
            put(made, &byte, 1);
        } else {
            snprintf(escape, sizeof(escape), form && byte == ' ' ? "+" : "%%%02X", byte);
            put_text(made, escape);
        }
    }
    return made;
}

static inline struct made *
make_html(const struct made *from)
{
    struct made *made = new_made();

    for (size_t i = 0; i < from->len; i++) {
        uint8_t byte = from->bytes[i];

        put_text(made, byte == '"' ? "&quot;" : byte == '<' ? "&lt;" : byte == '>' ? "&gt;" : byte == '\n' ? "&#10;" : "");
        if (byte != '"' && byte != '<' && byte != '>' && byte != '\n')
            put(made, &byte, 1);
    }
    return made;
}

#endif
