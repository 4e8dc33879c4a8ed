/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include "core/text.h"

/* What stands for what in the issuers of profiles, of histories and of keys. */

#define PLACEHOLDERS_MAX 4

static const struct tscope_span template = {(const uint8_t *)"{tenantid}", 10};

static struct tscope_span
behind(struct tscope_span text, size_t offset)
{
    return tscope_span_of(text.data + offset, text.len - offset);
}

/* Where the template stands; SIZE_MAX: nowhere. Asked of each row for each token, and a brace is rare. */
static size_t
find_template(struct tscope_span pattern)
{
    const uint8_t *brace = pattern.data ? memchr(pattern.data, '{', pattern.len) : NULL;
    size_t at = brace ? (size_t)(brace - pattern.data) : 0, found;

    if (!brace)
        return SIZE_MAX;
    if (tscope_text_starts_with(behind(pattern, at), template))
        return at;
    found = tscope_text_find(behind(pattern, at), template);
    return found == SIZE_MAX ? found : at + found;
}

/* A GUID, as nearly all are, or at least one segment of a path. */
static bool
is_tenant(struct tscope_span text)
{
    return tscope_text_is_guid(text, NULL) ||
           !(memchr(text.data, '/', text.len) || memchr(text.data, '?', text.len) || memchr(text.data, '#', text.len));
}

/* The same beginning, as much as is in front of the template, and the same end; *ret_tenant is data NULL before. */
static bool
matches_around(struct tscope_span pattern, size_t at, struct tscope_span text, struct tscope_span *ret_tenant)
{
    const struct tscope_span after = behind(pattern, at + template.len);
    struct tscope_span tenant;

    if (text.len <= at + after.len || memcmp(text.data, pattern.data, at) != 0 || !tscope_text_ends_with(text, after))
        return false;
    tenant = tscope_span_of(text.data + at, text.len - at - after.len);
    if (tscope_span_equal(tenant, template))
        return true; /* the template itself */
    if (!is_tenant(tenant))
        return false;
    *ret_tenant = tenant;
    return true;
}

bool
tscope_profile_pattern_matches(struct tscope_span pattern, struct tscope_span text, struct tscope_span *ret_tenant)
{
    size_t at;

    *ret_tenant = (struct tscope_span){NULL, 0};
    if (!tscope_profile_pattern_may_match(pattern, text))
        return false;
    at = find_template(pattern);
    return at == SIZE_MAX ? tscope_span_equal(pattern, text) : matches_around(pattern, at, text, ret_tenant);
}

/* ---- hosts */

struct tscope_span
tscope_profile_origin(struct tscope_span url)
{
    size_t at = tscope_text_find(url, TSCOPE_SPAN("://"));
    size_t end;

    if (at == SIZE_MAX)
        return (struct tscope_span){NULL, 0};
    for (end = at + 3; end < url.len && url.data[end] != '/' && url.data[end] != '?' && url.data[end] != '#'; end++)
        ;
    return tscope_span_of(url.data, end);
}

struct tscope_span
tscope_profile_host(struct tscope_span origin)
{
    size_t at = tscope_text_find(origin, TSCOPE_SPAN("://"));

    return at == SIZE_MAX ? origin : behind(origin, at + 3);
}

/* Issuers begin with their scheme, so that it is looked for there alone. */
static size_t
scheme_len(struct tscope_span text)
{
    if (tscope_text_starts_with(text, TSCOPE_SPAN("https://")))
        return 8;
    return tscope_text_starts_with(text, TSCOPE_SPAN("http://")) ? 7 : 0;
}

static size_t
len_before(struct tscope_span text, uint8_t byte)
{
    const uint8_t *found = memchr(text.data, byte, text.len);

    return found ? (size_t)(found - text.data) : text.len;
}

