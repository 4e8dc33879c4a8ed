/* SPDX-License-Identifier: Apache-2.0 */
#include <check.h>
#include <stdlib.h>

#include "crypto/recover.h"
#include "crypto_testing.h"

static tscope_crypto *crypto;

/* A signature with its digest, on memory of exact size. */
struct made {
    struct tscope_signed signature;
};

static struct made
make(const struct pair *pair, const char *alg_name, const char *message)
{
    const struct tscope_alg *alg = alg_of(alg_name);
    const struct tscope_span text = tscope_span_text(message);
    uint8_t digest[64];

    ck_assert_int_eq(tscope_crypto_digest(crypto, alg->digest, &text, 1, digest, NULL), TSCOPE_OK);
    return (struct made){{alg, exact_span(digest, tscope_digest_len(alg->digest)), sign(pair, alg, text)}};
}

static void
clear_made(struct made *made)
{
    free_span(made->signature.digest);
    free_span(made->signature.signature);
}

static bool
holds(const struct tscope_key_numbers *numbers, const struct tscope_signed *signature)
{
    tscope_pkey *pkey = NULL;
    enum tscope_key_flaw flaw;
    bool answer = false;

    ck_assert_int_eq(tscope_pkey_new(crypto, numbers, &pkey, &flaw, NULL), TSCOPE_OK);
    ck_assert_ptr_nonnull(pkey);
    ck_assert_int_eq(tscope_recover_verify(pkey, signature, &answer, NULL), TSCOPE_OK);
    tscope_pkey_free(pkey);
    return answer;
}

static struct tscope_key_numbers
numbers_of_point(enum tscope_curve curve, const struct tscope_recover_point *point)
{
    size_t width = tscope_curve_width(curve);

    return (struct tscope_key_numbers){
        .type = TSCOPE_KEY_EC, .curve = curve, .x = tscope_span_of(point->x, width), .y = tscope_span_of(point->y, width)};
}

static struct tscope_recover_points
points_of(const struct tscope_signed *signature)
{
    struct tscope_recover_points points;

    ck_assert_int_eq(tscope_recover_ecdsa(crypto, signature, &points, NULL), TSCOPE_OK);
    for (size_t i = 0; i < points.len; i++) {
        struct tscope_key_numbers numbers = numbers_of_point(signature->alg->curve, &points.points[i]);

        ck_assert(holds(&numbers, signature));
    }
    return points;
}

static const struct {
    const char *alg;
    enum tscope_curve curve;
} ecdsa[] = {
    {"ES256", TSCOPE_CURVE_P256},
    {"ES384", TSCOPE_CURVE_P384},
    {"ES512", TSCOPE_CURVE_P521},
    {"ES256K", TSCOPE_CURVE_SECP256K1},
};

static bool
has_point(const struct tscope_recover_points *points, const struct tscope_key_numbers *numbers)
{
    for (size_t i = 0; i < points->len; i++) {
        if (memcmp(points->points[i].x, numbers->x.data, numbers->x.len) == 0 &&
            memcmp(points->points[i].y, numbers->y.data, numbers->y.len) == 0)
            return true;
    }
    return false;
}

START_TEST(ecdsa_candidates_hold_the_key)
{
    for (int i = 0; i < 10; i++) {
        struct pair pair = make_ec_pair(ecdsa[_i].curve);
        struct made one = make(&pair, ecdsa[_i].alg, "one"), two = make(&pair, ecdsa[_i].alg, "two");
        struct tscope_recover_points of_one = points_of(&one.signature), of_two = points_of(&two.signature);

        ck_assert_uint_ge(of_one.len, 2);
        ck_assert(has_point(&of_one, &pair.numbers));
        ck_assert(has_point(&of_two, &pair.numbers));
        clear_made(&one);
        clear_made(&two);
        clear_pair(&pair);
    }
}
END_TEST

