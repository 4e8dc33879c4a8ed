/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_writer.h"

#include "core/plain.h"
#include "core/text.h"
#include "core/time.h"

#define VALUE_DEPTH_MAX TSCOPE_JSON_COMPACT_DEPTH_MAX

void
tscope_json_writer_init(struct tscope_json_writer *writer, struct tscope_buffer *buffer, bool pretty)
{
    *writer = (struct tscope_json_writer){.buffer = buffer, .pretty = pretty};
}

static void
new_line(struct tscope_json_writer *writer)
{
    static const char spaces[] = "                                                                ";
    size_t indent = (size_t)writer->depth * 2;

    if (!writer->pretty)
        return;
    tscope_buffer_append_byte(writer->buffer, '\n');
    while (indent) {
        size_t now = indent < sizeof(spaces) - 1 ? indent : sizeof(spaces) - 1;

        tscope_buffer_append(writer->buffer, spaces, now);
        indent -= now;
    }
}

/* True when a comma belongs in front of the item that begins. */
static inline bool
follows_item(struct tscope_json_writer *writer)
{
    uint64_t bit = UINT64_C(1) << (writer->depth & 63);
    bool follows = writer->depth > 0 && writer->has_item & bit;

    writer->has_item |= bit;
    return follows;
}

static inline void
begin_item(struct tscope_json_writer *writer)
{
    if (writer->after_name) {
        writer->after_name = false;
        return;
    }
    if (follows_item(writer))
        tscope_buffer_append_byte(writer->buffer, ',');
    if (writer->depth > 0)
        new_line(writer);
}

static void
open_container(struct tscope_json_writer *writer, uint8_t bracket)
{
    begin_item(writer);
    tscope_buffer_append_byte(writer->buffer, bracket);
    writer->depth++;
    writer->has_item &= ~(UINT64_C(1) << (writer->depth & 63));
}

static void
close_container(struct tscope_json_writer *writer, uint8_t bracket)
{
    bool had_item = writer->has_item & UINT64_C(1) << (writer->depth & 63);

    writer->depth--;
    if (had_item)
        new_line(writer);
    tscope_buffer_append_byte(writer->buffer, bracket);
}

void
tscope_json_write_object(struct tscope_json_writer *writer)
{
    open_container(writer, '{');
}

void
tscope_json_write_object_end(struct tscope_json_writer *writer)
{
    close_container(writer, '}');
}

void
tscope_json_write_array(struct tscope_json_writer *writer)
{
    open_container(writer, '[');
}

void
tscope_json_write_array_end(struct tscope_json_writer *writer)
{
    close_container(writer, ']');
}

static void
write_escaped(struct tscope_buffer *buffer, uint32_t c)
{
    switch (c) {
    case '"':
        tscope_buffer_append_text(buffer, "\\\"");
        break;
    case '\\':
        tscope_buffer_append_text(buffer, "\\\\");
        break;
    case '\n':
        tscope_buffer_append_text(buffer, "\\n");
        break;
    case '\r':
        tscope_buffer_append_text(buffer, "\\r");
        break;
    case '\t':
        tscope_buffer_append_text(buffer, "\\t");
        break;
    default:
        tscope_buffer_append_format(buffer, "\\u%04x", (unsigned)c);
    }
}

static void
write_string_body(struct tscope_buffer *buffer, struct tscope_span text)
{
    size_t at = 0;

    while (at < text.len) {
        size_t run = at + tscope_plain_run(text.data + at, text.len - at);
        uint32_t c;

        tscope_buffer_append(buffer, text.data + at, run - at);
        at = run;
        if (at >= text.len)
            break;
        c = tscope_text_code_point(text, &at);
        if (c == UINT32_MAX)
            tscope_buffer_append_text(buffer, "\xef\xbf\xbd");
        else if (c < 0xa0 || c == 0x2028 || c == 0x2029)
            write_escaped(buffer, c);
        else
            tscope_buffer_append(buffer, text.data + run, at - run);
    }
}

/* Text between quotes, as it is. */
static inline void
append_quoted(struct tscope_buffer *buffer, const void *text, size_t len)
{
    uint8_t *out;

    if (!tscope_buffer_reserve(buffer, len + 2))
        return;
    out = buffer->data + buffer->len;
    *out++ = '"';
    if (len)
        memcpy(out, text, len);
    out[len] = '"';
    buffer->len += len + 2;
}

