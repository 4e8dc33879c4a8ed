/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/bn.h>

#include "crypto/internal.h"

/*
 * Public keys of Edwards curves. libcrypto takes any bytes of the right length for one and then fails every signature; a
 * point of small order lets one signature hold for any message.
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

static bool
is_ed448_small(const uint8_t *y)
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

bool
tscope_okp_is_small_order(enum tscope_curve curve, struct tscope_span x)
{
    uint8_t y[32];

    if (curve == TSCOPE_CURVE_ED448)
        return (x.data[56] & 0x7f) == 0 && is_ed448_small(x.data);
    if (curve != TSCOPE_CURVE_ED25519)
        return false;
    memcpy(y, x.data, sizeof(y));
    y[31] &= 0x7f;
    for (size_t i = 0; i < TSCOPE_COUNT(ed25519_small); i++) {
        if (memcmp(y, ed25519_small[i], sizeof(y)) == 0)
            return true;
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
