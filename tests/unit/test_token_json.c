/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <jansson.h>

#include "token_building.h"

#include "core/json_writer.h"

#define RS "{\"alg\":\"RS256\"}"
#define INNER_SIGNED "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqb2UifQ."
#define INNER INNER_SIGNED "c2VjcmV0LXNpZ25hdHVyZQ"

/* What is written is JSON to our own index and to another reader, whatever went in. The caller's to free. */
static char *
write_json(const struct tscope_token *token, unsigned flags)
{
    struct tscope_arena arena = {0};
    struct tscope_json json;
    json_t *other;
    char *text;
    size_t len;

    ck_assert_int_eq(tscope_token_json(token, flags, &text, &len, NULL), TSCOPE_OK);
    ck_assert_uint_eq(strlen(text), len);
    ck_assert_int_eq(tscope_json_read(&json, &arena, (const uint8_t *)text, len, TSCOPE_JSON_LIMITS_FILE, NULL), TSCOPE_OK);
    ck_assert_msg(json.strict, "%.400s", text);
    if (!strstr(text, "\\u0000\":")) { /* the other reader has no such names */
        other = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
        ck_assert_ptr_nonnull(other);
        json_decref(other);
    }
    tscope_arena_clear(&arena);
    return text;
}

/* The value of a string member that pointer names in what is written, or NULL. The caller's to free. */
static char *
written(const struct tscope_token *token, unsigned flags, const char *pointer)
{
    char *text = write_json(token, flags), *copy = NULL;
    struct tscope_arena arena = {0};
    struct tscope_span value;
    struct tscope_json json;

    ck_assert_int_eq(tscope_json_read(&json, &arena, (const uint8_t *)text, strlen(text), TSCOPE_JSON_LIMITS_FILE, NULL), TSCOPE_OK);
    value = tscope_json_string(&json, tscope_json_at(&json, pointer), &arena);
    if (value.data)
        copy = strndup((const char *)value.data, value.len);
    tscope_arena_clear(&arena);
    tscope_string_free(text);
    return copy;
}

