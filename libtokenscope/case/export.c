/* SPDX-License-Identifier: Apache-2.0 */
#include "case/export.h"

#include "core/error.h"

#define ARENA_KEEP (256u << 10)

enum tscope_status
tscope_export_line(struct tscope_export *export)
{
    if (export->line.failed)
        return tscope_error_no_memory(export->err);
    if (!export->is_stopped)
        export->is_stopped = !export->take(export->user, (const char *)export->line.data, export->line.len);
    tscope_buffer_reset(&export->line);
    tscope_arena_reset(&export->arena, ARENA_KEEP);
    return TSCOPE_OK;
}

enum tscope_status
tscope_export_rows(struct tscope_export *export, const char *sql, const int64_t *id, tscope_export_row *write)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    const struct tscope_store_value value = tscope_store_integer(id ? *id : 0);
    enum tscope_status status = tscope_store_prepare(export->store, sql, &statement, export->err);
    bool has_row = true;

    if (status == TSCOPE_OK)
        status = tscope_statement_bind(statement, &value, id ? 1 : 0, export->err);
    while (status == TSCOPE_OK && !export->is_stopped) {
        status = tscope_statement_step(statement, &has_row, export->err);
        if (status != TSCOPE_OK || !has_row)
            break;
        status = write(export, statement);
    }
    return status;
}

enum tscope_status
tscope_case_export(tscope_case *opened, enum tscope_case_format format, unsigned flags, tscope_case_line *take, void *user,
                   struct tscope_error *err)
{
    struct tscope_export export = {.store = opened->store, .flags = flags, .take = take, .user = user, .err = err};
    enum tscope_status status = format == TSCOPE_CASE_CSV ? tscope_export_csv(&export) : tscope_export_jsonl(&export);

    tscope_buffer_clear(&export.line);
    tscope_arena_clear(&export.arena);
    return status;
}
