/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>

#include <tokenscope/tokenscope.h>

#include "crypto/recover.h"
#include "signed_tokens.h"

static tscope_keyring *keyring; /* empty */
static tscope_profile *profile;
static tscope_inspector *inspector;
static tscope_report *report;
static tscope_recovery *recovery;

static void
add_text(const char *token)
{
    const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = TSCOPE_TIME_UNKNOWN};

    ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)token, strlen(token), &moment, &report, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_recovery_add(recovery, report, NULL), TSCOPE_OK);
}

/* Also a token that nothing else is done with. */
static void
add(char *token)
{
    add_text(token);
    tscope_free(token);
}

static void
run(size_t attempts)
{
    ck_assert_int_eq(tscope_recovery_run(recovery, NULL, attempts, NULL, NULL, NULL), TSCOPE_OK);
}

static struct tscope_recovery_token_view
token_at(size_t number)
{
    struct tscope_recovery_token_view token;

    ck_assert(tscope_recovery_token(recovery, number, &token));
    return token;
}

static void
assert_state(size_t number, enum tscope_recovery_state state)
{
    ck_assert_str_eq(tscope_recovery_state_id(token_at(number).state), tscope_recovery_state_id(state));
}

/* The public members of a pair, as a key file. */
static tscope_keyring *
keyring_of(const struct pair *pair)
{
    tscope_keyring *ring = NULL;
    struct tscope_buffer jwk = {0};
    bool is_rsa = pair->numbers.type == TSCOPE_KEY_RSA;

    tscope_buffer_append_text(&jwk, is_rsa ? "{\"kty\":\"RSA\",\"kid\":\"mine\",\"n\":\"" : "{\"kty\":\"EC\",\"kid\":\"mine\",\"crv\":\"");
    if (is_rsa)
        tscope_base64url_encode(&jwk, pair->numbers.n.data, pair->numbers.n.len);
    else
        tscope_buffer_append_text(&jwk, tscope_curve_name(pair->numbers.curve));
    tscope_buffer_append_text(&jwk, is_rsa ? "\",\"e\":\"" : "\",\"x\":\"");
    if (is_rsa)
        tscope_base64url_encode(&jwk, pair->numbers.e.data, pair->numbers.e.len);
    else
        tscope_base64url_encode(&jwk, pair->numbers.x.data, pair->numbers.x.len);
    if (!is_rsa) {
        tscope_buffer_append_text(&jwk, "\",\"y\":\"");
        tscope_base64url_encode(&jwk, pair->numbers.y.data, pair->numbers.y.len);
    }
    tscope_buffer_append_text(&jwk, "\"}");
    ck_assert_int_eq(tscope_keyring_new(&ring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_add(ring, jwk.data, jwk.len, "mine.json", NULL, NULL, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_freeze(ring, NULL), TSCOPE_OK);
    tscope_buffer_clear(&jwk);
    return ring;
}

static void
assert_signer(size_t number, const struct pair *pair, const char *how, size_t tokens)
{
    struct tscope_recovery_signer_view signer;
    tscope_keyring *ring = keyring_of(pair);

    ck_assert(tscope_recovery_signer(recovery, number, &signer));
    ck_assert_str_eq(signer.thumbprint, tscope_key_thumbprint(tscope_keyring_key(ring, 0)));
    ck_assert_str_eq(signer.type, tscope_key_type(tscope_keyring_key(ring, 0)));
    ck_assert_uint_eq(signer.bits, tscope_key_bits(tscope_keyring_key(ring, 0)));
    ck_assert_str_eq(signer.how, how);
    ck_assert_uint_eq(signer.tokens, tokens);
    ck_assert_ptr_nonnull(strstr(signer.jwk, signer.type));
    tscope_keyring_free(ring);
}

static const struct {
    const char *alg;
    enum tscope_curve curve;
} ecdsa[] = {
    {"ES256", TSCOPE_CURVE_P256},
    {"ES384", TSCOPE_CURVE_P384},
    {"ES512", TSCOPE_CURVE_P521},
    {"ES256K", TSCOPE_CURVE_SECP256K1},
};

START_TEST(two_tokens_of_an_ec_key_give_it)
{
    struct pair pair = make_ec_pair(ecdsa[_i].curve), other = make_ec_pair(ecdsa[_i].curve);

    add(make_token(&pair, ecdsa[_i].alg, "a", 1));
    add(make_token(&other, ecdsa[_i].alg, "a", 2));
    add(make_token(&pair, ecdsa[_i].alg, "b", 3));
    run(0);
    ck_assert_uint_eq(tscope_recovery_signers(recovery), 1);
    assert_signer(0, &pair, "intersection", 2);
    assert_state(0, TSCOPE_RECOVERY_FOUND);
    assert_state(1, TSCOPE_RECOVERY_ALONE);
    assert_state(2, TSCOPE_RECOVERY_FOUND);
    ck_assert_uint_ge(token_at(1).candidates, 2);
    ck_assert_uint_eq(token_at(0).candidates, 0);
    clear_pair(&pair);
    clear_pair(&other);
}
END_TEST

/* One token, twice; and the other form of its signature: all have the same candidates, and none of them is proven. */
START_TEST(one_signature_twice_is_one)
{
    struct pair pair = make_ec_pair(TSCOPE_CURVE_P256);
    char *token = make_token(&pair, "ES256", "a", 1);

    add_text(token);
    add_text(token);
    tscope_free(token);
    add_text("eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoiYXBpIiwic3ViIjoiY"
             "SIsImV4cCI6MjAwMDAwMDAwMCwianRpIjoiaWQtMDAwMDAxIn0.b2o5Ph98iK-b1gwxL9Jc4Ev-vFnUtXfmlYtqmijNFdQflNd--"
             "jXODqC1Xr6qVubgBSGD_rk1oPjc0f_9-9mPDg");
    add_text("eyJhbGciOiJFUzI1NiIsImtpZCI6ImsifQ.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiYXVkIjoiYXBpIiwic3ViIjoiY"
             "SIsImV4cCI6MjAwMDAwMDAwMCwianRpIjoiaWQtMDAwMDAxIn0.b2o5Ph98iK-b1gwxL9Jc4Ev-vFnUtXfmlYtqmijNFdTgayiAB"
             "cox8l9KoUFVqRkft8V2ru3h_YwW58rFAImWQw");
    run(0);
    ck_assert_uint_eq(tscope_recovery_signers(recovery), 0);
    for (size_t i = 0; i < 4; i++)
        assert_state(i, TSCOPE_RECOVERY_ALONE);
    clear_pair(&pair);
}
END_TEST

START_TEST(rsa_tokens_are_told_apart)
{
    struct pair one = make_small_rsa(3, 1024), other = make_small_rsa(17, 1024), third = make_small_rsa(3, 2048);

    add(make_token(&one, "RS256", "a", 1));
    add(make_token(&other, "RS256", "a", 2));
    add(make_token(&other, "RS512", "b", 3));
    add(make_token(&one, "PS256", "c", 4));
    add(make_token(&one, "RS384", "a", 5));
    add(make_token(&third, "RS256", "a", 6));
    run(0);
    ck_assert_uint_eq(tscope_recovery_signers(recovery), 2);
    assert_signer(0, &one, "common divisor", 3);
    assert_signer(1, &other, "common divisor", 2);
    for (size_t i = 0; i < 5; i++)
        assert_state(i, TSCOPE_RECOVERY_FOUND);
    assert_state(5, TSCOPE_RECOVERY_ALONE);
    ck_assert_uint_eq(tscope_recovery_untried(recovery), 0);
    clear_pair(&one);
    clear_pair(&other);
    clear_pair(&third);
}
END_TEST

/* Microsoft's way: the header that is signed has the digest of its nonce. Of others the nonce is signed as it stands. */
START_TEST(nonce_in_the_header_is_read_both_ways)
{
    struct pair pair = make_small_rsa(3, 1024), point = make_ec_pair(TSCOPE_CURVE_P256);
    const struct {
        const struct pair *pair;
        const char *alg, *sent, *is_signed;
    } rows[] = {
        {&pair, "RS256", "{\"alg\":\"RS256\",\"nonce\":\"abc\"}",
         "{\"alg\":\"RS256\",\"nonce\":\"ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0\"}"},
        {&point, "ES256", "{\"alg\":\"ES256\",\"nonce\":\"abc\"}", NULL},
    };

    for (size_t i = 0; i < TSCOPE_COUNT(rows); i++) {
        add(make_token_of(rows[i].pair, rows[i].alg, rows[i].sent, rows[i].is_signed, "{\"sub\":\"1\"}"));
        add(make_token_of(rows[i].pair, rows[i].alg, rows[i].sent, rows[i].is_signed, "{\"sub\":\"2\"}"));
    }
    add(make_token_of(&pair, "RS256", "{\"alg\":\"RS256\"}", NULL, "{\"sub\":\"1\"}"));
    run(0);
    assert_signer(0, tscope_recover_rsa_is_built() ? &pair : &point, tscope_recover_rsa_is_built() ? "common divisor" : "intersection",
                  tscope_recover_rsa_is_built() ? 3 : 2);
    clear_pair(&pair);
    clear_pair(&point);
}
END_TEST

START_TEST(known_key_takes_its_tokens)
{
    struct pair pair = make_small_rsa(65537, 1024);
    tscope_keyring *ring = keyring_of(&pair);
    struct tscope_recovery_signer_view signer;

    add(make_token(&pair, "RS256", "a", 1));
    add(make_token(&pair, "PS384", "b", 2));
    ck_assert_int_eq(tscope_recovery_run(recovery, ring, 0, NULL, NULL, NULL), TSCOPE_OK);
    assert_signer(0, &pair, "known", 2);
    ck_assert(tscope_recovery_signer(recovery, 0, &signer));
    ck_assert_ptr_eq(signer.known, tscope_keyring_key(ring, 0));
    tscope_keyring_free(ring);
    clear_pair(&pair);
}
END_TEST

START_TEST(what_gives_no_key_says_why)
{
    struct pair pair = make_small_rsa(65537, 1024), okp = make_okp_pair(TSCOPE_CURVE_ED25519), secret = make_secret("secret");

    add(make_token(&pair, "PS256", "a", 1));
    add(make_token(&secret, "HS256", "a", 3));
    add_text("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.");
    add_text("{\"payload\":\"e30\",\"signatures\":[{\"protected\":\"eyJhbGciOiJIUzI1NiJ9\",\"signature\":\"AAAA\"},"
             "{\"protected\":\"eyJhbGciOiJ4In0\",\"signature\":\"AAAA\"}]}");
    add_text("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AQIDBAUGBwgJCgsM.b25lIGNvbnRlbnQ.AAECAwQFBgcICQoLDA0ODw");
    run(0);
    assert_state(0, TSCOPE_RECOVERY_PSS);
    assert_state(1, TSCOPE_RECOVERY_HMAC);
    assert_state(2, TSCOPE_RECOVERY_NO_SIGNATURE);
    ck_assert_uint_eq(tscope_recovery_tokens(recovery), 6);
    ck_assert_uint_eq(token_at(3).signature, 0);
    ck_assert_uint_eq(token_at(4).signature, 1);
    assert_state(4, TSCOPE_RECOVERY_NO_SIGNATURE);
    assert_state(5, TSCOPE_RECOVERY_NO_SIGNATURE);
    ck_assert_uint_eq(tscope_recovery_signers(recovery), 0);
    clear_pair(&pair);
    clear_pair(&okp);
    clear_pair(&secret);
}
END_TEST

struct steps {
    size_t asked, end;
};

static bool
goes_on(void *user, const struct tscope_recovery_progress *progress)
{
    struct steps *steps = user;

    ck_assert_uint_eq(progress->bits, 512);
    ck_assert_uint_eq(progress->exponent, 65537);
    ck_assert_uint_eq(progress->steps, 3);
    return steps->asked++ < steps->end;
}

/* None is allowed, or the caller ends it at the second step: what was not tried is said. */
START_TEST(attempts_are_bounded_and_counted)
{
    struct pair pair = make_small_rsa(65537, 512);
    struct steps steps = {.end = 1};

    for (int i = 0; i < 3; i++)
        add(make_token(&pair, "RS256", i < 2 ? "a" : "b", i));
    ck_assert_int_eq(tscope_recovery_run(recovery, NULL, (size_t)_i, goes_on, &steps, NULL), TSCOPE_OK);
    ck_assert_uint_eq(steps.asked, _i == 0 ? 0 : 2);
    ck_assert_uint_eq(tscope_recovery_signers(recovery), 0);
    ck_assert_uint_eq(tscope_recovery_untried(recovery), 3);
    for (size_t i = 0; i < 3; i++)
        assert_state(i, TSCOPE_RECOVERY_NOT_TRIED);
    clear_pair(&pair);
}
END_TEST

/* The exponent is not asked for a key that the usual one makes too large. */
START_TEST(key_of_more_than_4096_bits_is_said)
{
    struct pair pair = make_small_rsa(5, 4104);
    struct steps steps = {0};

    add(make_token(&pair, "RS256", "a", 1));
    add(make_token(&pair, "RS256", "a", 2));
    ck_assert_int_eq(tscope_recovery_run(recovery, NULL, 8, goes_on, &steps, NULL), TSCOPE_OK);
    ck_assert_uint_eq(steps.asked, 0);
    assert_state(0, TSCOPE_RECOVERY_TOO_LARGE);
    ck_assert_uint_eq(tscope_recovery_untried(recovery), 1);
    clear_pair(&pair);
}
END_TEST

START_TEST(build_without_gmp_leaves_rsa)
{
    struct pair pair = make_small_rsa(3, 1024);

    add(make_token(&pair, "RS256", "a", 1));
    add(make_token(&pair, "RS256", "a", 2));
    run(8);
    assert_state(0, TSCOPE_RECOVERY_NO_GMP);
    assert_state(1, TSCOPE_RECOVERY_NO_GMP);
    clear_pair(&pair);
}
END_TEST

START_TEST(it_runs_once)
{
    add_text("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.");
    run(0);
    ck_assert_int_eq(tscope_recovery_run(recovery, NULL, 0, NULL, NULL, NULL), TSCOPE_ERR_STATE);
    ck_assert_int_eq(tscope_recovery_add(recovery, report, NULL), TSCOPE_ERR_STATE);
}
END_TEST

START_TEST(there_is_nothing_behind_the_end)
{
    struct tscope_recovery_signer_view signer;
    struct tscope_recovery_token_view token;

    run(0);
    ck_assert(!tscope_recovery_signer(recovery, 0, &signer));
    ck_assert(!tscope_recovery_token(recovery, 0, &token));
    ck_assert(!tscope_recovery_candidate(recovery, 0, 0, &signer));
    ck_assert_str_eq(tscope_recovery_state_id((enum tscope_recovery_state)99), "?");
    ck_assert_str_eq(tscope_recovery_state_text((enum tscope_recovery_state)99), "?");
    tscope_recovery_free(NULL);
}
END_TEST

/* Each allocation fails in turn, in adding and in looking; what failed may be done again. */
START_TEST(memory_failure_leaves_it_usable)
{
    struct pair pair = make_small_rsa(3, 1024), point = make_ec_pair(TSCOPE_CURVE_P256);
    char *tokens[] = {make_token(&pair, "RS256", "a", 1),  make_token(&pair, "RS256", "b", 2),  make_token(&pair, "RS256", "c", 3),
                      make_token(&point, "ES256", "a", 1), make_token(&point, "ES256", "b", 2), make_token(&point, "ES256", "b", 3)};
    size_t failures = 0;

    for (size_t i = 0; i < TSCOPE_COUNT(tokens); i++) {
        const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = TSCOPE_TIME_UNKNOWN};
        enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

        ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)tokens[i], strlen(tokens[i]), &moment, &report, NULL), TSCOPE_OK);
        for (unsigned long n = 1; status != TSCOPE_OK; n++) {
            tscope_alloc_fail_from(n);
            status = tscope_recovery_add(recovery, report, NULL);
            tscope_alloc_fail_from(0);
            ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
            ck_assert_uint_eq(tscope_recovery_tokens(recovery), status == TSCOPE_OK ? i + 1 : i);
            failures += status != TSCOPE_OK;
        }
        tscope_free(tokens[i]);
    }
    for (unsigned long n = 1;; n++) {
        enum tscope_status status;

        tscope_alloc_fail_from(n);
        status = tscope_recovery_run(recovery, NULL, 0, NULL, NULL, NULL);
        tscope_alloc_fail_from(0);
        failures += status != TSCOPE_OK;
        if (status == TSCOPE_OK)
            break;
        ck_assert_int_eq(status, TSCOPE_ERR_NO_MEMORY);
    }
    ck_assert_uint_gt(failures, 5);
    ck_assert_uint_eq(tscope_recovery_signers(recovery), tscope_recover_rsa_is_built() ? 2 : 1);
    clear_pair(&pair);
    clear_pair(&point);
}
END_TEST

