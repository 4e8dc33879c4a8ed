/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

#include "core/error.h"
#include "crypto/jwe_unwrap.h"

/* 0xff when a is zero, else 0; no branch. */
static uint8_t
mask_zero(uint8_t a)
{
    return (uint8_t)(((uint32_t)a - 1) >> 24);
}

/*
 * RFC 7516 section 11.5: whoever can tell a wrong padding from a wrong tag reads any message of this key (Bleichenbacher 1998). The
 * length of the key is known, so every byte of 00 02 PS 00 CEK (RFC 8017 section 7.2.2) has its place, and one random key is put
 * in for all that is wrong, in the same time.
 */
static void
take_padded(const uint8_t *block, size_t block_len, const uint8_t *random, uint8_t *cek, size_t cek_len)
{
    size_t end = block_len - cek_len - 1;
    uint8_t good = mask_zero(block[0]) & mask_zero(block[1] ^ 2) & mask_zero(block[end]);

    for (size_t i = 2; i < end; i++)
        good &= (uint8_t)~mask_zero(block[i]);
    for (size_t i = 0; i < cek_len; i++)
        cek[i] = (uint8_t)((block[end + 1 + i] & good) | (random[i] & (uint8_t)~good));
}

static bool
set_padding(EVP_PKEY_CTX *context, const tscope_crypto *crypto, const struct tscope_jwe_alg *alg)
{
    const EVP_MD *digest = crypto->digests[alg->digest];

    if (alg->family == TSCOPE_JWE_RSA15)
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 && EVP_PKEY_CTX_set_rsa_oaep_md(context, digest) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest) == 1; /* RFC 7518 section 4.3: the same in both places */
}

static bool
is_out_of_memory(void)
{
    return ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;
}

static enum tscope_status
decrypt(const tscope_private *key, const struct tscope_jwe_recipient *recipient, uint8_t *block, size_t *block_len, bool *ret_right,
        struct tscope_error *err)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(key->crypto->context, key->evp, NULL);
    bool ready = context && EVP_PKEY_decrypt_init(context) == 1 && set_padding(context, key->crypto, recipient->alg);

    *ret_right = ready && EVP_PKEY_decrypt(context, block, block_len, recipient->encrypted_key.data, recipient->encrypted_key.len) == 1;
    EVP_PKEY_CTX_free(context);
    if (!ready)
        return tscope_crypto_failed(err, recipient->alg->name);
    return *ret_right || !is_out_of_memory() ? TSCOPE_OK : tscope_error_no_memory(err);
}

enum tscope_status
tscope_jwe_unwrap_rsa(tscope_private *key, const struct tscope_jwe_recipient *recipient, uint8_t *cek, enum tscope_jwe_result *ret_result,
                      struct tscope_error *err)
{
    uint8_t block[TSCOPE_PRIVATE_RSA_BITS_MAX / 8], random[TSCOPE_JWE_KEY_MAX];
    size_t block_len = sizeof(block), cek_len = recipient->enc->key_len;
    enum tscope_status status;
    bool right;

    /* before the key is used, so that both ways ask for it */
    if (recipient->alg->family == TSCOPE_JWE_RSA15 && RAND_bytes_ex(key->crypto->context, random, cek_len, 0) != 1)
        return tscope_crypto_failed(err, "random bytes");
    status = decrypt(key, recipient, block, &block_len, &right, err);
    if (right && recipient->alg->family == TSCOPE_JWE_RSA15)
        take_padded(block, block_len, random, cek, cek_len);
    else if (right && block_len == cek_len)
        memcpy(cek, block, cek_len);
    else
        right = false; /* not below the modulus, or OAEP found another label, hash or length */
    tscope_wipe(block, sizeof(block));
    *ret_result = right ? TSCOPE_JWE_DECRYPTED : TSCOPE_JWE_WRONG;
    return status;
}
