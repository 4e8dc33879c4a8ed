/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/verifier.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include "core/buffer.h"
#include "core/error.h"
#include "crypto/ecdsa.h"
#include "crypto/internal.h"

/*
 * EVP_PKEY_verify on a context prepared once costs 0.81 of the bare arithmetic, the usual EVP_DigestVerifyInit for each
 * token 0.68: so contexts are kept by key and algorithm, and hashing goes through contexts of its own.
 */

#define PREPARED_MAX 16

struct prepared {
    tscope_pkey *pkey; /* NULL: free */
    const struct tscope_alg *alg;
    EVP_PKEY_CTX *context;      /* RSA, ECDSA */
    EVP_MD_CTX *digest_context; /* EdDSA */
    EVP_MAC_CTX *mac_context;   /* HMAC */
};

struct tscope_verifier {
    tscope_crypto *crypto;
    EVP_MD_CTX *digests[TSCOPE_DIGEST_COUNT]; /* made when first needed */
    EVP_MAC_CTX *macs[TSCOPE_DIGEST_COUNT];   /* the same, for secrets that are no keys */
    struct prepared prepared[PREPARED_MAX];   /* the one used last stands first */
    struct tscope_buffer message;             /* EdDSA wants it in one piece */
    struct tscope_sha256 begun;               /* the digest of the last signing input, before its end */
    struct tscope_span begun_over;            /* that input where its parts stand together in one text; data NULL: they do not */
};

enum tscope_status
tscope_verifier_new(tscope_crypto *crypto, tscope_verifier **ret_verifier, struct tscope_error *err)
{
    tscope_verifier *verifier = tscope_alloc_zeroed(1, sizeof(*verifier));

    if (!verifier)
        return tscope_error_no_memory(err);
    verifier->crypto = tscope_crypto_ref(crypto);
    *ret_verifier = verifier;
    return TSCOPE_OK;
}

static void
clear_prepared(struct prepared *prepared)
{
    EVP_PKEY_CTX_free(prepared->context);
    EVP_MD_CTX_free(prepared->digest_context);
    EVP_MAC_CTX_free(prepared->mac_context);
    tscope_pkey_free(prepared->pkey);
    *prepared = (struct prepared){0};
}

void
tscope_verifier_free(tscope_verifier *verifier)
{
    if (!verifier)
        return;
    for (size_t i = 0; i < PREPARED_MAX; i++)
        clear_prepared(&verifier->prepared[i]);
    for (size_t i = 0; i < TSCOPE_DIGEST_COUNT; i++) {
        EVP_MD_CTX_free(verifier->digests[i]);
        EVP_MAC_CTX_free(verifier->macs[i]);
    }
    tscope_buffer_clear(&verifier->message);
    tscope_crypto_free(verifier->crypto);
    tscope_free(verifier);
}

static bool
prepare_rsa_padding(struct prepared *prepared, const EVP_MD *digest)
{
    bool pss = prepared->alg->family == TSCOPE_ALG_RSA_PSS;

    if (EVP_PKEY_CTX_set_rsa_padding(prepared->context, pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING) != 1)
        return false;
    if (EVP_PKEY_CTX_set_signature_md(prepared->context, digest) != 1)
        return false;
    /* RFC 7518 section 3.5: MGF1 with the same hash, salt as long as its output */
    return !pss || (EVP_PKEY_CTX_set_rsa_mgf1_md(prepared->context, digest) == 1 &&
                    EVP_PKEY_CTX_set_rsa_pss_saltlen(prepared->context, RSA_PSS_SALTLEN_DIGEST) == 1);
}

static bool
prepare_pkey(tscope_verifier *verifier, struct prepared *prepared)
{
    const EVP_MD *digest = verifier->crypto->digests[prepared->alg->digest];

    prepared->context = EVP_PKEY_CTX_new_from_pkey(verifier->crypto->context, prepared->pkey->evp, NULL);
    if (!prepared->context || EVP_PKEY_verify_init(prepared->context) != 1)
        return false;
    if (prepared->alg->family == TSCOPE_ALG_ECDSA)
        return true;
    return prepare_rsa_padding(prepared, digest);
}

