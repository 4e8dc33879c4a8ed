/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/compromise.h"

#include "checks/holder.h"
#include "core/text.h"

#define SLACK 300

static const struct tscope_history_notice *
notice_of(const tscope_subject *subject)
{
    const struct tscope_history_notice *notice = subject->resolution->standing.notice;

    if (!tscope_holder_is_known(subject) || !notice || notice->status != TSCOPE_NOTICE_COMPROMISED)
        return NULL;
    return notice;
}

static bool
has_kid(const tscope_key *key, struct tscope_span kid)
{
    return key && key->kid.data && tscope_span_equal(key->kid, kid);
}

/* The examiner's word on the key stands in for the notice's. */
static int64_t
exposed_from(const tscope_subject *subject, const struct tscope_history_notice *notice, bool *ret_by_examiner)
{
    struct tscope_span kid = subject->exposed_kid;

    *ret_by_examiner = kid.data && (has_kid(subject->resolution->key, kid) || has_kid(subject->resolution->standing.recorded, kid));
    return *ret_by_examiner ? subject->exposed_from : notice->exposed_from;
}

/*
 * Seen before anyone else can have had the key. Where nobody knows since when others had it, the first known abuse is only
 * the latest date it can be: then a token counts as seen before when the key was in its regular use too, within the life
 * of its certificate.
 */
static bool
was_seen_before(const tscope_subject *subject, const struct tscope_history_notice *notice, int64_t exposed)
{
    const struct tscope_certificate *certificate = subject->resolution->standing.certificate;

    if (subject->seen == TSCOPE_TIME_NONE)
        return false;
    if (exposed != TSCOPE_TIME_NONE)
        return subject->seen < exposed;
    return notice->abuse_first_known != TSCOPE_TIME_NONE && subject->seen < notice->abuse_first_known && certificate &&
           subject->seen < certificate->not_after;
}

static struct tscope_compromise
on_foreign_token(const tscope_subject *subject)
{
    struct tscope_compromise compromise = {TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY, NULL, NULL};

    compromise.words = "and it is not a key of the issuer that the token names: whoever held it signed this, whatever its dates say";
    if (!tscope_holder_is_proven(subject)) {
        compromise.severity = TSCOPE_SEVERITY_HIGH;
        compromise.proves = TSCOPE_PROVES_ANOMALY;
        compromise.words = "and it seems to be no key of the issuer that the token names";
    }
    return compromise;
}

static struct tscope_compromise
on_own_token(const tscope_subject *subject, const struct tscope_history_notice *notice)
{
    bool by_examiner, is_own = subject->resolution->right == TSCOPE_RIGHT_YES || subject->resolution->right == TSCOPE_RIGHT_CLOUD;
    int64_t exposed = exposed_from(subject, notice, &by_examiner);
    const char *whose = by_examiner ? " by the examiner's word" : "";

    if (is_own && was_seen_before(subject, notice, exposed))
        return (struct tscope_compromise){
            TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE,
            exposed == TSCOPE_TIME_NONE
                ? tscope_words(subject,
                               "but the token was seen on %s, while the key was in regular use and before any abuse of it is known (%s)",
                               tscope_subject_time(subject, subject->seen), tscope_subject_time(subject, notice->abuse_first_known))
                : tscope_words(subject, "but the token was seen on %s, before the key was exposed (%s%s)",
                               tscope_subject_time(subject, subject->seen), tscope_subject_time(subject, exposed), whose),
            NULL};
    if (is_own && subject->then != TSCOPE_TIME_NONE && notice->withdrawn_at != TSCOPE_TIME_NONE &&
        subject->then > notice->withdrawn_at + SLACK)
        return (struct tscope_compromise){TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY,
                                          tscope_words(subject,
                                                       "and by its own date, %s, the token is younger than the withdrawal of the key on "
                                                       "%s: its issuer did not sign with it any more",
                                                       tscope_subject_time(subject, subject->then),
                                                       tscope_subject_time(subject, notice->withdrawn_at)),
                                          NULL};
    return (struct tscope_compromise){
        TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY,
        tscope_words(subject,
                     "so the token cannot be attributed: someone else held this key (exposed %s%s), and the date is the signer's own",
                     exposed == TSCOPE_TIME_NONE ? "since a time that is not known"
                                                 : tscope_words(subject, "from %s", tscope_subject_time(subject, exposed)),
                     whose),
        NULL};
}

bool
tscope_compromise_of(const tscope_subject *subject, struct tscope_compromise *ret_compromise)
{
    const struct tscope_history_notice *notice = notice_of(subject);

    if (!notice)
        return false;
    *ret_compromise = tscope_holder_is_foreign(subject) ? on_foreign_token(subject) : on_own_token(subject, notice);
    ret_compromise->reference = tscope_words_of(subject, notice->reference);
    return true;
}

bool
tscope_compromise_is_storm0558(const tscope_subject *subject)
{
    const struct tscope_certificate *certificate = subject->resolution->standing.certificate;
    uint8_t sha1[20];

    if (!notice_of(subject))
        return false;
    if (has_kid(subject->resolution->standing.recorded, TSCOPE_SPAN(TSCOPE_STORM0558_KID)))
        return true;
    return certificate && tscope_text_from_hex(TSCOPE_SPAN(TSCOPE_STORM0558_SHA1), sha1, sizeof(sha1)) &&
           memcmp(certificate->sha1, sha1, sizeof(sha1)) == 0;
}
