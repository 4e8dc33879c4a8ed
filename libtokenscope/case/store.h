/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_STORE_H
#define TSCOPE_CASE_STORE_H

#include <tokenscope/status.h>

#include "core/alloc.h"
#include "core/span.h"

/**
 * @file The door to SQLite: a case file opened, its statements, its transactions. All that is written or read goes through here, so that
 * every file is made, locked, checked and closed in the same way. A store belongs to one thread at a time.
 *
 * While it is open for writing the file is locked against every other process and has a write-ahead log beside it (FILE-wal), which a
 * process that is killed leaves behind: it belongs to the file, and whoever opens that next takes it in. Closed, the case is one
 * plain file.
 */

/** An open case file. */
typedef struct tscope_store tscope_store;

/** A statement that is run again and again. Must be freed before its store is. */
typedef struct sqlite3_stmt tscope_statement;

enum {
    TSCOPE_STORE_WRITE = 1,  /* else it is read, from where nothing can be written as well */
    TSCOPE_STORE_CREATE = 2, /* with TSCOPE_STORE_WRITE: made, for its owner alone, when there is none */
};

/**
 * Opens a case file, and proves that it is one: its mark, its version, its tables as this version makes them, and nothing beside
 * them; the structure of all its pages.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_NOT_FOUND, TSCOPE_ERR_DATA (no case file, of a later version, damaged), TSCOPE_ERR_IO (in use by another
 *         process, unreadable, disk full), TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_store_open(const char *path, unsigned flags, tscope_store **ret_store, struct tscope_error *err);

/**
 * Takes the log into the file and closes it. The store is gone whatever comes out; on TSCOPE_ERR_IO the log stays beside the file, and
 * nothing that was committed is lost. NULL is allowed.
 */
enum tscope_status tscope_store_close(tscope_store *store, struct tscope_error *err);

/** The same where nobody can be told. */
void tscope_store_free(tscope_store *store);
TSCOPE_DEFINE_AUTO(tscope_store)

/** The path as it was given. Lives as long as the store. */
const char *tscope_store_path(const tscope_store *store);

/** Whether a transaction can be begun. */
bool tscope_store_is_writable(const tscope_store *store);

TSCOPE_MUST_USE enum tscope_status tscope_store_begin(tscope_store *store, struct tscope_error *err);
/** On failure all of the transaction is undone. */
TSCOPE_MUST_USE enum tscope_status tscope_store_commit(tscope_store *store, struct tscope_error *err);
/** Nothing where none was begun, so that every way out may call it. */
void tscope_store_rollback(tscope_store *store);

/** Of the row that was inserted last. */
int64_t tscope_store_last_id(const tscope_store *store);
/** Rows that the last statement inserted, changed or removed. */
int64_t tscope_store_changes(const tscope_store *store);

/** What is put in the place of a "?". Bytes are borrowed. */
struct tscope_store_value {
    enum { TSCOPE_STORE_NULL, TSCOPE_STORE_INTEGER, TSCOPE_STORE_TEXT, TSCOPE_STORE_BLOB } type;
    int64_t integer;
    struct tscope_span bytes;
};

static inline struct tscope_store_value
tscope_store_null(void)
{
    return (struct tscope_store_value){.type = TSCOPE_STORE_NULL};
}

static inline struct tscope_store_value
tscope_store_integer(int64_t integer)
{
    return (struct tscope_store_value){.type = TSCOPE_STORE_INTEGER, .integer = integer};
}

/** NULL data is NULL in the table. */
static inline struct tscope_store_value
tscope_store_text(struct tscope_span text)
{
    return (struct tscope_store_value){.type = text.data ? TSCOPE_STORE_TEXT : TSCOPE_STORE_NULL, .bytes = text};
}

static inline struct tscope_store_value
tscope_store_blob(struct tscope_span bytes)
{
    return (struct tscope_store_value){.type = bytes.data ? TSCOPE_STORE_BLOB : TSCOPE_STORE_NULL, .bytes = bytes};
}

/** Compiles one statement. */
TSCOPE_MUST_USE enum tscope_status tscope_store_prepare(tscope_store *store, const char *sql, tscope_statement **ret_statement,
                                                        struct tscope_error *err);
/** The same; on success the text behind the statement as well: what is left of it may be another one. */
TSCOPE_MUST_USE enum tscope_status tscope_store_prepare_first(tscope_store *store, const char *sql, tscope_statement **ret_statement,
                                                              const char **ret_rest, struct tscope_error *err);

void tscope_statement_free(tscope_statement *statement);
TSCOPE_DEFINE_AUTO(tscope_statement)

/** Sets a statement back to its beginning, with copies of these values for its "?"s. */
TSCOPE_MUST_USE enum tscope_status tscope_statement_bind(tscope_statement *statement, const struct tscope_store_value *values,
                                                         size_t values_len, struct tscope_error *err);
/** The next row. After the last the statement is set back. */
TSCOPE_MUST_USE enum tscope_status tscope_statement_step(tscope_statement *statement, bool *ret_has_row, struct tscope_error *err);
/** Bind, step to the end, set back: for what gives no rows. */
TSCOPE_MUST_USE enum tscope_status tscope_statement_run(tscope_statement *statement, const struct tscope_store_value *values,
                                                        size_t values_len, struct tscope_error *err);
/** Before its last row. */
void tscope_statement_reset(tscope_statement *statement);

/** Of the row at hand, columns from 0; views live until the next step. A case from strangers may hold anything: types are the reader's to
 * ask. */
size_t tscope_statement_columns(const tscope_statement *statement);
const char *tscope_statement_column_name(tscope_statement *statement, size_t column);
/** As of enum; a number with a fraction counts as text. */
int tscope_statement_type(tscope_statement *statement, size_t column);
int64_t tscope_statement_integer(tscope_statement *statement, size_t column);
/** Text or bytes as they are; data is NULL for NULL. */
struct tscope_span tscope_statement_bytes(tscope_statement *statement, size_t column);

/** Runs statements that take and give nothing. */
TSCOPE_MUST_USE enum tscope_status tscope_store_execute(tscope_store *store, const char *sql, struct tscope_error *err);

/**
 * From here on nothing but SELECT is compiled, with no pragma and no function that touches anything outside, and a statement ends with
 * TSCOPE_ERR_TOO_LARGE after so many thousand steps of the virtual machine (0: none). Of stores that are only read.
 */
TSCOPE_MUST_USE enum tscope_status tscope_store_restrict(tscope_store *store, uint64_t kilo_steps, struct tscope_error *err);

#endif
