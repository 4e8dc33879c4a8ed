/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/error.h"
#include "keys/history_read.h"

/* The rows of a history file but for its keys (history_key.c). */

static bool
find_key(const struct tscope_history_reader *reader, const json_t *object, uint32_t *ret_key)
{
    return tscope_history_names_find(&reader->key_ids, tscope_history_view_text(json_object_get(object, "key")), ret_key);
}

/* endpoint: null is allowed where the row allows it. */
static bool
find_endpoint(const struct tscope_history_reader *reader, const json_t *object, bool may_be_null, uint32_t *ret_endpoint)
{
    const json_t *value = json_object_get(object, "endpoint");

    *ret_endpoint = TSCOPE_HISTORY_NONE;
    if (may_be_null && (!value || json_is_null(value)))
        return true;
    return tscope_history_names_find(&reader->endpoint_ids, tscope_history_view_text(value), ret_endpoint);
}

static bool
read_needed_time(const json_t *object, const char *member, int64_t *ret_time)
{
    return tscope_history_time(json_object_get(object, member), ret_time) && *ret_time != TSCOPE_TIME_NONE;
}

static enum tscope_status
read_families(struct tscope_history_reader *reader, const json_t *array, uint32_t number, struct tscope_history_endpoint *row)
{
    struct tscope_span *families;
    size_t len = json_array_size(array);

    if (array && !json_is_array(array))
        return tscope_history_refuse(reader, "endpoints", number, "\"families\" is no array");
    families = tscope_arena_zeroed(reader->arena, len, sizeof(*families));
    if (!families)
        return tscope_error_no_memory(reader->err);
    for (size_t i = 0; i < len; i++) {
        if (!json_is_string(json_array_get(array, i)))
            return tscope_history_refuse(reader, "endpoints", number, "a family that is no string");
        if (!tscope_history_text(reader, json_array_get(array, i), &families[i]))
            return tscope_error_no_memory(reader->err);
    }
    row->families = families;
    row->families_len = (uint32_t)len;
    return TSCOPE_OK;
}

static enum tscope_status
read_endpoint(struct tscope_history_reader *reader, const json_t *object, uint32_t number, void *memory)
{
    struct tscope_history_endpoint *row = memory;

    if (!json_is_string(json_object_get(object, "id")))
        return tscope_history_refuse(reader, "endpoints", number, "no \"id\"");
    if (!tscope_history_text(reader, json_object_get(object, "id"), &row->id) ||
        !tscope_history_text(reader, json_object_get(object, "url"), &row->url) ||
        !tscope_history_text(reader, json_object_get(object, "issuer"), &row->issuer))
        return tscope_error_no_memory(reader->err);
    return read_families(reader, json_object_get(object, "families"), number, row);
}

static enum tscope_status
read_coverage(struct tscope_history_reader *reader, const json_t *object, uint32_t number, void *memory)
{
    struct tscope_history_coverage *row = memory;
    const json_t *step = json_object_get(object, "largest_step");

    if (!find_endpoint(reader, object, false, &row->endpoint))
        return tscope_history_refuse(reader, "coverage", number, "an unknown endpoint");
    if (!read_needed_time(object, "from", &row->from) || !read_needed_time(object, "to", &row->to) || row->from > row->to)
        return tscope_history_refuse(reader, "coverage", number, "\"from\" and \"to\" are no period");
    if (!json_is_integer(step) || json_integer_value(step) < 0)
        return tscope_history_refuse(reader, "coverage", number, "\"largest_step\" is no number of seconds");
    row->largest_step = json_integer_value(step);
    return TSCOPE_OK;
}

static int
compare_numbers(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

    return (left > right) - (left < right);
}

/* Indices in order, each once. */
static enum tscope_status
read_set(struct tscope_history_reader *reader, const json_t *array, uint32_t number, struct tscope_history_snapshot *row)
{
    size_t len = json_array_size(array);
    uint32_t *keys = tscope_arena_zeroed(reader->arena, len, sizeof(*keys));
    uint32_t kept = 0;

    if (!keys)
        return tscope_error_no_memory(reader->err);
    for (size_t i = 0; i < len; i++) {
        if (!tscope_history_names_find(&reader->key_ids, tscope_history_view_text(json_array_get(array, i)), &keys[i]))
            return tscope_history_refuse(reader, "snapshots", number, "an unknown key");
    }
    if (len)
        qsort(keys, len, sizeof(*keys), compare_numbers);
    for (size_t i = 0; i < len; i++) {
        if (kept == 0 || keys[kept - 1] != keys[i])
            keys[kept++] = keys[i];
    }
    row->keys = keys;
    row->keys_len = kept;
    return TSCOPE_OK;
}

