/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/secret.h"

#include "crypto/jwe.h"
#include "keys_samples.h"
#include "keys_testing.h"

#include <pthread.h>

/* Keys made for these tests. */
#define X25519_X "I0DsQtuyXzpUmCAgzcMrHE6_-J0l7J_jRzDXrJ_ayzw"
#define X25519_D "AEFWE-_73THXRX12IIIDLOW-VPg4a-ymLwZU7kgKS2U"
#define X25519_JWK "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X25519_X "\",\"d\":\"" X25519_D "\"}"
#define X25519_PKCS8                                                     \
    "-----BEGIN PRIVATE KEY-----\n"                                      \
    "MC4CAQAwBQYDK2VuBCIEIABBVhPv+90x10V9diCCAyzlvlT4OGvspi8GVO5ICktl\n" \
    "-----END PRIVATE KEY-----\n"
#define X448_PKCS8                                                       \
    "-----BEGIN PRIVATE KEY-----\n"                                      \
    "MEYCAQAwBQYDK2VvBDoEOKTHFqLoKM8yrYtHHjww4fM07GnPoBiRCgw0YancWt/3\n" \
    "I3ZQWtZlwuFJpYzkg+LY8GFCkJ9MMLON\n"                                 \
    "-----END PRIVATE KEY-----\n"
#define EC_X "FA4LXSZQIkdGds-x2YVnspRgQ5dFovg5SLQz82TdCZM"
#define EC_Y "acPTHTwr6QhnbZDobVKuEzTLekYw3S5diboCY8igyRA"
#define EC_SEC1_WITHOUT_POINT                                            \
    "-----BEGIN EC PRIVATE KEY-----\n"                                   \
    "MDECAQEEIFitJXq01EWOQ5Id1QA8ygmVjRANbcLFsFcXnQUlktDSoAoGCCqGSM49\n" \
    "AwEH\n"                                                             \
    "-----END EC PRIVATE KEY-----\n"
#define EC_SEC1_COMPRESSED                                               \
    "-----BEGIN EC PRIVATE KEY-----\n"                                   \
    "MFcCAQEEIFitJXq01EWOQ5Id1QA8ygmVjRANbcLFsFcXnQUlktDSoAoGCCqGSM49\n" \
    "AwEHoSQDIgACFA4LXSZQIkdGds+x2YVnspRgQ5dFovg5SLQz82TdCZM=\n"         \
    "-----END EC PRIVATE KEY-----\n"

static tscope_private *
private_of(const tscope_keyring *keyring, size_t number, enum tscope_key_flaw *ret_flaw)
{
    tscope_private *private = NULL;

    ck_assert_int_eq(tscope_keyring_private(keyring, tscope_keyring_key(keyring, number), &private, ret_flaw, NULL), TSCOPE_OK);
    ck_assert((private != NULL) == (*ret_flaw == TSCOPE_KEY_FLAW_NONE));
    return private;
}

static const struct {
    const char *text;
    enum tscope_key_type type;
    size_t bits;
} good[] = {
    {X25519_JWK, TSCOPE_KEY_OKP, 255},
    {X25519_PKCS8, TSCOPE_KEY_OKP, 255},
    {X448_PKCS8, TSCOPE_KEY_OKP, 448},
    {SAMPLE_ED25519_PKCS8, TSCOPE_KEY_OKP, 255},
    {EC_SEC1_WITHOUT_POINT, TSCOPE_KEY_EC, 256},
    {EC_SEC1_COMPRESSED, TSCOPE_KEY_EC, 256},
    {SAMPLE_EC_SEC1, TSCOPE_KEY_EC, 256},
    {SAMPLE_EC_PKCS8, TSCOPE_KEY_EC, 256},
    {SAMPLE_RSA_PKCS8, TSCOPE_KEY_RSA, 1024},
    {SAMPLE_RSA_PKCS1, TSCOPE_KEY_RSA, 1024},
    {"{\"kty\":\"oct\",\"k\":\"AyM1\"}", TSCOPE_KEY_OCT, 24},
};

START_TEST(given_private_key_decrypts)
{
    tscope_keyring *keyring = keyring_of(good[_i].text, 1);
    enum tscope_key_flaw flaw;
    tscope_private *private = private_of(keyring, 0, &flaw);

    ck_assert_msg(private != NULL, "%s", tscope_key_flaw_text(flaw));
    ck_assert_int_eq(tscope_private_type(private), good[_i].type);
    ck_assert_uint_eq(tscope_private_bits(private), good[_i].bits);
    ck_assert_ptr_eq(private_of(keyring, 0, &flaw), private); /* made once */
    ck_assert_ptr_null(tscope_key_unusable(tscope_keyring_key(keyring, 0)));
    tscope_keyring_free(keyring);
}
END_TEST

