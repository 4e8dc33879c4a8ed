/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/decrypt.h"

#include "core/error.h"
#include "crypto/inflate.h"
#include "crypto/jwe.h"
#include "inspect/jwe_header.h"

/*
 * What a token may cost in all, in units of some 0.1 ms of one core: it comes from whoever wrote the token, with any number of
 * recipients, and every key that fits may be tried for each. The first key is tried whatever it costs.
 */
#define BUDGET 6000

struct attempt {
    const struct tscope_decrypter *decrypter;
    const struct tscope_token *token;
    struct tscope_arena *arena;
    struct tscope_decryption *decryption;
    struct tscope_jwe_recipient recipient;
    struct tscope_jwe_content content;
    struct tscope_span kid;
    struct tscope_span aad[3];
    uint8_t *out; /* room for the plaintext */
    size_t out_len;
    uint64_t *spent;
    bool was_tried, was_left_out, is_for_other_use;
    enum tscope_jwe_result last; /* of the last key tried */
    struct tscope_error *err;
};

static uint64_t
cost_of(const struct tscope_jwe_recipient *recipient, const struct tscope_key_numbers *numbers)
{
    uint64_t kilobits = numbers->n.len / 128 + 1;

    if (recipient->alg->family == TSCOPE_JWE_PBES2)
        return recipient->p2c / 200 + 1;
    if (numbers->type == TSCOPE_KEY_RSA) /* with the gate, which decrypts as well */
        return 4 * kilobits * kilobits * kilobits;
    return numbers->type == TSCOPE_KEY_OCT ? 1 : 10;
}

static bool
may_pay(struct attempt *attempt, uint64_t cost)
{
    if (*attempt->spent && *attempt->spent + cost > BUDGET) {
        attempt->was_left_out = true;
        return false;
    }
    *attempt->spent += cost;
    return true;
}

/* RFC 7517 sections 4.2 to 4.4: what the key itself says it is for. For dir that is the content encryption. */
static bool
is_meant_for(const tscope_key *key, const struct tscope_jwe_recipient *recipient)
{
    if (key->use.data && !tscope_span_is(key->use, "enc"))
        return false;
    if (key->has_key_ops && !(key->key_ops & TSCOPE_KEY_OP_OTHER))
        return false;
    return !key->alg.data || tscope_span_is(key->alg, recipient->alg->name) || tscope_span_is(key->alg, recipient->enc->name);
}

static bool
has_private(const tscope_key *key)
{
    return !key->history && key->flaw == TSCOPE_KEY_FLAW_NONE && (key->secret || key->numbers.type == TSCOPE_KEY_OCT);
}

/* A key that could be the recipient's: the rest is asked of it. */
static bool
is_candidate(struct attempt *attempt, const tscope_key *key)
{
    const struct tscope_jwe_recipient *recipient = &attempt->recipient;

    if (!has_private(key) || !tscope_key_numbers_fit_jwe(&key->numbers, recipient->alg, recipient->enc))
        return false;
    if (recipient->alg->family == TSCOPE_JWE_ECDH && key->numbers.curve != recipient->epk.curve)
        return false;
    if (!attempt->decrypter->strict || is_meant_for(key, recipient))
        return true;
    attempt->is_for_other_use = true;
    return false;
}

static enum tscope_status
try_private(struct attempt *attempt, tscope_private *private, const tscope_key *key)
{
    enum tscope_jwe_result result;
    enum tscope_status status =
        tscope_jwe_decrypt(private, &attempt->recipient, &attempt->content, attempt->out, &attempt->out_len, &result, attempt->err);

    if (status != TSCOPE_OK)
        return status;
    attempt->was_tried = true;
    attempt->last = result;
    if (result == TSCOPE_JWE_DECRYPTED) {
        attempt->decryption->status = TSCOPE_DECRYPTION_DECRYPTED;
        attempt->decryption->key = key;
    }
    return TSCOPE_OK;
}

static enum tscope_status
try_key(struct attempt *attempt, const tscope_key *key)
{
    tscope_private *private;
    enum tscope_key_flaw flaw;
    enum tscope_status status;

    if (!may_pay(attempt, cost_of(&attempt->recipient, &key->numbers)))
        return TSCOPE_OK;
    status = tscope_keyring_private(attempt->decrypter->keyring, key, &private, &flaw, attempt->err);
    return status == TSCOPE_OK && private ? try_private(attempt, private, key) : status;
}

static enum tscope_status
try_password(struct attempt *attempt)
{
    TSCOPE_AUTO(tscope_private) *private = NULL;
    struct tscope_private_numbers numbers = {.open = {.type = TSCOPE_KEY_OCT, .k = attempt->decrypter->password}};
    enum tscope_key_flaw flaw;
    enum tscope_status status;

    if (attempt->recipient.alg->family != TSCOPE_JWE_PBES2 || !numbers.open.k.data ||
        !may_pay(attempt, cost_of(&attempt->recipient, &numbers.open)))
        return TSCOPE_OK;
    status = tscope_private_new(tscope_keyring_crypto(attempt->decrypter->keyring), &numbers, &private, &flaw, attempt->err);
    return status == TSCOPE_OK && private ? try_private(attempt, private, NULL) : status;
}

