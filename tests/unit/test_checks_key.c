/* SPDX-License-Identifier: Apache-2.0 */
#include "subject_building.h"

#define HEADER "{\"alg\":\"RS256\",\"kid\":\"k\"}"
#define TENANT "7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21"
#define ENTERPRISE "https://login.microsoftonline.com/" TENANT "/v2.0"
#define CONSUMER "https://login.microsoftonline.com/" TSCOPE_CONSUMER_TENANT "/v2.0"
#define NEVER TSCOPE_TIME_NONE

/* A key that verified, about which everything else is as a test says. */
struct verified {
    struct bench bench;
    struct tscope_history_notice notice;
    struct tscope_certificate certificate;
    char payload[512]; /* lives as long as the token */
};

static void
verified_init(struct verified *verified)
{
    struct tscope_resolution *resolution = &verified->bench.resolution;

    bench_init(&verified->bench);
    tscope_keyring_free(verified->bench.keyring);
    verified->bench.inspector.keyring = verified->bench.keyring =
        keyring_of("{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}", 1);
    verified->notice = (struct tscope_history_notice){.status = TSCOPE_NOTICE_COMPROMISED,
                                                      .exposed_from = NEVER,
                                                      .abuse_first_known = 5000000,
                                                      .withdrawn_at = 6000000,
                                                      .reference = TSCOPE_SPAN("a notice")};
    verified->certificate = (struct tscope_certificate){
        .not_before = 1000000, .not_after = 3000000, .subject = TSCOPE_SPAN("CN=Live ID STS Signing Public Key")};
    resolution->status = TSCOPE_STATUS_VERIFIED;
    resolution->key = tscope_keyring_key(verified->bench.keyring, 0);
    resolution->right = TSCOPE_RIGHT_YES;
    resolution->standing = (struct tscope_standing){.family = TSCOPE_SPAN("msa-consumer"),
                                                    .cloud = TSCOPE_CLOUD_PUBLIC,
                                                    .from = TSCOPE_FAMILY_FROM_ISSUER,
                                                    .notice = &verified->notice,
                                                    .certificate = &verified->certificate};
}

/* exp 0, nbf 0, iat 0: left out. tid NULL: none. */
static void
put_token(struct verified *verified, const char *issuer, const char *tid, int64_t iat, int64_t exp)
{
    char claims[256] = "";
    int len = 0;

    if (tid)
        len += snprintf(claims + len, sizeof(claims) - (size_t)len, ",\"tid\":\"%s\"", tid);
    if (iat)
        len += snprintf(claims + len, sizeof(claims) - (size_t)len, ",\"iat\":%lld", (long long)iat);
    if (exp)
        len += snprintf(claims + len, sizeof(claims) - (size_t)len, ",\"exp\":%lld", (long long)exp);
    snprintf(verified->payload, sizeof(verified->payload), "{\"iss\":\"%s\"%s}", issuer, claims);
    bench_token(&verified->bench, HEADER, verified->payload);
}

static void
verified_clear(struct verified *verified)
{
    bench_clear(&verified->bench);
}

