/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/divisor.h"
#include "crypto/exponent.h"
#include "crypto/rsa_parts.h"

#include "crypto_testing.h"

#define KEYS 4

static tscope_crypto *crypto;

struct key {
    EVP_PKEY *evp;
    struct tscope_private_numbers numbers;
};

static struct key
make(unsigned bits, unsigned exponent)
{
    struct key key = {.numbers = {.open = {.type = TSCOPE_KEY_RSA}}};
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    BIGNUM *e = BN_new();

    BN_set_word(e, exponent);
    ck_assert_int_eq(EVP_PKEY_keygen_init(context), 1);
    ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_keygen_bits(context, (int)bits), 1);
    ck_assert_int_eq(EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context, e), 1);
    ck_assert_int_eq(EVP_PKEY_keygen(context, &key.evp), 1);
    EVP_PKEY_CTX_free(context);
    BN_free(e);
    key.numbers.open.n = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_N, 0);
    key.numbers.open.e = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_E, 0);
    key.numbers.d = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_D, 0);
    key.numbers.p = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_FACTOR1, 0);
    key.numbers.q = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_FACTOR2, 0);
    key.numbers.dp = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_EXPONENT1, 0);
    key.numbers.dq = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_EXPONENT2, 0);
    key.numbers.qi = span_of_bignum(key.evp, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, 0);
    return key;
}

static void
clear(struct key *key)
{
    const struct tscope_span all[] = {key->numbers.open.n, key->numbers.open.e, key->numbers.d,  key->numbers.p,
                                      key->numbers.q,      key->numbers.dp,     key->numbers.dq, key->numbers.qi};

    for (size_t i = 0; i < TSCOPE_COUNT(all); i++)
        free_span(all[i]);
    EVP_PKEY_free(key->evp);
}

static void
load(struct tscope_span number, uint64_t *words)
{
    for (size_t i = 0; i < number.len / 8; i++) {
        words[i] = 0;
        for (size_t j = 0; j < 8; j++)
            words[i] = words[i] << 8 | number.data[number.len - 8 * (i + 1) + j];
    }
}

static const unsigned sizes[] = {512, 1024, 1536, 2048, 3072, 4096};

/* Among one modulus, and among several, where the arithmetic is another one. */
START_TEST(primes_divide_their_modulus_alone)
{
    unsigned bits = sizes[_i / 2], keys_len = _i % 2 ? KEYS : 1;
    struct key keys[KEYS];
    struct tscope_span moduli[KEYS];
    tscope_divisor *divisor;
    uint64_t number[TSCOPE_DIVISOR_WORDS_MAX + 1];

    if (bits > 2048 && keys_len > 2)
        keys_len = 2;
    for (unsigned i = 0; i < keys_len; i++) {
        keys[i] = make(bits, 65537);
        moduli[i] = keys[i].numbers.open.n;
        ck_assert_uint_eq(tscope_divisor_words(moduli[i]), bits / 128);
    }
    divisor = tscope_divisor_new(moduli, keys_len);
    for (unsigned i = 0; i < keys_len; i++) {
        const struct tscope_span primes[] = {keys[i].numbers.p, keys[i].numbers.q};

        for (size_t j = 0; j < 2; j++) {
            load(primes[j], number);
            ck_assert_uint_ge(number[bits / 128 - 1] >> 48, tscope_divisor_floor(divisor));
            ck_assert_uint_eq(tscope_divisor_find(divisor, number), i);
            for (size_t bit = 1; bit < bits / 2; bit++) { /* and no neighbour does */
                number[bit / 64] ^= UINT64_C(1) << (bit % 64);
                ck_assert_uint_eq(tscope_divisor_find(divisor, number), SIZE_MAX);
                number[bit / 64] ^= UINT64_C(1) << (bit % 64);
            }
        }
    }
    tscope_divisor_free(divisor);
    for (unsigned i = 0; i < keys_len; i++)
        clear(&keys[i]);
}
END_TEST