void
tscope_json_write_string(struct tscope_json_writer *writer, struct tscope_span text)
{
    struct tscope_buffer *buffer = writer->buffer;

    begin_item(writer);
    if (tscope_plain_run(text.data, text.len) == text.len) {
        append_quoted(buffer, text.data, text.len); /* as almost all are */
        return;
    }
    tscope_buffer_append_byte(buffer, '"');
    write_string_body(buffer, text);
    tscope_buffer_append_byte(buffer, '"');
}

void
tscope_json_write_own_word(struct tscope_json_writer *writer, const char *word, size_t word_len)
{
    begin_item(writer);
    append_quoted(writer->buffer, word, word_len);
}

size_t
tscope_json_write_string_begin(struct tscope_json_writer *writer)
{
    begin_item(writer);
    tscope_buffer_append_byte(writer->buffer, '"');
    return writer->buffer->len;
}

void
tscope_json_write_string_end(struct tscope_json_writer *writer, size_t start)
{
    struct tscope_buffer *buffer = writer->buffer, text = {0};
    size_t len = buffer->len - start;

    if (!buffer->failed && tscope_plain_run(buffer->data + start, len) < len) {
        tscope_buffer_append(&text, buffer->data + start, len);
        buffer->len = start;
        write_string_body(buffer, tscope_span_of(text.data, text.len));
        buffer->failed |= text.failed;
        tscope_buffer_clear(&text);
    }
    tscope_buffer_append_byte(buffer, '"');
}

static __attribute__((noinline)) void
write_pretty_name(struct tscope_json_writer *writer, const char *name, size_t name_len)
{
    begin_item(writer);
    append_quoted(writer->buffer, name, name_len);
    tscope_buffer_append(writer->buffer, ": ", 2);
}

void
tscope_json_write_own_name(struct tscope_json_writer *writer, const char *name, size_t name_len)
{
    struct tscope_buffer *buffer = writer->buffer;
    uint8_t *out;

    if (writer->pretty) {
        write_pretty_name(writer, name, name_len);
    } else if (tscope_buffer_reserve(buffer, name_len + 4)) { /* all of it at once: a report is full of names */
        out = buffer->data + buffer->len;
        if (follows_item(writer))
            *out++ = ',';
        *out++ = '"';
        buffer->len = (size_t)(out - buffer->data) + name_len + 2;
        memcpy(out + name_len, "\":", 2);
        memcpy(out, name, name_len);
    }
    writer->after_name = true;
}

/* A member's name as the token has it. */
static void
write_foreign_name(struct tscope_json_writer *writer, struct tscope_span name)
{
    tscope_json_write_string(writer, name);
    tscope_buffer_append_text(writer->buffer, writer->pretty ? ": " : ":");
    writer->after_name = true;
}

void
tscope_json_write_text(struct tscope_json_writer *writer, const char *text)
{
    tscope_json_write_string(writer, tscope_span_text(text));
}

void
tscope_json_write_integer(struct tscope_json_writer *writer, int64_t value)
{
    begin_item(writer);
    tscope_buffer_append_integer(writer->buffer, value);
}

void
tscope_json_write_bool(struct tscope_json_writer *writer, bool value)
{
    begin_item(writer);
    tscope_buffer_append_text(writer->buffer, value ? "true" : "false");
}

void
tscope_json_write_raw(struct tscope_json_writer *writer, struct tscope_span json)
{
    begin_item(writer);
    tscope_buffer_append(writer->buffer, json.data, json.len);
}

void
tscope_json_write_null(struct tscope_json_writer *writer)
{
    begin_item(writer);
    tscope_buffer_append_text(writer->buffer, "null");
}

void
tscope_json_write_time(struct tscope_json_writer *writer, int64_t time)
{
    char text[TSCOPE_TIME_TEXT_MAX];

    if (time == TSCOPE_TIME_NONE) {
        tscope_json_write_null(writer);
        return;
    }
    tscope_time_format(time, text);
    tscope_json_write_word(writer, text);
}

void
tscope_json_write_hex(struct tscope_json_writer *writer, const uint8_t *data, size_t len)
{
    begin_item(writer);
    tscope_buffer_append_byte(writer->buffer, '"');
    for (size_t at = 0; at < len;) {
        char digits[129];
        size_t now = len - at < 64 ? len - at : 64;

        tscope_text_to_hex(data + at, now, digits);
        tscope_buffer_append(writer->buffer, digits, now * 2);
        at += now;
    }
    tscope_buffer_append_byte(writer->buffer, '"');
}

