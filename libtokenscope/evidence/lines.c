/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/lines.h"

#include "core/error.h"
#include "evidence/text_reader.h"

#define ARENA_KEPT (64u << 10)

/* A pass over a text, line by line. */
struct finding {
    const struct tscope_locating *locating;
    struct tscope_line *lines;
    bool is_quoted, in_quotes;
    size_t found; /* places whose line is known */
    uint64_t newlines;
    struct tscope_line line;
};

static void
end_line(struct finding *finding, uint64_t end, uint64_t next)
{
    const struct tscope_locating *locating = finding->locating;

    finding->line.end = end;
    while (finding->found < locating->count && locating->offsets[finding->found] < next)
        finding->lines[finding->found++] = finding->line;
    finding->line.start = next;
    finding->line.number = finding->newlines + 1;
    finding->line.row++;
    finding->in_quotes = false;
}

/* The end of a run that holds no line end and, where they matter, no quote. */
static size_t
find_special(const struct finding *finding, const uint8_t *chars, size_t at, size_t len)
{
    const uint8_t *newline;

    if (finding->is_quoted) {
        while (at < len && chars[at] != '\n' && chars[at] != '"')
            at++;
        return at;
    }
    newline = memchr(chars + at, '\n', len - at);
    return newline ? (size_t)(newline - chars) : len;
}

static void
find_in_chunk(struct finding *finding, const struct tscope_text_reader *text)
{
    for (size_t at = 0; at < text->chars_len; at++) {
        uint64_t offset;

        at = find_special(finding, text->chars, at, text->chars_len);
        if (at == text->chars_len)
            return;
        if (text->chars[at] == '"') {
            finding->in_quotes = !finding->in_quotes;
            continue;
        }
        offset = tscope_text_reader_offset(text, at);
        finding->newlines++;
        if (!finding->in_quotes || offset - finding->line.start >= (uint64_t)TSCOPE_LINES_ROW_MAX * text->unit)
            end_line(finding, offset, offset + text->unit);
    }
}

static enum tscope_status
find_all(struct finding *finding, struct tscope_text_reader *text, struct tscope_error *err)
{
    enum tscope_status status;

    do {
        status = tscope_text_reader_next(text, err);
        if (status != TSCOPE_OK)
            return status;
        find_in_chunk(finding, text);
    } while (text->chars_len && finding->found < finding->locating->count);
    if (text->chars_len == 0)
        end_line(finding, text->offset, text->offset);
    return TSCOPE_OK;
}

enum tscope_status
tscope_lines_find(const struct tscope_locating *locating, bool is_quoted, struct tscope_line **ret_lines, struct tscope_error *err)
{
    struct finding finding = {.locating = locating, .is_quoted = is_quoted, .line = {.number = 1, .row = 1}};
    struct tscope_text_reader text;
    enum tscope_status status;

    finding.lines = tscope_alloc_zeroed(locating->count, sizeof(*finding.lines));
    if (!finding.lines)
        return tscope_error_no_memory(err);
    status = tscope_text_reader_init(&text, locating->piece, err);
    if (status == TSCOPE_OK) {
        finding.line.start = text.offset;
        status = find_all(&finding, &text, err);
        tscope_text_reader_clear(&text);
    }
    if (status != TSCOPE_OK) {
        tscope_free(finding.lines);
        return status;
    }
    for (; finding.found < locating->count; finding.found++)
        finding.lines[finding.found].start = UINT64_MAX;
    *ret_lines = finding.lines;
    return TSCOPE_OK;
}

/* Reads a line's characters into memory that is made once. */
static enum tscope_status
read_line(struct tscope_text_reader *text, const struct tscope_line *line, struct tscope_buffer *out, struct tscope_error *err)
{
    enum tscope_status status = tscope_text_reader_seek(text, line->start, err);
    uint64_t left = (line->end - line->start) / text->unit;

    tscope_buffer_reset(out);
    if (left > TSCOPE_LINES_KEPT_MAX)
        left = TSCOPE_LINES_KEPT_MAX;
    while (status == TSCOPE_OK && left) {
        size_t len;

        status = tscope_text_reader_next(text, err);
        if (status != TSCOPE_OK || text->chars_len == 0)
            break;
        len = left < text->chars_len ? (size_t)left : text->chars_len;
        tscope_buffer_append(out, text->chars, len);
        left -= len;
    }
    if (status == TSCOPE_OK && out->failed)
        return tscope_error_no_memory(err);
    if (out->len && out->data[out->len - 1] == '\r')
        out->len--;
    return status;
}

static enum tscope_status
locate_one(struct tscope_locating *locating, const struct tscope_line *line, struct tscope_span chars, unsigned unit,
           tscope_line_reader *reader, void *user, struct tscope_arena *arena, struct tscope_error *err)
{
    struct tscope_context context = tscope_locating_context(locating);
    struct tscope_line_text text = {.text = chars};
    uint64_t at = context.offset > line->start ? (context.offset - line->start) / unit : 0;

    context.line = line->number;
    context.record = line->row;
    text.at = at < chars.len ? (size_t)at : chars.len;
    tscope_arena_reset(arena, ARENA_KEPT);
    if (reader && !reader(user, &text, arena, &context))
        return tscope_error_no_memory(err);
    tscope_locating_deliver(locating, &context);
    return TSCOPE_OK;
}

static enum tscope_status
locate_all(struct tscope_locating *locating, const struct tscope_line *lines, struct tscope_text_reader *text, tscope_line_reader *reader,
           void *user, struct tscope_error *err)
{
    struct tscope_arena arena = {0};
    struct tscope_buffer chars = {0};
    enum tscope_status status = TSCOPE_OK;
    uint64_t read = UINT64_MAX;

    while (status == TSCOPE_OK && locating->delivered < locating->count) {
        const struct tscope_line *line = &lines[locating->delivered];

        if (line->start == UINT64_MAX) {
            tscope_locating_deliver_rest(locating);
            break;
        }
        if (line->start != read && reader)
            status = read_line(text, line, &chars, err);
        read = line->start;
        if (status == TSCOPE_OK)
            status = locate_one(locating, line, tscope_span_of(chars.data, chars.len), text->unit, reader, user, &arena, err);
    }
    tscope_buffer_clear(&chars);
    tscope_arena_clear(&arena);
    return status;
}

enum tscope_status
tscope_lines_locate(struct tscope_locating *locating, bool is_quoted, tscope_line_reader *reader, void *user, struct tscope_error *err)
{
    struct tscope_text_reader text;
    struct tscope_line *lines = NULL;
    enum tscope_status status = tscope_lines_find(locating, is_quoted, &lines, err);

    if (status != TSCOPE_OK)
        return status;
    status = tscope_text_reader_init(&text, locating->piece, err);
    if (status == TSCOPE_OK) {
        status = locate_all(locating, lines, &text, reader, user, err);
        tscope_text_reader_clear(&text);
    }
    tscope_free(lines);
    return status;
}

enum tscope_status
tscope_lines_head(const tscope_piece *piece, struct tscope_arena *arena, struct tscope_span *ret_head, struct tscope_error *err)
{
    struct tscope_text_reader text;
    enum tscope_status status = tscope_text_reader_init(&text, piece, err);

    if (status != TSCOPE_OK)
        return status;
    status = tscope_text_reader_next(&text, err);
    if (status == TSCOPE_OK) {
        *ret_head = tscope_arena_copy(arena, tscope_span_of(text.chars, text.chars_len));
        if (!ret_head->data)
            status = tscope_error_no_memory(err);
    }
    tscope_text_reader_clear(&text);
    return status;
}
