/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/clm_runs.h"

#include "checks/holder.h"
#include "core/base64url.h"
#include "core/text.h"
#include "keys/keyring.h"
#include "token/companion.h"

/* Claims whose form or value follows from what the token is: lifetime, audience, digests of what came with it. */

#define DAY 86400
#define YEAR (366 * DAY)
#define DIGEST_MAX 64
#define SLACK 600

/* ---- lifetime */

/* Seconds that such a token should live at most, where a standard or good sense says so. */
static int64_t
life_max(enum tscope_token_kind kind, const char **ret_words)
{
    switch (kind) {
    case TSCOPE_KIND_CLIENT_ASSERTION:
        *ret_words = "a client's assertion, which is made for one request";
        return DAY;
    case TSCOPE_KIND_LOGOUT:
        *ret_words = "a logout token, which is made for one request";
        return DAY;
    case TSCOPE_KIND_OIDC_ID:
    case TSCOPE_KIND_AT_JWT:
    case TSCOPE_KIND_OAUTH_ACCESS:
    case TSCOPE_KIND_JWT:
        *ret_words = "a token that whoever finds it can use";
        return YEAR;
    default:
        return 0;
    }
}

/* The issuer's own key stands behind it, so that this is the issuer's way of writing it. */
static bool
is_issuers_own(const tscope_subject *subject)
{
    return subject->resolution->status == TSCOPE_STATUS_VERIFIED && subject->resolution->right == TSCOPE_RIGHT_YES &&
           !subject->resolution->standing.notice;
}

/* What the provider says of the lives of its tokens; ten minutes more, since some date theirs back. */
static enum tscope_status
judge_band(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_profile_issuer *row = subject->issuer.row;
    struct tscope_evidence evidence[2];
    char text[TSCOPE_TIME_TEXT_MAX];
    bool own = is_issuers_own(subject);
    int64_t life;

    if (!tscope_subject_is_jwt(subject) || subject->exp == TSCOPE_TIME_NONE || subject->iat == TSCOPE_TIME_NONE ||
        subject->exp <= subject->iat)
        return TSCOPE_OK;
    life = subject->exp - subject->iat;
    if (life <= row->life_max + SLACK)
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_claim(subject, TSCOPE_CLAIM_EXP);
    evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_IAT);
    tscope_time_format_span(life, text);
    return tscope_findings_add_graded(findings, check, own ? TSCOPE_SEVERITY_INFO : TSCOPE_SEVERITY_MEDIUM,
                                      own ? TSCOPE_PROVES_NOTE : TSCOPE_PROVES_ANOMALY, evidence, TSCOPE_COUNT(evidence),
                                      "it lives for %s: longer than any token that %s says it makes%s", text,
                                      tscope_words_of_issuer(subject), own ? "; its own key signed it so" : "");
}

enum tscope_status
tscope_clm_run_life(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_evidence evidence[2];
    const char *words = "";
    int64_t max, life;

    if (subject->issuer.row && (subject->issuer.row->version || subject->issuer.row->life_max))
        return subject->issuer.row->version ? TSCOPE_OK : judge_band(check, subject, findings);
    if (subject->exp == TSCOPE_TIME_NONE || subject->iat == TSCOPE_TIME_NONE || subject->exp <= subject->iat)
        return TSCOPE_OK;
    max = life_max(subject->token->kind, &words);
    life = subject->exp - subject->iat;
    if (max == 0 || life <= max)
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_claim(subject, TSCOPE_CLAIM_EXP);
    evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_IAT);
    return tscope_findings_add_graded(findings, check, max == YEAR ? TSCOPE_SEVERITY_LOW : TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY,
                                      evidence, 2, "it lives %lld days: %s", (long long)(life / DAY), words);
}

/* ---- audience */

static bool
holds_other_than_text(struct tscope_member audience)
{
    for (const struct tscope_value *one = tscope_json_first(audience.json, audience.value); one;
         one = tscope_json_next(audience.json, one)) {
        if (one->type != TSCOPE_JSON_STRING)
            return true;
    }
    return false;
}

static const char *
wrong_audience(const tscope_subject *subject, struct tscope_member audience)
{
    struct tscope_span text;
    uint8_t guid[16];

    switch (subject->token->kind) {
    case TSCOPE_KIND_ENTRA_ACCESS_V2:
    case TSCOPE_KIND_ENTRA_ID_V2:
    case TSCOPE_KIND_ENTRA_ACCESS_V1:
    case TSCOPE_KIND_ENTRA_ID_V1:
        break;
    default:
        return NULL;
    }
    if (audience.value->type == TSCOPE_JSON_ARRAY)
        return "aud is an array, and Microsoft's tokens are for one audience each";
    text = tscope_subject_text(subject, audience);
    if (subject->token->kind != TSCOPE_KIND_ENTRA_ACCESS_V2 || !text.data || tscope_text_is_guid(text, guid))
        return NULL;
    return "aud is no GUID, and tokens of version 2 name the application by its id alone";
}