void
tscope_json_write_base64url(struct tscope_json_writer *writer, const uint8_t *data, size_t len)
{
    begin_item(writer);
    tscope_buffer_append_byte(writer->buffer, '"');
    tscope_base64url_encode(writer->buffer, data, len);
    tscope_buffer_append_byte(writer->buffer, '"');
}

/* The text of a value or name as written, its escapes resolved into the output's own. */
static void
write_indexed_string(struct tscope_json_writer *writer, struct tscope_span raw, bool escaped, bool is_name)
{
    struct tscope_buffer text = {0};
    struct tscope_span plain = raw;

    if (escaped) {
        tscope_json_unescape(raw, &text);
        plain = tscope_span_of(text.data, text.len);
        if (text.failed)
            writer->buffer->failed = true;
    }
    if (is_name)
        write_foreign_name(writer, plain);
    else
        tscope_json_write_string(writer, plain);
    tscope_buffer_clear(&text);
}

/* RFC 8259 section 6; what the index let pass beside it (NaN) is no number. */
static bool
is_number_text(struct tscope_span raw)
{
    for (size_t i = 0; i < raw.len; i++) {
        if ((raw.data[i] < '0' || raw.data[i] > '9') && !memchr("+-.eE", raw.data[i], 5))
            return false;
    }
    return raw.len > 0;
}

static struct tscope_span
between_quotes(struct tscope_span raw, bool open)
{
    size_t behind = open || raw.len < 2 ? 0 : 1;

    return raw.len ? tscope_span_of(raw.data + 1, raw.len - 1 - behind) : raw;
}

static void write_level(struct tscope_json_writer *writer, const struct tscope_json *json, const struct tscope_value *value,
                        unsigned level);

static void
write_children(struct tscope_json_writer *writer, const struct tscope_json *json, const struct tscope_value *value, unsigned level)
{
    const struct tscope_value *child;

    for (child = tscope_json_first(json, value); child; child = tscope_json_next(json, child)) {
        if (child->flags & TSCOPE_VALUE_DUPLICATE)
            continue; /* of equal names the first; the finding shows both */
        if (child->name_len)
            write_indexed_string(writer, tscope_json_name(json, child), child->flags & TSCOPE_VALUE_NAME_ESCAPED, true);
        write_level(writer, json, child, level + 1);
    }
}

static void
write_level(struct tscope_json_writer *writer, const struct tscope_json *json, const struct tscope_value *value, unsigned level)
{
    struct tscope_span raw = tscope_json_raw(json, value);

    if (level > VALUE_DEPTH_MAX) {
        tscope_json_write_text(writer, "…");
        return;
    }
    switch ((enum tscope_json_type)value->type) {
    case TSCOPE_JSON_NULL:
        tscope_json_write_null(writer);
        break;
    case TSCOPE_JSON_FALSE:
    case TSCOPE_JSON_TRUE:
        tscope_json_write_bool(writer, value->type == TSCOPE_JSON_TRUE);
        break;
    case TSCOPE_JSON_NUMBER:
        if (value->flags & TSCOPE_VALUE_OPEN || !is_number_text(raw)) {
            tscope_json_write_string(writer, raw);
            break;
        }
        begin_item(writer);
        tscope_buffer_append(writer->buffer, raw.data, raw.len);
        break;
    case TSCOPE_JSON_STRING:
        if (writer->veil && writer->veil->write(writer, json, value))
            break;
        write_indexed_string(writer, between_quotes(raw, value->flags & TSCOPE_VALUE_OPEN), value->flags & TSCOPE_VALUE_ESCAPED, false);
        break;
    case TSCOPE_JSON_ARRAY:
        tscope_json_write_array(writer);
        write_children(writer, json, value, level);
        tscope_json_write_array_end(writer);
        break;
    case TSCOPE_JSON_OBJECT:
        tscope_json_write_object(writer);
        write_children(writer, json, value, level);
        tscope_json_write_object_end(writer);
        break;
    }
}

void
tscope_json_write_value(struct tscope_json_writer *writer, const struct tscope_json *json, const struct tscope_value *value)
{
    if (json->compact && !writer->pretty && !(writer->veil && writer->veil->may_hide(json, value)))
        tscope_json_write_raw(writer, tscope_json_raw(json, value)); /* it would come out as it stands */
    else
        write_level(writer, json, value, 0);
}
