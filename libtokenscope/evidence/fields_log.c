/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/fields_log.h"

#include "core/error.h"
#include "core/text.h"
#include "core/time.h"
#include "evidence/lines.h"
#include "evidence/shown.h"
#include "evidence/when.h"

#define FIELDS_MAX 256

struct fields {
    bool is_zeek;
    char separator;
    size_t len;
    struct tscope_span names[FIELDS_MAX];
};

static size_t
find_byte(struct tscope_span text, size_t at, char byte)
{
    while (at < text.len && text.data[at] != (uint8_t)byte)
        at++;
    return at;
}

static struct tscope_span
part(struct tscope_span text, size_t start, size_t end)
{
    return tscope_span_of(text.data + start, end - start);
}

/* "\x09" */
static char
read_separator(struct tscope_span text)
{
    uint8_t byte;

    text = tscope_text_trim(text);
    if (text.len == 4 && text.data[0] == '\\' && text.data[1] == 'x' && tscope_text_from_hex(part(text, 2, 4), &byte, 1))
        return (char)byte;
    return text.len == 1 ? (char)text.data[0] : '\t';
}

static void
read_names(struct fields *fields, struct tscope_span row, char separator)
{
    size_t at = 0;

    fields->len = 0;
    while (at < row.len && fields->len < FIELDS_MAX) {
        size_t end = find_byte(row, at, separator);

        if (end > at)
            fields->names[fields->len++] = part(row, at, end);
        at = end + 1;
    }
}

static void
read_head(struct fields *fields, struct tscope_span head)
{
    size_t at = 0;

    fields->separator = fields->is_zeek ? '\t' : ' ';
    while (at < head.len && fields->len == 0) {
        size_t end = find_byte(head, at, '\n'), stop = end > at && head.data[end - 1] == '\r' ? end - 1 : end;
        struct tscope_span line = part(head, at, stop);

        if (fields->is_zeek && tscope_text_starts_with(line, TSCOPE_SPAN("#separator")))
            fields->separator = read_separator(part(line, 10, line.len));
        else if (fields->is_zeek && tscope_text_starts_with(line, TSCOPE_SPAN("#fields")) && line.len > 8)
            read_names(fields, part(line, 8, line.len), fields->separator);
        else if (!fields->is_zeek && tscope_text_starts_with(line, TSCOPE_SPAN("#Fields:")))
            read_names(fields, part(line, 8, line.len), ' ');
        at = end + 1;
    }
}

struct row {
    struct tscope_span date, time, ts, method, target, query, status;
};

static void
note(struct row *row, struct tscope_span name, struct tscope_span value)
{
    static const struct {
        const char *name;
        size_t member;
    } known[] = {
        {"date", offsetof(struct row, date)},
        {"time", offsetof(struct row, time)},
        {"ts", offsetof(struct row, ts)},
        {"method", offsetof(struct row, method)},
        {"cs-method", offsetof(struct row, method)},
        {"uri", offsetof(struct row, target)},
        {"cs-uri-stem", offsetof(struct row, target)},
        {"cs-uri", offsetof(struct row, target)},
        {"cs-uri-query", offsetof(struct row, query)},
        {"sc-status", offsetof(struct row, status)},
        {"status_code", offsetof(struct row, status)},
    };

    if (value.len == 1 && value.data[0] == '-') /* unset, in both */
        return;
    for (size_t i = 0; i < TSCOPE_COUNT(known); i++) {
        if (tscope_span_is(name, known[i].name))
            memcpy((char *)row + known[i].member, &value, sizeof(value));
    }
}

/* Zeek's ts is an epoch, or RFC 3339 with its zone; date and time of the extended log format are UTC (its section "Fields"). */
static bool
tell_time(const struct row *row, bool is_zeek, struct tscope_arena *arena, struct tscope_context *context)
{
    struct tscope_buffer text = {.arena = arena};
    int64_t time = 0;
    struct tscope_span when;

    if (is_zeek) {
        tscope_buffer_append(&text, row->ts.data, row->ts.len);
    } else if (row->date.len && row->time.len) {
        tscope_buffer_append(&text, row->date.data, row->date.len);
        tscope_buffer_append_text(&text, " ");
        tscope_buffer_append(&text, row->time.data, row->time.len);
    }
    when = tscope_span_of(text.data, text.len);
    if (text.failed)
        return false;
    if (text.len == 0 || text.len > 64 || tscope_when_read(when, !is_zeek, &time) != TSCOPE_WHEN_KNOWN)
        return true;
    context->time = time;
    context->time_text = tscope_shown_name(arena, when);
    context->time_field = is_zeek ? "ts" : "date time";
    return context->time_text != NULL;
}

static bool
tell_request(const struct row *row, struct tscope_arena *arena, struct tscope_context *context)
{
    struct tscope_buffer url = {.arena = arena};
    bool failed = false;

    if (row->method.len) {
        context->method = tscope_shown_name(arena, row->method);
        failed = !context->method;
    }
    if (row->target.len) {
        tscope_buffer_append(&url, row->target.data, row->target.len);
        if (row->query.len) {
            tscope_buffer_append_byte(&url, '?');
            tscope_buffer_append(&url, row->query.data, row->query.len);
        }
        context->url = url.failed ? NULL : tscope_shown_url(arena, tscope_span_of(url.data, url.len));
        failed = failed || !context->url;
    }
    for (size_t i = 0; row->status.len == 3 && i < 3; i++)
        context->http_status = context->http_status * 10 + (unsigned)(row->status.data[i] - '0') % 10;
    return !failed;
}

static bool
read_line(void *user, struct tscope_span line, size_t place, struct tscope_arena *arena, struct tscope_context *context)
{
    const struct fields *fields = user;
    struct tscope_span name = tscope_shown_name_before(tscope_span_of(line.data, place));
    struct row row = {0};
    size_t at = 0;
    bool failed = false;

    if (line.len == 0 || line.data[0] == '#')
        return true;
    for (size_t i = 0; i < fields->len && at <= line.len; i++) {
        size_t end = find_byte(line, at, fields->separator);

        note(&row, fields->names[i], part(line, at, end));
        if (place >= at && place < end) {
            context->field = tscope_shown_name(arena, fields->names[i]);
            failed = failed || !context->field;
        }
        at = end + 1;
    }
    if (name.len) {
        context->where_name = tscope_shown_name(arena, name);
        failed = failed || !context->where_name;
    }
    return !failed && tell_request(&row, arena, context) && tell_time(&row, fields->is_zeek, arena, context);
}

enum tscope_status
tscope_fields_log_locate(struct tscope_locating *locating, struct tscope_error *err)
{
    struct fields fields = {.is_zeek = locating->piece->format == TSCOPE_EVIDENCE_ZEEK};
    struct tscope_arena arena = {0};
    struct tscope_span head;
    enum tscope_status status = tscope_lines_head(locating->piece, &arena, &head, err);

    if (status == TSCOPE_OK) {
        read_head(&fields, head);
        status = tscope_lines_locate(locating, false, NULL, read_line, &fields, err);
    }
    tscope_arena_clear(&arena);
    return status;
}
