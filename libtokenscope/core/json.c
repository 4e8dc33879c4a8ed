/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"

static const struct {
    const char *id, *words;
    enum tscope_json_grade grade;
} flaws[] = {
#define FLAW_ROW(name, id, grade, words) [TSCOPE_JSON_FLAW_##name] = {id, words, TSCOPE_JSON_##grade},
    TSCOPE_FOREACH_JSON_FLAW(FLAW_ROW)
#undef FLAW_ROW
};

enum tscope_json_grade
tscope_json_flaw_grade(enum tscope_json_flaw_kind kind)
{
    return flaws[kind].grade;
}

const char *
tscope_json_flaw_id(enum tscope_json_flaw_kind kind)
{
    return flaws[kind].id;
}

const char *
tscope_json_flaw_text(enum tscope_json_flaw_kind kind)
{
    return flaws[kind].words;
}

uint32_t
tscope_hash32(const void *data, size_t len)
{
    const uint8_t *bytes = data;
    uint32_t hash = 2166136261u; /* FNV-1a: names are short */

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * 16777619u;
    return hash;
}

const struct tscope_value *
tscope_json_root(const struct tscope_json *json)
{
    return json->values_len ? json->values : NULL;
}

const struct tscope_value *
tscope_json_first(const struct tscope_json *json, const struct tscope_value *container)
{
    (void)json;
    return container && container->count ? container + 1 : NULL;
}

const struct tscope_value *
tscope_json_next(const struct tscope_json *json, const struct tscope_value *value)
{
    return value->next ? &json->values[value->next] : NULL;
}

/* What stands between the quotes; a string that the text ended in has no second one. */
static struct tscope_span
inside(const struct tscope_json *json, uint32_t start, uint32_t len, bool open)
{
    uint32_t quotes = open ? 1 : 2;

    return tscope_span_of(json->text + start + 1, len >= quotes ? len - quotes : 0);
}

struct tscope_span
tscope_json_name(const struct tscope_json *json, const struct tscope_value *value)
{
    if (value->name_len == 0)
        return (struct tscope_span){NULL, 0};
    return inside(json, value->name, value->name_len, false);
}

struct tscope_span
tscope_json_raw(const struct tscope_json *json, const struct tscope_value *value)
{
    return tscope_span_of(json->text + value->start, value->len);
}

/* Compares escaped text without memory: by unescaping into a small buffer. */
static bool
reads(struct tscope_span raw, bool escaped, struct tscope_span text)
{
    struct tscope_buffer buffer = {0};
    bool equal;

    if (!escaped)
        return tscope_span_equal(raw, text);
    tscope_json_unescape(raw, &buffer);
    equal = !buffer.failed && tscope_span_equal(tscope_span_of(buffer.data, buffer.len), text);
    tscope_buffer_clear(&buffer);
    return equal;
}