START_TEST(plain_token_reads_as_documented)
{
    struct tscope_token token;
    char *text;

    build_jws(&token, "{\"typ\":\"JWT\", \"alg\":\"RS256\"}", "{\"iss\":\"joe\", \"exp\":1300819380.0, \"iss\":\"eve\"}");
    token.kind = TSCOPE_KIND_JWT;
    text = write_json(&token, 0);
    ck_assert_str_eq(text, "{\"schema\":\"tokenscope.decode/1\","
                           "\"source\":{\"offset\":0,\"length\":20,\"encoding\":\"ascii\",\"transport\":[]},"
                           "\"kind\":\"jwt\",\"serialization\":\"jws-compact\","
                           "\"header\":{\"typ\":\"JWT\",\"alg\":\"RS256\"},"
                           "\"claims\":{\"iss\":\"joe\",\"exp\":1300819380.0},"
                           "\"length\":20,\"damage\":[],"
                           "\"signature\":{\"presence\":\"present\",\"length\":9},\"nested\":[]}");
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(pretty_token_has_lines)
{
    struct tscope_token token;
    char *text;

    build_jws(&token, RS, "{\"iss\":\"joe\"}");
    text = write_json(&token, TSCOPE_DECODE_PRETTY);
    ck_assert_ptr_nonnull(strstr(text, "{\n  \"schema\": \"tokenscope.decode/1\",\n  \"source\": {\n    \"offset\": 0,"));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(source_says_what_was_around)
{
    struct tscope_token token;
    char *text;

    build_jws(&token, RS, "{}");
    token.source_offset = 22;
    token.encoding = TSCOPE_ENCODING_UTF16BE;
    token.transport[TSCOPE_TRANSPORT_BEARER] = token.transport[TSCOPE_TRANSPORT_BOM] = true;
    text = write_json(&token, 0);
    ck_assert_ptr_nonnull(
        strstr(text, "\"source\":{\"offset\":22,\"length\":20,\"encoding\":\"utf-16be\",\"transport\":[\"bom\",\"bearer\"]}"));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(signature_is_shown_when_asked_for)
{
    struct tscope_token token;
    char *text;

    build_jws(&token, RS, "{}");
    text = write_json(&token, 0);
    ck_assert_ptr_null(strstr(text, "c2lnbmF0dXJl"));
    tscope_string_free(text);
    text = write_json(&token, TSCOPE_DECODE_REVEAL);
    ck_assert_ptr_nonnull(strstr(text, "\"signature\":{\"presence\":\"present\",\"length\":9,\"value\":\"c2lnbmF0dXJl\"}"));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

static const struct {
    const char *claims, *pointer, *shown; /* shown NULL: whole */
} secrets[] = {
    {"{\"actortoken\":\"" INNER "\"}", "/claims/actortoken", INNER_SIGNED "…"},
    {"{\"x\":{\"y\":[0,\"" INNER "\"]}}", "/claims/x/y/1", INNER_SIGNED "…"},
    {"{\"x\":\"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqb2UifQ.\\u00632VjcmV0\"}", "/claims/x", INNER_SIGNED "…"},
    {"{\"x\":\"eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn\"}", "/claims/x", "eyJhbGciOiJkaXIifQ.…"},
    {"{\"x\":\"" INNER "~WyJzYWx0Il0~\"}", "/claims/x", INNER_SIGNED "…"},
    {"{\"refresh_token\":\"0.AExample\"}", "/claims/refresh_token", "…"},
    {"{\"refresh_token\":\"opaque-secret-of-23-byt\"}", "/claims/refresh_token", "…"},
    {"{\"refresh_token\":\"opaque-secret-of-24-byte\"}", "/claims/refresh_token", "opaque…"},
    {"{\"refresh_toke\\u006e\":\"opaque-secret\"}", "/claims/refresh_token", "…"},
    {"{\"previous_refresh_token\":\"\"}", "/claims/previous_refresh_token", "…"},
    {"{\"client_secret\":\"hunter2\"}", "/claims/client_secret", "…"},
    {"{\"password\":\"hunter2\"}", "/claims/password", "…"},
    {"{\"x\":\"EwBoA8l6BAAUAAAAAAAAAAAAAAAAAAAAAAAA\"}", "/claims/x", "EwBoA8…"},
    {"{\"x\":\"M.C507_BL2.0.U.-Example*Example!Example$\"}", "/claims/x", "M.C507…"},
    {"{\"cnf\":{\"jwk\":{\"d\":\"private\",\"kty\":\"OKP\",\"x\":\"public\"}}}", "/claims/cnf/jwk/d", "…"},
    {"{\"cnf\":{\"jwk\":{\"n\":{\"e\":[1,2]},\"kty\":\"oct\",\"k\":\"private\"}}}", "/claims/cnf/jwk/k", "…"},
    {"{\"cnf\":{\"jwk\":{\"kty\":\"OKP\",\"x\":\"public\"}}}", "/claims/cnf/jwk/x", NULL},
    {"{\"kty\":\"x\",\"a\":{\"d\":\"x\"}}", "/claims/a/d", NULL},
    {"{\"x\":{\"protected\":\"e30\",\"payload\":\"e30\",\"signature\":\"c2ln\"}}", "/claims/x/signature", "…"},
    {"{\"signature\":\"Yours, Robin\"}", "/claims/signature", NULL},
    {"{\"d\":\"day\"}", "/claims/d", NULL},
    {"{\"x\":\"ew0KImFsZyI6IlJTMjU2Ig0KfQ==.e30.c2VjcmV0\"}", "/claims/x", "ew0KImFsZyI6IlJTMjU2Ig0KfQ==.e30.…"},
    {"{\"sub\":\"eyecare.example.com\"}", "/claims/sub", NULL},
    {"{\"sub\":\"e.x.y\"}", "/claims/sub", NULL},
    {"{\"sub\":\"eyJhbGciOiJSUzI1NiJ.e30.c2ln\"}", "/claims/sub", NULL},
    {"{\"sub\":\"eyJhbGciOiJSUzI1NiJ9.e30 .c2ln\"}", "/claims/sub", NULL},
    {"{\"sub\":\"eyJhbGciOiJSUzI1NiJ9.e30\"}", "/claims/sub", NULL},
    {"{\"rh\":\"0.ASoAah8MfbWTAk6MS1oeDZtvIbdAneEobxpMs12Sp8jg9BMAAAA.\"}", "/claims/rh", NULL},
    {"{\"token_use\":\"access\"}", "/claims/token_use", NULL},
    {"{\"aud\":\"https://id.example/token\"}", "/claims/aud", NULL},
    {"{\"sub\":\"\"}", "/claims/sub", NULL},
};

START_TEST(secret_claim_is_cut_unless_revealed)
{
    struct tscope_token token;
    char *veiled, *whole, *walked;

    build_jws(&token, RS, secrets[_i].claims);
    veiled = written(&token, 0, secrets[_i].pointer);
    token.claims.compact = false; /* nothing is copied as a whole */
    walked = written(&token, 0, secrets[_i].pointer);
    whole = written(&token, TSCOPE_DECODE_REVEAL, secrets[_i].pointer);
    ck_assert_ptr_nonnull(veiled);
    ck_assert_ptr_nonnull(whole);
    ck_assert_str_eq(veiled, walked);
    ck_assert_str_eq(veiled, secrets[_i].shown ? secrets[_i].shown : whole);
    if (secrets[_i].shown)
        ck_assert_str_ne(whole, secrets[_i].shown);
    free(veiled);
    free(walked);
    free(whole);
    tear_down(&token);
}
END_TEST

START_TEST(private_key_in_a_header_is_cut)
{
    struct tscope_token token;
    char *text;

    build_jws(&token,
              "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\",\"n\":\"public\",\"d\":\"private\",\"p\":\"private\",\"qi\":\"private\"}}",
              "{}");
    text = write_json(&token, 0);
    ck_assert_ptr_nonnull(strstr(text, "\"jwk\":{\"kty\":\"RSA\",\"n\":\"public\",\"d\":\"…\",\"p\":\"…\",\"qi\":\"…\"}"));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

static const struct {
    const char *payload, *members;
} payloads[] = {
    {"hello", "\"payload_text\":\"hello\",\"payload_length\":5,\"length\""},
    {"", "\"payload_text\":\"\",\"payload_length\":0,\"length\""},
    {"\x01\"\\\n", "\"payload_text\":\"\\u0001\\\"\\\\\\n\",\"payload_length\":4,\"length\""},
    {"\xff\xfe", "\"payload_base64url\":\"__4\",\"payload_length\":2,\"length\""},
    {"[1,{\"refresh_token\":\"x\"}]", "\"payload\":[1,{\"refresh_token\":\"…\"}],\"length\""},
    {"\"" INNER "\"", "\"payload\":\"" INNER_SIGNED "…\",\"length\""},
    {INNER, "\"payload_text\":\"" INNER_SIGNED "…\",\"payload_length\":62,\"length\""},
    {"null", "\"payload\":null,\"length\""},
    {"{\"iss\":\"joe\",\"sub\":\"jo", "\"claims\":{\"iss\":\"joe\",\"sub\":\"jo\"},\"claims_complete\":false,\"length\""},
    {"{\"iss\":NaN,\"exp\":1,}", "\"claims\":{\"iss\":\"NaN\",\"exp\":1},\"length\""},
    {"{\"iss\":\"\\ud800\",\"\\u0000\":1}", "\"claims\":{\"iss\":\"\xef\xbf\xbd\",\"\\u0000\":1},\"length\""},
};

START_TEST(payload_is_written_as_what_it_is)
{
    struct tscope_token token;
    char *text;

    build_jws(&token, RS, payloads[_i].payload);
    text = write_json(&token, 0);
    ck_assert_msg(strstr(text, payloads[_i].members), "%s", text);
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(detached_payload_is_said)
{
    struct tscope_token token;
    char *text;

    build_jws(&token, RS, "");
    token.detached = true;
    text = write_json(&token, 0);
    ck_assert_ptr_nonnull(strstr(text, "\"header\":{\"alg\":\"RS256\"},\"detached\":true,\"length\""));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

/* 4096 bytes are shown, and no character is halved. */
static const struct {
    size_t len, shown;
    const char *end;
} long_texts[] = {
    {4095, 4095, "a"}, {4096, 4096, "a"}, {4097, 4096, "a"}, {70000, 4096, "a"}, {4097, 4095, "é"}, {4098, 4095, "€"}, {4098, 4094, "😀"},
};

START_TEST(long_text_is_cut_between_characters)
{
    size_t end_len = strlen(long_texts[_i].end);
    char *payload = malloc(long_texts[_i].len + 1), *shown;
    struct tscope_token token;

    memset(payload, 'a', long_texts[_i].len);
    memcpy(payload + long_texts[_i].len - end_len, long_texts[_i].end, end_len + 1);
    build_jws(&token, RS, payload);
    shown = written(&token, TSCOPE_DECODE_REVEAL, "/payload_text");
    ck_assert_ptr_nonnull(shown);
    ck_assert_uint_eq(strlen(shown), long_texts[_i].shown);
    free(shown);
    tear_down(&token);
    free(payload);
}
END_TEST

static const struct {
    const char *header, *members;
} headers[] = {
    {"{\"alg\":\"RS256\",\"kid\":", "\"header\":{\"alg\":\"RS256\"},\"header_complete\":false,\"claims\""},
    {"[1]", "\"header_text\":\"[1]\",\"header_length\":3,\"claims\""},
    {"oops", "\"header_text\":\"oops\",\"header_length\":4,\"claims\""},
    {"\x80", "\"header_base64url\":\"gA\",\"header_length\":1,\"claims\""},
};

START_TEST(broken_header_is_written_as_far_as_it_goes)
{
    struct tscope_token token;
    char *text;

    build_jws(&token, headers[_i].header, "{}");
    text = write_json(&token, 0);
    ck_assert_msg(strstr(text, headers[_i].members), "%s", text);
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(several_signatures_have_a_header_each)
{
    struct tscope_token_signature signatures[2];
    struct tscope_token token;
    char *text;

    build_jws(&token, RS, "{}");
    signatures[0] = signatures[1] = token.signatures[0];
    build_json(&token, "{\"alg\":\"ES256\"}", &signatures[1].header);
    signatures[1].presence = TSCOPE_SIGNATURE_MASKED;
    build_json(&token, "{\"header\":{\"kid\":\"k\"}}", &token.container);
    signatures[1].unprotected = tscope_json_at(&token.container, "/header");
    token.serialization = TSCOPE_SERIALIZATION_JWS_GENERAL;
    token.signatures = signatures;
    token.signatures_len = 2;
    token.signatures_total = 17;
    text = write_json(&token, 0);
    ck_assert_ptr_nonnull(strstr(text,
                                 "\"header\":{\"alg\":\"RS256\"},\"headers\":[{\"header\":{\"alg\":\"RS256\"}},"
                                 "{\"header\":{\"alg\":\"ES256\"},\"unprotected\":{\"kid\":\"k\"}}],\"headers_total\":17,\"claims\""));
    ck_assert_ptr_nonnull(
        strstr(text, "\"signatures\":[{\"presence\":\"present\",\"length\":9},{\"presence\":\"masked\",\"length\":9}],\"nested\""));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(encrypted_token_tells_lengths_only)
{
    struct tscope_token token;
    char *text;

    build_jws(&token, "{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"}", "");
    token.serialization = TSCOPE_SERIALIZATION_JWE_COMPACT;
    token.kind = TSCOPE_KIND_JWE;
    token.payload = (struct tscope_part){0};
    token.iv = token.ciphertext = token.tag = token.signatures[0].signature;
    token.iv.decoded.len = 5;
    text = write_json(&token, 0);
    ck_assert_ptr_nonnull(strstr(text, "\"header\":{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\"},"
                                       "\"lengths\":{\"encrypted_key\":9,\"iv\":5,\"ciphertext\":9,\"tag\":9},\"length\":20,"
                                       "\"damage\":[],\"nested\":[]}"));
    ck_assert_ptr_null(strstr(text, "c2lnbmF0dXJl"));
    tscope_string_free(text);
    text = write_json(&token, TSCOPE_DECODE_REVEAL);
    ck_assert_ptr_nonnull(strstr(text, "\"damage\":[],\"text\":\"e30.e30.c2lnbmF0dXJl\""));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(opaque_token_is_shown_when_asked_for)
{
    struct tscope_token token;
    char *text;

    build_opaque(&token, "EwBoA8l6BAAUAAAAAAAAAAAAAAAAAAAAAAAA");
    token.kind = TSCOPE_KIND_MSA_TICKET;
    text = write_json(&token, 0);
    ck_assert_ptr_nonnull(strstr(text, "\"kind\":\"msa-ticket\",\"serialization\":\"opaque\",\"length\":36,\"damage\":[],\"nested\":[]}"));
    ck_assert_ptr_null(strstr(text, "EwBo"));
    tscope_string_free(text);
    text = write_json(&token, TSCOPE_DECODE_REVEAL);
    ck_assert_ptr_nonnull(strstr(text, "\"text\":\"EwBoA8l6BAAUAAAAAAAAAAAAAAAAAAAAAAAA\""));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(disclosures_are_counted_and_read)
{
    struct tscope_part disclosures[3] = {
        {.decoded = TSCOPE_SPAN("[\"salt\", \"name\", {\"a\": 1}]")}, {.decoded = TSCOPE_SPAN("[\"sa")}, {.clean = false}};
    struct tscope_token token;
    char *text;

    build_jws(&token, RS, "{}");
    token.serialization = TSCOPE_SERIALIZATION_SD_JWT;
    token.disclosures = disclosures;
    token.disclosures_len = 3;
    token.disclosures_total = 4;
    text = write_json(&token, 0);
    ck_assert_ptr_nonnull(strstr(text, "\"claims\":{},\"disclosures\":[{\"contents\":[\"salt\",\"name\",{\"a\":1}]},"
                                       "{\"text\":\"[\\\"sa\",\"length\":4},{}],\"disclosures_total\":4,\"length\""));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(damage_is_listed)
{
    struct tscope_damage damage[] = {
        {.kind = TSCOPE_DAMAGE_FOLDING, .part = TSCOPE_PART_PAYLOAD, .offset = 7, .len = 2},
        {.kind = TSCOPE_DAMAGE_SPARE_BITS, .part = TSCOPE_PART_SIGNATURE, .offset = 19, .len = 1},
    };
    struct tscope_token token;
    char *text;

    build_jws(&token, RS, "{}");
    token.damage = damage;
    token.damage_len = token.damage_total = 2;
    text = write_json(&token, 0);
    ck_assert_ptr_nonnull(strstr(text, "\"damage\":[{\"kind\":\"folding\",\"part\":\"payload\",\"offset\":7,\"length\":2},"
                                       "{\"kind\":\"spare-bits\",\"part\":\"signature\",\"offset\":19,\"length\":1}],\"signature\""));
    tscope_string_free(text);
    token.damage_total = 65;
    text = write_json(&token, 0);
    ck_assert_ptr_nonnull(strstr(text, "}],\"damage_total\":65,\"signature\""));
    tscope_string_free(text);
    tear_down(&token);
}
END_TEST

START_TEST(nested_tokens_are_written_inside)
{
    struct tscope_token_nested nested[2];
    struct tscope_token token, inner;
    char *text;

    build_jws(&token, "{\"alg\":\"none\"}", "{\"a~/b\":\"" INNER "\"}");
    build_jws(&inner, RS, "{\"sub\":\"joe\"}");
    nested[0] = (struct tscope_token_nested){token.claims_root + 1, &inner};
    nested[1] = (struct tscope_token_nested){NULL, &inner};
    token.nested = nested;
    token.nested_len = 2;
    token.nested_total = 9;
    text = write_json(&token, 0);
    ck_assert_ptr_nonnull(strstr(text, "\"nested\":[{\"pointer\":\"/a~0~1b\",\"kind\":\"opaque\",\"serialization\":\"jws-compact\","
                                       "\"header\":{\"alg\":\"RS256\"},\"claims\":{\"sub\":\"joe\"},\"length\":20,\"damage\":[],"
                                       "\"signature\":{\"presence\":\"present\",\"length\":9},\"nested\":[]},{\"kind\":\"opaque\""));
    ck_assert_ptr_nonnull(strstr(text, "],\"nested_total\":9}"));
    tscope_string_free(text);
    tear_down(&token);
    tear_down(&inner);
}
END_TEST

/* As deep as tokens and values can be, pretty too: the writer counts 64 levels. */
START_TEST(deepest_token_is_written_as_json)
{
    struct tscope_token tokens[TSCOPE_NESTING_MAX + 1];
    struct tscope_token_nested nested[TSCOPE_NESTING_MAX];
    char payload[256] = "{\"x\":";

    memset(payload + 5, '[', 63);
    memset(payload + 5 + 63, ']', 63);
    payload[5 + 126] = '}';
    for (size_t i = 0; i < TSCOPE_COUNT(tokens); i++)
        build_jws(&tokens[i], payload, payload);
    for (size_t i = 0; i < TSCOPE_COUNT(nested); i++) {
        nested[i] = (struct tscope_token_nested){NULL, &tokens[i + 1]};
        tokens[i].nested = &nested[i];
        tokens[i].nested_len = tokens[i].nested_total = 1;
    }
    tscope_string_free(write_json(tokens, 0));
    tscope_string_free(write_json(tokens, TSCOPE_DECODE_PRETTY | TSCOPE_DECODE_REVEAL));
    for (size_t i = 0; i < TSCOPE_COUNT(tokens); i++)
        tear_down(&tokens[i]);
}
END_TEST

/* Time is linear in what comes in: each of these would take minutes if it were not. */
static const char *const repeated[][3] = {
    {"{\"a\":[", "{\"d\":\"x\",\"kty\":\"y\"},", "1]}"},
    {"{\"a\":[", "\"eyJ.eyJ.\",", "1]}"},
    {"{", "\"d\":\"x\",", "\"kty\":\"y\"}"},
    {"{\"x\":\"eyJ", ".e", "\"}"},
    {"{\"x\":[", "\"e30.e30.e\",", "1]}"},
    {"{\"x\":\"", "\\u0001", "\"}"},
    {"{\"refresh_token\":[", "\"x\",", "1]}"},
    {"{\"x\":[", "{\"\\u0061token\":\"x\"},", "1]}"},
};

START_TEST(large_claims_are_written)
{
    struct tscope_buffer buffer = {0};
    struct tscope_token token;

    tscope_buffer_append_text(&buffer, repeated[_i][0]);
    for (size_t i = 0; i < 45000 && buffer.len < TSCOPE_INPUT_MAX * 3 / 4; i++)
        tscope_buffer_append_text(&buffer, repeated[_i][1]);
    tscope_buffer_append_text(&buffer, repeated[_i][2]);
    tscope_buffer_append_byte(&buffer, 0);
    build_jws(&token, RS, (const char *)buffer.data);
    ck_assert(token.claims.readable || token.claims.values_len == TSCOPE_JSON_LIMITS_TOKEN.values_max);
    tscope_string_free(write_json(&token, 0));
    tear_down(&token);
    tscope_buffer_clear(&buffer);
}
END_TEST

START_TEST(every_byte_in_a_payload_gives_json)
{
    char payload[] = "{\"a\":\"?\",\"?\":?}";
    struct tscope_token token;

    for (int byte = 1; byte < 256; byte++) {
        for (char *at = payload; *at; at++) {
            char kept = *at;

            *at = (char)byte;
            build_jws(&token, payload, payload);
            tscope_string_free(write_json(&token, 0));
            tear_down(&token);
            *at = kept;
        }
    }
}
END_TEST

START_TEST(every_failed_allocation_is_an_error)
{
    struct tscope_part disclosure = {.decoded = TSCOPE_SPAN("[\"salt\", \"name\", \"\\u0061\"]")};
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    struct tscope_token_nested nested;
    struct tscope_token token, inner;
    char *text = NULL;
    unsigned long n;

    build_jws(&token, RS, "{\"\\u0061\":\"" INNER "\",\"refresh_toke\\u006e\":\"\\u0061\"}");
    build_jws(&inner, RS, INNER);
    nested = (struct tscope_token_nested){token.claims_root + 1, &inner};
    token.nested = &nested;
    token.nested_len = 1;
    token.serialization = TSCOPE_SERIALIZATION_SD_JWT;
    token.disclosures = &disclosure;
    token.disclosures_len = 1;
    for (n = 1; n < 200 && status != TSCOPE_OK; n++) {
        struct tscope_error err = {0};

        tscope_alloc_fail_from(n);
        status = tscope_token_json(&token, 0, &text, NULL, &err);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || (status == TSCOPE_ERR_NO_MEMORY && err.status == TSCOPE_ERR_NO_MEMORY && !text));
    }
    ck_assert_int_eq(status, TSCOPE_OK);
    ck_assert_uint_gt(n, 5);
    tscope_string_free(text);
    tear_down(&token);
    tear_down(&inner);
}
END_TEST

START_TEST(members_leave_the_writer_as_it_was)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    struct tscope_token token;

    build_jws(&token, RS, "{\"refresh_token\":\"x\"}");
    tscope_json_writer_init(&writer, &buffer, false);
    tscope_json_write_object(&writer);
    tscope_token_write_members(&token, &writer, false);
    ck_assert(writer.veil == NULL);
    tscope_json_write_name(&writer, "again");
    tscope_json_write_value(&writer, &token.claims, token.claims_root);
    tscope_json_write_object_end(&writer);
    tscope_buffer_append_byte(&buffer, 0);
    ck_assert_ptr_nonnull(strstr((const char *)buffer.data, "\"claims\":{\"refresh_token\":\"…\"}"));
    ck_assert_ptr_nonnull(strstr((const char *)buffer.data, "\"again\":{\"refresh_token\":\"x\"}}"));
    tscope_buffer_clear(&buffer);
    tear_down(&token);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("token_json");
    TCase *tcase = tcase_create("token_json");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 20);
    tcase_add_test(tcase, plain_token_reads_as_documented);
    tcase_add_test(tcase, pretty_token_has_lines);
    tcase_add_test(tcase, source_says_what_was_around);
    tcase_add_test(tcase, signature_is_shown_when_asked_for);
    tcase_add_loop_test(tcase, secret_claim_is_cut_unless_revealed, 0, TSCOPE_COUNT(secrets));
    tcase_add_test(tcase, private_key_in_a_header_is_cut);
    tcase_add_loop_test(tcase, payload_is_written_as_what_it_is, 0, TSCOPE_COUNT(payloads));
    tcase_add_test(tcase, detached_payload_is_said);
    tcase_add_loop_test(tcase, long_text_is_cut_between_characters, 0, TSCOPE_COUNT(long_texts));
    tcase_add_loop_test(tcase, broken_header_is_written_as_far_as_it_goes, 0, TSCOPE_COUNT(headers));
    tcase_add_test(tcase, several_signatures_have_a_header_each);
    tcase_add_test(tcase, encrypted_token_tells_lengths_only);
    tcase_add_test(tcase, opaque_token_is_shown_when_asked_for);
    tcase_add_test(tcase, disclosures_are_counted_and_read);
    tcase_add_test(tcase, damage_is_listed);
    tcase_add_test(tcase, nested_tokens_are_written_inside);
    tcase_add_test(tcase, deepest_token_is_written_as_json);
    tcase_add_loop_test(tcase, large_claims_are_written, 0, TSCOPE_COUNT(repeated));
    tcase_add_test(tcase, every_byte_in_a_payload_gives_json);
    tcase_add_test(tcase, every_failed_allocation_is_an_error);
    tcase_add_test(tcase, members_leave_the_writer_as_it_was);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
