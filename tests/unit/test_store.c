/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "case/schema.h"
#include "case/store.h"

static char folder[] = "/tmp/tokenscope-store-XXXXXX";
static char path[128];

static void
setup(void)
{
    strcpy(folder, "/tmp/tokenscope-store-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/a case?#%%.db", folder);
}

static void
teardown(void)
{
    char command[160];

    snprintf(command, sizeof(command), "chmod -R u+w '%s'; rm -rf '%s'", folder, folder);
    ck_assert_int_eq(system(command), 0);
}

static tscope_store *
open_as(unsigned flags)
{
    struct tscope_error err = {0};
    tscope_store *store = NULL;

    ck_assert_msg(tscope_store_open(path, flags, &store, &err) == TSCOPE_OK, "%s", err.message);
    return store;
}

static tscope_store *
make(void)
{
    return open_as(TSCOPE_STORE_WRITE | TSCOPE_STORE_CREATE);
}

static enum tscope_status
refused_as(unsigned flags, struct tscope_error *err)
{
    tscope_store *store = NULL;
    enum tscope_status status = tscope_store_open(path, flags, &store, err);

    ck_assert_ptr_null(store);
    return status;
}

static void
close_well(tscope_store *store)
{
    struct tscope_error err = {0};

    ck_assert_msg(tscope_store_close(store, &err) == TSCOPE_OK, "%s", err.message);
}

static bool
has_companion(const char *ending)
{
    char name[160];
    struct stat file;

    snprintf(name, sizeof(name), "%s%s", path, ending);
    return stat(name, &file) == 0;
}

static void
add_fact(tscope_store *store, const char *name)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    const struct tscope_store_value values[] = {tscope_store_text(tscope_span_text(name)), tscope_store_text(tscope_span_text("value"))};
    struct tscope_error err = {0};

    ck_assert_int_eq(tscope_store_prepare(store, "INSERT INTO fact VALUES (?, ?)", &statement, &err), TSCOPE_OK);
    ck_assert_int_eq(tscope_store_begin(store, &err), TSCOPE_OK);
    ck_assert_int_eq(tscope_statement_run(statement, values, 2, &err), TSCOPE_OK);
    ck_assert_int_eq(tscope_store_commit(store, &err), TSCOPE_OK);
}

static int64_t
count_facts(tscope_store *store)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    bool has_row = false;

    ck_assert_int_eq(tscope_store_prepare(store, "SELECT count(*) FROM fact", &statement, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_statement_step(statement, &has_row, NULL), TSCOPE_OK);
    ck_assert(has_row);
    return tscope_statement_integer(statement, 0);
}

/* A stranger's SQLite file, or what a stranger made of ours. */
static void
alter(const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;

    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK, "%s", message);
    sqlite3_close(db);
}

START_TEST(closed_case_is_one_plain_file_of_its_owner)
{
    tscope_store *store = make();
    struct stat file;
    uint8_t head[20];
    int fd;

    add_fact(store, "a");
    ck_assert(has_companion("-wal"));
    ck_assert(!has_companion("-shm"));
    close_well(store);
    ck_assert(!has_companion("-wal"));
    ck_assert(!has_companion("-shm"));
    ck_assert(!has_companion("-journal"));
    ck_assert_int_eq(stat(path, &file), 0);
    ck_assert_int_eq(file.st_mode & 07777, 0600);
    fd = open(path, O_RDONLY);
    ck_assert_int_eq(pread(fd, head, sizeof(head), 0), (ssize_t)sizeof(head));
    close(fd);
    ck_assert_int_eq(head[18], 1);
    ck_assert_int_eq(head[19], 1);
}
END_TEST

START_TEST(what_was_committed_is_read_again)
{
    tscope_store *store = make();

    add_fact(store, "a");
    close_well(store);
    store = open_as(0);
    ck_assert_int_eq(count_facts(store), 1);
    close_well(store);
    store = make();
    add_fact(store, "b");
    close_well(store);
    store = open_as(0);
    ck_assert_int_eq(count_facts(store), 2);
    close_well(store);
}
END_TEST

