/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/history.h"
#include "keys/intervals.h"

#include <inttypes.h>

#include "core/buffer.h"
#include "keys_samples.h"
#include "keys_testing.h"

#define DAY 86400
#define T0 1700000000 /* all times of the models count from here */

/* Three keys of different material, one of them with a certificate, and two endpoints. */
#define KEYS                                                                                                               \
    "\"keys\":[{\"id\":\"a\",\"jwk\":" SAMPLE_RSA_JWK ",\"certificate\":\"" SAMPLE_CERTIFICATE_BASE64 "\","                \
    "\"family\":\"msa-consumer\",\"cloud\":\"public\"},"                                                                   \
    "{\"id\":\"b\",\"jwk\":{\"kid\":\"kb\",\"issuer\":\"https://i/{tenantid}\",\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":" \
    "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"},\"certificate\":null,\"family\":\"f\",\"cloud\":null},"              \
    "{\"id\":\"c\",\"jwk\":{\"kid\":\"kb\",\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}}]"
#define ENDPOINTS                                                                                                        \
    "\"endpoints\":[{\"id\":\"E\",\"url\":\"https://e/keys\",\"issuer\":\"https://e\",\"families\":[\"msa-consumer\"]}," \
    "{\"id\":\"F\",\"url\":null,\"issuer\":null,\"families\":[\"f\",\"g\"]}]"
#define HEAD "{\"format\":\"tokenscope-key-history/1\"," KEYS "," ENDPOINTS

struct parsed {
    tscope_crypto *crypto;
    struct tscope_arena arena;
    const struct tscope_history *history;
};

static enum tscope_status
parse(struct parsed *parsed, const char *text, size_t len, struct tscope_error *err)
{
    uint8_t *copy = exact_copy(text, len);
    enum tscope_status status;

    if (!parsed->crypto)
        ck_assert_int_eq(tscope_crypto_new(&parsed->crypto, NULL), TSCOPE_OK);
    status = tscope_history_parse(copy, len, TSCOPE_SPAN("test"), parsed->crypto, &parsed->arena, &parsed->history, err);
    free(copy);
    return status;
}

static void
release(struct parsed *parsed)
{
    tscope_arena_clear(&parsed->arena);
    tscope_crypto_free(parsed->crypto);
    memset(parsed, 0, sizeof(*parsed));
}

static void
parse_well(struct parsed *parsed, const char *text)
{
    struct tscope_error err = {0};

    ck_assert_msg(parse(parsed, text, strlen(text), &err) == TSCOPE_OK, "%s", err.message);
}

#define FULL                                                                                                                             \
    HEAD ",\"coverage\":[{\"endpoint\":\"F\",\"from\":\"2024-01-01T00:00:00Z\",\"to\":\"2024-02-01T00:00:00Z\",\"largest_step\":86400}," \
         "{\"endpoint\":\"E\",\"from\":1700000000,\"to\":1700864000,\"largest_step\":864000}],"                                          \
         "\"snapshots\":[{\"endpoint\":\"E\",\"observed_at\":\"2023-11-20\",\"source\":\"s2\",\"keys\":[\"b\",\"a\",\"b\"]},"            \
         "{\"endpoint\":\"E\",\"observed_at\":\"2023-11-15\",\"source\":\"s1\",\"keys\":[]}],"                                           \
         "\"sightings\":[{\"key\":\"a\",\"endpoint\":null,\"at\":null,\"source\":\"x\",\"kind\":\"sample\"},"                            \
         "{\"key\":\"a\",\"endpoint\":\"F\",\"at\":\"2024-01-20T00:00:00Z\",\"source\":\"y\",\"kind\":\"archive\"},"                     \
         "{\"key\":\"a\",\"endpoint\":\"F\",\"at\":\"2024-01-10T00:00:00Z\",\"source\":\"z\",\"kind\":\"archive\"}],"                    \
         "\"absences\":[{\"key\":\"a\",\"endpoint\":\"F\",\"at\":\"2024-01-25\",\"source\":\"w\"}],"                                     \
         "\"notices\":[{\"key\":\"a\",\"status\":\"sample\",\"reference\":\"r\"},"                                                       \
         "{\"key\":\"a\",\"status\":\"compromised\",\"exposed_from\":null,\"abuse_first_known\":\"2023-05-15\","                         \
         "\"withdrawn_at\":\"2023-07-05\",\"reference\":\"r\"}]}"