struct tscope_span
tscope_profile_host_end(struct tscope_span issuer)
{
    struct tscope_span host = behind(issuer, scheme_len(issuer));
    const uint8_t *dot;

    if (host.len == 0)
        return host;
    host.len = len_before(host, '/');
    host.len = len_before(host, ':');
    dot = memrchr(host.data, '.', host.len);
    dot = dot ? memrchr(host.data, '.', (size_t)(dot - host.data)) : NULL;
    return dot ? behind(host, (size_t)(dot - host.data) + 1) : host;
}

static unsigned
fold(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte + 32u : byte;
}

uint64_t
tscope_profile_pairs(struct tscope_span text)
{
    uint64_t pairs = 0;

    for (size_t i = 1; i < text.len; i++)
        pairs |= UINT64_C(1) << ((fold(text.data[i - 1]) * 7 + fold(text.data[i]) * 13) & 63);
    return pairs;
}

/* ---- placeholders */

enum place { PLACE_TENANT, PLACE_HOST, PLACE_OTHER, PLACE_UNKNOWN };

/* Reads "{name}" at the front of a pattern. */
static enum place
read_placeholder(struct tscope_span pattern, size_t *ret_len)
{
    static const struct {
        const char *name;
        enum place place;
    } names[] = {
        {"{tenantid}", PLACE_TENANT}, {"{host}", PLACE_HOST}, {"{region}", PLACE_OTHER}, {"{policy}", PLACE_OTHER}, {"{any}", PLACE_OTHER}};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        struct tscope_span name = tscope_span_text(names[i].name);

        if (tscope_text_starts_with(pattern, name)) {
            *ret_len = name.len;
            return names[i].place;
        }
    }
    *ret_len = 1;
    return PLACE_UNKNOWN;
}

static bool
is_of_host(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-';
}

static size_t
segment_len(struct tscope_span text)
{
    text.len = len_before(text, '/');
    text.len = len_before(text, '?');
    return len_before(text, '#');
}

static size_t
label_len(struct tscope_span text, enum place place)
{
    size_t len = 0;

    while (len < text.len && (is_of_host(text.data[len]) || (place == PLACE_HOST && (text.data[len] == '.' || text.data[len] == ':'))))
        len++;
    return len;
}

/* How much of the text a placeholder stands for: up to what ends a label, a host or a segment, or begins what follows it. */
static size_t
run_of(struct tscope_span text, enum place place, bool in_host, const uint8_t *next)
{
    text.len = in_host ? label_len(text, place) : segment_len(text);
    return next ? len_before(text, *next) : text.len;
}

/* What one placeholder stands for. */
struct part {
    enum place place;
    struct tscope_span name, text;
};

struct parts {
    struct part at[PLACEHOLDERS_MAX];
    size_t len;
};

static size_t
literal_len(struct tscope_span pattern)
{
    const uint8_t *brace = memchr(pattern.data, '{', pattern.len);

    return brace ? (size_t)(brace - pattern.data) : pattern.len;
}

/* True when a slash stands in a literal behind the scheme, which reaches up to from. */
static bool
ends_host(struct tscope_span literal, size_t from)
{
    return from < literal.len && memchr(literal.data + from, '/', literal.len - from);
}

static bool
match(struct tscope_span pattern, struct tscope_span text, struct parts *ret_parts)
{
    size_t scheme = scheme_len(pattern), at = 0;
    bool in_host = scheme > 0;

    ret_parts->len = 0;
    for (size_t i = 0; i < pattern.len;) {
        size_t len, taken;
        enum place place;

        if (pattern.data[i] != '{') {
            len = literal_len(behind(pattern, i));
            if (text.len - at < len || memcmp(text.data + at, pattern.data + i, len) != 0)
                return false;
            in_host = in_host && !ends_host(tscope_span_of(pattern.data + i, len), i < scheme ? scheme - i : 0);
            i += len;
            at += len;
            continue;
        }
        place = read_placeholder(behind(pattern, i), &len);
        i += len;
        taken = run_of(behind(text, at), place, in_host, i < pattern.len ? &pattern.data[i] : NULL);
        if (place == PLACE_UNKNOWN || taken == 0 || ret_parts->len == PLACEHOLDERS_MAX)
            return false;
        ret_parts->at[ret_parts->len++] =
            (struct part){place, tscope_span_of(pattern.data + i - len, len), tscope_span_of(text.data + at, taken)};
        at += taken;
    }
    return at == text.len;
}

