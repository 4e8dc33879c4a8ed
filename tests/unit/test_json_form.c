/* SPDX-License-Identifier: Apache-2.0 */
#include "token_testing.h"

#define PROTECTED "\"protected\":\"" HEADER "\""
#define CLAIMS "\"payload\":\"" PAYLOAD "\""
#define SIGNED "\"signature\":\"" SIGNATURE "\""
#define ENCRYPTED "\"iv\":\"aXY\",\"ciphertext\":\"dGV4dA\",\"tag\":\"dGFn\""

static const struct {
    const char *text;
    enum tscope_serialization serialization;
    uint32_t signatures;
    enum tscope_signature_presence presence;
    bool detached;
} forms[] = {
    {"{" PROTECTED "," CLAIMS "," SIGNED "}", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_PRESENT, false},
    {"{" SIGNED "," CLAIMS "," PROTECTED "}", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_PRESENT, false},
    {"{" CLAIMS ",\"header\":{\"alg\":\"HS256\"}," SIGNED "}", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_PRESENT, false},
    {"{" PROTECTED "," CLAIMS "}", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_ABSENT, false},
    {"{" PROTECTED "," CLAIMS ",\"signature\":\"\"}", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_EMPTY, false},
    {"{" PROTECTED "," CLAIMS ",\"signature\":\"[redacted]\"}", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_MASKED, false},
    {"{" PROTECTED "," CLAIMS ",\"signature\":\"AAEC\"}", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_CUT, false},
    {"{" PROTECTED "," CLAIMS ",\"signature\":7}", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_ABSENT, false},
    {"{" PROTECTED "," SIGNED "}", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_PRESENT, true},
    {"{" PROTECTED ",\"payload\":\"\"," SIGNED "}", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_PRESENT, true},
    {"{" PROTECTED "," CLAIMS ",\"signature\":\"AAECAwQ", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_CUT, false},
    {"{" CLAIMS ",\"signatures\":[{" PROTECTED "," SIGNED "}]}", TSCOPE_SERIALIZATION_JWS_GENERAL, 1, TSCOPE_SIGNATURE_PRESENT, false},
    {"{" CLAIMS ",\"signatures\":[{" PROTECTED "," SIGNED "},{},7,null]}", TSCOPE_SERIALIZATION_JWS_GENERAL, 4, TSCOPE_SIGNATURE_PRESENT,
     false},
    {"{" CLAIMS ",\"signatures\":[{},{" SIGNED "}]}", TSCOPE_SERIALIZATION_JWS_GENERAL, 2, TSCOPE_SIGNATURE_ABSENT, false},
    {"{\"signatures\":[{" PROTECTED "," SIGNED "}]}", TSCOPE_SERIALIZATION_JWS_GENERAL, 1, TSCOPE_SIGNATURE_PRESENT, true},
    {"{" CLAIMS ",\"signatures\":[]}", TSCOPE_SERIALIZATION_JWS_GENERAL, 0, TSCOPE_SIGNATURE_ABSENT, false},
    {"{" PROTECTED "," ENCRYPTED ",\"encrypted_key\":\"a2V5\"}", TSCOPE_SERIALIZATION_JWE_FLATTENED, 1, TSCOPE_SIGNATURE_PRESENT, false},
    {"{" ENCRYPTED ",\"recipients\":[{\"encrypted_key\":\"a2V5\"},{}]}", TSCOPE_SERIALIZATION_JWE_GENERAL, 2, TSCOPE_SIGNATURE_PRESENT,
     false},
    /* what has both is a JWS (RFC 7516 section 9) */
    {"{" PROTECTED "," CLAIMS "," SIGNED "," ENCRYPTED "}", TSCOPE_SERIALIZATION_JWS_FLATTENED, 1, TSCOPE_SIGNATURE_PRESENT, false},
};

START_TEST(form_is_told_by_its_members)
{
    tscope_token *token = parse(forms[_i].text);

    ck_assert_int_eq(token->serialization, forms[_i].serialization);
    ck_assert_uint_eq(token->signatures_total, forms[_i].signatures);
    if (forms[_i].signatures)
        ck_assert_int_eq(token->signatures->presence, forms[_i].presence);
    ck_assert_int_eq(token->detached, forms[_i].detached);
    ck_assert_uint_eq(token->segments, 0);
    ck_assert_ptr_nonnull(token->container.values);
    tscope_token_free(token);
}
END_TEST

START_TEST(each_signature_has_its_own_header)
{
    tscope_token *token = parse("{" CLAIMS ",\"signatures\":[{" PROTECTED ",\"header\":{\"kid\":\"a\"}," SIGNED "},"
                                "{\"header\":{\"kid\":\"b\",\"alg\":\"none\"},\"signature\":\"\"},{\"protected\":\"e30\",\"header\":7}]}");
    const struct tscope_token_signature *signatures = token->signatures;

    ck_assert(tscope_json_string_is(&signatures[0].header, signatures[0].slots[TSCOPE_HEADER_ALG], "HS256"));
    ck_assert(tscope_json_string_is(&token->container, tscope_json_member(&token->container, signatures[0].unprotected, "kid"), "a"));
    ck_assert(!signatures[1].protected_part.form.data && !signatures[1].header.text && !signatures[1].slots[TSCOPE_HEADER_ALG]);
    ck_assert(tscope_json_string_is(&token->container, tscope_json_member(&token->container, signatures[1].unprotected, "kid"), "b"));
    ck_assert_int_eq(signatures[1].presence, TSCOPE_SIGNATURE_EMPTY);
    ck_assert(!signatures[2].unprotected && signatures[2].header.readable);
    tscope_token_free(token);
}
END_TEST