/* Eight at once: no prime is lost in any lane, and nearly nothing else is left to be asked about. */
START_TEST(lanes_lose_no_prime)
{
    unsigned bits = sizes[_i];
    struct key keys[2] = {make(bits, 65537), make(bits, 65537)};
    const struct tscope_span moduli[] = {keys[0].numbers.open.n, keys[1].numbers.open.n};
    const struct tscope_span primes[] = {keys[0].numbers.p, keys[1].numbers.q, keys[1].numbers.p};
    tscope_divisor *divisor = tscope_divisor_new(moduli, 2);
    uint64_t numbers[TSCOPE_DIVISOR_WORDS_MAX][TSCOPE_DIVISOR_LANES], words[TSCOPE_DIVISOR_WORDS_MAX], state = 5;
    size_t passed = 0;

    for (size_t round = 0; tscope_divisor_has_lanes(divisor) && round < 64; round++) {
        size_t lane = round % TSCOPE_DIVISOR_LANES;
        unsigned found;

        for (size_t i = 0; i < bits / 128; i++) {
            for (size_t j = 0; j < TSCOPE_DIVISOR_LANES; j++) {
                state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
                numbers[i][j] = (state ^ state >> 29) | (i == 0);
            }
        }
        load(primes[round % 3], words);
        for (size_t i = 0; i < bits / 128; i++)
            numbers[i][lane] = words[i];
        found = tscope_divisor_filter(divisor, (const uint64_t(*)[TSCOPE_DIVISOR_LANES])numbers);
        ck_assert_uint_ne(found & 1u << lane, 0);
        passed += (size_t)__builtin_popcount(found) - 1;
    }
    ck_assert_uint_le(passed, 20); /* of 448; seven are to be expected of the shortest, none of others */
    tscope_divisor_free(divisor);
    clear(&keys[0]);
    clear(&keys[1]);
}
END_TEST

START_TEST(odd_sizes_are_not_searched)
{
    uint8_t bytes[1025];

    memset(bytes, 0xff, sizeof(bytes));
    ck_assert_uint_eq(tscope_divisor_words(tscope_span_of(bytes, 256)), 16);
    ck_assert_uint_eq(tscope_divisor_words(tscope_span_of(bytes, 255)), 0);
    ck_assert_uint_eq(tscope_divisor_words(tscope_span_of(bytes, 257)), 0);
    ck_assert_uint_eq(tscope_divisor_words(tscope_span_of(bytes, 64)), 4);
    ck_assert_uint_eq(tscope_divisor_words(tscope_span_of(bytes, 48)), 0);
    ck_assert_uint_eq(tscope_divisor_words(tscope_span_of(bytes, 1024)), TSCOPE_DIVISOR_WORDS_MAX);
    ck_assert_uint_eq(tscope_divisor_words(tscope_span_of(bytes, 1025)), 0);
    bytes[0] = 0x40;
    ck_assert_uint_eq(tscope_divisor_words(tscope_span_of(bytes, 256)), 16);
    bytes[0] = 0x3f;
    ck_assert_uint_eq(tscope_divisor_words(tscope_span_of(bytes, 256)), 0);
    bytes[0] = 0;
    ck_assert_uint_eq(tscope_divisor_words(tscope_span_of(bytes, 257)), 16);
    bytes[256] = 0xfe;
    ck_assert_uint_eq(tscope_divisor_words(tscope_span_of(bytes, 257)), 0);
}
END_TEST

static bool
holds(const struct tscope_private_numbers *numbers)
{
    struct tscope_rsa_parts parts = {.room = NULL};
    bool answer;

    ck_assert_int_eq(tscope_rsa_parts_fill(numbers, &parts, &answer, NULL), TSCOPE_OK);
    ck_assert_int_eq(answer, parts.room != NULL);
    tscope_rsa_parts_clear(&parts);
    return answer;
}

