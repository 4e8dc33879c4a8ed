/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/tokenscope.h>

#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/base64url.h"

/* How tokens are written; %d is a number of the token. What nobody can verify is signed by nobody. */
#define HEADER "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"k\"}"
#define HEADER_TURNED "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k\"}"
#define HEADER_SPACED "{\"typ\": \"JWT\",\"alg\": \"RS256\",\"kid\": \"k\"}"
#define HEADER_UNSIGNED "{\"typ\":\"JWT\",\"alg\":\"none\",\"kid\":\"k\"}"
#define FOUR "{\"iss\":\"h\",\"aud\":\"a\",\"sub\":\"%d\",\"exp\":4000000000}"
#define FOUR_TURNED "{\"iss\":\"h\",\"aud\":\"a\",\"exp\":4000000000,\"sub\":\"%d\"}"
#define FOUR_AND_MORE "{\"iss\":\"h\",\"aud\":\"a\",\"name\":\"n\",\"sub\":\"%d\",\"exp\":4000000000,\"groups\":[]}"
#define FOUR_SPACED "{\"iss\":\"h\", \"aud\":\"a\", \"sub\":\"%d\", \"exp\":4000000000}"
#define FOUR_SPACED_ONCE "{\"iss\":\"h\",\"aud\":\"a\", \"sub\":\"%d\",\"exp\":4000000000}"
#define FOUR_INDENTED "{\n  \"iss\": \"h\",\n  \"aud\": \"a\",\n  \"sub\": \"%d\",\n  \"exp\": 4000000000\n}"
#define FOUR_OF_ANOTHER "{\"iss\":\"i\",\"aud\":\"a\",\"exp\":4000000000,\"sub\":\"%d\"}"
#define FOUR_ACCESS "{\"iss\":\"h\",\"aud\":\"a\",\"exp\":4000000000,\"sub\":\"%d\",\"scope\":\"n\"}"
#define THREE "{\"iss\":\"h\",\"aud\":\"a\",\"sub\":\"%d\"}"
#define THREE_TURNED "{\"iss\":\"h\",\"sub\":\"%d\",\"aud\":\"a\",\"exp\":4000000000}"
#define TWICE "{\"iss\":\"h\",\"aud\":\"a\",\"exp\":4000000000,\"sub\":\"%d\",\"sub\":\"%d\"}"

/* HS256 under SECRET, with "sub" in front of the times. */
#define SECRET "{\"kty\":\"oct\",\"kid\":\"h\",\"k\":\"0V_kSeNzcHFKpVRbOf5insApQcvZI8PJ7Jhu5R2pVH4\"}"
#define VERIFIED                                                                                           \
    "eyJhbGciOiJIUzI1NiIsImtpZCI6ImgifQ.eyJpc3MiOiJoIiwiYXVkIjoiYSIsInN1YiI6InMiLCJpYXQiOjE3MDAwMDAwMDAsI" \
    "mV4cCI6NDAwMDAwMDAwMH0.UtNdPGCHQ_sjsfvwblrQUTJmQ-Qg_QNbqRDh5KpJiaU"

#define TOKENS_MAX 512

static tscope_keyring *keyring;
static tscope_profile *profile;
static tscope_inspector *inspector;
static char *tokens[TOKENS_MAX];
static size_t tokens_len;

