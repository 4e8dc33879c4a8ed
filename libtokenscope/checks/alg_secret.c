/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/alg_secret.h"

#include "checks/alg_keys.h"
#include "crypto/alg.h"

static enum tscope_status
add(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, enum tscope_severity severity,
    enum tscope_proves proves, const char *words, const char *consequence)
{
    struct tscope_evidence evidence = tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE);

    return tscope_findings_add_graded(findings, check, severity, proves, &evidence, 1, "%s verifies with %s: %s",
                                      subject->resolution->alg->name, words, consequence);
}

enum tscope_status
tscope_alg_secret_judge_public(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_secret_found *found = &subject->resolution->secret;
    struct tscope_span name;

    if (found->cut && found->kind == TSCOPE_SECRET_NONE)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_TRIALS, TSCOPE_CHANGES_VERDICT,
                                       "the limit of HMAC trials left forms of public keys untried");
    if (found->kind != TSCOPE_SECRET_PUBLIC_KEY)
        return TSCOPE_OK;
    name = found->public->kid.data ? found->public->kid : tscope_span_text(found->public->thumbprint_text);
    return tscope_findings_add(findings, check, tscope_evidence_part(subject, TSCOPE_PART_SIGNATURE),
                               "%s verifies with the public key %s taken for a secret (%s, %s): anyone can make such a token",
                               subject->resolution->alg->name, tscope_subject_quote(subject, name), found->what, found->how);
}

/* Somebody was shown it, so that it is no sample that lies about. */
static bool
was_used(const tscope_subject *subject)
{
    return subject->captured || subject->seen != TSCOPE_TIME_NONE;
}

enum tscope_status
tscope_alg_secret_judge_empty(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_secret_found *found = &subject->resolution->secret;
    const char *words = "a secret of no bytes";

    if (found->kind != TSCOPE_SECRET_EMPTY)
        return TSCOPE_OK;
    if (tscope_alg_keys_are_public(subject))
        return add(check, subject, findings, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY, words,
                   "its issuer signs with public keys, and anyone can make such a token");
    if (was_used(subject))
        return add(check, subject, findings, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_ANOMALY, words,
                   "it was in use, and anyone can make such a token");
    if (found->is_sample)
        return add(check, subject, findings, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, words, "the payload is that of a documented sample");
    return add(check, subject, findings, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, words, "anyone can make such a token");
}

static const char *
words_of_known(const tscope_subject *subject)
{
    const struct tscope_secret_found *found = &subject->resolution->secret;
    struct tscope_buffer buffer = {.arena = subject->arena};
    const char *words;

    if (found->kind == TSCOPE_SECRET_PUBLISHED)
        tscope_buffer_append_format(&buffer, "a secret that is published (%s)", found->source);
    else
        tscope_buffer_append_format(&buffer, "the secret in line %llu of %s", (unsigned long long)found->line,
                                    tscope_subject_quote(subject, tscope_span_text(found->source)));
    words = tscope_buffer_steal(&buffer, NULL);
    return words ? words : "a known secret";
}

/* A long secret that the caller lists, for an issuer that may well have secrets, is how companies sign: no finding. */
enum tscope_status
tscope_alg_secret_judge_known(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_secret_found *found = &subject->resolution->secret;
    bool published = found->kind == TSCOPE_SECRET_PUBLISHED;

    if (!published && found->kind != TSCOPE_SECRET_GIVEN)
        return TSCOPE_OK;
    if (tscope_alg_keys_are_public(subject))
        return add(check, subject, findings, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY, words_of_known(subject),
                   "its issuer signs with public keys and has no secret");
    if (found->is_sample)
        return add(check, subject, findings, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE, words_of_known(subject),
                   "the payload is that of a documented sample");
    if (published || found->is_short)
        return add(check, subject, findings, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY, words_of_known(subject),
                   published ? "whoever reads it can make such a token"
                             : "it is short enough to be guessed, and then anyone can make such a token");
    return TSCOPE_OK;
}
