/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/history.h>

#include "core/time.h"
#include "keys_samples.h"
#include "keys_testing.h"

#define HEAD "{\"format\":\"tokenscope-key-history/1\","
#define KEY_A "{\"id\":\"a\",\"jwk\":" SAMPLE_ED25519_JWK "}"
#define KEY_B "{\"id\":\"b\",\"jwk\":" SAMPLE_EC_JWK "}"
#define ENDPOINTS "\"endpoints\":[{\"id\":\"E\",\"url\":\"https://e.example/keys\",\"issuer\":null,\"families\":[]},{\"id\":\"F\"}]"
#define BASE HEAD "\"keys\":[" KEY_A "," KEY_B "]," ENDPOINTS
#define COVERAGE(from, to, step) "{\"endpoint\":\"E\",\"from\":" from ",\"to\":" to ",\"largest_step\":" step "}"
#define SET(at, keys) "{\"endpoint\":\"E\",\"observed_at\":" at ",\"source\":\"s\",\"keys\":[" keys "]}"
#define SIGHTING(key, at) "{\"key\":\"" key "\",\"endpoint\":\"E\",\"at\":" at ",\"source\":\"s\",\"kind\":\"archive\"}"
#define ABSENCE(key, at) "{\"key\":\"" key "\",\"endpoint\":\"E\",\"at\":" at ",\"source\":\"s\"}"
#define NOTICE(times) "{\"key\":\"a\",\"status\":\"compromised\"," times "\"reference\":\"r\"}"
#define SETS(rows) BASE ",\"snapshots\":[" rows "]}"
#define KID(kid, x) "{\"id\":\"" kid x "\",\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" kid "\",\"x\":\"" x "\"}}"
#define X1 "Ij_BjbIOQNc_mMkdo4lZK9xzicAvZyJF3panEaXU79I"
#define X2 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

