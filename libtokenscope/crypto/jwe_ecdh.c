/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/jwe_unwrap.h"

#define SHARED_MAX 66 /* bytes of the longest coordinate */

/*
 * epk goes through the key gate: a point off its curve, or of small order, would have the answer tell of our key bit by bit.
 * *ret_shared_len is 0 when the two do not go together.
 */
static enum tscope_status
agree(tscope_private *key, const struct tscope_key_numbers *epk, uint8_t shared[SHARED_MAX], size_t *ret_shared_len,
      struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_pkey) *peer = NULL;
    enum tscope_key_flaw flaw;
    enum tscope_status status;
    EVP_PKEY_CTX *context;
    size_t len = SHARED_MAX;
    bool agreed;

    *ret_shared_len = 0;
    if (epk->type != key->shape.type || epk->curve != key->shape.curve)
        return TSCOPE_OK;
    status = tscope_pkey_new(key->crypto, epk, &peer, &flaw, err);
    if (status != TSCOPE_OK || !peer)
        return status;
    context = EVP_PKEY_CTX_new_from_pkey(key->crypto->context, key->evp, NULL);
    agreed = context && EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, peer->evp) == 1 &&
             EVP_PKEY_derive(context, shared, &len) == 1;
    EVP_PKEY_CTX_free(context);
    *ret_shared_len = len;
    return agreed ? TSCOPE_OK : tscope_crypto_failed(err, "key agreement");
}

static struct tscope_span
put_number(uint8_t out[4], uint64_t number)
{
    for (size_t i = 0; i < 4; i++)
        out[i] = (uint8_t)(number >> (24 - 8 * i));
    return tscope_span_of(out, 4);
}

/* Concat KDF with SHA-256 (RFC 7518 section 4.6.2, NIST SP 800-56A section 5.8.1). */
static enum tscope_status
derive(tscope_private *key, const struct tscope_jwe_recipient *recipient, struct tscope_span shared, uint8_t *out, size_t out_len,
       struct tscope_error *err)
{
    struct tscope_span id = tscope_span_text(recipient->alg->wrap_len ? recipient->alg->name : recipient->enc->name);
    uint8_t counter[4], id_len[4], apu_len[4], apv_len[4], bits[4], block[32];
    const struct tscope_span parts[] = {
        tscope_span_of(counter, sizeof(counter)),
        shared,
        put_number(id_len, id.len),
        id,
        put_number(apu_len, recipient->apu.len),
        recipient->apu,
        put_number(apv_len, recipient->apv.len),
        recipient->apv,
        put_number(bits, out_len * 8),
    };
    enum tscope_status status = TSCOPE_OK;

    for (size_t done = 0; done < out_len && status == TSCOPE_OK; done += sizeof(block)) {
        put_number(counter, done / sizeof(block) + 1);
        status = tscope_crypto_digest(key->crypto, TSCOPE_DIGEST_SHA256, parts, TSCOPE_COUNT(parts), block, err);
        memcpy(out + done, block, out_len - done < sizeof(block) ? out_len - done : sizeof(block));
    }
    tscope_wipe(block, sizeof(block));
    return status;
}

static enum tscope_status
derive_and_unwrap(tscope_private *key, const struct tscope_jwe_recipient *recipient, struct tscope_span shared, uint8_t *cek,
                  bool *ret_right, struct tscope_error *err)
{
    uint8_t wrap_key[32];
    size_t wrap_len = recipient->alg->wrap_len;
    enum tscope_status status;

    *ret_right = true;
    if (!wrap_len)
        return derive(key, recipient, shared, cek, recipient->enc->key_len, err);
    status = derive(key, recipient, shared, wrap_key, wrap_len, err);
    if (status == TSCOPE_OK)
        status = tscope_aes_unwrap(key->crypto, tscope_span_of(wrap_key, wrap_len), recipient->encrypted_key, cek, ret_right, err);
    tscope_wipe(wrap_key, sizeof(wrap_key));
    return status;
}

enum tscope_status
tscope_jwe_unwrap_ecdh(tscope_private *key, const struct tscope_jwe_recipient *recipient, uint8_t *cek, enum tscope_jwe_result *ret_result,
                       struct tscope_error *err)
{
    uint8_t shared[SHARED_MAX];
    size_t shared_len;
    bool right = false;
    enum tscope_status status = agree(key, &recipient->epk, shared, &shared_len, err);

    *ret_result = TSCOPE_JWE_UNFIT;
    if (status != TSCOPE_OK || !shared_len)
        return status;
    status = derive_and_unwrap(key, recipient, tscope_span_of(shared, shared_len), cek, &right, err);
    tscope_wipe(shared, sizeof(shared));
    *ret_result = right ? TSCOPE_JWE_DECRYPTED : TSCOPE_JWE_WRONG;
    return status;
}