/* The same key by its number alone, by a compressed point and by both coordinates. */
START_TEST(point_is_found_for_its_number)
{
    static const char jwk[] = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" EC_X "\",\"y\":\"" EC_Y "\"}";
    static const char *const texts[] = {EC_SEC1_WITHOUT_POINT, EC_SEC1_COMPRESSED};
    tscope_keyring *open = keyring_of("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X25519_X "\"}", 1),
                   *keyring = keyring_of(X25519_PKCS8, 1);

    ck_assert_str_eq(tscope_key_thumbprint(tscope_keyring_key(keyring, 0)), tscope_key_thumbprint(tscope_keyring_key(open, 0)));
    tscope_keyring_free(keyring);
    tscope_keyring_free(open);
    open = keyring_of(jwk, 1);
    for (size_t i = 0; i < TSCOPE_COUNT(texts); i++) {
        keyring = keyring_of(texts[i], 1);
        ck_assert_str_eq(tscope_key_thumbprint(tscope_keyring_key(keyring, 0)), tscope_key_thumbprint(tscope_keyring_key(open, 0)));
        tscope_keyring_free(keyring);
    }
    tscope_keyring_free(open);
}
END_TEST

/* No private part, or one that is damaged or another key's: the public part serves all the same. */
static const char *const public_only[] = {
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X25519_X "\"}",
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X25519_X "\",\"d\":\"\"}",
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X25519_X "\",\"d\":null}",
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X25519_X "\",\"d\":\"*\"}",
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X25519_X "\",\"d\":\"" X25519_X "\"}",
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X25519_X "\",\"d\":\"" X25519_X "\",\"d\":\"" X25519_D "\"}",
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X25519_X "\",\"p\":\"" X25519_D "\"}",
    "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X25519_X "\",\"k\":\"" X25519_D "\"}",
    SAMPLE_RSA_SPKI,
    SAMPLE_EC_SPKI,
    SAMPLE_CERTIFICATE,
};

