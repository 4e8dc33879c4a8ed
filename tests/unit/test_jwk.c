/* SPDX-License-Identifier: Apache-2.0 */
#include "keys_samples.h"
#include "keys_testing.h"

/* RFC 7638 section 3.1. */
#define RFC_N                                                                                                                              \
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W"         \
    "-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-" \
    "bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
#define RFC_THUMBPRINT "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
#define X32 "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
#define Y32 "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"

static const struct {
    const char *text, *type, *thumbprint;
    size_t bits;
} good[] = {
    {"{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":\"2011-04-29\"}", "RSA", RFC_THUMBPRINT, 2048},
    {"{\"kty\":\"RSA\",\"n\":\"AAAA" RFC_N "\",\"e\":\"AAEAAQ==\"}", "RSA", RFC_THUMBPRINT, 2048},
    {"{\"k\\u0074y\":\"RS\\u0041\",\"n\":\"" RFC_N "\",\"e\":\"AQAB\"}", "RSA", RFC_THUMBPRINT, 2048},
    {SAMPLE_RSA_JWK, "RSA", SAMPLE_RSA_THUMBPRINT, 1024},
    {SAMPLE_EC_JWK, "EC", SAMPLE_EC_THUMBPRINT, 256},
    {SAMPLE_P384_JWK, "EC", SAMPLE_P384_THUMBPRINT, 384},
    {SAMPLE_P521_JWK, "EC", SAMPLE_P521_THUMBPRINT, 521},
    {SAMPLE_SECP256K1_JWK, "EC", SAMPLE_SECP256K1_THUMBPRINT, 256},
    {SAMPLE_ED25519_JWK, "OKP", SAMPLE_ED25519_THUMBPRINT, 255},
    {SAMPLE_ED448_JWK, "OKP", SAMPLE_ED448_THUMBPRINT, 448},
    {SAMPLE_X25519_JWK, "OKP", SAMPLE_X25519_THUMBPRINT, 255},
    {SAMPLE_X448_JWK, "OKP", SAMPLE_X448_THUMBPRINT, 448},
    /* SHA-256 of {"k":"AyM1","kty":"oct"} */
    {"{\"kty\":\"oct\",\"k\":\"AyM1\"}", "oct", NULL, 24},
    /* a certificate alone gives the numbers */
    {"{\"kty\":\"RSA\",\"x5c\":[\"" SAMPLE_CERTIFICATE_BASE64 "\"]}", "RSA", SAMPLE_RSA_THUMBPRINT, 1024},
    {"{\"x5c\":\"" SAMPLE_CERTIFICATE_BASE64 "\"}", "RSA", SAMPLE_RSA_THUMBPRINT, 1024},
    /* of two equal names the first counts */
    {"{\"kty\":\"oct\",\"k\":\"AyM1\",\"k\":\"AA\",\"kty\":\"RSA\"}", "oct", NULL, 24},
};

START_TEST(good_key_is_read)
{
    tscope_keyring *keyring = keyring_of(good[_i].text, 1);
    const tscope_key *key = tscope_keyring_key(keyring, 0);

    ck_assert_str_eq(tscope_key_type(key), good[_i].type);
    ck_assert_uint_eq(tscope_key_bits(key), good[_i].bits);
    ck_assert_ptr_null(tscope_key_unusable(key));
    if (good[_i].thumbprint)
        ck_assert_str_eq(tscope_key_thumbprint(key), good[_i].thumbprint);
    tscope_keyring_free(keyring);
}
END_TEST