/* From whatever is given the same key comes. */
START_TEST(key_is_completed)
{
    struct key key = make(1024, _i % 2 ? 3 : 65537);
    struct tscope_private_numbers some = key.numbers;
    struct tscope_rsa_parts parts = {.room = NULL};
    bool answer;

    if (_i / 2 > 0)
        some.dp = some.dq = some.qi = (struct tscope_span){NULL, 0};
    if (_i / 2 > 1)
        some.q = (struct tscope_span){NULL, 0};
    if (_i / 2 == 3)
        some.d = (struct tscope_span){NULL, 0};
    if (_i / 2 == 4)
        some.p = (struct tscope_span){NULL, 0};
    ck_assert_int_eq(tscope_rsa_parts_fill(&some, &parts, &answer, NULL), TSCOPE_OK);
    ck_assert(answer);
    ck_assert(tscope_span_equal(parts.numbers.open.n, key.numbers.open.n));
    ck_assert(tscope_span_equal(parts.numbers.p, key.numbers.p) || tscope_span_equal(parts.numbers.p, key.numbers.q));
    if (tscope_span_equal(parts.numbers.p, key.numbers.p)) {
        ck_assert(tscope_span_equal(parts.numbers.q, key.numbers.q));
        ck_assert(tscope_span_equal(parts.numbers.dp, key.numbers.dp));
        ck_assert(tscope_span_equal(parts.numbers.qi, key.numbers.qi));
    }
    ck_assert(holds(&parts.numbers));
    tscope_rsa_parts_clear(&parts);
    clear(&key);
}
END_TEST

/* Each number that is there counts: one changed bit of any of them, and they do not belong together. */
START_TEST(contradiction_is_seen)
{
    struct key key = make(1024, 65537);
    struct tscope_span *all[] = {&key.numbers.open.n, &key.numbers.d,  &key.numbers.p, &key.numbers.q,
                                 &key.numbers.dp,     &key.numbers.dq, &key.numbers.qi};

    ck_assert(holds(&key.numbers));
    for (size_t i = 0; i < TSCOPE_COUNT(all); i++) {
        for (size_t at = 0; at < all[i]->len; at += 7) {
            uint8_t *byte = (uint8_t *)(uintptr_t)all[i]->data + at;

            *byte ^= 2;
            ck_assert(!holds(&key.numbers));
            *byte ^= 2;
        }
    }
    clear(&key);
}
END_TEST

START_TEST(too_little_or_too_much_holds_nothing)
{
    struct key key = make(1024, 65537);
    struct tscope_private_numbers numbers = {.open = key.numbers.open};
    uint8_t large[1025];

    ck_assert(!holds(&numbers));
    numbers.p = TSCOPE_SPAN("\1");
    ck_assert(!holds(&numbers));
    numbers.p = key.numbers.open.n;
    ck_assert(!holds(&numbers));
    numbers.p = (struct tscope_span){NULL, 0};
    numbers.d = TSCOPE_SPAN("\1");
    ck_assert(!holds(&numbers));
    memset(large, 0xff, sizeof(large));
    numbers.open.n = tscope_span_of(large, sizeof(large));
    numbers.d = key.numbers.d;
    ck_assert(!holds(&numbers));
    clear(&key);
}
END_TEST

static uint64_t
top_of(struct tscope_span d, size_t len)
{
    uint8_t bytes[1024] = {0};
    uint64_t top = 0;

    memcpy(bytes + len - d.len, d.data, d.len);
    for (size_t i = 0; i < 8; i++)
        top = top << 8 | bytes[i];
    return top;
}

