/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/clm_runs.h"
#include "token/kind.h"

/* The checks that ask what the claims say of time, issuer and audience. */

#define LISTED_MAX 3

static enum tscope_status
run_expired(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_evidence evidence;
    bool within;

    if (!tscope_subject_is_jwt(subject) || subject->exp == TSCOPE_TIME_NONE || subject->seen == TSCOPE_TIME_NONE ||
        subject->seen < subject->exp)
        return TSCOPE_OK;
    evidence = tscope_evidence_claim(subject, TSCOPE_CLAIM_EXP);
    within = subject->seen - subject->leeway <= subject->exp;
    return tscope_findings_add_graded(findings, check, within ? TSCOPE_SEVERITY_INFO : check->severity, check->proves, &evidence, 1,
                                      "it had expired on %s when it was seen on %s%s", tscope_subject_time(subject, subject->exp),
                                      tscope_subject_time(subject, subject->seen), within ? ", by no more than the leeway" : "");
}

/*
 * Of these the standards want none: a proof is of one presentation (RFC 9901 section 4.3), an event has happened (RFC 8417 section
 * 2.2), and what a server answers is to be taken for no access token (RFC 9701 section 5).
 */
static bool
lives_without_expiry(const tscope_subject *subject)
{
    static const char *const types[] = {"kb+jwt", "secevent+jwt", "token-introspection+jwt"};
    struct tscope_span typ = tscope_subject_text(subject, tscope_subject_header(subject, TSCOPE_HEADER_TYP));

    for (size_t i = 0; i < TSCOPE_COUNT(types); i++) {
        if (tscope_media_type_is(typ, types[i]))
            return true;
    }
    return false;
}

static enum tscope_status
run_no_expiry(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (tscope_subject_claim(subject, TSCOPE_CLAIM_EXP).value || !tscope_clm_may_miss(subject) || lives_without_expiry(subject))
        return TSCOPE_OK;
    if (!subject->token->claims.readable)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_STRENGTH, "the claims are cut off");
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_PAYLOAD),
                               "there is no exp: whoever holds the token holds it for ever");
}

/* The clock that a time is ahead of by more than the leeway; TSCOPE_TIME_NONE: none. */
static int64_t
clock_behind(const tscope_subject *subject, int64_t time, const char **ret_name)
{
    if (time == TSCOPE_TIME_NONE)
        return TSCOPE_TIME_NONE;
    *ret_name = "when it was seen";
    if (subject->seen != TSCOPE_TIME_NONE && time - subject->leeway > subject->seen)
        return subject->seen;
    *ret_name = "now";
    return subject->now != TSCOPE_TIME_NONE && time - subject->leeway > subject->now ? subject->now : TSCOPE_TIME_NONE;
}

static enum tscope_status
run_not_before(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const char *name;
    int64_t clock = clock_behind(subject, subject->nbf, &name);

    if (!tscope_subject_is_jwt(subject) || clock == TSCOPE_TIME_NONE)
        return TSCOPE_OK;
    return tscope_findings_add(findings, check, tscope_evidence_claim(subject, TSCOPE_CLAIM_NBF),
                               "it is valid from %s on, and that was still to come %s (%s)", tscope_subject_time(subject, subject->nbf),
                               name, tscope_subject_time(subject, clock));
}

static enum tscope_status
run_future(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const char *name;
    int64_t clock = clock_behind(subject, subject->iat, &name);

    if (!tscope_subject_is_jwt(subject) || clock == TSCOPE_TIME_NONE)
        return TSCOPE_OK;
    return tscope_findings_add(
        findings, check, tscope_evidence_claim(subject, TSCOPE_CLAIM_IAT),
        "it says that it was issued on %s, and that was still to come %s (%s): nobody captures a token before it is made",
        tscope_subject_time(subject, subject->iat), name, tscope_subject_time(subject, clock));
}

/* As almost all are: a number of ten characters that reads as seconds of ten digits, and so is written in these digits. */
static bool
is_plain_time(const struct tscope_value *value, int64_t time)
{
    return value->type == TSCOPE_JSON_NUMBER && value->len == 10 && time >= 1000000000 && time <= 9999999999;
}

