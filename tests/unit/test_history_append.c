/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/history.h>

#include "core/time.h"
#include "keys/history.h"
#include "keys_samples.h"
#include "keys_testing.h"

#define X1 "Ij_BjbIOQNc_mMkdo4lZK9xzicAvZyJF3panEaXU79I"
#define X2 "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define X3 "sCKL1OaTNk-LK_fR8D0_UOWfMN4F9R9Rs63o0zykoAA"
#define KEY(kid, x) "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" kid "\",\"x\":\"" x "\"}"
#define SETS(keys) "{\"keys\":[" keys "]}"
#define URL "https://e.example/keys"
#define HEAD "{\"format\":\"tokenscope-key-history/1\""

static struct tscope_snapshot
snapshot_of(const char *set, int64_t at)
{
    return (struct tscope_snapshot){
        .size = sizeof(struct tscope_snapshot),
        .bytes = (const uint8_t *)set,
        .bytes_len = set ? strlen(set) : 0,
        .observed_at = at,
        .url = URL,
        .source = "test",
    };
}

/* Appends one set to a text, which it replaces. */
static enum tscope_status
append(char **text, const char *set, int64_t at, struct tscope_appended *appended)
{
    struct tscope_snapshot snapshot = snapshot_of(set, at);
    struct tscope_error err = {0};
    char *longer = NULL;
    size_t longer_len = 0;
    enum tscope_status status =
        tscope_history_append((const uint8_t *)*text, *text ? strlen(*text) : 0, &snapshot, 1, &longer, &longer_len, appended, &err);

    if (status != TSCOPE_OK) {
        ck_assert(err.message[0]);
        ck_assert_ptr_null(longer);
        return status;
    }
    ck_assert_uint_eq(strlen(longer), longer_len);
    tscope_free(*text);
    *text = longer;
    return status;
}

struct parsed {
    tscope_crypto *crypto;
    struct tscope_arena arena;
    const struct tscope_history *history;
};

static void
parse(struct parsed *parsed, const char *text)
{
    struct tscope_error err = {0};

    *parsed = (struct parsed){0};
    ck_assert_int_eq(tscope_crypto_new(&parsed->crypto, NULL), TSCOPE_OK);
    ck_assert_msg(tscope_history_parse((const uint8_t *)text, strlen(text), TSCOPE_SPAN("test"), parsed->crypto, &parsed->arena,
                                       &parsed->history, &err) == TSCOPE_OK,
                  "%s", err.message);
}

static void
release(struct parsed *parsed)
{
    tscope_arena_clear(&parsed->arena);
    tscope_crypto_free(parsed->crypto);
}

START_TEST(sets_make_a_history)
{
    struct tscope_appended appended;
    struct parsed parsed;
    char *text = NULL;

    ck_assert_int_eq(append(&text, SETS(KEY("a", X1) "," KEY("b", X2)), 1000, &appended), TSCOPE_OK);
    ck_assert_uint_eq(appended.sets, 1);
    ck_assert_uint_eq(appended.keys_new, 2);
    ck_assert_int_eq(append(&text, SETS(KEY("b", X2) "," KEY("c", X3)), 2000, &appended), TSCOPE_OK);
    ck_assert_uint_eq(appended.keys_new, 1);
    ck_assert_uint_eq(appended.keys_changed, 0);
    parse(&parsed, text);
    ck_assert_uint_eq(parsed.history->keys_len, 3);
    ck_assert_uint_eq(parsed.history->endpoints_len, 1);
    ck_assert_uint_eq(parsed.history->snapshots_len, 2);
    ck_assert(tscope_span_is(parsed.history->endpoints[0].url, URL));
    ck_assert(tscope_history_set_holds(&parsed.history->snapshots[0], 0) && !tscope_history_set_holds(&parsed.history->snapshots[1], 0));
    ck_assert_int_eq(tscope_history_presence(parsed.history, 1, 1500).presence, TSCOPE_PRESENCE_PUBLISHED);
    release(&parsed);
    tscope_free(text);
}
END_TEST

