/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/base64url.h"
#include "core/text.h"
#include "keys/ring.h"

#define MODULUS_DIGITS_MIN 16
#define MEMBER_MIN 64 /* characters of a modulus in base64url; no digest has so many */

/*
 * Collects keys once each: a kid is often its x5t too. Nothing here may cost more when the keyring holds more keys. What is found
 * by a digest is held against the kid, since that is what it was found by before.
 */
struct collection {
    const tscope_keyring *keyring;
    struct tscope_span sought; /* as it was written: keys of this kid are in already */
    const tscope_key **keys;
    size_t max, len;
};

static void
collect(struct collection *collection, const tscope_key *key)
{
    if (collection->len < collection->max)
        collection->keys[collection->len] = key;
    collection->len++;
}

static bool
is_in_by_kid(const struct collection *collection, const tscope_key *key)
{
    return key->kid.data && tscope_span_equal(key->kid, collection->sought);
}

/* Hexadecimal without colons and spaces; data NULL when it is something else. digits holds max of them. */
static struct tscope_span
read_hex(struct tscope_span text, uint8_t *digits, size_t max)
{
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = text.data[i];
        bool is_digit = (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'f');

        if (byte == ':' || byte == ' ')
            continue;
        if (!is_digit || len == max)
            return (struct tscope_span){NULL, 0};
        digits[len++] = byte;
    }
    return tscope_span_of(digits, len);
}

/* True when the key was found by this digest: thumbprints and moduli are looked for behind it. */
static bool
has_digest(const struct collection *collection, const tscope_key *key, const uint8_t *digest, size_t len)
{
    const struct tscope_ring_mark *mark = &collection->keyring->marks[tscope_keyring_number(collection->keyring, key)];

    if (len == sizeof(mark->x5t))
        return mark->has_x5t && memcmp(mark->x5t, digest, len) == 0;
    return len == sizeof(key->thumbprint) && mark->has_thumbprint && memcmp(key->thumbprint, digest, len) == 0;
}

static void
collect_digest(struct collection *collection, const uint8_t *digest, size_t len)
{
    const tscope_key *key;
    uint32_t cursor = 0;

    while (len == 20 && (key = tscope_keyring_next_by_x5t(collection->keyring, digest, &cursor))) {
        if (!is_in_by_kid(collection, key))
            collect(collection, key);
    }
    while (len == 32 && (key = tscope_keyring_next_by_thumbprint(collection->keyring, digest, &cursor))) {
        if (!is_in_by_kid(collection, key))
            collect(collection, key);
    }
}

/* openssl prints a modulus with a zero in front where its top bit is set. */
static void
collect_modulus(struct collection *collection, struct tscope_span digits, const uint8_t *digest, size_t digest_len)
{
    const struct tscope_ring_index *index = &collection->keyring->by_modulus;

    while (digits.len > 1 && digits.data[0] == '0' && digits.data[1] == '0') {
        digits.data += 2;
        digits.len -= 2;
    }
    if (digits.len < MODULUS_DIGITS_MIN)
        return;
    for (uint32_t i = tscope_ring_find_modulus(collection->keyring, digits); i < index->len; i++) {
        const tscope_key *key = &collection->keyring->keys[index->numbers[i]];

        if (!tscope_ring_modulus_starts(key, digits))
            break;
        if (!is_in_by_kid(collection, key) && !has_digest(collection, key, digest, digest_len))
            collect(collection, key);
    }
}

static void
collect_hex(struct collection *collection, struct tscope_span text)
{
    uint8_t *digits = tscope_alloc(text.len);
    struct tscope_span hex = digits ? read_hex(text, digits, text.len) : (struct tscope_span){NULL, 0};
    uint8_t digest[32];
    size_t digest_len = 0;

    if (hex.data && (hex.len == 40 || hex.len == 64) && tscope_text_from_hex(hex, digest, hex.len / 2))
        digest_len = hex.len / 2;
    collect_digest(collection, digest, digest_len);
    if (hex.data)
        collect_modulus(collection, hex, digest, digest_len);
    tscope_free(digits);
}

static void
collect_base64url(struct collection *collection, struct tscope_span text)
{
    uint8_t digest[40];
    size_t len;

    if ((text.len == 27 || text.len == 43) && tscope_base64url_decode(text.data, text.len, digest, &len))
        collect_digest(collection, digest, len);
}

/* A modulus as a JWK has it: "n". */
static void
collect_member(struct collection *collection, struct tscope_span text)
{
    uint8_t *bytes = text.len >= MEMBER_MIN ? tscope_alloc(tscope_base64url_bound(text.len)) : NULL;
    char *digits = NULL;
    size_t len = 0;

    if (bytes && tscope_base64url_decode(text.data, text.len, bytes, &len))
        digits = tscope_alloc(2 * len + 1);
    if (digits) {
        tscope_text_to_hex(bytes, len, digits);
        collect_modulus(collection, tscope_span_of(digits, 2 * len), NULL, 0);
    }
    tscope_free(digits);
    tscope_free(bytes);
}

size_t
tscope_keyring_find(const tscope_keyring *keyring, const char *text, const tscope_key **keys, size_t keys_max)
{
    struct tscope_span sought = tscope_span_text(text);
    struct collection collection = {.keyring = keyring, .sought = sought, .keys = keys, .max = keys ? keys_max : 0};
    const tscope_key *key;
    uint32_t cursor = 0;

    if (!keyring->frozen || !text)
        return 0;
    while ((key = tscope_keyring_next_by_kid(keyring, sought, &cursor)))
        collect(&collection, key);
    collect_hex(&collection, sought);
    collect_base64url(&collection, sought);
    collect_member(&collection, sought);
    return collection.len;
}
