/* SPDX-License-Identifier: Apache-2.0 */
#include "jwe_testing.h"

static tscope_crypto *crypto;

static const enum tscope_curve curves[] = {TSCOPE_CURVE_P256,    TSCOPE_CURVE_P384,  TSCOPE_CURVE_P521,   TSCOPE_CURVE_SECP256K1,
                                           TSCOPE_CURVE_ED25519, TSCOPE_CURVE_ED448, TSCOPE_CURVE_X25519, TSCOPE_CURVE_X448};

static struct recipient_key
make_curve_key(enum tscope_curve curve)
{
    return tscope_curve_is_okp(curve) ? make_okp_key(curve) : make_ec_key(curve);
}

static enum tscope_key_flaw
flaw_of(const struct tscope_private_numbers *numbers)
{
    enum tscope_key_flaw flaw;

    tscope_private_free(take_private(crypto, numbers, &flaw));
    return flaw;
}

static struct tscope_span
with_zeros(struct tscope_span number, size_t zeros)
{
    uint8_t bytes[2048] = {0};

    memcpy(bytes + zeros, number.data, number.len);
    return exact_span(bytes, zeros + number.len);
}

START_TEST(private_key_of_its_curve_is_taken)
{
    struct recipient_key key = make_curve_key(curves[_i]);
    tscope_private *private = good_private(crypto, &key.numbers);

    ck_assert_int_eq(tscope_private_curve(private), curves[_i]);
    ck_assert_int_eq(tscope_private_type(private), key.numbers.open.type);
    ck_assert_uint_eq(tscope_private_bits(private), tscope_curve_bits(curves[_i]));
    ck_assert_ptr_eq(tscope_private_ref(private), private);
    tscope_private_free(private);
    tscope_private_free(private);
    clear_key(&key);
}
END_TEST

START_TEST(private_key_of_another_public_key_is_refused)
{
    struct recipient_key key = make_curve_key(curves[_i]), other = make_curve_key(curves[_i]);
    struct tscope_span own = key.numbers.d;

    key.numbers.d = other.numbers.d;
    ck_assert_int_eq(flaw_of(&key.numbers), TSCOPE_KEY_FLAW_PRIVATE);
    key.numbers.d = own;
    for (size_t i = 0; i < own.len; i++) { /* and every near miss */
        uint8_t *byte = (uint8_t *)(uintptr_t)own.data + i;

        if (curves[_i] > TSCOPE_CURVE_ED448 && (i == 0 || i == own.len - 1))
            continue; /* bits that clamping sets and clears (RFC 7748 section 5) */
        *byte ^= 8;
        ck_assert_int_eq(flaw_of(&key.numbers), TSCOPE_KEY_FLAW_PRIVATE);
        *byte ^= 8;
    }
    ck_assert_int_eq(flaw_of(&key.numbers), TSCOPE_KEY_FLAW_NONE);
    clear_key(&key);
    clear_key(&other);
}
END_TEST

START_TEST(private_number_out_of_range_is_refused)
{
    struct recipient_key key = make_curve_key(curves[_i]);
    struct tscope_span own = key.numbers.d;
    uint8_t bytes[80];
    size_t width = tscope_curve_width(curves[_i]);

    key.numbers.d = (struct tscope_span){NULL, 0};
    ck_assert_int_eq(flaw_of(&key.numbers), TSCOPE_KEY_FLAW_PRIVATE);
    key.numbers.d = tscope_span_of(bytes, 0);
    ck_assert_int_eq(flaw_of(&key.numbers), TSCOPE_KEY_FLAW_PRIVATE);
    for (size_t len = width - 1; len <= width + 1; len++) {
        memset(bytes, 0, sizeof(bytes));
        key.numbers.d = tscope_span_of(bytes, len);
        ck_assert_int_eq(flaw_of(&key.numbers), TSCOPE_KEY_FLAW_PRIVATE);
        memset(bytes, 0xff, sizeof(bytes));
        ck_assert_int_eq(flaw_of(&key.numbers), TSCOPE_KEY_FLAW_PRIVATE);
    }
    key.numbers.d = with_zeros(own, 3);
    ck_assert_int_eq(flaw_of(&key.numbers), tscope_curve_is_okp(curves[_i]) ? TSCOPE_KEY_FLAW_PRIVATE : TSCOPE_KEY_FLAW_NONE);
    free_span(key.numbers.d);
    key.numbers.d = own;
    clear_key(&key);
}
END_TEST

