/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/log_line.h"

#include "core/error.h"
#include "core/text.h"
#include "evidence/lines.h"
#include "evidence/shown.h"

#define ARENA_KEPT (16u << 10)
#define TIME_PLACE_MAX 512 /* characters of a line in which its time begins */

static bool
is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static struct tscope_span
from(struct tscope_span text, size_t at)
{
    return tscope_span_of(text.data + at, text.len - at);
}

static size_t
find_byte(struct tscope_span text, size_t at, const char *any)
{
    while (at < text.len && !(text.data[at] && strchr(any, text.data[at])))
        at++;
    return at;
}

static bool
take_time(struct tscope_log_line *line, struct tscope_span text)
{
    line->time = text;
    line->when = tscope_when_read(text, false, &line->seconds);
    line->unsure = line->when == TSCOPE_WHEN_ZONELESS ? "no time zone is given" : NULL;
    return line->when != TSCOPE_WHEN_NONE;
}

/* [10/Oct/2000:13:55:36 +0000] or [2016-04-15T20:17:00.310Z] */
static bool
read_bracketed(struct tscope_log_line *line, struct tscope_span text)
{
    size_t limit = text.len < TIME_PLACE_MAX ? text.len : TIME_PLACE_MAX;

    for (size_t at = find_byte(text, 0, "["); at < limit; at = find_byte(text, at + 1, "[")) {
        size_t end = find_byte(text, at + 1, "]");

        if (end < text.len && end - at > 16 && end - at < 48 && is_digit(text.data[at + 1]) &&
            take_time(line, tscope_span_of(text.data + at + 1, end - at - 1)))
            return true;
    }
    return false;
}

/* 2003-10-11T22:14:15.003Z, also behind "<34>1 " (RFC 5424), and with a space for the T. */
static bool
read_leading(struct tscope_log_line *line, struct tscope_span text)
{
    size_t at = 0, end;

    if (text.len && text.data[0] == '<') {
        at = find_byte(text, 0, ">") + 1;
        if (at < 3 || at > 5 || at + 2 >= text.len)
            return false;
        if (text.data[at + 1] == ' ')
            at += 2;
    }
    text = from(text, at);
    if (text.len == 0 || !is_digit(text.data[0]))
        return false;
    end = find_byte(text, 0, " \t|,;]");
    if (take_time(line, tscope_span_of(text.data, end)))
        return true;
    if (end + 9 > text.len || text.data[end] != ' ')
        return false;
    /* a date, a time of day with a fraction after a comma perhaps, and perhaps a zone */
    end = find_byte(text, end + 1, " \t|;]");
    if (end + 2 < text.len && (text.data[end + 1] == '+' || text.data[end + 1] == '-' || text.data[end + 1] == 'U') &&
        take_time(line, tscope_span_of(text.data, find_byte(text, end + 1, " \t|;]"))))
        return true;
    return take_time(line, tscope_span_of(text.data, end));
}

/* Oct 11 22:14:15 of RFC 3164: neither year nor zone. */
static bool
read_syslog(struct tscope_log_line *line, struct tscope_span text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    bool is_month = false;

    if (text.len && text.data[0] == '<' && find_byte(text, 0, ">") < 5)
        text = from(text, find_byte(text, 0, ">") + 1 < text.len ? find_byte(text, 0, ">") + 1 : text.len);
    if (text.len < 15 || text.data[3] != ' ' || text.data[6] != ' ' || text.data[9] != ':' || text.data[12] != ':' ||
        !is_digit(text.data[5]) || !is_digit(text.data[7]) || !is_digit(text.data[14]))
        return false;
    for (size_t i = 0; i < 12; i++)
        is_month = is_month || memcmp(text.data, months + 3 * i, 3) == 0;
    line->time = tscope_span_of(text.data, 15);
    line->when = TSCOPE_WHEN_ZONELESS;
    line->unsure = "neither a year nor a time zone is given";
    return is_month;
}

/* "GET /path?query HTTP/1.1" 200 */
static void
read_request(struct tscope_log_line *line, struct tscope_span text)
{
    for (size_t quote = find_byte(text, 0, "\""); quote < text.len; quote = find_byte(text, quote + 1, "\"")) {
        size_t method = quote + 1, target = method, end, close;

        while (target < text.len && text.data[target] >= 'A' && text.data[target] <= 'Z')
            target++;
        if (target - method < 3 || target - method > 10 || target >= text.len || text.data[target] != ' ')
            continue;
        end = find_byte(text, target + 1, " \"");
        close = find_byte(text, end, "\"");
        line->method = tscope_span_of(text.data + method, target - method);
        line->target = tscope_span_of(text.data + target + 1, end - target - 1);
        line->quoted = close < text.len ? close + 1 : text.len;
        text = from(text, line->quoted);
        if (text.len >= 4 && text.data[0] == ' ' && is_digit(text.data[1]) && is_digit(text.data[2]) && is_digit(text.data[3]) &&
            (text.len == 4 || text.data[4] == ' '))
            line->status = (unsigned)((text.data[1] - '0') * 100 + (text.data[2] - '0') * 10 + (text.data[3] - '0'));
        return;
    }
}

