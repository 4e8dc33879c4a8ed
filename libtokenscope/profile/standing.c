/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include "core/alloc.h"
#include "core/text.h"

/* Takes a statement on the family if it is stronger than what is known so far. */
static void
claim_family(struct tscope_standing *standing, struct tscope_span family, enum tscope_cloud cloud, enum tscope_family_from from)
{
    if (!family.data || from <= standing->from)
        return;
    standing->family = family;
    standing->from = from;
    if (cloud != TSCOPE_CLOUD_UNKNOWN)
        standing->cloud = cloud;
}

static enum tscope_cloud
instance_cloud(const tscope_profile *profile, struct tscope_span name)
{
    for (size_t t = 0; name.data && t < profile->tables_len; t++) {
        for (size_t i = 0; i < profile->tables[t]->instances_len; i++) {
            if (tscope_span_equal(profile->tables[t]->instances[i].name, name))
                return profile->tables[t]->instances[i].cloud;
        }
    }
    return TSCOPE_CLOUD_UNKNOWN;
}

static const struct tscope_profile_subject *
subject_row(const tscope_profile *profile, struct tscope_span subject)
{
    for (size_t t = 0; t < profile->tables_len; t++) {
        for (size_t i = 0; i < profile->tables[t]->subjects_len; i++) {
            if (tscope_span_equal(profile->tables[t]->subjects[i].subject, subject))
                return &profile->tables[t]->subjects[i];
        }
    }
    return NULL;
}

/* A set that is the issuer's, of a provider whose sets hold one family, says which it is. */
static void
hear_set(struct tscope_standing *standing, const struct tscope_profile_issuer *row)
{
    if (row && row->pools_len == 1 && row->keys != TSCOPE_PROFILE_KEYS_UNKNOWN)
        claim_family(standing, row->family, TSCOPE_CLOUD_UNKNOWN, TSCOPE_FAMILY_FROM_ENDPOINT);
}

static void
hear_set_issuer(struct tscope_standing *standing, const tscope_profile *profile, struct tscope_span issuer)
{
    struct tscope_profile_match match;

    hear_set(standing, tscope_profile_find_row(profile, issuer, &match));
}

/* Of a set that was taken without metadata its address says the same. */
static void
hear_endpoint(struct tscope_standing *standing, const tscope_profile *profile, const struct tscope_history_endpoint *endpoint)
{
    struct tscope_profile_match match;

    if (endpoint->issuer.data)
        hear_set_issuer(standing, profile, endpoint->issuer);
    else if (endpoint->url.data)
        hear_set(standing, tscope_profile_find_set(profile, endpoint->url, &match));
}

/* A history need not name families: whoever took the sets may have known no more than whose they are. */
static void
hear_endpoints(struct tscope_standing *standing, const tscope_profile *profile, const struct tscope_key *key)
{
    const struct tscope_history *history = key->history;
    const struct tscope_history_key *row = &history->keys[key->history_key];
    struct tscope_publication publications[8];
    size_t count = tscope_history_publications(history, key->history_key, publications, TSCOPE_COUNT(publications));

    for (size_t i = 0; i < count && i < TSCOPE_COUNT(publications); i++)
        hear_endpoint(standing, profile, &history->endpoints[publications[i].endpoint]);
    for (uint32_t i = 0; i < row->sightings_len; i++) {
        const struct tscope_history_sighting *sighting = &history->sightings[row->sightings + i];

        if (sighting->endpoint != TSCOPE_HISTORY_NONE && sighting->kind == TSCOPE_SIGHTING_SAMPLE)
            hear_endpoint(standing, profile, &history->endpoints[sighting->endpoint]);
    }
}

static void
hear_subject(struct tscope_standing *standing, const struct tscope_profile_subject *row)
{
    if (!row)
        return;
    claim_family(standing, row->family, row->cloud, TSCOPE_FAMILY_FROM_SUBJECT);
    if (standing->cloud == TSCOPE_CLOUD_UNKNOWN)
        standing->cloud = row->cloud;
}

static void
hear_history(struct tscope_standing *standing, const tscope_profile *profile, const struct tscope_key *key)
{
    const struct tscope_history_key *row = &key->history->keys[key->history_key];
    bool noticed = row->notice != TSCOPE_HISTORY_NONE;

    if (!row->family.data)
        hear_endpoints(standing, profile, key);
    claim_family(standing, row->family, row->cloud, row->family_from);
    if (standing->cloud == TSCOPE_CLOUD_UNKNOWN)
        standing->cloud = row->cloud;
    if (!standing->recorded || (noticed && !standing->notice))
        standing->recorded = key;
    if (noticed && !standing->notice)
        standing->notice = &key->history->notices[row->notice];
}

