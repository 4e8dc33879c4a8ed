/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>

#include "checks/findings.h"
#include "checks/registry.h"
#include "checks_testing.h"

/* What holds for every row of the catalogue, and for the report of any token. */

static bool
is_id(const char *id)
{
    size_t dashes = 0;

    for (const char *c = id; *c; c++) {
        if (!isupper((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '-')
            return false;
        dashes += *c == '-';
    }
    return dashes > 0 && isupper((unsigned char)id[0]) && strlen(id) < 32;
}

static size_t
count_words(const char *text)
{
    size_t words = 0;

    for (const char *c = text; *c; c++)
        words += *c != ' ' && (c == text || c[-1] == ' ');
    return words;
}

START_TEST(rows_say_what_they_are)
{
    for (size_t f = 0; f < TSCOPE_CHECK_FAMILIES_LEN; f++) {
        for (size_t i = 0; i < tscope_check_families[f]->checks_len; i++) {
            const struct tscope_check *check = &tscope_check_families[f]->checks[i];

            ck_assert_msg(is_id(check->id), "%s", check->id);
            ck_assert_msg(check->run != NULL || check->on != TSCOPE_ON_TOKEN, "%s", check->id);
            ck_assert_msg(check->run == NULL || check->on == TSCOPE_ON_TOKEN || check->on == TSCOPE_ON_KEYSET, "%s", check->id);
            ck_assert_msg(check->title && check->references && check->meaning && check->false_alarm, "%s", check->id);
            ck_assert_msg(count_words(check->title) >= 2 && check->title[strlen(check->title) - 1] != '.', "%s", check->id);
            ck_assert_msg(count_words(check->meaning) >= 15 && check->meaning[strlen(check->meaning) - 1] == '.', "%s", check->id);
            ck_assert_msg(count_words(check->false_alarm) >= 5, "%s", check->id);
            /* what makes a token invalid is no mere remark (a wrong form of a good signature is low), what makes it forged is grave */
            ck_assert_msg(check->proves < TSCOPE_PROVES_INVALID || check->severity >= TSCOPE_SEVERITY_LOW, "%s", check->id);
            ck_assert_msg(check->proves < TSCOPE_PROVES_FORGERY || check->severity >= TSCOPE_SEVERITY_MEDIUM, "%s", check->id);
        }
    }
}
END_TEST

START_TEST(ids_are_unique_and_found)
{
    size_t count = 0;

    for (size_t f = 0; f < TSCOPE_CHECK_FAMILIES_LEN; f++) {
        for (size_t i = 0; i < tscope_check_families[f]->checks_len; i++, count++) {
            const struct tscope_check *check = &tscope_check_families[f]->checks[i];

            ck_assert_msg(tscope_check_find(check->id) == check, "%s stands twice", check->id);
        }
    }
    ck_assert_ptr_null(tscope_check_find("ALG"));
    ck_assert_ptr_null(tscope_check_find(""));
    ck_assert_ptr_null(tscope_check_find("alg-none"));
    ck_assert_uint_le(count, TSCOPE_FINDINGS_MAX);
}
END_TEST

START_TEST(plan_holds_what_runs_in_order)
{
    struct tscope_check_plan plan;
    size_t rows = 0, common = 0;

    tscope_checks_plan(&plan);
    for (size_t f = 0; f < TSCOPE_CHECK_FAMILIES_LEN; f++) {
        for (size_t i = 0; i < tscope_check_families[f]->checks_len; i++) {
            const struct tscope_check *check = &tscope_check_families[f]->checks[i];

            if (check->run)
                ck_assert_ptr_eq(plan.rows[rows++], check);
            if (check->run && !check->only)
                ck_assert_ptr_eq(plan.common[common++], check);
        }
        ck_assert_uint_eq(plan.rows_end[f], rows);
        ck_assert_uint_eq(plan.common_end[f], common);
    }
    ck_assert_uint_gt(common, 0);
    ck_assert_uint_gt(rows, common);
}
END_TEST

START_TEST(general_rows_exist_and_are_no_circle)
{
    for (size_t f = 0; f < TSCOPE_CHECK_FAMILIES_LEN; f++) {
        for (size_t i = 0; i < tscope_check_families[f]->checks_len; i++) {
            const struct tscope_check *check = &tscope_check_families[f]->checks[i];
            int steps = 0;

            for (; check && check->specialises; steps++) {
                const struct tscope_check *general = tscope_check_find(check->specialises);

                ck_assert_msg(general != NULL, "%s specialises %s, which is no row", check->id, check->specialises);
                ck_assert_msg(steps < 4, "%s specialises itself", check->id);
                check = general;
            }
        }
    }
}
END_TEST

/* A finding of every row can be told apart from none only by evidence: each must lead somewhere. */
START_TEST(every_finding_of_a_bad_token_has_evidence)
{
    struct tscope_finding_view finding;
    struct judge judge;
    size_t found = 0;

    judge_init(&judge, NULL);
    judge_texts(&judge, "{\"alg\":\"nOnE\",\"crit\":[],\"b64\":1,\"alg\":2,}",
                "{\"iss\":\"a\\ud800\",\"iss\":9007199254740993,\"exp\":NaN}", ".AAA=.x");
    for (; tscope_report_finding(judge.report, found, &finding); found++)
        ck_assert_msg(finding.evidence > 0 && finding.detail[0] != '\0', "%s", finding.id);
    ck_assert_uint_ge(found, 6);
    ck_assert_int_eq(tscope_report_verdict(judge.report), TSCOPE_VERDICT_INVALID);
    judge_clear(&judge);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("checks");
    TCase *rows = tcase_create("rows");

    tcase_add_test(rows, rows_say_what_they_are);
    tcase_add_test(rows, ids_are_unique_and_found);
    tcase_add_test(rows, plan_holds_what_runs_in_order);
    tcase_add_test(rows, general_rows_exist_and_are_no_circle);
    tcase_add_test(rows, every_finding_of_a_bad_token_has_evidence);
    suite_add_tcase(suite, rows);
    return run_suite(suite);
}
