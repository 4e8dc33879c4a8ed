/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/key_use.h"

#include "core/alloc.h"
#include "keys/jwk.h"
#include "keys/ring.h"

/* Several threads may make the same thing at once; the first to store it wins, and the others give theirs back. */

/* A certificate with the memory of its subject. */
struct read_certificate {
    struct tscope_certificate certificate; /* first: a key points here */
    struct tscope_arena arena;
};

/* Stands in for a certificate that was tried, and cannot be read or is another key's. */
static struct tscope_certificate unreadable;

static void
free_certificate(struct tscope_certificate *certificate)
{
    struct read_certificate *read = (struct read_certificate *)(void *)certificate;

    if (!certificate || certificate == &unreadable)
        return;
    tscope_arena_clear(&read->arena);
    tscope_free(read);
}

void
tscope_key_forget_uses(tscope_key *key)
{
    tscope_pkey_free(atomic_load(&key->pkey));
    tscope_private_free(atomic_load(&key->private));
    free_certificate(atomic_load(&key->read_certificate));
    for (size_t i = 0; i < TSCOPE_COUNT(key->form_secrets); i++) {
        tscope_free(atomic_load(&key->form_secrets[i]));
        atomic_store(&key->form_secrets[i], NULL);
    }
    atomic_store(&key->pkey, NULL);
    atomic_store(&key->private, NULL);
    atomic_store(&key->read_certificate, NULL);
}

/* First use: of several threads that ask at once, one stores its answer. */
static enum tscope_status
ask_gate(const tscope_keyring *keyring, tscope_key *own, tscope_pkey **ret_pkey, enum tscope_key_flaw *ret_flaw, struct tscope_error *err)
{
    enum tscope_key_flaw flaw = own->flaw;
    tscope_pkey *pkey = NULL, *expected = NULL;
    enum tscope_status status = TSCOPE_OK;

    if (flaw == TSCOPE_KEY_FLAW_NONE)
        status = tscope_pkey_new(keyring->crypto, &own->numbers, &pkey, &flaw, err);
    if (status != TSCOPE_OK)
        return status;
    if (!pkey) {
        atomic_store_explicit(&own->gate, 1 + (int)flaw, memory_order_release);
    } else if (!atomic_compare_exchange_strong(&own->pkey, &expected, pkey)) {
        tscope_pkey_free(pkey);
        pkey = expected;
    }
    *ret_pkey = pkey;
    *ret_flaw = pkey ? TSCOPE_KEY_FLAW_NONE : flaw;
    return TSCOPE_OK;
}

enum tscope_status
tscope_keyring_pkey(const tscope_keyring *keyring, const tscope_key *key, tscope_pkey **ret_pkey, enum tscope_key_flaw *ret_flaw,
                    struct tscope_error *err)
{
    tscope_key *own = &keyring->keys[tscope_keyring_number(keyring, key)];
    tscope_pkey *pkey = atomic_load_explicit(&own->pkey, memory_order_acquire);
    int gate = atomic_load_explicit(&own->gate, memory_order_acquire);

    if (!pkey && gate == 0)
        return ask_gate(keyring, own, ret_pkey, ret_flaw, err);
    *ret_pkey = pkey;
    *ret_flaw = pkey ? TSCOPE_KEY_FLAW_NONE : (enum tscope_key_flaw)(gate - 1);
    return TSCOPE_OK;
}

static enum tscope_status
ask_private_gate(const tscope_keyring *keyring, tscope_key *own, tscope_private **ret_private, enum tscope_key_flaw *ret_flaw,
                 struct tscope_error *err)
{
    struct tscope_private_numbers numbers = tscope_key_secret_join(&own->numbers, own->secret);
    enum tscope_key_flaw flaw = own->flaw;
    tscope_private *private = NULL, *expected = NULL;
    enum tscope_status status = TSCOPE_OK;

    if (flaw == TSCOPE_KEY_FLAW_NONE && (own->history || (!own->secret && own->numbers.type != TSCOPE_KEY_OCT)))
        flaw = TSCOPE_KEY_FLAW_PRIVATE;
    if (flaw == TSCOPE_KEY_FLAW_NONE)
        status = tscope_private_new(keyring->crypto, &numbers, &private, &flaw, err);
    if (status != TSCOPE_OK)
        return status;
    if (!private) {
        atomic_store_explicit(&own->private_gate, 1 + (int)flaw, memory_order_release);
    } else if (!atomic_compare_exchange_strong(&own->private, &expected, private)) {
        tscope_private_free(private);
        private = expected;
    }
    *ret_private = private;
    *ret_flaw = private ? TSCOPE_KEY_FLAW_NONE : flaw;
    return TSCOPE_OK;
}

