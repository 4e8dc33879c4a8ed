/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/compromise.h"
#include "checks/holder.h"
#include "checks/key_runs.h"
#include "core/text.h"
#include "token/kind.h"

/* Microsoft's own rules: whose key may sign for whom, the key of Storm-0558, tenants, header nonces, clouds, lifetimes. */

#define STORM_MONTHS_FROM 1680307200 /* 2023-04-01 */
#define STORM_MONTHS_TO 1690848000   /* 2023-08-01, not included */

static enum tscope_status
run_storm(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_evidence evidence[3];
    struct tscope_compromise compromise;

    if (!tscope_compromise_is_storm0558(subject) || !tscope_compromise_of(subject, &compromise))
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_header(subject, TSCOPE_HEADER_KID);
    evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_TID);
    evidence[2] = tscope_evidence_claim(subject, TSCOPE_CLAIM_IAT);
    return tscope_findings_add_graded(findings, check, compromise.severity, compromise.proves, evidence, TSCOPE_COUNT(evidence),
                                      "the signature holds under %s, the signing key that Storm-0558 acquired, %s (notice: %s)",
                                      tscope_holder_words(subject), compromise.words, compromise.reference);
}

static bool
names_storm_key(struct tscope_span name)
{
    return name.data && (tscope_span_is(name, TSCOPE_STORM0558_KID) || tscope_text_equal_fold(name, TSCOPE_SPAN(TSCOPE_STORM0558_SHA1)));
}

/* tid says so, or without one the tenant of the issuer. */
static bool
is_of_enterprise(const tscope_subject *subject)
{
    struct tscope_span family = subject->issuer.family;

    if (subject->tid.data)
        return tscope_holder_names_enterprise(subject);
    return family.data && tscope_span_is(family, TSCOPE_FAMILY_ENTERPRISE);
}

static bool
is_of_storm_months(const tscope_subject *subject)
{
    return subject->then_from != TSCOPE_THEN_EXP && subject->then >= STORM_MONTHS_FROM && subject->then < STORM_MONTHS_TO;
}

static enum tscope_status
run_storm_kid(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member kid = tscope_subject_header(subject, TSCOPE_HEADER_KID);
    struct tscope_member x5t = tscope_subject_header(subject, TSCOPE_HEADER_X5T);
    bool by_kid = names_storm_key(tscope_subject_text(subject, kid));
    struct tscope_evidence evidence;

    if ((!by_kid && !names_storm_key(tscope_subject_text(subject, x5t))) || tscope_compromise_is_storm0558(subject))
        return TSCOPE_OK;
    evidence = tscope_evidence_member(subject, by_kid ? kid : x5t);
    if (subject->resolution->status == TSCOPE_STATUS_MISSING && is_of_enterprise(subject) && is_of_storm_months(subject))
        return tscope_findings_add(findings, check, evidence,
                                   "an enterprise tenant's token of %s names the key that Storm-0558 acquired, and its signature is not in "
                                   "the evidence: look for another copy of the token, and for what was done with it",
                                   tscope_subject_time(subject, subject->then));
    return tscope_findings_add_graded(
        findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, &evidence, 1,
        "the token names the key that Storm-0558 acquired, and %s: a name is text, and samples carry this one",
        subject->resolution->status == TSCOPE_STATUS_FAILED     ? "the signature fails under it"
        : subject->resolution->status == TSCOPE_STATUS_VERIFIED ? "another key signed it"
                                                                : "nothing shows that it signed this");
}

/* One finding for a key of one family on the token of another. */
static enum tscope_status
find_family(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, const char *claim, const char *why)
{
    bool proven = tscope_holder_is_proven(subject);
    struct tscope_evidence evidence[3] = {tscope_evidence_claim(subject, TSCOPE_CLAIM_ISS),
                                          tscope_evidence_claim(subject, TSCOPE_CLAIM_TID),
                                          tscope_evidence_header(subject, TSCOPE_HEADER_KID)};

    return tscope_findings_add_graded(findings, check, proven ? check->severity : TSCOPE_SEVERITY_HIGH,
                                      proven ? check->proves : TSCOPE_PROVES_ANOMALY, evidence, TSCOPE_COUNT(evidence),
                                      "%sthe signature holds under %s, %s; %s", claim, tscope_holder_words(subject),
                                      tscope_holder_grounds(subject), why);
}

