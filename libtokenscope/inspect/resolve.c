/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/inspection.h"

#include "checks/embedded.h"
#include "core/digest_text.h"
#include "core/error.h"
#include "crypto/ecdsa.h"
#include "inspect/embedded_key.h"
#include "inspect/secrets.h"
#include "inspect/signing_input.h"
#include "keys/quality.h"
#include "token/mask.h"

/*
 * Which key verifies which input. First the keys that the token names and that the sets serving its issuer hold (or the
 * caller gave); then the issuer's other keys, those alive at the token's time first; then all others. A kid is only text:
 * it chooses the order, never the verdict.
 */

/*
 * What the trials of one signature may cost together: as many as the limit lets pass with RSA keys of 4096 bits. In units of which
 * a key of 1024 bits takes one.
 */
#define COST_OF_TRIAL 16
#define COST_UNLESS_RSA 4
#define EXPONENT_USUAL 3 /* bytes: 65537 */

struct resolver {
    tscope_inspector *inspector;
    const tscope_subject *subject;
    struct tscope_resolution *resolution;
    struct tscope_signing_inputs inputs;
    struct tscope_span signature;
    struct tscope_span kid;
    bool has_x5t, has_x5t256;
    uint8_t x5t[20], x5t256[32];
    uint8_t *tried;     /* a bit a key */
    uint64_t spent;     /* of what all trials may cost */
    bool only_presumed; /* the keys that count as named are named by nothing, and nobody says that they are the issuer's */
    struct tscope_error *err;
};

enum attempt { ATTEMPT_UNUSABLE, ATTEMPT_UNFIT, ATTEMPT_LENGTH, ATTEMPT_FAILED, ATTEMPT_VERIFIED };

static bool
was_tried(const struct resolver *resolver, const tscope_key *key)
{
    uint32_t number = tscope_keyring_number(resolver->inspector->keyring, key);

    return resolver->tried[number / 8] & (1u << (number % 8));
}

/* Marks the key with all forms of its material: they are one key. */
static void
mark_tried(struct resolver *resolver, const tscope_key *key)
{
    const tscope_keyring *keyring = resolver->inspector->keyring;
    uint32_t start = tscope_keyring_number(keyring, key), number = start;
    size_t bound = tscope_keyring_count(keyring);

    do {
        resolver->tried[number / 8] |= (uint8_t)(1u << (number % 8));
        number = tscope_keyring_key(keyring, number)->next_same;
    } while (number != start && bound-- > 0);
}

/* It grows with the square of the modulus, and with the exponent: 16384 and 64 bits take as much as 256 usual keys. */
static uint64_t
cost_of(const struct tscope_key_numbers *numbers)
{
    uint64_t kilobits = (numbers->n.len + 64) / 128;

    if (numbers->type != TSCOPE_KEY_RSA)
        return COST_UNLESS_RSA;
    return kilobits * kilobits * (numbers->e.len > EXPONENT_USUAL ? 4 : 1);
}

static enum tscope_status
try_inputs(struct resolver *resolver, tscope_pkey *pkey, enum attempt *ret_attempt)
{
    *ret_attempt = ATTEMPT_FAILED;
    for (size_t i = 0; i < resolver->inputs.len; i++) {
        const struct tscope_signing_input_form *form = &resolver->inputs.forms[i];
        enum tscope_verify_result result;
        enum tscope_status status = tscope_verifier_check(resolver->inspector->verifier, pkey, resolver->resolution->alg, form->parts,
                                                          TSCOPE_COUNT(form->parts), resolver->signature, &result, resolver->err);

        if (status != TSCOPE_OK)
            return status;
        if (result == TSCOPE_VERIFY_LENGTH || result == TSCOPE_VERIFY_UNFIT) {
            *ret_attempt = result == TSCOPE_VERIFY_LENGTH ? ATTEMPT_LENGTH : ATTEMPT_UNFIT;
            return TSCOPE_OK;
        }
        if (result == TSCOPE_VERIFY_OK) {
            resolver->resolution->input = form->input;
            *ret_attempt = ATTEMPT_VERIFIED;
            return TSCOPE_OK;
        }
    }
    return TSCOPE_OK;
}

