/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/log_reader.h"

#include "audit/read_row.h"
#include "core/error.h"
#include "core/json_writer.h"
#include "core/text.h"
#include "core/time.h"

#define ARENA_KEEP (1u << 20)
#define HEADING_MAX (64u << 10)

/* Columns by which a table is more than a list of values. */
enum { COLUMN_AUDIT_DATA, COLUMN_RECORD_ID, COLUMN_RESULT_COUNT, COLUMN_RAW_EVENT, COLUMNS };

struct tscope_log_reader {
    struct tscope_log_reader_sinks sinks;
    struct tscope_log_reader_facts facts;
    enum tscope_log_category category; /* of sign-ins that do not say theirs */
    tscope_decoder *decoder;
    tscope_splitter *splitter;
    struct tscope_arena arena; /* of the row at hand */
    char note[16];             /* a name behind "@, that may be one of Graph's notes to a page */
    size_t note_len;           /* with the @; 0: none begins */
    uint8_t last;              /* byte of the text */
    bool no_memory;
    bool has_table; /* rows of JSON are arrays, of the columns of a table */
    /* of CSV, and of a table */
    struct tscope_span heading[TSCOPE_CELLS_MAX]; /* names as JSON strings would have them */
    size_t heading_len;
    struct tscope_arena heading_arena;
    size_t columns[COLUMNS]; /* which cell; SIZE_MAX: none */
};

static const char too_long[] = "over 4 MiB or 1024 cells";

static enum tscope_status
tell_bad(tscope_log_reader *reader, const struct tscope_split_row *row, const char *why, struct tscope_error *err)
{
    reader->facts.rows++;
    reader->facts.bad++;
    return reader->sinks.bad(reader->sinks.user, row, why, err);
}

static enum tscope_status
tell_record(tscope_log_reader *reader, const struct tscope_row *inner, enum tscope_log_format format, const struct tscope_split_row *row,
            struct tscope_error *err)
{
    struct tscope_record record = {.format = format, .time = TSCOPE_TIME_NONE, .iat = TSCOPE_TIME_NONE, .count = 1};

    tscope_row_read(inner, &record);
    if (reader->no_memory)
        return tscope_error_no_memory(err);
    if (record.category == TSCOPE_CATEGORY_NONE)
        record.category = reader->category != TSCOPE_CATEGORY_NONE ? reader->category : TSCOPE_CATEGORY_INTERACTIVE;
    if (record.count == 0)
        record.count = 1;
    reader->facts.rows++;
    reader->facts.records++;
    reader->facts.timeless += record.time == TSCOPE_TIME_NONE;
    return reader->sinks.record(reader->sinks.user, &record, row, err);
}

/* {"Records":[]}: a wrapper around nothing is no row. */
static bool
is_empty_wrapper(const struct tscope_row *row)
{
    static const char *const names[] = {"Records", "value", "items", "tables", "rows"};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        const struct tscope_value *value = tscope_row_value(row, names[i]);

        if (value && value->type == TSCOPE_JSON_ARRAY && value->count == 0)
            return true;
    }
    return false;
}

static enum tscope_status
take_json(tscope_log_reader *reader, struct tscope_span text, enum tscope_log_format format, const struct tscope_split_row *row,
          struct tscope_error *err)
{
    struct tscope_json json;
    struct tscope_row outer = {&json, NULL, &reader->arena, &reader->no_memory}, inner;
    enum tscope_log_format found;
    enum tscope_status status = tscope_json_read(&json, &reader->arena, text.data, text.len, TSCOPE_JSON_LIMITS_TOKEN, err);

    if (status != TSCOPE_OK)
        return status;
    if (!json.readable)
        return tell_bad(reader, row, "not JSON", err);
    outer.object = tscope_json_root(&json);
    if (outer.object->type != TSCOPE_JSON_OBJECT)
        return tell_bad(reader, row, "no object", err);
    found = tscope_row_recognize(&outer, &inner);
    if (reader->no_memory)
        return tscope_error_no_memory(err);
    if (found == TSCOPE_LOG_NONE)
        return is_empty_wrapper(&outer) ? TSCOPE_OK : tell_bad(reader, row, "of no log that is known", err);
    return tell_record(reader, &inner, format != TSCOPE_LOG_NONE ? format : found, row, err);
}