static enum tscope_status
run_consumer_key(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_span tenant = subject->tid.data ? subject->tid : subject->issuer.tenant;

    if (!tscope_holder_is_consumer_on_enterprise(subject))
        return TSCOPE_OK;
    return find_family(check, subject, findings, "not signed with a key published for this issuer: ",
                       tenant.data ? tscope_words(subject, "the token is that of the enterprise tenant %s under the issuer %s",
                                                  tscope_subject_quote(subject, tenant), tscope_words_of_iss(subject))
                                   : tscope_words(subject, "the issuer %s is an enterprise tenant's", tscope_words_of_iss(subject)));
}

static enum tscope_status
run_enterprise_key(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_span family = subject->issuer.family;

    if (!tscope_holder_is_family(subject, TSCOPE_FAMILY_ENTERPRISE))
        return TSCOPE_OK;
    if (family.data ? !tscope_span_is(family, TSCOPE_FAMILY_CONSUMER) : !tscope_subject_is_consumer(subject))
        return TSCOPE_OK;
    return find_family(check, subject, findings, "",
                       "the token is one of the tenant of Microsoft accounts; validators that follow the published rule let it pass");
}

static enum tscope_status
say_no_tid(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (!subject->token->claims.readable)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                       "the claims are cut off, and what is left of them has no tid");
    return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_NOTHING,
                                   "the token has no tid to compare with its issuer");
}

/* Some of Microsoft's services name no tenant in a claim of its own. */
static bool
is_without_tid_by_design(const tscope_subject *subject)
{
    switch (subject->issuer_shape) {
    case TSCOPE_ISSUER_B2C:
    case TSCOPE_ISSUER_ADFS:
    case TSCOPE_ISSUER_SERVICE:
        return true;
    case TSCOPE_ISSUER_OTHER:
    case TSCOPE_ISSUER_ENTRA_V1:
    case TSCOPE_ISSUER_ENTRA_V2:
    case TSCOPE_ISSUER_BOTFRAMEWORK:
        return false;
    }
    return false;
}

/* The row's tokens name their tenant in iss. */
static bool
names_tenant(const struct tscope_issuer *issuer)
{
    return issuer->row && issuer->row->version &&
           (issuer->tenant.data || tscope_text_find(issuer->row->pattern, TSCOPE_SPAN("{tenantid}")) != SIZE_MAX);
}

static enum tscope_status
run_tid_issuer(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_member tid = tscope_subject_claim(subject, TSCOPE_CLAIM_TID);
    struct tscope_evidence evidence[2];

    if (!tscope_subject_is_jwt(subject) || !subject->iss.data)
        return TSCOPE_OK;
    if (!names_tenant(&subject->issuer))
        return !tid.value && is_without_tid_by_design(subject) ? say_no_tid(check, subject, findings) : TSCOPE_OK;
    if (!tid.value)
        return say_no_tid(check, subject, findings);
    if (subject->tid.data && subject->issuer.tenant.data && tscope_text_equal_fold(subject->tid, subject->issuer.tenant))
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_member(subject, tid);
    evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_ISS);
    return tscope_findings_add_graded(
        findings, check, check->severity, check->proves, evidence, TSCOPE_COUNT(evidence), "tid is %s, and the tenant in iss is %s",
        subject->tid.data ? tscope_subject_quote(subject, subject->tid) : "no string",
        subject->issuer.tenant.data ? tscope_subject_quote(subject, subject->issuer.tenant) : "not filled in");
}

static enum tscope_status
run_nonce(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (subject->resolution->status != TSCOPE_STATUS_VERIFIED || subject->resolution->input != TSCOPE_INPUT_NONCE_HASHED)
        return TSCOPE_OK;
    return tscope_findings_add(
        findings, check, tscope_evidence_header(subject, TSCOPE_HEADER_NONCE),
        "the signature does not hold over the header as sent, but over the same header with the SHA-256 of its nonce "
        "in place of the nonce: the recipient was to do so first");
}