START_TEST(key_without_its_private_part_decrypts_nothing)
{
    tscope_keyring *keyring = keyring_of(public_only[_i], 1);
    enum tscope_key_flaw flaw;
    tscope_pkey *pkey;

    ck_assert_ptr_null(private_of(keyring, 0, &flaw));
    ck_assert_int_eq(flaw, TSCOPE_KEY_FLAW_PRIVATE);
    ck_assert_ptr_null(private_of(keyring, 0, &flaw));
    ck_assert_int_eq(flaw, TSCOPE_KEY_FLAW_PRIVATE);
    ck_assert_int_eq(tscope_keyring_pkey(keyring, tscope_keyring_key(keyring, 0), &pkey, &flaw, NULL), TSCOPE_OK);
    ck_assert_int_eq(flaw, TSCOPE_KEY_FLAW_NONE);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(unusable_key_keeps_its_own_reason)
{
    static const struct {
        const char *text;
        enum tscope_key_flaw flaw;
    } rows[] = {
        {SAMPLE_RSA_ENCRYPTED, TSCOPE_KEY_FLAW_TYPE},
        {SAMPLE_RSA_PKCS1_ENCRYPTED, TSCOPE_KEY_FLAW_MEMBER},
        {"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\",\"d\":\"" X25519_D "\"}", TSCOPE_KEY_FLAW_OKP_LENGTH},
        {"{\"kty\":\"OKP\",\"crv\":\"X25519\",\"d\":\"" X25519_D "\"}", TSCOPE_KEY_FLAW_MEMBER},
        {"{\"kty\":\"oct\",\"k\":\"\"}", TSCOPE_KEY_FLAW_MEMBER},
    };

    for (size_t i = 0; i < TSCOPE_COUNT(rows); i++) {
        tscope_keyring *keyring = keyring_of(rows[i].text, 1);
        enum tscope_key_flaw flaw;

        ck_assert_ptr_null(private_of(keyring, 0, &flaw));
        ck_assert_int_eq(flaw, rows[i].flaw);
        tscope_keyring_free(keyring);
    }
}
END_TEST

/* Of a key with more than two primes n, e and d serve alone (RFC 7518 section 6.3.2.7). */
START_TEST(factors_that_are_not_all_are_left_out)
{
    static const char numbers[] =
        "\"n\":\"AQ\",\"e\":\"AQAB\",\"d\":\"Ag\",\"p\":\"Aw\",\"q\":\"BA\",\"dp\":\"BQ\",\"dq\":\"Bg\",\"qi\":\"Bw\"";
    char text[200];

    for (int more = 0; more < 2; more++) {
        tscope_keyring *keyring;
        const struct tscope_key_secret *secret;

        snprintf(text, sizeof(text), "{\"kty\":\"RSA\",%s%s}", numbers, more ? ",\"oth\":[{}]" : "");
        keyring = keyring_of(text, 1);
        secret = tscope_keyring_key(keyring, 0)->secret;
        ck_assert_ptr_nonnull(secret);
        ck_assert_uint_eq(secret->d.len, 1);
        ck_assert_uint_eq(secret->d.data[0], 2);
        ck_assert((secret->p.data == NULL) == (more == 1));
        ck_assert(more || (secret->qi.len == 1 && secret->qi.data[0] == 7 && secret->p.data[0] == 3));
        tscope_keyring_free(keyring);
    }
}
END_TEST

START_TEST(private_number_is_never_written)
{
    static const char escaped[] =
        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"" X25519_X "\",\"d\":\"\\u0041EFWE-_73THXRX12IIIDLOW-VPg4a-ymLwZU7kgKS2U\"}";
    tscope_keyring *keyring = keyring_of(escaped, 1);
    enum tscope_key_flaw flaw;
    char *json = NULL;
    size_t len = 0;

    ck_assert_ptr_nonnull(private_of(keyring, 0, &flaw));
    for (unsigned flags = 0; flags < 4; flags++) {
        ck_assert_int_eq(tscope_key_json(keyring, tscope_keyring_key(keyring, 0), flags, &json, &len, NULL), TSCOPE_OK);
        ck_assert_ptr_null(strstr(json, "EFWE"));
        ck_assert_ptr_null(strstr(json, "\"d\""));
        tscope_free(json);
    }
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(kept_numbers_are_one_run_that_is_wiped)
{
    const struct tscope_private_numbers numbers = {.d = TSCOPE_SPAN("private"), .q = TSCOPE_SPAN("factor"), .qi = TSCOPE_SPAN("")};
    struct tscope_arena arena = {0};
    struct tscope_key_secret *secret;
    struct tscope_private_numbers joined;
    size_t size;

    ck_assert(tscope_key_secret_keep(&arena, &numbers, &secret));
    size = secret->size;
    ck_assert_uint_eq(size, sizeof(*secret) + 13);
    joined = tscope_key_secret_join(&numbers.open, secret);
    ck_assert(tscope_span_is(joined.d, "private") && tscope_span_is(joined.q, "factor"));
    ck_assert_ptr_null(joined.p.data);
    ck_assert((const uint8_t *)secret < joined.d.data && joined.q.data + 6 == (const uint8_t *)secret + size);
    tscope_key_secret_wipe(secret);
    for (size_t i = 0; i < size; i++)
        ck_assert_int_eq(((const uint8_t *)secret)[i], 0);
    tscope_key_secret_wipe(NULL);
    tscope_arena_clear(&arena);
}
END_TEST

#define THREADS 4

static tscope_keyring *shared;
static tscope_private *seen[THREADS];

static void *
ask(void *slot)
{
    enum tscope_key_flaw flaw;

    *(tscope_private **)slot = private_of(shared, 0, &flaw);
    return NULL;
}

START_TEST(threads_that_ask_at_once_get_one_key)
{
    pthread_t threads[THREADS];

    shared = keyring_of(SAMPLE_EC_PKCS8, 1);
    for (size_t i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, ask, &seen[i]), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < THREADS; i++)
        ck_assert_ptr_eq(seen[i], seen[0]);
    ck_assert_ptr_nonnull(seen[0]);
    tscope_keyring_free(shared);
}
END_TEST

START_TEST(memory_failure_adds_nothing)
{
    static const char *const texts[] = {X25519_JWK, X25519_PKCS8, SAMPLE_RSA_PKCS1};

    for (size_t i = 0; i < TSCOPE_COUNT(texts); i++) {
        enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

        for (unsigned long n = 1; status != TSCOPE_OK; n++) {
            tscope_keyring *keyring = new_keyring();

            ck_assert_uint_lt(n, 100);
            tscope_alloc_fail_from(n);
            status = try_add(keyring, texts[i], strlen(texts[i]), NULL, NULL);
            tscope_alloc_fail_from(0);
            ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
            freeze(keyring);
            ck_assert_uint_eq(tscope_keyring_count(keyring), status == TSCOPE_OK);
            tscope_keyring_free(keyring);
        }
    }
}
END_TEST

START_TEST(memory_failure_on_first_use_is_asked_again)
{
    tscope_keyring *keyring = keyring_of(SAMPLE_EC_PKCS8, 1);
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;
    enum tscope_key_flaw flaw;

    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        tscope_private *private = NULL;

        ck_assert_uint_lt(n, 20);
        tscope_alloc_fail_from(n);
        status = tscope_keyring_private(keyring, tscope_keyring_key(keyring, 0), &private, &flaw, NULL);
        tscope_alloc_fail_from(0);
        ck_assert((private != NULL) == (status == TSCOPE_OK));
    }
    tscope_keyring_free(keyring);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("secret");
    TCase *tests = tcase_create("secret");

    tcase_add_loop_test(tests, given_private_key_decrypts, 0, (int)TSCOPE_COUNT(good));
    tcase_add_test(tests, point_is_found_for_its_number);
    tcase_add_loop_test(tests, key_without_its_private_part_decrypts_nothing, 0, (int)TSCOPE_COUNT(public_only));
    tcase_add_test(tests, unusable_key_keeps_its_own_reason);
    tcase_add_test(tests, factors_that_are_not_all_are_left_out);
    tcase_add_test(tests, private_number_is_never_written);
    tcase_add_test(tests, kept_numbers_are_one_run_that_is_wiped);
    tcase_add_test(tests, threads_that_ask_at_once_get_one_key);
    tcase_add_test(tests, memory_failure_adds_nothing);
    tcase_add_test(tests, memory_failure_on_first_use_is_asked_again);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
