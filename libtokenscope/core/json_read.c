/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json.h"

#include "core/error.h"
#include "core/json_duplicates.h"
#include "core/text.h"

/*
 * One pass over the text with a small stack of open containers. Nothing is copied; what a string says is found out only
 * when somebody asks.
 */

#define DEPTH_CAPACITY 256

struct open_container {
    uint32_t index; /* of its value */
    uint32_t last;  /* index of its latest child; 0: none */
};

struct reader {
    struct tscope_json *json;
    struct tscope_arena *arena;
    const uint8_t *text;
    uint32_t len, at;
    uint32_t capacity; /* of json->values */
    struct tscope_json_limits limits;
    struct open_container open[DEPTH_CAPACITY];
    uint32_t depth; /* containers open */
    bool stopped;   /* a fatal flaw was noted */
    bool no_memory;
};

/* Classes of bytes inside a string. */
enum { PLAIN, QUOTE, BACKSLASH, CONTROL, HIGH };

#define EIGHT(class) class, class, class, class, class, class, class, class
#define PLAIN8 EIGHT(PLAIN)
#define HIGH32 EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH), EIGHT(HIGH)
static const uint8_t classes[256] = {
    EIGHT(CONTROL), EIGHT(CONTROL), EIGHT(CONTROL), EIGHT(CONTROL), PLAIN,  PLAIN,  QUOTE,  PLAIN,  PLAIN,  PLAIN,  PLAIN,     PLAIN,
    PLAIN8,         PLAIN8,         PLAIN8,         PLAIN8,         PLAIN8, PLAIN8, PLAIN,  PLAIN,  PLAIN,  PLAIN,  BACKSLASH, PLAIN,
    PLAIN,          PLAIN,          PLAIN8,         PLAIN8,         PLAIN8, PLAIN8, HIGH32, HIGH32, HIGH32, HIGH32,
};
#undef EIGHT
#undef PLAIN8
#undef HIGH32

static void
note(struct reader *reader, enum tscope_json_flaw_kind kind, size_t offset, size_t len, uint32_t value)
{
    struct tscope_json *json = reader->json;
    enum tscope_json_grade grade = tscope_json_flaw_grade(kind);

    if (grade != TSCOPE_JSON_NOTE)
        json->strict = false;
    if (grade == TSCOPE_JSON_FATAL)
        reader->stopped = true;
    json->flaws_total++;
    if (!json->flaws) {
        /* the index must stay the arena's latest allocation to grow in place, so this costs one move at most */
        json->flaws = tscope_arena_alloc(reader->arena, TSCOPE_JSON_FLAWS_MAX * sizeof(*json->flaws));
        if (!json->flaws) {
            reader->no_memory = reader->stopped = true;
            return;
        }
    }
    if (json->flaws_len == TSCOPE_JSON_FLAWS_MAX) {
        /* a fatal flaw says why reading stopped: it takes the last place */
        if (grade != TSCOPE_JSON_FATAL)
            return;
        json->flaws_len--;
    }
    json->flaws[json->flaws_len++] = (struct tscope_json_flaw){kind, (uint32_t)offset, (uint32_t)len, value};
}

static void
stop_at(struct reader *reader, size_t offset)
{
    if (offset >= reader->len)
        note(reader, TSCOPE_JSON_FLAW_TRUNCATED, reader->len, 0, 0);
    else
        note(reader, TSCOPE_JSON_FLAW_SYNTAX, offset, 1, 0);
}

static void
skip_comment(struct reader *reader)
{
    const uint8_t *text = reader->text;
    uint32_t start = reader->at;
    const uint8_t *end;

    if (reader->at + 1 < reader->len && text[reader->at + 1] == '/') {
        end = memchr(text + reader->at, '\n', reader->len - reader->at);
        reader->at = end ? (uint32_t)(end - text) : reader->len;
    } else if (reader->at + 1 < reader->len && text[reader->at + 1] == '*') {
        end = memmem(text + reader->at + 2, reader->len - reader->at - 2, "*/", 2);
        reader->at = end ? (uint32_t)(end - text) + 2 : reader->len;
    } else {
        stop_at(reader, reader->at);
        return;
    }
    note(reader, TSCOPE_JSON_FLAW_COMMENT, start, reader->at - start, 0);
}

