/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/csv_rows.h"

#include "core/error.h"
#include "core/text.h"

/* Where in a cell the reader is. */
enum place { CELL_START, IN_PLAIN, IN_QUOTED, BEHIND_QUOTE };

struct tscope_csv_rows {
    tscope_splitter_sink sink;
    void *user;
    struct tscope_buffer text; /* of the row, without quotes */
    struct tscope_span cells[TSCOPE_CELLS_MAX];
    size_t starts[TSCOPE_CELLS_MAX + 1]; /* where each cell begins in text */
    size_t cells_len;                    /* finished */
    enum place place;
    uint8_t comma; /* what stands between cells; 0: not known yet */
    bool after_cr, is_long, has_bytes;
    uint64_t line, offset;         /* of the next byte */
    uint64_t row_line, row_offset; /* where the row began */
};

enum tscope_status
tscope_csv_rows_new(tscope_splitter_sink sink, void *user, uint64_t line, uint64_t offset, struct tscope_csv_rows **ret_rows,
                    struct tscope_error *err)
{
    struct tscope_csv_rows *rows = tscope_alloc_zeroed(1, sizeof(*rows));

    if (!rows)
        return tscope_error_no_memory(err);
    rows->sink = sink;
    rows->user = user;
    rows->line = rows->row_line = line;
    rows->offset = rows->row_offset = offset;
    *ret_rows = rows;
    return TSCOPE_OK;
}

void
tscope_csv_rows_free(struct tscope_csv_rows *rows)
{
    if (!rows)
        return;
    tscope_buffer_clear(&rows->text);
    tscope_free(rows);
}

static void
begin_row(struct tscope_csv_rows *rows)
{
    tscope_buffer_reset(&rows->text);
    rows->cells_len = 0;
    rows->starts[0] = 0;
    rows->place = CELL_START;
    rows->is_long = rows->has_bytes = false;
    rows->row_line = rows->line;
    rows->row_offset = rows->offset;
}

static void
end_cell(struct tscope_csv_rows *rows)
{
    rows->place = CELL_START;
    if (rows->cells_len == TSCOPE_CELLS_MAX) {
        rows->is_long = true;
        return;
    }
    rows->starts[++rows->cells_len] = rows->text.len;
}

/* The first row that has one of them tells what the file separates by: a spreadsheet of another country writes ';'. */
static void
settle_comma(struct tscope_csv_rows *rows, uint8_t byte)
{
    if (!rows->comma && (byte == ',' || byte == ';' || byte == '\t'))
        rows->comma = byte;
}

/* PowerShell's "#TYPE ..." and a spreadsheet's "sep=;" are no rows. */
static bool
is_preamble(struct tscope_csv_rows *rows)
{
    struct tscope_span text = tscope_span_of(rows->text.data, rows->text.len);

    if (tscope_text_starts_with(text, TSCOPE_SPAN("#TYPE")))
        rows->comma = 0;
    else if (!tscope_text_starts_with(text, TSCOPE_SPAN("sep=")))
        return false;
    return true;
}

static enum tscope_status
end_row(struct tscope_csv_rows *rows, bool is_open, struct tscope_error *err)
{
    struct tscope_split_row row = {.line = rows->row_line, .offset = rows->row_offset};
    enum tscope_status status = TSCOPE_OK;

    if (rows->text.failed)
        return tscope_error_no_memory(err);
    end_cell(rows);
    row.kind = rows->is_long ? TSCOPE_ROW_LONG : is_open ? TSCOPE_ROW_BROKEN : TSCOPE_ROW_CSV;
    if (rows->has_bytes && !is_preamble(rows)) {
        for (size_t i = 0; i < rows->cells_len; i++)
            rows->cells[i] = tscope_span_of(rows->text.data ? rows->text.data + rows->starts[i] : (const uint8_t *)"",
                                            rows->starts[i + 1] - rows->starts[i]);
        row.text = tscope_span_of(rows->text.data, rows->text.len);
        row.cells = rows->cells;
        row.cells_len = rows->cells_len;
        status = rows->sink(rows->user, &row, err);
    }
    begin_row(rows);
    return status;
}

