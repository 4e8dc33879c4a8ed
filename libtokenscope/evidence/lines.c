/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/lines.h"

#include "core/error.h"
#include "evidence/evidence.h"
#include "evidence/text_reader.h"

#define ARENA_KEPT (64u << 10)

struct tscope_lines_pass {
    size_t piece; /* its number */
    struct tscope_text_reader text;
    size_t at;   /* of the reader's chunk: the next character */
    size_t from; /* of the chunk: where the part of the line begins that is not kept yet */
    bool is_quoted, in_quotes;
    bool is_complete; /* the line was read to its end */
    bool is_over;     /* and is the last */
    size_t kept_max;
    uint64_t newlines;
    struct tscope_buffer kept;
    struct tscope_line line;
};

void
tscope_lines_pass_free(tscope_lines_pass *pass)
{
    if (!pass)
        return;
    tscope_text_reader_clear(&pass->text);
    tscope_buffer_clear(&pass->kept);
    tscope_free(pass);
}

static void
begin_line(tscope_lines_pass *pass)
{
    pass->line.start = tscope_text_reader_offset(&pass->text, pass->at);
    pass->line.number = pass->newlines + 1;
    pass->line.row++;
    pass->in_quotes = pass->is_complete = false;
    pass->from = pass->at;
    tscope_buffer_reset(&pass->kept);
}

static enum tscope_status
new_pass(struct tscope_locating *locating, bool is_quoted, size_t kept_max, tscope_lines_pass **ret_pass, struct tscope_error *err)
{
    tscope_lines_pass *pass = tscope_alloc_zeroed(1, sizeof(*pass));
    enum tscope_status status;

    if (!pass)
        return tscope_error_no_memory(err);
    pass->piece = locating->piece->number;
    pass->is_quoted = is_quoted;
    pass->kept_max = kept_max;
    status = tscope_text_reader_init(&pass->text, locating->piece, err);
    if (status != TSCOPE_OK) {
        tscope_free(pass);
        return status;
    }
    pass->line.unit = pass->text.unit;
    begin_line(pass);
    *ret_pass = pass;
    return TSCOPE_OK;
}

/* What of the line stands in the chunk up to a character, as far as there is room. */
static void
keep(tscope_lines_pass *pass, size_t to)
{
    size_t room = pass->kept.len < pass->kept_max ? pass->kept_max - pass->kept.len : 0, len = to - pass->from;

    tscope_buffer_append(&pass->kept, pass->text.chars + pass->from, len < room ? len : room);
    pass->from = to;
}

/* The next line end of the chunk that ends the line; the chunk's length when there is none. */
static size_t
find_end(tscope_lines_pass *pass)
{
    const uint8_t *chars = pass->text.chars;
    size_t at = pass->at, len = pass->text.chars_len;

    for (; at < len; at++) {
        if (!pass->is_quoted) {
            const uint8_t *newline = memchr(chars + at, '\n', len - at);

            return newline ? (size_t)(newline - chars) : len;
        }
        if (chars[at] == '"')
            pass->in_quotes = !pass->in_quotes;
        if (chars[at] != '\n')
            continue;
        if (!pass->in_quotes ||
            tscope_text_reader_offset(&pass->text, at) - pass->line.start >= (uint64_t)TSCOPE_LINES_ROW_MAX * pass->text.unit)
            return at;
        pass->newlines++;
    }
    return len;
}

static void
complete(tscope_lines_pass *pass, uint64_t next)
{
    pass->line.next = next;
    if (pass->kept.len && pass->kept.data[pass->kept.len - 1] == '\r')
        pass->kept.len--;
    pass->line.text = tscope_span_of(pass->kept.data, pass->kept.len);
    pass->is_complete = true;
}

