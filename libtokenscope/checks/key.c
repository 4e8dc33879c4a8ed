/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/compromise.h"
#include "checks/holder.h"
#include "checks/key_runs.h"

/* The checks that ask whether the key that verified a token was entitled to sign for the issuer it names. */

static enum tscope_status
run_compromised(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct tscope_evidence evidence[2];
    struct tscope_compromise compromise;

    if (!tscope_compromise_of(subject, &compromise))
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_header(subject, TSCOPE_HEADER_KID);
    evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_IAT);
    return tscope_findings_add_graded(findings, check, compromise.severity, compromise.proves, evidence, TSCOPE_COUNT(evidence),
                                      "%s is under a notice of compromise, %s (notice: %s)", tscope_holder_words(subject), compromise.words,
                                      compromise.reference);
}

static bool
is_test_key(const struct tscope_standing *standing)
{
    return standing->cloud == TSCOPE_CLOUD_PRE_PRODUCTION || (standing->notice && standing->notice->status == TSCOPE_NOTICE_TEST);
}

static enum tscope_status
run_test(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_standing *standing = &subject->resolution->standing;
    const struct tscope_profile_issuer *row = subject->issuer.row;
    struct tscope_evidence evidence[2];
    bool proven = tscope_holder_is_proven(subject) || (standing->notice && standing->notice->status == TSCOPE_NOTICE_TEST);

    if (!tscope_holder_is_known(subject) || !is_test_key(standing))
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_header(subject, TSCOPE_HEADER_KID);
    evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_ISS);
    if (row && row->production && row->keys == TSCOPE_PROFILE_KEYS_SHARED) /* of a tenant nobody knows what it is for */
        return tscope_findings_add_graded(findings, check, proven ? check->severity : TSCOPE_SEVERITY_HIGH,
                                          proven ? check->proves : TSCOPE_PROVES_ANOMALY, evidence, TSCOPE_COUNT(evidence),
                                          "%s is a test environment's, %s, and the token names the production issuer %s",
                                          tscope_holder_words(subject), tscope_holder_grounds(subject), tscope_words_of_iss(subject));
    if (row || standing->cloud != TSCOPE_CLOUD_PRE_PRODUCTION)
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, evidence, TSCOPE_COUNT(evidence),
                                          "%s is a test environment's, and so is the token", tscope_holder_words(subject));
    if (subject->issuer.family.data)
        return TSCOPE_OK; /* another provider's token: what counts is whose key it is */
    return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                   "%s is a test environment's; whether the issuer %s is a production one is not known",
                                   tscope_holder_words(subject), tscope_words_of_iss(subject));
}

static enum tscope_status
find_wrong_issuer(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, const char *why)
{
    bool proven = tscope_holder_is_proven(subject);
    struct tscope_evidence evidence[2] = {tscope_evidence_claim(subject, TSCOPE_CLAIM_ISS),
                                          tscope_evidence_header(subject, TSCOPE_HEADER_KID)};

    return tscope_findings_add_graded(findings, check, proven ? check->severity : TSCOPE_SEVERITY_HIGH,
                                      proven ? check->proves : TSCOPE_PROVES_ANOMALY, evidence, TSCOPE_COUNT(evidence),
                                      "not signed with a key published for this issuer: the signature holds under %s, %s; %s",
                                      tscope_holder_words(subject), tscope_holder_grounds(subject), why);
}

/* A provider with a set an issuer: whose the key is shows in whose set it stands. */
static enum tscope_status
find_other_tenant(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_resolution *resolution = subject->resolution;
    struct tscope_evidence evidence[2] = {tscope_evidence_claim(subject, TSCOPE_CLAIM_ISS),
                                          tscope_evidence_header(subject, TSCOPE_HEADER_KID)};
    const char *of = tscope_subject_quote(subject, resolution->published_for);

    if (resolution->right == TSCOPE_RIGHT_TENANT)
        return find_wrong_issuer(
            check, subject, findings,
            tscope_words(subject, "it is published for %s, and every issuer of this provider has keys of its own", of));
    return tscope_findings_add_graded(
        findings, check, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, evidence, TSCOPE_COUNT(evidence),
        "the signature holds under %s, which is published for %s and not among the keys given of the issuer %s; that the two are one under "
        "two names no dated set rules out",
        tscope_holder_words(subject), of, tscope_words_of_iss(subject));
}

static enum tscope_status
run_wrong_issuer(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (!tscope_holder_is_known(subject))
        return TSCOPE_OK;
    switch (subject->resolution->right) {
    case TSCOPE_RIGHT_FAMILY:
        return find_wrong_issuer(
            check, subject, findings,
            tscope_words(subject, "the issuer %s is that of %s", tscope_words_of_iss(subject), tscope_words_of_issuer(subject)));
    case TSCOPE_RIGHT_YES:
    case TSCOPE_RIGHT_CLOUD:
        if (!tscope_holder_is_of_other_tenant(subject))
            return TSCOPE_OK;
        return find_wrong_issuer(check, subject, findings, "it is that tenant's alone: the sets that all tenants share lacked it then");
    case TSCOPE_RIGHT_TENANT:
    case TSCOPE_RIGHT_DOUBTED:
        return find_other_tenant(check, subject, findings);
    case TSCOPE_RIGHT_ASKED: /* the examiner says whose it is, and nothing contradicts */
    case TSCOPE_RIGHT_TEST:
        return TSCOPE_OK;
    case TSCOPE_RIGHT_UNKNOWN:
        break;
    }
    if (!subject->issuer.family.data)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                       "the signature holds under %s; whose keys sign for the issuer %s is not known",
                                       tscope_holder_words(subject), tscope_words_of_iss(subject));
    return tscope_findings_unknown(findings, check, TSCOPE_REASON_NOT_COVERED, TSCOPE_CHANGES_VERDICT,
                                   "the signature holds under %s, and whose that is nobody here knows", tscope_holder_words(subject));
}

