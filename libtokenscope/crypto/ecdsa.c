/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ecdsa.h"

/* Orders of the curves' groups, big-endian (SEC 2, FIPS 186-5). */
static const uint8_t order_p256[] = {0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};
static const uint8_t order_p384[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf,
                                     0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73};
static const uint8_t order_p521[] = {0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfa,
                                     0x51, 0x86, 0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09, 0xa5, 0xd0, 0x3b,
                                     0xb5, 0xc9, 0xb8, 0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38, 0x64, 0x09};
static const uint8_t order_secp256k1[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
                                          0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};

static const uint8_t *
order_of(enum tscope_curve curve)
{
    switch (curve) {
    case TSCOPE_CURVE_P256:
        return order_p256;
    case TSCOPE_CURVE_P384:
        return order_p384;
    case TSCOPE_CURVE_P521:
        return order_p521;
    case TSCOPE_CURVE_SECP256K1:
        return order_secp256k1;
    case TSCOPE_CURVE_NONE:
    case TSCOPE_CURVE_ED25519:
    case TSCOPE_CURVE_ED448:
    case TSCOPE_CURVE_X25519:
    case TSCOPE_CURVE_X448:
        break;
    }
    return NULL;
}

static bool
is_zero(const uint8_t *number, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        if (number[i])
            return false;
    }
    return true;
}

bool
tscope_ecdsa_is_degenerate(enum tscope_curve curve, struct tscope_span signature)
{
    size_t width = tscope_curve_width(curve);
    const uint8_t *order = order_of(curve);

    if (!order || signature.len != 2 * width)
        return false;
    for (size_t half = 0; half < 2; half++) {
        const uint8_t *number = signature.data + half * width;

        if (is_zero(number, width) || memcmp(number, order, width) >= 0)
            return true;
    }
    return false;
}

static size_t
put_integer(uint8_t *out, const uint8_t *number, size_t width)
{
    size_t pad;

    while (width > 1 && number[0] == 0) {
        number++;
        width--;
    }
    pad = number[0] >> 7;
    out[0] = 0x02;
    out[1] = (uint8_t)(width + pad);
    out[2] = 0;
    memcpy(out + 2 + pad, number, width);
    return 2 + pad + width;
}

size_t
tscope_ecdsa_to_der(const uint8_t *raw, size_t width, uint8_t der[TSCOPE_ECDSA_DER_MAX])
{
    uint8_t body[TSCOPE_ECDSA_DER_MAX];
    size_t len = put_integer(body, raw, width), header = 2;

    len += put_integer(body + len, raw + width, width);
    der[0] = 0x30;
    if (len < 0x80) {
        der[1] = (uint8_t)len;
    } else {
        der[1] = 0x81;
        der[2] = (uint8_t)len;
        header = 3;
    }
    memcpy(der + header, body, len);
    return header + len;
}

bool
tscope_ecdsa_low_s(enum tscope_curve curve, const uint8_t *s, uint8_t *out, bool *ret_was_high)
{
    const uint8_t *order = order_of(curve);
    size_t width = tscope_curve_width(curve);
    unsigned borrow = 0;

    if (!order || is_zero(s, width) || memcmp(s, order, width) >= 0)
        return false;
    for (size_t i = width; i-- > 0;) {
        unsigned digit = 0x100u + order[i] - s[i] - borrow;

        out[i] = (uint8_t)digit;
        borrow = digit < 0x100;
    }
    *ret_was_high = memcmp(s, out, width) > 0;
    if (!*ret_was_high)
        memcpy(out, s, width);
    return true;
}
