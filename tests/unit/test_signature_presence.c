/* SPDX-License-Identifier: Apache-2.0 */
#include "token_testing.h"

#define P TSCOPE_SIGNATURE_PRESENT
#define E TSCOPE_SIGNATURE_EMPTY
#define M TSCOPE_SIGNATURE_MASKED
#define C TSCOPE_SIGNATURE_CUT

static const struct {
    const char *signature;
    enum tscope_signature_presence presence;
} masks[] = {
    {"", E},
    {"***", M},
    {"*", M},
    {"AAEC***", M},
    {"xxx", M},
    {"xx", C},
    {"xxxx", M},
    {"XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", M},
    {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", M},
    {"-----", M},
    {"redacted", M},
    {"REDACTED", M},
    {"[redacted]", M},
    {"<signature>", M},
    {"SIGNATURE_REMOVED", M},
    {"your_signature_here", M},
    {"{{signature}}", M},
    {"AAEC...", M},
    {"\xe2\x80\xa6", M},
    {"AAEC\xe2\x80\xa6", M},
    {"\xe2\x80\xa2\xe2\x80\xa2\xe2\x80\xa2", M},
    {"AAECAwQFBgcICQoLDA0ODxARxxxxxxxxxxxxxxxxxxx", M},
    {"AAECAwQFBgcICQoLDA0ODxARAAAAAAAAAAAAAAAAAAA", P}, /* zeros are what an attack on ECDSA ends with */
    {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkxxxxxxxx", P},
    {"redactedBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", P}, /* a whole signature, whatever it spells */
    {SIGNATURE, P},
    {SIGNATURE "AA", P},
    {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh", C},
    {"AAEC", C},
    {"A", C},
    {"!", C},
};

START_TEST(mask_is_told_from_a_signature)
{
    struct tscope_buffer text = {0};
    tscope_token *token;

    tscope_buffer_append_text(&text, HEADER "." PAYLOAD ".");
    tscope_buffer_append_text(&text, masks[_i].signature);
    token = parse_buffer(&text);
    ck_assert_msg(token->signatures->presence == masks[_i].presence, "'%s' is %d", masks[_i].signature, (int)token->signatures->presence);
    tscope_token_free(token);
}
END_TEST

/* The shortest signature of each algorithm; 0: any length will do. */
static const struct {
    const char *alg;
    size_t len;
} shortest[] = {
    {"HS256", 32},  {"HS384", 48},   {"HS512", 64},  {"ES256", 64},  {"ES256K", 64}, {"ES384", 96},  {"ES512", 132},
    {"EdDSA", 64},  {"Ed25519", 64}, {"Ed448", 114}, {"RS256", 128}, {"RS384", 128}, {"RS512", 128}, {"PS256", 128},
    {"PS384", 128}, {"PS512", 128},  {"none", 0},    {"rs256", 0},   {"X", 0},       {"", 0},
};

static enum tscope_signature_presence
presence_of(const char *alg, size_t len)
{
    struct tscope_buffer text = {0}, header = {0}, signature = {0};
    enum tscope_signature_presence presence;
    tscope_token *token;

    tscope_buffer_append_format(&header, "{\"alg\":\"%s\"}", alg);
    for (size_t i = 0; i < len; i++)
        tscope_buffer_append_byte(&signature, (uint8_t)(7 * i + 1));
    tscope_base64url_encode(&text, header.data, header.len);
    tscope_buffer_append_text(&text, "." PAYLOAD ".");
    tscope_base64url_encode(&text, signature.data, len);
    tscope_buffer_clear(&header);
    tscope_buffer_clear(&signature);
    token = parse_buffer(&text);
    presence = token->signatures->presence;
    tscope_token_free(token);
    return presence;
}

START_TEST(cut_is_shorter_than_any_signature_of_its_algorithm)
{
    const char *alg = shortest[_i].alg;
    size_t len = shortest[_i].len;

    ck_assert_int_eq(presence_of(alg, len + 2), P);
    ck_assert_int_eq(presence_of(alg, len + 1), P);
    ck_assert_int_eq(presence_of(alg, len), len ? P : E);
    if (len == 0)
        return;
    ck_assert_int_eq(presence_of(alg, len - 1), C);
    ck_assert_int_eq(presence_of(alg, len / 2 - 1), C);
    ck_assert_int_eq(presence_of(alg, 1), C);
}
END_TEST

START_TEST(signature_of_a_small_rsa_key_is_whole)
{
    ck_assert_int_eq(presence_of("RS256", 64), P);
    ck_assert_int_eq(presence_of("RS256", 63), C);
    ck_assert_int_eq(presence_of("RS256", 65), C);
    ck_assert_int_eq(presence_of("PS512", 96), P);
    ck_assert_int_eq(presence_of("ES512", 64), C);
}
END_TEST

START_TEST(algorithm_that_is_no_plain_string_says_nothing)
{
    static const char *const headers[] = {"{\"alg\":7}", "{\"alg\":null}", "{}", "{\"alg\":\"\\u0048S256\"}", "{\"alg\":[\"HS256\"]}"};

    for (size_t i = 0; i < TSCOPE_COUNT(headers); i++) {
        struct tscope_buffer text = {0};
        tscope_token *token;

        tscope_base64url_encode(&text, (const uint8_t *)headers[i], strlen(headers[i]));
        tscope_buffer_append_text(&text, "." PAYLOAD ".AAEC");
        token = parse_buffer(&text);
        ck_assert_int_eq(token->signatures->presence, P);
        tscope_token_free(token);
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("signature_presence");
    TCase *tests = tcase_create("signature_presence");

    tcase_add_loop_test(tests, mask_is_told_from_a_signature, 0, (int)TSCOPE_COUNT(masks));
    tcase_add_loop_test(tests, cut_is_shorter_than_any_signature_of_its_algorithm, 0, (int)TSCOPE_COUNT(shortest));
    tcase_add_test(tests, signature_of_a_small_rsa_key_is_whole);
    tcase_add_test(tests, algorithm_that_is_no_plain_string_says_nothing);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
