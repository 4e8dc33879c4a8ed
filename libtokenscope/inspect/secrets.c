/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/secrets.h"

#include "core/base64url.h"
#include "core/error.h"
#include "core/text.h"
#include "keys/form_secrets.h"

struct trial {
    tscope_inspector *inspector;
    const tscope_subject *subject;
    const struct tscope_signing_inputs *inputs;
    struct tscope_resolution *resolution;
    struct tscope_span signature;
    const tscope_key *key; /* whose forms are tried */
    uint32_t spent;        /* of the limit */
    size_t hashed;         /* bytes that were hashed: a token may be long */
    bool found;
    enum tscope_status status;
    struct tscope_error *err;
};

static bool
is_over(const struct trial *trial)
{
    return trial->found || trial->status != TSCOPE_OK;
}

/* True when there is nothing more to do: found, or failed. */
static bool
try_secret(struct trial *trial, struct tscope_span secret, enum tscope_secret_kind kind)
{
    enum tscope_digest digest = trial->resolution->alg->digest;
    struct tscope_secret_found *found = &trial->resolution->secret;
    uint8_t mac[64];

    found->trials++;
    for (size_t i = 0; i < trial->inputs->len && !is_over(trial); i++) {
        const struct tscope_signing_input_form *form = &trial->inputs->forms[i];

        trial->status =
            tscope_verifier_mac(trial->inspector->verifier, digest, secret, form->parts, TSCOPE_COUNT(form->parts), mac, trial->err);
        trial->hashed += form->parts[0].len + form->parts[1].len + form->parts[2].len;
        if (trial->status != TSCOPE_OK || memcmp(mac, trial->signature.data, trial->signature.len) != 0)
            continue;
        trial->found = true;
        trial->resolution->input = form->input;
        found->kind = kind;
        found->is_short = secret.len < tscope_digest_len(digest);
    }
    return is_over(trial);
}

/* Many settings hold a secret as base64 of its bytes, and libraries differ in whether they decode it: both are tried. */
static bool
try_text(struct trial *trial, struct tscope_span text, enum tscope_secret_kind kind)
{
    size_t bound = tscope_base64url_bound(text.len), len;
    uint8_t *decoded;

    if (try_secret(trial, text, kind) || text.len < 8)
        return is_over(trial);
    decoded = tscope_alloc(bound);
    if (!decoded) {
        trial->status = tscope_error_no_memory(trial->err);
        return true;
    }
    if ((tscope_base64url_decode(text.data, text.len, decoded, &len) || tscope_base64_decode(text.data, text.len, decoded, &len)) &&
        len > 0)
        try_secret(trial, tscope_span_of(decoded, len), kind);
    tscope_wipe(decoded, bound);
    tscope_free(decoded);
    return is_over(trial);
}

static bool
is_sample(const tscope_subject *subject)
{
    for (size_t i = 0; i < tscope_sample_payloads_len; i++) {
        if (tscope_span_is(subject->token->payload.decoded, tscope_sample_payloads[i].payload))
            return true;
    }
    return false;
}

/* A kid that is put into a query can bring the answer along. */
static bool
stands_in_kid(const tscope_subject *subject, struct tscope_span secret)
{
    struct tscope_span kid = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_KID));

    return kid.data && secret.len > 0 && tscope_text_find(kid, secret) != SIZE_MAX;
}

/* What documentation shows before the caller's list: a word that everybody can read is in many lists. */
static void
try_lists(struct trial *trial)
{
    struct tscope_secret_found *found = &trial->resolution->secret;
    struct tscope_secret_walk walk = {0};
    struct tscope_span secret;

    for (size_t i = 0; i < tscope_sample_secrets_len; i++) {
        if (try_text(trial, tscope_span_text(tscope_sample_secrets[i].secret), TSCOPE_SECRET_PUBLISHED)) {
            found->source = tscope_sample_secrets[i].source;
            found->in_kid = stands_in_kid(trial->subject, tscope_span_text(tscope_sample_secrets[i].secret));
            return;
        }
    }
    trial->spent = found->trials;
    while (tscope_keyring_next_secret(trial->inspector->keyring, &walk, &secret)) {
        if (try_text(trial, secret, TSCOPE_SECRET_GIVEN)) {
            found->source = (const char *)walk.source.data;
            found->line = walk.line;
            found->in_kid = stands_in_kid(trial->subject, secret);
            return;
        }
    }
}

/* One form of the key: false when there is nothing more to do. */
static bool
visit_form(void *context, struct tscope_span bytes, const char *what, const char *how)
{
    struct trial *trial = context;
    struct tscope_secret_found *found = &trial->resolution->secret;

    if (trial->spent >= TSCOPE_SECRET_TRIALS_MAX || trial->hashed >= TSCOPE_SECRET_BYTES_MAX) {
        found->cut = true;
        return false;
    }
    trial->spent++;
    if (!try_secret(trial, bytes, TSCOPE_SECRET_PUBLIC_KEY))
        return true;
    found->what = what;
    found->how = how;
    found->public = trial->key;
    return false;
}