START_TEST(recipients_share_what_is_protected)
{
    tscope_token *token = parse("{" PROTECTED ",\"unprotected\":{\"jku\":\"x\"}," ENCRYPTED ",\"aad\":\"YWFk\",\"recipients\":["
                                "{\"header\":{\"kid\":\"a\"},\"encrypted_key\":\"a2V5\"},{\"encrypted_key\":\"a2V6\"}]}");
    const struct tscope_token_signature *recipients = token->signatures;

    ck_assert_span(recipients[1].protected_part.decoded, "{\"alg\":\"HS256\"}");
    ck_assert_ptr_eq(recipients[1].slots[TSCOPE_HEADER_ALG], recipients[0].slots[TSCOPE_HEADER_ALG]);
    ck_assert_span(recipients[0].signature.decoded, "key");
    ck_assert_span(recipients[1].signature.decoded, "kez");
    ck_assert_ptr_nonnull(tscope_json_member(&token->container, recipients[0].unprotected, "kid"));
    ck_assert_ptr_nonnull(tscope_json_member(&token->container, recipients[1].unprotected, "jku"));
    ck_assert_span(token->aad.decoded, "aad");
    ck_assert_span(token->iv.decoded, "iv");
    tscope_token_free(token);
}
END_TEST

START_TEST(signatures_over_the_limit_are_counted)
{
    for (uint32_t count = TSCOPE_SIGNATURES_MAX - 1; count <= TSCOPE_SIGNATURES_MAX + 1; count++) {
        struct tscope_buffer text = {0};
        tscope_token *token;

        tscope_buffer_append_text(&text, "{" CLAIMS ",\"signatures\":[");
        for (uint32_t i = 0; i < count; i++)
            tscope_buffer_append_text(&text, i ? ",{" PROTECTED "," SIGNED "}" : "{" PROTECTED "," SIGNED "}");
        tscope_buffer_append_text(&text, "]}");
        token = parse_buffer(&text);
        ck_assert_uint_eq(token->signatures_total, count);
        ck_assert_uint_eq(token->signatures_len, count < TSCOPE_SIGNATURES_MAX ? count : TSCOPE_SIGNATURES_MAX);
        tscope_token_free(token);
    }
}
END_TEST

START_TEST(unencoded_payload_is_its_text)
{
    tscope_token *token =
        parse("{\"protected\":\"eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19\",\"payload\":\"$.02 \\u00e9\"," SIGNED "}");

    ck_assert(token->signatures->b64_false && token->payload.clean);
    ck_assert_span(token->payload.decoded, "$.02 \xc3\xa9");
    ck_assert_uint_eq(token->damage_total, 0);
    tscope_token_free(token);
}
END_TEST

START_TEST(damage_in_a_member_stands_in_the_text)
{
    const char *const text = "{" PROTECTED ",\"payload\":\"" PAYLOAD "==\",\"signature\":\"AA\\u002bC" SIGNATURE "\"}";
    tscope_token *token = parse(text);

    ck_assert_uint_eq(token->damage_total, 2);
    ck_assert_int_eq(token->damage[0].kind, TSCOPE_DAMAGE_PADDING);
    ck_assert_uint_eq(token->damage[0].offset, (size_t)(strstr(text, "==") - text));
    ck_assert_uint_eq(token->damage[0].len, 2);
    ck_assert_uint_eq(token->damage[0].part, TSCOPE_PART_PAYLOAD);
    ck_assert_int_eq(token->damage[1].kind, TSCOPE_DAMAGE_ALPHABET);
    ck_assert_uint_eq(token->damage[1].offset, (size_t)(strstr(text, "\\u002b") - text));
    ck_assert_uint_eq(token->damage[1].len, 6);
    ck_assert_ptr_eq(token->form.data, token->text.data);
    tscope_token_free(token);
}
END_TEST

START_TEST(first_of_equal_members_counts)
{
    tscope_token *token = parse("{" PROTECTED "," CLAIMS "," SIGNED ",\"payload\":\"e30\",\"protected\":\"e30\"}");

    ck_assert_span(token->payload.form, PAYLOAD);
    ck_assert_span(token->signatures->protected_part.form, HEADER);
    ck_assert_uint_eq(token->container.flaws_total, 2);
    tscope_token_free(token);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("json_form");
    TCase *tests = tcase_create("json_form");

    tcase_add_loop_test(tests, form_is_told_by_its_members, 0, (int)TSCOPE_COUNT(forms));
    tcase_add_test(tests, each_signature_has_its_own_header);
    tcase_add_test(tests, recipients_share_what_is_protected);
    tcase_add_test(tests, signatures_over_the_limit_are_counted);
    tcase_add_test(tests, unencoded_payload_is_its_text);
    tcase_add_test(tests, damage_in_a_member_stands_in_the_text);
    tcase_add_test(tests, first_of_equal_members_counts);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
