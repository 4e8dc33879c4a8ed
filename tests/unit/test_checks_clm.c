/* SPDX-License-Identifier: Apache-2.0 */
#include "subject_building.h"

#define HEADER "{\"alg\":\"RS256\",\"kid\":\"k\"}"
#define TENANT "7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21"
#define OTHER "c2b8e4d0-1a57-4f3c-9d66-0e7f5b2a8c94"
#define V2 "https://login.microsoftonline.com/" TENANT "/v2.0"
#define V1 "https://sts.windows.net/" TENANT "/"
#define NONE (-1) /* no finding */

/* Asks one row of one payload; NONE, or the severity it gives. */
static int
ask(struct bench *bench, const char *id, const char *payload)
{
    const struct tscope_finding *finding;

    bench_token(bench, HEADER, payload);
    finding = bench_run(bench, id);
    return finding ? (int)finding->severity : NONE;
}

static const struct {
    const char *id, *payload;
    int64_t seen, now; /* 0: not known */
    int severity;
} clocks[] = {
    {"CLM-EXP", "{\"exp\":10000}", 0, 99999, NONE}, /* by now is only wording */
    {"CLM-EXP", "{\"exp\":10000}", 9999, 0, NONE},
    {"CLM-EXP", "{\"exp\":10000}", 10000, 0, TSCOPE_SEVERITY_INFO}, /* RFC 7519: on or after */
    {"CLM-EXP", "{\"exp\":10000}", 10300, 0, TSCOPE_SEVERITY_INFO},
    {"CLM-EXP", "{\"exp\":10000}", 10301, 0, TSCOPE_SEVERITY_MEDIUM},
    {"CLM-EXP", "{\"exp\":10000}", INT64_MAX, 0, TSCOPE_SEVERITY_MEDIUM},
    {"CLM-EXP", "{\"exp\":9999.5}", 9999, 0, NONE},
    {"CLM-EXP", "{\"exp\":9999.5}", 10000, 0, TSCOPE_SEVERITY_INFO},
    {"CLM-EXP", "{\"exp\":-9999.5}", -9999, 0, TSCOPE_SEVERITY_INFO},
    {"CLM-EXP", "{\"exp\":-9999.5}", -10000, 0, NONE},
    {"CLM-EXP", "{\"exp\":\"10000\"}", 99999, 0, NONE},
    {"CLM-EXP", "{}", 99999, 0, NONE},
    {"CLM-NBF", "{\"nbf\":10000}", 9700, 0, NONE},
    {"CLM-NBF", "{\"nbf\":10000}", 9699, 0, TSCOPE_SEVERITY_MEDIUM},
    {"CLM-NBF", "{\"nbf\":10000}", 0, 9700, NONE},
    {"CLM-NBF", "{\"nbf\":10000}", 0, 9699, TSCOPE_SEVERITY_MEDIUM},
    {"CLM-NBF", "{\"nbf\":10000}", 9699, 99999, TSCOPE_SEVERITY_MEDIUM},
    {"CLM-NBF", "{\"nbf\":10000}", 0, 0, NONE},
    {"CLM-NBF", "{\"nbf\":-99999999999}", INT64_MIN + 1, 0, TSCOPE_SEVERITY_MEDIUM},
    {"CLM-IAT-FUT", "{\"iat\":10000}", 9700, 0, NONE},
    {"CLM-IAT-FUT", "{\"iat\":10000}", 9699, 0, TSCOPE_SEVERITY_HIGH},
    {"CLM-IAT-FUT", "{\"iat\":10000}", 0, 9700, NONE},
    {"CLM-IAT-FUT", "{\"iat\":10000}", 0, 9699, TSCOPE_SEVERITY_HIGH},
    {"CLM-IAT-FUT", "{\"iat\":10000}", 0, 0, NONE},
    {"CLM-IAT-FUT", "{\"iat\":1780272000000}", 0, 1780272000, NONE}, /* milliseconds are no time of the future */
    {"CLM-IAT-FUT", "{\"iat\":253402300799}", 0, 1780272000, TSCOPE_SEVERITY_HIGH},
};

