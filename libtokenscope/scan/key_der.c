/* SPDX-License-Identifier: Apache-2.0 */
#include "core/der.h"
#include "keys/der_key.h"
#include "scan/key_forms.h"

/* Keys in DER (RFC 5958, RFC 8017, RFC 5915, RFC 7292) and in the form of OpenSSH. */

#define KEY_LEN_MIN 32
#define PFX_LEN_MAX (256u << 10)
#define HEADER_MAX 4

static const uint8_t pkcs7_oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07};
static const uint8_t pkcs5_oid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01};

size_t
tscope_key_der_len(struct tscope_span bytes)
{
    size_t count, len = 0;

    if (bytes.len < 2 || bytes.data[0] != TSCOPE_DER_SEQUENCE)
        return 0;
    if (bytes.data[1] < 0x80)
        return 2u + bytes.data[1];
    count = bytes.data[1] & 0x7f;
    if (count < 1 || count > 3 || bytes.len < 2 + count || bytes.data[2] == 0 || (count == 1 && bytes.data[2] < 0x80))
        return 0;
    for (size_t i = 0; i < count; i++)
        len = len << 8 | bytes.data[2 + i];
    return 2 + count + len;
}

/* The second and the third element's headers, as far as they can be seen: version and number or algorithm, or algorithm alone. */
bool
tscope_key_der_may_begin(struct tscope_span start)
{
    size_t len = tscope_key_der_len(start), at = start.len < 2 ? 0 : start.data[1] < 0x80 ? 2 : 2u + (start.data[1] & 0x7f);

    if (len < KEY_LEN_MIN || at + 8 > start.len)
        return false;
    if (start.data[at] == TSCOPE_DER_INTEGER) {
        if (start.data[at + 1] != 1)
            return false;
        at += 3;
        if (start.data[at] == TSCOPE_DER_INTEGER || start.data[at] == TSCOPE_DER_OCTET_STRING)
            return true;
    }
    len -= at;
    start = tscope_span_of(start.data + at, start.len - at);
    return tscope_key_der_len(start) > 0 && tscope_key_der_len(start) <= len;
}

static bool
starts_with(struct tscope_span bytes, const uint8_t *start, size_t len)
{
    return bytes.len >= len && memcmp(bytes.data, start, len) == 0;
}

/* Version 3 and a ContentInfo of PKCS #7 (RFC 7292 section 4). */
static bool
is_pfx(struct tscope_span der)
{
    struct tscope_der outer = {der}, inner, safe;
    struct tscope_der_item oid;
    struct tscope_span version;

    return tscope_der_enter(&outer, TSCOPE_DER_SEQUENCE, &inner) && tscope_der_unsigned(&inner, &version) && version.len == 1 &&
           version.data[0] == 3 && tscope_der_enter(&inner, TSCOPE_DER_SEQUENCE, &safe) && tscope_der_take(&safe, TSCOPE_DER_OID, &oid) &&
           starts_with(oid.content, pkcs7_oid, sizeof(pkcs7_oid)) && !tscope_der_at_end(&safe);
}

/* An algorithm of PKCS #5 or #12 and what it encrypted, nothing else (RFC 5958 section 3). */
static bool
is_encrypted(struct tscope_span der)
{
    struct tscope_der outer = {der}, inner, algorithm;
    struct tscope_der_item oid, content;

    return tscope_der_enter(&outer, TSCOPE_DER_SEQUENCE, &inner) && tscope_der_enter(&inner, TSCOPE_DER_SEQUENCE, &algorithm) &&
           tscope_der_take(&algorithm, TSCOPE_DER_OID, &oid) && starts_with(oid.content, pkcs5_oid, sizeof(pkcs5_oid)) &&
           oid.content.len > sizeof(pkcs5_oid) + 1 &&
           (oid.content.data[sizeof(pkcs5_oid)] == 5 || oid.content.data[sizeof(pkcs5_oid)] == 12) && !tscope_der_at_end(&algorithm) &&
           tscope_der_take(&inner, TSCOPE_DER_OCTET_STRING, &content) && content.content.len >= KEY_LEN_MIN && tscope_der_at_end(&inner);
}

/* Which of the three it is tells the element behind the version. */
static const char *
form_of(struct tscope_span der)
{
    struct tscope_der outer = {der}, inner;
    struct tscope_der_item item;

    if (!tscope_der_enter(&outer, TSCOPE_DER_SEQUENCE, &inner) || !tscope_der_next(&inner, &item) || !tscope_der_next(&inner, &item))
        return "der";
    return item.tag == TSCOPE_DER_SEQUENCE ? "pkcs8" : item.tag == TSCOPE_DER_INTEGER ? "pkcs1" : "sec1";
}

