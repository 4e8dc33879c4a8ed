/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/pem.h"

#include "keys/der_key.h"
#include "keys_samples.h"
#include "keys_testing.h"

static const struct {
    const char *text, *thumbprint;
    bool has_private;
} good[] = {
    {SAMPLE_RSA_PKCS8, SAMPLE_RSA_THUMBPRINT, true},
    {SAMPLE_RSA_PKCS1, SAMPLE_RSA_THUMBPRINT, true},
    {SAMPLE_RSA_SPKI, SAMPLE_RSA_THUMBPRINT, false},
    {SAMPLE_RSA_PUBLIC, SAMPLE_RSA_THUMBPRINT, false},
    {SAMPLE_CERTIFICATE, SAMPLE_RSA_THUMBPRINT, false},
    {SAMPLE_PSS_SPKI, SAMPLE_PSS_THUMBPRINT, false},
    {SAMPLE_EC_SEC1, SAMPLE_EC_THUMBPRINT, true},
    {SAMPLE_EC_PKCS8, SAMPLE_EC_THUMBPRINT, true},
    {SAMPLE_EC_SPKI, SAMPLE_EC_THUMBPRINT, false},
    {SAMPLE_P384_SPKI, SAMPLE_P384_THUMBPRINT, false},
    {SAMPLE_P521_SPKI, SAMPLE_P521_THUMBPRINT, false},
    {SAMPLE_SECP256K1_SPKI, SAMPLE_SECP256K1_THUMBPRINT, false},
    {SAMPLE_ED25519_SPKI, SAMPLE_ED25519_THUMBPRINT, false},
    {SAMPLE_ED448_SPKI, SAMPLE_ED448_THUMBPRINT, false},
    {SAMPLE_X25519_SPKI, SAMPLE_X25519_THUMBPRINT, false},
    {SAMPLE_X448_SPKI, SAMPLE_X448_THUMBPRINT, false},
    {"Bag Attributes\n    friendlyName: x\n" SAMPLE_EC_SPKI "trailing words\n", SAMPLE_EC_THUMBPRINT, false},
};

START_TEST(armoured_key_is_read)
{
    tscope_keyring *keyring = keyring_of(good[_i].text, 1);
    const tscope_key *key = tscope_keyring_key(keyring, 0);
    struct tscope_key_numbers numbers = key->numbers;

    ck_assert_ptr_null(tscope_key_unusable(key));
    ck_assert_str_eq(tscope_key_thumbprint(key), good[_i].thumbprint);
    ck_assert(key->has_private == good[_i].has_private);
    ck_assert_ptr_null(numbers.k.data);
    tscope_keyring_free(keyring);
}
END_TEST

/* The bytes inside the armour, as a DER file has them. */
static uint8_t *
unwrap(const char *text, size_t *ret_len)
{
    struct tscope_pem_block block;
    size_t offset = 0;
    uint8_t *bytes = malloc(strlen(text));

    ck_assert(tscope_pem_next(tscope_span_text(text), &offset, &block));
    ck_assert(tscope_pem_decode(&block, bytes, ret_len));
    return bytes;
}

START_TEST(der_key_is_read)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_keys_added added;
    size_t len;
    uint8_t *der = unwrap(good[_i].text, &len);

    ck_assert_int_eq(try_add(keyring, der, len, &added, NULL), TSCOPE_OK);
    ck_assert_uint_eq(added.keys, 1);
    freeze(keyring);
    ck_assert_str_eq(tscope_key_thumbprint(tscope_keyring_key(keyring, 0)), good[_i].thumbprint);
    ck_assert(tscope_keyring_key(keyring, 0)->has_private == good[_i].has_private);
    free(der);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(every_prefix_and_flipped_byte_of_der_is_survived)
{
    size_t len;
    uint8_t *der = unwrap(good[_i].text, &len);
    struct tscope_der_key key;

    for (size_t i = 0; i < len; i++) {
        uint8_t *copy = exact_copy(der, i);

        ck_assert(!tscope_der_key_read(tscope_span_of(copy, i), &key));
        free(copy);
        copy = exact_copy(der, len);
        copy[i] ^= 0x81;
        if (tscope_der_key_read(tscope_span_of(copy, len), &key) && key.numbers.n.data) {
            ck_assert(key.numbers.n.data >= copy);
            ck_assert(key.numbers.n.data + key.numbers.n.len <= copy + len);
        }
        free(copy);
    }
    free(der);
}
END_TEST