static const struct tscope_check key_checks[] = {
    {
        .id = "KEY-WRONG-ISS",
        .title = "signed with another issuer's key",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_FORGERY,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY | TSCOPE_NEEDS_PROFILE,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "RFC 8725 section 3.8; AzureAD/azure-activedirectory-identitymodel-extensions-for-dotnet issue 2134; CWE-346",
        .meaning =
            "The signature holds, but under a key that belongs to others than the issuer named in the token. A validator that trusts "
            "every key of a common set without asking whose it is takes it for genuine. Where every issuer of a provider has keys of its "
            "own, "
            "the set that lists the key says whose it is.",
        .false_alarm = "A key whose family is known from the subject of its certificate alone may be filed wrongly: then it is an anomaly.",
        .run = run_wrong_issuer,
    },
    {
        .id = "KEY-TEST",
        .title = "signed with the key of a test environment",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_FORGERY,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY | TSCOPE_NEEDS_PROFILE,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "CWE-346; ATT&CK T1606",
        .meaning = "The key is published by a pre-production cloud, or known as test data, and the token names a production issuer, which "
                   "never signs with it. With the matching test issuer it is no more than a note.",
        .false_alarm = "None known for production issuers.",
        .run = run_test,
    },
    {
        .id = "KEY-COMPROMISED",
        .title = "signed with a key that others are known to have held",
        .severity = TSCOPE_SEVERITY_CRITICAL,
        .proves = TSCOPE_PROVES_FORGERY,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY,
        .depends = TSCOPE_DEPENDS_KEYS | TSCOPE_DEPENDS_CLOCK,
        .references = "CWE-321; ATT&CK T1552.004; ATT&CK T1606",
        .meaning = "A notice names the key as compromised. On another issuer's token that is a forgery, at any date; on its own issuer's "
                   "it is one after the key was withdrawn, and before that nobody can say who signed, unless the token was seen earlier.",
        .false_alarm = "Tokens of the years before the theft, where nothing but their own date shows how old they are.",
        .run = run_compromised,
    },
    {
        .id = "KEY-RETIRED",
        .title = "dated after its key was retired",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "ATT&CK T1606; CISA AA23-193A",
        .meaning = "Every archived endpoint that had listed the key lacks it in two complete sets a day apart, it never came back, and the "
                   "token is dated more than an hour after the first of them. Issuers do not sign with keys they have withdrawn.",
        .false_alarm = "An archive that recorded broken sets for a day, while the real ones still listed the key.",
        .run = tscope_key_run_retired,
    },
    {
        .id = "KEY-STALE-USE",
        .title = "in use long after its key was retired",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY,
        .depends = TSCOPE_DEPENDS_KEYS | TSCOPE_DEPENDS_CLOCK,
        .references = "ATT&CK T1606; ATT&CK T1550.001",
        .meaning =
            "The evidence shows the token in use more than 52 hours after its key was retired, longer than any token of Entra lives; of "
            "another issuer more than a day after its end, too. Whatever date it claims, it was dated back, or somebody replays an old "
            "one.",
        .false_alarm = "Logs that were written late, or a service that keeps tokens and goes on showing them.",
        .run = tscope_key_run_stale_use,
    },
    {
        .id = "KEY-EARLY",
        .title = "dated before its key was in use",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_KEYS | TSCOPE_NEEDS_HISTORY,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "ATT&CK T1606",
        .meaning = "The token is dated before the certificate of its key begins, or (medium) more than a day before the last complete set "
                   "that lacked the key. A first sighting proves nothing: sets list a key before anyone looks.",
        .false_alarm = "A signer whose clock was wrong by more than five minutes; of a given key of a company's own, which is medium, a "
                       "certificate that was renewed over it.",
        .run = tscope_key_run_early,
    },
    {
        .id = "KEY-CERT-EXP",
        .title = "dated after the certificate of its key had ended",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_KEYS,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "RFC 5280 section 4.1.2.5; CISA AA23-193A",
        .meaning =
            "The certificate that was published with the key had ended when the token was dated. The key of Storm-0558 was used more "
            "than two years past its certificate. Medium unless complete sets around that time lack the key.",
        .false_alarm = "Issuers have gone on signing with keys whose certificates had ended, as was common until 2019.",
        .run = tscope_key_run_cert_exp,
    },
    {
        .id = "KEY-UNKNOWN",
        .title = "names a key that the issuer did not publish then",
        .severity = TSCOPE_SEVERITY_HIGH,
        .proves = TSCOPE_PROVES_ANOMALY,
        .needs = TSCOPE_NEEDS_HISTORY | TSCOPE_NEEDS_PROFILE,
        .depends = TSCOPE_DEPENDS_KEYS,
        .references = "ATT&CK T1606",
        .meaning = "Complete key sets of the issuer stand on both sides of the token's time, none farther off than seven days, and no set "
                   "lists the key it names. Without such sets the answer is inconclusive: a key that nobody kept is no evidence.",
        .false_alarm = "An application with a signing key of its own, which no common set lists; never for the provider's own resources.",
        .run = tscope_key_run_unknown,
    },
};

const struct tscope_check_family tscope_checks_key = {"key", NULL, key_checks, TSCOPE_COUNT(key_checks)};
