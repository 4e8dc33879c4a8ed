/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text.h"
#include "inspect/defects.h"
#include "inspect/opinion.h"
#include "subject_building.h"

/* What a second opinion makes of findings and of a resolution, whatever token they came from. Whole tokens: vectors/opinion. */

#define HEADER "{\"alg\":\"RS256\",\"kid\":\"k\"}"
#define PAYLOAD "{\"iss\":\"https://id.corp.example\",\"aud\":\"payroll\"}"

struct opinion_bench {
    struct bench bench;
    struct tscope_judged_signature judged;
    struct tscope_inspection inspection;
};

static void
set_up(struct opinion_bench *bench, const char *header, const char *payload)
{
    memset(bench, 0, sizeof(*bench));
    bench_init(&bench->bench);
    bench_token(&bench->bench, header, payload);
    bench->bench.resolution.status = TSCOPE_STATUS_VERIFIED;
    bench->bench.resolution.right = TSCOPE_RIGHT_ASKED;
    bench->bench.resolution.found_by = TSCOPE_FOUND_BY_SECRET;
    bench->inspection.token = &bench->bench.token;
    bench->inspection.deciding = bench->inspection.signatures = &bench->judged;
    bench->inspection.signatures_len = 1;
}

/* The findings of some ids, with the highest grade each can have; spaces between. */
static void
find_all(struct opinion_bench *bench, const char *ids)
{
    struct tscope_findings *findings = &bench->judged.findings;

    findings->found_len = 0;
    while (*ids) {
        char id[32];
        size_t len = strcspn(ids, " ");
        const struct tscope_check *check;

        ck_assert_uint_lt(len, sizeof(id));
        memcpy(id, ids, len);
        id[len] = '\0';
        check = tscope_check_find(id);
        ck_assert_msg(check != NULL, "%s is no check", id);
        findings->found[findings->found_len++] =
            (struct tscope_finding){.check = check, .severity = check->severity, .proves = check->proves, .detail = "made for this test"};
        ids += len + strspn(ids + len, " ");
    }
}

/* The ids of the opinion, spaces between. */
static const char *
form(struct opinion_bench *bench, char *text, size_t size)
{
    size_t len = 0;

    bench->bench.subject.resolution = &bench->bench.resolution;
    bench->judged.resolution = bench->bench.resolution;
    bench->judged.subject = bench->bench.subject;
    text[0] = '\0';
    ck_assert_int_eq(tscope_opinion_form(&bench->inspection), TSCOPE_OK);
    for (size_t i = 0; i < tscope_lax_rows_len; i++) {
        if (bench->inspection.opinion >> i & 1)
            len += (size_t)snprintf(text + len, size - len, "%s%s", len ? " " : "", tscope_lax_rows[i].id);
        ck_assert_uint_lt(len, size);
    }
    return text;
}

START_TEST(rows_are_whole)
{
    const struct tscope_lax *lax = &tscope_lax_rows[_i];

    ck_assert_uint_eq(strspn(lax->id, "abcdefghijklmnopqrstuvwxyz-"), strlen(lax->id));
    ck_assert(strncmp(lax->sentence, "any application ", 16) == 0);
    ck_assert(tscope_text_ends_with(tscope_span_text(lax->sentence), TSCOPE_SPAN(" would accept it")));
    ck_assert(lax->references && *lax->references);
    ck_assert(lax->overlooks != 0);
    ck_assert((lax->overlooks & (TSCOPE_DEFECT_OTHER | TSCOPE_DEFECT_UNTRIED)) == 0);
    ck_assert((lax->bears & TSCOPE_DEFECT_OTHER) == 0);
    ck_assert((lax->overlooks & lax->bears) == 0);
    for (int i = 0; i < _i; i++)
        ck_assert_str_ne(lax->id, tscope_lax_rows[i].id);
}
END_TEST

/* Only the one that never looks at a signature can speak where it could not be tried, and those of tokens that have none. */
START_TEST(one_row_alone_bears_what_was_not_tried)
{
    const uint64_t unsigned_ones = TSCOPE_DEFECT_SEALED_CLAIMS | TSCOPE_DEFECT_ZERO_KEY;
    size_t bearing = 0;

    for (size_t i = 0; i < tscope_lax_rows_len; i++)
        bearing += (tscope_lax_rows[i].bears & TSCOPE_DEFECT_UNTRIED) && !(tscope_lax_rows[i].overlooks & unsigned_ones);
    ck_assert_uint_eq(bearing, 1);
}
END_TEST

