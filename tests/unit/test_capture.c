/* SPDX-License-Identifier: Apache-2.0 */
#include "token/capture.h"

#include <stdio.h>

#include "token_testing.h"

#define TICKET "EwAIA8l6BAAUkj1NuJYtTVha+Mogk+HEiPbQo04AAQAAEGb3Qw=="
#define REFRESH "0.AVYAXyCrJXv8SkmcOEHZMGLtGgcAAAAAAAAAwAAAAAAAAADkAAA.AgABAAEAAADnfolhJpSnRYB1SVj-Hgd8AgDs_wQA"
/* the same token with other text around it; without its algorithm; its payload */
#define NAMELESS "eyJraWQiOiJ4In0." PAYLOAD "." SIGNATURE

/* Each capture's text, separated by "|". */
static const struct {
    const char *text, *captures;
} texts[] = {
    {"", ""},
    {"no token at all, nor here: eyJ, eyJh.", ""},
    {TOKEN, TOKEN},
    {TOKEN "\n" TOKEN "\n", TOKEN "|" TOKEN},
    {TOKEN "," TOKEN ";" TOKEN, TOKEN "|" TOKEN "|" TOKEN},
    {"\"" TOKEN "\", '" TOKEN "'", "\"" TOKEN "|'" TOKEN},
    {"a=" TOKEN "&b=" TOKEN "&c=d", "a=" TOKEN "|b=" TOKEN},
    {"/cb#id_token=" TOKEN "&state=eyJ&access_token=" TOKEN, "id_token=" TOKEN "|access_token=" TOKEN},
    {"Authorization: Bearer " TOKEN "\r\nDPoP: " TOKEN "\r\n", "Authorization: Bearer " TOKEN "|DPoP: " TOKEN},
    {"Cookie: a=1; s.id=" TOKEN "; b=\"" TOKEN "\"", "s.id=" TOKEN "|b=\"" TOKEN},
    {"\"Authorization\": \"Bearer " TOKEN "\", \"t\" : \"" TOKEN "\"", "\"Authorization\": \"Bearer " TOKEN "|\"t\" : \"" TOKEN},
    {"{\\\"t\\\":\\\"" TOKEN "\\\"}", "\\\"t\\\":\\\"" TOKEN},
    {"at%3D%22" TOKEN "%22 line\\n" TOKEN "\\n", TOKEN "|" TOKEN},
    /* what is no token of its own: a payload, a header, the second half of a token that was broken at a dot */
    {PAYLOAD " " HEADER " " TOKEN, TOKEN},
    {HEADER ".\n" PAYLOAD "." SIGNATURE, HEADER "."},
    {"end.\n" TOKEN, TOKEN},
    {NAMELESS " " NAMELESS, NAMELESS "|" NAMELESS},
    {"x" TOKEN, ""},
    /* key binding at the end of an SD-JWT belongs to it */
    {TOKEN "~WyJzIiwiYSIsMV0~" TOKEN " " TOKEN, TOKEN "~WyJzIiwiYSIsMV0~" TOKEN "|" TOKEN},
    /* wrapped at one width */
    {"eyJhbGciOiJIUzI1NiJ9\n.eyJpc3MiOiJqb2UiLCJ\nleHAiOjF9.AAEC\n\n" TOKEN,
     "eyJhbGciOiJIUzI1NiJ9\n.eyJpc3MiOiJqb2UiLCJ\nleHAiOjF9.AAEC|" TOKEN},
    {HEADER ".eyJpc3MiOiJqb2UiLCJleH\nAiOjF9.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka\nGxwdHh8\nnext " TOKEN,
     HEADER ".eyJpc3MiOiJqb2UiLCJleH\nAiOjF9.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka\nGxwdHh8|" TOKEN},
    {TOKEN "\n0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789\n" TOKEN,
     TOKEN "|" TOKEN},
    /* Microsoft's opaque ones */
    {"rt=" REFRESH "&t=" TICKET "&x=0.A1", "rt=" REFRESH "|t=" TICKET},
    /* a serialisation is one token, and nothing is looked for in it */
    {"{\"protected\":\"" HEADER "\",\"payload\":\"" PAYLOAD "\",\"signature\":\"" SIGNATURE "\",\"x\":\"" TOKEN "\"}", ""},
    /* other JSON: what lies deeper, and what is broken */
    {"{\"log\":{\"t\":[\"" TOKEN "\",\"" TOKEN "\"]}}", "\"" TOKEN "|\"" TOKEN},
    {"{\"t\":\"" TOKEN "\",\"u\":\"" TOKEN "\"", "\"t\":\"" TOKEN "|\"u\":\"" TOKEN},
    {"{\"t\":\"" TOKEN "\"}\n{\"t\":\"" TOKEN "\"}\n", "\"t\":\"" TOKEN "|\"t\":\"" TOKEN},
};