/* d and the order n give the same point for d + n: only one of them is a private key. */
START_TEST(private_number_not_below_the_order_is_refused)
{
    struct recipient_key key = make_ec_key(TSCOPE_CURVE_P521); /* the only curve whose width leaves room */
    BIGNUM *order = NULL, *d = BN_bin2bn(key.numbers.d.data, (int)key.numbers.d.len, NULL);
    struct tscope_span own = key.numbers.d;
    uint8_t bytes[66];

    ck_assert_int_eq(EVP_PKEY_get_bn_param(key.evp, OSSL_PKEY_PARAM_EC_ORDER, &order), 1);
    BN_add(d, d, order);
    ck_assert_int_eq(BN_bn2binpad(d, bytes, sizeof(bytes)), (int)sizeof(bytes));
    key.numbers.d = tscope_span_of(bytes, sizeof(bytes));
    ck_assert_int_eq(flaw_of(&key.numbers), TSCOPE_KEY_FLAW_PRIVATE);
    key.numbers.d = own;
    BN_free(order);
    BN_free(d);
    clear_key(&key);
}
END_TEST

START_TEST(public_part_passes_its_gate_first)
{
    struct recipient_key key = make_ec_key(TSCOPE_CURVE_P256), rsa = make_rsa_key(1024);
    const struct tscope_span small = TSCOPE_SPAN("\3\3\3"), one = TSCOPE_SPAN("\1");
    struct tscope_private_numbers numbers = {.d = key.numbers.d};

    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_TYPE);
    numbers = key.numbers;
    numbers.open.x = key.numbers.open.y;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_EC_POINT);
    numbers.open.curve = TSCOPE_CURVE_NONE;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_CURVE);
    numbers = rsa.numbers;
    numbers.open.n = small;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_RSA_SMALL);
    numbers = rsa.numbers;
    numbers.open.e = one;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_RSA_EXPONENT);
    numbers.open.e = rsa.numbers.d;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_RSA_EXPONENT);
    numbers = (struct tscope_private_numbers){.open = {.type = TSCOPE_KEY_OCT}};
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_MEMBER);
    clear_key(&key);
    clear_key(&rsa);
}
END_TEST

/* The factors are a help, not a must; a damaged helper leaves what n, e and d can do. */
START_TEST(rsa_key_is_taken_with_and_without_its_factors)
{
    static const size_t offsets[] = {offsetof(struct tscope_private_numbers, p), offsetof(struct tscope_private_numbers, q),
                                     offsetof(struct tscope_private_numbers, dp), offsetof(struct tscope_private_numbers, dq),
                                     offsetof(struct tscope_private_numbers, qi)};
    struct recipient_key key = make_rsa_key(2048);
    struct tscope_private_numbers numbers = key.numbers;
    struct tscope_span longer = with_zeros(key.numbers.d, 7);
    struct message message;

    make_message(&message, &key, jwe_alg_of("RSA-OAEP"), jwe_enc_of("A128GCM"), 5);
    for (size_t i = 0; i <= TSCOPE_COUNT(offsets); i++) {
        tscope_private *private = good_private(crypto, &numbers);

        ck_assert_uint_eq(tscope_private_bits(private), 2048);
        ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_DECRYPTED);
        tscope_private_free(private);
        if (i < TSCOPE_COUNT(offsets))
            *(struct tscope_span *)((uint8_t *)&numbers + offsets[i]) = (struct tscope_span){NULL, 0};
    }
    numbers = key.numbers;
    numbers.d = longer;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_NONE);
    free_span(longer);
    clear_message(&message);
    clear_key(&key);
}
END_TEST

