/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/holder.h"
#include "checks/key_runs.h"
#include "checks/silence.h"

/*
 * Was the key in use for signing at the token's own time, and when it was seen? Complete sets answer, and certificates;
 * where they are silent, nothing is found.
 */

#define SLACK 300
#define DAY 86400
#define RETIRED_SLACK 3600
/* Entra's tokens live for up to 28 hours, and whoever checks keys may keep a set for a day */
#define STALE_SLACK (28 * 3600 + DAY)

/* What all histories together know of the key's material. */
struct record {
    const struct tscope_history *history; /* with the sets nearest to the time; NULL: no history holds the key */
    struct tscope_life life;
};

static struct record
record_of(const tscope_subject *subject, int64_t at)
{
    const tscope_key *key = subject->resolution->key;
    uint32_t start = tscope_keyring_number(subject->keyring, key), number = start;
    size_t bound = tscope_keyring_count(subject->keyring);
    struct record record = {NULL, {TSCOPE_TIME_NONE, TSCOPE_TIME_NONE, {.endpoint = TSCOPE_HISTORY_NONE}}};

    do {
        const tscope_key *form = tscope_keyring_key(subject->keyring, number);
        struct tscope_life life;

        number = form->next_same;
        if (!form->history)
            continue;
        life = tscope_history_life(form->history, form->history_key, at);
        if (!record.history || (record.life.extent.endpoint == TSCOPE_HISTORY_NONE && life.extent.endpoint != TSCOPE_HISTORY_NONE)) {
            record.history = form->history;
            record.life.extent = life.extent;
        }
        if (life.first != TSCOPE_TIME_NONE && (record.life.first == TSCOPE_TIME_NONE || life.first < record.life.first))
            record.life.first = life.first;
        record.life.last = life.last > record.life.last ? life.last : record.life.last;
    } while (number != start && bound-- > 0);
    return record;
}

/*
 * Whether it makes sense to ask a history about the key: one holds it, or its issuer is one of those that histories are made
 * of. A company's own key, given by the examiner, was never in any published set.
 */
static bool
is_asked(const tscope_subject *subject)
{
    if (!tscope_holder_is_known(subject) || subject->resolution->key->numbers.type == TSCOPE_KEY_OCT)
        return false;
    if (subject->issuer.row && subject->issuer.row->keys != TSCOPE_PROFILE_KEYS_SHARED)
        return subject->resolution->standing.recorded; /* a tenant's own, like a company's */
    return subject->resolution->standing.recorded || subject->issuer.family.data;
}

static enum tscope_status
say_no_time(tscope_findings *findings, const struct tscope_check *check)
{
    return tscope_findings_unknown(findings, check, TSCOPE_REASON_NO_TIME, TSCOPE_CHANGES_STRENGTH,
                                   "the token has no iat, nbf or exp, so nobody knows for what time to ask");
}

static enum tscope_status
say_silent(tscope_findings *findings, const struct tscope_check *check, const struct record *record, int64_t at)
{
    return tscope_silence_say(findings, check, record->history, &record->life.extent, at,
                              record->history ? "no archive took complete sets of an endpoint that listed this key"
                                              : "no history at hand holds this key");
}

/* The claim that then was taken from. */
static struct tscope_evidence
evidence_of_then(const tscope_subject *subject)
{
    switch (subject->then_from) {
    case TSCOPE_THEN_IAT:
        return tscope_evidence_claim(subject, TSCOPE_CLAIM_IAT);
    case TSCOPE_THEN_NBF:
        return tscope_evidence_claim(subject, TSCOPE_CLAIM_NBF);
    case TSCOPE_THEN_EXP:
        return tscope_evidence_claim(subject, TSCOPE_CLAIM_EXP);
    case TSCOPE_THEN_UNKNOWN:
        break;
    }
    return (struct tscope_evidence){.part = TSCOPE_PART_NONE};
}

/* "last listed …, and missing from …": the sets that the answer rests on. */
static const char *
rests_on(const tscope_subject *subject, const struct tscope_presence_answer *answer)
{
    const struct tscope_history_endpoint *endpoint = &answer->history->endpoints[answer->endpoint];

    return tscope_words(subject, "%s, source %s, in %s", tscope_words_of(subject, endpoint->url.data ? endpoint->url : endpoint->id),
                        tscope_words_of(subject, answer->source), tscope_words_of_history(subject, answer->history));
}

