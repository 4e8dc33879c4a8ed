/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/sd_runs.h"

#include "checks/repeated_names.h"
#include "checks/sd_places.h"
#include "core/base64url.h"
#include "keys/keyring.h"

#define DIGEST_BYTES_MAX 64

/*
 * RFC 9901 section 7.1: each disclosure that is shown has its digest in one place of the payload or of another disclosure, and says
 * what may stand there. Whether that other one is shown too is not asked: a disclosure whose own digest stands nowhere is found by
 * that, so that nothing hangs on it unseen. Digests without a disclosure are what the holder withholds, or decoys.
 */

enum tscope_digest
tscope_sd_digest_of(const tscope_subject *subject)
{
    const struct tscope_token *token = subject->token;
    const struct tscope_value *alg = tscope_json_member(&token->claims, token->claims_root, "_sd_alg");

    if (!alg || tscope_json_string_is(&token->claims, alg, "sha-256"))
        return TSCOPE_DIGEST_SHA256;
    if (tscope_json_string_is(&token->claims, alg, "sha-384"))
        return TSCOPE_DIGEST_SHA384;
    return tscope_json_string_is(&token->claims, alg, "sha-512") ? TSCOPE_DIGEST_SHA512 : TSCOPE_DIGEST_NONE;
}

struct tscope_span
tscope_sd_digest_text(const tscope_subject *subject, enum tscope_digest digest, struct tscope_span text)
{
    struct tscope_buffer encoded = {.arena = subject->arena};
    uint8_t bytes[DIGEST_BYTES_MAX];

    if (tscope_crypto_digest(tscope_keyring_crypto(subject->keyring), digest, &text, 1, bytes, NULL) != TSCOPE_OK)
        return tscope_span_of(NULL, 0);
    tscope_base64url_encode(&encoded, bytes, tscope_digest_len(digest));
    return tscope_buffer_keep(&encoded);
}

/* A disclosure that is shown. */
struct shown {
    const struct tscope_part *part;
    struct tscope_json json;
    struct tscope_span digest;
    const struct tscope_sd_place *place;
    struct tscope_span name; /* of the claim that it makes; data NULL: it makes none */
};

struct judge {
    const tscope_subject *subject;
    struct shown *shown;
    uint32_t shown_len;
    uint32_t left_out; /* of the disclosures */
    bool failed;       /* out of memory */
    struct tscope_sd_places places;
};

/* Its end may be lost: behind the last disclosure no tilde stands. */
static bool
is_cut(const struct tscope_token *token, const struct tscope_part *disclosure)
{
    return disclosure->form.data + disclosure->form.len == token->form.data + token->form.len;
}

/* What was damaged or cut has another digest by that alone. */
static bool
is_whole(const struct tscope_token *token, const struct tscope_part *disclosure)
{
    return disclosure->clean && disclosure->form.len > 0 && !is_cut(token, disclosure);
}

static enum tscope_status
read_shown(struct judge *judge, enum tscope_digest digest)
{
    const struct tscope_token *token = judge->subject->token;
    struct tscope_json *jsons = tscope_arena_zeroed(judge->subject->arena, token->disclosures_len, sizeof(*jsons));

    judge->shown = tscope_arena_zeroed(judge->subject->arena, token->disclosures_len, sizeof(*judge->shown));
    if (!jsons || !judge->shown)
        return TSCOPE_ERR_NO_MEMORY;
    judge->left_out = token->disclosures_total - token->disclosures_len;
    for (uint32_t i = 0; i < token->disclosures_len; i++) {
        const struct tscope_part *part = &token->disclosures[i];
        struct shown *shown = &judge->shown[judge->shown_len];
        enum tscope_status status =
            tscope_json_read(&jsons[i], judge->subject->arena, part->decoded.data, part->decoded.len, TSCOPE_JSON_LIMITS_TOKEN, NULL);

        if (status == TSCOPE_ERR_NO_MEMORY)
            return status;
        if (!is_whole(token, part)) {
            judge->left_out++;
            continue;
        }
        *shown = (struct shown){.part = part, .json = jsons[i]};
        shown->digest = tscope_sd_digest_text(judge->subject, digest, part->form);
        if (!shown->digest.data)
            return TSCOPE_ERR_NO_MEMORY;
        judge->shown_len++;
    }
    return tscope_sd_places_collect(judge->subject, jsons, token->disclosures_len, &judge->places);
}

/* Deeper, or with more values, than is read here: nobody can say what is wrong with it. */
static bool
is_over_limits(const struct tscope_json *json)
{
    for (uint32_t i = 0; i < json->flaws_len; i++) {
        if (json->flaws[i].kind == TSCOPE_JSON_FLAW_TOO_DEEP || json->flaws[i].kind == TSCOPE_JSON_FLAW_TOO_MANY)
            return true;
    }
    return false;
}

/* What many readers take and RFC 8259 does not have is judged in claims, too. */
static bool
is_json(const struct tscope_json *json)
{
    for (uint32_t i = 0; i < json->flaws_len; i++) {
        if (tscope_json_flaw_grade(json->flaws[i].kind) == TSCOPE_JSON_EXTENSION)
            return false;
    }
    return json->readable;
}

