/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/json_rows.h"

#include "core/error.h"
#include "core/text.h"

#define NAME_MAX 8       /* of a wrapper's member */
#define WRAPPER_HEAD 6   /* members that a wrapper has before its array; a record has its own members first */
#define DEPTH_MAX 100000 /* brackets nest this deep only in a text that is none of ours */

/* What the reader is in the midst of. */
enum state {
    BETWEEN, /* rows */
    IN_ROW,  /* an object or array; or another value, if depth is that of the rows */
    SKIPPING /* the rest of a wrapper behind its array, or of a row that is over the bound */
};

struct tscope_json_rows {
    tscope_splitter_sink sink;
    void *user;
    struct tscope_buffer row;
    enum state state;
    uint32_t depth; /* open brackets */
    uint32_t base;  /* open brackets around a row: 0 at the top, 1 in an array, 2 in a wrapper's */
    bool in_string, escaped, is_long;
    bool is_scalar;    /* the row is no object or array */
    bool by_lines;     /* rows end where lines do, whatever they hold */
    bool row_has_line; /* the row spans lines */
    bool wrapper;      /* base is inside a wrapper */
    bool has_tables;   /* whose elements are tables, with rows of their own */
    /* of the member name at depth 1 of a row at the top, to see whether it is a wrapper */
    char name[NAME_MAX];
    size_t name_len, members;
    bool in_name, expect_name, behind_name, behind_array;
    uint64_t line, offset, row_line, row_offset;
};

enum tscope_status
tscope_json_rows_new(tscope_splitter_sink sink, void *user, uint64_t line, uint64_t offset, struct tscope_json_rows **ret_rows,
                     struct tscope_error *err)
{
    struct tscope_json_rows *rows = tscope_alloc_zeroed(1, sizeof(*rows));

    if (!rows)
        return tscope_error_no_memory(err);
    rows->sink = sink;
    rows->user = user;
    rows->line = line;
    rows->offset = offset;
    *ret_rows = rows;
    return TSCOPE_OK;
}

void
tscope_json_rows_free(struct tscope_json_rows *rows)
{
    if (!rows)
        return;
    tscope_buffer_clear(&rows->row);
    tscope_free(rows);
}

static void
append(struct tscope_json_rows *rows, const uint8_t *text, size_t len)
{
    if (rows->row.len + len > TSCOPE_ROW_MAX)
        rows->is_long = true;
    if (!rows->is_long)
        tscope_buffer_append(&rows->row, text, len);
}

#define TABLES_BASE 2 /* brackets around a table: those of the answer and of its list */

/* True where the row at hand may be a wrapper: at the top, and of an answer with tables each of these. */
static bool
watches_names(const struct tscope_json_rows *rows)
{
    return rows->base == 0 || (rows->has_tables && rows->base == TABLES_BASE);
}

static void
begin_row(struct tscope_json_rows *rows, uint8_t byte)
{
    tscope_buffer_reset(&rows->row);
    rows->state = IN_ROW;
    rows->is_long = rows->row_has_line = rows->in_string = rows->escaped = false;
    rows->is_scalar = byte != '{' && byte != '[';
    rows->row_line = rows->line;
    rows->row_offset = rows->offset;
    rows->members = 0;
    rows->in_name = rows->behind_name = rows->behind_array = false;
    rows->expect_name = byte == '{' && watches_names(rows);
}

static enum tscope_status
end_row(struct tscope_json_rows *rows, enum tscope_row_kind kind, struct tscope_error *err)
{
    struct tscope_split_row row = {.line = rows->row_line, .offset = rows->row_offset};
    enum tscope_status status;

    if (rows->row.failed)
        return tscope_error_no_memory(err);
    row.kind = rows->is_long ? TSCOPE_ROW_LONG : kind;
    row.text = tscope_span_of(rows->row.data, rows->row.len);
    rows->state = BETWEEN;
    rows->in_string = false;
    status = rows->sink(rows->user, &row, err);
    tscope_buffer_reset(&rows->row);
    return status;
}

/* A raw line end in a string, or in a row of a file that has a row a line: it went wrong before, and the next line is a new start. */
static enum tscope_status
give_up_row(struct tscope_json_rows *rows, struct tscope_error *err)
{
    rows->depth = rows->base;
    return end_row(rows, TSCOPE_ROW_BROKEN, err);
}

