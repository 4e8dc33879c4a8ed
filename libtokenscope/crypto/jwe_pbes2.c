/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "core/buffer.h"
#include "core/error.h"
#include "crypto/jwe_unwrap.h"

/* RFC 7518 section 4.8.1.1: the salt is the algorithm's name, a zero byte and p2s. */
static bool
make_salt(struct tscope_buffer *salt, const struct tscope_jwe_recipient *recipient)
{
    tscope_buffer_append(salt, recipient->alg->name, strlen(recipient->alg->name) + 1);
    if (recipient->p2s.len)
        tscope_buffer_append(salt, recipient->p2s.data, recipient->p2s.len);
    return !salt->failed;
}

static bool
derive(const tscope_private *key, const struct tscope_jwe_recipient *recipient, const struct tscope_buffer *salt, uint8_t *wrap_key)
{
    EVP_KDF *kdf = EVP_KDF_fetch(key->crypto->context, "PBKDF2", NULL);
    EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
    char digest[16];
    uint64_t rounds = recipient->p2c;
    int any_bounds = 1; /* not the least salt and rounds of SP 800-132: what others made must be read */
    OSSL_PARAM params[6];
    bool derived;

    memcpy(digest, tscope_digest_openssl_name(recipient->alg->digest), strlen(tscope_digest_openssl_name(recipient->alg->digest)) + 1);
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0);
    params[1] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, key->secret, key->secret_len);
    params[2] = OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt->data, salt->len);
    params[3] = OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_ITER, &rounds);
    params[4] = OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &any_bounds);
    params[5] = OSSL_PARAM_construct_end();
    derived = context && EVP_KDF_derive(context, wrap_key, recipient->alg->wrap_len, params) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return derived;
}

enum tscope_status
tscope_jwe_unwrap_pbes2(tscope_private *key, const struct tscope_jwe_recipient *recipient, uint8_t *cek, enum tscope_jwe_result *ret_result,
                        struct tscope_error *err)
{
    uint64_t most = recipient->p2c_max ? recipient->p2c_max : TSCOPE_JWE_P2C_MAX;
    struct tscope_buffer salt = {0};
    uint8_t wrap_key[32];
    enum tscope_status status;
    bool right = false;

    *ret_result = TSCOPE_JWE_REFUSED;
    if (recipient->p2c < 1 || recipient->p2c > most)
        return TSCOPE_OK;
    if (!make_salt(&salt, recipient)) {
        status = tscope_error_no_memory(err);
    } else if (!derive(key, recipient, &salt, wrap_key)) {
        status = tscope_crypto_failed(err, recipient->alg->name);
    } else {
        status =
            tscope_aes_unwrap(key->crypto, tscope_span_of(wrap_key, recipient->alg->wrap_len), recipient->encrypted_key, cek, &right, err);
    }
    tscope_buffer_clear(&salt);
    tscope_wipe(wrap_key, sizeof(wrap_key));
    *ret_result = right ? TSCOPE_JWE_DECRYPTED : TSCOPE_JWE_WRONG;
    return status;
}