START_TEST(history_is_read_in_order)
{
    struct parsed parsed = {0};
    const struct tscope_history *history;
    const struct tscope_history_key *a;
    const uint32_t *found;

    parse_well(&parsed, FULL);
    history = parsed.history;
    ck_assert_uint_eq(history->keys_len, 3);
    ck_assert_uint_eq(history->sha256.len, 64);
    ck_assert_int_eq(history->until, 1706745600);
    ck_assert_uint_eq(history->coverage[0].endpoint, 0);
    ck_assert(tscope_span_is(history->snapshots[0].source, "s1"));
    ck_assert_uint_eq(history->snapshots[1].keys_len, 2);
    ck_assert_uint_eq(history->snapshots[1].keys[0], 0);
    a = &history->keys[0];
    ck_assert_uint_eq(a->sightings_len, 3);
    ck_assert_int_eq(history->sightings[a->sightings].at, 1704844800);
    ck_assert_uint_eq(history->sightings[a->sightings + 2].endpoint, TSCOPE_HISTORY_NONE);
    ck_assert_int_eq(history->notices[a->notice].status, TSCOPE_NOTICE_COMPROMISED);
    ck_assert_int_eq(history->notices[a->notice].exposed_from, TSCOPE_TIME_NONE);
    ck_assert_int_eq(a->certificate.not_before, 1459867415);
    ck_assert(tscope_span_is(a->certificate.subject, "CN=Live ID STS Signing Public Key"));
    ck_assert_int_eq(a->family_from, TSCOPE_FAMILY_FROM_NOTICE);
    ck_assert_int_eq(history->keys[1].family_from, TSCOPE_FAMILY_FROM_ISSUER);
    ck_assert_int_eq(history->keys[2].family_from, TSCOPE_FAMILY_FROM_NOTHING);
    ck_assert_int_eq(a->cloud, TSCOPE_CLOUD_PUBLIC);
    ck_assert_uint_eq(tscope_history_find_kid(history, TSCOPE_SPAN("kb"), &found), 2);
    ck_assert_uint_eq(found[0], 1);
    ck_assert_uint_eq(tscope_history_find_kid(history, TSCOPE_SPAN("kc"), &found), 0);
    ck_assert_uint_eq(tscope_history_find_sha1(history, a->certificate.sha1, &found), 1);
    ck_assert_uint_eq(tscope_history_find_thumbprint(history, history->keys[2].thumbprint, &found), 1);
    ck_assert_uint_eq(found[0], 2);
    release(&parsed);
}
END_TEST

static const char *const damaged[] = {
    "",
    "[]",
    "{}",
    "{\"format\":\"tokenscope-key-history/2\"}",
    "{\"format\":7}",
    "{\"format\":\"tokenscope-key-history/1\",\"format\":\"tokenscope-key-history/1\"}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":{}}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[1]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{}]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\"}]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":{\"kty\":\"RSA\",\"n\":\"AQAB\"}}]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AQAB\"}}]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":" SAMPLE_EC_JWK ",\"certificate\":\"AAAA\"}]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":" SAMPLE_EC_JWK ",\"certificate\":\"???\"}]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":" SAMPLE_EC_JWK
    ",\"certificate\":\"" SAMPLE_CERTIFICATE_BASE64 "\"}]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":" SAMPLE_EC_JWK ",\"certificate\":7}]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":" SAMPLE_EC_JWK ",\"cloud\":\"moon\"}]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":" SAMPLE_EC_JWK ",\"family_from\":\"rumour\"}]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":" SAMPLE_EC_JWK ",\"family_from\":1}]}",
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":" SAMPLE_EC_JWK "},{\"id\":\"a\",\"jwk\":" SAMPLE_EC_JWK
    "}]}",
    HEAD ",\"coverage\":[{\"endpoint\":\"X\",\"from\":1,\"to\":2,\"largest_step\":1}]}",
    HEAD ",\"coverage\":[{\"endpoint\":\"E\",\"from\":3,\"to\":2,\"largest_step\":1}]}",
    HEAD ",\"coverage\":[{\"endpoint\":\"E\",\"from\":1,\"to\":2,\"largest_step\":-1}]}",
    HEAD ",\"coverage\":[{\"endpoint\":\"E\",\"from\":1,\"to\":999999999999999,\"largest_step\":1}]}",
    HEAD ",\"snapshots\":[{\"endpoint\":\"E\",\"observed_at\":null,\"keys\":[]}]}",
    HEAD ",\"snapshots\":[{\"endpoint\":\"E\",\"observed_at\":1,\"keys\":[\"z\"]}]}",
    HEAD ",\"snapshots\":[{\"endpoint\":\"E\",\"observed_at\":1,\"keys\":{}}]}",
    HEAD ",\"sightings\":[{\"key\":\"z\",\"at\":1,\"kind\":\"archive\"}]}",
    HEAD ",\"sightings\":[{\"key\":\"a\",\"at\":1,\"kind\":\"Archive\"}]}",
    HEAD ",\"sightings\":[{\"key\":\"a\",\"at\":\"2023-02-30\",\"kind\":\"archive\"}]}",
    HEAD ",\"sightings\":[{\"key\":\"a\",\"endpoint\":\"X\",\"at\":1,\"kind\":\"archive\"}]}",
    HEAD ",\"absences\":[{\"key\":\"a\",\"endpoint\":null,\"at\":1}]}",
    HEAD ",\"absences\":[{\"key\":\"a\",\"endpoint\":\"E\"}]}",
    HEAD ",\"notices\":[{\"key\":\"a\",\"status\":\"lost\"}]}",
    HEAD ",\"notices\":[{\"key\":\"a\",\"status\":\"test\",\"withdrawn_at\":true}]}",
    HEAD "} x",
};