START_TEST(same_set_of_a_moment_is_taken_once)
{
    struct tscope_appended appended;
    char *text = NULL, *before;

    ck_assert_int_eq(append(&text, SETS(KEY("a", X1) "," KEY("b", X2)), 1000, &appended), TSCOPE_OK);
    before = strdup(text);
    ck_assert_int_eq(append(&text, SETS(KEY("b", X2) "," KEY("a", X1)), 1000, &appended), TSCOPE_OK);
    ck_assert_uint_eq(appended.repeated, 1);
    ck_assert_uint_eq(appended.sets, 0);
    ck_assert_str_eq(text, before);
    ck_assert_int_eq(append(&text, SETS(KEY("a", X1)), 1000, &appended), TSCOPE_ERR_STATE);
    ck_assert_str_eq(text, before);
    free(before);
    tscope_free(text);
}
END_TEST

START_TEST(other_material_under_a_kid_is_said)
{
    struct tscope_appended appended;
    struct parsed parsed;
    char *text = NULL;

    ck_assert_int_eq(append(&text, SETS(KEY("a", X1)), 1000, &appended), TSCOPE_OK);
    ck_assert_int_eq(append(&text, SETS(KEY("a", X2)), 2000, &appended), TSCOPE_OK);
    ck_assert_uint_eq(appended.keys_changed, 1);
    ck_assert_str_eq(appended.changed_kid, "a");
    /* and back: that key is known */
    ck_assert_int_eq(append(&text, SETS(KEY("a", X1)), 3000, &appended), TSCOPE_OK);
    ck_assert_uint_eq(appended.keys_changed, 0);
    parse(&parsed, text);
    ck_assert_uint_eq(parsed.history->keys_len, 2);
    ck_assert(tscope_span_is(parsed.history->keys[1].id, "a#2") && tscope_span_is(parsed.history->keys[1].kid, "a"));
    release(&parsed);
    tscope_free(text);
}
END_TEST

START_TEST(unchanged_set_is_the_last_one_again)
{
    struct tscope_appended appended;
    struct parsed parsed;
    char *text = NULL;

    ck_assert_int_eq(append(&text, NULL, 1000, &appended), TSCOPE_ERR_STATE);
    ck_assert_int_eq(append(&text, SETS(KEY("a", X1)), 1000, &appended), TSCOPE_OK);
    ck_assert_int_eq(append(&text, SETS(KEY("b", X2)), 2000, &appended), TSCOPE_OK);
    ck_assert_int_eq(append(&text, NULL, 3000, &appended), TSCOPE_OK);
    ck_assert_uint_eq(appended.sets, 1);
    parse(&parsed, text);
    ck_assert_uint_eq(parsed.history->snapshots_len, 3);
    ck_assert(tscope_history_set_holds(&parsed.history->snapshots[2], 1) && !tscope_history_set_holds(&parsed.history->snapshots[2], 0));
    release(&parsed);
    tscope_free(text);
}
END_TEST

/* Texts that somebody else wrote: what stands in them stays. */
static const char *const others[] = {
    HEAD "}",
    HEAD ",\"keys\":[]}",
    HEAD ",\"keys\":[],\"snapshots\":[],\"endpoints\":[]}\n",
    " " HEAD " , \"mine\" : [ 1.50 , {} ], \"keys\":[ {\"id\":\"a\",\"jwk\":" KEY("a", X1) ",\"mine\":\"\\u00e9\"} ] } ",
    HEAD ",\"endpoints\":[{\"id\":\"E\",\"url\":\"" URL "\",\"issuer\":\"i\",\"families\":[\"f\"]}],\"keys\":[]}",
    HEAD ",\"snapshots\":[],\"keys\":[],\"notices\":[],\"sightings\":[]}",
};

START_TEST(what_stands_there_stays)
{
    struct tscope_appended appended;
    struct parsed parsed;
    const char *old = others[_i];
    char *text = strcpy(tscope_alloc(strlen(old) + 1), old);

    ck_assert_int_eq(append(&text, SETS(KEY("a", X1) "," KEY("z", X2)), 1000, &appended), TSCOPE_OK);
    ck_assert_int_eq(append(&text, SETS(KEY("a", X1)), 2000, &appended), TSCOPE_OK);
    for (const char *rest = text; *old; rest++) { /* nothing of it is gone, and all is in its order */
        ck_assert(*rest);
        old += *rest == *old;
    }
    parse(&parsed, text);
    ck_assert_uint_eq(parsed.history->keys_len, 2);
    ck_assert_uint_eq(parsed.history->endpoints_len, 1);
    ck_assert_uint_eq(parsed.history->snapshots_len, 2);
    release(&parsed);
    tscope_free(text);
}
END_TEST

