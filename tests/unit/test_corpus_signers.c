/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>

#include <tokenscope/tokenscope.h>

#include "inspect/recovery.h"
#include "signed_tokens.h"

static tscope_keyring *keyring;
static tscope_profile *profile;
static tscope_inspector *inspector;
static tscope_report *report;
static tscope_corpus *corpus;

static enum tscope_status
add_text(const char *token)
{
    const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = TSCOPE_TIME_UNKNOWN};

    ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)token, strlen(token), &moment, &report, NULL), TSCOPE_OK);
    return tscope_corpus_add(corpus, report, 0, NULL);
}

static void
add(char *token)
{
    ck_assert_int_eq(add_text(token), TSCOPE_OK);
    tscope_free(token);
}

/* Findings of KEY-RECOVERED; the first of them. */
static size_t
count_recovered(struct tscope_corpus_view *ret_first)
{
    struct tscope_corpus_view finding;
    size_t count = 0;

    for (size_t i = 0; tscope_corpus_finding(corpus, i, &finding); i++) {
        if (strcmp(finding.id, "KEY-RECOVERED") != 0)
            continue;
        if (count++ == 0)
            *ret_first = finding;
    }
    return count;
}

static void
assert_recovered(size_t findings, size_t tokens)
{
    struct tscope_corpus_view finding = {0};

    ck_assert_int_eq(tscope_corpus_finish(corpus, NULL), TSCOPE_OK);
    ck_assert_uint_eq(count_recovered(&finding), findings);
    ck_assert_uint_eq(finding.tokens, tokens);
    if (findings == 0)
        return;
    ck_assert_int_eq(finding.severity, TSCOPE_SEVERITY_INFO);
    ck_assert_ptr_nonnull(strstr(finding.detail, "RFC 7638 thumbprint "));
}

/* 16 of one issuer, kid and algorithm are compared: others are left aside, wherever their digests stand. */
START_TEST(tokens_of_a_group_are_bounded)
{
    struct pair pair = make_ec_pair(TSCOPE_CURVE_P256);

    for (int i = 0; i < _i; i++)
        add(make_token(&pair, "ES256", "a", i));
    assert_recovered(_i > 1, _i < 2 ? 0 : _i < 16 ? (size_t)_i : 16);
    clear_pair(&pair);
}
END_TEST

START_TEST(small_rsa_exponent_is_found_and_the_usual_is_not)
{
    struct pair small = make_small_rsa(3, 2048), usual = make_small_rsa(65537, 2048);

    for (int i = 0; i < 2; i++) {
        add(make_token(&small, "RS256", "a", i));
        add(make_token(&usual, "RS256", "b", i));
    }
    assert_recovered(tscope_recover_rsa_is_built(), tscope_recover_rsa_is_built() ? 2 : 0);
    clear_pair(&small);
    clear_pair(&usual);
}
END_TEST

static bool
count_step(void *user, const struct tscope_recovery_progress *progress)
{
    ck_assert_uint_eq(progress->exponent, 65537);
    ck_assert_uint_eq(progress->attempts, 1);
    *(size_t *)user += 1;
    return true;
}

START_TEST(usual_rsa_exponent_is_found_when_asked)
{
    struct pair pair = make_small_rsa(65537, 512);
    size_t steps = 0;

    tscope_corpus_set_recovery(corpus, 1, count_step, &steps);
    for (int i = 0; i < 2; i++)
        add(make_token(&pair, "RS256", "a", i));
    assert_recovered(1, 2);
    ck_assert_uint_eq(steps, 3);
    clear_pair(&pair);
}
END_TEST

