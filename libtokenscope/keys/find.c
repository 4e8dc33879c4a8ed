/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/base64url.h"
#include "core/text.h"
#include "keys/ring.h"

#define MODULUS_DIGITS_MIN 16

/* Collects keys once each: a kid is often its x5t too. */
struct collection {
    const tscope_keyring *keyring;
    const tscope_key **keys;
    size_t max, len;
    uint8_t *seen; /* a bit a key */
};

static void
collect(struct collection *collection, const tscope_key *key)
{
    uint32_t number = tscope_keyring_number(collection->keyring, key);
    uint8_t bit = (uint8_t)(1u << (number % 8));

    if (collection->seen[number / 8] & bit)
        return;
    collection->seen[number / 8] |= bit;
    if (collection->len < collection->max)
        collection->keys[collection->len] = key;
    collection->len++;
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

static void
collect_digest(struct collection *collection, const uint8_t *digest, size_t len)
{
    const tscope_key *key;
    uint32_t cursor = 0;

    if (len == 20) {
        while ((key = tscope_keyring_next_by_x5t(collection->keyring, digest, &cursor)))
            collect(collection, key);
    }
    if (len == 32) {
        while ((key = tscope_keyring_next_by_thumbprint(collection->keyring, digest, &cursor)))
            collect(collection, key);
    }
}

static uint8_t
hex_value(uint8_t digit)
{
    return (uint8_t)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
}

static bool
modulus_starts(struct tscope_span modulus, struct tscope_span digits)
{
    while (modulus.len > 0 && modulus.data[0] == 0) {
        modulus.data++;
        modulus.len--;
    }
    if (digits.len > modulus.len * 2)
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        uint8_t byte = modulus.data[i / 2];

        if (hex_value(digits.data[i]) != (i % 2 ? byte & 15 : byte >> 4))
            return false;
    }
    return true;
}

/* openssl prints a modulus with a zero in front where its top bit is set. */
static void
collect_modulus(struct collection *collection, struct tscope_span digits)
{
    while (digits.len > 1 && digits.data[0] == '0' && digits.data[1] == '0') {
        digits.data += 2;
        digits.len -= 2;
    }
    if (digits.len < MODULUS_DIGITS_MIN)
        return;
    for (size_t i = 0; i < tscope_keyring_count(collection->keyring); i++) {
        const tscope_key *key = tscope_keyring_key(collection->keyring, i);

        if (key->numbers.type == TSCOPE_KEY_RSA && modulus_starts(key->numbers.n, digits))
            collect(collection, key);
    }
}

static void
collect_hex(struct collection *collection, struct tscope_span text)
{
    uint8_t *digits = tscope_alloc(text.len);
    struct tscope_span hex = digits ? read_hex(text, digits, text.len) : (struct tscope_span){NULL, 0};
    uint8_t digest[32];

    if (hex.data && (hex.len == 40 || hex.len == 64) && tscope_text_from_hex(hex, digest, hex.len / 2))
        collect_digest(collection, digest, hex.len / 2);
    if (hex.data)
        collect_modulus(collection, hex);
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

size_t
tscope_keyring_find(const tscope_keyring *keyring, const char *text, const tscope_key **keys, size_t keys_max)
{
    struct collection collection = {.keyring = keyring, .keys = keys, .max = keys ? keys_max : 0};
    struct tscope_span sought = tscope_span_text(text);
    const tscope_key *key;
    uint32_t cursor = 0;

    if (!keyring->frozen || !text)
        return 0;
    collection.seen = tscope_alloc_zeroed(keyring->keys_len / 8 + 1, 1);
    if (!collection.seen)
        return 0;
    while ((key = tscope_keyring_next_by_kid(keyring, sought, &cursor)))
        collect(&collection, key);
    collect_hex(&collection, sought);
    collect_base64url(&collection, sought);
    tscope_free(collection.seen);
    return collection.len;
}
