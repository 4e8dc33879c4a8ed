/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>

#include "core/error.h"
#include "crypto/internal.h"

const char *
tscope_digest_openssl_name(enum tscope_digest digest)
{
    static const char *const names[] = {NULL, "SHA1", "SHA256", "SHA384", "SHA512"};

    return names[digest];
}

enum tscope_status
tscope_crypto_failed(struct tscope_error *err, const char *what)
{
    return tscope_error_set(err, TSCOPE_ERR_CRYPTO, TSCOPE_OFFSET_NONE, "libcrypto fails at %s", what);
}

static bool
fetch_all(tscope_crypto *crypto)
{
    crypto->context = OSSL_LIB_CTX_new();
    if (!crypto->context)
        return false;
    /* loading one by name keeps whatever a configuration file would add out of this context */
    crypto->provider = OSSL_PROVIDER_load(crypto->context, "default");
    if (!crypto->provider)
        return false;
    for (int digest = TSCOPE_DIGEST_SHA1; digest <= TSCOPE_DIGEST_SHA512; digest++) {
        crypto->digests[digest] = EVP_MD_fetch(crypto->context, tscope_digest_openssl_name((enum tscope_digest)digest), NULL);
        if (!crypto->digests[digest])
            return false;
    }
    return true;
}

/* Of several threads that fetch it at the same time the first puts it in place. */
EVP_MAC *
tscope_crypto_hmac(tscope_crypto *crypto)
{
    EVP_MAC *hmac = atomic_load_explicit(&crypto->hmac, memory_order_acquire), *placed = NULL;

    if (hmac)
        return hmac;
    hmac = EVP_MAC_fetch(crypto->context, "HMAC", NULL);
    if (!hmac || atomic_compare_exchange_strong_explicit(&crypto->hmac, &placed, hmac, memory_order_acq_rel, memory_order_acquire))
        return hmac;
    EVP_MAC_free(hmac);
    return placed;
}

enum tscope_status
tscope_crypto_new(tscope_crypto **ret_crypto, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_crypto) *crypto = tscope_alloc_zeroed(1, sizeof(*crypto));
    bool fetched;

    if (!crypto)
        return tscope_error_no_memory(err);
    atomic_init(&crypto->references, 1);
    atomic_init(&crypto->hmac, NULL);
    ERR_set_mark();
    fetched = fetch_all(crypto);
    ERR_pop_to_mark();
    if (!fetched)
        return tscope_error_set(err, TSCOPE_ERR_CRYPTO, TSCOPE_OFFSET_NONE, "libcrypto gives no context of its own");
    *ret_crypto = TSCOPE_STEAL(crypto);
    return TSCOPE_OK;
}

tscope_crypto *
tscope_crypto_ref(tscope_crypto *crypto)
{
    atomic_fetch_add_explicit(&crypto->references, 1, memory_order_relaxed);
    return crypto;
}

void
tscope_crypto_free(tscope_crypto *crypto)
{
    if (!crypto || atomic_fetch_sub_explicit(&crypto->references, 1, memory_order_acq_rel) != 1)
        return;
    for (int digest = 0; digest < TSCOPE_DIGEST_COUNT; digest++)
        EVP_MD_free(crypto->digests[digest]);
    EVP_MAC_free(atomic_load_explicit(&crypto->hmac, memory_order_relaxed));
    if (crypto->provider)
        OSSL_PROVIDER_unload(crypto->provider);
    OSSL_LIB_CTX_free(crypto->context);
    tscope_free(crypto);
}

/* Without a context that is allocated, which is a tenth of what a token's digest takes; false when libcrypto has no functions for it. */
static bool
digest_sha256(const struct tscope_span *parts, size_t parts_len, uint8_t *out)
{
    struct tscope_sha256 sha256 = {{0}};

    if (!tscope_sha256_begin(&sha256))
        return false;
    for (size_t i = 0; i < parts_len; i++)
        tscope_sha256_add(&sha256, parts[i]);
    tscope_sha256_end(&sha256, out);
    return true;
}

enum tscope_status
tscope_crypto_digest(tscope_crypto *crypto, enum tscope_digest digest, const struct tscope_span *parts, size_t parts_len, uint8_t *out,
                     struct tscope_error *err)
{
    EVP_MD_CTX *context;
    bool done;

    if (digest == TSCOPE_DIGEST_SHA256 && digest_sha256(parts, parts_len, out))
        return TSCOPE_OK;
    ERR_set_mark();
    context = EVP_MD_CTX_new();
    done = context && EVP_DigestInit_ex2(context, crypto->digests[digest], NULL) == 1;
    for (size_t i = 0; i < parts_len && done; i++)
        done = EVP_DigestUpdate(context, parts[i].data, parts[i].len) == 1;
    done = done && EVP_DigestFinal_ex(context, out, NULL) == 1;
    EVP_MD_CTX_free(context);
    ERR_pop_to_mark();
    return done ? TSCOPE_OK : tscope_error_set(err, TSCOPE_ERR_CRYPTO, TSCOPE_OFFSET_NONE, "libcrypto cannot digest");
}
