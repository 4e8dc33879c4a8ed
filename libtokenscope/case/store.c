/* SPDX-License-Identifier: Apache-2.0 */
#include "case/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sqlite3.h>

#include "case/schema.h"
#include "case/store_check.h"
#include "core/buffer.h"
#include "core/error.h"

#define BUSY_MS 1000 /* somebody may just be reading */

/* What a file from strangers can make SQLite do is bounded by what ours needs. */
static const int limits[][2] = {
    {SQLITE_LIMIT_LENGTH, 64 << 20},    {SQLITE_LIMIT_SQL_LENGTH, 1 << 20}, {SQLITE_LIMIT_COLUMN, 100},
    {SQLITE_LIMIT_EXPR_DEPTH, 100},     {SQLITE_LIMIT_COMPOUND_SELECT, 50}, {SQLITE_LIMIT_VDBE_OP, 1 << 20},
    {SQLITE_LIMIT_FUNCTION_ARG, 64},    {SQLITE_LIMIT_ATTACHED, 0},         {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 64}, {SQLITE_LIMIT_TRIGGER_DEPTH, 4},    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

struct tscope_store {
    sqlite3 *db;
    char *path;
    bool is_writable;
    bool must_lock, is_locked; /* what a process left beside it must be taken in, when the file is only to be read, too */
    bool is_restricted;
    uint64_t kilo_steps; /* that the statement at hand may still take */
};

/* ---- errors */

static enum tscope_status
status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return TSCOPE_ERR_NO_MEMORY;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_MISMATCH:
    case SQLITE_CONSTRAINT:
    case SQLITE_FORMAT:
        return TSCOPE_ERR_DATA;
    case SQLITE_TOOBIG:
    case SQLITE_INTERRUPT:
        return TSCOPE_ERR_TOO_LARGE;
    case SQLITE_ERROR:
    case SQLITE_AUTH:
    case SQLITE_RANGE:
        return TSCOPE_ERR_ARGUMENT;
    case SQLITE_MISUSE:
    case SQLITE_INTERNAL:
    case SQLITE_SCHEMA:
        return TSCOPE_ERR_STATE;
    default: /* full, busy, locked, read-only, I/O, cannot open */
        return TSCOPE_ERR_IO;
    }
}

/* path: for what is the file's fault; NULL: not known yet. */
static enum tscope_status
refuse(sqlite3 *db, const char *path, int code, struct tscope_error *err)
{
    enum tscope_status status = status_of(code);
    const char *what = db && sqlite3_errcode(db) != SQLITE_OK ? sqlite3_errmsg(db) : sqlite3_errstr(code);

    if (status == TSCOPE_ERR_NO_MEMORY)
        return tscope_error_no_memory(err);
    if (status == TSCOPE_ERR_ARGUMENT)
        return tscope_error_set(err, status, TSCOPE_OFFSET_NONE, "%s", what);
    if ((code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED)
        return tscope_error_set(err, status, TSCOPE_OFFSET_NONE, "%s: in use by another process", path);
    if ((code & 0xff) == SQLITE_FULL)
        return tscope_error_set(err, status, TSCOPE_OFFSET_NONE, "%s: no space left to write", path);
    if ((code & 0xff) == SQLITE_INTERRUPT)
        return tscope_error_set(err, status, TSCOPE_OFFSET_NONE, "the statement takes too many steps");
    if (status == TSCOPE_ERR_DATA && (code & 0xff) != SQLITE_CONSTRAINT)
        return tscope_error_set(err, status, TSCOPE_OFFSET_NONE, "%s: no case file, or a damaged one (%s)", path, what);
    return tscope_error_set(err, status, TSCOPE_OFFSET_NONE, "%s: %s", path, what);
}

static enum tscope_status
refuse_store(const tscope_store *store, int code, struct tscope_error *err)
{
    return refuse(store->db, store->path, code, err);
}

static enum tscope_status
refuse_statement(tscope_statement *statement, int code, struct tscope_error *err)
{
    sqlite3 *db = sqlite3_db_handle(statement);

    return refuse(db, sqlite3_db_filename(db, "main"), code, err);
}

static enum tscope_status
refuse_path(const char *path, int error, struct tscope_error *err)
{
    return tscope_error_set(err, error == ENOENT || error == ENOTDIR ? TSCOPE_ERR_NOT_FOUND : TSCOPE_ERR_IO, TSCOPE_OFFSET_NONE, "%s: %s",
                            path, error == ENOENT || error == ENOTDIR ? "no such file" : strerrordesc_np(error));
}

/* ---- opening */

/* The file made, for its owner alone; one that is there already is left as it is. */
static enum tscope_status
create_file(const char *path, struct tscope_error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);

    if (fd >= 0)
        close(fd);
    else if (errno != EEXIST)
        return refuse_path(path, errno, err);
    return TSCOPE_OK;
}