static bool
is_done(const struct attempt *attempt)
{
    return attempt->decryption->status == TSCOPE_DECRYPTION_DECRYPTED;
}

/* The keys of the recipient's kid first, then every other one that fits: a kid is only text. */
static enum tscope_status
try_keys(struct attempt *attempt)
{
    size_t keys_len = tscope_keyring_count(attempt->decrypter->keyring);
    enum tscope_status status = try_password(attempt);

    for (int named = 1; named >= 0; named--) {
        for (size_t i = 0; i < keys_len && status == TSCOPE_OK && !is_done(attempt) && !attempt->was_left_out; i++) {
            const tscope_key *key = tscope_keyring_key(attempt->decrypter->keyring, i);
            bool is_named = attempt->kid.data && key->kid.data && tscope_span_equal(key->kid, attempt->kid);

            if (is_named == named && is_candidate(attempt, key))
                status = try_key(attempt, key);
        }
    }
    return status;
}

static const char *
reason_of(const struct attempt *attempt)
{
    switch (attempt->last) {
    case TSCOPE_JWE_LENGTH:
        return "its encrypted key, iv or tag has a length that the algorithm cannot have";
    case TSCOPE_JWE_REFUSED:
        return "\"p2c\" asks for more rounds than are worked off";
    case TSCOPE_JWE_UNFIT:
        return "the ephemeral key is no point of the key's curve";
    case TSCOPE_JWE_WRONG:
    case TSCOPE_JWE_DECRYPTED:
        break;
    }
    return "no key that fits opens it: it is for another key, or altered";
}

/* "fail" outweighs "unavailable", and the first recipient's reason the later ones'. */
static void
note_failure(struct attempt *attempt, enum tscope_decryption_status status, const char *reason)
{
    struct tscope_decryption *decryption = attempt->decryption;

    if (decryption->reason && decryption->status <= status)
        return;
    decryption->status = status;
    decryption->reason = reason;
}

static enum tscope_status
try_recipient(struct attempt *attempt, size_t number)
{
    struct tscope_jwe_header header = tscope_jwe_header_of(attempt->token, number, attempt->arena);
    const struct tscope_part *encrypted_key = &attempt->token->signatures[number].signature;
    struct tscope_decryption *decryption = attempt->decryption;
    const char *reason;
    enum tscope_status status;

    if (!tscope_jwe_header_read(&header, attempt->decrypter->strict, &attempt->recipient, &reason))
        return tscope_error_no_memory(attempt->err);
    if (!decryption->alg || !decryption->enc) {
        decryption->alg = attempt->recipient.alg;
        decryption->enc = attempt->recipient.enc;
    }
    if (reason) {
        note_failure(attempt, TSCOPE_DECRYPTION_FAILED, reason);
        return TSCOPE_OK;
    }
    attempt->recipient.encrypted_key = encrypted_key->decoded;
    attempt->recipient.p2c_max = attempt->decrypter->rounds_max;
    attempt->content.enc = attempt->recipient.enc;
    attempt->kid = tscope_jwe_header_text(&header, "kid");
    attempt->was_tried = attempt->is_for_other_use = false;
    status = try_keys(attempt);
    if (status != TSCOPE_OK)
        return status;
    if (is_done(attempt)) {
        decryption->alg = attempt->recipient.alg;
        decryption->enc = attempt->recipient.enc;
    } else if (attempt->was_tried || attempt->was_left_out) {
        note_failure(attempt, TSCOPE_DECRYPTION_FAILED, reason_of(attempt));
    } else if (attempt->is_for_other_use) {
        note_failure(attempt, TSCOPE_DECRYPTION_FAILED, "the key that fits is for another use, operation or algorithm");
    } else {
        note_failure(attempt, TSCOPE_DECRYPTION_UNAVAILABLE, "no private key or secret at hand fits it");
    }
    return TSCOPE_OK;
}

