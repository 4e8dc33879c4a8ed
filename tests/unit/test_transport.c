/* SPDX-License-Identifier: Apache-2.0 */
#include "token_testing.h"

#include <stdio.h>

#include "token/carrier.h"

#define W TSCOPE_TRANSPORT_WHITESPACE
#define B TSCOPE_TRANSPORT_BOM
#define Q TSCOPE_TRANSPORT_QUOTES
#define H TSCOPE_TRANSPORT_HEADER
#define S TSCOPE_TRANSPORT_BEARER
#define C TSCOPE_TRANSPORT_COOKIE
#define P TSCOPE_TRANSPORT_PARAMETER
#define R TSCOPE_TRANSPORT_RESPONSE
#define BIT(transport) (1u << (transport))

/* What stands before and behind the token, and what is noted of it. */
static const struct {
    const char *before, *after;
    unsigned noted;
} wrappings[] = {
    {"", "", 0},
    {"", "\n", BIT(W)},
    {"\r\n\t ", "", BIT(W)},
    {"\"", "\"", BIT(Q)},
    {"'", "'\n", BIT(Q) | BIT(W)},
    {"`", "`", BIT(Q)},
    {"\"", "", BIT(Q)},
    {"\"'", "'\"", BIT(Q)},
    {"\\\"", "\\\"", BIT(Q)},
    {"\"", "\",", BIT(Q)},
    {"\"", "\", \"next\": 1", BIT(Q)},
    {"", ",", BIT(Q)},
    {"", " ;", BIT(Q) | BIT(W)},
    {"\xef\xbb\xbf", "", BIT(B)},
    {"\xef\xbb\xbf ", "\r\n", BIT(B) | BIT(W)},
    {"Bearer ", "", BIT(S)},
    {"bEARER \t", "", BIT(S)},
    {"Bearer%20", "", BIT(S)},
    {"DPoP ", "", BIT(S)},
    {"Authorization: Bearer ", "", BIT(H) | BIT(S) | BIT(W)},
    {"authorization:Bearer ", "\r\n", BIT(H) | BIT(S) | BIT(W)},
    {"Authorization: ", "", BIT(H) | BIT(W)},
    {"Authorization: Bearer ", "\r\nHost: api.example\r\n\r\n", BIT(H) | BIT(S) | BIT(W)},
    {"Authorization: Bearer\r\n ", "", BIT(H) | BIT(S) | BIT(W)},
    {"'Authorization: Bearer ", "'", BIT(Q) | BIT(H) | BIT(S) | BIT(W)},
    {"X-MS-TOKEN-AAD-ACCESS-TOKEN: ", "", BIT(H) | BIT(W)},
    {"x-ms-RefreshTokenCredential:", "", BIT(H)},
    {"Cookie: session=", "", BIT(H) | BIT(C) | BIT(W)},
    {"Cookie: a=b; theme=eyes; session=", "; c=d=e", BIT(H) | BIT(C) | BIT(W)},
    {"Set-Cookie: session=", "; Path=/; HttpOnly", BIT(H) | BIT(C) | BIT(W)},
    {"Set-Cookie: session=\"", "\"; Path=/", BIT(H) | BIT(C) | BIT(W)},
    {"access_token=", "", BIT(P)},
    {"token_type=Bearer&access_token=", "&expires_in=3599", BIT(P)},
    {"#state=1&id_token=", "", BIT(P)},
    {"?jwt=", "#top", BIT(P)},
    {"/download/", "/file.pdf", BIT(P)},
    {"/a/eyJ/", "?x=1", BIT(P)},
    {"https://app.example/cb?code=1&id_token=", "&state=2", BIT(P)},
    {"GET /cb?access_token=", " HTTP/1.1", BIT(P)},
    {"client_assertion_type=urn%3Aietf&client_assertion=", "", BIT(P)},
    {"items[0].token=", "", BIT(P)},
    {"\"access_token\": \"", "\",", BIT(P) | BIT(Q) | BIT(W)},
    {"'id_token' : '", "'", BIT(P) | BIT(Q) | BIT(W)},
    {"TOKEN=\"", "\"", BIT(P)},
    {"{\"access_token\":\"", "\"}", BIT(R)},
    {"{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"", "\"}\n", BIT(R) | BIT(W)},
    {"{\"refresh_token\":\"" TOKEN "\",\"id_token\":\"", "\"}", BIT(R)},
    {"{\"whatever\":\"", "\"}", BIT(R)},
    {"{\"access_token\":\"", "", BIT(R)},
    {"{\"access_token\":\"", "\",\"x\":[", BIT(R)},
};