static const struct {
    const char *text;
    size_t keys, unusable;
} files[] = {
    {SAMPLE_EC_SPKI SAMPLE_RSA_SPKI SAMPLE_CERTIFICATE, 3, 0},
    /* none of these gives numbers, and each says so */
    {SAMPLE_RSA_ENCRYPTED, 1, 1},
    {SAMPLE_RSA_PKCS1_ENCRYPTED, 1, 1},
    {SAMPLE_ED25519_PKCS8, 1, 0},
    {SAMPLE_EC_COMPRESSED, 1, 1},
    {SAMPLE_DSA_SPKI, 1, 1},
    {"-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", 1, 1},
    {"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", 1, 1},
    {"-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----\n" SAMPLE_EC_SPKI, 2, 1},
    {"-----BEGIN PUBLIC KEY-----\nMFkw\n" SAMPLE_EC_SPKI, 2, 1},
    {"-----BEGIN PUBLIC KEY-----\nMFkw\n-----END CERTIFICATE-----\n" SAMPLE_EC_SPKI, 2, 1},
    {"-----BEGIN CERTIFICATE-----\nMFkw", 1, 1},
    /* no keys at all */
    {"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n" SAMPLE_EC_SPKI, 1, 0},
    {"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n", 0, 0},
    {"-----BEGIN \n-----BEGIN -----\n-----BEGIN PUBLIC KEY----\n", 0, 0},
};

START_TEST(blocks_stand_for_themselves)
{
    tscope_keyring *keyring = keyring_of(files[_i].text, files[_i].keys);
    size_t unusable = 0;

    for (size_t i = 0; i < files[_i].keys; i++)
        unusable += tscope_key_unusable(tscope_keyring_key(keyring, i)) != NULL;
    ck_assert_uint_eq(unusable, files[_i].unusable);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(label_that_lies_makes_no_key)
{
    static const char begin[] = "-----BEGIN CERTIFICATE-----", spki[] = SAMPLE_EC_SPKI;
    char text[1024];
    tscope_keyring *keyring;

    snprintf(text, sizeof(text), "%s%.*s-----END CERTIFICATE-----\n", begin,
             (int)(strstr(spki, "-----END") - spki - (long)strlen("-----BEGIN PUBLIC KEY-----")),
             spki + strlen("-----BEGIN PUBLIC KEY-----"));
    keyring = keyring_of(text, 1);
    ck_assert_str_eq(tscope_key_unusable(tscope_keyring_key(keyring, 0)), tscope_key_flaw_text(TSCOPE_KEY_FLAW_CERTIFICATE));
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(many_begin_lines_are_linear)
{
    static const char line[] = "-----BEGIN CERTIFICATE-----\n";
    size_t count = 100000, len = count * strlen(line), offset = 0, blocks = 0;
    char *text = malloc(len);
    struct tscope_pem_block block;

    for (size_t i = 0; i < count; i++)
        memcpy(text + i * strlen(line), line, strlen(line));
    while (tscope_pem_next(tscope_span_of(text, len), &offset, &block))
        blocks++;
    ck_assert_uint_eq(blocks, count);
    free(text);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("pem");
    TCase *tests = tcase_create("pem");

    tcase_add_loop_test(tests, armoured_key_is_read, 0, (int)TSCOPE_COUNT(good));
    tcase_add_loop_test(tests, der_key_is_read, 0, (int)TSCOPE_COUNT(good));
    tcase_add_loop_test(tests, every_prefix_and_flipped_byte_of_der_is_survived, 0, (int)TSCOPE_COUNT(good));
    tcase_add_loop_test(tests, blocks_stand_for_themselves, 0, (int)TSCOPE_COUNT(files));
    tcase_add_test(tests, label_that_lies_makes_no_key);
    tcase_add_test(tests, many_begin_lines_are_linear);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
