/* SPDX-License-Identifier: Apache-2.0 */
#include "checks_testing.h"
#include "inspect/secrets.h"
#include "keys/key_forms.h"
#include "keys_samples.h"

/* What is tried on an HMAC that no key verifies, and where it ends. */

#define CLAIMS "{\"iss\":\"https://idp.example\",\"exp\":2000000000}"
#define SIGNED_INPUT "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwiZXhwIjoyMDAwMDAwMDAwfQ"

static void
judge_signed_with(struct judge *judge, const void *secret, size_t secret_len)
{
    const struct tscope_span input = tscope_span_text(SIGNED_INPUT);
    tscope_verifier *verifier = NULL;
    struct tscope_buffer token = {0};
    uint8_t mac[64];

    ck_assert_int_eq(tscope_verifier_new(tscope_keyring_crypto(judge->keyring), &verifier, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_verifier_mac(verifier, TSCOPE_DIGEST_SHA256, tscope_span_of(secret, secret_len), &input, 1, mac, NULL),
                     TSCOPE_OK);
    tscope_verifier_free(verifier);
    tscope_buffer_append_text(&token, SIGNED_INPUT ".");
    tscope_base64url_encode(&token, mac, 32);
    judge_bytes(judge, token.data, token.len, NULL);
    tscope_buffer_clear(&token);
}

/* An inspector over keys (NULL: none) and a list of secrets. */
static void
init_with_secrets(struct judge *judge, const char *keys, const void *secrets, size_t secrets_len)
{
    uint8_t *copy = exact_copy(secrets, secrets_len);

    *judge = (struct judge){.keyring = new_keyring()};
    if (keys)
        ck_assert_int_eq(try_add(judge->keyring, keys, strlen(keys), NULL, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_add_secrets(judge->keyring, copy, secrets_len, "list", NULL), TSCOPE_OK);
    free(copy);
    freeze(judge->keyring);
    ck_assert_int_eq(tscope_profile_new(NULL, &judge->profile, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspector_new(judge->keyring, judge->profile, NULL, NULL, &judge->inspector, NULL), TSCOPE_OK);
}

static const struct {
    const char *list, *secrets[4];
    uint64_t lines[4];
} lists[] = {
    {"", {NULL}, {0}},   {"\n\n\r\n", {NULL}, {0}},      {"a", {"a"}, {1}},
    {"a\n", {"a"}, {1}}, {"a\r\nb", {"a", "b"}, {1, 2}}, {"\n a \n\nb\r", {" a ", "b\r"}, {2, 4}},
};

START_TEST(list_is_walked_line_by_line)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_secret_walk walk = {0};
    struct tscope_span secret;
    size_t len = strlen(lists[_i].list);
    uint8_t *copy = exact_copy(lists[_i].list, len);

    ck_assert_int_eq(tscope_keyring_add_secrets(keyring, copy, len, NULL, NULL), TSCOPE_OK);
    free(copy);
    freeze(keyring);
    for (size_t i = 0; lists[_i].secrets[i]; i++) {
        ck_assert(tscope_keyring_next_secret(keyring, &walk, &secret));
        ck_assert(tscope_span_is(secret, lists[_i].secrets[i]));
        ck_assert_uint_eq(walk.line, lists[_i].lines[i]);
    }
    ck_assert(!tscope_keyring_next_secret(keyring, &walk, &secret));
    ck_assert(!tscope_keyring_next_secret(keyring, &walk, &secret));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(frozen_ring_takes_no_secrets)
{
    tscope_keyring *keyring = new_keyring();

    freeze(keyring);
    ck_assert_int_eq(tscope_keyring_add_secrets(keyring, (const uint8_t *)"a", 1, NULL, NULL), TSCOPE_ERR_STATE);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(list_over_the_limit_is_refused)
{
    tscope_keyring *keyring = new_keyring();

    ck_assert_int_eq(tscope_keyring_add_secrets(keyring, (const uint8_t *)"a", (size_t)TSCOPE_KEYS_INPUT_MAX + 1, NULL, NULL),
                     TSCOPE_ERR_TOO_LARGE);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(no_memory_for_secrets_is_said)
{
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    for (unsigned long n = 1; status == TSCOPE_ERR_NO_MEMORY && n < 16; n++) {
        tscope_keyring *keyring = new_keyring();

        tscope_alloc_fail_from(n);
        status = tscope_keyring_add_secrets(keyring, (const uint8_t *)"a\nb", 3, "list", NULL);
        tscope_alloc_fail_from(0);
        tscope_keyring_free(keyring);
    }
    ck_assert_int_eq(status, TSCOPE_OK);
}
END_TEST

/* The caller's list is tried whole: its length is the caller's own choice. */
START_TEST(secret_behind_many_others_is_found)
{
    struct tscope_buffer list = {0};
    struct judge judge;

    for (int i = 0; i < TSCOPE_SECRET_TRIALS_MAX + 10; i++)
        tscope_buffer_append_format(&list, "word-%d\n", i);
    tscope_buffer_append_text(&list, "needle\n");
    init_with_secrets(&judge, NULL, list.data, list.len);
    judge_signed_with(&judge, "needle", 6);
    check_found(&judge, "ALG-HS-KNOWN", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY);
    judge_clear(&judge);
    tscope_buffer_clear(&list);
}
END_TEST

static const struct {
    const char *secret;
    bool found;
} lengths[] = {
    {"0123456789012345678901234567890", true}, {"01234567890123456789012345678901", false}, {"012345678901234567890123456789012", false}};

START_TEST(given_secret_as_long_as_the_hash_is_no_finding)
{
    struct judge judge;

    init_with_secrets(&judge, NULL, lengths[_i].secret, strlen(lengths[_i].secret));
    judge_signed_with(&judge, lengths[_i].secret, strlen(lengths[_i].secret));
    ck_assert_int_eq(tscope_report_signature(judge.report), TSCOPE_STATUS_VERIFIED);
    ck_assert_int_eq(tscope_report_verdict(judge.report), lengths[_i].found ? TSCOPE_VERDICT_SUSPICIOUS : TSCOPE_VERDICT_VALID);
    ck_assert_ptr_null(tscope_report_key(judge.report));
    if (lengths[_i].found)
        check_found(&judge, "ALG-HS-KNOWN", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY);
    else
        check_absent(&judge, "ALG-HS-KNOWN");
    judge_clear(&judge);
}
END_TEST

/* A strict validator trusts what is given and long, and nothing else that happens to verify. */
START_TEST(gate_accepts_long_given_secrets_alone)
{
    const char *reason;
    struct judge judge;

    init_with_secrets(&judge, NULL, lengths[1].secret, strlen(lengths[1].secret));
    judge_signed_with(&judge, lengths[1].secret, strlen(lengths[1].secret));
    ck_assert_int_eq(tscope_report_gate(judge.report, 0, &reason), TSCOPE_GATE_ACCEPT);
    judge_signed_with(&judge, "", 0);
    ck_assert_int_eq(tscope_report_gate(judge.report, 0, &reason), TSCOPE_GATE_REFUSE);
    judge_signed_with(&judge, "a-string-secret-at-least-256-bits-long", 38);
    ck_assert_int_eq(tscope_report_gate(judge.report, 0, &reason), TSCOPE_GATE_NO_KEY);
    judge_clear(&judge);
}
END_TEST

START_TEST(empty_secret_is_found)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_signed_with(&judge, "", 0);
    check_found(&judge, "ALG-HS-EMPTY", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY);
    judge_clear(&judge);
}
END_TEST

struct forms {
    struct judge *judge;
    size_t count, last;
};

static bool
count_form(void *context, struct tscope_span bytes, const char *what, const char *how)
{
    struct forms *forms = context;

    ck_assert_uint_gt(bytes.len, 0);
    ck_assert(what && how);
    forms->count++;
    return !forms->last || forms->count < forms->last;
}

static bool
judge_form(void *context, struct tscope_span bytes, const char *what, const char *how)
{
    struct forms *forms = context;

    (void)what;
    (void)how;
    judge_signed_with(forms->judge, bytes.data, bytes.len);
    check_found(forms->judge, "ALG-HS-PUBKEY", TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY);
    forms->count++;
    return true;
}

START_TEST(every_form_of_a_public_key_is_found)
{
    struct judge judge;
    struct forms forms = {.judge = &judge};

    judge_init(&judge, SAMPLE_EC_JWK);
    ck_assert(tscope_key_forms_walk(tscope_keyring_key(judge.keyring, 0), false, judge_form, &forms));
    ck_assert_uint_gt(forms.count, 30);
    judge_clear(&judge);
}
END_TEST

START_TEST(walk_of_forms_ends_when_told)
{
    tscope_keyring *keyring = keyring_of(SAMPLE_EC_JWK, 1);
    struct forms forms = {.last = 2}, usual = {0}, all = {0};

    ck_assert(tscope_key_forms_walk(tscope_keyring_key(keyring, 0), false, count_form, &forms));
    ck_assert_uint_eq(forms.count, 2);
    ck_assert(tscope_key_forms_walk(tscope_keyring_key(keyring, 0), true, count_form, &usual));
    ck_assert(tscope_key_forms_walk(tscope_keyring_key(keyring, 0), false, count_form, &all));
    ck_assert_uint_lt(usual.count, all.count);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(no_memory_for_forms_is_said)
{
    tscope_keyring *keyring = keyring_of(SAMPLE_EC_JWK, 1);
    bool done = false;

    for (unsigned long n = 1; !done && n < 4096; n++) {
        struct forms forms = {0};

        tscope_alloc_fail_from(n);
        done = tscope_key_forms_walk(tscope_keyring_key(keyring, 0), false, count_form, &forms);
        tscope_alloc_fail_from(0);
    }
    ck_assert(done);
    tscope_keyring_free(keyring);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("secrets");
    TCase *secrets = tcase_create("secrets");

    tcase_add_loop_test(secrets, list_is_walked_line_by_line, 0, TSCOPE_COUNT(lists));
    tcase_add_test(secrets, frozen_ring_takes_no_secrets);
    tcase_add_test(secrets, list_over_the_limit_is_refused);
    tcase_add_test(secrets, no_memory_for_secrets_is_said);
    tcase_add_test(secrets, secret_behind_many_others_is_found);
    tcase_add_loop_test(secrets, given_secret_as_long_as_the_hash_is_no_finding, 0, TSCOPE_COUNT(lengths));
    tcase_add_test(secrets, gate_accepts_long_given_secrets_alone);
    tcase_add_test(secrets, empty_secret_is_found);
    tcase_add_test(secrets, every_form_of_a_public_key_is_found);
    tcase_add_test(secrets, walk_of_forms_ends_when_told);
    tcase_add_test(secrets, no_memory_for_forms_is_said);
    suite_add_tcase(suite, secrets);
    return run_suite(suite);
}