static bool
prepare_eddsa(tscope_verifier *verifier, struct prepared *prepared)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    if (!context || EVP_DigestVerifyInit_ex(context, NULL, NULL, verifier->crypto->context, NULL, prepared->pkey->evp, NULL) != 1) {
        EVP_MD_CTX_free(context);
        context = NULL;
    }
    EVP_MD_CTX_free(prepared->digest_context);
    prepared->digest_context = context;
    return context != NULL;
}

static EVP_MAC_CTX *
new_hmac(tscope_verifier *verifier, enum tscope_digest digest, struct tscope_span secret)
{
    EVP_MAC *hmac = tscope_crypto_hmac(verifier->crypto);
    EVP_MAC_CTX *context = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    char name[16];
    OSSL_PARAM params[2];

    memcpy(name, tscope_digest_openssl_name(digest), strlen(tscope_digest_openssl_name(digest)) + 1);
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
    params[1] = OSSL_PARAM_construct_end();
    if (context && EVP_MAC_init(context, secret.data, secret.len, params) == 1)
        return context;
    EVP_MAC_CTX_free(context);
    return NULL;
}

static bool
prepare_hmac(tscope_verifier *verifier, struct prepared *prepared)
{
    prepared->mac_context = new_hmac(verifier, prepared->alg->digest, tscope_span_of(prepared->pkey->secret, prepared->pkey->secret_len));
    return prepared->mac_context != NULL;
}

static bool
prepare(tscope_verifier *verifier, struct prepared *prepared)
{
    switch (prepared->alg->family) {
    case TSCOPE_ALG_HMAC:
        return prepare_hmac(verifier, prepared);
    case TSCOPE_ALG_RSA_PKCS1:
    case TSCOPE_ALG_RSA_PSS:
    case TSCOPE_ALG_ECDSA:
        return prepare_pkey(verifier, prepared);
    case TSCOPE_ALG_EDDSA:
        return prepare_eddsa(verifier, prepared);
    case TSCOPE_ALG_NONE:
        break;
    }
    return false;
}

/* The context of a key and algorithm, moved to the front; the one used longest ago makes room. NULL when libcrypto fails. */
static struct prepared *
take_prepared(tscope_verifier *verifier, tscope_pkey *pkey, const struct tscope_alg *alg)
{
    struct prepared *all = verifier->prepared, taken;
    size_t at = 0;

    while (at < PREPARED_MAX - 1 && all[at].pkey && (all[at].pkey != pkey || all[at].alg != alg))
        at++;
    if (all[at].pkey != pkey || all[at].alg != alg) {
        clear_prepared(&all[at]);
        all[at].pkey = tscope_pkey_ref(pkey);
        all[at].alg = alg;
        if (!prepare(verifier, &all[at])) {
            clear_prepared(&all[at]);
            return NULL;
        }
    }
    if (at) {
        taken = all[at];
        memmove(all + 1, all, at * sizeof(*all));
        all[0] = taken;
    }
    return &all[0];
}

static bool
digest_parts(tscope_verifier *verifier, enum tscope_digest digest, const struct tscope_span *parts, size_t parts_len, uint8_t *out)
{
    EVP_MD_CTX *context = verifier->digests[digest];

    if (!context)
        context = verifier->digests[digest] = EVP_MD_CTX_new();
    if (!context || EVP_DigestInit_ex2(context, verifier->crypto->digests[digest], NULL) != 1)
        return false;
    for (size_t i = 0; i < parts_len; i++) {
        if (EVP_DigestUpdate(context, parts[i].data, parts[i].len) != 1)
            return false;
    }
    return EVP_DigestFinal_ex(context, out, NULL) == 1;
}

/* The text that "header", "." and "payload" were taken out of; data NULL when they do not stand one behind the other. */
static struct tscope_span
text_of(const struct tscope_span *parts, size_t parts_len)
{
    const struct tscope_span none = {NULL, 0};

    if (parts_len != 3 || parts[1].len != 1 || parts[2].data != parts[0].data + parts[0].len + 1 || *(parts[2].data - 1) != *parts[1].data)
        return none;
    return tscope_span_of(parts[0].data, parts[0].len + 1 + parts[2].len);
}