START_TEST(defects_are_of_checks_that_can_show_them)
{
    const struct tscope_defect_row *row = &tscope_defect_rows[_i];
    const struct tscope_check *check = tscope_check_find(row->id);

    ck_assert_msg(check != NULL, "%s is no check", row->id);
    ck_assert_msg(check->severity >= row->severity && check->proves >= row->proves, "%s never has that grade", row->id);
    for (int i = 0; i < _i; i++)
        ck_assert_str_ne(row->id, tscope_defect_rows[i].id);
}
END_TEST

static const struct {
    const char *ids, *opinion;
} combinations[] = {
    {"", ""},
    {"ALG-NONE", "alg-none signature-ignored"},
    {"ALG-NONE CLM-AUD", ""},
    {"ALG-NONE CLM-EXP", ""},
    {"ALG-NONE HDR-CRIT", ""},
    {"ALG-NONE HDR-KID-SQL", "alg-none signature-ignored"}, /* an odd name bars nobody */
    {"ALG-NONE-CASE", "alg-none-any-case signature-ignored"},
    {"ALG-EMPTY-SIG", "empty-signature signature-ignored"},
    {"ALG-EMPTY-SIG ALG-FAMILY", "empty-signature signature-ignored"},
    {"ALG-FAMILY", "signature-ignored"},
    {"ALG-CURVE", "signature-ignored"},
    {"ALG-HS-EMPTY", "hmac-empty-key signature-ignored"},
    {"ALG-HS-KNOWN", "hmac-known-secret signature-ignored"},
    {"ALG-HS-KNOWN CLM-NBF", ""},
    {"ALG-KEYALG", "key-use-ignored signature-ignored"},
    {"ALG-KEYALG KEY-RETIRED", "signature-ignored"}, /* two faults of one part: each alone lets nothing pass */
    {"HDR-JWK SIG-BAD", "embedded-key signature-ignored"},
    {"KEY-RETIRED", "key-kept signature-ignored"},
    {"KEY-STALE-USE CLM-EXP", ""},
    {"KEY-EARLY", ""},
    {"KEY-CERT-EXP", ""},
    {"KEY-UNKNOWN", "signature-ignored"},
    {"SIG-OTHERKEY", "kid-ignored signature-ignored"},
    {"HDR-CRIT", "crit-ignored"},
    {"HDR-CRIT FMT-JSON-EXT", ""},
    {"HDR-ZIP-JWS", "zip-ignored"},
    {"HDR-B64", ""}, /* nobody has a bit for it */
    {"HDR-B64 CLM-AUD", ""},
    {"HDR-JKU", ""},
    {"FMT-JSON-EXT", "lenient-json"},
    {"FMT-UTF8 FMT-JSON-EXT", "lenient-json"},
    {"CLM-AUD", "audience-ignored signature-only"},
    {"CLM-EXP", "expiry-ignored signature-only"},
    {"CLM-NBF", "not-before-ignored signature-only"},
    {"CLM-AUD CLM-EXP", "signature-only"},
    {"CLM-IAT-FUT", ""},
    {"MS-TID-ISS", "tid-unbound signature-only"},
    {"MS-TID-ISS MS-RH", "tid-unbound signature-only"},
    {"SIG-DER", "der-signature signature-ignored"},
};

START_TEST(each_fault_counts_alone)
{
    struct opinion_bench bench;
    char text[1024];

    set_up(&bench, HEADER, PAYLOAD);
    find_all(&bench, combinations[_i].ids);
    ck_assert_str_eq(form(&bench, text, sizeof(text)), combinations[_i].opinion);
    bench_clear(&bench.bench);
}
END_TEST

