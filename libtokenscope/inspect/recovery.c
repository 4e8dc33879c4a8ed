/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/recovery.h"

#include "core/error.h"
#include "core/text.h"
#include "inspect/signing_input.h"
#include "token/secrets.h"

#define TEXT_MAX 256 /* bytes of a kid or an issuer that are kept */

enum tscope_status
tscope_recovery_new(tscope_recovery **ret_recovery, struct tscope_error *err)
{
    tscope_recovery *recovery = tscope_alloc_zeroed(1, sizeof(*recovery));

    if (!recovery)
        return tscope_error_no_memory(err);
    *ret_recovery = recovery;
    return TSCOPE_OK;
}

void
tscope_recovery_free(tscope_recovery *recovery)
{
    if (!recovery)
        return;
    tscope_free(recovery->items);
    tscope_free(recovery->signers);
    tscope_crypto_free(recovery->crypto);
    tscope_arena_clear(&recovery->arena);
    tscope_free(recovery);
}

static bool
has_room(tscope_recovery *recovery, size_t count)
{
    size_t capacity = recovery->items_capacity ? recovery->items_capacity : 16;
    struct tscope_recovery_item *grown;

    while (capacity < recovery->items_len + count && capacity < SIZE_MAX / 2 / sizeof(*grown))
        capacity *= 2;
    if (recovery->items_capacity == capacity)
        return true;
    grown = capacity < recovery->items_len + count ? NULL : tscope_realloc(recovery->items, capacity * sizeof(*grown));
    if (!grown)
        return false;
    recovery->items = grown;
    recovery->items_capacity = capacity;
    return true;
}

/* NULL stays so; false: out of memory. */
static bool
keep_text(tscope_recovery *recovery, struct tscope_span text, const char **ret_text)
{
    struct tscope_buffer shown = {0};
    struct tscope_span copy;

    *ret_text = NULL;
    if (!text.data)
        return true;
    if (tscope_secret_veil_token(text, &shown))
        text = tscope_span_of(shown.data, shown.len);
    copy = tscope_arena_copy(&recovery->arena, tscope_span_of(text.data, text.len < TEXT_MAX ? text.len : TEXT_MAX));
    *ret_text = shown.failed ? NULL : (const char *)copy.data;
    tscope_buffer_clear(&shown);
    return *ret_text != NULL;
}

static bool
keep_place(tscope_recovery *recovery, const tscope_report *report, struct tscope_recovery_item *item)
{
    item->offset = tscope_report_offset(report);
    if (!tscope_inspection_digest(&report->root, item->sha256))
        return false;
    if (report->source_path && (!recovery->path || strcmp(recovery->path, report->source_path) != 0)) {
        struct tscope_span path = tscope_arena_copy(&recovery->arena, tscope_span_text(report->source_path));

        if (!path.data)
            return false;
        recovery->path = (const char *)path.data;
    }
    item->path = report->source_path ? recovery->path : NULL;
    return true;
}

/* Tokens of one issuer, kid and algorithm are the likeliest to share a signer. */
static bool
digest_group(const tscope_subject *subject, struct tscope_recovery_item *item, tscope_crypto *crypto)
{
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));
    const uint64_t lengths[] = {subject->iss.len, kid.len};
    const struct tscope_span parts[] = {tscope_span_of(lengths, sizeof(lengths)), tscope_span_text(item->alg->name), subject->iss, kid};

    return tscope_crypto_digest(crypto, TSCOPE_DIGEST_SHA256, parts, TSCOPE_COUNT(parts), item->group, NULL) == TSCOPE_OK;
}

enum tscope_recovery_state
tscope_recovery_state_of(const struct tscope_alg *alg)
{
    switch (alg->family) {
    case TSCOPE_ALG_RSA_PKCS1:
    case TSCOPE_ALG_ECDSA:
        return TSCOPE_RECOVERY_ALONE;
    case TSCOPE_ALG_RSA_PSS:
        return TSCOPE_RECOVERY_PSS;
    case TSCOPE_ALG_EDDSA:
        return TSCOPE_RECOVERY_EDDSA;
    case TSCOPE_ALG_HMAC:
        return TSCOPE_RECOVERY_HMAC;
    case TSCOPE_ALG_NONE:
        break;
    }
    return TSCOPE_RECOVERY_NO_SIGNATURE;
}