START_TEST(clock_decides_with_its_leeway)
{
    struct bench bench;

    bench_init(&bench);
    bench.moment.seen = clocks[_i].seen ? clocks[_i].seen : TSCOPE_TIME_UNKNOWN;
    bench.moment.now = clocks[_i].now ? clocks[_i].now : TSCOPE_TIME_UNKNOWN;
    ck_assert_int_eq(ask(&bench, clocks[_i].id, clocks[_i].payload), clocks[_i].severity);
    bench_clear(&bench);
}
END_TEST

static const struct {
    const char *payload;
    const char *words; /* in the detail; NULL: in order */
} orders[] = {
    {"{}", NULL},
    {"{\"iat\":10,\"nbf\":10,\"exp\":11}", NULL},
    {"{\"iat\":11,\"nbf\":10,\"exp\":11}", NULL},
    {"{\"iat\":12,\"nbf\":10,\"exp\":11}", "iat is after exp"},
    {"{\"nbf\":10,\"exp\":10}", "exp is not after nbf"},
    {"{\"nbf\":10,\"exp\":9}", "exp is not after nbf"},
    {"{\"iat\":0,\"exp\":1.0}", NULL}, /* whole, however it is written */
    {"{\"exp\":1e9}", NULL},
    {"{\"exp\":1.5}", "exp has a fraction"},
    {"{\"exp\":-1}", "exp is negative"},
    {"{\"exp\":-0.5}", "exp is negative"},
    {"{\"exp\":253402300799}", NULL},
    {"{\"exp\":253402300800}", "milliseconds"},
    {"{\"iat\":1780272000000,\"exp\":1780275600000}", "iat counts no seconds, but milliseconds or less; exp counts"},
    {"{\"exp\":1e400}", "exp"},
    {"{\"exp\":\"1780272000\"}", "exp is a string"},
    {"{\"nbf\":null}", "nbf is no number"},
    {"{\"iat\":[1]}", "iat is no number"},
    {"{\"iat\":true,\"nbf\":{},\"exp\":\"\"}", "iat is no number; nbf is no number; exp is a string"},
};

START_TEST(times_are_in_order_and_of_form)
{
    struct bench bench;
    int severity;

    bench_init(&bench);
    severity = ask(&bench, "CLM-ORDER", orders[_i].payload);
    ck_assert_int_eq(severity, orders[_i].words ? TSCOPE_SEVERITY_MEDIUM : NONE);
    if (orders[_i].words)
        ck_assert_msg(strstr(bench.findings.found[0].detail, orders[_i].words) != NULL, "%s", bench.findings.found[0].detail);
    bench_clear(&bench);
}
END_TEST

START_TEST(milliseconds_date_nothing)
{
    struct bench bench;

    bench_init(&bench);
    bench_token(&bench, HEADER, "{\"iat\":1780272000000,\"nbf\":1780272000}");
    ck_assert_int_eq(bench.subject.iat, TSCOPE_TIME_NONE);
    ck_assert_int_eq(bench.subject.then, 1780272000);
    ck_assert_int_eq(bench.subject.then_from, TSCOPE_THEN_NBF);
    bench_clear(&bench);
}
END_TEST

START_TEST(expiry_is_missed_where_it_belongs)
{
    struct bench bench;

    bench_init(&bench);
    ck_assert_int_eq(ask(&bench, "CLM-NOEXP", "{\"sub\":\"robin\"}"), TSCOPE_SEVERITY_MEDIUM);
    ck_assert_int_eq(ask(&bench, "CLM-NOEXP", "{}"), NONE); /* any signed message */
    bench_token(&bench, "{\"alg\":\"RS256\",\"typ\":\"application/jwt\"}", "{}");
    ck_assert_ptr_nonnull(bench_run(&bench, "CLM-NOEXP"));
    ck_assert_int_eq(ask(&bench, "CLM-NOEXP", "{\"exp\":0}"), NONE);
    ck_assert_int_eq(ask(&bench, "CLM-NOEXP", "{\"exp\":null}"), NONE); /* that is one of a wrong form */
    ck_assert_int_eq(ask(&bench, "CLM-NOEXP", "[]"), NONE);
    ck_assert_int_eq(ask(&bench, "CLM-NOEXP", "{\"sub\":\"robin\",\"exp"), NONE); /* cut off: who knows */
    ck_assert_uint_eq(bench.findings.unknown_len, 1);
    bench_clear(&bench);
}
END_TEST

