/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/hash.h>

#include <openssl/err.h>

#include "core/error.h"
#include "crypto/internal.h"

struct tscope_hasher {
    tscope_crypto *crypto;
    EVP_MD_CTX *context;
    bool is_begun;
};
TSCOPE_DEFINE_AUTO(tscope_hasher)

enum tscope_status
tscope_hasher_new(const tscope_hasher *like, tscope_hasher **ret_hasher, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_hasher) *hasher = tscope_alloc_zeroed(1, sizeof(*hasher));
    enum tscope_status status = TSCOPE_OK;

    if (!hasher)
        return tscope_error_no_memory(err);
    if (like)
        hasher->crypto = tscope_crypto_ref(like->crypto);
    else
        status = tscope_crypto_new(&hasher->crypto, err);
    if (status != TSCOPE_OK)
        return status;
    ERR_set_mark();
    hasher->context = EVP_MD_CTX_new();
    ERR_pop_to_mark();
    if (!hasher->context)
        return tscope_error_no_memory(err);
    *ret_hasher = TSCOPE_STEAL(hasher);
    return TSCOPE_OK;
}

void
tscope_hasher_free(tscope_hasher *hasher)
{
    if (!hasher)
        return;
    EVP_MD_CTX_free(hasher->context);
    tscope_crypto_free(hasher->crypto);
    tscope_free(hasher);
}

static bool
begin(tscope_hasher *hasher)
{
    if (!hasher->is_begun)
        hasher->is_begun = EVP_DigestInit_ex2(hasher->context, hasher->crypto->digests[TSCOPE_DIGEST_SHA256], NULL) == 1;
    return hasher->is_begun;
}

enum tscope_status
tscope_hasher_add(tscope_hasher *hasher, const uint8_t *bytes, size_t bytes_len, struct tscope_error *err)
{
    bool done;

    ERR_set_mark();
    done = begin(hasher) && (bytes_len == 0 || EVP_DigestUpdate(hasher->context, bytes, bytes_len) == 1);
    ERR_pop_to_mark();
    return done ? TSCOPE_OK : tscope_crypto_failed(err, "SHA-256");
}

enum tscope_status
tscope_hasher_finish(tscope_hasher *hasher, uint8_t ret_digest[TSCOPE_HASH_LEN], struct tscope_error *err)
{
    bool done;

    ERR_set_mark();
    done = begin(hasher) && EVP_DigestFinal_ex(hasher->context, ret_digest, NULL) == 1;
    ERR_pop_to_mark();
    hasher->is_begun = false;
    return done ? TSCOPE_OK : tscope_crypto_failed(err, "SHA-256");
}
