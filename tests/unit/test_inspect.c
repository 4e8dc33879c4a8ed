/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/tokenscope.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/text.h"
#include "inspect/inspection.h"
#include "inspect_testing.h"

/*
 * Whole inspections through the public functions: under a configuration that takes libcrypto's algorithms away, in several
 * threads over one keyring, and with each allocation failing in turn.
 */

static const char hostile_configuration[] = "openssl_conf = start\n"
                                            "[start]\nproviders = providers\nalg_section = algorithms\n"
                                            "[providers]\nnull = nothing\n[nothing]\nactivate = 1\n"
                                            "[algorithms]\ndefault_properties = fips=yes\n";

static const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = 1788220800};

static const struct {
    const char *vector;
    enum tscope_verdict verdict;
} cases[] = {
    {"vectors/honest/entra-access-v2.json", TSCOPE_VERDICT_VALID},
    {"vectors/honest/entra-access-for-graph.json", TSCOPE_VERDICT_VALID},
    {"vectors/ms/msa-key-on-enterprise-v1.json", TSCOPE_VERDICT_FORGED},
    {"vectors/sig/sig-bad-found.json", TSCOPE_VERDICT_INVALID},
    {"vectors/opinion/kid-as-path-found.json", TSCOPE_VERDICT_SUSPICIOUS},
};

#define STEADY_ROUNDS 3

/* Honest ones, and such as many rows find something in. */
static const char *const steady[] = {
    "vectors/honest/entra-access-v1.json",    "vectors/honest/entra-access-v2.json",
    "vectors/honest/entra-app-only-v2.json",  "vectors/honest/alg-ps256.json",
    "vectors/honest/alg-es256.json",          "vectors/honest/alg-eddsa.json",
    "vectors/honest/given-one-key-json.json", "vectors/ms/msa-key-on-enterprise-v1.json",
    "vectors/sig/sig-bad-found.json",         "vectors/clm/clm-order-found.json",
    "vectors/fmt/fmt-b64-found.json",         "vectors/fmt/fmt-case-found.json",
    "vectors/fmt/fmt-confusable-found.json",  "vectors/hdr/hdr-crit-found.json",
    "vectors/hdr/hdr-jku-found.json",         "vectors/hdr/hdr-kid-sql-found.json",
    "vectors/key/key-cert-exp-found.json",    "vectors/key/key-retired-found.json",
};

static enum tscope_verdict
judge(tscope_inspector *inspector, const char *token, size_t token_len, char **ret_json, size_t *ret_len)
{
    tscope_report *report = NULL;
    enum tscope_verdict verdict;

    ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)token, token_len, &moment, &report, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_report_json(report, 0, ret_json, ret_len, NULL), TSCOPE_OK);
    verdict = tscope_report_verdict(report);
    tscope_report_free(report);
    return verdict;
}

START_TEST(hostile_configuration_takes_algorithms_from_others)
{
    EVP_MD *digest = EVP_MD_fetch(NULL, "SHA256", NULL);

    ERR_clear_error();
    ck_assert_ptr_null(digest);
}
END_TEST

