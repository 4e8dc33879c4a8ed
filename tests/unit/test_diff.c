/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/history.h>

#include "keys_samples.h"
#include "keys_testing.h"

/* Small keys of three materials; a number makes no sense as a key, and is compared all the same. */
#define X1 "Ij_BjbIOQNc_mMkdo4lZK9xzicAvZyJF3panEaXU79I"
#define X2 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define X3 "sCKL1OaTNk-LK_fR8D0_UOWfMN4F9R9Rs63o0zykoAA"
#define KEY(kid, x) "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" kid "\",\"x\":\"" x "\"}"
#define WITH(kid, x, more) "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" kid "\",\"x\":\"" x "\"," more "}"
#define NAMELESS(x) "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" x "\"}"
#define BROKEN(n) "{\"kty\":\"RSA\",\"kid\":\"b\",\"n\":\"" n "\"}"

/* Differences as words: "changed a". */
static const struct {
    const char *from, *to, *differences;
    size_t same;
} rows[] = {
    {"", "", "", 0},
    {KEY("a", X1), KEY("a", X1), "", 1},
    {KEY("a", X1) "," KEY("b", X2), KEY("b", X2) "," KEY("a", X1), "", 2},
    {KEY("a", X1) "," KEY("a", X1), KEY("a", X1), "", 1},
    {"", KEY("a", X1), "added a;", 0},
    {KEY("a", X1), "", "removed a;", 0},
    {KEY("a", X1), KEY("a", X2), "changed a;", 0},
    /* beside the key that the kid named, it names another one now */
    {KEY("a", X1), KEY("a", X1) "," KEY("a", X2), "changed a;", 1},
    {KEY("a", X1) "," KEY("a", X2), KEY("a", X1), "removed a;", 1},
    {KEY("a", X1) "," KEY("a", X2), KEY("a", X3), "changed a;removed a;", 0},
    {KEY("a", X1), KEY("b", X1), "renamed b;", 0},
    {KEY("a", X1), KEY("a", X1) "," KEY("b", X1), "renamed b;", 1},
    {KEY("a", X1) "," KEY("b", X1), KEY("b", X1), "removed a;", 1},
    {KEY("a", X1) "," KEY("b", X1), KEY("c", X1), "renamed c;removed b;", 0},
    {KEY("a", X1) "," KEY("b", X2), KEY("a", X2) "," KEY("b", X1), "changed a;changed b;", 0},
    {KEY("a", X1) "," KEY("b", X2), KEY("a", X2), "changed a;removed b;", 0},
    {KEY("a", X1), KEY("A", X2), "added A;removed a;", 0},
    {NAMELESS(X1), NAMELESS(X1), "", 1},
    /* keys without a kid have no name in common */
    {NAMELESS(X1), NAMELESS(X2), "added -;removed -;", 0},
    {NAMELESS(X1), KEY("a", X1), "renamed a;", 0},
    {KEY("", X1), NAMELESS(X1), "renamed -;", 0},
    /* without the numbers of their type: what there is counts */
    {BROKEN("AQAB"), BROKEN("AQAB"), "", 1},
    {BROKEN("AQAB"), BROKEN("AQAC"), "changed b;", 0},
    {BROKEN("AQAB"), KEY("b", X1), "changed b;", 0},
    {KEY("a", X1), WITH("a", X1, "\"use\":\"sig\""), "altered a (use);", 0},
    {WITH("a", X1, "\"use\":\"sig\",\"alg\":\"EdDSA\",\"issuer\":\"i\""), WITH("a", X1, "\"use\":\"enc\",\"key_ops\":[\"verify\"]"),
     "altered a (use, alg, issuer, key_ops);", 0},
    {KEY("a", X1), WITH("a", X1, "\"d\":\"" X2 "\""), "altered a (private part);", 0},
};

static tscope_keyring *
set_of(const char *keys)
{
    char text[1024];
    tscope_keyring *keyring = new_keyring();

    ck_assert_int_lt(snprintf(text, sizeof(text), "{\"keys\":[%s]}", keys), (int)sizeof(text));
    ck_assert_int_eq(try_add(keyring, text, strlen(text), NULL, NULL), TSCOPE_OK);
    freeze(keyring);
    return keyring;
}

static void
put_words(const tscope_key_diff *diff, char words[256])
{
    struct tscope_key_difference_view difference;

    words[0] = '\0';
    for (size_t i = 0; tscope_key_diff_at(diff, i, &difference); i++) {
        const tscope_key *key = difference.to ? difference.to : difference.from;
        const char *kid = tscope_key_kid(key), *members = difference.members;
        size_t len = strlen(words);

        snprintf(words + len, 256 - len, "%s %s%s%s%s;", tscope_key_difference_id(difference.kind), kid ? kid : "-", members ? " (" : "",
                 members ? members : "", members ? ")" : "");
    }
}

START_TEST(diff_tells_what_a_kid_names_now)
{
    tscope_keyring *from = set_of(rows[_i].from), *to = set_of(rows[_i].to);
    tscope_key_diff *diff = NULL;
    char words[256];

    ck_assert_int_eq(tscope_key_diff_new(from, to, &diff, NULL), TSCOPE_OK);
    put_words(diff, words);
    ck_assert_str_eq(words, rows[_i].differences);
    ck_assert_uint_eq(tscope_key_diff_same(diff), rows[_i].same);
    tscope_key_diff_free(diff);
    tscope_keyring_free(from);
    tscope_keyring_free(to);
}
END_TEST

START_TEST(diff_survives_every_allocation_failure)
{
    tscope_keyring *from = set_of(KEY("a", X1) "," KEY("b", X2)), *to = set_of(KEY("a", X2) "," KEY("c", X1));
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    char *json = NULL;
    size_t json_len;

    for (unsigned long n = 1; status != TSCOPE_OK && n < 100; n++) {
        tscope_key_diff *diff = NULL;

        tscope_alloc_fail_from(n);
        status = tscope_key_diff_new(from, to, &diff, NULL);
        if (status == TSCOPE_OK)
            status = tscope_key_diff_json(diff, true, &json, &json_len, NULL);
        tscope_alloc_fail_from(0);
        tscope_key_diff_free(diff);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
    }
    ck_assert_int_eq(status, TSCOPE_OK);
    ck_assert_ptr_nonnull(strstr(json, "\"tokenscope.key-diff/1\""));
    tscope_free(json);
    tscope_keyring_free(from);
    tscope_keyring_free(to);
}
END_TEST

START_TEST(diff_of_rings_in_the_making_is_refused)
{
    tscope_keyring *frozen = set_of(""), *open = new_keyring();
    tscope_key_diff *diff = NULL;

    ck_assert_int_eq(tscope_key_diff_new(open, frozen, &diff, NULL), TSCOPE_ERR_STATE);
    ck_assert_int_eq(tscope_key_diff_new(frozen, open, &diff, NULL), TSCOPE_ERR_STATE);
    ck_assert_ptr_null(diff);
    tscope_keyring_free(frozen);
    tscope_keyring_free(open);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("diff");
    TCase *tcase = tcase_create("diff");

    tcase_add_loop_test(tcase, diff_tells_what_a_kid_names_now, 0, TSCOPE_COUNT(rows));
    tcase_add_test(tcase, diff_survives_every_allocation_failure);
    tcase_add_test(tcase, diff_of_rings_in_the_making_is_refused);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
