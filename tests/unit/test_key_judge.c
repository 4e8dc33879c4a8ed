/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key_judge.h"

#include "core/base64url.h"
#include "core/text.h"
#include "keys_testing.h"
#include "quality_samples.h"

#define X "\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\""
#define Y "\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\""
#define EC "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"1\",\"x\":" X ",\"y\":" Y "}"
#define EC_OFF "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"1\",\"x\":" X ",\"y\":" X "}"
#define EC_NAMED(kid) "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"" kid "\",\"x\":" X ",\"y\":" Y "}"
#define OCT "{\"kty\":\"oct\",\"kid\":\"1\",\"k\":\"GawgguFyGrWKav7AX4VKUg\"}"
#define ED "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"1\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}"
#define ED_PADDED "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"}"
#define SET(keys) "{\"keys\":[" keys "]}"

static struct tscope_key_judgement
judgement_of(const tscope_keyring *keyring, size_t number)
{
    const tscope_key *key = tscope_keyring_key(keyring, number);
    struct tscope_key_judgement first, second;

    ck_assert(!tscope_keyring_is_sound(keyring, key)); /* nobody asked yet */
    ck_assert_int_eq(tscope_keyring_judge(keyring, key, &first, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_judge(keyring, key, &second, NULL), TSCOPE_OK);
    ck_assert_mem_eq(first.found, second.found, sizeof(first.found));
    ck_assert_mem_eq(first.weights, second.weights, sizeof(first.weights));
    ck_assert(first.weakness == second.weakness && first.factor == second.factor);
    return first;
}

static size_t
count_found(const struct tscope_key_judgement *judgement)
{
    size_t count = 0;

    for (size_t i = 0; i < TSCOPE_FAULT_COUNT; i++)
        count += judgement->found[i];
    return count;
}

static const struct {
    const char *text;
    size_t keys;
    int kind; /* the only one found in the first key; -1: none */
    enum tscope_key_fault_weight weight;
} sets[] = {
    {SET(EC), 1, -1, TSCOPE_FAULT_FULL},
    {SET(OCT), 1, -1, TSCOPE_FAULT_FULL},
    {SET(EC_OFF), 1, TSCOPE_FAULT_EC_POINT, TSCOPE_FAULT_LESS},
    {SET(ED_PADDED), 1, TSCOPE_FAULT_B64, TSCOPE_FAULT_FULL},
    {SET(EC "," ED), 2, -1, TSCOPE_FAULT_FULL},
    {SET(EC "," EC), 2, -1, TSCOPE_FAULT_FULL},
    {SET(EC "," EC_OFF), 2, TSCOPE_FAULT_KID_DUP, TSCOPE_FAULT_FULL},
    {SET(EC ",{\"kty\":\"EC\",\"kid\":\"1\"}"), 2, TSCOPE_FAULT_KID_DUP, TSCOPE_FAULT_FULL}, /* which one is meant? */
    {SET(EC ",{\"kty\":\"oct\",\"kid\":\"1\"}"), 2, -1, TSCOPE_FAULT_FULL},
    {SET(EC "," EC_NAMED("2")), 2, TSCOPE_FAULT_MAT_REUSE, TSCOPE_FAULT_FULL},
};

START_TEST(key_is_judged_in_its_set)
{
    tscope_keyring *keyring = keyring_of(sets[_i].text, sets[_i].keys);
    struct tscope_key_judgement judgement = judgement_of(keyring, 0);

    ck_assert_uint_eq(count_found(&judgement), sets[_i].kind >= 0);
    if (sets[_i].kind >= 0) {
        ck_assert(judgement.found[sets[_i].kind]);
        ck_assert_int_eq(judgement.weights[sets[_i].kind], sets[_i].weight);
    }
    ck_assert_int_eq(tscope_keyring_is_sound(keyring, tscope_keyring_key(keyring, 0)), sets[_i].kind < 0);
    tscope_keyring_free(keyring);
}
END_TEST

static void
add_of(tscope_keyring *keyring, const char *text, const char *name, const char *issuer)
{
    ck_assert_int_eq(tscope_keyring_add(keyring, (const uint8_t *)text, strlen(text), name, issuer, NULL, NULL), TSCOPE_OK);
}

static const struct {
    const char *first, *second, *kid;
    bool found;
    enum tscope_key_fault_weight weight;
} issuers[] = {
    {"https://a.example", "https://a.example", "key-1", true, TSCOPE_FAULT_FULL},
    {"https://a.example", "https://a.example", "key1", true, TSCOPE_FAULT_LESS},
    {"https://a.example", "https://a.example", "20260", true, TSCOPE_FAULT_LESS},
    {"https://a.example", "https://b.example", "key-1", false, TSCOPE_FAULT_FULL},
    {"https://a.example", NULL, "key-1", false, TSCOPE_FAULT_FULL},
    {NULL, NULL, "key-1", false, TSCOPE_FAULT_FULL},
};

/* A set of one key that has the kid, with the point or off it. */
static void
add_named(tscope_keyring *keyring, const char *kid, const char *y, const char *name, const char *issuer)
{
    char text[512];

    snprintf(text, sizeof(text), "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":" X ",\"y\":%s}]}", kid, y);
    add_of(keyring, text, name, issuer);
}

START_TEST(kid_of_another_key_counts_in_sets_of_one_issuer)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_key_judgement judgement;

    add_named(keyring, issuers[_i].kid, Y, "first", issuers[_i].first);
    add_named(keyring, issuers[_i].kid, X, "second", issuers[_i].second);
    freeze(keyring);
    judgement = judgement_of(keyring, 0);
    ck_assert_int_eq(judgement.found[TSCOPE_FAULT_KID_REUSE], issuers[_i].found);
    ck_assert_int_eq(judgement.weights[TSCOPE_FAULT_KID_REUSE], issuers[_i].weight);
    ck_assert_uint_eq(count_found(&judgement), issuers[_i].found);
    tscope_keyring_free(keyring);
}
END_TEST

