/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_testing.h"

static tscope_crypto *crypto;

static const char *const alg_names[] = {"RS256",  "RS384", "RS512",   "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
                                        "ES256K", "EdDSA", "Ed25519", "Ed448", "HS256", "HS384", "HS512", "none"};

/* A number of exactly that many bits, its lowest one set or not. */
static struct tscope_span
number_of_bits(size_t bits, bool odd)
{
    uint8_t bytes[2100];
    size_t len = (bits + 7) / 8;

    memset(bytes, 0xa5, sizeof(bytes));
    if (bits) {
        bytes[0] = (uint8_t)(1 << ((bits - 1) % 8));
        bytes[len - 1] = (uint8_t)((bytes[len - 1] & 0xfe) | odd);
    }
    return exact_span(bytes, len);
}

static struct tscope_span
with_zeros(struct tscope_span number, size_t zeros)
{
    uint8_t *longer = calloc(1, zeros + number.len);
    struct tscope_span span = tscope_span_of(longer, zeros + number.len);

    memcpy(longer + zeros, number.data, number.len);
    return span;
}

static enum tscope_key_flaw
flaw_of(const struct tscope_key_numbers *numbers)
{
    enum tscope_key_flaw flaw;

    tscope_pkey_free(take_pkey(crypto, numbers, &flaw));
    return flaw;
}

static const struct {
    size_t modulus_bits;
    bool modulus_odd;
    const char *exponent;
    size_t exponent_len;
    enum tscope_key_flaw flaw;
} rsa_rows[] = {
    {0, false, "\1\0\1", 3, TSCOPE_KEY_FLAW_RSA_SMALL},
    {1, true, "\1\0\1", 3, TSCOPE_KEY_FLAW_RSA_SMALL},
    {511, true, "\1\0\1", 3, TSCOPE_KEY_FLAW_RSA_SMALL},
    {512, true, "\1\0\1", 3, TSCOPE_KEY_FLAW_NONE},
    {513, true, "\1\0\1", 3, TSCOPE_KEY_FLAW_NONE},
    {2048, true, "\1\0\1", 3, TSCOPE_KEY_FLAW_NONE},
    {16383, true, "\1\0\1", 3, TSCOPE_KEY_FLAW_NONE},
    {16384, true, "\1\0\1", 3, TSCOPE_KEY_FLAW_NONE},
    {16385, true, "\1\0\1", 3, TSCOPE_KEY_FLAW_RSA_LARGE},
    {2048, false, "\1\0\1", 3, TSCOPE_KEY_FLAW_RSA_EVEN},
    {2048, true, "", 0, TSCOPE_KEY_FLAW_RSA_EXPONENT},
    {2048, true, "\0", 1, TSCOPE_KEY_FLAW_RSA_EXPONENT},
    {2048, true, "\1", 1, TSCOPE_KEY_FLAW_RSA_EXPONENT},
    {2048, true, "\2", 1, TSCOPE_KEY_FLAW_RSA_EXPONENT},
    {2048, true, "\3", 1, TSCOPE_KEY_FLAW_NONE},
    {2048, true, "\4", 1, TSCOPE_KEY_FLAW_RSA_EXPONENT},
    {2048, true, "\0\0\0\3", 4, TSCOPE_KEY_FLAW_NONE},
    {2048, true, "\1\0\0", 3, TSCOPE_KEY_FLAW_RSA_EXPONENT},
    {2048, true, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, TSCOPE_KEY_FLAW_NONE},
    {2048, true, "\0\xff\xff\xff\xff\xff\xff\xff\xff", 9, TSCOPE_KEY_FLAW_NONE},
    {2048, true, "\1\0\0\0\0\0\0\0\1", 9, TSCOPE_KEY_FLAW_RSA_EXPONENT},
};

