/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/shown.h"

#include "core/json.h"
#include "core/text.h"

#define CUT "\xe2\x80\xa6" /* an ellipsis */

static bool
is_run_char(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '_' ||
           byte == '+' || byte == '=' || byte == '.' || byte == '%' || byte == '~';
}

static bool
is_secret_run(struct tscope_span run)
{
    return run.len > TSCOPE_SHOWN_RUN_MAX || (run.len >= 16 && run.data[0] == 'e' && run.data[1] == 'y');
}

/* One code point, what is no character as U+FFFD, controls as spaces. */
static void
append_point(struct tscope_buffer *out, struct tscope_span text, size_t *at)
{
    uint32_t point = tscope_text_code_point(text, at);

    tscope_text_append_utf8(out, point == UINT32_MAX ? 0xfffd : point < 0x20 || point == 0x7f ? ' ' : point);
}

static void
append_shown(struct tscope_buffer *out, struct tscope_span text, size_t max)
{
    size_t at = 0, first = out->len;

    while (at < text.len) {
        size_t end = at;

        if (out->len - first >= max) {
            tscope_buffer_append_text(out, CUT);
            return;
        }
        while (end < text.len && is_run_char(text.data[end]))
            end++;
        if (end == at)
            append_point(out, text, &at);
        else if (is_secret_run(tscope_span_of(text.data + at, end - at)))
            tscope_buffer_append_text(out, CUT);
        else
            tscope_buffer_append(out, text.data + at, end - at);
        at = end > at ? end : at;
    }
}

static const char *
finish(struct tscope_buffer *out)
{
    return tscope_buffer_steal(out, NULL);
}

static size_t
find_any(struct tscope_span text, size_t from, const char *any)
{
    size_t at = from;

    while (at < text.len && !(text.data[at] && strchr(any, text.data[at])))
        at++;
    return at;
}

static struct tscope_span
part(struct tscope_span text, size_t from, size_t to)
{
    return tscope_span_of(text.data ? text.data + from : NULL, to - from);
}

/* An address or a form where a name is to be: in broken text a value may stand there. */
static size_t
name_len(struct tscope_span name)
{
    size_t odd = find_any(name, 0, "?=&"), address = tscope_text_find(name, TSCOPE_SPAN("//"));

    return address < odd ? address : odd;
}

static void
append_name(struct tscope_buffer *out, struct tscope_span name)
{
    size_t len = name_len(name);

    append_shown(out, part(name, 0, len), TSCOPE_SHOWN_NAME_MAX);
    if (len < name.len)
        tscope_buffer_append_text(out, CUT);
}

const char *
tscope_shown_name(struct tscope_arena *arena, struct tscope_span text)
{
    struct tscope_buffer out = {.arena = arena};

    append_name(&out, text);
    return finish(&out);
}

/* a=1&b=2: the names. What has no name may be a value. */
static void
append_pairs(struct tscope_buffer *out, struct tscope_span pairs)
{
    size_t at = 0;

    while (at < pairs.len && out->len < TSCOPE_SHOWN_URL_MAX) {
        size_t end = find_any(pairs, at, "&"), equals = find_any(pairs, at, "=&");

        if (equals < end) {
            append_shown(out, part(pairs, at, equals), TSCOPE_SHOWN_NAME_MAX);
            tscope_buffer_append_text(out, "=");
        }
        tscope_buffer_append_text(out, CUT);
        if (end < pairs.len)
            tscope_buffer_append_byte(out, '&');
        at = end + 1;
    }
}

/* Segments, and of ";name=value" in them the name. */
static void
append_path(struct tscope_buffer *out, struct tscope_span path)
{
    size_t at = 0;

    while (at < path.len && out->len < TSCOPE_SHOWN_URL_MAX) {
        size_t end = find_any(path, at, "/;,"), equals = find_any(path, at, "=/;,");

        append_shown(out, part(path, at, equals < end ? equals : end), TSCOPE_SHOWN_NAME_MAX);
        if (equals < end)
            tscope_buffer_append_text(out, "=" CUT);
        if (end < path.len)
            tscope_buffer_append_byte(out, path.data[end]);
        at = end + 1;
    }
}

/* host, host:443, [::1]:443: with anything else behind the colon it may be a password whose "@" is gone. */
static bool
is_host(struct tscope_span host)
{
    size_t at = host.len && host.data[0] == '[' ? find_any(host, 0, "]") : 0;

    at = find_any(host, at, ":");
    for (at++; at < host.len; at++) {
        if (host.data[at] < '0' || host.data[at] > '9')
            return false;
    }
    return true;
}