/* Silent, unless a later sighting shows that the key was not gone yet. */
static enum tscope_status
doubt_retired(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings, int64_t at)
{
    struct record record = record_of(subject, at);

    return record.life.last >= at ? TSCOPE_OK : say_silent(findings, check, &record, at);
}

enum tscope_status
tscope_key_run_retired(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_presence_answer *answer = &subject->resolution->at_then;
    struct tscope_evidence evidence[2];

    if (!is_asked(subject))
        return TSCOPE_OK;
    if (subject->then == TSCOPE_TIME_NONE)
        return say_no_time(findings, check);
    if (answer->presence == TSCOPE_PRESENCE_UNKNOWN)
        return doubt_retired(check, subject, findings, subject->then);
    if (answer->presence != TSCOPE_PRESENCE_RETIRED || subject->then <= answer->after + RETIRED_SLACK)
        return TSCOPE_OK;
    evidence[0] = evidence_of_then(subject);
    evidence[1] = tscope_evidence_header(subject, TSCOPE_HEADER_KID);
    return tscope_findings_add_graded(findings, check, check->severity, check->proves, evidence, TSCOPE_COUNT(evidence),
                                      "dated %s, and signed with %s, which was listed for the last time on %s and missing from %s on: %s",
                                      tscope_subject_time(subject, subject->then), tscope_holder_words(subject),
                                      tscope_subject_time(subject, answer->before), tscope_subject_time(subject, answer->after),
                                      rests_on(subject, answer));
}

/* How long others let a token live only exp tells, and until then its key may sign no more and be right all the same. */
static bool
may_outlive_key(const tscope_subject *subject)
{
    if (tscope_span_is(subject->issuer.family, TSCOPE_FAMILY_ENTERPRISE))
        return false;
    return subject->exp == TSCOPE_TIME_NONE || subject->seen - DAY <= subject->exp;
}

enum tscope_status
tscope_key_run_stale_use(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_presence_answer *answer = &subject->resolution->at_seen;
    struct tscope_evidence evidence[2];

    if (subject->seen == TSCOPE_TIME_NONE || !is_asked(subject))
        return TSCOPE_OK;
    if (answer->presence == TSCOPE_PRESENCE_UNKNOWN)
        return doubt_retired(check, subject, findings, subject->seen);
    if (answer->presence != TSCOPE_PRESENCE_RETIRED || subject->seen <= answer->after + STALE_SLACK || may_outlive_key(subject))
        return TSCOPE_OK;
    evidence[0] = tscope_evidence_header(subject, TSCOPE_HEADER_KID);
    evidence[1] = evidence_of_then(subject);
    return tscope_findings_add_graded(findings, check, check->severity, check->proves, evidence, TSCOPE_COUNT(evidence),
                                      "seen in use on %s, when %s had been missing since %s (last listed %s), more than 52 hours: no token "
                                      "of this issuer outlives its key so far; %s",
                                      tscope_subject_time(subject, subject->seen), tscope_holder_words(subject),
                                      tscope_subject_time(subject, answer->after), tscope_subject_time(subject, answer->before),
                                      rests_on(subject, answer));
}

/* The latest time at which the token can have been signed by its own word: that of exp when only exp is said. */
static int64_t
latest_then(const tscope_subject *subject)
{
    return subject->then_from == TSCOPE_THEN_EXP ? subject->exp : subject->then;
}

static enum tscope_status
find_early_listing(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_presence_answer *answer = &subject->resolution->at_then;
    struct tscope_evidence evidence[2] = {evidence_of_then(subject), tscope_evidence_header(subject, TSCOPE_HEADER_KID)};

    if (latest_then(subject) >= answer->before - DAY)
        return tscope_findings_unknown(findings, check, TSCOPE_REASON_NO_TIME, TSCOPE_CHANGES_STRENGTH,
                                       "only exp says when the token was made, and that is too vague here");
    return tscope_findings_add_graded(
        findings, check, TSCOPE_SEVERITY_MEDIUM, check->proves, evidence, TSCOPE_COUNT(evidence),
        "dated %s, and signed with %s, which a complete set still lacked on %s and which was first listed on %s: %s",
        tscope_subject_time(subject, subject->then), tscope_holder_words(subject), tscope_subject_time(subject, answer->before),
        tscope_subject_time(subject, answer->after), rests_on(subject, answer));
}