START_TEST(rsa_gate_holds_at_its_limits)
{
    struct tscope_key_numbers numbers = {
        .type = TSCOPE_KEY_RSA,
        .n = number_of_bits(rsa_rows[_i].modulus_bits, rsa_rows[_i].modulus_odd),
        .e = exact_span(rsa_rows[_i].exponent, rsa_rows[_i].exponent_len),
    };
    struct tscope_span bare = numbers.n;

    ck_assert_int_eq(tscope_key_numbers_check(&numbers), rsa_rows[_i].flaw);
    ck_assert_int_eq(flaw_of(&numbers), rsa_rows[_i].flaw);
    numbers.n = with_zeros(bare, 5);
    ck_assert_int_eq(flaw_of(&numbers), rsa_rows[_i].flaw);
    if (rsa_rows[_i].flaw == TSCOPE_KEY_FLAW_NONE) {
        tscope_pkey *pkey = good_pkey(crypto, &numbers);

        ck_assert_uint_eq(tscope_pkey_bits(pkey), rsa_rows[_i].modulus_bits);
        ck_assert_int_eq(tscope_pkey_type(pkey), TSCOPE_KEY_RSA);
        ck_assert_int_eq(tscope_pkey_curve(pkey), TSCOPE_CURVE_NONE);
        tscope_pkey_free(pkey);
    }
    free_span(bare);
    free_span(numbers.n);
    free_span(numbers.e);
}
END_TEST

/* Without the gate such a key buys seconds of work with each signature. */
START_TEST(huge_exponent_is_refused)
{
    struct tscope_key_numbers numbers = {.type = TSCOPE_KEY_RSA, .n = number_of_bits(8192, true), .e = number_of_bits(8192, true)};

    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_RSA_EXPONENT);
    free_span(numbers.n);
    free_span(numbers.e);
}
END_TEST

START_TEST(missing_member_is_refused)
{
    struct tscope_span some = number_of_bits(512, true), nothing = {NULL, 0};
    const struct tscope_key_numbers rows[] = {
        {.type = TSCOPE_KEY_RSA, .n = some},
        {.type = TSCOPE_KEY_RSA, .e = some},
        {.type = TSCOPE_KEY_EC, .curve = TSCOPE_CURVE_P256, .x = some},
        {.type = TSCOPE_KEY_EC, .curve = TSCOPE_CURVE_P256, .y = some},
        {.type = TSCOPE_KEY_OKP, .curve = TSCOPE_CURVE_ED25519, .y = some},
        {.type = TSCOPE_KEY_OKP, .curve = TSCOPE_CURVE_X448},
        {.type = TSCOPE_KEY_OCT, .k = nothing},
        {.type = TSCOPE_KEY_OCT, .k = {some.data, 0}},
    };

    for (size_t i = 0; i < TSCOPE_COUNT(rows); i++)
        ck_assert_int_eq(flaw_of(&rows[i]), TSCOPE_KEY_FLAW_MEMBER);
    free_span(some);
}
END_TEST

START_TEST(type_or_curve_of_another_kind_is_refused)
{
    struct tscope_span some = number_of_bits(256, true);

    for (int curve = TSCOPE_CURVE_NONE; curve <= TSCOPE_CURVE_X448; curve++) {
        struct tscope_key_numbers numbers = {.curve = (enum tscope_curve)curve, .n = some, .e = some, .x = some, .y = some, .k = some};

        ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_TYPE);
        numbers.type = tscope_curve_is_okp(numbers.curve) ? TSCOPE_KEY_EC : TSCOPE_KEY_OKP;
        ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_CURVE);
    }
    free_span(some);
}
END_TEST

static const enum tscope_curve ec_curves[] = {TSCOPE_CURVE_P256, TSCOPE_CURVE_P384, TSCOPE_CURVE_P521, TSCOPE_CURVE_SECP256K1};

START_TEST(point_of_its_curve_is_taken)
{
    struct pair pair = make_ec_pair(ec_curves[_i]);
    struct tscope_key_numbers longer = pair.numbers;
    tscope_pkey *pkey = good_pkey(crypto, &pair.numbers);

    ck_assert_int_eq(tscope_pkey_type(pkey), TSCOPE_KEY_EC);
    ck_assert_int_eq(tscope_pkey_curve(pkey), ec_curves[_i]);
    ck_assert_uint_eq(tscope_pkey_bits(pkey), tscope_curve_bits(ec_curves[_i]));
    tscope_pkey_free(pkey);
    longer.x = with_zeros(longer.x, 3);
    longer.y = with_zeros(longer.y, 70);
    ck_assert_int_eq(flaw_of(&longer), TSCOPE_KEY_FLAW_NONE);
    free_span(longer.x);
    free_span(longer.y);
    clear_pair(&pair);
}
END_TEST

