/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/error.h"
#include "keys/history_read.h"

/* What is worked out once all rows are read. */

static void
mark_runs(struct tscope_history_reader *reader)
{
    const struct tscope_history *history = reader->history;

    for (uint32_t i = 0; i < history->sightings_len; i++) {
        struct tscope_history_key *key = &reader->keys[history->sightings[i].key];

        if (key->sightings_len++ == 0)
            key->sightings = i;
    }
    for (uint32_t i = 0; i < history->absences_len; i++) {
        struct tscope_history_key *key = &reader->keys[history->absences[i].key];

        if (key->absences_len++ == 0)
            key->absences = i;
    }
}

/* Of several notices on a key the one on its compromise counts, else the first. */
static void
mark_notices(struct tscope_history_reader *reader)
{
    const struct tscope_history *history = reader->history;

    for (uint32_t i = 0; i < history->notices_len; i++) {
        struct tscope_history_key *key = &reader->keys[history->notices[i].key];

        if (key->notice == TSCOPE_HISTORY_NONE ||
            (history->notices[i].status == TSCOPE_NOTICE_COMPROMISED && history->notices[key->notice].status != TSCOPE_NOTICE_COMPROMISED))
            key->notice = i;
    }
}

static void
claim(struct tscope_history_key *key, enum tscope_family_from from)
{
    if (key->family.data && from > key->family_from)
        key->family_from = from;
}

/* An endpoint says whose its keys are when it serves that one family and no other. */
static void
hear_endpoint(struct tscope_history_reader *reader, uint32_t key, uint32_t endpoint)
{
    const struct tscope_history_endpoint *row;

    if (endpoint == TSCOPE_HISTORY_NONE)
        return;
    row = &reader->history->endpoints[endpoint];
    if (row->families_len == 1 && tscope_span_equal(row->families[0], reader->keys[key].family))
        claim(&reader->keys[key], TSCOPE_FAMILY_FROM_ENDPOINT);
}

/* A file that says how it knows a family knows better than what can be guessed from its rows: it may say less. */
static void
mark_stated(struct tscope_history_reader *reader)
{
    const json_t *rows = json_object_get(reader->root, "keys");

    for (uint32_t i = 0; i < reader->history->keys_len; i++) {
        enum tscope_family_from stated;

        if (!reader->keys[i].family.data || !tscope_history_family_from(json_array_get(rows, i), &stated))
            continue;
        if (stated != TSCOPE_FAMILY_FROM_NOTHING)
            reader->keys[i].family_from = stated;
    }
}

/* The strongest of what the file itself holds for the family it states. */
static void
mark_families(struct tscope_history_reader *reader)
{
    const struct tscope_history *history = reader->history;

    for (uint32_t i = 0; i < history->keys_len; i++) {
        claim(&reader->keys[i], TSCOPE_FAMILY_FROM_CALLER);
        if (reader->keys[i].certificate.der.data)
            claim(&reader->keys[i], TSCOPE_FAMILY_FROM_SUBJECT);
        if (reader->keys[i].notice != TSCOPE_HISTORY_NONE)
            claim(&reader->keys[i], TSCOPE_FAMILY_FROM_NOTICE);
        if (reader->keys[i].issuer.data)
            claim(&reader->keys[i], TSCOPE_FAMILY_FROM_ISSUER);
    }
    for (uint32_t i = 0; i < history->sightings_len; i++) {
        if (history->sightings[i].kind == TSCOPE_SIGHTING_ARCHIVE)
            hear_endpoint(reader, history->sightings[i].key, history->sightings[i].endpoint);
    }
    for (uint32_t i = 0; i < history->snapshots_len; i++) {
        for (uint32_t k = 0; k < history->snapshots[i].keys_len; k++)
            hear_endpoint(reader, history->snapshots[i].keys[k], history->snapshots[i].endpoint);
    }
    mark_stated(reader);
}

static void
mark_until(struct tscope_history *history)
{
    int64_t until = TSCOPE_TIME_NONE;

    for (uint32_t i = 0; i < history->coverage_len; i++)
        until = history->coverage[i].to > until ? history->coverage[i].to : until;
    for (uint32_t i = 0; i < history->snapshots_len; i++)
        until = history->snapshots[i].observed_at > until ? history->snapshots[i].observed_at : until;
    for (uint32_t i = 0; i < history->absences_len; i++)
        until = history->absences[i].at > until ? history->absences[i].at : until;
    for (uint32_t i = 0; i < history->sightings_len; i++) {
        if (history->sightings[i].kind == TSCOPE_SIGHTING_ARCHIVE && history->sightings[i].at > until)
            until = history->sightings[i].at;
    }
    history->until = until;
}

static int
compare_by_kid(const void *a, const void *b, void *context)
{
    const struct tscope_history_key *keys = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    struct tscope_span left_kid = keys[left].kid, right_kid = keys[right].kid;
    int order = (left_kid.len > right_kid.len) - (left_kid.len < right_kid.len);

    if (!order && left_kid.len)
        order = memcmp(left_kid.data, right_kid.data, left_kid.len);
    return order ? order : (left > right) - (left < right);
}

static int
compare_by_thumbprint(const void *a, const void *b, void *context)
{
    const struct tscope_history_key *keys = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int order = memcmp(keys[left].thumbprint, keys[right].thumbprint, sizeof(keys[left].thumbprint));

    return order ? order : (left > right) - (left < right);
}

static int
compare_by_sha1(const void *a, const void *b, void *context)
{
    const struct tscope_history_key *keys = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int order = memcmp(keys[left].certificate.sha1, keys[right].certificate.sha1, sizeof(keys[left].certificate.sha1));

    return order ? order : (left > right) - (left < right);
}

static enum tscope_status
index_keys(struct tscope_history_reader *reader)
{
    struct tscope_history *history = reader->history;
    uint32_t *by_kid = tscope_arena_zeroed(reader->arena, history->keys_len, sizeof(*by_kid));
    uint32_t *by_thumbprint = tscope_arena_zeroed(reader->arena, history->keys_len, sizeof(*by_thumbprint));
    uint32_t *by_sha1 = tscope_arena_zeroed(reader->arena, history->keys_len, sizeof(*by_sha1));

    if (!by_kid || !by_thumbprint || !by_sha1)
        return tscope_error_no_memory(reader->err);
    for (uint32_t i = 0; i < history->keys_len; i++) {
        by_thumbprint[i] = i;
        if (reader->keys[i].kid.data)
            by_kid[history->by_kid_len++] = i;
        if (reader->keys[i].certificate.der.data)
            by_sha1[history->by_sha1_len++] = i;
    }
    qsort_r(by_kid, history->by_kid_len, sizeof(*by_kid), compare_by_kid, reader->keys);
    qsort_r(by_thumbprint, history->keys_len, sizeof(*by_thumbprint), compare_by_thumbprint, reader->keys);
    qsort_r(by_sha1, history->by_sha1_len, sizeof(*by_sha1), compare_by_sha1, reader->keys);
    history->by_kid = by_kid;
    history->by_thumbprint = by_thumbprint;
    history->by_sha1 = by_sha1;
    return TSCOPE_OK;
}

enum tscope_status
tscope_history_finish(struct tscope_history_reader *reader)
{
    mark_runs(reader);
    mark_notices(reader);
    mark_families(reader);
    mark_until(reader->history);
    return index_keys(reader);
}
