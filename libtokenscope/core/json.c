/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json.h"

#include "core/json_escape.h"

/* The last bytes, up to eight, as a number, the first one lowest. */
static uint64_t
load_tail(const uint8_t *bytes, size_t len)
{
    uint32_t low, high;

    if (len >= 4) {
        memcpy(&low, bytes, sizeof(low));
        memcpy(&high, bytes + len - 4, sizeof(high));
        return le32toh(low) | (uint64_t)le32toh(high) >> 8 * (8 - len) << 32;
    }
    return len ? bytes[0] | (uint64_t)bytes[len / 2] << 8 * (len / 2) | (uint64_t)bytes[len - 1] << 8 * (len - 1) : 0;
}

uint32_t
tscope_hash32(const void *data, size_t len)
{
    const uint8_t *bytes = data;
    uint64_t hash = tscope_hash_begin(len);

    for (; len > 8; len -= 8, bytes += 8)
        hash = tscope_hash_word(hash, tscope_low_bytes(bytes, 8));
    return tscope_hash_end(hash, load_tail(bytes, len));
}

/* What stands between the quotes; a string that the text ended in has no second one. */
static struct tscope_span
inside(const struct tscope_json *json, uint32_t start, uint32_t len, bool open)
{
    uint32_t quotes = open ? 1 : 2;

    return tscope_span_of(json->text + start + 1, len >= quotes ? len - quotes : 0);
}

bool
tscope_json_name_is(const struct tscope_json *json, const struct tscope_value *value, const char *name)
{
    return value->name_len &&
           tscope_json_inside_is(tscope_json_name(json, value), value->flags & TSCOPE_VALUE_NAME_ESCAPED, tscope_span_text(name));
}

const struct tscope_value *
tscope_json_member(const struct tscope_json *json, const struct tscope_value *object, const char *name)
{
    const struct tscope_value *value;
    uint32_t hash;

    if (!object || object->type != TSCOPE_JSON_OBJECT)
        return NULL;
    hash = tscope_hash32(name, strlen(name));
    for (value = tscope_json_first(json, object); value; value = tscope_json_next(json, value)) {
        if (value->name_hash == hash && tscope_json_name_is(json, value, name))
            return value;
    }
    return NULL;
}

struct tscope_span
tscope_json_unescaped(const struct tscope_json *json, const struct tscope_value *value, struct tscope_arena *arena)
{
    struct tscope_buffer text = {.arena = arena};
    struct tscope_span raw;

    raw = inside(json, value->start, value->len, value->flags & TSCOPE_VALUE_OPEN);
    if (!(value->flags & TSCOPE_VALUE_ESCAPED))
        return raw;
    tscope_json_unescape(raw, &text);
    return tscope_buffer_keep(&text);
}

bool
tscope_json_string_is(const struct tscope_json *json, const struct tscope_value *value, const char *text)
{
    if (!value || value->type != TSCOPE_JSON_STRING)
        return false;
    return tscope_json_inside_is(inside(json, value->start, value->len, value->flags & TSCOPE_VALUE_OPEN),
                                 value->flags & TSCOPE_VALUE_ESCAPED, tscope_span_text(text));
}

static void
append_pointer_name(const struct tscope_json *json, const struct tscope_value *value, struct tscope_buffer *buffer)
{
    struct tscope_span name = tscope_json_name(json, value);
    size_t at = 0;

    while (at < name.len) {
        uint8_t bytes[4];
        size_t len = tscope_json_unescape_next(name, &at, bytes);

        if (bytes[0] == '~' || bytes[0] == '/')
            tscope_buffer_append_text(buffer, bytes[0] == '~' ? "~0" : "~1");
        else
            tscope_buffer_append(buffer, bytes, len);
    }
}

void
tscope_json_pointer(const struct tscope_json *json, const struct tscope_value *value, struct tscope_buffer *buffer)
{
    const struct tscope_value *container = tscope_json_root(json);
    uint32_t target = (uint32_t)(value - json->values);

    /* a child stands in front of its next sibling: so the one to enter is the last that does not begin behind the target */
    while (container && container != value) {
        const struct tscope_value *child = tscope_json_first(json, container);
        size_t number = 0;

        while (child && child->next && child->next <= target) {
            child = tscope_json_next(json, child);
            number++;
        }
        if (!child)
            return;
        tscope_buffer_append_byte(buffer, '/');
        if (container->type == TSCOPE_JSON_OBJECT)
            append_pointer_name(json, child, buffer);
        else
            tscope_buffer_append_integer(buffer, (int64_t)number);
        container = child;
    }
}

static const struct tscope_value *
element_at(const struct tscope_json *json, const struct tscope_value *array, const char *step, size_t len)
{
    const struct tscope_value *child = tscope_json_first(json, array);
    size_t number = 0;

    if (len == 0 || len > 9 || (step[0] == '0' && len > 1))
        return NULL;
    for (size_t i = 0; i < len; i++) {
        if (step[i] < '0' || step[i] > '9')
            return NULL;
        number = number * 10 + (size_t)(step[i] - '0');
    }
    while (child && number--)
        child = tscope_json_next(json, child);
    return child;
}

/* True when a step of a pointer (RFC 6901 section 3: ~0 is ~, ~1 is /) names this member. */
static bool
step_names(const struct tscope_json *json, const struct tscope_value *member, const char *step, size_t len)
{
    struct tscope_span name = tscope_json_name(json, member);
    size_t at = 0, i = 0;

    while (at < name.len) {
        uint8_t bytes[4];
        size_t bytes_len = tscope_json_unescape_next(name, &at, bytes);

        for (size_t j = 0; j < bytes_len; j++) {
            bool is_tilde = i + 1 < len && step[i] == '~' && (step[i + 1] == '0' || step[i + 1] == '1');
            char byte = is_tilde ? (step[i + 1] == '0' ? '~' : '/') : step[i];

            if (i >= len || (uint8_t)byte != bytes[j])
                return false;
            i += is_tilde ? 2 : 1;
        }
    }
    return i == len;
}

static const struct tscope_value *
member_at(const struct tscope_json *json, const struct tscope_value *object, const char *step, size_t len)
{
    const struct tscope_value *member = tscope_json_first(json, object);

    while (member && !step_names(json, member, step, len))
        member = tscope_json_next(json, member);
    return member;
}

const struct tscope_value *
tscope_json_at(const struct tscope_json *json, const char *pointer)
{
    const struct tscope_value *value = tscope_json_root(json);

    while (value && *pointer == '/') {
        size_t len = strcspn(++pointer, "/");

        if (value->type == TSCOPE_JSON_OBJECT)
            value = member_at(json, value, pointer, len);
        else
            value = value->type == TSCOPE_JSON_ARRAY ? element_at(json, value, pointer, len) : NULL;
        pointer += len;
    }
    return *pointer == '\0' ? value : NULL;
}
