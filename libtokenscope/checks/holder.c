/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/holder.h"

#include "core/text.h"
#include "token/kind.h"

bool
tscope_holder_is_known(const tscope_subject *subject)
{
    return subject->resolution->status == TSCOPE_STATUS_VERIFIED && subject->resolution->key;
}

bool
tscope_holder_is_family(const tscope_subject *subject, const char *family)
{
    return tscope_holder_is_known(subject) && subject->resolution->standing.family.data &&
           tscope_span_is(subject->resolution->standing.family, family);
}

bool
tscope_holder_is_proven(const tscope_subject *subject)
{
    return subject->resolution->standing.from >= TSCOPE_FAMILY_FROM_ENDPOINT;
}

bool
tscope_holder_names_enterprise(const tscope_subject *subject)
{
    return subject->tid.data && tscope_text_is_guid(subject->tid, NULL) &&
           !tscope_text_equal_fold(subject->tid, TSCOPE_SPAN(TSCOPE_CONSUMER_TENANT));
}

/* "GUID@TENANT": the issuer of tokens with which services of a tenant speak to one another. */
static bool
is_service_of_enterprise(struct tscope_span iss)
{
    const struct tscope_span consumer = TSCOPE_SPAN(TSCOPE_CONSUMER_TENANT);
    bool unused;

    return tscope_issuer_shape_of(iss, &unused) == TSCOPE_ISSUER_SERVICE &&
           !tscope_text_equal_fold(tscope_span_of(iss.data + iss.len - consumer.len, consumer.len), consumer);
}

bool
tscope_holder_is_consumer_on_enterprise(const tscope_subject *subject)
{
    struct tscope_span family = subject->issuer.family;

    if (!tscope_holder_is_family(subject, TSCOPE_FAMILY_CONSUMER))
        return false;
    if (family.data && tscope_span_is(family, TSCOPE_FAMILY_ENTERPRISE))
        return true;
    if (family.data && !tscope_span_is(family, TSCOPE_FAMILY_CONSUMER))
        return false; /* another provider's tid is a word of its own */
    return tscope_holder_names_enterprise(subject) || (!family.data && is_service_of_enterprise(subject->iss));
}

static bool
is_template(struct tscope_span issuer)
{
    return issuer.data && tscope_text_find(issuer, TSCOPE_SPAN("{tenantid}")) != SIZE_MAX;
}

/* The tenant of a key whose every published form in its history has the issuer of one tenant; data NULL: it is not like that. */
static struct tscope_span
sole_tenant(const tscope_subject *subject, const tscope_key *recorded)
{
    const struct tscope_span none = {NULL, 0};
    const struct tscope_history *history = recorded->history;
    struct tscope_span tenant = none;
    const uint32_t *forms;
    uint32_t count = tscope_history_find_thumbprint(history, recorded->thumbprint, &forms);

    for (uint32_t i = 0; i < count; i++) {
        struct tscope_issuer issuer;

        if (is_template(history->keys[forms[i]].issuer))
            return none; /* as almost all are */
        issuer = tscope_profile_issuer_of(subject->profile, subject->keyring, history->keys[forms[i]].issuer);
        if (!issuer.row || !issuer.tenant.data || (tenant.data && !tscope_text_equal_fold(tenant, issuer.tenant)))
            return none;
        tenant = issuer.tenant;
    }
    return tenant;
}

/* A set that all tenants share, of an issuer like the token's, was complete at that time and lacked the key. */
static bool
is_lacking_in_shared(const tscope_subject *subject, const struct tscope_history *history, struct tscope_span kid, int64_t at)
{
    for (uint32_t e = 0; e < history->endpoints_len; e++) {
        struct tscope_span issuer = history->endpoints[e].issuer, tenant;
        int64_t before, after;

        if (is_template(issuer) && tscope_profile_pattern_matches(issuer, subject->iss, &tenant) &&
            tscope_history_covers(history, e, at, &before, &after))
            return !tscope_history_lists_kid(history, e, kid, at);
    }
    return false;
}

static bool
is_tenant_only(const tscope_subject *subject, const struct tscope_history *history, const struct tscope_history_key *row)
{
    bool shown = false;

    for (uint32_t i = 0; i < row->sightings_len; i++) {
        const struct tscope_history_sighting *sighting = &history->sightings[row->sightings + i];
        struct tscope_span issuer;

        if (sighting->endpoint == TSCOPE_HISTORY_NONE)
            continue;
        issuer = history->endpoints[sighting->endpoint].issuer;
        if (!issuer.data || is_template(issuer))
            return false;
        if (sighting->kind == TSCOPE_SIGHTING_ARCHIVE && sighting->at != TSCOPE_TIME_NONE)
            shown |= is_lacking_in_shared(subject, history, row->kid, sighting->at);
    }
    return shown;
}

bool
tscope_holder_is_of_other_tenant(const tscope_subject *subject)
{
    const tscope_key *recorded = subject->resolution->standing.recorded;
    struct tscope_span tenant;

    if (!tscope_holder_is_known(subject) || !recorded || !subject->issuer.row || !subject->issuer.tenant.data)
        return false;
    if (subject->resolution->right != TSCOPE_RIGHT_YES && subject->resolution->right != TSCOPE_RIGHT_CLOUD)
        return false;
    tenant = sole_tenant(subject, recorded);
    if (!tenant.data || tscope_text_equal_fold(tenant, subject->issuer.tenant))
        return false;
    return is_tenant_only(subject, recorded->history, &recorded->history->keys[recorded->history_key]);
}

bool
tscope_holder_is_foreign(const tscope_subject *subject)
{
    if (!tscope_holder_is_known(subject))
        return false;
    return subject->resolution->right == TSCOPE_RIGHT_FAMILY || subject->resolution->right == TSCOPE_RIGHT_TEST ||
           subject->resolution->right == TSCOPE_RIGHT_TENANT || tscope_holder_is_consumer_on_enterprise(subject) ||
           tscope_holder_is_of_other_tenant(subject);
}
