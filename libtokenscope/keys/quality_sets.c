/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "keys/quality.h"
#include "keys/ring.h"

#define PLAIN_KID_MAX 4 /* letters: "1", "prod", "key1" */

static bool
is_same_text(struct tscope_span a, struct tscope_span b)
{
    return (a.data != NULL) == (b.data != NULL) && tscope_span_equal(a, b);
}

static bool
is_same_set(const tscope_key *a, const tscope_key *b)
{
    return a->source.data == b->source.data;
}

static bool
is_same_material(const tscope_key *a, const tscope_key *b)
{
    return a->thumbprint_text[0] && b->thumbprint_text[0] && memcmp(a->thumbprint, b->thumbprint, sizeof(a->thumbprint)) == 0;
}

/* "kid" SHOULD be distinct in a set, but keys of different types that are alternatives may share one (RFC 7517 section 4.5). */
static enum tscope_status
find_duplicates(struct tscope_key_faults *faults, const uint32_t *numbers, uint32_t len)
{
    const tscope_key *keys = faults->keyring->keys;

    for (uint32_t i = 0, end; i < len; i = end) {
        bool same_type = false;
        enum tscope_status status = TSCOPE_OK;

        for (end = i + 1; end < len && is_same_set(&keys[numbers[i]], &keys[numbers[end]]); end++)
            same_type |= keys[numbers[i]].numbers.type == keys[numbers[end]].numbers.type;
        if (end - i > 1)
            status = tscope_key_faults_add(faults, TSCOPE_FAULT_KID_DUP, same_type ? TSCOPE_FAULT_FULL : TSCOPE_FAULT_NOTE, numbers[i],
                                           "%u keys of the set have the kid %s%s%s", end - i, "'",
                                           tscope_ring_name(keys[numbers[i]].kid).text, "'");
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

bool
tscope_key_kid_is_plain(struct tscope_span kid)
{
    size_t digits = 0;

    while (digits < kid.len && kid.data[digits] >= '0' && kid.data[digits] <= '9')
        digits++;
    return kid.len <= PLAIN_KID_MAX || digits == kid.len;
}

/* The same kid with new material. Sets of different issuers may well agree on a kid such as "1". */
static enum tscope_status
find_reuse(struct tscope_key_faults *faults, const uint32_t *numbers, uint32_t len)
{
    const tscope_key *keys = faults->keyring->keys, *first = &keys[numbers[0]];

    for (uint32_t i = 1; i < len; i++) {
        const tscope_key *key = &keys[numbers[i]];
        bool is_known = first->set_issuer.data && key->set_issuer.data;

        if (is_same_set(first, key) || is_same_material(first, key) || !first->thumbprint_text[0] || !key->thumbprint_text[0])
            continue;
        if (is_known && !tscope_span_equal(first->set_issuer, key->set_issuer))
            continue;
        return tscope_key_faults_add(faults, TSCOPE_FAULT_KID_REUSE,
                                     is_known && !tscope_key_kid_is_plain(key->kid) ? TSCOPE_FAULT_FULL : TSCOPE_FAULT_LESS, numbers[i],
                                     "the kid '%s' stood for another key in %s%s", tscope_ring_name(key->kid).text,
                                     tscope_ring_name(first->source).text, is_known ? "" : "; nobody says whose sets they are");
    }
    return TSCOPE_OK;
}

/* Runs of one kid in the index, without the keys of histories. */
static enum tscope_status
find_by_kid(struct tscope_key_faults *faults, uint32_t *numbers)
{
    const tscope_keyring *keyring = faults->keyring;
    const struct tscope_ring_index *index = &keyring->by_kid;

    for (uint32_t i = 0, end; i < index->len; i = end) {
        enum tscope_status status = TSCOPE_OK;
        uint32_t len = 0;

        for (end = i; end < index->len && tscope_span_equal(keyring->keys[index->numbers[i]].kid, keyring->keys[index->numbers[end]].kid);
             end++) {
            if (!keyring->keys[index->numbers[end]].history)
                numbers[len++] = index->numbers[end];
        }
        if (len > 1)
            status = find_duplicates(faults, numbers, len);
        if (len > 1 && status == TSCOPE_OK)
            status = find_reuse(faults, numbers, len);
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

/* One material under two names, or for two purposes. Sets that are copies of each other agree in all of it. */
static enum tscope_status
find_material(struct tscope_key_faults *faults, uint32_t number)
{
    const tscope_key *keys = faults->keyring->keys, *first = &keys[number];

    for (uint32_t i = first->next_same; i > number; i = keys[i].next_same) {
        const tscope_key *key = &keys[i];
        const char *what = NULL;

        if (key->history)
            continue;
        if (first->kid.data && key->kid.data && !is_same_text(first->kid, key->kid))
            what = "kid";
        else if (first->use.data && key->use.data && !is_same_text(first->use, key->use))
            what = "use";
        if (what)
            return tscope_key_faults_add(faults, TSCOPE_FAULT_MAT_REUSE, TSCOPE_FAULT_FULL, i, "the same key stands under another %s in %s",
                                         what, is_same_set(first, key) ? "this set" : tscope_ring_name(first->source).text);
        if (first->set_issuer.data && key->set_issuer.data && !tscope_span_equal(first->set_issuer, key->set_issuer))
            return tscope_key_faults_add(faults, TSCOPE_FAULT_MAT_REUSE, TSCOPE_FAULT_NOTE, i, "the same key stands in the set of %s",
                                         tscope_ring_name(first->set_issuer).text);
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_key_faults_find_in_sets(struct tscope_key_faults *faults)
{
    const tscope_keyring *keyring = faults->keyring;
    uint32_t *numbers = tscope_alloc(keyring->by_kid.len * sizeof(*numbers));
    enum tscope_status status = numbers ? find_by_kid(faults, numbers) : TSCOPE_ERR_NO_MEMORY;

    tscope_free(numbers);
    for (uint32_t i = 0; i < keyring->keys_len && status == TSCOPE_OK; i++) {
        if (faults->is_first[i])
            status = find_material(faults, i);
    }
    return status;
}
