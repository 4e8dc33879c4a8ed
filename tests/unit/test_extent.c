/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/history.h"
#include "keys_samples.h"
#include "keys_testing.h"

/* Two keys and two endpoints; F was never archived. */
#define HEAD                                                                                                  \
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":" SAMPLE_ED25519_JWK "},"       \
    "{\"id\":\"b\",\"jwk\":" SAMPLE_RSA_JWK "}],"                                                             \
    "\"endpoints\":[{\"id\":\"E\",\"url\":\"https://e/keys\",\"issuer\":\"https://e\",\"families\":[\"f\"]}," \
    "{\"id\":\"F\",\"url\":\"https://f/keys\",\"issuer\":\"https://f\",\"families\":[\"f\"]},"                \
    "{\"id\":\"G\",\"url\":\"https://g/keys\",\"issuer\":\"https://g\",\"families\":[\"f\"]}],"
#define PERIODS                                                                         \
    "\"coverage\":[{\"endpoint\":\"E\",\"from\":1000,\"to\":2000,\"largest_step\":10}," \
    "{\"endpoint\":\"E\",\"from\":5000,\"to\":6000,\"largest_step\":10}],"
#define SETS                                                                                      \
    "\"snapshots\":[{\"endpoint\":\"G\",\"observed_at\":3000,\"source\":\"s\",\"keys\":[\"a\"]}," \
    "{\"endpoint\":\"G\",\"observed_at\":100,\"source\":\"s\",\"keys\":[]},"                      \
    "{\"endpoint\":\"E\",\"observed_at\":7000,\"source\":\"s\",\"keys\":[\"b\"]}],"

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

static const struct {
    uint32_t endpoint;
    int64_t at, from, to, last; /* from INT64_MIN: there is nothing */
} extents[] = {
    {0, INT64_MIN, 1000, 2000, 7000}, {0, 999, 1000, 2000, 7000},       {0, 1000, 1000, 2000, 7000},
    {0, 2000, 1000, 2000, 7000},      {0, 3499, 1000, 2000, 7000},      {0, 3500, 1000, 2000, 7000}, /* as near: the earlier one */
    {0, 3501, 5000, 6000, 7000},      {0, INT64_MAX, 5000, 6000, 7000}, {1, 1500, INT64_MIN, INT64_MIN, INT64_MIN},
    {2, 50, 100, 3000, 3000}, /* sets alone: from the first to the last */
    {2, 9999, 100, 3000, 3000},
};

START_TEST(extent_is_the_nearest_stretch_of_sets)
{
    struct parsed parsed;
    struct tscope_extent extent;

    parse(&parsed, HEAD PERIODS SETS "\"notices\":[]}");
    extent = tscope_history_extent(parsed.history, extents[_i].endpoint, extents[_i].at);
    ck_assert_uint_eq(extent.endpoint, extents[_i].from == INT64_MIN ? TSCOPE_HISTORY_NONE : extents[_i].endpoint);
    ck_assert_int_eq(extent.from, extents[_i].from);
    ck_assert_int_eq(extent.to, extents[_i].to);
    ck_assert_int_eq(extent.last, extents[_i].last);
    release(&parsed);
}
END_TEST

START_TEST(life_without_sightings_is_none)
{
    struct parsed parsed;
    struct tscope_life life;

    parse(&parsed, HEAD PERIODS "\"notices\":[]}");
    life = tscope_history_life(parsed.history, 0, 1500);
    ck_assert_int_eq(life.first, TSCOPE_TIME_NONE);
    ck_assert_int_eq(life.last, TSCOPE_TIME_NONE);
    ck_assert_uint_eq(life.extent.endpoint, TSCOPE_HISTORY_NONE);
    release(&parsed);
}
END_TEST

