/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/ec.h>
#include <openssl/ecdsa.h>

#include "core/alloc.h"
#include "crypto/ecdsa.h"
#include "crypto_testing.h"

static tscope_crypto *crypto;

static void
make_crypto(void)
{
    ck_assert_int_eq(tscope_crypto_new(&crypto, NULL), TSCOPE_OK);
}

static void
free_crypto(void)
{
    tscope_crypto_free(crypto);
}

static const struct {
    enum tscope_curve curve;
    const char *name;
    size_t digest_len;
} curves[] = {
    {TSCOPE_CURVE_P256, "P-256", 32}, {TSCOPE_CURVE_P256, "P-256", 64},          {TSCOPE_CURVE_P384, "P-384", 48},
    {TSCOPE_CURVE_P521, "P-521", 64}, {TSCOPE_CURVE_SECP256K1, "secp256k1", 32},
};

struct signature {
    uint8_t digest[64], raw[132], x[66];
    size_t digest_len, width;
    enum tscope_curve curve;
};

/* By the library's own signer. */
static struct signature
sign_row(int row)
{
    struct signature made = {
        .digest_len = curves[row].digest_len, .width = tscope_curve_width(curves[row].curve), .curve = curves[row].curve};
    EVP_PKEY *key = EVP_EC_gen(curves[row].name);
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    uint8_t der[TSCOPE_ECDSA_DER_MAX];
    const uint8_t *at = der;
    size_t der_len = sizeof(der);
    ECDSA_SIG *pair;
    BIGNUM *x = NULL;

    for (size_t i = 0; i < sizeof(made.digest); i++)
        made.digest[i] = (uint8_t)(0xf0 - i);
    ck_assert_int_eq(EVP_PKEY_sign_init(context), 1);
    ck_assert_int_eq(EVP_PKEY_sign(context, der, &der_len, made.digest, made.digest_len), 1);
    pair = d2i_ECDSA_SIG(NULL, &at, (long)der_len);
    BN_bn2binpad(ECDSA_SIG_get0_r(pair), made.raw, (int)made.width);
    BN_bn2binpad(ECDSA_SIG_get0_s(pair), made.raw + made.width, (int)made.width);
    ck_assert_int_eq(EVP_PKEY_get_bn_param(key, "qx", &x), 1);
    BN_bn2binpad(x, made.x, (int)made.width);
    BN_free(x);
    ECDSA_SIG_free(pair);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return made;
}

static bool
recovers(const struct signature *made, size_t len)
{
    struct tscope_ecdsa_recovered recovered;
    struct tscope_error err = {0};
    bool found = false;

    ck_assert_int_eq(
        tscope_ecdsa_recover(crypto, made->curve, made->digest, made->digest_len, tscope_span_of(made->raw, len), &recovered, &err),
        TSCOPE_OK);
    ck_assert_uint_le(recovered.len, 2);
    for (size_t i = 0; i < recovered.len; i++)
        found |= memcmp(recovered.x[i], made->x, made->width) == 0;
    return found;
}

START_TEST(signer_is_among_the_recovered)
{
    for (int i = 0; i < 8; i++) {
        struct signature made = sign_row(_i);

        ck_assert(recovers(&made, 2 * made.width));
    }
}
END_TEST

START_TEST(another_message_gives_another_key)
{
    struct signature made = sign_row(_i);

    made.digest[3] ^= 1;
    ck_assert(!recovers(&made, 2 * made.width));
}
END_TEST

/* Of another length, with r or s zero, and with r that is the coordinate of no point. */
START_TEST(nothing_comes_of_what_is_no_signature)
{
    struct signature made = sign_row(_i);

    ck_assert(!recovers(&made, 2 * made.width - 1));
    ck_assert(!recovers(&made, 0));
    memset(made.raw, 0, made.width);
    ck_assert(!recovers(&made, 2 * made.width));
    for (uint8_t r = 1; r < 40; r++) {
        made.raw[made.width - 1] = r;
        ck_assert(!recovers(&made, 2 * made.width));
    }
    memset(made.raw + made.width, 0, made.width);
    ck_assert(!recovers(&made, 2 * made.width));
}
END_TEST

/* -z/r is zero when the digest is. */
START_TEST(digest_of_zeros_is_no_trap)
{
    struct signature made = sign_row(_i);
    struct tscope_ecdsa_recovered recovered;

    memset(made.digest, 0, sizeof(made.digest));
    ck_assert_int_eq(
        tscope_ecdsa_recover(crypto, made.curve, made.digest, made.digest_len, tscope_span_of(made.raw, 2 * made.width), &recovered, NULL),
        TSCOPE_OK);
    ck_assert_uint_gt(recovered.len, 0);
}
END_TEST

START_TEST(other_curves_have_none)
{
    struct signature made = sign_row(0);

    made.curve = TSCOPE_CURVE_ED25519;
    ck_assert(!recovers(&made, 64));
    made.curve = TSCOPE_CURVE_NONE;
    ck_assert(!recovers(&made, 64));
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("ecdsa_recover");
    TCase *tcase = tcase_create("recover");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tcase, make_crypto, free_crypto);
    tcase_add_loop_test(tcase, signer_is_among_the_recovered, 0, TSCOPE_COUNT(curves));
    tcase_add_loop_test(tcase, another_message_gives_another_key, 0, TSCOPE_COUNT(curves));
    tcase_add_loop_test(tcase, nothing_comes_of_what_is_no_signature, 0, TSCOPE_COUNT(curves));
    tcase_add_loop_test(tcase, digest_of_zeros_is_no_trap, 0, TSCOPE_COUNT(curves));
    tcase_add_test(tcase, other_curves_have_none);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
