/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/holder.h"
#include "checks/keyset.h"

/* A token under a key that everybody can sign with: who signed it nobody can tell, and that its issuer did is out of the question
 * where the issuer is known and has keys of its own. */

static const struct tscope_history_notice *
notice_of(const tscope_subject *subject)
{
    const struct tscope_history_notice *notice = subject->resolution->standing.notice;

    return tscope_holder_is_known(subject) && notice && notice->status == TSCOPE_NOTICE_SAMPLE ? notice : NULL;
}

/* An issuer of which a history knows the key set is a production one: nobody archives sets of tests. */
static bool
names_production(const tscope_subject *subject)
{
    const struct tscope_profile_issuer *row = subject->issuer.row;

    return row ? row->production : subject->issuer.family.data != NULL;
}

enum tscope_status
tscope_keyset_run_sample(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_history_notice *notice = notice_of(subject);
    struct tscope_evidence evidence[2];
    const char *source;

    if (!notice)
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_header(subject, TSCOPE_HEADER_KID);
    evidence[1] = tscope_evidence_claim(subject, TSCOPE_CLAIM_ISS);
    source = tscope_words_of(subject, notice->reference);
    if (names_production(subject))
        return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY, evidence,
                                          TSCOPE_COUNT(evidence),
                                          "the private half of %s is published (%s): anyone can sign with it, and the issuer %s does not",
                                          tscope_holder_words(subject), source, tscope_words_of_iss(subject));
    if (subject->resolution->right == TSCOPE_RIGHT_ASKED)
        return tscope_findings_add_graded(
            findings, check, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY, evidence, TSCOPE_COUNT(evidence),
            "the private half of %s, which was given for this token, is published (%s): anyone can sign with it",
            tscope_holder_words(subject), source);
    return tscope_findings_add_graded(findings, check, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, evidence, TSCOPE_COUNT(evidence),
                                      "the private half of %s is published (%s): anyone can sign with it, and who did cannot be told",
                                      tscope_holder_words(subject), source);
}