/* Reads on to the end of the line that a place is in, or of the text. */
static enum tscope_status
advance(tscope_lines_pass *pass, uint64_t place, struct tscope_error *err)
{
    enum tscope_status status;

    while (!pass->is_over) {
        size_t end = find_end(pass);
        uint64_t next = tscope_text_reader_offset(&pass->text, end + 1);

        if (end < pass->text.chars_len) {
            if (place < next)
                keep(pass, end);
            pass->at = end + 1;
            if (place < next) {
                complete(pass, next);
                break;
            }
            pass->newlines++;
            begin_line(pass);
            continue;
        }
        keep(pass, end);
        status = tscope_text_reader_next(&pass->text, err);
        if (status != TSCOPE_OK)
            return status;
        pass->at = pass->from = 0;
        pass->is_over = pass->text.chars_len == 0;
        if (pass->is_over)
            complete(pass, pass->text.offset);
    }
    return pass->kept.failed ? tscope_error_no_memory(err) : TSCOPE_OK;
}

/* Makes the pass's line that of a place. */
static enum tscope_status
go_to(tscope_lines_pass *pass, uint64_t place, struct tscope_error *err)
{
    if (pass->is_complete && place < pass->line.next)
        return TSCOPE_OK;
    if (pass->is_complete && !pass->is_over) {
        pass->newlines++;
        begin_line(pass);
    }
    return advance(pass, place, err);
}

static enum tscope_status
take_all(struct tscope_locating *locating, tscope_lines_pass *pass, tscope_line_taker *taker, void *user, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    while (status == TSCOPE_OK && locating->delivered < locating->count) {
        size_t count = 0;

        status = go_to(pass, locating->offsets[locating->delivered], err);
        while (status == TSCOPE_OK && locating->delivered + count < locating->count &&
               locating->offsets[locating->delivered + count] < pass->line.next)
            count++;
        if (status == TSCOPE_OK && count == 0)
            tscope_locating_deliver_rest(locating);
        else if (status == TSCOPE_OK)
            status = taker(user, locating, &pass->line, count, err);
    }
    return status;
}

enum tscope_status
tscope_lines_take(struct tscope_locating *locating, bool is_quoted, size_t kept_max, tscope_line_taker *taker, void *user,
                  struct tscope_error *err)
{
    struct tscope_evidence *evidence = locating->piece->evidence;
    tscope_lines_pass *pass = TSCOPE_STEAL(evidence->lines);
    enum tscope_status status = TSCOPE_OK;

    if (pass && (pass->piece != locating->piece->number || locating->offsets[0] < pass->line.start)) {
        tscope_lines_pass_free(pass);
        pass = NULL;
    }
    if (!pass)
        status = new_pass(locating, is_quoted, kept_max, &pass, err);
    if (status == TSCOPE_OK)
        status = take_all(locating, pass, taker, user, err);
    if (status == TSCOPE_OK)
        evidence->lines = TSCOPE_STEAL(pass);
    tscope_lines_pass_free(pass);
    return status;
}

size_t
tscope_line_at(const struct tscope_line *line, uint64_t offset)
{
    uint64_t at = offset > line->start ? (offset - line->start) / line->unit : 0;

    return at < line->text.len ? (size_t)at : line->text.len;
}

/* One reader for all places of a line, each by itself. */
struct reading {
    tscope_line_opener *opener;
    tscope_line_reader *reader;
    void *user;
    struct tscope_arena arena;
};

static enum tscope_status
take_line(void *user, struct tscope_locating *locating, const struct tscope_line *line, size_t count, struct tscope_error *err)
{
    struct reading *reading = user;

    if (reading->opener && !reading->opener(reading->user, line->text))
        return tscope_error_no_memory(err);
    while (count-- > 0) {
        struct tscope_context context = tscope_locating_context(locating);

        context.line = line->number;
        context.record = line->row;
        tscope_arena_reset(&reading->arena, ARENA_KEPT);
        if (reading->reader && !reading->reader(reading->user, line->text, tscope_line_at(line, context.offset), &reading->arena, &context))
            return tscope_error_no_memory(err);
        tscope_locating_deliver(locating, &context);
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_lines_locate(struct tscope_locating *locating, bool is_quoted, tscope_line_opener *opener, tscope_line_reader *reader, void *user,
                    struct tscope_error *err)
{
    struct reading reading = {.opener = opener, .reader = reader, .user = user};
    enum tscope_status status = tscope_lines_take(locating, is_quoted, TSCOPE_LINES_KEPT_MAX, take_line, &reading, err);

    tscope_arena_clear(&reading.arena);
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
