/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cjose.h"

#include <openssl/err.h>

#include "core/error.h"
#include "crypto/cjose_gate.h"
#include "crypto/cjose_load.h"

/* cjose works in OpenSSL's default context and allocates for itself; nothing of either is set from here. */

bool
tscope_cjose_is_built(void)
{
    struct tscope_cjose cjose;
    void *library = tscope_cjose_load(&cjose);

    tscope_optional_close(library);
    return library != NULL;
}

/* cjose takes what it only reads as not const. */
static uint8_t *
bytes_of(struct tscope_span span)
{
    return (uint8_t *)(uintptr_t)span.data;
}

static cjose_jwk_t *
import_rsa(const struct tscope_cjose *cjose, const struct tscope_private_numbers *numbers, bool is_private, cjose_err *err)
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
    return cjose->cjose_jwk_create_RSA_spec(&spec, err);
}

static cjose_jwk_t *
import_ec(const struct tscope_cjose *cjose, const struct tscope_private_numbers *numbers, bool is_private, cjose_err *err)
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
    return cjose->cjose_jwk_create_EC_spec(&spec, err);
}

/* The gate let RSA, EC of three curves and secrets through. */
static cjose_jwk_t *
import(const struct tscope_cjose *cjose, const struct tscope_private_numbers *numbers, bool is_private, cjose_err *err)
{
    switch (numbers->open.type) {
    case TSCOPE_KEY_RSA:
        return import_rsa(cjose, numbers, is_private, err);
    case TSCOPE_KEY_EC:
        return import_ec(cjose, numbers, is_private, err);
    case TSCOPE_KEY_OCT:
        return cjose->cjose_jwk_create_oct_spec(numbers->open.k.data, numbers->open.k.len, err);
    case TSCOPE_KEY_OKP:
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return NULL;
}

/* "Out of memory" is what cjose says of a point off its curve too, and so it is no answer at all. */
static enum tscope_cjose_result
answer(bool yes, const cjose_err *failure)
{
    if (yes)
        return TSCOPE_CJOSE_YES;
    return failure->code == CJOSE_ERR_NO_MEMORY ? TSCOPE_CJOSE_SILENT : TSCOPE_CJOSE_NO;
}

static enum tscope_cjose_result
verify(const struct tscope_cjose *cjose, const struct tscope_key_numbers *numbers, struct tscope_span token)
{
    const struct tscope_private_numbers key = {.open = *numbers};
    cjose_err failure = {0};
    cjose_jws_t *jws;
    cjose_jwk_t *jwk;
    bool verified;

    ERR_set_mark();
    jwk = import(cjose, &key, false, &failure);
    jws = jwk ? cjose->cjose_jws_import((const char *)token.data, token.len, &failure) : NULL;
    verified = jws && cjose->cjose_jws_verify(jws, jwk, &failure);
    cjose->cjose_jws_release(jws);
    cjose->cjose_jwk_release(jwk);
    ERR_pop_to_mark();
    return answer(verified, &failure);
}

enum tscope_status
tscope_cjose_verify(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg, struct tscope_span token,
                    enum tscope_cjose_result *ret_result, struct tscope_error *err)
{
    struct tscope_cjose cjose;
    void *library;
    bool no_memory;

    *ret_result = TSCOPE_CJOSE_SILENT;
    if (!tscope_cjose_gate_jws(numbers, alg, token, &no_memory))
        return no_memory ? tscope_error_no_memory(err) : TSCOPE_OK;
    library = tscope_cjose_load(&cjose);
    if (library)
        *ret_result = verify(&cjose, numbers, token);
    tscope_optional_close(library);
    return TSCOPE_OK;
}

static enum tscope_cjose_result
decrypt(const struct tscope_cjose *cjose, const struct tscope_private_numbers *numbers, struct tscope_span token,
        struct tscope_buffer *plaintext)
{
    cjose_err failure = {0};
    cjose_jwe_t *jwe;
    cjose_jwk_t *jwk;
    uint8_t *content;
    size_t content_len = 0;

    ERR_set_mark();
    jwk = import(cjose, numbers, true, &failure);
    jwe = jwk ? cjose->cjose_jwe_import((const char *)token.data, token.len, &failure) : NULL;
    content = jwe ? cjose->cjose_jwe_decrypt(jwe, jwk, &content_len, &failure) : NULL;
    if (content) {
        tscope_buffer_append(plaintext, content, content_len);
        tscope_wipe(content, content_len);
        cjose->cjose_get_dealloc()(content);
    }
    cjose->cjose_jwe_release(jwe);
    cjose->cjose_jwk_release(jwk);
    ERR_pop_to_mark();
    return answer(content != NULL, &failure);
}

enum tscope_status
tscope_cjose_decrypt(const struct tscope_private_numbers *numbers, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc,
                     struct tscope_span token, struct tscope_buffer *plaintext, enum tscope_cjose_result *ret_result,
                     struct tscope_error *err)
{
    struct tscope_cjose cjose;
    void *library;
    bool no_memory;

    *ret_result = TSCOPE_CJOSE_SILENT;
    if (!tscope_cjose_gate_jwe(numbers, alg, enc, token, &no_memory))
        return no_memory ? tscope_error_no_memory(err) : TSCOPE_OK;
    library = tscope_cjose_load(&cjose);
    if (library)
        *ret_result = decrypt(&cjose, numbers, token, plaintext);
    tscope_optional_close(library);
    return plaintext->failed ? tscope_error_no_memory(err) : TSCOPE_OK;
}
