/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "crypto/alg.h"

static const struct {
    const char *name;
    enum tscope_alg_family family;
    enum tscope_digest digest;
    enum tscope_curve curve;
    size_t signature_len;
} rows[] = {
    {"HS256", TSCOPE_ALG_HMAC, TSCOPE_DIGEST_SHA256, TSCOPE_CURVE_NONE, 32},
    {"HS384", TSCOPE_ALG_HMAC, TSCOPE_DIGEST_SHA384, TSCOPE_CURVE_NONE, 48},
    {"HS512", TSCOPE_ALG_HMAC, TSCOPE_DIGEST_SHA512, TSCOPE_CURVE_NONE, 64},
    {"RS256", TSCOPE_ALG_RSA_PKCS1, TSCOPE_DIGEST_SHA256, TSCOPE_CURVE_NONE, 0},
    {"RS384", TSCOPE_ALG_RSA_PKCS1, TSCOPE_DIGEST_SHA384, TSCOPE_CURVE_NONE, 0},
    {"RS512", TSCOPE_ALG_RSA_PKCS1, TSCOPE_DIGEST_SHA512, TSCOPE_CURVE_NONE, 0},
    {"PS256", TSCOPE_ALG_RSA_PSS, TSCOPE_DIGEST_SHA256, TSCOPE_CURVE_NONE, 0},
    {"PS384", TSCOPE_ALG_RSA_PSS, TSCOPE_DIGEST_SHA384, TSCOPE_CURVE_NONE, 0},
    {"PS512", TSCOPE_ALG_RSA_PSS, TSCOPE_DIGEST_SHA512, TSCOPE_CURVE_NONE, 0},
    {"ES256", TSCOPE_ALG_ECDSA, TSCOPE_DIGEST_SHA256, TSCOPE_CURVE_P256, 64},
    {"ES384", TSCOPE_ALG_ECDSA, TSCOPE_DIGEST_SHA384, TSCOPE_CURVE_P384, 96},
    {"ES512", TSCOPE_ALG_ECDSA, TSCOPE_DIGEST_SHA512, TSCOPE_CURVE_P521, 132},
    {"ES256K", TSCOPE_ALG_ECDSA, TSCOPE_DIGEST_SHA256, TSCOPE_CURVE_SECP256K1, 64},
    {"EdDSA", TSCOPE_ALG_EDDSA, TSCOPE_DIGEST_NONE, TSCOPE_CURVE_NONE, 0},
    {"Ed25519", TSCOPE_ALG_EDDSA, TSCOPE_DIGEST_NONE, TSCOPE_CURVE_ED25519, 64},
    {"Ed448", TSCOPE_ALG_EDDSA, TSCOPE_DIGEST_NONE, TSCOPE_CURVE_ED448, 114},
    {"none", TSCOPE_ALG_NONE, TSCOPE_DIGEST_NONE, TSCOPE_CURVE_NONE, 0},
};

static const char *const strangers[] = {
    "",         "none ",   "None",   "NONE",   "nOnE",    "rs256",   "RS256 ", " RS256", "RS25",   "RS2566",     "RS1",
    "RS224",    "HS1",     "HS255",  "ES521",  "ES256k",  "ES256KK", "ESP256", "ESP521", "EDDSA",  "eddsa",      "Ed25518",
    "Ed25519 ", "ed25519", "X25519", "RSA1_5", "ECDH-ES", "dir",     "A256KW", "null",   "SHA256", "RSASSA-PSS", "EdDSA\n",
};

static const char *const jwe_names[] = {
    "RSA1_5",
    "RSA-OAEP",
    "RSA-OAEP-256",
    "A128KW",
    "A192KW",
    "A256KW",
    "dir",
    "ECDH-ES",
    "ECDH-ES+A128KW",
    "ECDH-ES+A192KW",
    "ECDH-ES+A256KW",
    "A128GCMKW",
    "A192GCMKW",
    "A256GCMKW",
    "PBES2-HS256+A128KW",
    "PBES2-HS384+A192KW",
    "PBES2-HS512+A256KW",
};

static const struct {
    const char *name;
    size_t width, bits;
    bool okp;
} curves[] = {
    [TSCOPE_CURVE_P256] = {"P-256", 32, 256, false},     [TSCOPE_CURVE_P384] = {"P-384", 48, 384, false},
    [TSCOPE_CURVE_P521] = {"P-521", 66, 521, false},     [TSCOPE_CURVE_SECP256K1] = {"secp256k1", 32, 256, false},
    [TSCOPE_CURVE_ED25519] = {"Ed25519", 32, 255, true}, [TSCOPE_CURVE_ED448] = {"Ed448", 57, 448, true},
    [TSCOPE_CURVE_X25519] = {"X25519", 32, 255, true},   [TSCOPE_CURVE_X448] = {"X448", 56, 448, true},
};

