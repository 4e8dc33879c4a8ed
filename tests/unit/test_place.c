/* SPDX-License-Identifier: Apache-2.0 */
#include "token_testing.h"

/*
 * A second reader of base64url, as plain as can be: which characters of the text hold the bits of a decoded byte. What
 * tscope_part_place says is held against it, byte by byte and run by run.
 */
struct characters {
    size_t first[64], last[64]; /* of each decoded byte, in the text */
    size_t len;
};

static bool
holds_bits(char c)
{
    return c && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/", c);
}

static void
walk(struct characters *characters, const char *text, size_t offset, size_t len)
{
    size_t bits = 0;

    characters->len = 0;
    for (size_t at = offset; at < offset + len; at++) {
        if (!holds_bits(text[at]))
            continue;
        if (bits % 8 == 0)
            characters->first[bits / 8] = at;
        else if (bits % 8 + 6 > 8)
            characters->first[bits / 8 + 1] = at;
        bits += 6;
        if (bits / 8 > characters->len)
            characters->last[characters->len++] = at;
    }
}

static void
ck_assert_places(const tscope_token *token, const struct tscope_part *part)
{
    const char *text = (const char *)token->text.data;
    struct characters characters;
    size_t offset, len;

    walk(&characters, text, part->offset, part->len);
    ck_assert_uint_eq(characters.len, part->decoded.len);
    for (size_t at = 0; at < part->decoded.len; at++) {
        for (size_t run = 1; run <= part->decoded.len - at; run++) {
            tscope_part_place(token, part, at, run, &offset, &len);
            ck_assert_uint_eq(offset, characters.first[at]);
            ck_assert_uint_eq(offset + len, characters.last[at + run - 1] + 1);
        }
        tscope_part_place(token, part, at, 0, &offset, &len);
        ck_assert_uint_eq(len, 0);
    }
}

/* No percent-encoding here: the second reader knows none. */
static const char *const samples[] = {
    TOKEN,
    HEADER " ." PAYLOAD "." SIGNATURE,
    "eyJh\nbGciOiJI UzI1NiJ9==.\r\n =eyJpc3MiO\r\n\tiJqb2UiLCJleHAiOjF9.AAEC A=wQFB",
    HEADER ".eyJpc3!MiOiJqb2UiLC**JleHAiOjF9.A+E/AwQ",
    "{\"protected\":\"" HEADER "\",\"payload\":\"" PAYLOAD "=\",\"signature\":\"AA!EC\"}",
    TOKEN ".more",
};

START_TEST(decoded_bytes_are_led_to_their_characters)
{
    tscope_token *token = parse(samples[_i]);

    ck_assert_places(token, &token->signatures->protected_part);
    ck_assert_places(token, &token->payload);
    ck_assert_places(token, &token->signatures->signature);
    tscope_token_free(token);
}
END_TEST

START_TEST(percent_encoding_is_covered_whole)
{
    tscope_token *token = parse("%65yJhbGciOiJIUzI1NiJ9%2E%2565yJpc3MiOiJqb2UiLCJleHAiOjF9." SIGNATURE);
    size_t offset, len;

    tscope_part_place(token, &token->signatures->protected_part, 0, 1, &offset, &len); /* "%65y" */
    ck_assert_uint_eq(offset, 0);
    ck_assert_uint_eq(len, 4);
    tscope_part_place(token, &token->payload, 0, 2, &offset, &len); /* "%2565yJ" */
    ck_assert_uint_eq(offset, strlen("%65yJhbGciOiJIUzI1NiJ9%2E"));
    ck_assert_uint_eq(len, 7);
    tscope_token_free(token);
}
END_TEST

START_TEST(escapes_of_a_member_are_walked_along)
{
    /* e y J p …, of which the second, third and last are escaped */
    const char *const text =
        "{\"protected\":\"" HEADER "\",\"payload\":\"e\\u0079\\u004apc3MiOiJqb2UiLCJleHAiOjF\\u0039\",\"signature\":\"" SIGNATURE "\"}";
    tscope_token *token = parse(text);
    size_t offset, len, start = (size_t)(strstr(text, "e\\u0079") - text);

    ck_assert_span(token->payload.form, PAYLOAD);
    tscope_part_place(token, &token->payload, 0, 1, &offset, &len);
    ck_assert_uint_eq(offset, start);
    ck_assert_uint_eq(len, 7);
    tscope_part_place(token, &token->payload, 1, 1, &offset, &len);
    ck_assert_uint_eq(offset, start + 1);
    ck_assert_uint_eq(len, 12);
    tscope_part_place(token, &token->payload, 3, 1, &offset, &len);
    ck_assert_uint_eq(offset, start + 14);
    ck_assert_uint_eq(len, 2);
    tscope_part_place(token, &token->payload, 20, 1, &offset, &len);
    ck_assert_uint_eq(offset + len, (size_t)(strstr(text, "\",\"signature") - text));
    ck_assert_uint_eq(len, 7);
    tscope_token_free(token);
}
END_TEST

START_TEST(unencoded_payload_is_led_back_as_it_stands)
{
    tscope_token *token = parse("eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19.a%41=b." SIGNATURE "=");
    size_t offset, len;

    ck_assert_span(token->payload.decoded, "a%41=b");
    for (size_t at = 0; at < 6; at++) {
        tscope_part_place(token, &token->payload, at, 1, &offset, &len);
        ck_assert_uint_eq(offset, token->payload.offset + at);
        ck_assert_uint_eq(len, 1);
    }
    tscope_token_free(token);
}
END_TEST

START_TEST(absent_part_and_foreign_bytes_have_no_place)
{
    tscope_token *token = parse(HEADER "." PAYLOAD);
    size_t offset = 1, len = 1;

    tscope_part_place(token, &token->signatures->signature, 0, 5, &offset, &len);
    ck_assert_uint_eq(len, 0);
    offset = len = 1;
    tscope_token_place(token, TSCOPE_SPAN("elsewhere"), &offset, &len);
    ck_assert_uint_eq(offset + len, 0);
    offset = len = 1;
    tscope_token_place(token, tscope_span_of(token->form.data + token->form.len, 1), &offset, &len);
    ck_assert_uint_eq(offset + len, 0);
    tscope_token_place(token, tscope_span_of(token->form.data + token->form.len, 0), &offset, &len);
    ck_assert_uint_eq(offset, token->text.len);
    tscope_token_free(token);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("place");
    TCase *tests = tcase_create("place");

    tcase_add_loop_test(tests, decoded_bytes_are_led_to_their_characters, 0, (int)TSCOPE_COUNT(samples));
    tcase_add_test(tests, percent_encoding_is_covered_whole);
    tcase_add_test(tests, escapes_of_a_member_are_walked_along);
    tcase_add_test(tests, unencoded_payload_is_led_back_as_it_stands);
    tcase_add_test(tests, absent_part_and_foreign_bytes_have_no_place);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