bool
tscope_log_line_read(struct tscope_span text, struct tscope_log_line *ret_line)
{
    bool is_dated;

    *ret_line = (struct tscope_log_line){0};
    is_dated = read_leading(ret_line, text) || read_bracketed(ret_line, text) || read_syslog(ret_line, text);
    if (!is_dated)
        ret_line->when = TSCOPE_WHEN_NONE;
    read_request(ret_line, text);
    ret_line->is_common =
        is_dated && ret_line->method.len && ret_line->time.len > 3 && ret_line->time.data[2] == '/' && ret_line->time.data > text.data + 1;
    return is_dated;
}

static bool
is_within(struct tscope_span part, struct tscope_span line, size_t at)
{
    size_t start = part.len ? (size_t)(part.data - line.data) : 0;

    return part.len && at >= start && at - start < part.len;
}

/* A line that places are told of, in ascending order: what holds for all of them is found once, as a line may be long and full of them. */
struct open_line {
    struct tscope_log_line fields;
    struct tscope_arena arena;
    const char *time, *method, *url; /* as they are shown; NULL: there is none */
    size_t query;                    /* where the target's begins; the line's length: nowhere */
    size_t field, open, close;       /* of the quoted fields behind the request the one the latest place was in or in front of */
};

/* Which of the quoted fields behind the request a place is in: from 0 on; SIZE_MAX: none. */
static size_t
quoted_field(struct open_line *open, struct tscope_span line, size_t at)
{
    while (open->open < line.len && at >= open->close) {
        open->open = open->close < line.len ? find_byte(line, open->close + 1, "\"") : line.len;
        open->close = open->open < line.len ? find_byte(line, open->open + 1, "\"") : line.len;
        open->field++;
    }
    return open->open < line.len && at > open->open ? open->field : SIZE_MAX;
}

static const char *
where_of(struct open_line *open, struct tscope_span line, size_t at)
{
    if (is_within(open->fields.target, line, at))
        return at > open->query ? "query" : "url";
    if (!open->fields.is_common || at < open->fields.quoted)
        return NULL;
    switch (quoted_field(open, line, at)) {
    case 0:
        return "referrer";
    case 1:
        return "user agent";
    default:
        return NULL;
    }
}

static bool
open_request(struct open_line *open, struct tscope_span line)
{
    struct tscope_span target = open->fields.target;

    open->query = target.len ? (size_t)(target.data - line.data) + find_byte(target, 0, "?") : line.len;
    open->open = find_byte(line, open->fields.quoted, "\"");
    open->close = open->open < line.len ? find_byte(line, open->open + 1, "\"") : line.len;
    open->method = tscope_shown_name(&open->arena, open->fields.method);
    open->url = tscope_shown_url(&open->arena, target);
    return open->method && open->url;
}

static bool
open_line(void *user, struct tscope_span line)
{
    struct open_line *open = user;

    tscope_arena_reset(&open->arena, ARENA_KEPT);
    *open = (struct open_line){.arena = open->arena};
    if (tscope_log_line_read(line, &open->fields)) {
        open->time = tscope_shown_name(&open->arena, open->fields.time);
        if (!open->time)
            return false;
    }
    return open->fields.method.len == 0 || open_request(open, line);
}

static bool
read_line(void *user, struct tscope_span line, size_t place, struct tscope_arena *arena, struct tscope_context *context)
{
    struct open_line *open = user;
    struct tscope_span name = tscope_shown_name_before(tscope_span_of(line.data, place));

    context->time_text = open->time;
    context->time_unsure = open->time ? open->fields.unsure : NULL;
    if (open->fields.when == TSCOPE_WHEN_KNOWN)
        context->time = open->fields.seconds;
    context->method = open->method;
    context->url = open->url;
    context->http_status = open->fields.status;
    context->where = where_of(open, line, place);
    if (name.len) {
        context->where_name = tscope_shown_name(arena, name);
        return context->where_name != NULL;
    }
    return true;
}

enum tscope_status
tscope_log_locate(struct tscope_locating *locating, struct tscope_error *err)
{
    struct open_line open = {.query = 0};
    enum tscope_status status = tscope_lines_locate(locating, false, open_line, read_line, &open, err);

    tscope_arena_clear(&open.arena);
    return status;
}