START_TEST(rolled_back_is_gone)
{
    tscope_store *store = make();

    ck_assert_int_eq(tscope_store_begin(store, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_store_execute(store, "INSERT INTO fact VALUES ('a', 'b')", NULL), TSCOPE_OK);
    tscope_store_rollback(store);
    tscope_store_rollback(store);
    ck_assert_int_eq(count_facts(store), 0);
    close_well(store);
}
END_TEST

START_TEST(log_of_a_killed_process_is_taken_in)
{
    int state;
    pid_t child = fork();

    if (child == 0) {
        add_fact(make(), "a");
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &state, 0), child);
    ck_assert(has_companion("-wal"));
    tscope_store *store = open_as(0);
    ck_assert_int_eq(count_facts(store), 1);
    close_well(store);
    ck_assert(!has_companion("-wal"));
}
END_TEST

START_TEST(second_process_is_refused)
{
    tscope_store *store = make();
    int state;
    pid_t child;

    add_fact(store, "a");
    child = fork();
    if (child == 0) {
        struct tscope_error err = {0};

        if (refused_as(TSCOPE_STORE_WRITE, &err) != TSCOPE_ERR_IO || !strstr(err.message, "in use by another process"))
            _exit(1);
        err = (struct tscope_error){0};
        _exit(refused_as(0, &err) != TSCOPE_ERR_IO || !strstr(err.message, "in use by another process") ? 2 : 0);
    }
    ck_assert_int_eq(waitpid(child, &state, 0), child);
    ck_assert_int_eq(state, 0);
    ck_assert_int_eq(count_facts(store), 1);
    close_well(store);
}
END_TEST

START_TEST(missing_file_is_not_found_and_not_made)
{
    struct tscope_error err = {0};

    ck_assert_int_eq(refused_as(0, &err), TSCOPE_ERR_NOT_FOUND);
    ck_assert_ptr_nonnull(strstr(err.message, "no such file"));
    err = (struct tscope_error){0};
    ck_assert_int_eq(refused_as(TSCOPE_STORE_WRITE, &err), TSCOPE_ERR_NOT_FOUND);
    ck_assert(!has_companion(""));
}
END_TEST

/* Left by a process that was killed while it made the case. */
START_TEST(empty_file_is_made_a_case_by_a_writer_alone)
{
    int fd = open(path, O_CREAT | O_WRONLY, 0600);

    close(fd);
    ck_assert_int_eq(refused_as(0, NULL), TSCOPE_ERR_DATA);
    ck_assert_int_eq(refused_as(TSCOPE_STORE_WRITE, NULL), TSCOPE_ERR_DATA);
    close_well(make());
    close_well(open_as(0));
}
END_TEST

/* Evidence may be a SQLite file: naming it as the case by mistake must not write a byte into it. */
START_TEST(database_of_others_is_refused_and_left_as_it_is)
{
    struct stat before, after;

    alter("CREATE TABLE cookies (name TEXT)");
    ck_assert_int_eq(stat(path, &before), 0);
    ck_assert_int_eq(refused_as(TSCOPE_STORE_WRITE | TSCOPE_STORE_CREATE, NULL), TSCOPE_ERR_DATA);
    ck_assert_int_eq(refused_as(0, NULL), TSCOPE_ERR_DATA);
    ck_assert_int_eq(stat(path, &after), 0);
    ck_assert_int_eq(after.st_mtim.tv_sec, before.st_mtim.tv_sec);
    ck_assert_int_eq(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
}
END_TEST

/* What a killed process leaves when SQLite had written its first page already. */
START_TEST(bare_database_is_made_a_case_by_a_writer)
{
    alter("BEGIN EXCLUSIVE; COMMIT");
    ck_assert_int_eq(refused_as(0, NULL), TSCOPE_ERR_DATA);
    close_well(make());
    close_well(open_as(0));
}
END_TEST

START_TEST(text_is_no_case)
{
    int fd = open(path, O_CREAT | O_WRONLY, 0600);

    ck_assert_int_eq(write(fd, "SQLite format 3", 15), 15);
    close(fd);
    ck_assert_int_eq(refused_as(TSCOPE_STORE_WRITE | TSCOPE_STORE_CREATE, NULL), TSCOPE_ERR_DATA);
}
END_TEST

START_TEST(folder_is_no_case)
{
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_int_eq(refused_as(0, NULL), TSCOPE_ERR_DATA);
    ck_assert_int_eq(refused_as(TSCOPE_STORE_WRITE | TSCOPE_STORE_CREATE, NULL), TSCOPE_ERR_DATA);
}
END_TEST

static const char *const alterations[] = {
    "CREATE TABLE more (x)",
    "CREATE TRIGGER t AFTER INSERT ON fact BEGIN DELETE FROM fact; END",
    "CREATE VIEW v AS SELECT 1",
    "CREATE INDEX i ON fact (value)",
    "DROP TABLE fact",
    "DROP TABLE fact; CREATE TABLE fact (name TEXT NOT NULL PRIMARY KEY, value TEXT AS (hex(zeroblob(1000000))))",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'value', 'other') WHERE name = 'fact'",
    "PRAGMA user_version = 0",
    "PRAGMA application_id = 0",
};