/* Whether a file with this ending stands beside the case: of a process that did not close it, or has it open. */
static enum tscope_status
ask_companion(const char *path, const char *ending, bool *ret_is_there, struct tscope_error *err)
{
    struct tscope_buffer name = {0};
    struct stat file;
    char *text;

    tscope_buffer_append_text(&name, path);
    tscope_buffer_append_text(&name, ending);
    text = tscope_buffer_steal(&name, NULL);
    if (!text)
        return tscope_error_no_memory(err);
    *ret_is_there = stat(text, &file) == 0 && file.st_size > 0;
    tscope_free(text);
    return TSCOPE_OK;
}

/* What the file says of itself before SQLite, which would write into a stranger's as soon as it is asked to lock it, sees it. */
struct head {
    bool is_held;                    /* written by another process */
    bool is_empty, is_ours, has_log; /* has_log: was copied while it was open, perhaps without what stood beside it */
};

static enum tscope_status
read_head(const char *path, struct head *ret_head, struct tscope_error *err)
{
    static const unsigned char magic[16] = "SQLite format 3",
                               mark[4] = {TSCOPE_SCHEMA_APPLICATION >> 24, (TSCOPE_SCHEMA_APPLICATION >> 16) & 255,
                                          (TSCOPE_SCHEMA_APPLICATION >> 8) & 255, TSCOPE_SCHEMA_APPLICATION & 255};
    static const unsigned char one[4] = {0, 0, 0, 1}, none[4] = {0};
    unsigned char head[100] = {0};
    /* where SQLite's locks are, whoever has them: what is read without one must not be somebody's who is about to write */
    struct flock held = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 0x40000000, .l_len = 512};
    bool is_sqlite;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    ssize_t got = fd < 0 ? -1 : pread(fd, head, sizeof(head), 0);
    int error = errno;

    ret_head->is_held = fd >= 0 && fcntl(fd, F_GETLK, &held) == 0 && held.l_type != F_UNLCK;
    if (fd >= 0)
        close(fd);
    if (got < 0)
        return refuse_path(path, error, err);
    is_sqlite = got == (ssize_t)sizeof(head) && memcmp(head, magic, sizeof(magic)) == 0;
    ret_head->is_ours = is_sqlite && memcmp(head + 68, mark, 4) == 0;
    /* one page and nothing ever made in it: what SQLite leaves of a case whose making was cut off */
    ret_head->is_empty =
        got == 0 || (is_sqlite && memcmp(head + 28, one, 4) == 0 && memcmp(head + 40, none, 4) == 0 && memcmp(head + 68, none, 4) == 0);
    ret_head->has_log = head[18] == 2 || head[19] == 2;
    return TSCOPE_OK;
}

static enum tscope_status
require_case(const char *path, bool may_be_empty, struct head *ret_head, struct tscope_error *err)
{
    struct stat file;
    enum tscope_status status;

    if (stat(path, &file) != 0)
        return refuse_path(path, errno, err);
    if (!S_ISREG(file.st_mode))
        return tscope_error_set(err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "%s: no case file, which is a regular file", path);
    status = read_head(path, ret_head, err);
    if (status == TSCOPE_OK && !ret_head->is_ours && !(ret_head->is_empty && may_be_empty))
        return tscope_error_set(err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "%s: no case file%s", path,
                                ret_head->is_empty ? ": it is empty" : "");
    return status;
}

/* A file: URI, in which a path may hold anything. */
static char *
make_uri(const char *path, const char *parameters)
{
    static const char hex[] = "0123456789ABCDEF";
    struct tscope_buffer uri = {0};

    tscope_buffer_append_text(&uri, path[0] == '/' && path[1] == '/' ? "file:/" : "file:");
    for (const unsigned char *c = (const unsigned char *)path; *c; c++) {
        const char escape[] = {'%', hex[*c >> 4], hex[*c & 15]};

        if (*c == '?' || *c == '#' || *c == '%')
            tscope_buffer_append(&uri, escape, sizeof(escape));
        else
            tscope_buffer_append_byte(&uri, *c);
    }
    tscope_buffer_append_text(&uri, parameters);
    return tscope_buffer_steal(&uri, NULL);
}

