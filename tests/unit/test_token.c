/* SPDX-License-Identifier: Apache-2.0 */
#include "token_testing.h"

START_TEST(signed_token_is_taken_apart)
{
    tscope_token *token = parse(TOKEN);
    const struct tscope_token_signature *signature = token->signatures;

    ck_assert_int_eq(tscope_token_serialization(token), TSCOPE_SERIALIZATION_JWS_COMPACT);
    ck_assert_int_eq(tscope_token_kind(token), TSCOPE_KIND_JWT);
    ck_assert_uint_eq(token->segments, 3);
    ck_assert_uint_eq(token->signatures_len, 1);
    ck_assert_span(signature->protected_part.form, HEADER);
    ck_assert_span(signature->protected_part.decoded, "{\"alg\":\"HS256\"}");
    ck_assert(signature->protected_part.clean && token->payload.clean && signature->signature.clean);
    ck_assert(signature->header.strict && token->claims.strict);
    ck_assert_span(token->payload.decoded, "{\"iss\":\"joe\",\"exp\":1}");
    ck_assert_uint_eq(token->payload.offset, strlen(HEADER) + 1);
    ck_assert_uint_eq(signature->signature.decoded.len, 32);
    ck_assert_int_eq(signature->presence, TSCOPE_SIGNATURE_PRESENT);
    ck_assert(tscope_json_string_is(&token->claims, token->slots[TSCOPE_CLAIM_ISS], "joe"));
    ck_assert(tscope_json_string_is(&signature->header, signature->slots[TSCOPE_HEADER_ALG], "HS256"));
    ck_assert(!token->detached && !signature->b64_false && !token->damage && token->nested_total == 0);
    ck_assert(token->form.data == token->text.data && token->text.data >= token->input.data);
    tscope_token_free(token);
}
END_TEST

START_TEST(token_free_takes_null)
{
    tscope_token_free(NULL);
}
END_TEST

