/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>

#include "crypto/jwe_unwrap.h"

/* AES as JWE needs it: key wrap and GCM. By now all lengths are right, so that a failure at the very end means "wrong". */

static EVP_CIPHER *
fetch(tscope_crypto *crypto, size_t key_len, const char *name128, const char *name192, const char *name256)
{
    return EVP_CIPHER_fetch(crypto->context, key_len == 16 ? name128 : key_len == 24 ? name192 : name256, NULL);
}

enum tscope_status
tscope_aes_unwrap(tscope_crypto *crypto, struct tscope_span key, struct tscope_span wrapped, uint8_t *out, bool *ret_right,
                  struct tscope_error *err)
{
    EVP_CIPHER *cipher = fetch(crypto, key.len, "AES-128-WRAP", "AES-192-WRAP", "AES-256-WRAP");
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int len = 0;
    bool ready = cipher && context;

    if (ready) {
        EVP_CIPHER_CTX_set_flags(context, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
        ready = EVP_DecryptInit_ex2(context, cipher, key.data, NULL, NULL) == 1;
    }
    *ret_right = ready && EVP_DecryptUpdate(context, out, &len, wrapped.data, (int)wrapped.len) == 1 && (size_t)len == wrapped.len - 8;
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
    return ready ? TSCOPE_OK : tscope_crypto_failed(err, "AES key wrap");
}

static bool
feed_aad(EVP_CIPHER_CTX *context, const struct tscope_span *aad, size_t aad_len)
{
    int len;

    for (size_t i = 0; i < aad_len; i++) {
        if (aad[i].len && (aad[i].len > INT_MAX || EVP_DecryptUpdate(context, NULL, &len, aad[i].data, (int)aad[i].len) != 1))
            return false;
    }
    return true;
}

enum tscope_status
tscope_gcm_open(tscope_crypto *crypto, struct tscope_span key, struct tscope_span iv, const struct tscope_span *aad, size_t aad_len,
                struct tscope_span sealed, struct tscope_span tag, uint8_t *out, bool *ret_right, struct tscope_error *err)
{
    EVP_CIPHER *cipher = fetch(crypto, key.len, "AES-128-GCM", "AES-192-GCM", "AES-256-GCM");
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    uint8_t expected[TSCOPE_GCM_TAG], none[1];
    int len = 0;
    bool ready;

    memcpy(expected, tag.data, sizeof(expected)); /* libcrypto takes it as not const */
    ready = cipher && context && EVP_DecryptInit_ex2(context, cipher, key.data, iv.data, NULL) == 1 && feed_aad(context, aad, aad_len) &&
            (!sealed.len || EVP_DecryptUpdate(context, out, &len, sealed.data, (int)sealed.len) == 1) &&
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, (int)sizeof(expected), expected) == 1;
    *ret_right = ready && EVP_DecryptFinal_ex(context, none, &len) == 1;
    if (!*ret_right && sealed.len)
        tscope_wipe(out, sealed.len);
    EVP_CIPHER_CTX_free(context);
    EVP_CIPHER_free(cipher);
    return ready ? TSCOPE_OK : tscope_crypto_failed(err, "AES-GCM");
}