/* What is wrong with one time by itself; NULL: nothing. */
static const char *
flaw_of_time(struct tscope_member member)
{
    double number;
    int64_t seconds;

    if (member.value->type == TSCOPE_JSON_STRING)
        return "is a string";
    if (!tscope_json_number(member.json, member.value, &number))
        return "is no number";
    if (number < 0)
        return "is negative";
    if (number >= (double)TSCOPE_SECONDS_END)
        return "counts no seconds, but milliseconds or less";
    return tscope_json_integer(member.json, member.value, &seconds) ? NULL : "has a fraction";
}

struct order {
    const tscope_subject *subject;
    struct tscope_buffer words;
    struct tscope_evidence evidence[LISTED_MAX];
    size_t evidence_len;
};

static void
note_disorder(struct order *order, enum tscope_claim claim, const char *words)
{
    if (order->words.len > 0)
        tscope_buffer_append_text(&order->words, "; ");
    tscope_buffer_append_format(&order->words, "%s %s", tscope_claim_name(claim), words);
    if (order->evidence_len < LISTED_MAX)
        order->evidence[order->evidence_len++] = tscope_evidence_claim(order->subject, claim);
}

static void
read_order(struct order *order)
{
    static const enum tscope_claim times[] = {TSCOPE_CLAIM_IAT, TSCOPE_CLAIM_NBF, TSCOPE_CLAIM_EXP};
    const tscope_subject *subject = order->subject;

    for (size_t i = 0; i < TSCOPE_COUNT(times); i++) {
        struct tscope_member member = tscope_subject_claim(subject, times[i]);
        const char *flaw = member.value && !(member.value->flags & TSCOPE_VALUE_OPEN) ? flaw_of_time(member) : NULL;

        if (flaw)
            note_disorder(order, times[i], flaw);
    }
    if (subject->exp != TSCOPE_TIME_NONE && subject->nbf != TSCOPE_TIME_NONE && subject->exp <= subject->nbf)
        note_disorder(order, TSCOPE_CLAIM_EXP, "is not after nbf");
    if (subject->exp != TSCOPE_TIME_NONE && subject->iat != TSCOPE_TIME_NONE && subject->iat > subject->exp)
        note_disorder(order, TSCOPE_CLAIM_IAT, "is after exp");
}

static bool
is_plain_claim(const tscope_subject *subject, enum tscope_claim claim, int64_t time)
{
    const struct tscope_value *value = subject->token->slots[claim];

    return !value || is_plain_time(value, time);
}

/* Nothing is wrong at first sight, as of almost all. */
static bool
is_in_order(const tscope_subject *subject)
{
    return is_plain_claim(subject, TSCOPE_CLAIM_IAT, subject->iat) && is_plain_claim(subject, TSCOPE_CLAIM_NBF, subject->nbf) &&
           is_plain_claim(subject, TSCOPE_CLAIM_EXP, subject->exp) && subject->exp != TSCOPE_TIME_NONE && subject->exp > subject->nbf &&
           subject->exp >= subject->iat;
}

static enum tscope_status
run_order(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct order order;

    if (is_in_order(subject) || !tscope_subject_is_jwt(subject))
        return TSCOPE_OK;
    order = (struct order){.subject = subject, .words = {.arena = subject->arena}};
    read_order(&order);
    if (order.words.failed)
        return TSCOPE_ERR_NO_MEMORY;
    if (order.evidence_len == 0)
        return TSCOPE_OK;
    return tscope_findings_add_graded(findings, check, check->severity, check->proves, order.evidence, order.evidence_len, "%.*s",
                                      (int)order.words.len, (const char *)order.words.data);
}