enum tscope_status
tscope_keyring_private(const tscope_keyring *keyring, const tscope_key *key, tscope_private **ret_private, enum tscope_key_flaw *ret_flaw,
                       struct tscope_error *err)
{
    tscope_key *own = &keyring->keys[tscope_keyring_number(keyring, key)];
    tscope_private *private = atomic_load_explicit(&own->private, memory_order_acquire);
    int gate = atomic_load_explicit(&own->private_gate, memory_order_acquire);

    if (!private && gate == 0)
        return ask_private_gate(keyring, own, ret_private, ret_flaw, err);
    *ret_private = private;
    *ret_flaw = private ? TSCOPE_KEY_FLAW_NONE : (enum tscope_key_flaw)(gate - 1);
    return TSCOPE_OK;
}

static bool
digest_certificate(tscope_crypto *crypto, struct tscope_certificate *certificate)
{
    return tscope_crypto_digest(crypto, TSCOPE_DIGEST_SHA1, &certificate->der, 1, certificate->sha1, NULL) == TSCOPE_OK &&
           tscope_crypto_digest(crypto, TSCOPE_DIGEST_SHA256, &certificate->der, 1, certificate->sha256, NULL) == TSCOPE_OK;
}

/* A certificate of another key, which anyone can put beside one, would lend it its subject and its dates. False when memory ran out. */
static bool
compare_key(tscope_crypto *crypto, const struct tscope_key_numbers *certified, const tscope_key *key, bool *ret_same)
{
    struct tscope_buffer canonical = {0};
    uint8_t thumbprint[32] = {0};
    struct tscope_span bytes;
    bool written = tscope_jwk_canonical(certified, &canonical), failed = canonical.failed;

    bytes = tscope_span_of(canonical.data, canonical.len);
    if (written && !failed)
        failed = tscope_crypto_digest(crypto, TSCOPE_DIGEST_SHA256, &bytes, 1, thumbprint, NULL) != TSCOPE_OK;
    *ret_same = written && !failed && memcmp(thumbprint, key->thumbprint, sizeof(thumbprint)) == 0;
    tscope_buffer_clear(&canonical);
    return !failed;
}

static bool
fill_certificate(tscope_crypto *crypto, struct tscope_span der, struct read_certificate *read)
{
    return tscope_certificate_read(der, &read->certificate, NULL, &read->arena) && digest_certificate(crypto, &read->certificate);
}

/* NULL when memory ran out: then it is asked again the next time. */
static struct tscope_certificate *
read_certificate(tscope_crypto *crypto, const tscope_key *key)
{
    struct read_certificate *read;
    struct tscope_certificate plain;
    struct tscope_key_numbers certified;
    bool same;

    if (!tscope_certificate_read(key->certificate_der, &plain, &certified, NULL))
        return &unreadable;
    if (!compare_key(crypto, &certified, key, &same))
        return NULL;
    if (!same)
        return &unreadable;
    read = tscope_alloc_zeroed(1, sizeof(*read));
    if (!read)
        return NULL;
    if (!fill_certificate(crypto, key->certificate_der, read)) {
        free_certificate(&read->certificate);
        return NULL;
    }
    return &read->certificate;
}

const struct tscope_certificate *
tscope_keyring_certificate(const tscope_keyring *keyring, const tscope_key *key)
{
    tscope_key *own = &keyring->keys[tscope_keyring_number(keyring, key)];
    struct tscope_certificate *certificate, *expected = NULL;

    if (own->certificate || !own->certificate_der.data)
        return own->certificate;
    certificate = atomic_load_explicit(&own->read_certificate, memory_order_acquire);
    if (!certificate) {
        certificate = read_certificate(keyring->crypto, own);
        if (certificate && !atomic_compare_exchange_strong(&own->read_certificate, &expected, certificate)) {
            free_certificate(certificate);
            certificate = expected;
        }
    }
    return certificate == &unreadable ? NULL : certificate;
}