/* A history's keys have their usual forms at hand; what a caller gives can be too much to keep. */
static void
try_usual_forms(struct trial *trial)
{
    const struct tscope_form_secrets *forms;

    if (!trial->key->history) {
        if (!tscope_key_forms_walk(trial->key, true, visit_form, trial))
            trial->status = tscope_error_no_memory(trial->err);
        return;
    }
    trial->status = tscope_keyring_form_secrets(trial->inspector->keyring, trial->key, trial->resolution->alg->digest, &forms, trial->err);
    for (size_t i = 0; trial->status == TSCOPE_OK && i < forms->len; i++) {
        const struct tscope_form_secret *form = &forms->secrets[i];

        if (!visit_form(trial, tscope_span_of(form->bytes, form->len), form->what, form->how))
            return;
    }
}

enum { RANK_NAMED, RANK_ISSUER, RANK_GIVEN, RANK_OTHER, RANK_NONE };

/* The key it names, the issuer's, given, any other's: of those only the usual forms, or one token would cost too much. Published
 * samples are left out, as nobody who verifies with one has a secret to lose. */
static unsigned
rank_of(const struct trial *trial, const tscope_key *key)
{
    struct tscope_standing standing = tscope_profile_standing(trial->inspector->profile, trial->inspector->keyring, key);
    struct tscope_span kid = tscope_subject_text(trial->subject, tscope_subject_header(trial->subject, TSCOPE_HEADER_KID));
    bool serves = tscope_profile_serves(trial->inspector->profile, &trial->subject->issuer, &standing, key);

    if (kid.data && key->kid.data && tscope_span_equal(kid, key->kid) && (serves || standing.given))
        return RANK_NAMED;
    if (serves || standing.given)
        return serves ? RANK_ISSUER : RANK_GIVEN;
    return standing.notice && standing.notice->status == TSCOPE_NOTICE_SAMPLE ? RANK_NONE : RANK_OTHER;
}

/* Equal material under another name or certificate has forms of its own, but histories repeat keys whole: once is enough there. */
static bool
is_repeated(const tscope_keyring *keyring, const tscope_key *key)
{
    uint32_t number = tscope_keyring_number(keyring, key), other = key->next_same;
    size_t bound = tscope_keyring_count(keyring);

    while (key->history && other != number && bound-- > 0) {
        const tscope_key *form = tscope_keyring_key(keyring, other);

        if (other < number && form->history)
            return true;
        other = form->next_same;
    }
    return false;
}

static void
try_public_keys(struct trial *trial)
{
    const tscope_keyring *keyring = trial->inspector->keyring;
    size_t count = tscope_keyring_count(keyring);
    uint8_t *ranks = tscope_arena_alloc(trial->subject->arena, count);

    if (!ranks) {
        trial->status = tscope_error_no_memory(trial->err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const tscope_key *key = tscope_keyring_key(keyring, i);

        ranks[i] = key->numbers.type == TSCOPE_KEY_OCT || is_repeated(keyring, key) ? RANK_NONE : (uint8_t)rank_of(trial, key);
    }
    for (unsigned rank = 0; rank < RANK_NONE; rank++) {
        for (size_t i = 0; i < count && !is_over(trial) && !trial->resolution->secret.cut; i++) {
            trial->key = tscope_keyring_key(keyring, i);
            if (ranks[i] != rank)
                continue;
            if (rank == RANK_OTHER)
                try_usual_forms(trial);
            else if (!tscope_key_forms_walk(trial->key, false, visit_form, trial))
                trial->status = tscope_error_no_memory(trial->err);
        }
    }
}

/*
 * What the caller lists, and nobody can guess, is as good as a key that the caller gave. Other secrets show nobody's work: a key
 * that is meant and did not verify still did not.
 */
static void
conclude(struct tscope_resolution *resolution)
{
    bool given = resolution->secret.kind == TSCOPE_SECRET_GIVEN;

    if (resolution->status == TSCOPE_STATUS_FAILED && !given)
        return;
    resolution->status = TSCOPE_STATUS_VERIFIED;
    resolution->found_by = TSCOPE_FOUND_BY_SECRET;
    resolution->right = given && !resolution->secret.is_short ? TSCOPE_RIGHT_ASKED : TSCOPE_RIGHT_UNKNOWN;
}

enum tscope_status
tscope_secrets_try(tscope_inspector *inspector, const tscope_subject *subject, const struct tscope_signing_inputs *inputs,
                   struct tscope_resolution *resolution, struct tscope_error *err)
{
    struct trial trial = {.inspector = inspector, .subject = subject, .inputs = inputs, .resolution = resolution, .err = err};

    trial.signature = subject->signature->signature.decoded;
    if (resolution->alg->family != TSCOPE_ALG_HMAC || trial.signature.len != tscope_digest_len(resolution->alg->digest))
        return TSCOPE_OK;
    if (!inspector->verifier) {
        trial.status = tscope_verifier_new(tscope_keyring_crypto(inspector->keyring), &inspector->verifier, err);
        if (trial.status != TSCOPE_OK)
            return trial.status;
    }
    if (!try_secret(&trial, TSCOPE_SPAN(""), TSCOPE_SECRET_EMPTY))
        try_lists(&trial);
    if (!is_over(&trial))
        try_public_keys(&trial);
    if (trial.status != TSCOPE_OK)
        return trial.status;
    if (!trial.found)
        return TSCOPE_OK;
    resolution->secret.is_sample = is_sample(subject);
    conclude(resolution);
    return TSCOPE_OK;
}
