/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TESTS_JWE_TESTING_H
#define TSCOPE_TESTS_JWE_TESTING_H

#include "crypto_testing.h"

#include <openssl/kdf.h>
#include <openssl/rand.h>

#include "core/error.h"
#include "crypto/jwe.h"

/** @file A sender of JWE for the tests, on libcrypto's default context and written apart from the receiver under test. */

/* A private key with the numbers that both sides know. */
struct recipient_key {
    EVP_PKEY *evp; /* NULL for a secret */
    struct tscope_private_numbers numbers;
};

static inline struct recipient_key
make_rsa_key(unsigned bits)
{
    struct pair pair = make_rsa_pair(bits);
    struct recipient_key key = {.evp = pair.evp, .numbers = {.open = pair.numbers}};

    key.numbers.d = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_D, 0);
    key.numbers.p = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_FACTOR1, 0);
    key.numbers.q = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_FACTOR2, 0);
    key.numbers.dp = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_EXPONENT1, 0);
    key.numbers.dq = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_EXPONENT2, 0);
    key.numbers.qi = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, 0);
    return key;
}

static inline struct recipient_key
make_ec_key(enum tscope_curve curve)
{
    struct pair pair = make_ec_pair(curve);
    struct recipient_key key = {.evp = pair.evp, .numbers = {.open = pair.numbers}};

    key.numbers.d = span_of_bignum(key.evp, OSSL_PKEY_PARAM_PRIV_KEY, tscope_curve_width(curve));
    return key;
}

static inline struct recipient_key
make_okp_key(enum tscope_curve curve)
{
    struct pair pair = make_okp_pair(curve);
    struct recipient_key key = {.evp = pair.evp, .numbers = {.open = pair.numbers}};
    uint8_t bytes[57];
    size_t len = sizeof(bytes);

    ck_assert_int_eq(EVP_PKEY_get_raw_private_key(key.evp, bytes, &len), 1);
    key.numbers.d = exact_span(bytes, len);
    return key;
}

static inline struct tscope_span
random_span(size_t len)
{
    uint8_t bytes[4096];

    ck_assert_uint_le(len, sizeof(bytes));
    if (len)
        ck_assert_int_eq(RAND_bytes(bytes, (int)len), 1);
    return exact_span(bytes, len);
}

static inline struct recipient_key
make_oct_key(size_t len)
{
    return (struct recipient_key){.numbers = {.open = {.type = TSCOPE_KEY_OCT, .k = random_span(len)}}};
}

static inline void
clear_key(struct recipient_key *key)
{
    struct pair pair = {.evp = key->evp, .numbers = key->numbers.open};

    clear_pair(&pair);
    free_span(key->numbers.d);
    free_span(key->numbers.p);
    free_span(key->numbers.q);
    free_span(key->numbers.dp);
    free_span(key->numbers.dq);
    free_span(key->numbers.qi);
    *key = (struct recipient_key){0};
}

/* NULL with the flaw when refused. */
static inline tscope_private *
take_private(tscope_crypto *crypto, const struct tscope_private_numbers *numbers, enum tscope_key_flaw *ret_flaw)
{
    tscope_private *key = NULL;

    ck_assert_int_eq(tscope_private_new(crypto, numbers, &key, ret_flaw, NULL), TSCOPE_OK);
    ck_assert((key != NULL) == (*ret_flaw == TSCOPE_KEY_FLAW_NONE));
    return key;
}

static inline tscope_private *
good_private(tscope_crypto *crypto, const struct tscope_private_numbers *numbers)
{
    enum tscope_key_flaw flaw;
    tscope_private *key = take_private(crypto, numbers, &flaw);

    ck_assert_msg(key != NULL, "refused: %s", tscope_key_flaw_id(flaw));
    return key;
}

static inline const struct tscope_jwe_alg *
jwe_alg_of(const char *name)
{
    const struct tscope_jwe_alg *alg = tscope_jwe_alg_find(tscope_span_text(name));

    ck_assert_ptr_nonnull(alg);
    return alg;
}

static inline const struct tscope_jwe_enc *
jwe_enc_of(const char *name)
{
    const struct tscope_jwe_enc *enc = tscope_jwe_enc_find(tscope_span_text(name));

    ck_assert_ptr_nonnull(enc);
    return enc;
}