static enum tscope_status
open_database(tscope_store *store, const char *parameters, int flags, struct tscope_error *err)
{
    char *uri = make_uri(store->path, parameters);
    int code;

    if (!uri)
        return tscope_error_no_memory(err);
    code = sqlite3_open_v2(uri, &store->db,
                           flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE, NULL);
    tscope_free(uri);
    return code == SQLITE_OK ? TSCOPE_OK : refuse(store->db, store->path, code, err);
}

/* Without a log beside it, a case needs nothing but to be read; with one, the log has to be taken in first. */
static enum tscope_status
open_connection(tscope_store *store, const struct head *head, struct tscope_error *err)
{
    bool has_log = false, has_journal = false;
    enum tscope_status status = ask_companion(store->path, "-wal", &has_log, err);

    if (status == TSCOPE_OK)
        status = ask_companion(store->path, "-journal", &has_journal, err);
    if (status != TSCOPE_OK)
        return status;
    store->must_lock = store->is_writable || has_log || has_journal;
    if (!store->must_lock && head->is_held)
        return refuse(NULL, store->path, SQLITE_BUSY, err);
    if (!store->must_lock)
        return open_database(store, head->has_log ? "?mode=ro&immutable=1" : "?mode=ro", SQLITE_OPEN_READONLY, err);
    status = open_database(store, "?mode=rw", SQLITE_OPEN_READWRITE, err);
    if (status != TSCOPE_OK || !sqlite3_db_readonly(store->db, "main"))
        return status;
    if (store->is_writable)
        return tscope_error_set(err, TSCOPE_ERR_IO, TSCOPE_OFFSET_NONE, "%s: cannot be written", store->path);
    return tscope_error_set(err, TSCOPE_ERR_IO, TSCOPE_OFFSET_NONE,
                            "%s: was not closed, and %s beside it can only be taken in where files can be written: copy both there",
                            store->path, has_log ? "its log (-wal)" : "its journal");
}

static enum tscope_status
set_bounds(tscope_store *store, struct tscope_error *err)
{
    int code = sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    if (code != SQLITE_OK)
        return refuse_store(store, code, err);
    for (size_t i = 0; i < TSCOPE_COUNT(limits); i++)
        sqlite3_limit(store->db, limits[i][0], limits[i][1]);
    sqlite3_busy_timeout(store->db, BUSY_MS);
    /* nothing is written elsewhere: what is sorted or undone stays in memory */
    return tscope_store_execute(
        store, "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0; PRAGMA cache_size = -4096", err);
}

/* The lock is taken here and kept, so that of two processes the second is told now and not in the middle of its work. */
static enum tscope_status
lock(tscope_store *store, struct tscope_error *err)
{
    enum tscope_status status = tscope_store_execute(store, "PRAGMA locking_mode = EXCLUSIVE", err);

    if (status == TSCOPE_OK)
        status = tscope_store_execute(store, "BEGIN EXCLUSIVE; COMMIT", err);
    store->is_locked = status == TSCOPE_OK;
    return status;
}