/* "Date (UTC)", "IP address": without what no member name of JSON has, so that one list of names serves both. */
static enum tscope_status
take_heading(tscope_log_reader *reader, const struct tscope_split_row *row, struct tscope_error *err)
{
    static const char *const names[COLUMNS] = {"AuditData", "RecordId", "ResultCount", "RawEventData"};

    if (row->kind != TSCOPE_ROW_CSV || row->text.len > HEADING_MAX)
        return tell_bad(reader, row, "no heading", err);
    for (size_t i = 0; i < COLUMNS; i++)
        reader->columns[i] = SIZE_MAX;
    for (size_t i = 0; i < row->cells_len; i++) {
        char *name = tscope_arena_alloc(&reader->heading_arena, row->cells[i].len + 1);
        size_t len = 0;

        if (!name)
            return tscope_error_no_memory(err);
        for (size_t k = 0; k < row->cells[i].len; k++) {
            if (row->cells[i].data[k] > ' ' && row->cells[i].data[k] < 0x7f && !memchr("()\"\\", row->cells[i].data[k], 4))
                name[len++] = (char)row->cells[i].data[k];
        }
        name[len] = '\0';
        reader->heading[i] = tscope_span_of(name, len);
        for (size_t k = 0; k < COLUMNS; k++) {
            if (tscope_text_equal_fold(reader->heading[i], tscope_span_text(names[k])))
                reader->columns[k] = i;
        }
    }
    reader->heading_len = row->cells_len;
    return TSCOPE_OK;
}

static struct tscope_span
cell(const tscope_log_reader *reader, const struct tscope_split_row *row, int column)
{
    size_t at = reader->columns[column];

    return at < row->cells_len ? row->cells[at] : (struct tscope_span){NULL, 0};
}

static void
note_result_count(tscope_log_reader *reader, struct tscope_span text)
{
    uint64_t count = 0;

    if (text.len == 0 || text.len > 12)
        return;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return;
        count = count * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (count > reader->facts.result_count)
        reader->facts.result_count = count;
}

/* Any other table: each row as the object that the other readers know. */
static enum tscope_status
take_cells(tscope_log_reader *reader, const struct tscope_split_row *row, struct tscope_error *err)
{
    struct tscope_buffer text = {.arena = &reader->arena};
    struct tscope_json_writer writer;

    tscope_json_writer_init(&writer, &text, false);
    tscope_json_write_object(&writer);
    for (size_t i = 0; i < row->cells_len && i < reader->heading_len; i++) {
        if (row->cells[i].len == 0 || reader->heading[i].len == 0)
            continue;
        tscope_json_write_named_string(&writer, (const char *)reader->heading[i].data, row->cells[i]);
    }
    tscope_json_write_object_end(&writer);
    if (text.failed)
        return tscope_error_no_memory(err);
    return take_json(reader, tscope_buffer_keep(&text), TSCOPE_LOG_NONE, row, err);
}

static enum tscope_status
take_csv(tscope_log_reader *reader, const struct tscope_split_row *row, struct tscope_error *err)
{
    struct tscope_split_row shown = *row;

    if (reader->heading_len == 0)
        return take_heading(reader, row, err);
    note_result_count(reader, cell(reader, row, COLUMN_RESULT_COUNT));
    if (reader->columns[COLUMN_AUDIT_DATA] != SIZE_MAX) {
        shown.text = cell(reader, row, COLUMN_AUDIT_DATA);
        if (shown.text.len == 0)
            return tell_bad(reader, row, "AuditData is empty", err);
        return take_json(reader, shown.text, reader->columns[COLUMN_RECORD_ID] != SIZE_MAX ? TSCOPE_LOG_PURVIEW_CSV : TSCOPE_LOG_SEARCH_CSV,
                         &shown, err);
    }
    if (reader->columns[COLUMN_RAW_EVENT] != SIZE_MAX) {
        shown.text = cell(reader, row, COLUMN_RAW_EVENT);
        if (shown.text.len == 0)
            return tell_bad(reader, row, "RawEventData is empty", err);
        return take_json(reader, shown.text, TSCOPE_LOG_CLOUD_APP_EVENTS, &shown, err);
    }
    return take_cells(reader, row, err);
}