START_TEST(stripped_coordinate_is_padded)
{
    struct pair pair = make_ec_pair(TSCOPE_CURVE_P256);
    struct tscope_span message = TSCOPE_SPAN("message"), signature;
    struct tscope_key_numbers numbers;
    TSCOPE_AUTO(tscope_verifier) *verifier = NULL;
    tscope_pkey *pkey;

    while (pair.numbers.x.data[0]) { /* one key in 256 */
        clear_pair(&pair);
        pair = make_ec_pair(TSCOPE_CURVE_P256);
    }
    numbers = pair.numbers;
    numbers.x = exact_span(numbers.x.data + 1, numbers.x.len - 1);
    pkey = good_pkey(crypto, &numbers);
    signature = sign(&pair, alg_of("ES256"), message);
    ck_assert_int_eq(tscope_verifier_new(crypto, &verifier, NULL), TSCOPE_OK);
    ck_assert_int_eq(check_signature(verifier, pkey, alg_of("ES256"), message, signature), TSCOPE_VERIFY_OK);
    tscope_pkey_free(pkey);
    free_span(signature);
    free_span(numbers.x);
    clear_pair(&pair);
}
END_TEST

START_TEST(point_off_its_curve_is_refused)
{
    struct pair pair = make_ec_pair(ec_curves[_i]);
    size_t width = tscope_curve_width(ec_curves[_i]);
    uint8_t *x = malloc(width), *y = malloc(width);
    struct tscope_key_numbers numbers = pair.numbers;

    numbers.x = tscope_span_of(x, width);
    numbers.y = tscope_span_of(y, width);
    for (size_t i = 0; i < width; i++) {
        memcpy(x, pair.numbers.x.data, width);
        memcpy(y, pair.numbers.y.data, width);
        y[i] ^= (uint8_t)(1 << i % 8);
        ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_EC_POINT);
        y[i] ^= (uint8_t)(1 << i % 8);
        x[i] ^= (uint8_t)(1 << i % 8);
        ck_assert(flaw_of(&numbers) == TSCOPE_KEY_FLAW_EC_POINT);
    }
    memset(x, 0xff, width);
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_EC_POINT);
    memset(x, 0, width);
    memset(y, 0, width); /* how some write the point at infinity */
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_EC_POINT);
    numbers.x.len = numbers.y.len = 0;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_EC_POINT);
    free(x);
    free(y);
    clear_pair(&pair);
}
END_TEST

START_TEST(point_of_another_curve_is_refused)
{
    struct pair pair = make_ec_pair(TSCOPE_CURVE_P256);

    pair.numbers.curve = TSCOPE_CURVE_SECP256K1;
    ck_assert_int_eq(flaw_of(&pair.numbers), TSCOPE_KEY_FLAW_EC_POINT);
    pair.numbers.curve = TSCOPE_CURVE_P384;
    ck_assert_int_eq(flaw_of(&pair.numbers), TSCOPE_KEY_FLAW_EC_POINT);
    clear_pair(&pair);
}
END_TEST

/* x + p names the same point to whoever reduces it; P-521 has seven spare bits for that. */
START_TEST(coordinate_not_below_its_prime_is_refused)
{
    struct pair pair = make_ec_pair(TSCOPE_CURVE_P521);
    BIGNUM *x = BN_bin2bn(pair.numbers.x.data, (int)pair.numbers.x.len, NULL), *prime = BN_new();
    uint8_t bytes[66];
    struct tscope_key_numbers numbers = pair.numbers;

    BN_set_bit(prime, 521);
    BN_sub_word(prime, 1);
    BN_add(x, x, prime);
    ck_assert_int_eq(BN_bn2binpad(x, bytes, sizeof(bytes)), sizeof(bytes));
    numbers.x = tscope_span_of(bytes, sizeof(bytes));
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_EC_POINT);
    BN_free(x);
    BN_free(prime);
    clear_pair(&pair);
}
END_TEST