static enum tscope_status
try_key(struct resolver *resolver, const tscope_key *key, enum attempt *ret_attempt)
{
    const struct tscope_alg *alg = resolver->resolution->alg;
    tscope_pkey *pkey = NULL;
    enum tscope_key_flaw flaw = TSCOPE_KEY_FLAW_NONE;
    enum tscope_status status;

    mark_tried(resolver, key);
    if (key->flaw == TSCOPE_KEY_FLAW_NONE && !tscope_key_numbers_fit(&key->numbers, alg)) {
        *ret_attempt = ATTEMPT_UNFIT;
        return TSCOPE_OK;
    }
    if (key->flaw == TSCOPE_KEY_FLAW_NONE) /* the rest of the gate has its cost too, for whom it refuses */
        resolver->spent += cost_of(&key->numbers);
    status = tscope_keyring_pkey(resolver->inspector->keyring, key, &pkey, &flaw, resolver->err);
    if (status != TSCOPE_OK)
        return status;
    if (!pkey) {
        if (resolver->resolution->unusable_flaw == TSCOPE_KEY_FLAW_NONE)
            resolver->resolution->unusable_flaw = flaw;
        *ret_attempt = ATTEMPT_UNUSABLE;
        return TSCOPE_OK;
    }
    if (!resolver->inspector->verifier) {
        status = tscope_verifier_new(tscope_keyring_crypto(resolver->inspector->keyring), &resolver->inspector->verifier, resolver->err);
        if (status != TSCOPE_OK)
            return status;
    }
    resolver->resolution->trials++;
    status = try_inputs(resolver, pkey, ret_attempt);
    if (status == TSCOPE_OK && *ret_attempt == ATTEMPT_FAILED && !key->history)
        resolver->resolution->given_tried++;
    return status;
}

static void
accept(struct resolver *resolver, const tscope_key *key, const struct tscope_standing *standing, enum tscope_found_by found_by)
{
    resolver->resolution->status = TSCOPE_STATUS_VERIFIED;
    resolver->resolution->key = key;
    resolver->resolution->standing = *standing;
    resolver->resolution->found_by = found_by;
}

/*
 * A name means a key only among those of the token's issuer, or those given. A given key whose own issuer is known is
 * that issuer's: "1" at another provider is no match.
 */
static bool
is_in_scope(const struct resolver *resolver, const tscope_key *key, const struct tscope_standing *standing)
{
    struct tscope_span iss = resolver->subject->iss, tenant;

    if (tscope_profile_serves(resolver->inspector->profile, &resolver->subject->issuer, standing, key))
        return true;
    if (!standing->given)
        return false;
    /* a proof of possession names no issuer, and brings the key of its client along: an issuer's own did not sign it */
    if (resolver->subject->token->kind == TSCOPE_KIND_DPOP && standing->issuer.data)
        return false;
    return !standing->issuer.data || !iss.data || tscope_profile_pattern_matches(standing->issuer, iss, &tenant);
}

/* A key the token names, or that counts as named. */
static enum tscope_status
try_named(struct resolver *resolver, const tscope_key *key, enum tscope_found_by found_by)
{
    struct tscope_resolution *resolution = resolver->resolution;
    struct tscope_standing standing;
    enum attempt attempt;
    enum tscope_status status;

    if (was_tried(resolver, key))
        return TSCOPE_OK;
    standing = tscope_profile_standing(resolver->inspector->profile, resolver->inspector->keyring, key);
    if (!is_in_scope(resolver, key, &standing)) {
        resolution->names_known_elsewhere = true;
        return TSCOPE_OK;
    }
    if (found_by != TSCOPE_FOUND_BY_TRIAL || (standing.issuer.data && resolver->subject->iss.data))
        resolver->only_presumed = false;
    if (!resolution->named) {
        resolution->named = key;
        resolution->named_standing = standing;
    }
    resolution->named_count++;
    status = try_key(resolver, key, &attempt);
    if (status != TSCOPE_OK)
        return status;
    switch (attempt) {
    case ATTEMPT_VERIFIED:
        accept(resolver, key, &standing, found_by);
        break;
    case ATTEMPT_FAILED:
        resolution->named_failed++;
        break;
    case ATTEMPT_LENGTH:
        resolution->named_length++;
        break;
    case ATTEMPT_UNFIT:
        resolution->named_unfit++;
        break;
    case ATTEMPT_UNUSABLE:
        resolution->named_unusable++;
        break;
    }
    return TSCOPE_OK;
}