bool
tscope_profile_row_matches(struct tscope_span pattern, struct tscope_span text, struct tscope_profile_match *ret_match)
{
    struct parts parts;

    *ret_match = (struct tscope_profile_match){{NULL, 0}, {NULL, 0}};
    if (tscope_span_equal(pattern, text))
        return true;
    if (!tscope_profile_pattern_may_match(pattern, text) || !match(pattern, text, &parts))
        return false;
    for (size_t i = 0; i < parts.len; i++) {
        if (parts.at[i].place == PLACE_TENANT)
            ret_match->tenant = parts.at[i].text;
        else if (parts.at[i].place == PLACE_HOST)
            ret_match->host = parts.at[i].text;
    }
    return true;
}

size_t
tscope_profile_tenant_at(struct tscope_span pattern)
{
    size_t at = find_template(pattern), end = at + template.len;

    if (at == SIZE_MAX || at <= scheme_len(pattern) || pattern.data[at - 1] != '/' || (end < pattern.len && pattern.data[end] != '/'))
        return SIZE_MAX;
    return memchr(pattern.data, '{', at) || memchr(pattern.data + end, '{', pattern.len - end) ? SIZE_MAX : at;
}

bool
tscope_profile_place_matches(const struct tscope_profile_place *place, struct tscope_span text, struct tscope_profile_match *ret_match)
{
    const struct tscope_span pattern = place->pattern;

    if (place->tenant_at == SIZE_MAX)
        return tscope_profile_row_matches(pattern, text, ret_match);
    *ret_match = (struct tscope_profile_match){{NULL, 0}, {NULL, 0}};
    return matches_around(pattern, place->tenant_at, text, &ret_match->tenant);
}

/* What the same placeholder stands for in the other text; data NULL: it is not there as often. */
static struct tscope_span
counterpart(const struct parts *parts, size_t number, const struct parts *others)
{
    size_t before = 0;

    for (size_t i = 0; i < number; i++)
        before += tscope_span_equal(parts->at[i].name, parts->at[number].name);
    for (size_t i = 0; i < others->len; i++) {
        if (tscope_span_equal(others->at[i].name, parts->at[number].name) && before-- == 0)
            return others->at[i].text;
    }
    return (struct tscope_span){NULL, 0};
}

bool
tscope_profile_set_is_of(const struct tscope_profile_issuer *row, struct tscope_span iss, struct tscope_span url)
{
    struct parts issuer, set;

    if (!row->jwks.data || !match(row->jwks, url, &set) || !match(row->pattern, iss, &issuer))
        return false;
    for (size_t i = 0; i < set.len; i++) {
        struct tscope_span same = counterpart(&set, i, &issuer);

        if (!same.data || !tscope_span_equal(same, set.at[i].text))
            return false;
    }
    for (size_t i = 0; i < issuer.len; i++) {
        bool says_whose = issuer.at[i].place == PLACE_TENANT || issuer.at[i].place == PLACE_HOST;

        if (says_whose && !counterpart(&issuer, i, &set).data)
            return false;
    }
    return true;
}

bool
tscope_profile_pattern_is_sound(struct tscope_span pattern)
{
    size_t count = 0;

    for (size_t i = 0; i < pattern.len; i++) {
        size_t len;

        if (pattern.data[i] == '}')
            return false;
        if (pattern.data[i] != '{')
            continue;
        if (read_placeholder(behind(pattern, i), &len) == PLACE_UNKNOWN || ++count > PLACEHOLDERS_MAX)
            return false;
        i += len;
        if (i < pattern.len && (pattern.data[i] == '{' || (is_of_host(pattern.data[i]) && pattern.data[i] != '-')))
            return false; /* where one ends must show in the text */
        i--;
    }
    return pattern.len > 0;
}