START_TEST(coordinate_over_its_field_is_refused)
{
    struct pair pair = make_ec_pair(ec_curves[_i]);
    struct tscope_key_numbers numbers = pair.numbers;
    size_t width = tscope_curve_width(ec_curves[_i]);

    numbers.x = number_of_bits(8 * width + 1, true);
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_EC_WIDTH);
    numbers.y = numbers.x;
    numbers.x = pair.numbers.x;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_EC_WIDTH);
    free_span(numbers.y);
    clear_pair(&pair);
}
END_TEST

static const enum tscope_curve okp_curves[] = {TSCOPE_CURVE_ED25519, TSCOPE_CURVE_ED448, TSCOPE_CURVE_X25519, TSCOPE_CURVE_X448};

START_TEST(public_key_of_other_length_is_refused)
{
    struct pair pair = make_okp_pair(okp_curves[_i]);
    struct tscope_span key = pair.numbers.x;

    for (size_t len = 0; len <= 2 * key.len; len++) {
        enum tscope_key_flaw wanted = len == key.len ? TSCOPE_KEY_FLAW_NONE : TSCOPE_KEY_FLAW_OKP_LENGTH;
        uint8_t *bytes = calloc(1, len + 1);

        memcpy(bytes, key.data, len < key.len ? len : key.len);
        pair.numbers.x = exact_span(bytes, len);
        ck_assert_int_eq(flaw_of(&pair.numbers), wanted);
        free_span(pair.numbers.x);
        free(bytes);
    }
    pair.numbers.x = with_zeros(key, 1); /* a string of bytes, no number: zeros count */
    ck_assert_int_eq(flaw_of(&pair.numbers), TSCOPE_KEY_FLAW_OKP_LENGTH);
    free_span(pair.numbers.x);
    pair.numbers.x = key;
    clear_pair(&pair);
}
END_TEST

START_TEST(made_public_key_is_taken_with_either_sign)
{
    for (size_t i = 0; i < 64; i++) {
        struct pair pair = make_okp_pair(okp_curves[_i]);
        uint8_t *bytes = (uint8_t *)(uintptr_t)pair.numbers.x.data;

        ck_assert_int_eq(flaw_of(&pair.numbers), TSCOPE_KEY_FLAW_NONE);
        bytes[pair.numbers.x.len - 1] ^= 0x80;
        ck_assert_int_eq(flaw_of(&pair.numbers), TSCOPE_KEY_FLAW_NONE);
        clear_pair(&pair);
    }
}
END_TEST