static const struct {
    const char *text;
    enum tscope_key_flaw flaw;
} bad[] = {
    {"{\"kty\":\"rsa\",\"n\":\"" RFC_N "\",\"e\":\"AQAB\"}", TSCOPE_KEY_FLAW_TYPE},
    {"{\"kty\":1,\"n\":\"" RFC_N "\",\"e\":\"AQAB\"}", TSCOPE_KEY_FLAW_TYPE},
    {"{\"n\":\"" RFC_N "\",\"e\":\"AQAB\"}", TSCOPE_KEY_FLAW_TYPE},
    {"{\"kty\":\"RSA\",\"e\":\"AQAB\"}", TSCOPE_KEY_FLAW_MEMBER},
    {"{\"kty\":\"RSA\",\"n\":\"" RFC_N "\"}", TSCOPE_KEY_FLAW_MEMBER},
    {"{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":65537}", TSCOPE_KEY_FLAW_MEMBER},
    {"{\"kty\":\"RSA\",\"n\":\"" RFC_N "+\",\"e\":\"AQAB\"}", TSCOPE_KEY_FLAW_MEMBER},
    {"{\"kty\":\"RSA\",\"n\":\" " RFC_N "\",\"e\":\"AQAB\"}", TSCOPE_KEY_FLAW_MEMBER},
    {"{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"AQAB===\"}", TSCOPE_KEY_FLAW_MEMBER},
    {"{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}", TSCOPE_KEY_FLAW_RSA_SMALL},
    {"{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"AQ\"}", TSCOPE_KEY_FLAW_RSA_EXPONENT},
    {"{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"\"}", TSCOPE_KEY_FLAW_RSA_EXPONENT},
    {"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X32 "\"}", TSCOPE_KEY_FLAW_MEMBER},
    {"{\"kty\":\"EC\",\"crv\":\"P-257\",\"x\":\"" X32 "\",\"y\":\"" Y32 "\"}", TSCOPE_KEY_FLAW_CURVE},
    {"{\"kty\":\"EC\",\"x\":\"" X32 "\",\"y\":\"" Y32 "\"}", TSCOPE_KEY_FLAW_CURVE},
    {"{\"kty\":\"EC\",\"crv\":\"Ed25519\",\"x\":\"" X32 "\",\"y\":\"" Y32 "\"}", TSCOPE_KEY_FLAW_CURVE},
    {"{\"kty\":\"OKP\",\"crv\":\"P-256\",\"x\":\"" X32 "\"}", TSCOPE_KEY_FLAW_CURVE},
    {"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AQAB\"}", TSCOPE_KEY_FLAW_OKP_LENGTH},
    {"{\"kty\":\"oct\"}", TSCOPE_KEY_FLAW_MEMBER},
    {"{\"kty\":\"RSA\",\"x5c\":[\"MIIC\"]}", TSCOPE_KEY_FLAW_CERTIFICATE},
    {"{\"kty\":\"RSA\",\"x5c\":[\"?\"]}", TSCOPE_KEY_FLAW_CERTIFICATE},
    {"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x5c\":[\"" SAMPLE_CERTIFICATE_BASE64 "\"]}", TSCOPE_KEY_FLAW_MEMBER},
    {"{\"kty\":\"RSA\",\"x5c\":[]}", TSCOPE_KEY_FLAW_MEMBER},
};