/* RFC 7516 section 4.1.3: the plaintext is what was deflated. */
static enum tscope_status
inflate_plaintext(struct attempt *attempt)
{
    struct tscope_decryption *decryption = attempt->decryption;
    struct tscope_buffer inflated = {0};
    enum tscope_inflate_result result;
    enum tscope_status status = tscope_inflate(decryption->plaintext, TSCOPE_INFLATE_MAX, &inflated, &result, attempt->err);

    if (status == TSCOPE_OK && (result == TSCOPE_INFLATE_DONE || result == TSCOPE_INFLATE_TRAILING)) {
        decryption->plaintext =
            tscope_arena_copy(attempt->arena, tscope_span_of(inflated.data ? inflated.data : (const uint8_t *)"", inflated.len));
        if (!decryption->plaintext.data)
            status = tscope_error_no_memory(attempt->err);
    } else if (status == TSCOPE_OK) {
        decryption->status = TSCOPE_DECRYPTION_FAILED;
        decryption->key = NULL;
        decryption->inflates_too_far = result == TSCOPE_INFLATE_TOO_LARGE;
        decryption->reason = result == TSCOPE_INFLATE_TOO_LARGE ? "its plaintext inflates to more than 256 KiB"
                                                                : "its plaintext is not deflated, as \"zip\" says it is";
    }
    tscope_buffer_clear(&inflated);
    return status;
}

static enum tscope_status
finish(struct attempt *attempt, size_t number)
{
    struct tscope_jwe_header header = tscope_jwe_header_of(attempt->token, number, attempt->arena);

    attempt->decryption->reason = NULL;
    attempt->decryption->plaintext = tscope_span_of(attempt->out, attempt->out_len);
    attempt->decryption->packed_len = attempt->out_len;
    return tscope_jwe_header_is_zipped(&header) ? inflate_plaintext(attempt) : TSCOPE_OK;
}

/* The protected header as sent, and with an aad that and a dot before it (RFC 7516 section 5.1 step 14). */
static void
set_content(struct attempt *attempt)
{
    const struct tscope_token *token = attempt->token;

    attempt->aad[0] = token->signatures[0].protected_part.form;
    attempt->aad[1] = TSCOPE_SPAN(".");
    attempt->aad[2] = token->aad.form;
    attempt->content.iv = token->iv.decoded;
    attempt->content.ciphertext = token->ciphertext.decoded;
    attempt->content.tag = token->tag.decoded;
    attempt->content.aad = attempt->aad;
    attempt->content.aad_len = token->aad.form.data ? 3 : 1;
}

static bool
holds_private(const struct tscope_decrypter *decrypter)
{
    if (decrypter->password.data)
        return true;
    for (size_t i = 0; i < tscope_keyring_count(decrypter->keyring); i++) {
        if (has_private(tscope_keyring_key(decrypter->keyring, i)))
            return true;
    }
    return false;
}

/* What no strict receiver reads past: a damaged part, or bytes that stand between parts. */
static bool
is_damaged(const struct tscope_token *token)
{
    const struct tscope_part *const parts[] = {&token->iv, &token->ciphertext, &token->tag, &token->aad};

    for (size_t i = 0; i < TSCOPE_COUNT(parts); i++) {
        if (parts[i]->form.data && !parts[i]->clean)
            return true;
    }
    for (size_t i = 0; i < token->signatures_len; i++) {
        const struct tscope_token_signature *recipient = &token->signatures[i];

        if ((recipient->protected_part.form.data && !recipient->protected_part.clean) ||
            (recipient->signature.form.data && !recipient->signature.clean))
            return true;
    }
    return token->damage_total > 0;
}

enum tscope_status
tscope_decrypt_token(const struct tscope_decrypter *decrypter, const struct tscope_token *token, struct tscope_arena *arena,
                     struct tscope_decryption *ret_decryption, struct tscope_error *err)
{
    struct attempt attempt = {.decrypter = decrypter, .token = token, .arena = arena, .decryption = ret_decryption, .err = err};
    enum tscope_status status = TSCOPE_OK;
    uint64_t spent = 0;

    attempt.spent = decrypter->spent ? decrypter->spent : &spent;
    *ret_decryption = (struct tscope_decryption){.status = TSCOPE_DECRYPTION_UNAVAILABLE};
    if (!holds_private(decrypter)) {
        ret_decryption->reason = "no private key or secret is at hand";
        return TSCOPE_OK;
    }
    if (token->signatures_len == 0 || (decrypter->strict && is_damaged(token))) {
        ret_decryption->status = TSCOPE_DECRYPTION_FAILED;
        ret_decryption->reason = "it is damaged";
        return TSCOPE_OK;
    }
    attempt.out = tscope_arena_alloc(arena, TSCOPE_JWE_OUT(token->ciphertext.decoded.len));
    if (!attempt.out)
        return tscope_error_no_memory(err);
    set_content(&attempt);
    for (size_t i = 0; i < token->signatures_len && status == TSCOPE_OK && !is_done(&attempt); i++) {
        status = try_recipient(&attempt, i);
        if (status == TSCOPE_OK && is_done(&attempt))
            return finish(&attempt, i);
    }
    if (attempt.was_left_out) { /* the right one may be among those that were not tried */
        ret_decryption->status = TSCOPE_DECRYPTION_UNAVAILABLE;
        ret_decryption->reason = "more keys fit than one token may be tried with";
    }
    return status;
}