START_TEST(stated_strength_of_a_family_counts)
{
    static const char text[] =
        "{\"format\":\"tokenscope-key-history/1\",\"keys\":["
        "{\"id\":\"a\",\"jwk\":" SAMPLE_EC_JWK ",\"family\":\"f\",\"family_from\":\"issuer\"},"
        "{\"id\":\"b\",\"jwk\":" SAMPLE_EC_JWK ",\"family\":\"f\",\"family_from\":\"realm\"},"
        "{\"id\":\"c\",\"jwk\":" SAMPLE_EC_JWK ",\"family_from\":\"issuer\"},"
        "{\"id\":\"d\",\"jwk\":{\"kid\":\"d\",\"issuer\":\"https://i\",\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"},"
        "\"family\":\"f\",\"family_from\":\"subject\"}]}";
    struct parsed parsed = {0};

    parse_well(&parsed, text);
    ck_assert_int_eq(parsed.history->keys[0].family_from, TSCOPE_FAMILY_FROM_ISSUER);
    ck_assert_int_eq(parsed.history->keys[1].family_from, TSCOPE_FAMILY_FROM_CALLER);
    ck_assert_int_eq(parsed.history->keys[2].family_from, TSCOPE_FAMILY_FROM_NOTHING);
    ck_assert_int_eq(parsed.history->keys[3].family_from, TSCOPE_FAMILY_FROM_SUBJECT);
    release(&parsed);
}
END_TEST

START_TEST(damaged_history_is_refused)
{
    struct parsed parsed = {0};
    struct tscope_error err = {0};

    ck_assert_int_eq(parse(&parsed, damaged[_i], strlen(damaged[_i]), &err), TSCOPE_ERR_DATA);
    ck_assert_int_eq(strncmp(err.message, "test: ", 6), 0);
    release(&parsed);
}
END_TEST

START_TEST(every_prefix_is_refused)
{
    struct parsed parsed = {0};
    size_t len = strlen(FULL);

    for (size_t i = 0; i < len; i += 7)
        ck_assert_int_eq(parse(&parsed, FULL, i, NULL), TSCOPE_ERR_DATA);
    release(&parsed);
}
END_TEST

START_TEST(syntax_error_says_where)
{
    struct parsed parsed = {0};
    struct tscope_error err = {0};

    ck_assert_int_eq(parse(&parsed, "{\"format\":\n\n  ?}", 16, &err), TSCOPE_ERR_DATA);
    ck_assert_uint_ge(err.offset, 13);
    ck_assert_uint_le(err.offset, 15);
    release(&parsed);
}
END_TEST

START_TEST(failed_allocation_is_reported)
{
    struct parsed parsed = {0};
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    ck_assert_int_eq(tscope_crypto_new(&parsed.crypto, NULL), TSCOPE_OK);
    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        ck_assert_uint_lt(n, 10000);
        tscope_alloc_fail_from(n);
        status = parse(&parsed, FULL, strlen(FULL), NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
        tscope_arena_clear(&parsed.arena);
    }
    release(&parsed);
}
END_TEST

static struct tscope_presence_answer
ask(const char *rows, int64_t at)
{
    struct parsed parsed = {0};
    struct tscope_buffer text = {0};
    struct tscope_presence_answer answer;

    tscope_buffer_append_text(&text, HEAD);
    tscope_buffer_append_text(&text, rows);
    tscope_buffer_append_byte(&text, '}');
    tscope_buffer_append_byte(&text, 0);
    parse_well(&parsed, (char *)text.data);
    answer = tscope_history_presence(parsed.history, 0, at);
    answer.source = (struct tscope_span){NULL, 0};
    tscope_buffer_clear(&text);
    release(&parsed);
    return answer;
}

#define SIGHTING(endpoint, at, kind) "{\"key\":\"a\",\"endpoint\":" endpoint ",\"at\":" #at ",\"kind\":\"" kind "\"}"
#define ABSENCE(endpoint, at) "{\"key\":\"a\",\"endpoint\":\"" endpoint "\",\"at\":" #at "}"
#define LIFE ",\"coverage\":[{\"endpoint\":\"E\",\"from\":0,\"to\":9000000,\"largest_step\":86400}],\"sightings\":["
#define E "\"E\""
#define F "\"F\""