/* The same as digest_parts() with SHA-256, and what was digested is kept; false when libcrypto has no functions for it. */
static bool
digest_input(tscope_verifier *verifier, const struct tscope_span *parts, size_t parts_len, uint8_t *out)
{
    struct tscope_sha256 sha256 = {{0}};

    if (!tscope_sha256_begin(&sha256))
        return false;
    for (size_t i = 0; i < parts_len; i++)
        tscope_sha256_add(&sha256, parts[i]);
    verifier->begun = sha256;
    verifier->begun_over = text_of(parts, parts_len);
    tscope_sha256_end(&sha256, out);
    return true;
}

void
tscope_verifier_forget(tscope_verifier *verifier)
{
    verifier->begun_over = (struct tscope_span){NULL, 0};
}

size_t
tscope_verifier_begun(const tscope_verifier *verifier, struct tscope_span text, struct tscope_sha256 *ret_sha256)
{
    if (!verifier->begun_over.data || verifier->begun_over.data != text.data || verifier->begun_over.len > text.len)
        return 0;
    *ret_sha256 = verifier->begun;
    return verifier->begun_over.len;
}

enum tscope_status
tscope_verifier_digest(tscope_verifier *verifier, enum tscope_digest digest, const struct tscope_span *parts, size_t parts_len,
                       uint8_t *out, struct tscope_error *err)
{
    bool done;

    ERR_set_mark();
    done = digest_parts(verifier, digest, parts, parts_len, out);
    ERR_pop_to_mark();
    return done ? TSCOPE_OK : tscope_error_set(err, TSCOPE_ERR_CRYPTO, TSCOPE_OFFSET_NONE, "libcrypto cannot digest");
}

/* The digest is fetched once a context, since many secrets are tried. */
static bool
mac_parts(tscope_verifier *verifier, enum tscope_digest digest, struct tscope_span secret, const struct tscope_span *parts,
          size_t parts_len, uint8_t *out)
{
    size_t out_len = 0;

    if (!secret.len)
        secret = TSCOPE_SPAN(""); /* NULL would mean the key of the last one */
    if (!verifier->macs[digest])
        verifier->macs[digest] = new_hmac(verifier, digest, secret);
    else if (EVP_MAC_init(verifier->macs[digest], secret.data, secret.len, NULL) != 1)
        return false;
    if (!verifier->macs[digest])
        return false;
    for (size_t i = 0; i < parts_len; i++) {
        if (EVP_MAC_update(verifier->macs[digest], parts[i].data, parts[i].len) != 1)
            return false;
    }
    return EVP_MAC_final(verifier->macs[digest], out, &out_len, tscope_digest_len(digest)) == 1 && out_len == tscope_digest_len(digest);
}

enum tscope_status
tscope_verifier_mac(tscope_verifier *verifier, enum tscope_digest digest, struct tscope_span secret, const struct tscope_span *parts,
                    size_t parts_len, uint8_t *out, struct tscope_error *err)
{
    bool done;

    ERR_set_mark();
    done = mac_parts(verifier, digest, secret, parts, parts_len, out);
    ERR_pop_to_mark();
    return done ? TSCOPE_OK : tscope_error_set(err, TSCOPE_ERR_CRYPTO, TSCOPE_OFFSET_NONE, "libcrypto cannot make an HMAC");
}

/* 1 verifies, 0 does not, -1 libcrypto failed before it could tell. */
static int
verify_digest(tscope_verifier *verifier, struct prepared *prepared, const struct tscope_span *parts, size_t parts_len,
              struct tscope_span signature)
{
    uint8_t digest[64], der[TSCOPE_ECDSA_DER_MAX];

    if ((prepared->alg->digest != TSCOPE_DIGEST_SHA256 || !digest_input(verifier, parts, parts_len, digest)) &&
        !digest_parts(verifier, prepared->alg->digest, parts, parts_len, digest))
        return -1;
    if (prepared->alg->family == TSCOPE_ALG_ECDSA)
        signature = tscope_span_of(der, tscope_ecdsa_to_der(signature.data, tscope_curve_width(prepared->alg->curve), der));
    return EVP_PKEY_verify(prepared->context, signature.data, signature.len, digest, tscope_digest_len(prepared->alg->digest)) == 1;
}

