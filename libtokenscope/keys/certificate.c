/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/buffer.h"
#include "core/der.h"
#include "core/text.h"
#include "keys/der_key.h"
#include "keys/key.h"

#define OID(bytes)                                  \
    {                                               \
        (const uint8_t *)(bytes), sizeof(bytes) - 1 \
    }

enum { VERSION_TAG = 0xa0, IA5_STRING = 0x16, TELETEX_STRING = 0x14, BMP_STRING = 0x1e };

/* The keywords of RFC 4514 section 3, and those that OpenSSL and Windows show besides. */
static const struct {
    struct tscope_span oid;
    const char *keyword;
} attributes[] = {
    {OID("\x55\x04\x03"), "CN"},
    {OID("\x55\x04\x05"), "serialNumber"},
    {OID("\x55\x04\x06"), "C"},
    {OID("\x55\x04\x07"), "L"},
    {OID("\x55\x04\x08"), "ST"},
    {OID("\x55\x04\x09"), "STREET"},
    {OID("\x55\x04\x0a"), "O"},
    {OID("\x55\x04\x0b"), "OU"},
    {OID("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01"), "UID"},
    {OID("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19"), "DC"},
    {OID("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"), "emailAddress"},
};

/* Dotted numbers; components beyond 32 bits end it. */
static void
append_oid(struct tscope_buffer *text, struct tscope_span oid)
{
    uint32_t component = 0;
    bool first = true;

    for (size_t i = 0; i < oid.len; i++) {
        if (component > UINT32_MAX >> 7)
            return;
        component = component << 7 | (oid.data[i] & 0x7f);
        if (oid.data[i] & 0x80)
            continue;
        if (first)
            tscope_buffer_append_format(text, "%u.%u", component < 80 ? component / 40 : 2u,
                                        component < 80 ? component % 40 : component - 80);
        else
            tscope_buffer_append_format(text, ".%u", component);
        first = false;
        component = 0;
    }
}

static void
append_keyword(struct tscope_buffer *text, struct tscope_span oid)
{
    for (size_t i = 0; i < TSCOPE_COUNT(attributes); i++) {
        if (tscope_span_equal(oid, attributes[i].oid)) {
            tscope_buffer_append_text(text, attributes[i].keyword);
            return;
        }
    }
    append_oid(text, oid);
}

/* RFC 4514 section 2.4: otherwise a comma in a name could pass for the next name. */
static void
append_escaped(struct tscope_buffer *text, uint32_t code_point)
{
    if (code_point < 0x80 && code_point != 0 && strchr(",+\"\\<>;", (int)code_point))
        tscope_buffer_append_byte(text, '\\');
    tscope_text_append_utf8(text, code_point);
}

static void
append_value(struct tscope_buffer *text, const struct tscope_der_item *value)
{
    struct tscope_span bytes = value->content;

    switch (value->tag) {
    case TSCOPE_DER_UTF8_STRING:
    case TSCOPE_DER_PRINTABLE_STRING:
    case IA5_STRING:
        for (size_t at = 0; at < bytes.len;) {
            uint32_t code_point = tscope_text_code_point(bytes, &at);

            append_escaped(text, code_point == UINT32_MAX ? 0xfffd : code_point);
        }
        return;
    case TELETEX_STRING: /* as everybody reads it: Latin-1 */
        for (size_t at = 0; at < bytes.len; at++)
            append_escaped(text, bytes.data[at]);
        return;
    case BMP_STRING:
        for (size_t at = 0; at + 1 < bytes.len; at += 2) {
            uint32_t unit = (uint32_t)bytes.data[at] << 8 | bytes.data[at + 1];

            append_escaped(text, unit >= 0xd800 && unit < 0xe000 ? 0xfffd : unit);
        }
        return;
    default:
        tscope_buffer_append_byte(text, '#');
        for (size_t at = 0; at < value->whole.len; at++)
            tscope_buffer_append_format(text, "%02x", value->whole.data[at]);
    }
}