static const struct {
    const char *set;
    enum tscope_status status;
    size_t left_out;
} sets[] = {
    {"", TSCOPE_ERR_DATA, 0},
    {"<html>", TSCOPE_ERR_DATA, 0},
    {"[]", TSCOPE_ERR_DATA, 0},
    {"{}", TSCOPE_ERR_DATA, 0},
    {"{\"keys\":{}}", TSCOPE_ERR_DATA, 0},
    {"{\"keys\":[]}", TSCOPE_ERR_DATA, 0},
    {KEY("a", X1), TSCOPE_ERR_DATA, 0},
    {SETS(KEY("a", X1)) "x", TSCOPE_ERR_DATA, 0},
    {"{\"keys\":[" KEY("a", X1) ",]}", TSCOPE_ERR_DATA, 0},
    {"{\"keys\":[],\"keys\":[" KEY("a", X1) "]}", TSCOPE_ERR_DATA, 0},
    {SETS("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"q\",\"kid\":\"r\",\"x\":\"" X1 "\"}"), TSCOPE_ERR_DATA, 0},
    {SETS("{\"kty\":\"AKP\",\"kid\":\"pq\"}"), TSCOPE_ERR_DATA, 0},
    {SETS(KEY("a", X1) ",{\"kty\":\"AKP\",\"kid\":\"pq\"}"), TSCOPE_OK, 1},
    {SETS(KEY("a", X1) ",{\"kty\":\"oct\",\"k\":\"AAAA\"}"), TSCOPE_OK, 1},
    /* a key that is known, but cannot be read here, would read as missing */
    {SETS(KEY("a", X1) ",{\"kty\":\"RSA\",\"kid\":\"known\"}"), TSCOPE_ERR_DATA, 0},
    {SETS(KEY("a\\u0000", X1)), TSCOPE_ERR_DATA, 0},
    {SETS(KEY("\\u001b[31m\\u202e\\\"", X1)), TSCOPE_OK, 0},
    {SETS("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X1 "\"}"), TSCOPE_OK, 0},
    {SETS(KEY("a", X1) "," KEY("a", X1)), TSCOPE_OK, 0},
    {SETS(SAMPLE_RSA_JWK "," SAMPLE_EC_JWK "," SAMPLE_P521_JWK), TSCOPE_OK, 0},
};

START_TEST(only_complete_sets_are_taken)
{
    const char *history = HEAD ",\"keys\":[{\"id\":\"known\",\"jwk\":" KEY("known", X3) "}]}";
    char *text = strcpy(tscope_alloc(strlen(history) + 1), history);
    struct tscope_appended appended = {0};

    ck_assert_int_eq(append(&text, sets[_i].set, 1000, &appended), sets[_i].status);
    ck_assert_uint_eq(appended.keys_left_out, sets[_i].left_out);
    if (sets[_i].status == TSCOPE_OK)
        ck_assert_ptr_null(strstr(text, "AAAA"));
    tscope_free(text);
}
END_TEST

START_TEST(no_part_of_a_set_is_taken)
{
    const char *set = SETS(KEY("a", X1) "," KEY("b", X2));

    for (size_t len = 0; len < strlen(set); len++) {
        struct tscope_snapshot snapshot = snapshot_of(set, 1000);
        char *text = NULL;
        size_t text_len;

        snapshot.bytes = exact_copy(set, len);
        snapshot.bytes_len = len;
        ck_assert_int_eq(tscope_history_append(NULL, 0, &snapshot, 1, &text, &text_len, NULL, NULL), TSCOPE_ERR_DATA);
        free((void *)(uintptr_t)snapshot.bytes);
    }
}
END_TEST

static const char *const broken[] = {"{", "{}", "[]", HEAD ",\"keys\":[],}", HEAD ",\"keys\":{}}", HEAD ",\"keys\":[],\"keys\":[]}"};

