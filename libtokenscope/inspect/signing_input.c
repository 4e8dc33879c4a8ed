/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/signing_input.h"

#include "core/der.h"
#include "core/error.h"

static const struct tscope_span dot = {(const uint8_t *)".", 1};

static void
add_form(struct tscope_signing_inputs *inputs, enum tscope_signing_input input, struct tscope_span header, struct tscope_span payload)
{
    struct tscope_signing_input_form *form = &inputs->forms[inputs->len++];

    form->input = input;
    form->parts[0] = header;
    form->parts[1] = dot;
    form->parts[2] = payload;
}

/* Base64url of bytes, in the arena. */
static struct tscope_span
encode(struct tscope_arena *arena, struct tscope_span bytes)
{
    struct tscope_buffer encoded = {.arena = arena};

    tscope_base64url_encode(&encoded, bytes.data, bytes.len);
    return tscope_buffer_keep(&encoded);
}

/* The payload as it enters the input: its characters, or those of the detached bytes; unencoded under b64:false (RFC 7797 section 3). */
static struct tscope_span
payload_form(const tscope_subject *subject, const struct tscope_span *detached)
{
    const struct tscope_token *token = subject->token;

    if (!token->detached || !detached->data)
        return subject->signature->b64_false ? token->payload.decoded : token->payload.form;
    return subject->signature->b64_false ? *detached : encode(subject->arena, *detached);
}

/* The one string member "nonce" of the protected header; NULL when there is none or several. */
static const struct tscope_value *
single_nonce(const tscope_subject *subject)
{
    const struct tscope_json *header = &subject->signature->header;
    const struct tscope_value *nonce = subject->signature->slots[TSCOPE_HEADER_NONCE];
    const struct tscope_value *value;

    if (!nonce || nonce->type != TSCOPE_JSON_STRING || !header->readable)
        return NULL;
    for (value = tscope_json_first(header, tscope_json_root(header)); value; value = tscope_json_next(header, value)) {
        if (value != nonce && tscope_json_name_is(header, value, "nonce"))
            return NULL;
    }
    return nonce;
}

/*
 * Microsoft signs some first-party tokens over the header with its nonce replaced by base64url(SHA-256(nonce)), and sends
 * the nonce itself. The new value is spliced into the header's own bytes, so that order and spacing stay.
 */
static enum tscope_status
hash_nonce(tscope_inspector *inspector, const tscope_subject *subject, const struct tscope_value *nonce, struct tscope_span *ret_header,
           struct tscope_error *err)
{
    const struct tscope_part *part = &subject->signature->protected_part;
    struct tscope_span text = tscope_json_string(&subject->signature->header, nonce, subject->arena);
    struct tscope_buffer header = {.arena = subject->arena};
    uint8_t digest[32];
    enum tscope_status status = TSCOPE_OK;

    *ret_header = (struct tscope_span){NULL, 0};
    if (!text.data)
        return tscope_error_no_memory(err);
    if (!inspector->verifier)
        status = tscope_verifier_new(tscope_keyring_crypto(inspector->keyring), &inspector->verifier, err);
    if (status == TSCOPE_OK)
        status = tscope_verifier_digest(inspector->verifier, TSCOPE_DIGEST_SHA256, &text, 1, digest, err);
    if (status != TSCOPE_OK)
        return status;
    tscope_buffer_append(&header, part->decoded.data, nonce->start + 1);
    tscope_base64url_encode(&header, digest, sizeof(digest));
    tscope_buffer_append(&header, part->decoded.data + nonce->start + nonce->len - 1, part->decoded.len - nonce->start - nonce->len + 1);
    if (!header.failed)
        *ret_header = encode(subject->arena, tscope_span_of(header.data, header.len));
    return ret_header->data ? TSCOPE_OK : tscope_error_no_memory(err);
}

/* The characters as they stand in the text, where damage was read through: some issuers sign their padding too. */
static struct tscope_span
as_sent(const struct tscope_token *token, const struct tscope_part *part)
{
    return tscope_span_of(token->text.data + part->offset, part->len);
}

enum tscope_status
tscope_signing_inputs_make(struct tscope_signing_inputs *inputs, tscope_inspector *inspector, const tscope_subject *subject,
                           const struct tscope_span *detached, struct tscope_error *err)
{
    const struct tscope_token *token = subject->token;
    const struct tscope_part *protected_part = &subject->signature->protected_part;
    struct tscope_span header = protected_part->form.data ? protected_part->form : TSCOPE_SPAN("");
    struct tscope_span payload = payload_form(subject, detached);
    const struct tscope_value *nonce = single_nonce(subject);
    bool damaged = token->form.data != token->text.data;

    inputs->len = 0;
    inputs->payload_unknown = token->detached && !detached->data;
    if (!payload.data)
        payload = TSCOPE_SPAN("");
    if (damaged && protected_part->form.data && token->payload.form.data && !token->detached)
        add_form(inputs, TSCOPE_INPUT_AS_SENT, as_sent(token, protected_part), as_sent(token, &token->payload));
    add_form(inputs, damaged ? TSCOPE_INPUT_REPAIRED : TSCOPE_INPUT_AS_SENT, header, payload);
    if (nonce) {
        struct tscope_span hashed;
        enum tscope_status status = hash_nonce(inspector, subject, nonce, &hashed, err);

        if (status != TSCOPE_OK)
            return status;
        add_form(inputs, TSCOPE_INPUT_NONCE_HASHED, hashed, payload);
    }
    return TSCOPE_OK;
}

static void
put_half(uint8_t *half, size_t width, struct tscope_span number)
{
    memset(half, 0, width - number.len);
    memcpy(half + width - number.len, number.data, number.len);
}

bool
tscope_signature_raw(const tscope_subject *subject, const struct tscope_alg *alg, struct tscope_span *ret_raw, bool *ret_is_der)
{
    struct tscope_der whole = {subject->signature->signature.decoded}, inside;
    size_t width = tscope_curve_width(alg->curve);
    struct tscope_span r, s;
    uint8_t *raw;

    *ret_raw = whole.rest;
    *ret_is_der = false;
    if (alg->family != TSCOPE_ALG_ECDSA || whole.rest.len == alg->signature_len ||
        !tscope_der_enter(&whole, TSCOPE_DER_SEQUENCE, &inside) || !tscope_der_at_end(&whole) || !tscope_der_unsigned(&inside, &r) ||
        !tscope_der_unsigned(&inside, &s) || !tscope_der_at_end(&inside) || r.len > width || s.len > width)
        return true;
    raw = tscope_arena_alloc(subject->arena, 2 * width);
    if (!raw)
        return false;
    put_half(raw, width, r);
    put_half(raw + width, width, s);
    *ret_raw = tscope_span_of(raw, 2 * width);
    *ret_is_der = true;
    return true;
}