static const struct {
    const char *issuer, *tenant; /* asked for; NULL: not */
    const char *payload;
    bool wrong;
} policies[] = {
    {NULL, NULL, "{}", false},
    {"https://a", NULL, "{\"iss\":\"https://a\"}", false},
    {"https://a", NULL, "{\"iss\":\"https://A\"}", true},
    {"https://a", NULL, "{\"iss\":\"https://a/\"}", true},
    {"https://a", NULL, "{\"iss\":[\"https://a\"]}", true},
    {"https://a", NULL, "{\"iss\":null}", true},
    {"https://a", NULL, "{}", true},
    {"https://a", NULL, "[]", true},
    {"https://a", NULL, "no JSON", true},
    {"https://login.microsoftonline.com/{tenantid}/v2.0", NULL, "{\"iss\":\"" V2 "\"}", false},
    {"https://login.microsoftonline.com/{tenantid}/v2.0", NULL, "{\"iss\":\"" V1 "\"}", true},
    {"https://login.microsoftonline.com/{tenantid}/v2.0", NULL, "{\"iss\":\"https://login.microsoftonline.com/a/b/v2.0\"}", true},
    {NULL, TENANT, "{\"iss\":\"" V1 "\",\"tid\":\"" TENANT "\"}", false},
    {NULL, "7D0C1F6A-93B5-4E02-8C4B-5A1E0D9B6F21", "{\"iss\":\"" V1 "\",\"tid\":\"" TENANT "\"}", false},
    {NULL, TENANT, "{\"iss\":\"" V1 "\"}", false},
    {NULL, TENANT, "{\"iss\":\"https://unknown.example\",\"tid\":\"" TENANT "\"}", false},
    {NULL, OTHER, "{\"iss\":\"" V1 "\",\"tid\":\"" TENANT "\"}", true},
    {NULL, OTHER, "{\"iss\":\"" V1 "\",\"tid\":\"" OTHER "\"}", true}, /* one of the two is not enough */
    {NULL, TENANT, "{\"iss\":\"" V1 "\",\"tid\":7}", true},
    {NULL, TENANT, "{\"iss\":\"https://evil.example/" TENANT "/\"}", true},
    {NULL, TENANT, "{}", true},
    {NULL, TENANT, "{\"iss\":\"https://corp.b2clogin.com/" TENANT "/v2.0/\"}", false},
    {NULL, OTHER, "{\"iss\":\"https://corp.b2clogin.com/" TENANT "/v2.0/\"}", true},
    {NULL, "v2.0", "{\"iss\":\"https://corp.b2clogin.com/" TENANT "/v2.0/\"}", true},
    {NULL, TENANT, "{\"iss\":\"" OTHER "@" TENANT "\"}", false},
    {NULL, OTHER, "{\"iss\":\"" OTHER "@" TENANT "\"}", true},
    {"https://a", TENANT, "{\"iss\":\"https://a\"}", true},
    {"https://a", TENANT, "{\"iss\":\"https://a\",\"tid\":\"" TENANT "\"}", false},
};

START_TEST(issuer_and_tenant_asked_for_must_be_met)
{
    struct bench bench;

    bench_init(&bench);
    bench.inspector.policy.issuer = tscope_span_text(policies[_i].issuer);
    bench.inspector.policy.tenant = tscope_span_text(policies[_i].tenant);
    ck_assert_int_eq(ask(&bench, "CLM-ISS", policies[_i].payload), policies[_i].wrong ? TSCOPE_SEVERITY_HIGH : NONE);
    if (policies[_i].wrong)
        ck_assert_int_eq(bench.findings.found[0].proves, TSCOPE_PROVES_INVALID);
    bench_clear(&bench);
}
END_TEST

