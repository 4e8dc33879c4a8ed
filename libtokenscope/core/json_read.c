/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/json_reader.h"

/*
 * One pass over the text with a small stack of open containers. Nothing is copied; what a string says is found out only
 * when somebody asks.
 */

/* What stood in front of the cursor. */
enum { AT_START, AFTER_ITEM, AFTER_COMMA };

/* Past a comment; false when the slash begins none. */
static bool
skip_comment(struct tscope_json_reader *reader)
{
    const uint8_t *text = reader->text, *end;
    uint32_t start = reader->at, left = reader->len - start;

    if (left < 2 || (text[start + 1] != '/' && text[start + 1] != '*'))
        return false;
    if (text[start + 1] == '/') {
        while (reader->at < reader->len && text[reader->at] != '\n' && text[reader->at] != '\r')
            reader->at++;
    } else {
        end = memmem(text + start + 2, left - 2, "*/", 2);
        reader->at = end ? (uint32_t)(end - text) + 2 : reader->len;
    }
    tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_COMMENT, start, reader->at - start, tscope_json_reader_container(reader));
    return true;
}

static void
skip_space_slowly(struct tscope_json_reader *reader)
{
    while (reader->at < reader->len && !reader->stopped) {
        uint8_t byte = reader->text[reader->at];

        if (byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t')
            reader->at++;
        else if (byte != '/' || !skip_comment(reader))
            return;
    }
}

static inline void
skip_space(struct tscope_json_reader *reader)
{
    if (reader->at < reader->len && reader->text[reader->at] > ' ' && reader->text[reader->at] != '/')
        return;
    reader->uneven |= reader->at < reader->len;
    skip_space_slowly(reader);
}

static bool
grow_values(struct tscope_json_reader *reader)
{
    struct tscope_json *json = reader->json;
    uint32_t capacity = reader->capacity ? reader->capacity * 2 : 64;
    struct tscope_value *values =
        tscope_arena_grow(reader->arena, json->values, (size_t)reader->capacity * sizeof(*values), (size_t)capacity * sizeof(*values));

    if (!values) {
        tscope_json_reader_fail(reader);
        return false;
    }
    json->values = values;
    reader->capacity = capacity;
    return true;
}

/* A new value at the cursor, chained behind its elder sibling. NULL stops the reader. */
static inline struct tscope_value *
add_value(struct tscope_json_reader *reader, enum tscope_json_type type)
{
    struct tscope_json *json = reader->json;
    uint32_t index = json->values_len;
    struct tscope_value *value;

    if (index >= reader->limits.values_max) {
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_TOO_MANY, reader->at, 1, tscope_json_reader_container(reader));
        return NULL;
    }
    if (index == reader->capacity && !grow_values(reader))
        return NULL;
    value = &json->values[index];
    *value = (struct tscope_value){.start = reader->at, .type = (uint8_t)type, .depth = (uint16_t)reader->depth};
    if (reader->depth) {
        struct tscope_json_open *parent = &reader->open[reader->depth - 1];

        if (parent->last)
            json->values[parent->last].next = index;
        parent->last = index;
        json->values[parent->index].count++;
    }
    json->values_len = index + 1;
    reader->state = AFTER_ITEM;
    return value;
}

static inline bool
stands_here(const struct tscope_json_reader *reader, const char *word, uint32_t len)
{
    return reader->len - reader->at >= len && memcmp(reader->text + reader->at, word, len) == 0;
}

static void
read_number(struct tscope_json_reader *reader)
{
    struct tscope_value *value = add_value(reader, TSCOPE_JSON_NUMBER);
    bool big;

    if (!value)
        return;
    big = tscope_json_reader_number(reader);
    value->len = reader->at - value->start;
    /* "exp": 16 may be the beginning of 1686833100: at a cut nobody knows */
    if (reader->stopped || (reader->at >= reader->len && reader->depth))
        value->flags |= TSCOPE_VALUE_OPEN;
    if (big)
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_BIG_NUMBER, value->start, value->len, reader->json->values_len - 1);
}