/* A key of its own in the header, by design or not, is no unknown one; nor has an HMAC a public key. */
START_TEST(what_has_a_key_is_left_aside)
{
    struct pair pair = make_ec_pair(TSCOPE_CURVE_P256), secret = make_secret("secret");
    struct tscope_buffer header = {0};

    tscope_buffer_append_text(&header, "{\"typ\":\"dpop+jwt\",\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"");
    tscope_base64url_encode(&header, pair.numbers.x.data, 32);
    tscope_buffer_append_text(&header, "\",\"y\":\"");
    tscope_base64url_encode(&header, pair.numbers.y.data, 32);
    tscope_buffer_append(&header, "\"}}", 4);
    for (int i = 0; i < 2; i++) {
        add(make_token_of(&pair, "ES256", (const char *)header.data, NULL, i ? "{\"jti\":\"1\"}" : "{\"jti\":\"2\"}"));
        add(make_token(&secret, "HS256", "a", i));
    }
    assert_recovered(0, 0);
    tscope_buffer_clear(&header);
    clear_pair(&pair);
    clear_pair(&secret);
}
END_TEST

START_TEST(memory_failure_changes_nothing)
{
    struct pair pair = make_small_rsa(3, 1024), point = make_ec_pair(TSCOPE_CURVE_P256);
    char *tokens[] = {make_token(&pair, "RS256", "a", 1), make_token(&pair, "RS256", "b", 2), make_token(&point, "ES256", "a", 1),
                      make_token(&point, "ES256", "b", 2)};
    const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = TSCOPE_TIME_UNKNOWN};
    size_t failures = 0;
    enum tscope_status status;

    for (size_t i = 0; i < TSCOPE_COUNT(tokens); i++) {
        ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)tokens[i], strlen(tokens[i]), &moment, &report, NULL), TSCOPE_OK);
        status = TSCOPE_ERR_NO_MEMORY;
        for (unsigned long n = 1; status != TSCOPE_OK; n++) {
            tscope_alloc_fail_from(n);
            status = tscope_corpus_add(corpus, report, 0, NULL);
            tscope_alloc_fail_from(0);
            failures += status != TSCOPE_OK;
        }
        tscope_free(tokens[i]);
    }
    status = TSCOPE_ERR_NO_MEMORY;
    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        struct tscope_corpus_view finding;

        ck_assert_uint_eq(count_recovered(&finding), 0);
        tscope_alloc_fail_from(n);
        status = tscope_corpus_finish(corpus, NULL);
        tscope_alloc_fail_from(0);
        failures += status != TSCOPE_OK;
    }
    ck_assert_uint_gt(failures, 8);
    {
        struct tscope_corpus_view finding;

        ck_assert_uint_eq(count_recovered(&finding), tscope_recover_rsa_is_built() ? 2 : 1);
        ck_assert_uint_eq(finding.tokens, 2);
    }
    clear_pair(&pair);
    clear_pair(&point);
}
END_TEST

/* Items of which only the group and the digest are told. */
static size_t
thin(size_t groups, size_t of_group, bool alike, size_t group_max, size_t max)
{
    tscope_recovery recovery = {.items_len = groups * of_group};
    size_t kept;

    recovery.items = calloc(recovery.items_len, sizeof(*recovery.items));
    for (size_t i = 0; i < recovery.items_len; i++) {
        recovery.items[i].group[0] = (uint8_t)(i % groups);
        recovery.items[i].sha256[0] = (uint8_t)(alike ? 0 : 255 - i / groups);
    }
    tscope_recovery_thin(&recovery, group_max, max);
    kept = recovery.items_len;
    for (size_t i = 1; i < kept; i++)
        ck_assert_int_lt(tscope_recovery_compare(&recovery.items[i - 1], &recovery.items[i]), 0);
    free(recovery.items);
    return kept;
}

START_TEST(thinning_keeps_the_first)
{
    ck_assert_uint_eq(thin(3, 15, false, 16, 256), 45);
    ck_assert_uint_eq(thin(3, 16, false, 16, 256), 48);
    ck_assert_uint_eq(thin(3, 17, false, 16, 256), 48);
    ck_assert_uint_eq(thin(15, 17, false, 17, 255), 255);
    ck_assert_uint_eq(thin(15, 17, false, 17, 256), 255);
    ck_assert_uint_eq(thin(15, 17, false, 17, 254), 254);
    ck_assert_uint_eq(thin(3, 17, true, 16, 256), 3);
    ck_assert_uint_eq(thin(1, 0, false, 16, 256), 0);
}
END_TEST

static void
setup(void)
{
    ck_assert_int_eq(tscope_keyring_new(&keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_freeze(keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_profile_new(NULL, &profile, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspector_new(keyring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_corpus_new(0, &corpus, NULL), TSCOPE_OK);
}

static void
teardown(void)
{
    tscope_corpus_free(corpus);
    tscope_report_free(report);
    tscope_inspector_free(inspector);
    tscope_profile_free(profile);
    tscope_keyring_free(keyring);
    report = NULL;
}

int
main(void)
{
    Suite *suite = suite_create("corpus_signers");
    TCase *tcase = tcase_create("corpus_signers");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, tokens_of_a_group_are_bounded, 0, 3);
    tcase_add_loop_test(tcase, tokens_of_a_group_are_bounded, 15, 18);
    tcase_add_test(tcase, small_rsa_exponent_is_found_and_the_usual_is_not);
    if (tscope_recover_rsa_is_built())
        tcase_add_test(tcase, usual_rsa_exponent_is_found_when_asked);
    tcase_add_test(tcase, what_has_a_key_is_left_aside);
    tcase_add_test(tcase, memory_failure_changes_nothing);
    tcase_add_test(tcase, thinning_keeps_the_first);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