START_TEST(altered_tables_are_refused)
{
    close_well(make());
    alter(alterations[_i]);
    ck_assert_int_eq(refused_as(0, NULL), TSCOPE_ERR_DATA);
    ck_assert_int_eq(refused_as(TSCOPE_STORE_WRITE | TSCOPE_STORE_CREATE, NULL), TSCOPE_ERR_DATA);
}
END_TEST

START_TEST(later_version_is_named)
{
    struct tscope_error err = {0};

    close_well(make());
    alter("PRAGMA user_version = 2");
    ck_assert_int_eq(refused_as(0, &err), TSCOPE_ERR_DATA);
    ck_assert_ptr_nonnull(strstr(err.message, "later version (schema 2"));
}
END_TEST

START_TEST(damaged_pages_are_refused)
{
    tscope_store *store = make();
    uint8_t bytes[64];
    int fd;

    add_fact(store, "a");
    close_well(store);
    fd = open(path, O_WRONLY);
    memset(bytes, 0xff, sizeof(bytes));
    ck_assert_int_eq(pwrite(fd, bytes, sizeof(bytes), 4096), (ssize_t)sizeof(bytes));
    close(fd);
    ck_assert_int_eq(refused_as(0, NULL), TSCOPE_ERR_DATA);
}
END_TEST

START_TEST(reader_cannot_write)
{
    tscope_store *store;

    close_well(make());
    store = open_as(0);
    ck_assert(!tscope_store_is_writable(store));
    ck_assert_int_ne(tscope_store_execute(store, "INSERT INTO fact VALUES ('a', 'b')", NULL), TSCOPE_OK);
    close_well(store);
}
END_TEST

/* Types of columns are kept: STRICT. */
START_TEST(wrong_type_is_refused)
{
    tscope_store *store = make();

    ck_assert_int_eq(tscope_store_execute(store, "INSERT INTO fact VALUES (x'00', 'b')", NULL), TSCOPE_ERR_DATA);
    close_well(store);
}
END_TEST

static const char *const denied[] = {
    "INSERT INTO fact VALUES ('a', 'b')",
    "DELETE FROM fact",
    "UPDATE fact SET value = ''",
    "DROP TABLE fact",
    "CREATE TEMP TABLE x (y)",
    "PRAGMA user_version",
    "ATTACH ':memory:' AS other",
    "SELECT load_extension('x')",
    "BEGIN",
    "VACUUM",
    "SELECT * FROM pragma_user_version",
    "REINDEX",
    "ANALYZE",
    "EXPLAIN DELETE FROM fact",
};

START_TEST(restricted_store_takes_select_alone)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    tscope_store *store;

    close_well(make());
    store = open_as(0);
    ck_assert_int_eq(tscope_store_restrict(store, 0, NULL), TSCOPE_OK);
    ck_assert_int_ne(tscope_store_prepare(store, denied[_i], &statement, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_store_prepare(store, "SELECT value FROM fact WHERE name LIKE 'a%' ORDER BY 1", &statement, NULL), TSCOPE_OK);
    tscope_statement_free(TSCOPE_STEAL(statement));
    close_well(store);
}
END_TEST

