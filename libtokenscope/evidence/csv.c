/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/csv.h"

#include "core/error.h"
#include "core/json.h"
#include "core/text.h"
#include "evidence/format.h"
#include "evidence/lines.h"
#include "evidence/shown.h"
#include "evidence/when.h"

#define COLUMNS_MAX 1024
#define ROWS_COMPARED 4
#define JSON_CELL_MAX (256u << 10)
#define JSON_CELL_VALUES 20000
#define ARENA_KEPT (64u << 10)

/* A cell as it stands in a row. */
struct cell {
    size_t start, end; /* with its quotes */
    bool is_quoted;
};

struct table {
    char delimiter;
    uint64_t heading_rows; /* what is no record */
    size_t columns_len;
    struct tscope_span columns[COLUMNS_MAX];
};

/* The cell that begins at an offset of a row. */
static struct cell
read_cell(struct tscope_span row, size_t start, char delimiter)
{
    struct cell cell = {.start = start, .end = start, .is_quoted = start < row.len && row.data[start] == '"'};
    bool in_quotes = false;

    while (cell.end < row.len && (in_quotes || row.data[cell.end] != (uint8_t)delimiter)) {
        if (cell.is_quoted && row.data[cell.end] == '"')
            in_quotes = !in_quotes;
        cell.end++;
    }
    return cell;
}

/* The bytes between the quotes, doubled ones as they are. */
static struct tscope_span
inside_of(struct tscope_span row, const struct cell *cell)
{
    size_t start = cell->start + cell->is_quoted, end = cell->end;

    if (cell->is_quoted && end > start && row.data[end - 1] == '"')
        end--;
    return tscope_span_of(row.data + start, end - start);
}

/* The next row of a head, whose line ends in quotes end nothing. False: head does not hold it to its end. */
static bool
take_row(struct tscope_span *text, bool is_all, struct tscope_span *ret_row)
{
    bool in_quotes = false;
    size_t len = 0;

    while (len < text->len && (in_quotes || text->data[len] != '\n')) {
        if (text->data[len] == '"')
            in_quotes = !in_quotes;
        len++;
    }
    if (text->len == 0 || (len == text->len && !is_all))
        return false;
    *ret_row = tscope_span_of(text->data, len && text->data[len - 1] == '\r' ? len - 1 : len);
    if (len < text->len)
        len++;
    *text = tscope_span_of(text->data + len, text->len - len);
    return true;
}

static size_t
count_cells(struct tscope_span row, char delimiter)
{
    size_t count = 1, at = 0;

    for (;;) {
        at = read_cell(row, at, delimiter).end;
        if (at >= row.len)
            return count;
        count++;
        at++;
    }
}

/* What Windows PowerShell writes before the names. */
static bool
is_type_row(struct tscope_span row)
{
    return tscope_text_starts_with(row, TSCOPE_SPAN("#TYPE ")) || tscope_text_starts_with(row, TSCOPE_SPAN("sep="));
}

static bool
is_column_name(struct tscope_span name)
{
    bool has_letter = false;

    if (name.len == 0 || name.len > 64)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        uint8_t byte = name.data[i];

        has_letter = has_letter || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte >= 0x80;
        if (byte < ' ' || byte == '{' || byte == '}' || byte == '=' || byte == '"')
            return false;
    }
    return has_letter;
}

/* False when the row cannot be names of columns. */
static bool
read_names(struct table *table, struct tscope_span row)
{
    size_t at = 0;

    table->columns_len = 0;
    do {
        struct cell cell = read_cell(row, at, table->delimiter);
        struct tscope_span name = tscope_text_trim(inside_of(row, &cell));

        if (table->columns_len == COLUMNS_MAX || !is_column_name(name))
            return false;
        table->columns[table->columns_len++] = name;
        at = cell.end + 1;
    } while (at <= row.len);
    return table->columns_len >= 2;
}