/* A message in its parts, all of exact size. */
struct message {
    struct tscope_jwe_recipient recipient;
    struct tscope_jwe_content content;
    struct tscope_span aad[2];
    struct tscope_span plaintext;
    EVP_PKEY *ephemeral;
};

static inline size_t
encipher(const char *cipher, struct tscope_span key, struct tscope_span iv, const struct tscope_span *aad, size_t aad_len,
         struct tscope_span plaintext, uint8_t *out, uint8_t *tag)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    EVP_CIPHER *fetched = EVP_CIPHER_fetch(NULL, cipher, NULL);
    int len = 0, last = 0;

    EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    ck_assert_int_eq(EVP_EncryptInit_ex2(context, fetched, key.data, iv.data, NULL), 1);
    for (size_t i = 0; i < aad_len; i++)
        ck_assert_int_eq(EVP_EncryptUpdate(context, NULL, &len, aad[i].data, (int)aad[i].len), 1);
    len = 0;
    if (plaintext.len)
        ck_assert_int_eq(EVP_EncryptUpdate(context, out, &len, plaintext.data, (int)plaintext.len), 1);
    ck_assert_int_eq(EVP_EncryptFinal_ex(context, out + len, &last), 1);
    if (tag)
        ck_assert_int_eq(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, tag), 1);
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(fetched);
    return (size_t)len + (size_t)last;
}

static inline const char *
cipher_name(size_t key_len, const char *mode)
{
    static char name[32];

    snprintf(name, sizeof(name), "AES-%zu-%s", key_len * 8, mode);
    return name;
}

static inline struct tscope_span
wrap(struct tscope_span key, struct tscope_span cek)
{
    uint8_t out[TSCOPE_JWE_KEY_MAX + 16];
    size_t len = encipher(cipher_name(key.len, "WRAP"), key, (struct tscope_span){0}, NULL, 0, cek, out, NULL);

    return exact_span(out, len);
}

/* RFC 7518 section 5.2.2.1: the HMAC over aad, iv, ciphertext and the bits of aad, of which the first half is the tag. */
static inline struct tscope_span
make_cbc_tag(struct message *message, struct tscope_span cek)
{
    uint8_t input[4096], mac[64];
    size_t len = 0, bits = 0;
    unsigned mac_len = sizeof(mac);

    for (size_t i = 0; i < message->content.aad_len; i++) {
        memcpy(input + len, message->aad[i].data, message->aad[i].len);
        len += message->aad[i].len;
    }
    bits = len * 8;
    memcpy(input + len, message->content.iv.data, 16);
    memcpy(input + len + 16, message->content.ciphertext.data, message->content.ciphertext.len);
    len += 16 + message->content.ciphertext.len;
    memset(input + len, 0, 8);
    input[len + 6] = (uint8_t)(bits >> 8);
    input[len + 7] = (uint8_t)bits;
    ck_assert_ptr_nonnull(
        HMAC(EVP_get_digestbyname(digest_name(message->content.enc->digest)), cek.data, (int)cek.len / 2, input, len + 8, mac, &mac_len));
    return exact_span(mac, mac_len / 2);
}

static inline void
seal_content(struct message *message, struct tscope_span cek)
{
    const struct tscope_jwe_enc *enc = message->content.enc;
    struct tscope_span half = tscope_span_of(cek.data + cek.len / 2, cek.len / 2);
    uint8_t out[4096], tag[16];
    size_t len;

    message->content.aad = message->aad;
    message->content.iv = random_span(enc->iv_len);
    if (enc->digest == TSCOPE_DIGEST_NONE) {
        len = encipher(cipher_name(cek.len, "GCM"), cek, message->content.iv, message->aad, message->content.aad_len, message->plaintext,
                       out, tag);
        message->content.ciphertext = exact_span(out, len);
        message->content.tag = exact_span(tag, sizeof(tag));
        return;
    }
    len = encipher(cipher_name(half.len, "CBC"), half, message->content.iv, NULL, 0, message->plaintext, out, NULL);
    message->content.ciphertext = exact_span(out, len);
    message->content.tag = make_cbc_tag(message, cek);
}

