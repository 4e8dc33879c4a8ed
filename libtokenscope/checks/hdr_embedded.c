/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/hdr_runs.h"

#include "checks/embedded.h"
#include "core/digest_text.h"

/*
 * Keys and certificates that a token brings along. That it verifies under its own key says only that somebody holds that key;
 * it is a forgery when the token names a known key of its issuer and that key did not sign.
 */

/* The key that the token names was tried and failed, and it is known whose key that is. */
static bool
is_replaced(const tscope_subject *subject)
{
    const struct tscope_resolution *resolution = subject->resolution;

    return subject->iss.data && resolution->status == TSCOPE_STATUS_FAILED && resolution->named && resolution->named_failed > 0 &&
           (resolution->named_standing.recorded || resolution->named_standing.issuer.data) &&
           (tscope_subject_header(subject, TSCOPE_HEADER_KID).value || tscope_subject_header(subject, TSCOPE_HEADER_X5T).value);
}

static enum tscope_status
find_key(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, enum tscope_header header,
         const char *what)
{
    const char *design = tscope_embedded_design(subject, &subject->resolution->embedded);
    struct tscope_evidence evidence = tscope_evidence_header(subject, header);

    if (!subject->resolution->embedded.verifies)
        return TSCOPE_OK;
    if (is_replaced(subject))
        return tscope_findings_add(findings, check, evidence,
                                   "it verifies under the %s that it carries, and not under the key of its issuer that it names", what);
    if (design)
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, &evidence, 1,
                                          "it verifies under the %s that it carries: %s", what, design);
    return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY, &evidence, 1,
                                      "it verifies under the %s that it carries and under no key at hand: self-asserted, anyone can make "
                                      "such a token",
                                      what);
}

enum tscope_status
tscope_hdr_run_jwk(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_embedded_key *embedded = &subject->resolution->embedded;
    struct tscope_evidence evidence;

    if (embedded->from != TSCOPE_EMBEDDED_JWK)
        return TSCOPE_OK;
    if (!embedded->has_private || (embedded->verifies && is_replaced(subject)))
        return find_key(check, subject, findings, TSCOPE_HEADER_JWK, "key");
    evidence = tscope_evidence_part(subject, TSCOPE_PART_HEADER); /* whose excerpt would hold the secret is not shown */
    evidence.pointer = TSCOPE_SPAN("/jwk");
    evidence.excerpt = tscope_span_of(NULL, 0);
    return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, &evidence, 1,
                                      "the key that the token carries is a secret or private one: whoever read the token can sign with it");
}

enum tscope_status
tscope_hdr_run_x5c(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    if (subject->resolution->embedded.from != TSCOPE_EMBEDDED_X5C)
        return TSCOPE_OK;
    return find_key(check, subject, findings, TSCOPE_HEADER_X5C, "certificate");
}

static bool
differs(const tscope_subject *subject, enum tscope_header header, const uint8_t *expected, size_t len)
{
    struct tscope_span text = tscope_subject_text(subject, tscope_subject_header(subject, header));
    uint8_t digest[32];

    return text.data && tscope_digest_text_read(text, digest, len) && memcmp(digest, expected, len) != 0;
}

enum tscope_status
tscope_hdr_run_x5t(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_embedded_key *embedded = &subject->resolution->embedded;
    enum tscope_header header = TSCOPE_HEADER_X5T;

    if (embedded->from != TSCOPE_EMBEDDED_X5C || !embedded->certificate.data || embedded->flaw != TSCOPE_KEY_FLAW_NONE)
        return TSCOPE_OK;
    if (!differs(subject, header, embedded->sha1, sizeof(embedded->sha1))) {
        header = TSCOPE_HEADER_X5T_S256;
        if (!differs(subject, header, embedded->sha256, sizeof(embedded->sha256)))
            return TSCOPE_OK;
    }
    return tscope_findings_add(findings, check, tscope_evidence_header(subject, header),
                               "%s is not the digest of the first certificate of x5c: the header names one certificate and carries another",
                               tscope_header_name(header));
}