/* y coordinates, big-endian; of 2 ** 255 - 19 and 2 ** 448 - 2 ** 224 - 1 near their ends. */
static const struct {
    enum tscope_curve curve;
    const char *y;
} refused_points[] = {
    {TSCOPE_CURVE_ED25519, "0"},
    {TSCOPE_CURVE_ED25519, "1"},
    {TSCOPE_CURVE_ED25519, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec"},
    {TSCOPE_CURVE_ED25519, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed"},
    {TSCOPE_CURVE_ED25519, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffee"},
    {TSCOPE_CURVE_ED25519, "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"},
    {TSCOPE_CURVE_ED25519, "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"},
    {TSCOPE_CURVE_ED25519, "2"},
    {TSCOPE_CURVE_ED25519, "7"},
    {TSCOPE_CURVE_ED25519, "b"},
    {TSCOPE_CURVE_ED25519, "7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff0"}, /* 3 a second time */
    {TSCOPE_CURVE_ED25519, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {TSCOPE_CURVE_ED448, "0"},
    {TSCOPE_CURVE_ED448, "1"},
    {TSCOPE_CURVE_ED448,
     "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffffffffffffffffffffffffffffffffffffffffffffffffffffe"},
    {TSCOPE_CURVE_ED448,
     "fffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {TSCOPE_CURVE_ED448,
     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffff00000000000000000000000000000000000000000000000000000000"},
    {TSCOPE_CURVE_ED448,
     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffff00000000000000000000000000000000000000000000000000000002"},
    {TSCOPE_CURVE_ED448, "2"},
    {TSCOPE_CURVE_ED448, "6"},
    {TSCOPE_CURVE_ED448,
     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {TSCOPE_CURVE_ED448,
     "10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001"},
};

START_TEST(point_of_small_order_or_none_is_refused)
{
    enum tscope_curve curve = refused_points[_i].curve;
    size_t width = tscope_curve_width(curve);
    BIGNUM *y = NULL;
    uint8_t *bytes = malloc(width);
    struct tscope_key_numbers numbers = {.type = TSCOPE_KEY_OKP, .curve = curve, .x = {bytes, width}};

    ck_assert_int_gt(BN_hex2bn(&y, refused_points[_i].y), 0);
    ck_assert_int_eq(BN_bn2lebinpad(y, bytes, (int)width), (int)width);
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_OKP_POINT);
    bytes[width - 1] |= 0x80;
    ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_OKP_POINT);
    BN_free(y);
    free(bytes);
}
END_TEST

START_TEST(small_coordinate_of_a_point_is_taken)
{
    static const uint8_t on_ed25519[] = {3, 4, 5, 6, 9, 10, 14, 15, 16, 18, 19}, on_ed448[] = {3, 4, 5, 7, 8, 9, 12, 13, 19};
    uint8_t bytes[57] = {0};
    struct tscope_key_numbers numbers = {.type = TSCOPE_KEY_OKP, .curve = TSCOPE_CURVE_ED25519, .x = {bytes, 32}};

    for (size_t i = 0; i < TSCOPE_COUNT(on_ed25519); i++) {
        bytes[0] = on_ed25519[i];
        ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_NONE);
    }
    numbers.curve = TSCOPE_CURVE_ED448;
    numbers.x.len = 57;
    for (size_t i = 0; i < TSCOPE_COUNT(on_ed448); i++) {
        bytes[0] = on_ed448[i];
        ck_assert_int_eq(flaw_of(&numbers), TSCOPE_KEY_FLAW_NONE);
    }
}
END_TEST

/* Both ways of asking must agree for every kind of key and algorithm. */
static void
check_fits(const struct tscope_key_numbers *numbers, const char *wanted)
{
    tscope_pkey *pkey = good_pkey(crypto, numbers);

    for (size_t i = 0; i < TSCOPE_COUNT(alg_names); i++) {
        const struct tscope_alg *alg = alg_of(alg_names[i]);
        char word[16];
        bool fits;

        snprintf(word, sizeof(word), " %s ", alg->name);
        fits = strstr(wanted, word) != NULL;
        ck_assert_msg(tscope_pkey_fits(pkey, alg) == fits, "%s", alg->name);
        ck_assert_msg(tscope_key_numbers_fit(numbers, alg) == fits, "%s", alg->name);
        ck_assert((tscope_key_numbers_signature_len(numbers, alg) != 0) == fits);
    }
    tscope_pkey_free(pkey);
}

static const struct {
    enum tscope_key_type type;
    enum tscope_curve curve;
    size_t bits;
    const char *algs;
} fit_rows[] = {
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 512, " RS256 "}, /* 62 bytes at least */
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 521, " RS256 "},
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 522, " RS256 PS256 "}, /* 66 bytes of 521 bits */
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 616, " RS256 PS256 "},
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 617, " RS256 PS256 RS384 "}, /* 78 bytes */
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 744, " RS256 PS256 RS384 "},
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 745, " RS256 PS256 RS384 RS512 "}, /* 94 bytes */
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 777, " RS256 PS256 RS384 RS512 "},
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 778, " RS256 PS256 RS384 RS512 PS384 "}, /* 98 bytes of 777 bits */
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 1033, " RS256 PS256 RS384 RS512 PS384 "},
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 1034, " RS256 PS256 RS384 RS512 PS384 PS512 "}, /* 130 bytes of 1033 bits */
    {TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE, 16384, " RS256 PS256 RS384 RS512 PS384 PS512 "},
    {TSCOPE_KEY_EC, TSCOPE_CURVE_P256, 0, " ES256 "},
    {TSCOPE_KEY_EC, TSCOPE_CURVE_P384, 0, " ES384 "},
    {TSCOPE_KEY_EC, TSCOPE_CURVE_P521, 0, " ES512 "},
    {TSCOPE_KEY_EC, TSCOPE_CURVE_SECP256K1, 0, " ES256K "},
    {TSCOPE_KEY_OKP, TSCOPE_CURVE_ED25519, 0, " EdDSA Ed25519 "},
    {TSCOPE_KEY_OKP, TSCOPE_CURVE_ED448, 0, " EdDSA Ed448 "},
    {TSCOPE_KEY_OKP, TSCOPE_CURVE_X25519, 0, ""},
    {TSCOPE_KEY_OKP, TSCOPE_CURVE_X448, 0, ""},
    {TSCOPE_KEY_OCT, TSCOPE_CURVE_NONE, 0, " HS256 HS384 HS512 "},
};