START_TEST(hostile_configuration_changes_no_verdict)
{
    tscope_inspector *inspector = NULL;
    size_t token_len, len;
    char *token, *json = NULL;

    set_up();
    token = token_of(cases[_i].vector, &token_len);
    ck_assert_int_eq(tscope_inspector_new(ring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
    ck_assert_int_eq(judge(inspector, token, token_len, &json, &len), cases[_i].verdict);
    tscope_string_free(json);
    tscope_inspector_free(inspector);
    free(token);
    tear_down();
}
END_TEST

/* An answer, or no memory: nothing between, and the inspector goes on afterwards. */
START_TEST(inspection_survives_every_failed_allocation)
{
    tscope_inspector *inspector = NULL;
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    size_t token_len, len, wanted_len;
    char *token, *json = NULL, *wanted = NULL;

    set_up();
    token = token_of(cases[_i].vector, &token_len);
    ck_assert_int_eq(tscope_inspector_new(ring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        tscope_report *report = NULL;

        ck_assert_uint_lt(n, 2000);
        tscope_alloc_fail_from(n);
        status = tscope_inspect(inspector, (const uint8_t *)token, token_len, &moment, &report, NULL);
        if (status == TSCOPE_OK)
            status = tscope_report_json(report, 0, &json, &len, NULL);
        tscope_alloc_fail_from(0);
        ck_assert_msg(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY, "%lu: %s", n, tscope_status_name(status));
        tscope_report_free(report);
    }
    ck_assert_int_eq(judge(inspector, token, token_len, &wanted, &wanted_len), cases[_i].verdict);
    ck_assert_uint_eq(len, wanted_len);
    ck_assert_mem_eq(json, wanted, len);
    tscope_string_free(json);
    tscope_string_free(wanted);
    tscope_inspector_free(inspector);
    free(token);
    tear_down();
}
END_TEST

/*
 * What a report kept of earlier tokens is enough for the next: in steady state no allocation is ours, whatever is found. One that
 * a row brings in shows here (bench/counts holds the same for libcrypto's).
 */
START_TEST(steady_state_needs_no_memory)
{
    char *tokens[TSCOPE_COUNT(steady)];
    size_t lens[TSCOPE_COUNT(steady)];
    tscope_inspector *inspector = NULL;
    tscope_report *report = NULL;

    set_up();
    ck_assert_int_eq(tscope_inspector_new(ring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
    for (size_t i = 0; i < TSCOPE_COUNT(steady); i++)
        tokens[i] = token_of(steady[i], &lens[i]);
    for (size_t i = 0; i < STEADY_ROUNDS * TSCOPE_COUNT(steady); i++) {
        size_t number = i % TSCOPE_COUNT(steady);
        enum tscope_status status;

        tscope_alloc_fail_from(i < (STEADY_ROUNDS - 1) * TSCOPE_COUNT(steady) ? 0 : 1);
        status = tscope_inspect(inspector, (const uint8_t *)tokens[number], lens[number], &moment, &report, NULL);
        tscope_alloc_fail_from(0);
        ck_assert_msg(status == TSCOPE_OK, "%s: %s", steady[number], tscope_status_name(status));
    }
    tscope_report_free(report);
    tscope_inspector_free(inspector);
    for (size_t i = 0; i < TSCOPE_COUNT(steady); i++)
        free(tokens[i]);
    tear_down();
}
END_TEST

/* What a report says of its token, against the digest of the text made anew. */
static void
check_digest(const tscope_report *report)
{
    const struct tscope_span text = report->root.token->text;
    char told[TSCOPE_DIGEST_TEXT_SIZE], due[TSCOPE_DIGEST_TEXT_SIZE];
    uint8_t digest[TSCOPE_SHA256_LEN];

    ck_assert_int_eq(tscope_crypto_digest(tscope_keyring_crypto(ring), TSCOPE_DIGEST_SHA256, &text, 1, digest, NULL), TSCOPE_OK);
    tscope_text_to_hex(digest, sizeof(digest), due);
    ck_assert_int_eq(tscope_report_digest(report, told, NULL), TSCOPE_OK);
    ck_assert_str_eq(told, due);
}

/* It goes on from the signing input's where that was digested: never from that of an earlier token, which stood in the same memory. */
START_TEST(digest_is_of_the_token_itself)
{
    tscope_inspector *inspector = NULL;
    tscope_report *report = NULL;

    set_up();
    ck_assert_int_eq(tscope_inspector_new(ring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
    for (size_t i = 0; i < TSCOPE_COUNT(steady); i++) {
        size_t len;
        char *token = token_of(steady[i], &len), *dot = memrchr(token, '.', len);

        ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)token, len, &moment, &report, NULL), TSCOPE_OK);
        check_digest(report);
        if (dot && dot - token > 100) { /* changed, and without its signature: nothing is tried */
            dot[-50] = dot[-50] == 'A' ? 'B' : 'A';
            ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)token, (size_t)(dot - token) + 1, &moment, &report, NULL),
                             TSCOPE_OK);
            ck_assert_uint_eq(report->root.digest_at, 0);
            check_digest(report);
        }
        free(token);
    }
    tscope_report_free(report);
    tscope_inspector_free(inspector);
    tear_down();
}
END_TEST

START_TEST(digest_of_a_verified_token_goes_on)
{
    tscope_inspector *inspector = NULL;
    tscope_report *report = NULL;
    size_t len;
    char *token = token_of("vectors/honest/entra-access-v1.json", &len);

    set_up();
    ck_assert_int_eq(tscope_inspector_new(ring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)token, len, &moment, &report, NULL), TSCOPE_OK);
    ck_assert_uint_eq(report->root.digest_at, (size_t)((char *)memrchr(token, '.', len) - token));
    check_digest(report);
    check_digest(report); /* as often as it is asked for */
    tscope_report_free(report);
    tscope_inspector_free(inspector);
    free(token);
    tear_down();
}
END_TEST

