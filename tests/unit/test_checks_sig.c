/* SPDX-License-Identifier: Apache-2.0 */
#include "checks_testing.h"

/* Signatures of every length and kind of absence, and why a bad one could not be told. */

#define CLAIMS "{\"iss\":\"https://idp.example\",\"exp\":2000000000}"
#define SECRET "{\"kty\":\"oct\",\"kid\":\"k\",\"k\":\"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0\"}"
#define RSA_2048                                                                                           \
    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""                                                             \
    "ulN69O3q_BPWWVEwi1pVRyQ2VaQXWQnSDUyoPcVxVh6G22k5vmwTrUrexJGbnXURqtNm9vXTJObDdChAhv6xRcE4oHCNQT7lGHla" \
    "xhiBiKw5vm3oISRzK7hHMloM_hYW5LggNdIg7llY1lC64-ZJjCvzmsIEC7d-aJfzAyk_xBxYasmbyXxg-FoxjRQPV1Xi9Cyw1JDO" \
    "S2ppA9I-lzjIZ1V8dWUF2_sOfWFW1lYDcnix90GNVK68TVVZfwrMJDpSBaBroaj1hI2q1DgcQ3Odrbph6HMCArVu9MSWs5nj75e9" \
    "j7EWPRYqAsaNjVjJ3eGL40DNs__sD9oMuVJfDOcXWQ"                                                           \
    "\"}"

/* A signature of so many bytes, all different from their neighbours, behind its dot. */
static const char *
signature_of(size_t len, char text[1024])
{
    struct tscope_buffer encoded = {0};
    uint8_t bytes[512];

    ck_assert_uint_le(len, sizeof(bytes));
    for (size_t i = 0; i < len; i++)
        bytes[i] = (uint8_t)(i * 37 + 11);
    bytes[0] = bytes[len / 2] = 0; /* below every curve's order */
    tscope_buffer_append(&encoded, ".", 1);
    tscope_base64url_encode(&encoded, bytes, len);
    ck_assert(!encoded.failed && encoded.len < 1024);
    memcpy(text, encoded.data, encoded.len);
    text[encoded.len] = '\0';
    tscope_buffer_clear(&encoded);
    return text;
}

static void
judge_signature(struct judge *judge, const char *keys, const char *alg, size_t len)
{
    char header[64], text[1024];

    snprintf(header, sizeof(header), "{\"alg\":\"%s\",\"kid\":\"k\"}", alg);
    judge_init(judge, keys);
    judge_texts(judge, header, CLAIMS, signature_of(len, text));
}

static const struct {
    const char *alg;
    size_t len;
} lengths[] = {
    {"ES256", 64}, {"ES384", 96}, {"ES512", 132},  {"ES256K", 64}, {"HS256", 32},
    {"HS384", 48}, {"HS512", 64}, {"Ed25519", 64}, {"Ed448", 114},
};

START_TEST(longer_signature_is_found)
{
    struct judge judge;

    judge_signature(&judge, NULL, lengths[_i].alg, lengths[_i].len + 1);
    check_found(&judge, "SIG-LEN", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID);
    judge_clear(&judge);
}
END_TEST

START_TEST(exact_length_is_clear)
{
    struct judge judge;

    judge_signature(&judge, NULL, lengths[_i].alg, lengths[_i].len);
    check_absent(&judge, "SIG-LEN");
    check_absent(&judge, "SIG-BAD");
    ck_assert_str_eq(tscope_report_inconclusive_id(judge.report, 0), "SIG-BAD");
    judge_clear(&judge);
}
END_TEST

/* Shorter than any signature of its algorithm: a field ended there. */
START_TEST(shorter_signature_is_missing)
{
    struct judge judge;

    judge_signature(&judge, NULL, lengths[_i].alg, lengths[_i].len - 1);
    check_found(&judge, "SIG-MISSING", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE);
    check_absent(&judge, "SIG-LEN");
    ck_assert_int_eq(tscope_report_verdict(judge.report), TSCOPE_VERDICT_UNVERIFIED);
    judge_clear(&judge);
}
END_TEST

/* The cut went through a letter: what is left of it is no damage of its own. */
START_TEST(half_a_letter_shows_a_cut)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_texts(&judge, "{\"alg\":\"HS256\"}", CLAIMS, ".MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMT");
    check_found(&judge, "SIG-MISSING", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE);
    check_absent(&judge, "FMT-B64");
    judge_clear(&judge);
}
END_TEST