static void
skip_space(struct reader *reader)
{
    while (reader->at < reader->len && !reader->stopped) {
        uint8_t byte = reader->text[reader->at];

        if (byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t')
            reader->at++;
        else if (byte == '/')
            skip_comment(reader);
        else
            return;
    }
}

/* A new value at the cursor, chained behind its elder sibling. NULL stops the reader. */
static struct tscope_value *
add_value(struct reader *reader, enum tscope_json_type type)
{
    struct tscope_json *json = reader->json;
    struct tscope_value *value;

    if (json->values_len >= reader->limits.values_max) {
        note(reader, TSCOPE_JSON_FLAW_TOO_MANY, reader->at, 1, 0);
        return NULL;
    }
    if (json->values_len == reader->capacity) {
        uint32_t capacity = reader->capacity ? reader->capacity * 2 : 64;
        struct tscope_value *values =
            tscope_arena_grow(reader->arena, json->values, (size_t)reader->capacity * sizeof(*values), (size_t)capacity * sizeof(*values));

        if (!values) {
            reader->no_memory = reader->stopped = true;
            return NULL;
        }
        json->values = values;
        reader->capacity = capacity;
    }
    value = &json->values[json->values_len];
    *value = (struct tscope_value){.start = reader->at, .type = (uint8_t)type, .depth = (uint16_t)reader->depth};
    if (reader->depth) {
        struct open_container *parent = &reader->open[reader->depth - 1];

        if (parent->last)
            json->values[parent->last].next = json->values_len;
        parent->last = json->values_len;
        json->values[parent->index].count++;
    }
    json->values_len++;
    return value;
}

/* Past the four digits of a \u escape; the unit, or UINT32_MAX. */
static uint32_t
unicode_escape(const struct reader *reader, uint32_t at)
{
    uint8_t bytes[2];

    if (at + 4 > reader->len || !tscope_text_from_hex(tscope_span_of(reader->text + at, 4), bytes, 2))
        return UINT32_MAX;
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

static void
read_escape(struct reader *reader, uint32_t value)
{
    uint32_t start = reader->at, unit;
    uint8_t letter;

    if (start + 1 >= reader->len) {
        stop_at(reader, reader->len);
        return;
    }
    letter = reader->text[start + 1];
    reader->at += 2;
    if (letter != 'u') {
        if (!memchr("\"\\/bfnrt", letter, 8))
            stop_at(reader, start);
        return;
    }
    unit = unicode_escape(reader, start + 2);
    if (unit == UINT32_MAX) {
        stop_at(reader, start + 6 > reader->len ? reader->len : start);
        return;
    }
    reader->at += 4;
    if (unit == 0)
        note(reader, TSCOPE_JSON_FLAW_NUL, start, 6, value);
    if (unit < 0xd800 || unit > 0xdfff)
        return;
    if (unit < 0xdc00 && reader->at + 6 <= reader->len && reader->text[reader->at] == '\\' && reader->text[reader->at + 1] == 'u') {
        uint32_t low = unicode_escape(reader, reader->at + 2);

        if (low >= 0xdc00 && low <= 0xdfff) {
            reader->at += 6;
            return;
        }
    }
    note(reader, TSCOPE_JSON_FLAW_SURROGATE, start, 6, value);
}

static void
read_high(struct reader *reader, uint32_t value)
{
    size_t at = reader->at;
    struct tscope_span text = tscope_span_of(reader->text, reader->len);

    while (at < reader->len && classes[reader->text[at]] == HIGH) {
        size_t start = at;

        if (tscope_text_code_point(text, &at) == UINT32_MAX)
            note(reader, TSCOPE_JSON_FLAW_BAD_UTF8, start, 1, value);
    }
    reader->at = (uint32_t)at;
}

/* Past a string, cursor on its opening quote. Flaws are noted for the value that is about to be, or is, number value. */
static void
read_string(struct reader *reader, uint32_t value, bool *ret_escaped)
{
    const uint8_t *text = reader->text;

    *ret_escaped = false;
    reader->at++;
    while (!reader->stopped) {
        uint32_t at = reader->at;

        while (at < reader->len && classes[text[at]] == PLAIN)
            at++;
        reader->at = at;
        if (at >= reader->len) {
            stop_at(reader, at);
            return;
        }
        switch (classes[text[at]]) {
        case QUOTE:
            reader->at++;
            return;
        case BACKSLASH:
            *ret_escaped = true;
            read_escape(reader, value);
            break;
        case CONTROL:
            note(reader, TSCOPE_JSON_FLAW_CONTROL, at, 1, value);
            reader->at++;
            break;
        default:
            read_high(reader, value);
            break;
        }
    }
}

static uint32_t
skip_digits(const struct reader *reader, uint32_t at)
{
    while (at < reader->len && reader->text[at] >= '0' && reader->text[at] <= '9')
        at++;
    return at;
}

/* RFC 8259 section 6; returns where it ends, or 0 with the reader stopped. */
static uint32_t
end_of_number(struct reader *reader, bool *ret_big)
{
    const uint8_t *text = reader->text;
    uint32_t at = reader->at + (text[reader->at] == '-'), digits = at, end;

    end = skip_digits(reader, at);
    if (end == at || (text[at] == '0' && end - at > 1)) {
        stop_at(reader, end == at ? at : reader->at);
        return 0;
    }
    *ret_big = end - digits > 15; /* beyond 2^53 readers differ (RFC 8259 section 6, RFC 7493 section 2.2) */
    if (end < reader->len && text[end] == '.') {
        at = end + 1;
        end = skip_digits(reader, at);
        if (end == at) {
            stop_at(reader, at);
            return 0;
        }
    }
    if (end < reader->len && (text[end] == 'e' || text[end] == 'E')) {
        at = end + 1;
        at += at < reader->len && (text[at] == '+' || text[at] == '-');
        end = skip_digits(reader, at);
        if (end == at) {
            stop_at(reader, at);
            return 0;
        }
        *ret_big |= end - at > 2;
    }
    return end;
}

static void
read_number(struct reader *reader)
{
    struct tscope_value *value = add_value(reader, TSCOPE_JSON_NUMBER);
    uint32_t start = reader->at, end;
    bool big = false;

    if (!value)
        return;
    end = end_of_number(reader, &big);
    if (end == 0)
        return;
    reader->at = end;
    value->len = end - start;
    if (big)
        note(reader, TSCOPE_JSON_FLAW_BIG_NUMBER, start, end - start, reader->json->values_len - 1);
}

static bool
stands_here(const struct reader *reader, const char *word, uint32_t len)
{
    return reader->len - reader->at >= len && memcmp(reader->text + reader->at, word, len) == 0;
}

static void
read_word(struct reader *reader)
{
    static const struct {
        const char *word;
        uint8_t len, type;
        bool extension;
    } words[] = {
        {"null", 4, TSCOPE_JSON_NULL, false}, {"true", 4, TSCOPE_JSON_TRUE, false},      {"false", 5, TSCOPE_JSON_FALSE, false},
        {"NaN", 3, TSCOPE_JSON_NUMBER, true}, {"Infinity", 8, TSCOPE_JSON_NUMBER, true}, {"-Infinity", 9, TSCOPE_JSON_NUMBER, true},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct tscope_value *value;

        if (!stands_here(reader, words[i].word, words[i].len))
            continue;
        value = add_value(reader, (enum tscope_json_type)words[i].type);
        if (!value)
            return;
        value->len = words[i].len;
        if (words[i].extension)
            note(reader, TSCOPE_JSON_FLAW_NAN, reader->at, words[i].len, reader->json->values_len - 1);
        reader->at += words[i].len;
        return;
    }
    /* the beginning of a word at the very end is a cut, anything else is no JSON */
    for (size_t i = 0; i < 3; i++) {
        if (reader->len - reader->at < words[i].len && memcmp(words[i].word, reader->text + reader->at, reader->len - reader->at) == 0) {
            stop_at(reader, reader->len);
            return;
        }
    }
    stop_at(reader, reader->at);
}

static void
open_container(struct reader *reader, enum tscope_json_type type)
{
    uint32_t index = reader->json->values_len;

    if (reader->depth > reader->limits.depth_max || reader->depth >= DEPTH_CAPACITY) {
        note(reader, TSCOPE_JSON_FLAW_TOO_DEEP, reader->at, 1, 0);
        return;
    }
    if (!add_value(reader, type))
        return;
    reader->open[reader->depth++] = (struct open_container){.index = index};
    reader->at++;
}

static void
close_container(struct reader *reader)
{
    struct tscope_json *json = reader->json;
    uint32_t index = reader->open[--reader->depth].index;
    struct tscope_value *value = &json->values[index];

    reader->at++;
    value->len = reader->at - value->start;
    if (value->type != TSCOPE_JSON_OBJECT || value->count < 2)
        return;
    if (!tscope_json_mark_duplicates(json, index)) {
        reader->no_memory = reader->stopped = true;
        return;
    }
    for (uint32_t child = index + 1; child; child = json->values[child].next) {
        if (json->values[child].flags & TSCOPE_VALUE_DUPLICATE)
            note(reader, TSCOPE_JSON_FLAW_DUPLICATE, json->values[child].name, json->values[child].name_len, child);
    }
}

static void
read_string_value(struct reader *reader)
{
    struct tscope_value *value = add_value(reader, TSCOPE_JSON_STRING);
    uint32_t index = reader->json->values_len - 1;
    bool escaped;

    if (!value)
        return;
    read_string(reader, index, &escaped);
    value = &reader->json->values[index];
    value->len = reader->at - value->start;
    value->flags |= escaped ? TSCOPE_VALUE_ESCAPED : 0;
    if (reader->stopped)
        value->flags |= TSCOPE_VALUE_OPEN;
}

static void
read_value(struct reader *reader)
{
    uint8_t byte;

    if (reader->at >= reader->len) {
        stop_at(reader, reader->len);
        return;
    }
    byte = reader->text[reader->at];
    if (byte == '"')
        read_string_value(reader);
    else if (byte == '{')
        open_container(reader, TSCOPE_JSON_OBJECT);
    else if (byte == '[')
        open_container(reader, TSCOPE_JSON_ARRAY);
    else if ((byte >= '0' && byte <= '9') || (byte == '-' && !stands_here(reader, "-I", 2)))
        read_number(reader);
    else
        read_word(reader);
}

static uint32_t
hash_name(const uint8_t *inside, size_t len, bool escaped)
{
    struct tscope_buffer text = {0};
    uint32_t hash;

    if (!escaped)
        return tscope_hash32(inside, len);
    tscope_json_unescape(tscope_span_of(inside, len), &text);
    hash = tscope_hash32(text.data, text.len);
    tscope_buffer_clear(&text);
    return hash;
}

/* "name": and then its value. */
static void
read_member(struct reader *reader)
{
    uint32_t name = reader->at, name_len, index = reader->json->values_len;
    bool escaped;

    read_string(reader, index, &escaped);
    if (reader->stopped)
        return;
    name_len = reader->at - name;
    skip_space(reader);
    if (reader->stopped)
        return;
    if (reader->at >= reader->len || reader->text[reader->at] != ':') {
        stop_at(reader, reader->at);
        return;
    }
    reader->at++;
    skip_space(reader);
    if (reader->stopped)
        return;
    read_value(reader);
    if (reader->json->values_len > index) {
        struct tscope_value *value = &reader->json->values[index];

        value->name = name;
        value->name_len = name_len;
        value->name_hash = hash_name(reader->text + name + 1, name_len - 2, escaped);
        value->flags |= escaped ? TSCOPE_VALUE_NAME_ESCAPED : 0;
    }
}

/* One step inside an open container: a comma, a member or element, or its end. after_item: a value has just ended. */
static void
read_inside(struct reader *reader, bool after_item)
{
    const struct tscope_value *container = &reader->json->values[reader->open[reader->depth - 1].index];
    uint8_t end = container->type == TSCOPE_JSON_OBJECT ? '}' : ']';
    uint32_t comma = reader->at;

    if (reader->text[reader->at] == end) {
        close_container(reader);
        return;
    }
    if (after_item || reader->text[reader->at] == ',') {
        if (reader->text[reader->at] != ',') {
            stop_at(reader, reader->at);
            return;
        }
        reader->at++;
        skip_space(reader);
        if (reader->stopped)
            return;
        if (!after_item || (reader->at < reader->len && (reader->text[reader->at] == end || reader->text[reader->at] == ','))) {
            note(reader, TSCOPE_JSON_FLAW_COMMA, comma, 1, 0);
            return;
        }
    }
    if (reader->at >= reader->len)
        stop_at(reader, reader->len);
    else if (end == ']')
        read_value(reader);
    else if (reader->text[reader->at] == '"')
        read_member(reader);
    else
        stop_at(reader, reader->at);
}

static void
read_root(struct reader *reader)
{
    bool after_item = false;

    read_value(reader);
    while (reader->depth && !reader->stopped) {
        uint32_t depth = reader->depth, values = reader->json->values_len;

        skip_space(reader);
        if (reader->stopped)
            return;
        if (reader->at >= reader->len) {
            stop_at(reader, reader->len);
            return;
        }
        if (reader->json->values[reader->open[reader->depth - 1].index].count == 0)
            after_item = false;
        read_inside(reader, after_item);
        if (reader->depth > depth) /* a container was opened: nothing stands in it yet */
            after_item = false;
        else if (reader->depth < depth || reader->json->values_len > values)
            after_item = true;
        else /* a stray comma: what follows stands as if behind one */
            after_item = false;
    }
}

static void
close_open(struct reader *reader)
{
    while (reader->depth) {
        struct tscope_value *value = &reader->json->values[reader->open[--reader->depth].index];

        value->len = reader->at - value->start;
        value->flags |= TSCOPE_VALUE_OPEN;
        if (value->type == TSCOPE_JSON_OBJECT && value->count > 1 &&
            !tscope_json_mark_duplicates(reader->json, reader->open[reader->depth].index))
            reader->no_memory = true;
    }
}

/* UTF-16 shows itself by its mark, or by a NUL beside the first ASCII byte. */
static bool
is_utf16(const uint8_t *text, size_t len)
{
    if (len < 2)
        return false;
    return (text[0] == 0xff && text[1] == 0xfe) || (text[0] == 0xfe && text[1] == 0xff) || (text[0] == 0 && text[1] != 0) ||
           (text[0] != 0 && text[1] == 0);
}

enum tscope_status
tscope_json_read(struct tscope_json *json, struct tscope_arena *arena, const uint8_t *text, size_t text_len,
                 struct tscope_json_limits limits, struct tscope_error *err)
{
    struct reader reader = {.json = json, .arena = arena, .text = text, .limits = limits};

    *json = (struct tscope_json){.text = text, .text_len = text_len, .strict = true};
    if (text_len > TSCOPE_JSON_INPUT_MAX)
        return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "JSON text is over %u bytes", TSCOPE_JSON_INPUT_MAX);
    reader.len = (uint32_t)text_len;
    if (is_utf16(text, text_len))
        note(&reader, TSCOPE_JSON_FLAW_UTF16, 0, 2, 0);
    if (text_len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        note(&reader, TSCOPE_JSON_FLAW_BOM, 0, 3, 0);
        reader.at = 3;
    }
    skip_space(&reader);
    if (!reader.stopped && reader.at >= reader.len)
        note(&reader, TSCOPE_JSON_FLAW_EMPTY, reader.len, 0, 0);
    if (!reader.stopped)
        read_root(&reader);
    json->readable = !reader.stopped;
    close_open(&reader);
    if (!reader.stopped)
        skip_space(&reader);
    if (!reader.stopped && reader.at < reader.len)
        note(&reader, TSCOPE_JSON_FLAW_TRAILING, reader.at, reader.len - reader.at, 0);
    if (reader.no_memory)
        return tscope_error_no_memory(err);
    return TSCOPE_OK;
}