/* A sample shows that a key existed, and never when it was listed; somebody's statement needs an endpoint. */
START_TEST(life_tells_samples_from_listings)
{
    struct parsed parsed;
    struct tscope_life life;

    parse(&parsed, HEAD PERIODS "\"sightings\":[{\"key\":\"a\",\"endpoint\":\"E\",\"at\":500,\"source\":\"s\",\"kind\":\"sample\"},"
                                "{\"key\":\"a\",\"endpoint\":\"E\",\"at\":1200,\"source\":\"s\",\"kind\":\"archive\"},"
                                "{\"key\":\"a\",\"endpoint\":\"F\",\"at\":1300,\"source\":\"s\",\"kind\":\"cited\"},"
                                "{\"key\":\"a\",\"endpoint\":null,\"at\":8000,\"source\":\"s\",\"kind\":\"cited\"},"
                                "{\"key\":\"a\",\"endpoint\":\"E\",\"at\":9000,\"source\":\"s\",\"kind\":\"sample\"},"
                                "{\"key\":\"a\",\"endpoint\":\"E\",\"at\":null,\"source\":\"s\",\"kind\":\"archive\"}]}");
    life = tscope_history_life(parsed.history, 0, 5500);
    ck_assert_int_eq(life.first, 500);
    ck_assert_int_eq(life.last, 1300);
    ck_assert_uint_eq(life.extent.endpoint, 0);
    ck_assert_int_eq(life.extent.from, 5000);
    ck_assert_int_eq(life.extent.last, 6000);
    release(&parsed);
}
END_TEST

START_TEST(life_counts_sets_as_listings)
{
    struct parsed parsed;
    struct tscope_life life;

    parse(&parsed, HEAD PERIODS SETS "\"notices\":[]}");
    life = tscope_history_life(parsed.history, 0, 9000);
    ck_assert_int_eq(life.first, 3000);
    ck_assert_int_eq(life.last, 3000);
    ck_assert_uint_eq(life.extent.endpoint, 2); /* only the endpoint that listed it counts */
    life = tscope_history_life(parsed.history, 1, 9000);
    ck_assert_int_eq(life.last, 7000);
    ck_assert_uint_eq(life.extent.endpoint, 0);
    release(&parsed);
}
END_TEST

START_TEST(life_takes_the_archive_nearest_to_the_time)
{
    static const struct {
        int64_t at;
        uint32_t endpoint;
    } cases[] = {{50, 1}, {1500, 0}, {2500, 0}, {2501, 1}, {INT64_MAX, 1}, {INT64_MIN, 1}};
    struct parsed parsed;

    parse(&parsed, HEAD "\"coverage\":[{\"endpoint\":\"E\",\"from\":1000,\"to\":2000,\"largest_step\":10},"
                        "{\"endpoint\":\"F\",\"from\":10,\"to\":20,\"largest_step\":10},"
                        "{\"endpoint\":\"F\",\"from\":3000,\"to\":4000,\"largest_step\":10}],"
                        "\"sightings\":[{\"key\":\"a\",\"endpoint\":\"E\",\"at\":1200,\"source\":\"s\",\"kind\":\"archive\"},"
                        "{\"key\":\"a\",\"endpoint\":\"F\",\"at\":3100,\"source\":\"s\",\"kind\":\"archive\"}]}");
    for (size_t i = 0; i < TSCOPE_COUNT(cases); i++)
        ck_assert_uint_eq(tscope_history_life(parsed.history, 0, cases[i].at).extent.endpoint, cases[i].endpoint);
    release(&parsed);
}
END_TEST

START_TEST(presence_names_the_history_that_answers)
{
    struct parsed parsed;

    parse(&parsed, HEAD PERIODS "\"sightings\":[{\"key\":\"a\",\"endpoint\":\"E\",\"at\":1200,\"source\":\"s\",\"kind\":\"archive\"},"
                                "{\"key\":\"a\",\"endpoint\":\"E\",\"at\":1800,\"source\":\"s\",\"kind\":\"archive\"}]}");
    ck_assert_ptr_eq(tscope_history_presence(parsed.history, 0, 1500).history, parsed.history);
    ck_assert_ptr_null(tscope_history_presence(parsed.history, 0, 2500).history);
    release(&parsed);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("extent");
    TCase *tests = tcase_create("extent");

    tcase_add_loop_test(tests, extent_is_the_nearest_stretch_of_sets, 0, TSCOPE_COUNT(extents));
    tcase_add_test(tests, life_without_sightings_is_none);
    tcase_add_test(tests, life_tells_samples_from_listings);
    tcase_add_test(tests, life_counts_sets_as_listings);
    tcase_add_test(tests, life_takes_the_archive_nearest_to_the_time);
    tcase_add_test(tests, presence_names_the_history_that_answers);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