static bool
is_name(const struct tscope_json_rows *rows, const char *name)
{
    return tscope_text_equal_fold(tscope_span_of(rows->name, rows->name_len), tscope_span_text(name));
}

/* Notes whether its elements are tables. */
static bool
is_wrapper_name(struct tscope_json_rows *rows)
{
    static const char *const names[] = {"Records", "records", "value", "items"};

    if (rows->base == TABLES_BASE)
        return is_name(rows, "rows");
    rows->has_tables = rows->members <= WRAPPER_HEAD && is_name(rows, "tables");
    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        if (tscope_span_is(tscope_span_of(rows->name, rows->name_len), names[i]))
            return rows->members <= WRAPPER_HEAD;
    }
    return rows->has_tables;
}

/* Watches the names of an object that may be a wrapper. True where it turns out to be one, at the first row inside it. */
static bool
watch_wrapper(struct tscope_json_rows *rows, uint8_t byte)
{
    if (!watches_names(rows) || rows->is_scalar)
        return false;
    if (rows->behind_array) {
        if (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n')
            return false;
        rows->behind_array = false;
        return byte == (rows->base == TABLES_BASE ? '[' : '{');
    }
    if (rows->depth != rows->base + 1)
        return false;
    if (byte == ',') {
        rows->expect_name = true;
        rows->behind_name = false;
    } else if (byte == '[' && rows->behind_name) {
        rows->behind_array = is_wrapper_name(rows);
        rows->behind_name = false;
    } else if (byte != ':' && byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n') {
        rows->behind_name = false;
    }
    return false;
}

static void
open_string(struct tscope_json_rows *rows)
{
    rows->in_string = true;
    rows->in_name = watches_names(rows) && rows->depth == rows->base + 1 && rows->expect_name && !rows->is_scalar;
    rows->name_len = 0;
}

static void
close_string(struct tscope_json_rows *rows)
{
    rows->in_string = false;
    if (rows->in_name) {
        rows->in_name = rows->expect_name = false;
        rows->behind_name = true;
        rows->members++;
    }
}

static void
note_name(struct tscope_json_rows *rows, const uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len && rows->in_name; i++) {
        if (rows->name_len == NAME_MAX) {
            rows->name_len = 0; /* longer than any of them */
            rows->in_name = false;
            rows->expect_name = false;
            rows->members++;
            return;
        }
        rows->name[rows->name_len++] = (char)text[i];
    }
}

/* Inside a string, up to what ends it. */
static size_t
string_run(const uint8_t *text, size_t len)
{
    size_t run = 0;

    while (run < len && text[run] != '"' && text[run] != '\\' && text[run] != '\n')
        run++;
    return run;
}

static enum tscope_status
take_in_string(struct tscope_json_rows *rows, const uint8_t *text, size_t len, size_t *ret_taken, struct tscope_error *err)
{
    size_t run;

    if (rows->escaped && *text != '\n') {
        rows->escaped = false;
        *ret_taken = 1;
        append(rows, text, 1);
        return TSCOPE_OK;
    }
    run = string_run(text, len);
    if (rows->in_name)
        note_name(rows, text, run);
    append(rows, text, run);
    *ret_taken = run;
    if (run == len)
        return TSCOPE_OK;
    *ret_taken = run + 1;
    if (text[run] == '\n') {
        rows->line++;
        return give_up_row(rows, err);
    }
    append(rows, text + run, 1);
    if (text[run] == '\\')
        rows->escaped = true;
    else
        close_string(rows);
    return TSCOPE_OK;
}

/* The head of a wrapper is no row, and its elements are; that of a table has the names of its columns. */
static enum tscope_status
enter_wrapper(struct tscope_json_rows *rows, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    if (rows->base == TABLES_BASE)
        status = end_row(rows, TSCOPE_ROW_TABLE, err);
    rows->wrapper = true;
    rows->base = rows->depth;
    rows->state = BETWEEN;
    return status;
}

static enum tscope_status
end_container(struct tscope_json_rows *rows, struct tscope_error *err)
{
    enum tscope_status status = end_row(rows, TSCOPE_ROW_JSON, err);

    if (rows->base == 0 && !rows->row_has_line)
        rows->by_lines = true;
    return status;
}

