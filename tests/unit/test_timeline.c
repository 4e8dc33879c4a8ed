/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/history.h>

#include "core/time.h"
#include "keys_samples.h"
#include "keys_testing.h"
#include "render/timeline_axis.h"

#define DAY 86400

/* a is listed on days 10 and 13, b (an evil name) was seen once; a compromised; E was archived. */
#define KEYS(kid)                                                                     \
    "\"keys\":[{\"id\":\"a\",\"family\":\"f\",\"jwk\":" SAMPLE_ED25519_JWK "},"       \
    "{\"id\":\"b\",\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" kid "\"," \
    "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}}],"
#define REST                                                                                                \
    "\"endpoints\":[{\"id\":\"E<\",\"url\":\"https://e.example/keys\",\"issuer\":null,\"families\":[]}],"   \
    "\"snapshots\":[{\"endpoint\":\"E<\",\"observed_at\":864000,\"source\":\"s10\",\"keys\":[\"a\"]},"      \
    "{\"endpoint\":\"E<\",\"observed_at\":1123200,\"source\":\"s13\",\"keys\":[\"a\"]},"                    \
    "{\"endpoint\":\"E<\",\"observed_at\":1209600,\"source\":\"s14\",\"keys\":[]}],"                        \
    "\"sightings\":[{\"key\":\"b\",\"endpoint\":null,\"at\":950400,\"source\":\"s\",\"kind\":\"sample\"}]," \
    "\"notices\":[{\"key\":\"a\",\"status\":\"compromised\",\"withdrawn_at\":1036800,\"reference\":\"said <so> & \\\"so\\\"\"}]}"
#define HISTORY(kid) "{\"format\":\"tokenscope-key-history/1\"," KEYS(kid) REST

static tscope_keyring *
ring_of(const char *text)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_error err = {0};

    ck_assert_msg(tscope_keyring_add_history(keyring, (const uint8_t *)text, strlen(text), "h&h", &err) == TSCOPE_OK, "%s", err.message);
    freeze(keyring);
    return keyring;
}

static tscope_key_timeline *
timeline_of(const tscope_keyring *keyring, int64_t from, int64_t to)
{
    const tscope_key *keys[2] = {tscope_keyring_key(keyring, 0), tscope_keyring_key(keyring, 1)};
    tscope_key_timeline *timeline = NULL;

    ck_assert_int_eq(tscope_key_timeline_new(keyring, keys, 2, from, to, &timeline, NULL), TSCOPE_OK);
    return timeline;
}