static tscope_captures *
find(struct tscope_span text)
{
    tscope_captures *captures = NULL;
    struct tscope_error err = {0};

    ck_assert_int_eq(tscope_captures_find(text.data, text.len, &captures, &err), TSCOPE_OK);
    ck_assert_str_eq(err.message, "");
    return captures;
}

START_TEST(tokens_are_found_with_what_names_them)
{
    tscope_captures *captures = find(tscope_span_text(texts[_i].text));
    char seen[4096] = "";

    for (size_t i = 0; i < tscope_captures_len(captures); i++) {
        const struct tscope_capture *capture = tscope_captures_at(captures, i);
        size_t len = strlen(seen);

        ck_assert_uint_eq(capture->member, 0);
        snprintf(seen + len, sizeof(seen) - len, "%s%.*s", i ? "|" : "", (int)capture->len, texts[_i].text + capture->offset);
    }
    ck_assert_str_eq(seen, texts[_i].captures);
    ck_assert_ptr_null(tscope_captures_at(captures, tscope_captures_len(captures)));
    tscope_captures_free(captures);
}
END_TEST

static tscope_token *
parse_capture(struct tscope_span text, const tscope_captures *captures, size_t number)
{
    struct tscope_error err = {0};
    tscope_token *token = NULL;

    ck_assert_int_eq(tscope_token_parse_capture(text.data, text.len, tscope_captures_at(captures, number), &token, &err), TSCOPE_OK);
    return token;
}

START_TEST(each_is_read_at_its_own_place)
{
    struct tscope_span text = tscope_span_text("GET /?t=" TOKEN "\r\nCookie: \xc3\xa4=1; a=" TOKEN "; b=" TOKEN "\r\n");
    tscope_captures *captures = find(text);

    ck_assert_uint_eq(tscope_captures_len(captures), 3);
    for (size_t i = 0; i < 3; i++) {
        const struct tscope_capture *capture = tscope_captures_at(captures, i);
        tscope_token *token = parse_capture(text, captures, i);

        ck_assert_span(token->text, TOKEN);
        ck_assert_uint_eq(token->source_len, strlen(TOKEN));
        ck_assert_int_eq(memcmp(text.data + token->source_offset, TOKEN, strlen(TOKEN)), 0);
        ck_assert_int_eq(token->transport[TSCOPE_TRANSPORT_COOKIE], i > 0);
        ck_assert_int_eq(token->transport[TSCOPE_TRANSPORT_PARAMETER], i == 0);
        ck_assert_uint_eq(capture->line, i > 0);
        ck_assert_uint_eq(capture->column, i == 0 ? 6 : i == 1 ? 13 : 17 + strlen(TOKEN));
        tscope_token_free(token);
    }
    tscope_captures_free(captures);
}
END_TEST

START_TEST(members_of_a_response_are_read_with_it)
{
    static const char *const kinds[] = {"jwt", "jwt", "entra-refresh"};
    struct tscope_span text =
        tscope_span_text(" {\"token_type\":\"Bearer\",\"id_token\":\"" TOKEN "\",\"scope\":\"a b\",\"access_token\":\"" TOKEN
                         "\",\"refresh_token\":\"" REFRESH "\",\"more\":{\"t\":\"" TOKEN "\"}}\n");
    tscope_captures *captures = find(text);

    ck_assert_uint_eq(tscope_captures_len(captures), 4);
    for (size_t i = 0; i < 4; i++) {
        const struct tscope_capture *capture = tscope_captures_at(captures, i);
        tscope_token *token = parse_capture(text, captures, i);

        ck_assert_uint_eq(capture->member, i < 3 ? i + 1 : 0);
        ck_assert_int_eq(token->transport[TSCOPE_TRANSPORT_RESPONSE], i < 3);
        ck_assert_uint_eq(token->source_len, token->text.len);
        ck_assert_int_eq(memcmp(text.data + token->source_offset, token->text.data, token->text.len), 0);
        if (i < 3)
            ck_assert_str_eq(tscope_token_kind_id(token->kind), kinds[i]);
        tscope_token_free(token);
    }
    tscope_captures_free(captures);
}
END_TEST