static enum tscope_status
read_snapshot(struct tscope_history_reader *reader, const json_t *object, uint32_t number, void *memory)
{
    struct tscope_history_snapshot *row = memory;
    const json_t *keys = json_object_get(object, "keys");

    if (!find_endpoint(reader, object, false, &row->endpoint))
        return tscope_history_refuse(reader, "snapshots", number, "an unknown endpoint");
    if (!read_needed_time(object, "observed_at", &row->observed_at))
        return tscope_history_refuse(reader, "snapshots", number, "\"observed_at\" is no time");
    if (!json_is_array(keys))
        return tscope_history_refuse(reader, "snapshots", number, "\"keys\" is no array");
    if (!tscope_history_text(reader, json_object_get(object, "source"), &row->source))
        return tscope_error_no_memory(reader->err);
    return read_set(reader, keys, number, row);
}

static enum tscope_status
read_sighting(struct tscope_history_reader *reader, const json_t *object, uint32_t number, void *memory)
{
    static const char *const kinds[] = {"archive", "sample", "cited"};
    struct tscope_history_sighting *row = memory;
    struct tscope_span kind = tscope_history_view_text(json_object_get(object, "kind"));
    size_t found = 0;

    if (!find_key(reader, object, &row->key))
        return tscope_history_refuse(reader, "sightings", number, "an unknown key");
    if (!find_endpoint(reader, object, true, &row->endpoint))
        return tscope_history_refuse(reader, "sightings", number, "an unknown endpoint");
    if (!tscope_history_time(json_object_get(object, "at"), &row->at))
        return tscope_history_refuse(reader, "sightings", number, "\"at\" is no time");
    while (found < TSCOPE_COUNT(kinds) && !(kind.data && tscope_span_is(kind, kinds[found])))
        found++;
    if (found == TSCOPE_COUNT(kinds))
        return tscope_history_refuse(reader, "sightings", number, "\"kind\" is not archive, sample or cited");
    row->kind = (enum tscope_sighting_kind)found;
    if (!tscope_history_text(reader, json_object_get(object, "source"), &row->source))
        return tscope_error_no_memory(reader->err);
    return TSCOPE_OK;
}

static enum tscope_status
read_absence(struct tscope_history_reader *reader, const json_t *object, uint32_t number, void *memory)
{
    struct tscope_history_absence *row = memory;

    if (!find_key(reader, object, &row->key))
        return tscope_history_refuse(reader, "absences", number, "an unknown key");
    if (!find_endpoint(reader, object, false, &row->endpoint))
        return tscope_history_refuse(reader, "absences", number, "an unknown endpoint");
    if (!read_needed_time(object, "at", &row->at))
        return tscope_history_refuse(reader, "absences", number, "\"at\" is no time");
    if (!tscope_history_text(reader, json_object_get(object, "source"), &row->source))
        return tscope_error_no_memory(reader->err);
    return TSCOPE_OK;
}

static enum tscope_status
read_notice(struct tscope_history_reader *reader, const json_t *object, uint32_t number, void *memory)
{
    struct tscope_history_notice *row = memory;
    struct tscope_span status = tscope_history_view_text(json_object_get(object, "status"));
    int found = TSCOPE_NOTICE_COMPROMISED;

    if (!find_key(reader, object, &row->key))
        return tscope_history_refuse(reader, "notices", number, "an unknown key");
    while (found <= TSCOPE_NOTICE_WITHDRAWN &&
           !(status.data && tscope_span_is(status, tscope_notice_status_name((enum tscope_notice_status)found))))
        found++;
    if (found > TSCOPE_NOTICE_WITHDRAWN)
        return tscope_history_refuse(reader, "notices", number, "an unknown status");
    row->status = (enum tscope_notice_status)found;
    if (!tscope_history_time(json_object_get(object, "exposed_from"), &row->exposed_from) ||
        !tscope_history_time(json_object_get(object, "abuse_first_known"), &row->abuse_first_known) ||
        !tscope_history_time(json_object_get(object, "withdrawn_at"), &row->withdrawn_at))
        return tscope_history_refuse(reader, "notices", number, "a time that is none");
    if (!tscope_history_text(reader, json_object_get(object, "reference"), &row->reference))
        return tscope_error_no_memory(reader->err);
    return TSCOPE_OK;
}