/* By the number of parts and the header in front of them. */
static const struct {
    const char *text;
    enum tscope_serialization serialization;
    uint32_t segments;
    enum tscope_signature_presence presence;
    bool detached, has_claims;
} shapes[] = {
    {HEADER, TSCOPE_SERIALIZATION_JWS_COMPACT, 1, TSCOPE_SIGNATURE_ABSENT, false, false},
    {"eyJhbGciOiJIUzI1", TSCOPE_SERIALIZATION_JWS_COMPACT, 1, TSCOPE_SIGNATURE_ABSENT, false, false},
    {HEADER ".", TSCOPE_SERIALIZATION_JWS_COMPACT, 2, TSCOPE_SIGNATURE_ABSENT, false, false},
    {HEADER "." PAYLOAD, TSCOPE_SERIALIZATION_JWS_COMPACT, 2, TSCOPE_SIGNATURE_ABSENT, false, true},
    {HEADER ".eyJpc3MiOiJqb2UiLCJle", TSCOPE_SERIALIZATION_JWS_COMPACT, 2, TSCOPE_SIGNATURE_ABSENT, false, true},
    {HEADER "." PAYLOAD ".", TSCOPE_SERIALIZATION_JWS_COMPACT, 3, TSCOPE_SIGNATURE_EMPTY, false, true},
    {HEADER "..", TSCOPE_SERIALIZATION_JWS_COMPACT, 3, TSCOPE_SIGNATURE_EMPTY, false, false},
    {HEADER ".." SIGNATURE, TSCOPE_SERIALIZATION_JWS_COMPACT, 3, TSCOPE_SIGNATURE_PRESENT, true, false},
    {HEADER "..***", TSCOPE_SERIALIZATION_JWS_COMPACT, 3, TSCOPE_SIGNATURE_MASKED, true, false},
    {TOKEN ".", TSCOPE_SERIALIZATION_JWS_COMPACT, 3, TSCOPE_SIGNATURE_PRESENT, false, true}, /* the end of a sentence */
    {TOKEN "..", TSCOPE_SERIALIZATION_JWS_COMPACT, 5, TSCOPE_SIGNATURE_PRESENT, false, true},
    {TOKEN "." PAYLOAD, TSCOPE_SERIALIZATION_JWS_COMPACT, 4, TSCOPE_SIGNATURE_PRESENT, false, true},
    {TOKEN ".a.b", TSCOPE_SERIALIZATION_JWS_COMPACT, 5, TSCOPE_SIGNATURE_PRESENT, false, true},
    {TOKEN "." TOKEN, TSCOPE_SERIALIZATION_JWS_COMPACT, 6, TSCOPE_SIGNATURE_PRESENT, false, true},
    {TOKEN ".......", TSCOPE_SERIALIZATION_JWS_COMPACT, 10, TSCOPE_SIGNATURE_PRESENT, false, true},
    {HEADER "." PAYLOAD "...", TSCOPE_SERIALIZATION_JWS_COMPACT, 2, TSCOPE_SIGNATURE_ABSENT, false, true},
    {HEADER "." PAYLOAD "....", TSCOPE_SERIALIZATION_JWS_COMPACT, 3, TSCOPE_SIGNATURE_MASKED, false, true},
    {HEADER "." PAYLOAD ".AAEC...", TSCOPE_SERIALIZATION_JWS_COMPACT, 3, TSCOPE_SIGNATURE_MASKED, false, true},
    {HEADER "." PAYLOAD ".AAEC...Hh8", TSCOPE_SERIALIZATION_JWS_COMPACT, 3, TSCOPE_SIGNATURE_MASKED, false, true},
    {HEADER ".eyJpc3MiOiJqb2Ui...Hh8", TSCOPE_SERIALIZATION_JWS_COMPACT, 2, TSCOPE_SIGNATURE_ABSENT, false, true},
    {HEADER "...", TSCOPE_SERIALIZATION_JWS_COMPACT, 1, TSCOPE_SIGNATURE_ABSENT, false, false},
    /* the claims alone; the same with an algorithm beside them are a header */
    {PAYLOAD, TSCOPE_SERIALIZATION_JWS_COMPACT, 1, TSCOPE_SIGNATURE_PRESENT, false, true},
    {"eyJpc3MiOiJqb2UiLCJhbGciOiJFUzI1NiJ9", TSCOPE_SERIALIZATION_JWS_COMPACT, 1, TSCOPE_SIGNATURE_ABSENT, false, false},
    /* {"alg":"dir","enc":"A256GCM"} */
    {"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA", TSCOPE_SERIALIZATION_JWE_COMPACT, 5, TSCOPE_SIGNATURE_PRESENT, false,
     false},
    {"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0...AAAA.AAAA", TSCOPE_SERIALIZATION_JWE_COMPACT, 5, TSCOPE_SIGNATURE_PRESENT, false, false},
    {"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0....", TSCOPE_SERIALIZATION_JWE_COMPACT, 5, TSCOPE_SIGNATURE_PRESENT, false, false},
    {"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA", TSCOPE_SERIALIZATION_JWE_COMPACT, 3, TSCOPE_SIGNATURE_PRESENT, false, false},
    {"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0", TSCOPE_SERIALIZATION_JWE_COMPACT, 1, TSCOPE_SIGNATURE_PRESENT, false, false},
    {"eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA.A", TSCOPE_SERIALIZATION_JWE_COMPACT, 6, TSCOPE_SIGNATURE_PRESENT, false,
     false},
    /* {"alg":"RS256","enc":"x"}: three parts under a signing algorithm are no cut JWE */
    {"eyJhbGciOiJSUzI1NiIsImVuYyI6IngifQ." PAYLOAD ".AAAA", TSCOPE_SERIALIZATION_JWS_COMPACT, 3, TSCOPE_SIGNATURE_MASKED, false, true},
};

START_TEST(parts_are_told_by_their_number_and_header)
{
    tscope_token *token = parse(shapes[_i].text);

    ck_assert_int_eq(token->serialization, shapes[_i].serialization);
    ck_assert_uint_eq(token->segments, shapes[_i].segments);
    if (token->signatures_len)
        ck_assert_int_eq(token->signatures->presence, shapes[_i].presence);
    ck_assert_int_eq(token->detached, shapes[_i].detached);
    ck_assert_int_eq(token->claims_root != NULL, shapes[_i].has_claims);
    tscope_token_free(token);
}
END_TEST

START_TEST(parts_of_an_encrypted_token_are_named)
{
    tscope_token *token = parse("eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.a2V5.aXY.dGV4dA.dGFn");

    ck_assert_span(token->signatures->signature.decoded, "key");
    ck_assert_span(token->iv.decoded, "iv");
    ck_assert_span(token->ciphertext.decoded, "text");
    ck_assert_span(token->tag.decoded, "tag");
    ck_assert(!token->payload.form.data && !token->claims.text && !token->claims_root);
    ck_assert_int_eq(token->kind, TSCOPE_KIND_JWE);
    tscope_token_free(token);
}
END_TEST