static const struct {
    const char *text, *faults; /* "id pointer;" in order of their places */
} rows[] = {
    {HEAD "\"keys\":[]}", ""},
    {BASE "}", ""},
    {SETS(SET("1000", "\"a\",\"b\"") "," SET("2000", "\"a\"")), ""},
    {"{}", "shape ;"},
    {"[]", "shape ;"},
    {HEAD "\"keys\":{}}", "shape /keys;"},
    {HEAD "\"keys\":[1]}", "shape /keys/0;"},
    {HEAD "\"keys\":[{\"id\":1,\"jwk\":{}}]}", "shape /keys/0/id;"},
    {HEAD "\"keys\":[{\"id\":\"a\"}]}", "shape /keys/0;"},
    {HEAD "\"keys\":[{\"id\":\"a\",\"jwk\":\"k\",\"certificate\":7}]}", "shape /keys/0/jwk;shape /keys/0/certificate;"},
    /* whatever this lint does not know itself */
    {HEAD "\"keys\":[{\"id\":\"a\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AA\"}}]}", "refused ;"},
    {HEAD "\"keys\":[{\"id\":\"a\",\"jwk\":{}}]}", "refused ;"},
    {HEAD "\"keys\":[" KEY_A "," KEY_A "]}", "duplicate-id /keys/1/id;"},
    {HEAD "\"keys\":[],\"keys\":[]}", "json /keys;"},
    {HEAD "\"keys\":[],}", "json ;"},
    {HEAD "\"endpoints\":[{\"id\":\"E\"},{\"id\":\"E\"}]}", "duplicate-id /endpoints/1/id;"},
    {HEAD "\"endpoints\":[{\"id\":\"E\",\"families\":\"f\"}]}", "shape /endpoints/0/families;"},
    {SETS(SET("1000", "\"a\",\"c\"")), "unknown-key /snapshots/0/keys/1;"},
    {SETS(SET("1000", "\"a\",null")), "unknown-key /snapshots/0/keys/1;"},
    {SETS(SET("1000", "\"a\",\"a\"")), "set-twice /snapshots/0/keys;"},
    {SETS(SET("1000", "")), "empty-set /snapshots/0/keys;"},
    {SETS(SET("null", "\"a\"")), "time /snapshots/0;"},
    {SETS(SET("\"1970-02-30\"", "\"a\"")), "time /snapshots/0/observed_at;"},
    {SETS(SET("253402300799", "\"a\"")), "future /snapshots/0/observed_at;"},
    {SETS(SET("253402300800", "\"a\"")), "time /snapshots/0/observed_at;"},
    {SETS(SET("1000000", "\"a\"")), ""},
    {SETS(SET("1000001", "\"a\"")), "future /snapshots/0/observed_at;"},
    {SETS(SET("1000", "\"a\"") "," SET("1000", "\"a\"")), "set-twice /snapshots/1;"},
    {SETS(SET("1000", "\"a\"") "," SET("1000", "\"b\"")), "two-sets /snapshots/1;"},
    {SETS(SET("1000", "\"a\"") "," SET("1001", "\"b\"")), ""},
    {BASE ",\"snapshots\":[{\"endpoint\":\"G\",\"observed_at\":1,\"source\":\"s\",\"keys\":[\"a\"]}]}",
     "unknown-endpoint /snapshots/0/endpoint;"},
    {BASE ",\"snapshots\":[{\"endpoint\":\"E\",\"observed_at\":1,\"source\":\"s\"}]}", "shape /snapshots/0;"},
    {BASE ",\"sightings\":[{\"key\":\"a\",\"endpoint\":null,\"at\":null,\"source\":\"s\",\"kind\":\"sample\"}]}", ""},
    {BASE ",\"sightings\":[{\"key\":\"a\",\"endpoint\":null,\"at\":null,\"source\":\"s\",\"kind\":\"heard\"}]}",
     "shape /sightings/0/kind;"},
    {BASE ",\"sightings\":[" SIGHTING("c", "1000") "]}", "unknown-key /sightings/0/key;"},
    {BASE ",\"sightings\":[" SIGHTING("a", "1000") "],\"absences\":[" ABSENCE("a", "1000") "]}", "contradiction /absences/0;"},
    {BASE ",\"sightings\":[" SIGHTING("a", "1000") "],\"absences\":[" ABSENCE("b", "1000") "]}", ""},
    {SETS(SET("1000", "\"a\"") "],\"absences\":[" ABSENCE("a", "1000")), "contradiction /absences/0;"},
    /* between two sets, not farther apart than 7 days */
    {BASE ",\"sightings\":[" SIGHTING("a", "1000") "," SIGHTING("a", "605800") "],\"absences\":[" ABSENCE("a", "2000") "]}",
     "absent-between /absences/0;"},
    {BASE ",\"sightings\":[" SIGHTING("a", "1000") "," SIGHTING("a", "605801") "],\"absences\":[" ABSENCE("a", "2000") "]}", ""},
    {BASE ",\"coverage\":[" COVERAGE("1000", "605801", "9") "],\"sightings\":[" SIGHTING("a", "1000") "," SIGHTING(
         "a", "605801") "],\"absences\":[" ABSENCE("a", "2000") "]}",
     "absent-between /absences/0;"},
    {BASE ",\"sightings\":[" SIGHTING("a", "1000") "],\"absences\":[" ABSENCE("a", "2000") "," ABSENCE("a", "500") "]}", ""},
    {BASE ",\"coverage\":[" COVERAGE("5", "4", "0") "]}", "time /coverage/0;"},
    {BASE ",\"coverage\":[" COVERAGE("5", "6", "-1") "]}", "coverage-end /coverage/0;shape /coverage/0/largest_step;"},
    {BASE ",\"coverage\":[" COVERAGE("5", "15", "11") "]}", "coverage-end /coverage/0;step /coverage/0/largest_step;"},
    {BASE ",\"coverage\":[" COVERAGE("1", "3", "1") "," COVERAGE("3", "5", "1") "],\"snapshots\":[" SET("1", "\"a\"") "," SET(
         "3", "\"a\"") "," SET("5", "\"a\"") "]}",
     ""},
    {BASE ",\"coverage\":[" COVERAGE("1", "3", "1") "," COVERAGE("2", "5", "1") "],\"snapshots\":[" SET("1", "\"a\"") "," SET(
         "2", "\"a\"") "," SET("3", "\"a\"") "," SET("5", "\"a\"") "]}",
     "overlap /coverage/1;"},
    {BASE ",\"notices\":[" NOTICE("") "]}", ""},
    {BASE ",\"notices\":[" NOTICE("\"exposed_from\":5,\"abuse_first_known\":5,\"withdrawn_at\":5,") "]}", ""},
    {BASE ",\"notices\":[" NOTICE("\"exposed_from\":5,\"abuse_first_known\":4,") "]}", "notice-order /notices/0;"},
    {BASE ",\"notices\":[" NOTICE("\"exposed_from\":5,\"withdrawn_at\":4,") "]}", "notice-order /notices/0;"},
    {BASE ",\"notices\":[" NOTICE("\"withdrawn_at\":\"never\",") "]}", "time /notices/0/withdrawn_at;"},
    {BASE ",\"notices\":[{\"key\":\"a\",\"status\":\"odd\",\"reference\":\"r\"}]}", "shape /notices/0/status;"},
    {SETS(SET("1000", "\"a\"") "],\"notices\":[" NOTICE("\"withdrawn_at\":1000,")), ""},
    {SETS(SET("1001", "\"a\"") "],\"notices\":[" NOTICE("\"withdrawn_at\":1000,")), "after-withdrawn /snapshots/0/keys/0;"},
    {HEAD "\"keys\":[" KID("k", X1) "," KID("k", X2) "]}", "kid-twice /keys/1;"},
    {HEAD "\"keys\":[" KID("k", X1) "," KID("l", X1) "]}", ""},
    {HEAD "\"keys\":[" KID("k", X1) ",{\"id\":\"z\",\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":\"" X1 "\"}}]}",
     "same-key /keys/1;"},
};