/* {"name": …, "columns": [{"name": …, "type": …}], "rows": [ */
static enum tscope_status
take_table(tscope_log_reader *reader, const struct tscope_split_row *row, struct tscope_error *err)
{
    struct tscope_json json;
    struct tscope_row table = {&json, NULL, &reader->arena, &reader->no_memory}, columns, column;
    struct tscope_split_row heading = {.kind = TSCOPE_ROW_CSV, .line = row->line, .offset = row->offset};
    struct tscope_span *cells = tscope_arena_zeroed(&reader->arena, TSCOPE_CELLS_MAX, sizeof(*cells));
    enum tscope_status status = tscope_json_read(&json, &reader->arena, row->text.data, row->text.len, TSCOPE_JSON_LIMITS_TOKEN, err);

    if (status != TSCOPE_OK || !cells)
        return cells ? status : tscope_error_no_memory(err);
    reader->has_table = true;
    reader->heading_len = 0;
    tscope_arena_reset(&reader->heading_arena, 0);
    table.object = tscope_json_root(&json);
    columns = tscope_row_open_list(&table, "columns");
    column = (struct tscope_row){.object = NULL};
    if (columns.object && columns.object->count > TSCOPE_CELLS_MAX)
        return tell_bad(reader, row, too_long, err);
    while (columns.object && tscope_row_next(&columns, &column))
        cells[heading.cells_len++] = tscope_row_first_text(&column, "name", "ColumnName");
    if (reader->no_memory)
        return tscope_error_no_memory(err);
    heading.cells = cells;
    return heading.cells_len > 0 ? take_heading(reader, &heading, err) : tell_bad(reader, row, "a table without columns", err);
}

static enum tscope_status
take_table_row(tscope_log_reader *reader, const struct tscope_split_row *row, struct tscope_error *err)
{
    struct tscope_json json;
    struct tscope_split_row shown = *row;
    struct tscope_span *cells = tscope_arena_zeroed(&reader->arena, TSCOPE_CELLS_MAX, sizeof(*cells));
    const struct tscope_value *value;
    enum tscope_status status = tscope_json_read(&json, &reader->arena, row->text.data, row->text.len, TSCOPE_JSON_LIMITS_TOKEN, err);

    if (status != TSCOPE_OK || !cells)
        return cells ? status : tscope_error_no_memory(err);
    if (!json.readable)
        return tell_bad(reader, row, "not JSON", err);
    if (reader->heading_len == 0)
        return tell_bad(reader, row, "a row of a table without columns", err);
    value = tscope_json_first(&json, tscope_json_root(&json));
    for (; value && shown.cells_len < reader->heading_len; value = tscope_json_next(&json, value)) {
        struct tscope_span text =
            value->type == TSCOPE_JSON_STRING ? tscope_json_string(&json, value, &reader->arena) : tscope_json_raw(&json, value);

        if (!text.data)
            return tscope_error_no_memory(err);
        cells[shown.cells_len++] = value->type == TSCOPE_JSON_NULL ? tscope_span_of("", 0) : text;
    }
    shown.kind = TSCOPE_ROW_CSV;
    shown.cells = cells;
    return take_csv(reader, &shown, err);
}