static enum tscope_status
run_cloud(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_profile_issuer *row = subject->issuer.row;
    const struct tscope_standing *standing = &subject->resolution->standing;
    struct tscope_evidence evidence[2];
    enum tscope_right right = subject->resolution->right;

    if (!tscope_holder_is_known(subject) || !row || (right != TSCOPE_RIGHT_CLOUD && right != TSCOPE_RIGHT_YES) ||
        standing->cloud == TSCOPE_CLOUD_UNKNOWN || standing->cloud == row->cloud)
        return TSCOPE_OK;
    if (row->version != 2 || row->cloud_shared)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_NOTHING,
                                       "the key is of the cloud %s, and the issuer of version 1 does not say which cloud it is of",
                                       tscope_cloud_name(standing->cloud));
    evidence[0] = tscope_evidence_claim(subject, TSCOPE_CLAIM_ISS);
    evidence[1] = tscope_evidence_header(subject, TSCOPE_HEADER_KID);
    return tscope_findings_add_graded(findings, check, check->severity, check->proves, evidence, TSCOPE_COUNT(evidence),
                                      "%s is one of the cloud %s, and the issuer %s of the cloud %s; %s", tscope_holder_words(subject),
                                      tscope_cloud_name(standing->cloud), tscope_words_of_iss(subject), tscope_cloud_name(row->cloud),
                                      tscope_holder_grounds(subject));
}

static enum tscope_status
run_life(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_profile_issuer *row = subject->issuer.row;
    struct tscope_evidence evidence[2];
    char text[TSCOPE_TIME_TEXT_MAX];
    int64_t life;

    if (!tscope_subject_is_jwt(subject) || !row || !row->version || row->life_max == 0 || subject->iat == TSCOPE_TIME_NONE ||
        subject->exp == TSCOPE_TIME_NONE)
        return TSCOPE_OK;
    life = subject->exp - subject->iat;
    if (life <= 0 || (life >= row->life_min && life <= row->life_max))
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_claim(subject, TSCOPE_CLAIM_EXP);
    evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_IAT);
    tscope_time_format_span(life, text);
    if (life > row->life_max)
        return tscope_findings_add_graded(findings, check, check->severity, check->proves, evidence, TSCOPE_COUNT(evidence),
                                          "it lives for %s: longer than any token that this issuer is known to make", text);
    return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_LOW, check->proves, evidence, TSCOPE_COUNT(evidence),
                                      "it lives for %s: shorter than any token that this issuer is known to make", text);
}

