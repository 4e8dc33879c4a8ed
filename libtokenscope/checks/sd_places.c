/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/sd_places.h"

#include <stdlib.h>

struct collector {
    const tscope_subject *subject;
    struct tscope_sd_places *places;
    bool counts; /* before there is room for them */
    bool failed;
};

static void
add(struct collector *collector, const struct tscope_json *json, const struct tscope_value *object, const struct tscope_value *value)
{
    struct tscope_sd_places *places = collector->places;

    if (value->type != TSCOPE_JSON_STRING)
        return;
    if (!collector->counts) {
        places->at[places->len] = (struct tscope_sd_place){tscope_json_string(json, value, collector->subject->arena), json, object};
        collector->failed |= !places->at[places->len].digest.data;
    }
    places->len++;
}

/* "_sd": ["digest", …] of an object, {"...": "digest"} in an array. However deep, all values are in one row. */
static void
collect(struct collector *collector, const struct tscope_json *json)
{
    for (uint32_t i = 0; i < json->values_len; i++) {
        const struct tscope_value *value = &json->values[i], *inner = tscope_json_first(json, value), *list;

        if (value->type != TSCOPE_JSON_OBJECT)
            continue;
        list = tscope_json_member(json, value, "_sd");
        for (const struct tscope_value *each = list && list->type == TSCOPE_JSON_ARRAY ? tscope_json_first(json, list) : NULL; each;
             each = tscope_json_next(json, each))
            add(collector, json, value, each);
        if (i > 0 && value->name_len == 0 && value->count == 1 && tscope_json_name_is(json, inner, "..."))
            add(collector, json, NULL, inner);
    }
}

int
tscope_sd_compare_texts(struct tscope_span a, struct tscope_span b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len ? memcmp(a.data, b.data, a.len) : 0;
}

static int
compare_places(const void *left, const void *right)
{
    const struct tscope_sd_place *a = left, *b = right;

    return tscope_sd_compare_texts(a->digest, b->digest);
}

enum tscope_status
tscope_sd_places_collect(const tscope_subject *subject, const struct tscope_json *jsons, uint32_t jsons_len,
                         struct tscope_sd_places *places)
{
    struct collector collector = {.subject = subject, .places = places, .counts = true};

    for (int pass = 0; pass < 2; pass++) {
        places->len = 0;
        collect(&collector, &subject->token->claims);
        for (uint32_t i = 0; i < jsons_len; i++)
            collect(&collector, &jsons[i]);
        if (pass == 0)
            places->at = tscope_arena_zeroed(subject->arena, places->len + 1, sizeof(*places->at));
        if (!places->at)
            return TSCOPE_ERR_NO_MEMORY;
        collector.counts = false;
    }
    if (collector.failed)
        return TSCOPE_ERR_NO_MEMORY;
    qsort(places->at, places->len, sizeof(*places->at), compare_places);
    return TSCOPE_OK;
}

const struct tscope_sd_place *
tscope_sd_places_find(const struct tscope_sd_places *places, struct tscope_span digest)
{
    const struct tscope_sd_place wanted = {.digest = digest};

    return bsearch(&wanted, places->at, places->len, sizeof(wanted), compare_places);
}

bool
tscope_sd_places_repeat(const struct tscope_sd_places *places)
{
    for (size_t i = 1; i < places->len; i++) {
        if (compare_places(&places->at[i - 1], &places->at[i]) == 0)
            return true;
    }
    return false;
}
