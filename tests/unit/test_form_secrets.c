/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "keys/form_secrets.h"
#include "keys/ring.h"

/* What is kept of a form makes the same HMAC as the form itself. */

struct comparison {
    tscope_verifier *verifier;
    enum tscope_digest digest;
    const struct tscope_form_secrets *kept;
    size_t at, hashed;
};

static const struct tscope_span message = {(const uint8_t *)"header.payload", 14};

static bool
compare(void *context, struct tscope_span bytes, const char *what, const char *how)
{
    struct comparison *comparison = context;
    const struct tscope_form_secret *kept = &comparison->kept->secrets[comparison->at];
    uint8_t of_form[64], of_kept[64];

    ck_assert_uint_lt(comparison->at, comparison->kept->len);
    ck_assert_str_eq(kept->what, what);
    ck_assert_str_eq(kept->how, how);
    ck_assert_int_eq(tscope_verifier_mac(comparison->verifier, comparison->digest, bytes, &message, 1, of_form, NULL), TSCOPE_OK);
    ck_assert_int_eq(
        tscope_verifier_mac(comparison->verifier, comparison->digest, tscope_span_of(kept->bytes, kept->len), &message, 1, of_kept, NULL),
        TSCOPE_OK);
    ck_assert_mem_eq(of_form, of_kept, tscope_digest_len(comparison->digest));
    comparison->hashed += kept->len != bytes.len;
    comparison->at++;
    return true;
}

static const enum tscope_digest digests[] = {TSCOPE_DIGEST_SHA256, TSCOPE_DIGEST_SHA384, TSCOPE_DIGEST_SHA512};

START_TEST(kept_forms_make_the_same_hmac)
{
    struct comparison comparison = {.digest = digests[_i]};
    tscope_keyring *keyring = NULL;
    size_t types[TSCOPE_KEY_OCT + 1] = {0};

    ck_assert_int_eq(tscope_keyring_new(&keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_add_embedded(keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_freeze(keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_verifier_new(tscope_keyring_crypto(keyring), &comparison.verifier, NULL), TSCOPE_OK);
    for (size_t i = 0; i < tscope_keyring_count(keyring); i += 7) {
        const tscope_key *key = tscope_keyring_key(keyring, i);
        const struct tscope_form_secrets *again;

        ck_assert_int_eq(tscope_keyring_form_secrets(keyring, key, comparison.digest, &comparison.kept, NULL), TSCOPE_OK);
        comparison.at = 0;
        ck_assert(tscope_key_forms_walk(key, true, compare, &comparison));
        ck_assert_uint_eq(comparison.at, comparison.kept->len);
        ck_assert_int_eq(tscope_keyring_form_secrets(keyring, key, comparison.digest, &again, NULL), TSCOPE_OK);
        ck_assert_ptr_eq(again, comparison.kept);
        types[key->numbers.type]++;
    }
    ck_assert_uint_gt(types[TSCOPE_KEY_RSA], 0);
    ck_assert_uint_gt(types[TSCOPE_KEY_EC], 0);
    ck_assert_uint_gt(types[TSCOPE_KEY_OKP], 0);
    ck_assert_uint_gt(comparison.hashed, 0);
    tscope_verifier_free(comparison.verifier);
    tscope_keyring_free(keyring);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("form_secrets");
    TCase *tcase = tcase_create("forms");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, kept_forms_make_the_same_hmac, 0, TSCOPE_COUNT(digests));
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