static void
hear_form(struct tscope_standing *standing, const tscope_profile *profile, const tscope_keyring *keyring, const struct tscope_key *key)
{
    if (key->issuer.data) {
        struct tscope_issuer issuer = tscope_profile_issuer_of(profile, keyring, key->issuer);

        claim_family(standing, issuer.family, TSCOPE_CLOUD_UNKNOWN, TSCOPE_FAMILY_FROM_ISSUER);
        standing->issuer = key->issuer;
    } else if (key->set_issuer.data) {
        hear_set_issuer(standing, profile, key->set_issuer);
        if (!standing->issuer.data)
            standing->issuer = key->set_issuer;
    }
    if (key->history)
        hear_history(standing, profile, key);
    else
        standing->given = true;
    if (standing->cloud == TSCOPE_CLOUD_UNKNOWN)
        standing->cloud = instance_cloud(profile, key->cloud_instance_name);
}

/*
 * One key may stand in a set any number of times, and everybody who asks about each key of the set hears all of its forms: more
 * than these are not heard, except those of histories, which say whose it is.
 */
static void
hear_forms(struct tscope_standing *standing, const tscope_profile *profile, const tscope_keyring *keyring, const tscope_key *key)
{
    uint32_t start = tscope_keyring_number(keyring, key), number = start;
    size_t bound = TSCOPE_STANDING_FORMS_MAX;

    do {
        const struct tscope_key *form = tscope_keyring_key(keyring, number);

        hear_form(standing, profile, keyring, form);
        number = form->next_same;
    } while (number != start && --bound > 0);
    if (number == start)
        return;
    bound = TSCOPE_STANDING_FORMS_MAX;
    for (number = key->first_same; bound > 0 && tscope_keyring_key(keyring, number)->history; bound--) {
        hear_form(standing, profile, keyring, tscope_keyring_key(keyring, number));
        number = tscope_keyring_key(keyring, number)->next_same;
    }
}

struct tscope_standing
tscope_profile_standing(const tscope_profile *profile, const tscope_keyring *keyring, const tscope_key *key)
{
    struct tscope_standing standing = {0};

    hear_forms(&standing, profile, keyring, key);
    standing.certificate = standing.recorded ? standing.recorded->certificate : NULL;
    if (!standing.certificate || !standing.certificate->der.data)
        standing.certificate = tscope_keyring_certificate(keyring, key);
    if (standing.certificate)
        hear_subject(&standing, subject_row(profile, standing.certificate->subject));
    if (!standing.family.data && standing.given)
        standing.from = TSCOPE_FAMILY_FROM_CALLER;
    return standing;
}

bool
tscope_profile_serves(const tscope_profile *profile, const struct tscope_issuer *issuer, const struct tscope_standing *standing,
                      const tscope_key *key)
{
    if (issuer->archived && tscope_profile_is_listed_for(issuer, key))
        return true;
    if (!standing->family.data || !issuer->family.data)
        return false;
    if (!issuer->row)
        return tscope_span_equal(issuer->family, standing->family);
    if (issuer->row->keys != TSCOPE_PROFILE_KEYS_SHARED && !tscope_profile_is_of_tenant(profile, issuer, key))
        return false;
    for (size_t i = 0; i < issuer->row->pools_len; i++) {
        const struct tscope_profile_pool *pool = &issuer->row->pools[i];

        if (tscope_span_equal(pool->family, standing->family) &&
            (pool->cloud == standing->cloud || standing->cloud == TSCOPE_CLOUD_UNKNOWN))
            return true;
    }
    return false;
}

/* The examiner gave the key: it counts as the issuer's unless its set names another one. */
static enum tscope_right
right_of_given(struct tscope_span iss, const struct tscope_standing *standing)
{
    struct tscope_span tenant;

    if (!standing->given)
        return TSCOPE_RIGHT_UNKNOWN;
    if (!standing->issuer.data || !iss.data || tscope_profile_pattern_matches(standing->issuer, iss, &tenant))
        return TSCOPE_RIGHT_ASKED;
    return TSCOPE_RIGHT_UNKNOWN;
}

enum tscope_right
tscope_profile_right(const tscope_profile *profile, const struct tscope_issuer *issuer, struct tscope_span iss,
                     const struct tscope_standing *standing)
{
    bool test_key = standing->cloud == TSCOPE_CLOUD_PRE_PRODUCTION;

    (void)profile;
    if (!standing->family.data || !issuer->family.data)
        return right_of_given(iss, standing);
    if (!tscope_span_equal(standing->family, issuer->family))
        return TSCOPE_RIGHT_FAMILY;
    if (!issuer->row || standing->cloud == TSCOPE_CLOUD_UNKNOWN)
        return TSCOPE_RIGHT_YES;
    if (test_key && issuer->row->production)
        return TSCOPE_RIGHT_TEST;
    if (standing->cloud != issuer->cloud && !issuer->row->cloud_shared)
        return TSCOPE_RIGHT_CLOUD;
    return TSCOPE_RIGHT_YES;
}