static void
read_word(struct tscope_json_reader *reader)
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
            tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_NAN, reader->at, words[i].len, reader->json->values_len - 1);
        reader->at += words[i].len;
        return;
    }
    /* the beginning of a word at the very end is a cut, anything else is no JSON */
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        uint32_t left = reader->len - reader->at;

        if (left < words[i].len && memcmp(words[i].word, reader->text + reader->at, left) == 0) {
            tscope_json_reader_stop(reader, reader->len);
            return;
        }
    }
    tscope_json_reader_stop(reader, reader->at);
}

/* So many bytes must be left for a plain member to be looked for: its name in one block, and what follows up to the next one's quote. */
#define PLAIN_MEMBER_MIN (TSCOPE_HASH_BLOCK + 8)
#define PLAIN_DIGITS_MAX 15u /* numbers of so many are under 2^53 */

_Static_assert(TSCOPE_PLAIN_BLOCK <= TSCOPE_HASH_BLOCK, "a name of one block is hashed in one");

/* Behind a plain string whose first quote is at; 0: it is none, or ends with the text. */
static inline uint32_t
end_of_plain(const uint8_t *text, uint32_t len, uint32_t at)
{
    uint32_t end = at + 1;

    end += (uint32_t)tscope_plain_run(text + end, len - end);
    return end + 1 < len && text[end] == '"' ? end + 1 : 0;
}

/* Behind a plain number, a whole one that every reader takes for the same; 0: it is none, or ends with the text. */
static inline uint32_t
end_of_integer(const uint8_t *text, uint32_t len, uint32_t at)
{
    const uint32_t end = at + (uint32_t)tscope_digits_run(text + at, len - at);

    return end > at && end < len && end - at <= PLAIN_DIGITS_MAX && text[at] != '0' && (text[end] == ',' || text[end] == '}') ? end : 0;
}

/*
 * Members of the forms "name":"text" and "name":123 that stand one behind the other, as nearly all of a claims set do: read without asking
 * at each step what else there might be. It ends in front of anything else, which read_step() then reads. The cursor is on the quote of a
 * name.
 */
static void
read_plain_members(struct tscope_json_reader *reader)
{
    struct tscope_json *json = reader->json;
    struct tscope_json_open *parent = &reader->open[reader->depth - 1];
    struct tscope_value *values = json->values;
    const uint8_t *text = reader->text;
    const uint32_t len = reader->len, first = json->values_len,
                   bound = reader->capacity < reader->limits.values_max ? reader->capacity : reader->limits.values_max;
    uint32_t name = reader->at, index = first, at = name, last = parent->last;
    bool capital = false;

    while (len - name >= PLAIN_MEMBER_MIN && text[name] == '"' && index < bound) {
        const uint32_t name_len = tscope_plain_of_block(text + name + 1), start = name + name_len + 3;
        bool is_text;
        uint32_t end;

        if (name_len == TSCOPE_PLAIN_BLOCK || memcmp(text + start - 2, "\":", 2) != 0)
            break;
        is_text = text[start] == '"';
        end = is_text ? end_of_plain(text, len, start) : end_of_integer(text, len, start);
        if (!end)
            break;
        capital |= tscope_plain_has_capital(text + name + 1, name_len);
        values[index] = (struct tscope_value){
            .start = start,
            .len = end - start,
            .name = name,
            .name_len = name_len + 2,
            .name_hash = tscope_hash_of_block(text + name + 1, name_len),
            .type = is_text ? TSCOPE_JSON_STRING : TSCOPE_JSON_NUMBER,
            .depth = (uint16_t)reader->depth,
        };
        if (last)
            values[last].next = index;
        last = index++;
        at = end;
        if (text[at] != ',')
            break;
        name = at + 1;
    }
    if (index == first)
        return;
    parent->last = last;
    values[parent->index].count += index - first;
    json->values_len = index;
    reader->capital |= capital;
    reader->at = at;
    reader->state = AFTER_ITEM;
}

