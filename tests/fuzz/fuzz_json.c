/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/json_writer.h"

#define POINTERS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_flaws(const struct tscope_json *json)
{
    if (json->strict && !json->readable)
        __builtin_trap();
    if (json->flaws_len > json->flaws_total || json->flaws_len > TSCOPE_JSON_FLAWS_MAX)
        __builtin_trap();
    for (uint32_t i = 0; i < json->flaws_len; i++) {
        const struct tscope_json_flaw *flaw = &json->flaws[i];

        if ((size_t)flaw->offset + flaw->len > json->text_len || (flaw->value && flaw->value >= json->values_len))
            __builtin_trap();
        if (i && flaw->offset < json->flaws[i - 1].offset)
            __builtin_trap();
        if (json->strict && tscope_json_flaw_grade(flaw->kind) != TSCOPE_JSON_NOTE)
            __builtin_trap();
    }
}

/* Children lie inside their container, one behind the other, as many as it says. */
static void
check_children(const struct tscope_json *json, const struct tscope_value *container)
{
    const struct tscope_value *child;
    size_t at = container->start, count = 0;

    for (child = tscope_json_first(json, container); child; child = tscope_json_next(json, child)) {
        size_t begin = child->name_len ? child->name : child->start;

        if (begin < at || child->depth != container->depth + 1 || (container->type == TSCOPE_JSON_ARRAY && child->name_len))
            __builtin_trap();
        at = (size_t)child->start + child->len;
        count++;
    }
    if (count != container->count || at > (size_t)container->start + container->len)
        __builtin_trap();
}

static void
ask_value(const struct tscope_json *json, const struct tscope_value *value, struct tscope_arena *arena)
{
    struct tscope_span text = tscope_json_string(json, value, arena);
    int64_t integer;
    double number;

    if ((value->type == TSCOPE_JSON_STRING) != (text.data != NULL))
        __builtin_trap();
    if (text.data && memchr(text.data, '\0', text.len) == NULL) {
        struct tscope_span copy = tscope_arena_copy(arena, text);

        if (!tscope_json_string_is(json, value, (const char *)copy.data))
            __builtin_trap();
    }
    if (tscope_json_integer(json, value, &integer)) {
        if (!tscope_json_number(json, value, &number) || (double)integer != number)
            __builtin_trap();
    }
}

/* A pointer leads back to the value, or to the first of that name. */
static void
check_pointer(const struct tscope_json *json, const struct tscope_value *value)
{
    struct tscope_buffer pointer = {0};
    const struct tscope_value *found;

    tscope_json_pointer(json, value, &pointer);
    if (!pointer.data || !memchr(pointer.data, '\0', pointer.len)) {
        tscope_buffer_append_byte(&pointer, '\0');
        found = tscope_json_at(json, (const char *)pointer.data);
        if (found != value && json->flaws_total == 0)
            __builtin_trap();
    }
    tscope_buffer_clear(&pointer);
}

static bool
has_repeats(const struct tscope_json *json)
{
    for (uint32_t i = 0; i < json->values_len; i++) {
        if (json->values[i].flags & TSCOPE_VALUE_DUPLICATE)
            return true;
    }
    return false;
}

/* What is written of anything is valid; written again it is the same, unless names that differ in bytes that are not UTF-8 became one. */
static void
check_writing(const struct tscope_json *json, struct tscope_arena *arena)
{
    struct tscope_buffer first = {0}, second = {0};
    struct tscope_json_writer writer;
    struct tscope_json again;

    tscope_json_writer_init(&writer, &first, false);
    tscope_json_write_value(&writer, json, json->values);
    if (tscope_json_read(&again, arena, first.data, first.len, TSCOPE_JSON_LIMITS_TOKEN, NULL) != TSCOPE_OK || !again.strict)
        __builtin_trap();
    tscope_json_writer_init(&writer, &second, false);
    tscope_json_write_value(&writer, &again, again.values);
    if (!has_repeats(&again) && !tscope_span_equal(tscope_span_of(first.data, first.len), tscope_span_of(second.data, second.len)))
        __builtin_trap();
    tscope_buffer_clear(&first);
    tscope_buffer_clear(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tscope_arena arena = {0};
    struct tscope_json json;

    if (tscope_json_read(&json, &arena, data, size, TSCOPE_JSON_LIMITS_TOKEN, NULL) != TSCOPE_OK)
        __builtin_trap();
    check_flaws(&json);
    for (uint32_t i = 0; i < json.values_len; i++) {
        const struct tscope_value *value = &json.values[i];

        if ((size_t)value->start + value->len > size || (size_t)value->name + value->name_len > size)
            __builtin_trap();
        check_children(&json, value);
        ask_value(&json, value, &arena);
        if (i < POINTERS_MAX)
            check_pointer(&json, value);
    }
    if (json.values_len)
        check_writing(&json, &arena);
    tscope_arena_clear(&arena);
    return 0;
}