bool
tscope_key_read_bytes(struct tscope_span bytes, struct tscope_key_candidate *ret_candidate)
{
    struct tscope_key_candidate candidate = {.component = "private key", .layout = "der"};
    size_t len = tscope_key_der_len(bytes), openssh_len;
    struct tscope_der_key key;

    if (tscope_key_read_openssh(bytes, ret_candidate, &openssh_len))
        return true;
    if (len < KEY_LEN_MIN || len > bytes.len)
        return false;
    bytes.len = len;
    if (is_pfx(bytes) || is_encrypted(bytes)) {
        candidate.is_closed = true;
        candidate.form = is_pfx(bytes) ? "pfx" : "pkcs8-encrypted";
    } else {
        if (!tscope_der_key_read(bytes, &key) || !key.has_private || key.secret.open.type == TSCOPE_KEY_UNKNOWN)
            return false;
        candidate.form = form_of(bytes);
        candidate.numbers = key.secret;
    }
    *ret_candidate = candidate;
    return true;
}

/* Where the element begins whose first child's value ends the anchor: behind a header of two to four bytes. */
static enum tscope_probe
probe_at(const struct tscope_key_look *look, size_t begin, size_t len_max)
{
    const struct tscope_window *window = look->window;
    struct tscope_span rest = tscope_span_of(window->bytes + begin, window->len - begin);
    size_t len = tscope_key_der_len(rest);
    struct tscope_key_candidate candidate;

    if (len < KEY_LEN_MIN || len > len_max)
        return TSCOPE_PROBE_NOTHING;
    if (len > rest.len)
        return tscope_window_ends(window, begin);
    if (!tscope_key_read_bytes(tscope_span_of(rest.data, len), &candidate))
        return TSCOPE_PROBE_NOTHING;
    return tscope_key_take(look, &candidate, begin, begin + len, TSCOPE_FIND_ENCODING_ASCII);
}

/* How far before the anchor a child begins, and which bytes may stand behind the anchor. */
static size_t
child_before(const struct tscope_window *window, size_t at, enum tscope_key_anchor anchor)
{
    static const uint8_t scheme[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d};

    if (anchor != TSCOPE_KEY_ANCHOR_DER_ENCRYPTED)
        return 0;
    if (at < sizeof(scheme) + 2 || memcmp(window->bytes + at - sizeof(scheme), scheme, sizeof(scheme)) != 0 ||
        window->bytes[at - sizeof(scheme) - 2] != TSCOPE_DER_SEQUENCE)
        return SIZE_MAX;
    return sizeof(scheme) + 2;
}

static bool
may_follow(enum tscope_key_anchor anchor, uint8_t tag)
{
    switch (anchor) {
    case TSCOPE_KEY_ANCHOR_DER_VERSION_0:
        return tag == TSCOPE_DER_INTEGER || tag == TSCOPE_DER_SEQUENCE;
    case TSCOPE_KEY_ANCHOR_DER_VERSION_1:
        return tag == TSCOPE_DER_INTEGER || tag == TSCOPE_DER_SEQUENCE || tag == TSCOPE_DER_OCTET_STRING;
    case TSCOPE_KEY_ANCHOR_DER_VERSION_3:
        return tag == TSCOPE_DER_SEQUENCE;
    default:
        return true;
    }
}

enum tscope_probe
tscope_key_probe_der(const struct tscope_key_look *look, size_t at, enum tscope_key_anchor anchor)
{
    const struct tscope_window *window = look->window;
    size_t before = child_before(window, at, anchor);
    size_t len_max = anchor == TSCOPE_KEY_ANCHOR_DER_VERSION_3 ? PFX_LEN_MAX : TSCOPE_KEY_BYTES_MAX;
    enum tscope_probe answer = TSCOPE_PROBE_NOTHING;

    if (before == SIZE_MAX)
        return TSCOPE_PROBE_NOTHING;
    if (at + 3 >= window->len)
        return tscope_window_ends(window, at);
    if (!may_follow(anchor, window->bytes[at + 3]))
        return TSCOPE_PROBE_NOTHING;
    at -= before;
    for (size_t header = HEADER_MAX; header >= 2 && answer == TSCOPE_PROBE_NOTHING; header--) {
        if (at < header || window->bytes[at - header] != TSCOPE_DER_SEQUENCE)
            continue;
        if (header == 2 ? window->bytes[at - 1] < 0x80 : window->bytes[at - header + 1] == 0x80 + header - 2)
            answer = probe_at(look, at - header, len_max);
    }
    return answer;
}