/* A small r: x may be r or r + n, as the field is a little larger than the order. */
START_TEST(ecdsa_abscissa_beyond_the_order_is_seen)
{
    size_t width = tscope_curve_width(ecdsa[_i].curve), most = 0;
    uint8_t bytes[132], digest[64];
    struct tscope_signed signature = {alg_of(ecdsa[_i].alg), tscope_span_of(digest, 0), tscope_span_of(bytes, 2 * width)};

    signature.digest.len = tscope_digest_len(signature.alg->digest);
    memset(digest, 0x5a, sizeof(digest));
    for (uint8_t r = 1; r < 100; r++) {
        struct tscope_recover_points points;

        memset(bytes, 0, sizeof(bytes));
        bytes[width - 1] = r;
        bytes[2 * width - 1] = 7;
        points = points_of(&signature);
        ck_assert(points.len == 0 || points.len == 2 || points.len == 4);
        most = points.len > most ? points.len : most;
    }
    ck_assert_uint_eq(most, 4);
}
END_TEST

START_TEST(ecdsa_signature_that_none_makes_gives_nothing)
{
    struct pair pair = make_ec_pair(TSCOPE_CURVE_P256);
    struct made made = make(&pair, "ES256", "message");
    struct tscope_signed changed = made.signature;
    uint8_t bytes[64];

    for (size_t half = 0; half < 2; half++) {
        memcpy(bytes, made.signature.signature.data, 64);
        memset(bytes + 32 * half, 0, 32);
        changed.signature = tscope_span_of(bytes, 64);
        ck_assert_uint_eq(points_of(&changed).len, 0);
        memset(bytes + 32 * half, 0xff, 32);
        ck_assert_uint_eq(points_of(&changed).len, 0);
    }
    changed = made.signature;
    changed.signature.len = 63;
    ck_assert_uint_eq(points_of(&changed).len, 0);
    changed = made.signature;
    changed.digest.len = 31;
    ck_assert_uint_eq(points_of(&changed).len, 0);
    changed = made.signature;
    changed.alg = alg_of("RS256");
    ck_assert_uint_eq(points_of(&changed).len, 0);
    clear_made(&made);
    clear_pair(&pair);
}
END_TEST

static struct pair
make_rsa(size_t bits, unsigned exponent)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    struct pair pair = {.numbers = {.type = TSCOPE_KEY_RSA}};
    BIGNUM *e = BN_new();

    ck_assert_int_eq(BN_set_word(e, exponent), 1);
    ck_assert_int_eq(EVP_PKEY_keygen_init(context), 1);
    ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_keygen_bits(context, (int)bits), 1);
    ck_assert_int_eq(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, e), 1);
    ck_assert_int_eq(EVP_PKEY_generate(context, &pair.evp), 1);
    pair.numbers.n = span_of_bignum(pair.evp, OSSL_PKEY_PARAM_RSA_N, 0);
    pair.numbers.e = span_of_bignum(pair.evp, OSSL_PKEY_PARAM_RSA_E, 0);
    BN_free(e);
    EVP_PKEY_CTX_free(context);
    return pair;
}

static struct tscope_recover_modulus
modulus_of(const struct tscope_signed *signatures, size_t len, unsigned exponent)
{
    struct tscope_recover_modulus modulus;

    ck_assert_int_eq(tscope_recover_rsa(signatures, len, exponent, NULL, &modulus, NULL), TSCOPE_OK);
    return modulus;
}

static void
assert_modulus(const struct tscope_recover_modulus *modulus, const struct pair *pair)
{
    ck_assert_uint_eq(modulus->n_len, pair->numbers.n.len);
    ck_assert_mem_eq(modulus->n, pair->numbers.n.data, modulus->n_len);
}

static const struct {
    size_t bits;
    unsigned exponent;
    const char *one, *two;
} rsa[] = {
    {2048, 3, "RS256", "RS256"}, {1024, 17, "RS256", "RS512"}, {2048, 35, "RS384", "RS384"}, {2048, 257, "RS256", "RS256"},
    {3072, 3, "RS512", "RS384"}, {4096, 3, "RS256", "RS256"},  {1017, 5, "RS256", "RS256"},
};