enum tscope_status
tscope_clm_run_audience_form(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member audience = tscope_subject_claim(subject, TSCOPE_CLAIM_AUD);
    struct tscope_evidence evidence;
    const char *wrong = NULL;
    bool is_text;

    if (!audience.value || (audience.value->flags & TSCOPE_VALUE_OPEN) || !tscope_subject_is_jwt(subject))
        return TSCOPE_OK;
    is_text = audience.value->type == TSCOPE_JSON_STRING || (audience.value->type == TSCOPE_JSON_ARRAY && !holds_other_than_text(audience));
    wrong = is_text ? wrong_audience(subject, audience) : NULL;
    if (is_text && !wrong)
        return TSCOPE_OK;
    evidence = tscope_evidence_member(subject, audience);
    if (!is_text)
        return tscope_findings_add(findings, check, evidence, "aud is neither a string nor an array of strings (RFC 7519 section 4.1.3)");
    if (is_issuers_own(subject))
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, &evidence, 1,
                                          "%s; the issuer's own key signed it so", wrong);
    return tscope_findings_add(findings, check, evidence, "%s", wrong);
}

/* ---- digests of what came with it */

/* Base64url of the left half of a digest (OpenID Connect Core 1.0 section 3.1.3.6), or of all of it (RFC 9449 section 4.2). */
static enum tscope_status
digest_text(const tscope_subject *subject, enum tscope_digest digest, struct tscope_span of, bool half, struct tscope_buffer *text)
{
    uint8_t bytes[DIGEST_MAX];
    size_t len = tscope_digest_len(digest);
    enum tscope_status status = tscope_crypto_digest(tscope_keyring_crypto(subject->keyring), digest, &of, 1, bytes, NULL);

    if (status != TSCOPE_OK)
        return status;
    tscope_base64url_encode(text, bytes, half ? len / 2 : len);
    return text->failed ? TSCOPE_ERR_NO_MEMORY : TSCOPE_OK;
}

struct companion {
    enum tscope_claim claim;
    struct tscope_span text;
    const char *words;
    bool half;
};

/* The digest is another one. Of what was masked or cut it is so by that alone, and who keeps tokens may have renewed one of the two. */
static enum tscope_status
say_other_digest(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings,
                 const struct companion *companion)
{
    struct tscope_evidence evidence = tscope_evidence_member(subject, tscope_subject_claim(subject, companion->claim));
    const char *claim = tscope_claim_name(companion->claim);
    enum tscope_companion_state state;
    enum tscope_status status = tscope_companion_state_of(companion->text, subject->arena, &state, NULL);

    if (status != TSCOPE_OK)
        return status;
    if (state == TSCOPE_COMPANION_MASKED)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_MASKED, TSCOPE_CHANGES_VERDICT,
                                       "the %s that %s is to be the digest of is masked", companion->words, claim);
    if (state == TSCOPE_COMPANION_CUT)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_SIGNATURE_MISSING, TSCOPE_CHANGES_VERDICT,
                                       "the %s that %s is to be the digest of is not whole in the evidence", companion->words, claim);
    if (subject->token->with_store)
        return tscope_findings_add_graded(
            findings, check, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY, &evidence, 1,
            "%s is not the digest of the %s that a client keeps with it: one of the two may have been renewed "
            "since",
            claim, companion->words);
    return tscope_findings_add(findings, check, evidence, "%s is not the digest of the %s that came with it: they were not issued together",
                               claim, companion->words);
}

static enum tscope_status
compare_digest(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings,
               const struct companion *companion, enum tscope_digest digest)
{
    struct tscope_member member = tscope_subject_claim(subject, companion->claim);
    struct tscope_span said = tscope_subject_text(subject, member);
    struct tscope_buffer due = {.arena = subject->arena};
    enum tscope_status status;

    if (!said.data)
        return TSCOPE_OK;
    while (said.len > 0 && said.data[said.len - 1] == '=')
        said.len--;
    status = digest_text(subject, digest, companion->text, companion->half, &due);
    if (status != TSCOPE_OK || tscope_span_equal(said, tscope_span_of(due.data, due.len)))
        return status;
    return say_other_digest(check, subject, findings, companion);
}

enum tscope_status
tscope_clm_run_hash(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_token *token = subject->token;
    const struct companion companions[] = {
        {TSCOPE_CLAIM_AT_HASH, token->with_access, "access token", true},
        {TSCOPE_CLAIM_C_HASH, token->with_code, "code", true},
        {TSCOPE_CLAIM_ATH, token->with_access, "access token", false},
    };

    const size_t found_before = findings->found_len;

    if (!token->with_access.data && !token->with_code.data)
        return TSCOPE_OK;
    for (size_t i = 0; i < TSCOPE_COUNT(companions); i++) {
        const struct tscope_alg *alg = subject->resolution->alg;
        enum tscope_digest digest = companions[i].half && alg ? alg->digest : TSCOPE_DIGEST_SHA256;
        enum tscope_status status;

        if (!companions[i].text.data || !tscope_subject_claim(subject, companions[i].claim).value)
            continue;
        if (digest == TSCOPE_DIGEST_NONE)
            status = tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                             "the algorithm of the token fixes no digest for %s", tscope_claim_name(companions[i].claim));
        else
            status = compare_digest(check, subject, findings, &companions[i], digest);
        if (status != TSCOPE_OK || findings->found_len > found_before)
            return status;
    }
    return TSCOPE_OK;
}
