/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/ring.h"

#include <stdio.h>

#include "core/alloc.h"
#include "core/base64url.h"
#include "core/error.h"
#include "core/text.h"
#include "keys/jwk.h"

struct tscope_ring_name
tscope_ring_name(struct tscope_span name)
{
    struct tscope_ring_name result = {"?"};
    struct tscope_buffer buffer = {0};

    tscope_text_escape(&buffer, name, 96);
    if (!buffer.failed)
        snprintf(result.text, sizeof(result.text), "%.*s", (int)buffer.len, (const char *)buffer.data);
    tscope_buffer_clear(&buffer);
    return result;
}

enum tscope_status
tscope_ring_keep(tscope_keyring *keyring, struct tscope_span text, struct tscope_span *ret_copy, struct tscope_error *err)
{
    struct tscope_span copy = text.data ? tscope_arena_copy(&keyring->arena, text) : text;

    if (text.data && !copy.data)
        return tscope_error_no_memory(err);
    *ret_copy = copy;
    return TSCOPE_OK;
}

enum tscope_status
tscope_ring_reserve(tscope_keyring *keyring, size_t count, struct tscope_error *err)
{
    size_t needed = keyring->keys_len + count;
    size_t capacity = keyring->keys_capacity ? keyring->keys_capacity : 16;
    void *keys, *marks;

    if (count > TSCOPE_RING_KEYS_MAX || needed > TSCOPE_RING_KEYS_MAX)
        return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "more than %u keys", TSCOPE_RING_KEYS_MAX);
    if (needed <= keyring->keys_capacity)
        return TSCOPE_OK;
    while (capacity < needed)
        capacity *= 2;
    keys = tscope_realloc(keyring->keys, capacity * sizeof(*keyring->keys));
    if (!keys)
        return tscope_error_no_memory(err);
    keyring->keys = keys;
    marks = tscope_realloc(keyring->marks, capacity * sizeof(*keyring->marks));
    if (!marks)
        return tscope_error_no_memory(err);
    keyring->marks = marks;
    keyring->keys_capacity = (uint32_t)capacity;
    return TSCOPE_OK;
}

static void
wipe_secret(tscope_key *key)
{
    /* The bytes are the arena's, which is ours: the view alone is const. */
    if (!key->history && key->numbers.k.data)
        tscope_wipe((void *)(uintptr_t)key->numbers.k.data, key->numbers.k.len);
    tscope_key_secret_wipe(key->secret);
    key->secret = NULL;
}

void
tscope_ring_truncate(tscope_keyring *keyring, uint32_t first)
{
    while (keyring->keys_len > first)
        wipe_secret(&keyring->keys[--keyring->keys_len]);
}

/* RFC 7638 section 3: SHA-256 over the canonical members. */
static enum tscope_status
make_thumbprint(tscope_keyring *keyring, tscope_key *key, bool *ret_made, struct tscope_error *err)
{
    struct tscope_buffer *canonical = &keyring->canonical;
    enum tscope_status status = TSCOPE_OK;
    struct tscope_span text;

    *ret_made = false;
    tscope_buffer_reset(canonical);
    if (!tscope_jwk_canonical(&key->numbers, canonical))
        return TSCOPE_OK;
    if (canonical->failed)
        return tscope_error_no_memory(err);
    if (!keyring->verifier)
        status = tscope_verifier_new(keyring->crypto, &keyring->verifier, err);
    text = tscope_span_of(canonical->data, canonical->len);
    if (status == TSCOPE_OK)
        status = tscope_verifier_digest(keyring->verifier, TSCOPE_DIGEST_SHA256, &text, 1, key->thumbprint, err);
    if (key->numbers.type == TSCOPE_KEY_OCT)
        tscope_wipe(canonical->data, canonical->len);
    *ret_made = status == TSCOPE_OK;
    return status;
}

static bool
decode_x5t(struct tscope_span text, uint8_t x5t[20])
{
    uint8_t bytes[32]; /* 27 characters, perhaps with padding */
    size_t len;

    while (text.len == 28 && text.data[27] == '=')
        text.len--;
    if (!text.data || text.len != 27 || !tscope_base64url_decode(text.data, text.len, bytes, &len) || len != 20)
        return false;
    memcpy(x5t, bytes, 20);
    return true;
}

static enum tscope_status
write_thumbprint_text(tscope_keyring *keyring, tscope_key *key, struct tscope_error *err)
{
    struct tscope_buffer *text = &keyring->canonical;

    tscope_buffer_reset(text);
    tscope_base64url_encode(text, key->thumbprint, sizeof(key->thumbprint));
    if (text->failed || text->len >= sizeof(key->thumbprint_text))
        return tscope_error_no_memory(err);
    memcpy(key->thumbprint_text, text->data, text->len);
    key->thumbprint_text[text->len] = '\0';
    return TSCOPE_OK;
}