static const struct {
    enum tscope_right right;
    int64_t then, seen, exposed; /* 0: not known */
    int64_t by_examiner;         /* 0: no word of his */
    enum tscope_severity severity;
    enum tscope_proves proves;
} ladder[] = {
    /* somebody else's token: at any date */
    {TSCOPE_RIGHT_FAMILY, 1, 1, 4000000, 0, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY},
    {TSCOPE_RIGHT_FAMILY, 0, 0, 0, 0, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY},
    {TSCOPE_RIGHT_TEST, 1, 0, 0, 0, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY},
    /* its own issuer's, and nobody says when it was seen */
    {TSCOPE_RIGHT_YES, 2000000, 0, 4000000, 0, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
    {TSCOPE_RIGHT_YES, 6000300, 0, 4000000, 0, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
    {TSCOPE_RIGHT_YES, 6000301, 0, 4000000, 0, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY},
    {TSCOPE_RIGHT_CLOUD, 6000301, 0, 4000000, 0, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY},
    {TSCOPE_RIGHT_YES, 0, 0, 4000000, 0, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
    /* seen around the exposure */
    {TSCOPE_RIGHT_YES, 2000000, 3999999, 4000000, 0, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE},
    {TSCOPE_RIGHT_YES, 2000000, 4000000, 4000000, 0, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
    /* exposed nobody knows since when: the certificate and the first abuse bound it */
    {TSCOPE_RIGHT_YES, 2000000, 2999999, 0, 0, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE},
    {TSCOPE_RIGHT_YES, 2000000, 3000000, 0, 0, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
    {TSCOPE_RIGHT_YES, 2000000, 4999999, 0, 0, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
    /* the examiner's word counts, in both directions */
    {TSCOPE_RIGHT_YES, 2000000, 3999999, 0, 4000000, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE},
    {TSCOPE_RIGHT_YES, 2000000, 3999999, 4000000, 2500000, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
    {TSCOPE_RIGHT_YES, 2000000, 0, 0, 4000000, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
    /* an issuer nobody knows */
    {TSCOPE_RIGHT_UNKNOWN, 7000000, 0, 4000000, 0, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
    {TSCOPE_RIGHT_UNKNOWN, 2000000, 2000000, 4000000, 0, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
};

static void
put_on_ladder(struct verified *verified, int step)
{
    struct bench *bench = &verified->bench;

    bench->moment.seen = ladder[step].seen ? ladder[step].seen : TSCOPE_TIME_UNKNOWN;
    verified->notice.exposed_from = ladder[step].exposed ? ladder[step].exposed : NEVER;
    if (ladder[step].by_examiner) {
        bench->inspector.exposed_kid = (char *)(uintptr_t) "k"; /* only read */
        bench->inspector.exposed_from = ladder[step].by_examiner;
    }
    bench->resolution.right = ladder[step].right;
    put_token(verified, ladder[step].right == TSCOPE_RIGHT_UNKNOWN ? "https://unknown.example" : CONSUMER, NULL, ladder[step].then, 0);
}

START_TEST(compromised_key_is_judged_by_whose_and_when)
{
    struct verified verified;
    const struct tscope_finding *finding;

    verified_init(&verified);
    put_on_ladder(&verified, _i);
    finding = bench_run(&verified.bench, "KEY-COMPROMISED");
    ck_assert_ptr_nonnull(finding);
    ck_assert_int_eq(finding->severity, ladder[_i].severity);
    ck_assert_int_eq(finding->proves, ladder[_i].proves);
    ck_assert_ptr_null(bench_run(&verified.bench, "MS-STORM0558"));
    verified_clear(&verified);
}
END_TEST

START_TEST(word_on_another_kid_changes_nothing)
{
    struct verified verified;

    verified_init(&verified);
    verified.bench.moment.seen = 3999999;
    verified.bench.inspector.exposed_kid = (char *)(uintptr_t) "K"; /* only read */
    verified.bench.inspector.exposed_from = 4000000;
    put_token(&verified, CONSUMER, NULL, 2000000, 0);
    ck_assert_int_eq(bench_run(&verified.bench, "KEY-COMPROMISED")->severity, TSCOPE_SEVERITY_HIGH);
    verified_clear(&verified);
}
END_TEST

START_TEST(other_notices_compromise_nothing)
{
    static const enum tscope_notice_status others[] = {TSCOPE_NOTICE_SAMPLE, TSCOPE_NOTICE_TEST, TSCOPE_NOTICE_WITHDRAWN};
    struct verified verified;

    verified_init(&verified);
    put_token(&verified, CONSUMER, NULL, 2000000, 0);
    for (size_t i = 0; i < TSCOPE_COUNT(others); i++) {
        verified.notice.status = others[i];
        ck_assert_ptr_null(bench_run(&verified.bench, "KEY-COMPROMISED"));
    }
    verified.notice.status = TSCOPE_NOTICE_COMPROMISED;
    verified.bench.resolution.status = TSCOPE_STATUS_FAILED;
    verified.bench.resolution.key = NULL;
    ck_assert_ptr_null(bench_run(&verified.bench, "KEY-COMPROMISED"));
    verified_clear(&verified);
}
END_TEST

/* A claim of forgery needs more than a certificate's subject or somebody's word. */
static const struct {
    enum tscope_family_from from;
    enum tscope_severity severity;
    enum tscope_proves proves;
} sources[] = {
    {TSCOPE_FAMILY_FROM_CALLER, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
    {TSCOPE_FAMILY_FROM_SUBJECT, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY},
    {TSCOPE_FAMILY_FROM_ENDPOINT, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY},
    {TSCOPE_FAMILY_FROM_NOTICE, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY},
    {TSCOPE_FAMILY_FROM_ISSUER, TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_FORGERY},
};

START_TEST(forgery_needs_a_family_that_is_proven)
{
    static const char *const ids[] = {"MS-MSA-ON-ENT", "KEY-WRONG-ISS", "KEY-COMPROMISED"};
    struct verified verified;

    verified_init(&verified);
    verified.bench.resolution.right = TSCOPE_RIGHT_FAMILY;
    verified.bench.resolution.standing.from = sources[_i].from;
    put_token(&verified, ENTERPRISE, TENANT, 2000000, 0);
    for (size_t i = 0; i < TSCOPE_COUNT(ids); i++) {
        const struct tscope_finding *finding = bench_run(&verified.bench, ids[i]);

        ck_assert_msg(finding != NULL, "%s", ids[i]);
        ck_assert_msg(finding->severity == sources[_i].severity && finding->proves == sources[_i].proves, "%s", ids[i]);
        if (i < 2)
            ck_assert_ptr_nonnull(strstr(finding->detail, "not signed with a key published for this issuer"));
    }
    verified_clear(&verified);
}
END_TEST

START_TEST(right_of_the_key_decides_on_its_issuer)
{
    static const struct {
        enum tscope_right right;
        bool found, unknown;
    } rights[] = {{TSCOPE_RIGHT_YES, false, false},   {TSCOPE_RIGHT_ASKED, false, false}, {TSCOPE_RIGHT_FAMILY, true, false},
                  {TSCOPE_RIGHT_CLOUD, false, false}, {TSCOPE_RIGHT_TEST, false, false},  {TSCOPE_RIGHT_UNKNOWN, false, true}};
    struct verified verified;

    verified_init(&verified);
    put_token(&verified, ENTERPRISE, NULL, 2000000, 0);
    for (size_t i = 0; i < TSCOPE_COUNT(rights); i++) {
        verified.bench.resolution.right = rights[i].right;
        ck_assert_int_eq(bench_run(&verified.bench, "KEY-WRONG-ISS") != NULL, rights[i].found);
        ck_assert_int_eq(verified.bench.findings.unknown_len > 0, rights[i].unknown);
        if (rights[i].unknown)
            ck_assert_int_eq(verified.bench.findings.unknown[0].could_change, TSCOPE_CHANGES_VERDICT);
    }
    verified_clear(&verified);
}
END_TEST

static const struct {
    const char *issuer, *tid, *family;
    bool consumer_key, enterprise_key; /* MS-MSA-ON-ENT, MS-ENT-ON-MSA */
} families[] = {
    {ENTERPRISE, TENANT, "msa-consumer", true, false},
    {ENTERPRISE, NULL, "msa-consumer", true, false},
    {ENTERPRISE, TSCOPE_CONSUMER_TENANT, "msa-consumer", true, false},
    {CONSUMER, TSCOPE_CONSUMER_TENANT, "msa-consumer", false, false},
    {CONSUMER, NULL, "msa-consumer", false, false},
    {CONSUMER, TENANT, "msa-consumer", true, false},
    {CONSUMER, "live.com", "msa-consumer", false, false},
    {"https://unknown.example", TENANT, "msa-consumer", true, false},
    {"https://unknown.example", TSCOPE_CONSUMER_TENANT, "msa-consumer", false, false},
    {"https://unknown.example", NULL, "msa-consumer", false, false},
    {TENANT "@" TENANT, NULL, "msa-consumer", true, false},
    {TENANT "@" TSCOPE_CONSUMER_TENANT, NULL, "msa-consumer", false, false},
    {"https://api.botframework.com", TENANT, "msa-consumer", false, false}, /* another provider's tid is a word of its own */
    {CONSUMER, TSCOPE_CONSUMER_TENANT, "entra-enterprise", false, true},
    {CONSUMER, NULL, "entra-enterprise", false, true},
    {CONSUMER, TENANT, "entra-enterprise", false, true},
    {ENTERPRISE, TENANT, "entra-enterprise", false, false},
    {ENTERPRISE, TSCOPE_CONSUMER_TENANT, "entra-enterprise", false, false}, /* that is MS-TID-ISS */
    {"https://unknown.example", TSCOPE_CONSUMER_TENANT, "entra-enterprise", false, true},
    {"https://unknown.example", TENANT, "entra-enterprise", false, false},
    {ENTERPRISE, TENANT, "botframework", false, false},
};

START_TEST(families_are_held_against_tenant_and_issuer)
{
    struct verified verified;

    verified_init(&verified);
    verified.bench.resolution.standing.family = tscope_span_text(families[_i].family);
    put_token(&verified, families[_i].issuer, families[_i].tid, 2000000, 0);
    ck_assert_int_eq(bench_run(&verified.bench, "MS-MSA-ON-ENT") != NULL, families[_i].consumer_key);
    ck_assert_int_eq(bench_run(&verified.bench, "MS-ENT-ON-MSA") != NULL, families[_i].enterprise_key);
    verified.bench.resolution.status = TSCOPE_STATUS_UNVERIFIED;
    ck_assert_ptr_null(bench_run(&verified.bench, "MS-MSA-ON-ENT"));
    ck_assert_ptr_null(bench_run(&verified.bench, "MS-ENT-ON-MSA"));
    verified_clear(&verified);
}
END_TEST

/* The certificate runs from 1000000 to 3000000; a token lives for 101400 seconds at most. */
static const struct {
    const char *id;
    int64_t iat, exp; /* 0: none */
    int severity;     /* -1: no finding */
} certificates[] = {
    {"KEY-EARLY", 999700, 0, -1},
    {"KEY-EARLY", 999699, 0, TSCOPE_SEVERITY_HIGH},
    {"KEY-EARLY", 0, 999700, -1}, /* only exp: it was signed by then at the latest */
    {"KEY-EARLY", 0, 999699, TSCOPE_SEVERITY_HIGH},
    {"KEY-EARLY", 0, 1101400, -1},
    {"KEY-CERT-EXP", 3000300, 0, -1},
    {"KEY-CERT-EXP", 3000301, 0, TSCOPE_SEVERITY_MEDIUM}, /* no history holds the key: nobody knows whether it had been withdrawn */
    {"KEY-CERT-EXP", 0, 3101700, -1},                     /* only exp: it was signed a token's life before at the earliest */
    {"KEY-CERT-EXP", 0, 3101701, TSCOPE_SEVERITY_MEDIUM},
    {"KEY-CERT-EXP", 2000000, 99999999, -1},
    {"KEY-CERT-EXP", 0, 0, -1},
};

START_TEST(certificate_bounds_the_use_of_its_key)
{
    struct verified verified;
    const struct tscope_finding *finding;

    verified_init(&verified);
    put_token(&verified, CONSUMER, NULL, certificates[_i].iat, certificates[_i].exp);
    finding = bench_run(&verified.bench, certificates[_i].id);
    ck_assert_int_eq(finding ? (int)finding->severity : -1, certificates[_i].severity);
    verified_clear(&verified);
}
END_TEST

/* A company's key that the examiner gave, with whatever certificate stands beside it. */
START_TEST(certificate_of_a_given_key_is_no_suspicion)
{
    struct verified verified;

    verified_init(&verified);
    verified.bench.resolution.standing = (struct tscope_standing){.given = true, .certificate = &verified.certificate};
    verified.bench.resolution.right = TSCOPE_RIGHT_ASKED;
    put_token(&verified, "https://id.corp.example", NULL, 4000000, 0);
    ck_assert_int_eq(bench_run(&verified.bench, "KEY-CERT-EXP")->severity, TSCOPE_SEVERITY_MEDIUM);
    put_token(&verified, "https://id.corp.example", NULL, 999699, 0);
    ck_assert_int_eq(bench_run(&verified.bench, "KEY-EARLY")->severity, TSCOPE_SEVERITY_MEDIUM); /* a renewal over the same key */
    put_token(&verified, "https://id.corp.example", NULL, 4000000, 0);
    ck_assert_ptr_null(bench_run(&verified.bench, "KEY-RETIRED")); /* and no history was ever to know it */
    ck_assert_uint_eq(verified.bench.findings.unknown_len, 0);
    verified_clear(&verified);
}
END_TEST

START_TEST(test_key_is_held_against_its_issuer)
{
    static const struct {
        const char *issuer;
        int severity; /* -1: no finding */
        bool unknown;
    } issuers[] = {
        {ENTERPRISE, TSCOPE_SEVERITY_CRITICAL, false},
        {"https://sts.windows.net/" TENANT "/", TSCOPE_SEVERITY_CRITICAL, false},
        {"https://login.windows-ppe.net/" TENANT "/v2.0", TSCOPE_SEVERITY_INFO, false},
        {"https://unknown.example", -1, true},
    };
    struct verified verified;

    verified_init(&verified);
    verified.bench.resolution.standing.family = TSCOPE_SPAN("entra-enterprise");
    verified.bench.resolution.standing.cloud = TSCOPE_CLOUD_PRE_PRODUCTION;
    verified.bench.resolution.standing.notice = NULL;
    for (size_t i = 0; i < TSCOPE_COUNT(issuers); i++) {
        const struct tscope_finding *finding;

        put_token(&verified, issuers[i].issuer, NULL, 2000000, 0);
        finding = bench_run(&verified.bench, "KEY-TEST");
        ck_assert_int_eq(finding ? (int)finding->severity : -1, issuers[i].severity);
        ck_assert_int_eq(verified.bench.findings.unknown_len > 0, issuers[i].unknown);
    }
    verified_clear(&verified);
}
END_TEST

#define OTHER "c2b8e4d0-1a57-4f3c-9d66-0e7f5b2a8c94"
#define OF_OTHER "https://login.microsoftonline.com/" OTHER "/v2.0"
#define TEMPLATE "https://login.microsoftonline.com/{tenantid}/v2.0"
#define TENANT_KEY(id, issuer) "{\"id\":\"" id "\",\"jwk\":{\"kid\":\"k\",\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"" issuer "}}"
#define TENANT_HISTORY(keys, more)                                                                      \
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[" keys "],\"endpoints\":["                      \
    "{\"id\":\"own\",\"url\":null,\"issuer\":\"" OF_OTHER "\",\"families\":[\"entra-enterprise\"]},"    \
    "{\"id\":\"shared\",\"url\":null,\"issuer\":\"" TEMPLATE "\",\"families\":[\"entra-enterprise\"]}," \
    "{\"id\":\"v1\",\"url\":null,\"issuer\":null,\"families\":[\"entra-enterprise\"]}],"                \
    "\"coverage\":[{\"endpoint\":\"shared\",\"from\":1000000,\"to\":3000000,\"largest_step\":86400}]," more "}"
#define OF_TENANT TENANT_KEY("a", ",\"issuer\":\"" OF_OTHER "\"")
#define SEEN(key, endpoint, at, kind) \
    "{\"key\":\"" key "\",\"endpoint\":\"" endpoint "\",\"at\":" #at ",\"source\":\"s\",\"kind\":\"" kind "\"}"

static const struct {
    const char *history, *tenant;
    bool found;
} tenant_keys[] = {
    /* its own set listed it while a complete shared one lacked it */
    {TENANT_HISTORY(OF_TENANT, "\"sightings\":[" SEEN("a", "own", 2000000, "archive") "]"), TENANT, true},
    {TENANT_HISTORY(OF_TENANT, "\"sightings\":[" SEEN("a", "own", 2000000, "archive") "]"), OTHER, false},
    {TENANT_HISTORY(OF_TENANT, "\"sightings\":[" SEEN("a", "own", 3000001, "archive") "]"), TENANT, false},
    {TENANT_HISTORY(OF_TENANT, "\"sightings\":[" SEEN("a", "own", 2000000, "sample") "]"), TENANT, false},
    {TENANT_HISTORY(OF_TENANT, "\"sightings\":[]"), TENANT, false},
    /* a shared set listed it after all, at whatever time, or one of which nobody knows whose it is */
    {TENANT_HISTORY(OF_TENANT, "\"sightings\":[" SEEN("a", "own", 2000000, "archive") "," SEEN("a", "shared", 9000000, "archive") "]"),
     TENANT, false},
    {TENANT_HISTORY(OF_TENANT, "\"sightings\":[" SEEN("a", "own", 2000000, "archive") "," SEEN("a", "shared", 9000000, "sample") "]"),
     TENANT, false},
    {TENANT_HISTORY(OF_TENANT, "\"sightings\":[" SEEN("a", "own", 2000000, "archive") "," SEEN("a", "v1", 2000000, "sample") "]"), TENANT,
     false},
    /* another published form of the key has the issuer of all tenants, or none */
    {TENANT_HISTORY(OF_TENANT "," TENANT_KEY("b", ",\"issuer\":\"" TEMPLATE "\""),
                    "\"sightings\":[" SEEN("a", "own", 2000000, "archive") "]"),
     TENANT, false},
    {TENANT_HISTORY(OF_TENANT "," TENANT_KEY("b", ""), "\"sightings\":[" SEEN("a", "own", 2000000, "archive") "]"), TENANT, false},
};

START_TEST(key_of_one_tenant_alone_needs_proof)
{
    struct bench bench;
    struct tscope_resolution *resolution = &bench.resolution;
    char payload[256];

    bench_init(&bench);
    tscope_keyring_free(bench.keyring);
    bench.keyring = bench.inspector.keyring = new_keyring();
    ck_assert_int_eq(tscope_keyring_add_history(bench.keyring, (const uint8_t *)tenant_keys[_i].history, strlen(tenant_keys[_i].history),
                                                "h.json", NULL),
                     TSCOPE_OK);
    freeze(bench.keyring);
    snprintf(payload, sizeof(payload), "{\"iss\":\"https://login.microsoftonline.com/%s/v2.0\",\"iat\":2000000}", tenant_keys[_i].tenant);
    bench_token(&bench, HEADER, payload);
    resolution->status = TSCOPE_STATUS_VERIFIED;
    resolution->key = tscope_keyring_key(bench.keyring, 0);
    resolution->standing = tscope_profile_standing(bench.profile, bench.keyring, resolution->key);
    resolution->right = tscope_profile_right(bench.profile, &bench.subject.issuer, bench.subject.iss, &resolution->standing);
    ck_assert_int_eq(resolution->right, TSCOPE_RIGHT_YES);
    ck_assert_int_eq(bench_run(&bench, "KEY-WRONG-ISS") != NULL, tenant_keys[_i].found);
    bench_clear(&bench);
}
END_TEST

#define COVERED(issuer, family)                                                                                                           \
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[],\"endpoints\":[{\"id\":\"e\",\"issuer\":\"" issuer "\",\"families\":[\"" family \
    "\"]}],\"coverage\":[{\"endpoint\":\"e\",\"from\":\"2024-06-05T00:00:00Z\",\"to\":\"2024-10-26T00:00:00Z\",\"largest_step\":"         \
    "43200}]}"
#define CONSUMER_V2 "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"

/* Complete sets speak for their own issuer: for all tenants of a template, and for no other server that looks the same. */
static const struct {
    const char *history, *issuer;
    bool found;
} covered[] = {
    {COVERED("https://login.microsoftonline.com/{tenantid}/v2.0", "entra-enterprise"),
     "https://login.microsoftonline.com/11111111-2222-4333-8444-555555555555/v2.0", true},
    {COVERED("https://{host}/_services/token", "github-actions-server"), "https://github.corp.example/_services/token", false},
    {COVERED("https://github.corp.example/_services/token", "github-actions-server"), "https://github.corp.example/_services/token", true},
    {COVERED("https://github.corp.example/_services/token", "github-actions-server"), "https://git.corp.example/_services/token", false},
    {COVERED("https://login.microsoftonline.com/{tenantid}/v2.0", "entra-enterprise"),
     "https://login.partner.microsoftonline.cn/11111111-2222-4333-8444-555555555555/v2.0", false},
    {COVERED(CONSUMER_V2, "msa-consumer"), CONSUMER_V2, true},
    {COVERED(CONSUMER_V2, "msa-consumer"), "https://login.microsoftonline.com/9188040D-6C67-4C5B-B112-36A304B66DAD/v2.0", false},
};

START_TEST(sets_of_another_issuer_do_not_tell_that_a_key_is_unknown)
{
    struct bench bench;
    struct tscope_error err = {0};
    char payload[256];

    bench_init(&bench);
    tscope_keyring_free(bench.keyring);
    bench.keyring = bench.inspector.keyring = new_keyring();
    ck_assert_msg(tscope_keyring_add_history(bench.keyring, (const uint8_t *)covered[_i].history, strlen(covered[_i].history), "h.json",
                                             &err) == TSCOPE_OK,
                  "%s", err.message);
    freeze(bench.keyring);
    snprintf(payload, sizeof(payload), "{\"iss\":\"%s\",\"iat\":1720000000}", covered[_i].issuer);
    bench_token(&bench, HEADER, payload);
    bench.resolution.status = TSCOPE_STATUS_UNVERIFIED;
    ck_assert_int_eq(bench_run(&bench, "KEY-UNKNOWN") != NULL, covered[_i].found);
    ck_assert_uint_eq(bench.findings.unknown_len, !covered[_i].found);
    bench_clear(&bench);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("checks_key");
    TCase *tests = tcase_create("checks_key");

    tcase_add_loop_test(tests, compromised_key_is_judged_by_whose_and_when, 0, TSCOPE_COUNT(ladder));
    tcase_add_test(tests, word_on_another_kid_changes_nothing);
    tcase_add_test(tests, other_notices_compromise_nothing);
    tcase_add_loop_test(tests, forgery_needs_a_family_that_is_proven, 0, TSCOPE_COUNT(sources));
    tcase_add_test(tests, right_of_the_key_decides_on_its_issuer);
    tcase_add_loop_test(tests, families_are_held_against_tenant_and_issuer, 0, TSCOPE_COUNT(families));
    tcase_add_loop_test(tests, sets_of_another_issuer_do_not_tell_that_a_key_is_unknown, 0, TSCOPE_COUNT(covered));
    tcase_add_loop_test(tests, certificate_bounds_the_use_of_its_key, 0, TSCOPE_COUNT(certificates));
    tcase_add_test(tests, certificate_of_a_given_key_is_no_suspicion);
    tcase_add_loop_test(tests, key_of_one_tenant_alone_needs_proof, 0, TSCOPE_COUNT(tenant_keys));
    tcase_add_test(tests, test_key_is_held_against_its_issuer);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
