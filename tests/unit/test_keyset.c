/* SPDX-License-Identifier: Apache-2.0 */
#include "keys_samples.h"
#include "keys_testing.h"

#include "core/span.h"

#define OCT "{\"kty\":\"oct\",\"k\":\"AyM1\"}"

static const struct {
    const char *text;
    size_t keys, unusable;
    const char *set_issuer;
} good[] = {
    {OCT, 1, 0, NULL},
    {" \r\n\t" OCT "\n", 1, 0, NULL},
    {"\xef\xbb\xbf" OCT, 1, 0, NULL},
    {"{\"keys\":[]}", 0, 0, NULL},
    {"{\"keys\":[" OCT "," SAMPLE_EC_JWK "]}", 2, 0, NULL},
    /* one bad key sinks nothing */
    {"{\"keys\":[" OCT ",{},7,null,[],\"x\",{\"kty\":\"RSA\"}," SAMPLE_EC_JWK "]}", 8, 6, NULL},
    {"[" OCT "," OCT "]", 2, 0, NULL},
    {"[" OCT ",7,{}]", 1, 0, NULL},
    {"[\"" SAMPLE_CERTIFICATE_BASE64 "\",\"MIIB\"]", 1, 0, NULL},
    {"{\"x5c\":[\"" SAMPLE_CERTIFICATE_BASE64 "\"]}", 1, 0, NULL},
    {"{\"issuer\":\"https://i\",\"keys\":[" OCT "]}", 1, 0, "https://i"},
    {"{\"jwks\":{\"keys\":[" OCT "]},\"issuer\":\"https:\\/\\/i\"}", 1, 0, "https://i"},
    {"{\"issuer\":\"https://i\",\"jwks\":[" OCT "]}", 1, 0, "https://i"},
    {"{\"issuer\":7,\"keys\":[" OCT "]}", 1, 0, NULL},
    {"{\"issuer\":\"https://i\",\"jwks_uri\":\"https://i/keys\"}", 0, 0, NULL},
    {"{\"keys\":[" OCT "],\"keys\":7}", 1, 0, NULL},
    /* well-formed, and no keys */
    {"{}", 0, 0, NULL},
    {"[]", 0, 0, NULL},
    {"[1]", 0, 0, NULL},
    {"[\"a\"]", 0, 0, NULL},
    {"0", 0, 0, NULL},
    {"-0.1", 0, 0, NULL},
    {"true", 0, 0, NULL},
    {"\"-----BEGIN \"", 0, 0, NULL},
    {"{\"jwks\":{}}", 0, 0, NULL},
};

START_TEST(set_is_read)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_keys_added added = {0};
    struct tscope_error err = {0};

    ck_assert_msg(try_add(keyring, good[_i].text, strlen(good[_i].text), &added, &err) == TSCOPE_OK, "%s", err.message);
    ck_assert_uint_eq(added.keys, good[_i].keys);
    ck_assert_uint_eq(added.unusable, good[_i].unusable);
    freeze(keyring);
    for (size_t i = 0; i < good[_i].keys; i++) {
        const tscope_key *key = tscope_keyring_key(keyring, i);

        ck_assert_str_eq(tscope_key_source(key), "sample");
        ck_assert(tscope_span_equal(key->set_issuer, tscope_span_text(good[_i].set_issuer)));
    }
    tscope_keyring_free(keyring);
}
END_TEST

#define BYTES(text)                               \
    {                                             \
        (const uint8_t *)(text), sizeof(text) - 1 \
    }

static const struct {
    struct tscope_span text;
    uint64_t offset;
    const char *message;
} bad[] = {
    {BYTES(""), 0, "sample: not JSON, PEM or DER (empty)"},
    {BYTES(" \n"), 0, "sample: not JSON, PEM or DER (empty)"},
    {BYTES("<html>"), 0, "sample: not JSON, PEM or DER (starts with '<')"},
    {BYTES("\n <html>"), 2, "sample: not JSON, PEM or DER (starts with '<')"},
    {BYTES("\x1b[2J"), 0, NULL},
    {BYTES("{\"keys\":7}"), 8, "sample: \"keys\" is no array (byte 8)"},
    {BYTES("{\"keys\":{\"kty\":\"oct\"}}"), 8, NULL},
    {BYTES("{\"jwks\":7}"), 8, NULL},
    {BYTES("{\"keys\":["), 9, NULL},
    {BYTES("{\"keys\":[]} x"), 12, NULL},
    {BYTES("{\"keys\":[],}"), UINT64_MAX, NULL},
    {BYTES("{\"keys\":[/* */]}"), 9, NULL},
    {BYTES("{'keys':[]}"), 1, NULL},
    {BYTES("{\"a\":NaN}"), 5, NULL},
    {BYTES("{\"a\":\"\n\"}"), 6, NULL},
    {BYTES("{\0}\0"), UINT64_MAX, NULL},
    {BYTES("\xff\xfe{\0}\0"), UINT64_MAX, "sample: UTF-16 text, which is not read (save it as UTF-8)"},
    {BYTES("\xef\xbb\xbf"), UINT64_MAX, NULL},
    {BYTES("{\"format\":\"tokenscope-key-history/1\",\"keys\":[]}"), 0, "sample: a key history, not a key set"},
    {BYTES("\x30\x03\x02\x01\x00"), 0, "sample: DER of no key or certificate"},
    {BYTES("\x30\x80\x00\x00"), 1, NULL},
};

