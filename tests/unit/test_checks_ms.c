/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/compromise.h"
#include "subject_building.h"

#define HEADER "{\"alg\":\"RS256\",\"kid\":\"k\"}"
#define TENANT "7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21"
#define UPPER_TENANT "7D0C1F6A-93B5-4E02-8C4B-5A1E0D9B6F21"
#define OTHER "c2b8e4d0-1a57-4f3c-9d66-0e7f5b2a8c94"
#define V2 "https://login.microsoftonline.com/" TENANT "/v2.0"
#define V1 "https://sts.windows.net/" TENANT "/"
#define CONSUMER "https://login.microsoftonline.com/" TSCOPE_CONSUMER_TENANT "/v2.0"
#define NONE (-1) /* no finding */

#define STORM_KID "{\"alg\":\"RS256\",\"kid\":\"" TSCOPE_STORM0558_KID "\"}"
#define STORM_X5T "{\"alg\":\"RS256\",\"x5t\":\"" TSCOPE_STORM0558_KID "\"}"
#define STORM_HEX "{\"alg\":\"RS256\",\"kid\":\"D4B4CCCDA9228624656BFF33D8110955779632AA\"}"
#define ENTERPRISE_AT(time) "{\"iss\":\"" V2 "\",\"tid\":\"" TENANT "\",\"iat\":" #time "}"

static const struct {
    const char *header, *payload;
    enum tscope_signature_status status;
    int severity;
} names[] = {
    {STORM_KID, ENTERPRISE_AT(1686787200), TSCOPE_STATUS_MISSING, TSCOPE_SEVERITY_HIGH},
    {STORM_X5T, ENTERPRISE_AT(1686787200), TSCOPE_STATUS_MISSING, TSCOPE_SEVERITY_HIGH},
    {STORM_HEX, ENTERPRISE_AT(1686787200), TSCOPE_STATUS_MISSING, TSCOPE_SEVERITY_HIGH},
    {STORM_KID, ENTERPRISE_AT(1680307200), TSCOPE_STATUS_MISSING, TSCOPE_SEVERITY_HIGH},
    {STORM_KID, ENTERPRISE_AT(1680307199), TSCOPE_STATUS_MISSING, TSCOPE_SEVERITY_INFO},
    {STORM_KID, ENTERPRISE_AT(1690847999), TSCOPE_STATUS_MISSING, TSCOPE_SEVERITY_HIGH},
    {STORM_KID, ENTERPRISE_AT(1690848000), TSCOPE_STATUS_MISSING, TSCOPE_SEVERITY_INFO},
    {STORM_KID, ENTERPRISE_AT(1686787200), TSCOPE_STATUS_UNVERIFIED, TSCOPE_SEVERITY_INFO},
    {STORM_KID, ENTERPRISE_AT(1686787200), TSCOPE_STATUS_FAILED, TSCOPE_SEVERITY_INFO},
    {STORM_KID, ENTERPRISE_AT(1686787200), TSCOPE_STATUS_NONE, TSCOPE_SEVERITY_INFO},
    {STORM_KID, ENTERPRISE_AT(1686787200), TSCOPE_STATUS_VERIFIED, TSCOPE_SEVERITY_INFO}, /* by another key */
    {STORM_KID, "{\"iss\":\"" V2 "\",\"iat\":1686787200}", TSCOPE_STATUS_MISSING, TSCOPE_SEVERITY_HIGH},
    {STORM_KID, "{\"iss\":\"" CONSUMER "\",\"tid\":\"" TSCOPE_CONSUMER_TENANT "\",\"iat\":1686787200}", TSCOPE_STATUS_MISSING,
     TSCOPE_SEVERITY_INFO},
    {STORM_KID, "{\"iss\":\"https://unknown.example\",\"iat\":1686787200}", TSCOPE_STATUS_MISSING, TSCOPE_SEVERITY_INFO},
    {STORM_KID, "{\"iss\":\"" V2 "\"}", TSCOPE_STATUS_MISSING, TSCOPE_SEVERITY_INFO},
    {STORM_KID, "{}", TSCOPE_STATUS_MISSING, TSCOPE_SEVERITY_INFO},
    {HEADER, ENTERPRISE_AT(1686787200), TSCOPE_STATUS_MISSING, NONE},
    {"{\"alg\":\"RS256\",\"kid\":\"1ltmzakihirla_8z2bejvxewmqo\"}", ENTERPRISE_AT(1686787200), TSCOPE_STATUS_MISSING, NONE},
    {"{\"alg\":\"RS256\",\"kid\":[\"" TSCOPE_STORM0558_KID "\"]}", ENTERPRISE_AT(1686787200), TSCOPE_STATUS_MISSING, NONE},
};

