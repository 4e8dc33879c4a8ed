/* SPDX-License-Identifier: Apache-2.0 */
#include "case/row_json.h"

void
tscope_row_write_text(struct tscope_json_writer *writer, tscope_statement *row, size_t column, const char *name)
{
    if (tscope_statement_type(row, column) != TSCOPE_STORE_NULL)
        tscope_json_write_named_string(writer, name, tscope_statement_bytes(row, column));
}

void
tscope_row_write_integer(struct tscope_json_writer *writer, tscope_statement *row, size_t column, const char *name)
{
    if (tscope_statement_type(row, column) == TSCOPE_STORE_INTEGER)
        tscope_json_write_named_integer(writer, name, tscope_statement_integer(row, column));
}

void
tscope_row_write_time(struct tscope_json_writer *writer, tscope_statement *row, size_t column, const char *name)
{
    if (tscope_statement_type(row, column) == TSCOPE_STORE_INTEGER)
        tscope_json_write_named_time(writer, name, tscope_statement_integer(row, column));
}

void
tscope_row_write_digest(struct tscope_json_writer *writer, tscope_statement *row, size_t column, const char *name)
{
    struct tscope_span digest = tscope_statement_bytes(row, column);

    if (!digest.data)
        return;
    tscope_json_write_name(writer, name);
    tscope_json_write_hex(writer, digest.data, digest.len);
}

enum tscope_status
tscope_row_read_json(tscope_statement *row, size_t column, struct tscope_arena *arena, struct tscope_json *json,
                     const struct tscope_value **ret_root, struct tscope_error *err)
{
    struct tscope_span text = tscope_statement_bytes(row, column);
    enum tscope_status status;

    *ret_root = NULL;
    if (!text.data)
        return TSCOPE_OK;
    status = tscope_json_read(json, arena, text.data, text.len, TSCOPE_JSON_LIMITS_TOKEN, err);
    if (status == TSCOPE_OK && json->readable)
        *ret_root = tscope_json_root(json);
    return status;
}

enum tscope_status
tscope_row_write_json(struct tscope_json_writer *writer, tscope_statement *row, size_t column, struct tscope_arena *arena, const char *name,
                      struct tscope_error *err)
{
    const struct tscope_value *root;
    struct tscope_json json = {0};
    enum tscope_status status = tscope_row_read_json(row, column, arena, &json, &root, err);

    if (status == TSCOPE_OK && root) {
        tscope_json_write_name(writer, name);
        tscope_json_write_value(writer, &json, root);
    }
    return status;
}
