/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_writer.h"

#include "core/text.h"
#include "core/time.h"

#define VALUE_DEPTH_MAX 48
#define SHORT_MAX 256 /* bytes of a string */

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

static void
begin_item(struct tscope_json_writer *writer)
{
    uint64_t bit = UINT64_C(1) << (writer->depth & 63);

    if (writer->after_name) {
        writer->after_name = false;
        return;
    }
    if (writer->depth == 0)
        return;
    if (writer->has_item & bit)
        tscope_buffer_append_byte(writer->buffer, ',');
    writer->has_item |= bit;
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

/* Bytes that stand in a JSON string as they are: ASCII without controls, quote, backslash and DEL. */
static inline bool
is_plain(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

#define EACH_BYTE UINT64_C(0x0101010101010101)

/* True when eight bytes are plain all. Any borrow only follows a byte that is not. */
static inline bool
are_plain(const uint8_t *bytes)
{
    uint64_t word, quote, backslash, del;

    memcpy(&word, bytes, sizeof(word));
    quote = word ^ EACH_BYTE * '"';
    backslash = word ^ EACH_BYTE * '\\';
    del = word ^ EACH_BYTE * 0x7f;
    return ((((quote - EACH_BYTE) & ~quote) | ((backslash - EACH_BYTE) & ~backslash) | ((del - EACH_BYTE) & ~del) |
             (word - EACH_BYTE * 0x20) | word) &
            EACH_BYTE * 0x80) == 0;
}

static size_t
skip_plain(struct tscope_span text, size_t at)
{
    while (text.len - at >= 8 && are_plain(text.data + at))
        at += 8;
    /* the last bytes once more with some before them, rather than one by one */
    if (text.len >= 8 && text.len - at < 8 && are_plain(text.data + text.len - 8))
        return text.len;
    while (at < text.len && is_plain(text.data[at]))
        at++;
    return at;
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
        size_t run = skip_plain(text, at);
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

void
tscope_json_write_string(struct tscope_json_writer *writer, struct tscope_span text)
{
    struct tscope_buffer *buffer = writer->buffer;

    begin_item(writer);
    if (text.len < SHORT_MAX && buffer->capacity - buffer->len > SHORT_MAX + 2 && !buffer->failed && skip_plain(text, 0) == text.len) {
        uint8_t *out = buffer->data + buffer->len; /* as almost all are: there is room, and nothing to escape */

        out[0] = out[text.len + 1] = '"';
        if (text.len)
            memcpy(out + 1, text.data, text.len);
        buffer->len += text.len + 2;
        return;
    }
    tscope_buffer_append_byte(buffer, '"');
    write_string_body(buffer, text);
    tscope_buffer_append_byte(buffer, '"');
}

static void
write_name(struct tscope_json_writer *writer, struct tscope_span name)
{
    tscope_json_write_string(writer, name);
    tscope_buffer_append_text(writer->buffer, writer->pretty ? ": " : ":");
    writer->after_name = true;
}

void
tscope_json_write_name(struct tscope_json_writer *writer, const char *name)
{
    write_name(writer, tscope_span_text(name));
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
    tscope_json_write_text(writer, text);
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
        write_name(writer, plain);
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
        if (writer->veil && writer->veil(writer, json, value))
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
    write_level(writer, json, value, 0);
}

void
tscope_json_write_named_text(struct tscope_json_writer *writer, const char *name, const char *text)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_text(writer, text);
}

void
tscope_json_write_named_string(struct tscope_json_writer *writer, const char *name, struct tscope_span text)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_string(writer, text);
}

void
tscope_json_write_named_integer(struct tscope_json_writer *writer, const char *name, int64_t value)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_integer(writer, value);
}

void
tscope_json_write_named_bool(struct tscope_json_writer *writer, const char *name, bool value)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_bool(writer, value);
}

void
tscope_json_write_named_time(struct tscope_json_writer *writer, const char *name, int64_t time)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_time(writer, time);
}
