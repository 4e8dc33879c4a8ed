/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/bn.h>

#include "crypto/internal.h"

/*
 * Public keys of Edwards and Montgomery curves. libcrypto takes any bytes of the right length for one and then fails every
 * signature; a point of small order lets one signature hold for any message, and makes a shared key that everyone knows.
 */

/* y coordinates, little-endian, of the points of small order; x's sign is the top bit of the last byte and is left out. */
static const uint8_t ed25519_small[][32] = {
    {1},
    {0},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, /* p: 0 again */
    {0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, /* p + 1: 1 again */
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
     0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
     0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
};

/* u coordinates, little-endian, of the points of small order on Curve25519 and its twist; the top bit is ignored (RFC 7748 section 5). */
static const uint8_t x25519_small[][32] = {
    {0},
    {1},
    {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
     0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00},
    {0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b,
     0x04, 0x44, 0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, /* p: 0 again */
    {0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, /* p + 1: 1 again */
};

/* Ed448's y and X448's u alike. */
static bool
is_448_small(const uint8_t *y)
{
    /* y = 0, 1, -1 = p - 1, and their second encodings p, p + 1; p = 2^448 - 2^224 - 1 has 28 bytes ff, fe, 27 bytes ff */
    bool zeros = true, ones = true;

    for (size_t i = 1; i < 56; i++) {
        zeros &= y[i] == 0;
        ones &= y[i] == (i == 28 ? 0xfe : 0xff);
    }
    if (zeros && y[0] <= 1)
        return true;
    if (ones && y[0] >= 0xfe)
        return true;
    for (size_t i = 0; i < 56; i++) { /* p + 1 = 2^448 - 2^224 */
        if (y[i] != (i < 28 ? 0 : 0xff))
            return false;
    }
    return true;
}

static bool
is_listed(const uint8_t coordinate[32], const uint8_t list[][32], size_t list_len)
{
    uint8_t bare[32];

    memcpy(bare, coordinate, sizeof(bare));
    bare[31] &= 0x7f;
    for (size_t i = 0; i < list_len; i++) {
        if (memcmp(bare, list[i], sizeof(bare)) == 0)
            return true;
    }
    return false;
}

bool
tscope_okp_is_small_order(enum tscope_curve curve, struct tscope_span x)
{
    switch (curve) {
    case TSCOPE_CURVE_ED25519:
        return is_listed(x.data, ed25519_small, TSCOPE_COUNT(ed25519_small));
    case TSCOPE_CURVE_X25519:
        return is_listed(x.data, x25519_small, TSCOPE_COUNT(x25519_small));
    case TSCOPE_CURVE_ED448:
        return (x.data[56] & 0x7f) == 0 && is_448_small(x.data);
    case TSCOPE_CURVE_X448:
        return is_448_small(x.data);
    case TSCOPE_CURVE_NONE:
    case TSCOPE_CURVE_P256:
    case TSCOPE_CURVE_P384:
    case TSCOPE_CURVE_P521:
    case TSCOPE_CURVE_SECP256K1:
        break;
    }
    return false;
}

/* p = 2^255 - 19 or 2^448 - 2^224 - 1 */
static bool
set_prime(enum tscope_curve curve, BIGNUM *prime)
{
    if (curve == TSCOPE_CURVE_ED25519)
        return BN_set_bit(prime, 255) == 1 && BN_sub_word(prime, 19) == 1;
    for (int bit = 0; bit < 448; bit++) {
        if (bit != 224 && BN_set_bit(prime, bit) != 1)
            return false;
    }
    return true;
}

/*
 * From a x^2 + y^2 = 1 + d x^2 y^2 (RFC 8032 section 5): x^2 = (1 - y^2) / (a - d y^2). Numerator times denominator is a
 * square exactly when their quotient is. Ed25519 has a = -1, d = -121665/121666, Ed448 a = 1, d = -39081.
 */
static bool
set_square(enum tscope_curve curve, const BIGNUM *y, const BIGNUM *prime, BIGNUM *square, BN_CTX *scratch)
{
    BIGNUM *denominator = BN_CTX_get(scratch);
    bool done;

    if (!denominator || BN_mod_sqr(square, y, prime, scratch) != 1 || !BN_copy(denominator, square))
        return false;
    if (BN_sub_word(square, 1) != 1)
        return false;
    BN_set_negative(square, !BN_is_negative(square));
    if (curve == TSCOPE_CURVE_ED25519)
        done = BN_mul_word(square, 121666) == 1 && BN_mul_word(denominator, 121665) == 1 && BN_sub_word(denominator, 121666) == 1;
    else
        done = BN_mul_word(denominator, 39081) == 1 && BN_add_word(denominator, 1) == 1;
    return done && BN_mod_mul(square, square, denominator, prime, scratch) == 1;
}

/* 1: y is a coordinate of a point; 0: it is none, or not below p; -1: libcrypto failed. */
static int
has_point(enum tscope_curve curve, const BIGNUM *y, BN_CTX *scratch)
{
    BIGNUM *prime = BN_CTX_get(scratch), *square = BN_CTX_get(scratch);
    int symbol;

    if (!square || !set_prime(curve, prime))
        return -1;
    if (BN_cmp(y, prime) >= 0)
        return 0;
    if (!set_square(curve, y, prime, square, scratch))
        return -1;
    symbol = BN_kronecker(square, prime, scratch);
    return symbol == -2 ? -1 : symbol != -1;
}

enum tscope_key_flaw
tscope_okp_check_point(tscope_crypto *crypto, enum tscope_curve curve, struct tscope_span x)
{
    uint8_t bytes[57];
    BN_CTX *scratch;
    BIGNUM *y;
    int has = -1;

    if (curve != TSCOPE_CURVE_ED25519 && curve != TSCOPE_CURVE_ED448)
        return TSCOPE_KEY_FLAW_NONE;
    memcpy(bytes, x.data, x.len);
    bytes[x.len - 1] &= 0x7f; /* the sign of the other coordinate: both exist, or none */
    scratch = BN_CTX_new_ex(crypto->context);
    y = BN_lebin2bn(bytes, (int)x.len, NULL);
    if (scratch && y) {
        BN_CTX_start(scratch);
        has = has_point(curve, y, scratch);
        BN_CTX_end(scratch);
    }
    BN_free(y);
    BN_CTX_free(scratch);
    return has < 0 ? TSCOPE_KEY_FLAW_LIBRARY : has ? TSCOPE_KEY_FLAW_NONE : TSCOPE_KEY_FLAW_OKP_POINT;
}
