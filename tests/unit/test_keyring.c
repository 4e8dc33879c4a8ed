/* SPDX-License-Identifier: Apache-2.0 */
#include "core/buffer.h"
#include "core/json.h"
#include "core/text.h"
#include "keys_samples.h"
#include "keys_testing.h"

#include <pthread.h>

START_TEST(frozen_ring_takes_nothing_more)
{
    tscope_keyring *keyring = keyring_of(SAMPLE_EC_JWK, 1);
    struct tscope_error err = {0};

    ck_assert_int_eq(try_add(keyring, SAMPLE_EC_JWK, strlen(SAMPLE_EC_JWK), NULL, &err), TSCOPE_ERR_STATE);
    ck_assert_int_eq(tscope_keyring_add_path(keyring, "/dev/null", NULL, NULL), TSCOPE_ERR_STATE);
    ck_assert_int_eq(tscope_keyring_add_history(keyring, (const uint8_t *)"{}", 2, "h", NULL), TSCOPE_ERR_STATE);
    ck_assert_int_eq(tscope_keyring_freeze(keyring, NULL), TSCOPE_ERR_STATE);
    ck_assert_uint_eq(tscope_keyring_count(keyring), 1);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(ring_shows_its_keys_once_frozen)
{
    tscope_keyring *keyring = new_keyring();
    const tscope_key *key;

    ck_assert_int_eq(try_add(keyring, SAMPLE_EC_JWK, strlen(SAMPLE_EC_JWK), NULL, NULL), TSCOPE_OK);
    ck_assert_ptr_null(tscope_keyring_key(keyring, 0));
    ck_assert_uint_eq(tscope_keyring_find(keyring, SAMPLE_EC_THUMBPRINT, NULL, 0), 0);
    freeze(keyring);
    key = tscope_keyring_key(keyring, 0);
    ck_assert_ptr_nonnull(key);
    ck_assert_uint_eq(tscope_keyring_number(keyring, key), 0);
    ck_assert_ptr_null(tscope_keyring_key(keyring, 1));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(empty_ring_finds_nothing)
{
    tscope_keyring *keyring = new_keyring();
    uint32_t cursor = 0;
    uint8_t digest[32] = {0};

    freeze(keyring);
    ck_assert_ptr_null(tscope_keyring_next_by_kid(keyring, TSCOPE_SPAN("k"), &cursor));
    ck_assert_ptr_null(tscope_keyring_next_by_x5t(keyring, digest, &cursor));
    ck_assert_ptr_null(tscope_keyring_next_by_thumbprint(keyring, digest, &cursor));
    ck_assert_uint_eq(tscope_keyring_find(keyring, "k", NULL, 0), 0);
    tscope_keyring_free(keyring);
    tscope_keyring_free(NULL);
}
END_TEST

START_TEST(references_keep_the_ring)
{
    tscope_keyring *keyring = keyring_of(SAMPLE_EC_JWK, 1);
    tscope_keyring *other = tscope_keyring_ref(keyring);

    tscope_keyring_free(keyring);
    ck_assert_uint_eq(tscope_keyring_count(other), 1);
    tscope_keyring_free(other);
}
END_TEST

#define OCT(kid, k) "{\"kty\":\"oct\",\"k\":\"" k "\",\"kid\":\"" kid "\"}"

START_TEST(keys_of_one_kid_come_in_the_order_they_were_added)
{
    tscope_keyring *keyring = keyring_of("{\"keys\":[" OCT("b", "AAAA") "," OCT("aa", "AAAB") "," OCT("b", "AAAC") "," OCT(
                                             "", "AAAD") "," OCT("c", "AAAE") "," OCT("b", "AAAF") ",{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
                                         7);
    static const uint32_t wanted[] = {0, 2, 5};
    uint32_t cursor = 0;
    const tscope_key *key;

    for (size_t i = 0; i < TSCOPE_COUNT(wanted); i++) {
        key = tscope_keyring_next_by_kid(keyring, TSCOPE_SPAN("b"), &cursor);
        ck_assert_ptr_nonnull(key);
        ck_assert_uint_eq(tscope_keyring_number(keyring, key), wanted[i]);
    }
    ck_assert_ptr_null(tscope_keyring_next_by_kid(keyring, TSCOPE_SPAN("b"), &cursor));
    ck_assert_ptr_null(tscope_keyring_next_by_kid(keyring, TSCOPE_SPAN("b"), &cursor));
    cursor = 0;
    key = tscope_keyring_next_by_kid(keyring, TSCOPE_SPAN(""), &cursor);
    ck_assert_uint_eq(tscope_keyring_number(keyring, key), 3);
    ck_assert_ptr_null(tscope_keyring_next_by_kid(keyring, TSCOPE_SPAN(""), &cursor));
    cursor = 0;
    ck_assert_ptr_null(tscope_keyring_next_by_kid(keyring, TSCOPE_SPAN("a"), &cursor));
    ck_assert_ptr_null(tscope_keyring_next_by_kid(keyring, (struct tscope_span){NULL, 0}, &cursor));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(same_material_goes_round)
{
    tscope_keyring *keyring =
        keyring_of("{\"keys\":[" OCT("a", "AAAA") "," OCT("b", "AAAB") "," OCT("c", "AAAA") ",{}," OCT("d", "AAAA") "]}", 5);

    ck_assert_uint_eq(tscope_keyring_key(keyring, 0)->next_same, 2);
    ck_assert_uint_eq(tscope_keyring_key(keyring, 2)->next_same, 4);
    ck_assert_uint_eq(tscope_keyring_key(keyring, 4)->next_same, 0);
    ck_assert_uint_eq(tscope_keyring_key(keyring, 1)->next_same, 1);
    ck_assert_uint_eq(tscope_keyring_key(keyring, 3)->next_same, 3);
    ck_assert_ptr_null(tscope_key_thumbprint(tscope_keyring_key(keyring, 3)));
    tscope_keyring_free(keyring);
}
END_TEST

static const char *const names[] = {
    "k1",
    SAMPLE_RSA_THUMBPRINT,
    SAMPLE_CERTIFICATE_X5T,
    SAMPLE_CERTIFICATE_SHA1,
    "BC:32:50:B6:69:10:CC:67:67:C0:77:B7:DF:B9:06:5C:CE:21:12:48",
};

START_TEST(key_is_found_by_every_name)
{
    static const char text[] = "{\"kid\":\"k1\",\"x5t\":\"" SAMPLE_CERTIFICATE_X5T "\",\"x5c\":[\"" SAMPLE_CERTIFICATE_BASE64 "\"]}";
    tscope_keyring *keyring = new_keyring();
    const tscope_key *found[4] = {NULL};
    char modulus[33], spaced[64];
    const tscope_key *key;

    ck_assert_int_eq(try_add(keyring, SAMPLE_EC_SPKI, strlen(SAMPLE_EC_SPKI), NULL, NULL), TSCOPE_OK);
    ck_assert_int_eq(try_add(keyring, text, strlen(text), NULL, NULL), TSCOPE_OK);
    freeze(keyring);
    key = tscope_keyring_key(keyring, 1);
    for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
        ck_assert_uint_eq(tscope_keyring_find(keyring, names[i], found, 4), 1);
        ck_assert_ptr_eq(found[0], key);
    }
    tscope_text_to_hex(key->numbers.n.data, 16, modulus);
    snprintf(spaced, sizeof(spaced), "00:%.2s:%s", modulus, modulus + 2);
    ck_assert_uint_eq(tscope_keyring_find(keyring, spaced, found, 4), 1);
    ck_assert_uint_eq(tscope_keyring_find(keyring, modulus, NULL, 0), 1);
    modulus[16] = '\0';
    ck_assert_uint_eq(tscope_keyring_find(keyring, modulus, found, 0), 1);
    modulus[15] = '\0';
    ck_assert_uint_eq(tscope_keyring_find(keyring, modulus, found, 4), 0);
    ck_assert_uint_eq(tscope_keyring_find(keyring, "", found, 4), 0);
    ck_assert_uint_eq(tscope_keyring_find(keyring, ":", found, 4), 0);
    ck_assert_uint_eq(tscope_keyring_find(keyring, NULL, found, 4), 0);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(certificate_without_x5t_is_found_by_its_own)
{
    tscope_keyring *keyring = keyring_of(SAMPLE_CERTIFICATE, 1);

    ck_assert_uint_eq(tscope_keyring_find(keyring, SAMPLE_CERTIFICATE_SHA1, NULL, 0), 1);
    tscope_keyring_free(keyring);
}
END_TEST

static void
append_set(struct tscope_buffer *text, int count, bool same_kid)
{
    tscope_buffer_append_text(text, "{\"keys\":[");
    for (int i = 0; i < count; i++)
        tscope_buffer_append_format(text, "%s{\"kty\":\"oct\",\"kid\":\"%d\",\"k\":\"%08d\"}", i ? "," : "", same_kid ? 7 : i, i);
    tscope_buffer_append_text(text, "]}");
}

START_TEST(large_sets_are_not_quadratic)
{
    int count = _i ? 100000 : 20000;
    tscope_keyring *keyring = new_keyring();
    struct tscope_buffer text = {0};
    struct tscope_keys_added added;
    uint32_t cursor = 0;
    int walked = 0;

    append_set(&text, count, _i == 0);
    ck_assert_int_eq(try_add(keyring, text.data, text.len, &added, NULL), TSCOPE_OK);
    ck_assert_uint_eq(added.keys, (size_t)count);
    freeze(keyring);
    while (tscope_keyring_next_by_kid(keyring, TSCOPE_SPAN("7"), &cursor))
        walked++;
    ck_assert_int_eq(walked, _i ? 1 : count);
    tscope_buffer_clear(&text);
    tscope_keyring_free(keyring);
}
END_TEST

static void *
use_all(void *context)
{
    tscope_keyring *keyring = context;

    for (size_t i = 0; i < tscope_keyring_count(keyring); i++) {
        const tscope_key *key = tscope_keyring_key(keyring, i);
        tscope_pkey *pkey = NULL;
        enum tscope_key_flaw flaw;

        if (tscope_keyring_pkey(keyring, key, &pkey, &flaw, NULL) != TSCOPE_OK || !pkey)
            return NULL;
        tscope_keyring_certificate(keyring, key);
    }
    return keyring;
}

/* Kids whose hashes lie beside each other, as whoever makes a set may choose them: each is found, and no other. */
#define COLLIDING 64

START_TEST(kids_that_collide_are_found)
{
    struct tscope_buffer text = {0};
    char kids[COLLIDING + 8][16];
    tscope_keyring *keyring = new_keyring();
    uint32_t found = 0;

    tscope_buffer_append_text(&text, "[");
    for (uint32_t i = 0; found < COLLIDING + 8; i++) {
        snprintf(kids[found], sizeof(kids[found]), "k%u", i);
        if ((tscope_hash32(kids[found], strlen(kids[found])) & 127) > 1) /* the table of 64 keys has 128 places */
            continue;
        if (found < COLLIDING)
            tscope_buffer_append_format(&text, "%s{\"kty\":\"oct\",\"kid\":\"%s\",\"k\":\"AAAA\"}", found ? "," : "", kids[found]);
        found++;
    }
    tscope_buffer_append_text(&text, "]");
    ck_assert_int_eq(try_add(keyring, text.data, text.len, NULL, NULL), TSCOPE_OK);
    freeze(keyring);
    for (uint32_t i = 0; i < COLLIDING + 8; i++) {
        const tscope_key *key = NULL;

        ck_assert_uint_eq(tscope_keyring_find(keyring, kids[i], &key, 1), i < COLLIDING);
        if (i < COLLIDING)
            ck_assert_str_eq(tscope_key_kid(key), kids[i]);
    }
    tscope_keyring_free(keyring);
    tscope_buffer_clear(&text);
}
END_TEST

/* Of moduli that begin alike all are found, whatever their length; a zero in front means nothing. */
START_TEST(moduli_are_found_by_their_begin)
{
    tscope_keyring *keyring = keyring_of("[{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"ASNFZ4mrze8BI0VniavN7w\",\"e\":\"AQAB\"},"
                                         "{\"kty\":\"RSA\",\"kid\":\"b\",\"n\":\"ASNFZ4mrze8\",\"e\":\"AQAB\"},"
                                         "{\"kty\":\"RSA\",\"kid\":\"c\",\"n\":\"AAEjRWeJq83wAA\",\"e\":\"AQAB\"}]",
                                         3);
    static const struct {
        const char *digits;
        size_t count;
    } rows[] = {{"0123456789abcdef", 2},  {"0123456789ABCDEF", 2},  {"000123456789abcdef", 2},
                {"0123456789abcdef0", 1}, {"0123456789abcdef1", 0}, {"0123456789abcdf0", 1},
                {"0123456789abcde", 0},   {"0123456789abcdee", 0},  {"ffffffffffffffff", 0}};

    for (size_t i = 0; i < TSCOPE_COUNT(rows); i++)
        ck_assert_msg(tscope_keyring_find(keyring, rows[i].digits, NULL, 0) == rows[i].count, "%s", rows[i].digits);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(modulus_is_found_as_a_jwk_has_it)
{
    tscope_keyring *keyring = keyring_of(SAMPLE_RSA_JWK, 1);
    const char *begin = strstr(SAMPLE_RSA_JWK, "\"n\":\"") + 5;
    char modulus[512];

    snprintf(modulus, sizeof(modulus), "%.*s", (int)strcspn(begin, "\""), begin);
    ck_assert_uint_eq(tscope_keyring_find(keyring, modulus, NULL, 0), 1);
    modulus[strlen(modulus) - 3] = '\0';
    ck_assert_uint_eq(tscope_keyring_find(keyring, modulus, NULL, 0), 1);
    modulus[0] = modulus[0] == 'A' ? 'B' : 'A';
    ck_assert_uint_eq(tscope_keyring_find(keyring, modulus, NULL, 0), 0);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(threads_share_what_is_made_on_first_use)
{
    static const char text[] = SAMPLE_EC_SPKI SAMPLE_RSA_SPKI SAMPLE_CERTIFICATE SAMPLE_ODD_CERTIFICATE SAMPLE_ED25519_SPKI;

    for (int round = 0; round < 50; round++) {
        tscope_keyring *keyring = keyring_of(text, 5);
        pthread_t threads[4];

        for (size_t i = 0; i < TSCOPE_COUNT(threads); i++)
            ck_assert_int_eq(pthread_create(&threads[i], NULL, use_all, keyring), 0);
        for (size_t i = 0; i < TSCOPE_COUNT(threads); i++) {
            void *result = NULL;

            pthread_join(threads[i], &result);
            ck_assert_ptr_nonnull(result);
        }
        tscope_keyring_free(keyring);
    }
}
END_TEST

#define HISTORY                                                                                                         \
    "{\"format\":\"tokenscope-key-history/"                                                                             \
    "1\",\"keys\":[{\"id\":\"a\",\"jwk\":{\"kid\":\"ka\",\"kty\":\"RSA\"},\"certificate\":\"" SAMPLE_CERTIFICATE_BASE64 \
    "\",\"family\":\"msa-consumer\",\"cloud\":\"public\"}],\"endpoints\":[{\"id\":\"E\"}],"                             \
    "\"sightings\":[{\"key\":\"a\",\"endpoint\":\"E\",\"at\":\"2020-01-01\",\"source\":\"s\",\"kind\":\"archive\"}],"   \
    "\"notices\":[{\"key\":\"a\",\"status\":\"compromised\",\"withdrawn_at\":\"2023-07-05\",\"reference\":\"r\"}]}"

START_TEST(history_key_stands_beside_the_given_one)
{
    tscope_keyring *keyring = new_keyring();
    const struct tscope_history *const *histories;
    const tscope_key *key, *found[2];
    struct tscope_error err = {0};
    char *json = NULL;
    size_t len = 0;

    ck_assert_int_eq(try_add(keyring, SAMPLE_RSA_SPKI, strlen(SAMPLE_RSA_SPKI), NULL, NULL), TSCOPE_OK);
    ck_assert_msg(tscope_keyring_add_history(keyring, (const uint8_t *)HISTORY, strlen(HISTORY), "h.json", &err) == TSCOPE_OK, "%s",
                  err.message);
    freeze(keyring);
    ck_assert_uint_eq(tscope_keyring_histories(keyring, &histories), 1);
    ck_assert_uint_eq(tscope_keyring_count(keyring), 2);
    ck_assert_uint_eq(tscope_keyring_key(keyring, 0)->next_same, 1);
    ck_assert_uint_eq(tscope_keyring_find(keyring, SAMPLE_CERTIFICATE_SHA1, found, 2), 1);
    key = tscope_keyring_key(keyring, 1);
    ck_assert_ptr_eq(found[0], key);
    ck_assert_str_eq(tscope_key_kid(key), "ka");
    ck_assert_str_eq(tscope_key_source(key), "h.json");
    ck_assert_str_eq(tscope_key_family(key), "msa-consumer");
    ck_assert_ptr_null(tscope_key_family(tscope_keyring_key(keyring, 0)));
    ck_assert_ptr_eq(tscope_keyring_certificate(keyring, key), key->certificate);
    for (unsigned flags = 0; flags < 4; flags++) {
        struct tscope_arena arena = {0};
        struct tscope_json index;

        ck_assert_int_eq(tscope_key_json(keyring, key, flags, &json, &len, NULL), TSCOPE_OK);
        ck_assert_int_eq(tscope_json_read(&index, &arena, (uint8_t *)json, len, TSCOPE_JSON_LIMITS_TOKEN, NULL), TSCOPE_OK);
        ck_assert(index.strict);
        ck_assert(tscope_json_string_is(&index, tscope_json_at(&index, "/schema"), "tokenscope.key/1"));
        ck_assert(tscope_json_string_is(&index, tscope_json_at(&index, "/histories/0/family"), "msa-consumer"));
        ck_assert(tscope_json_string_is(&index, tscope_json_at(&index, "/histories/0/family_from"), "notice"));
        ck_assert(tscope_json_string_is(&index, tscope_json_at(&index, "/histories/0/published/0/first"), "2020-01-01T00:00:00Z"));
        ck_assert(tscope_json_string_is(&index, tscope_json_at(&index, "/x5t_hex"), SAMPLE_CERTIFICATE_SHA1));
        ck_assert((tscope_json_at(&index, "/n") != NULL) == ((flags & TSCOPE_KEY_JSON_FULL) != 0));
        tscope_arena_clear(&arena);
        tscope_free(json);
    }
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(hosts_of_issuers_have_marks)
{
    static const struct {
        const char *a, *b;
        bool same;
    } known[] = {
        {"https://a.example/x", "https://a.example/y", true},
        {"https://a.example/x", "https://a.example", true},
        {"https://a.example/{tenantid}/", "https://a.example/t/", true},
        {"https://a.example/", "https://b.example/", false},
        {"https://a.example/", "https://a.example:443/", false},
        {"https://a.example/", "https://A.example/", false},
        {"https://a", "https://ab", false},
    };
    static const char *const unknown[] = {"",          "https://",         "http://a.example/",
                                          "a.example", "https://{host}/x", "https://a.{region}.example"};

    for (size_t i = 0; i < TSCOPE_COUNT(known); i++) {
        uint32_t a = tscope_issuer_host_mark(tscope_span_text(known[i].a)), b = tscope_issuer_host_mark(tscope_span_text(known[i].b));

        ck_assert_msg(a && b && (a == b) == known[i].same, "%s %s", known[i].a, known[i].b);
    }
    for (size_t i = 0; i < TSCOPE_COUNT(unknown); i++)
        ck_assert_msg(tscope_issuer_host_mark(tscope_span_text(unknown[i])) == 0, "%s", unknown[i]);
}
END_TEST

#define ENDPOINT(id, url, rest) "{\"id\":\"" id "\",\"url\":\"" url "\"" rest "}"
#define ENDPOINTS(list) "{\"format\":\"tokenscope-key-history/1\",\"keys\":[],\"endpoints\":[" list "]}"

#define STATES(issuer, families) ",\"issuer\":\"https://" issuer "/\"" families
#define SERVES ",\"families\":[\"f\"]"

/* All endpoints, of which the first is returned: they stand one behind the other. */
static const struct tscope_ring_endpoint *
all_endpoints(const tscope_keyring *keyring, size_t *ret_len)
{
    size_t cursor = 0;
    const struct tscope_ring_endpoint *first = tscope_keyring_next_endpoint(keyring, 0, &cursor);

    for (*ret_len = first ? 1 : 0; tscope_keyring_next_endpoint(keyring, 0, &cursor);)
        (*ret_len)++;
    return first;
}

START_TEST(endpoints_say_what_another_history_states)
{
    static const char *const histories[] = {
        ENDPOINTS(ENDPOINT("0", "https://k.example/1", "") "," ENDPOINT("1", "https://k.example/1", STATES("i2.example", "")) "," ENDPOINT(
            "2", "https://k.example/1", STATES("i9.example", "")) "," ENDPOINT("3", "https://k.example/2", "") ",{\"id\":\"4\"}"),
        ENDPOINTS(ENDPOINT("5", "https://k.example/1", STATES("i3.example", SERVES)) "," ENDPOINT(
            "6", "https://k.example/1", STATES("i2.example", SERVES)) "," ENDPOINT("7", "https://k.example/1",
                                                                                   STATES("i2.example", SERVES))),
    };
    static const size_t stated[] = {5, 6, 2, 3, 4, 5, 6, 7}; /* the first of the url, and of the issuer where that is said */
    tscope_keyring *keyring = new_keyring();
    const struct tscope_ring_endpoint *endpoints;
    struct tscope_error err = {0};
    size_t cursor = 0, len;

    for (size_t i = 0; i < TSCOPE_COUNT(histories); i++)
        ck_assert_msg(tscope_keyring_add_history(keyring, (const uint8_t *)histories[i], strlen(histories[i]), "h", &err) == TSCOPE_OK,
                      "%s", err.message);
    freeze(keyring);
    endpoints = all_endpoints(keyring, &len);
    ck_assert_uint_eq(len, TSCOPE_COUNT(stated));
    for (size_t i = 0; i < TSCOPE_COUNT(stated); i++)
        ck_assert_msg(endpoints[i].row == &endpoints[stated[i]].history->endpoints[endpoints[stated[i]].endpoint], "%zu", i);
    ck_assert_ptr_eq(tscope_keyring_next_endpoint(keyring, 0, &cursor), &endpoints[0]);
    ck_assert_ptr_eq(tscope_keyring_next_endpoint(keyring, 0, &cursor), &endpoints[1]);
    cursor = 0;
    for (size_t i = 0; i < 4; i++) { /* 3 and 4 have no issuer, 6 and 7 are of i2, as 1 */
        static const size_t of_i2[] = {1, 3, 4, 6};

        ck_assert_ptr_eq(tscope_keyring_next_endpoint(keyring, tscope_issuer_host_mark(TSCOPE_SPAN("https://i2.example/x")), &cursor),
                         &endpoints[of_i2[i]]);
    }
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(endpoints_of_many_histories_cost_no_square)
{
    struct tscope_buffer text = {0};
    tscope_keyring *keyring = new_keyring();
    const struct tscope_ring_endpoint *endpoints;
    struct tscope_error err = {0};
    size_t len;

    tscope_buffer_append_text(&text, "{\"format\":\"tokenscope-key-history/1\",\"keys\":[],\"endpoints\":[");
    for (int i = 0; i < 100000; i++)
        tscope_buffer_append_format(&text, "%s{\"id\":\"%d\",\"url\":\"https://k.example/%d\"%s}", i ? "," : "", i, i / 2,
                                    i % 2 ? STATES("i.example", SERVES) : "");
    tscope_buffer_append_text(&text, "]}");
    ck_assert_msg(tscope_keyring_add_history(keyring, text.data, text.len, "h", &err) == TSCOPE_OK, "%s", err.message);
    freeze(keyring);
    endpoints = all_endpoints(keyring, &len);
    ck_assert_uint_eq(len, 100000);
    ck_assert_ptr_eq(endpoints[99998].row, &endpoints[99999].history->endpoints[99999]);
    tscope_buffer_clear(&text);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(kids_that_are_shared_are_known)
{
    tscope_keyring *keyring =
        keyring_of("{\"keys\":[" OCT("b", "AAAA") "," OCT("aa", "AAAB") "," OCT("b", "AAAC") "," OCT("", "AAAD") "," OCT(
                       "c", "AAAE") ",{\"kty\":\"oct\",\"k\":\"AAAA\"},{\"kty\":\"oct\",\"k\":\"AAAF\"}]}",
                   7);
    static const bool wanted[] = {true, false, true, false, false, false, false};

    for (size_t i = 0; i < TSCOPE_COUNT(wanted); i++)
        ck_assert_msg(tscope_keyring_shares_kid(keyring, tscope_keyring_key(keyring, i)) == wanted[i], "%zu", i);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(failed_allocation_of_json_is_reported)
{
    tscope_keyring *keyring = new_keyring();
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    char *json = NULL;
    size_t len;

    ck_assert_int_eq(tscope_keyring_add_history(keyring, (const uint8_t *)HISTORY, strlen(HISTORY), "h", NULL), TSCOPE_OK);
    freeze(keyring);
    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        tscope_alloc_fail_from(n);
        status = tscope_key_json(keyring, tscope_keyring_key(keyring, 0), TSCOPE_KEY_JSON_FULL, &json, &len, NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
    }
    tscope_free(json);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(input_over_the_limit_is_refused)
{
    tscope_keyring *keyring = new_keyring();
    uint8_t *bytes = calloc(1, (size_t)TSCOPE_KEYS_INPUT_MAX + 1);

    memset(bytes, ' ', (size_t)TSCOPE_KEYS_INPUT_MAX + 1);
    ck_assert_int_eq(tscope_keyring_add(keyring, bytes, (size_t)TSCOPE_KEYS_INPUT_MAX + 1, "n", NULL, NULL, NULL), TSCOPE_ERR_TOO_LARGE);
    ck_assert_int_eq(tscope_keyring_add(keyring, bytes, TSCOPE_KEYS_INPUT_MAX, "n", NULL, NULL, NULL), TSCOPE_ERR_DATA);
    ck_assert_int_eq(tscope_keyring_add(keyring, NULL, 0, NULL, NULL, NULL, NULL), TSCOPE_ERR_DATA);
    free(bytes);
    tscope_keyring_free(keyring);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("keyring");
    TCase *tests = tcase_create("keyring");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, frozen_ring_takes_nothing_more);
    tcase_add_test(tests, ring_shows_its_keys_once_frozen);
    tcase_add_test(tests, empty_ring_finds_nothing);
    tcase_add_test(tests, references_keep_the_ring);
    tcase_add_test(tests, keys_of_one_kid_come_in_the_order_they_were_added);
    tcase_add_test(tests, same_material_goes_round);
    tcase_add_test(tests, key_is_found_by_every_name);
    tcase_add_test(tests, certificate_without_x5t_is_found_by_its_own);
    tcase_add_loop_test(tests, large_sets_are_not_quadratic, 0, 2);
    tcase_add_test(tests, kids_that_collide_are_found);
    tcase_add_test(tests, moduli_are_found_by_their_begin);
    tcase_add_test(tests, modulus_is_found_as_a_jwk_has_it);
    tcase_add_test(tests, threads_share_what_is_made_on_first_use);
    tcase_add_test(tests, history_key_stands_beside_the_given_one);
    tcase_add_test(tests, hosts_of_issuers_have_marks);
    tcase_add_test(tests, endpoints_say_what_another_history_states);
    tcase_add_test(tests, endpoints_of_many_histories_cost_no_square);
    tcase_add_test(tests, kids_that_are_shared_are_known);
    tcase_add_test(tests, failed_allocation_of_json_is_reported);
    tcase_add_test(tests, input_over_the_limit_is_refused);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
