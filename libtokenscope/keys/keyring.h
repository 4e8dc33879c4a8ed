/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_KEYRING_H
#define TSCOPE_KEYS_KEYRING_H

#include "keys/key.h"

/** @file Look-ups in a frozen keyring: at once, or where kids were chosen to collide a binary search, whatever their number. */

struct tscope_keyring;
TSCOPE_DEFINE_AUTO(tscope_keyring)

/** The crypto context that all its keys live in. */
tscope_crypto *tscope_keyring_crypto(const tscope_keyring *keyring);

/** Walks the keys of one kid (exact bytes), of one certificate SHA-1 (x5t) or of one RFC 7638 thumbprint. Start with cursor 0; NULL at the
 * end. */
const tscope_key *tscope_keyring_next_by_kid(const tscope_keyring *keyring, struct tscope_span kid, uint32_t *cursor);
const tscope_key *tscope_keyring_next_by_x5t(const tscope_keyring *keyring, const uint8_t sha1[20], uint32_t *cursor);
const tscope_key *tscope_keyring_next_by_thumbprint(const tscope_keyring *keyring, const uint8_t thumbprint[32], uint32_t *cursor);

/** A place in the secrets that are no keys (tscope_keyring_add_secrets()). Starts as {0}. */
struct tscope_secret_walk {
    const struct tscope_ring_secrets *list; /* NULL: before the first, or behind the last */
    bool started;
    size_t offset;
    uint64_t line;             /* of the secret that was given out, from 1 */
    struct tscope_span source; /* of it */
};

/** Gives out the next secret; false at the end. The span lives as long as the keyring. */
bool tscope_keyring_next_secret(const tscope_keyring *keyring, struct tscope_secret_walk *walk, struct tscope_span *ret_secret);

/** The number of a key, and the histories that were added. */
uint32_t tscope_keyring_number(const tscope_keyring *keyring, const tscope_key *key);
size_t tscope_keyring_histories(const tscope_keyring *keyring, const struct tscope_history *const **ret_histories);

/** An endpoint of a history that was added. */
struct tscope_ring_endpoint {
    const struct tscope_history_endpoint *row; /* its own, or where that states no family, of another history that states one for its url */
    const struct tscope_history *history;
    uint32_t endpoint;  /* its index there */
    bool is_of_tenants; /* {tenantid} stands in row's issuer once, and no other placeholder */
};

/**
 * Walks the endpoints of all histories, in the order in which these were added, whose host is this one, or not known. host 0: any. Start
 * with cursor 0; NULL at the end. The keyring is frozen.
 */
const struct tscope_ring_endpoint *tscope_keyring_next_endpoint(const tscope_keyring *keyring, uint32_t host, size_t *cursor);

/**
 * What nearly all issuers of different hosts differ by, of an issuer or a template of one; 0: not known (it does not begin with https://,
 * or a placeholder stands in its host). Issuers of two marks that are both known are not the same.
 */
uint32_t tscope_issuer_host_mark(struct tscope_span issuer);

/** True when another key of the keyring has this one's kid. The keyring is frozen. */
bool tscope_keyring_shares_kid(const tscope_keyring *keyring, const tscope_key *key);

/**
 * The usable key, made and gated on first use; any thread may be first. *ret_pkey is borrowed (the keyring holds it) and
 * NULL when the gate refuses the key: *ret_flaw says why.
 */
TSCOPE_MUST_USE enum tscope_status tscope_keyring_pkey(const tscope_keyring *keyring, const tscope_key *key, tscope_pkey **ret_pkey,
                                                       enum tscope_key_flaw *ret_flaw, struct tscope_error *err);

/**
 * The private or secret key, made and gated on first use like the public one. *ret_private is borrowed and NULL when there is none
 * or the gate refuses it: *ret_flaw says why, PRIVATE for a key of which only the public part was given. Histories have no others.
 */
TSCOPE_MUST_USE enum tscope_status tscope_keyring_private(const tscope_keyring *keyring, const tscope_key *key,
                                                          tscope_private **ret_private, enum tscope_key_flaw *ret_flaw,
                                                          struct tscope_error *err);

/** The key's certificate with digests, read on first use; NULL when there is none, it cannot be read, or it is another key's. */
const struct tscope_certificate *tscope_keyring_certificate(const tscope_keyring *keyring, const tscope_key *key);

#endif