START_TEST(disclosures_stand_behind_tildes)
{
    tscope_token *token = parse(TOKEN "~WyJhIl0~~WyJiIl0~");

    ck_assert_int_eq(token->serialization, TSCOPE_SERIALIZATION_SD_JWT);
    ck_assert_uint_eq(token->segments, 3);
    ck_assert_span(token->signatures->signature.form, SIGNATURE);
    ck_assert_uint_eq(token->disclosures_len, 3);
    ck_assert_span(token->disclosures[0].decoded, "[\"a\"]");
    ck_assert_span(token->disclosures[1].decoded, "");
    ck_assert_span(token->disclosures[2].form, "WyJiIl0");
    ck_assert_uint_eq(token->disclosures[2].offset, strlen(TOKEN "~WyJhIl0~~"));
    ck_assert_uint_eq(token->damage_total, 0);
    tscope_token_free(token);
}
END_TEST

START_TEST(proof_of_a_holder_is_nested)
{
    tscope_token *token = parse(TOKEN "~WyJhIl0~" TOKEN);

    ck_assert_uint_eq(token->disclosures_len, 1);
    ck_assert_uint_eq(token->nested_len, 1);
    ck_assert_ptr_null(token->nested[0].value);
    ck_assert_span(token->nested[0].token->text, TOKEN);
    tscope_token_free(token);
    token = parse(TOKEN "~WyJhIl0"); /* its last tilde was cut off */
    ck_assert_uint_eq(token->disclosures_len, 1);
    ck_assert_uint_eq(token->nested_total, 0);
    tscope_token_free(token);
}
END_TEST

START_TEST(disclosures_over_the_limit_are_counted)
{
    for (uint32_t count = TSCOPE_DISCLOSURES_MAX - 1; count <= TSCOPE_DISCLOSURES_MAX + 1; count++) {
        struct tscope_buffer text = {0};
        tscope_token *token;

        tscope_buffer_append_text(&text, TOKEN "~");
        for (uint32_t i = 0; i < count; i++)
            tscope_buffer_append_text(&text, "WyJhIl0~");
        token = parse_buffer(&text);
        ck_assert_uint_eq(token->disclosures_total, count);
        ck_assert_uint_eq(token->disclosures_len, count < TSCOPE_DISCLOSURES_MAX ? count : TSCOPE_DISCLOSURES_MAX);
        tscope_token_free(token);
    }
}
END_TEST

START_TEST(unencoded_payload_counts_only_when_crit_demands_it)
{
    /* {"alg":"HS256","b64":false,"crit":["b64"]}, then the same without crit */
    tscope_token *token = parse("eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.a=b %41+." SIGNATURE);

    ck_assert(token->signatures->b64_false && token->payload.clean);
    ck_assert_span(token->payload.decoded, "a=b %41+");
    ck_assert_uint_eq(token->damage_total, 0);
    tscope_token_free(token);
    token = parse("eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2V9.aGVs." SIGNATURE);
    ck_assert(!token->signatures->b64_false);
    ck_assert_span(token->payload.decoded, "hel");
    tscope_token_free(token);
}
END_TEST

START_TEST(unencoded_payload_with_a_dot_goes_up_to_the_last_one)
{
    tscope_token *token = parse("eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.$.02." SIGNATURE "=");

    ck_assert_span(token->payload.decoded, "$.02");
    ck_assert_span(token->signatures->signature.form, SIGNATURE);
    ck_assert_uint_eq(token->segments, 4);
    ck_assert_uint_eq(token->damage_total, 1);
    tscope_token_free(token);
}
END_TEST

