/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/clm_runs.h"
#include "checks/holder.h"
#include "core/text.h"
#include "token/kind.h"

/* iss and aud: held against the policy that was asked for, and else only looked at. */

#define ISSUER_MAX 2048 /* longer ones are compared as they are, and not rewritten */

bool
tscope_clm_may_miss(const tscope_subject *subject)
{
    static const enum tscope_claim registered[] = {TSCOPE_CLAIM_ISS, TSCOPE_CLAIM_SUB, TSCOPE_CLAIM_AUD, TSCOPE_CLAIM_EXP,
                                                   TSCOPE_CLAIM_NBF, TSCOPE_CLAIM_IAT, TSCOPE_CLAIM_JTI};
    struct tscope_span typ;

    if (!tscope_subject_is_jwt(subject) || subject->token->kind == TSCOPE_KIND_SD_JWT)
        return false; /* whom an SD-JWT is shown to, and for how long, is said elsewhere */
    for (size_t i = 0; i < TSCOPE_COUNT(registered); i++) {
        if (tscope_subject_claim(subject, registered[i]).value)
            return true;
    }
    typ = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_TYP));
    return typ.data && tscope_text_ends_with_fold(typ, TSCOPE_SPAN("jwt"));
}

/* Claims that a reader of this evidence cannot see may say anything: encrypted, detached, or cut off. */
static const char *
why_hidden(const tscope_subject *subject)
{
    const struct tscope_token *token = subject->token;

    if (tscope_subject_is_jwe(subject))
        return "the claims are encrypted";
    if (token->serialization == TSCOPE_SERIALIZATION_OPAQUE)
        return "the token shows no claims";
    if (subject->resolution->no_input)
        return "the payload is detached and not in the evidence";
    if (!token->claims.readable && subject->resolution->payload_masked)
        return "the payload is masked";
    if (!token->claims.readable && subject->resolution->status == TSCOPE_STATUS_MISSING)
        return "the claims are cut off";
    return NULL;
}

static enum tscope_status
say_hidden(tscope_findings *findings, const struct tscope_check *check, const char *why)
{
    return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                   "%s, so the policy asked for cannot be held against them", why);
}

/* What the issuer text says of a tenant where the profile does not know it: "GUID@TENANT", a B2C path. */
static bool
issuer_names(struct tscope_span iss, struct tscope_span tenant)
{
    bool consumer;
    enum tscope_issuer_shape shape = tscope_issuer_shape_of(iss, &consumer);
    struct tscope_span end;

    if (shape == TSCOPE_ISSUER_SERVICE) {
        end = tscope_span_of(iss.data + 37, iss.len - 37); /* behind the first GUID and its '@' */
        return tscope_text_equal_fold(end, tenant);
    }
    for (size_t i = 0; shape == TSCOPE_ISSUER_B2C && tscope_text_is_guid(tenant, NULL) && i + tenant.len < iss.len; i++) {
        if (iss.data[i] == '/' && tscope_text_equal_fold(tscope_span_of(iss.data + i + 1, tenant.len), tenant))
            return true;
    }
    return false;
}

/* Whatever names a tenant must name this one, and something must. */
static bool
is_of_tenant(const tscope_subject *subject, struct tscope_span tenant)
{
    bool has_tid = tscope_subject_claim(subject, TSCOPE_CLAIM_TID).value;

    if (has_tid && !(subject->tid.data && tscope_text_equal_fold(subject->tid, tenant)))
        return false;
    if (subject->issuer.tenant.data && !tscope_text_equal_fold(subject->issuer.tenant, tenant))
        return false;
    return has_tid || subject->issuer.tenant.data || (subject->iss.data && issuer_names(subject->iss, tenant));
}

static bool
is_issuer(const tscope_subject *subject, struct tscope_span asked)
{
    struct tscope_span tenant;

    return subject->iss.data && tscope_profile_pattern_matches(asked, subject->iss, &tenant);
}