START_TEST(hidden_claims_leave_a_policy_open)
{
    static const char *const ids[] = {"CLM-ISS", "CLM-AUD"};
    struct bench bench;

    bench_init(&bench);
    bench.inspector.policy.issuer = bench.inspector.policy.audience = TSCOPE_SPAN("https://a");
    for (size_t i = 0; i < TSCOPE_COUNT(ids); i++) {
        bench_token(&bench, HEADER, "");
        bench.resolution.no_input = true;
        ck_assert_ptr_null(bench_run(&bench, ids[i]));
        ck_assert_uint_eq(bench.findings.unknown_len, 1);
        ck_assert_int_eq(bench.findings.unknown[0].could_change, TSCOPE_CHANGES_VERDICT);
        bench.resolution.no_input = false;
        ck_assert_ptr_nonnull(bench_run(&bench, ids[i]));
        tear_down(&bench.token);
        build_opaque(&bench.token, "opaque");
        tscope_subject_prepare(&bench.subject, &bench.inspector, &bench.moment, &bench.token, NULL, bench.token.arena);
        bench.subject.resolution = &bench.resolution;
        ck_assert_ptr_null(bench_run(&bench, ids[i]));
        ck_assert_uint_eq(bench.findings.unknown_len, 1);
    }
    bench_clear(&bench);
}
END_TEST

static const struct {
    const char *asked; /* NULL: nothing */
    const char *payload;
    bool near;
} near_misses[] = {
    {NULL, "{\"iss\":\"" V1 "\"}", false},
    {NULL, "{\"iss\":\"https://sts.windows.net/" TENANT "\"}", true},
    {NULL, "{\"iss\":\"https://STS.windows.net/" TENANT "/\"}", true},
    {NULL, "{\"iss\":\"" V2 "/\"}", true},
    {NULL, "{\"iss\":\"" V2 "/\",\"tfp\":\"B2C_1_signin\"}", false}, /* B2C tenants of old */
    {NULL, "{\"iss\":\"https://login.microsoftonline.com/" TENANT "/V2.0\"}", true},
    {NULL, "{\"iss\":\"https://login.microsoftonline.com.evil.example/" TENANT "/v2.0\"}", true},
    {NULL, "{\"iss\":\"https://evil.example/?" V2 "\"}", true},
    {NULL, "{\"iss\":[\"https://evil.example\",\"" V2 "\"]}", true},
    {NULL, "{\"iss\":[]}", true},
    {NULL, "{\"iss\":7}", false},
    {NULL, "{\"iss\":\"\"}", false},
    {NULL, "{\"iss\":\"/\"}", false},
    {NULL, "{}", false},
    {NULL, "{\"iss\":\"https://login.corp.example/" TENANT "/v2.0\"}", false},
    {NULL, "{\"iss\":\"" OTHER "@" TENANT "\"}", false},
    {"https://id.example", "{\"iss\":\"https://id.example\"}", false},
    {"https://id.example", "{\"iss\":\"https://id.example/\"}", true},
    {"https://id.example/", "{\"iss\":\"https://id.example\"}", true},
    {"https://id.example", "{\"iss\":\"HTTPS://id.example\"}", true},
    {"https://id.example", "{\"iss\":\"https://id.example.evil\"}", true},
    {"https://id.example", "{\"iss\":\"https://evil/https://id.example\"}", true},
    {"https://id.example", "{\"iss\":\"https://id\"}", true},
    {"https://id.example", "{\"iss\":\"https://other.example\"}", false},
    {"https://id.example", "{\"iss\":\"\"}", false},
};

