/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/holder.h"
#include "checks/keyset.h"

/* Keys of one kid that are looked at. */
#define SHARERS_MAX 16
/* Shorter names are numbers and dates, which issuers use again; longer ones are drawn or computed. */
#define DISTINCT_KID_MIN 16

/* A set that was copied into a test may hold somebody's own key under an issuer's name: only an archive's word counts. */
static bool
was_archived(const tscope_key *key)
{
    const struct tscope_history_key *row = &key->history->keys[key->history_key];

    for (uint32_t i = 0; i < row->sightings_len; i++) {
        if (key->history->sightings[row->sightings + i].kind == TSCOPE_SIGHTING_ARCHIVE)
            return true;
    }
    return false;
}

static bool
is_same(const tscope_key *a, const tscope_key *b)
{
    return memcmp(a->thumbprint, b->thumbprint, sizeof(a->thumbprint)) == 0;
}

/* The key that the token's issuer published under the kid of the one that was given and verifies; NULL: none, or it is that one. */
static const tscope_key *
published_as(const tscope_subject *subject, const tscope_key *key)
{
    const tscope_key *other, *found = NULL;
    uint32_t cursor = 0;

    for (size_t i = 0; i < SHARERS_MAX && (other = tscope_keyring_next_by_kid(subject->keyring, key->kid, &cursor)); i++) {
        struct tscope_standing standing;

        if (!other->history)
            continue;
        if (is_same(key, other))
            return NULL;
        standing = tscope_profile_standing(subject->profile, subject->keyring, other);
        if (tscope_profile_serves(subject->profile, &subject->issuer, &standing, other) && was_archived(other))
            found = other;
    }
    return found;
}

enum tscope_status
tscope_keyset_run_reuse(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings)
{
    const tscope_key *key = subject->resolution->key, *other = NULL;
    struct tscope_evidence evidence;
    bool distinct;

    if (key && !key->history && key->kid.data && tscope_keyring_shares_kid(subject->keyring, key) && subject->issuer.family.data &&
        !subject->resolution->standing.recorded)
        other = published_as(subject, key);
    if (!other)
        return tscope_keyset_run_token(check, subject, findings);
    distinct = key->kid.len >= DISTINCT_KID_MIN;
    evidence = tscope_evidence_header(subject, TSCOPE_HEADER_KID);
    return tscope_findings_add_graded(findings, check, distinct ? check->severity : TSCOPE_SEVERITY_MEDIUM, check->proves, &evidence, 1,
                                      "the key that verifies the token was given, and under its kid the issuer published another one (%s)",
                                      tscope_words_of_history(subject, other->history));
}