START_TEST(registered_name_has_its_row)
{
    const struct tscope_alg *alg = tscope_alg_find(tscope_span_text(rows[_i].name));

    ck_assert_ptr_nonnull(alg);
    ck_assert_str_eq(alg->name, rows[_i].name);
    ck_assert_int_eq(alg->family, rows[_i].family);
    ck_assert_int_eq(alg->digest, rows[_i].digest);
    ck_assert_int_eq(alg->curve, rows[_i].curve);
    ck_assert_uint_eq(alg->signature_len, rows[_i].signature_len);
    ck_assert(!tscope_alg_is_jwe(tscope_span_text(rows[_i].name)));
}
END_TEST

START_TEST(other_name_has_none)
{
    ck_assert_ptr_null(tscope_alg_find(tscope_span_text(strangers[_i])));
}
END_TEST

START_TEST(name_with_a_nul_inside_has_none)
{
    ck_assert_ptr_null(tscope_alg_find(TSCOPE_SPAN("RS256\0")));
    ck_assert_ptr_null(tscope_alg_find(TSCOPE_SPAN("\0RS256")));
    ck_assert_ptr_null(tscope_alg_find(tscope_span_of(NULL, 0)));
}
END_TEST

START_TEST(name_is_read_within_its_length)
{
    uint8_t *exact = malloc(5);

    memcpy(exact, "RS256", 5);
    ck_assert_ptr_nonnull(tscope_alg_find(tscope_span_of(exact, 5)));
    for (size_t len = 0; len < 5; len++)
        ck_assert_ptr_null(tscope_alg_find(tscope_span_of(exact, len)));
    ck_assert(!tscope_alg_is_jwe(tscope_span_of(exact, 5)));
    free(exact);
}
END_TEST

START_TEST(jwe_name_is_known)
{
    struct tscope_span name = tscope_span_text(jwe_names[_i]);

    ck_assert(tscope_alg_is_jwe(name));
    ck_assert_ptr_null(tscope_alg_find(name));
    ck_assert(!tscope_alg_is_jwe(tscope_span_of(name.data, name.len - 1)) || tscope_span_is(name, "RSA-OAEP-256"));
}
END_TEST

START_TEST(curve_has_its_measures)
{
    enum tscope_curve curve = (enum tscope_curve)_i;

    ck_assert_str_eq(tscope_curve_name(curve), curves[_i].name);
    ck_assert_int_eq(tscope_curve_find(tscope_span_text(curves[_i].name)), curve);
    ck_assert_uint_eq(tscope_curve_width(curve), curves[_i].width);
    ck_assert_uint_eq(tscope_curve_bits(curve), curves[_i].bits);
    ck_assert(tscope_curve_is_okp(curve) == curves[_i].okp);
}
END_TEST

START_TEST(other_curve_is_none)
{
    static const char *const names[] = {"", "p-256", "P256", "P-224", "P-521 ", "secp256r1", "Secp256k1", "ED25519", "NONE"};

    for (size_t i = 0; i < TSCOPE_COUNT(names); i++)
        ck_assert_int_eq(tscope_curve_find(tscope_span_text(names[i])), TSCOPE_CURVE_NONE);
    ck_assert_ptr_null(tscope_curve_name(TSCOPE_CURVE_NONE));
    ck_assert_uint_eq(tscope_curve_width(TSCOPE_CURVE_NONE), 0);
    ck_assert(!tscope_curve_is_okp(TSCOPE_CURVE_NONE));
}
END_TEST

START_TEST(digest_has_its_length)
{
    ck_assert_uint_eq(tscope_digest_len(TSCOPE_DIGEST_NONE), 0);
    ck_assert_uint_eq(tscope_digest_len(TSCOPE_DIGEST_SHA1), 20);
    ck_assert_uint_eq(tscope_digest_len(TSCOPE_DIGEST_SHA256), 32);
    ck_assert_uint_eq(tscope_digest_len(TSCOPE_DIGEST_SHA384), 48);
    ck_assert_uint_eq(tscope_digest_len(TSCOPE_DIGEST_SHA512), 64);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("alg");
    TCase *tcase = tcase_create("alg");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, registered_name_has_its_row, 0, (int)TSCOPE_COUNT(rows));
    tcase_add_loop_test(tcase, other_name_has_none, 0, (int)TSCOPE_COUNT(strangers));
    tcase_add_test(tcase, name_with_a_nul_inside_has_none);
    tcase_add_test(tcase, name_is_read_within_its_length);
    tcase_add_loop_test(tcase, jwe_name_is_known, 0, (int)TSCOPE_COUNT(jwe_names));
    tcase_add_loop_test(tcase, curve_has_its_measures, TSCOPE_CURVE_P256, TSCOPE_CURVE_X448 + 1);
    tcase_add_test(tcase, other_curve_is_none);
    tcase_add_test(tcase, digest_has_its_length);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
