/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cjose.h"

#include <cjose/cjose.h>
#include <openssl/err.h>

#include "core/error.h"
#include "crypto/cjose_gate.h"

/* cjose works in OpenSSL's default context and allocates for itself; nothing of either is set from here. */

bool
tscope_cjose_is_built(void)
{
    return true;
}

/* cjose takes what it only reads as not const. */
static uint8_t *
bytes_of(struct tscope_span span)
{
    return (uint8_t *)(uintptr_t)span.data;
}

static cjose_jwk_t *
import_rsa(const struct tscope_private_numbers *numbers, bool is_private, cjose_err *err)
{
    cjose_jwk_rsa_keyspec spec = {
        .e = bytes_of(numbers->open.e), .elen = numbers->open.e.len, .n = bytes_of(numbers->open.n), .nlen = numbers->open.n.len};

    if (is_private) {
        spec.d = bytes_of(numbers->d);
        spec.dlen = numbers->d.len;
    }
    if (is_private && numbers->p.len && numbers->q.len && numbers->dp.len && numbers->dq.len && numbers->qi.len) {
        spec.p = bytes_of(numbers->p);
        spec.plen = numbers->p.len;
        spec.q = bytes_of(numbers->q);
        spec.qlen = numbers->q.len;
        spec.dp = bytes_of(numbers->dp);
        spec.dplen = numbers->dp.len;
        spec.dq = bytes_of(numbers->dq);
        spec.dqlen = numbers->dq.len;
        spec.qi = bytes_of(numbers->qi);
        spec.qilen = numbers->qi.len;
    }
    return cjose_jwk_create_RSA_spec(&spec, err);
}

static cjose_jwk_t *
import_ec(const struct tscope_private_numbers *numbers, bool is_private, cjose_err *err)
{
    cjose_jwk_ec_keyspec spec = {
        .x = bytes_of(numbers->open.x), .xlen = numbers->open.x.len, .y = bytes_of(numbers->open.y), .ylen = numbers->open.y.len};

    if (is_private) {
        spec.d = bytes_of(numbers->d);
        spec.dlen = numbers->d.len;
    }
    spec.crv = numbers->open.curve == TSCOPE_CURVE_P256   ? CJOSE_JWK_EC_P_256
               : numbers->open.curve == TSCOPE_CURVE_P384 ? CJOSE_JWK_EC_P_384
                                                          : CJOSE_JWK_EC_P_521;
    return cjose_jwk_create_EC_spec(&spec, err);
}

/* The gate let RSA, EC of three curves and secrets through. */
static cjose_jwk_t *
import(const struct tscope_private_numbers *numbers, bool is_private, cjose_err *err)
{
    switch (numbers->open.type) {
    case TSCOPE_KEY_RSA:
        return import_rsa(numbers, is_private, err);
    case TSCOPE_KEY_EC:
        return import_ec(numbers, is_private, err);
    case TSCOPE_KEY_OCT:
        return cjose_jwk_create_oct_spec(numbers->open.k.data, numbers->open.k.len, err);
    case TSCOPE_KEY_OKP:
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return NULL;
}

/* "Out of memory" is what cjose says of a point off its curve too, and so it is no answer at all. */
static enum tscope_cjose_result
answer(bool yes, const cjose_err *cjose)
{
    if (yes)
        return TSCOPE_CJOSE_YES;
    return cjose->code == CJOSE_ERR_NO_MEMORY ? TSCOPE_CJOSE_SILENT : TSCOPE_CJOSE_NO;
}

enum tscope_status
tscope_cjose_verify(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg, struct tscope_span token,
                    enum tscope_cjose_result *ret_result, struct tscope_error *err)
{
    const struct tscope_private_numbers key = {.open = *numbers};
    cjose_err cjose = {0};
    cjose_jws_t *jws;
    cjose_jwk_t *jwk;
    bool no_memory, verified;

    *ret_result = TSCOPE_CJOSE_SILENT;
    if (!tscope_cjose_gate_jws(numbers, alg, token, &no_memory))
        return no_memory ? tscope_error_no_memory(err) : TSCOPE_OK;
    ERR_set_mark();
    jwk = import(&key, false, &cjose);
    jws = jwk ? cjose_jws_import((const char *)token.data, token.len, &cjose) : NULL;
    verified = jws && cjose_jws_verify(jws, jwk, &cjose);
    cjose_jws_release(jws);
    cjose_jwk_release(jwk);
    ERR_pop_to_mark();
    *ret_result = answer(verified, &cjose);
    return TSCOPE_OK;
}

enum tscope_status
tscope_cjose_decrypt(const struct tscope_private_numbers *numbers, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc,
                     struct tscope_span token, struct tscope_buffer *plaintext, enum tscope_cjose_result *ret_result,
                     struct tscope_error *err)
{
    cjose_err cjose = {0};
    cjose_jwe_t *jwe;
    cjose_jwk_t *jwk;
    uint8_t *content = NULL;
    size_t content_len = 0;
    bool no_memory;

    *ret_result = TSCOPE_CJOSE_SILENT;
    if (!tscope_cjose_gate_jwe(numbers, alg, enc, token, &no_memory))
        return no_memory ? tscope_error_no_memory(err) : TSCOPE_OK;
    ERR_set_mark();
    jwk = import(numbers, true, &cjose);
    jwe = jwk ? cjose_jwe_import((const char *)token.data, token.len, &cjose) : NULL;
    content = jwe ? cjose_jwe_decrypt(jwe, jwk, &content_len, &cjose) : NULL;
    if (content) {
        tscope_buffer_append(plaintext, content, content_len);
        tscope_wipe(content, content_len);
        cjose_get_dealloc()(content);
    }
    cjose_jwe_release(jwe);
    cjose_jwk_release(jwk);
    ERR_pop_to_mark();
    *ret_result = answer(content != NULL, &cjose);
    return plaintext->failed ? tscope_error_no_memory(err) : TSCOPE_OK;
}
