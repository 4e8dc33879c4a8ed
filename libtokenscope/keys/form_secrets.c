/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/form_secrets.h"

#include "core/alloc.h"
#include "core/error.h"
#include "keys/ring.h"

#define FORMS_MAX 32

struct gathering {
    const tscope_keyring *keyring;
    enum tscope_digest digest;
    struct tscope_form_secret secrets[FORMS_MAX];
    size_t len;
    enum tscope_status status;
    struct tscope_error *err;
};

/* RFC 2104 section 2: what is longer than a block counts as its digest. */
static bool
gather(void *context, struct tscope_span bytes, const char *what, const char *how)
{
    struct gathering *gathering = context;
    struct tscope_form_secret *secret = &gathering->secrets[gathering->len];
    size_t block = gathering->digest == TSCOPE_DIGEST_SHA256 ? 64 : 128;

    if (gathering->len == FORMS_MAX)
        return false;
    secret->what = what;
    secret->how = how;
    secret->len = (uint8_t)(bytes.len > block ? tscope_digest_len(gathering->digest) : bytes.len);
    if (bytes.len > block)
        gathering->status = tscope_crypto_digest(gathering->keyring->crypto, gathering->digest, &bytes, 1, secret->bytes, gathering->err);
    else
        memcpy(secret->bytes, bytes.data, bytes.len);
    gathering->len++;
    return gathering->status == TSCOPE_OK;
}

static enum tscope_status
make(const tscope_keyring *keyring, const tscope_key *key, enum tscope_digest digest, struct tscope_form_secrets **ret_made,
     struct tscope_error *err)
{
    struct gathering gathering = {.keyring = keyring, .digest = digest, .err = err};
    struct tscope_form_secrets *made;
    bool walked = tscope_key_forms_walk(key, true, gather, &gathering);

    if (gathering.status != TSCOPE_OK)
        return gathering.status;
    made = walked ? tscope_alloc(sizeof(*made) + gathering.len * sizeof(*made->secrets)) : NULL;
    if (!made)
        return tscope_error_no_memory(err);
    made->len = gathering.len;
    memcpy(made->secrets, gathering.secrets, gathering.len * sizeof(*made->secrets));
    *ret_made = made;
    return TSCOPE_OK;
}

enum tscope_status
tscope_keyring_form_secrets(const tscope_keyring *keyring, const tscope_key *key, enum tscope_digest digest,
                            const struct tscope_form_secrets **ret_secrets, struct tscope_error *err)
{
    tscope_key *own = &keyring->keys[tscope_keyring_number(keyring, key)];
    _Atomic(struct tscope_form_secrets *) *place = &own->form_secrets[digest - TSCOPE_DIGEST_SHA256];
    struct tscope_form_secrets *made = atomic_load_explicit(place, memory_order_acquire), *expected = NULL;
    enum tscope_status status = made ? TSCOPE_OK : make(keyring, key, digest, &made, err);

    if (status != TSCOPE_OK)
        return status;
    if (atomic_load_explicit(place, memory_order_acquire) != made && !atomic_compare_exchange_strong(place, &expected, made)) {
        tscope_free(made); /* another thread was first */
        made = expected;
    }
    *ret_secrets = made;
    return TSCOPE_OK;
}