static enum tscope_status
doubt_early(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    struct record record = record_of(subject, subject->then);

    if (record.life.first != TSCOPE_TIME_NONE && record.life.first <= subject->then)
        return TSCOPE_OK;
    return say_silent(findings, check, &record, subject->then);
}

/* Certificates of published keys are dated by their issuer; one that an examiner's file carries for a key of its own is nobody's promise.
 */
static bool
is_nobodys(const tscope_subject *subject)
{
    return !subject->resolution->standing.family.data;
}

static enum tscope_status
find_early_certificate(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_certificate *certificate = subject->resolution->standing.certificate;
    struct tscope_evidence evidence[2] = {evidence_of_then(subject), tscope_evidence_header(subject, TSCOPE_HEADER_KID)};
    bool own = is_nobodys(subject);

    return tscope_findings_add_graded(findings, check, own ? TSCOPE_SEVERITY_MEDIUM : check->severity, check->proves, evidence,
                                      TSCOPE_COUNT(evidence), "dated %s, before the certificate of %s begins (%s): %s; %s",
                                      tscope_subject_time(subject, subject->then), tscope_holder_words(subject),
                                      tscope_subject_time(subject, certificate->not_before),
                                      own ? "the key was not made yet, or its certificate was renewed over it" : "the key was not made yet",
                                      tscope_holder_grounds(subject));
}

enum tscope_status
tscope_key_run_early(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_certificate *certificate = subject->resolution->standing.certificate;

    if (!tscope_holder_is_known(subject) || (!certificate && !is_asked(subject)))
        return TSCOPE_OK;
    if (subject->then == TSCOPE_TIME_NONE)
        return say_no_time(findings, check);
    if (certificate && latest_then(subject) < certificate->not_before - SLACK)
        return find_early_certificate(check, subject, findings);
    if (!is_asked(subject))
        return TSCOPE_OK;
    switch (subject->resolution->at_then.presence) {
    case TSCOPE_PRESENCE_PUBLISHED:
    case TSCOPE_PRESENCE_RETIRED:
        return TSCOPE_OK;
    case TSCOPE_PRESENCE_EARLY:
        return find_early_listing(check, subject, findings);
    case TSCOPE_PRESENCE_UNKNOWN:
        break;
    }
    return doubt_early(check, subject, findings);
}

/*
 * The issuer had withdrawn the key by then, which only complete sets around that time show: where they are missing, it may have gone on
 * with a dead certificate, as issuers have. That excuse is the issuer's own: who signs for another with its dead key has none.
 */
static enum tscope_severity
severity_of_ended(const struct tscope_check *check, const tscope_subject *subject)
{
    const struct tscope_key *recorded = subject->resolution->standing.recorded;

    if (!recorded || is_nobodys(subject) || tscope_history_is_listed_since(recorded->history, recorded->history_key, subject->then))
        return TSCOPE_SEVERITY_MEDIUM;
    return tscope_holder_is_foreign(subject) || tscope_history_lacks(recorded->history, recorded->history_key, subject->then)
               ? check->severity
               : TSCOPE_SEVERITY_MEDIUM;
}

enum tscope_status
tscope_key_run_cert_exp(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const struct tscope_certificate *certificate = subject->resolution->standing.certificate;
    struct tscope_evidence evidence[2];
    bool listed = subject->resolution->at_then.presence == TSCOPE_PRESENCE_PUBLISHED;

    if (!tscope_holder_is_known(subject) || !certificate)
        return TSCOPE_OK;
    if (subject->then == TSCOPE_TIME_NONE)
        return say_no_time(findings, check);
    if (subject->then <= certificate->not_after + SLACK)
        return TSCOPE_OK;
    evidence[0] = evidence_of_then(subject);
    evidence[1] = tscope_evidence_header(subject, TSCOPE_HEADER_KID);
    return tscope_findings_add_graded(
        findings, check, severity_of_ended(check, subject), check->proves, evidence, TSCOPE_COUNT(evidence),
        "dated %s, after the certificate of %s ended (%s); %s: %s", tscope_subject_time(subject, subject->then),
        tscope_holder_words(subject), tscope_subject_time(subject, certificate->not_after),
        listed ? "complete sets still listed the key then" : "no complete set at hand lists the key for that time",
        listed ? rests_on(subject, &subject->resolution->at_then) : tscope_holder_grounds(subject));
}
