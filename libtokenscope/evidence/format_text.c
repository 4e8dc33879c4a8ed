/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/format_text.h"

#include "core/alloc.h"
#include "core/text.h"
#include "evidence/csv.h"
#include "evidence/log_line.h"

#define LINES_MAX 8 /* that are looked at */

static struct tscope_span
skip_bom(struct tscope_span head)
{
    return tscope_text_starts_with(head, TSCOPE_SPAN("\xef\xbb\xbf")) ? tscope_span_of(head.data + 3, head.len - 3) : head;
}

static struct tscope_span
skip_space(struct tscope_span text)
{
    while (text.len && (text.data[0] == ' ' || text.data[0] == '\t' || text.data[0] == '\r' || text.data[0] == '\n'))
        text = tscope_span_of(text.data + 1, text.len - 1);
    return text;
}

static bool
take(struct tscope_span *text, const char *word)
{
    *text = skip_space(*text);
    if (!tscope_text_starts_with(*text, tscope_span_text(word)))
        return false;
    *text = tscope_span_of(text->data + strlen(word), text->len - strlen(word));
    return true;
}

/* {"log": {… with a member that HAR has (its section "log" names version, creator, browser, pages, entries). */
static bool
is_har(struct tscope_span text)
{
    static const char *const members[] = {"\"version\"", "\"creator\"", "\"browser\"", "\"pages\"", "\"entries\""};

    if (!take(&text, "{") || !take(&text, "\"log\"") || !take(&text, ":") || !take(&text, "{"))
        return false;
    for (size_t i = 0; i < TSCOPE_COUNT(members); i++) {
        struct tscope_span rest = text;

        if (take(&rest, members[i]))
            return true;
    }
    return tscope_text_find(text, TSCOPE_SPAN("\"entries\"")) != SIZE_MAX;
}

/* Takes the first line off, without its end. False: head does not hold it to its end. */
static bool
take_line(struct tscope_span *text, bool is_all, struct tscope_span *ret_line)
{
    const uint8_t *end = text->len ? memchr(text->data, '\n', text->len) : NULL;
    size_t len = end ? (size_t)(end - text->data) : text->len;

    if (text->len == 0 || (!end && !is_all))
        return false;
    *ret_line = tscope_span_of(text->data, len && text->data[len - 1] == '\r' ? len - 1 : len);
    *text = tscope_span_of(text->data + len + (end != NULL), text->len - len - (end != NULL));
    return true;
}

/* One value, closed at the end of its line. Quick and rough: brackets outside of strings. */
static bool
is_closed_value(struct tscope_span line)
{
    size_t depth = 0;
    bool in_string = false;

    line = tscope_text_trim(line);
    if (line.len < 2 || (line.data[0] != '{' && line.data[0] != '['))
        return false;
    for (size_t i = 0; i < line.len; i++) {
        uint8_t byte = line.data[i];

        if (in_string && byte == '\\')
            i++;
        else if (byte == '"')
            in_string = !in_string;
        else if (!in_string && (byte == '{' || byte == '['))
            depth++;
        else if (!in_string && (byte == '}' || byte == ']') && --depth == 0)
            return i + 1 == line.len;
    }
    return false;
}

static enum tscope_evidence_format
tell_json(struct tscope_span text, bool is_all)
{
    struct tscope_span line, rest = text;

    if (is_har(text))
        return TSCOPE_EVIDENCE_HAR;
    if (!take_line(&rest, is_all, &line) || !is_closed_value(line))
        return TSCOPE_EVIDENCE_JSON;
    rest = skip_space(rest);
    return rest.len && (rest.data[0] == '{' || rest.data[0] == '[') ? TSCOPE_EVIDENCE_JSONL : TSCOPE_EVIDENCE_JSON;
}

static bool
is_json_start(struct tscope_span text)
{
    struct tscope_span rest = text;

    if (take(&rest, "{")) {
        rest = skip_space(rest);
        return rest.len && (rest.data[0] == '"' || rest.data[0] == '}');
    }
    if (!take(&rest, "["))
        return false;
    rest = skip_space(rest);
    return rest.len && (strchr("{[\"]", rest.data[0]) != NULL); /* and no time in brackets, with which logs begin */
}

/* The length of a netstring, then the first name of the dictionary inside. */
static bool
is_mitmproxy(struct tscope_span text)
{
    size_t at = 0;

    while (at < text.len && at < 12 && text.data[at] >= '0' && text.data[at] <= '9')
        at++;
    if (at == 0 || at + 2 >= text.len || text.data[at] != ':' || text.data[at + 1] < '0' || text.data[at + 1] > '9')
        return false;
    return tscope_text_find(text, TSCOPE_SPAN("7:request;")) != SIZE_MAX || tscope_text_find(text, TSCOPE_SPAN("7:version;")) != SIZE_MAX;
}

static bool
is_log(struct tscope_span text, bool is_all)
{
    struct tscope_span line;
    unsigned dated = 0, lines = 0;

    while (lines < LINES_MAX && take_line(&text, is_all || lines == 0, &line)) {
        struct tscope_log_line fields;

        lines++;
        dated += tscope_log_line_read(line, &fields);
    }
    return lines && dated * 2 >= lines;
}

enum tscope_evidence_format
tscope_format_of_text(struct tscope_span head, bool is_all)
{
    struct tscope_span text = skip_bom(head);

    if (is_json_start(text))
        return tell_json(skip_space(text), is_all);
    if (tscope_text_starts_with(text, TSCOPE_SPAN("#separator")))
        return TSCOPE_EVIDENCE_ZEEK;
    if (tscope_text_starts_with(text, TSCOPE_SPAN("#Software: ")) || tscope_text_starts_with(text, TSCOPE_SPAN("#Version: ")) ||
        tscope_text_starts_with(text, TSCOPE_SPAN("#Fields: ")))
        return TSCOPE_EVIDENCE_W3C;
    if (tscope_text_starts_with(text, TSCOPE_SPAN("<?xml")) && tscope_text_find(text, TSCOPE_SPAN("<items burpVersion=")) != SIZE_MAX)
        return TSCOPE_EVIDENCE_BURP;
    if (is_mitmproxy(text))
        return TSCOPE_EVIDENCE_MITMPROXY;
    if (tscope_csv_is(text, is_all))
        return TSCOPE_EVIDENCE_CSV;
    return is_log(text, is_all) ? TSCOPE_EVIDENCE_LOG : TSCOPE_EVIDENCE_TEXT;
}
