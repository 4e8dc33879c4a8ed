/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/error.h"
#include "keys/key_use.h"
#include "keys/ring.h"

enum tscope_status
tscope_keyring_new(tscope_keyring **ret_keyring, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_keyring) *keyring = tscope_alloc_zeroed(1, sizeof(*keyring));
    enum tscope_status status;

    if (!keyring)
        return tscope_error_no_memory(err);
    atomic_init(&keyring->references, 1);
    status = tscope_crypto_new(&keyring->crypto, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_keyring = TSCOPE_STEAL(keyring);
    return TSCOPE_OK;
}

tscope_keyring *
tscope_keyring_ref(tscope_keyring *keyring)
{
    if (keyring)
        atomic_fetch_add_explicit(&keyring->references, 1, memory_order_relaxed);
    return keyring;
}

/* Building needs them, reading does not. */
static void
release_tools(tscope_keyring *keyring)
{
    tscope_verifier_free(keyring->verifier);
    keyring->verifier = NULL;
    tscope_buffer_clear(&keyring->canonical);
}

void
tscope_keyring_free(tscope_keyring *keyring)
{
    if (!keyring || atomic_fetch_sub_explicit(&keyring->references, 1, memory_order_acq_rel) > 1)
        return;
    for (uint32_t i = 0; i < keyring->keys_len; i++)
        tscope_key_forget_uses(&keyring->keys[i]);
    tscope_ring_truncate(keyring, 0);
    tscope_ring_forget_secrets(keyring);
    release_tools(keyring);
    tscope_ring_index_clear(&keyring->by_kid);
    tscope_ring_index_clear(&keyring->by_x5t);
    tscope_ring_index_clear(&keyring->by_thumbprint);
    tscope_ring_index_clear(&keyring->by_modulus);
    tscope_free(keyring->keys);
    tscope_free(keyring->marks);
    tscope_free(keyring->histories);
    tscope_free(keyring->endpoints);
    tscope_free(keyring->endpoint_hosts);
    tscope_arena_clear(&keyring->arena);
    tscope_crypto_free(keyring->crypto);
    tscope_free(keyring);
}

static enum tscope_status
refuse_frozen(const tscope_keyring *keyring, struct tscope_error *err)
{
    if (!keyring->frozen)
        return TSCOPE_OK;
    return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the keyring is frozen");
}

enum tscope_status
tscope_ring_add(tscope_keyring *keyring, struct tscope_span text, struct tscope_span name, struct tscope_span issuer,
                struct tscope_keys_added *added, struct tscope_span *ret_metadata_issuer, struct tscope_error *err)
{
    struct tscope_ring_input input = {.keyring = keyring, .text = text, .err = err};
    uint32_t first = keyring->keys_len;
    enum tscope_status status = refuse_frozen(keyring, err);

    if (status == TSCOPE_OK && text.len > TSCOPE_KEYS_INPUT_MAX)
        status = tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "%s: over %u bytes", tscope_ring_name(name).text,
                                  TSCOPE_KEYS_INPUT_MAX);
    if (status == TSCOPE_OK)
        status = tscope_ring_keep(keyring, name, &input.source, err);
    if (status == TSCOPE_OK)
        status = tscope_ring_keep(keyring, issuer, &input.issuer, err);
    if (status == TSCOPE_OK)
        status = tscope_keyset_add(&input);
    tscope_arena_clear(&input.scratch);
    if (status != TSCOPE_OK) {
        tscope_ring_truncate(keyring, first);
        return status;
    }
    input.added.files = 1;
    if (added)
        *added = input.added;
    if (ret_metadata_issuer)
        *ret_metadata_issuer = input.is_metadata ? input.issuer : (struct tscope_span){NULL, 0};
    return TSCOPE_OK;
}

enum tscope_status
tscope_keyring_add(tscope_keyring *keyring, const uint8_t *bytes, size_t bytes_len, const char *name, const char *issuer,
                   struct tscope_keys_added *added, struct tscope_error *err)
{
    struct tscope_span text = tscope_span_of(bytes ? bytes : (const uint8_t *)"", bytes ? bytes_len : 0);

    return tscope_ring_add(keyring, text, tscope_span_text(name ? name : "keys"), tscope_span_text(issuer), added, NULL, err);
}

enum tscope_status
tscope_keyring_add_history(tscope_keyring *keyring, const uint8_t *bytes, size_t bytes_len, const char *name, struct tscope_error *err)
{
    const struct tscope_history *history;
    struct tscope_span kept;
    enum tscope_status status = refuse_frozen(keyring, err);

    if (status == TSCOPE_OK && bytes_len > TSCOPE_KEYS_INPUT_MAX)
        status = tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "a history of over %u bytes", TSCOPE_KEYS_INPUT_MAX);
    if (status == TSCOPE_OK)
        status = tscope_ring_keep(keyring, tscope_span_text(name ? name : "history"), &kept, err);
    if (status == TSCOPE_OK)
        status = tscope_history_parse(bytes, bytes_len, kept, keyring->crypto, &keyring->arena, &history, err);
    return status == TSCOPE_OK ? tscope_ring_add_history(keyring, history, err) : status;
}

enum tscope_status
tscope_keyring_freeze(tscope_keyring *keyring, struct tscope_error *err)
{
    enum tscope_status status = refuse_frozen(keyring, err);

    if (status == TSCOPE_OK)
        status = tscope_ring_index(keyring, err);
    if (status == TSCOPE_OK)
        status = tscope_ring_gather_endpoints(keyring, err);
    if (status != TSCOPE_OK)
        return status;
    release_tools(keyring);
    keyring->frozen = true;
    return TSCOPE_OK;
}

tscope_crypto *
tscope_keyring_crypto(const tscope_keyring *keyring)
{
    return keyring->crypto;
}

size_t
tscope_keyring_count(const tscope_keyring *keyring)
{
    return keyring->keys_len;
}

/* Before the ring is frozen keys may still move: nobody gets to see them. */
const tscope_key *
tscope_keyring_key(const tscope_keyring *keyring, size_t number)
{
    return keyring->frozen && number < keyring->keys_len ? &keyring->keys[number] : NULL;
}

uint32_t
tscope_keyring_number(const tscope_keyring *keyring, const tscope_key *key)
{
    return (uint32_t)(key - keyring->keys);
}

size_t
tscope_keyring_histories(const tscope_keyring *keyring, const struct tscope_history *const **ret_histories)
{
    *ret_histories = keyring->histories;
    return keyring->histories_len;
}