static enum tscope_status
open_store(tscope_store *store, unsigned flags, const struct head *head, struct tscope_error *err)
{
    enum tscope_status status = open_connection(store, head, err);

    if (status == TSCOPE_OK)
        status = set_bounds(store, err);
    if (status == TSCOPE_OK && store->must_lock)
        status = lock(store, err);
    if (status == TSCOPE_OK)
        status = tscope_store_check(store, flags & TSCOPE_STORE_CREATE, err);
    /* only now: a case that is made is made without a log, so that its mark is in the file itself from the first */
    if (status == TSCOPE_OK && store->is_writable)
        status = tscope_store_execute(store, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", err);
    return status;
}

enum tscope_status
tscope_store_open(const char *path, unsigned flags, tscope_store **ret_store, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_store) *store = NULL;
    enum tscope_status status = TSCOPE_OK;
    size_t path_len = strlen(path);
    struct head head = {0};

    if (flags & TSCOPE_STORE_CREATE)
        status = create_file(path, err);
    if (status == TSCOPE_OK)
        status = require_case(path, flags & TSCOPE_STORE_CREATE, &head, err);
    if (status != TSCOPE_OK)
        return status;
    store = tscope_alloc_zeroed(1, sizeof(*store));
    if (!store)
        return tscope_error_no_memory(err);
    store->is_writable = flags & TSCOPE_STORE_WRITE;
    store->path = tscope_alloc(path_len + 1);
    if (!store->path)
        return tscope_error_no_memory(err);
    memcpy(store->path, path, path_len + 1);
    status = open_store(store, flags, &head, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_store = TSCOPE_STEAL(store);
    return TSCOPE_OK;
}

enum tscope_status
tscope_store_close(tscope_store *store, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    if (!store)
        return TSCOPE_OK;
    if (store->db) {
        sqlite3_set_authorizer(store->db, NULL, NULL);
        sqlite3_progress_handler(store->db, 0, NULL, NULL);
        tscope_store_rollback(store);
        if (store->is_locked)
            status = tscope_store_execute(store, "PRAGMA journal_mode = DELETE", err);
        sqlite3_close_v2(store->db);
    }
    tscope_free(store->path);
    tscope_free(store);
    return status;
}

void
tscope_store_free(tscope_store *store)
{
    (void)tscope_store_close(store, NULL);
}

const char *
tscope_store_path(const tscope_store *store)
{
    return store->path;
}

bool
tscope_store_is_writable(const tscope_store *store)
{
    return store->is_writable;
}

/* ---- transactions */

enum tscope_status
tscope_store_execute(tscope_store *store, const char *sql, struct tscope_error *err)
{
    int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? TSCOPE_OK : refuse_store(store, code, err);
}

enum tscope_status
tscope_store_begin(tscope_store *store, struct tscope_error *err)
{
    return tscope_store_execute(store, "BEGIN IMMEDIATE", err);
}

enum tscope_status
tscope_store_commit(tscope_store *store, struct tscope_error *err)
{
    enum tscope_status status = tscope_store_execute(store, "COMMIT", err);

    if (status != TSCOPE_OK)
        tscope_store_rollback(store);
    return status;
}

void
tscope_store_rollback(tscope_store *store)
{
    if (!sqlite3_get_autocommit(store->db))
        sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

int64_t
tscope_store_last_id(const tscope_store *store)
{
    return sqlite3_last_insert_rowid(store->db);
}

int64_t
tscope_store_changes(const tscope_store *store)
{
    return sqlite3_changes(store->db);
}

/* ---- statements */

enum tscope_status
tscope_store_prepare_first(tscope_store *store, const char *sql, tscope_statement **ret_statement, const char **ret_rest,
                           struct tscope_error *err)
{
    tscope_statement *statement = NULL;
    const char *rest = NULL;
    int code = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, &rest);

    if (code != SQLITE_OK)
        return refuse_store(store, code, err);
    if (!statement)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "there is no statement in it");
    if (store->is_restricted && !sqlite3_stmt_readonly(statement)) { /* what the authorizer is asked of only when it runs */
        sqlite3_finalize(statement);
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "not authorized");
    }
    *ret_statement = statement;
    *ret_rest = rest;
    return TSCOPE_OK;
}

enum tscope_status
tscope_store_prepare(tscope_store *store, const char *sql, tscope_statement **ret_statement, struct tscope_error *err)
{
    const char *rest;

    return tscope_store_prepare_first(store, sql, ret_statement, &rest, err);
}

void
tscope_statement_free(tscope_statement *statement)
{
    sqlite3_finalize(statement);
}

static int
bind_value(tscope_statement *statement, int index, const struct tscope_store_value *value, sqlite3_destructor_type keep)
{
    switch (value->type) {
    case TSCOPE_STORE_NULL:
        break;
    case TSCOPE_STORE_INTEGER:
        return sqlite3_bind_int64(statement, index, value->integer);
    case TSCOPE_STORE_TEXT:
        return sqlite3_bind_text64(statement, index, (const char *)value->bytes.data, value->bytes.len, keep, SQLITE_UTF8);
    case TSCOPE_STORE_BLOB:
        return sqlite3_bind_blob64(statement, index, value->bytes.data, value->bytes.len, keep);
    }
    return sqlite3_bind_null(statement, index);
}

