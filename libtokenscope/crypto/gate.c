/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/internal.h"

/*
 * The part of the key gate that needs no library: what is refused here never reaches OpenSSL. Limits: OpenSSL verifies with
 * moduli up to 16384 bits and, above 3072, exponents up to 64 bits; both bounds keep a hostile key from buying much time.
 */

#define RSA_BITS_MIN 512
#define RSA_BITS_MAX 16384
#define RSA_EXPONENT_BITS_MAX 64

struct tscope_span
tscope_number_strip(struct tscope_span number)
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
    number = tscope_number_strip(number);
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
    if (tscope_number_strip(numbers->x).len > width || tscope_number_strip(numbers->y).len > width)
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

struct tscope_key_shape
tscope_key_shape_of(const struct tscope_key_numbers *numbers)
{
    struct tscope_key_shape shape = {numbers->type, TSCOPE_CURVE_NONE, 0};

    switch (numbers->type) {
    case TSCOPE_KEY_RSA:
        shape.bits = bits_of(numbers->n);
        break;
    case TSCOPE_KEY_EC:
    case TSCOPE_KEY_OKP:
        shape.curve = numbers->curve;
        shape.bits = tscope_curve_bits(numbers->curve);
        break;
    case TSCOPE_KEY_OCT:
        shape.bits = numbers->k.len * 8;
        break;
    case TSCOPE_KEY_UNKNOWN:
        break;
    }
    return shape;
}

bool
tscope_key_shape_fits(const struct tscope_key_shape *shape, const struct tscope_alg *alg)
{
    size_t digest = tscope_digest_len(alg->digest);

    switch (alg->family) {
    case TSCOPE_ALG_NONE:
        return false;
    case TSCOPE_ALG_HMAC:
        return shape->type == TSCOPE_KEY_OCT;
    case TSCOPE_ALG_RSA_PKCS1: /* DigestInfo prefixes of SHA-2 have 19 bytes, padding 11 (RFC 8017 section 9.2) */
        return shape->type == TSCOPE_KEY_RSA && (shape->bits + 7) / 8 >= digest + 19 + 11;
    case TSCOPE_ALG_RSA_PSS: /* the encoded message is one bit shorter than the modulus (RFC 8017 section 8.1.1) */
        return shape->type == TSCOPE_KEY_RSA && (shape->bits + 6) / 8 >= 2 * digest + 2;
    case TSCOPE_ALG_ECDSA:
        return shape->type == TSCOPE_KEY_EC && shape->curve == alg->curve;
    case TSCOPE_ALG_EDDSA:
        return shape->type == TSCOPE_KEY_OKP && (shape->curve == TSCOPE_CURVE_ED25519 || shape->curve == TSCOPE_CURVE_ED448) &&
               (alg->curve == TSCOPE_CURVE_NONE || alg->curve == shape->curve);
    }
    return false;
}

size_t
tscope_key_shape_signature_len(const struct tscope_key_shape *shape, const struct tscope_alg *alg)
{
    if (!tscope_key_shape_fits(shape, alg))
        return 0;
    if (alg->signature_len)
        return alg->signature_len;
    return shape->type == TSCOPE_KEY_RSA ? (shape->bits + 7) / 8 : 2 * tscope_curve_width(shape->curve);
}

bool
tscope_key_numbers_fit(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg)
{
    struct tscope_key_shape shape = tscope_key_shape_of(numbers);

    return tscope_key_shape_fits(&shape, alg);
}

size_t
tscope_key_numbers_signature_len(const struct tscope_key_numbers *numbers, const struct tscope_alg *alg)
{
    struct tscope_key_shape shape = tscope_key_shape_of(numbers);

    return tscope_key_shape_signature_len(&shape, alg);
}
