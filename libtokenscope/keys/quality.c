/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/quality.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/error.h"
#include "keys/history_packed.h"
#include "keys/ring.h"

/* Private parts that are proven to belong to their public ones: each costs a private operation. */
#define PRIVATE_PROVEN_MAX 64
/* Keys that go through the whole gate; of the others the cheap part is asked. */
#define GATED_MAX 2048

enum tscope_status
tscope_key_faults_add(struct tscope_key_faults *faults, enum tscope_key_fault_kind kind, enum tscope_key_fault_weight weight, uint32_t key,
                      const char *format, ...)
{
    size_t of_kind = faults->counts[kind][0] + faults->counts[kind][1] + faults->counts[kind][2];
    struct tscope_span detail;
    char text[400];
    va_list arguments;

    faults->counts[kind][weight]++;
    if (of_kind >= TSCOPE_FAULTS_KEPT)
        return TSCOPE_OK;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    detail = tscope_arena_copy(&faults->arena, tscope_span_text(text));
    if (!detail.data)
        return TSCOPE_ERR_NO_MEMORY;
    faults->faults[faults->faults_len++] = (struct tscope_key_fault){kind, weight, key, (const char *)detail.data, NULL};
    return TSCOPE_OK;
}

/* Equal keys stand beside each other in the index, in order of their numbers. A key without a thumbprint equals none. */
static bool
mark_first(struct tscope_key_faults *faults)
{
    const tscope_keyring *keyring = faults->keyring;
    const struct tscope_ring_index *index = &keyring->by_thumbprint;
    const tscope_key *last = NULL;

    faults->is_first = tscope_arena_zeroed(&faults->arena, keyring->keys_len + 1, sizeof(*faults->is_first));
    if (!faults->is_first)
        return false;
    for (uint32_t i = 0; i < keyring->keys_len; i++)
        faults->is_first[i] = !keyring->keys[i].history && !keyring->marks[i].has_thumbprint;
    for (uint32_t i = 0; i < index->len; i++) {
        const tscope_key *key = &keyring->keys[index->numbers[i]];

        if (key->history)
            continue;
        faults->is_first[index->numbers[i]] = !last || memcmp(last->thumbprint, key->thumbprint, sizeof(key->thumbprint)) != 0;
        last = key;
    }
    return true;
}

/* RFC 7517 section 9.2: what is published is no longer private. Metadata beside a set says that it is published. */
static enum tscope_status
find_secrets(struct tscope_key_faults *faults, uint32_t number, bool has_public)
{
    const tscope_key *key = &faults->keyring->keys[number];
    bool is_published = faults->is_published || key->set_issuer.data;
    enum tscope_key_fault_weight weight = is_published ? TSCOPE_FAULT_FULL : TSCOPE_FAULT_NOTE;

    if (key->numbers.type == TSCOPE_KEY_OCT)
        return tscope_key_faults_add(faults, TSCOPE_FAULT_SYM, weight, number, "a secret of %zu bits stands in a %sset%s",
                                     tscope_key_bits(key), is_published ? "published " : "", has_public ? ", among public keys" : "");
    if (key->has_private)
        return tscope_key_faults_add(faults, TSCOPE_FAULT_PRIVATE, weight, number, "the private part stands in the %s",
                                     is_published ? "published set" : "file");
    return TSCOPE_OK;
}

/* What a history records was published. */
static enum tscope_status
find_in_history(struct tscope_key_faults *faults, uint32_t number)
{
    if (!faults->keyring->keys[number].has_private)
        return TSCOPE_OK;
    return tscope_key_faults_add(faults, TSCOPE_FAULT_PRIVATE, TSCOPE_FAULT_FULL, number,
                                 "the private part stands in a history of published keys");
}

