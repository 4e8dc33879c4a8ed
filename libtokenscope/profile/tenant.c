/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include "core/text.h"

/*
 * Where every issuer of a provider has keys of its own, the family says nothing yet: what counts is for which issuer a key is
 * published, and that is what sets say, in histories and beside metadata.
 */

/* What the issuer that a key is published for has to do with the token's. */
enum bond { BOND_NONE, BOND_OTHER, BOND_SAME };

static bool
is_same(struct tscope_span a, struct tscope_span b)
{
    return a.data ? b.data && tscope_text_equal_fold(a, b) : !b.data;
}

/* Another domain may be any tenant's, and a template itself does not say whose the set is. */
static enum bond
bond_of_row(const struct tscope_issuer *issuer, const struct tscope_profile_issuer *row, const struct tscope_profile_match *match)
{
    struct tscope_span tenant;

    if (!row || !tscope_span_equal(row->family, issuer->family))
        return BOND_NONE;
    tenant = row->tenant.data ? row->tenant : match->tenant;
    if (!tenant.data && !match->host.data)
        return BOND_NONE;
    return is_same(tenant, issuer->tenant) && is_same(match->host, issuer->host) ? BOND_SAME : BOND_OTHER;
}

static enum bond
bond_of(const tscope_profile *profile, const struct tscope_issuer *issuer, struct tscope_span published_for)
{
    struct tscope_profile_match match;
    struct tscope_span tenant;

    if (!published_for.data)
        return BOND_NONE;
    if (tscope_profile_pattern_matches(published_for, issuer->text, &tenant))
        return BOND_SAME;
    return bond_of_row(issuer, tscope_profile_find_row(profile, published_for, &match), &match);
}

/* Of a set that was taken without metadata its address says whose it is. */
static enum bond
bond_of_endpoint(const tscope_profile *profile, const struct tscope_issuer *issuer, const struct tscope_history_endpoint *endpoint)
{
    struct tscope_profile_match match;

    if (endpoint->issuer.data || !endpoint->url.data)
        return bond_of(profile, issuer, endpoint->issuer);
    if (issuer->row && tscope_profile_set_is_of(issuer->row, issuer->text, endpoint->url))
        return BOND_SAME;
    return bond_of_row(issuer, tscope_profile_find_set(profile, endpoint->url, &match), &match);
}

/* The endpoints that one form of a key was seen at. More than that is nobody's key: then nothing is said. */
#define LISTINGS_MAX 64

struct listings {
    struct tscope_publication archived[LISTINGS_MAX];
    size_t archived_len;
    const struct tscope_history_sighting *sightings;
    uint32_t sightings_len;
};

static bool
read_listings(const struct tscope_key *form, struct listings *listings)
{
    const struct tscope_history_key *row = &form->history->keys[form->history_key];

    listings->archived_len = tscope_history_publications(form->history, form->history_key, listings->archived, LISTINGS_MAX);
    listings->sightings = row->sightings_len ? &form->history->sightings[row->sightings] : NULL;
    listings->sightings_len = row->sightings_len;
    return listings->archived_len <= LISTINGS_MAX;
}

/* The n-th of them; NONE behind the last. *ret_cited: somebody only says so. */
static uint32_t
listing(const struct listings *listings, size_t number, bool *ret_cited)
{
    *ret_cited = false;
    if (number < listings->archived_len)
        return listings->archived[number].endpoint;
    number -= listings->archived_len;
    *ret_cited = listings->sightings[number].kind == TSCOPE_SIGHTING_CITED;
    return listings->sightings[number].endpoint;
}

/* What all that is known of one form says; *ret_other gets another issuer that it is published for. */
static enum bond
bond_of_form(const tscope_profile *profile, const struct tscope_issuer *issuer, const struct tscope_key *form,
             struct tscope_span *ret_other)
{
    struct tscope_span given = form->issuer.data ? form->issuer : form->set_issuer;
    enum bond bond = bond_of(profile, issuer, given), strongest = bond;
    struct listings listings;

    if (bond == BOND_OTHER)
        *ret_other = given;
    if (!form->history || !read_listings(form, &listings))
        return strongest;
    for (size_t i = 0; i < listings.archived_len + listings.sightings_len && strongest != BOND_SAME; i++) {
        bool cited;
        uint32_t number = listing(&listings, i, &cited);
        const struct tscope_history_endpoint *endpoint;

        if (number == TSCOPE_HISTORY_NONE)
            continue;
        endpoint = &form->history->endpoints[number];
        bond = bond_of_endpoint(profile, issuer, endpoint);
        if (bond == BOND_OTHER && cited)
            continue;
        if (bond == BOND_OTHER)
            *ret_other = endpoint->issuer.data ? endpoint->issuer : endpoint->url;
        if (bond > strongest)
            strongest = bond;
    }
    return strongest;
}

static enum bond
bond_of_material(const tscope_profile *profile, const tscope_keyring *keyring, const struct tscope_issuer *issuer, const tscope_key *key,
                 struct tscope_span *ret_other)
{
    uint32_t start = tscope_keyring_number(keyring, key), number = start;
    size_t bound = tscope_keyring_count(keyring);
    enum bond strongest = BOND_NONE;

    do {
        const struct tscope_key *form = tscope_keyring_key(keyring, number);
        enum bond bond = bond_of_form(profile, issuer, form, ret_other);

        if (bond > strongest)
            strongest = bond;
        number = form->next_same;
    } while (strongest != BOND_SAME && number != start && bound-- > 0);
    return strongest;
}

