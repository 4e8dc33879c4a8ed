/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/shape.h"

#define GAP_NONE 0
#define GAP_MIXED UINT32_MAX /* not always the same stands there */

/* A number for a run of white space; two that differ and share one are taken for alike, which hides a low finding. */
static uint32_t
number_of_gap(const struct tscope_json *json, size_t from, size_t to)
{
    uint32_t hash = tscope_hash32(json->text + from, to > from ? to - from : 0);

    return hash == GAP_NONE || hash == GAP_MIXED ? 1 : hash;
}

/* What stands from one byte to another, with the marks around it, which are there in strict JSON. */
static void
note_gap(struct tscope_shape_reading *reading, enum tscope_shape_gap gap, const struct tscope_json *json, size_t from, size_t to)
{
    uint32_t *known = &reading->shape.gaps[gap];
    uint32_t number = number_of_gap(json, from, to);
    size_t first = from > 0 ? from - 1 : 0, end = to < json->text_len ? to + 1 : json->text_len;

    if (*known == number || *known == GAP_MIXED)
        return;
    *known = *known == GAP_NONE ? number : GAP_MIXED;
    reading->gaps[gap] = (struct tscope_shape_run){(uint32_t)first, (uint32_t)(end - first)};
}

/* Where a mark stands between two values: nothing but white space is around it. */
static size_t
find_mark(const struct tscope_json *json, size_t from, size_t to, uint8_t mark)
{
    while (from < to && json->text[from] != mark)
        from++;
    return from;
}

static void
note_gaps_around(struct tscope_shape_reading *reading, enum tscope_shape_gap before, enum tscope_shape_gap behind,
                 const struct tscope_json *json, size_t from, size_t to, uint8_t mark)
{
    size_t at = find_mark(json, from, to, mark);

    note_gap(reading, before, json, from, at);
    note_gap(reading, behind, json, at + 1, to);
}

static void
note_member(struct tscope_shape_reading *reading, const struct tscope_json *json, const struct tscope_value *member)
{
    size_t number = reading->shape.names_len++, end = (size_t)member->start + member->len;

    note_gaps_around(reading, TSCOPE_SHAPE_GAP_BEFORE_COLON, TSCOPE_SHAPE_GAP_BEHIND_COLON, json, (size_t)member->name + member->name_len,
                     member->start, ':');
    reading->names[number] = (struct tscope_shape_name){tscope_json_name(json, member), member->name_hash};
    reading->members[number] = (struct tscope_shape_run){member->name, (uint32_t)(end - member->name)};
}

bool
tscope_shape_read(const struct tscope_json *json, const struct tscope_value *object, struct tscope_shape_reading *ret_reading)
{
    size_t end = 0, names_size = 0;

    if (!object || object->type != TSCOPE_JSON_OBJECT || !json->strict || object->count == 0 || object->count > TSCOPE_SHAPE_MEMBERS_MAX)
        return false;
    ret_reading->shape = (struct tscope_shape){.names = ret_reading->names};
    note_gap(ret_reading, TSCOPE_SHAPE_GAP_BEFORE, json, 0, object->start);
    note_gap(ret_reading, TSCOPE_SHAPE_GAP_BEHIND, json, (size_t)object->start + object->len, json->text_len);
    for (const struct tscope_value *member = tscope_json_first(json, object); member; member = tscope_json_next(json, member)) {
        names_size += member->name_len;
        if (member->flags & TSCOPE_VALUE_DUPLICATE || names_size > TSCOPE_SHAPE_NAMES_MAX)
            return false;
        if (ret_reading->shape.names_len == 0)
            note_gap(ret_reading, TSCOPE_SHAPE_GAP_OPENED, json, (size_t)object->start + 1, member->name);
        else
            note_gaps_around(ret_reading, TSCOPE_SHAPE_GAP_BEFORE_COMMA, TSCOPE_SHAPE_GAP_BEHIND_COMMA, json, end, member->name, ',');
        note_member(ret_reading, json, member);
        end = (size_t)member->start + member->len;
    }
    note_gap(ret_reading, TSCOPE_SHAPE_GAP_BEFORE_END, json, end, (size_t)object->start + object->len - 1);
    return true;
}

