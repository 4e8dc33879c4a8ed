/* SPDX-License-Identifier: Apache-2.0 */
#include "checks_testing.h"

/* Shapes of crit and b64, repeated names wherever they can stand, and headers that are made to cost time. */

#define CLAIMS "{\"iss\":\"https://idp.example\",\"exp\":2000000000}"
#define SIGNATURE ".MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNA"

static const char *const bad_crit[] = {
    "[]",
    "null",
    "\"exp\"",
    "{\"b64\":1}",
    "[null]",
    "[\"b64\",1]",
    "[[\"b64\"]]",
    "[\"\"]",
    "[\"alg\"]",
    "[\"crit\"]",
    "[\"enc\"]",
    "[\"p2c\"]",
    "[\"B64\"]",
    "[\"b64\",\"b64\"]",
    "[\"absent\"]",
    "[\"private\"]",
    "[\"x5t#S256\"]",
    "[\"b64\\u0000\"]",
    "[\"b64\",\"\\u00624\\u0034\",\"\\u0062\\u0036\\u0034\"]",
};

START_TEST(bad_crit_is_found)
{
    char header[256];
    struct judge judge;

    snprintf(header, sizeof(header), "{\"alg\":\"ES256\",\"b64\":true,\"private\":1,\"crit\":%s}", bad_crit[_i]);
    judge_init(&judge, NULL);
    judge_texts(&judge, header, CLAIMS, SIGNATURE);
    check_found(&judge, "HDR-CRIT", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID);
    judge_clear(&judge);
}
END_TEST

START_TEST(understood_crit_is_clear)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_texts(&judge, "{\"alg\":\"ES256\",\"b64\":true,\"crit\":[\"\\u0062\\u00364\"]}", CLAIMS, SIGNATURE);
    check_absent(&judge, "HDR-CRIT");
    check_absent(&judge, "HDR-B64");
    judge_clear(&judge);
}
END_TEST

/* A list that would cost the square of its length is cut off, and is wrong all the same. */
START_TEST(endless_crit_is_found_in_time)
{
    struct tscope_buffer header = {0};
    struct judge judge;

    tscope_buffer_append(&header, "{\"alg\":\"ES256\",\"crit\":[\"b64\"", 28);
    for (int i = 0; i < 40000; i++) {
        char name[24];

        snprintf(name, sizeof(name), ",\"b%d\"", i);
        tscope_buffer_append(&header, name, strlen(name));
    }
    tscope_buffer_append(&header, "],\"b64\":true}", 13);
    judge_init(&judge, NULL);
    judge_parts(&judge, tscope_span_of(header.data, header.len), tscope_span_text(CLAIMS), SIGNATURE, NULL);
    check_found(&judge, "HDR-CRIT", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID);
    judge_clear(&judge);
    tscope_buffer_clear(&header);
}
END_TEST

static const struct {
    const char *header, *claims;
    enum tscope_severity severity;
    enum tscope_proves proves;
} bad_b64[] = {
    {"{\"alg\":\"ES256\",\"b64\":false}", "text", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID},
    {"{\"alg\":\"ES256\",\"b64\":false,\"crit\":[\"exp\"]}", "text", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID},
    {"{\"alg\":\"ES256\",\"b64\":\"false\",\"crit\":[\"b64\"]}", CLAIMS, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID},
    {"{\"alg\":\"ES256\",\"b64\":0,\"crit\":[\"b64\"]}", CLAIMS, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID},
    {"{\"alg\":\"ES256\",\"b64\":null}", CLAIMS, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID},
    {"{\"alg\":\"ES256\",\"typ\":\"jwt\",\"b64\":false,\"crit\":[\"b64\"]}", "text", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID},
    {"{\"alg\":\"ES256\",\"b64\":true}", CLAIMS, TSCOPE_SEVERITY_LOW, TSCOPE_PROVES_NOTE},
};

START_TEST(bad_b64_is_found)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_texts(&judge, bad_b64[_i].header, bad_b64[_i].claims, SIGNATURE);
    check_found(&judge, "HDR-B64", bad_b64[_i].severity, bad_b64[_i].proves);
    judge_clear(&judge);
}
END_TEST

static const struct {
    const char *header, *claims;
    size_t evidence;
} repeated[] = {
    {"{\"alg\":\"ES256\",\"alg\":\"ES256\"}", CLAIMS, 2},
    {"{\"alg\":\"ES256\",\"\\u0061lg\":\"none\"}", CLAIMS, 2},
    {"{\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"kty\":\"oct\"}}", CLAIMS, 2},
    {"{\"alg\":\"ES256\"}", "{\"iss\":\"a\",\"exp\":1,\"iss\":\"b\"}", 2},
    {"{\"alg\":\"ES256\"}", "{\"iss\":\"a\",\"act\":[{\"x\":{\"sub\":1,\"sub\":2}}]}", 2},
    {"{\"alg\":\"ES256\",\"kid\":\"1\",\"kid\":\"2\"}", "{\"iss\":\"a\",\"iss\":\"b\"}", 4},
    {"{\"alg\":\"ES256\"}", "{\"iss\":\"a\",\"iss\":\"b\",\"iss\":\"c\"}", 4},
};

START_TEST(repeated_name_is_found_with_both_places)
{
    struct tscope_finding_view finding;
    struct judge judge;

    judge_init(&judge, NULL);
    judge_texts(&judge, repeated[_i].header, repeated[_i].claims, SIGNATURE);
    check_found(&judge, "HDR-DUP", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID);
    ck_assert(find(&judge, "HDR-DUP", &finding));
    ck_assert_uint_eq(finding.evidence, repeated[_i].evidence);
    judge_clear(&judge);
}
END_TEST

