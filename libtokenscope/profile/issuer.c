/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include "core/json.h"
#include "core/plain.h"
#include "core/text.h"

/* Whose an issuer is, and what only looks like one. */

#define OWN_ISSUER_MAX 256 /* bytes of an issuer that is one tenant's */
#define GUID_LEN 36

/* The first row whose host ends like that. */
static size_t
find_end(const struct tscope_profile_index *index, struct tscope_span end)
{
    size_t low = 0, high = index->places_len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (tscope_span_compare(index->places[middle].end, end) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct tscope_profile_issuer *
find_place(const struct tscope_profile_index *index, struct tscope_span text, struct tscope_profile_match *ret_match)
{
    struct tscope_span end = tscope_profile_host_end(text);

    for (size_t i = find_end(index, end); i < index->places_len && tscope_span_compare(index->places[i].end, end) == 0; i++) {
        if (tscope_profile_place_matches(&index->places[i], text, ret_match))
            return index->places[i].row;
    }
    for (size_t i = 0; i < index->anywhere_len; i++) {
        if (tscope_profile_row_matches(index->anywhere[i].pattern, text, ret_match))
            return index->anywhere[i].row;
    }
    return NULL;
}

const struct tscope_profile_issuer *
tscope_profile_find_row(const tscope_profile *profile, struct tscope_span iss, struct tscope_profile_match *ret_match)
{
    return find_place(&profile->issuers, iss, ret_match);
}

const struct tscope_profile_issuer *
tscope_profile_find_set(const tscope_profile *profile, struct tscope_span url, struct tscope_profile_match *ret_match)
{
    return find_place(&profile->sets, url, ret_match);
}

/* An endpoint of several families does not say whose the issuer is; one of none was taken by somebody who knew only the issuer. */
static void
hear_archives(const tscope_keyring *keyring, struct tscope_span iss, struct tscope_issuer *issuer)
{
    const uint32_t host = tscope_issuer_host_mark(iss);
    const struct tscope_ring_endpoint *asked;
    size_t cursor = 0;

    while ((asked = tscope_keyring_next_endpoint(keyring, host, &cursor))) {
        const struct tscope_history_endpoint *endpoint = &asked->history->endpoints[asked->endpoint];
        struct tscope_span tenant;

        if (!endpoint->issuer.data || endpoint->families_len > 1)
            continue;
        if (!tscope_profile_pattern_matches(endpoint->issuer, iss, &tenant))
            continue;
        issuer->tenant = tenant;
        issuer->archived = endpoint->families_len == 0;
        if (issuer->archived)
            continue;
        issuer->family = endpoint->families[0];
        issuer->cloud = TSCOPE_CLOUD_PUBLIC;
        return;
    }
}

/*
 * A GUID has no case, and the row of one tenant is no other tenant's: of a tenant in capitals that a template stands for, the row that the
 * same issuer has in lower case. NULL: there is none but the template's.
 */
static const struct tscope_profile_issuer *
find_own_row(const tscope_profile *profile, struct tscope_span iss, struct tscope_span tenant)
{
    uint8_t text[OWN_ISSUER_MAX];
    struct tscope_profile_match match;
    const struct tscope_profile_issuer *row;
    size_t at;

    if (tenant.len != GUID_LEN || iss.len > sizeof(text) ||
        !(tscope_plain_has_capital(tenant.data, 16) || tscope_plain_has_capital(tenant.data + 16, 16) ||
          tscope_plain_has_capital(tenant.data + GUID_LEN - 16, 16)) ||
        !tscope_text_is_guid(tenant, NULL))
        return NULL;
    at = (size_t)(tenant.data - iss.data);
    memcpy(text, iss.data, iss.len);
    for (size_t i = at; i < at + GUID_LEN; i++)
        text[i] |= 0x20; /* digits and dashes have that bit already */
    row = tscope_profile_find_row(profile, tscope_span_of(text, iss.len), &match);
    return row && tscope_span_equal(row->pattern, tscope_span_of(text, iss.len)) ? row : NULL;
}

struct tscope_issuer
tscope_profile_issuer_of(const tscope_profile *profile, const tscope_keyring *keyring, struct tscope_span iss)
{
    struct tscope_issuer issuer = {.text = iss};
    struct tscope_profile_match match;
    const struct tscope_profile_issuer *own;

    if (!iss.data)
        return issuer;
    issuer.row = tscope_profile_find_row(profile, iss, &match);
    own = issuer.row ? find_own_row(profile, iss, match.tenant) : NULL;
    if (own)
        issuer.row = own;
    if (!issuer.row) {
        hear_archives(keyring, iss, &issuer);
        return issuer;
    }
    if (issuer.row->keys != TSCOPE_PROFILE_KEYS_UNKNOWN)
        issuer.family = issuer.row->family;
    issuer.cloud = issuer.row->cloud;
    issuer.tenant = issuer.row->tenant.data ? issuer.row->tenant : match.tenant;
    issuer.host = match.host;
    return issuer;
}

/* A view of one text as the same view of its equal; of anything else it stays what it is. */
static struct tscope_span
moved(struct tscope_span view, struct tscope_span from, struct tscope_span to)
{
    uintptr_t offset = (uintptr_t)view.data - (uintptr_t)from.data;

    return view.data && offset <= from.len ? tscope_span_of(to.data + offset, view.len) : view;
}

static struct tscope_issuer
in_text(struct tscope_issuer issuer, struct tscope_span text)
{
    issuer.tenant = moved(issuer.tenant, issuer.text, text);
    issuer.host = moved(issuer.host, issuer.text, text);
    issuer.text = text;
    return issuer;
}

struct tscope_issuer
tscope_profile_issuer_again(struct tscope_issuer_memory *memory, const tscope_profile *profile, const tscope_keyring *keyring,
                            struct tscope_span iss)
{
    struct tscope_remembered_issuer *place;
    struct tscope_issuer issuer;

    if (iss.len == 0 || iss.len > TSCOPE_ISSUER_REMEMBERED_MAX)
        return tscope_profile_issuer_of(profile, keyring, iss);
    place = &memory->places[tscope_hash32(iss.data, iss.len) % TSCOPE_ISSUERS_REMEMBERED];
    if (tscope_span_equal(place->issuer.text, iss))
        return in_text(place->issuer, iss);
    issuer = tscope_profile_issuer_of(profile, keyring, iss);
    memcpy(place->text, iss.data, iss.len);
    place->issuer = in_text(issuer, tscope_span_of(place->text, iss.len));
    return issuer;
}

bool
tscope_profile_publishes_at(const struct tscope_profile_issuer *row, struct tscope_span url)
{
    struct tscope_profile_match match;

    return row && row->jwks.data && tscope_profile_row_matches(row->jwks, url, &match);
}

/* How the text resembles one known host; NULL: not at all. */
static const char *
resemblance(const struct tscope_profile_host *known, struct tscope_span iss, struct tscope_span origin)
{
    struct tscope_span host = origin.data ? tscope_profile_host(origin) : origin;
    size_t found;

    if (tscope_span_equal(origin, known->origin))
        return NULL; /* the host itself: its other paths are its own affair */
    if (tscope_text_equal_fold(origin, known->origin))
        return "its scheme and host are written in another case";
    if (origin.data && tscope_text_equal_fold(host, known->host))
        return "the host has another scheme in front of it";
    if (origin.data && tscope_text_starts_with_fold(host, known->host) && (!known->is_short || host.data[known->host.len] == '.'))
        return "its host only begins like the known one";
    if (origin.data && tscope_text_find(host, TSCOPE_SPAN("@")) != SIZE_MAX && tscope_text_find(origin, known->host) != SIZE_MAX)
        return "the known host stands in front of an '@'";
    found = tscope_text_find(iss, known->origin);
    if (found != SIZE_MAX && (found > 0 || !known->is_short)) /* "gitlab.company.example" is a name like any other */
        return "the known issuer stands inside another text";
    if (origin.data && !known->is_short && tscope_text_ends_with(host, known->host) && host.len > known->host.len &&
        host.data[host.len - known->host.len - 1] != '.')
        return "its host only ends like the known one";
    return NULL;
}

const char *
tscope_profile_near_miss(const tscope_profile *profile, struct tscope_span iss, const struct tscope_profile_issuer **ret_row)
{
    struct tscope_span origin = tscope_profile_origin(iss);
    uint64_t pairs = tscope_profile_pairs(iss);

    *ret_row = NULL;
    for (size_t i = 0; i < profile->hosts_len; i++) {
        const char *why = NULL;

        if ((profile->hosts[i].pairs & ~pairs) == 0) /* else the text cannot hold the host: asked of each token of unknown issuers */
            why = resemblance(&profile->hosts[i], iss, origin);
        if (why) {
            *ret_row = profile->hosts[i].row;
            return why;
        }
    }
    return NULL;
}
