/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/history.h>

#include "core/time.h"
#include "keys_samples.h"
#include "keys_testing.h"

#define DAY 86400

/* a: listed by E from day 10 to 13 and gone from day 14; b: never listed, its issuer member says whose it is. */
#define HISTORY                                                                                                                      \
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":" SAMPLE_ED25519_JWK "},"                              \
    "{\"id\":\"b\",\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"issuer\":\"https://b.example/{tenantid}/v2.0\","                   \
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}}],"                                                                      \
    "\"endpoints\":[{\"id\":\"E\",\"url\":\"https://e.example/keys\",\"issuer\":\"https://e.example/{tenantid}/\",\"families\":[]}," \
    "{\"id\":\"F\",\"url\":\"https://f.example/keys\",\"issuer\":null,\"families\":[]}],"                                            \
    "\"snapshots\":[{\"endpoint\":\"E\",\"observed_at\":604800,\"source\":\"s7\",\"keys\":[]},"                                      \
    "{\"endpoint\":\"E\",\"observed_at\":691200,\"source\":\"s8\",\"keys\":[]},"                                                     \
    "{\"endpoint\":\"E\",\"observed_at\":864000,\"source\":\"s10\",\"keys\":[\"a\"]},"                                               \
    "{\"endpoint\":\"E\",\"observed_at\":1123200,\"source\":\"s13\",\"keys\":[\"a\"]},"                                              \
    "{\"endpoint\":\"E\",\"observed_at\":1209600,\"source\":\"s14\",\"keys\":[]},"                                                   \
    "{\"endpoint\":\"E\",\"observed_at\":1296000,\"source\":\"s15\",\"keys\":[]}],"                                                  \
    "\"sightings\":[{\"key\":\"b\",\"endpoint\":\"F\",\"at\":null,\"source\":\"s\",\"kind\":\"cited\"}]}"

static tscope_keyring *
history_ring(void)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_error err = {0};

    ck_assert_msg(tscope_keyring_add_history(keyring, (const uint8_t *)HISTORY, strlen(HISTORY), "h", &err) == TSCOPE_OK, "%s",
                  err.message);
    freeze(keyring);
    return keyring;
}

static const struct {
    const char *endpoint;
    int64_t at;
    const char *state;
} states[] = {
    {NULL, 10 * DAY, "published"},       {NULL, 13 * DAY, "published"},   {NULL, 13 * DAY + 1, "unknown"},
    {NULL, 14 * DAY, "retired"},         {NULL, 7 * DAY - 1, "early"},    {NULL, 7 * DAY, "unknown"},
    {NULL, TSCOPE_TIME_NONE, "unknown"}, {"E", 11 * DAY, "published"},    {"https://e.example/keys", 11 * DAY, "published"},
    {"F", 11 * DAY, "unknown"},          {"nobody", 11 * DAY, "unknown"},
};

START_TEST(state_is_what_the_sets_prove)
{
    tscope_keyring *keyring = history_ring();
    struct tscope_key_state_view view;

    tscope_key_state_at(keyring, tscope_keyring_key(keyring, 0), states[_i].endpoint, states[_i].at, &view);
    ck_assert_str_eq(tscope_key_state_id(view.state), states[_i].state);
    ck_assert(view.state == TSCOPE_KEY_STATE_UNKNOWN ? view.endpoint == NULL : strcmp(view.endpoint, "E") == 0);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(state_of_a_key_without_history_is_unknown)
{
    tscope_keyring *keyring = keyring_of(SAMPLE_EC_JWK, 1);
    struct tscope_key_state_view view;

    tscope_key_state_at(keyring, tscope_keyring_key(keyring, 0), NULL, DAY, &view);
    ck_assert_int_eq(view.state, TSCOPE_KEY_STATE_UNKNOWN);
    ck_assert_int_eq(view.before, TSCOPE_TIME_NONE);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(endpoint_that_listed_a_key_is_found_by_id_and_address)
{
    tscope_keyring *keyring = history_ring();
    const tscope_key *a = tscope_keyring_key(keyring, 0), *b = tscope_keyring_key(keyring, 1);

    ck_assert(tscope_key_is_listed_by(keyring, a, "E"));
    ck_assert(tscope_key_is_listed_by(keyring, a, "https://e.example/keys"));
    ck_assert(!tscope_key_is_listed_by(keyring, a, "F"));
    ck_assert(!tscope_key_is_listed_by(keyring, a, "e"));
    ck_assert(tscope_key_is_listed_by(keyring, b, "F"));
    tscope_keyring_free(keyring);
}
END_TEST

static const struct {
    size_t key;
    const char *issuer;
    enum tscope_key_issuer_match match;
} issuers[] = {
    {0, "https://e.example/{tenantid}/", TSCOPE_KEY_ISSUER_EXACT},
    {0, "https://e.example/contoso/", TSCOPE_KEY_ISSUER_TEMPLATE},
    {0, "https://e.example//", TSCOPE_KEY_ISSUER_NONE}, /* no tenant at all */
    {0, "https://e.example/a/b/", TSCOPE_KEY_ISSUER_NONE},
    {0, "https://e.example/contoso", TSCOPE_KEY_ISSUER_NONE},
    {0, "https://e.example/", TSCOPE_KEY_ISSUER_NONE},
    {0, "", TSCOPE_KEY_ISSUER_NONE},
    {1, "https://b.example/contoso/v2.0", TSCOPE_KEY_ISSUER_TEMPLATE},
    {1, "https://b.example/contoso/v1.0", TSCOPE_KEY_ISSUER_NONE},
    {1, "https://e.example/contoso/", TSCOPE_KEY_ISSUER_NONE},
};

START_TEST(issuer_is_the_keys_own_or_its_endpoints)
{
    tscope_keyring *keyring = history_ring();

    ck_assert_int_eq(tscope_key_match_issuer(keyring, tscope_keyring_key(keyring, issuers[_i].key), issuers[_i].issuer), issuers[_i].match);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(history_is_told_from_key_sets)
{
    static const char *const others[] = {"",
                                         "{}",
                                         "[]",
                                         "nonsense",
                                         "{\"keys\":[]}",
                                         "{\"format\":1}",
                                         "{\"format\":\"tokenscope-key-history/2\"}",
                                         "[\"tokenscope-key-history/1\"]"};

    ck_assert(tscope_history_is((const uint8_t *)HISTORY, strlen(HISTORY)));
    ck_assert(!tscope_history_is(NULL, 0));
    for (size_t i = 0; i < TSCOPE_COUNT(others); i++)
        ck_assert(!tscope_history_is((const uint8_t *)others[i], strlen(others[i])));
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("listing");
    TCase *tcase = tcase_create("listing");

    tcase_add_loop_test(tcase, state_is_what_the_sets_prove, 0, TSCOPE_COUNT(states));
    tcase_add_test(tcase, state_of_a_key_without_history_is_unknown);
    tcase_add_test(tcase, endpoint_that_listed_a_key_is_found_by_id_and_address);
    tcase_add_loop_test(tcase, issuer_is_the_keys_own_or_its_endpoints, 0, TSCOPE_COUNT(issuers));
    tcase_add_test(tcase, history_is_told_from_key_sets);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