/* UTF-16 with a mark, little-endian: each character is two bytes, but "ä" would be two in UTF-8 as well. */
START_TEST(places_in_utf16_are_those_of_the_input)
{
    const char *ascii = "x=1 t=" TOKEN "\n" TOKEN;
    size_t len = strlen(ascii);
    uint8_t *wide = malloc(2 * len + 4);
    tscope_captures *captures;

    memcpy(wide, "\xff\xfe\xe4", 4);
    for (size_t i = 0; i < len; i++) {
        wide[4 + 2 * i] = (uint8_t)ascii[i];
        wide[5 + 2 * i] = 0;
    }
    captures = find(tscope_span_of(wide, 2 * len + 4));
    ck_assert_uint_eq(tscope_captures_len(captures), 2);
    ck_assert_uint_eq(tscope_captures_at(captures, 0)->offset, 4 + 2 * 4);
    ck_assert_uint_eq(tscope_captures_at(captures, 0)->column, 5);
    for (size_t i = 0; i < 2; i++) {
        tscope_token *token = parse_capture(tscope_span_of(wide, 2 * len + 4), captures, i);

        ck_assert_span(token->text, TOKEN);
        ck_assert_uint_eq(token->source_offset, 4 + 2 * (i == 0 ? 6 : 7 + strlen(TOKEN)));
        ck_assert_uint_eq(token->source_len, 2 * strlen(TOKEN));
        tscope_token_free(token);
    }
    tscope_captures_free(captures);
    free(wide);
}
END_TEST

/* Each would be slow, if a word were walked through more than a few times. */
START_TEST(dense_false_starts_are_walked_once)
{
    static const char *const seeds[] = {"eyJ=", "eyJ ", "eyJ.", "EwA=", "0.A=", "e=", "M.C1_/", "eyJhbGciOiJIUzI1NiJ9.a.\n", "{\"a\":["};
    size_t seed_len = strlen(seeds[_i]), len = TSCOPE_INPUT_MAX / seed_len * seed_len;
    uint8_t *text = malloc(len);
    tscope_captures *captures;

    for (size_t i = 0; i < len; i++)
        text[i] = (uint8_t)seeds[_i][i % seed_len];
    captures = find(tscope_span_of(text, len));
    ck_assert_uint_le(tscope_captures_len(captures), len / seed_len);
    tscope_captures_free(captures);
    free(text);
}
END_TEST

START_TEST(wrapping_ends_at_the_widest_line)
{
    /* of a line of 100 characters the next one is a part, of one of 101 it is none */
    for (size_t width = 99; width <= 101; width++) {
        char text[400];
        tscope_captures *captures;

        memset(text, 'A', sizeof(text));
        memcpy(text, HEADER "." PAYLOAD ".", strlen(HEADER "." PAYLOAD "."));
        text[width] = '\n';
        memcpy(text + width + 21, "\n" TOKEN, strlen("\n" TOKEN) + 1);
        captures = find(tscope_span_text(text));
        ck_assert_uint_eq(tscope_captures_len(captures), 2);
        ck_assert_uint_eq(tscope_captures_at(captures, 0)->len, width <= 100 ? width + 21 : width);
        tscope_captures_free(captures);
    }
}
END_TEST