/* The key makes 256 bytes. One or two too few are zeros that a signer left out, more are lost; in a capture, each is. */
static const struct {
    size_t len;
    const char *id, *captured_id;
} rsa[] = {
    {256, "SIG-BAD", "SIG-BAD"},         {257, "SIG-LEN", "SIG-LEN"},     {512, "SIG-LEN", "SIG-LEN"},
    {255, "SIG-LEN", "SIG-MISSING"},     {254, "SIG-LEN", "SIG-MISSING"}, {253, "SIG-MISSING", "SIG-MISSING"},
    {200, "SIG-MISSING", "SIG-MISSING"},
};

START_TEST(length_is_compared_with_the_modulus)
{
    struct tscope_finding_view finding;
    struct judge judge;
    char text[1024];

    signature_of(rsa[_i].len, text);
    judge_init(&judge, RSA_2048);
    judge_texts(&judge, "{\"alg\":\"RS256\"}", CLAIMS, text);
    ck_assert_msg(find(&judge, rsa[_i].id, &finding), "%zu bytes", rsa[_i].len);
    ck_assert_int_eq(tscope_report_verdict(judge.report),
                     strcmp(rsa[_i].id, "SIG-MISSING") == 0 ? TSCOPE_VERDICT_UNVERIFIED : TSCOPE_VERDICT_INVALID);
    judge_parts(&judge, TSCOPE_SPAN("{\"alg\":\"RS256\"}"), tscope_span_text(CLAIMS), text, "log");
    ck_assert_msg(find(&judge, rsa[_i].captured_id, &finding), "%zu bytes in a log", rsa[_i].len);
    judge_clear(&judge);
}
END_TEST

START_TEST(wrong_signature_of_named_key_is_found)
{
    struct judge judge;

    judge_signature(&judge, SECRET, "HS256", 32);
    check_found(&judge, "SIG-BAD", TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_INVALID);
    check_absent(&judge, "SIG-MISSING");
    judge_clear(&judge);
}
END_TEST

static const char *const absences[] = {"", ".", ".redacted", ".***", ".xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", ".AAAA"};

START_TEST(absent_signature_is_a_note_in_a_capture)
{
    struct judge judge;

    judge_init(&judge, SECRET);
    judge_parts(&judge, TSCOPE_SPAN("{\"alg\":\"HS256\",\"kid\":\"k\"}"), tscope_span_text(CLAIMS), absences[_i], "har");
    check_found(&judge, "SIG-MISSING", TSCOPE_SEVERITY_INFO, TSCOPE_PROVES_NOTE);
    check_absent(&judge, "SIG-BAD");
    check_absent(&judge, "SIG-LEN");
    check_absent(&judge, "FMT-SEG");
    check_absent(&judge, "FMT-B64");
    ck_assert_int_eq(tscope_report_verdict(judge.report), TSCOPE_VERDICT_UNVERIFIED);
    judge_clear(&judge);
}
END_TEST

#define ZEROS_64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

START_TEST(signature_of_zeros_is_found_outside_captures)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_texts(&judge, "{\"alg\":\"ES256\"}", CLAIMS, "." ZEROS_64);
    check_found(&judge, "SIG-PSYCHIC", TSCOPE_SEVERITY_CRITICAL, TSCOPE_PROVES_INVALID);
    check_absent(&judge, "SIG-MISSING");
    check_absent(&judge, "SIG-BAD");
    judge_parts(&judge, TSCOPE_SPAN("{\"alg\":\"ES256\"}"), tscope_span_text(CLAIMS), "." ZEROS_64, "har");
    check_absent(&judge, "SIG-PSYCHIC");
    judge_clear(&judge);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("checks_sig");
    TCase *sig = tcase_create("sig");

    tcase_add_loop_test(sig, longer_signature_is_found, 0, TSCOPE_COUNT(lengths));
    tcase_add_loop_test(sig, exact_length_is_clear, 0, TSCOPE_COUNT(lengths));
    tcase_add_loop_test(sig, shorter_signature_is_missing, 0, TSCOPE_COUNT(lengths));
    tcase_add_test(sig, half_a_letter_shows_a_cut);
    tcase_add_loop_test(sig, length_is_compared_with_the_modulus, 0, TSCOPE_COUNT(rsa));
    tcase_add_test(sig, wrong_signature_of_named_key_is_found);
    tcase_add_loop_test(sig, absent_signature_is_a_note_in_a_capture, 0, TSCOPE_COUNT(absences));
    tcase_add_test(sig, signature_of_zeros_is_found_outside_captures);
    suite_add_tcase(suite, sig);
    return run_suite(suite);
}