static enum tscope_status
bind_values(tscope_statement *statement, const struct tscope_store_value *values, size_t values_len, sqlite3_destructor_type keep,
            struct tscope_error *err)
{
    sqlite3_reset(statement);
    for (size_t i = 0; i < values_len; i++) {
        int code = bind_value(statement, (int)i + 1, &values[i], keep);

        if (code != SQLITE_OK)
            return refuse_statement(statement, code, err);
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_statement_bind(tscope_statement *statement, const struct tscope_store_value *values, size_t values_len, struct tscope_error *err)
{
    return bind_values(statement, values, values_len, SQLITE_TRANSIENT, err);
}

enum tscope_status
tscope_statement_step(tscope_statement *statement, bool *ret_has_row, struct tscope_error *err)
{
    int code = sqlite3_step(statement);
    enum tscope_status status;

    if (code == SQLITE_ROW) {
        *ret_has_row = true;
        return TSCOPE_OK;
    }
    status = code == SQLITE_DONE ? TSCOPE_OK : refuse_statement(statement, code, err);
    sqlite3_reset(statement);
    if (status == TSCOPE_OK)
        *ret_has_row = false;
    return status;
}

enum tscope_status
tscope_statement_run(tscope_statement *statement, const struct tscope_store_value *values, size_t values_len, struct tscope_error *err)
{
    enum tscope_status status = bind_values(statement, values, values_len, SQLITE_STATIC, err);
    bool has_row = true;

    while (status == TSCOPE_OK && has_row)
        status = tscope_statement_step(statement, &has_row, err);
    sqlite3_clear_bindings(statement); /* the bytes are the caller's, and may go */
    return status;
}

void
tscope_statement_reset(tscope_statement *statement)
{
    if (statement)
        sqlite3_reset(statement);
}

size_t
tscope_statement_columns(const tscope_statement *statement)
{
    return (size_t)sqlite3_column_count((tscope_statement *)(uintptr_t)statement); /* which does not write to it */
}

const char *
tscope_statement_column_name(tscope_statement *statement, size_t column)
{
    const char *name = sqlite3_column_name(statement, (int)column);

    return name ? name : "?";
}

int
tscope_statement_type(tscope_statement *statement, size_t column)
{
    switch (sqlite3_column_type(statement, (int)column)) {
    case SQLITE_INTEGER:
        return TSCOPE_STORE_INTEGER;
    case SQLITE_NULL:
        return TSCOPE_STORE_NULL;
    case SQLITE_BLOB:
        return TSCOPE_STORE_BLOB;
    default:
        return TSCOPE_STORE_TEXT;
    }
}

int64_t
tscope_statement_integer(tscope_statement *statement, size_t column)
{
    return sqlite3_column_int64(statement, (int)column);
}

struct tscope_span
tscope_statement_bytes(tscope_statement *statement, size_t column)
{
    int type = sqlite3_column_type(statement, (int)column);
    const void *bytes = type == SQLITE_BLOB ? sqlite3_column_blob(statement, (int)column) : sqlite3_column_text(statement, (int)column);
    size_t len = (size_t)sqlite3_column_bytes(statement, (int)column);

    if (!bytes && type == SQLITE_BLOB && len == 0)
        return TSCOPE_SPAN("");
    return tscope_span_of(bytes, bytes ? len : 0);
}

/* ---- SQL of others */

static int
authorize(void *user, int action, const char *first, const char *second, const char *third, const char *fourth)
{
    (void)user;
    (void)first;
    (void)third;
    (void)fourth;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_FUNCTION: /* those that would hand the process something, or the process to something */
        return second && (sqlite3_stricmp(second, "load_extension") == 0 || sqlite3_strnicmp(second, "fts", 3) == 0 ||
                          sqlite3_stricmp(second, "readfile") == 0 || sqlite3_stricmp(second, "writefile") == 0)
                   ? SQLITE_DENY
                   : SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

static int
count_steps(void *user)
{
    tscope_store *store = user;

    return store->kilo_steps-- == 0;
}

enum tscope_status
tscope_store_restrict(tscope_store *store, uint64_t kilo_steps, struct tscope_error *err)
{
    int code;

    if (store->is_writable)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the case is open for writing");
    code = sqlite3_db_config(store->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_set_authorizer(store->db, authorize, NULL);
    if (code != SQLITE_OK)
        return refuse_store(store, code, err);
    store->is_restricted = true;
    if (kilo_steps) {
        store->kilo_steps = kilo_steps;
        sqlite3_progress_handler(store->db, 1000, count_steps, store);
    }
    return TSCOPE_OK;
}