/* The names, and of which delimiter the rows behind them have as many cells. */
static bool
read_heading(struct table *table, struct tscope_span text, bool is_all)
{
    struct tscope_span heading, row;
    size_t rows = 0;

    table->heading_rows = 1;
    if (!take_row(&text, is_all, &heading))
        return false;
    if (is_type_row(heading)) {
        table->heading_rows++;
        if (!take_row(&text, is_all, &heading))
            return false;
    }
    if (!read_names(table, heading))
        return false;
    while (rows < ROWS_COMPARED && take_row(&text, is_all, &row)) {
        if (row.len && count_cells(row, table->delimiter) != table->columns_len)
            return false;
        rows += row.len > 0;
    }
    return rows > 0 || text.len > 0; /* of a first row that is longer than the head, the names are enough */
}

static bool
read_table(struct table *table, struct tscope_span head, bool is_all)
{
    static const char delimiters[] = ",;\t";

    for (size_t i = 0; delimiters[i]; i++) {
        table->delimiter = delimiters[i];
        if (read_heading(table, head, is_all))
            return true;
    }
    return false;
}

bool
tscope_csv_is(struct tscope_span head, bool is_all)
{
    struct table *table = tscope_alloc(sizeof(*table));
    bool is_table = table && read_table(table, head, is_all);

    tscope_free(table);
    return is_table;
}

/* ---- a place in a row */

/* A cell's text: doubled quotes are one. ret_at: where the place is then. */
static struct tscope_span
plain_cell(struct tscope_span row, const struct cell *cell, size_t place, struct tscope_arena *arena, size_t *ret_at)
{
    struct tscope_span inside = inside_of(row, cell);
    struct tscope_buffer plain = {.arena = arena};

    *ret_at = SIZE_MAX;
    for (size_t i = 0; i < inside.len; i++) {
        if (inside.data + i == row.data + place)
            *ret_at = plain.len;
        tscope_buffer_append_byte(&plain, inside.data[i]);
        if (cell->is_quoted && inside.data[i] == '"' && i + 1 < inside.len && inside.data[i + 1] == '"')
            i++;
    }
    return plain.failed ? (struct tscope_span){NULL, 0} : tscope_span_of(plain.data ? plain.data : (const uint8_t *)"", plain.len);
}

/* The innermost value that a place is in. */
static const struct tscope_value *
value_at(const struct tscope_json *json, size_t at)
{
    const struct tscope_value *found = NULL;

    for (uint32_t i = 0; i < json->values_len; i++) {
        const struct tscope_value *value = &json->values[i];

        if (value->start <= at && at - value->start < value->len)
            found = value;
    }
    return found;
}

struct seen {
    size_t rank;
    const char *name;
    struct tscope_span text;
};

static void
note_seen(struct seen *seen, struct tscope_span name, struct tscope_span text)
{
    size_t rank = tscope_when_field_rank(name);

    if (rank < seen->rank && text.len)
        *seen = (struct seen){rank, tscope_when_field_at(rank)->name, text};
}

/* A cell that is JSON, such as AuditData: the place in it, and its time, which is better than that of the row around it. */
static bool
read_json_cell(struct tscope_span plain, size_t at, struct tscope_arena *arena, struct seen *seen, const char **ret_pointer)
{
    struct tscope_json json;
    const struct tscope_value *value;

    if (plain.len == 0 || plain.data[0] != '{' || plain.len > JSON_CELL_MAX)
        return true;
    if (tscope_json_read(&json, arena, plain.data, plain.len, (struct tscope_json_limits){64, JSON_CELL_VALUES}, NULL) != TSCOPE_OK)
        return false;
    for (value = tscope_json_first(&json, tscope_json_root(&json)); value; value = tscope_json_next(&json, value))
        note_seen(seen, tscope_json_name(&json, value), tscope_json_string(&json, value, arena));
    value = at == SIZE_MAX ? NULL : value_at(&json, at);
    if (value) {
        struct tscope_buffer pointer = {.arena = arena};
        const char *text;

        tscope_json_pointer(&json, value, &pointer);
        text = tscope_buffer_steal(&pointer, NULL);
        *ret_pointer = text ? tscope_shown_name(arena, tscope_span_text(text)) : NULL;
        return *ret_pointer != NULL;
    }
    return true;
}

static bool
name_field(struct tscope_span column, const char *pointer, struct tscope_arena *arena, struct tscope_context *context)
{
    struct tscope_buffer field = {.arena = arena};
    const char *name = tscope_shown_name(arena, column);

    tscope_buffer_append_text(&field, name ? name : "");
    tscope_buffer_append_text(&field, pointer ? pointer : "");
    context->field = tscope_buffer_steal(&field, NULL);
    return name && context->field;
}