START_TEST(broken_json_keeps_what_came_before)
{
    tscope_token *token = parse_made("{\"alg\":\"HS256\",\"kid\":", "{\"iss\":\"joe\",\"sub\":\"x");

    ck_assert(!token->signatures->header.readable && !token->claims.readable && token->claims_root);
    ck_assert(token->signatures->slots[TSCOPE_HEADER_ALG] && !token->signatures->slots[TSCOPE_HEADER_KID]);
    ck_assert(tscope_json_string_is(&token->claims, token->slots[TSCOPE_CLAIM_ISS], "joe"));
    ck_assert(token->slots[TSCOPE_CLAIM_SUB]->flags & TSCOPE_VALUE_OPEN);
    tscope_token_free(token);
    token = parse_made("{\"alg\":\"HS256\"}", "{not: json");
    ck_assert_ptr_null(token->claims_root);
    ck_assert_int_eq(token->kind, TSCOPE_KIND_JWS);
    tscope_token_free(token);
    token = parse_made("{\"alg\":\"HS256\"}", "[1]");
    ck_assert(!token->claims_root && token->claims.readable);
    tscope_token_free(token);
    token = parse_made("{\"alg\":\"HS256\"}", "hello");
    ck_assert(!token->claims_root && !token->claims.readable);
    tscope_token_free(token);
}
END_TEST

START_TEST(header_that_is_no_object_is_read_beside_claims)
{
    tscope_token *token = parse_made("no JSON at all", "{\"iss\":\"joe\"}");

    ck_assert(!token->signatures->header.readable && token->claims_root);
    ck_assert_span(token->signatures->protected_part.decoded, "no JSON at all");
    tscope_token_free(token);
}
END_TEST

/* Neither is anything else than OK or DATA, and what is OK holds together. */
static void
try_bytes(struct tscope_span bytes)
{
    struct tscope_error err = {0};
    tscope_token *token = NULL;
    enum tscope_status status = parse_bytes(bytes, &token, &err);
    const char *broken = token ? token_broken(token) : NULL;

    ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_DATA);
    ck_assert_int_eq(status == TSCOPE_OK, token != NULL);
    ck_assert_int_eq(status == TSCOPE_OK, err.message[0] == '\0');
    ck_assert_msg(!broken, "%s: %.*s", broken, (int)bytes.len, (const char *)bytes.data);
    tscope_token_free(token);
}

/* One of each way of writing; those with escapes in JSON last. */
#define ESCAPED_SAMPLES 2
static const char *const samples[] = {
    TOKEN,
    "Authorization: Bearer " TOKEN "\r\n",
    "Cookie: a=b; session=" TOKEN "; c=d",
    HEADER "=%2E" PAYLOAD "\r\n ." SIGNATURE "%3D",
    "{\"payload\":\"" PAYLOAD "\",\"signatures\":[{\"protected\":\"" HEADER "\",\"signature\":\"" SIGNATURE "\"},{\"header\":{}}]}",
    "{\"protected\":\"e30\",\"recipients\":[{\"encrypted_key\":\"AA\"}],\"iv\":\"AA\",\"ciphertext\":\"AA\",\"tag\":\"AA\",\"aad\":\"AA\"}",
    TOKEN "~WyJhIl0~" TOKEN,
    "M.C505_BAY.0.U.-Cm2xQ!t7Hn*R4vKp$Cm2xQ!t7Hn*R4vKp$",
    /* escapes are undone in memory of their own */
    "{\"protected\":\"" HEADER "\",\"payload\":\"" PAYLOAD "\",\"signature\":\"\\u0041AEC\",\"header\":{\"kid\":\"1\"}}",
    "{\"token_type\":\"Bearer\",\"access_token\":\"" HEADER "\\u002e" PAYLOAD ".x\\/\"}",
};

START_TEST(every_prefix_is_read_or_refused)
{
    for (size_t len = 0; len <= strlen(samples[_i]); len++)
        try_bytes(tscope_span_of(samples[_i], len));
}
END_TEST

START_TEST(every_changed_byte_is_read_or_refused)
{
    static const uint8_t bytes[] = {0, '.', '"', '\\', '=', '%', '~', ' ', '\n', '{', 0x80, 0xff};
    size_t len = strlen(samples[_i]);
    uint8_t *copy = malloc(len);

    for (size_t at = 0; at < len; at++) {
        for (size_t i = 0; i < TSCOPE_COUNT(bytes); i++) {
            memcpy(copy, samples[_i], len);
            copy[at] = bytes[i];
            try_bytes(tscope_span_of(copy, len));
        }
    }
    free(copy);
}
END_TEST

START_TEST(prefix_of_a_token_keeps_its_header)
{
    const size_t header_len = strlen(HEADER);

    for (size_t len = 3; len <= strlen(TOKEN); len++) {
        tscope_token *token = parse_span(tscope_span_of(TOKEN, len));

        ck_assert_int_eq(token->serialization, TSCOPE_SERIALIZATION_JWS_COMPACT);
        ck_assert_int_eq(token->signatures->header.readable, len >= header_len);
        if (len < strlen(TOKEN))
            ck_assert_int_ne(token->signatures->presence, TSCOPE_SIGNATURE_PRESENT);
        tscope_token_free(token);
    }
}
END_TEST