/* bits of pseudo-random modulus, odd; different for each seed */
static void
append_rsa(struct tscope_buffer *text, size_t bits, uint32_t seed, const char *e)
{
    uint8_t bytes[512];
    size_t len = (bits + 7) / 8;
    uint32_t state = seed * 2654435761u + 1;

    for (size_t i = 0; i < len; i++) {
        state = state * 1664525 + 1013904223;
        bytes[i] = (uint8_t)(state >> 24);
    }
    bytes[0] = (uint8_t)((bits % 8 ? 1u << (bits % 8 - 1) : 0x80) | (bits % 8 ? 0 : (bytes[0] & 0x7f)));
    bytes[len - 1] |= 1;
    tscope_buffer_append_text(text, text->len > 1 ? "," : "");
    tscope_buffer_append_text(text, "{\"kty\":\"RSA\",\"e\":\"");
    tscope_buffer_append_text(text, e);
    tscope_buffer_append_text(text, "\",\"n\":\"");
    tscope_base64url_encode(text, bytes, len);
    tscope_buffer_append_text(text, "\"}");
}

static struct tscope_key_judgement
judgement_of_rsa(size_t bits, const char *e)
{
    struct tscope_buffer text = {0};
    struct tscope_key_judgement judgement;
    tscope_keyring *keyring;

    tscope_buffer_append_text(&text, "[");
    append_rsa(&text, bits, 1, e);
    tscope_buffer_append(&text, "]", 2);
    keyring = keyring_of((const char *)text.data, 1);
    judgement = judgement_of(keyring, 0);
    tscope_keyring_free(keyring);
    tscope_buffer_clear(&text);
    return judgement;
}

static const struct {
    size_t bits;
    bool found;
    enum tscope_key_fault_weight weight;
} sizes[] = {
    {1016, true, TSCOPE_FAULT_FULL}, {1023, true, TSCOPE_FAULT_FULL},  {1024, true, TSCOPE_FAULT_LESS},  {1025, true, TSCOPE_FAULT_LESS},
    {2047, true, TSCOPE_FAULT_LESS}, {2048, false, TSCOPE_FAULT_FULL}, {2049, false, TSCOPE_FAULT_FULL},
};

START_TEST(small_modulus_is_graded_by_what_has_been_factored)
{
    struct tscope_key_judgement judgement = judgement_of_rsa(sizes[_i].bits, "AQAB");

    ck_assert_int_eq(judgement.found[TSCOPE_FAULT_RSA_SMALL], sizes[_i].found);
    if (sizes[_i].found)
        ck_assert_int_eq(judgement.weights[TSCOPE_FAULT_RSA_SMALL], sizes[_i].weight);
}
END_TEST

