/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/error.h"
#include "keys/ring.h"

static int
compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int
compare_by_kid(const void *a, const void *b, void *context)
{
    const tscope_keyring *keyring = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int order = tscope_span_compare(keyring->keys[left].kid, keyring->keys[right].kid);

    return order ? order : compare_numbers(left, right);
}

static int
compare_by_x5t(const void *a, const void *b, void *context)
{
    const tscope_keyring *keyring = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int order = memcmp(keyring->marks[left].x5t, keyring->marks[right].x5t, sizeof(keyring->marks[left].x5t));

    return order ? order : compare_numbers(left, right);
}

static int
compare_by_thumbprint(const void *a, const void *b, void *context)
{
    const tscope_keyring *keyring = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    const tscope_key *a_key = &keyring->keys[left], *b_key = &keyring->keys[right];
    int order = memcmp(a_key->thumbprint, b_key->thumbprint, sizeof(a_key->thumbprint));

    if (!order) /* what histories hold first */
        order = !a_key->history - !b_key->history;
    return order ? order : compare_numbers(left, right);
}

/* The modulus as a number: without zeros in front. */
static struct tscope_span
modulus_of(const tscope_key *key)
{
    struct tscope_span modulus = key->numbers.n;

    while (modulus.len > 0 && modulus.data[0] == 0) {
        modulus.data++;
        modulus.len--;
    }
    return modulus;
}

/* By their leading bytes, as they are looked for, whatever their lengths. */
static int
compare_by_modulus(const void *a, const void *b, void *context)
{
    const tscope_keyring *keyring = context;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    struct tscope_span left_n = modulus_of(&keyring->keys[left]), right_n = modulus_of(&keyring->keys[right]);
    size_t len = left_n.len < right_n.len ? left_n.len : right_n.len;
    int order = len ? memcmp(left_n.data, right_n.data, len) : 0;

    if (!order)
        order = (left_n.len > right_n.len) - (left_n.len < right_n.len);
    return order ? order : compare_numbers(left, right);
}

static bool
has_modulus(const tscope_keyring *keyring, uint32_t number)
{
    return keyring->keys[number].numbers.type == TSCOPE_KEY_RSA && keyring->keys[number].numbers.n.data;
}

static bool
has_kid(const tscope_keyring *keyring, uint32_t number)
{
    return keyring->keys[number].kid.data != NULL;
}

static bool
has_x5t(const tscope_keyring *keyring, uint32_t number)
{
    return keyring->marks[number].has_x5t;
}

static bool
has_thumbprint(const tscope_keyring *keyring, uint32_t number)
{
    return keyring->marks[number].has_thumbprint;
}

static bool
build(tscope_keyring *keyring, struct tscope_ring_index *index, bool (*has)(const tscope_keyring *, uint32_t),
      int (*compare)(const void *, const void *, void *))
{
    if (!index->numbers)
        index->numbers = tscope_alloc(keyring->keys_len * sizeof(*index->numbers));
    if (!index->numbers)
        return false;
    index->len = 0;
    for (uint32_t i = 0; i < keyring->keys_len; i++) {
        if (has(keyring, i))
            index->numbers[index->len++] = i;
    }
    qsort_r(index->numbers, index->len, sizeof(*index->numbers), compare, keyring);
    return true;
}

/* ---- the table over an index */

#define PROBES_MAX 8

/* What a key is found by in an index. */
typedef struct tscope_span text_of(const tscope_keyring *keyring, uint32_t number);

static struct tscope_span
kid_of(const tscope_keyring *keyring, uint32_t number)
{
    return keyring->keys[number].kid;
}

static struct tscope_span
x5t_of(const tscope_keyring *keyring, uint32_t number)
{
    return tscope_span_of(keyring->marks[number].x5t, sizeof(keyring->marks[number].x5t));
}

static struct tscope_span
thumbprint_of(const tscope_keyring *keyring, uint32_t number)
{
    return tscope_span_of(keyring->keys[number].thumbprint, sizeof(keyring->keys[number].thumbprint));
}

