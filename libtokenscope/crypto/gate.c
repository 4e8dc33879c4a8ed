/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/internal.h"

/*
 * The part of the key gate that needs no library: what is refused here never reaches OpenSSL. Limits: OpenSSL verifies with
 * moduli up to 16384 bits and, above 3072, exponents up to 64 bits; both bounds keep a hostile key from buying much time.
 */

#define RSA_BITS_MIN 512
#define RSA_BITS_MAX 16384
#define RSA_EXPONENT_BITS_MAX 64

static struct tscope_span
without_zeros(struct tscope_span number)
{
    while (number.len && number.data[0] == 0) {
        number.data++;
        number.len--;
    }
    return number;
}

static size_t
bits_of(struct tscope_span number)
{
    number = without_zeros(number);
    return number.len ? number.len * 8 - (size_t)(__builtin_clz(number.data[0]) - 24) : 0;
}

static bool
is_odd(struct tscope_span number)
{
    return number.len && (number.data[number.len - 1] & 1);
}

static enum tscope_key_flaw
check_rsa(const struct tscope_key_numbers *numbers)
{
    size_t modulus_bits = bits_of(numbers->n), exponent_bits = bits_of(numbers->e);

    if (!numbers->n.data || !numbers->e.data)
        return TSCOPE_KEY_FLAW_MEMBER;
    if (modulus_bits < RSA_BITS_MIN)
        return TSCOPE_KEY_FLAW_RSA_SMALL;
    if (modulus_bits > RSA_BITS_MAX)
        return TSCOPE_KEY_FLAW_RSA_LARGE;
    if (!is_odd(numbers->n))
        return TSCOPE_KEY_FLAW_RSA_EVEN;
    if (!is_odd(numbers->e) || exponent_bits < 2 || exponent_bits > RSA_EXPONENT_BITS_MAX)
        return TSCOPE_KEY_FLAW_RSA_EXPONENT;
    return TSCOPE_KEY_FLAW_NONE;
}

static enum tscope_key_flaw
check_ec(const struct tscope_key_numbers *numbers)
{
    size_t width = tscope_curve_width(numbers->curve);

    if (!width || tscope_curve_is_okp(numbers->curve))
        return TSCOPE_KEY_FLAW_CURVE;
    if (!numbers->x.data || !numbers->y.data)
        return TSCOPE_KEY_FLAW_MEMBER;
    if (without_zeros(numbers->x).len > width || without_zeros(numbers->y).len > width)
        return TSCOPE_KEY_FLAW_EC_WIDTH;
    return TSCOPE_KEY_FLAW_NONE;
}

static enum tscope_key_flaw
check_okp(const struct tscope_key_numbers *numbers)
{
    if (!tscope_curve_is_okp(numbers->curve))
        return TSCOPE_KEY_FLAW_CURVE;
    if (!numbers->x.data)
        return TSCOPE_KEY_FLAW_MEMBER;
    if (numbers->x.len != tscope_curve_width(numbers->curve))
        return TSCOPE_KEY_FLAW_OKP_LENGTH;
    return tscope_okp_is_small_order(numbers->curve, numbers->x) ? TSCOPE_KEY_FLAW_OKP_POINT : TSCOPE_KEY_FLAW_NONE;
}

enum tscope_key_flaw
tscope_key_numbers_check(const struct tscope_key_numbers *numbers)
{
    switch (numbers->type) {
    case TSCOPE_KEY_RSA:
        return check_rsa(numbers);
    case TSCOPE_KEY_EC:
        return check_ec(numbers);
    case TSCOPE_KEY_OKP:
        return check_okp(numbers);
    case TSCOPE_KEY_OCT:
        return numbers->k.data && numbers->k.len ? TSCOPE_KEY_FLAW_NONE : TSCOPE_KEY_FLAW_MEMBER;
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return TSCOPE_KEY_FLAW_TYPE;
}

/* RFC 8017: what a modulus must hold at least, in bytes. */
static size_t
least_modulus(const struct tscope_alg *alg)
{
    size_t digest = tscope_digest_len(alg->digest);

    return alg->family == TSCOPE_ALG_RSA_PSS ? 2 * digest + 2 : digest + 19 + 11; /* DigestInfo prefixes of SHA-2 have 19 bytes */
}

bool
tscope_key_numbers_fit(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg)
{
    switch (alg->family) {
    case TSCOPE_ALG_NONE:
        return false;
    case TSCOPE_ALG_HMAC:
        return numbers->type == TSCOPE_KEY_OCT;
    case TSCOPE_ALG_RSA_PKCS1:
        return numbers->type == TSCOPE_KEY_RSA && (bits_of(numbers->n) + 7) / 8 >= least_modulus(alg);
    case TSCOPE_ALG_RSA_PSS: /* the encoded message is one bit shorter than the modulus (RFC 8017 section 8.1.1) */
        return numbers->type == TSCOPE_KEY_RSA && (bits_of(numbers->n) + 6) / 8 >= least_modulus(alg);
    case TSCOPE_ALG_ECDSA:
        return numbers->type == TSCOPE_KEY_EC && numbers->curve == alg->curve;
    case TSCOPE_ALG_EDDSA:
        return numbers->type == TSCOPE_KEY_OKP && (numbers->curve == TSCOPE_CURVE_ED25519 || numbers->curve == TSCOPE_CURVE_ED448) &&
               (alg->curve == TSCOPE_CURVE_NONE || alg->curve == numbers->curve);
    }
    return false;
}

size_t
tscope_key_numbers_signature_len(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg)
{
    if (!tscope_key_numbers_fit(numbers, alg))
        return 0;
    if (alg->signature_len)
        return alg->signature_len;
    return numbers->type == TSCOPE_KEY_RSA ? (bits_of(numbers->n) + 7) / 8 : numbers->curve == TSCOPE_CURVE_ED25519 ? 64 : 114;
}

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