static bool
is_done(const struct resolver *resolver)
{
    return resolver->resolution->status == TSCOPE_STATUS_VERIFIED || resolver->resolution->trials_cut;
}

/* One kid may stand on any number of keys, so the limit holds here too. */
static bool
may_try(struct resolver *resolver)
{
    uint64_t most = (uint64_t)resolver->inspector->trials_max * COST_OF_TRIAL;

    if (resolver->resolution->trials < resolver->inspector->trials_max && resolver->spent < most)
        return true;
    resolver->resolution->trials_cut = true;
    return false;
}

/* Few tokens name their key by this digest alone, so that no index is kept for it. */
static enum tscope_status
try_by_x5t256(struct resolver *resolver)
{
    const tscope_keyring *keyring = resolver->inspector->keyring;
    size_t count = resolver->has_x5t256 ? tscope_keyring_count(keyring) : 0;

    for (size_t i = 0; i < count && !is_done(resolver); i++) {
        const tscope_key *key = tscope_keyring_key(keyring, i);
        const struct tscope_certificate *certificate = tscope_keyring_certificate(keyring, key);
        enum tscope_status status;

        if (!certificate || memcmp(certificate->sha256, resolver->x5t256, sizeof(resolver->x5t256)) != 0)
            continue;
        status = may_try(resolver) ? try_named(resolver, key, TSCOPE_FOUND_BY_X5T) : TSCOPE_OK;
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

static enum tscope_status
try_by_name(struct resolver *resolver)
{
    const tscope_keyring *keyring = resolver->inspector->keyring;
    const tscope_key *key;
    enum tscope_status status;
    uint32_t cursor = 0;

    if (resolver->subject->is_holder_proof)
        return TSCOPE_OK;
    while (resolver->kid.data && !is_done(resolver) && (key = tscope_keyring_next_by_kid(keyring, resolver->kid, &cursor))) {
        status = may_try(resolver) ? try_named(resolver, key, TSCOPE_FOUND_BY_KID) : TSCOPE_OK;
        if (status != TSCOPE_OK)
            return status;
    }
    cursor = 0;
    while (resolver->has_x5t && !is_done(resolver) && (key = tscope_keyring_next_by_x5t(keyring, resolver->x5t, &cursor))) {
        status = may_try(resolver) ? try_named(resolver, key, TSCOPE_FOUND_BY_X5T) : TSCOPE_OK;
        if (status != TSCOPE_OK)
            return status;
    }
    return try_by_x5t256(resolver);
}

/* The issuer's own keys are known, and nobody says that this one is among them; or whose it is is said, and the token names no issuer. */
static bool
is_anothers(const struct resolver *resolver, const tscope_key *key)
{
    struct tscope_standing standing;

    if (!resolver->subject->issuer.row && resolver->subject->iss.data)
        return false;
    standing = tscope_profile_standing(resolver->inspector->profile, resolver->inspector->keyring, key);
    return resolver->subject->issuer.row ? !standing.issuer.data : standing.issuer.data != NULL;
}

/*
 * Keys the caller gave for this token: all of them are meant when the token names none, and those without a kid when it
 * names one that no key carries. The one that decrypted what it stood in is meant for that; and of an issuer whose keys are
 * known, whoever gives another's meant it for other tokens, as whoever gives an issuer's did not mean a token that names none.
 */
static enum tscope_status
try_given(struct resolver *resolver)
{
    const tscope_keyring *keyring = resolver->inspector->keyring;
    size_t count = tscope_keyring_count(keyring);
    bool names_none = !resolver->kid.data && !resolver->has_x5t && !resolver->has_x5t256;

    if (resolver->resolution->named || resolver->subject->is_holder_proof)
        return TSCOPE_OK;
    for (size_t i = 0; i < count && !is_done(resolver); i++) {
        const tscope_key *key = tscope_keyring_key(keyring, i);
        enum tscope_status status;

        if (key->history || key == resolver->subject->opened_by || (!names_none && key->kid.data) || is_anothers(resolver, key) ||
            (key->flaw == TSCOPE_KEY_FLAW_NONE && !tscope_key_numbers_fit(&key->numbers, resolver->resolution->alg)))
            continue;
        if (!may_try(resolver))
            break;
        status = try_named(resolver, key, TSCOPE_FOUND_BY_TRIAL);
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

/* How soon a key is tried that nothing names. */
enum rank { RANK_ALIVE, RANK_ISSUER, RANK_NAMED, RANK_GIVEN, RANK_OTHER, RANK_SAMPLE, RANK_COUNT };

/* Of the issuer, and alive then; of the issuer; another's by the name the token gives; given; any other. Published samples come last: no
 * honest token waits for them. */
static enum rank
rank_of(const struct resolver *resolver, const tscope_key *key, const struct tscope_standing *standing)
{
    int64_t then = resolver->subject->then;
    bool serves = tscope_profile_serves(resolver->inspector->profile, &resolver->subject->issuer, standing, key);
    const struct tscope_certificate *certificate = key->history ? key->certificate : NULL;

    if (!serves && standing->given)
        return RANK_GIVEN;
    if (!serves)
        return standing->notice && standing->notice->status == TSCOPE_NOTICE_SAMPLE ? RANK_SAMPLE : RANK_OTHER;
    if (then == TSCOPE_TIME_NONE || !certificate || !certificate->der.data)
        return RANK_ISSUER;
    return certificate->not_before <= then && then <= certificate->not_after ? RANK_ALIVE : RANK_ISSUER;
}

/* The key of that number, which nothing names. */
static enum tscope_status
try_other(struct resolver *resolver, size_t number)
{
    const tscope_keyring *keyring = resolver->inspector->keyring;
    const tscope_key *key = tscope_keyring_key(keyring, number);
    enum attempt attempt;
    enum tscope_status status = try_key(resolver, key, &attempt);

    if (status == TSCOPE_OK && attempt == ATTEMPT_VERIFIED) {
        struct tscope_standing standing = tscope_profile_standing(resolver->inspector->profile, keyring, key);

        accept(resolver, key, &standing, TSCOPE_FOUND_BY_TRIAL);
    }
    return status;
}

static bool
is_recovered(const struct tscope_ecdsa_recovered *recovered, const tscope_key *key, size_t width)
{
    for (size_t i = 0; i < recovered->len; i++) {
        struct tscope_span x = tscope_key_number_strip(tscope_span_of(recovered->x[i], width));

        if (tscope_span_equal(x, tscope_key_number_strip(key->numbers.x)))
            return true;
    }
    return false;
}

/* Of an ECDSA signature the keys that can have made it are computed, so that many samples cost no more than one. */
static enum tscope_status
drop_unrecovered(struct resolver *resolver, uint8_t *ranks)
{
    const tscope_keyring *keyring = resolver->inspector->keyring;
    const struct tscope_alg *alg = resolver->resolution->alg;
    struct tscope_ecdsa_recovered recovered[TSCOPE_COUNT(resolver->inputs.forms)];
    uint8_t digest[64];

    for (size_t i = 0; i < resolver->inputs.len; i++) {
        const struct tscope_signing_input_form *form = &resolver->inputs.forms[i];
        enum tscope_status status = tscope_crypto_digest(tscope_keyring_crypto(keyring), alg->digest, form->parts,
                                                         TSCOPE_COUNT(form->parts), digest, resolver->err);

        if (status == TSCOPE_OK)
            status = tscope_ecdsa_recover(tscope_keyring_crypto(keyring), alg->curve, digest, tscope_digest_len(alg->digest),
                                          resolver->signature, &recovered[i], resolver->err);
        if (status != TSCOPE_OK)
            return status;
    }
    for (size_t number = 0; number < tscope_keyring_count(keyring); number++) {
        bool keep = ranks[number] != RANK_SAMPLE;

        for (size_t i = 0; i < resolver->inputs.len && !keep; i++)
            keep = is_recovered(&recovered[i], tscope_keyring_key(keyring, number), tscope_curve_width(alg->curve));
        if (!keep)
            ranks[number] = RANK_COUNT;
    }
    return TSCOPE_OK;
}

/* Behind all others, and with a limit of their own: that there are samples must not keep a key from being tried, nor the reverse. */
static enum tscope_status
try_samples(struct resolver *resolver, uint8_t *ranks)
{
    size_t count = tscope_keyring_count(resolver->inspector->keyring), left = resolver->inspector->trials_max;
    bool any = memchr(ranks, RANK_SAMPLE, count) != NULL;

    if (any && resolver->resolution->alg->family == TSCOPE_ALG_ECDSA) {
        enum tscope_status status = drop_unrecovered(resolver, ranks);

        if (status != TSCOPE_OK)
            return status;
    }
    for (size_t i = 0; any && i < count && left > 0 && resolver->resolution->status != TSCOPE_STATUS_VERIFIED; i++) {
        enum tscope_status status;

        if (ranks[i] != RANK_SAMPLE || was_tried(resolver, tscope_keyring_key(resolver->inspector->keyring, i)))
            continue;
        left--;
        status = try_other(resolver, i);
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

/* Another issuer's key of that name: among thousands of keys it is the one to try. */
static void
prefer_named(const struct resolver *resolver, uint8_t *ranks)
{
    const tscope_keyring *keyring = resolver->inspector->keyring;
    const tscope_key *key;

    for (uint32_t pass = 0; pass < 2; pass++) {
        uint32_t cursor = 0;

        if (pass == 0 ? !resolver->kid.data : !resolver->has_x5t)
            continue;
        while ((key = pass == 0 ? tscope_keyring_next_by_kid(keyring, resolver->kid, &cursor)
                                : tscope_keyring_next_by_x5t(keyring, resolver->x5t, &cursor))) {
            uint8_t *rank = &ranks[tscope_keyring_number(keyring, key)];

            if (*rank == RANK_GIVEN || *rank == RANK_OTHER)
                *rank = RANK_NAMED;
        }
    }
}

static enum tscope_status
try_others(struct resolver *resolver)
{
    const tscope_keyring *keyring = resolver->inspector->keyring;
    size_t count = tscope_keyring_count(keyring);
    uint8_t *ranks = tscope_arena_alloc(resolver->subject->arena, count);

    if (!ranks)
        return tscope_error_no_memory(resolver->err);
    memset(ranks, 0xff, count);
    for (size_t i = 0; i < count; i++) {
        const tscope_key *key = tscope_keyring_key(keyring, i);
        struct tscope_standing standing;

        if (was_tried(resolver, key) || key->flaw != TSCOPE_KEY_FLAW_NONE ||
            !tscope_key_numbers_fit(&key->numbers, resolver->resolution->alg) ||
            tscope_key_numbers_signature_len(&key->numbers, resolver->resolution->alg) != resolver->signature.len)
            continue;
        standing = tscope_profile_standing(resolver->inspector->profile, keyring, key);
        ranks[i] = (uint8_t)rank_of(resolver, key, &standing);
    }
    prefer_named(resolver, ranks);
    for (unsigned rank = 0; rank < RANK_SAMPLE; rank++) {
        for (size_t i = 0; i < count && !is_done(resolver); i++) {
            enum tscope_status status;

            if (ranks[i] != rank || was_tried(resolver, tscope_keyring_key(keyring, i)))
                continue;
            if (!may_try(resolver))
                break;
            status = try_other(resolver, i);
            if (status != TSCOPE_OK)
                return status;
        }
    }
    return resolver->resolution->status == TSCOPE_STATUS_VERIFIED ? TSCOPE_OK : try_samples(resolver, ranks);
}

/* A digest of a certificate as the header names it; false when it is none of that length. */
static bool
read_digest(const struct resolver *resolver, enum tscope_header header, uint8_t *digest, size_t digest_len)
{
    struct tscope_span text = tscope_subject_text(resolver->subject, tscope_subject_header(resolver->subject, header));

    return text.data && tscope_digest_text_read(text, digest, digest_len);
}

static void
read_names(struct resolver *resolver)
{
    resolver->kid = tscope_subject_text(resolver->subject, tscope_subject_header(resolver->subject, TSCOPE_HEADER_KID));
    resolver->has_x5t = read_digest(resolver, TSCOPE_HEADER_X5T, resolver->x5t, sizeof(resolver->x5t));
    resolver->has_x5t256 = read_digest(resolver, TSCOPE_HEADER_X5T_S256, resolver->x5t256, sizeof(resolver->x5t256));
    if (!resolver->has_x5t && !resolver->has_x5t256) /* the digest of the other member, under the wrong name */
        resolver->has_x5t256 = read_digest(resolver, TSCOPE_HEADER_X5T, resolver->x5t256, sizeof(resolver->x5t256));
}

static enum tscope_status
try_all(struct resolver *resolver)
{
    enum tscope_status status = try_by_name(resolver);

    if (status == TSCOPE_OK && !is_done(resolver))
        status = try_given(resolver);
    if (status == TSCOPE_OK && resolver->resolution->status != TSCOPE_STATUS_VERIFIED)
        status = try_others(resolver);
    return status;
}

/*
 * A detached payload and an empty one look alike. That the empty one was signed shows when the key that is meant verifies it;
 * when it does not, nothing is known of the signature.
 */
static enum tscope_status
try_empty_payload(struct resolver *resolver)
{
    struct tscope_resolution *resolution = resolver->resolution;
    enum tscope_status status = try_by_name(resolver);

    if (status == TSCOPE_OK && !is_done(resolver))
        status = try_given(resolver);
    if (status == TSCOPE_OK && resolution->status != TSCOPE_STATUS_VERIFIED)
        *resolution = (struct tscope_resolution){.status = resolution->status, .alg = resolution->alg, .no_input = true};
    return status;
}

/*
 * A token that carries its key by design, and verifies under it, means that key: those given were meant for other tokens. Where
 * one of them is known to be its issuer's, it stays the one that should have signed.
 */
static void
forget_presumed(struct resolver *resolver)
{
    struct tscope_resolution *resolution = resolver->resolution;

    if (!resolver->only_presumed || !resolution->embedded.verifies || !tscope_embedded_design(resolver->subject, &resolution->embedded))
        return;
    resolution->named = NULL;
    resolution->named_standing = (struct tscope_standing){0};
    resolution->named_count = resolution->named_failed = resolution->named_length = 0;
    resolution->named_unfit = resolution->named_unusable = 0;
}

/* What the status is before any key was tried; UNVERIFIED means: go on. */
static enum tscope_signature_status
status_without_keys(const tscope_subject *subject, const struct tscope_alg *alg)
{
    if (alg && alg->family == TSCOPE_ALG_NONE)
        return TSCOPE_STATUS_NONE;
    if (!subject->signature)
        return TSCOPE_STATUS_UNVERIFIED;
    if (subject->token->serialization == TSCOPE_SERIALIZATION_JWE_COMPACT ||
        subject->token->serialization == TSCOPE_SERIALIZATION_JWE_FLATTENED ||
        subject->token->serialization == TSCOPE_SERIALIZATION_JWE_GENERAL)
        return TSCOPE_STATUS_UNVERIFIED;
    return subject->signature->presence == TSCOPE_SIGNATURE_PRESENT ? TSCOPE_STATUS_UNVERIFIED : TSCOPE_STATUS_MISSING;
}

static bool
is_jws(const struct tscope_token *token)
{
    return token->serialization == TSCOPE_SERIALIZATION_JWS_COMPACT || token->serialization == TSCOPE_SERIALIZATION_JWS_FLATTENED ||
           token->serialization == TSCOPE_SERIALIZATION_JWS_GENERAL || token->serialization == TSCOPE_SERIALIZATION_SD_JWT;
}

/*
 * A field that ends inside an RSA signature leaves what the parser cannot tell from a whole one: the key's own length shows
 * it. One or two bytes too few are no cut outside captures, but zeros that a careless signer left out.
 */
static bool
is_cut_short(const struct resolver *resolver)
{
    const struct tscope_resolution *resolution = resolver->resolution;
    const struct tscope_part *part = &resolver->subject->signature->signature;
    size_t due, missing;

    if (resolver->subject->token->serialization != TSCOPE_SERIALIZATION_JWS_COMPACT ||
        (resolution->alg->family != TSCOPE_ALG_RSA_PKCS1 && resolution->alg->family != TSCOPE_ALG_RSA_PSS) ||
        resolution->named_length == 0 || resolution->named_failed > 0)
        return false;
    due = tscope_key_numbers_signature_len(&resolution->named->numbers, resolution->alg);
    missing = part->decoded.len < due ? due - part->decoded.len : 0;
    return missing > 2 || (missing > 0 && (!part->clean || resolver->subject->captured));
}

/* What was signed is not in the evidence. A payload that is not encoded may hold asterisks of its own. */
static bool
has_masked_payload(const tscope_subject *subject)
{
    const struct tscope_part *payload = &subject->token->payload;

    return payload->form.data && !payload->clean && !subject->signature->b64_false && tscope_mask_has_mark(payload->form);
}

/* Under the key that is meant: what a careless check would take for a signature of it. */
static enum tscope_status
look_into_failed(struct resolver *resolver)
{
    struct tscope_resolution *resolution = resolver->resolution;
    tscope_pkey *pkey;
    enum tscope_key_flaw flaw;
    enum tscope_status status;

    if (resolution->status != TSCOPE_STATUS_FAILED || resolution->named_failed == 0 || resolution->alg->family == TSCOPE_ALG_HMAC)
        return TSCOPE_OK;
    status = tscope_keyring_pkey(resolver->inspector->keyring, resolution->named, &pkey, &flaw, resolver->err);
    if (status != TSCOPE_OK || !pkey)
        return status;
    for (size_t i = 0; i < resolver->inputs.len && resolution->lax.kind == TSCOPE_RSA_LAX_NONE; i++) {
        const struct tscope_signing_input_form *form = &resolver->inputs.forms[i];

        status = tscope_rsa_lax_check(resolver->inspector->verifier, pkey, resolution->alg, form->parts, TSCOPE_COUNT(form->parts),
                                      resolver->signature, &resolution->lax, resolver->err);
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_resolve(tscope_inspector *inspector, const tscope_subject *subject, struct tscope_resolution *resolution, struct tscope_error *err)
{
    struct resolver resolver = {.inspector = inspector, .subject = subject, .resolution = resolution, .only_presumed = true, .err = err};
    struct tscope_span alg = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_ALG));
    enum tscope_status status;

    *resolution = (struct tscope_resolution){.alg = alg.data ? tscope_alg_find(alg) : NULL};
    resolution->status = status_without_keys(subject, resolution->alg);
    if (resolution->status != TSCOPE_STATUS_UNVERIFIED || !resolution->alg || !is_jws(subject->token))
        return TSCOPE_OK;
    if (!tscope_signature_raw(subject, resolution->alg, &resolver.signature, &resolution->is_der))
        return tscope_error_no_memory(err);
    status = tscope_signing_inputs_make(&resolver.inputs, inspector, subject, &inspector->payload, err);
    if (status != TSCOPE_OK)
        return status;
    if (subject->token->detached && !subject->signature->b64_false && !resolver.inputs.payload_unknown)
        resolution->detached_form = resolver.inputs.forms[0].parts[2];
    read_names(&resolver);
    resolver.tried = tscope_arena_zeroed(subject->arena, tscope_keyring_count(inspector->keyring) / 8 + 1, 1);
    if (!resolver.tried)
        return tscope_error_no_memory(err);
    status = resolver.inputs.payload_unknown ? try_empty_payload(&resolver) : try_all(&resolver);
    if (status != TSCOPE_OK)
        return status;
    status = tscope_embedded_key_try(inspector, subject, &resolver.inputs, resolver.signature, resolution, err);
    if (status != TSCOPE_OK)
        return status;
    if (resolution->status == TSCOPE_STATUS_VERIFIED) {
        resolution->right = tscope_profile_right(inspector->profile, &subject->issuer, subject->iss, &resolution->standing);
        resolution->right = tscope_profile_right_of_tenant(inspector->profile, inspector->keyring, &subject->issuer, resolution->key,
                                                           subject->then, resolution->right, &resolution->published_for);
        return TSCOPE_OK;
    }
    forget_presumed(&resolver);
    if (!resolution->no_input && is_cut_short(&resolver))
        resolution->status = TSCOPE_STATUS_MISSING;
    else if (has_masked_payload(subject))
        resolution->payload_masked = true;
    else if (resolution->named_failed + resolution->named_length > 0 && resolution->named_unusable == 0 && !resolution->trials_cut)
        resolution->status = TSCOPE_STATUS_FAILED;
    if (resolver.inputs.payload_unknown || resolution->payload_masked)
        return TSCOPE_OK;
    status = look_into_failed(&resolver);
    if (status != TSCOPE_OK)
        return status;
    return tscope_secrets_try(inspector, subject, &resolver.inputs, resolution, err);
}