static enum tscope_status
keep_digests(tscope_recovery *recovery, const struct tscope_signing_inputs *inputs, struct tscope_recovery_item *item,
             struct tscope_error *err)
{
    size_t len = tscope_digest_len(item->alg->digest);

    for (size_t i = 0; i < inputs->len; i++) {
        const struct tscope_signing_input_form *form = &inputs->forms[i];
        uint8_t *digest = tscope_arena_alloc(&recovery->arena, len);
        enum tscope_status status;

        if (!digest)
            return tscope_error_no_memory(err);
        status = tscope_crypto_digest(recovery->crypto, item->alg->digest, form->parts, TSCOPE_COUNT(form->parts), digest, err);
        if (status != TSCOPE_OK)
            return status;
        item->digests[item->digests_len++] = tscope_span_of(digest, len);
    }
    return TSCOPE_OK;
}

/* A nonce in the header stands last among what may have been signed: where there is one, it was most likely hashed. */
static enum tscope_status
keep_signature(tscope_recovery *recovery, const tscope_subject *subject, struct tscope_recovery_item *item, struct tscope_error *err)
{
    tscope_inspector maker = {.keyring = (tscope_keyring *)(uintptr_t)subject->keyring}; /* lends its tools alone, and changes nothing */
    struct tscope_signing_inputs inputs;
    struct tscope_span raw;
    enum tscope_status status = tscope_signing_inputs_make(&inputs, &maker, subject, &maker.payload, err);
    bool is_der;

    tscope_verifier_free(maker.verifier);
    if (status != TSCOPE_OK)
        return status;
    if (inputs.payload_unknown) {
        item->state = TSCOPE_RECOVERY_NO_SIGNATURE;
        return TSCOPE_OK;
    }
    if (!tscope_signature_raw(subject, item->alg, &raw, &is_der) || !digest_group(subject, item, recovery->crypto))
        return tscope_error_no_memory(err);
    item->signature = tscope_arena_copy(&recovery->arena, raw);
    if (!item->signature.data)
        return tscope_error_no_memory(err);
    return keep_digests(recovery, &inputs, item, err);
}

static bool
is_signed(const struct tscope_judged_signature *judged)
{
    return judged->resolution.alg && judged->signature && tscope_subject_is_jws(&judged->subject) &&
           judged->signature->presence == TSCOPE_SIGNATURE_PRESENT && judged->signature->signature.decoded.len > 0;
}

static enum tscope_status
fill_item(tscope_recovery *recovery, const tscope_report *report, const tscope_subject *subject, struct tscope_recovery_item *item,
          struct tscope_error *err)
{
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));

    if (!keep_place(recovery, report, item) || !keep_text(recovery, kid, &item->kid) || !keep_text(recovery, subject->iss, &item->issuer))
        return tscope_error_no_memory(err);
    if (item->state == TSCOPE_RECOVERY_ALONE || item->state == TSCOPE_RECOVERY_PSS)
        return keep_signature(recovery, subject, item, err);
    return TSCOPE_OK;
}

enum tscope_status
tscope_recovery_take(tscope_recovery *recovery, const tscope_report *report, const struct tscope_judged_signature *judged, size_t number,
                     const void *tag, struct tscope_error *err)
{
    struct tscope_recovery_item item = {.number = number, .tag = tag, .alg = judged->resolution.alg};
    struct tscope_arena scratch = {0};
    tscope_subject subject = judged->subject;
    enum tscope_status status;

    if (!has_room(recovery, 1))
        return tscope_error_no_memory(err);
    if (!recovery->crypto)
        recovery->crypto = tscope_crypto_ref(tscope_keyring_crypto(report->keyring));
    subject.arena = &scratch; /* the report's own is not ours to fill */
    item.state = is_signed(judged) ? tscope_recovery_state_of(item.alg) : TSCOPE_RECOVERY_NO_SIGNATURE;
    status = fill_item(recovery, report, &subject, &item, err);
    tscope_arena_clear(&scratch);
    if (status == TSCOPE_OK)
        recovery->items[recovery->items_len++] = item;
    return status;
}

