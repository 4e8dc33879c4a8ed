/* SPDX-License-Identifier: Apache-2.0 */
#include "keys_testing.h"

#include <tokenscope/token.h>

#include "report_reading.h"

#define STOLEN "1LTMzakihiRla_8z2BEJVXeWMqo"

static char *
text_of(const tscope_keyring *keyring, const tscope_key *key, unsigned width, bool colour)
{
    char *text = NULL;
    size_t len = 0;

    ck_assert_int_eq(tscope_key_text(keyring, key, width, colour, &text, &len, NULL), TSCOPE_OK);
    ck_assert_uint_eq(len, strlen(text));
    return text;
}

static tscope_keyring *
embedded_keyring(void)
{
    tscope_keyring *keyring = new_keyring();

    ck_assert_int_eq(tscope_keyring_add_embedded(keyring, NULL), TSCOPE_OK);
    freeze(keyring);
    return keyring;
}

static const tscope_key *
key_named(const tscope_keyring *keyring, const char *name)
{
    const tscope_key *key = NULL;

    ck_assert_uint_ge(tscope_keyring_find(keyring, name, &key, 1), 1);
    return key;
}

START_TEST(stolen_key_is_told_in_full)
{
    static const char *const told[] = {
        "COMPROMISED  Microsoft account (consumer) key " STOLEN "\n",
        "\n  kid        " STOLEN "\n  as hex     d4b4cccda9228624656bff33d8110955779632aa\n",
        "\n  thumbprint kP2ox0dPp3uuT6IhJARw5E8I9ZWku4tl9NRrgQ8W-LY (RFC 7638)\n",
        "\n  key        RSA, 2048 bits, exponent 65537\n",
        "\n  family     msa-consumer, cloud public; known by its own issuer\n",
        "\n  serial     80788d5549dc17ae\n",
        "\n  valid      2016-04-05 14:43:35 UTC to 2021-04-04 14:43:35 UTC\n",
        "\n  SHA-256    43ea0217de39066a36164e21655e8ed7b2efaa67e4155033837ada26df6bb59e\n",
        "misuse known from 2023-05-15, withdrawn 2023-07-05",
        "\nSeen\n",
    };
    tscope_keyring *keyring = embedded_keyring();
    char *text = text_of(keyring, key_named(keyring, STOLEN), 120, false);

    for (size_t i = 0; i < TSCOPE_COUNT(told); i++)
        ck_assert_msg(strstr(text, told[i]) != NULL, "'%s' is not in: %s", told[i], text);
    tscope_string_free(text);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(listing_and_coverage_are_told)
{
    tscope_keyring *keyring = embedded_keyring();
    char *text = text_of(keyring, key_named(keyring, "8PXQDb4mOmolu_BtG3jDX4qR2xU"), 100, false);

    ck_assert_ptr_nonnull(strstr(text, "\nListed\n  entra-common-v2 from 2024-09-23 to 2024-10-22, gone later that day\n"
                                       "    complete sets are archived from 2024-06-05 to 2024-10-26"));
    tscope_string_free(text);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(every_known_key_fits_its_lines)
{
    static const unsigned widths[] = {40, 80, 120};
    tscope_keyring *keyring = embedded_keyring();

    for (size_t i = 0; i < tscope_keyring_count(keyring); i++) {
        for (size_t k = 0; k < TSCOPE_COUNT(widths); k++) {
            char *text = text_of(keyring, tscope_keyring_key(keyring, i), widths[k], false);

            ck_assert_safe_lines(text, widths[k], "embedded key");
            tscope_string_free(text);
        }
    }
    tscope_keyring_free(keyring);
}
END_TEST

#define SECRET "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"

static const struct {
    const char *jwk, *told, *hidden;
} given[] = {
    {"{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"" SECRET "\"}", "\n  key        shared secret, 512 bits\n", SECRET},
    {"{\"kty\":\"EC\",\"kid\":\"\\u001b[31mred\\u202e\\n x\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}", "'\\x1b[31mred\\u202e\\x0a x'",
     "\033"},
    {"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\",\"y\":"
     "\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\","
     "\"d\":\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\"}",
     "with its private half", "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"},
    {"{\"kty\":\"RSA\",\"kid\":\"k\"}", "UNUSABLE ", "exponent"},
    {"{\"kty\":\"no such type\",\"kid\":\"k\",\"alg\":\"\\u0007\"}", "It can verify nothing: ", "\a"},
};

START_TEST(given_key_is_told_without_its_secret)
{
    tscope_keyring *keyring = keyring_of(given[_i].jwk, 1);

    for (unsigned width = 40; width <= 120; width += 20) {
        char *text = text_of(keyring, tscope_keyring_key(keyring, 0), width, false);

        ck_assert_safe_lines(text, width, given[_i].jwk);
        ck_assert(!holds_across_lines(text, tscope_span_text(given[_i].hidden)));
        if (width >= 80)
            ck_assert_msg(strstr(text, given[_i].told) != NULL, "%s", text);
        tscope_string_free(text);
    }
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(failed_allocation_is_reported)
{
    tscope_keyring *keyring = embedded_keyring();
    const tscope_key *key = key_named(keyring, STOLEN);

    for (unsigned long n = 1;; n++) {
        enum tscope_status status;
        char *text = NULL;

        tscope_alloc_fail_from(n);
        status = tscope_key_text(keyring, key, 80, true, &text, NULL, NULL);
        tscope_alloc_fail_from(0);
        if (status == TSCOPE_OK) {
            ck_assert_uint_gt(n, 5);
            tscope_string_free(text);
            break;
        }
        ck_assert_int_eq(status, TSCOPE_ERR_NO_MEMORY);
        ck_assert_ptr_null(text);
        ck_assert_uint_lt(n, 1000);
    }
    tscope_keyring_free(keyring);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("key_text");
    TCase *tcase = tcase_create("key_text");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, stolen_key_is_told_in_full);
    tcase_add_test(tcase, listing_and_coverage_are_told);
    tcase_add_test(tcase, every_known_key_fits_its_lines);
    tcase_add_loop_test(tcase, given_key_is_told_without_its_secret, 0, TSCOPE_COUNT(given));
    tcase_add_test(tcase, failed_allocation_is_reported);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