START_TEST(key_fits_its_own_algorithms_alone)
{
    struct pair pair = {0};

    switch (fit_rows[_i].type) {
    case TSCOPE_KEY_RSA:
        pair.numbers =
            (struct tscope_key_numbers){.type = TSCOPE_KEY_RSA, .n = number_of_bits(fit_rows[_i].bits, true), .e = exact_span("\1\0\1", 3)};
        break;
    case TSCOPE_KEY_EC:
        pair = make_ec_pair(fit_rows[_i].curve);
        break;
    case TSCOPE_KEY_OKP:
        pair = make_okp_pair(fit_rows[_i].curve);
        break;
    case TSCOPE_KEY_OCT:
    case TSCOPE_KEY_UNKNOWN:
        pair = make_secret("k");
        break;
    }
    check_fits(&pair.numbers, fit_rows[_i].algs);
    clear_pair(&pair);
}
END_TEST

START_TEST(signature_length_follows_key_and_algorithm)
{
    struct tscope_key_numbers rsa = {.type = TSCOPE_KEY_RSA, .n = number_of_bits(2049, true), .e = exact_span("\1\0\1", 3)};
    struct tscope_key_numbers ed = {.type = TSCOPE_KEY_OKP, .curve = TSCOPE_CURVE_ED25519};

    ck_assert_uint_eq(tscope_key_numbers_signature_len(&rsa, alg_of("RS256")), 257);
    ck_assert_uint_eq(tscope_key_numbers_signature_len(&rsa, alg_of("PS512")), 257);
    ck_assert_uint_eq(tscope_key_numbers_signature_len(&rsa, alg_of("ES256")), 0);
    ck_assert_uint_eq(tscope_key_numbers_signature_len(&ed, alg_of("EdDSA")), 64);
    ed.curve = TSCOPE_CURVE_ED448;
    ck_assert_uint_eq(tscope_key_numbers_signature_len(&ed, alg_of("EdDSA")), 114);
    ck_assert_uint_eq(tscope_key_numbers_signature_len(&ed, alg_of("Ed25519")), 0);
    ck_assert_uint_eq(tscope_key_numbers_signature_len(&ed, alg_of("none")), 0);
    free_span(rsa.n);
    free_span(rsa.e);
}
END_TEST

START_TEST(flaw_has_an_id_of_its_own_and_words)
{
    for (int i = TSCOPE_KEY_FLAW_NONE; i <= TSCOPE_KEY_FLAW_LIBRARY; i++) {
        ck_assert_uint_gt(strlen(tscope_key_flaw_text((enum tscope_key_flaw)i)), 3);
        for (int k = TSCOPE_KEY_FLAW_NONE; k < i; k++)
            ck_assert_str_ne(tscope_key_flaw_id((enum tscope_key_flaw)i), tscope_key_flaw_id((enum tscope_key_flaw)k));
    }
}
END_TEST

