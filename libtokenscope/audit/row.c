/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/row.h"

#include "core/text.h"
#include "core/time.h"

#define YEAR_2000 INT64_C(946684800)

static bool
name_is(const struct tscope_json *json, const struct tscope_value *value, struct tscope_span name)
{
    struct tscope_span written = tscope_json_name(json, value);

    return written.len == name.len && tscope_text_equal_fold(written, name);
}

const struct tscope_value *
tscope_row_value(const struct tscope_row *row, const char *name)
{
    struct tscope_span wanted = tscope_span_text(name);

    if (!row->object || row->object->type != TSCOPE_JSON_OBJECT)
        return NULL;
    for (const struct tscope_value *value = tscope_json_first(row->json, row->object); value; value = tscope_json_next(row->json, value)) {
        if (name_is(row->json, value, wanted))
            return value->type == TSCOPE_JSON_NULL ? NULL : value;
    }
    return NULL;
}

static struct tscope_span
text_of(const struct tscope_row *row, const struct tscope_value *value)
{
    struct tscope_span text = {NULL, 0};

    if (!value || value->type == TSCOPE_JSON_OBJECT || value->type == TSCOPE_JSON_ARRAY || value->type == TSCOPE_JSON_NULL)
        return text;
    if (value->type != TSCOPE_JSON_STRING)
        return tscope_json_raw(row->json, value);
    text = tscope_json_string(row->json, value, row->arena);
    if (!text.data)
        *row->no_memory = true;
    return text.len ? text : (struct tscope_span){NULL, 0};
}

struct tscope_span
tscope_row_text(const struct tscope_row *row, const char *name)
{
    return text_of(row, tscope_row_value(row, name));
}

struct tscope_span
tscope_row_any_text(const struct tscope_row *row, const char *const *names)
{
    struct tscope_span text = {NULL, 0};

    while (!text.data && *names)
        text = tscope_row_text(row, *names++);
    return text;
}

/* JSON in a string: one level of it, as logs have it. */
static struct tscope_row
open_text(const struct tscope_row *row, const struct tscope_value *value)
{
    struct tscope_row inner = {row->json, NULL, row->arena, row->no_memory};
    struct tscope_span text = tscope_text_trim(text_of(row, value));
    struct tscope_json *json;

    if (text.len == 0 || (text.data[0] != '{' && text.data[0] != '['))
        return inner;
    json = tscope_arena_zeroed(row->arena, 1, sizeof(*json));
    if (!json || tscope_json_read(json, row->arena, text.data, text.len, TSCOPE_JSON_LIMITS_TOKEN, NULL) != TSCOPE_OK) {
        *row->no_memory = true;
        return inner;
    }
    if (!json->readable)
        return inner;
    inner.json = json;
    inner.object = tscope_json_root(json);
    return inner;
}

static struct tscope_row
open_value(const struct tscope_row *row, const struct tscope_value *value)
{
    struct tscope_row inner = {row->json, NULL, row->arena, row->no_memory};

    if (!value)
        return inner;
    if (value->type == TSCOPE_JSON_STRING)
        return open_text(row, value);
    if (value->type == TSCOPE_JSON_OBJECT || value->type == TSCOPE_JSON_ARRAY)
        inner.object = value;
    return inner;
}

struct tscope_row
tscope_row_open_list(const struct tscope_row *row, const char *name)
{
    return open_value(row, tscope_row_value(row, name));
}

struct tscope_row
tscope_row_open(const struct tscope_row *row, const char *name)
{
    struct tscope_row inner = tscope_row_open_list(row, name);

    if (inner.object && inner.object->type == TSCOPE_JSON_ARRAY) {
        const struct tscope_value *first = tscope_json_first(inner.json, inner.object);

        inner.object = first && first->type == TSCOPE_JSON_OBJECT ? first : NULL;
    }
    return inner;
}

bool
tscope_row_next(const struct tscope_row *list, struct tscope_row *element)
{
    const struct tscope_value *value;

    if (!list->object || list->object->type != TSCOPE_JSON_ARRAY)
        return false;
    value = element->object ? tscope_json_next(list->json, element->object) : tscope_json_first(list->json, list->object);
    while (value && value->type != TSCOPE_JSON_OBJECT)
        value = tscope_json_next(list->json, value);
    *element = (struct tscope_row){list->json, value, list->arena, list->no_memory};
    return value != NULL;
}

struct tscope_span
tscope_row_property(const struct tscope_row *list, const char *name)
{
    struct tscope_row element = {0};

    while (tscope_row_next(list, &element)) {
        struct tscope_span key = tscope_row_first_text(&element, "Name", "key");

        if (key.data && tscope_text_equal_fold(key, tscope_span_text(name)))
            return tscope_row_text(&element, "Value");
    }
    return (struct tscope_span){NULL, 0};
}

bool
tscope_row_is(const struct tscope_row *row, const char *name, const char *text)
{
    struct tscope_span value = tscope_row_text(row, name);

    return value.data && tscope_text_equal_fold(value, tscope_span_text(text));
}

bool
tscope_row_has(const struct tscope_row *row, const char *name)
{
    return tscope_row_value(row, name) != NULL;
}

/* "5/18/2021 9:13:33 PM" is not read: which of the numbers is the month depends on who exported it. */
int64_t
tscope_row_time(const struct tscope_row *row, const char *name)
{
    struct tscope_span text = tscope_row_text(row, name);
    int64_t time;

    return text.data && tscope_time_parse(text, &time) && time >= YEAR_2000 ? time : TSCOPE_TIME_NONE;
}

int64_t
tscope_row_integer(const struct tscope_row *row, const char *name, int64_t otherwise)
{
    struct tscope_span text = tscope_row_text(row, name);
    int64_t number = 0;

    if (text.len == 0 || text.len > 15)
        return otherwise;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return otherwise;
        number = number * 10 + (text.data[i] - '0');
    }
    return number;
}

bool
tscope_row_true(const struct tscope_row *row, const char *name)
{
    return tscope_row_is(row, name, "true");
}
