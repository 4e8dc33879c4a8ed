/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tokenscope/sweep.h>

#include "core/alloc.h"
#include "core/buffer.h"

/* The example of RFC 7515 appendix A.1. */
static const char token[] = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
                            ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
                            ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

static char folder[64], case_path[96];
static tscope_keyring *keyring;
static tscope_profile *profile;
static tscope_inspector *inspector;

static void
setup(void)
{
    strcpy(folder, "/tmp/tokenscope-sweep-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(case_path, sizeof(case_path), "%s/a.case", folder);
    ck_assert_int_eq(tscope_keyring_new(&keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_freeze(keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_profile_new(NULL, &profile, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspector_new(keyring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
}

static void
teardown(void)
{
    char command[128];

    tscope_inspector_free(inspector);
    tscope_profile_free(profile);
    tscope_keyring_free(keyring);
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}

/* ---- evidence */

static const char *
path_of(const char *name)
{
    static char path[128];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static void
write_at(const char *name, uint64_t offset, const char *text)
{
    int fd = open(path_of(name), O_CREAT | O_WRONLY, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, text, strlen(text), (off_t)offset), (ssize_t)strlen(text));
    close(fd);
}

static void
write_token(const char *name, uint64_t offset)
{
    char text[sizeof(token) + 2];

    snprintf(text, sizeof(text), " %s ", token);
    write_at(name, offset - 1, text);
}

static int
open_file(const char *name)
{
    int fd = open(path_of(name), O_RDONLY | O_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    return fd;
}

/* ---- sweeps */

struct finds {
    char text[16384];
    size_t len, count, told, stop_after;
};

static bool
take_find(void *user, const struct tscope_sweep_find *find)
{
    struct finds *finds = user;

    finds->count++;
    finds->len +=
        (size_t)snprintf(finds->text + finds->len, sizeof(finds->text) - finds->len, "%s!%s@%llu %s\n", find->path + strlen(folder),
                         find->member, (unsigned long long)find->offset, find->answer ? tscope_verdict_id(find->answer->verdict) : "-");
    return finds->count != finds->stop_after;
}

static void
take_line(void *user, const char *path, const char *message)
{
    struct finds *finds = user;

    ck_assert_ptr_nonnull(path);
    ck_assert_ptr_nonnull(message);
    finds->told++;
}

static struct tscope_sweep_options
options_for(struct finds *finds, tscope_case *into, unsigned threads)
{
    return (struct tscope_sweep_options){
        .size = sizeof(struct tscope_sweep_options),
        .into = into,
        .judge = inspector,
        .threads = threads,
        .moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = 1780272000},
        .deliver = take_find,
        .tell = take_line,
        .user = finds,
    };
}

static enum tscope_status
sweep_names(const char *const *names, struct finds *finds, tscope_case *into, unsigned threads, struct tscope_sweep_counts *counts,
            struct tscope_error *err)
{
    const struct tscope_sweep_options options = options_for(finds, into, threads);
    tscope_sweep *sweep = NULL;
    enum tscope_status status = tscope_sweep_new(&options, &sweep, err), finished;

    if (status != TSCOPE_OK)
        return status;
    for (; *names && status == TSCOPE_OK; names++)
        status = tscope_sweep_add(sweep, path_of(*names), open_file(*names), err);
    finished = tscope_sweep_finish(sweep, err);
    tscope_sweep_count(sweep, counts);
    tscope_sweep_free(sweep);
    return status == TSCOPE_OK ? finished : status;
}

static tscope_case *
open_case(unsigned flags)
{
    struct tscope_error err = {0};
    tscope_case *opened = NULL;

    ck_assert_msg(tscope_case_open(case_path, flags, &opened, &err) == TSCOPE_OK, "%s", err.message);
    return opened;
}

static bool
append_line(void *user, const char *line, size_t line_len)
{
    tscope_buffer_append(user, line, line_len);
    return true;
}

static char *
export_case(void)
{
    struct tscope_buffer text = {0};
    tscope_case *opened = open_case(0);

    ck_assert_int_eq(tscope_case_export(opened, TSCOPE_CASE_JSONL, 0, append_line, &text, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_case_close(opened, NULL), TSCOPE_OK);
    return tscope_buffer_steal(&text, NULL);
}

static enum tscope_status
judge_case(tscope_case *opened, struct tscope_case_judged *judged, struct tscope_error *err)
{
    const struct tscope_case_judging judging = {
        .settings = "{\"test\":1}",
        .moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = 1780272000},
        .threads = 1,
    };

    return tscope_case_judge(opened, inspector, &judging, judged, err);
}

static void
make_case(const char *const *names, unsigned threads, struct tscope_sweep_counts *counts)
{
    struct tscope_case_judged judged;
    struct finds finds = {0};
    tscope_case *opened = open_case(TSCOPE_CASE_WRITE | TSCOPE_CASE_CREATE);

    ck_assert_int_eq(sweep_names(names, &finds, opened, threads, counts, NULL), TSCOPE_OK);
    ck_assert_uint_eq(finds.count, 0);
    ck_assert_int_eq(judge_case(opened, &judged, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_case_close(opened, NULL), TSCOPE_OK);
}

static const char *const two[] = {"a.txt", "b.txt", NULL};
static const char *const large[] = {"large.raw", NULL};
#define RANGE (UINT64_C(64) << 20)

static void
write_two(void)
{
    write_token("a.txt", 10);
    write_token("b.txt", 20);
    write_token("b.txt", 600);
}

/* A token before, on and behind each edge of a range. */
static void
write_large(void)
{
    write_token("large.raw", 1000);
    for (uint64_t edge = 1; edge <= 2; edge++) {
        write_token("large.raw", edge * RANGE - 400);
        write_token("large.raw", edge * RANGE - 100);
        write_token("large.raw", edge * RANGE + 200);
    }
    write_token("large.raw", 2 * RANGE + 5000);
}

static const unsigned threads_of[] = {1, 2, 3, 8};

START_TEST(finds_are_told_in_order_whatever_the_threads)
{
    struct tscope_sweep_counts counts;
    struct finds finds = {0};

    write_two();
    ck_assert_int_eq(sweep_names(two, &finds, NULL, threads_of[_i], &counts, NULL), TSCOPE_OK);
    ck_assert_str_eq(finds.text, "/a.txt!@10 unverified\n/b.txt!@20 unverified\n/b.txt!@600 unverified\n");
    ck_assert_uint_eq(counts.files, 2);
    ck_assert_uint_eq(counts.tokens, 3);
    ck_assert_uint_eq(counts.places, 3);
    ck_assert_uint_eq(counts.bytes, counts.bytes_read);
    ck_assert_uint_eq(finds.told, 0);
}
END_TEST

START_TEST(ranges_of_a_large_file_miss_nothing_and_tell_nothing_twice)
{
    struct tscope_sweep_counts counts;
    struct finds finds = {0};
    char expected[1024];

    write_large();
    snprintf(expected, sizeof(expected),
             "/large.raw!@1000 unverified\n"
             "/large.raw!@%llu unverified\n/large.raw!@%llu unverified\n/large.raw!@%llu unverified\n"
             "/large.raw!@%llu unverified\n/large.raw!@%llu unverified\n/large.raw!@%llu unverified\n"
             "/large.raw!@%llu unverified\n",
             (unsigned long long)RANGE - 400, (unsigned long long)RANGE - 100, (unsigned long long)RANGE + 200,
             (unsigned long long)RANGE * 2 - 400, (unsigned long long)RANGE * 2 - 100, (unsigned long long)RANGE * 2 + 200,
             (unsigned long long)RANGE * 2 + 5000);
    ck_assert_int_eq(sweep_names(large, &finds, NULL, threads_of[_i], &counts, NULL), TSCOPE_OK);
    ck_assert_str_eq(finds.text, expected);
    ck_assert_uint_eq(counts.bytes, counts.bytes_read);
}
END_TEST

START_TEST(case_is_the_same_whatever_the_threads)
{
    struct tscope_sweep_counts counts;
    char *one, *several;

    write_large();
    make_case(large, 1, &counts);
    one = export_case();
    ck_assert_ptr_nonnull(strstr(one, "\"state\":\"done\""));
    unlink(case_path);
    make_case(large, threads_of[_i], &counts);
    several = export_case();
    ck_assert_str_eq(one, several);
    tscope_free(one);
    tscope_free(several);
}
END_TEST

START_TEST(known_file_is_passed_over_and_a_changed_one_kept_beside_it)
{
    struct tscope_sweep_counts counts;
    char *text;

    write_two();
    make_case(two, 1, &counts);
    ck_assert_uint_eq(counts.files, 2);
    make_case(two, 1, &counts);
    ck_assert_uint_eq(counts.files, 0);
    ck_assert_uint_eq(counts.skipped, 2);
    ck_assert_uint_eq(counts.bytes_known, counts.bytes);
    ck_assert_int_eq(truncate(path_of("b.txt"), 500), 0);
    make_case(two, 1, &counts);
    ck_assert_uint_eq(counts.files, 1);
    ck_assert_uint_eq(counts.skipped, 1);
    text = export_case();
    ck_assert_ptr_nonnull(strstr(text, "\"offset\":600"));
    ck_assert_ptr_nonnull(strstr(text, "b.txt (2)\""));
    ck_assert_ptr_nonnull(strstr(text, "\"size\":500"));
    tscope_free(text);
    make_case(two, 1, &counts);
    ck_assert_uint_eq(counts.files, 0);
    ck_assert_uint_eq(counts.skipped, 2);
}
END_TEST

START_TEST(cancelled_sweep_goes_on_later)
{
    struct tscope_sweep_counts counts;
    struct finds finds = {0};
    tscope_case *opened;
    struct tscope_sweep_options options;
    tscope_sweep *sweep = NULL;
    struct tscope_error err = {0};
    char *whole, *resumed;

    write_two();
    write_large();
    opened = open_case(TSCOPE_CASE_WRITE | TSCOPE_CASE_CREATE);
    options = options_for(&finds, opened, threads_of[_i]);
    ck_assert_int_eq(tscope_sweep_new(&options, &sweep, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_sweep_add(sweep, path_of("large.raw"), open_file("large.raw"), NULL), TSCOPE_OK);
    tscope_sweep_cancel(sweep);
    ck_assert_int_eq(tscope_sweep_add(sweep, path_of("a.txt"), open_file("a.txt"), &err), TSCOPE_ERR_STATE);
    ck_assert_int_eq(tscope_sweep_finish(sweep, NULL), TSCOPE_OK);
    tscope_sweep_free(sweep);
    ck_assert_int_eq(tscope_case_close(opened, NULL), TSCOPE_OK);
    make_case(large, 1, &counts);
    resumed = export_case();
    unlink(case_path);
    make_case(large, 1, &counts);
    whole = export_case();
    ck_assert_str_eq(whole, resumed);
    tscope_free(whole);
    tscope_free(resumed);
}
END_TEST

START_TEST(whoever_wants_no_more_gets_no_more)
{
    struct tscope_sweep_counts counts;
    struct finds finds = {.stop_after = 2};

    write_two();
    (void)!sweep_names(two, &finds, NULL, threads_of[_i], &counts, NULL);
    ck_assert_uint_eq(finds.count, 2);
}
END_TEST

START_TEST(closed_descriptor_is_an_unreadable_file_and_no_end)
{
    struct finds finds = {0};
    struct tscope_sweep_options options = options_for(&finds, NULL, threads_of[_i]);
    struct tscope_sweep_counts counts;
    tscope_sweep *sweep = NULL;
    int fd;

    write_two();
    fd = open(path_of("a.txt"), O_WRONLY); /* which cannot be read */
    ck_assert_int_eq(tscope_sweep_new(&options, &sweep, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_sweep_add(sweep, path_of("a.txt"), fd, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_sweep_add(sweep, path_of("b.txt"), open_file("b.txt"), NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_sweep_finish(sweep, NULL), TSCOPE_OK);
    tscope_sweep_count(sweep, &counts);
    tscope_sweep_free(sweep);
    ck_assert_uint_eq(counts.unreadable, 1);
    ck_assert_uint_eq(counts.files, 1);
    ck_assert_uint_eq(finds.count, 2);
    ck_assert_uint_ge(finds.told, 1);
}
END_TEST

START_TEST(without_anyone_who_takes_the_finds_there_is_no_sweep)
{
    struct finds finds = {0};
    struct tscope_sweep_options options = options_for(&finds, NULL, 1);
    tscope_sweep *sweep = NULL;

    options.deliver = NULL;
    ck_assert_int_eq(tscope_sweep_new(&options, &sweep, NULL), TSCOPE_ERR_ARGUMENT);
    options.deliver = take_find;
    options.judge = NULL;
    ck_assert_int_eq(tscope_sweep_new(&options, &sweep, NULL), TSCOPE_ERR_ARGUMENT);
    options.scan = TSCOPE_SCAN_KEYS;
    ck_assert_int_eq(tscope_sweep_new(&options, &sweep, NULL), TSCOPE_OK);
    tscope_sweep_free(sweep);
    options.threads = TSCOPE_BATCH_THREADS_MAX + 1;
    ck_assert_int_eq(tscope_sweep_new(&options, &sweep, NULL), TSCOPE_ERR_ARGUMENT);
}
END_TEST

START_TEST(case_that_is_read_takes_no_sweep_and_no_judgement)
{
    struct tscope_sweep_counts counts;
    struct finds finds = {0};
    tscope_case *opened;

    write_two();
    make_case(two, 1, &counts);
    opened = open_case(0);
    ck_assert_int_eq(sweep_names(two, &finds, opened, 1, &counts, NULL), TSCOPE_ERR_STATE);
    ck_assert_int_eq(judge_case(opened, NULL, NULL), TSCOPE_ERR_STATE);
    ck_assert_int_eq(tscope_case_close(opened, NULL), TSCOPE_OK);
}
END_TEST

START_TEST(tokens_are_judged_once_unless_they_were_seen_later)
{
    struct tscope_case_judged judged;
    struct tscope_sweep_counts counts;
    struct finds finds = {0};
    tscope_case *opened;
    char line[sizeof(token) + 64];

    write_two();
    make_case(two, 1, &counts);
    opened = open_case(TSCOPE_CASE_WRITE);
    ck_assert_int_eq(judge_case(opened, &judged, NULL), TSCOPE_OK);
    ck_assert_uint_eq(judged.tokens, 1);
    ck_assert_uint_eq(judged.judged, 0);
    snprintf(line, sizeof(line), "2011-03-22T10:00:00Z GET / Bearer %s\n2011-03-22T10:00:01Z GET /\n", token);
    write_at("c.log", 0, line);
    ck_assert_int_eq(sweep_names((const char *const[]){"c.log", NULL}, &finds, opened, 1, &counts, NULL), TSCOPE_OK);
    ck_assert_int_eq(judge_case(opened, &judged, NULL), TSCOPE_OK);
    ck_assert_uint_eq(judged.judged, 1);
    ck_assert_uint_eq(judged.others, 0);
    ck_assert_int_eq(tscope_case_close(opened, NULL), TSCOPE_OK);
}
END_TEST

static enum tscope_status
sweep_and_judge(struct tscope_error *err)
{
    struct tscope_case_judged judged;
    struct tscope_sweep_counts counts = {0};
    struct finds finds = {0};
    tscope_case *opened = NULL;
    enum tscope_status status = tscope_case_open(case_path, TSCOPE_CASE_WRITE | TSCOPE_CASE_CREATE, &opened, err), closed;

    if (status != TSCOPE_OK)
        return status;
    status = sweep_names(two, &finds, opened, 1, &counts, err);
    if (status == TSCOPE_OK && counts.unreadable > 0)
        status = TSCOPE_ERR_NO_MEMORY;
    if (status == TSCOPE_OK)
        status = judge_case(opened, &judged, err);
    closed = tscope_case_close(opened, err);
    return status == TSCOPE_OK ? closed : status;
}

/* Whatever fails when, the case stays one, and the next sweep makes it whole. */
START_TEST(every_allocation_may_fail_with_a_case)
{
    struct tscope_sweep_counts counts;
    char *whole, *failed;
    bool succeeded = false;

    write_two();
    make_case(two, 1, &counts);
    whole = export_case();
    unlink(case_path);
    for (unsigned long n = 1; !succeeded; n += 1 + n / 32) {
        struct tscope_error err = {0};
        enum tscope_status status;

        ck_assert_uint_lt(n, 1000000);
        tscope_alloc_fail_from(n);
        status = sweep_and_judge(&err);
        tscope_alloc_fail_from(0);
        succeeded = status == TSCOPE_OK;
        ck_assert_msg(succeeded || status == TSCOPE_ERR_NO_MEMORY, "%lu: %d %s", n, status, err.message);
        if (!succeeded && n % 16 == 0)
            unlink(case_path);
    }
    failed = export_case();
    ck_assert_str_eq(whole, failed);
    tscope_free(whole);
    tscope_free(failed);
}
END_TEST

START_TEST(every_allocation_may_fail_without_a_case)
{
    bool succeeded = false;

    write_two();
    for (unsigned long n = 1; !succeeded; n += 1 + n / 64) {
        struct tscope_sweep_counts counts = {0};
        struct finds finds = {0};
        struct tscope_error err = {0};
        enum tscope_status status;

        ck_assert_uint_lt(n, 1000000);
        tscope_alloc_fail_from(n);
        status = sweep_names(two, &finds, NULL, 1, &counts, &err);
        tscope_alloc_fail_from(0);
        succeeded = status == TSCOPE_OK && finds.count == 3 && strstr(finds.text, "unverified\n/b.txt!@600 unverified");
        ck_assert_msg(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY, "%lu: %d %s", n, status, err.message);
    }
}
END_TEST

static enum tscope_status
export_again(enum tscope_case_format format, unsigned flags, struct tscope_error *err)
{
    struct tscope_buffer text = {0};
    tscope_case *opened = NULL;
    enum tscope_status status = tscope_case_open(case_path, 0, &opened, err);

    if (status == TSCOPE_OK)
        status = tscope_case_export(opened, format, flags, append_line, &text, err);
    tscope_case_free(opened);
    if (text.failed && status == TSCOPE_OK) /* ours, not the export's */
        status = TSCOPE_ERR_NO_MEMORY;
    tscope_buffer_clear(&text);
    return status;
}

static const struct {
    enum tscope_case_format format;
    unsigned flags;
} exports[] = {
    {TSCOPE_CASE_JSONL, 0}, {TSCOPE_CASE_JSONL, TSCOPE_CASE_REDACTED}, {TSCOPE_CASE_CSV, 0}, {TSCOPE_CASE_JSONL, TSCOPE_CASE_REVEAL}};

START_TEST(every_allocation_of_an_export_may_fail)
{
    struct tscope_sweep_counts counts;
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    write_two();
    make_case(two, 1, &counts);
    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        struct tscope_error err = {0};

        ck_assert_uint_lt(n, 100000);
        tscope_alloc_fail_from(n);
        status = export_again(exports[_i].format, exports[_i].flags, &err);
        tscope_alloc_fail_from(0);
        ck_assert_msg(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY, "%lu: %d %s", n, status, err.message);
    }
}
END_TEST

int
main(void)
{
    const int threads_len = (int)TSCOPE_COUNT(threads_of);
    Suite *suite = suite_create("sweep");
    TCase *tcase = tcase_create("sweep");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 600);
    tcase_add_loop_test(tcase, finds_are_told_in_order_whatever_the_threads, 0, threads_len);
    tcase_add_loop_test(tcase, ranges_of_a_large_file_miss_nothing_and_tell_nothing_twice, 0, threads_len);
    tcase_add_loop_test(tcase, case_is_the_same_whatever_the_threads, 0, threads_len);
    tcase_add_test(tcase, known_file_is_passed_over_and_a_changed_one_kept_beside_it);
    tcase_add_loop_test(tcase, cancelled_sweep_goes_on_later, 0, threads_len);
    tcase_add_loop_test(tcase, whoever_wants_no_more_gets_no_more, 0, threads_len);
    tcase_add_loop_test(tcase, closed_descriptor_is_an_unreadable_file_and_no_end, 0, threads_len);
    tcase_add_test(tcase, without_anyone_who_takes_the_finds_there_is_no_sweep);
    tcase_add_test(tcase, case_that_is_read_takes_no_sweep_and_no_judgement);
    tcase_add_test(tcase, tokens_are_judged_once_unless_they_were_seen_later);
    tcase_add_test(tcase, every_allocation_may_fail_with_a_case);
    tcase_add_test(tcase, every_allocation_may_fail_without_a_case);
    tcase_add_loop_test(tcase, every_allocation_of_an_export_may_fail, 0, (int)TSCOPE_COUNT(exports));
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