START_TEST(every_failing_allocation_is_said)
{
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    struct tscope_span text = tscope_span_text(samples[_i]);

    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        struct tscope_error err = {0};
        tscope_token *token = NULL;

        tscope_alloc_fail_from(n);
        status = tscope_token_parse(text.data, text.len, &token, &err);
        tscope_alloc_fail_from(0);
        ck_assert_int_eq(status == TSCOPE_OK, token != NULL);
        if (status != TSCOPE_OK) {
            ck_assert_int_eq(status, TSCOPE_ERR_NO_MEMORY);
            ck_assert_str_eq(err.message, "out of memory");
        }
        tscope_token_free(token);
    }
}
END_TEST

/* With less and less of a block left, each thing that is taken from an arena is the one that does not fit. */
START_TEST(every_exhausted_block_is_said)
{
    const size_t room = 65536;
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    struct tscope_span text = tscope_span_text(samples[_i]);

    for (size_t left = 0; status != TSCOPE_OK; left += 16) {
        struct tscope_arena arena = {0};
        struct tscope_token token;

        ck_assert_uint_lt(left, room);
        ck_assert_ptr_nonnull(tscope_arena_alloc(&arena, room));
        tscope_arena_reset(&arena, room);
        ck_assert_ptr_nonnull(tscope_arena_alloc(&arena, room - left));
        tscope_alloc_fail_from(1);
        status = tscope_token_read(&token, &arena, text, TSCOPE_INPUT_MAX, NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
        tscope_arena_clear(&arena);
    }
}
END_TEST

START_TEST(input_over_the_limit_is_refused)
{
    struct tscope_error err = {0};
    tscope_token *token = NULL;
    size_t len = TSCOPE_INPUT_MAX + 1;
    uint8_t *text = malloc(len);

    memset(text, 'A', len);
    memcpy(text, HEADER ".", strlen(HEADER "."));
    ck_assert_int_eq(tscope_token_parse(text, len, &token, &err), TSCOPE_ERR_TOO_LARGE);
    ck_assert_str_ne(err.message, "");
    ck_assert_ptr_null(token);
    for (size_t less = 1; less <= 2; less++) {
        ck_assert_int_eq(tscope_token_parse(text, len - less, &token, NULL), TSCOPE_OK);
        ck_assert_uint_eq(token->text.len, len - less);
        tscope_token_free(token);
        token = NULL;
    }
    free(text);
}
END_TEST

static const char *const not_tokens[] = {
    "",
    " \r\n\t",
    "\"\"",
    "''",
    "hello",
    "Hello there. This is. Text",
    "www.example.com",
    "login.microsoftonline.com",
    "example.com",
    "exchange.example.com",
    "a.b.c",
    "..",
    "...",
    ".",
    "1.2.3.4",
    "http://www.example.com/a.b?c=d",
    "Bearer",
    "Bearer x",
    "ey",
    "<!DOCTYPE html><body>eyJ.eyJ</body>",
    "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
    "{}",
    "{",
    "[]",
    "{\"a\":\"b\"}",
    "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}",
    "{\"payload\":[[[[",
    "{\"payload\":\"AA\"}",
    "{\"access_token\":7}",
    "{\"access_token\":\"hello\"}",
    "{\"signatures\":{}}",
    "\xff\xfe",
    "\xef\xbb\xbf",
    "\177ELF\2",
    "\x13\x37\xff\x80.\x81.\x82",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "access_token=",
    "access_token=hello",
    "%",
    "=",
    "~",

};

START_TEST(what_is_no_token_is_refused_in_one_line)
{
    struct tscope_error err = {0};
    tscope_token *token = NULL;

    ck_assert_msg(parse_bytes(tscope_span_text(not_tokens[_i]), &token, &err) == TSCOPE_ERR_DATA, "%s", not_tokens[_i]);
    ck_assert_ptr_null(token);
    ck_assert_uint_gt(strlen(err.message), 20);
    ck_assert_ptr_null(strchr(err.message, '\n'));
    ck_assert_int_eq(parse_bytes(tscope_span_text(not_tokens[_i]), &token, NULL), TSCOPE_ERR_DATA);
}
END_TEST

static const struct {
    const char *text;
    enum tscope_token_kind kind;
} opaques[] = {
    {"EwBoA8l6BAAUAAAAAAAAAAAAAAAAAAAAAAAAAAAAh/bQ+s2/AAE=", TSCOPE_KIND_MSA_TICKET},
    {"M.C505_BAY.0.U.-Cm2xQ!t7Hn*R4vKp$Cm2xQ!t7Hn*R4vKp$", TSCOPE_KIND_MSA_REFRESH},
    {"c2b8e4d0-1a57-4f3c-9d66-0e7f5b2a8c94", TSCOPE_KIND_OPAQUE},
    {"DF5C1F1DA6E2B0D1A0F9E0E3B6C7A8D9-1", TSCOPE_KIND_OPAQUE},
    {"ya29.a0AfB1byC0123456789abcdefghijklmnopqrstuvwx", TSCOPE_KIND_OPAQUE},
};

START_TEST(opaque_token_is_kept_whole)
{
    tscope_token *token = parse(opaques[_i].text);

    ck_assert_int_eq(token->serialization, TSCOPE_SERIALIZATION_OPAQUE);
    ck_assert_int_eq(token->kind, opaques[_i].kind);
    ck_assert_span(token->text, opaques[_i].text);
    ck_assert_uint_eq(token->damage_total + token->signatures_len + token->segments, 0);
    tscope_token_free(token);
}
END_TEST

START_TEST(folded_ticket_is_read_through)
{
    tscope_token *token = parse("EwBoA8l6BAAUAAAAAAAAAAAAAAA\r\nAAAAAAAAAAAAAh/bQ+s2/AAE=");

    ck_assert_int_eq(token->kind, TSCOPE_KIND_MSA_TICKET);
    ck_assert_uint_eq(token->damage_total, 1);
    ck_assert_int_eq(token->damage[0].kind, TSCOPE_DAMAGE_FOLDING);
    ck_assert_span(token->form, "EwBoA8l6BAAUAAAAAAAAAAAAAAAAAAAAAAAAAAAAh/bQ+s2/AAE=");
    tscope_token_free(token);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("token");
    TCase *shape = tcase_create("shape"), *wrong = tcase_create("wrong input");

    tcase_add_test(shape, signed_token_is_taken_apart);
    tcase_add_test(shape, token_free_takes_null);
    tcase_add_loop_test(shape, parts_are_told_by_their_number_and_header, 0, (int)TSCOPE_COUNT(shapes));
    tcase_add_test(shape, parts_of_an_encrypted_token_are_named);
    tcase_add_test(shape, disclosures_stand_behind_tildes);
    tcase_add_test(shape, proof_of_a_holder_is_nested);
    tcase_add_test(shape, disclosures_over_the_limit_are_counted);
    tcase_add_test(shape, unencoded_payload_counts_only_when_crit_demands_it);
    tcase_add_test(shape, unencoded_payload_with_a_dot_goes_up_to_the_last_one);
    tcase_add_loop_test(shape, opaque_token_is_kept_whole, 0, (int)TSCOPE_COUNT(opaques));
    tcase_add_test(shape, folded_ticket_is_read_through);
    tcase_add_test(wrong, broken_json_keeps_what_came_before);
    tcase_add_test(wrong, header_that_is_no_object_is_read_beside_claims);
    tcase_add_loop_test(wrong, every_prefix_is_read_or_refused, 0, (int)TSCOPE_COUNT(samples));
    tcase_add_loop_test(wrong, every_changed_byte_is_read_or_refused, 0, (int)TSCOPE_COUNT(samples));
    tcase_add_test(wrong, prefix_of_a_token_keeps_its_header);
    tcase_add_loop_test(wrong, every_failing_allocation_is_said, 0, (int)TSCOPE_COUNT(samples));
    tcase_add_loop_test(wrong, every_exhausted_block_is_said, 0, (int)TSCOPE_COUNT(samples) - ESCAPED_SAMPLES);
    tcase_add_test(wrong, input_over_the_limit_is_refused);
    tcase_add_loop_test(wrong, what_is_no_token_is_refused_in_one_line, 0, (int)TSCOPE_COUNT(not_tokens));
    tcase_set_timeout(wrong, 60);
    suite_add_tcase(suite, shape);
    suite_add_tcase(suite, wrong);
    return run_suite(suite);
}