static const struct {
    const char *rows;
    int64_t at;
    enum tscope_presence presence;
} questions[] = {
    {"", 5, TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(E, 8000000, "archive") "]", 5000000, TSCOPE_PRESENCE_PUBLISHED},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(E, 8000000, "archive") "]", 1000000, TSCOPE_PRESENCE_PUBLISHED},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(E, 8000000, "archive") "]", 999999, TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(E, 8000000, "archive") "]", 8000001, TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(E, 8000000, "archive") "]", INT64_MIN, TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(E, 8000000, "archive") "]", INT64_MAX, TSCOPE_PRESENCE_UNKNOWN},
    /* samples are no sets, and no set covers the other endpoint */
    {LIFE SIGHTING(E, 1000000, "sample") "," SIGHTING(E, 8000000, "cited") "]", 5000000, TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(F, 1000000, "archive") "," SIGHTING(F, 8000000, "archive") "]", 5000000, TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(F, 1000000, "archive") "," SIGHTING(F, 1604800, "archive") "]", 1300000, TSCOPE_PRESENCE_PUBLISHED},
    {LIFE SIGHTING(F, 1000000, "archive") "," SIGHTING(F, 1604801, "archive") "]", 1300000, TSCOPE_PRESENCE_UNKNOWN},
    /* missing in between */
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(E, 8000000, "archive") "],\"absences\":[" ABSENCE("E", 4000000) "]", 5000000,
     TSCOPE_PRESENCE_UNKNOWN},
    /* gone: two sets, a day apart */
    {LIFE SIGHTING(E, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 2000000) "]", 3000000, TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(E, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 2000000) "," ABSENCE("E", 2086399) "]", 3000000,
     TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(E, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 2000000) "," ABSENCE("E", 2086400) "]", 3000000,
     TSCOPE_PRESENCE_RETIRED},
    {LIFE SIGHTING(E, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 2000000) "," ABSENCE("E", 2086400) "]", 2000000,
     TSCOPE_PRESENCE_RETIRED},
    {LIFE SIGHTING(E, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 2000000) "," ABSENCE("E", 2086400) "]", 1999999,
     TSCOPE_PRESENCE_UNKNOWN},
    /* a sample copied later changes nothing, a sighting that says the endpoint listed it does */
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(E, 2500000,
                                                       "sample") "],\"absences\":[" ABSENCE("E", 2000000) "," ABSENCE("E", 2086400) "]",
     3000000, TSCOPE_PRESENCE_RETIRED},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(E, 2500000,
                                                       "cited") "],\"absences\":[" ABSENCE("E", 2000000) "," ABSENCE("E", 2086400) "]",
     3000000, TSCOPE_PRESENCE_UNKNOWN},
    /* it came back */
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(E, 4000000,
                                                       "archive") "],\"absences\":[" ABSENCE("E", 2000000) "," ABSENCE("E", 2086400) "]",
     3000000, TSCOPE_PRESENCE_UNKNOWN},
    /* another archived endpoint still lists it, or is silent */
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(F, 1000000,
                                                       "archive") "],\"absences\":[" ABSENCE("E", 2000000) "," ABSENCE("E", 2086400) "]",
     3000000, TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(F, 1000000,
                                                       "sample") "],\"absences\":[" ABSENCE("E", 2000000) "," ABSENCE("E", 2086400) "]",
     3000000, TSCOPE_PRESENCE_RETIRED},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(F, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 2000000) "," ABSENCE(
         "E", 2086400) "," ABSENCE("F", 2500000) "," ABSENCE("F", 2700000) "]",
     2400000, TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(F, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 2000000) "," ABSENCE(
         "E", 2086400) "," ABSENCE("F", 2500000) "," ABSENCE("F", 2700000) "]",
     2500000, TSCOPE_PRESENCE_RETIRED},
    /* early: over a day before the last set without it */
    {LIFE SIGHTING(E, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 813600) "," ABSENCE("E", 900000) "]", 813599,
     TSCOPE_PRESENCE_EARLY},
    {LIFE SIGHTING(E, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 813600) "," ABSENCE("E", 900000) "]", 813600,
     TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING("null", 700000, "sample") "],\"absences\":[" ABSENCE("E", 9) "," ABSENCE("E",
                                                                                                                                900000) "]",
     700000, TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING("null", 700000, "sample") "],\"absences\":[" ABSENCE("E", 9) "," ABSENCE("E",
                                                                                                                                900000) "]",
     699999, TSCOPE_PRESENCE_EARLY},
    {LIFE SIGHTING(E, 1000000, "archive") "," SIGHTING(F, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 9) "," ABSENCE("E",
                                                                                                                             900000) "]",
     5, TSCOPE_PRESENCE_UNKNOWN},
    /* two sets less than a day apart, or one alone: it may have been a mistake */
    {LIFE SIGHTING(E, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 813601) "," ABSENCE("E", 900000) "]", 100,
     TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(E, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 900000) "]", 100, TSCOPE_PRESENCE_UNKNOWN},
    /* F was not archived throughout. More than 7 days apart: up to the earlier one */
    {LIFE SIGHTING(F, 1000000, "archive") "],\"absences\":[" ABSENCE("F", 295199) "," ABSENCE("F", 900000) "]", 208798,
     TSCOPE_PRESENCE_EARLY},
    {LIFE SIGHTING(F, 1000000, "archive") "],\"absences\":[" ABSENCE("F", 295199) "," ABSENCE("F", 900000) "]", 208799,
     TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(F, 1000000, "archive") "],\"absences\":[" ABSENCE("F", 295200) "," ABSENCE("F", 900000) "]", 813599,
     TSCOPE_PRESENCE_EARLY},
    /* and behind: from the later one on, unless they stand close */
    {LIFE SIGHTING(F, 100000, "archive") "],\"absences\":[" ABSENCE("F", 200000) "," ABSENCE("F", 804801) "]", 804800,
     TSCOPE_PRESENCE_UNKNOWN},
    {LIFE SIGHTING(F, 100000, "archive") "],\"absences\":[" ABSENCE("F", 200000) "," ABSENCE("F", 804801) "]", 804801,
     TSCOPE_PRESENCE_RETIRED},
    {LIFE SIGHTING(F, 100000, "archive") "],\"absences\":[" ABSENCE("F", 200000) "," ABSENCE("F", 804800) "]", 200000,
     TSCOPE_PRESENCE_RETIRED},
};

