/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case.h"
#include "case/csv.h"
#include "core/error.h"
#include "core/json_writer.h"

#define KILO_STEPS_DEFAULT UINT64_C(10000000)

struct query {
    tscope_statement *statement;
    struct tscope_buffer line;
    struct tscope_buffer cell;
    enum tscope_case_format format;
};

static void
write_json_value(struct tscope_json_writer *writer, tscope_statement *statement, size_t column)
{
    int type = tscope_statement_type(statement, column);
    struct tscope_span bytes;

    if (type == TSCOPE_STORE_NULL) {
        tscope_json_write_null(writer);
        return;
    }
    if (type == TSCOPE_STORE_INTEGER) {
        tscope_json_write_integer(writer, tscope_statement_integer(statement, column));
        return;
    }
    bytes = tscope_statement_bytes(statement, column);
    if (type == TSCOPE_STORE_BLOB)
        tscope_json_write_hex(writer, bytes.data, bytes.len);
    else
        tscope_json_write_string(writer, bytes);
}

static void
write_json(struct query *query)
{
    struct tscope_json_writer writer;

    tscope_json_writer_init(&writer, &query->line, false);
    tscope_json_write_object(&writer);
    for (size_t i = 0; i < tscope_statement_columns(query->statement); i++) {
        tscope_json_write_name(&writer, tscope_statement_column_name(query->statement, i));
        write_json_value(&writer, query->statement, i);
    }
    tscope_json_write_object_end(&writer);
    tscope_buffer_append_byte(&query->line, '\n');
}

static void
write_csv_bytes(struct query *query, size_t column)
{
    static const char digits[] = "0123456789abcdef";
    struct tscope_span bytes = tscope_statement_bytes(query->statement, column);

    tscope_buffer_reset(&query->cell);
    for (size_t i = 0; i < bytes.len; i++) {
        tscope_buffer_append_byte(&query->cell, (uint8_t)digits[bytes.data[i] >> 4]);
        tscope_buffer_append_byte(&query->cell, (uint8_t)digits[bytes.data[i] & 15]);
    }
    query->line.failed |= query->cell.failed;
    tscope_csv_write_cell(&query->line, column == 0, tscope_span_of(query->cell.data, query->cell.len));
}

static void
write_csv(struct query *query)
{
    for (size_t i = 0; i < tscope_statement_columns(query->statement); i++) {
        switch (tscope_statement_type(query->statement, i)) {
        case TSCOPE_STORE_INTEGER:
            tscope_csv_write_integer(&query->line, i == 0, tscope_statement_integer(query->statement, i));
            break;
        case TSCOPE_STORE_BLOB:
            write_csv_bytes(query, i);
            break;
        default:
            tscope_csv_write_cell(&query->line, i == 0, tscope_statement_bytes(query->statement, i));
            break;
        }
    }
    tscope_csv_write_end(&query->line);
}

static void
write_csv_names(struct query *query)
{
    for (size_t i = 0; i < tscope_statement_columns(query->statement); i++)
        tscope_csv_write_cell(&query->line, i == 0, tscope_span_text(tscope_statement_column_name(query->statement, i)));
    tscope_csv_write_end(&query->line);
}

/* False when no more are wanted; *status tells why when there was no memory. */
static bool
hand_out(struct query *query, tscope_case_line *take, void *user, enum tscope_status *status, struct tscope_error *err)
{
    bool goes_on;

    if (query->line.failed) {
        *status = tscope_error_no_memory(err);
        return false;
    }
    goes_on = take(user, (const char *)query->line.data, query->line.len);
    tscope_buffer_reset(&query->line);
    return goes_on;
}

static enum tscope_status
run_query(struct query *query, tscope_case_line *take, void *user, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;
    bool goes_on = true;

    if (query->format == TSCOPE_CASE_CSV) {
        write_csv_names(query);
        goes_on = hand_out(query, take, user, &status, err);
    }
    while (goes_on && status == TSCOPE_OK) {
        bool has_row = false;

        status = tscope_statement_step(query->statement, &has_row, err);
        if (status != TSCOPE_OK || !has_row)
            break;
        if (query->format == TSCOPE_CASE_CSV)
            write_csv(query);
        else
            write_json(query);
        goes_on = hand_out(query, take, user, &status, err);
    }
    return status;
}

enum tscope_status
tscope_case_query(tscope_case *opened, const char *sql, enum tscope_case_format format, const struct tscope_case_query_limits *limits,
                  tscope_case_line *take, void *user, struct tscope_error *err)
{
    struct query query = {.format = format};
    uint64_t kilo_steps = limits && limits->kilo_steps ? limits->kilo_steps : KILO_STEPS_DEFAULT;
    const char *rest = NULL;
    enum tscope_status status = tscope_store_restrict(opened->store, kilo_steps, err);

    if (status == TSCOPE_OK)
        status = tscope_store_prepare_first(opened->store, sql, &query.statement, &rest, err);
    if (status == TSCOPE_OK && rest[strspn(rest, " \t\r\n;")])
        status = tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "more than one statement");
    if (status == TSCOPE_OK)
        status = run_query(&query, take, user, err);
    tscope_statement_free(query.statement);
    tscope_buffer_clear(&query.line);
    tscope_buffer_clear(&query.cell);
    return status;
}