static const struct tscope_check ms_checks[] = {
    {
        .id = "MS-STORM0558",
        .title = "signed with the key that Storm-0558 acquired",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_FORGERY,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY | TSCOPE_NEEDS_PROFILE,
        .depends = TSCOPE_DEPENDS_KEYS | TSCOPE_DEPENDS_CLOCK,
        .specialises = "KEY-COMPROMISED",
        .references = "CISA AA23-193A; ATT&CK T1606; ATT&CK T1114.002",
        .meaning = "The signature holds under the consumer signing key that an actor held in 2023. On an enterprise tenant, or dated after "
                   "Microsoft had withdrawn it, the token is a forgery; otherwise nobody can say who signed.",
        .false_alarm = "Consumer tokens of the years when the key was in regular use; say when the token was seen.",
        .run = run_storm,
    },
    {
        .id = "MS-STORM0558-KID",
        .title = "names the key that Storm-0558 acquired",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "CISA AA23-193A; ATT&CK T1606",
        .meaning =
            "kid or x5t is that of the acquired key, and nothing shows that this key signed. High only for an enterprise token of April "
            "to July 2023 whose signature is not in the evidence; otherwise a note.",
        .false_alarm = "Documentation samples and the fixtures of SDKs carry this kid with invented tenants.",
        .run = run_storm_kid,
    },
    {
        .id = "MS-MSA-ON-ENT",
        .title = "a consumer key signs for an enterprise tenant",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_FORGERY,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY | TSCOPE_NEEDS_PROFILE,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "KEY-WRONG-ISS",
        .references = "AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet issue 2134; CISA AA23-193A; CWE-346; ATT&CK T1606",
        .meaning = "A key of Microsoft accounts verifies a token of an enterprise tenant or issuer. No system of Microsoft signs that way, "
                   "whatever the date: this is what the forgeries of 2023 looked like.",
        .false_alarm = "A key that is taken for a consumer key by the subject of its certificate alone: then it is an anomaly.",
        .run = run_consumer_key,
    },
    {
        .id = "MS-ENT-ON-MSA",
        .title = "an enterprise key signs for the consumer tenant",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY | TSCOPE_NEEDS_PROFILE,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "KEY-WRONG-ISS",
        .references = "RFC 8725 section 3.8; CWE-346",
        .meaning =
            "A key of Microsoft Entra verifies a token of the tenant of Microsoft accounts. The issuer template of such keys fits any "
            "tenant, so validators that follow Microsoft's published rule let it pass.",
        .false_alarm = "Nothing honest of this kind is known, but no rule of Microsoft's forbids it.",
        .run = run_enterprise_key,
    },
    {
        .id = "MS-TID-ISS",
        .title = "tid and issuer name different tenants",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_PROFILE,
        .references = "Microsoft.IdentityModel IDX40004; Microsoft.IdentityModel IDX40009",
        .meaning =
            "The tenant in the path of iss must be the tid of the token, and here it is not. Code that reads one of them for access and "
            "the other for trust can be led from one tenant into another.",
        .false_alarm = "Samples in documentation, whose tenants were edited by hand.",
        .run = run_tid_issuer,
    },
    {
        .id = "MS-NONCE",
        .title = "verified with the digest of the header's nonce",
        .severity = TSCOPE_SEVERITY_INFO,
        .proves = TSCOPE_PROVES_NOTE,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .only = TSCOPE_ONLY_ODD_SIGNATURE,
        .references = "AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet issue 853",
        .meaning = "Tokens for Microsoft Graph and some other services of Microsoft carry a nonce in the header and are signed over its "
                   "SHA-256. Both forms were tried, and this one holds; a plain verifier calls such a token bad.",
        .false_alarm = "None: it says how the signature was verified.",
        .run = run_nonce,
    },
    {
        .id = "MS-CLOUD",
        .title = "key and issuer are of different clouds",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY | TSCOPE_NEEDS_PROFILE,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "Microsoft.IdentityModel IDX40012",
        .meaning =
            "The key is one of another national cloud than the host of the issuer, such as a key of the US government cloud under the "
            "public issuer. Version 1 issuers are shared by clouds and say nothing.",
        .false_alarm = "Public key sets also list keys of the government cloud, and services between clouds are not documented.",
        .run = run_cloud,
    },
    {
        .id = "MS-LIFE",
        .title = "lifetime is unusual for this issuer",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_PROFILE,
        .references = "RFC 8725 section 3.10; Microsoft identity platform: access token lifetime",
        .meaning =
            "From iat to exp it is more than 28 hours and 10 minutes (medium) or less than 10 minutes (low). Tokens of an hour, of 8 and "
            "24 hours, and of 28 with continuous evaluation are all usual.",
        .false_alarm = "Policies of a tenant that set other lifetimes, and services that are not documented.",
        .run = run_life,
    },
    {
        .id = "MS-APPKEY",
        .title = "the application may sign with a key of its own",
        .severity = TSCOPE_SEVERITY_INFO,
        .proves = TSCOPE_PROVES_NOTE,
        .needs = TSCOPE_NEEDS_HISTORY | TSCOPE_NEEDS_PROFILE,
        .depends = TSCOPE_DEPENDS_KEYS,
        .specialises = "KEY-UNKNOWN",
        .references = "Microsoft identity platform: access tokens, validate the signature",
        .meaning =
            "The tenant's sets list no such key, and the audience is an application that may have been given a signing key of its own. "
            "Its keys are in the metadata that names it (the parameter appid), and nowhere else.",
        .false_alarm = "None: it says why an unknown key is no evidence here. A forger's token for such an application looks the same.",
        .run = tscope_key_run_own_key,
    },
};

const struct tscope_check_family tscope_checks_ms = {"ms", NULL, ms_checks, TSCOPE_COUNT(ms_checks)};
