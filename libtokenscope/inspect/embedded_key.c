/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/embedded_key.h"

#include "core/base64url.h"
#include "core/buffer.h"
#include "core/error.h"
#include "keys/der_key.h"
#include "keys/jwk.h"

#define CERTIFICATE_TEXT_MAX (16u << 10) /* base64 of one certificate; honest ones have 1 to 3 KiB */

/* False: out of memory. What cannot be read leaves numbers without a type. */
static bool
read_jwk(const tscope_subject *subject, struct tscope_member member, struct tscope_embedded_key *embedded,
         struct tscope_key_numbers *numbers)
{
    struct tscope_jwk jwk;
    struct tscope_key key = {.kid = {NULL, 0}};

    if (!tscope_jwk_read(member.json, member.value, subject->arena, &jwk) || !tscope_jwk_key(&jwk, subject->arena, &key))
        return false;
    embedded->from = TSCOPE_EMBEDDED_JWK;
    embedded->has_private = jwk.has_private;
    embedded->flaw = key.flaw;
    *numbers = key.numbers;
    return true;
}

static bool
read_x5c(const tscope_subject *subject, struct tscope_member member, struct tscope_embedded_key *embedded,
         struct tscope_key_numbers *numbers)
{
    const struct tscope_value *leaf = tscope_json_first(member.json, member.value);
    struct tscope_der_key key;

    if (!leaf || leaf->type != TSCOPE_JSON_STRING || leaf->len > CERTIFICATE_TEXT_MAX + 2) /* with its quotes */
        return true;
    if (!tscope_jwk_certificate(tscope_json_string(member.json, leaf, subject->arena), subject->arena, &embedded->certificate))
        return false;
    embedded->from = TSCOPE_EMBEDDED_X5C;
    embedded->flaw = TSCOPE_KEY_FLAW_CERTIFICATE;
    if (!embedded->certificate.data || !tscope_der_key_read(embedded->certificate, &key) || !key.certificate.data) {
        embedded->certificate = tscope_span_of(NULL, 0);
        return true;
    }
    embedded->certificate = key.certificate;
    embedded->flaw = tscope_key_numbers_check(&key.numbers);
    *numbers = key.numbers;
    return true;
}

static enum tscope_status
digest_certificate(tscope_verifier *verifier, struct tscope_embedded_key *embedded, struct tscope_error *err)
{
    enum tscope_status status;

    if (!embedded->certificate.data)
        return TSCOPE_OK;
    status = tscope_verifier_digest(verifier, TSCOPE_DIGEST_SHA1, &embedded->certificate, 1, embedded->sha1, err);
    if (status != TSCOPE_OK)
        return status;
    return tscope_verifier_digest(verifier, TSCOPE_DIGEST_SHA256, &embedded->certificate, 1, embedded->sha256, err);
}

static enum tscope_status
digest_canonical(tscope_verifier *verifier, const struct tscope_buffer *canonical, struct tscope_embedded_key *embedded,
                 struct tscope_error *err)
{
    struct tscope_span bytes = tscope_span_of(canonical->data, canonical->len);
    struct tscope_buffer text = {0};
    uint8_t digest[32];
    enum tscope_status status = tscope_verifier_digest(verifier, TSCOPE_DIGEST_SHA256, &bytes, 1, digest, err);

    if (status != TSCOPE_OK)
        return status;
    tscope_base64url_encode(&text, digest, sizeof(digest));
    if (!text.failed)
        memcpy(embedded->thumbprint, text.data, sizeof(embedded->thumbprint) - 1);
    else
        status = tscope_error_no_memory(err);
    tscope_buffer_clear(&text);
    return status;
}

static enum tscope_status
make_thumbprint(tscope_verifier *verifier, const struct tscope_key_numbers *numbers, struct tscope_embedded_key *embedded,
                struct tscope_error *err)
{
    struct tscope_buffer canonical = {0};
    enum tscope_status status = TSCOPE_OK;

    if (tscope_jwk_canonical(numbers, &canonical))
        status = canonical.failed ? tscope_error_no_memory(err) : digest_canonical(verifier, &canonical, embedded, err);
    tscope_buffer_clear(&canonical);
    return status;
}

static enum tscope_status
try_key(tscope_inspector *inspector, const struct tscope_key_numbers *numbers, const struct tscope_signing_inputs *inputs,
        struct tscope_span signature, struct tscope_resolution *resolution, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_pkey) *pkey = NULL;
    enum tscope_status status;

    if (inputs->payload_unknown || !tscope_key_numbers_fit(numbers, resolution->alg))
        return TSCOPE_OK;
    status = tscope_pkey_new(tscope_keyring_crypto(inspector->keyring), numbers, &pkey, &resolution->embedded.flaw, err);
    if (status != TSCOPE_OK || !pkey)
        return status;
    for (size_t i = 0; i < inputs->len && !resolution->embedded.verifies; i++) {
        const struct tscope_signing_input_form *form = &inputs->forms[i];
        enum tscope_verify_result result;

        status = tscope_verifier_check(inspector->verifier, pkey, resolution->alg, form->parts, TSCOPE_COUNT(form->parts), signature,
                                       &result, err);
        if (status != TSCOPE_OK)
            return status;
        resolution->embedded.verifies = result == TSCOPE_VERIFY_OK;
        resolution->embedded.fails = result == TSCOPE_VERIFY_FAILED;
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_embedded_key_try(tscope_inspector *inspector, const tscope_subject *subject, const struct tscope_signing_inputs *inputs,
                        struct tscope_span signature, struct tscope_resolution *resolution, struct tscope_error *err)
{
    struct tscope_member jwk = tscope_subject_header(subject, TSCOPE_HEADER_JWK), x5c = tscope_subject_header(subject, TSCOPE_HEADER_X5C);
    struct tscope_key_numbers numbers = {.type = TSCOPE_KEY_UNKNOWN};
    enum tscope_status status;

    if (jwk.value && jwk.value->type == TSCOPE_JSON_OBJECT) {
        if (!read_jwk(subject, jwk, &resolution->embedded, &numbers))
            return tscope_error_no_memory(err);
    } else if (x5c.value && x5c.value->type == TSCOPE_JSON_ARRAY) {
        if (!read_x5c(subject, x5c, &resolution->embedded, &numbers))
            return tscope_error_no_memory(err);
    }
    if (resolution->embedded.from == TSCOPE_EMBEDDED_NOTHING || resolution->embedded.flaw != TSCOPE_KEY_FLAW_NONE ||
        numbers.type == TSCOPE_KEY_OCT)
        return TSCOPE_OK; /* a secret that everyone reads proves nothing */
    if (!inspector->verifier) {
        status = tscope_verifier_new(tscope_keyring_crypto(inspector->keyring), &inspector->verifier, err);
        if (status != TSCOPE_OK)
            return status;
    }
    status = digest_certificate(inspector->verifier, &resolution->embedded, err);
    if (status == TSCOPE_OK)
        status = make_thumbprint(inspector->verifier, &numbers, &resolution->embedded, err);
    if (status != TSCOPE_OK || resolution->status == TSCOPE_STATUS_VERIFIED)
        return status;
    return try_key(inspector, &numbers, inputs, signature, resolution, err);
}