START_TEST(name_alone_is_graded_by_its_context)
{
    struct bench bench;
    const struct tscope_finding *finding;

    bench_init(&bench);
    bench.resolution.status = names[_i].status;
    bench_token(&bench, names[_i].header, names[_i].payload);
    finding = bench_run(&bench, "MS-STORM0558-KID");
    ck_assert_int_eq(finding ? (int)finding->severity : NONE, names[_i].severity);
    if (finding)
        ck_assert_int_eq(finding->proves, finding->severity == TSCOPE_SEVERITY_HIGH ? TSCOPE_PROVES_ANOMALY : TSCOPE_PROVES_NOTE);
    ck_assert_ptr_null(bench_run(&bench, "MS-STORM0558"));
    bench_clear(&bench);
}
END_TEST

static const struct {
    const char *payload;
    bool found, unknown;
} tenants[] = {
    {"{\"iss\":\"" V2 "\",\"tid\":\"" TENANT "\"}", false, false},
    {"{\"iss\":\"" V1 "\",\"tid\":\"" TENANT "\"}", false, false},
    {"{\"iss\":\"" V1 "\",\"tid\":\"" UPPER_TENANT "\"}", false, false},
    {"{\"iss\":\"" V1 "\",\"tid\":\"" OTHER "\"}", true, false},
    {"{\"iss\":\"" V1 "\",\"tid\":\"\"}", true, false},
    {"{\"iss\":\"" V1 "\",\"tid\":null}", true, false},
    {"{\"iss\":\"" V1 "\",\"tid\":[\"" TENANT "\"]}", true, false},
    {"{\"iss\":\"" V1 "\"}", false, true},
    {"{\"iss\":\"" CONSUMER "\",\"tid\":\"" TSCOPE_CONSUMER_TENANT "\"}", false, false},
    {"{\"iss\":\"" CONSUMER "\",\"tid\":\"" TENANT "\"}", true, false},
    {"{\"iss\":\"https://login.microsoftonline.com/{tenantid}/v2.0\",\"tid\":\"" TENANT "\"}", true, false},
    {"{\"iss\":\"https://login.microsoftonline.com/common/v2.0\",\"tid\":\"" TENANT "\"}", true, false},
    {"{\"iss\":\"https://corp.b2clogin.com/" TENANT "/v2.0/\"}", false, true},
    {"{\"iss\":\"http://fs.corp.example/adfs/services/trust\"}", false, true},
    {"{\"iss\":\"" OTHER "@" TENANT "\"}", false, true},
    {"{\"iss\":\"https://api.botframework.com\"}", false, false},
    {"{\"iss\":\"https://id.example\",\"tid\":\"" TENANT "\"}", false, false},
    {"{\"iss\":7,\"tid\":\"" TENANT "\"}", false, false},
    {"{\"tid\":\"" TENANT "\"}", false, false},
    {"[]", false, false},
};

START_TEST(tid_must_be_the_tenant_of_the_issuer)
{
    struct bench bench;

    bench_init(&bench);
    bench_token(&bench, HEADER, tenants[_i].payload);
    ck_assert_int_eq(bench_run(&bench, "MS-TID-ISS") != NULL, tenants[_i].found);
    ck_assert_uint_eq(bench.findings.unknown_len, tenants[_i].unknown);
    if (tenants[_i].unknown)
        ck_assert_int_eq(bench.findings.unknown[0].could_change, TSCOPE_CHANGES_NOTHING);
    bench_clear(&bench);
}
END_TEST

static const struct {
    const char *payload;
    int severity;
} lives[] = {
    {"{\"iss\":\"" V2 "\",\"iat\":1000,\"exp\":102400}", NONE},
    {"{\"iss\":\"" V2 "\",\"iat\":1000,\"exp\":102401}", TSCOPE_SEVERITY_MEDIUM},
    {"{\"iss\":\"" V2 "\",\"iat\":1000,\"exp\":1600}", NONE},
    {"{\"iss\":\"" V2 "\",\"iat\":1000,\"exp\":1599}", TSCOPE_SEVERITY_LOW},
    {"{\"iss\":\"" V2 "\",\"iat\":1000,\"exp\":1000}", NONE}, /* that is one of order */
    {"{\"iss\":\"" V2 "\",\"iat\":-99999999999,\"exp\":99999999999}", TSCOPE_SEVERITY_MEDIUM},
    {"{\"iss\":\"" V2 "\",\"nbf\":1000,\"exp\":9999999}", NONE},
    {"{\"iss\":\"" V2 "\",\"iat\":1000}", NONE},
    {"{\"iss\":\"https://id.example\",\"iat\":1000,\"exp\":9999999}", NONE},
};

