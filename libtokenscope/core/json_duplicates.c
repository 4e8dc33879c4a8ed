/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_duplicates.h"

#include <stdlib.h>

#include "core/alloc.h"

/* Up to here comparing all hashes pairwise is cheaper than sorting them. */
#define PAIRWISE_MAX 48

static struct tscope_span
name_of(const struct tscope_json *json, const struct tscope_value *value, struct tscope_buffer *scratch)
{
    struct tscope_span inside = tscope_json_name(json, value);

    if (!(value->flags & TSCOPE_VALUE_NAME_ESCAPED))
        return inside;
    tscope_buffer_reset(scratch);
    tscope_json_unescape(inside, scratch);
    return tscope_span_of(scratch->data, scratch->len);
}

static int
compare_names(const struct tscope_json *json, const struct tscope_value *a, const struct tscope_value *b)
{
    struct tscope_buffer scratch_a = {0}, scratch_b = {0};
    struct tscope_span name_a = name_of(json, a, &scratch_a), name_b = name_of(json, b, &scratch_b);
    size_t shorter = name_a.len < name_b.len ? name_a.len : name_b.len;
    int order = shorter ? memcmp(name_a.data, name_b.data, shorter) : 0;

    if (order == 0)
        order = (name_a.len > name_b.len) - (name_a.len < name_b.len);
    tscope_buffer_clear(&scratch_a);
    tscope_buffer_clear(&scratch_b);
    return order;
}

static void
mark_pairwise(struct tscope_json *json, uint32_t object)
{
    for (uint32_t later = object + 1; later; later = json->values[later].next) {
        struct tscope_value *value = &json->values[later];

        for (uint32_t earlier = object + 1; earlier != later; earlier = json->values[earlier].next) {
            if (json->values[earlier].name_hash == value->name_hash && compare_names(json, &json->values[earlier], value) == 0) {
                value->flags |= TSCOPE_VALUE_DUPLICATE;
                break;
            }
        }
    }
}

struct sorted_name {
    const struct tscope_json *json;
    uint32_t hash, index;
};

/* By hash, then by name, so that crafted collisions cost no more than a sort; then by place. */
static int
compare_sorted(const void *left, const void *right)
{
    const struct sorted_name *a = left, *b = right;
    int order;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    order = compare_names(a->json, &a->json->values[a->index], &b->json->values[b->index]);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

static bool
mark_sorted(struct tscope_json *json, uint32_t object)
{
    struct sorted_name *names = tscope_alloc_zeroed(json->values[object].count, sizeof(*names));
    size_t count = 0;

    if (!names)
        return false;
    for (uint32_t child = object + 1; child && count < json->values[object].count; child = json->values[child].next)
        names[count++] = (struct sorted_name){json, json->values[child].name_hash, child};
    qsort(names, count, sizeof(*names), compare_sorted);
    for (size_t i = 1; i < count; i++) {
        if (names[i].hash == names[i - 1].hash &&
            compare_names(json, &json->values[names[i - 1].index], &json->values[names[i].index]) == 0)
            json->values[names[i].index].flags |= TSCOPE_VALUE_DUPLICATE;
    }
    tscope_free(names);
    return true;
}

bool
tscope_json_mark_duplicates(struct tscope_json *json, uint32_t object)
{
    if (json->values[object].count > PAIRWISE_MAX)
        return mark_sorted(json, object);
    mark_pairwise(json, object);
    return true;
}