START_TEST(bad_key_is_kept_unusable)
{
    tscope_keyring *keyring = keyring_of(bad[_i].text, 1);
    const tscope_key *key = tscope_keyring_key(keyring, 0);
    tscope_pkey *pkey = NULL;
    enum tscope_key_flaw flaw;

    ck_assert_str_eq(tscope_key_unusable(key), tscope_key_flaw_text(bad[_i].flaw));
    ck_assert_int_eq(tscope_keyring_pkey(keyring, key, &pkey, &flaw, NULL), TSCOPE_OK);
    ck_assert_ptr_null(pkey);
    ck_assert_int_eq(flaw, bad[_i].flaw);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(point_off_the_curve_is_refused_on_first_use)
{
    tscope_keyring *keyring = keyring_of("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X32 "\",\"y\":\"" X32 "\"}", 1);
    const tscope_key *key = tscope_keyring_key(keyring, 0);

    ck_assert_ptr_null(tscope_key_unusable(key));
    for (int i = 0; i < 2; i++) {
        tscope_pkey *pkey = NULL;
        enum tscope_key_flaw flaw;

        ck_assert_int_eq(tscope_keyring_pkey(keyring, key, &pkey, &flaw, NULL), TSCOPE_OK);
        ck_assert_ptr_null(pkey);
        ck_assert_int_eq(flaw, TSCOPE_KEY_FLAW_EC_POINT);
    }
    ck_assert_ptr_nonnull(tscope_key_unusable(key));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(usable_key_is_made_once)
{
    tscope_keyring *keyring = keyring_of(SAMPLE_EC_JWK, 1);
    tscope_pkey *first = NULL, *second = NULL;
    enum tscope_key_flaw flaw;

    ck_assert_int_eq(tscope_keyring_pkey(keyring, tscope_keyring_key(keyring, 0), &first, &flaw, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_keyring_pkey(keyring, tscope_keyring_key(keyring, 0), &second, &flaw, NULL), TSCOPE_OK);
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_eq(first, second);
    ck_assert_uint_eq(tscope_pkey_bits(first), tscope_key_bits(tscope_keyring_key(keyring, 0)));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(members_are_kept_as_published)
{
    tscope_keyring *keyring =
        keyring_of("{\"kty\":\"oct\",\"k\":\"AyM1\",\"kid\":\"a\\u0000b\",\"use\":\"sig\",\"alg\":\"HS256\",\"x5t\":\"t\","
                   "\"x5t#S256\":\"s\",\"issuer\":\"i\",\"cloud_instance_name\":\"c\",\"key_ops\":[\"verify\",7,"
                   "\"wrapKey\",\"x\"]}",
                   1);
    const tscope_key *key = tscope_keyring_key(keyring, 0);

    ck_assert_uint_eq(key->kid.len, 3);
    ck_assert_mem_eq(key->kid.data, "a\0b\0", 4);
    ck_assert(tscope_span_is(key->use, "sig"));
    ck_assert(tscope_span_is(key->alg, "HS256"));
    ck_assert(tscope_span_is(key->x5t, "t"));
    ck_assert(tscope_span_is(key->x5t_s256, "s"));
    ck_assert(tscope_span_is(key->issuer, "i"));
    ck_assert(tscope_span_is(key->cloud_instance_name, "c"));
    ck_assert(key->has_key_ops);
    ck_assert_uint_eq(key->key_ops, TSCOPE_KEY_OP_VERIFY | TSCOPE_KEY_OP_ENCRYPT | TSCOPE_KEY_OP_OTHER);
    ck_assert(key->has_private);
    ck_assert_uint_eq(key->source_offset, 0);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(kid_that_is_no_string_is_no_kid)
{
    tscope_keyring *keyring = keyring_of("{\"kty\":\"oct\",\"k\":\"AyM1\",\"kid\":7}", 1);

    ck_assert_ptr_null(tscope_key_kid(tscope_keyring_key(keyring, 0)));
    ck_assert_ptr_null(tscope_key_unusable(tscope_keyring_key(keyring, 0)));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(private_members_are_noticed_and_never_written)
{
    tscope_keyring *keyring = keyring_of("{\"kty\":\"RSA\",\"n\":\"" RFC_N "\",\"e\":\"AQAB\",\"d\":\"c2VjcmV0\",\"k\":\"AyM1\"}", 1);
    const tscope_key *key = tscope_keyring_key(keyring, 0);
    char *json = NULL;
    size_t len = 0;

    ck_assert(key->has_private);
    ck_assert_ptr_null(key->numbers.k.data);
    ck_assert_int_eq(tscope_key_json(keyring, key, TSCOPE_KEY_JSON_FULL, &json, &len, NULL), TSCOPE_OK);
    ck_assert_ptr_null(strstr(json, "c2VjcmV0"));
    ck_assert_ptr_null(strstr(json, "AyM1"));
    ck_assert_ptr_nonnull(strstr(json, RFC_THUMBPRINT));
    tscope_free(json);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(secret_is_never_written)
{
    tscope_keyring *keyring = keyring_of("{\"kty\":\"oct\",\"k\":\"AyM1_secret\",\"kid\":\"k\"}", 1);
    char *json = NULL;
    size_t len = 0;

    ck_assert_int_eq(
        tscope_key_json(keyring, tscope_keyring_key(keyring, 0), TSCOPE_KEY_JSON_FULL | TSCOPE_KEY_JSON_PRETTY, &json, &len, NULL),
        TSCOPE_OK);
    ck_assert_uint_eq(strlen(json), len);
    ck_assert_ptr_null(strstr(json, "AyM1"));
    tscope_free(json);
    tscope_keyring_free(keyring);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("jwk");
    TCase *tests = tcase_create("jwk");

    tcase_add_loop_test(tests, good_key_is_read, 0, (int)TSCOPE_COUNT(good));
    tcase_add_loop_test(tests, bad_key_is_kept_unusable, 0, (int)TSCOPE_COUNT(bad));
    tcase_add_test(tests, point_off_the_curve_is_refused_on_first_use);
    tcase_add_test(tests, usable_key_is_made_once);
    tcase_add_test(tests, members_are_kept_as_published);
    tcase_add_test(tests, kid_that_is_no_string_is_no_kid);
    tcase_add_test(tests, private_members_are_noticed_and_never_written);
    tcase_add_test(tests, secret_is_never_written);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