START_TEST(rsa_modulus_is_found)
{
    struct pair pair = make_rsa(rsa[_i].bits, rsa[_i].exponent);
    struct made made[] = {make(&pair, rsa[_i].one, "one"), make(&pair, rsa[_i].two, "two")};
    struct tscope_signed signatures[] = {made[0].signature, made[1].signature};
    struct tscope_recover_modulus modulus = modulus_of(signatures, 2, rsa[_i].exponent);

    assert_modulus(&modulus, &pair);
    ck_assert(holds(&pair.numbers, &signatures[0]));
    modulus = modulus_of(signatures, 2, rsa[_i].exponent + 2);
    ck_assert_uint_eq(modulus.n_len, 0);
    for (size_t i = 0; i < 2; i++)
        clear_made(&made[i]);
    clear_pair(&pair);
}
END_TEST

START_TEST(rsa_signatures_of_two_keys_give_nothing)
{
    struct pair pairs[] = {make_rsa(1024, 3), make_rsa(1024, 3)};
    struct made made[] = {make(&pairs[0], "RS256", "one"), make(&pairs[1], "RS256", "two"), make(&pairs[0], "RS256", "three")};
    struct tscope_signed signatures[] = {made[0].signature, made[1].signature, made[2].signature};
    struct tscope_signed strangers[] = {made[0].signature, made[2].signature, made[1].signature};
    struct tscope_recover_modulus modulus = modulus_of(signatures, 3, 3);

    ck_assert_uint_eq(modulus.n_len, 0);
    modulus = modulus_of(strangers, 3, 3); /* a third of another key does no harm */
    assert_modulus(&modulus, &pairs[0]);
    for (size_t i = 0; i < 3; i++)
        clear_made(&made[i]);
    for (size_t i = 0; i < 2; i++)
        clear_pair(&pairs[i]);
}
END_TEST

/* 131101, the first prime that is not looked for, divides s^3 - EM: of each signature other representatives s + k n are taken until it
 * does. */
static struct made
sign_with_factor(const struct pair *pair, const char *prefix)
{
    BIGNUM *n = BN_bin2bn(pair->numbers.n.data, (int)pair->numbers.n.len, NULL), *s = BN_new(), *em = BN_new(), *cube = BN_new();
    BN_CTX *context = BN_CTX_new();
    char message[40];

    for (unsigned i = 0;; i++) {
        struct made made;
        BN_ULONG due;

        snprintf(message, sizeof(message), "%s %u", prefix, i);
        made = make(pair, "RS256", message);
        BN_bin2bn(made.signature.signature.data, (int)made.signature.signature.len, s);
        BN_sqr(cube, s, context);
        BN_mod_mul(em, cube, s, n, context);
        due = BN_mod_word(em, 131101);
        for (unsigned k = 0; k < 120; k++, BN_add(s, s, n)) {
            BN_ULONG rest = BN_mod_word(s, 131101);

            if (rest * rest % 131101 * rest % 131101 != due)
                continue;
            ck_assert_int_eq(BN_bn2binpad(s, (unsigned char *)(uintptr_t)made.signature.signature.data, 128), 128);
            BN_free(n), BN_free(s), BN_free(em), BN_free(cube), BN_CTX_free(context);
            return made;
        }
        clear_made(&made);
    }
}

START_TEST(rsa_larger_factor_in_common_needs_a_third_signature)
{
    struct pair pair = make_rsa(1017, 3);
    struct made made[] = {sign_with_factor(&pair, "one"), sign_with_factor(&pair, "two"), make(&pair, "RS256", "three")};
    struct tscope_signed signatures[] = {made[0].signature, made[1].signature, made[2].signature};
    struct tscope_recover_modulus modulus = modulus_of(signatures, 2, 3);

    ck_assert_uint_eq(modulus.n_len, 0);
    modulus = modulus_of(signatures, 3, 3);
    assert_modulus(&modulus, &pair);
    for (size_t i = 0; i < 3; i++)
        clear_made(&made[i]);
    clear_pair(&pair);
}
END_TEST