static inline struct tscope_span
encrypt_rsa(EVP_PKEY *evp, const struct tscope_jwe_alg *alg, struct tscope_span block)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, evp, NULL);
    uint8_t out[1024];
    size_t len = sizeof(out);

    ck_assert_int_eq(EVP_PKEY_encrypt_init(context), 1);
    if (!alg) {
        ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING), 1);
    } else if (alg->family == TSCOPE_JWE_RSA15) {
        ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING), 1);
    } else {
        ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING), 1);
        ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_oaep_md_name(context, digest_name(alg->digest), NULL), 1);
    }
    ck_assert_int_eq(EVP_PKEY_encrypt(context, out, &len, block.data, block.len), 1);
    EVP_PKEY_CTX_free(context);
    return exact_span(out, len);
}

static inline struct tscope_key_numbers
public_numbers(EVP_PKEY *evp, enum tscope_curve curve)
{
    struct tscope_key_numbers numbers = {.type = TSCOPE_KEY_EC, .curve = curve};
    uint8_t bytes[57];
    size_t len = sizeof(bytes), width = tscope_curve_width(curve);

    if (tscope_curve_is_okp(curve)) {
        numbers.type = TSCOPE_KEY_OKP;
        ck_assert_int_eq(EVP_PKEY_get_raw_public_key(evp, bytes, &len), 1);
        numbers.x = exact_span(bytes, len);
        return numbers;
    }
    numbers.x = span_of_bignum(evp, OSSL_PKEY_PARAM_EC_PUB_X, width);
    numbers.y = span_of_bignum(evp, OSSL_PKEY_PARAM_EC_PUB_Y, width);
    return numbers;
}

/* RFC 7518 section 4.6.2 by libcrypto's own single-step KDF (NIST SP 800-56C is Concat KDF with a longer name). */
static inline struct tscope_span
agree(EVP_PKEY *own, EVP_PKEY *peer, const struct tscope_jwe_recipient *recipient, size_t wanted)
{
    const char *id = recipient->alg->wrap_len ? recipient->alg->name : recipient->enc->name;
    const struct tscope_span fields[] = {tscope_span_text(id), recipient->apu, recipient->apv};
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SSKDF", NULL);
    EVP_KDF_CTX *kdf_context = EVP_KDF_CTX_new(kdf);
    uint8_t shared[66], info[1024], out[64];
    size_t shared_len = sizeof(shared), len = 0;
    char digest[] = "SHA256";
    OSSL_PARAM params[4];

    ck_assert_int_eq(EVP_PKEY_derive_init(context), 1);
    ck_assert_int_eq(EVP_PKEY_derive_set_peer(context, peer), 1);
    ck_assert_int_eq(EVP_PKEY_derive(context, shared, &shared_len), 1);
    for (size_t i = 0; i <= TSCOPE_COUNT(fields); i++) {
        size_t number = i < TSCOPE_COUNT(fields) ? fields[i].len : wanted * 8;

        info[len++] = 0;
        info[len++] = 0;
        info[len++] = (uint8_t)(number >> 8);
        info[len++] = (uint8_t)number;
        if (i < TSCOPE_COUNT(fields) && number) {
            memcpy(info + len, fields[i].data, number);
            len += number;
        }
    }
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0);
    params[1] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, shared, shared_len);
    params[2] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info, len);
    params[3] = OSSL_PARAM_construct_end();
    ck_assert_int_eq(EVP_KDF_derive(kdf_context, out, wanted, params), 1);
    EVP_KDF_CTX_free(kdf_context);
    EVP_KDF_free(kdf);
    EVP_PKEY_CTX_free(context);
    return exact_span(out, wanted);
}

static inline struct tscope_span
derive_password(const struct tscope_jwe_recipient *recipient, struct tscope_span password)
{
    uint8_t salt[256], out[32];
    size_t name_len = strlen(recipient->alg->name);

    memcpy(salt, recipient->alg->name, name_len + 1);
    memcpy(salt + name_len + 1, recipient->p2s.data, recipient->p2s.len);
    ck_assert_int_eq(PKCS5_PBKDF2_HMAC((const char *)password.data, (int)password.len, salt, (int)(name_len + 1 + recipient->p2s.len),
                                       (int)recipient->p2c, EVP_get_digestbyname(digest_name(recipient->alg->digest)),
                                       (int)recipient->alg->wrap_len, out),
                     1);
    return exact_span(out, recipient->alg->wrap_len);
}

