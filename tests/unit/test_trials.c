/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/tokenscope.h>

#include "core/base64url.h"
#include "core/buffer.h"
#include "inspect/inspection.h"
#include "inspect/secrets.h"
#include "keys_testing.h"

/* What keys that somebody else chose may cost the examiner: how many are tried, how large ones, and how many forms of one are heard. */

#define RS256 "eyJhbGciOiJSUzI1NiJ9"
#define ES256 "eyJhbGciOiJFUzI1NiJ9"
#define HS256 "eyJhbGciOiJIUzI1NiJ9"
#define CLAIMS "eyJpc3MiOiJodHRwczovL2hvdXNlLmV4YW1wbGUifQ"

static void
append_number(struct tscope_buffer *set, size_t bytes, uint8_t seed)
{
    uint8_t *number = malloc(bytes);

    ck_assert_ptr_nonnull(number);
    memset(number, 0xc5, bytes);
    number[0] = 0xc5;
    number[bytes / 2] = seed;
    tscope_base64url_encode(set, number, bytes);
    free(number);
}

/* No two alike; the exponent is odd whatever its length. */
static void
append_rsa(struct tscope_buffer *set, size_t bits, size_t exponent, uint8_t seed)
{
    tscope_buffer_append_text(set, "{\"kty\":\"RSA\",\"n\":\"");
    append_number(set, bits / 8, seed);
    tscope_buffer_append_text(set, "\",\"e\":\"");
    append_number(set, exponent, 1);
    tscope_buffer_append_text(set, "\"}");
}

/* Off its curve: only libcrypto can say so. */
static void
append_ec(struct tscope_buffer *set, uint8_t seed)
{
    tscope_buffer_append_text(set, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"");
    append_number(set, 32, seed);
    tscope_buffer_append_text(set, "\",\"y\":\"");
    append_number(set, 32, 7);
    tscope_buffer_append_text(set, "\"}");
}

struct judged {
    tscope_keyring *keyring;
    tscope_profile *profile;
    tscope_inspector *inspector;
    tscope_report *report;
    const struct tscope_resolution *resolution;
};