/* The same findings where nobody could verify the signature: nothing may be claimed that rests on it. */
static const struct {
    enum tscope_signature_status status;
    enum tscope_right right;
    const char *ids, *opinion;
} untried[] = {
    {TSCOPE_STATUS_UNVERIFIED, TSCOPE_RIGHT_UNKNOWN, "CLM-AUD", ""},
    {TSCOPE_STATUS_UNVERIFIED, TSCOPE_RIGHT_UNKNOWN, "CLM-EXP", ""},
    {TSCOPE_STATUS_UNVERIFIED, TSCOPE_RIGHT_UNKNOWN, "HDR-CRIT", ""},
    {TSCOPE_STATUS_UNVERIFIED, TSCOPE_RIGHT_UNKNOWN, "FMT-JSON-EXT", ""},
    {TSCOPE_STATUS_UNVERIFIED, TSCOPE_RIGHT_UNKNOWN, "ALG-UNREG", "signature-ignored"},
    {TSCOPE_STATUS_UNVERIFIED, TSCOPE_RIGHT_UNKNOWN, "SIG-LEN", "signature-ignored"},
    {TSCOPE_STATUS_UNVERIFIED, TSCOPE_RIGHT_UNKNOWN, "", ""},
    {TSCOPE_STATUS_MISSING, TSCOPE_RIGHT_UNKNOWN, "CLM-AUD", ""},
    {TSCOPE_STATUS_MISSING, TSCOPE_RIGHT_UNKNOWN, "SIG-MISSING", ""},
    {TSCOPE_STATUS_FAILED, TSCOPE_RIGHT_UNKNOWN, "SIG-BAD", "signature-ignored"},
    {TSCOPE_STATUS_FAILED, TSCOPE_RIGHT_UNKNOWN, "SIG-BAD CLM-AUD", ""},
    {TSCOPE_STATUS_FAILED, TSCOPE_RIGHT_UNKNOWN, "SIG-BAD HDR-CRIT", ""},
    {TSCOPE_STATUS_VERIFIED, TSCOPE_RIGHT_UNKNOWN, "CLM-AUD", ""}, /* whose key it is nobody knows */
    {TSCOPE_STATUS_VERIFIED, TSCOPE_RIGHT_CLOUD, "CLM-AUD", ""},
    {TSCOPE_STATUS_VERIFIED, TSCOPE_RIGHT_YES, "CLM-AUD", "audience-ignored signature-only"},
};

START_TEST(nothing_rests_on_a_signature_that_was_not_tried)
{
    struct opinion_bench bench;
    char text[1024];

    set_up(&bench, HEADER, PAYLOAD);
    bench.bench.resolution.status = untried[_i].status;
    bench.bench.resolution.right = untried[_i].right;
    if (untried[_i].status == TSCOPE_STATUS_VERIFIED) {
        static const tscope_key key;

        bench.bench.resolution.key = &key;
        bench.bench.resolution.standing.given = true;
    }
    find_all(&bench, untried[_i].ids);
    ck_assert_str_eq(form(&bench, text, sizeof(text)), untried[_i].opinion);
    bench_clear(&bench.bench);
}
END_TEST

static const struct {
    const char *header, *payload, *ids, *opinion;
    bool in_kid;
} texts[] = {
    {"{\"alg\":\"HS256\",\"kid\":\"/dev/null\"}", PAYLOAD, "ALG-HS-EMPTY", "kid-as-path hmac-empty-key signature-ignored", false},
    {"{\"alg\":\"HS256\",\"kid\":\"..\\/dev\\/null\"}", PAYLOAD, "ALG-HS-EMPTY", "kid-as-path hmac-empty-key signature-ignored", false},
    {"{\"alg\":\"HS256\",\"kid\":\"/dev/nul\"}", PAYLOAD, "ALG-HS-EMPTY", "hmac-empty-key signature-ignored", false},
    {"{\"alg\":\"HS256\",\"kid\":\"/dev/null2\"}", PAYLOAD, "ALG-HS-EMPTY", "hmac-empty-key signature-ignored", false},
    {"{\"alg\":\"HS256\",\"kid\":5}", PAYLOAD, "ALG-HS-EMPTY", "hmac-empty-key signature-ignored", false},
    {"{\"alg\":\"HS256\",\"kid\":\"x' uNiOn select 'secret\"}", PAYLOAD, "ALG-HS-KNOWN", "kid-as-query hmac-known-secret signature-ignored",
     true},
    {"{\"alg\":\"HS256\",\"kid\":\"x' UNION SELECT 'other\"}", PAYLOAD, "ALG-HS-KNOWN", "hmac-known-secret signature-ignored", false},
    {"{\"alg\":\"HS256\",\"kid\":\"unio\"}", PAYLOAD, "ALG-HS-KNOWN", "hmac-known-secret signature-ignored", true},
    {"{\"alg\":\"HS256\",\"kid\":\"\"}", PAYLOAD, "ALG-HS-KNOWN", "hmac-known-secret signature-ignored", true},
    {HEADER, "{\"sub\":\"a\",\"sub\":\"b\"}", "HDR-DUP", "first-of-two last-of-two", false},
    {HEADER, "{\"iss\":\"a\",\"iss\":\"b\"}", "HDR-DUP", "first-of-two", false},
    {HEADER, "{\"sub\":\"a\",\"sub\":\"b\",\"aud\":\"a\",\"aud\":\"b\"}", "HDR-DUP", "first-of-two", false},
    {HEADER, "{\"deep\":{\"iss\":\"a\",\"iss\":\"b\"}}", "HDR-DUP", "first-of-two last-of-two", false},
    {"{\"alg\":\"RS256\",\"alg\":\"none\"}", PAYLOAD, "HDR-DUP", "first-of-two", false},
    {"{\"alg\":\"RS256\",\"al\\u0067\":\"none\"}", PAYLOAD, "HDR-DUP", "first-of-two", false},
    {"{\"alg\":\"RS256\",\"own\":1,\"own\":2}", PAYLOAD, "HDR-DUP", "first-of-two last-of-two", false},
    {HEADER, PAYLOAD, "HDR-DUP", "", false}, /* two headers that share a name: neither of them takes it twice */
    {HEADER, "{\"sub\":", "FMT-JSON-EXT", "", false},
};

