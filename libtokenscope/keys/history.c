/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/history.h"

#include "core/alloc.h"
#include "keys/history_walk.h"

/* Questions of names: look-ups in the sorted arrays of a history. */

struct probe {
    const struct tscope_history *history;
    struct tscope_span sought;
    int (*compare)(const struct tscope_history_key *key, struct tscope_span sought);
};

static int
compare_kid(const struct tscope_history_key *key, struct tscope_span sought)
{
    if (key->kid.len != sought.len)
        return key->kid.len < sought.len ? -1 : 1;
    return sought.len ? memcmp(key->kid.data, sought.data, sought.len) : 0;
}

static int
compare_thumbprint(const struct tscope_history_key *key, struct tscope_span sought)
{
    return memcmp(key->thumbprint, sought.data, sought.len);
}

static int
compare_sha1(const struct tscope_history_key *key, struct tscope_span sought)
{
    return memcmp(key->certificate.sha1, sought.data, sought.len);
}

/* First place in the index whose key is not before (above: not before or at) what is sought. */
static uint32_t
bound(const struct probe *probe, const uint32_t *index, uint32_t len, bool above)
{
    uint32_t low = 0, high = len;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = probe->compare(&probe->history->keys[index[middle]], probe->sought);

        if (order < 0 || (above && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t
find(const struct probe *probe, const uint32_t *index, uint32_t len, const uint32_t **ret_indices)
{
    uint32_t first = probe->sought.data ? bound(probe, index, len, false) : len;

    *ret_indices = len ? index + first : NULL;
    if (first == len || probe->compare(&probe->history->keys[index[first]], probe->sought) != 0)
        return 0; /* as for almost all names of tokens */
    return bound(probe, index + first, len - first, true);
}

uint32_t
tscope_history_find_kid(const struct tscope_history *history, struct tscope_span kid, const uint32_t **ret_indices)
{
    struct probe probe = {history, kid, compare_kid};

    return find(&probe, history->by_kid, history->by_kid_len, ret_indices);
}

uint32_t
tscope_history_find_thumbprint(const struct tscope_history *history, const uint8_t thumbprint[32], const uint32_t **ret_indices)
{
    struct probe probe = {history, tscope_span_of(thumbprint, 32), compare_thumbprint};

    return find(&probe, history->by_thumbprint, history->keys_len, ret_indices);
}

uint32_t
tscope_history_find_sha1(const struct tscope_history *history, const uint8_t sha1[20], const uint32_t **ret_indices)
{
    struct probe probe = {history, tscope_span_of(sha1, 20), compare_sha1};

    return find(&probe, history->by_sha1, history->by_sha1_len, ret_indices);
}

size_t
tscope_history_publications(const struct tscope_history *history, uint32_t key, struct tscope_publication *publications, size_t max)
{
    struct tscope_history_walk walk;
    struct tscope_history_view view;
    size_t count = 0;

    tscope_history_walk_start(&walk, history, key);
    while (tscope_history_walk_next(&walk, TSCOPE_TIME_NONE, &view)) {
        if (count < max)
            publications[count] = (struct tscope_publication){view.endpoint, view.first.at, view.last.at, view.gone.at};
        count++;
    }
    return count;
}

static bool
is_near(int64_t a, int64_t b)
{
    int64_t distance; /* one of them is a token's claim: any number at all */

    return !__builtin_sub_overflow(a, b, &distance) && distance >= -TSCOPE_HISTORY_STEP && distance <= TSCOPE_HISTORY_STEP;
}

bool
tscope_history_covers(const struct tscope_history *history, uint32_t endpoint, int64_t at, int64_t *ret_before, int64_t *ret_after)
{
    int64_t before = TSCOPE_TIME_NONE, after = TSCOPE_TIME_NONE;

    if (at == TSCOPE_TIME_NONE)
        return false;
    for (uint32_t i = 0; i < history->coverage_len; i++) {
        const struct tscope_history_coverage *period = &history->coverage[i];

        if (period->endpoint != endpoint || at < period->from || at > period->to || period->largest_step > TSCOPE_HISTORY_STEP)
            continue;
        *ret_before = period->from;
        *ret_after = period->to;
        return true;
    }
    for (uint32_t i = 0; i < history->snapshots_len; i++) {
        const struct tscope_history_snapshot *set = &history->snapshots[i];

        if (set->endpoint != endpoint || !is_near(set->observed_at, at))
            continue;
        if (set->observed_at <= at)
            before = set->observed_at;
        if (set->observed_at >= at && after == TSCOPE_TIME_NONE)
            after = set->observed_at;
    }
    if (before == TSCOPE_TIME_NONE || after == TSCOPE_TIME_NONE)
        return false;
    *ret_before = before;
    *ret_after = after;
    return true;
}

/* Listed by the archive of this endpoint around that time: between its first and last sighting there, or in a set near. */
static bool
is_listed(const struct tscope_history *history, uint32_t endpoint, uint32_t key, int64_t at)
{
    const struct tscope_history_key *row = &history->keys[key];
    int64_t first = INT64_MAX, last = TSCOPE_TIME_NONE;

    for (uint32_t i = 0; i < row->sightings_len; i++) {
        const struct tscope_history_sighting *sighting = &history->sightings[row->sightings + i];

        if (sighting->endpoint != endpoint || sighting->kind != TSCOPE_SIGHTING_ARCHIVE || sighting->at == TSCOPE_TIME_NONE)
            continue;
        first = sighting->at < first ? sighting->at : first;
        last = sighting->at > last ? sighting->at : last;
    }
    if (last != TSCOPE_TIME_NONE && ((at >= first && at <= last) || is_near(first, at) || is_near(last, at)))
        return true;
    for (uint32_t i = 0; i < history->snapshots_len; i++) {
        const struct tscope_history_snapshot *set = &history->snapshots[i];

        if (set->endpoint == endpoint && is_near(set->observed_at, at) && tscope_history_set_holds(set, key))
            return true;
    }
    return false;
}

bool
tscope_history_lacks(const struct tscope_history *history, uint32_t key, int64_t at)
{
    struct tscope_history_walk walk;
    struct tscope_history_view view;
    int64_t before, after;
    bool lacks = false;

    if (at == TSCOPE_TIME_NONE || key >= history->keys_len)
        return false;
    tscope_history_walk_start(&walk, history, key);
    while (tscope_history_walk_next(&walk, at, &view)) {
        if (is_listed(history, view.endpoint, key, at))
            return false;
        lacks |= tscope_history_covers(history, view.endpoint, at, &before, &after);
    }
    return lacks;
}

bool
tscope_history_lists_kid(const struct tscope_history *history, uint32_t endpoint, struct tscope_span kid, int64_t at)
{
    const uint32_t *keys;
    uint32_t count = tscope_history_find_kid(history, kid, &keys);

    for (uint32_t i = 0; i < count && at != TSCOPE_TIME_NONE; i++) {
        if (is_listed(history, endpoint, keys[i], at))
            return true;
    }
    return false;
}

const char *
tscope_cloud_name(enum tscope_cloud cloud)
{
    static const char *const names[] = {
        [TSCOPE_CLOUD_UNKNOWN] = "unknown",
        [TSCOPE_CLOUD_PUBLIC] = "public",
        [TSCOPE_CLOUD_US_GOV] = "us-gov",
        [TSCOPE_CLOUD_CHINA] = "china",
        [TSCOPE_CLOUD_PRE_PRODUCTION] = "pre-production",
    };

    return names[cloud];
}

const char *
tscope_family_from_name(enum tscope_family_from from)
{
    static const char *const names[] = {
        [TSCOPE_FAMILY_FROM_NOTHING] = "nothing",   [TSCOPE_FAMILY_FROM_CALLER] = "caller", [TSCOPE_FAMILY_FROM_SUBJECT] = "subject",
        [TSCOPE_FAMILY_FROM_ENDPOINT] = "endpoint", [TSCOPE_FAMILY_FROM_NOTICE] = "notice", [TSCOPE_FAMILY_FROM_ISSUER] = "issuer",
    };

    return names[from];
}

const char *
tscope_notice_status_name(enum tscope_notice_status status)
{
    static const char *const names[] = {
        [TSCOPE_NOTICE_COMPROMISED] = "compromised",
        [TSCOPE_NOTICE_SAMPLE] = "sample",
        [TSCOPE_NOTICE_TEST] = "test",
        [TSCOPE_NOTICE_WITHDRAWN] = "withdrawn",
    };

    return names[status];
}