bool
tscope_json_name_is(const struct tscope_json *json, const struct tscope_value *value, const char *name)
{
    return value->name_len && reads(tscope_json_name(json, value), value->flags & TSCOPE_VALUE_NAME_ESCAPED, tscope_span_text(name));
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
tscope_json_string(const struct tscope_json *json, const struct tscope_value *value, struct tscope_arena *arena)
{
    struct tscope_buffer buffer = {0};
    struct tscope_span text = {NULL, 0}, raw;

    if (!value || value->type != TSCOPE_JSON_STRING)
        return text;
    raw = inside(json, value->start, value->len, value->flags & TSCOPE_VALUE_OPEN);
    if (!(value->flags & TSCOPE_VALUE_ESCAPED))
        return raw;
    tscope_json_unescape(raw, &buffer);
    if (!buffer.failed)
        text = tscope_arena_copy(arena, tscope_span_of(buffer.data, buffer.len));
    tscope_buffer_clear(&buffer);
    return text;
}

bool
tscope_json_string_is(const struct tscope_json *json, const struct tscope_value *value, const char *text)
{
    if (!value || value->type != TSCOPE_JSON_STRING)
        return false;
    return reads(inside(json, value->start, value->len, value->flags & TSCOPE_VALUE_OPEN), value->flags & TSCOPE_VALUE_ESCAPED,
                 tscope_span_text(text));
}

/* Digits, point and exponent of a number's text taken apart: value = digits * 10^(exponent - fraction). */
bool
tscope_json_integer(const struct tscope_json *json, const struct tscope_value *value, int64_t *ret_integer)
{
    struct tscope_span raw;
    bool negative, in_fraction = false;
    uint64_t magnitude = 0;
    int64_t exponent = 0, scale = 0;
    size_t at;

    if (!value || value->type != TSCOPE_JSON_NUMBER)
        return false;
    raw = tscope_json_raw(json, value);
    negative = raw.len && raw.data[0] == '-';
    for (at = negative; at < raw.len && raw.data[at] != 'e' && raw.data[at] != 'E'; at++) {
        if (raw.data[at] == '.') {
            in_fraction = true;
            continue;
        }
        if (raw.data[at] < '0' || raw.data[at] > '9')
            return false; /* NaN */
        if (in_fraction && raw.data[at] == '0' && scale == 0) {
            size_t zeros = at;

            while (zeros < raw.len && raw.data[zeros] == '0')
                zeros++;
            if (zeros == raw.len || raw.data[zeros] == 'e' || raw.data[zeros] == 'E') {
                at = zeros - 1;
                continue; /* ".000": nothing behind the point counts */
            }
        }
        if (__builtin_mul_overflow(magnitude, 10, &magnitude) ||
            __builtin_add_overflow(magnitude, (uint64_t)(raw.data[at] - '0'), &magnitude))
            return false;
        scale += in_fraction;
    }
    if (at < raw.len) {
        bool down = ++at < raw.len && raw.data[at] == '-';

        for (at += at < raw.len && (raw.data[at] == '-' || raw.data[at] == '+'); at < raw.len; at++)
            exponent = exponent < 10000 ? exponent * 10 + (raw.data[at] - '0') : exponent;
        exponent = down ? -exponent : exponent;
    }
    for (exponent -= scale; exponent < 0 && magnitude; exponent++) {
        if (magnitude % 10)
            return false;
        magnitude /= 10;
    }
    for (; exponent > 0 && magnitude; exponent--) {
        if (__builtin_mul_overflow(magnitude, 10, &magnitude))
            return false;
    }
    if (magnitude > (uint64_t)INT64_MAX)
        return false;
    *ret_integer = negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

bool
tscope_json_number(const struct tscope_json *json, const struct tscope_value *value, double *ret_number)
{
    struct tscope_span raw;
    double number = 0, place = 1;
    int64_t exponent = 0;
    bool negative, down = false, fraction = false;
    size_t at;

    if (!value || value->type != TSCOPE_JSON_NUMBER)
        return false;
    raw = tscope_json_raw(json, value);
    negative = raw.len && raw.data[0] == '-';
    /* by hand, because strtod asks the locale what a decimal point is; times need no last bit */
    for (at = negative; at < raw.len && raw.data[at] != 'e' && raw.data[at] != 'E'; at++) {
        if (raw.data[at] == '.') {
            fraction = true;
        } else if (raw.data[at] < '0' || raw.data[at] > '9') {
            return false;
        } else if (fraction) {
            place /= 10;
            number += place * (raw.data[at] - '0');
        } else {
            number = number * 10 + (raw.data[at] - '0');
        }
    }
    if (at < raw.len) {
        down = ++at < raw.len && raw.data[at] == '-';
        for (at += at < raw.len && (raw.data[at] == '-' || raw.data[at] == '+'); at < raw.len; at++)
            exponent = exponent < 400 ? exponent * 10 + (raw.data[at] - '0') : exponent;
    }
    for (; exponent > 0; exponent--)
        number = down ? number / 10 : number * 10;
    *ret_number = negative ? -number : number;
    return true;
}

static void
append_pointer_name(const struct tscope_json *json, const struct tscope_value *value, struct tscope_buffer *buffer)
{
    struct tscope_buffer name = {0};

    tscope_json_unescape(tscope_json_name(json, value), &name);
    for (size_t i = 0; i < name.len; i++) {
        if (name.data[i] == '~' || name.data[i] == '/')
            tscope_buffer_append_text(buffer, name.data[i] == '~' ? "~0" : "~1");
        else
            tscope_buffer_append_byte(buffer, name.data[i]);
    }
    buffer->failed |= name.failed;
    tscope_buffer_clear(&name);
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

static const struct tscope_value *
member_at(const struct tscope_json *json, const struct tscope_value *object, const char *step, size_t len)
{
    char name[256];
    size_t written = 0;

    for (size_t i = 0; i < len; i++) {
        if (written + 1 >= sizeof(name))
            return NULL;
        if (step[i] == '~' && i + 1 < len && (step[i + 1] == '0' || step[i + 1] == '1'))
            name[written++] = step[++i] == '0' ? '~' : '/';
        else
            name[written++] = step[i];
    }
    name[written] = '\0';
    return tscope_json_member(json, object, name);
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

/* The unit of "\uXXXX" at text, or UINT32_MAX. */
static uint32_t
unit_at(struct tscope_span text, size_t at)
{
    uint8_t bytes[2];

    if (at + 6 > text.len || text.data[at] != '\\' || text.data[at + 1] != 'u' ||
        !tscope_text_from_hex(tscope_span_of(text.data + at + 2, 4), bytes, 2))
        return UINT32_MAX;
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

static size_t
unescape_unicode(struct tscope_span inside, size_t at, struct tscope_buffer *buffer)
{
    uint32_t unit = unit_at(inside, at);
    uint32_t low;

    if (unit == UINT32_MAX) {
        tscope_text_append_utf8(buffer, 0xfffd);
        return 2;
    }
    if (unit < 0xd800 || unit > 0xdfff) {
        tscope_text_append_utf8(buffer, unit);
        return 6;
    }
    low = unit < 0xdc00 ? unit_at(inside, at + 6) : UINT32_MAX;
    if (low >= 0xdc00 && low <= 0xdfff) {
        tscope_text_append_utf8(buffer, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        return 12;
    }
    tscope_text_append_utf8(buffer, 0xfffd);
    return 6;
}

void
tscope_json_unescape(struct tscope_span inside_quotes, struct tscope_buffer *buffer)
{
    static const char letters[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
    size_t at = 0;

    while (at < inside_quotes.len) {
        const uint8_t *backslash = memchr(inside_quotes.data + at, '\\', inside_quotes.len - at);
        size_t run = backslash ? (size_t)(backslash - inside_quotes.data) : inside_quotes.len;
        const char *letter;

        tscope_buffer_append(buffer, inside_quotes.data + at, run - at);
        at = run;
        if (at >= inside_quotes.len)
            return;
        if (at + 1 < inside_quotes.len && inside_quotes.data[at + 1] == 'u') {
            at += unescape_unicode(inside_quotes, at, buffer);
            continue;
        }
        letter = at + 1 < inside_quotes.len ? memchr(letters, inside_quotes.data[at + 1], 8) : NULL;
        if (letter)
            tscope_buffer_append_byte(buffer, (uint8_t)means[letter - letters]);
        else
            tscope_text_append_utf8(buffer, 0xfffd);
        at += 2;
    }
}
