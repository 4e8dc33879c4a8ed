/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/inspect.h>

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

/* {"alg":"none"} {"iss":"a"}, behind a header field */
#define BEFORE "\n\nAuthorization: Bearer "
#define TOKEN "eyJhbGciOiJub25lIn0.eyJpc3MiOiJhIn0."

static tscope_keyring *keyring;
static tscope_profile *profile;
static tscope_inspector *inspector;

static void
open_inspector(void)
{
    ck_assert_int_eq(tscope_keyring_new(&keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_freeze(keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_profile_new(NULL, &profile, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspector_new(keyring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
}

static void
close_inspector(void)
{
    tscope_inspector_free(inspector);
    tscope_profile_free(profile);
    tscope_keyring_free(keyring);
}

static tscope_report *
inspect(const char *path, uint64_t offset)
{
    const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = TSCOPE_TIME_UNKNOWN};
    tscope_report *report = NULL;

    ck_assert_int_eq(tscope_inspector_set_source(inspector, path, offset, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)BEFORE TOKEN, strlen(BEFORE TOKEN), &moment, &report, NULL), TSCOPE_OK);
    return report;
}

static char *
results_of(const tscope_report *report, uint64_t first_line)
{
    char *json = NULL;
    size_t len = 0;

    ck_assert_int_eq(tscope_report_sarif(report, first_line, &json, &len, NULL), TSCOPE_OK);
    ck_assert_uint_eq(strlen(json), len);
    ck_assert(len > 2 && json[0] == '[' && json[len - 1] == ']');
    return json;
}

static const struct {
    const char *path;
    uint64_t offset, first_line;
    const char *uri, *line, *byte; /* NULL: there is none */
} places[] = {
    {"a.txt", 0, 0, "\"uri\":\"a.txt\"", "\"startLine\":3,", "\"byteOffset\":24,"},
    {"a.txt", 0, 1, "\"uri\":\"a.txt\"", "\"startLine\":3,", "\"byteOffset\":24,"},
    {"/a/b", 1000, 7, "\"uri\":\"file:///a/b\"", "\"startLine\":9,", "\"byteOffset\":1024,"},
    {"a:b %\xff?#\"\\", 0, 0, "\"uri\":\"a%3Ab%20%25%FF%3F%23%22%5C\"", "\"startLine\":3,", "\"byteOffset\":24,"},
    {NULL, 0, 0, NULL, NULL, NULL},
};

START_TEST(place_is_that_of_the_file)
{
    tscope_report *report = inspect(places[_i].path, places[_i].offset);
    char *json = results_of(report, places[_i].first_line);

    ck_assert_ptr_nonnull(strstr(json, "\"ruleId\":\"ALG-NONE\""));
    if (places[_i].uri) {
        ck_assert_msg(strstr(json, places[_i].uri) != NULL, "%s", json);
        ck_assert_msg(strstr(json, places[_i].line) != NULL, "%s", json);
        ck_assert_msg(strstr(json, places[_i].byte) != NULL, "%s", json);
    } else {
        ck_assert_ptr_null(strstr(json, "physicalLocation"));
        ck_assert_ptr_nonnull(strstr(json, "\"locations\":[]"));
    }
    ck_assert_ptr_null(strstr(json, "eyJ"));
    tscope_string_free(json);
    tscope_report_free(report);
}
END_TEST

START_TEST(tool_has_every_check_as_a_rule)
{
    struct tscope_check_view check;
    char *json = NULL, *at;

    ck_assert_int_eq(tscope_sarif_tool(&json, NULL, NULL), TSCOPE_OK);
    at = json;
    for (size_t i = 0; tscope_checks_at(i, &check); i++) {
        char id[128];

        snprintf(id, sizeof(id), "{\"id\":\"%s\",", check.id);
        at = strstr(at, id);
        ck_assert_msg(at != NULL, "%s is missing or out of order", check.id);
    }
    tscope_string_free(json);
}
END_TEST

/* The first allocation fails, the second, the third… until the text is whole. */
START_TEST(failed_allocation_is_reported)
{
    tscope_report *report = inspect("a.txt", 0);
    bool done = false;

    for (unsigned long n = 1; !done; n++) {
        enum tscope_status status;
        char *json = NULL;

        tscope_alloc_fail_from(n);
        status = _i ? tscope_sarif_tool(&json, NULL, NULL) : tscope_report_sarif(report, 0, &json, NULL, NULL);
        tscope_alloc_fail_from(0);
        done = status == TSCOPE_OK;
        ck_assert(done || status == TSCOPE_ERR_NO_MEMORY);
        ck_assert_int_eq(done, json != NULL);
        ck_assert(!done || n > 3);
        tscope_string_free(json);
    }
    tscope_report_free(report);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("sarif");
    TCase *tcase = tcase_create("sarif");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_unchecked_fixture(tcase, open_inspector, close_inspector);
    tcase_add_loop_test(tcase, place_is_that_of_the_file, 0, (int)(sizeof(places) / sizeof(places[0])));
    tcase_add_test(tcase, tool_has_every_check_as_a_rule);
    tcase_add_loop_test(tcase, failed_allocation_is_reported, 0, 2);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
