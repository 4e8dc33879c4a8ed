/* SPDX-License-Identifier: Apache-2.0 */
#include "token_testing.h"

/* What is done to a token, and what is to be said of it: kinds in order, W white space, F folding, % percent, = padding, A
 * alphabet, ? foreign, S spare bits, L length. All but the last four leave form as it was. */
static const struct {
    const char *text, *kinds;
} damaged[] = {
    {HEADER " ." PAYLOAD "." SIGNATURE, "W"},
    {HEADER ". \t" PAYLOAD "." SIGNATURE, "W"},
    {HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0OD\nxAREhMUFRYXGBkaGxwdHh8", "F"},
    {HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0OD\r\n\txAREhMUFRYXGBkaGxwdHh8", "F"},
    {HEADER "\r\n.\r\n" PAYLOAD "\r\n." SIGNATURE, "FFF"},
    {HEADER "%2E" PAYLOAD "%2e" SIGNATURE, "%%"},
    {HEADER "%252E" PAYLOAD "%25252e" SIGNATURE, "%%"},
    {HEADER "." PAYLOAD "." SIGNATURE "=", "="},
    {HEADER "=." PAYLOAD "==." SIGNATURE "===", "==="},
    {HEADER "." PAYLOAD "." SIGNATURE "%3D", "%"},
    {HEADER "." PAYLOAD "." SIGNATURE "%3D=%3d", "%=%"},
    {HEADER "." PAYLOAD ".%41AECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "%"},
    {"%65yJhbGciOiJIUzI1NiJ9." PAYLOAD "." SIGNATURE, "%"},
    {HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAR%0D%0A%20EhMUFRYXGBkaGxwdHh8", "%"},
    {HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAR=\nEhMUFRYXGBkaGxwdHh8", "=F"},
    {HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAR\n> EhMUFRYXGBkaGxwdHh8", "F"},
    {HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAR\r\n>> > EhMUFRYXGBkaGxwdHh8", "F"},
    {HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAR\\\nEhMUFRYXGBkaGxwdHh8", "F"},
    {HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAR \\\r\n  EhMUFRYXGBkaGxwdHh8", "F"},
    {HEADER "." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAR\xe2\x80\x8b"
            "EhMUFRYXGBkaGxwdHh8",
     "I"},
    {HEADER "\xc2\xad." PAYLOAD ".AAECAwQFBgcICQoLDA0ODxAR\xe2\x81\xa0\xef\xbb\xbf"
            "EhMUFRYXGBkaGxwdHh8",
     "II"},
};

static char
letter_of(enum tscope_damage_kind kind)
{
    static const char letters[] = {
        [TSCOPE_DAMAGE_WHITESPACE] = 'W', [TSCOPE_DAMAGE_FOLDING] = 'F',  [TSCOPE_DAMAGE_PERCENT] = '%',
        [TSCOPE_DAMAGE_PADDING] = '=',    [TSCOPE_DAMAGE_ALPHABET] = 'A', [TSCOPE_DAMAGE_FOREIGN] = '?',
        [TSCOPE_DAMAGE_SPARE_BITS] = 'S', [TSCOPE_DAMAGE_LENGTH] = 'L',   [TSCOPE_DAMAGE_INVISIBLE] = 'I',
    };

    return letters[kind];
}

static void
ck_assert_kinds(const tscope_token *token, const char *kinds)
{
    char seen[TSCOPE_DAMAGE_MAX + 1] = "";

    for (uint32_t i = 0; i < token->damage_len; i++)
        seen[i] = letter_of(token->damage[i].kind);
    ck_assert_str_eq(seen, kinds);
    ck_assert_uint_eq(token->damage_total, strlen(kinds));
}

START_TEST(damage_is_read_through_and_listed)
{
    tscope_token *token = parse(damaged[_i].text);

    ck_assert_kinds(token, damaged[_i].kinds);
    ck_assert_span(token->text, damaged[_i].text);
    ck_assert_span(token->form, TOKEN);
    ck_assert_span(token->payload.decoded, "{\"iss\":\"joe\",\"exp\":1}");
    ck_assert_span(token->signatures->signature.form, SIGNATURE);
    tscope_token_free(token);
}
END_TEST

/* Where a byte of form stands is told by doing to the text what the reader does, one byte at a time. */
START_TEST(every_byte_of_form_is_led_back)
{
    tscope_token *token = parse(damaged[_i].text);
    const char *text = damaged[_i].text;
    size_t last_end = 0;

    for (size_t at = 0; at < token->form.len; at++) {
        size_t offset, len;

        tscope_token_place(token, tscope_span_of(token->form.data + at, 1), &offset, &len);
        for (size_t i = last_end; i < offset; i++) /* passed over */
            ck_assert_ptr_nonnull(strchr(" \t\r\n=%0123456789ABCDabcd>\\\xc2\xad\xe2\x80\x8b\x81\xa0\xef\xbb\xbf", text[i]));
        if (len == 1) {
            ck_assert_int_eq(text[offset], token->form.data[at]);
        } else {
            char hex[3] = {text[offset + len - 2], text[offset + len - 1], '\0'};

            ck_assert_int_eq(text[offset], '%');
            ck_assert_int_eq(strtol(hex, NULL, 16), token->form.data[at]);
        }
        last_end = offset + len;
    }
    tscope_token_free(token);
}
END_TEST

START_TEST(places_of_damage_are_exact)
{
    tscope_token *token = parse(HEADER "==.\r\n " PAYLOAD "%2E" SIGNATURE "=");
    const size_t header = strlen(HEADER), payload = strlen(PAYLOAD);
    const struct tscope_damage *damage = token->damage;

    ck_assert_kinds(token, "=F%=");
    ck_assert_uint_eq(damage[0].offset, header);
    ck_assert_uint_eq(damage[0].len, 2);
    ck_assert_uint_eq(damage[0].form_offset, header);
    ck_assert_uint_eq(damage[0].form_len, 0);
    ck_assert_uint_eq(damage[0].part, TSCOPE_PART_HEADER);
    ck_assert_uint_eq(damage[1].offset, header + 3);
    ck_assert_uint_eq(damage[1].len, 3);
    ck_assert_uint_eq(damage[1].part, TSCOPE_PART_PAYLOAD);
    ck_assert_uint_eq(damage[2].offset, header + 6 + payload);
    ck_assert_uint_eq(damage[2].len, 3);
    ck_assert_uint_eq(damage[2].form_offset, header + 1 + payload);
    ck_assert_uint_eq(damage[2].form_len, 1);
    ck_assert_uint_eq(damage[2].part, TSCOPE_PART_TOKEN);
    ck_assert_uint_eq(damage[3].part, TSCOPE_PART_SIGNATURE);
    /* as sent, a part is all that stands between the dots */
    ck_assert_uint_eq(token->signatures->protected_part.len, header + 2);
    ck_assert_uint_eq(token->payload.offset, header + 3);
    ck_assert_uint_eq(token->payload.len, payload + 3);
    ck_assert_uint_eq(token->signatures->signature.len, strlen(SIGNATURE) + 1);
    ck_assert(!token->payload.clean && !token->signatures->protected_part.clean);
    tscope_token_free(token);
}
END_TEST

/* Flaws of base64url stay in form. */
static const struct {
    const char *signature, *kinds;
    size_t offset, len;
} flawed[] = {
    {"AA+CAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "A", 2, 1},
    {"AA+/AwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "A", 2, 2},
    {"AA!CAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AA", "?", 2, 1},
    {"AAE\xc3\xa9"
     "AwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8A",
     "?", 3, 2},
    {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9", "S", 42, 1},
    {"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AA", "L", 44, 1},
    {"AAE%zzAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "?", 3, 1},
};

START_TEST(flaws_stay_in_form_and_are_listed)
{
    struct tscope_buffer text = {0};
    tscope_token *token;

    tscope_buffer_append_text(&text, HEADER "." PAYLOAD ".");
    tscope_buffer_append_text(&text, flawed[_i].signature);
    token = parse_buffer(&text);
    ck_assert_kinds(token, flawed[_i].kinds);
    ck_assert_span(token->signatures->signature.form, flawed[_i].signature);
    ck_assert(token->form.data == token->text.data && !token->signatures->signature.clean);
    ck_assert_uint_eq(token->damage[0].offset, strlen(HEADER "." PAYLOAD ".") + flawed[_i].offset);
    ck_assert_uint_eq(token->damage[0].len, flawed[_i].len);
    ck_assert_uint_eq(token->damage[0].form_offset, token->damage[0].offset);
    ck_assert_uint_eq(token->damage[0].part, TSCOPE_PART_SIGNATURE);
    tscope_token_free(token);
}
END_TEST

START_TEST(damage_of_all_kinds_is_sorted)
{
    tscope_token *token = parse(HEADER "!!.=" PAYLOAD " .A+AAE CAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");

    ck_assert_kinds(token, "?=WAWL=");
    ck_assert_uint_eq(token->damage[0].part, TSCOPE_PART_HEADER);
    tscope_token_free(token);
}
END_TEST

START_TEST(damage_over_the_limit_is_counted)
{
    for (uint32_t count = TSCOPE_DAMAGE_MAX - 1; count <= TSCOPE_DAMAGE_MAX + 1; count++) {
        for (int flaw = 0; flaw < 2; flaw++) {
            struct tscope_buffer text = {0};
            tscope_token *token;

            tscope_buffer_append_text(&text, HEADER "." PAYLOAD ".");
            for (uint32_t i = 0; i < count; i++)
                tscope_buffer_append_text(&text, flaw ? "A+AA" : "AAAA ");
            tscope_buffer_append_text(&text, "BBBB");
            token = parse_buffer(&text);
            ck_assert_uint_eq(token->damage_total, count);
            ck_assert_uint_eq(token->damage_len, count < TSCOPE_DAMAGE_MAX ? count : TSCOPE_DAMAGE_MAX);
            ck_assert_uint_eq(token->damage[0].offset, strlen(HEADER "." PAYLOAD ".") + (flaw ? 1 : 4));
            tscope_token_free(token);
        }
    }
}
END_TEST

START_TEST(first_damage_is_kept_whatever_is_found_first)
{
    struct tscope_buffer text = {0};
    tscope_token *token;

    /* white space is found before any flaw, and stands behind those of the header */
    tscope_buffer_append_text(&text, "eyJhbGciOiJIUzI1NiJ9!+." PAYLOAD ".");
    for (uint32_t i = 0; i < TSCOPE_DAMAGE_MAX; i++)
        tscope_buffer_append_text(&text, "AAAA BBBB=");
    token = parse_buffer(&text);
    ck_assert_uint_eq(token->damage_len, TSCOPE_DAMAGE_MAX);
    ck_assert_uint_eq(token->damage_total, 2 * TSCOPE_DAMAGE_MAX + 3);
    ck_assert_int_eq(token->damage[0].kind, TSCOPE_DAMAGE_FOREIGN);
    ck_assert_int_eq(token->damage[1].kind, TSCOPE_DAMAGE_ALPHABET);
    tscope_token_free(token);
}
END_TEST

START_TEST(damage_between_disclosures_is_theirs)
{
    tscope_token *token = parse(TOKEN "~WyJhIl0=~\nWyJiIl0%7E");

    ck_assert_kinds(token, "=F%");
    ck_assert_uint_eq(token->disclosures_len, 2);
    ck_assert_span(token->disclosures[1].decoded, "[\"b\"]");
    ck_assert_uint_eq(token->damage[0].part, TSCOPE_PART_DISCLOSURE);
    ck_assert_uint_eq(token->damage[1].part, TSCOPE_PART_DISCLOSURE);
    ck_assert_uint_eq(token->damage[2].part, TSCOPE_PART_TOKEN);
    tscope_token_free(token);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("damage");
    TCase *tests = tcase_create("damage");

    tcase_add_loop_test(tests, damage_is_read_through_and_listed, 0, (int)TSCOPE_COUNT(damaged));
    tcase_add_loop_test(tests, every_byte_of_form_is_led_back, 0, (int)TSCOPE_COUNT(damaged));
    tcase_add_test(tests, places_of_damage_are_exact);
    tcase_add_loop_test(tests, flaws_stay_in_form_and_are_listed, 0, (int)TSCOPE_COUNT(flawed));
    tcase_add_test(tests, damage_of_all_kinds_is_sorted);
    tcase_add_test(tests, damage_over_the_limit_is_counted);
    tcase_add_test(tests, first_damage_is_kept_whatever_is_found_first);
    tcase_add_test(tests, damage_between_disclosures_is_theirs);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
