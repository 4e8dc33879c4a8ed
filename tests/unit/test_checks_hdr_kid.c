/* SPDX-License-Identifier: Apache-2.0 */
#include "checks/kid_text.h"
#include "checks_testing.h"
#include "core/text.h"

/* What a kid would do to a look-up: every shape cut short in turn, long ones in time, edges of what is looked at. */

#define CLAIMS "{\"iss\":\"https://idp.example\",\"exp\":2000000000}"
#define SIGNATURE ".MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNA"

static void
judge_kid(struct judge *judge, const char *kid)
{
    char header[1024];

    snprintf(header, sizeof(header), "{\"alg\":\"ES256\",\"kid\":\"%s\"}", kid);
    judge_init(judge, NULL);
    judge_texts(judge, header, CLAIMS, SIGNATURE);
}

static const struct {
    const char *id, *kid;
} shapes[] = {
    {"HDR-KID-TRAV", "../key"},     {"HDR-KID-TRAV", "%2E%2e/key"},  {"HDR-KID-TRAV", "\\u002e\\u002e\\u002fkey"},
    {"HDR-KID-TRAV", "key\\u0000"}, {"HDR-KID-TRAV", "/DEV/null"},   {"HDR-KID-SQL", "' or 1=1"},
    {"HDR-KID-SQL", "x';"},         {"HDR-KID-SQL", "x' || '1'='1"}, {"HDR-KID-SQL", "1 UNION\\tALL\\nSELECT"},
    {"HDR-KID-SQL", "or 12=12"},    {"HDR-KID-CMD", "a;id"},         {"HDR-KID-CMD", "``"},
    {"HDR-KID-CMD", "$()"},         {"HDR-KID-CMD", "x)(a=1"},       {"HDR-KID-CMD", "LDAP://203.0.113.7/"},
};

START_TEST(shape_is_found)
{
    struct judge judge;

    judge_kid(&judge, shapes[_i].kid);
    check_found(&judge, shapes[_i].id, TSCOPE_SEVERITY_HIGH, TSCOPE_PROVES_ANOMALY);
    judge_clear(&judge);
}
END_TEST

static const char *const fragments[] = {
    "..",      "%2e%2e", "a..", "/..a",  ".../x", "%",  "%2",  "%zz", "'",   "x' o", "' or 1",        "or 1=2",     "or 12=1", "union",
    "for 1=1", "`",      "$(",  "a;ids", ";id=1", ")(", ")(a", "${",  "{{a", "<%",   "uni on select", "/devices/1", "ldapx"};

START_TEST(fragment_is_clear)
{
    struct judge judge;

    judge_kid(&judge, fragments[_i]);
    check_absent(&judge, "HDR-KID-TRAV");
    check_absent(&judge, "HDR-KID-SQL");
    check_absent(&judge, "HDR-KID-CMD");
    judge_clear(&judge);
}
END_TEST

/* Each repeats what begins a shape, so that a look-ahead without bound would cost the square of the length. */
static const char *const repeated[] = {"'", "' or ", "$", "${", "(", ")(", "`", "%25", ";|&", "union ", "or 1"};

START_TEST(long_kid_is_judged_in_time)
{
    struct tscope_buffer header = {0};
    struct judge judge;

    tscope_buffer_append(&header, "{\"alg\":\"ES256\",\"kid\":\"", 22);
    while (header.len < 200000)
        tscope_buffer_append(&header, repeated[_i], strlen(repeated[_i]));
    tscope_buffer_append(&header, "\"}", 2);
    judge_init(&judge, NULL);
    judge_parts(&judge, tscope_span_of(header.data, header.len), tscope_span_text(CLAIMS), SIGNATURE, NULL);
    check_found(&judge, "HDR-SIZE", TSCOPE_SEVERITY_MEDIUM, TSCOPE_PROVES_ANOMALY);
    judge_clear(&judge);
    tscope_buffer_clear(&header);
}
END_TEST

/* The text ends inside the kid: nothing can be said of its type. */
START_TEST(cut_kid_has_no_type)
{
    struct judge judge;

    judge_init(&judge, NULL);
    judge_texts(&judge, "{\"alg\":\"ES256\",\"kid\":12", CLAIMS, SIGNATURE);
    check_absent(&judge, "HDR-KID-TYPE");
    judge_clear(&judge);
}
END_TEST

/* What the two say, letter by letter. */
static bool
is_plain_by_letter(struct tscope_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!(tscope_kid_letters[text.data[i]] & TSCOPE_LETTER_PLAIN))
            return false;
    }
    return true;
}

static bool
is_harmless_by_letter(struct tscope_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        struct tscope_span rest = tscope_span_of(text.data + i, text.len - i);

        if (tscope_text_starts_with(rest, TSCOPE_SPAN("--")) || tscope_text_starts_with(rest, TSCOPE_SPAN("../")))
            return false;
        if (rest.data[0] != '-' && rest.data[0] != '.' && !(tscope_kid_letters[rest.data[0]] & (TSCOPE_LETTER_WORD | TSCOPE_LETTER_QUIET)))
            return false;
    }
    return true;
}

/* Of exact size, so that a sanitizer sees the first byte too far. */
static void
check_letters(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = exact_copy(bytes, len);
    struct tscope_span text = tscope_span_of(copy, len);

    ck_assert(tscope_kid_is_plain_name(text) == is_plain_by_letter(text));
    ck_assert(tscope_kid_is_harmless(text) == is_harmless_by_letter(text));
    free(copy);
}

START_TEST(blocks_of_letters_agree_with_letters)
{
    uint8_t text[100];

    for (size_t len = 0; len <= sizeof(text); len++) {
        for (size_t at = 0; at < len; at++) {
            memset(text, 'm', sizeof(text));
            check_letters(text, len);
            for (size_t i = 0; i < 6; i++) {
                memset(text, "mM7:\x80_"[i], sizeof(text));
                text[at] = (uint8_t) "-./' \xff"[(at + i) % 6];
                check_letters(text, len);
                if (at + 1 < len) {
                    text[at + 1] = text[at];
                    check_letters(text, len);
                }
                if (at + 2 < len) {
                    text[at + 2] = '/';
                    check_letters(text, len);
                }
            }
        }
    }
}
END_TEST

START_TEST(every_letter_is_told_at_every_place)
{
    for (int letter = 0; letter < 256; letter++) {
        for (size_t at = 0; at < 40; at++) {
            uint8_t text[40];

            memset(text, 'z', sizeof(text));
            text[at] = (uint8_t)letter;
            check_letters(text, sizeof(text));
            check_letters(text, at + 1);
        }
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("checks_hdr_kid");
    TCase *kid = tcase_create("kid");

    tcase_add_loop_test(kid, shape_is_found, 0, TSCOPE_COUNT(shapes));
    tcase_add_loop_test(kid, fragment_is_clear, 0, TSCOPE_COUNT(fragments));
    tcase_add_loop_test(kid, long_kid_is_judged_in_time, 0, TSCOPE_COUNT(repeated));
    tcase_add_test(kid, cut_kid_has_no_type);
    tcase_add_test(kid, blocks_of_letters_agree_with_letters);
    tcase_add_test(kid, every_letter_is_told_at_every_place);
    suite_add_tcase(suite, kid);
    return run_suite(suite);
}