enum tscope_status
tscope_clm_run_issuer(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_span issuer = subject->policy.issuer, tenant = subject->policy.tenant;
    struct tscope_evidence evidence[2];
    bool wrong_issuer = issuer.data && !is_issuer(subject, issuer), wrong_tenant = tenant.data && !is_of_tenant(subject, tenant);
    const char *hidden = why_hidden(subject), *said;

    if (!wrong_issuer && !wrong_tenant)
        return TSCOPE_OK;
    if (hidden)
        return say_hidden(findings, check, hidden);
    evidence[0] = tscope_evidence_claim(subject, TSCOPE_CLAIM_ISS);
    evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_TID);
    said = subject->iss.data ? tscope_subject_quote(subject, subject->iss) : "no text";
    if (wrong_issuer)
        return tscope_findings_add_graded(findings, check, check->severity, check->proves, evidence, 1,
                                          "iss is %s, and the issuer asked for is %s", said, tscope_subject_quote(subject, issuer));
    return tscope_findings_add_graded(findings, check, check->severity, check->proves, evidence, TSCOPE_COUNT(evidence),
                                      "iss is %s and tid %s, and the tenant asked for is %s", said,
                                      subject->tid.data ? tscope_subject_quote(subject, subject->tid) : "no text",
                                      tscope_subject_quote(subject, tenant));
}

static struct tscope_span
without_slash(struct tscope_span text)
{
    return tscope_span_of(text.data, text.len > 0 && text.data[text.len - 1] == '/' ? text.len - 1 : text.len);
}

/* How lax comparisons have taken one issuer for another. */
static const char *
near_policy(struct tscope_span iss, struct tscope_span asked)
{
    if (iss.len == 0 || tscope_span_equal(iss, asked))
        return NULL;
    if (tscope_text_equal_fold(iss, asked))
        return "it differs from the issuer asked for in the case of letters alone";
    if (tscope_text_equal_fold(without_slash(iss), without_slash(asked)))
        return "it differs from the issuer asked for in a slash at the end";
    if (tscope_text_starts_with_fold(iss, asked))
        return "it only begins like the issuer asked for";
    if (tscope_text_find(iss, asked) != SIZE_MAX)
        return "the issuer asked for stands inside it";
    if (tscope_text_find(asked, iss) != SIZE_MAX)
        return "it is a part of the issuer asked for";
    return NULL;
}

/* A form that any host may use is nobody's in particular. */
static bool
is_known_issuer(const tscope_subject *subject, struct tscope_span text)
{
    struct tscope_issuer issuer = tscope_profile_issuer_of(subject->profile, subject->keyring, text);

    return issuer.family.data && !issuer.host.data;
}

/* The text in lower case, and with a slash more or less at the end: would that be an issuer somebody knows? */
static const char *
near_by_slash_or_case(const tscope_subject *subject, struct tscope_span iss)
{
    uint8_t *text;
    struct tscope_span folded, slashed;

    if (iss.len == 0 || iss.len > ISSUER_MAX || subject->token->kind == TSCOPE_KIND_B2C)
        return NULL; /* B2C tenants of old have the common host, and a slash at the end */
    text = tscope_arena_alloc(subject->arena, iss.len + 1);
    if (!text)
        return NULL;
    memcpy(text, iss.data, iss.len);
    text[iss.len] = '/';
    slashed = text[iss.len - 1] == '/' ? tscope_span_of(text, iss.len - 1) : tscope_span_of(text, iss.len + 1);
    folded = tscope_span_of(text, iss.len);
    if (is_known_issuer(subject, slashed))
        return "it differs from a known issuer in a slash at the end";
    for (size_t i = 0; i < iss.len; i++)
        text[i] = (uint8_t)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + ('a' - 'A') : text[i]);
    return is_known_issuer(subject, folded) || is_known_issuer(subject, slashed) ? "it differs from a known issuer in the case of letters"
                                                                                 : NULL;
}

static const char *
near_known(const tscope_subject *subject)
{
    const struct tscope_profile_issuer *row;
    const char *why;

    if (subject->issuer.row && subject->issuer.row->tenant.data &&
        !memchr(subject->issuer.row->pattern.data, '{', subject->issuer.row->pattern.len) &&
        !tscope_span_equal(subject->issuer.row->pattern, subject->iss))
        return "it differs from a known issuer in the case of letters";
    if (subject->issuer.row || subject->issuer.family.data)
        return NULL;
    why = tscope_profile_near_miss(subject->profile, subject->iss, &row);
    return why ? why : near_by_slash_or_case(subject, subject->iss);
}