/* Takes "https://user:secret@host" off and returns where the path begins. */
static size_t
append_origin(struct tscope_buffer *out, struct tscope_span url)
{
    struct tscope_span head = part(url, 0, find_any(url, 0, "?#"));
    size_t host = tscope_text_find(head, TSCOPE_SPAN("//")), colon = find_any(head, 0, ":/"), end;

    if (host == SIZE_MAX && colon < head.len && head.data[colon] == ':') { /* data:, blob: */
        append_shown(out, part(url, 0, colon + 1), TSCOPE_SHOWN_NAME_MAX);
        tscope_buffer_append_text(out, CUT);
        return url.len;
    }
    if (host == SIZE_MAX)
        return 0; /* a path alone */
    host += 2;
    append_shown(out, part(url, 0, host), TSCOPE_SHOWN_NAME_MAX);
    end = find_any(head, host, "/");
    if (find_any(head, host, "@") < end)
        tscope_buffer_append_text(out, CUT "@");
    while (find_any(head, host, "@") < end)
        host = find_any(head, host, "@") + 1;
    if (is_host(part(url, host, end)))
        append_shown(out, part(url, host, end), TSCOPE_SHOWN_NAME_MAX);
    else
        tscope_buffer_append_text(out, CUT);
    return end;
}

const char *
tscope_shown_url(struct tscope_arena *arena, struct tscope_span url)
{
    struct tscope_buffer out = {.arena = arena};
    size_t path = append_origin(&out, url), query = find_any(url, path, "?#"), fragment = find_any(url, query, "#");

    append_path(&out, part(url, path, query));
    if (query < fragment) {
        tscope_buffer_append_byte(&out, '?');
        append_pairs(&out, part(url, query + 1, fragment));
    }
    if (fragment < url.len) {
        tscope_buffer_append_byte(&out, '#');
        append_pairs(&out, part(url, fragment + 1, url.len));
    }
    return finish(&out);
}

/* RFC 6901 section 3. */
static void
append_token(struct tscope_buffer *out, struct tscope_span name)
{
    struct tscope_buffer plain = {.arena = out->arena}, shown = {.arena = out->arena};

    tscope_json_unescape(name, &plain);
    append_name(&shown, tscope_span_of(plain.data, plain.len));
    for (size_t i = 0; i < shown.len; i++) {
        if (shown.data[i] == '~' || shown.data[i] == '/')
            tscope_buffer_append_text(out, shown.data[i] == '~' ? "~0" : "~1");
        else
            tscope_buffer_append_byte(out, shown.data[i]);
    }
    out->failed = out->failed || plain.failed || shown.failed;
}

const char *
tscope_shown_pointer(struct tscope_arena *arena, const struct tscope_json_walk *walk)
{
    struct tscope_buffer out = {.arena = arena};
    size_t depth = walk->depth < TSCOPE_WALK_LEVELS_MAX ? walk->depth : TSCOPE_WALK_LEVELS_MAX;

    for (size_t i = 0; i < depth && walk->levels[i].has_member; i++) {
        const struct tscope_walk_level *level = &walk->levels[i];

        tscope_buffer_append_byte(&out, '/');
        if (level->is_array)
            tscope_buffer_append_integer(&out, level->index < INT64_MAX ? (int64_t)level->index : INT64_MAX);
        else
            append_token(&out, tscope_span_of(level->name, level->name_len));
    }
    if (walk->depth > TSCOPE_WALK_LEVELS_MAX)
        tscope_buffer_append_text(&out, "/" CUT);
    return finish(&out);
}

static bool
drop(struct tscope_span *text, const char *word)
{
    struct tscope_span end = tscope_span_text(word);

    if (text->len < end.len || !tscope_text_equal_fold(tscope_span_of(text->data + text->len - end.len, end.len), end))
        return false;
    text->len -= end.len;
    return true;
}

static bool
is_name_char(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '_' ||
           byte == '.';
}

static void
drop_space(struct tscope_span *text)
{
    while (text->len && (text->data[text->len - 1] == ' ' || text->data[text->len - 1] == '\t'))
        text->len--;
}

struct tscope_span
tscope_shown_name_before(struct tscope_span before)
{
    struct tscope_span trimmed = before;
    size_t end;

    drop_space(&trimmed);
    if (trimmed.len && trimmed.data[trimmed.len - 1] == ':') /* name: value */
        before = trimmed;
    if (drop(&before, "bearer ") || drop(&before, "bearer%20") || drop(&before, "bearer+") || drop(&before, "dpop "))
        drop_space(&before);
    if (drop(&before, "\\\"") || drop(&before, "\"") || drop(&before, "%22"))
        drop_space(&before);
    if (drop(&before, ":") || drop(&before, "%3a")) {
        drop_space(&before);
        if (!drop(&before, "\\\"") && !drop(&before, "\"") && !drop(&before, "%22"))
            drop_space(&before);
    } else if (!drop(&before, "=") && !drop(&before, "%3d") && !drop(&before, "\\u003d")) {
        return tscope_span_of(before.data, 0);
    }
    end = before.len;
    while (before.len && end - before.len <= TSCOPE_SHOWN_RUN_MAX && is_name_char(before.data[before.len - 1]))
        before.len--;
    if (end - before.len > TSCOPE_SHOWN_RUN_MAX)
        return tscope_span_of(before.data, 0);
    return tscope_span_of(before.data + before.len, end - before.len);
}
