/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/holder.h"
#include "inspect/inspection.h"

#define SLACK 300
#define RETIRED_SLACK 3600
#define EARLY_SLACK 86400

/* Latest archived sighting of a key in its history. */
static int64_t
last_archived(const tscope_key *key)
{
    struct tscope_publication publications[16];
    size_t count = tscope_history_publications(key->history, key->history_key, publications, TSCOPE_COUNT(publications));
    int64_t last = TSCOPE_TIME_NONE;

    for (size_t i = 0; i < count && i < TSCOPE_COUNT(publications); i++) {
        if (publications[i].last > last)
            last = publications[i].last;
    }
    return last;
}

static int64_t
first_seen(const tscope_key *key)
{
    const struct tscope_history_key *row = &key->history->keys[key->history_key];
    int64_t first = INT64_MAX;

    for (uint32_t i = 0; i < row->sightings_len; i++) {
        int64_t at = key->history->sightings[row->sightings + i].at;

        if (at != TSCOPE_TIME_NONE && at < first)
            first = at;
    }
    return first;
}

/* What another history knows of the same material may contradict a claim of absence: then nothing is claimed. */
static bool
is_contradicted(const struct tscope_presence_answer *answer, const tscope_key *other, int64_t at)
{
    if (answer->presence == TSCOPE_PRESENCE_RETIRED)
        return last_archived(other) > answer->after;
    return first_seen(other) <= at;
}

/* All histories that hold the material answer together: published in one is published. */
static struct tscope_presence_answer
presence_of(const tscope_keyring *keyring, const tscope_key *key, int64_t at)
{
    struct tscope_presence_answer answer = {.presence = TSCOPE_PRESENCE_UNKNOWN, .endpoint = TSCOPE_HISTORY_NONE};
    uint32_t start = tscope_keyring_number(keyring, key), number = start;
    const tscope_key *claims = NULL;

    if (at == TSCOPE_TIME_NONE)
        return answer;
    do {
        const tscope_key *form = tscope_keyring_key(keyring, number);

        number = form->next_same;
        if (!form->history)
            continue;
        struct tscope_presence_answer heard = tscope_history_presence(form->history, form->history_key, at);

        if (heard.presence == TSCOPE_PRESENCE_PUBLISHED)
            return heard;
        if (heard.presence != TSCOPE_PRESENCE_UNKNOWN) {
            answer = heard;
            claims = form;
        }
    } while (number != start);
    for (number = start; claims;) {
        const tscope_key *form = tscope_keyring_key(keyring, number);

        if (form->history && form != claims && is_contradicted(&answer, form, at))
            return (struct tscope_presence_answer){.presence = TSCOPE_PRESENCE_UNKNOWN, .endpoint = TSCOPE_HISTORY_NONE};
        number = form->next_same;
        if (number == start)
            break;
    }
    return answer;
}

/* Dated sightings on both sides of a time, for keys without certificate. */
static bool
is_seen_around(const tscope_key *key, int64_t at)
{
    const struct tscope_history_key *row = &key->history->keys[key->history_key];
    bool before = false, after = false;

    for (uint32_t i = 0; i < row->sightings_len; i++) {
        int64_t seen = key->history->sightings[row->sightings + i].at;

        before |= seen != TSCOPE_TIME_NONE && seen <= at;
        after |= seen != TSCOPE_TIME_NONE && seen >= at;
    }
    return before && after;
}

static bool
is_past_certificate(const struct tscope_standing *standing, int64_t then)
{
    const struct tscope_certificate *certificate = standing->certificate;

    return certificate && then != TSCOPE_TIME_NONE && (then > certificate->not_after + SLACK || then < certificate->not_before - SLACK);
}

/* exp alone leaves open when within a token's life it was signed: that is early only if exp itself is. */
static bool
is_early(const tscope_subject *subject, const struct tscope_presence_answer *answer)
{
    int64_t latest = subject->then_from == TSCOPE_THEN_EXP ? subject->exp : subject->then;

    return answer->presence == TSCOPE_PRESENCE_EARLY && latest < answer->before - EARLY_SLACK;
}

/* A set taken later lists the key: its issuer went on with a dead certificate. */
static bool
is_listed_since(const struct tscope_standing *standing, int64_t then)
{
    const tscope_key *recorded = standing->recorded;

    return recorded && then > standing->certificate->not_after &&
           tscope_history_is_listed_since(recorded->history, recorded->history_key, then);
}

static bool
is_contradicting(const tscope_subject *subject, const struct tscope_resolution *resolution)
{
    int64_t then = subject->then;

    if (tscope_holder_is_foreign(subject) || is_early(subject, &resolution->at_then))
        return true;
    if (resolution->at_then.presence == TSCOPE_PRESENCE_RETIRED && then > resolution->at_then.after + RETIRED_SLACK)
        return true;
    if (resolution->at_then.presence == TSCOPE_PRESENCE_PUBLISHED || !is_past_certificate(&resolution->standing, then))
        return false;
    return !is_listed_since(&resolution->standing, then);
}

static enum tscope_entitlement
entitlement_of(const tscope_subject *subject, const struct tscope_resolution *resolution)
{
    const struct tscope_standing *standing = &resolution->standing;
    int64_t then = subject->then;
    bool family_right = resolution->right == TSCOPE_RIGHT_YES || resolution->right == TSCOPE_RIGHT_CLOUD;

    if (is_contradicting(subject, resolution))
        return TSCOPE_ENTITLEMENT_CONTRADICTED;
    if (family_right && then != TSCOPE_TIME_NONE && standing->recorded) {
        if (resolution->at_then.presence == TSCOPE_PRESENCE_PUBLISHED)
            return TSCOPE_ENTITLEMENT_ARCHIVED;
        if (standing->certificate ? !is_past_certificate(standing, then) : is_seen_around(standing->recorded, then))
            return TSCOPE_ENTITLEMENT_CONSISTENT;
    }
    if (resolution->right == TSCOPE_RIGHT_DOUBTED)
        return TSCOPE_ENTITLEMENT_UNKNOWN;
    return standing->given && resolution->right != TSCOPE_RIGHT_UNKNOWN ? TSCOPE_ENTITLEMENT_ASSERTED : TSCOPE_ENTITLEMENT_UNKNOWN;
}

void
tscope_entitle(const tscope_subject *subject, struct tscope_resolution *resolution)
{
    if (!resolution->key)
        return;
    resolution->at_then = presence_of(subject->keyring, resolution->key, subject->then);
    resolution->at_seen = presence_of(subject->keyring, resolution->key, subject->seen);
    resolution->entitlement = entitlement_of(subject, resolution);
}