START_TEST(presence_is_what_the_sets_prove)
{
    ck_assert_int_eq(ask(questions[_i].rows, questions[_i].at).presence, questions[_i].presence);
}
END_TEST

START_TEST(answer_says_what_it_rests_on)
{
    struct tscope_presence_answer answer = ask(
        LIFE SIGHTING(E, 1000000, "archive") "],\"absences\":[" ABSENCE("E", 500) "," ABSENCE("E", 2000000) "," ABSENCE("E", 9000000) "]",
        5000000);

    ck_assert_int_eq(answer.presence, TSCOPE_PRESENCE_RETIRED);
    ck_assert_uint_eq(answer.endpoint, 0);
    ck_assert_int_eq(answer.before, 1000000);
    ck_assert_int_eq(answer.after, 2000000);
}
END_TEST

START_TEST(publications_are_listed_by_endpoint)
{
    struct parsed parsed = {0};
    struct tscope_publication publications[2] = {{0}};

    parse_well(&parsed, FULL);
    ck_assert_uint_eq(tscope_history_publications(parsed.history, 0, publications, 1), 2);
    ck_assert_uint_eq(tscope_history_publications(parsed.history, 0, publications, 2), 2);
    ck_assert_uint_eq(publications[0].endpoint, 0);
    ck_assert_int_eq(publications[0].first, publications[0].last);
    ck_assert_int_eq(publications[0].absent, TSCOPE_TIME_NONE);
    ck_assert_uint_eq(publications[1].endpoint, 1);
    ck_assert_int_eq(publications[1].last, 1705708800);
    ck_assert_int_eq(publications[1].absent, 1706140800);
    ck_assert_uint_eq(tscope_history_publications(parsed.history, 2, NULL, 0), 0);
    release(&parsed);
}
END_TEST

START_TEST(coverage_needs_sets_on_both_sides)
{
    struct parsed parsed = {0};
    int64_t before = 0, after = 0;

    parse_well(&parsed, FULL);
    ck_assert(tscope_history_covers(parsed.history, 1, 1705000000, &before, &after));
    ck_assert_int_eq(before, 1704067200);
    ck_assert_int_eq(after, 1706745600);
    ck_assert(!tscope_history_covers(parsed.history, 1, 1706745601, &before, &after));
    /* E's period has too large a step, but two sets five days apart stand around this time */
    ck_assert(tscope_history_covers(parsed.history, 0, 1700100000, &before, &after));
    ck_assert_int_eq(before, 1700006400);
    ck_assert_int_eq(after, 1700438400);
    ck_assert(!tscope_history_covers(parsed.history, 0, 1700006399, &before, &after));
    ck_assert(!tscope_history_covers(parsed.history, 0, TSCOPE_TIME_NONE, &before, &after));
    ck_assert(!tscope_history_covers(parsed.history, 0, INT64_MAX, &before, &after));
    ck_assert(tscope_history_lists_kid(parsed.history, 0, TSCOPE_SPAN("kb"), 1700438400 + 7 * DAY));
    ck_assert(!tscope_history_lists_kid(parsed.history, 0, TSCOPE_SPAN("kb"), 1700438401 + 7 * DAY));
    ck_assert(!tscope_history_lists_kid(parsed.history, 1, TSCOPE_SPAN("kb"), 1700438400));
    ck_assert(!tscope_history_lists_kid(parsed.history, 0, TSCOPE_SPAN("kx"), 1700438400));
    ck_assert(!tscope_history_lists_kid(parsed.history, 0, TSCOPE_SPAN("kb"), INT64_MAX));
    release(&parsed);
}
END_TEST

/*
 * A slow model of presence over small random archives, written straight from the definitions: what every endpoint saw, set
 * by set, is a list of (time, listed); every question runs over all pairs.
 */

