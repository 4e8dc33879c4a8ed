/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>

#include "../rows_not_asked.h"
#include "inspect_testing.h"

static const char *const families[] = {"alg", "clm", "damage", "fmt", "given", "hdr", "honest", "jwe", "key", "ms", "sd", "sig"};

/* The judged token of a vector; false: it has none, or one that cannot be read. */
static bool
judge(tscope_inspector *inspector, const char *vector, const struct tscope_moment *moment, tscope_report **report)
{
    struct tscope_arena arena = {0};
    struct tscope_json json;
    struct tscope_span token;
    bool judged;
    size_t len;
    char *text = read_source(vector, &len);

    ck_assert_int_eq(tscope_json_read(&json, &arena, (const uint8_t *)text, len, TSCOPE_JSON_LIMITS_FILE, NULL), TSCOPE_OK);
    token = tscope_json_string(&json, tscope_json_at(&json, "/token"), &arena);
    judged = token.len > 0 && tscope_inspect(inspector, token.data, token.len, moment, report, NULL) == TSCOPE_OK;
    tscope_arena_clear(&arena);
    free(text);
    return judged;
}

/* Over the whole corpus: whatever keys a vector has, rows are chosen by what is found out with those at hand here. */
static size_t
check_family(const char *family, tscope_inspector *inspector)
{
    char path[512];
    DIR *folder;
    struct dirent *entry;
    tscope_report *report = NULL;
    size_t count = 0;

    snprintf(path, sizeof(path), TSCOPE_SOURCE_ROOT "/vectors/%s", family);
    folder = opendir(path);
    ck_assert_msg(folder != NULL, "no folder %s", path);
    while ((entry = readdir(folder))) {
        const struct tscope_moment moment = {.seen = count % 2 ? 1767225600 : TSCOPE_TIME_UNKNOWN, .now = 1788220800};
        char name[512];
        const char *missed;

        snprintf(name, sizeof(name), "vectors/%s/%s", family, entry->d_name);
        if (!strstr(name, ".json") || !judge(inspector, name, &moment, &report))
            continue;
        missed = row_missed(&report->root);
        ck_assert_msg(!missed, "%s: %s", name, missed);
        count++;
    }
    closedir(folder);
    tscope_report_free(report);
    return count;
}

START_TEST(row_that_is_not_asked_had_nothing_to_say)
{
    static const struct tscope_limits limits = {.size = sizeof(limits), .signature_trials = 16};
    static const struct tscope_policy policy = {
        .issuer = "https://id.corp.example", .audience = "payroll", .flags = TSCOPE_POLICY_REQUIRE_MFA};
    tscope_inspector *inspector;
    size_t count = 0;

    ck_assert_int_eq(tscope_inspector_new(ring, profile, &limits, _i ? &policy : NULL, &inspector, NULL), TSCOPE_OK);
    for (size_t i = 0; i < TSCOPE_COUNT(families); i++)
        count += check_family(families[i], inspector);
    ck_assert_uint_gt(count, 1000);
    tscope_inspector_free(inspector);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("rows_not_asked");
    TCase *tests = tcase_create("rows_not_asked");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, row_that_is_not_asked_had_nothing_to_say, 0, 2);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