/*
 * libcrypto of some versions fails every EVP_DigestVerify after the first, as if the signature were wrong, until the context
 * is initialised again. With everything left out that keeps key and method and costs next to nothing.
 */
static bool
renew_eddsa(tscope_verifier *verifier, struct prepared *prepared)
{
    if (prepared->digest_context && EVP_DigestVerifyInit_ex(prepared->digest_context, NULL, NULL, NULL, NULL, NULL, NULL) == 1)
        return true;
    return prepare_eddsa(verifier, prepared);
}

static int
verify_eddsa(tscope_verifier *verifier, struct prepared *prepared, const struct tscope_span *parts, size_t parts_len,
             struct tscope_span signature)
{
    for (size_t i = 0; i < parts_len; i++)
        tscope_buffer_append(&verifier->message, parts[i].data, parts[i].len);
    if (verifier->message.failed || !renew_eddsa(verifier, prepared))
        return -1;
    return EVP_DigestVerify(prepared->digest_context, signature.data, signature.len, verifier->message.data, verifier->message.len) == 1;
}

static int
verify_hmac(struct prepared *prepared, const struct tscope_span *parts, size_t parts_len, struct tscope_span signature)
{
    uint8_t mac[64];
    size_t mac_len = 0;
    bool equal;

    if (EVP_MAC_init(prepared->mac_context, NULL, 0, NULL) != 1) /* the same key again */
        return -1;
    for (size_t i = 0; i < parts_len; i++) {
        if (EVP_MAC_update(prepared->mac_context, parts[i].data, parts[i].len) != 1)
            return -1;
    }
    if (EVP_MAC_final(prepared->mac_context, mac, &mac_len, sizeof(mac)) != 1)
        return -1;
    equal = mac_len == signature.len && CRYPTO_memcmp(mac, signature.data, mac_len) == 0;
    tscope_wipe(mac, sizeof(mac));
    return equal;
}

static int
verify(tscope_verifier *verifier, struct prepared *prepared, const struct tscope_span *parts, size_t parts_len,
       struct tscope_span signature)
{
    switch (prepared->alg->family) {
    case TSCOPE_ALG_HMAC:
        return verify_hmac(prepared, parts, parts_len, signature);
    case TSCOPE_ALG_RSA_PKCS1:
    case TSCOPE_ALG_RSA_PSS:
    case TSCOPE_ALG_ECDSA:
        return verify_digest(verifier, prepared, parts, parts_len, signature);
    case TSCOPE_ALG_EDDSA:
        return verify_eddsa(verifier, prepared, parts, parts_len, signature);
    case TSCOPE_ALG_NONE:
        break;
    }
    return -1;
}

enum tscope_status
tscope_verifier_check(tscope_verifier *verifier, tscope_pkey *pkey, const struct tscope_alg *alg, const struct tscope_span *parts,
                      size_t parts_len, struct tscope_span signature, enum tscope_verify_result *ret_result, struct tscope_error *err)
{
    struct prepared *prepared;
    bool has_mark;
    int verified;

    tscope_buffer_reset(&verifier->message);
    tscope_verifier_forget(verifier);
    if (!tscope_pkey_fits(pkey, alg)) {
        *ret_result = TSCOPE_VERIFY_UNFIT;
        return TSCOPE_OK;
    }
    if (signature.len != tscope_key_shape_signature_len(&pkey->shape, alg)) {
        *ret_result = TSCOPE_VERIFY_LENGTH;
        return TSCOPE_OK;
    }
    has_mark = ERR_set_mark() == 1; /* on an empty queue there is none to be set */
    prepared = take_prepared(verifier, pkey, alg);
    verified = prepared ? verify(verifier, prepared, parts, parts_len, signature) : -1;
    if (has_mark || verified != 1) /* what verifies leaves no error behind */
        ERR_pop_to_mark();
    if (verified < 0 && verifier->message.failed)
        return tscope_error_no_memory(err);
    if (verified < 0)
        return tscope_error_set(err, TSCOPE_ERR_CRYPTO, TSCOPE_OFFSET_NONE, "libcrypto cannot verify %s", alg->name);
    *ret_result = verified ? TSCOPE_VERIFY_OK : TSCOPE_VERIFY_FAILED;
    return TSCOPE_OK;
}
