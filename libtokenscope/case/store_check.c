/* SPDX-License-Identifier: Apache-2.0 */
#include "case/store_check.h"

#include <stdio.h>

#include <sqlite3.h>

#include "case/schema.h"
#include "core/error.h"

/* SQLite makes indexes of its own for what is unique: they have no text. */
static const char schema_sql[] = "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name, type";

static enum tscope_status
refuse_stranger(const tscope_store *store, const char *why, struct tscope_error *err)
{
    return tscope_error_set(err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "%s: no case file, or a damaged one (%s)", tscope_store_path(store),
                            why);
}

static enum tscope_status
ask_number(tscope_store *store, const char *sql, int64_t *ret_number, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    enum tscope_status status = tscope_store_prepare(store, sql, &statement, err);
    bool has_row = false;

    if (status == TSCOPE_OK)
        status = tscope_statement_step(statement, &has_row, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_number = has_row ? tscope_statement_integer(statement, 0) : 0;
    return TSCOPE_OK;
}

/* All in one transaction: a process that is killed in the middle leaves an empty file, which can be made a case again. */
static enum tscope_status
create_tables(tscope_store *store, struct tscope_error *err)
{
    char head[96];
    enum tscope_status status = tscope_store_begin(store, err);

    snprintf(head, sizeof(head), "PRAGMA application_id = %d; PRAGMA user_version = %d", TSCOPE_SCHEMA_APPLICATION, TSCOPE_SCHEMA_VERSION);
    if (status == TSCOPE_OK)
        status = tscope_store_execute(store, head, err);
    for (size_t i = 0; tscope_schema_parts[i] && status == TSCOPE_OK; i++)
        status = tscope_store_execute(store, tscope_schema_parts[i], err);
    if (status == TSCOPE_OK)
        return tscope_store_commit(store, err);
    tscope_store_rollback(store);
    return status;
}

/* The next row of ours and of theirs, the same or not; both NULL-terminated, as SQLite's texts are. */
static enum tscope_status
compare_rows(tscope_store *store, sqlite3_stmt *ours, tscope_statement *theirs, bool *ret_has_more, struct tscope_error *err)
{
    int code = sqlite3_step(ours);
    bool has_row = false;
    enum tscope_status status = tscope_statement_step(theirs, &has_row, err);

    if (status != TSCOPE_OK)
        return status;
    if (code == SQLITE_NOMEM)
        return tscope_error_no_memory(err);
    if ((code == SQLITE_ROW) != has_row)
        return refuse_stranger(store, has_row ? "it has tables that are not ours" : "tables are missing", err);
    for (int i = 0; has_row && i < 4; i++) {
        const char *text = (const char *)sqlite3_column_text(ours, i);

        if (!text)
            return tscope_error_no_memory(err);
        if (!tscope_span_is(tscope_statement_bytes(theirs, (size_t)i), text))
            return refuse_stranger(store, "its tables are not as they were made", err);
    }
    *ret_has_more = has_row;
    return TSCOPE_OK;
}

/* With the very text of our tables nothing can be in a file that reading it would run: no trigger, view, check or generated column. */
static enum tscope_status
compare_tables(tscope_store *store, sqlite3 *ours, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_statement) *theirs = NULL;
    TSCOPE_AUTO(tscope_statement) *rows = NULL;
    enum tscope_status status = tscope_store_prepare(store, schema_sql, &theirs, err);
    bool has_more = true;

    for (size_t i = 0; tscope_schema_parts[i] && status == TSCOPE_OK; i++) {
        if (sqlite3_exec(ours, tscope_schema_parts[i], NULL, NULL, NULL) != SQLITE_OK)
            status = tscope_error_no_memory(err);
    }
    if (status == TSCOPE_OK && sqlite3_prepare_v2(ours, schema_sql, -1, &rows, NULL) != SQLITE_OK)
        status = tscope_error_no_memory(err);
    while (status == TSCOPE_OK && has_more)
        status = compare_rows(store, rows, theirs, &has_more, err);
    return status;
}

static enum tscope_status
check_tables(tscope_store *store, struct tscope_error *err)
{
    sqlite3 *ours = NULL;
    enum tscope_status status = sqlite3_open_v2(":memory:", &ours, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK
                                    ? compare_tables(store, ours, err)
                                    : tscope_error_no_memory(err);

    sqlite3_close_v2(ours);
    return status;
}

static enum tscope_status
check_pages(tscope_store *store, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    enum tscope_status status = tscope_store_prepare(store, "PRAGMA quick_check(1)", &statement, err);
    bool has_row = false;

    if (status == TSCOPE_OK)
        status = tscope_statement_step(statement, &has_row, err);
    if (status != TSCOPE_OK)
        return status;
    if (!has_row || !tscope_span_is(tscope_statement_bytes(statement, 0), "ok"))
        return refuse_stranger(store, "its pages do not fit together", err);
    return TSCOPE_OK;
}

enum tscope_status
tscope_store_check(tscope_store *store, bool may_create, struct tscope_error *err)
{
    int64_t application = 0, version = 0, tables = 0;
    enum tscope_status status = ask_number(store, "PRAGMA application_id", &application, err);

    if (status == TSCOPE_OK)
        status = ask_number(store, "PRAGMA user_version", &version, err);
    if (status == TSCOPE_OK)
        status = ask_number(store, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (status != TSCOPE_OK)
        return status;
    if (application == 0 && version == 0 && tables == 0 && may_create)
        return create_tables(store, err);
    if (application != TSCOPE_SCHEMA_APPLICATION)
        return refuse_stranger(store, "it has not their mark", err);
    if (version > TSCOPE_SCHEMA_VERSION)
        return tscope_error_set(err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE,
                                "%s: a case of a later version (schema %lld; this program knows %d)", tscope_store_path(store),
                                (long long)version, TSCOPE_SCHEMA_VERSION);
    if (version != TSCOPE_SCHEMA_VERSION)
        return refuse_stranger(store, "its version was never made", err);
    status = check_tables(store, err);
    return status == TSCOPE_OK ? check_pages(store, err) : status;
}