START_TEST(endless_query_is_ended)
{
    static const char sql[] = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    struct tscope_error err = {0};
    tscope_store *store;
    bool has_row = false;

    close_well(make());
    store = open_as(0);
    ck_assert_int_eq(tscope_store_restrict(store, 100, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_store_prepare(store, sql, &statement, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_statement_step(statement, &has_row, &err), TSCOPE_ERR_TOO_LARGE);
    ck_assert_ptr_nonnull(strstr(err.message, "too many steps"));
    tscope_statement_free(TSCOPE_STEAL(statement));
    close_well(store);
}
END_TEST

START_TEST(restricted_store_takes_a_log_in_when_it_is_closed)
{
    tscope_store *store;
    int state;
    pid_t child = fork();

    if (child == 0) {
        add_fact(make(), "a");
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &state, 0), child);
    store = open_as(0);
    ck_assert_int_eq(tscope_store_restrict(store, 1, NULL), TSCOPE_OK);
    close_well(store);
    ck_assert(!has_companion("-wal"));
}
END_TEST

START_TEST(writer_cannot_be_restricted)
{
    tscope_store *store = make();

    ck_assert_int_eq(tscope_store_restrict(store, 0, NULL), TSCOPE_ERR_STATE);
    close_well(store);
}
END_TEST

START_TEST(values_come_back_as_they_went)
{
    static const uint8_t bytes[] = {0, 255, 0};
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    const struct tscope_store_value values[] = {
        tscope_store_null(),
        tscope_store_integer(INT64_MIN),
        tscope_store_text(TSCOPE_SPAN("")),
        tscope_store_blob(tscope_span_of(bytes, sizeof(bytes))),
        tscope_store_blob(tscope_span_of("", 0)),
        tscope_store_text(tscope_span_of(NULL, 0)),
    };
    tscope_store *store = make();
    bool has_row = false;

    ck_assert_int_eq(tscope_store_prepare(store, "SELECT ?, ?, ?, ?, ?, ?, 0.5", &statement, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_statement_bind(statement, values, TSCOPE_COUNT(values), NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_statement_step(statement, &has_row, NULL), TSCOPE_OK);
    ck_assert_uint_eq(tscope_statement_columns(statement), 7);
    ck_assert_int_eq(tscope_statement_type(statement, 0), TSCOPE_STORE_NULL);
    ck_assert_ptr_null(tscope_statement_bytes(statement, 0).data);
    ck_assert_int_eq(tscope_statement_integer(statement, 1), INT64_MIN);
    ck_assert_int_eq(tscope_statement_type(statement, 2), TSCOPE_STORE_TEXT);
    ck_assert_ptr_nonnull(tscope_statement_bytes(statement, 2).data);
    ck_assert_uint_eq(tscope_statement_bytes(statement, 2).len, 0);
    ck_assert_int_eq(tscope_statement_type(statement, 3), TSCOPE_STORE_BLOB);
    ck_assert(tscope_span_equal(tscope_statement_bytes(statement, 3), tscope_span_of(bytes, sizeof(bytes))));
    ck_assert_int_eq(tscope_statement_type(statement, 4), TSCOPE_STORE_BLOB);
    ck_assert_int_eq(tscope_statement_type(statement, 5), TSCOPE_STORE_NULL);
    ck_assert_int_eq(tscope_statement_type(statement, 6), TSCOPE_STORE_TEXT);
    ck_assert(tscope_span_is(tscope_statement_bytes(statement, 6), "0.5"));
    tscope_statement_free(TSCOPE_STEAL(statement));
    close_well(store);
}
END_TEST

START_TEST(copy_without_its_log_is_read_from_where_nothing_can_be_written)
{
    char command[512];
    tscope_store *store = make();

    add_fact(store, "a");
    close_well(store);
    alter("PRAGMA journal_mode = WAL");
    snprintf(command, sizeof(command), "chmod 0400 '%s'; chmod 0500 '%s'", path, folder);
    ck_assert_int_eq(system(command), 0);
    store = open_as(0);
    ck_assert_int_eq(count_facts(store), 1);
    close_well(store);
    ck_assert(!has_companion("-wal"));
    ck_assert(!has_companion("-shm"));
}
END_TEST

START_TEST(every_allocation_of_ours_may_fail)
{
    bool succeeded = false;

    close_well(make());
    for (unsigned long n = 1; !succeeded; n++) {
        struct tscope_error err = {0};
        tscope_store *store = NULL;
        enum tscope_status status;

        ck_assert_uint_lt(n, 100000);
        tscope_alloc_fail_from(n);
        status = tscope_store_open(path, 0, &store, &err);
        tscope_alloc_fail_from(0);
        succeeded = status == TSCOPE_OK;
        if (!succeeded) {
            ck_assert_int_eq(status, TSCOPE_ERR_NO_MEMORY);
            ck_assert_ptr_null(store);
        }
        tscope_store_free(store);
    }
}
END_TEST

/* SQLite's own, through the seam that it has for such tests. */
static sqlite3_mem_methods usual;
static long sqlite_fails_from;

static bool
must_fail(void)
{
    return sqlite_fails_from && --sqlite_fails_from == 0 && (sqlite_fails_from = 1);
}

static void *
failing_malloc(int size)
{
    return must_fail() ? NULL : usual.xMalloc(size);
}

static void *
failing_realloc(void *memory, int size)
{
    return must_fail() ? NULL : usual.xRealloc(memory, size);
}

static void
use_failing_memory(void)
{
    sqlite3_mem_methods methods;

    ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &usual), SQLITE_OK);
    methods = usual;
    methods.xMalloc = failing_malloc;
    methods.xRealloc = failing_realloc;
    ck_assert_int_eq(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
}

static enum tscope_status
make_and_add(struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_store) *store = NULL;
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    const struct tscope_store_value values[] = {tscope_store_text(tscope_span_text("a")), tscope_store_text(tscope_span_text("b"))};
    enum tscope_status status = tscope_store_open(path, TSCOPE_STORE_WRITE | TSCOPE_STORE_CREATE, &store, err);

    if (status == TSCOPE_OK)
        status = tscope_store_prepare(store, "INSERT INTO fact VALUES (?, ?)", &statement, err);
    if (status == TSCOPE_OK)
        status = tscope_store_begin(store, err);
    if (status == TSCOPE_OK)
        status = tscope_statement_run(statement, values, 2, err);
    if (status == TSCOPE_OK)
        status = tscope_store_commit(store, err);
    return status;
}

START_TEST(every_allocation_of_sqlite_may_fail)
{
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    use_failing_memory();
    ck_assert_int_eq(sqlite3_initialize(), SQLITE_OK);
    for (long n = 1; status != TSCOPE_OK; n += 1 + n / 64) {
        struct tscope_error err = {0};

        ck_assert_int_lt(n, 100000);
        sqlite_fails_from = n;
        status = make_and_add(&err);
        sqlite_fails_from = 0;
        if (status != TSCOPE_OK)
            ck_assert_msg(status == TSCOPE_ERR_NO_MEMORY || status == TSCOPE_ERR_IO || status == TSCOPE_ERR_DATA, "%ld: %s", n,
                          err.message);
    }
    close_well(open_as(0));
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("store");
    TCase *tcase = tcase_create("store");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, closed_case_is_one_plain_file_of_its_owner);
    tcase_add_test(tcase, what_was_committed_is_read_again);
    tcase_add_test(tcase, rolled_back_is_gone);
    tcase_add_test(tcase, log_of_a_killed_process_is_taken_in);
    tcase_add_test(tcase, second_process_is_refused);
    tcase_add_test(tcase, missing_file_is_not_found_and_not_made);
    tcase_add_test(tcase, empty_file_is_made_a_case_by_a_writer_alone);
    tcase_add_test(tcase, database_of_others_is_refused_and_left_as_it_is);
    tcase_add_test(tcase, bare_database_is_made_a_case_by_a_writer);
    tcase_add_test(tcase, text_is_no_case);
    tcase_add_test(tcase, folder_is_no_case);
    tcase_add_loop_test(tcase, altered_tables_are_refused, 0, (int)TSCOPE_COUNT(alterations));
    tcase_add_test(tcase, later_version_is_named);
    tcase_add_test(tcase, damaged_pages_are_refused);
    tcase_add_test(tcase, reader_cannot_write);
    tcase_add_test(tcase, wrong_type_is_refused);
    tcase_add_loop_test(tcase, restricted_store_takes_select_alone, 0, (int)TSCOPE_COUNT(denied));
    tcase_add_test(tcase, endless_query_is_ended);
    tcase_add_test(tcase, restricted_store_takes_a_log_in_when_it_is_closed);
    tcase_add_test(tcase, writer_cannot_be_restricted);
    tcase_add_test(tcase, values_come_back_as_they_went);
    tcase_add_test(tcase, copy_without_its_log_is_read_from_where_nothing_can_be_written);
    tcase_add_test(tcase, every_allocation_of_ours_may_fail);
    tcase_add_test(tcase, every_allocation_of_sqlite_may_fail);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