static void
open_inspector(const char *key)
{
    ck_assert_int_eq(tscope_keyring_new(&keyring, NULL), TSCOPE_OK);
    if (key)
        ck_assert_int_eq(tscope_keyring_add(keyring, (const uint8_t *)key, strlen(key), "key", NULL, NULL, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_freeze(keyring, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_profile_new(NULL, &profile, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspector_new(keyring, profile, NULL, NULL, &inspector, NULL), TSCOPE_OK);
    tokens_len = 0;
}

static void
close_inspector(void)
{
    while (tokens_len > 0)
        tscope_free(tokens[--tokens_len]);
    tscope_inspector_free(inspector);
    tscope_profile_free(profile);
    tscope_keyring_free(keyring);
}

static void
append_part(struct tscope_buffer *token, const char *format, int number)
{
    struct tscope_buffer text = {0};
    const char *mark;

    for (; (mark = strstr(format, "%d")); format = mark + 2) {
        tscope_buffer_append(&text, format, (size_t)(mark - format));
        tscope_buffer_append_integer(&text, number);
    }
    tscope_buffer_append_text(&text, format);
    tscope_base64url_encode(token, text.data, text.len);
    tscope_buffer_append_byte(token, '.');
    tscope_buffer_clear(&text);
}

static void
write_token(const char *header, const char *payload, int number)
{
    struct tscope_buffer token = {0};
    uint8_t signature[256];

    for (size_t i = 0; i < sizeof(signature); i++)
        signature[i] = (uint8_t)(7 * i + (unsigned)number + 1);
    append_part(&token, header, number);
    append_part(&token, payload, number);
    if (!strstr(header, "none"))
        tscope_base64url_encode(&token, signature, sizeof(signature));
    ck_assert_uint_lt(tokens_len, TOKENS_MAX);
    tokens[tokens_len++] = tscope_buffer_steal(&token, NULL);
}

static void
write_tokens(const char *header, const char *payload, size_t count)
{
    for (size_t i = 0; i < count; i++)
        write_token(header, payload, (int)(100 + tokens_len));
}

static tscope_report *
inspect(const char *token, uint64_t offset)
{
    const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = TSCOPE_TIME_UNKNOWN};
    tscope_report *report = NULL;

    ck_assert_int_eq(tscope_inspector_set_source(inspector, "a", offset, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspect(inspector, (const uint8_t *)token, strlen(token), &moment, &report, NULL), TSCOPE_OK);
    return report;
}

/* Those in the list, each at a place of its own. */
static tscope_corpus *
corpus_of_tokens(void)
{
    tscope_corpus *corpus = NULL;

    ck_assert_int_eq(tscope_corpus_new(0, &corpus, NULL), TSCOPE_OK);
    for (size_t i = 0; i < tokens_len; i++) {
        tscope_report *report = inspect(tokens[i], 1000 * i);

        ck_assert_int_eq(tscope_corpus_add(corpus, report, i + 1, NULL), TSCOPE_OK);
        tscope_report_free(report);
    }
    ck_assert_int_eq(tscope_corpus_finish(corpus, NULL), TSCOPE_OK);
    return corpus;
}

static size_t
count_odd(void)
{
    tscope_corpus *corpus = corpus_of_tokens();
    struct tscope_corpus_view finding;
    size_t count = tscope_corpus_findings(corpus);

    for (size_t i = 0; i < count; i++) {
        ck_assert(tscope_corpus_finding(corpus, i, &finding));
        ck_assert_str_eq(finding.id, "COR-SHAPE");
        ck_assert_int_eq(finding.severity, TSCOPE_SEVERITY_LOW);
        ck_assert_int_eq(finding.proves, TSCOPE_PROVES_ANOMALY);
    }
    tscope_corpus_free(corpus);
    return count;
}

struct way {
    size_t tokens;
    const char *header, *payload;
};

static const struct {
    struct way others, odd;
    size_t findings;
} cases[] = {
    /* five others, of four members */
    {{4, HEADER, FOUR}, {1, HEADER, FOUR_TURNED}, 0},
    {{5, HEADER, FOUR}, {1, HEADER, FOUR_TURNED}, 1},
    {{6, HEADER, FOUR}, {1, HEADER, FOUR_TURNED}, 1},
    /* ten of three */
    {{9, HEADER, FOUR}, {1, HEADER_TURNED, FOUR}, 0},
    {{10, HEADER, FOUR}, {1, HEADER_TURNED, FOUR}, 1},
    {{11, HEADER, FOUR}, {1, HEADER_TURNED, FOUR}, 1},
    {{9, HEADER, THREE}, {1, HEADER, THREE_TURNED}, 0},
    {{10, HEADER, THREE}, {1, HEADER, THREE_TURNED}, 1},
    /* white space */
    {{4, HEADER, FOUR}, {1, HEADER, FOUR_SPACED}, 0},
    {{5, HEADER, FOUR}, {1, HEADER, FOUR_SPACED}, 1},
    {{6, HEADER, FOUR}, {1, HEADER, FOUR_SPACED}, 1},
    {{5, HEADER, FOUR}, {1, HEADER, FOUR_SPACED_ONCE}, 1},
    {{5, HEADER, FOUR}, {1, HEADER, FOUR_INDENTED}, 1},
    {{5, HEADER, FOUR_INDENTED}, {1, HEADER, FOUR}, 1},
    {{5, HEADER_SPACED, FOUR}, {1, HEADER, FOUR}, 1},
    {{5, HEADER_SPACED, FOUR}, {1, HEADER_TURNED, FOUR}, 1}, /* order too, of too few members */
    {{10, HEADER_SPACED, FOUR}, {1, HEADER_TURNED, FOUR_TURNED}, 2},
    /* one of six at most */
    {{9, HEADER, FOUR}, {2, HEADER, FOUR_TURNED}, 0},
    {{10, HEADER, FOUR}, {2, HEADER, FOUR_TURNED}, 1},
    {{11, HEADER, FOUR}, {2, HEADER, FOUR_TURNED}, 1},
    {{20, HEADER, FOUR}, {20, HEADER, FOUR_TURNED}, 0},
    {{20, HEADER, FOUR}, {20, HEADER, FOUR_SPACED}, 0},
    /* members that come and go, another issuer, another kind, and what tells nothing */
    {{20, HEADER, FOUR}, {1, HEADER, FOUR_AND_MORE}, 0},
    {{20, HEADER, FOUR_AND_MORE}, {1, HEADER, FOUR}, 0},
    {{20, HEADER, FOUR_AND_MORE}, {1, HEADER, FOUR_TURNED}, 1},
    {{20, HEADER, FOUR}, {1, HEADER, FOUR_OF_ANOTHER}, 0},
    {{20, HEADER, FOUR}, {1, HEADER, FOUR_ACCESS}, 0},
    {{20, HEADER, FOUR}, {1, HEADER, TWICE}, 0},
    {{20, HEADER, FOUR}, {1, HEADER, "{}"}, 0},
    {{20, HEADER, FOUR}, {1, HEADER, "{\"iss\":\"h\""}, 0},
    /* a bad token may be odd, but says nothing of how its issuer writes */
    {{20, HEADER, FOUR}, {1, HEADER_UNSIGNED, FOUR_TURNED}, 1},
    {{20, HEADER_UNSIGNED, FOUR}, {1, HEADER, FOUR_TURNED}, 0},
};

START_TEST(odd_one_is_found_among_enough_others)
{
    open_inspector(NULL);
    write_tokens(cases[_i].others.header, cases[_i].others.payload, cases[_i].others.tokens);
    write_tokens(cases[_i].odd.header, cases[_i].odd.payload, cases[_i].odd.tokens);
    ck_assert_uint_eq(count_odd(), cases[_i].findings);
    close_inspector();
}
END_TEST

/* One token found many times is one. */
START_TEST(token_counts_once)
{
    open_inspector(NULL);
    write_tokens(HEADER, FOUR, (size_t)_i);
    for (int i = 0; i < 10; i++)
        write_token(HEADER, FOUR, 1);
    for (int i = 0; i < 3; i++)
        write_token(HEADER, FOUR_TURNED, 2);
    ck_assert_uint_eq(count_odd(), _i + 1 >= 5);
    close_inspector();
}
END_TEST

/* A token that a key verifies is not odd for want of a key for the others. */
START_TEST(verified_token_is_compared_with_verified_ones)
{
    struct tscope_buffer copy = {0};

    open_inspector(_i ? SECRET : NULL);
    write_tokens("{\"alg\":\"RS256\",\"kid\":\"k\"}", "{\"iss\":\"h\",\"aud\":\"a\",\"exp\":4000000000,\"iat\":1700000000,\"sub\":\"%d\"}",
                 12);
    tscope_buffer_append_text(&copy, VERIFIED);
    tokens[tokens_len++] = tscope_buffer_steal(&copy, NULL);
    ck_assert_uint_eq(count_odd(), _i ? 0 : 1);
    close_inspector();
}
END_TEST

/* The n-th order of six members, with the issuer in front. */
static const char *
order_of_members(unsigned n, char *out)
{
    static const char *const members[] = {"\"aud\":\"a\"", "\"sub\":\"%d\"", "\"exp\":4000000000", "\"x\":1", "\"y\":2"};
    bool used[5] = {false};
    unsigned weights[] = {24, 6, 2, 1, 1};

    strcpy(out, "{\"iss\":\"h\"");
    for (unsigned i = 0; i < 5; i++) {
        unsigned skip = n / weights[i], at = 0;

        n %= weights[i];
        for (;; at++) {
            if (!used[at] && skip-- == 0)
                break;
        }
        used[at] = true;
        strcat(strcat(out, ","), members[at]);
    }
    return strcat(out, "}");
}

/* 32 ways are an issuer with odd tokens, 33 one that keeps no order. */
START_TEST(issuer_with_many_ways_has_none)
{
    char payload[256];

    open_inspector(NULL);
    write_tokens(HEADER, order_of_members(0, payload), 200);
    for (unsigned way = 1; way < (unsigned)_i; way++)
        write_tokens(HEADER, order_of_members(way, payload), 1);
    ck_assert_uint_eq(count_odd(), _i <= 32 ? (size_t)_i - 1 : 0);
    close_inspector();
}
END_TEST

/* Members that come and go, in 127 combinations and more, and an odd one. */
START_TEST(issuer_with_many_sets_of_members_is_compared)
{
    char payload[256];

    open_inspector(NULL);
    for (int set = 0; set < _i - 1; set++) {
        strcpy(payload, "{\"iss\":\"h\",\"aud\":\"a\"");
        for (int bit = 0; bit < 8; bit++) {
            if (set & (1 << bit))
                strcat(strcat(payload, (const char *[]){",\"a", ",\"b", ",\"c", ",\"d", ",\"e", ",\"f", ",\"g", ",\"h"}[bit]), "\":1");
        }
        write_tokens(HEADER, strcat(payload, ",\"sub\":\"%d\",\"exp\":4000000000}"), 1);
    }
    write_tokens(HEADER, FOUR_TURNED, 1);
    ck_assert_uint_eq(count_odd(), _i <= 128);
    close_inspector();
}
END_TEST

/* Order that differs each time, as of hash tables with a seed: fewer than 32 ways, and none of them is the issuer's. */
START_TEST(issuer_without_order_is_left_aside)
{
    char payload[256];

    open_inspector(NULL);
    for (unsigned i = 0; i < (unsigned)_i; i++)
        write_tokens(HEADER, order_of_members(i * 37 % 120, payload), 1);
    ck_assert_uint_eq(count_odd(), 0);
    close_inspector();
}
END_TEST

static const struct {
    const char *header, *payload, *part, *pointer, *bytes, *detail;
} proofs[] = {
    {HEADER_TURNED, FOUR, "header", "/alg", "\"alg\":\"RS256\"",
     "in the header 'alg' stands before 'typ', and behind it in 12 others of this issuer and kind, as if another program had written it"},
    {HEADER, FOUR_TURNED, "payload", "/exp", "\"exp\":4000000000",
     "in the payload 'exp' stands before 'sub', and behind it in 12 others of this issuer and kind, as if another program had written it"},
    {HEADER, FOUR_SPACED, "payload", NULL, ", \"",
     "in the payload the white space behind commas is not what it is in 12 others of this issuer and kind, as if another program had "
     "written it"},
    {HEADER, FOUR_SPACED_ONCE, "payload", NULL, ", \"",
     "in the payload the white space behind commas is not what it is in 12 others of this issuer and kind, as if another program had "
     "written it"},
    {HEADER, FOUR_INDENTED, "payload", NULL, "{\n  \"",
     "in the payload the white space behind the opening brace is not what it is in 12 others of this issuer and kind, as if another "
     "program "
     "had written it"},
    {HEADER, "{\"iss\":\"h\",\"sub\":\"%d\",\"a\\u0075d\":\"a\",\"exp\":4000000000}", NULL, NULL, NULL, NULL},
    {HEADER, "{\"iss\":\"h\",\"exp\":4000000000,\"aud\":\"a\",\"sub\":\"%d\"}", "payload", "/exp", "\"exp\":4000000000",
     "in the payload 'exp' stands before 'aud', and behind it in 12 others of this issuer and kind, as if another program had written it"},
};

/* What the characters from here on say, from the group of four in which they begin on. */
static void
check_bytes(const char *token, const struct tscope_corpus_token_view *view, const char *bytes)
{
    const char *part = strcmp(view->part, "header") == 0 ? token : strchr(token, '.') + 1;
    size_t begin = (size_t)(part - token), from = begin + (view->raw_offset - begin) / 4 * 4, len = view->raw_offset + view->raw_len - from;
    uint8_t decoded[1024];
    size_t decoded_len;

    len = (len + 3) / 4 * 4;
    if (len > strcspn(token + from, "."))
        len = strcspn(token + from, ".");
    ck_assert(tscope_base64url_decode((const uint8_t *)token + from, len, decoded, &decoded_len));
    decoded[decoded_len] = 0;
    ck_assert_msg(strstr((const char *)decoded, bytes), "%s in %s", bytes, (const char *)decoded);
    ck_assert_uint_le(decoded_len, strlen(bytes) + 4);
}

START_TEST(finding_leads_to_the_bytes)
{
    struct tscope_corpus_view finding;
    struct tscope_corpus_token_view view;
    tscope_corpus *corpus;

    open_inspector(NULL);
    write_tokens(HEADER, FOUR, 12);
    write_tokens(proofs[_i].header, proofs[_i].payload, 1);
    corpus = corpus_of_tokens();
    ck_assert_uint_eq(tscope_corpus_findings(corpus), proofs[_i].part ? 1 : 0);
    if (proofs[_i].part) {
        ck_assert(tscope_corpus_finding(corpus, 0, &finding));
        ck_assert_str_eq(finding.detail, proofs[_i].detail);
        ck_assert_uint_eq(finding.tokens, 1);
        ck_assert_uint_eq(finding.left_out, 0);
        ck_assert(tscope_corpus_token(corpus, 0, 0, &view) && !tscope_corpus_token(corpus, 0, 1, &view));
        ck_assert(tscope_corpus_token(corpus, 0, 0, &view));
        ck_assert_str_eq(view.part, proofs[_i].part);
        ck_assert(!view.pointer == !proofs[_i].pointer && (!view.pointer || strcmp(view.pointer, proofs[_i].pointer) == 0));
        check_bytes(tokens[12], &view, proofs[_i].bytes);
        ck_assert_uint_eq(view.offset, 12000);
        ck_assert_uint_eq(view.byte_offset, 12000 + view.raw_offset);
        ck_assert_uint_eq(view.byte_len, view.raw_len);
        ck_assert_uint_eq(view.line, 13);
        ck_assert_uint_eq(view.column, 1 + view.raw_offset);
        ck_assert_uint_eq(view.end_line, 13);
        ck_assert_uint_eq(view.end_column, 1 + view.raw_offset + view.raw_len);
    }
    tscope_corpus_free(corpus);
    close_inspector();
}
END_TEST

/* Of a finding eight tokens are kept, the same ones whatever the order. */
START_TEST(tokens_of_a_finding_are_bounded)
{
    struct tscope_corpus_view finding;
    tscope_corpus *corpus;
    char *one = NULL, *other = NULL;

    open_inspector(NULL);
    write_tokens(HEADER, FOUR_TURNED, (size_t)_i);
    write_tokens(HEADER, FOUR, 60);
    corpus = corpus_of_tokens();
    ck_assert(tscope_corpus_finding(corpus, 0, &finding));
    ck_assert_uint_eq(finding.tokens, _i < 8 ? (size_t)_i : 8);
    ck_assert_uint_eq(finding.tokens + finding.left_out, (size_t)_i);
    ck_assert_int_eq(tscope_corpus_json(corpus, false, &one, NULL, NULL), TSCOPE_OK);
    tscope_corpus_free(corpus);
    ck_assert_int_eq(tscope_corpus_new(0, &corpus, NULL), TSCOPE_OK);
    for (size_t i = tokens_len; i-- > 0;) {
        tscope_report *report = inspect(tokens[i], 1000 * i);

        ck_assert_int_eq(tscope_corpus_add(corpus, report, i + 1, NULL), TSCOPE_OK);
        tscope_report_free(report);
    }
    ck_assert_int_eq(tscope_corpus_finish(corpus, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_corpus_json(corpus, false, &other, NULL, NULL), TSCOPE_OK);
    ck_assert_str_eq(one, other);
    tscope_string_free(one);
    tscope_string_free(other);
    tscope_corpus_free(corpus);
    close_inspector();
}
END_TEST

/* Each allocation fails once: nothing of what failed is kept, and the second try gives what no failure would have. */
START_TEST(failed_allocation_can_be_repeated)
{
    tscope_corpus *corpus;
    char *whole = NULL, *json = NULL;
    bool failed = true;

    open_inspector(NULL);
    write_tokens(HEADER, FOUR_TURNED, 2);
    write_tokens(HEADER, FOUR_AND_MORE, 12);
    write_token(HEADER, FOUR_TURNED, 100);
    corpus = corpus_of_tokens();
    ck_assert_uint_eq(tscope_corpus_findings(corpus), 1);
    ck_assert_int_eq(tscope_corpus_json(corpus, false, &whole, NULL, NULL), TSCOPE_OK);
    tscope_corpus_free(corpus);
    for (unsigned long n = 1; failed; n++) {
        failed = false;
        ck_assert_int_eq(tscope_corpus_new(0, &corpus, NULL), TSCOPE_OK);
        for (size_t i = 0; i <= tokens_len; i++) {
            tscope_report *report = i < tokens_len ? inspect(tokens[i], 1000 * i) : NULL;
            enum tscope_status status;

            tscope_alloc_fail_from(n);
            status = report ? tscope_corpus_add(corpus, report, i + 1, NULL) : tscope_corpus_finish(corpus, NULL);
            tscope_alloc_fail_from(0);
            ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
            failed |= status != TSCOPE_OK;
            if (status != TSCOPE_OK)
                status = report ? tscope_corpus_add(corpus, report, i + 1, NULL) : tscope_corpus_finish(corpus, NULL);
            ck_assert_int_eq(status, TSCOPE_OK);
            tscope_report_free(report);
        }
        ck_assert(n > 1 || failed);
        ck_assert_int_eq(tscope_corpus_json(corpus, false, &json, NULL, NULL), TSCOPE_OK);
        ck_assert_str_eq(json, whole);
        tscope_string_free(json);
        tscope_corpus_free(corpus);
    }
    tscope_string_free(whole);
    close_inspector();
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("corpus_shape");
    TCase *tcase = tcase_create("corpus_shape");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, odd_one_is_found_among_enough_others, 0, (int)TSCOPE_COUNT(cases));
    tcase_add_loop_test(tcase, token_counts_once, 3, 6);
    tcase_add_loop_test(tcase, verified_token_is_compared_with_verified_ones, 0, 2);
    tcase_add_loop_test(tcase, issuer_with_many_ways_has_none, 31, 34);
    tcase_add_loop_test(tcase, issuer_with_many_sets_of_members_is_compared, 127, 130);
    tcase_add_loop_test(tcase, issuer_without_order_is_left_aside, 6, 32);
    tcase_add_loop_test(tcase, finding_leads_to_the_bytes, 0, (int)TSCOPE_COUNT(proofs));
    tcase_add_loop_test(tcase, tokens_of_a_finding_are_bounded, 7, 10);
    tcase_add_test(tcase, failed_allocation_can_be_repeated);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