/* SIZE_MAX: it has none of that name. */
static size_t
index_of(const struct tscope_shape *shape, const struct tscope_shape_name *name)
{
    for (size_t i = 0; i < shape->names_len; i++) {
        if (shape->names[i].hash == name->hash && tscope_span_equal(shape->names[i].text, name->text))
            return i;
    }
    return SIZE_MAX;
}

static void
compare_order(const struct tscope_shape *one, const struct tscope_shape *other, struct tscope_shape_difference *difference)
{
    size_t before = 0, before_at = 0;

    for (size_t i = 0; i < one->names_len; i++) {
        size_t at = index_of(other, &one->names[i]);

        if (at == SIZE_MAX)
            continue;
        if (difference->common++ > 0 && at < before_at && !difference->has_order) {
            difference->has_order = true;
            difference->first = before;
            difference->second = i;
        }
        before = i;
        before_at = at;
    }
}

bool
tscope_shape_differ(const struct tscope_shape *one, const struct tscope_shape *other, struct tscope_shape_difference *ret_difference)
{
    struct tscope_shape_difference difference = {0};

    compare_order(one, other, &difference);
    for (int gap = 0; gap < TSCOPE_SHAPE_GAPS && !difference.has_gap; gap++) {
        difference.gap = (enum tscope_shape_gap)gap;
        difference.has_gap = one->gaps[gap] != GAP_NONE && other->gaps[gap] != GAP_NONE && one->gaps[gap] != other->gaps[gap];
    }
    *ret_difference = difference;
    return difference.has_order || difference.has_gap;
}

int
tscope_shape_compare(const struct tscope_shape *one, const struct tscope_shape *other)
{
    if (one->names_len != other->names_len)
        return one->names_len < other->names_len ? -1 : 1;
    for (size_t i = 0; i < one->names_len; i++) {
        const struct tscope_shape_name *a = &one->names[i], *b = &other->names[i];

        if (a->hash != b->hash)
            return a->hash < b->hash ? -1 : 1;
        if (a->text.len != b->text.len)
            return a->text.len < b->text.len ? -1 : 1;
        if (!tscope_span_equal(a->text, b->text))
            return memcmp(a->text.data, b->text.data, a->text.len);
    }
    for (int gap = 0; gap < TSCOPE_SHAPE_GAPS; gap++) {
        if (one->gaps[gap] != other->gaps[gap])
            return one->gaps[gap] < other->gaps[gap] ? -1 : 1;
    }
    return 0;
}

const char *
tscope_shape_gap_words(enum tscope_shape_gap gap)
{
    static const char *const words[] = {
#define TSCOPE_SHAPE_GAP_WORDS(name, text) [TSCOPE_SHAPE_GAP_##name] = text,
        TSCOPE_FOREACH_SHAPE_GAP(TSCOPE_SHAPE_GAP_WORDS)
#undef TSCOPE_SHAPE_GAP_WORDS
    };

    return words[gap];
}

bool
tscope_shape_copy(const struct tscope_shape *shape, struct tscope_arena *arena, struct tscope_shape *ret_copy)
{
    struct tscope_shape_name *names = tscope_arena_zeroed(arena, shape->names_len, sizeof(*names));

    if (!names)
        return false;
    for (size_t i = 0; i < shape->names_len; i++) {
        names[i] = (struct tscope_shape_name){tscope_arena_copy(arena, shape->names[i].text), shape->names[i].hash};
        if (!names[i].text.data)
            return false;
    }
    *ret_copy = *shape;
    ret_copy->names = names;
    return true;
}