static tscope_history_lint *
lint_of(const char *text, size_t len)
{
    uint8_t *copy = exact_copy(text, len);
    tscope_history_lint *lint = NULL;
    struct tscope_error err = {0};

    ck_assert_msg(tscope_history_lint_new(copy, len, 1000000, &lint, &err) == TSCOPE_OK, "%s", err.message);
    free(copy);
    return lint;
}

START_TEST(lint_names_fault_and_place)
{
    tscope_history_lint *lint = lint_of(rows[_i].text, strlen(rows[_i].text));
    struct tscope_history_fault_view fault;
    char words[256] = "";

    for (size_t i = 0; tscope_history_lint_at(lint, i, &fault); i++) {
        size_t len = strlen(words);

        snprintf(words + len, sizeof(words) - len, "%s %s;", fault.id, fault.pointer);
        ck_assert_uint_lt(fault.offset, strlen(rows[_i].text));
    }
    ck_assert_str_eq(words, rows[_i].faults);
    ck_assert_uint_eq(tscope_history_lint_errors(lint) + tscope_history_lint_warnings(lint), tscope_history_lint_count(lint));
    tscope_history_lint_free(lint);
}
END_TEST

/* Whatever has no error is read by the reader, and what is refused has one. */
START_TEST(lint_and_reader_agree)
{
    tscope_history_lint *lint = lint_of(rows[_i].text, strlen(rows[_i].text));
    tscope_keyring *keyring = new_keyring();
    enum tscope_status status = tscope_keyring_add_history(keyring, (const uint8_t *)rows[_i].text, strlen(rows[_i].text), "h", NULL);

    if (status != TSCOPE_OK)
        ck_assert_uint_gt(tscope_history_lint_errors(lint), 0);
    if (tscope_history_lint_errors(lint) == 0)
        ck_assert_int_eq(status, TSCOPE_OK);
    tscope_keyring_free(keyring);
    tscope_history_lint_free(lint);
}
END_TEST