START_TEST(look_alike_issuer_is_found)
{
    struct bench bench;

    bench_init(&bench);
    bench.inspector.policy.issuer = tscope_span_text(near_misses[_i].asked);
    ck_assert_int_eq(ask(&bench, "CLM-ISS-PART", near_misses[_i].payload), near_misses[_i].near ? TSCOPE_SEVERITY_HIGH : NONE);
    bench_clear(&bench);
}
END_TEST

static const struct {
    const char *asked; /* NULL: nothing */
    const char *payload;
    int severity;
} audiences[] = {
    {NULL, "{\"aud\":\"a\"}", NONE},
    {NULL, "{\"aud\":[\"a\",\"b\"]}", NONE},
    {NULL, "{}", NONE},
    {NULL, "{\"iss\":\"a\"}", TSCOPE_SEVERITY_INFO},
    {NULL, "{\"aud\":\"\"}", TSCOPE_SEVERITY_INFO},
    {NULL, "{\"aud\":[]}", TSCOPE_SEVERITY_INFO},
    {NULL, "{\"aud\":[\"\"]}", TSCOPE_SEVERITY_INFO},
    {NULL, "{\"aud\":null}", TSCOPE_SEVERITY_INFO},
    {NULL, "{\"aud\":{\"a\":1}}", TSCOPE_SEVERITY_INFO},
    {NULL, "{\"aud\":[\"a\",1]}", TSCOPE_SEVERITY_INFO},
    {NULL, "{\"aud\":\"*\"}", TSCOPE_SEVERITY_INFO},
    {NULL, "{\"aud\":[\"a\",\"https://*.example\"]}", TSCOPE_SEVERITY_INFO},
    {NULL, "[]", NONE},
    {"a", "{\"aud\":\"a\"}", NONE},
    {"a", "{\"aud\":[\"b\",\"a\"]}", NONE},
    {"a", "{\"aud\":[\"*\",\"a\"]}", NONE},
    {"a", "{\"aud\":\"A\"}", TSCOPE_SEVERITY_HIGH},
    {"a", "{\"aud\":\"a/\"}", TSCOPE_SEVERITY_HIGH},
    {"a", "{\"aud\":[[\"a\"]]}", TSCOPE_SEVERITY_HIGH},
    {"a", "{\"aud\":\"*\"}", TSCOPE_SEVERITY_HIGH},
    {"a", "{\"aud\":[]}", TSCOPE_SEVERITY_HIGH},
    {"a", "{}", TSCOPE_SEVERITY_HIGH},
    {"a", "[]", TSCOPE_SEVERITY_HIGH},
};

START_TEST(audience_asked_for_must_be_held)
{
    struct bench bench;

    bench_init(&bench);
    bench.inspector.policy.audience = tscope_span_text(audiences[_i].asked);
    ck_assert_int_eq(ask(&bench, "CLM-AUD", audiences[_i].payload), audiences[_i].severity);
    if (audiences[_i].severity != NONE)
        ck_assert_int_eq(bench.findings.found[0].proves, audiences[_i].asked ? TSCOPE_PROVES_INVALID : TSCOPE_PROVES_NOTE);
    bench_clear(&bench);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("checks_clm");
    TCase *tests = tcase_create("checks_clm");

    tcase_add_loop_test(tests, clock_decides_with_its_leeway, 0, TSCOPE_COUNT(clocks));
    tcase_add_loop_test(tests, times_are_in_order_and_of_form, 0, TSCOPE_COUNT(orders));
    tcase_add_test(tests, milliseconds_date_nothing);
    tcase_add_test(tests, expiry_is_missed_where_it_belongs);
    tcase_add_loop_test(tests, issuer_and_tenant_asked_for_must_be_met, 0, TSCOPE_COUNT(policies));
    tcase_add_test(tests, hidden_claims_leave_a_policy_open);
    tcase_add_loop_test(tests, look_alike_issuer_is_found, 0, TSCOPE_COUNT(near_misses));
    tcase_add_loop_test(tests, audience_asked_for_must_be_held, 0, TSCOPE_COUNT(audiences));
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
