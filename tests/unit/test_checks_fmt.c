/* SPDX-License-Identifier: Apache-2.0 */
#include "checks_testing.h"

/* How a token is written: bytes that no text file of a vector can hold, flaws by the dozen, and tokens cut at every place. */

#define HEADER "{\"alg\":\"ES256\",\"typ\":\"JWT\"}"
#define CLAIMS "{\"iss\":\"https://idp.example\",\"exp\":2000000000}"
#define SIGNATURE ".MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNA"

struct bytes {
    const char *data;
    size_t len;
};
#define BYTES(literal)               \
    {                                \
        literal, sizeof(literal) - 1 \
    }

static const struct bytes odd_json[] = {
    BYTES("{\"iss\":\"a\",}"),           BYTES("{\"iss\":\"a\"}x"),   BYTES("{\"iss\":\"a\"}\0"), BYTES("{\"iss\":NaN}"),
    BYTES("{/**/\"iss\":\"a\"}"),        BYTES("{\"iss\":\"a\tb\"}"), BYTES("{\"iss\":\"a\""),    BYTES("{\"iss\":'a'}"),
    BYTES("{\"iss\":\"a\",\"exp\":01}"), BYTES("{\"iss\":\"\\x\"}"),  BYTES("{\"iss\"}"),         BYTES("{\"iss\":-Infinity}"),
};

START_TEST(odd_claims_are_found)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_parts(&judge, TSCOPE_SPAN(HEADER), tscope_span_of(odd_json[_i].data, odd_json[_i].len), SIGNATURE, NULL);
    check_found(&judge, "FMT-JSON-EXT", TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_INVALID);
    check_absent(&judge, "FMT-UTF8");
    judge_clear(&judge);
}
END_TEST

static const struct bytes odd_text[] = {
    BYTES("\xef\xbb\xbf{\"iss\":\"a\"}"),    BYTES("{\"iss\":\"\xff\"}"),    BYTES("{\"iss\":\"\xc0\xaf\"}"),
    BYTES("{\"iss\":\"\xed\xa0\x80\"}"),     BYTES("{\"iss\":\"\\ud800\"}"), BYTES("{\"iss\":\"\\udc00\\ud800\"}"),
    BYTES("{\"iss\":\"\xf4\x90\x80\x80\"}"), BYTES("{\"\xe4\":1}"),          BYTES("{\0\"\0i\0s\0s\0\"\0:\0001\0}\0"),
};

START_TEST(odd_text_is_found)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_parts(&judge, TSCOPE_SPAN(HEADER), tscope_span_of(odd_text[_i].data, odd_text[_i].len), SIGNATURE, NULL);
    check_found(&judge, "FMT-UTF8", TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_INVALID);
    check_absent(&judge, "FMT-JSON-EXT");
    judge_clear(&judge);
}
END_TEST

/* Only the first flaws are listed: harmless ones in front must not hide that the text is no JSON. */
START_TEST(flaw_behind_many_notes_is_found)
{
    struct tscope_buffer claims = {0};
    struct judge judge;

    tscope_buffer_append(&claims, "{\"iss\":\"a\",\"n\":[1", 17);
    for (int i = 0; i < 40; i++)
        tscope_buffer_append(&claims, ",9007199254740993", 17);
    tscope_buffer_append(&claims, ",]}", 3);
    judge_init(&judge, NULL);
    judge_parts(&judge, TSCOPE_SPAN(HEADER), tscope_span_of(claims.data, claims.len), SIGNATURE, NULL);
    check_found(&judge, "FMT-JSON-EXT", TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_INVALID);
    judge_clear(&judge);
    tscope_buffer_clear(&claims);
}
END_TEST

START_TEST(big_number_is_a_note)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_texts(&judge, HEADER, "{\"iss\":\"a\",\"n\":9007199254740993}", SIGNATURE);
    check_found(&judge, "FMT-JSON-EXT", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE);
    ck_assert_int_eq(tscope_report_verdict(judge.report), TSCOPE_VERDICT_UNVERIFIED);
    judge_clear(&judge);
}
END_TEST

static void
judge_nested(struct judge *judge, int depth)
{
    struct tscope_buffer claims = {0};

    tscope_buffer_append(&claims, "{\"iss\":", 7);
    for (int i = 0; i < depth; i++)
        tscope_buffer_append(&claims, "[", 1);
    for (int i = 0; i < depth; i++)
        tscope_buffer_append(&claims, "]", 1);
    tscope_buffer_append(&claims, "}", 1);
    judge_parts(judge, TSCOPE_SPAN(HEADER), tscope_span_of(claims.data, claims.len), SIGNATURE, NULL);
    tscope_buffer_clear(&claims);
}

START_TEST(nesting_is_bounded)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_nested(&judge, 63);
    check_absent(&judge, "FMT-JSON-EXT");
    judge_nested(&judge, 65);
    check_found(&judge, "FMT-JSON-EXT", TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_INVALID);
    judge_nested(&judge, 100000);
    check_found(&judge, "FMT-JSON-EXT", TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_INVALID);
    judge_clear(&judge);
}
END_TEST

