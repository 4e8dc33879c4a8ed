/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/der_key.h"

#include "core/alloc.h"
#include "core/der.h"
#include "keys/key.h"

#define OID(bytes)                                  \
    {                                               \
        (const uint8_t *)(bytes), sizeof(bytes) - 1 \
    }

/* [1] of ECPrivateKey and [0], [1] around its fields (RFC 5915 section 3), and [1] of OneAsymmetricKey (RFC 5958 section 2). */
enum { CONTEXT_0 = 0xa0, CONTEXT_1 = 0xa1, CONTEXT_1_PRIMITIVE = 0x81 };

static const struct {
    struct tscope_span oid;
    enum tscope_key_type type;
    enum tscope_curve curve;
} algorithms[] = {
    {OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"), TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE}, /* rsaEncryption */
    {OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"), TSCOPE_KEY_RSA, TSCOPE_CURVE_NONE}, /* id-RSASSA-PSS */
    {OID("\x2a\x86\x48\xce\x3d\x02\x01"), TSCOPE_KEY_EC, TSCOPE_CURVE_NONE},          /* id-ecPublicKey */
    {OID("\x2b\x65\x70"), TSCOPE_KEY_OKP, TSCOPE_CURVE_ED25519},
    {OID("\x2b\x65\x71"), TSCOPE_KEY_OKP, TSCOPE_CURVE_ED448},
    {OID("\x2b\x65\x6e"), TSCOPE_KEY_OKP, TSCOPE_CURVE_X25519},
    {OID("\x2b\x65\x6f"), TSCOPE_KEY_OKP, TSCOPE_CURVE_X448},
};

static const struct {
    struct tscope_span oid;
    enum tscope_curve curve;
} curves[] = {
    {OID("\x2a\x86\x48\xce\x3d\x03\x01\x07"), TSCOPE_CURVE_P256},
    {OID("\x2b\x81\x04\x00\x22"), TSCOPE_CURVE_P384},
    {OID("\x2b\x81\x04\x00\x23"), TSCOPE_CURVE_P521},
    {OID("\x2b\x81\x04\x00\x0a"), TSCOPE_CURVE_SECP256K1},
};

static enum tscope_curve
take_curve(struct tscope_der *reader)
{
    struct tscope_der_item oid;

    if (!tscope_der_take(reader, TSCOPE_DER_OID, &oid))
        return TSCOPE_CURVE_NONE;
    for (size_t i = 0; i < TSCOPE_COUNT(curves); i++) {
        if (tscope_span_equal(oid.content, curves[i].oid))
            return curves[i].curve;
    }
    return TSCOPE_CURVE_NONE;
}

/* AlgorithmIdentifier: what kind of key follows. */
static bool
take_algorithm(struct tscope_der *reader, struct tscope_key_numbers *numbers)
{
    struct tscope_der inner;
    struct tscope_der_item oid;

    if (!tscope_der_enter(reader, TSCOPE_DER_SEQUENCE, &inner) || !tscope_der_take(&inner, TSCOPE_DER_OID, &oid))
        return false;
    for (size_t i = 0; i < TSCOPE_COUNT(algorithms); i++) {
        if (!tscope_span_equal(oid.content, algorithms[i].oid))
            continue;
        numbers->type = algorithms[i].type;
        numbers->curve = algorithms[i].curve;
        if (numbers->type == TSCOPE_KEY_EC)
            numbers->curve = take_curve(&inner);
    }
    return true;
}

/* An uncompressed point in full (SEC 1 section 2.3.3); of a compressed one the x alone: the gate then misses y. */
static void
split_point(struct tscope_span point, struct tscope_key_numbers *numbers)
{
    size_t width;

    if (point.len < 2)
        return;
    if (point.data[0] == 4 && point.len % 2 == 1) {
        width = (point.len - 1) / 2;
        numbers->x = tscope_span_of(point.data + 1, width);
        numbers->y = tscope_span_of(point.data + 1 + width, width);
    } else if (point.data[0] == 2 || point.data[0] == 3) {
        numbers->x = tscope_span_of(point.data + 1, point.len - 1);
    }
}

static bool
read_rsa_public(struct tscope_span der, struct tscope_key_numbers *numbers)
{
    struct tscope_der outer = {der}, inner;

    return tscope_der_enter(&outer, TSCOPE_DER_SEQUENCE, &inner) && tscope_der_at_end(&outer) && tscope_der_unsigned(&inner, &numbers->n) &&
           tscope_der_unsigned(&inner, &numbers->e) && tscope_der_at_end(&inner);
}

bool
tscope_der_key_take_spki(struct tscope_der *reader, struct tscope_key_numbers *ret_numbers)
{
    struct tscope_der ahead = *reader, inner;
    struct tscope_key_numbers numbers = {0};
    struct tscope_span bits;

    if (!tscope_der_enter(&ahead, TSCOPE_DER_SEQUENCE, &inner) || !take_algorithm(&inner, &numbers) || !tscope_der_bits(&inner, &bits) ||
        !tscope_der_at_end(&inner))
        return false;
    if (numbers.type == TSCOPE_KEY_RSA && !read_rsa_public(bits, &numbers))
        return false;
    if (numbers.type == TSCOPE_KEY_EC)
        split_point(bits, &numbers);
    if (numbers.type == TSCOPE_KEY_OKP)
        numbers.x = bits;
    *ret_numbers = numbers;
    *reader = ahead;
    return true;
}

/* RSAPrivateKey: version, n, e, d, p, q, dp, dq, qi; version 1 has more primes, and then d serves alone. */
static bool
read_rsa_private(struct tscope_span der, struct tscope_private_numbers *numbers)
{
    struct tscope_der outer = {der}, inner;
    struct tscope_span version;
    struct tscope_span *const members[] = {&numbers->open.n, &numbers->open.e, &numbers->d,  &numbers->p,
                                           &numbers->q,      &numbers->dp,     &numbers->dq, &numbers->qi};

    if (!tscope_der_enter(&outer, TSCOPE_DER_SEQUENCE, &inner) || !tscope_der_at_end(&outer) || !tscope_der_unsigned(&inner, &version) ||
        version.len != 1 || version.data[0] > 1)
        return false;
    for (size_t i = 0; i < TSCOPE_COUNT(members); i++) {
        if (!tscope_der_unsigned(&inner, members[i]))
            return false;
    }
    if (version.data[0] == 1)
        numbers->p = (struct tscope_span){NULL, 0};
    numbers->open.type = TSCOPE_KEY_RSA;
    return true;
}

/* ECPrivateKey; inside PrivateKeyInfo the curve was named outside. */
static bool
read_ec_private(struct tscope_span der, struct tscope_private_numbers *numbers)
{
    struct tscope_der outer = {der}, inner, tagged;
    struct tscope_der_item secret;
    struct tscope_span version, point;

    if (!tscope_der_enter(&outer, TSCOPE_DER_SEQUENCE, &inner) || !tscope_der_at_end(&outer) || !tscope_der_unsigned(&inner, &version) ||
        version.len != 1 || version.data[0] != 1 || !tscope_der_take(&inner, TSCOPE_DER_OCTET_STRING, &secret))
        return false;
    if (tscope_der_enter(&inner, CONTEXT_0, &tagged))
        numbers->open.curve = take_curve(&tagged);
    if (tscope_der_enter(&inner, CONTEXT_1, &tagged) && tscope_der_bits(&tagged, &point))
        split_point(point, &numbers->open);
    numbers->open.type = TSCOPE_KEY_EC;
    numbers->d = secret.content;
    return true;
}

/* CurvePrivateKey: an OCTET STRING inside the OCTET STRING (RFC 8410 section 7). */
static void
read_okp_private(struct tscope_span content, struct tscope_private_numbers *numbers)
{
    struct tscope_der reader = {content};
    struct tscope_der_item secret;

    if (tscope_der_take(&reader, TSCOPE_DER_OCTET_STRING, &secret) && tscope_der_at_end(&reader))
        numbers->d = secret.content;
}

/* What stands in the OCTET STRING of a PrivateKeyInfo. A number that cannot be read stays missing: the gate says so. */
static void
read_private_content(struct tscope_span content, struct tscope_private_numbers *numbers)
{
    struct tscope_private_numbers inner = {.open = {.type = numbers->open.type, .curve = numbers->open.curve}};

    if (numbers->open.type == TSCOPE_KEY_RSA && read_rsa_private(content, &inner))
        *numbers = inner;
    if (numbers->open.type == TSCOPE_KEY_EC && read_ec_private(content, &inner))
        *numbers = inner;
    if (numbers->open.type == TSCOPE_KEY_OKP)
        read_okp_private(content, numbers);
}

static bool
read_pkcs8(struct tscope_span der, struct tscope_private_numbers *numbers)
{
    struct tscope_der outer = {der}, inner;
    struct tscope_der_item content, item;
    struct tscope_span version;

    if (!tscope_der_enter(&outer, TSCOPE_DER_SEQUENCE, &inner) || !tscope_der_at_end(&outer) || !tscope_der_unsigned(&inner, &version) ||
        version.len != 1 || version.data[0] > 1 || !take_algorithm(&inner, &numbers->open) ||
        !tscope_der_take(&inner, TSCOPE_DER_OCTET_STRING, &content))
        return false;
    read_private_content(content.content, numbers);
    while (tscope_der_next(&inner, &item)) {
        /* [1] IMPLICIT BIT STRING: its first byte counts unused bits. */
        if (item.tag != CONTEXT_1_PRIMITIVE || item.content.len < 2 || item.content.data[0] != 0)
            continue;
        if (numbers->open.type == TSCOPE_KEY_OKP)
            numbers->open.x = tscope_span_of(item.content.data + 1, item.content.len - 1);
    }
    return true;
}

static bool
is_encrypted(struct tscope_span der)
{
    struct tscope_der outer = {der}, inner;
    struct tscope_der_item item;
    struct tscope_key_numbers ignored = {0};

    return tscope_der_enter(&outer, TSCOPE_DER_SEQUENCE, &inner) && tscope_der_at_end(&outer) && take_algorithm(&inner, &ignored) &&
           tscope_der_take(&inner, TSCOPE_DER_OCTET_STRING, &item) && tscope_der_at_end(&inner);
}

static bool
read_public(struct tscope_span der, struct tscope_key_numbers *numbers)
{
    struct tscope_der reader = {der};

    if (tscope_der_key_take_spki(&reader, numbers))
        return tscope_der_at_end(&reader);
    numbers->type = TSCOPE_KEY_RSA;
    return read_rsa_public(der, numbers);
}

static bool
read_private(struct tscope_span der, struct tscope_private_numbers *numbers)
{
    static bool (*const readers[])(struct tscope_span, struct tscope_private_numbers *) = {read_pkcs8, read_rsa_private, read_ec_private};

    for (size_t i = 0; i < TSCOPE_COUNT(readers); i++) {
        *numbers = (struct tscope_private_numbers){0};
        if (readers[i](der, numbers))
            return true;
    }
    *numbers = (struct tscope_private_numbers){0};
    return is_encrypted(der);
}

bool
tscope_der_key_read(struct tscope_span der, struct tscope_der_key *ret_key)
{
    struct tscope_certificate certificate;
    struct tscope_der_key key = {0};

    if (tscope_certificate_read(der, &certificate, &key.numbers, NULL)) {
        key.certificate = certificate.der;
    } else if (!read_public(der, &key.numbers)) {
        if (!read_private(der, &key.secret))
            return false;
        key.numbers = key.secret.open;
        key.has_private = true;
    }
    *ret_key = key;
    return true;
}
