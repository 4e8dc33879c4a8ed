/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_duplicates.h"

#include <stdlib.h>

#include "core/alloc.h"

/* Up to here comparing hashes is cheaper than sorting them. */
#define UNSORTED_MAX 48

/* True when two members may have one name: their hashes are equal. Most objects end here, so it allocates nothing. */
static bool
may_repeat(const struct tscope_json *json, uint32_t object)
{
    uint32_t hashes[UNSORTED_MAX];
    uint64_t seen[4] = {0};
    size_t count = 0;

    for (uint32_t child = object + 1; child; child = json->values[child].next) {
        uint32_t hash = json->values[child].name_hash;
        uint64_t bit = UINT64_C(1) << (hash & 63);
        uint64_t *word = &seen[hash >> 6 & 3];

        for (size_t i = 0; *word & bit && i < count; i++) {
            if (hashes[i] == hash)
                return true;
        }
        *word |= bit;
        hashes[count++] = hash;
    }
    return false;
}

struct sorted_name {
    const uint8_t *name; /* unescaped */
    size_t len;
    uint32_t hash, index;
};

static int
compare_names(const struct sorted_name *a, const struct sorted_name *b)
{
    size_t shorter = a->len < b->len ? a->len : b->len;
    int order;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    order = shorter ? memcmp(a->name, b->name, shorter) : 0;
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

/* By hash, then by name, so that crafted collisions cost no more than a sort; then by place. */
static int
compare_sorted(const void *left, const void *right)
{
    const struct sorted_name *a = left, *b = right;
    int order = compare_names(a, b);

    return order ? order : (a->index > b->index) - (a->index < b->index);
}

/* Names as they stand; escaped ones once unescaped, into scratch. False when out of memory. */
static bool
collect_names(const struct tscope_json *json, uint32_t object, struct sorted_name *names, struct tscope_buffer *scratch)
{
    size_t count = 0, used = 0;

    for (uint32_t child = object + 1; child; child = json->values[child].next) {
        const struct tscope_value *value = &json->values[child];
        struct tscope_span inside = tscope_json_name(json, value);

        if (value->flags & TSCOPE_VALUE_NAME_ESCAPED) {
            size_t before = scratch->len;

            tscope_json_unescape(inside, scratch);
            inside = (struct tscope_span){NULL, scratch->len - before};
        }
        names[count++] = (struct sorted_name){inside.data, inside.len, value->name_hash, child};
    }
    /* only now does the scratch stay where it is */
    for (size_t i = 0; i < count; i++) {
        if (names[i].name)
            continue;
        names[i].name = scratch->data ? scratch->data + used : NULL;
        used += names[i].len;
    }
    return !scratch->failed;
}

static bool
mark_sorted(struct tscope_json *json, uint32_t object, uint32_t *ret_marked)
{
    uint32_t count = json->values[object].count, marked = 0;
    struct sorted_name *names = tscope_alloc_zeroed(count, sizeof(*names));
    struct tscope_buffer scratch = {0};
    bool collected = names && collect_names(json, object, names, &scratch);

    if (collected) {
        qsort(names, count, sizeof(*names), compare_sorted);
        for (uint32_t i = 1; i < count; i++) {
            if (compare_names(&names[i - 1], &names[i]) != 0)
                continue;
            json->values[names[i].index].flags |= TSCOPE_VALUE_DUPLICATE;
            marked++;
        }
        *ret_marked = marked;
    }
    tscope_buffer_clear(&scratch);
    tscope_free(names);
    return collected;
}

bool
tscope_json_mark_duplicates(struct tscope_json *json, uint32_t object, uint32_t *ret_marked)
{
    *ret_marked = 0;
    if (json->values[object].count <= UNSORTED_MAX && !may_repeat(json, object))
        return true;
    return mark_sorted(json, object, ret_marked);
}