/* The encrypted key for a fresh content encryption key, which is the answer. */
static inline struct tscope_span
seal_key(struct message *message, const struct recipient_key *key)
{
    struct tscope_jwe_recipient *recipient = &message->recipient;
    struct tscope_span cek, wrap_key;
    uint8_t out[TSCOPE_JWE_KEY_MAX + 16], tag[16];

    if (recipient->alg->family == TSCOPE_JWE_DIR)
        return exact_span(key->numbers.open.k.data, key->numbers.open.k.len);
    if (recipient->alg->family == TSCOPE_JWE_ECDH) {
        message->ephemeral = tscope_curve_is_okp(key->numbers.open.curve)
                                 ? EVP_PKEY_Q_keygen(NULL, NULL, tscope_curve_name(key->numbers.open.curve))
                                 : EVP_EC_gen(tscope_curve_name(key->numbers.open.curve));
        recipient->epk = public_numbers(message->ephemeral, key->numbers.open.curve);
        if (!recipient->alg->wrap_len)
            return agree(message->ephemeral, key->evp, recipient, recipient->enc->key_len);
    }
    cek = random_span(recipient->enc->key_len);
    switch (recipient->alg->family) {
    case TSCOPE_JWE_RSA15:
    case TSCOPE_JWE_RSA_OAEP:
        recipient->encrypted_key = encrypt_rsa(key->evp, recipient->alg, cek);
        return cek;
    case TSCOPE_JWE_GCMKW:
        recipient->iv = random_span(12);
        encipher(cipher_name(recipient->alg->wrap_len, "GCM"), key->numbers.open.k, recipient->iv, NULL, 0, cek, out, tag);
        recipient->encrypted_key = exact_span(out, cek.len);
        recipient->tag = exact_span(tag, sizeof(tag));
        return cek;
    case TSCOPE_JWE_ECDH:
        wrap_key = agree(message->ephemeral, key->evp, recipient, recipient->alg->wrap_len);
        break;
    case TSCOPE_JWE_PBES2:
        wrap_key = derive_password(recipient, key->numbers.open.k);
        break;
    case TSCOPE_JWE_AESKW:
    case TSCOPE_JWE_DIR:
        wrap_key = exact_span(key->numbers.open.k.data, key->numbers.open.k.len);
        break;
    }
    recipient->encrypted_key = wrap(wrap_key, cek);
    free_span(wrap_key);
    return cek;
}

static inline void
make_message(struct message *message, const struct recipient_key *key, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc,
             size_t plaintext_len)
{
    struct tscope_span cek;

    *message = (struct message){.recipient = {.alg = alg, .enc = enc, .p2c = 3}, .content = {.enc = enc, .aad_len = 2}};
    message->recipient.apu = exact_span("Alice", 5);
    message->recipient.apv = exact_span("Bob", 3);
    message->recipient.p2s = random_span(16);
    message->aad[0] = exact_span("eyJhbGciOiJ4In0", 15);
    message->aad[1] = exact_span(".aad", 4);
    message->plaintext = random_span(plaintext_len);
    cek = seal_key(message, key);
    seal_content(message, cek);
    free_span(cek);
}

static inline void
clear_message(struct message *message)
{
    const struct tscope_span spans[] = {
        message->recipient.encrypted_key,
        message->recipient.iv,
        message->recipient.tag,
        message->recipient.epk.x,
        message->recipient.epk.y,
        message->recipient.apu,
        message->recipient.apv,
        message->recipient.p2s,
        message->content.iv,
        message->content.tag,
        message->content.ciphertext,
        message->plaintext,
        message->aad[0],
        message->aad[1],
    };

    for (size_t i = 0; i < TSCOPE_COUNT(spans); i++)
        free_span(spans[i]);
    EVP_PKEY_free(message->ephemeral);
}

/* Decrypts, and holds the call to its word: plaintext and length come with DECRYPTED alone. */
static inline enum tscope_jwe_result
decrypt_message(tscope_private *key, const struct message *message)
{
    size_t room = TSCOPE_JWE_OUT(message->content.ciphertext.len), len = 12345;
    uint8_t *out = malloc(room);
    enum tscope_jwe_result result = (enum tscope_jwe_result) - 1;

    ck_assert_int_eq(tscope_jwe_decrypt(key, &message->recipient, &message->content, out, &len, &result, NULL), TSCOPE_OK);
    ck_assert_uint_eq(len, result == TSCOPE_JWE_DECRYPTED ? message->plaintext.len : 0);
    if (result == TSCOPE_JWE_DECRYPTED && len)
        ck_assert_mem_eq(out, message->plaintext.data, len);
    free(out);
    return result;
}

#endif