/* One RelativeDistinguishedName: mostly one attribute, several are joined by '+'. text NULL: only looks. */
static bool
append_rdn(struct tscope_buffer *text, struct tscope_der *set)
{
    for (bool first = true; !tscope_der_at_end(set); first = false) {
        struct tscope_der pair;
        struct tscope_der_item oid, value;

        if (!tscope_der_enter(set, TSCOPE_DER_SEQUENCE, &pair) || !tscope_der_take(&pair, TSCOPE_DER_OID, &oid) ||
            !tscope_der_next(&pair, &value))
            return false;
        if (!text)
            continue;
        if (!first)
            tscope_buffer_append_byte(text, '+');
        append_keyword(text, oid.content);
        tscope_buffer_append_byte(text, '=');
        append_value(text, &value);
    }
    return true;
}

static bool
append_name(struct tscope_buffer *text, struct tscope_der name)
{
    for (bool first = true; !tscope_der_at_end(&name); first = false) {
        struct tscope_der set;

        if (!tscope_der_enter(&name, TSCOPE_DER_SET, &set))
            return false;
        if (text && !first)
            tscope_buffer_append_text(text, ", ");
        if (!append_rdn(text, &set))
            return false;
    }
    return true;
}

/* Without an arena nothing is allocated: then false means damage, never want of memory. */
static bool
render_name(struct tscope_der name, struct tscope_arena *arena, struct tscope_span *ret_text)
{
    struct tscope_buffer text = {0};
    bool read = append_name(arena ? &text : NULL, name) && !text.failed;

    if (read && arena) {
        *ret_text = tscope_arena_copy(arena, tscope_span_of(text.data, text.len));
        read = ret_text->data != NULL;
    }
    tscope_buffer_clear(&text);
    return read;
}

/* TBSCertificate (RFC 5280 section 4.1): version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo. */
static bool
read_tbs(struct tscope_der *tbs, struct tscope_certificate *certificate, struct tscope_key_numbers *numbers, struct tscope_arena *arena)
{
    struct tscope_der_item item;
    struct tscope_der validity, subject;

    tscope_der_take(tbs, VERSION_TAG, &item); /* absent in version 1 */
    if (!tscope_der_take(tbs, TSCOPE_DER_INTEGER, &item) || !tscope_der_take(tbs, TSCOPE_DER_SEQUENCE, &item) ||
        !tscope_der_take(tbs, TSCOPE_DER_SEQUENCE, &item))
        return false;
    if (!tscope_der_enter(tbs, TSCOPE_DER_SEQUENCE, &validity) || !tscope_der_time(&validity, &certificate->not_before) ||
        !tscope_der_time(&validity, &certificate->not_after))
        return false;
    return tscope_der_enter(tbs, TSCOPE_DER_SEQUENCE, &subject) && tscope_der_key_take_spki(tbs, numbers) &&
           render_name(subject, arena, &certificate->subject);
}

bool
tscope_certificate_read(struct tscope_span der, struct tscope_certificate *ret_certificate, struct tscope_key_numbers *ret_numbers,
                        struct tscope_arena *arena)
{
    struct tscope_der outer = {der}, inner, tbs;
    struct tscope_der_item whole, item;
    struct tscope_certificate certificate = {0};
    struct tscope_key_numbers numbers = {0};
    struct tscope_span signature;

    if (!tscope_der_take(&outer, TSCOPE_DER_SEQUENCE, &whole))
        return false;
    inner.rest = whole.content;
    if (!tscope_der_enter(&inner, TSCOPE_DER_SEQUENCE, &tbs) || !tscope_der_take(&inner, TSCOPE_DER_SEQUENCE, &item) ||
        !tscope_der_bits(&inner, &signature) || !tscope_der_at_end(&inner) || !read_tbs(&tbs, &certificate, &numbers, arena))
        return false;
    certificate.der = whole.whole;
    *ret_certificate = certificate;
    if (ret_numbers)
        *ret_numbers = numbers;
    return true;
}