START_TEST(lint_says_the_line)
{
    const char *text = HEAD "\n\"keys\":[\n" KEY_A ",\n\n" KEY_A "]}";
    tscope_history_lint *lint = lint_of(text, strlen(text));
    struct tscope_history_fault_view fault;

    ck_assert(tscope_history_lint_at(lint, 0, &fault));
    ck_assert_uint_eq(fault.line, 5);
    ck_assert_uint_eq(fault.offset, strlen(HEAD "\n\"keys\":[\n" KEY_A ",\n\n{\"id\":"));
    ck_assert(!tscope_history_lint_at(lint, 1, &fault));
    ck_assert_uint_eq(tscope_history_lint_rows(lint, "keys"), 2);
    ck_assert_uint_eq(tscope_history_lint_rows(lint, "odd"), 0);
    tscope_history_lint_free(lint);
}
END_TEST

static size_t
count_kept(size_t faults, size_t *ret_errors)
{
    struct tscope_buffer text = {0};
    tscope_history_lint *lint;
    size_t kept;

    tscope_buffer_append_text(&text, HEAD "\"keys\":[");
    for (size_t i = 0; i < faults; i++)
        tscope_buffer_append_text(&text, i ? ",1" : "1");
    tscope_buffer_append_text(&text, "]}");
    lint = lint_of((const char *)text.data, text.len);
    kept = tscope_history_lint_count(lint);
    *ret_errors = tscope_history_lint_errors(lint);
    tscope_history_lint_free(lint);
    tscope_buffer_clear(&text);
    return kept;
}

START_TEST(lint_keeps_a_hundred_of_a_kind)
{
    size_t errors;

    for (size_t n = 99; n <= 101; n++) {
        ck_assert_uint_eq(count_kept(n, &errors), n > 100 ? 100 : n);
        ck_assert_uint_eq(errors, n);
    }
}
END_TEST

START_TEST(lint_of_what_is_no_json_says_where)
{
    const char *text = SETS(SET("1000", "\"a\""));

    for (size_t len = 0; len < strlen(text); len++) {
        uint8_t *copy = exact_copy(text, len);
        tscope_history_lint *lint = NULL;
        struct tscope_error err = {.offset = TSCOPE_OFFSET_NONE};

        ck_assert_int_eq(tscope_history_lint_new(copy, len, TSCOPE_TIME_NONE, &lint, &err), TSCOPE_ERR_DATA);
        ck_assert_uint_le(err.offset, len);
        ck_assert_ptr_null(lint);
        free(copy);
    }
}
END_TEST

START_TEST(lint_survives_every_allocation_failure)
{
    const char *text = rows[_i].text;
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    for (unsigned long n = 1; status != TSCOPE_OK && n < 400; n++) {
        tscope_history_lint *lint = NULL;

        tscope_alloc_fail_from(n);
        status = tscope_history_lint_new((const uint8_t *)text, strlen(text), 1000000, &lint, NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY || status == TSCOPE_ERR_CRYPTO);
        tscope_history_lint_free(lint);
    }
    ck_assert_int_eq(status, TSCOPE_OK);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("history_lint");
    TCase *tcase = tcase_create("history_lint");

    tcase_add_loop_test(tcase, lint_names_fault_and_place, 0, TSCOPE_COUNT(rows));
    tcase_add_loop_test(tcase, lint_and_reader_agree, 0, TSCOPE_COUNT(rows));
    tcase_add_test(tcase, lint_says_the_line);
    tcase_add_test(tcase, lint_keeps_a_hundred_of_a_kind);
    tcase_add_test(tcase, lint_of_what_is_no_json_says_where);
    tcase_add_loop_test(tcase, lint_survives_every_allocation_failure, 0, TSCOPE_COUNT(rows));
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