/* Whoever published the key that verifies says that it signs for this very issuer: it is one, whatever it looks like. */
static bool
is_named_by_key(const tscope_subject *subject)
{
    return subject->resolution->status == TSCOPE_STATUS_VERIFIED && subject->resolution->standing.issuer.data &&
           tscope_span_equal(subject->resolution->standing.issuer, subject->iss);
}

enum tscope_status
tscope_clm_run_issuer_part(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member iss = tscope_subject_claim(subject, TSCOPE_CLAIM_ISS);
    const char *why = NULL;

    if (!tscope_subject_carries_claims(subject) || !iss.value)
        return TSCOPE_OK;
    if (iss.value->type == TSCOPE_JSON_ARRAY)
        return tscope_findings_add(findings, check, tscope_evidence_member(subject, iss),
                                   "iss is an array: a verifier that looks for its issuer in it finds whatever else stands there too");
    if (!subject->iss.data)
        return TSCOPE_OK;
    if (subject->policy.issuer.data && !is_issuer(subject, subject->policy.issuer))
        why = near_policy(subject->iss, subject->policy.issuer);
    if (!why && !is_named_by_key(subject))
        why = near_known(subject);
    if (!why)
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_member(subject, iss), "the issuer %s is not what it looks like: %s",
                               tscope_subject_quote(subject, subject->iss), why);
}

/* What an aud holds. */
struct audience {
    bool holds;    /* the one asked for */
    bool wildcard; /* and nothing narrower */
    size_t texts;  /* strings that are not empty */
    bool other;    /* something that is no string */
};

static void
hear_audience(const tscope_subject *subject, struct tscope_member aud, const struct tscope_value *value, struct audience *audience)
{
    struct tscope_span text, asked = subject->policy.audience;

    if (value->type != TSCOPE_JSON_STRING) {
        audience->other = true;
        return;
    }
    text = tscope_json_string(aud.json, value, subject->arena);
    if (!text.data || text.len == 0)
        return;
    audience->texts++;
    audience->holds |= asked.data && tscope_span_equal(text, asked);
    audience->wildcard |= memchr(text.data, '*', text.len) != NULL;
}

static struct audience
read_audience(const tscope_subject *subject, struct tscope_member aud)
{
    struct audience audience = {0};

    if (!aud.value)
        return audience;
    if (aud.value->type != TSCOPE_JSON_ARRAY) {
        hear_audience(subject, aud, aud.value, &audience);
        return audience;
    }
    for (const struct tscope_value *one = tscope_json_first(aud.json, aud.value); one; one = tscope_json_next(aud.json, one))
        hear_audience(subject, aud, one, &audience);
    return audience;
}

static const char *
words_of_audience(struct tscope_member aud, const struct audience *audience)
{
    if (!aud.value)
        return "there is no aud";
    if (audience->other)
        return "aud is no string and no array of strings";
    if (audience->texts == 0)
        return "aud is empty";
    return audience->wildcard ? "aud is a wildcard" : NULL;
}

enum tscope_status
tscope_clm_run_audience(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member aud = tscope_subject_claim(subject, TSCOPE_CLAIM_AUD);
    struct audience audience = read_audience(subject, aud);
    struct tscope_evidence evidence;
    const char *words = words_of_audience(aud, &audience), *hidden = why_hidden(subject);
    struct tscope_span asked = subject->policy.audience;

    if (audience.holds || (!asked.data && !words))
        return TSCOPE_OK;
    evidence = tscope_evidence_member(subject, aud);
    if (asked.data && hidden)
        return say_hidden(findings, check, hidden);
    if (asked.data)
        return tscope_findings_add(findings, check, evidence, "%s, and the audience asked for is %s",
                                   words ? words : "aud names another recipient", tscope_subject_quote(subject, asked));
    if (hidden || !tscope_clm_may_miss(subject))
        return TSCOPE_OK;
    return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, &evidence, 1,
                                      "%s: nothing says for whom the token was made", words);
}