static void
append(struct tscope_csv_rows *rows, const uint8_t *text, size_t len)
{
    if (rows->text.len + len > TSCOPE_ROW_MAX)
        rows->is_long = true;
    if (!rows->is_long)
        tscope_buffer_append(&rows->text, text, len);
}

/* Inside quotes only a quote matters; lines are counted. */
static size_t
take_quoted(struct tscope_csv_rows *rows, const uint8_t *text, size_t len)
{
    const uint8_t *quote = memchr(text, '"', len), *line = text;
    size_t run = quote ? (size_t)(quote - text) : len;

    while ((line = memchr(line, '\n', run - (size_t)(line - text)))) {
        rows->line++;
        line++;
    }
    append(rows, text, run);
    if (quote)
        rows->place = BEHIND_QUOTE;
    return run + (quote != NULL);
}

static size_t
plain_run(const struct tscope_csv_rows *rows, const uint8_t *text, size_t len)
{
    size_t run = 0;

    while (run < len && text[run] != '\n' && text[run] != '\r' && text[run] != rows->comma && text[run] != '"' &&
           (rows->comma || (text[run] != ',' && text[run] != ';' && text[run] != '\t')))
        run++;
    return run;
}

static enum tscope_status
take_byte(struct tscope_csv_rows *rows, uint8_t byte, struct tscope_error *err)
{
    if (byte == '"' && rows->place != IN_PLAIN) {
        if (rows->place == BEHIND_QUOTE)
            append(rows, &byte, 1); /* "" */
        rows->place = IN_QUOTED;
        rows->has_bytes = true;
        return TSCOPE_OK;
    }
    settle_comma(rows, byte);
    if (byte == '\n') {
        rows->line++;
        return end_row(rows, false, err);
    }
    if (byte == '\r') { /* of CR LF; alone it is white space */
        return TSCOPE_OK;
    }
    rows->has_bytes = true;
    if (byte == rows->comma) {
        end_cell(rows);
        return TSCOPE_OK;
    }
    append(rows, &byte, 1);
    rows->place = IN_PLAIN; /* also behind a closing quote, as spreadsheets read it */
    return TSCOPE_OK;
}

enum tscope_status
tscope_csv_rows_feed(struct tscope_csv_rows *rows, const uint8_t *text, size_t len, struct tscope_error *err)
{
    size_t at = 0;

    while (at < len) {
        enum tscope_status status;
        size_t run;

        if (rows->place == IN_QUOTED && rows->is_long) { /* a quote that nothing closes: the next line is a new start */
            const uint8_t *line = memchr(text + at, '\n', len - at);

            run = line ? (size_t)(line - (text + at)) + 1 : len - at;
            at += run;
            rows->offset += run;
            rows->line += line != NULL;
            status = line ? end_row(rows, true, err) : TSCOPE_OK;
            if (status != TSCOPE_OK)
                return status;
            continue;
        }
        if (rows->place == IN_QUOTED) {
            run = take_quoted(rows, text + at, len - at);
            at += run;
            rows->offset += run;
            continue;
        }
        run = rows->place == BEHIND_QUOTE ? 0 : plain_run(rows, text + at, len - at);
        if (run > 0) {
            append(rows, text + at, run);
            rows->has_bytes = true;
            rows->place = IN_PLAIN;
            at += run;
            rows->offset += run;
            continue;
        }
        rows->offset++;
        status = take_byte(rows, text[at++], err);
        if (status != TSCOPE_OK)
            return status;
    }
    return rows->text.failed ? tscope_error_no_memory(err) : TSCOPE_OK;
}

enum tscope_status
tscope_csv_rows_end(struct tscope_csv_rows *rows, struct tscope_error *err)
{
    return rows->has_bytes ? end_row(rows, rows->place == IN_QUOTED, err) : TSCOPE_OK;
}