static unsigned
noted(const tscope_token *token)
{
    unsigned bits = 0;

    for (int i = 0; i < TSCOPE_TRANSPORT_COUNT; i++)
        bits |= token->transport[i] ? BIT(i) : 0;
    return bits;
}

START_TEST(transport_is_taken_off_and_noted)
{
    struct tscope_buffer text = {0};
    tscope_token *token;

    tscope_buffer_append_text(&text, wrappings[_i].before);
    tscope_buffer_append_text(&text, TOKEN);
    tscope_buffer_append_text(&text, wrappings[_i].after);
    token = parse_buffer(&text);
    ck_assert_span(token->text, TOKEN);
    ck_assert_uint_eq(token->source_offset, strlen(wrappings[_i].before));
    ck_assert_uint_eq(token->source_len, strlen(TOKEN));
    ck_assert_msg(noted(token) == wrappings[_i].noted, "%s: %x", wrappings[_i].before, noted(token));
    ck_assert_uint_eq(token->damage_total, 0);
    tscope_token_free(token);
}
END_TEST

/* Each ASCII byte becomes two, behind a mark or not; half a unit at the end is no text. */
static const struct {
    bool big_endian, mark, odd;
} sixteen_bits[] = {
    {false, false, false}, {false, true, false}, {true, false, false}, {true, true, false}, {false, true, true}, {true, false, true},
};

static void
append_units(struct tscope_buffer *buffer, const char *text, bool big_endian)
{
    for (; *text; text++) {
        if (big_endian)
            tscope_buffer_append_byte(buffer, 0);
        tscope_buffer_append_byte(buffer, (uint8_t)*text);
        if (!big_endian)
            tscope_buffer_append_byte(buffer, 0);
    }
}

START_TEST(utf16_is_read_and_led_back)
{
    bool big_endian = sixteen_bits[_i].big_endian;
    struct tscope_buffer text = {0};
    tscope_token *token;

    if (sixteen_bits[_i].mark)
        tscope_buffer_append(&text, big_endian ? "\xfe\xff" : "\xff\xfe", 2);
    append_units(&text, "Authorization: Bearer " TOKEN "\r\n", big_endian);
    if (sixteen_bits[_i].odd)
        tscope_buffer_append_byte(&text, 'x');
    token = parse_buffer(&text);
    ck_assert_int_eq(token->encoding, big_endian ? TSCOPE_ENCODING_UTF16BE : TSCOPE_ENCODING_UTF16LE);
    ck_assert_int_eq(token->transport[TSCOPE_TRANSPORT_BOM], sixteen_bits[_i].mark);
    ck_assert_span(token->text, TOKEN);
    ck_assert_uint_eq(token->source_offset, 2 * strlen("Authorization: Bearer ") + (sixteen_bits[_i].mark ? 2 : 0));
    ck_assert_uint_eq(token->source_len, 2 * strlen(TOKEN));
    tscope_token_free(token);
}
END_TEST

START_TEST(utf16_beyond_ascii_is_led_back_exactly)
{
    /* an owl, half a pair of surrogates, an e with an accent, and then a cookie */
    static const uint8_t odd[] = {0xff, 0xfe, 0x3e, 0xd8, 0x89, 0xdd, 0x3e, 0xd8, 0xe9, 0x00};
    struct tscope_buffer text = {0};
    tscope_token *token;

    tscope_buffer_append(&text, odd, sizeof(odd));
    append_units(&text, "=1; session=" TOKEN "; x=y", false);
    token = parse_buffer(&text);
    ck_assert_span(token->text, TOKEN);
    ck_assert_uint_eq(token->source_offset, sizeof(odd) + 2 * strlen("=1; session="));
    ck_assert_uint_eq(token->source_len, 2 * strlen(TOKEN));
    tscope_token_free(token);
}
END_TEST

