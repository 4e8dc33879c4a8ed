/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/prime_keys.h"

#include "core/base64url.h"
#include "core/buffer.h"

#define PATTERNS 5 /* ways in which a modulus is written */

static struct tscope_span
strip(struct tscope_span number)
{
    while (number.len && number.data[0] == 0)
        number = tscope_span_of(number.data + 1, number.len - 1);
    return number;
}

static void
add_key(struct tscope_prime_keys *keys, const tscope_key *key)
{
    struct tscope_prime_key sought = {.n = strip(key->numbers.n), .e = strip(key->numbers.e)};

    if (key->numbers.type != TSCOPE_KEY_RSA || tscope_key_numbers_check(&key->numbers) != TSCOPE_KEY_FLAW_NONE)
        return;
    sought.words = tscope_divisor_words(sought.n);
    for (size_t i = 0; sought.words && i < keys->len; i++) {
        if (tscope_span_equal(keys->list[i].n, sought.n))
            return;
    }
    if (!sought.words)
        return;
    sought.has_exponent = tscope_exponent_prepare(sought.n, sought.e, &sought.exponent);
    keys->list[keys->len++] = sought;
}

static void
weigh_bytes(enum tscope_prime_order order, size_t len, struct tscope_prime_weights *weights)
{
    weights->len = len;
    for (size_t at = 0; at < len; at++)
        weights->of[at] = tscope_prime_weight(tscope_prime_byte_power(order, at, len));
}

static bool
add_group(struct tscope_prime_keys *keys, size_t words)
{
    struct tscope_prime_group *group = &keys->groups[keys->groups_len];
    struct tscope_span *moduli = tscope_alloc_zeroed(keys->len, sizeof(*moduli));
    size_t len = 0;

    group->words = words;
    for (unsigned order = 0; order < TSCOPE_PRIME_ORDERS; order++)
        weigh_bytes((enum tscope_prime_order)order, 8 * words, &group->weights[order]);
    group->numbers = tscope_arena_zeroed(&keys->arena, keys->len, sizeof(*group->numbers));
    for (size_t i = 0; moduli && group->numbers && i < keys->len; i++) {
        if (keys->list[i].words != words)
            continue;
        group->numbers[len] = (uint32_t)i;
        moduli[len++] = keys->list[i].n;
    }
    if (len)
        group->divisor = tscope_divisor_new(moduli, len);
    tscope_free(moduli);
    keys->groups_len += group->divisor != NULL;
    return group->divisor != NULL;
}

static bool
add_groups(struct tscope_prime_keys *keys)
{
    keys->groups = tscope_arena_zeroed(&keys->arena, keys->len + 1, sizeof(*keys->groups));
    for (size_t i = 0; keys->groups && i < keys->len; i++) {
        bool is_new = true;

        for (size_t j = 0; j < keys->groups_len; j++)
            is_new &= keys->groups[j].words != keys->list[i].words;
        if (is_new && !add_group(keys, keys->list[i].words))
            return false;
    }
    return keys->groups != NULL;
}

static void
add_pattern(struct tscope_prime_keys *keys, struct tscope_span bytes, const char *layout, enum tscope_find_encoding encoding, size_t key)
{
    keys->patterns.list[keys->patterns.len++] = (struct tscope_prime_pattern){bytes, layout, encoding, (uint32_t)key};
    if (bytes.len > keys->pattern_len_max)
        keys->pattern_len_max = bytes.len;
}

/* The bytes of n in another order: by runs of so many bytes from the end, each turned round or not. */
static struct tscope_span
reorder(struct tscope_arena *arena, struct tscope_span n, size_t run)
{
    uint8_t *bytes = tscope_arena_alloc(arena, n.len);

    for (size_t i = 0; bytes && i < n.len; i++)
        bytes[i] = run == n.len ? n.data[n.len - 1 - i] : n.data[i - i % run + run - 1 - i % run];
    return tscope_span_of(bytes, bytes ? n.len : 0);
}

/* UTF-16 of either order, from the first letter to the last. */
static struct tscope_span
widen(struct tscope_arena *arena, struct tscope_span text)
{
    uint8_t *bytes = tscope_arena_zeroed(arena, text.len, 2);

    for (size_t i = 0; bytes && i < text.len; i++)
        bytes[2 * i] = text.data[i];
    return tscope_span_of(bytes, bytes && text.len ? 2 * text.len - 1 : 0);
}

static bool
add_patterns(struct tscope_prime_keys *keys, size_t number)
{
    struct tscope_span n = keys->list[number].n, text;
    struct tscope_buffer buffer = {.arena = &keys->arena};
    size_t first = keys->patterns.len;

    tscope_base64url_encode(&buffer, n.data, n.len);
    text = tscope_span_of(buffer.data, buffer.failed ? 0 : buffer.len);
    add_pattern(keys, n, "be", TSCOPE_FIND_ENCODING_ASCII, number);
    add_pattern(keys, reorder(&keys->arena, n, n.len), "le", TSCOPE_FIND_ENCODING_ASCII, number);
    add_pattern(keys, reorder(&keys->arena, n, 4), "be-of-le32", TSCOPE_FIND_ENCODING_ASCII, number);
    add_pattern(keys, text, "base64url", TSCOPE_FIND_ENCODING_ASCII, number);
    add_pattern(keys, widen(&keys->arena, text), "base64url", TSCOPE_FIND_ENCODING_UTF16LE, number);
    for (size_t i = first; i < keys->patterns.len; i++) {
        if (!keys->patterns.list[i].bytes.len)
            return false;
    }
    return true;
}

bool
tscope_prime_keys_prepare(struct tscope_prime_keys *keys, const tscope_keyring *private_of)
{
    size_t count = tscope_keyring_count(private_of);

    keys->list = tscope_arena_zeroed(&keys->arena, count + 1, sizeof(*keys->list));
    for (size_t i = 0; keys->list && i < count; i++)
        add_key(keys, tscope_keyring_key(private_of, i));
    if (!keys->list || !add_groups(keys))
        return false;
    keys->patterns.list = tscope_arena_zeroed(&keys->arena, keys->len * PATTERNS + 1, sizeof(*keys->patterns.list));
    for (size_t i = 0; keys->patterns.list && i < keys->len; i++) {
        if (!add_patterns(keys, i))
            return false;
    }
    return keys->patterns.list && tscope_prime_patterns_index(&keys->patterns, &keys->arena);
}

void
tscope_prime_keys_clear(struct tscope_prime_keys *keys)
{
    for (size_t i = 0; i < keys->groups_len; i++)
        tscope_divisor_free(keys->groups[i].divisor);
    tscope_arena_clear(&keys->arena);
}