static bool
tell_seen(const struct seen *seen, struct tscope_arena *arena, struct tscope_context *context)
{
    int64_t time = 0;
    enum tscope_when when;

    if (!seen->name)
        return true;
    when = tscope_when_read(seen->text, tscope_when_field_at(seen->rank)->is_utc, &time);
    if (when == TSCOPE_WHEN_NONE)
        return true;
    context->time_text = tscope_shown_name(arena, seen->text);
    context->time_field = seen->name;
    if (when == TSCOPE_WHEN_KNOWN)
        context->time = time;
    else
        context->time_unsure = "no time zone is given";
    return context->time_text != NULL;
}

/* A row, read once for all places in it. */
struct open_row {
    const struct table *table;
    struct cell cells[COLUMNS_MAX];
    size_t cells_len;
    struct seen seen;          /* whose text is in the arena */
    struct tscope_arena arena; /* of this row */
};

static bool
open_row(void *user, struct tscope_span line)
{
    struct open_row *row = user;

    tscope_arena_reset(&row->arena, ARENA_KEPT);
    row->seen = (struct seen){.rank = SIZE_MAX};
    row->cells_len = 0;
    for (size_t at = 0; at <= line.len && row->cells_len < row->table->columns_len; row->cells_len++) {
        struct cell cell = read_cell(line, at, row->table->delimiter);
        const char *pointer;
        size_t nowhere;
        struct tscope_span plain = plain_cell(line, &cell, line.len, &row->arena, &nowhere);

        if (!plain.data || !read_json_cell(plain, SIZE_MAX, &row->arena, &row->seen, &pointer))
            return false;
        note_seen(&row->seen, row->table->columns[row->cells_len], plain);
        row->cells[row->cells_len] = cell;
        at = cell.end + 1;
    }
    return true;
}

/* The cell that holds a place; cells_len: none. */
static size_t
cell_at(const struct open_row *row, size_t place)
{
    size_t column = 0;

    while (column < row->cells_len && !(place >= row->cells[column].start && place < row->cells[column].end))
        column++;
    return column;
}

static bool
read_row(void *user, struct tscope_span line, size_t place, struct tscope_arena *arena, struct tscope_context *context)
{
    const struct open_row *row = user;
    const struct table *table = row->table;
    struct tscope_span before = tscope_shown_name_before(tscope_span_of(line.data, place));
    size_t column = cell_at(row, place);

    context->record = context->record > table->heading_rows ? context->record - table->heading_rows : 0;
    if (context->record == 0)
        return true;
    if (column < row->cells_len) {
        struct seen unused = {.rank = SIZE_MAX};
        const char *pointer = NULL;
        size_t at;
        struct tscope_span plain = plain_cell(line, &row->cells[column], place, arena, &at);

        if (!plain.data || !read_json_cell(plain, at, arena, &unused, &pointer) ||
            !name_field(table->columns[column], pointer, arena, context))
            return false;
    }
    if (before.len && context->field) {
        context->where_name = tscope_shown_name(arena, before);
        if (!context->where_name)
            return false;
    }
    return tell_seen(&row->seen, arena, context);
}

enum tscope_status
tscope_csv_locate(struct tscope_locating *locating, struct tscope_error *err)
{
    struct tscope_arena arena = {0};
    struct table *table = tscope_alloc(sizeof(*table));
    struct open_row *row = tscope_alloc_zeroed(1, sizeof(*row));
    struct tscope_span head;
    enum tscope_status status = table && row ? tscope_lines_head(locating->piece, &arena, &head, err) : tscope_error_no_memory(err);

    if (status == TSCOPE_OK && !read_table(table, head, head.len < TSCOPE_FORMAT_HEAD_MAX))
        table->columns_len = 0;
    if (status == TSCOPE_OK) {
        row->table = table;
        status = tscope_lines_locate(locating, true, open_row, read_row, row, err);
        tscope_arena_clear(&row->arena);
    }
    tscope_free(row);
    tscope_free(table);
    tscope_arena_clear(&arena);
    return status;
}