enum tscope_status
tscope_recovery_add(tscope_recovery *recovery, const tscope_report *report, struct tscope_error *err)
{
    const struct tscope_inspection *inspection = &report->root;
    size_t before = recovery->items_len;

    if (recovery->was_run)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the recovery was run");
    for (size_t i = 0; i < inspection->signatures_len; i++) {
        enum tscope_status status = tscope_recovery_take(recovery, report, &inspection->signatures[i], i, NULL, err);

        if (status != TSCOPE_OK) {
            recovery->items_len = before;
            return status;
        }
    }
    return TSCOPE_OK;
}

size_t
tscope_recovery_signers(const tscope_recovery *recovery)
{
    return recovery->signers_len;
}

static void
view_key(const struct tscope_recovered_key *key, size_t tokens, struct tscope_recovery_signer_view *ret_signer)
{
    bool is_rsa = key->numbers.type == TSCOPE_KEY_RSA;

    *ret_signer = (struct tscope_recovery_signer_view){
        .how = key->how,
        .type = is_rsa ? "RSA" : "EC",
        .bits = is_rsa ? key->numbers.n.len * 8 : tscope_curve_bits(key->numbers.curve),
        .jwk = key->jwk,
        .thumbprint = key->thumbprint,
        .known = key->known,
        .tokens = tokens,
    };
    if (is_rsa && key->numbers.n.len > 0)
        ret_signer->bits -= (size_t)__builtin_clz(key->numbers.n.data[0] | 1u) - 24;
}

bool
tscope_recovery_signer(const tscope_recovery *recovery, size_t number, struct tscope_recovery_signer_view *ret_signer)
{
    if (number >= recovery->signers_len)
        return false;
    view_key(&recovery->signers[number].key, recovery->signers[number].tokens, ret_signer);
    return true;
}

size_t
tscope_recovery_tokens(const tscope_recovery *recovery)
{
    return recovery->items_len;
}

bool
tscope_recovery_token(const tscope_recovery *recovery, size_t number, struct tscope_recovery_token_view *ret_token)
{
    const struct tscope_recovery_item *item;

    if (number >= recovery->items_len)
        return false;
    item = &recovery->items[number];
    *ret_token = (struct tscope_recovery_token_view){
        .path = item->path,
        .offset = item->offset,
        .alg = item->alg ? item->alg->name : NULL,
        .kid = item->kid,
        .issuer = item->issuer,
        .signature = item->number,
        .state = item->state,
        .signer = item->signer,
        .candidates = item->candidates_len,
    };
    tscope_text_to_hex(item->sha256, sizeof(item->sha256), ret_token->sha256);
    return true;
}

bool
tscope_recovery_candidate(const tscope_recovery *recovery, size_t token, size_t number, struct tscope_recovery_signer_view *ret_signer)
{
    if (token >= recovery->items_len || number >= recovery->items[token].candidates_len)
        return false;
    view_key(&recovery->items[token].candidates[number], 0, ret_signer);
    return true;
}

size_t
tscope_recovery_untried(const tscope_recovery *recovery)
{
    return recovery->untried;
}

static const struct {
    const char *id, *words;
} states[] = {
#define STATE_ROW(name, number, id, words) [number] = {id, words},
    TSCOPE_FOREACH_RECOVERY_STATE(STATE_ROW)
#undef STATE_ROW
};

const char *
tscope_recovery_state_id(enum tscope_recovery_state state)
{
    return (size_t)state < TSCOPE_COUNT(states) ? states[state].id : "?";
}

const char *
tscope_recovery_state_text(enum tscope_recovery_state state)
{
    return (size_t)state < TSCOPE_COUNT(states) ? states[state].words : "?";
}