static bool
has_member(const struct tscope_json *json, const struct tscope_value *object, struct tscope_span name)
{
    uint32_t hash = tscope_hash32(name.data, name.len);

    for (const struct tscope_value *value = tscope_json_first(json, object); value; value = tscope_json_next(json, value)) {
        if (value->name_hash == hash && tscope_names_equal(json, value, name))
            return true;
    }
    return false;
}

/* RFC 9901 section 7.1, step 3 c ii: a claim of its own name, beside what stands there already. */
static const char *
problem_of_claim(struct judge *judge, struct shown *shown, const struct tscope_value *root)
{
    const struct tscope_value *name = tscope_json_next(&shown->json, tscope_json_first(&shown->json, root));

    if (name->type != TSCOPE_JSON_STRING)
        return "names its claim by something that is no string";
    shown->name = tscope_json_string(&shown->json, name, judge->subject->arena);
    judge->failed |= !shown->name.data;
    if (judge->failed)
        return NULL;
    if (tscope_span_is(shown->name, "_sd") || tscope_span_is(shown->name, "..."))
        return "makes a claim of a name that is kept for digests";
    if (has_member(shown->place->json, shown->place->object, shown->name))
        return "makes a claim that stands beside its digest already, so that it says two things";
    for (const struct shown *other = judge->shown; other < shown; other++) {
        if (other->name.data && other->place->object == shown->place->object && tscope_span_equal(other->name, shown->name))
            return "makes a claim that another disclosure makes in the same place";
    }
    return NULL;
}

/* What a disclosure must not be, though it is signed; NULL: nothing is wrong. */
static const char *
problem_of(struct judge *judge, struct shown *shown)
{
    const struct tscope_value *root = tscope_json_root(&shown->json);
    bool makes_claim = shown->place->object != NULL;

    if (!is_json(&shown->json))
        return "is no JSON";
    if (root->type != TSCOPE_JSON_ARRAY)
        return "is no array";
    if (root->count != (makes_claim ? 3 : 2))
        return makes_claim ? "has not three elements, and its digest stands for a claim"
                           : "has not two elements, and its digest stands in an array";
    return makes_claim ? problem_of_claim(judge, shown, root) : NULL;
}

/* The first that is wrong, or whose digest nobody signed. */
static const struct shown *
find_wrong(struct judge *judge, const char **ret_problem)
{
    for (uint32_t i = 0; i < judge->shown_len; i++) {
        judge->shown[i].place = tscope_sd_places_find(&judge->places, judge->shown[i].digest);
        *ret_problem = "has a digest that stands nowhere in what the issuer signed: nobody vouches for what it says";
        if (!judge->shown[i].place)
            return &judge->shown[i];
    }
    for (uint32_t i = 0; i < judge->shown_len; i++) {
        if (is_over_limits(&judge->shown[i].json)) {
            judge->left_out++;
            continue;
        }
        *ret_problem = problem_of(judge, &judge->shown[i]);
        if (*ret_problem)
            return &judge->shown[i];
    }
    return NULL;
}

static bool
is_shown_twice(const struct judge *judge)
{
    for (uint32_t i = 1; i < judge->shown_len; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (tscope_span_equal(judge->shown[i].digest, judge->shown[j].digest))
                return true;
        }
    }
    return false;
}

static enum tscope_status
judge_disclosures(const struct tscope_check *check, const tscope_subject *subject, enum tscope_digest digest, tscope_findings *findings)
{
    struct judge judge = {.subject = subject};
    const struct shown *wrong;
    const char *problem = NULL;
    enum tscope_status status = read_shown(&judge, digest);

    if (status != TSCOPE_OK)
        return status;
    if (is_shown_twice(&judge))
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN), "one disclosure is shown twice");
    if (tscope_sd_places_repeat(&judge.places))
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_PAYLOAD),
                                   "one digest stands in two places, so that a disclosure could be put into either");
    wrong = find_wrong(&judge, &problem);
    if (judge.failed)
        return TSCOPE_ERR_NO_MEMORY;
    if (wrong)
        return tscope_findings_add(findings, check,
                                   tscope_evidence_text(subject, TSCOPE_PART_DISCLOSURE, wrong->part->offset, wrong->part->len),
                                   "disclosure %u %s", (unsigned)(wrong->part - subject->token->disclosures) + 1, problem);
    if (judge.left_out > 0)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                       "%u of the disclosures are cut or damaged, or more than are looked at", judge.left_out);
    return TSCOPE_OK;
}

enum tscope_status
tscope_sd_run_disclosure(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_token *token = subject->token;
    enum tscope_digest digest;

    if (token->shown_elsewhere)
        return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_TOKEN),
                                   "what is disclosed stands in another unprotected header than the first, too (RFC 9901 section 8.3)");
    if (token->disclosures_total == 0)
        return TSCOPE_OK;
    if (!token->payload.clean || !token->claims_root || !token->claims.readable || subject->resolution->payload_masked)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_MASKED, TSCOPE_CHANGES_VERDICT,
                                       "the payload, with the digests of what may be disclosed, is not whole or was masked");
    digest = tscope_sd_digest_of(subject);
    if (digest == TSCOPE_DIGEST_NONE)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                       "_sd_alg names a digest that is not known here");
    return judge_disclosures(check, subject, digest, findings);
}