START_TEST(key_outlives_what_it_was_made_of)
{
    struct pair pair = make_rsa_pair(1024), secret = make_secret("secret");
    struct tscope_span message = TSCOPE_SPAN("message"), signature = sign(&pair, alg_of("RS256"), message);
    struct tscope_span mac = sign(&secret, alg_of("HS256"), message);
    tscope_crypto *own = open_crypto();
    tscope_pkey *pkey = good_pkey(own, &pair.numbers), *oct = good_pkey(own, &secret.numbers);
    tscope_verifier *verifier = NULL;

    ck_assert_int_eq(tscope_verifier_new(own, &verifier, NULL), TSCOPE_OK);
    tscope_crypto_free(own);
    clear_pair(&pair);
    clear_pair(&secret);
    ck_assert_ptr_eq(tscope_pkey_ref(pkey), pkey);
    tscope_pkey_free(pkey);
    ck_assert_int_eq(check_signature(verifier, pkey, alg_of("RS256"), message, signature), TSCOPE_VERIFY_OK);
    ck_assert_int_eq(check_signature(verifier, oct, alg_of("HS256"), message, mac), TSCOPE_VERIFY_OK);
    tscope_verifier_free(verifier);
    tscope_pkey_free(pkey);
    tscope_pkey_free(oct);
    tscope_pkey_free(NULL);
    free_span(signature);
    free_span(mac);
}
END_TEST

START_TEST(memory_failure_is_no_flaw)
{
    struct pair pairs[] = {make_secret("secret"), make_okp_pair(TSCOPE_CURVE_ED25519), make_ec_pair(TSCOPE_CURVE_P256)};

    for (size_t i = 0; i < TSCOPE_COUNT(pairs); i++) {
        enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

        for (unsigned long n = 1; status != TSCOPE_OK; n++) {
            tscope_pkey *pkey = NULL;
            enum tscope_key_flaw flaw;
            struct tscope_error err = {0};

            ck_assert_uint_lt(n, 10);
            tscope_alloc_fail_from(n);
            status = tscope_pkey_new(crypto, &pairs[i].numbers, &pkey, &flaw, &err);
            tscope_alloc_fail_from(0);
            ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
            ck_assert_int_eq(err.status, status);
            ck_assert((pkey != NULL) == (status == TSCOPE_OK));
            tscope_pkey_free(pkey);
        }
        clear_pair(&pairs[i]);
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
    Suite *suite = suite_create("pkey");
    TCase *tcase = tcase_create("pkey");

    tcase_add_unchecked_fixture(tcase, open_shared, close_shared);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, rsa_gate_holds_at_its_limits, 0, (int)TSCOPE_COUNT(rsa_rows));
    tcase_add_test(tcase, huge_exponent_is_refused);
    tcase_add_test(tcase, missing_member_is_refused);
    tcase_add_test(tcase, type_or_curve_of_another_kind_is_refused);
    tcase_add_loop_test(tcase, point_of_its_curve_is_taken, 0, (int)TSCOPE_COUNT(ec_curves));
    tcase_add_test(tcase, stripped_coordinate_is_padded);
    tcase_add_loop_test(tcase, point_off_its_curve_is_refused, 0, (int)TSCOPE_COUNT(ec_curves));
    tcase_add_test(tcase, point_of_another_curve_is_refused);
    tcase_add_test(tcase, coordinate_not_below_its_prime_is_refused);
    tcase_add_loop_test(tcase, coordinate_over_its_field_is_refused, 0, (int)TSCOPE_COUNT(ec_curves));
    tcase_add_loop_test(tcase, public_key_of_other_length_is_refused, 0, (int)TSCOPE_COUNT(okp_curves));
    tcase_add_loop_test(tcase, made_public_key_is_taken_with_either_sign, 0, (int)TSCOPE_COUNT(okp_curves));
    tcase_add_loop_test(tcase, point_of_small_order_or_none_is_refused, 0, (int)TSCOPE_COUNT(refused_points));
    tcase_add_test(tcase, small_coordinate_of_a_point_is_taken);
    tcase_add_loop_test(tcase, key_fits_its_own_algorithms_alone, 0, (int)TSCOPE_COUNT(fit_rows));
    tcase_add_test(tcase, signature_length_follows_key_and_algorithm);
    tcase_add_test(tcase, flaw_has_an_id_of_its_own_and_words);
    tcase_add_test(tcase, key_outlives_what_it_was_made_of);
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