/* Asked of the history that is built in, whether the ring holds it or not. */
static enum tscope_status
find_sample(struct tscope_key_faults *faults, uint32_t number)
{
    const tscope_key *key = &faults->keyring->keys[number];
    bool is_published = faults->is_published || key->set_issuer.data; /* a file may well hold the examples of a standard */
    struct tscope_span reference = {NULL, 0};

    if (faults->keyring->marks[number].has_thumbprint)
        reference = tscope_history_sample_reference(&tscope_history_embedded, key->thumbprint);
    if (!reference.data)
        return TSCOPE_OK;
    return tscope_key_faults_add(faults, TSCOPE_FAULT_SAMPLE, is_published ? TSCOPE_FAULT_FULL : TSCOPE_FAULT_LESS, number,
                                 "the private half is published: %.*s", (int)reference.len, (const char *)reference.data);
}

static enum tscope_status
find_form(struct tscope_key_faults *faults, uint32_t number)
{
    unsigned form = faults->keyring->keys[number].form;

    if (!form)
        return TSCOPE_OK;
    return tscope_key_faults_add(faults, TSCOPE_FAULT_B64, TSCOPE_FAULT_FULL, number, "a number of the key%s%s%s%s",
                                 form & TSCOPE_KEY_FORM_ENCODING ? " is no base64url" : "",
                                 form & TSCOPE_KEY_FORM_PADDED ? " has padding" : "",
                                 form & TSCOPE_KEY_FORM_ZEROS ? " begins with zeros that it need not have" : "",
                                 form & TSCOPE_KEY_FORM_WIDTH ? " has not the width of its curve" : "");
}

bool
tscope_key_flaw_is_of_point(enum tscope_key_flaw flaw)
{
    return flaw == TSCOPE_KEY_FLAW_EC_POINT || flaw == TSCOPE_KEY_FLAW_EC_WIDTH || flaw == TSCOPE_KEY_FLAW_OKP_POINT ||
           flaw == TSCOPE_KEY_FLAW_OKP_LENGTH;
}

/* The gate's word, without keeping the keys that it makes: a ring of a million would fill the memory. */
static enum tscope_status
ask_gate(const struct tscope_key_faults *faults, const tscope_key *key, size_t *gated, enum tscope_key_flaw *ret_flaw,
         struct tscope_error *err)
{
    tscope_pkey *pkey = NULL;
    enum tscope_status status;

    *ret_flaw = key->flaw;
    if (key->flaw != TSCOPE_KEY_FLAW_NONE || key->numbers.type == TSCOPE_KEY_OCT || *gated >= GATED_MAX)
        return TSCOPE_OK;
    (*gated)++;
    status = tscope_pkey_new(faults->keyring->crypto, &key->numbers, &pkey, ret_flaw, err);
    tscope_pkey_free(pkey);
    if (status == TSCOPE_OK && pkey)
        *ret_flaw = TSCOPE_KEY_FLAW_NONE;
    return status;
}

static enum tscope_status
ask_private_gate(const struct tscope_key_faults *faults, const tscope_key *key, size_t *proven, enum tscope_key_flaw *ret_flaw,
                 struct tscope_error *err)
{
    struct tscope_private_numbers numbers;
    tscope_private *private = NULL;
    enum tscope_key_flaw flaw = TSCOPE_KEY_FLAW_NONE;
    enum tscope_status status;

    if (*ret_flaw != TSCOPE_KEY_FLAW_NONE || !key->secret || *proven >= PRIVATE_PROVEN_MAX)
        return TSCOPE_OK;
    (*proven)++;
    numbers = tscope_key_secret_join(&key->numbers, key->secret);
    status = tscope_private_new(faults->keyring->crypto, &numbers, &private, &flaw, err);
    if (status == TSCOPE_OK && !private && flaw == TSCOPE_KEY_FLAW_PRIVATE)
        *ret_flaw = flaw;
    tscope_private_free(private);
    return status;
}