START_TEST(texts_decide_what_a_fault_makes_of_them)
{
    struct opinion_bench bench;
    char text[1024];

    set_up(&bench, texts[_i].header, texts[_i].payload);
    bench.bench.resolution.secret.in_kid = texts[_i].in_kid;
    find_all(&bench, texts[_i].ids);
    ck_assert_str_eq(form(&bench, text, sizeof(text)), texts[_i].opinion);
    bench_clear(&bench.bench);
}
END_TEST

#define ASKED "https://id.corp.example"

static const struct {
    const char *asked, *iss, *opinion;
} issuers[] = {
    {ASKED, "\"https://id.corp.example.evil\"", "issuer-prefix issuer-substring signature-only"},
    {ASKED, "\"https://id.corp.example/\"", "issuer-prefix issuer-substring signature-only"},
    {ASKED, "\"http://evil/https://id.corp.example\"", "issuer-suffix issuer-substring signature-only"},
    {ASKED, "\"x https://id.corp.example x\"", "issuer-substring signature-only"},
    {ASKED, "\"https://id.corp.exampl\"", "issuer-substring signature-only"},
    {ASKED, "\"e\"", "issuer-substring signature-only"},
    {ASKED, "\"\"", "signature-only"},
    {ASKED, "\"https://id.corp.examplE\"", "issuer-any-case signature-only"},
    {ASKED, "[\"https://id.corp.example\"]", "issuer-in-list signature-only"},
    {ASKED, "[\"other\",\"https:\\/\\/id.corp.example\"]", "issuer-in-list signature-only"},
    {ASKED, "[]", "signature-only"},
    {ASKED, "[[\"https://id.corp.example\"],5]", "signature-only"},
    {ASKED, "5", "signature-only"},
    {ASKED, "\"https://other.example\"", "signature-only"},
    {NULL, "\"https://sts.windows.net.evil.example/x/\"", "issuer-prefix issuer-substring signature-only"},
    {NULL, "\"https://evilsts.windows.net/x/\"", "issuer-suffix signature-only"},
    {NULL, "\"https://evil.example/?https://sts.windows.net/x/\"", "issuer-substring signature-only"},
    {NULL, "[\"https://login.microsoftonline.com/7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21/v2.0\"]", "issuer-in-list signature-only"},
    {NULL, "[\"https://id.corp.example\"]", "signature-only"},
};

START_TEST(issuers_are_compared_as_each_fault_does)
{
    static const tscope_key key;
    struct opinion_bench bench;
    char payload[256], text[1024];

    snprintf(payload, sizeof(payload), "{\"iss\":%s}", issuers[_i].iss);
    set_up(&bench, HEADER, payload);
    bench.bench.resolution.key = &key;
    bench.bench.resolution.standing.given = true;
    if (issuers[_i].asked)
        bench.bench.subject.policy.issuer = tscope_span_text(issuers[_i].asked);
    find_all(&bench, issuers[_i].asked ? "CLM-ISS" : "CLM-ISS-PART");
    ck_assert_str_eq(form(&bench, text, sizeof(text)), issuers[_i].opinion);
    bench_clear(&bench.bench);
}
END_TEST

