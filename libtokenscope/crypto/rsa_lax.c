/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/rsa_lax.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "core/error.h"
#include "crypto/internal.h"

#define BLOCK_MAX 2048 /* bytes of the largest modulus that the gate lets pass */
#define DIGEST_MAX 64
#define PREFIX_MAX 19
#define PADDING_MIN 8 /* RFC 8017 section 9.2 */

/* DER before the digest: an identifier with NULL, and where it may be left out (RFC 8017 section 9.2 note 1; appendix B.1). */
struct prefix {
    enum tscope_digest digest;
    uint8_t with_null[PREFIX_MAX], without[PREFIX_MAX - 2];
};

#define PREFIX(id, last, len)                                                                           \
    {                                                                                                   \
        id, {0x30, 17 + (len), 0x30, 13, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, last, 5, 0, 4, len}, \
            {0x30, 15 + (len), 0x30, 11, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, last, 4, len},       \
    }

static const struct prefix prefixes[] = {
    PREFIX(TSCOPE_DIGEST_SHA256, 1, 32),
    PREFIX(TSCOPE_DIGEST_SHA384, 2, 48),
    PREFIX(TSCOPE_DIGEST_SHA512, 3, 64),
};

/* The block that was signed: the signature to the power of the public exponent. False when libcrypto refuses the number. */
static bool
recover_block(tscope_crypto *crypto, tscope_pkey *pkey, struct tscope_span signature, uint8_t *block)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(crypto->context, pkey->evp, NULL);
    size_t len = signature.len;
    bool done = context && EVP_PKEY_verify_recover_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
                EVP_PKEY_verify_recover(context, block, &len, signature.data, signature.len) == 1 && len == signature.len;

    EVP_PKEY_CTX_free(context);
    return done;
}

static bool
is_padding(const uint8_t *block, size_t len)
{
    if (len < 3 + PADDING_MIN || block[0] != 0 || block[1] != 1 || block[len - 1] != 0)
        return false;
    for (size_t i = 2; i < len - 1; i++) {
        if (block[i] != 0xff)
            return false;
    }
    return true;
}

static const struct prefix *
prefix_of(enum tscope_digest digest)
{
    for (size_t i = 0; i < TSCOPE_COUNT(prefixes); i++) {
        if (prefixes[i].digest == digest)
            return &prefixes[i];
    }
    return NULL;
}

bool
tscope_rsa_encode_digest(enum tscope_digest kind, struct tscope_span digest, uint8_t *block, size_t len)
{
    const struct prefix *prefix = prefix_of(kind);
    size_t padding = len - PREFIX_MAX - digest.len; /* with the three bytes around it */

    if (!prefix || digest.len != tscope_digest_len(kind) || len < 3 + PADDING_MIN + PREFIX_MAX + digest.len)
        return false;
    block[0] = 0;
    memset(block + 1, 0xff, padding - 2);
    block[1] = 1;
    block[padding - 1] = 0;
    memcpy(block + padding, prefix->with_null, PREFIX_MAX);
    memcpy(block + padding + PREFIX_MAX, digest.data, digest.len);
    return true;
}

static void
classify_block(struct tscope_span block, struct tscope_span digest, enum tscope_digest kind, struct tscope_rsa_lax *lax)
{
    const struct prefix *prefix = prefix_of(kind);
    const uint8_t *found = memmem(block.data, block.len, digest.data, digest.len);
    size_t before, behind;

    if (!found || !prefix)
        return;
    before = (size_t)(found - block.data);
    behind = block.len - before - digest.len;
    if (behind > 0)
        *lax = (struct tscope_rsa_lax){.kind = TSCOPE_RSA_LAX_BEHIND, .behind = behind};
    else if (before > sizeof(prefix->without) && memcmp(found - sizeof(prefix->without), prefix->without, sizeof(prefix->without)) == 0 &&
             is_padding(block.data, before - sizeof(prefix->without)))
        lax->kind = TSCOPE_RSA_LAX_NULL;
    else
        lax->kind = TSCOPE_RSA_LAX_PADDING;
}

/* As tscope_verifier_check() has it, but for the salt. */
static EVP_PKEY_CTX *
prepare_pss(tscope_crypto *crypto, tscope_pkey *pkey, enum tscope_digest digest)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(crypto->context, pkey->evp, NULL);

    if (context && EVP_PKEY_verify_init(context) == 1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
        EVP_PKEY_CTX_set_signature_md(context, crypto->digests[digest]) == 1 &&
        EVP_PKEY_CTX_set_rsa_mgf1_md(context, crypto->digests[digest]) == 1)
        return context;
    EVP_PKEY_CTX_free(context);
    return NULL;
}

static bool
holds_with_salt(EVP_PKEY_CTX *context, int salt, struct tscope_span digest, struct tscope_span signature)
{
    return EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt) == 1 &&
           EVP_PKEY_verify(context, signature.data, signature.len, digest.data, digest.len) == 1;
}

/* Whether any length holds is one question; which one, asked only then, is a few hundred. */
static bool
find_salt(tscope_crypto *crypto, tscope_pkey *pkey, enum tscope_digest kind, struct tscope_span digest, struct tscope_span signature,
          struct tscope_rsa_lax *lax)
{
    EVP_PKEY_CTX *context = prepare_pss(crypto, pkey, kind);

    if (!context)
        return false;
    if (holds_with_salt(context, RSA_PSS_SALTLEN_AUTO, digest, signature)) {
        lax->kind = TSCOPE_RSA_LAX_SALT;
        while (lax->salt_len < signature.len && !holds_with_salt(context, (int)lax->salt_len, digest, signature))
            lax->salt_len++;
    }
    EVP_PKEY_CTX_free(context);
    return true;
}

static bool
look_into(tscope_pkey *pkey, const struct tscope_alg *alg, struct tscope_span digest, struct tscope_span signature,
          struct tscope_rsa_lax *lax)
{
    tscope_crypto *crypto = pkey->crypto;
    uint8_t block[BLOCK_MAX];

    if (alg->family == TSCOPE_ALG_RSA_PSS)
        return find_salt(crypto, pkey, alg->digest, digest, signature, lax);
    if (recover_block(crypto, pkey, signature, block))
        classify_block(tscope_span_of(block, signature.len), digest, alg->digest, lax);
    return true;
}

enum tscope_status
tscope_rsa_lax_check(tscope_verifier *verifier, tscope_pkey *pkey, const struct tscope_alg *alg, const struct tscope_span *parts,
                     size_t parts_len, struct tscope_span signature, struct tscope_rsa_lax *ret_lax, struct tscope_error *err)
{
    uint8_t digest[DIGEST_MAX];
    enum tscope_status status;
    bool done;

    *ret_lax = (struct tscope_rsa_lax){.kind = TSCOPE_RSA_LAX_NONE};
    if ((alg->family != TSCOPE_ALG_RSA_PKCS1 && alg->family != TSCOPE_ALG_RSA_PSS) || !tscope_pkey_fits(pkey, alg) ||
        signature.len != tscope_key_shape_signature_len(&pkey->shape, alg) || signature.len > BLOCK_MAX)
        return TSCOPE_OK;
    status = tscope_verifier_digest(verifier, alg->digest, parts, parts_len, digest, err);
    if (status != TSCOPE_OK)
        return status;
    ERR_set_mark();
    done = look_into(pkey, alg, tscope_span_of(digest, tscope_digest_len(alg->digest)), signature, ret_lax);
    ERR_pop_to_mark();
    return done ? TSCOPE_OK : tscope_crypto_failed(err, "RSASSA-PSS");
}