START_TEST(other_text_is_refused_with_its_place)
{
    tscope_keyring *keyring = new_keyring();
    struct tscope_error err = {0};

    ck_assert_int_eq(try_add(keyring, bad[_i].text.data, bad[_i].text.len, NULL, &err), TSCOPE_ERR_DATA);
    if (bad[_i].offset != UINT64_MAX)
        ck_assert_uint_eq(err.offset, bad[_i].offset);
    if (bad[_i].message)
        ck_assert_str_eq(err.message, bad[_i].message);
    ck_assert_ptr_null(strchr(err.message, '\x1b'));
    ck_assert_uint_eq(tscope_keyring_count(keyring), 0);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(refused_set_adds_nothing)
{
    static const char cut[] = "-----BEGIN PUBLIC KEY-----\nAAAA";
    tscope_keyring *keyring = new_keyring();
    struct tscope_keys_added added = {0};

    ck_assert_int_eq(try_add(keyring, OCT, strlen(OCT), NULL, NULL), TSCOPE_OK);
    ck_assert_int_eq(try_add(keyring, "{\"keys\":[" OCT "", 9 + strlen(OCT), &added, NULL), TSCOPE_ERR_DATA);
    ck_assert_uint_eq(tscope_keyring_count(keyring), 1);
    ck_assert_int_eq(try_add(keyring, cut, strlen(cut), &added, NULL), TSCOPE_OK);
    ck_assert_uint_eq(added.unusable, 1);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(caller_knows_the_issuer_best)
{
    static const char text[] = "{\"issuer\":\"https://i\",\"keys\":[" OCT "]}";
    tscope_keyring *keyring = new_keyring();

    ck_assert_int_eq(tscope_keyring_add(keyring, (const uint8_t *)text, strlen(text), "n", "https://caller", NULL, NULL), TSCOPE_OK);
    freeze(keyring);
    ck_assert(tscope_span_is(tscope_keyring_key(keyring, 0)->set_issuer, "https://caller"));
    ck_assert_uint_eq(tscope_keyring_key(keyring, 0)->source_offset, 30);
    tscope_keyring_free(keyring);
}
END_TEST

START_TEST(every_prefix_of_a_set_is_refused)
{
    static const char text[] = "{\"keys\":[" SAMPLE_EC_JWK "," OCT "],\"issuer\":\"https://i\"}";

    for (size_t len = 0; len < strlen(text); len++) {
        tscope_keyring *keyring = new_keyring();

        ck_assert_int_eq(try_add(keyring, text, len, NULL, NULL), TSCOPE_ERR_DATA);
        tscope_keyring_free(keyring);
    }
}
END_TEST

START_TEST(failed_allocation_is_reported)
{
    static const char text[] =
        "{\"issuer\":\"https:\\/\\/i\",\"keys\":[" SAMPLE_EC_JWK ",{\"kty\":\"RSA\",\"x5c\":[\"" SAMPLE_CERTIFICATE_BASE64
        "\"]},{\"kty\":\"o\\u0063t\",\"k\":\"Ay\\u004d1\",\"key_ops\":[\"veri\\u0066y\"]}]}";
    static const char *const texts[] = {text, SAMPLE_RSA_PKCS8, SAMPLE_CERTIFICATE, "<"};
    static const enum tscope_status wanted[] = {TSCOPE_OK, TSCOPE_OK, TSCOPE_OK, TSCOPE_ERR_DATA};
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    for (unsigned long n = 1; status == TSCOPE_ERR_NO_MEMORY; n++) {
        tscope_keyring *keyring = NULL;

        ck_assert_uint_lt(n, 10000);
        tscope_alloc_fail_from(n);
        status = tscope_keyring_new(&keyring, NULL);
        if (status == TSCOPE_OK)
            status = try_add(keyring, texts[_i], strlen(texts[_i]), NULL, NULL);
        if (status == TSCOPE_OK)
            status = tscope_keyring_freeze(keyring, NULL);
        tscope_alloc_fail_from(0);
        ck_assert(status == wanted[_i] || status == TSCOPE_ERR_NO_MEMORY);
        tscope_keyring_free(keyring);
    }
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("keyset");
    TCase *tests = tcase_create("keyset");

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, set_is_read, 0, (int)TSCOPE_COUNT(good));
    tcase_add_loop_test(tests, other_text_is_refused_with_its_place, 0, (int)TSCOPE_COUNT(bad));
    tcase_add_test(tests, refused_set_adds_nothing);
    tcase_add_test(tests, caller_knows_the_issuer_best);
    tcase_add_test(tests, every_prefix_of_a_set_is_refused);
    tcase_add_loop_test(tests, failed_allocation_is_reported, 0, 4);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