START_TEST(tenant_and_issuer_are_two_policies)
{
    struct opinion_bench bench;
    char text[1024];

    set_up(&bench, HEADER, PAYLOAD);
    bench.bench.subject.policy.tenant = TSCOPE_SPAN("7d0c1f6a-93b5-4e02-8c4b-5a1e0d9b6f21");
    find_all(&bench, "CLM-ISS");
    ck_assert_str_eq(form(&bench, text, sizeof(text)), "tenant-ignored signature-only");
    bench.bench.subject.policy.issuer = TSCOPE_SPAN("https://id.corp");
    ck_assert_str_eq(form(&bench, text, sizeof(text)), "signature-only");
    bench.bench.subject.policy.tenant = tscope_span_of(NULL, 0);
    ck_assert_str_eq(form(&bench, text, sizeof(text)), "issuer-prefix issuer-substring signature-only");
    bench_clear(&bench.bench);
}
END_TEST

START_TEST(zeros_alone_are_psychic)
{
    static uint8_t signature[64];
    struct opinion_bench bench;
    char text[1024];

    set_up(&bench, HEADER, PAYLOAD);
    find_all(&bench, "SIG-PSYCHIC");
    bench.bench.token.signatures->signature.decoded = tscope_span_of(signature, sizeof(signature));
    ck_assert_str_eq(form(&bench, text, sizeof(text)), "psychic-signature signature-ignored");
    signature[sizeof(signature) - 1] = 1;
    ck_assert_str_eq(form(&bench, text, sizeof(text)), "signature-ignored");
    bench.bench.token.signatures->signature.decoded = tscope_span_of(signature, 0);
    ck_assert_str_eq(form(&bench, text, sizeof(text)), "signature-ignored");
    bench_clear(&bench.bench);
}
END_TEST

/* A grade below the one that a validator refuses for is no reason. */
START_TEST(lesser_grades_are_no_defects)
{
    static const char *const ids[] = {"ALG-HS-EMPTY", "ALG-HS-KNOWN", "HDR-JWK", "HDR-X5C",  "HDR-ZIP-JWS", "CLM-AUD",    "FMT-UTF8",
                                      "SIG-LEN",      "FMT-SEG",      "CLM-EXP", "MS-ACTOR", "KEY-RSA-EXP", "KEY-UNKNOWN"};
    struct opinion_bench bench;
    char text[1024];

    set_up(&bench, HEADER, PAYLOAD);
    for (size_t i = 0; i < TSCOPE_COUNT(ids); i++) {
        find_all(&bench, ids[i]);
        bench.judged.findings.found[0].severity = TSCOPE_SEVERITY_INFO;
        bench.judged.findings.found[0].proves = TSCOPE_PROVES_NOTE;
        ck_assert_str_eq(form(&bench, text, sizeof(text)), "");
    }
    bench_clear(&bench.bench);
}
END_TEST

START_TEST(catalogue_lists_every_row)
{
    struct tscope_opinion_view opinion;

    ck_assert_uint_eq(tscope_opinions_count(), tscope_lax_rows_len);
    for (size_t i = 0; i < tscope_lax_rows_len; i++) {
        ck_assert(tscope_opinions_at(i, &opinion));
        ck_assert_str_eq(opinion.id, tscope_lax_rows[i].id);
    }
    ck_assert(!tscope_opinions_at(tscope_lax_rows_len, &opinion));
    ck_assert(!tscope_opinions_at(SIZE_MAX, &opinion));
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("opinion");
    TCase *tcase = tcase_create("opinion");

    suite_add_tcase(suite, tcase);
    tcase_add_loop_test(tcase, rows_are_whole, 0, (int)tscope_lax_rows_len);
    tcase_add_test(tcase, one_row_alone_bears_what_was_not_tried);
    tcase_add_loop_test(tcase, defects_are_of_checks_that_can_show_them, 0, (int)tscope_defect_rows_len);
    tcase_add_loop_test(tcase, each_fault_counts_alone, 0, TSCOPE_COUNT(combinations));
    tcase_add_loop_test(tcase, nothing_rests_on_a_signature_that_was_not_tried, 0, TSCOPE_COUNT(untried));
    tcase_add_loop_test(tcase, texts_decide_what_a_fault_makes_of_them, 0, TSCOPE_COUNT(texts));
    tcase_add_loop_test(tcase, issuers_are_compared_as_each_fault_does, 0, TSCOPE_COUNT(issuers));
    tcase_add_test(tcase, tenant_and_issuer_are_two_policies);
    tcase_add_test(tcase, zeros_alone_are_psychic);
    tcase_add_test(tcase, lesser_grades_are_no_defects);
    tcase_add_test(tcase, catalogue_lists_every_row);
    return suite;
}

int
main(void)
{
    return run_suite(make_suite());
}