static enum tscope_status
find_unusable(struct tscope_key_faults *faults, struct tscope_error *err)
{
    const tscope_keyring *keyring = faults->keyring;
    size_t gated = 0, proven = 0;

    for (uint32_t i = 0; i < keyring->keys_len; i++) {
        const tscope_key *key = &keyring->keys[i];
        enum tscope_key_flaw flaw = TSCOPE_KEY_FLAW_NONE;
        enum tscope_status status = TSCOPE_OK;

        if (key->history)
            continue;
        status = ask_gate(faults, key, &gated, &flaw, err);
        if (status == TSCOPE_OK)
            status = ask_private_gate(faults, key, &proven, &flaw, err);
        if (status == TSCOPE_OK && tscope_key_flaw_is_of_point(flaw))
            status = tscope_key_faults_add(faults, TSCOPE_FAULT_EC_POINT, TSCOPE_FAULT_FULL, i, "%s", tscope_key_flaw_text(flaw));
        if (status == TSCOPE_OK && flaw != TSCOPE_KEY_FLAW_NONE)
            status = tscope_key_faults_add(faults, TSCOPE_FAULT_UNUSABLE, TSCOPE_FAULT_FULL, i, "%s", tscope_key_flaw_text(flaw));
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

/* The keys of one input stand beside each other. */
static bool
set_has_public(const tscope_keyring *keyring, uint32_t first, uint32_t end)
{
    for (uint32_t i = first; i < end; i++) {
        enum tscope_key_type type = keyring->keys[i].numbers.type;

        if (type != TSCOPE_KEY_OCT && type != TSCOPE_KEY_UNKNOWN && !keyring->keys[i].has_private)
            return true;
    }
    return false;
}

static enum tscope_status
find_in_keys(struct tscope_key_faults *faults)
{
    const tscope_keyring *keyring = faults->keyring;
    uint32_t end = 0;
    bool has_public = false;

    for (uint32_t i = 0; i < keyring->keys_len; i++) {
        enum tscope_status status;

        if (i >= end) {
            for (end = i + 1; end < keyring->keys_len && keyring->keys[end].source.data == keyring->keys[i].source.data;)
                end++;
            has_public = set_has_public(keyring, i, end);
        }
        if (keyring->keys[i].history) {
            status = find_in_history(faults, i);
        } else {
            status = find_secrets(faults, i, has_public);
            if (status == TSCOPE_OK)
                status = find_sample(faults, i);
            if (status == TSCOPE_OK)
                status = find_form(faults, i);
        }
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

static int
compare_faults(const void *a, const void *b)
{
    const struct tscope_key_fault *left = a, *right = b;

    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return (left->key > right->key) - (left->key < right->key);
}

enum tscope_status
tscope_key_faults_find(struct tscope_key_faults *faults, struct tscope_error *err)
{
    enum tscope_status status;

    faults->faults = tscope_arena_zeroed(&faults->arena, TSCOPE_FAULT_COUNT * TSCOPE_FAULTS_KEPT, sizeof(*faults->faults));
    if (!faults->faults || !mark_first(faults))
        return tscope_error_no_memory(err);
    status = find_in_keys(faults);
    if (status == TSCOPE_OK)
        status = tscope_key_faults_find_in_metadata(faults);
    if (status == TSCOPE_OK)
        status = tscope_key_faults_find_in_sets(faults);
    if (status == TSCOPE_OK)
        status = tscope_key_faults_find_in_numbers(faults, err);
    if (status == TSCOPE_OK)
        status = find_unusable(faults, err);
    if (status == TSCOPE_ERR_NO_MEMORY)
        return tscope_error_no_memory(err);
    qsort(faults->faults, faults->faults_len, sizeof(*faults->faults), compare_faults);
    return status;
}

void
tscope_key_faults_clear(struct tscope_key_faults *faults)
{
    tscope_arena_clear(&faults->arena);
    faults->faults = NULL;
    faults->faults_len = 0;
}