/* A place near where it belongs; what finds none is left to the search. */
static void
put(struct tscope_ring_index *index, struct tscope_span text, uint32_t at)
{
    uint32_t hash = tscope_hash32(text.data, text.len), mask = index->slots_len - 1;

    for (uint32_t i = 0; i < PROBES_MAX; i++) {
        struct tscope_ring_slot *slot = &index->slots[(hash + i) & mask];

        if (slot->at == 0) {
            *slot = (struct tscope_ring_slot){hash, at + 1};
            return;
        }
    }
    index->has_rest = true;
}

static bool
spread(const tscope_keyring *keyring, struct tscope_ring_index *index, text_of *text)
{
    struct tscope_span before = {NULL, 0};
    uint32_t len = 16;

    while (len / 2 < index->len)
        len *= 2;
    tscope_free(index->slots);
    index->slots = tscope_alloc_zeroed(len, sizeof(*index->slots));
    if (!index->slots)
        return false;
    index->slots_len = len;
    index->has_rest = false;
    for (uint32_t i = 0; i < index->len; i++) {
        struct tscope_span now = text(keyring, index->numbers[i]);

        if (!before.data || !tscope_span_equal(before, now))
            put(index, now, i);
        before = now;
    }
    return true;
}

void
tscope_ring_index_clear(struct tscope_ring_index *index)
{
    tscope_free(index->numbers);
    tscope_free(index->slots);
    *index = (struct tscope_ring_index){0};
}

/* Keys of one thumbprint stand beside each other in the index: each leads to the next, the last to the first. */
static void
link_same(tscope_keyring *keyring)
{
    const struct tscope_ring_index *index = &keyring->by_thumbprint;
    uint32_t first = 0;

    for (uint32_t i = 0; i < index->len; i++) {
        tscope_key *key = &keyring->keys[index->numbers[i]];
        bool is_last =
            i + 1 == index->len || memcmp(key->thumbprint, keyring->keys[index->numbers[i + 1]].thumbprint, sizeof(key->thumbprint)) != 0;

        key->next_same = index->numbers[is_last ? first : i + 1];
        key->first_same = index->numbers[first];
        if (is_last)
            first = i + 1;
    }
}

/* Keys of one kid stand beside each other in the index. */
static void
mark_shared_kids(tscope_keyring *keyring)
{
    const struct tscope_ring_index *index = &keyring->by_kid;

    for (uint32_t i = 0; i < index->len; i++)
        keyring->marks[index->numbers[i]].shares_kid = false;
    for (uint32_t i = 1; i < index->len; i++) {
        uint32_t before = index->numbers[i - 1], now = index->numbers[i];

        if (tscope_span_equal(keyring->keys[before].kid, keyring->keys[now].kid))
            keyring->marks[before].shares_kid = keyring->marks[now].shares_kid = true;
    }
}

enum tscope_status
tscope_ring_index(tscope_keyring *keyring, struct tscope_error *err)
{
    if (!build(keyring, &keyring->by_kid, has_kid, compare_by_kid) || !build(keyring, &keyring->by_x5t, has_x5t, compare_by_x5t) ||
        !build(keyring, &keyring->by_thumbprint, has_thumbprint, compare_by_thumbprint) ||
        !build(keyring, &keyring->by_modulus, has_modulus, compare_by_modulus))
        return tscope_error_no_memory(err);
    if (!spread(keyring, &keyring->by_kid, kid_of) || !spread(keyring, &keyring->by_x5t, x5t_of) ||
        !spread(keyring, &keyring->by_thumbprint, thumbprint_of))
        return tscope_error_no_memory(err);
    link_same(keyring);
    mark_shared_kids(keyring);
    return TSCOPE_OK;
}

/* What a search compares with: how the sought text stands to the one of a key. */
typedef int compare_sought(const tscope_keyring *keyring, uint32_t number, struct tscope_span sought);

static int
seek_kid(const tscope_keyring *keyring, uint32_t number, struct tscope_span sought)
{
    return tscope_span_compare(keyring->keys[number].kid, sought);
}

static int
seek_x5t(const tscope_keyring *keyring, uint32_t number, struct tscope_span sought)
{
    return memcmp(keyring->marks[number].x5t, sought.data, sought.len);
}