START_TEST(lifetime_is_held_against_the_profile)
{
    struct bench bench;
    const struct tscope_finding *finding;

    bench_init(&bench);
    bench_token(&bench, HEADER, lives[_i].payload);
    finding = bench_run(&bench, "MS-LIFE");
    ck_assert_int_eq(finding ? (int)finding->severity : NONE, lives[_i].severity);
    bench_clear(&bench);
}
END_TEST

static const struct {
    const char *payload;
    enum tscope_cloud cloud;
    enum tscope_right right;
    bool found, unknown;
} clouds[] = {
    {"{\"iss\":\"" V2 "\"}", TSCOPE_CLOUD_PUBLIC, TSCOPE_RIGHT_YES, false, false},
    {"{\"iss\":\"" V2 "\"}", TSCOPE_CLOUD_UNKNOWN, TSCOPE_RIGHT_YES, false, false},
    {"{\"iss\":\"" V2 "\"}", TSCOPE_CLOUD_US_GOV, TSCOPE_RIGHT_CLOUD, true, false},
    {"{\"iss\":\"" V2 "\"}", TSCOPE_CLOUD_PRE_PRODUCTION, TSCOPE_RIGHT_TEST, false, false},
    {"{\"iss\":\"" V2 "\"}", TSCOPE_CLOUD_US_GOV, TSCOPE_RIGHT_FAMILY, false, false},
    {"{\"iss\":\"" V1 "\"}", TSCOPE_CLOUD_US_GOV, TSCOPE_RIGHT_YES, false, true},
    {"{\"iss\":\"https://sts.chinacloudapi.cn/" TENANT "/\"}", TSCOPE_CLOUD_PUBLIC, TSCOPE_RIGHT_CLOUD, false, true},
    {"{\"iss\":\"https://id.example\"}", TSCOPE_CLOUD_US_GOV, TSCOPE_RIGHT_UNKNOWN, false, false},
};

START_TEST(clouds_are_compared_under_version_2_alone)
{
    struct bench bench;

    bench_init(&bench);
    tscope_keyring_free(bench.keyring);
    bench.inspector.keyring = bench.keyring = keyring_of("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}", 1);
    bench.resolution.status = TSCOPE_STATUS_VERIFIED;
    bench.resolution.key = tscope_keyring_key(bench.keyring, 0);
    bench.resolution.right = clouds[_i].right;
    bench.resolution.standing =
        (struct tscope_standing){.family = TSCOPE_SPAN("entra-enterprise"), .cloud = clouds[_i].cloud, .from = TSCOPE_FAMILY_FROM_ISSUER};
    bench_token(&bench, HEADER, clouds[_i].payload);
    ck_assert_int_eq(bench_run(&bench, "MS-CLOUD") != NULL, clouds[_i].found);
    ck_assert_uint_eq(bench.findings.unknown_len, clouds[_i].unknown);
    bench_clear(&bench);
}
END_TEST

START_TEST(digest_of_the_nonce_is_noted_when_it_verified)
{
    struct bench bench;

    bench_init(&bench);
    bench_token(&bench, "{\"alg\":\"RS256\",\"nonce\":\"n\"}", "{}");
    bench.resolution.input = TSCOPE_INPUT_NONCE_HASHED;
    ck_assert_ptr_null(bench_run(&bench, "MS-NONCE"));
    bench.resolution.status = TSCOPE_STATUS_VERIFIED;
    ck_assert_ptr_nonnull(bench_run(&bench, "MS-NONCE"));
    bench.resolution.input = TSCOPE_INPUT_AS_SENT;
    ck_assert_ptr_null(bench_run(&bench, "MS-NONCE"));
    bench_clear(&bench);
}
END_TEST

#define CLI "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
#define TEAMS "1fec8e78-bce4-4aaf-ab1b-5451cc387264"
#define EDGE "e9c51622-460d-4d3d-952d-966a5b1da34c"
#define CLIENT_AND_AUD(iss, claim, client, aud) "{\"iss\":\"" iss "\",\"" claim "\":\"" client "\",\"aud\":" aud "}"

