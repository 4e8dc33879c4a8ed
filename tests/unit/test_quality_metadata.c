/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/lint.h>

#include "keys_testing.h"

#define NONE (-1) /* no finding */
#define TENANT "7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21"
#define DOCUMENT(issuer, keys) "{\"issuer\":\"" issuer "\",\"jwks_uri\":\"" keys "\"}"

static const struct {
    const char *text, *asked;
    int severity;
} documents[] = {
    {DOCUMENT("https://id.example", "https://id.example/keys"), NULL, NONE},
    {DOCUMENT("https://id.example", "https://ID.example:443/keys"), NULL, NONE},
    {DOCUMENT("https://id.example", "https://keys.id.example/keys"), NULL, NONE},
    {DOCUMENT("https://id.example", "https://keys.example/keys"), NULL, TSCOPE_SEVERITY_HIGH},
    {DOCUMENT("https://id.corp.example", "https://keys.corp.example/keys"), NULL, NONE},
    {DOCUMENT("https://id.corp.example", "https://id.corp.example.evil.test/keys"), NULL, TSCOPE_SEVERITY_HIGH},
    {DOCUMENT("https://id.corp.example", "https://id.corp.example@evil.test/keys"), NULL, TSCOPE_SEVERITY_HIGH},
    {DOCUMENT("https://id.corp.example", "https://evil.test\\\\@id.corp.example/keys"), NULL, TSCOPE_SEVERITY_HIGH},
    {DOCUMENT("https://id.corp.example", "https://evil.test?https://id.corp.example/keys"), NULL, TSCOPE_SEVERITY_HIGH},
    {DOCUMENT("https://a.corp.co.uk", "https://b.corp.co.uk/keys"), NULL, NONE},
    {DOCUMENT("https://a.corp.co.uk", "https://b.evil.co.uk/keys"), NULL, TSCOPE_SEVERITY_HIGH},
    {DOCUMENT("https://a.co.uk", "https://b.co.uk/keys"), NULL, TSCOPE_SEVERITY_HIGH},
    /* providers whose keys are on another host of theirs */
    {DOCUMENT("https://accounts.google.com", "https://www.googleapis.com/oauth2/v3/certs"), NULL, NONE},
    {DOCUMENT("https://accounts.google.com", "https://storage.googleapis.com/keys"), NULL, TSCOPE_SEVERITY_HIGH},
    {DOCUMENT("https://www.paypal.com", "https://api.paypal.com/v1/oauth2/certs"), NULL, NONE},
    {DOCUMENT("https://appleid.apple.com", "https://appleid.apple.com/auth/keys"), NULL, NONE},
    {DOCUMENT("https://cognito-idp.eu-west-1.amazonaws.com/p", "https://cognito-idp.eu-west-1.amazonaws.com/p/.well-known/jwks.json"), NULL,
     NONE},
    {DOCUMENT("https://token.actions.githubusercontent.com", "https://token.actions.githubusercontent.com/.well-known/jwks"), NULL, NONE},
    {DOCUMENT("https://api.botframework.com", "https://login.botframework.com/v1/.well-known/keys"), NULL, NONE},
    {DOCUMENT("https://sts.windows.net/" TENANT "/", "https://login.microsoftonline.com/common/discovery/keys"), NULL, NONE},
    {DOCUMENT("https://sts.windows.net/" TENANT "/", "https://evil.blob.core.windows.net/keys"), NULL, TSCOPE_SEVERITY_MEDIUM},
    {DOCUMENT("https://a.github.io", "https://a.github.io/keys"), NULL, NONE},
    {DOCUMENT("https://a.github.io", "https://b.github.io/keys"), NULL, TSCOPE_SEVERITY_MEDIUM},
    /* clusters: an issuer inside, and the address of its server */
    {DOCUMENT("https://kubernetes.default.svc.cluster.local", "https://10.0.0.1:6443/openid/v1/jwks"), NULL, NONE},
    {DOCUMENT("https://kubernetes.default.svc", "https://[fd00::1]:6443/openid/v1/jwks"), NULL, NONE},
    {DOCUMENT("https://id.example", "https://10.0.0.1/keys"), NULL, TSCOPE_SEVERITY_MEDIUM},
    {DOCUMENT("https://id.example", "https://[fd00::1]:6443/keys"), NULL, TSCOPE_SEVERITY_MEDIUM},
    {DOCUMENT("https://id.example", "https://localhost/keys"), NULL, TSCOPE_SEVERITY_MEDIUM},
    /* nothing to compare */
    {DOCUMENT("https://id.example", "/keys"), NULL, NONE},
    {DOCUMENT("https://id.example", "https://"), NULL, NONE},
    {DOCUMENT("", "https://id.example/keys"), NULL, NONE},
    {DOCUMENT("joe", "https://id.example/keys"), NULL, NONE},
    {"{\"issuer\":7,\"jwks_uri\":\"https://id.example/keys\"}", NULL, NONE},
    {"{\"issuer\":\"https://id.example\",\"jwks_uri\":[]}", NULL, NONE},
    {"{\"jwks_uri\":\"https://id.example/keys\"}", NULL, NONE},
    /* the issuer it was asked of */
    {DOCUMENT("https://id.example", "https://id.example/keys"), "https://id.example", NONE},
    {DOCUMENT("https://id.example/", "https://id.example/keys"), "https://id.example", NONE},
    {DOCUMENT("https://id.example/b", "https://id.example/keys"), "https://id.example/a", TSCOPE_SEVERITY_MEDIUM},
    {DOCUMENT("https://other.test", "https://other.test/keys"), "https://id.example", TSCOPE_SEVERITY_HIGH},
    {DOCUMENT("joe", "https://id.example/keys"), "https://id.example", TSCOPE_SEVERITY_HIGH},
    {DOCUMENT("https://login.microsoftonline.com/{tenantid}/v2.0", "https://login.microsoftonline.com/common/discovery/v2.0/keys"),
     "https://login.microsoftonline.com/common/v2.0", NONE},
    {DOCUMENT("https://sts.windows.net/" TENANT "/", "https://login.microsoftonline.com/common/discovery/keys"),
     "https://login.microsoftonline.com/corp.example", NONE},
    {DOCUMENT("https://login.microsoftonline.com/{tenantid}/v2.0", "https://login.microsoftonline.com/common/discovery/v2.0/keys"),
     "https://id.example", TSCOPE_SEVERITY_HIGH},
};