/* A signed message that is no JWT may be anything. */
static const struct bytes messages[] = {
    BYTES("Frodo said: 'It is a dangerous business'"), BYTES("\xff\xfe\x00"), BYTES("[1,]"), BYTES("\"\\ud800\""), BYTES("17"), BYTES("x"),
};

START_TEST(message_of_any_bytes_is_clear)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_parts(&judge, TSCOPE_SPAN("{\"alg\":\"ES256\"}"), tscope_span_of(messages[_i].data, messages[_i].len), SIGNATURE, NULL);
    check_absent(&judge, "FMT-JSON-EXT");
    check_absent(&judge, "FMT-UTF8");
    judge_clear(&judge);
}
END_TEST

static const struct {
    const char *header, *rest;
    bool found;
    enum tscope_severity severity;
    enum tscope_proves proves;
} segments[] = {
    {HEADER, SIGNATURE ".", false, 0, 0}, /* the end of a sentence */
    {HEADER, SIGNATURE "..", true, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_INVALID},
    {HEADER, SIGNATURE ".AAAA", true, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_INVALID},
    {HEADER, SIGNATURE ".AAAA.AAAA.AAAA", true, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_INVALID},
    {HEADER, SIGNATURE, false, 0, 0},
    {HEADER, "", false, 0, 0},
    {"{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", ".AAAA.AAAA.AAAA", false, 0, 0},
    {"{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", ".AAAA.AAAA", true, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE},
    {"{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", ".AAAA", true, TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE},
    {"{\"alg\":\"dir\",\"enc\":\"A256GCM\"}", ".AAAA.AAAA.AAAA.AAAA", true, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_INVALID},
};

START_TEST(number_of_parts_is_judged)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_texts(&judge, segments[_i].header, CLAIMS, segments[_i].rest);
    if (segments[_i].found)
        check_found(&judge, "FMT-SEG", segments[_i].severity, segments[_i].proves);
    else
        check_absent(&judge, "FMT-SEG");
    judge_clear(&judge);
}
END_TEST

/* A capture that ends anywhere in a token is incomplete evidence, and no more. */
START_TEST(token_cut_anywhere_is_never_invalid)
{
    struct tscope_buffer token = {0};
    struct judge judge;

    tscope_base64url_encode(&token, (const uint8_t *)HEADER, strlen(HEADER));
    tscope_buffer_append(&token, ".", 1);
    tscope_base64url_encode(&token, (const uint8_t *)CLAIMS, strlen(CLAIMS));
    tscope_buffer_append(&token, SIGNATURE, strlen(SIGNATURE));
    judge_init(&judge, "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"8Z3aUBUDsCTdX6CS_ahb9vMr6OwPl1REEj2JLlHY23w\","
                       "\"y\":\"O8a1nwD6Hi_ve_9EuCHOSM8mrueE2xsSnCM8hvR3kVQ\"}]}");
    for (size_t len = 12; len < token.len; len++) {
        judge_bytes(&judge, token.data, len, "log");
        ck_assert_msg(tscope_report_verdict(judge.report) == TSCOPE_VERDICT_UNVERIFIED, "cut to %zu bytes it is %s", len,
                      tscope_verdict_id(tscope_report_verdict(judge.report)));
    }
    judge_clear(&judge);
    tscope_buffer_clear(&token);
}
END_TEST

/* In the signature: what makes a second form of it, and what its way did to the text. */
static const struct {
    const char *signature, *id;
} deviations[] = {
    {".MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNA==", "SIG-MALL"}, /* padding */
    {".MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNB", "SIG-MALL"},   /* spare bits */
    {".MTIzNDU2Nzg5MDEyMzQ1Njc4OTAx MjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNA", "SIG-MALL"},
    {".MTIzNDU2Nzg5MDEyMzQ1Njc4OTAx\r\n MjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNA", "FMT-B64"},
    {".MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI/+/", "FMT-B64"},
};

START_TEST(deviation_of_base64url_is_found)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_texts(&judge, HEADER, CLAIMS, deviations[_i].signature);
    check_found(&judge, deviations[_i].id, TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY);
    judge_clear(&judge);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("checks_fmt");
    TCase *fmt = tcase_create("fmt");

    tcase_set_timeout(fmt, 30);
    tcase_add_loop_test(fmt, odd_claims_are_found, 0, TSCOPE_COUNT(odd_json));
    tcase_add_loop_test(fmt, odd_text_is_found, 0, TSCOPE_COUNT(odd_text));
    tcase_add_test(fmt, flaw_behind_many_notes_is_found);
    tcase_add_test(fmt, big_number_is_a_note);
    tcase_add_test(fmt, nesting_is_bounded);
    tcase_add_loop_test(fmt, message_of_any_bytes_is_clear, 0, TSCOPE_COUNT(messages));
    tcase_add_loop_test(fmt, number_of_parts_is_judged, 0, TSCOPE_COUNT(segments));
    tcase_add_test(fmt, token_cut_anywhere_is_never_invalid);
    tcase_add_loop_test(fmt, deviation_of_base64url_is_found, 0, TSCOPE_COUNT(deviations));
    suite_add_tcase(suite, fmt);
    return run_suite(suite);
}