/* A row for one tenant's other address has the sets of that tenant. */
static bool
is_set_of(const tscope_profile *profile, const struct tscope_issuer *issuer, struct tscope_span published_for)
{
    struct tscope_span tenant;

    if (!published_for.data)
        return false;
    return tscope_profile_pattern_matches(published_for, issuer->text, &tenant) ||
           (issuer->row->tenant.data && bond_of(profile, issuer, published_for) == BOND_SAME);
}

static bool
is_endpoint_of(const tscope_profile *profile, const struct tscope_issuer *issuer, const struct tscope_history_endpoint *endpoint)
{
    if (endpoint->issuer.data || !endpoint->url.data)
        return is_set_of(profile, issuer, endpoint->issuer);
    return tscope_profile_set_is_of(issuer->row, issuer->text, endpoint->url) ||
           (issuer->row->tenant.data && bond_of_endpoint(profile, issuer, endpoint) == BOND_SAME);
}

/* A complete set of the token's own issuer stands on both sides of that time, and as the key is none of its, lacks it. */
static bool
is_archived(const tscope_profile *profile, const tscope_keyring *keyring, const struct tscope_issuer *issuer, int64_t then)
{
    const struct tscope_history *const *histories;
    size_t histories_len = tscope_keyring_histories(keyring, &histories);

    for (size_t h = 0; h < histories_len && then != TSCOPE_TIME_NONE; h++) {
        for (uint32_t e = 0; e < histories[h]->endpoints_len; e++) {
            int64_t before, after;

            if (is_endpoint_of(profile, issuer, &histories[h]->endpoints[e]) &&
                tscope_history_covers(histories[h], e, then, &before, &after))
                return true;
        }
    }
    return false;
}

/* The caller gave keys of the token's own issuer, and this is none of them. */
static bool
is_given(const tscope_profile *profile, const tscope_keyring *keyring, const struct tscope_issuer *issuer)
{
    size_t count = tscope_keyring_count(keyring);

    for (size_t i = 0; i < count; i++) {
        const struct tscope_key *key = tscope_keyring_key(keyring, i);

        if (!key->history && is_set_of(profile, issuer, key->issuer.data ? key->issuer : key->set_issuer))
            return true;
    }
    return false;
}

/* A set that serves one family, whatever it calls it, is that of the token's issuer: names of families are not compared then. */
bool
tscope_profile_is_listed_for(const struct tscope_issuer *issuer, const struct tscope_key *form)
{
    struct listings listings;
    struct tscope_span tenant;

    if (!form->history || !read_listings(form, &listings))
        return false;
    for (size_t i = 0; i < listings.archived_len + listings.sightings_len; i++) {
        const struct tscope_history_endpoint *endpoint;
        bool cited;
        uint32_t number = listing(&listings, i, &cited);

        if (number == TSCOPE_HISTORY_NONE || cited)
            continue;
        endpoint = &form->history->endpoints[number];
        if (endpoint->issuer.data && endpoint->families_len <= 1 && tscope_profile_pattern_matches(endpoint->issuer, issuer->text, &tenant))
            return true;
    }
    return false;
}

static bool
is_listed_for(const tscope_keyring *keyring, const struct tscope_issuer *issuer, const tscope_key *key)
{
    uint32_t start = tscope_keyring_number(keyring, key), number = start;
    size_t bound = tscope_keyring_count(keyring);

    do {
        const struct tscope_key *form = tscope_keyring_key(keyring, number);

        if (tscope_profile_is_listed_for(issuer, form))
            return true;
        number = form->next_same;
    } while (number != start && bound-- > 0);
    return false;
}

static enum tscope_right
right_of_other(const tscope_profile *profile, const tscope_keyring *keyring, const struct tscope_issuer *issuer, int64_t then)
{
    if (issuer->row->keys == TSCOPE_PROFILE_KEYS_OWN || is_archived(profile, keyring, issuer, then))
        return TSCOPE_RIGHT_TENANT;
    return is_given(profile, keyring, issuer) ? TSCOPE_RIGHT_DOUBTED : TSCOPE_RIGHT_UNKNOWN;
}

bool
tscope_profile_is_of_tenant(const tscope_profile *profile, const struct tscope_issuer *issuer, const tscope_key *form)
{
    struct tscope_span other;

    return bond_of_form(profile, issuer, form, &other) == BOND_SAME;
}

enum tscope_right
tscope_profile_right_of_tenant(const tscope_profile *profile, const tscope_keyring *keyring, const struct tscope_issuer *issuer,
                               const tscope_key *key, int64_t then, enum tscope_right right, struct tscope_span *ret_other)
{
    struct tscope_span other = {NULL, 0};

    *ret_other = other;
    if (issuer->archived && (right == TSCOPE_RIGHT_UNKNOWN || right == TSCOPE_RIGHT_ASKED))
        return is_listed_for(keyring, issuer, key) ? TSCOPE_RIGHT_YES : right;
    if (!issuer->row || issuer->row->pools_len != 1)
        return right; /* what common sets hold is told apart by family */
    if (right == TSCOPE_RIGHT_FAMILY)
        return is_listed_for(keyring, issuer, key) ? TSCOPE_RIGHT_YES : right;
    if (right != TSCOPE_RIGHT_YES || issuer->row->keys == TSCOPE_PROFILE_KEYS_SHARED)
        return right;
    switch (bond_of_material(profile, keyring, issuer, key, &other)) {
    case BOND_SAME:
        return TSCOPE_RIGHT_YES;
    case BOND_OTHER:
        *ret_other = other;
        return right_of_other(profile, keyring, issuer, then);
    case BOND_NONE:
        break;
    }
    return TSCOPE_RIGHT_UNKNOWN;
}
