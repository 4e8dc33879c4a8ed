/* SPDX-License-Identifier: Apache-2.0 */
#include "checks_testing.h"

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

int
main(void)
{
    Suite *suite = suite_create("checks_hdr_kid");
    TCase *kid = tcase_create("kid");

    tcase_add_loop_test(kid, shape_is_found, 0, TSCOPE_COUNT(shapes));
    tcase_add_loop_test(kid, fragment_is_clear, 0, TSCOPE_COUNT(fragments));
    tcase_add_loop_test(kid, long_kid_is_judged_in_time, 0, TSCOPE_COUNT(repeated));
    tcase_add_test(kid, cut_kid_has_no_type);
    suite_add_tcase(suite, kid);
    return run_suite(suite);
}