#define SETS_MAX 12

struct archive {
    int len;
    struct {
        int64_t at;
        bool listed, as_set; /* as_set: written as a snapshot, else as a sighting or absence */
    } sets[SETS_MAX];
    bool covered;
    int64_t from, to, step;
};

static uint64_t random_state;

static uint32_t
draw(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

static void
draw_archive(struct archive *archive)
{
    int64_t at = T0 + (int64_t)draw(20) * DAY / 2;
    bool listed = draw(2);

    archive->len = (int)draw(SETS_MAX + 1);
    for (int i = 0; i < archive->len; i++) {
        at += draw(3) ? (int64_t)(1 + draw(4)) * DAY / 2 : (int64_t)(1 + draw(12)) * DAY;
        listed = draw(4) ? listed : !listed;
        archive->sets[i].at = at;
        archive->sets[i].listed = listed;
        archive->sets[i].as_set = draw(2);
    }
    archive->covered = draw(2);
    archive->from = T0 + (int64_t)draw(40) * DAY;
    archive->to = archive->from + (int64_t)draw(40) * DAY;
    archive->step = draw(2) ? 7 * DAY : 7 * DAY + 1;
}

static bool
had(const struct archive *archive)
{
    for (int i = 0; i < archive->len; i++) {
        if (archive->sets[i].listed)
            return true;
    }
    return false;
}

static bool
model_published(const struct archive *archive, int64_t t)
{
    for (int i = 0; i < archive->len; i++) {
        for (int k = i; k < archive->len; k++) {
            int64_t left = archive->sets[i].at, right = archive->sets[k].at;
            bool between = false;

            if (!archive->sets[i].listed || !archive->sets[k].listed || left > t || right < t)
                continue;
            for (int m = i; m <= k; m++)
                between |= !archive->sets[m].listed;
            /* the nearest ones on both sides: no listing strictly nearer */
            for (int m = i + 1; m < k; m++)
                between |= archive->sets[m].listed && archive->sets[m].at != t && i != k;
            if (!between && (right - left <= 7 * DAY || (archive->covered && archive->from <= left && right <= archive->to)))
                return true;
        }
    }
    return false;
}

/* No set is farther than 7 days from the next, of those between that are known or by what the coverage says. */
static bool
model_close(const struct archive *archive, int a, int b)
{
    for (int i = a; i < b; i++) {
        int64_t left = archive->sets[i].at, right = archive->sets[i + 1].at;
        bool covered = archive->covered && archive->step <= 7 * DAY && archive->from <= left && right <= archive->to;

        if (right - left > 7 * DAY && !covered)
            return false;
    }
    return true;
}

/* Of two sets a day apart that lack it behind its last listing: the first where sets stand close up to the other, else the second. */
static int64_t
model_gone(const struct archive *archive)
{
    int64_t gone = INT64_MAX;
    int last = -1;

    for (int i = 0; i < archive->len; i++)
        last = archive->sets[i].listed ? i : last;
    for (int a = last + 1; a < archive->len; a++) {
        for (int b = a; b < archive->len; b++) {
            int64_t from = model_close(archive, a, b) ? archive->sets[a].at : archive->sets[b].at;

            if (archive->sets[b].at - archive->sets[a].at >= DAY && from < gone)
                gone = from;
        }
    }
    return gone;
}

/* The same before its first listing, seen from the other side. */
static bool
model_early(const struct archive *archive, int64_t t)
{
    int first = 0;

    while (first < archive->len && !archive->sets[first].listed)
        first++;
    for (int a = 0; a < first; a++) {
        for (int b = a; b < first; b++) {
            int64_t until = model_close(archive, a, b) ? archive->sets[b].at : archive->sets[a].at;

            if (archive->sets[b].at - archive->sets[a].at >= DAY && until - t > DAY)
                return true;
        }
    }
    return false;
}

static enum tscope_presence
model_presence(const struct archive archives[2], int64_t t)
{
    bool any = false, gone = true, early = true;

    for (int e = 0; e < 2; e++) {
        if (model_published(&archives[e], t))
            return TSCOPE_PRESENCE_PUBLISHED;
        if (!had(&archives[e]))
            continue;
        any = true;
        gone &= model_gone(&archives[e]) <= t;
        early &= model_early(&archives[e], t);
        for (int i = 0; i < archives[e].len; i++) {
            /* a sighting anywhere behind: never back */
            gone &= !(archives[e].sets[i].listed && archives[e].sets[i].at > t);
        }
    }
    if (any && gone)
        return TSCOPE_PRESENCE_RETIRED;
    return any && early ? TSCOPE_PRESENCE_EARLY : TSCOPE_PRESENCE_UNKNOWN;
}

static void
write_archives(struct tscope_buffer *text, const struct archive archives[2])
{
    static const char *const parts[] = {"snapshots", "sightings", "absences"};

    tscope_buffer_append_text(text, HEAD);
    for (int part = 0; part < 3; part++) {
        const char *comma = "";

        tscope_buffer_append_format(text, ",\"%s\":[", parts[part]);
        for (int e = 0; e < 2; e++) {
            for (int i = archives[e].len - 1; i >= 0; i--) {
                int64_t at = archives[e].sets[i].at;
                bool listed = archives[e].sets[i].listed;

                if (part != (archives[e].sets[i].as_set ? 0 : listed ? 1 : 2))
                    continue;
                tscope_buffer_append_format(text, "%s{\"endpoint\":\"%c\",", comma, "EF"[e]);
                if (part == 0)
                    tscope_buffer_append_format(text, "\"observed_at\":%" PRId64 ",\"keys\":[\"b\"%s]}", at, listed ? ",\"a\"" : "");
                else
                    tscope_buffer_append_format(text, "\"key\":\"a\",\"at\":%" PRId64 ",\"kind\":\"archive\"}", at);
                comma = ",";
            }
        }
        tscope_buffer_append_byte(text, ']');
    }
    tscope_buffer_append_text(text, ",\"coverage\":[");
    for (int e = 0, written = 0; e < 2; e++) {
        if (archives[e].covered)
            tscope_buffer_append_format(text,
                                        "%s{\"endpoint\":\"%c\",\"from\":%" PRId64 ",\"to\":%" PRId64 ",\"largest_step\":%" PRId64 "}",
                                        written++ ? "," : "", "EF"[e], archives[e].from, archives[e].to, archives[e].step);
    }
    tscope_buffer_append_text(text, "]}");
    tscope_buffer_append_byte(text, 0);
}

START_TEST(presence_agrees_with_a_slow_model)
{
    struct parsed parsed = {0};
    int seen[4] = {0};

    random_state = (uint64_t)_i + 1;
    for (int round = 0; round < 150; round++) {
        struct archive archives[2];
        struct tscope_buffer text = {0};

        draw_archive(&archives[0]);
        draw_archive(&archives[1]);
        if (draw(3) == 0)
            archives[1].len = 0;
        write_archives(&text, archives);
        parse_well(&parsed, (char *)text.data);
        for (int i = 0; i < 100; i++) {
            int64_t t = T0 + (int64_t)draw(140) * DAY / 2 + (int64_t)draw(3) - 1;
            enum tscope_presence wanted = model_presence(archives, t), got = tscope_history_presence(parsed.history, 0, t).presence;

            ck_assert_msg(wanted == got, "seed %d round %d: at %" PRId64 " wanted %d, got %d in %s", _i, round, t - T0, (int)wanted,
                          (int)got, (char *)text.data + strlen(HEAD));
            seen[got]++;
        }
        tscope_buffer_clear(&text);
        tscope_arena_clear(&parsed.arena);
    }
    for (size_t i = 0; i < TSCOPE_COUNT(seen); i++)
        ck_assert_int_gt(seen[i], 0);
    release(&parsed);
}
END_TEST

/* The stretches of one endpoint are where the model says published, from end to end, and no more. */
START_TEST(intervals_agree_with_a_slow_model)
{
    struct parsed parsed = {0};
    size_t seen = 0;

    random_state = (uint64_t)_i + 1001;
    for (int round = 0; round < 150; round++) {
        struct archive archives[2];
        struct tscope_buffer text = {0};

        draw_archive(&archives[0]);
        draw_archive(&archives[1]);
        write_archives(&text, archives);
        parse_well(&parsed, (char *)text.data);
        for (int i = 0; i < 100; i++) {
            int64_t t = T0 + (int64_t)draw(140) * DAY / 2 + (int64_t)draw(3) - 1;
            struct tscope_interval intervals[SETS_MAX];
            size_t count = tscope_history_intervals(parsed.history, 0, (uint32_t)_i % 2, intervals, SETS_MAX);
            bool within = false;

            ck_assert_uint_le(count, SETS_MAX);
            for (size_t k = 0; k < count; k++) {
                ck_assert(k == 0 || intervals[k - 1].to < intervals[k].from);
                within |= intervals[k].from <= t && t <= intervals[k].to;
            }
            ck_assert_msg(within == model_published(&archives[_i % 2], t), "seed %d round %d: at %" PRId64 " in %s", _i, round, t - T0,
                          (char *)text.data + strlen(HEAD));
            seen += within;
        }
        tscope_buffer_clear(&text);
        tscope_arena_clear(&parsed.arena);
    }
    ck_assert_uint_gt(seen, 0);
    release(&parsed);
}
END_TEST

/*
 * Honest issuers, and archives of them that took a set every so many days. A key is listed from one time to another, later or
 * earlier at the second endpoint, and is missing for half a day once. Whenever its issuer signs with it, nothing may say that
 * it was gone or not there yet. Where sets stand close, one that lacks it right before it is withdrawn, or right after it was
 * first listed, counts as the withdrawal, or as before the listing: there it is not missing.
 */
static const int thinnings[] = {1, 3, 7, 14, 30};

struct life {
    int64_t from, to, missing;
};

static bool
lists(const struct life *life, int64_t t)
{
    return t >= life->from && t <= life->to && (t < life->missing || t >= life->missing + DAY / 2);
}

static void
draw_life(struct life *life, const struct life *other, int64_t step)
{
    int64_t start = T0 + 120 * DAY, quiet = step <= 7 * DAY ? step + DAY : 0;

    life->from = other ? other->from + (int64_t)draw(6) * DAY : start + (int64_t)draw(60 * 24) * 3600;
    life->to = other ? other->to - (int64_t)draw(6) * DAY : life->from + (28 + (int64_t)draw(40)) * DAY + (int64_t)draw(24) * 3600;
    life->missing = life->from + quiet + (int64_t)draw((uint32_t)((life->to - life->from - 2 * quiet) / 3600)) * 3600;
}

static void
write_life(struct tscope_buffer *text, const struct life lives[2], int64_t step, int64_t begin, int64_t end)
{
    const char *comma = "";

    tscope_buffer_append_format(text, "%s,\"snapshots\":[", HEAD);
    for (int e = 0; e < 2; e++) {
        for (int64_t at = begin + (int64_t)draw((uint32_t)step); at < end; at += step - 1800 + (int64_t)draw(3600)) {
            tscope_buffer_append_format(text, "%s{\"endpoint\":\"%c\",\"observed_at\":%" PRId64 ",\"keys\":[\"b\"%s]}", comma, "EF"[e], at,
                                        lists(&lives[e], at) ? ",\"a\"" : "");
            comma = ",";
        }
    }
    tscope_buffer_append_text(text, "]}");
    tscope_buffer_append_byte(text, 0);
}

START_TEST(honest_key_is_never_gone_nor_early)
{
    int64_t step = thinnings[_i] * (int64_t)DAY;
    struct parsed parsed = {0};
    int seen[4] = {0};

    random_state = (uint64_t)_i + 77;
    for (int round = 0; round < 400; round++) {
        struct life lives[2];
        struct tscope_buffer text = {0};
        int64_t begin, end;

        draw_life(&lives[0], NULL, step);
        draw_life(&lives[1], &lives[0], step);
        begin = lives[0].from - 100 * DAY + (int64_t)draw(110) * DAY;
        end = lives[0].to - 10 * DAY + (int64_t)draw(120) * DAY;
        write_life(&text, lives, step, begin, end);
        parse_well(&parsed, (char *)text.data);
        for (int i = 0; i < 50; i++) {
            int64_t t = lives[0].from + (int64_t)draw((uint32_t)((lives[0].to - lives[0].from) / 60)) * 60;
            enum tscope_presence got = tscope_history_presence(parsed.history, 0, t).presence;

            ck_assert_msg(got != TSCOPE_PRESENCE_RETIRED && got != TSCOPE_PRESENCE_EARLY,
                          "every %d days, round %d: %d at %" PRId64 ", listed from %" PRId64 " to %" PRId64 ", missing from %" PRId64,
                          thinnings[_i], round, (int)got, t - T0, lives[0].from - T0, lives[0].to - T0, lives[0].missing - T0);
        }
        /* and long after, and long before, it does not stay silent where there are sets */
        seen[tscope_history_presence(parsed.history, 0, lives[0].to + 100 * DAY).presence]++;
        seen[tscope_history_presence(parsed.history, 0, lives[0].from - 90 * DAY).presence]++;
        tscope_buffer_clear(&text);
        tscope_arena_clear(&parsed.arena);
    }
    ck_assert_int_gt(seen[TSCOPE_PRESENCE_RETIRED], 100);
    ck_assert_int_gt(seen[TSCOPE_PRESENCE_EARLY], 50);
    release(&parsed);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("history");
    TCase *tests = tcase_create("history");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, history_is_read_in_order);
    tcase_add_test(tests, stated_strength_of_a_family_counts);
    tcase_add_loop_test(tests, damaged_history_is_refused, 0, (int)TSCOPE_COUNT(damaged));
    tcase_add_test(tests, every_prefix_is_refused);
    tcase_add_test(tests, syntax_error_says_where);
    tcase_add_test(tests, failed_allocation_is_reported);
    tcase_add_loop_test(tests, presence_is_what_the_sets_prove, 0, (int)TSCOPE_COUNT(questions));
    tcase_add_test(tests, answer_says_what_it_rests_on);
    tcase_add_test(tests, publications_are_listed_by_endpoint);
    tcase_add_test(tests, coverage_needs_sets_on_both_sides);
    tcase_add_loop_test(tests, presence_agrees_with_a_slow_model, 0, 8);
    tcase_add_loop_test(tests, intervals_agree_with_a_slow_model, 0, 4);
    tcase_add_loop_test(tests, honest_key_is_never_gone_nor_early, 0, TSCOPE_COUNT(thinnings));
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