/* By the order and by its exponent, lambda: both are in use. */
START_TEST(private_exponent_is_told_by_its_top)
{
    static const unsigned exponents[] = {3, 17, 257, 65537, 65537, 0xffffffff};
    unsigned e = exponents[(size_t)_i % TSCOPE_COUNT(exponents)];
    struct key key = make(1024, e);
    struct tscope_rsa_parts parts = {.room = NULL};
    struct tscope_exponent exponent;
    BIGNUM *p = BN_bin2bn(key.numbers.p.data, (int)key.numbers.p.len, NULL),
           *q = BN_bin2bn(key.numbers.q.data, (int)key.numbers.q.len, NULL);
    BIGNUM *number = BN_new();
    BN_CTX *context = BN_CTX_new();
    uint8_t by_phi[128];
    bool answer;

    BN_sub_word(p, 1);
    BN_sub_word(q, 1);
    BN_mul(p, p, q, context);
    BN_set_word(number, e);
    ck_assert_ptr_nonnull(BN_mod_inverse(number, number, p, context));
    ck_assert_int_eq(BN_bn2binpad(number, by_phi, 128), 128);
    ck_assert(tscope_exponent_prepare(key.numbers.open.n, key.numbers.open.e, &exponent));
    ck_assert(tscope_exponent_fits(&exponent, top_of(tscope_span_of(by_phi, 128), 128)));
    ck_assert_int_eq(
        tscope_rsa_parts_of_exponent(key.numbers.open.n, key.numbers.open.e, tscope_span_of(by_phi, 128), &parts, &answer, NULL),
        TSCOPE_OK);
    ck_assert(answer);
    ck_assert(tscope_span_equal(parts.numbers.p, key.numbers.p) || tscope_span_equal(parts.numbers.p, key.numbers.q));
    tscope_rsa_parts_clear(&parts);
    by_phi[127] ^= 2;
    ck_assert_int_eq(
        tscope_rsa_parts_of_exponent(key.numbers.open.n, key.numbers.open.e, tscope_span_of(by_phi, 128), &parts, &answer, NULL),
        TSCOPE_OK);
    ck_assert(!answer);
    BN_free(p);
    BN_free(q);
    BN_free(number);
    BN_CTX_free(context);
    clear(&key);
}
END_TEST

/* A prime p with p - 1 a multiple of factor. */
static BIGNUM *
make_prime(unsigned factor)
{
    BIGNUM *prime = BN_new(), *step = BN_new(), *one = BN_new();

    BN_set_word(step, 2ul * factor);
    BN_one(one);
    ck_assert_int_eq(BN_generate_prime_ex(prime, 512, 0, step, one, NULL), 1);
    BN_free(step);
    BN_free(one);
    return prime;
}

static bool
holds_by_exponent(const BIGNUM *n, unsigned e, const BIGNUM *d)
{
    uint8_t n_bytes[128], d_bytes[128], e_bytes[4] = {(uint8_t)(e >> 24), (uint8_t)(e >> 16), (uint8_t)(e >> 8), (uint8_t)e};
    struct tscope_rsa_parts parts = {.room = NULL};
    bool answer;

    ck_assert_int_eq(BN_bn2binpad(n, n_bytes, 128), 128);
    ck_assert_int_eq(BN_bn2binpad(d, d_bytes, 128), 128);
    ck_assert_int_eq(tscope_rsa_parts_of_exponent(tscope_span_of(n_bytes, 128), tscope_span_of(e_bytes, 4), tscope_span_of(d_bytes, 128),
                                                  &parts, &answer, NULL),
                     TSCOPE_OK);
    tscope_rsa_parts_clear(&parts);
    return answer;
}

/* e d - 1 is k phi / g: bits of g once k and g have nothing in common. */
static int
cofactor_bits(const BIGNUM *d, unsigned e, const BIGNUM *lambda, const BIGNUM *common, BN_CTX *context)
{
    BIGNUM *k = BN_dup(d), *shared = BN_new();
    int bits;

    BN_mul_word(k, e);
    BN_sub_word(k, 1);
    BN_div(k, NULL, k, lambda, context);
    BN_gcd(shared, k, common, context);
    BN_div(k, NULL, common, shared, context);
    bits = BN_num_bits(k);
    BN_free(k);
    BN_free(shared);
    return bits;
}

/* Whatever p - 1 and q - 1 have in common, up to 31 bits, d by lambda shows it; and a wrong one shows nothing. */
START_TEST(private_exponent_is_told_by_any_cofactor)
{
    static const unsigned shared[] = {1, 17, 19 * 23, 65539, 0x0fffffc7, 0x7fffffff, 0xfffffffb}; /* besides 2, and what chance adds */
    BN_CTX *context = BN_CTX_new();
    BIGNUM *number = BN_new(), *n = BN_new(), *d = BN_new(), *lambda = BN_new();

    for (size_t i = 0; i < TSCOPE_COUNT(shared); i++) {
        BIGNUM *p = make_prime(shared[i]), *q = make_prime(shared[i]), *common = BN_new();

        BN_mul(n, p, q, context);
        BN_sub_word(p, 1);
        BN_sub_word(q, 1);
        BN_gcd(common, p, q, context);
        BN_mul(lambda, p, q, context);
        BN_div(lambda, NULL, lambda, common, context);
        BN_set_word(number, 65537);
        ck_assert_ptr_nonnull(BN_mod_inverse(d, number, lambda, context));
        ck_assert_msg(holds_by_exponent(n, 65537, d) == (cofactor_bits(d, 65537, lambda, common, context) <= 31), "%u", shared[i]);
        BN_add_word(d, 2);
        ck_assert(!holds_by_exponent(n, 65537, d));
        BN_free(common);
        BN_free(p);
        BN_free(q);
    }
    BN_free(n);
    BN_free(d);
    BN_free(lambda);
    BN_free(number);
    BN_CTX_free(context);
}
END_TEST