static void
open_container(struct tscope_json_reader *reader, enum tscope_json_type type)
{
    uint32_t index = reader->json->values_len;

    if (reader->depth > reader->limits.depth_max || reader->depth >= TSCOPE_JSON_DEPTH_CAPACITY) {
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_TOO_DEEP, reader->at, 1, tscope_json_reader_container(reader));
        return;
    }
    if (!add_value(reader, type))
        return;
    reader->open[reader->depth++] = (struct tscope_json_open){.index = index};
    reader->uneven |= reader->depth > TSCOPE_JSON_COMPACT_DEPTH_MAX;
    reader->state = AT_START;
    reader->at++;
    if (type == TSCOPE_JSON_OBJECT && reader->at < reader->len && reader->text[reader->at] == '"')
        read_plain_members(reader);
}

static void
close_container(struct tscope_json_reader *reader)
{
    uint32_t index = reader->open[--reader->depth].index;
    struct tscope_value *value = &reader->json->values[index];

    reader->at++;
    reader->state = AFTER_ITEM;
    value->len = reader->at - value->start;
    if (value->type == TSCOPE_JSON_OBJECT && value->count > 1)
        tscope_json_reader_check_names(reader, index);
}

static inline void
read_string_value(struct tscope_json_reader *reader)
{
    struct tscope_value *value = add_value(reader, TSCOPE_JSON_STRING);
    bool escaped;

    if (!value)
        return;
    escaped = tscope_json_reader_string(reader, reader->json->values_len - 1);
    value->len = reader->at - value->start;
    value->flags |= escaped ? TSCOPE_VALUE_ESCAPED : 0;
    if (reader->stopped)
        value->flags |= TSCOPE_VALUE_OPEN;
}

static void
read_value(struct tscope_json_reader *reader)
{
    uint8_t byte;

    if (reader->at >= reader->len) {
        tscope_json_reader_stop(reader, reader->len);
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
hash_escaped_name(struct tscope_json_reader *reader, const uint8_t *inside, size_t len)
{
    struct tscope_buffer text = {0};
    uint32_t hash;

    tscope_json_unescape(tscope_span_of(inside, len), &text);
    if (text.failed)
        tscope_json_reader_fail(reader);
    hash = tscope_hash32(text.data, text.len);
    tscope_buffer_clear(&text);
    return hash;
}

/* "name": and then its value. */
static void
read_member(struct tscope_json_reader *reader)
{
    uint32_t name = reader->at, name_len, index = reader->json->values_len;
    bool escaped = tscope_json_reader_string(reader, index);
    const uint8_t *inside = reader->text + name + 1;
    struct tscope_value *value;

    if (reader->stopped)
        return;
    name_len = reader->at - name;
    skip_space(reader);
    if (reader->stopped)
        return;
    if (reader->at >= reader->len || reader->text[reader->at] != ':') {
        tscope_json_reader_stop(reader, reader->at);
        return;
    }
    reader->at++;
    skip_space(reader);
    if (reader->stopped)
        return;
    read_value(reader);
    if (reader->json->values_len == index)
        return;
    value = &reader->json->values[index];
    value->name = name;
    value->name_len = name_len;
    if (escaped) {
        value->name_hash = hash_escaped_name(reader, inside, name_len - 2);
        value->flags |= TSCOPE_VALUE_NAME_ESCAPED;
        reader->capital = true;
    } else if (name_len - 2 <= TSCOPE_PLAIN_BLOCK && reader->len - name > TSCOPE_HASH_BLOCK) {
        value->name_hash = tscope_hash_of_block(inside, name_len - 2);
        reader->capital |= tscope_plain_has_capital(inside, name_len - 2);
    } else {
        value->name_hash = tscope_hash32(inside, name_len - 2);
        for (uint32_t i = 0; i < name_len - 2 && !reader->capital; i++)
            reader->capital = inside[i] >= 'A' && inside[i] <= 'Z';
    }
}

/* One step inside an open container: its end, a comma, a member or an element. */
static void
read_step(struct tscope_json_reader *reader)
{
    uint32_t container = tscope_json_reader_container(reader);
    bool is_object = reader->json->values[container].type == TSCOPE_JSON_OBJECT;
    uint8_t byte = reader->text[reader->at];

    if (byte == (is_object ? '}' : ']')) {
        if (reader->state == AFTER_COMMA)
            tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_COMMA, reader->comma, 1, container);
        close_container(reader);
    } else if (byte == ',') {
        if (reader->state == AFTER_ITEM) {
            reader->state = AFTER_COMMA;
            reader->comma = reader->at;
        } else {
            tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_COMMA, reader->at, 1, container);
        }
        reader->at++;
        if (is_object && reader->state == AFTER_COMMA && reader->at < reader->len && reader->text[reader->at] == '"')
            read_plain_members(reader);
    } else if (reader->state == AFTER_ITEM || (is_object && byte != '"')) {
        tscope_json_reader_stop(reader, reader->at);
    } else if (is_object) {
        read_member(reader);
    } else {
        read_value(reader);
    }
}