struct steps {
    size_t seen, end;
};

static bool
goes_on(void *user, size_t step, size_t steps)
{
    struct steps *count = user;

    ck_assert_uint_eq(step, count->seen);
    ck_assert_uint_eq(steps, 3);
    count->seen++;
    return step < count->end;
}

START_TEST(rsa_work_can_be_ended_at_each_step)
{
    struct pair pair = make_rsa(1024, 3);
    struct made made[] = {make(&pair, "RS256", "one"), make(&pair, "RS256", "two")};
    struct tscope_signed signatures[] = {made[0].signature, made[1].signature};

    for (size_t end = 0; end <= 3; end++) {
        struct steps steps = {.end = end};
        struct tscope_recover_watch watch = {goes_on, &steps};
        struct tscope_recover_modulus modulus;

        ck_assert_int_eq(tscope_recover_rsa(signatures, 2, 3, &watch, &modulus, NULL), TSCOPE_OK);
        ck_assert_uint_eq(steps.seen, end < 3 ? end + 1 : 3);
        ck_assert_uint_eq(modulus.n_len, end < 3 ? 0 : 128);
    }
    for (size_t i = 0; i < 2; i++)
        clear_made(&made[i]);
    clear_pair(&pair);
}
END_TEST

START_TEST(rsa_what_cannot_be_worked_on_is_refused)
{
    struct pair pair = make_rsa(1024, 3);
    struct made one = make(&pair, "RS256", "one"), two = make(&pair, "RS256", "two"), salted = make(&pair, "PS256", "one");
    struct steps steps = {0};
    struct tscope_recover_watch watch = {goes_on, &steps};
    struct tscope_recover_modulus modulus;
    struct tscope_signed long_ones[2];
    uint8_t bytes[2][512] = {{1}, {2}};
    const struct {
        struct tscope_signed signatures[2];
        size_t len;
        unsigned exponent;
    } bad[] = {
        {{one.signature, one.signature}, 2, 3},    {{one.signature, two.signature}, 1, 3}, {{one.signature, two.signature}, 2, 2},
        {{one.signature, two.signature}, 2, 1},    {{one.signature, two.signature}, 0, 3}, {{one.signature, salted.signature}, 2, 3},
        {{salted.signature, two.signature}, 2, 3},
    };

    for (size_t i = 0; i < TSCOPE_COUNT(bad); i++)
        ck_assert_int_eq(tscope_recover_rsa(bad[i].signatures, bad[i].len, bad[i].exponent, NULL, &modulus, NULL), TSCOPE_ERR_ARGUMENT);
    for (size_t i = 0; i < 2; i++)
        long_ones[i] = (struct tscope_signed){one.signature.alg, one.signature.digest, tscope_span_of(bytes[i], sizeof(bytes[i]))};
    ck_assert_int_eq(tscope_recover_rsa(long_ones, 2, 65535, &watch, &modulus, NULL), TSCOPE_OK);
    steps.seen = 0;
    ck_assert_int_eq(tscope_recover_rsa(long_ones, 2, 65537, &watch, &modulus, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_recover_rsa(long_ones, 2, 65539, &watch, &modulus, NULL), TSCOPE_ERR_TOO_LARGE);
    tscope_alloc_fail_from(1);
    ck_assert_int_eq(tscope_recover_rsa((struct tscope_signed[]){one.signature, two.signature}, 2, 3, NULL, &modulus, NULL),
                     TSCOPE_ERR_NO_MEMORY);
    tscope_alloc_fail_from(0);
    clear_made(&one);
    clear_made(&two);
    clear_made(&salted);
    clear_pair(&pair);
}
END_TEST

/* Numbers that are chosen to have much or everything in common. */
START_TEST(rsa_hostile_numbers_give_nothing)
{
    struct pair pair = make_rsa(512, 3);
    struct made made = make(&pair, "RS256", "one");
    uint8_t bytes[2][64] = {{0}};
    struct tscope_signed signatures[] = {made.signature, made.signature};

    for (int i = 0; i < 4; i++) {
        memset(bytes, i == 3 ? 0xff : 0, sizeof(bytes));
        bytes[0][63] = (uint8_t)i;
        bytes[1][63] = (uint8_t)(i + 1);
        signatures[0].signature = tscope_span_of(bytes[0], 64);
        signatures[1].signature = tscope_span_of(bytes[1], 64);
        ck_assert_uint_eq(modulus_of(signatures, 2, 3).n_len, 0);
    }
    clear_made(&made);
    clear_pair(&pair);
}
END_TEST

START_TEST(verifying_takes_what_fits_alone)
{
    struct pair pair = make_rsa(1024, 65537), point = make_ec_pair(TSCOPE_CURVE_P256);
    struct made made = make(&pair, "RS256", "one"), salted = make(&pair, "PS256", "one");
    struct tscope_signed changed = made.signature;

    ck_assert(holds(&pair.numbers, &made.signature));
    ck_assert(holds(&pair.numbers, &salted.signature));
    ck_assert(!holds(&point.numbers, &made.signature));
    changed.digest.len--;
    ck_assert(!holds(&pair.numbers, &changed));
    changed = made.signature;
    changed.signature.len--;
    ck_assert(!holds(&pair.numbers, &changed));
    changed = made.signature;
    changed.alg = alg_of("PS256");
    ck_assert(!holds(&pair.numbers, &changed));
    clear_made(&made);
    clear_made(&salted);
    clear_pair(&pair);
    clear_pair(&point);
}
END_TEST

START_TEST(build_without_gmp_says_so)
{
    struct tscope_recover_modulus modulus = {.n_len = 7};
    struct tscope_error err = {0};

    ck_assert_int_eq(tscope_recover_rsa(NULL, 0, 3, NULL, &modulus, &err), TSCOPE_ERR_UNSUPPORTED);
    ck_assert_uint_eq(modulus.n_len, 0);
    ck_assert_ptr_nonnull(strstr(err.message, "without GMP"));
}
END_TEST

static void
setup(void)
{
    ck_assert_int_eq(tscope_crypto_new(&crypto, NULL), TSCOPE_OK);
}

static void
teardown(void)
{
    tscope_crypto_free(crypto);
}

int
main(void)
{
    Suite *suite = suite_create("recover");
    TCase *tcase = tcase_create("recover");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, ecdsa_candidates_hold_the_key, 0, TSCOPE_COUNT(ecdsa));
    tcase_add_loop_test(tcase, ecdsa_abscissa_beyond_the_order_is_seen, 0, TSCOPE_COUNT(ecdsa));
    tcase_add_test(tcase, ecdsa_signature_that_none_makes_gives_nothing);
    tcase_add_test(tcase, verifying_takes_what_fits_alone);
    if (tscope_recover_rsa_is_built()) {
        tcase_add_loop_test(tcase, rsa_modulus_is_found, 0, TSCOPE_COUNT(rsa));
        tcase_add_test(tcase, rsa_signatures_of_two_keys_give_nothing);
        tcase_add_test(tcase, rsa_larger_factor_in_common_needs_a_third_signature);
        tcase_add_test(tcase, rsa_work_can_be_ended_at_each_step);
        tcase_add_test(tcase, rsa_what_cannot_be_worked_on_is_refused);
        tcase_add_test(tcase, rsa_hostile_numbers_give_nothing);
    } else {
        tcase_add_test(tcase, build_without_gmp_says_so);
    }
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