START_TEST(a_history_that_cannot_be_read_is_left_alone)
{
    char *text = strcpy(tscope_alloc(strlen(broken[_i]) + 1), broken[_i]);

    ck_assert_int_eq(append(&text, SETS(KEY("a", X1)), 1000, NULL), TSCOPE_ERR_DATA);
    ck_assert_str_eq(text, broken[_i]);
    tscope_free(text);
}
END_TEST

START_TEST(times_have_limits)
{
    static const struct {
        int64_t at;
        enum tscope_status status;
    } times[] = {{-1, TSCOPE_ERR_ARGUMENT},
                 {0, TSCOPE_OK},
                 {253402300799, TSCOPE_OK},
                 {253402300800, TSCOPE_ERR_ARGUMENT},
                 {TSCOPE_TIME_NONE, TSCOPE_ERR_ARGUMENT}};

    for (size_t i = 0; i < TSCOPE_COUNT(times); i++) {
        char *text = NULL;

        ck_assert_int_eq(append(&text, SETS(KEY("a", X1)), times[i].at, NULL), times[i].status);
        tscope_free(text);
    }
}
END_TEST

START_TEST(certificate_and_marks_are_kept)
{
    struct tscope_snapshot snapshot =
        snapshot_of(SETS("{\"kty\":\"RSA\",\"kid\":\"c\",\"x5c\":[\"" SAMPLE_CERTIFICATE_BASE64 "\"]}"), 1000);
    char *text = NULL;
    size_t text_len;

    snapshot.etag = "\"e\\tag\"";
    snapshot.family = "f";
    ck_assert_int_eq(tscope_history_append(NULL, 0, &snapshot, 1, &text, &text_len, NULL, NULL), TSCOPE_OK);
    ck_assert_ptr_nonnull(strstr(text, "\"certificate\":\"" SAMPLE_CERTIFICATE_BASE64 "\",\"family\":\"f\""));
    ck_assert_ptr_nonnull(strstr(text, "\"etag\":\"\\\"e\\\\tag\\\"\""));
    ck_assert_ptr_nonnull(strstr(text, "\"sha256\":\""));
    ck_assert_int_eq(append(&text, NULL, 2000, NULL), TSCOPE_OK);
    ck_assert_ptr_nonnull(strstr(strstr(text, "1970-01-01T00:33:20Z"), "\"etag\":\"\\\"e\\\\tag\\\"\""));
    tscope_free(text);
}
END_TEST

START_TEST(append_survives_every_allocation_failure)
{
    struct tscope_snapshot snapshots[] = {snapshot_of(SETS(KEY("a", X1)), 1000), snapshot_of(SETS(KEY("a", X2)), 2000)};
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    char *text = NULL;
    size_t text_len;

    for (unsigned long n = 1; status != TSCOPE_OK && n < 1000; n++) {
        tscope_alloc_fail_from(n);
        status = tscope_history_append(NULL, 0, snapshots, 2, &text, &text_len, NULL, NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY || status == TSCOPE_ERR_CRYPTO);
    }
    ck_assert_int_eq(status, TSCOPE_OK);
    tscope_free(text);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("history_append");
    TCase *tcase = tcase_create("history_append");

    tcase_add_test(tcase, sets_make_a_history);
    tcase_add_test(tcase, same_set_of_a_moment_is_taken_once);
    tcase_add_test(tcase, other_material_under_a_kid_is_said);
    tcase_add_test(tcase, unchanged_set_is_the_last_one_again);
    tcase_add_loop_test(tcase, what_stands_there_stays, 0, TSCOPE_COUNT(others));
    tcase_add_loop_test(tcase, only_complete_sets_are_taken, 0, TSCOPE_COUNT(sets));
    tcase_add_test(tcase, no_part_of_a_set_is_taken);
    tcase_add_loop_test(tcase, a_history_that_cannot_be_read_is_left_alone, 0, TSCOPE_COUNT(broken));
    tcase_add_test(tcase, times_have_limits);
    tcase_add_test(tcase, certificate_and_marks_are_kept);
    tcase_add_test(tcase, append_survives_every_allocation_failure);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