static void
read_root(struct tscope_json_reader *reader)
{
    read_value(reader);
    while (reader->depth && !reader->stopped) {
        skip_space(reader);
        if (reader->stopped)
            return;
        if (reader->at >= reader->len)
            tscope_json_reader_stop(reader, reader->len);
        else
            read_step(reader);
    }
}

/* What was still open when reading stopped reaches to the fault. */
static void
close_open(struct tscope_json_reader *reader)
{
    struct tscope_json *json = reader->json;
    uint32_t innermost = tscope_json_reader_container(reader);

    /* a name's flaws wait for its value, which may never have come */
    for (uint32_t i = 0; i < json->flaws_len; i++) {
        if (json->flaws[i].value >= json->values_len)
            json->flaws[i].value = innermost;
    }
    while (reader->depth) {
        uint32_t index = reader->open[--reader->depth].index;
        struct tscope_value *value = &json->values[index];

        value->len = reader->at - value->start;
        value->flags |= TSCOPE_VALUE_OPEN;
        if (value->type == TSCOPE_JSON_OBJECT && value->count > 1 && !reader->no_memory)
            tscope_json_reader_check_names(reader, index);
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

static void
read_text(struct tscope_json_reader *reader)
{
    if (is_utf16(reader->text, reader->len)) {
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_UTF16, 0, 2, 0);
        return;
    }
    if (stands_here(reader, "\xef\xbb\xbf", 3)) {
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_BOM, 0, 3, 0);
        reader->at = 3;
    }
    skip_space(reader);
    if (!reader->stopped && reader->at >= reader->len)
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_EMPTY, reader->len, 0, 0);
    if (!reader->stopped)
        read_root(reader);
    reader->json->readable = !reader->stopped;
    close_open(reader);
    if (!reader->stopped)
        skip_space(reader);
    if (!reader->stopped && reader->at < reader->len)
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_TRAILING, reader->at, reader->len - reader->at, 0);
    reader->json->lower_case = !reader->capital;
    reader->json->compact = reader->json->readable && !reader->uneven && reader->json->flaws_total == 0;
}

enum tscope_status
tscope_json_read(struct tscope_json *json, struct tscope_arena *arena, const uint8_t *text, size_t text_len,
                 struct tscope_json_limits limits, struct tscope_error *err)
{
    struct tscope_json_reader reader;

    *json = (struct tscope_json){.text = text, .text_len = text_len, .strict = true, .lower_case = true};
    if (text_len > TSCOPE_JSON_INPUT_MAX)
        return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "JSON text is over %u bytes", TSCOPE_JSON_INPUT_MAX);
    memset(&reader, 0, offsetof(struct tscope_json_reader, open));
    reader.json = json;
    reader.arena = arena;
    reader.text = text;
    reader.len = (uint32_t)text_len;
    reader.limits = limits;
    read_text(&reader);
    if (reader.no_memory)
        return tscope_error_no_memory(err);
    tscope_json_reader_sort_flaws(&reader);
    return TSCOPE_OK;
}