static int
compare_times(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int
compare_coverage(const void *a, const void *b)
{
    const struct tscope_history_coverage *left = a, *right = b;
    int order = compare_numbers(&left->endpoint, &right->endpoint);

    return order ? order : compare_times(left->from, right->from);
}

static int
compare_snapshots(const void *a, const void *b)
{
    const struct tscope_history_snapshot *left = a, *right = b;
    int order = compare_numbers(&left->endpoint, &right->endpoint);

    return order ? order : compare_times(left->observed_at, right->observed_at);
}

static int
compare_sightings(const void *a, const void *b)
{
    const struct tscope_history_sighting *left = a, *right = b;
    int order = compare_numbers(&left->key, &right->key);

    if (!order)
        order = compare_numbers(&left->endpoint, &right->endpoint); /* TSCOPE_HISTORY_NONE is the largest: last */
    return order ? order : compare_times(left->at, right->at);
}

static int
compare_absences(const void *a, const void *b)
{
    const struct tscope_history_absence *left = a, *right = b;
    int order = compare_numbers(&left->key, &right->key);

    if (!order)
        order = compare_numbers(&left->endpoint, &right->endpoint);
    return order ? order : compare_times(left->at, right->at);
}

static enum tscope_status
store_endpoints(struct tscope_history_reader *reader, void *rows, uint32_t len)
{
    struct tscope_history_names *names = &reader->endpoint_ids;

    reader->history->endpoints = rows;
    reader->history->endpoints_len = len;
    names->len = len;
    names->rows = tscope_arena_zeroed(reader->arena, len, sizeof(*names->rows));
    if (!names->rows)
        return tscope_error_no_memory(reader->err);
    for (uint32_t i = 0; i < len; i++)
        names->rows[i] = (struct tscope_history_name){reader->history->endpoints[i].id, i};
    return tscope_history_names_sort(reader, names, "endpoints");
}

static enum tscope_status
store_keys(struct tscope_history_reader *reader, void *rows, uint32_t len)
{
    struct tscope_history_names *names = &reader->key_ids;

    reader->keys = rows;
    reader->history->keys = rows;
    reader->history->keys_len = len;
    names->len = len;
    names->rows = tscope_arena_zeroed(reader->arena, len, sizeof(*names->rows));
    if (!names->rows)
        return tscope_error_no_memory(reader->err);
    for (uint32_t i = 0; i < len; i++)
        names->rows[i] = (struct tscope_history_name){reader->keys[i].id, i};
    return tscope_history_names_sort(reader, names, "keys");
}

#define STORE(name, type)                                                                                  \
    static enum tscope_status store_##name(struct tscope_history_reader *reader, void *rows, uint32_t len) \
    {                                                                                                      \
        reader->history->name = (type *)rows;                                                              \
        reader->history->name##_len = len;                                                                 \
        return TSCOPE_OK;                                                                                  \
    }

STORE(coverage, struct tscope_history_coverage)
STORE(snapshots, struct tscope_history_snapshot)
STORE(sightings, struct tscope_history_sighting)
STORE(absences, struct tscope_history_absence)
STORE(notices, struct tscope_history_notice)

const struct tscope_history_table tscope_history_tables[] = {
    {"keys", sizeof(struct tscope_history_key), tscope_history_read_key, NULL, store_keys},
    {"endpoints", sizeof(struct tscope_history_endpoint), read_endpoint, NULL, store_endpoints},
    {"coverage", sizeof(struct tscope_history_coverage), read_coverage, compare_coverage, store_coverage},
    {"snapshots", sizeof(struct tscope_history_snapshot), read_snapshot, compare_snapshots, store_snapshots},
    {"sightings", sizeof(struct tscope_history_sighting), read_sighting, compare_sightings, store_sightings},
    {"absences", sizeof(struct tscope_history_absence), read_absence, compare_absences, store_absences},
    {"notices", sizeof(struct tscope_history_notice), read_notice, NULL, store_notices},
};

const size_t tscope_history_tables_len = TSCOPE_COUNT(tscope_history_tables);