/* As published, else (PEM, DER) of the certificate itself. */
static enum tscope_status
mark_x5t(tscope_keyring *keyring, const tscope_key *key, struct tscope_ring_mark *mark, struct tscope_error *err)
{
    enum tscope_status status;

    mark->has_x5t = decode_x5t(key->x5t, mark->x5t);
    if (mark->has_x5t || key->x5t.data || !key->certificate_der.data)
        return TSCOPE_OK;
    status = tscope_crypto_digest(keyring->crypto, TSCOPE_DIGEST_SHA1, &key->certificate_der, 1, mark->x5t, err);
    mark->has_x5t = status == TSCOPE_OK;
    return status;
}

enum tscope_status
tscope_ring_append(struct tscope_ring_input *input, tscope_key *key, size_t offset)
{
    tscope_keyring *keyring = input->keyring;
    struct tscope_ring_mark mark = {0};
    enum tscope_status status = tscope_ring_reserve(keyring, 1, input->err);

    if (status == TSCOPE_OK)
        status = make_thumbprint(keyring, key, &mark.has_thumbprint, input->err);
    if (status == TSCOPE_OK && mark.has_thumbprint)
        status = write_thumbprint_text(keyring, key, input->err);
    if (status == TSCOPE_OK)
        status = mark_x5t(keyring, key, &mark, input->err);
    if (status != TSCOPE_OK) {
        wipe_secret(key);
        return status;
    }
    key->source = input->source;
    key->source_offset = offset;
    key->set_issuer = input->issuer;
    key->next_same = key->first_same = keyring->keys_len;
    memcpy(&keyring->keys[keyring->keys_len], key, sizeof(*key)); /* nobody else sees it yet: its atomics may be copied */
    keyring->marks[keyring->keys_len++] = mark;
    input->added.keys++;
    input->added.unusable += key->flaw != TSCOPE_KEY_FLAW_NONE;
    return TSCOPE_OK;
}

/* A key of a history is views into its rows: nothing is decoded, nothing is hashed. */
static enum tscope_status
fill_from_row(tscope_keyring *keyring, const struct tscope_history *history, uint32_t number, struct tscope_error *err)
{
    const struct tscope_history_key *row = &history->keys[number];
    tscope_key *key = &keyring->keys[keyring->keys_len];
    struct tscope_ring_mark *mark = &keyring->marks[keyring->keys_len];
    enum tscope_status status;

    memset(key, 0, sizeof(*key));
    memset(mark, 0, sizeof(*mark));
    key->kid = row->kid;
    key->x5t = row->x5t;
    key->issuer = row->issuer;
    key->cloud_instance_name = row->cloud_instance_name;
    key->numbers = row->numbers;
    key->has_private = row->has_private;
    key->flaw = tscope_key_numbers_check(&row->numbers);
    key->certificate_der = row->certificate.der;
    key->certificate = row->certificate.der.data ? &row->certificate : NULL;
    key->source = history->name;
    key->history = history;
    key->history_key = number;
    key->next_same = key->first_same = keyring->keys_len;
    memcpy(key->thumbprint, row->thumbprint, sizeof(key->thumbprint));
    status = write_thumbprint_text(keyring, key, err);
    if (status != TSCOPE_OK)
        return status;
    mark->has_thumbprint = true;
    mark->has_x5t = key->certificate || decode_x5t(row->x5t, mark->x5t);
    if (key->certificate)
        memcpy(mark->x5t, row->certificate.sha1, sizeof(mark->x5t));
    keyring->keys_len++;
    return TSCOPE_OK;
}

enum tscope_status
tscope_ring_add_history(tscope_keyring *keyring, const struct tscope_history *history, struct tscope_error *err)
{
    uint32_t first = keyring->keys_len;
    enum tscope_status status = tscope_ring_reserve(keyring, history->keys_len, err);
    void *histories;

    if (status != TSCOPE_OK)
        return status;
    histories = tscope_realloc(keyring->histories, (keyring->histories_len + 1) * sizeof(*keyring->histories));
    if (!histories)
        return tscope_error_no_memory(err);
    keyring->histories = histories;
    for (uint32_t i = 0; i < history->keys_len; i++) {
        status = fill_from_row(keyring, history, i, err);
        if (status != TSCOPE_OK) {
            tscope_ring_truncate(keyring, first);
            return status;
        }
    }
    keyring->histories[keyring->histories_len++] = history;
    return TSCOPE_OK;
}
