/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base64url.h"
#include "core/text.h"
#include "keys/key.h"
#include "keys_samples.h"
#include "keys_testing.h"

static uint8_t *
decode(const char *base64, size_t *ret_len)
{
    uint8_t *bytes = malloc(strlen(base64)), *exact;

    ck_assert(tscope_base64_decode((const uint8_t *)base64, strlen(base64), bytes, ret_len));
    exact = exact_copy(bytes, *ret_len);
    free(bytes);
    return exact;
}

START_TEST(fields_are_read)
{
    struct tscope_arena arena = {0};
    struct tscope_certificate certificate;
    struct tscope_key_numbers numbers;
    size_t len;
    uint8_t *der = decode(SAMPLE_CERTIFICATE_BASE64, &len);

    ck_assert(tscope_certificate_read(tscope_span_of(der, len), &certificate, &numbers, &arena));
    ck_assert_int_eq(certificate.not_before, 1459867415); /* 2016-04-05T14:43:35Z, a UTCTime */
    ck_assert_int_eq(certificate.not_after, 2564232215);  /* 2051-04-04T14:43:35Z, a GeneralizedTime */
    ck_assert(tscope_span_is(certificate.subject, "CN=Live ID STS Signing Public Key"));
    ck_assert_uint_eq(certificate.der.len, len);
    ck_assert_int_eq(numbers.type, TSCOPE_KEY_RSA);
    ck_assert_uint_eq(numbers.n.len, 128);
    tscope_arena_clear(&arena);
    free(der);
}
END_TEST

START_TEST(name_inside_a_name_is_escaped)
{
    struct tscope_arena arena = {0};
    struct tscope_certificate certificate;
    size_t len;
    uint8_t *der = decode(SAMPLE_ODD_CERTIFICATE_BASE64, &len);

    ck_assert(tscope_certificate_read(tscope_span_of(der, len), &certificate, NULL, &arena));
    ck_assert(tscope_span_is(certificate.subject, "C=DE, O=Acme\\, CN=Live ID STS Signing Public Key, 1.2.3.4=x"));
    tscope_arena_clear(&arena);
    free(der);
}
END_TEST

START_TEST(every_prefix_is_refused)
{
    struct tscope_certificate certificate;
    size_t len;
    uint8_t *der = decode(SAMPLE_CERTIFICATE_BASE64, &len);

    for (size_t i = 0; i < len; i++) {
        uint8_t *copy = exact_copy(der, i);

        ck_assert(!tscope_certificate_read(tscope_span_of(copy, i), &certificate, NULL, NULL));
        free(copy);
    }
    free(der);
}
END_TEST

START_TEST(every_flipped_byte_is_survived)
{
    size_t len;
    uint8_t *der = decode(SAMPLE_ODD_CERTIFICATE_BASE64, &len);

    for (size_t i = 0; i < len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct tscope_arena arena = {0};
            struct tscope_certificate certificate;
            bool looks, read;

            der[i] ^= (uint8_t)(1 << bit);
            looks = tscope_certificate_read(tscope_span_of(der, len), &certificate, NULL, NULL);
            read = tscope_certificate_read(tscope_span_of(der, len), &certificate, NULL, &arena);
            ck_assert(looks == read);
            ck_assert(!read || tscope_text_is_utf8(certificate.subject, NULL));
            der[i] ^= (uint8_t)(1 << bit);
            tscope_arena_clear(&arena);
        }
    }
    free(der);
}
END_TEST

static void
check_hex(const uint8_t *digest, size_t len, const char *wanted)
{
    char hex[65];

    tscope_text_to_hex(digest, len, hex);
    ck_assert_str_eq(hex, wanted);
}

START_TEST(certificate_of_a_key_is_read_on_first_use)
{
    static const char *const texts[] = {SAMPLE_CERTIFICATE, "{\"kty\":\"RSA\",\"x5c\":[\"" SAMPLE_CERTIFICATE_BASE64 "\"]}"};
    tscope_keyring *keyring = keyring_of(texts[_i], 1);
    const tscope_key *key = tscope_keyring_key(keyring, 0);
    const struct tscope_certificate *certificate = tscope_keyring_certificate(keyring, key);

    ck_assert_ptr_nonnull(certificate);
    ck_assert_ptr_eq(certificate, tscope_keyring_certificate(keyring, key));
    check_hex(certificate->sha1, 20, SAMPLE_CERTIFICATE_SHA1);
    check_hex(certificate->sha256, 32, SAMPLE_CERTIFICATE_SHA256);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(unreadable_certificate_is_none)
{
    tscope_keyring *keyring = keyring_of("{\"kty\":\"oct\",\"k\":\"AyM1\",\"x5c\":[\"MIIB\"]}", 1);

    ck_assert_ptr_null(tscope_keyring_certificate(keyring, tscope_keyring_key(keyring, 0)));
    ck_assert_ptr_null(tscope_keyring_certificate(keyring, tscope_keyring_key(keyring, 0)));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(certificate_of_another_key_is_none)
{
    tscope_keyring *keyring = keyring_of("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\",\"x5c\":[\"" SAMPLE_CERTIFICATE_BASE64 "\"]}", 1);

    ck_assert_ptr_null(tscope_keyring_certificate(keyring, tscope_keyring_key(keyring, 0)));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(want_of_memory_is_not_remembered)
{
    tscope_keyring *keyring = keyring_of(SAMPLE_CERTIFICATE, 1);
    const struct tscope_certificate *certificate = NULL;

    for (unsigned long n = 1; !certificate; n++) {
        ck_assert_uint_lt(n, 100);
        tscope_alloc_fail_from(n);
        certificate = tscope_keyring_certificate(keyring, tscope_keyring_key(keyring, 0));
        tscope_alloc_fail_from(0);
    }
    ck_assert(tscope_span_is(certificate->subject, "CN=Live ID STS Signing Public Key"));
    tscope_keyring_free(keyring);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("certificate");
    TCase *tests = tcase_create("certificate");

    tcase_add_test(tests, fields_are_read);
    tcase_add_test(tests, name_inside_a_name_is_escaped);
    tcase_add_test(tests, every_prefix_is_refused);
    tcase_add_test(tests, every_flipped_byte_is_survived);
    tcase_add_loop_test(tests, certificate_of_a_key_is_read_on_first_use, 0, 2);
    tcase_add_test(tests, unreadable_certificate_is_none);
    tcase_add_test(tests, certificate_of_another_key_is_none);
    tcase_add_test(tests, want_of_memory_is_not_remembered);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