static int
seek_thumbprint(const tscope_keyring *keyring, uint32_t number, struct tscope_span sought)
{
    return memcmp(keyring->keys[number].thumbprint, sought.data, sought.len);
}

static uint32_t
lower_bound(const tscope_keyring *keyring, const struct tscope_ring_index *index, compare_sought *compare, struct tscope_span sought)
{
    uint32_t low = 0, high = index->len;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (compare(keyring, index->numbers[middle], sought) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Where keys of this text begin in the index; len when there are none. */
static uint32_t
find_first(const tscope_keyring *keyring, const struct tscope_ring_index *index, compare_sought *compare, struct tscope_span sought)
{
    uint32_t hash = tscope_hash32(sought.data, sought.len), mask = index->slots_len - 1;

    for (uint32_t i = 0; i < PROBES_MAX && index->slots; i++) {
        const struct tscope_ring_slot *slot = &index->slots[(hash + i) & mask];

        if (slot->at == 0)
            return index->len;
        if (slot->hash == hash && compare(keyring, index->numbers[slot->at - 1], sought) == 0)
            return slot->at - 1;
    }
    return index->has_rest ? lower_bound(keyring, index, compare, sought) : index->len;
}

/* The cursor is the place in the index behind the key returned last; 0 before the first. */
static const tscope_key *
next(const tscope_keyring *keyring, const struct tscope_ring_index *index, compare_sought *compare, struct tscope_span sought,
     uint32_t *cursor)
{
    uint32_t at = *cursor;

    if (!sought.data)
        return NULL;
    if (at == 0)
        at = find_first(keyring, index, compare, sought);
    if (at >= index->len || compare(keyring, index->numbers[at], sought) != 0)
        return NULL;
    *cursor = at + 1;
    return &keyring->keys[index->numbers[at]];
}

bool
tscope_keyring_shares_kid(const tscope_keyring *keyring, const tscope_key *key)
{
    return keyring->marks[tscope_keyring_number(keyring, key)].shares_kid;
}

const tscope_key *
tscope_keyring_next_by_kid(const tscope_keyring *keyring, struct tscope_span kid, uint32_t *cursor)
{
    return next(keyring, &keyring->by_kid, seek_kid, kid, cursor);
}

const tscope_key *
tscope_keyring_next_by_x5t(const tscope_keyring *keyring, const uint8_t sha1[20], uint32_t *cursor)
{
    return next(keyring, &keyring->by_x5t, seek_x5t, tscope_span_of(sha1, 20), cursor);
}

const tscope_key *
tscope_keyring_next_by_thumbprint(const tscope_keyring *keyring, const uint8_t thumbprint[32], uint32_t *cursor)
{
    return next(keyring, &keyring->by_thumbprint, seek_thumbprint, tscope_span_of(thumbprint, 32), cursor);
}

/* ---- by the begin of the modulus */

static uint8_t
hex_value(uint8_t digit)
{
    return (uint8_t)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
}

/* How the modulus stands to the digits: 0 when it begins with them. */
static int
compare_digits(const tscope_key *key, struct tscope_span digits)
{
    struct tscope_span modulus = modulus_of(key);

    for (size_t i = 0; i < digits.len; i++) {
        uint8_t byte, digit;

        if (i / 2 >= modulus.len)
            return -1;
        byte = modulus.data[i / 2];
        digit = i % 2 ? byte & 15 : byte >> 4;
        if (digit != hex_value(digits.data[i]))
            return digit < hex_value(digits.data[i]) ? -1 : 1;
    }
    return 0;
}

bool
tscope_ring_modulus_starts(const tscope_key *key, struct tscope_span digits)
{
    return compare_digits(key, digits) == 0;
}

static int
seek_modulus(const tscope_keyring *keyring, uint32_t number, struct tscope_span sought)
{
    return compare_digits(&keyring->keys[number], sought);
}

uint32_t
tscope_ring_find_modulus(const tscope_keyring *keyring, struct tscope_span digits)
{
    return lower_bound(keyring, &keyring->by_modulus, seek_modulus, digits);
}