static enum tscope_status
take_between(struct tscope_json_rows *rows, const uint8_t *text)
{
    uint8_t byte = *text;

    if (byte == '\n') {
        rows->line++;
    } else if (byte == ']' && rows->depth > 0 && rows->depth == rows->base) {
        rows->depth--;
        rows->base = 0;
        rows->state = rows->depth > 0 ? SKIPPING : BETWEEN;
        rows->wrapper = false;
        rows->escaped = false;
    } else if (byte == '[' && rows->depth == 0 && rows->base == 0) {
        rows->depth = rows->base = 1;
    } else if (byte != ' ' && byte != '\t' && byte != '\r' && byte != ',') {
        begin_row(rows, byte);
        append(rows, text, 1);
        if (byte == '"')
            open_string(rows);
        rows->depth += byte == '{' || byte == '[';
    }
    return TSCOPE_OK;
}

static enum tscope_status
take_in_row(struct tscope_json_rows *rows, const uint8_t *text, struct tscope_error *err)
{
    uint8_t byte = *text;

    if (rows->is_scalar && (byte == ',' || byte == ']' || byte == '}' || byte == '\n' || byte == '{')) {
        enum tscope_status status = end_row(rows, TSCOPE_ROW_JSON, err);

        return status == TSCOPE_OK ? take_between(rows, text) : status; /* "INFO {...": the rest is another row */
    }
    if (watch_wrapper(rows, byte)) {
        enum tscope_status status = enter_wrapper(rows, err);

        begin_row(rows, byte);
        rows->depth++;
        append(rows, text, 1);
        return status;
    }
    if (byte == '\n') {
        rows->line++;
        rows->row_has_line = true;
        if (rows->by_lines)
            return give_up_row(rows, err);
    }
    append(rows, text, 1);
    if (byte == '"') {
        open_string(rows);
    } else if (byte == '{' || byte == '[') {
        rows->depth++;
        if (rows->depth > DEPTH_MAX)
            return give_up_row(rows, err);
    } else if (byte == '}' || byte == ']') {
        rows->depth--;
        if (rows->depth == rows->base)
            return end_container(rows, err);
    }
    return TSCOPE_OK;
}

/* Behind a wrapper's array there may be a link to the next page, or another array. */
static enum tscope_status
take_skipped(struct tscope_json_rows *rows, uint8_t byte)
{
    if (byte == '\n')
        rows->line++;
    if (rows->in_string) {
        if (rows->escaped)
            rows->escaped = false;
        else if (byte == '\\')
            rows->escaped = true;
        else if (byte == '"')
            rows->in_string = false;
        return TSCOPE_OK;
    }
    if (byte == '"') {
        rows->in_string = true;
    } else if (byte == '{' || byte == '[') {
        rows->depth += rows->depth < DEPTH_MAX;
    } else if (byte == '}' || byte == ']') {
        rows->depth--;
        if (rows->depth == 0)
            rows->state = BETWEEN;
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_json_rows_feed(struct tscope_json_rows *rows, const uint8_t *text, size_t len, struct tscope_error *err)
{
    size_t at = 0;

    while (at < len) {
        size_t taken = 1;
        enum tscope_status status;

        if (rows->state == IN_ROW && rows->in_string)
            status = take_in_string(rows, text + at, len - at, &taken, err);
        else if (rows->state == IN_ROW)
            status = take_in_row(rows, text + at, err);
        else if (rows->state == SKIPPING)
            status = take_skipped(rows, text[at]);
        else
            status = take_between(rows, text + at);
        if (status != TSCOPE_OK)
            return status;
        at += taken;
        rows->offset += taken;
    }
    return rows->row.failed ? tscope_error_no_memory(err) : TSCOPE_OK;
}

enum tscope_status
tscope_json_rows_end(struct tscope_json_rows *rows, struct tscope_error *err)
{
    if (rows->state != IN_ROW)
        return TSCOPE_OK;
    return end_row(rows, rows->is_scalar && !rows->in_string ? TSCOPE_ROW_JSON : TSCOPE_ROW_BROKEN, err);
}