/* RFC 9449 section 7.1: the token that a proof is for stands in the same request. */
START_TEST(proof_is_joined_to_its_token)
{
    struct tscope_span text = tscope_span_text("GET / HTTP/1.1\r\nAuthorization: DPoP " TOKEN "\r\nDPoP: " TOKEN "\r\n");
    tscope_captures *captures = find(text);
    tscope_token *token = parse_capture(text, captures, 0);

    ck_assert_ptr_null(token->with_access.data);
    tscope_token_free(token);
    token = parse_capture(text, captures, 1);
    ck_assert_span(token->with_access, TOKEN);
    tscope_token_free(token);
    tscope_captures_free(captures);
}
END_TEST

/* What is read of a text, and what stands around it. */
static const struct {
    const char *text, *token;
    size_t before, behind;
} surrounded[] = {
    {TOKEN " and more", TOKEN, 0, 9},
    {TOKEN "\nand more", TOKEN, 0, 9},
    {TOKEN ", he said", TOKEN, 0, 9},
    {"(" TOKEN ")", TOKEN, 1, 1},
    {"see " TOKEN ". It", TOKEN, 4, 4},
    {"a b c " TOKEN, TOKEN, 6, 0},
    {TOKEN " " TOKEN, TOKEN, 0, 1 + sizeof(TOKEN) - 1},
    /* one letter less or more is not whole, and what stands behind may belong to it */
    {HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh 8", HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh 8",
     0, 0},
    {TOKEN "A more", TOKEN "A more", 0, 0},
    /* nor is one whose end another part may follow */
    {TOKEN "~WyJhIl0 ~WyJiIl0~", TOKEN "~WyJhIl0 ~WyJiIl0~", 0, 0},
};

START_TEST(words_around_a_whole_token_are_left_out)
{
    tscope_token *token = parse(surrounded[_i].text);

    ck_assert_span(token->text, surrounded[_i].token);
    ck_assert_uint_eq(token->words_before, surrounded[_i].before);
    ck_assert_uint_eq(token->words_behind, surrounded[_i].behind);
    ck_assert_uint_eq(token->source_offset, surrounded[_i].before);
    ck_assert_uint_eq(token->source_len, strlen(surrounded[_i].token));
    tscope_token_free(token);
}
END_TEST

START_TEST(capture_of_another_text_is_refused)
{
    static const struct tscope_capture outside[] = {{.offset = 6}, {.offset = 5, .len = 1}, {.len = 6}, {.offset = SIZE_MAX, .len = 2}};

    for (size_t i = 0; i < TSCOPE_COUNT(outside); i++) {
        struct tscope_error err = {0};
        tscope_token *token = NULL;

        ck_assert_int_eq(tscope_token_parse_capture((const uint8_t *)"a.b.c", 5, &outside[i], &token, &err), TSCOPE_ERR_ARGUMENT);
        ck_assert_ptr_null(token);
    }
}
END_TEST

START_TEST(every_failing_allocation_is_said)
{
    struct tscope_span text = tscope_span_text("{\"id_token\":\"" TOKEN "\",\"a\\u0062\":\"" TOKEN "\",\"c\":[\"" TOKEN "\"]}");
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        struct tscope_error err = {0};
        tscope_captures *captures = NULL;

        tscope_alloc_fail_from(n);
        status = tscope_captures_find(text.data, text.len, &captures, &err);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
        ck_assert_int_eq(status == TSCOPE_OK, captures != NULL);
        tscope_captures_free(captures);
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("capture");
    TCase *tcase = tcase_create("capture");

    tcase_add_loop_test(tcase, tokens_are_found_with_what_names_them, 0, (int)TSCOPE_COUNT(texts));
    tcase_add_test(tcase, each_is_read_at_its_own_place);
    tcase_add_test(tcase, members_of_a_response_are_read_with_it);
    tcase_add_test(tcase, proof_is_joined_to_its_token);
    tcase_add_test(tcase, places_in_utf16_are_those_of_the_input);
    tcase_add_loop_test(tcase, dense_false_starts_are_walked_once, 0, 9);
    tcase_add_test(tcase, wrapping_ends_at_the_widest_line);
    tcase_add_loop_test(tcase, words_around_a_whole_token_are_left_out, 0, (int)TSCOPE_COUNT(surrounded));
    tcase_add_test(tcase, capture_of_another_text_is_refused);
    tcase_add_test(tcase, every_failing_allocation_is_said);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