START_TEST(few_other_numbers_look_like_an_exponent)
{
    struct key key = make(2048, 65537);
    struct tscope_exponent exponent;
    uint64_t state = 1;
    size_t passed = 0;

    ck_assert(tscope_exponent_prepare(key.numbers.open.n, key.numbers.open.e, &exponent));
    for (size_t i = 0; i < 1u << 22; i++) {
        state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
        passed += tscope_exponent_fits(&exponent, state);
    }
    ck_assert_uint_le(passed, 16); /* about one is to be expected */
    ck_assert(!tscope_exponent_fits(&exponent, 0));
    ck_assert(!tscope_exponent_prepare(key.numbers.open.n, TSCOPE_SPAN("\1\0\0\0\1"), &exponent));
    ck_assert(!tscope_exponent_prepare(TSCOPE_SPAN("\3\3\3"), key.numbers.open.e, &exponent));
    clear(&key);
}
END_TEST

START_TEST(exported_key_is_read_again)
{
    struct key key = make(1024, 65537);
    struct tscope_buffer buffer = {0};
    enum tscope_key_flaw flaw;
    tscope_private *private = NULL;
    struct tscope_private_numbers secret = {.open = {.type = TSCOPE_KEY_OCT, .k = key.numbers.d}};

    ck_assert_int_eq(tscope_private_new(crypto, &key.numbers, &private, &flaw, NULL), TSCOPE_OK);
    ck_assert_ptr_nonnull(private);
    ck_assert_int_eq(tscope_private_export(private, &buffer, NULL), TSCOPE_OK);
    ck_assert_ptr_nonnull(memmem(buffer.data, buffer.len, "-----BEGIN PRIVATE KEY-----", 27));
    tscope_private_free(private);
    tscope_buffer_clear(&buffer);
    ck_assert_int_eq(tscope_private_new(crypto, &secret, &private, &flaw, NULL), TSCOPE_OK);
    ck_assert_int_eq(tscope_private_export(private, &buffer, NULL), TSCOPE_ERR_ARGUMENT);
    tscope_private_free(private);
    clear(&key);
}
END_TEST

int
main(void)
{
    Suite *suite = suite_create("divisor");
    TCase *cases = tcase_create("divisor");
    SRunner *runner = srunner_create(suite);
    int failed;

    if (tscope_crypto_new(&crypto, NULL) != TSCOPE_OK)
        return EXIT_FAILURE;
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, primes_divide_their_modulus_alone, 0, 2 * (int)TSCOPE_COUNT(sizes));
    tcase_add_loop_test(cases, lanes_lose_no_prime, 0, TSCOPE_COUNT(sizes));
    tcase_add_test(cases, odd_sizes_are_not_searched);
    tcase_add_loop_test(cases, key_is_completed, 0, 10);
    tcase_add_test(cases, contradiction_is_seen);
    tcase_add_test(cases, too_little_or_too_much_holds_nothing);
    tcase_add_loop_test(cases, private_exponent_is_told_by_its_top, 0, 12);
    tcase_add_test(cases, private_exponent_is_told_by_any_cofactor);
    tcase_add_test(cases, few_other_numbers_look_like_an_exponent);
    tcase_add_test(cases, exported_key_is_read_again);
    suite_add_tcase(suite, cases);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    tscope_crypto_free(crypto);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
