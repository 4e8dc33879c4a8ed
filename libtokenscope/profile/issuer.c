/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include "core/text.h"

static const struct tscope_span template = {(const uint8_t *)"{tenantid}", 10};

/* Where the template stands; SIZE_MAX: nowhere. Asked of each row for each token, and a brace is rare. */
static size_t
find_template(struct tscope_span pattern)
{
    const uint8_t *brace = pattern.data ? memchr(pattern.data, '{', pattern.len) : NULL;
    size_t at = brace ? (size_t)(brace - pattern.data) : 0, found;

    if (!brace)
        return SIZE_MAX;
    if (tscope_text_starts_with(tscope_span_of(brace, pattern.len - at), template))
        return at;
    found = tscope_text_find(tscope_span_of(brace, pattern.len - at), template);
    return found == SIZE_MAX ? found : at + found;
}

/* Told by two bytes, the first of the host and the last: most rows end here for most tokens. */
static bool
may_match(struct tscope_span pattern, struct tscope_span text)
{
    const size_t host = sizeof("https://") - 1;
    uint8_t last;

    if (pattern.len <= host || text.len <= host)
        return true;
    last = pattern.data[pattern.len - 1];
    return (pattern.data[host] == text.data[host] || memchr(pattern.data, '{', host + 1)) &&
           (last == text.data[text.len - 1] || last == '}');
}

bool
tscope_profile_pattern_matches(struct tscope_span pattern, struct tscope_span text, struct tscope_span *ret_tenant)
{
    size_t at;
    struct tscope_span before, after, tenant;

    *ret_tenant = (struct tscope_span){NULL, 0};
    if (!may_match(pattern, text))
        return false;
    at = find_template(pattern);
    if (at == SIZE_MAX || tscope_span_equal(pattern, text))
        return tscope_span_equal(pattern, text);
    before = tscope_span_of(pattern.data, at);
    after = tscope_span_of(pattern.data + at + template.len, pattern.len - at - template.len);
    if (text.len <= before.len + after.len || !tscope_text_starts_with(text, before) || !tscope_text_ends_with(text, after))
        return false;
    tenant = tscope_span_of(text.data + before.len, text.len - before.len - after.len);
    if (memchr(tenant.data, '/', tenant.len) || memchr(tenant.data, '?', tenant.len) || memchr(tenant.data, '#', tenant.len))
        return false;
    *ret_tenant = tenant;
    return true;
}

/* The tenant of a row for one tenant alone stands in its pattern. */
static struct tscope_span
tenant_of(const struct tscope_profile_issuer *row, struct tscope_span iss, struct tscope_span matched)
{
    const struct tscope_span consumer = TSCOPE_SPAN(TSCOPE_CONSUMER_TENANT);
    size_t at;

    if (matched.data)
        return matched;
    at = tscope_text_find(row->pattern, consumer);
    return at == SIZE_MAX ? matched : tscope_span_of(iss.data + at, consumer.len);
}

static bool
endpoint_serves(const tscope_keyring *keyring, struct tscope_span iss, struct tscope_issuer *issuer)
{
    const struct tscope_history *const *histories;
    size_t histories_len = tscope_keyring_histories(keyring, &histories);

    for (size_t h = 0; h < histories_len; h++) {
        for (uint32_t e = 0; e < histories[h]->endpoints_len; e++) {
            const struct tscope_history_endpoint *endpoint = &histories[h]->endpoints[e];
            struct tscope_span tenant;

            if (!endpoint->issuer.data || endpoint->families_len != 1)
                continue; /* an endpoint of several families does not say whose the issuer is */
            if (!tscope_profile_pattern_matches(endpoint->issuer, iss, &tenant))
                continue;
            issuer->family = endpoint->families[0];
            issuer->cloud = TSCOPE_CLOUD_PUBLIC;
            issuer->tenant = tenant;
            return true;
        }
    }
    return false;
}

struct tscope_issuer
tscope_profile_issuer_of(const tscope_profile *profile, const tscope_keyring *keyring, struct tscope_span iss)
{
    struct tscope_issuer issuer = {0};

    if (!iss.data)
        return issuer;
    for (size_t i = 0; i < profile->table->issuers_len; i++) {
        const struct tscope_profile_issuer *row = &profile->table->issuers[i];
        struct tscope_span tenant;

        if (!tscope_profile_pattern_matches(row->pattern, iss, &tenant))
            continue;
        issuer.row = row;
        issuer.family = row->family;
        issuer.cloud = row->cloud;
        issuer.tenant = tenant_of(row, iss, tenant);
        return issuer;
    }
    endpoint_serves(keyring, iss, &issuer);
    return issuer;
}

/* scheme://host of a URL: up to the first '/', '?' or '#' behind "://". */
static struct tscope_span
origin_of(struct tscope_span url)
{
    size_t at = tscope_text_find(url, TSCOPE_SPAN("://"));
    size_t end;

    if (at == SIZE_MAX)
        return (struct tscope_span){NULL, 0};
    for (end = at + 3; end < url.len && url.data[end] != '/' && url.data[end] != '?' && url.data[end] != '#'; end++)
        ;
    return tscope_span_of(url.data, end);
}

static struct tscope_span
host_of(struct tscope_span origin)
{
    size_t at = tscope_text_find(origin, TSCOPE_SPAN("://")) + 3;

    return tscope_span_of(origin.data + at, origin.len - at);
}

const char *
tscope_profile_near_miss(const tscope_profile *profile, struct tscope_span iss, const struct tscope_profile_issuer **ret_row)
{
    struct tscope_span origin = origin_of(iss);

    for (size_t i = 0; i < profile->table->issuers_len; i++) {
        const struct tscope_profile_issuer *row = &profile->table->issuers[i];
        struct tscope_span known = origin_of(row->pattern);
        struct tscope_span host = host_of(known);

        *ret_row = row;
        if (tscope_span_equal(origin, known))
            continue; /* the host itself: its other paths are its own affair */
        if (tscope_text_equal_fold(origin, known))
            return "its scheme and host are written in another case";
        if (origin.data && tscope_text_equal_fold(host_of(origin), host))
            return "the host has another scheme in front of it";
        if (origin.data && tscope_text_starts_with_fold(host_of(origin), host))
            return "its host only begins like the known one";
        if (origin.data && tscope_text_find(host_of(origin), TSCOPE_SPAN("@")) != SIZE_MAX && tscope_text_find(origin, host) != SIZE_MAX)
            return "the known host stands in front of an '@'";
        if (tscope_text_find(iss, known) != SIZE_MAX)
            return "the known issuer stands inside another text";
        if (origin.data && tscope_text_ends_with(host_of(origin), host) && host_of(origin).len > host.len &&
            host_of(origin).data[host_of(origin).len - host.len - 1] != '.')
            return "its host only ends like the known one";
    }
    *ret_row = NULL;
    return NULL;
}