static enum tscope_status
take_row(void *user, const struct tscope_split_row *row, struct tscope_error *err)
{
    tscope_log_reader *reader = user;
    enum tscope_status status = TSCOPE_OK;

    switch (row->kind) {
    case TSCOPE_ROW_JSON:
        if (reader->has_table && row->text.data[0] == '[')
            status = take_table_row(reader, row, err);
        else
            status = take_json(reader, row->text, TSCOPE_LOG_NONE, row, err);
        break;
    case TSCOPE_ROW_TABLE:
        status = take_table(reader, row, err);
        break;
    case TSCOPE_ROW_CSV:
        status = take_csv(reader, row, err);
        break;
    case TSCOPE_ROW_LONG:
        status = tell_bad(reader, row, too_long, err);
        break;
    case TSCOPE_ROW_BROKEN:
        status = tell_bad(reader, row, "ends inside", err);
        break;
    }
    tscope_arena_reset(&reader->arena, ARENA_KEEP);
    return status;
}

static void
end_note(tscope_log_reader *reader)
{
    struct tscope_span note = tscope_span_of((const uint8_t *)reader->note, reader->note_len);

    reader->facts.pages += tscope_span_is(note, "@odata.context");
    reader->facts.links += tscope_span_is(note, "@odata.nextLink");
    reader->note_len = 0;
}

/* Notes to a whole page stand around its rows: "@odata.nextLink". Those of a member have its name in front. */
static void
find_notes(tscope_log_reader *reader, const uint8_t *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        if (reader->note_len == 0) {
            const uint8_t *found = memchr(text + at, '@', len - at);

            if (!found)
                break;
            at = (size_t)(found - text);
            if ((at ? text[at - 1] : reader->last) == '"')
                reader->note[reader->note_len++] = '@';
            at++;
        } else if (text[at] == '"') {
            end_note(reader);
        } else if (reader->note_len == sizeof(reader->note)) {
            reader->note_len = 0;
        } else {
            reader->note[reader->note_len++] = (char)text[at++];
        }
    }
    if (len)
        reader->last = text[len - 1];
}

static enum tscope_status
take_text(void *user, const uint8_t *text, size_t len, struct tscope_error *err)
{
    tscope_log_reader *reader = user;

    find_notes(reader, text, len);
    return tscope_splitter_feed(reader->splitter, text, len, err);
}

enum tscope_status
tscope_log_reader_new(const struct tscope_log_reader_sinks *sinks, enum tscope_log_category category, tscope_log_reader **ret_reader,
                      struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_log_reader) *reader = tscope_alloc_zeroed(1, sizeof(*reader));
    enum tscope_status status;

    if (!reader)
        return tscope_error_no_memory(err);
    reader->sinks = *sinks;
    reader->category = category;
    status = tscope_decoder_new(take_text, reader, &reader->decoder, err);
    if (status == TSCOPE_OK)
        status = tscope_splitter_new(take_row, reader, &reader->splitter, err);
    if (status != TSCOPE_OK)
        return status;
    reader->facts.decoder = tscope_decoder_facts(reader->decoder);
    *ret_reader = TSCOPE_STEAL(reader);
    return TSCOPE_OK;
}

void
tscope_log_reader_free(tscope_log_reader *reader)
{
    if (!reader)
        return;
    tscope_decoder_free(reader->decoder);
    tscope_splitter_free(reader->splitter);
    tscope_arena_clear(&reader->arena);
    tscope_arena_clear(&reader->heading_arena);
    tscope_free(reader);
}

enum tscope_status
tscope_log_reader_feed(tscope_log_reader *reader, const uint8_t *bytes, size_t len, struct tscope_error *err)
{
    return tscope_decoder_feed(reader->decoder, bytes, len, err);
}

enum tscope_status
tscope_log_reader_end(tscope_log_reader *reader, struct tscope_error *err)
{
    enum tscope_status status = tscope_decoder_end(reader->decoder, err);

    return status == TSCOPE_OK ? tscope_splitter_end(reader->splitter, err) : status;
}

const struct tscope_log_reader_facts *
tscope_log_reader_facts(const tscope_log_reader *reader)
{
    return &reader->facts;
}