static void
judge_token(struct judged *judged, tscope_keyring *keyring, size_t trials, const void *token, size_t len)
{
    struct tscope_limits limits = {.size = sizeof(limits), .signature_trials = trials};
    struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = 1788220800};

    *judged = (struct judged){.keyring = keyring};
    ck_assert_int_eq(tscope_profile_new(NULL, &judged->profile, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspector_new(keyring, judged->profile, &limits, NULL, &judged->inspector, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_inspect(judged->inspector, token, len, &moment, &judged->report, NULL), TSCOPE_OK);
    ck_assert_uint_eq(judged->report->root.signatures_len, 1);
    judged->resolution = &judged->report->root.signatures[0].resolution;
}

static void
judge(struct judged *judged, tscope_keyring *keyring, size_t trials, const char *header, const char *claims, size_t claims_len,
      size_t signature_len)
{
    static const uint8_t signature[256] = {1};
    struct tscope_buffer token = {0};

    tscope_buffer_append_text(&token, header);
    tscope_buffer_append_byte(&token, '.');
    tscope_buffer_append(&token, (const uint8_t *)claims, claims_len);
    tscope_buffer_append_byte(&token, '.');
    tscope_base64url_encode(&token, signature, signature_len);
    ck_assert(!token.failed);
    judge_token(judged, keyring, trials, token.data, token.len);
    tscope_buffer_clear(&token);
}

static void
judged_clear(struct judged *judged)
{
    tscope_report_free(judged->report);
    tscope_inspector_free(judged->inspector);
    tscope_profile_free(judged->profile);
    tscope_keyring_free(judged->keyring);
}

static tscope_keyring *
keyring_of_set(struct tscope_buffer *set, size_t keys)
{
    tscope_keyring *keyring;

    tscope_buffer_append_text(set, "]}");
    tscope_buffer_append_byte(set, 0);
    ck_assert(!set->failed);
    keyring = keyring_of((const char *)set->data, keys);
    tscope_buffer_clear(set);
    return keyring;
}

/* Of RSA keys of up to 4096 bits as many as the limit says; of larger ones fewer. */
static const struct {
    size_t bits, exponent, keys, limit;
    uint32_t tried;
} rsa_sets[] = {
    {2048, 3, 2, 3, 2},   {2048, 3, 3, 3, 3},   {2048, 3, 4, 3, 3},                       /* the limit itself */
    {4096, 3, 3, 3, 3},   {4096, 3, 4, 3, 3},   {4096, 3, 4, 4, 4},                       /* just as many */
    {8192, 3, 4, 4, 1},   {8192, 3, 4, 5, 2},   {8192, 3, 4, 8, 2},   {8192, 3, 4, 9, 3}, /* each as four of 4096 */
    {2048, 8, 4, 3, 3},   {4096, 8, 3, 3, 1},   {4096, 8, 3, 5, 2},                       /* a long exponent, four times as much */
    {16384, 8, 3, 64, 1}, {16384, 8, 3, 65, 2}, {16384, 3, 5, 64, 4},
};

START_TEST(large_keys_are_tried_less_often)
{
    struct tscope_buffer set = {0};
    struct judged judged;

    tscope_buffer_append_text(&set, "{\"keys\":[");
    for (size_t i = 0; i < rsa_sets[_i].keys; i++) {
        tscope_buffer_append_text(&set, i ? "," : "");
        append_rsa(&set, rsa_sets[_i].bits, rsa_sets[_i].exponent, (uint8_t)(i + 1));
    }
    judge(&judged, keyring_of_set(&set, rsa_sets[_i].keys), rsa_sets[_i].limit, RS256, CLAIMS, strlen(CLAIMS), 256);
    ck_assert_uint_eq(judged.resolution->trials, rsa_sets[_i].tried);
    ck_assert_int_eq(judged.resolution->trials_cut, rsa_sets[_i].tried < rsa_sets[_i].keys);
    judged_clear(&judged);
}
END_TEST

/* A key that libcrypto refuses has cost something too: of these, four for each trial that the limit lets pass. */
START_TEST(unusable_keys_count_towards_the_limit)
{
    struct tscope_buffer set = {0};
    struct judged judged;
    size_t keys = 8 + (size_t)_i - 1;

    tscope_buffer_append_text(&set, "{\"keys\":[");
    for (size_t i = 0; i < keys; i++) {
        tscope_buffer_append_text(&set, i ? "," : "");
        append_ec(&set, (uint8_t)(i + 1));
    }
    judge(&judged, keyring_of_set(&set, keys), 2, ES256, CLAIMS, strlen(CLAIMS), 64);
    ck_assert_uint_eq(judged.resolution->trials, 0);
    ck_assert_uint_eq(judged.resolution->named_unusable, keys < 8 ? keys : 8);
    ck_assert_int_eq(judged.resolution->trials_cut, keys > 8);
    judged_clear(&judged);
}
END_TEST

/* Made for vectors/profiles/google-iap-key-wrong.json: the key of another issuer, and its token for accounts.google.com. */
#define FOREIGN_KEY                                                                            \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"0WHv5g-qJKf7lMeB3mhFLCdzOOVxbZFS0k8F1BlpIw8\"," \
    "\"y\":\"z9Iy68zIRlUgeR4I4KdNvotVtp1gLKG2VzeVLb4bvmA\",\"issuer\":\"https://cloud.google.com/iap\",\"kid\":\"%s\"}"
static const char foreign_token[] =
    "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImlhcC0xIn0.eyJpYXQiOjE3ODAyNzIwMDAsImV4cCI6MTc4MDI3NTYwMCwiaXNzIj"
    "oiaHR0cHM6Ly9hY2NvdW50cy5nb29nbGUuY29tIiwiYXpwIjoid2ViIiwiYXVkIjoid2ViIiwic3ViIjoiMTEwMTY5NDg0NDc0Mzg2Mjc2MzM0"
    "IiwiZW1haWwiOiJyb2JpbkBjb3JwLmV4YW1wbGUiLCJlbWFpbF92ZXJpZmllZCI6dHJ1ZX0.eyUSaYaCiKXQMJO2Fcrjxy6ef042ksxmkglBSJ"
    "w9-r0aX8w-u_YBN9wX_8lDkCZ9_dMMKLf6uTJpRcuBfP9TxA";

/* Of many keys of other issuers the one that has the token's kid is tried first: a large history does not hide it. */
START_TEST(another_issuers_key_of_that_name_is_tried_first)
{
    bool is_named = _i == 0;
    struct tscope_buffer set = {0};
    struct judged judged;

    tscope_buffer_append_text(&set, "{\"keys\":[");
    for (uint8_t i = 0; i < 40; i++) {
        append_ec(&set, (uint8_t)(i + 1));
        set.len--;
        tscope_buffer_append_format(&set, ",\"issuer\":\"https://other.example\",\"kid\":\"other %u\"},", i);
    }
    tscope_buffer_append_format(&set, FOREIGN_KEY, is_named ? "iap-1" : "iap-2");
    judge_token(&judged, keyring_of_set(&set, 41), 2, foreign_token, strlen(foreign_token));
    ck_assert_int_eq(judged.resolution->status, is_named ? TSCOPE_STATUS_VERIFIED : TSCOPE_STATUS_UNVERIFIED);
    ck_assert_int_eq(judged.resolution->trials_cut, !is_named);
    ck_assert_uint_eq(judged.resolution->trials, is_named);
    judged_clear(&judged);
}
END_TEST

/* The bytes of public keys as secrets: all forms on an ordinary token, and on a huge one as many as the bytes allow. */
START_TEST(forms_of_keys_are_bounded_by_what_is_hashed)
{
    bool is_huge = _i == 1;
    size_t claims_len = is_huge ? 800000 : strlen(CLAIMS);
    char *claims = malloc(claims_len);
    struct tscope_buffer set = {0};
    struct judged judged;

    ck_assert_ptr_nonnull(claims);
    memset(claims, 'A', claims_len);
    memcpy(claims, CLAIMS, is_huge ? 0 : claims_len);
    tscope_buffer_append_text(&set, "{\"keys\":[");
    for (uint8_t i = 0; i < 3; i++) {
        tscope_buffer_append_text(&set, i ? "," : "");
        append_rsa(&set, 2048, 3, (uint8_t)(i + 1));
    }
    judge(&judged, keyring_of_set(&set, 3), 0, HS256, claims, claims_len, 32);
    ck_assert_int_eq(judged.resolution->secret.cut, is_huge);
    if (is_huge)
        ck_assert_uint_le(judged.resolution->secret.trials, TSCOPE_SECRET_BYTES_MAX / claims_len + 1);
    else
        ck_assert_uint_gt(judged.resolution->secret.trials, TSCOPE_SECRET_BYTES_MAX / 800000 + 1);
    judged_clear(&judged);
    free(claims);
}
END_TEST

/* One key of the history that is built in, and so many copies of it. */
static tscope_keyring *
history_and_copies(size_t copies)
{
    tscope_keyring *embedded = new_keyring(), *keyring = new_keyring();
    struct tscope_buffer set = {0};
    struct tscope_key_numbers numbers;

    ck_assert_int_eq(tscope_keyring_add_embedded(embedded, NULL), TSCOPE_OK);
    freeze(embedded);
    numbers = tscope_keyring_key(embedded, 0)->numbers;
    ck_assert_int_eq(numbers.type, TSCOPE_KEY_RSA);
    tscope_buffer_append_text(&set, "{\"keys\":[");
    for (size_t i = 0; i < copies; i++) {
        tscope_buffer_append_text(&set, i ? ",{\"kty\":\"RSA\",\"n\":\"" : "{\"kty\":\"RSA\",\"n\":\"");
        tscope_base64url_encode(&set, numbers.n.data, numbers.n.len);
        tscope_buffer_append_text(&set, "\",\"e\":\"");
        tscope_base64url_encode(&set, numbers.e.data, numbers.e.len);
        tscope_buffer_append_format(&set, "\",\"kid\":\"copy %zu\"}", i);
    }
    tscope_buffer_append_text(&set, "]}");
    ck_assert(!set.failed);
    ck_assert_int_eq(try_add(keyring, set.data, set.len, NULL, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_add_embedded(keyring, NULL), TSCOPE_OK);
    freeze(keyring);
    tscope_buffer_clear(&set);
    tscope_keyring_free(embedded);
    return keyring;
}

static const size_t copies[] = {1, TSCOPE_STANDING_FORMS_MAX - 2, TSCOPE_STANDING_FORMS_MAX, TSCOPE_STANDING_FORMS_MAX + 1, 1000};

/* However often a set repeats a key, what a history knows of it is heard. */
START_TEST(copies_do_not_hide_what_a_history_says)
{
    tscope_keyring *keyring = history_and_copies(copies[_i]);
    tscope_profile *profile = NULL;

    ck_assert_int_eq(tscope_profile_new(NULL, &profile, NULL), TSCOPE_OK);
    for (size_t i = 0; i < copies[_i]; i++) {
        const tscope_key *key = tscope_keyring_key(keyring, i);
        struct tscope_standing standing = tscope_profile_standing(profile, keyring, key);

        ck_assert_ptr_null(key->history);
        ck_assert(standing.given);
        ck_assert_ptr_nonnull(standing.recorded);
        ck_assert_ptr_nonnull(standing.family.data);
    }
    tscope_profile_free(profile);
    tscope_keyring_free(keyring);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("trials");
    TCase *trials = tcase_create("trials");

    tcase_set_timeout(trials, 60);
    tcase_add_loop_test(trials, large_keys_are_tried_less_often, 0, TSCOPE_COUNT(rsa_sets));
    tcase_add_loop_test(trials, unusable_keys_count_towards_the_limit, 0, 3);
    tcase_add_loop_test(trials, another_issuers_key_of_that_name_is_tried_first, 0, 2);
    tcase_add_loop_test(trials, forms_of_keys_are_bounded_by_what_is_hashed, 0, 2);
    tcase_add_loop_test(trials, copies_do_not_hide_what_a_history_says, 0, TSCOPE_COUNT(copies));
    suite_add_tcase(suite, trials);
    return run_suite(suite);
}