static const struct {
    const char *payload;
    bool found;
} family[] = {
    {CLIENT_AND_AUD(V1, "appid", CLI, "\"https://outlook.office365.com/\""), true},
    {CLIENT_AND_AUD(V2, "azp", CLI, "\"00000002-0000-0FF1-CE00-000000000000\""), true},
    {CLIENT_AND_AUD(V1, "appid", TEAMS, "\"https://management.azure.com\""), true},
    {CLIENT_AND_AUD(V1, "appid", CLI, "\"https://corp.sharepoint.com\""), true},
    {CLIENT_AND_AUD(V1, "appid", CLI, "\"https://corp.sharepoint.com.example\""), false},
    {CLIENT_AND_AUD(V1, "appid", TEAMS, "\"https://corp.sharepoint.com\""), false},
    {CLIENT_AND_AUD(V1, "appid", CLI, "\"https://management.azure.com\""), false},
    {CLIENT_AND_AUD(V1, "appid", CLI, "\"https://graph.microsoft.com\""), false},
    {CLIENT_AND_AUD(V1, "appid", CLI, "[\"https://outlook.office365.com/\"]"), false},
    {CLIENT_AND_AUD(V1, "appid", CLI, "\"\""), false},
    {CLIENT_AND_AUD(V1, "appid", EDGE, "\"https://management.azure.com\""), false}, /* made for nothing in particular */
    {CLIENT_AND_AUD(V1, "appid", OTHER, "\"https://management.azure.com\""), false},
    {CLIENT_AND_AUD("https://id.example", "appid", CLI, "\"https://outlook.office365.com\""), false},
    {"{\"iss\":\"" V1 "\",\"appid\":\"" CLI "\"}", false},
    {"{\"iss\":\"" V1 "\",\"appid\":7,\"aud\":\"https://outlook.office365.com\"}", false},
};

START_TEST(family_clients_are_noted_on_what_they_are_not_made_for)
{
    struct bench bench;

    bench_init(&bench);
    bench_token(&bench, HEADER, family[_i].payload);
    ck_assert_int_eq(bench_run(&bench, "MS-FOCI") != NULL, family[_i].found);
    bench_clear(&bench);
}
END_TEST

#define FACTORS(iss, rest) "{\"iss\":\"" iss "\"" rest "}"
#define HOUSE "https://id.example"

static const struct {
    const char *payload;
    bool found, unknown;
} factors[] = {
    {FACTORS(V1, ",\"amr\":[\"pwd\"]"), true, false},
    {FACTORS(V1, ",\"amr\":[]"), true, false},
    {FACTORS(V1, ",\"amr\":[\"MFA\"]"), true, false},
    {FACTORS(V1, ",\"amr\":[7,null]"), true, false},
    {FACTORS(V1, ",\"amr\":[\"pwd\",\"rsa\"]"), true, false},
    {FACTORS(V1, ",\"amr\":[\"pwd\",\"mfa\"]"), false, false},
    {FACTORS(V1, ",\"amr\":[\"ngcmfa\"]"), false, false},
    {FACTORS(V1, ",\"amr\":[\"wiaormfa\"]"), false, true},
    {FACTORS(V1, ",\"amr\":\"mfa\""), false, true},
    {FACTORS(V2, ""), false, true},
    {FACTORS(V1, ",\"idtyp\":\"app\""), false, false},
    {FACTORS(HOUSE, ",\"amr\":[\"pwd\"]"), true, false},
    {FACTORS(HOUSE, ",\"amr\":[\"pwd\",\"otp\"]"), false, true},
    {FACTORS(HOUSE, ",\"amr\":[\"mfa\"]"), false, false},
};

START_TEST(second_factor_is_asked_for_by_policy_alone)
{
    struct bench bench;

    bench_init(&bench);
    bench_token(&bench, HEADER, factors[_i].payload);
    ck_assert_ptr_null(bench_run(&bench, "MS-MFA"));
    ck_assert_uint_eq(bench.findings.unknown_len, 0);
    bench.subject.policy.require_mfa = true;
    ck_assert_int_eq(bench_run(&bench, "MS-MFA") != NULL, factors[_i].found);
    ck_assert_uint_eq(bench.findings.unknown_len, factors[_i].unknown);
    bench_clear(&bench);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("checks_ms");
    TCase *tests = tcase_create("checks_ms");

    tcase_add_loop_test(tests, name_alone_is_graded_by_its_context, 0, TSCOPE_COUNT(names));
    tcase_add_loop_test(tests, tid_must_be_the_tenant_of_the_issuer, 0, TSCOPE_COUNT(tenants));
    tcase_add_loop_test(tests, lifetime_is_held_against_the_profile, 0, TSCOPE_COUNT(lives));
    tcase_add_loop_test(tests, clouds_are_compared_under_version_2_alone, 0, TSCOPE_COUNT(clouds));
    tcase_add_test(tests, digest_of_the_nonce_is_noted_when_it_verified);
    tcase_add_loop_test(tests, family_clients_are_noted_on_what_they_are_not_made_for, 0, TSCOPE_COUNT(family));
    tcase_add_loop_test(tests, second_factor_is_asked_for_by_policy_alone, 0, TSCOPE_COUNT(factors));
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
