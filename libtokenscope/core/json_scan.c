/* SPDX-License-Identifier: Apache-2.0 */
#include "core/json_reader.h"
#include "core/text.h"

/* Strings and numbers: the bytes of a token's JSON are mostly inside them. */

/* What a byte inside a string is. DEL is nothing to a reader, but no plain byte: it is not written as it is. */
enum byte_class { ORDINARY, QUOTE, BACKSLASH, CONTROL, HIGH };

static enum byte_class
class_of(uint8_t byte)
{
    if (byte == '"')
        return QUOTE;
    if (byte == '\\')
        return BACKSLASH;
    return byte < 0x20 ? CONTROL : byte >= 0x80 ? HIGH : ORDINARY;
}

static inline uint32_t
skip_plain(const uint8_t *text, uint32_t at, uint32_t len)
{
    return at + (uint32_t)tscope_plain_run(text + at, len - at);
}

/* The four digits of a \u escape; UINT32_MAX when they are none. */
static uint32_t
unit_at(const struct tscope_json_reader *reader, uint32_t at)
{
    uint8_t bytes[2];

    if (reader->len - at < 4 || !tscope_text_from_hex(tscope_span_of(reader->text + at, 4), bytes, 2))
        return UINT32_MAX;
    return (uint32_t)bytes[0] << 8 | bytes[1];
}

/* True when the text ends inside the digits of the \u escape at start. */
static bool
is_cut_escape(const struct tscope_json_reader *reader, uint32_t start)
{
    uint32_t at = start + 2;

    while (at < reader->len && at < start + 6) {
        uint8_t byte = reader->text[at++] | 0x20;

        if (!(byte >= '0' && byte <= '9') && !(byte >= 'a' && byte <= 'f'))
            return false;
    }
    return at < start + 6;
}

static void
read_unicode_escape(struct tscope_json_reader *reader, uint32_t value)
{
    uint32_t start = reader->at, unit = unit_at(reader, start + 2);

    if (unit == UINT32_MAX) {
        tscope_json_reader_stop(reader, is_cut_escape(reader, start) ? reader->len : start);
        return;
    }
    reader->at += 6;
    if (unit == 0)
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_NUL, start, 6, value);
    if (unit < 0xd800 || unit > 0xdfff)
        return;
    if (unit < 0xdc00 && reader->len - reader->at >= 6 && memcmp(reader->text + reader->at, "\\u", 2) == 0) {
        uint32_t low = unit_at(reader, reader->at + 2);

        if (low >= 0xdc00 && low <= 0xdfff) {
            reader->at += 6;
            return;
        }
    }
    tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_SURROGATE, start, 6, value);
}

static void
read_escape(struct tscope_json_reader *reader, uint32_t value)
{
    uint32_t start = reader->at;

    if (reader->len - start < 2)
        tscope_json_reader_stop(reader, reader->len);
    else if (reader->text[start + 1] == 'u')
        read_unicode_escape(reader, value);
    else if (memchr("\"\\/bfnrt", reader->text[start + 1], 8))
        reader->at += 2;
    else
        tscope_json_reader_stop(reader, start);
}

/* A run of bytes from 0x80 up; adjacent bytes that are not UTF-8 are one flaw. */
static void
read_high(struct tscope_json_reader *reader, uint32_t value)
{
    struct tscope_span text = tscope_span_of(reader->text, reader->len);
    size_t at = reader->at, bad = 0;

    while (at < text.len && class_of(text.data[at]) == HIGH) {
        size_t start = at;

        if (tscope_text_code_point(text, &at) == UINT32_MAX) {
            bad++;
            continue;
        }
        if (bad)
            tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_BAD_UTF8, start - bad, bad, value);
        bad = 0;
    }
    if (bad)
        tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_BAD_UTF8, at - bad, bad, value);
    reader->at = (uint32_t)at;
}

/* What is not plain inside a string. */
static bool
read_special(struct tscope_json_reader *reader, uint32_t value)
{
    bool escaped = false;

    while (!reader->stopped) {
        reader->at = skip_plain(reader->text, reader->at, reader->len);
        if (reader->at >= reader->len) {
            tscope_json_reader_stop(reader, reader->len);
            break;
        }
        switch (class_of(reader->text[reader->at])) {
        case QUOTE:
            reader->at++;
            return escaped;
        case BACKSLASH:
            escaped = true;
            read_escape(reader, value);
            break;
        case CONTROL:
            tscope_json_reader_note(reader, TSCOPE_JSON_FLAW_CONTROL, reader->at, 1, value);
            reader->at++;
            break;
        case HIGH:
            read_high(reader, value);
            break;
        case ORDINARY:
            reader->at++;
            break;
        }
    }
    return escaped;
}

bool
tscope_json_reader_any_string(struct tscope_json_reader *reader, uint32_t value)
{
    uint32_t at = skip_plain(reader->text, reader->at + 1, reader->len);

    reader->at = at;
    if (at < reader->len && reader->text[at] == '"') {
        reader->at = at + 1;
        return false;
    }
    reader->uneven = true;
    return read_special(reader, value);
}

static uint32_t
skip_digits(const struct tscope_json_reader *reader, uint32_t at)
{
    while (at < reader->len && reader->text[at] >= '0' && reader->text[at] <= '9')
        at++;
    return at;
}

/* Digits that must be there; UINT32_MAX with the reader stopped when there are none. */
static uint32_t
need_digits(struct tscope_json_reader *reader, uint32_t at)
{
    uint32_t end = skip_digits(reader, at);

    if (end > at)
        return end;
    reader->at = at;
    tscope_json_reader_stop(reader, at);
    return UINT32_MAX;
}

/* Beyond 2^53 - 1 readers differ (RFC 8259 section 6, RFC 7493 section 2.2). */
static bool
is_big_integer(const uint8_t *digits, uint32_t len)
{
    return len > 16 || (len == 16 && memcmp(digits, "9007199254740991", 16) > 0);
}

/* Near and beyond the edge of a double's range, where it becomes infinite, zero, or a refusal. */
static bool
is_big_exponent(const uint8_t *digits, uint32_t len)
{
    while (len && *digits == '0') {
        digits++;
        len--;
    }
    return len > 3 || (len == 3 && digits[0] >= '3');
}

bool
tscope_json_reader_number(struct tscope_json_reader *reader)
{
    const uint8_t *text = reader->text;
    uint32_t start = reader->at, at = start + (text[start] == '-'), end = need_digits(reader, at);
    bool big;

    if (end == UINT32_MAX)
        return false;
    if (text[at] == '0' && end - at > 1) {
        reader->at = at + 1;
        tscope_json_reader_stop(reader, at + 1);
        return false;
    }
    big = end - at >= 16 && is_big_integer(text + at, end - at);
    if (end < reader->len && text[end] == '.') {
        end = need_digits(reader, end + 1);
        if (end == UINT32_MAX)
            return false;
    }
    if (end < reader->len && (text[end] == 'e' || text[end] == 'E')) {
        at = end + 1;
        at += at < reader->len && (text[at] == '+' || text[at] == '-');
        end = need_digits(reader, at);
        if (end == UINT32_MAX)
            return false;
        big |= is_big_exponent(text + at, end - at);
    }
    reader->at = end;
    return big;
}