START_TEST(response_with_escapes_is_undone_and_led_back)
{
    tscope_token *token = parse("{\"access_token\":\"" HEADER "\\u002e" PAYLOAD "." SIGNATURE "\"}");

    ck_assert_span(token->text, TOKEN);
    ck_assert_uint_eq(token->source_offset, strlen("{\"access_token\":\""));
    ck_assert_uint_eq(token->source_len, strlen(TOKEN) + 5);
    ck_assert(token->transport[TSCOPE_TRANSPORT_RESPONSE] && !token->container.text);
    tscope_token_free(token);
}
END_TEST

START_TEST(opaque_tokens_are_found_in_transport_too)
{
    const char *const ticket = "EwBoA8l6BAAUAAAAAAAAAAAAAAAAAAAAAAAAAAAAh/bQ+s2/AAE=";
    struct tscope_buffer text = {0};
    tscope_token *token;

    tscope_buffer_append_text(&text, "token_type=bearer&access_token=");
    tscope_buffer_append_text(&text, ticket);
    tscope_buffer_append_text(&text, "&expires_in=3600");
    token = parse_buffer(&text);
    ck_assert_int_eq(token->kind, TSCOPE_KIND_MSA_TICKET);
    ck_assert_span(token->text, ticket);
    tscope_token_free(token);
}
END_TEST

START_TEST(opaque_access_token_gives_way_to_a_token)
{
    tscope_token *token = parse("{\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\"refresh_token\":\"tGzv3JOkF0XG5Qx2TlKWIA\"}");

    ck_assert_int_eq(token->serialization, TSCOPE_SERIALIZATION_OPAQUE);
    ck_assert_span(token->text, "2YotnFZFEjr1zCsicMWpAA");
    tscope_token_free(token);
    token = parse("{\"access_token\":\"2YotnFZFEjr1zCsicMWpAA\",\"id_token\":\"" TOKEN "\"}");
    ck_assert_span(token->text, TOKEN);
    tscope_token_free(token);
}
END_TEST

START_TEST(zero_behind_a_string_in_memory_is_white_space)
{
    tscope_token *token = parse_span(tscope_span_of(TOKEN "\0", sizeof(TOKEN)));

    ck_assert_span(token->text, TOKEN);
    ck_assert_uint_eq(noted(token), BIT(W));
    tscope_token_free(token);
}
END_TEST

START_TEST(json_form_is_no_response)
{
    tscope_token *token =
        parse(" {\"payload\":\"" PAYLOAD "\",\"protected\":\"" HEADER "\",\"signature\":\"" SIGNATURE "\",\"id_token\":\"" TOKEN "\"}\n");

    ck_assert_int_eq(token->serialization, TSCOPE_SERIALIZATION_JWS_FLATTENED);
    ck_assert_uint_eq(noted(token), BIT(W));
    ck_assert_uint_eq(token->source_offset, 1);
    tscope_token_free(token);
}
END_TEST

START_TEST(percent_encoding_of_a_parameter_is_damage)
{
    tscope_token *token = parse("id_token=" HEADER "%2E" PAYLOAD "%2E" SIGNATURE "&a=b");

    ck_assert_span(token->form, TOKEN);
    ck_assert_uint_eq(token->damage_total, 2);
    ck_assert_uint_eq(noted(token), BIT(P));
    tscope_token_free(token);
}
END_TEST

/* What only seems to hold something, and more layers than anything real has. */
static const char *const empty_wrappings[] = {
    "Bearer ",
    "Authorization:",
    "Authorization: Bearer",
    "Cookie: a=b; c=d",
    "access_token=&id_token=",
    "\"\"",
    "'",
    "\"\"\"\"\"\"\"\"\"\"\"\"",
    "Bearer Bearer Bearer Bearer Bearer Bearer Bearer Bearer Bearer Bearer ",
    "a=b&c=d&e=f",
    "=====",
    ":::::",
    "name: ",
    "{\"access_token\":\"\"}",
    "{\"access_token\":\"eyJ",
    "{\"access_token\"",
    "{\"access_token\":{\"id_token\":\"" TOKEN "\"}}",
};