static void
setup(void)
{
    ck_assert_int_eq(tscope_keyring_new(&keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_freeze(keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_profile_new(NULL, &profile, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspector_new(keyring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_recovery_new(&recovery, NULL), TSCOPE_OK);
}

static void
teardown(void)
{
    tscope_recovery_free(recovery);
    tscope_report_free(report);
    tscope_inspector_free(inspector);
    tscope_profile_free(profile);
    tscope_keyring_free(keyring);
    report = NULL;
}

int
main(void)
{
    Suite *suite = suite_create("recovery");
    TCase *tcase = tcase_create("recovery");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, two_tokens_of_an_ec_key_give_it, 0, TSCOPE_COUNT(ecdsa));
    tcase_add_test(tcase, one_signature_twice_is_one);
    tcase_add_test(tcase, nonce_in_the_header_is_read_both_ways);
    tcase_add_test(tcase, known_key_takes_its_tokens);
    tcase_add_test(tcase, what_gives_no_key_says_why);
    tcase_add_test(tcase, it_runs_once);
    tcase_add_test(tcase, there_is_nothing_behind_the_end);
    tcase_add_test(tcase, memory_failure_leaves_it_usable);
    if (tscope_recover_rsa_is_built()) {
        tcase_add_test(tcase, rsa_tokens_are_told_apart);
        tcase_add_loop_test(tcase, attempts_are_bounded_and_counted, 0, 2);
        tcase_add_test(tcase, key_of_more_than_4096_bits_is_said);
    } else {
        tcase_add_test(tcase, build_without_gmp_leaves_rsa);
    }
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