#define ROUNDS 25

/* One thread's work: what it got for each case the first time, and whether it was the same every time. */
struct work {
    char *tokens[TSCOPE_COUNT(cases)], *json[TSCOPE_COUNT(cases)];
    size_t token_lens[TSCOPE_COUNT(cases)], lens[TSCOPE_COUNT(cases)];
    bool same;
};

static void *
run_work(void *argument)
{
    struct work *work = (struct work *)argument;
    tscope_inspector *inspector = NULL;

    work->same = tscope_inspector_new(ring, profile, NULL, NULL, &inspector, NULL) == TSCOPE_OK;
    for (size_t i = 0; i < ROUNDS * TSCOPE_COUNT(cases) && work->same; i++) {
        size_t c = i % TSCOPE_COUNT(cases), len = 0;
        tscope_report *report = NULL;
        char *json = NULL;

        work->same =
            tscope_inspect(inspector, (const uint8_t *)work->tokens[c], work->token_lens[c], &moment, &report, NULL) == TSCOPE_OK &&
            tscope_report_json(report, 0, &json, &len, NULL) == TSCOPE_OK && tscope_report_verdict(report) == cases[c].verdict;
        if (work->same && !work->json[c]) {
            work->json[c] = json;
            work->lens[c] = len;
            json = NULL;
        } else if (work->same) {
            work->same = len == work->lens[c] && memcmp(json, work->json[c], len) == 0;
        }
        tscope_string_free(json);
        tscope_report_free(report);
    }
    tscope_inspector_free(inspector);
    return NULL;
}

START_TEST(threads_over_one_keyring_say_the_same)
{
    struct work works[4];
    pthread_t threads[4];

    set_up();
    memset(works, 0, sizeof(works));
    for (size_t t = 0; t < TSCOPE_COUNT(works); t++) {
        for (size_t c = 0; c < TSCOPE_COUNT(cases); c++)
            works[t].tokens[c] = token_of(cases[c].vector, &works[t].token_lens[c]);
    }
    for (size_t t = 0; t < TSCOPE_COUNT(works); t++)
        ck_assert_int_eq(pthread_create(&threads[t], NULL, run_work, &works[t]), 0);
    for (size_t t = 0; t < TSCOPE_COUNT(works); t++)
        ck_assert_int_eq(pthread_join(threads[t], NULL), 0);
    for (size_t t = 0; t < TSCOPE_COUNT(works); t++) {
        ck_assert(works[t].same);
        for (size_t c = 0; c < TSCOPE_COUNT(cases); c++) {
            ck_assert_uint_eq(works[t].lens[c], works[0].lens[c]);
            ck_assert_mem_eq(works[t].json[c], works[0].json[c], works[0].lens[c]);
        }
    }
    for (size_t t = 0; t < TSCOPE_COUNT(works); t++) {
        for (size_t c = 0; c < TSCOPE_COUNT(cases); c++) {
            free(works[t].tokens[c]);
            tscope_string_free(works[t].json[c]);
        }
    }
    tear_down();
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("inspect");
    TCase *tcase = tcase_create("inspect");

    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    tcase_add_test(tcase, hostile_configuration_takes_algorithms_from_others);
    tcase_add_loop_test(tcase, hostile_configuration_changes_no_verdict, 0, TSCOPE_COUNT(cases));
    tcase_add_loop_test(tcase, inspection_survives_every_failed_allocation, 0, TSCOPE_COUNT(cases));
    tcase_add_test(tcase, steady_state_needs_no_memory);
    tcase_add_test(tcase, digest_is_of_the_token_itself);
    tcase_add_test(tcase, digest_of_a_verified_token_goes_on);
    tcase_add_test(tcase, threads_over_one_keyring_say_the_same);
    return suite;
}

/* libcrypto reads its configuration once, at its first use: so it stands there before the first test. */
int
main(void)
{
    char path[] = "/tmp/tokenscope-openssl-XXXXXX";
    int file = mkstemp(path), failed;

    if (file < 0 || write(file, hostile_configuration, sizeof(hostile_configuration) - 1) < 0 || setenv("OPENSSL_CONF", path, 1) != 0)
        return EXIT_FAILURE;
    close(file);
    failed = run_suite(make_suite());
    unlink(path);
    return failed;
}