static const struct tscope_check clm_checks[] = {
    {
        .id = "CLM-EXP",
        .title = "had expired when it was seen",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_NOTE,
        .depends = TSCOPE_DEPENDS_CLOCK,
        .references = "RFC 7519 section 4.1.4; CWE-613",
        .meaning = "The evidence shows the token at a time at which it had expired. That is a trace of a replay or of a service that does "
                   "not look at exp, or only of a token that lay about. That it has expired by now is no finding.",
        .false_alarm = "Stores, logs and dumps hold expired tokens that nobody used any more.",
        .run = run_expired,
    },
    {
        .id = "CLM-NOEXP",
        .title = "never expires",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "RFC 7519 section 4.1.4; RFC 8725 section 3.10; CWE-613",
        .meaning = "The claims hold no exp, so the token can be used for ever by whoever gets hold of it, unless somebody keeps a list of "
                   "those that were withdrawn.",
        .false_alarm = "Some services make API keys of this form and withdraw them by a list.",
        .run = run_no_expiry,
    },
    {
        .id = "CLM-NBF",
        .title = "was not valid yet",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .depends = TSCOPE_DEPENDS_CLOCK,
        .references = "RFC 7519 section 4.1.5",
        .meaning = "nbf lies after the time at which the token was seen, or in the future, by more than the leeway. A validator must not "
                   "accept it yet.",
        .false_alarm = "A clock that was wrong, or a time zone that was lost where the evidence was dated.",
        .run = run_not_before,
    },
    {
        .id = "CLM-IAT-FUT",
        .title = "says it was issued in the future",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .depends = TSCOPE_DEPENDS_CLOCK,
        .references = "RFC 7519 section 4.1.6; ATT&CK T1606",
        .meaning =
            "iat lies after the time at which the token was seen, or in the future, by more than the leeway. Nobody captures a token "
            "before it is made, so its date was chosen.",
        .false_alarm = "A clock that was wrong, or a time zone that was lost where the evidence was dated.",
        .run = run_future,
    },
    {
        .id = "CLM-ORDER",
        .title = "times are out of order or of a wrong form",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "RFC 7519 section 2; RFC 7519 section 4.1.4",
        .meaning =
            "The token expires before it begins or was issued after its end, or one of iat, nbf and exp is negative, a string, has a "
            "fraction, or counts milliseconds. Established issuers do none of these, and validators differ in what they make of it.",
        .false_alarm = "Home-made issuers that write what the clock of their language gives them.",
        .run = run_order,
    },
    {
        .id = "CLM-ISS",
        .title = "issuer or tenant is not the one asked for",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_PROFILE,
        .only = TSCOPE_ONLY_POLICY,
        .references = "RFC 8725 section 3.8; RFC 7519 section 4.1.1; CWE-346",
        .meaning =
            "The examiner asked for an issuer or a tenant, and the token is another's. iss is compared byte for byte; the tenant is that "
            "of tid and of the issuer's path, and both must be it.",
        .false_alarm = "A policy that names another form of the same issuer, such as the one of version 1.",
        .run = tscope_clm_run_issuer,
    },
    {
        .id = "CLM-ISS-PART",
        .title = "issuer only looks like a known one",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_PROFILE,
        .references = "CVE-2024-53861; CVE-2025-30144; CWE-697",
        .meaning =
            "iss is an array, or differs from a known issuer, or from the one asked for, in the case of letters, a slash at the end, or "
            "what stands before or behind it. Comparisons by prefix, substring or membership take such a text for the real one.",
        .false_alarm = "An honest issuer whose address happens to hold that of another, such as a proxy in front of it.",
        .run = tscope_clm_run_issuer_part,
    },
    {
        .id = "CLM-AUD",
        .title = "audience is missing or not the one asked for",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .needs = TSCOPE_NEEDS_PROFILE,
        .references = "RFC 8725 section 3.9; RFC 7519 section 4.1.3",
        .meaning =
            "The examiner asked for an audience, and aud does not hold it. Where nobody asked, an aud that is missing, empty or a wildcard "
            "is a note: a token that is made for anybody works everywhere.",
        .false_alarm = "A policy that names another form of the audience, such as an id where the token has the URI.",
        .run = tscope_clm_run_audience,
    },
    {
        .id = "CLM-LIFE",
        .title = "lives longer than its use needs",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "RFC 8725 section 3.10; RFC 7523 section 3; CWE-613",
        .meaning = "From iat to exp it is more than a day for a token that is made for one request (a client's assertion, a logout token), "
                   "which is "
                   "medium, or more than a year for any other, which is low; or longer than the issuer's profile says. Of Entra's tokens "
                   "MS-LIFE speaks.",
        .false_alarm = "Services that give out API keys in this form, which are meant to last.",
        .run = tscope_clm_run_life,
    },
    {
        .id = "CLM-AUD-FORM",
        .title = "audience has a form that this kind of token has not",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "RFC 7519 section 4.1.3; Microsoft identity platform: access token claims",
        .meaning = "aud is neither text nor an array of texts; or a Microsoft token of version 2 names its audience by something else than "
                   "the id of "
                   "an application, or has several. Under the issuer's own key it is a note.",
        .false_alarm = "A service of Microsoft's that is not documented, which its own key shows.",
        .run = tscope_clm_run_audience_form,
    },
    {
        .id = "CLM-SUB",
        .title = "subject is missing or odd",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_NOTE,
        .references = "RFC 7519 section 4.1.2; RFC 9068 section 2.2; OpenID Connect Core 1.0 section 2; RFC 8725 section 3.8",
        .meaning = "An ID token or a standard access token says of nobody that it is about them, or its subject is its issuer, or is the "
                   "client while "
                   "other claims name a person. A reader may take one kind of subject for another.",
        .false_alarm = "Home-made issuers that leave sub out, or put the name of a service into it.",
        .run = tscope_clm_run_subject,
    },
    {
        .id = "CLM-INJ",
        .title = "claim reads like an attack on whatever looks it up",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "RFC 8725 section 2.9; CWE-89; CWE-78; CWE-90",
        .meaning = "A claim by which users and rights are looked up holds the shape of an attack on a database, a shell, a directory, a "
                   "template or a "
                   "file system. A signature does not make its text harmless: some issuers let users choose it.",
        .false_alarm = "A tester of your own, or a name of a branch or a group that somebody chose for fun.",
        .run = tscope_clm_run_injection,
    },
    {
        .id = "CLM-PII",
        .title = "claim holds a secret or what is private",
        .severity = TSCOPE_SEVERITY_LOW,
        .proves = TSCOPE_PROVES_NOTE,
        .references = "RFC 7519 section 12; CWE-359; CWE-522",
        .meaning = "A claim holds a private key, a service's key, a password by its name, the number of a payment card or of a person. A "
                   "signed token "
                   "can be read by everyone who handles it. The value is not shown again.",
        .false_alarm = "Names that only sound like it, such as the id of a password policy.",
        .run = tscope_clm_run_private,
    },
    {
        .id = "CLM-PRIV",
        .title = "gives wide rights",
        .severity = TSCOPE_SEVERITY_LOW,
        .proves = TSCOPE_PROVES_NOTE,
        .references = "ATT&CK T1078.004; Microsoft Entra built-in roles",
        .meaning =
            "Its roles or permissions reach over a whole directory or service: an administrator's role, an application permission over all "
            "data, the master role of a platform. Low when it can change things, info when it can only read.",
        .false_alarm = "None: it says what the token is worth to a thief, not that anything is wrong with it.",
        .run = tscope_clm_run_privilege,
    },
    {
        .id = "CLM-CNF",
        .title = "bound to a key whose proof is not at hand",
        .severity = TSCOPE_SEVERITY_MEDIUM,
        .proves = TSCOPE_PROVES_ANOMALY,
        .references = "RFC 7800 section 3; RFC 8705 section 3; RFC 9449 section 6",
        .meaning = "\"cnf\" binds the token to a key that its holder must show with each use. By itself it should open nothing, so this is "
                   "a note; a "
                   "cnf that names no key at all is an anomaly.",
        .false_alarm = "Every token of this kind gives the note: captures seldom hold the proof.",
        .run = tscope_clm_run_confirmation,
    },
    {
        .id = "CLM-HASH",
        .title = "does not belong to what it came with",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_INVALID,
        .references = "OpenID Connect Core 1.0 section 3.1.3.6; OpenID Connect Core 1.0 section 3.3.2.11; RFC 9449 section 4.2; CWE-345",
        .meaning = "at_hash or c_hash of an ID token is not the digest of the access token or the code in the same response, or ath of a "
                   "DPoP proof not "
                   "that of the token in the same request. One of the two was put in place of another.",
        .false_alarm = "A capture tool that puts the tokens of several responses into one object, or cuts an opaque token without a mark.",
        .run = tscope_clm_run_hash,
    },
};

const struct tscope_check_family tscope_checks_clm = {"clm", NULL, clm_checks, TSCOPE_COUNT(clm_checks)};