static const struct {
    const char *e;
    bool found;
} exponents[] = {
    {"AQ", true},      {"Ag", true},      {"Aw", true},      {"AP__", true},         {"AQAB", false},
    {"AAEAAQ", false}, {"_____w", false}, {"AQAAAAE", true}, {"AQAAAAAAAAAB", true},
};

START_TEST(exponent_is_an_anomaly_at_most)
{
    struct tscope_key_judgement judgement = judgement_of_rsa(2048, exponents[_i].e);

    ck_assert_int_eq(judgement.found[TSCOPE_FAULT_RSA_EXP], exponents[_i].found);
    if (exponents[_i].found)
        ck_assert_int_eq(judgement.weights[TSCOPE_FAULT_RSA_EXP], TSCOPE_FAULT_LESS);
}
END_TEST

static void
append_hex(struct tscope_buffer *text, const char *hex)
{
    uint8_t bytes[256];
    size_t len = strlen(hex) / 2;

    ck_assert(tscope_text_from_hex(tscope_span_text(hex), bytes, len));
    tscope_buffer_append_text(text, text->len > 1 ? "," : "");
    tscope_buffer_append_text(text, "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"");
    tscope_base64url_encode(text, bytes, len);
    tscope_buffer_append_text(text, "\"}");
}

/* Two that share a prime, at the ends of a ring of so many keys with different moduli. */
static bool
finds_shared_among(size_t keys)
{
    struct tscope_buffer text = {0};
    struct tscope_key_judgement judgement;
    tscope_keyring *keyring;

    tscope_buffer_append_text(&text, "[");
    append_hex(&text, sound);
    for (size_t i = 2; i < keys; i++)
        append_rsa(&text, 1024, (uint32_t)i, "AQAB");
    append_hex(&text, sound_other);
    tscope_buffer_append(&text, "]", 2);
    keyring = keyring_of((const char *)text.data, keys);
    judgement = judgement_of(keyring, 0);
    tscope_keyring_free(keyring);
    tscope_buffer_clear(&text);
    ck_assert_int_eq(judgement.weakness, TSCOPE_RSA_WEAKNESS_NONE);
    return judgement.found[TSCOPE_FAULT_RSA_WEAK];
}

START_TEST(shared_prime_is_looked_for_among_a_bounded_number)
{
    ck_assert(finds_shared_among(2));
    ck_assert(finds_shared_among(TSCOPE_KEY_COMPARED_MAX));
    ck_assert(finds_shared_among(TSCOPE_KEY_COMPARED_MAX + 1));
    ck_assert(!finds_shared_among(TSCOPE_KEY_COMPARED_MAX + 2));
}
END_TEST

START_TEST(running_out_of_memory_leaves_the_key_unjudged)
{
    struct tscope_buffer text = {0};
    struct tscope_key_judgement judgement;
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    tscope_keyring *keyring;

    tscope_buffer_append_text(&text, "[");
    append_hex(&text, sound);
    append_hex(&text, sound_other);
    tscope_buffer_append(&text, "]", 2);
    keyring = keyring_of((const char *)text.data, 2);
    for (unsigned long n = 1; status == TSCOPE_ERR_NO_MEMORY && n < 100; n++) {
        tscope_alloc_fail_from(n);
        status = tscope_keyring_judge(keyring, tscope_keyring_key(keyring, 0), &judgement, NULL);
        tscope_alloc_fail_from(0);
    }
    ck_assert_int_eq(status, TSCOPE_OK);
    ck_assert(judgement.found[TSCOPE_FAULT_RSA_WEAK]);
    tscope_keyring_free(keyring);
    tscope_buffer_clear(&text);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("key_judge");
    TCase *tests = tcase_create("key_judge");

    tcase_add_loop_test(tests, key_is_judged_in_its_set, 0, TSCOPE_COUNT(sets));
    tcase_add_loop_test(tests, kid_of_another_key_counts_in_sets_of_one_issuer, 0, TSCOPE_COUNT(issuers));
    tcase_add_loop_test(tests, small_modulus_is_graded_by_what_has_been_factored, 0, TSCOPE_COUNT(sizes));
    tcase_add_loop_test(tests, exponent_is_an_anomaly_at_most, 0, TSCOPE_COUNT(exponents));
    tcase_add_test(tests, shared_prime_is_looked_for_among_a_bounded_number);
    tcase_add_test(tests, running_out_of_memory_leaves_the_key_unjudged);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