START_TEST(metadata_is_held_against_its_own_words)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_lint_view finding = {0};
    size_t len = strlen(documents[_i].text);
    uint8_t *copy = exact_copy(documents[_i].text, len);
    tscope_lint *lint = NULL;

    ck_assert_int_eq(tscope_keyring_add(keyring, copy, len, "sample", documents[_i].asked, NULL, NULL), TSCOPE_OK);
    free(copy);
    freeze(keyring);
    ck_assert_int_eq(tscope_lint_new(keyring, 0, &lint, NULL), TSCOPE_OK);
    ck_assert_uint_eq(tscope_lint_findings(lint), documents[_i].severity != NONE);
    if (tscope_lint_finding(lint, 0, &finding)) {
        ck_assert_str_eq(finding.id, "OIDC-MIXUP");
        ck_assert_int_eq(finding.severity, documents[_i].severity);
        ck_assert_ptr_null(finding.key);
        ck_assert_str_eq(finding.source, "sample");
    }
    ck_assert_int_eq(tscope_lint_is_bad(lint), documents[_i].severity == TSCOPE_SEVERITY_HIGH);
    tscope_lint_free(lint);
    tscope_keyring_free(keyring);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("quality_metadata");
    TCase *tests = tcase_create("quality_metadata");

    tcase_add_loop_test(tests, metadata_is_held_against_its_own_words, 0, TSCOPE_COUNT(documents));
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