START_TEST(rsa_key_with_another_private_exponent_is_refused)
{
    struct recipient_key key = make_rsa_key(1024), other = make_rsa_key(1024);
    struct tscope_private_numbers numbers = {.open = key.numbers.open, .d = other.numbers.d};
    struct tscope_span longer = with_zeros(key.numbers.d, 1);

    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_PRIVATE);
    numbers.d = (struct tscope_span){NULL, 0};
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_PRIVATE);
    *(uint8_t *)(uintptr_t)longer.data = 1; /* longer than the modulus */
    numbers.d = longer;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_PRIVATE);
    numbers = other.numbers; /* every private part of another key */
    numbers.open = key.numbers.open;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_PRIVATE);
    numbers = key.numbers;
    numbers.d = tscope_span_of("\2", 1);
    numbers.p = (struct tscope_span){NULL, 0};
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_PRIVATE);
    free_span(longer);
    clear_key(&key);
    clear_key(&other);
}
END_TEST

START_TEST(private_rsa_key_over_8192_bits_is_refused)
{
    uint8_t modulus[1026], exponent[1026];
    struct tscope_private_numbers numbers = {.open = {.type = TSCOPE_KEY_RSA, .n = {modulus, 0}, .e = TSCOPE_SPAN("\1\0\1")},
                                             .d = {exponent, 0}};

    memset(modulus, 0xa5, sizeof(modulus));
    memset(exponent, 0x25, sizeof(exponent));
    numbers.open.n.len = numbers.d.len = 1024;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_PRIVATE); /* tried, and no pair */
    numbers.open.n.len = numbers.d.len = 1025;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_PRIVATE_LARGE);
    modulus[0] = 1;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_PRIVATE_LARGE);
}
END_TEST

START_TEST(secret_outlives_what_it_was_made_of)
{
    struct recipient_key key = make_oct_key(16);
    tscope_private *private = good_private(crypto, &key.numbers);
    struct message message;

    make_message(&message, &key, jwe_alg_of("dir"), jwe_enc_of("A128GCM"), 5);
    clear_key(&key);
    ck_assert_int_eq(tscope_private_type(private), TSCOPE_KEY_OCT);
    ck_assert_uint_eq(tscope_private_bits(private), 128);
    ck_assert_int_eq(decrypt_message(private, &message), TSCOPE_JWE_DECRYPTED);
    tscope_private_free(private);
    clear_message(&message);
    tscope_private_free(NULL);
}
END_TEST

START_TEST(memory_failure_is_no_flaw)
{
    struct recipient_key keys[] = {make_oct_key(16), make_ec_key(TSCOPE_CURVE_P256), make_okp_key(TSCOPE_CURVE_X25519), make_rsa_key(1024)};

    for (size_t i = 0; i < TSCOPE_COUNT(keys); i++) {
        enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

        for (unsigned long n = 1; status != TSCOPE_OK; n++) {
            tscope_private *private = NULL;
            enum tscope_key_flaw flaw;

            ck_assert_uint_lt(n, 20);
            tscope_alloc_fail_from(n);
            status = tscope_private_new(crypto, &keys[i].numbers, &private, &flaw, NULL);
            tscope_alloc_fail_from(0);
            ck_assert((private != NULL) == (status == TSCOPE_OK));
            ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
            tscope_private_free(private);
        }
        clear_key(&keys[i]);
    }
}
END_TEST

static void
open_shared(void)
{
    crypto = open_crypto();
}

static void
close_shared(void)
{
    tscope_crypto_free(crypto);
}

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("private");
    TCase *tcase = tcase_create("private");

    tcase_add_unchecked_fixture(tcase, open_shared, close_shared);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, private_key_of_its_curve_is_taken, 0, (int)TSCOPE_COUNT(curves));
    tcase_add_loop_test(tcase, private_key_of_another_public_key_is_refused, 0, (int)TSCOPE_COUNT(curves));
    tcase_add_loop_test(tcase, private_number_out_of_range_is_refused, 0, (int)TSCOPE_COUNT(curves));
    tcase_add_test(tcase, private_number_not_below_the_order_is_refused);
    tcase_add_test(tcase, public_part_passes_its_gate_first);
    tcase_add_test(tcase, rsa_key_is_taken_with_and_without_its_factors);
    tcase_add_test(tcase, rsa_key_with_another_private_exponent_is_refused);
    tcase_add_test(tcase, private_rsa_key_over_8192_bits_is_refused);
    tcase_add_test(tcase, secret_outlives_what_it_was_made_of);
    tcase_add_test(tcase, memory_failure_is_no_flaw);
    suite_add_tcase(suite, tcase);
    return suite;
}

int
main(void)
{
    SRunner *runner = srunner_create(make_suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
