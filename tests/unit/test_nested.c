/* SPDX-License-Identifier: Apache-2.0 */
#include "token_testing.h"

#include "token/nested.h"

START_TEST(payload_that_is_a_token_is_nested)
{
    tscope_token *token = parse_made("{\"alg\":\"HS256\",\"cty\":\"JWT\"}", TOKEN);

    ck_assert_uint_eq(token->nested_len, 1);
    ck_assert_ptr_null(token->nested[0].value);
    ck_assert_span(token->nested[0].token->payload.form, PAYLOAD);
    ck_assert_uint_eq(token->nested[0].token->depth, 1);
    ck_assert_ptr_null(token->claims_root);
    ck_assert_uint_eq(tscope_nested_content(token), 0);
    ck_assert(!tscope_nested_is_unsecured(token->nested[0].token));
    ck_assert(!tscope_nested_is_unread(token));
    tscope_token_free(token);
}
END_TEST

START_TEST(unsecured_payload_is_told_by_its_alg)
{
    tscope_token *token = parse_made("{\"alg\":\"HS256\"}", "eyJhbGciOiJub25lIn0." PAYLOAD ".");

    ck_assert_uint_eq(tscope_nested_content(token), 0);
    ck_assert(tscope_nested_is_unsecured(token->nested[0].token));
    tscope_token_free(token);
}
END_TEST

START_TEST(proof_of_a_holder_is_no_content)
{
    tscope_token *token = parse(TOKEN "~" TOKEN);

    ck_assert_uint_eq(token->nested_len, 1);
    ck_assert_ptr_null(token->nested[0].value);
    ck_assert_uint_eq(tscope_nested_content(token), UINT32_MAX);
    tscope_token_free(token);
}
END_TEST

START_TEST(claims_that_are_tokens_are_nested)
{
    tscope_token *token = parse_made("{\"alg\":\"none\"}", "{\"iss\":\"eyJ\",\"actortoken\":\"" TOKEN "\",\"a\":\"" HEADER "." PAYLOAD "\","
                                                           "\"b\":\"\\u0065"
                                                           "yJhbGciOiJIUzI1NiJ9." PAYLOAD ".AA\",\"o\":{\"c\":\"" TOKEN "\"}}");

    ck_assert_uint_eq(token->nested_len, 3);
    ck_assert_uint_eq(tscope_nested_content(token), UINT32_MAX);
    ck_assert_ptr_eq(token->nested[0].value, token->slots[TSCOPE_CLAIM_ACTORTOKEN]);
    ck_assert(tscope_json_name_is(&token->claims, token->nested[1].value, "a"));
    ck_assert_int_eq(token->nested[1].token->signatures->presence, TSCOPE_SIGNATURE_ABSENT);
    ck_assert_span(token->nested[2].token->payload.form, PAYLOAD);
    tscope_token_free(token);
}
END_TEST

static const char *const no_tokens[] = {
    "example.com",
    "eyJ",
    "eyJhbGciOiJIUzI1NiJ9",
    "eyJhbGciOiJIUzI1NiJ9 .e30.AA",
    "https://e.example/a.b.c",
    "e.e.e.e.e",
    "0.ASoAah8MfbWTAk6MS1oeDZtvIZAqfltBPI9NprIY8Jw9flUAAAA.AgABAwEAAABFcwBEE0nyMbt89RBx2esMueq59bsD2f1vd2CwXCywHFX0W3yP",
};

START_TEST(claim_that_only_looks_like_one_is_not_nested)
{
    struct tscope_buffer claims = {0};
    tscope_token *token;

    tscope_buffer_append_format(&claims, "{\"refresh_token\":\"%s\"}", no_tokens[_i]);
    tscope_buffer_append_byte(&claims, '\0');
    token = parse_made("{\"alg\":\"HS256\"}", (const char *)claims.data);
    ck_assert_uint_eq(token->nested_total, 0);
    tscope_token_free(token);
    tscope_buffer_clear(&claims);
}
END_TEST

START_TEST(nested_tokens_over_the_limit_are_counted)
{
    for (uint32_t count = TSCOPE_NESTED_MAX - 1; count <= TSCOPE_NESTED_MAX + 1; count++) {
        struct tscope_buffer claims = {0};
        tscope_token *token;

        tscope_buffer_append_text(&claims, "{");
        for (uint32_t i = 0; i < count; i++)
            tscope_buffer_append_format(&claims, "%s\"t%u\":\"%s\"", i ? "," : "", i, TOKEN);
        tscope_buffer_append(&claims, "}", 2);
        token = parse_made("{\"alg\":\"HS256\"}", (const char *)claims.data);
        ck_assert_uint_eq(token->nested_total, count);
        ck_assert_uint_eq(token->nested_len, count < TSCOPE_NESTED_MAX ? count : TSCOPE_NESTED_MAX);
        tscope_token_free(token);
        tscope_buffer_clear(&claims);
    }
}
END_TEST

START_TEST(nesting_over_the_limit_is_counted)
{
    for (uint32_t depth = TSCOPE_NESTING_MAX - 1; depth <= TSCOPE_NESTING_MAX + 1; depth++) {
        struct tscope_buffer text = {0};
        const struct tscope_token *inner;
        tscope_token *token;
        uint32_t read = 0;

        tscope_buffer_append_text(&text, TOKEN);
        for (uint32_t i = 0; i < depth; i++) {
            struct tscope_buffer outer = {0};

            append_token(&outer, "{\"alg\":\"HS256\",\"cty\":\"JWT\"}", tscope_span_of(text.data, text.len));
            tscope_buffer_clear(&text);
            text = outer;
        }
        token = parse_buffer(&text);
        for (inner = token; inner->nested_len; inner = inner->nested[0].token)
            read++;
        ck_assert_uint_eq(read, depth < TSCOPE_NESTING_MAX ? depth : TSCOPE_NESTING_MAX);
        ck_assert_uint_eq(inner->nested_total, depth > TSCOPE_NESTING_MAX ? 1 : 0);
        ck_assert_uint_eq(inner->depth, read);
        ck_assert(tscope_nested_is_unread(inner) == (depth > TSCOPE_NESTING_MAX));
        tscope_token_free(token);
    }
}
END_TEST

START_TEST(detached_and_encrypted_tokens_hold_none)
{
    tscope_token *token = parse("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwiY3R5IjoiSldUIn0..AAAA.AAAA.AAAA");

    ck_assert_uint_eq(token->nested_total, 0);
    tscope_token_free(token);
    token = parse("eyJhbGciOiJIUzI1NiIsImN0eSI6IkpXVCJ9.." SIGNATURE);
    ck_assert_uint_eq(token->nested_total, 0);
    tscope_token_free(token);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("nested");
    TCase *tests = tcase_create("nested");

    tcase_add_test(tests, payload_that_is_a_token_is_nested);
    tcase_add_test(tests, unsecured_payload_is_told_by_its_alg);
    tcase_add_test(tests, proof_of_a_holder_is_no_content);
    tcase_add_test(tests, claims_that_are_tokens_are_nested);
    tcase_add_loop_test(tests, claim_that_only_looks_like_one_is_not_nested, 0, (int)TSCOPE_COUNT(no_tokens));
    tcase_add_test(tests, nested_tokens_over_the_limit_are_counted);
    tcase_add_test(tests, nesting_over_the_limit_is_counted);
    tcase_add_test(tests, detached_and_encrypted_tokens_hold_none);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