START_TEST(timeline_shows_from_the_first_to_the_last_that_is_known)
{
    tscope_keyring *keyring = ring_of(HISTORY("b"));
    tscope_key_timeline *timeline = timeline_of(keyring, TSCOPE_TIME_NONE, TSCOPE_TIME_NONE);

    ck_assert_uint_eq(tscope_key_timeline_rows(timeline), 2);
    ck_assert_int_eq(timeline->from, 10 * DAY);
    ck_assert_int_eq(timeline->to, 14 * DAY);
    ck_assert_uint_eq(timeline->rows[0].publications_len, 1);
    ck_assert_int_eq(timeline->rows[0].publications[0].interval.from, 10 * DAY);
    ck_assert_int_eq(timeline->rows[0].publications[0].interval.to, 13 * DAY);
    ck_assert_uint_eq(timeline->rows[0].absences_len, 1);
    ck_assert_uint_eq(timeline->rows[0].notices_len, 1);
    ck_assert_uint_eq(timeline->rows[1].sightings_len, 1);
    tscope_key_timeline_free(timeline);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(timeline_has_a_row_for_each_kid_and_material)
{
    tscope_keyring *keyring = ring_of(HISTORY("b"));
    const tscope_key *keys[4] = {tscope_keyring_key(keyring, 1), tscope_keyring_key(keyring, 0), tscope_keyring_key(keyring, 1),
                                 tscope_keyring_key(keyring, 0)};
    tscope_key_timeline *timeline = NULL;

    ck_assert_int_eq(tscope_key_timeline_new(keyring, keys, 4, TSCOPE_TIME_NONE, TSCOPE_TIME_NONE, &timeline, NULL), TSCOPE_OK);
    ck_assert_uint_eq(tscope_key_timeline_rows(timeline), 2);
    ck_assert_ptr_eq(timeline->rows[0].key, keys[1]); /* with a family before those without */
    tscope_key_timeline_free(timeline);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(timeline_of_no_keys_is_empty)
{
    tscope_keyring *keyring = ring_of(HISTORY("b"));
    tscope_key_timeline *timeline = NULL;
    char *text;
    size_t len;

    ck_assert_int_eq(tscope_key_timeline_new(keyring, NULL, 0, TSCOPE_TIME_NONE, TSCOPE_TIME_NONE, &timeline, NULL), TSCOPE_OK);
    ck_assert_int_lt(timeline->from, timeline->to);
    ck_assert_int_eq(tscope_key_timeline_text(timeline, 80, false, &text, &len, NULL), TSCOPE_OK);
    tscope_free(text);
    ck_assert_int_eq(tscope_key_timeline_svg(timeline, &text, &len, NULL), TSCOPE_OK);
    tscope_free(text);
    tscope_key_timeline_free(timeline);
    tscope_keyring_free(keyring);
}
END_TEST

static const struct {
    int64_t from, to;
    enum tscope_status status;
} periods[] = {
    {5, 6, TSCOPE_OK},
    {6, 6, TSCOPE_ERR_ARGUMENT},
    {7, 6, TSCOPE_ERR_ARGUMENT},
    {TSCOPE_TIME_NONE, 6, TSCOPE_OK},
    {20 * DAY, TSCOPE_TIME_NONE, TSCOPE_OK}, /* behind all that is known: a day of nothing */
    {-62167219200, 253402300799, TSCOPE_OK},
    {-62167219201, 0, TSCOPE_ERR_ARGUMENT},
    {0, 253402300800, TSCOPE_ERR_ARGUMENT},
    {INT64_MIN + 1, INT64_MAX, TSCOPE_ERR_ARGUMENT},
};

START_TEST(timeline_needs_a_period)
{
    tscope_keyring *keyring = ring_of(HISTORY("b"));
    const tscope_key *key = tscope_keyring_key(keyring, 0);
    tscope_key_timeline *timeline = NULL;
    struct tscope_timeline_tick ticks[TSCOPE_TIMELINE_TICKS_MAX];
    char *text;
    size_t len;

    ck_assert_int_eq(tscope_key_timeline_new(keyring, &key, 1, periods[_i].from, periods[_i].to, &timeline, NULL), periods[_i].status);
    if (timeline) {
        ck_assert_int_lt(timeline->from, timeline->to);
        ck_assert_uint_le(tscope_timeline_ticks(timeline, 12, ticks), 12);
        ck_assert_int_eq(tscope_key_timeline_text(timeline, 40, true, &text, &len, NULL), TSCOPE_OK);
        tscope_free(text);
        ck_assert_int_eq(tscope_key_timeline_svg(timeline, &text, &len, NULL), TSCOPE_OK);
        tscope_free(text);
    }
    tscope_key_timeline_free(timeline);
    tscope_keyring_free(keyring);
}
END_TEST

static const struct {
    const char *from, *to, *first, *last;
    size_t max, count;
} axes[] = {
    {"2024-01-01", "2024-01-05", "2024-01-01", "2024-01-05", 5, 5},
    {"2024-01-01", "2024-01-05", "2024-01-01", "2024-01-05", 4, 3},
    {"2024-01-01T00:00:01Z", "2024-01-05", "2024-01-02", "2024-01-05", 4, 4},
    {"2024-01-15", "2024-12-31", "2024-02", "2024-12", 11, 11},
    {"2024-01-15", "2024-12-31", "2024-03", "2024-11", 10, 5},
    {"2014-03-01", "2026-03-01", "2015", "2026", 12, 12},
    {"2014-03-01", "2026-03-01", "2016", "2026", 11, 6},
    {"0000-01-01", "9999-12-31", "0000", "9500", 20, 20},
    {"1969-12-30", "1970-01-02", "1969-12-30", "1970-01-02", 12, 4},
};

START_TEST(axis_has_as_many_marks_as_fit)
{
    tscope_key_timeline timeline = {0};
    struct tscope_timeline_tick ticks[TSCOPE_TIMELINE_TICKS_MAX];

    ck_assert(tscope_time_parse(tscope_span_text(axes[_i].from), &timeline.from));
    ck_assert(tscope_time_parse(tscope_span_text(axes[_i].to), &timeline.to));
    ck_assert_uint_eq(tscope_timeline_ticks(&timeline, axes[_i].max, ticks), axes[_i].count);
    ck_assert_str_eq(ticks[0].label, axes[_i].first);
    ck_assert_str_eq(ticks[axes[_i].count - 1].label, axes[_i].last);
}
END_TEST

START_TEST(place_is_brought_into_the_frame)
{
    tscope_key_timeline timeline = {.from = 100, .to = 200};

    ck_assert_int_eq((int)tscope_timeline_place(&timeline, INT64_MIN, 50), 0);
    ck_assert_int_eq((int)tscope_timeline_place(&timeline, 100, 50), 0);
    ck_assert_int_eq((int)tscope_timeline_place(&timeline, 150, 50), 25);
    ck_assert_int_eq((int)tscope_timeline_place(&timeline, 200, 50), 50);
    ck_assert_int_eq((int)tscope_timeline_place(&timeline, INT64_MAX, 50), 50);
    ck_assert(tscope_timeline_shows(&timeline, 0, 100) && tscope_timeline_shows(&timeline, 200, 300));
    ck_assert(!tscope_timeline_shows(&timeline, 0, 99) && !tscope_timeline_shows(&timeline, 201, 300));
}
END_TEST

/* What must not stand in a picture or on a terminal as it is. */
START_TEST(names_of_others_are_escaped)
{
    tscope_keyring *keyring = ring_of(HISTORY("<script>&\\\"\\u001b[31m\\u202e'"));
    tscope_key_timeline *timeline = timeline_of(keyring, TSCOPE_TIME_NONE, TSCOPE_TIME_NONE);
    char *text;
    size_t len;

    ck_assert_int_eq(tscope_key_timeline_svg(timeline, &text, &len, NULL), TSCOPE_OK);
    ck_assert_ptr_null(strstr(text, "<script"));
    ck_assert_ptr_null(strstr(text, "E<"));
    ck_assert_ptr_null(strchr(text, '\033'));
    ck_assert_ptr_null(strstr(text, "\u202e"));
    ck_assert_ptr_nonnull(strstr(text, "&lt;script&gt;&amp;&quot;"));
    ck_assert_ptr_nonnull(strstr(text, "h&amp;h"));
    ck_assert_ptr_nonnull(strstr(text, "said &lt;so&gt; &amp; &quot;so&quot;"));
    tscope_free(text);
    ck_assert_int_eq(tscope_key_timeline_text(timeline, 80, false, &text, &len, NULL), TSCOPE_OK);
    ck_assert_ptr_null(strchr(text, '\033'));
    ck_assert_ptr_null(strstr(text, "\u202e"));
    tscope_free(text);
    tscope_key_timeline_free(timeline);
    tscope_keyring_free(keyring);
}
END_TEST

static enum tscope_status
make_all(const tscope_keyring *keyring)
{
    const tscope_key *keys[2] = {tscope_keyring_key(keyring, 0), tscope_keyring_key(keyring, 1)};
    tscope_key_timeline *timeline = NULL;
    char *texts[3] = {NULL, NULL, NULL};
    size_t len;
    enum tscope_status status = tscope_key_timeline_new(keyring, keys, 2, TSCOPE_TIME_NONE, TSCOPE_TIME_NONE, &timeline, NULL);

    if (status == TSCOPE_OK)
        status = tscope_key_timeline_text(timeline, 80, true, &texts[0], &len, NULL);
    if (status == TSCOPE_OK)
        status = tscope_key_timeline_svg(timeline, &texts[1], &len, NULL);
    if (status == TSCOPE_OK)
        status = tscope_key_timeline_json(timeline, true, &texts[2], &len, NULL);
    for (size_t i = 0; i < TSCOPE_COUNT(texts); i++)
        tscope_free(texts[i]);
    tscope_key_timeline_free(timeline);
    return status;
}

START_TEST(timeline_survives_every_allocation_failure)
{
    tscope_keyring *keyring = ring_of(HISTORY("b"));
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    for (unsigned long n = 1; status != TSCOPE_OK && n < 200; n++) {
        tscope_alloc_fail_from(n);
        status = make_all(keyring);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
    }
    ck_assert_int_eq(status, TSCOPE_OK);
    tscope_keyring_free(keyring);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("timeline");
    TCase *tcase = tcase_create("timeline");

    tcase_add_test(tcase, timeline_shows_from_the_first_to_the_last_that_is_known);
    tcase_add_test(tcase, timeline_has_a_row_for_each_kid_and_material);
    tcase_add_test(tcase, timeline_of_no_keys_is_empty);
    tcase_add_loop_test(tcase, timeline_needs_a_period, 0, TSCOPE_COUNT(periods));
    tcase_add_loop_test(tcase, axis_has_as_many_marks_as_fit, 0, TSCOPE_COUNT(axes));
    tcase_add_test(tcase, place_is_brought_into_the_frame);
    tcase_add_test(tcase, names_of_others_are_escaped);
    tcase_add_test(tcase, timeline_survives_every_allocation_failure);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
