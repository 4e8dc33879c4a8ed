/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/params.h>

#include "crypto/jwe_unwrap.h"

#define BLOCK 16

bool
tscope_jwe_content_is_possible(const struct tscope_jwe_content *content)
{
    const struct tscope_jwe_enc *enc = content->enc;

    if (content->iv.len != enc->iv_len || content->tag.len != enc->tag_len || content->ciphertext.len > INT_MAX - BLOCK)
        return false;
    /* CBC pads to whole blocks and always by at least one byte (RFC 7518 section 5.2.2.1) */
    return enc->digest == TSCOPE_DIGEST_NONE || (content->ciphertext.len && content->ciphertext.len % BLOCK == 0);
}

static bool
feed_mac(EVP_MAC_CTX *context, const struct tscope_jwe_content *content)
{
    uint64_t bits = 0;
    uint8_t bits_bytes[8];

    for (size_t i = 0; i < content->aad_len; i++) {
        if (content->aad[i].len && EVP_MAC_update(context, content->aad[i].data, content->aad[i].len) != 1)
            return false;
        bits += (uint64_t)content->aad[i].len * 8;
    }
    for (size_t i = 0; i < sizeof(bits_bytes); i++)
        bits_bytes[i] = (uint8_t)(bits >> (56 - 8 * i));
    return EVP_MAC_update(context, content->iv.data, content->iv.len) == 1 &&
           EVP_MAC_update(context, content->ciphertext.data, content->ciphertext.len) == 1 &&
           EVP_MAC_update(context, bits_bytes, sizeof(bits_bytes)) == 1;
}

/* RFC 7518 section 5.2.2.2: the tag is the first half of an HMAC over aad, iv, ciphertext and the bits of aad. */
static enum tscope_status
check_tag(tscope_crypto *crypto, struct tscope_span mac_key, const struct tscope_jwe_content *content, bool *ret_right,
          struct tscope_error *err)
{
    EVP_MAC *hmac = tscope_crypto_hmac(crypto);
    EVP_MAC_CTX *context = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    char digest[16];
    OSSL_PARAM params[2];
    uint8_t mac[64];
    size_t mac_len = 0;
    bool made;

    memcpy(digest, tscope_digest_openssl_name(content->enc->digest), strlen(tscope_digest_openssl_name(content->enc->digest)) + 1);
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0);
    params[1] = OSSL_PARAM_construct_end();
    made = context && EVP_MAC_init(context, mac_key.data, mac_key.len, params) == 1 && feed_mac(context, content) &&
           EVP_MAC_final(context, mac, &mac_len, sizeof(mac)) == 1 && mac_len >= content->enc->tag_len;
    *ret_right = made && CRYPTO_memcmp(mac, content->tag.data, content->enc->tag_len) == 0;
    tscope_wipe(mac, sizeof(mac));
    EVP_MAC_CTX_free(context);
    return made ? TSCOPE_OK : tscope_crypto_failed(err, content->enc->name);
}

/* The tag was right: what fails here is padding that only a holder of the key could have made so. */
static enum tscope_status
open_cbc(tscope_crypto *crypto, struct tscope_span key, const struct tscope_jwe_content *content, uint8_t *out, size_t *ret_len,
         bool *ret_right, struct tscope_error *err)
{
    const char *name = key.len == 16 ? "AES-128-CBC" : key.len == 24 ? "AES-192-CBC" : "AES-256-CBC";
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(crypto->context, name, NULL);
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int len = 0, last = 0;
    bool ready;

    ready = cipher && context && EVP_DecryptInit_ex2(context, cipher, key.data, content->iv.data, NULL) == 1 &&
            EVP_DecryptUpdate(context, out, &len, content->ciphertext.data, (int)content->ciphertext.len) == 1;
    *ret_right = ready && EVP_DecryptFinal_ex(context, out + len, &last) == 1;
    if (!*ret_right)
        tscope_wipe(out, TSCOPE_JWE_OUT(content->ciphertext.len));
    *ret_len = *ret_right ? (size_t)len + (size_t)last : 0;
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
    return ready ? TSCOPE_OK : tscope_crypto_failed(err, content->enc->name);
}

/* Encrypt-then-MAC: nothing is deciphered before the tag was found right. */
static enum tscope_status
open_cbc_hmac(tscope_crypto *crypto, struct tscope_span cek, const struct tscope_jwe_content *content, uint8_t *out, size_t *ret_len,
              bool *ret_right, struct tscope_error *err)
{
    size_t half = cek.len / 2; /* the MAC key stands first (RFC 7518 section 5.2.2.1) */
    enum tscope_status status = check_tag(crypto, tscope_span_of(cek.data, half), content, ret_right, err);

    if (status != TSCOPE_OK || !*ret_right)
        return status;
    return open_cbc(crypto, tscope_span_of(cek.data + half, half), content, out, ret_len, ret_right, err);
}

enum tscope_status
tscope_jwe_open(tscope_crypto *crypto, struct tscope_span cek, const struct tscope_jwe_content *content, uint8_t *out, size_t *ret_len,
                enum tscope_jwe_result *ret_result, struct tscope_error *err)
{
    enum tscope_status status;
    bool right = false;

    *ret_len = 0;
    *ret_result = cek.len != content->enc->key_len ? TSCOPE_JWE_UNFIT : TSCOPE_JWE_LENGTH;
    if (cek.len != content->enc->key_len || !tscope_jwe_content_is_possible(content))
        return TSCOPE_OK;
    ERR_set_mark();
    if (content->enc->digest == TSCOPE_DIGEST_NONE)
        status =
            tscope_gcm_open(crypto, cek, content->iv, content->aad, content->aad_len, content->ciphertext, content->tag, out, &right, err);
    else
        status = open_cbc_hmac(crypto, cek, content, out, ret_len, &right, err);
    ERR_pop_to_mark();
    if (right && content->enc->digest == TSCOPE_DIGEST_NONE)
        *ret_len = content->ciphertext.len;
    *ret_result = right ? TSCOPE_JWE_DECRYPTED : TSCOPE_JWE_WRONG;
    return status;
}