static const struct {
    const char *header, *claims;
} single[] = {
    {"{\"alg\":\"ES256\"}", "{\"iss\":\"a\",\"Iss\":\"b\",\"act\":{\"iss\":\"c\"},\"a\":[{\"x\":1},{\"x\":2}]}"},
    {"{\"alg\":\"ES256\"}", "[{\"iss\":1,\"iss\":2}]"}, /* a signed message may say what it likes */
};

START_TEST(equal_names_of_different_objects_are_clear)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_texts(&judge, single[_i].header, single[_i].claims, SIGNATURE);
    check_absent(&judge, "HDR-DUP");
    judge_clear(&judge);
}
END_TEST

static const struct {
    const char *json;
    bool found;
} forms[] = {
    {"{\"payload\":\"e30\",\"protected\":\"eyJhbGciOiJFUzI1NiJ9\",\"header\":{\"kid\":\"1\"},\"signature\":\"AQID\"}", false},
    {"{\"payload\":\"e30\",\"protected\":\"eyJhbGciOiJFUzI1NiJ9\",\"header\":{\"alg\":\"none\"},\"signature\":\"AQID\"}", true},
    {"{\"payload\":\"e30\",\"protected\":\"eyJhbGciOiJFUzI1NiJ9\",\"header\":{\"\\u0061lg\":\"none\"},\"signature\":\"AQID\"}", true},
    {"{\"payload\":\"e30\",\"payload\":\"e30\",\"protected\":\"eyJhbGciOiJFUzI1NiJ9\",\"signature\":\"AQID\"}", true},
    {"{\"payload\":\"e30\",\"protected\":\"eyJhbGciOiJFUzI1NiJ9\",\"header\":{\"kid\":\"1\",\"kid\":\"2\"},\"signature\":\"AQID\"}", true},
};

START_TEST(names_of_the_json_form_are_compared)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_bytes(&judge, forms[_i].json, strlen(forms[_i].json), NULL);
    if (forms[_i].found)
        check_found(&judge, "HDR-DUP", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID);
    else
        check_absent(&judge, "HDR-DUP");
    judge_clear(&judge);
}
END_TEST

/* Two headers of many names: compared by sorting, and the one they share is found wherever it stands. */
START_TEST(shared_name_among_many_is_found_in_time)
{
    struct tscope_buffer json = {0}, header = {0};
    struct judge judge;
    char member[32];

    tscope_buffer_append(&header, "{\"alg\":\"ES256\"", 14);
    for (int i = 0; i < 20000; i++) {
        snprintf(member, sizeof(member), ",\"p%d\":1", i);
        tscope_buffer_append(&header, member, strlen(member));
    }
    tscope_buffer_append(&header, "}", 1);
    tscope_buffer_append(&json, "{\"payload\":\"e30\",\"protected\":\"", 30);
    tscope_base64url_encode(&json, header.data, header.len);
    tscope_buffer_append(&json, "\",\"header\":{\"p19999\":1", 22);
    for (int i = 0; i < 20000; i++) {
        snprintf(member, sizeof(member), ",\"u%d\":1", i);
        tscope_buffer_append(&json, member, strlen(member));
    }
    tscope_buffer_append(&json, "},\"signature\":\"AQID\"}", 21);
    ck_assert(!json.failed && !header.failed);
    judge_init(&judge, NULL);
    judge_bytes(&judge, json.data, json.len, NULL);
    check_found(&judge, "HDR-DUP", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID);
    judge_clear(&judge);
    tscope_buffer_clear(&json);
    tscope_buffer_clear(&header);
}
END_TEST

START_TEST(repeated_names_without_end_are_counted)
{
    struct tscope_buffer claims = {0};
    struct tscope_finding_view finding;
    struct judge judge;

    tscope_buffer_append(&claims, "{\"iss\":\"a\"", 10);
    for (int i = 0; i < 50000; i++)
        tscope_buffer_append(&claims, ",\"x\":1", 6);
    tscope_buffer_append(&claims, "}", 1);
    judge_init(&judge, NULL);
    judge_parts(&judge, TSCOPE_SPAN("{\"alg\":\"ES256\"}"), tscope_span_of(claims.data, claims.len), SIGNATURE, NULL);
    ck_assert(find(&judge, "HDR-DUP", &finding));
    ck_assert_ptr_nonnull(strstr(finding.detail, "49999"));
    judge_clear(&judge);
    tscope_buffer_clear(&claims);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("checks_hdr");
    TCase *hdr = tcase_create("hdr");

    tcase_add_loop_test(hdr, bad_crit_is_found, 0, TSCOPE_COUNT(bad_crit));
    tcase_add_test(hdr, understood_crit_is_clear);
    tcase_add_test(hdr, endless_crit_is_found_in_time);
    tcase_add_loop_test(hdr, bad_b64_is_found, 0, TSCOPE_COUNT(bad_b64));
    tcase_add_loop_test(hdr, repeated_name_is_found_with_both_places, 0, TSCOPE_COUNT(repeated));
    tcase_add_loop_test(hdr, equal_names_of_different_objects_are_clear, 0, TSCOPE_COUNT(single));
    tcase_add_loop_test(hdr, names_of_the_json_form_are_compared, 0, TSCOPE_COUNT(forms));
    tcase_add_test(hdr, shared_name_among_many_is_found_in_time);
    tcase_add_test(hdr, repeated_names_without_end_are_counted);
    suite_add_tcase(suite, hdr);
    return run_suite(suite);
}