START_TEST(empty_transport_is_refused)
{
    struct tscope_error err = {0};
    tscope_token *token = NULL;
    enum tscope_status status = parse_bytes(tscope_span_text(empty_wrappings[_i]), &token, &err);

    if (_i == 14) { /* a response that was cut in the first letters of its token */
        ck_assert_int_eq(status, TSCOPE_OK);
        ck_assert_span(token->text, "eyJ");
    } else {
        ck_assert_int_eq(status, TSCOPE_ERR_DATA);
    }
    tscope_token_free(token);
}
END_TEST

/* What stands before the token, and what it was sent as by that. */
static const struct {
    const char *before, *after;
    enum tscope_carrier carrier;
} carriers[] = {
    {"", "", TSCOPE_CARRIER_UNKNOWN},
    {"Bearer ", "", TSCOPE_CARRIER_ACCESS},
    {"bEARER \t", "", TSCOPE_CARRIER_ACCESS},
    {"Bearer%20", "", TSCOPE_CARRIER_ACCESS},
    {"Authorization: DPoP ", "", TSCOPE_CARRIER_ACCESS},
    {"authorization:Bearer ", "\r\n", TSCOPE_CARRIER_ACCESS},
    {"Authorization: ", "", TSCOPE_CARRIER_UNKNOWN},
    {"DPoP: ", "", TSCOPE_CARRIER_PROOF},
    {"dpop:", "", TSCOPE_CARRIER_PROOF},
    {"access_token=", "", TSCOPE_CARRIER_ACCESS},
    {"?state=1&access_token=", "&x=1", TSCOPE_CARRIER_ACCESS},
    {"my_access_token=", "", TSCOPE_CARRIER_UNKNOWN},
    {"'id_token' : '", "'", TSCOPE_CARRIER_ID},
    {"{\"id_token\":\"", "\"}", TSCOPE_CARRIER_ID},
    {"{\"access_token\": \"", "\"}", TSCOPE_CARRIER_ACCESS},
    {"id_token_hint=", "", TSCOPE_CARRIER_ID},
    {"logout_token=", "", TSCOPE_CARRIER_LOGOUT},
    {"a=b&client_assertion=", "", TSCOPE_CARRIER_CLIENT},
    {"Cookie: session=", "", TSCOPE_CARRIER_UNKNOWN},
    {"\"", "\"", TSCOPE_CARRIER_UNKNOWN},
};

START_TEST(name_before_a_token_says_what_it_was_sent_as)
{
    char text[1024];
    tscope_token *token = NULL;
    int len = snprintf(text, sizeof(text), "%s" TOKEN "%s", carriers[_i].before, carriers[_i].after);

    ck_assert_int_lt(len, (int)sizeof(text));
    ck_assert_int_eq(tscope_token_parse((const uint8_t *)text, strlen(text), &token, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_token_carrier(token), carriers[_i].carrier);
    tscope_token_free(token);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("transport");
    TCase *tests = tcase_create("transport");

    tcase_add_loop_test(tests, transport_is_taken_off_and_noted, 0, (int)TSCOPE_COUNT(wrappings));
    tcase_add_loop_test(tests, utf16_is_read_and_led_back, 0, (int)TSCOPE_COUNT(sixteen_bits));
    tcase_add_test(tests, utf16_beyond_ascii_is_led_back_exactly);
    tcase_add_test(tests, response_with_escapes_is_undone_and_led_back);
    tcase_add_test(tests, opaque_tokens_are_found_in_transport_too);
    tcase_add_test(tests, opaque_access_token_gives_way_to_a_token);
    tcase_add_test(tests, zero_behind_a_string_in_memory_is_white_space);
    tcase_add_test(tests, json_form_is_no_response);
    tcase_add_test(tests, percent_encoding_of_a_parameter_is_damage);
    tcase_add_loop_test(tests, name_before_a_token_says_what_it_was_sent_as, 0, (int)TSCOPE_COUNT(carriers));
    tcase_add_loop_test(tests, empty_transport_is_refused, 0, (int)TSCOPE_COUNT(empty_wrappings));
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
