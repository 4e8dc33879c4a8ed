/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_RING_H
#define TSCOPE_KEYS_RING_H

#include "core/arena.h"
#include "core/buffer.h"
#include "crypto/verifier.h"
#include "keys/keyring.h"

/** @file The inside of a keyring, for the files of this room alone. */

/** Keys of a ring at most: what a file can spend of the caller's memory is bounded. */
#define TSCOPE_RING_KEYS_MAX 1000000u

/** A place in the table over an index: where keys of one text begin. */
struct tscope_ring_slot {
    uint32_t hash;
    uint32_t at; /* 1 + place in numbers; 0: empty */
};

/**
 * Numbers of keys in order of what they are looked up by, and among equals of their number. Over them lies a table, so that a
 * look-up does not grow with the keys. Kids come from whoever made the token or the set: of texts that collide only so many are in
 * the table, and the rest are found by a search in the order, so that no choice of them makes a look-up slow.
 */
struct tscope_ring_index {
    uint32_t *numbers;
    uint32_t len;
    struct tscope_ring_slot *slots; /* slots_len of them, a power of two */
    uint32_t slots_len;
    bool has_rest; /* not all are in the table */
};

/** What a key is looked up by besides its text. */
struct tscope_ring_mark {
    uint8_t x5t[20];
    bool has_x5t;
    bool has_thumbprint;
    bool shares_kid; /* another key has the same kid */
};

/** Secrets that are no keys, as they were added: a line each. */
struct tscope_ring_secrets {
    struct tscope_ring_secrets *next;
    struct tscope_span source; /* in the keyring's arena */
    size_t len;
    uint8_t text[];
};

/** What a document of metadata says of itself (RFC 8414 section 2). Text in the keyring's arena; data NULL: absent. */
struct tscope_ring_metadata {
    const struct tscope_ring_metadata *next;
    struct tscope_span source;
    struct tscope_span asked; /* the issuer that the caller says it is of */
    struct tscope_span issuer, jwks_uri;
};

struct tscope_keyring {
    atomic_uint references;
    bool frozen;
    bool has_embedded; /* the history shipped is among histories */
    tscope_crypto *crypto;
    tscope_verifier *verifier;      /* for thumbprints, until frozen */
    struct tscope_buffer canonical; /* the same */
    struct tscope_arena arena;      /* text and numbers of given keys, parsed histories */
    tscope_key *keys;
    struct tscope_ring_mark *marks; /* one a key */
    uint32_t keys_len, keys_capacity;
    struct tscope_ring_index by_kid, by_x5t, by_thumbprint, by_modulus;
    const struct tscope_history **histories;
    size_t histories_len;
    struct tscope_ring_endpoint *endpoints; /* of all histories; made when the ring is frozen */
    uint32_t *endpoint_hosts;               /* of each, close together: nearly all are passed over by it */
    size_t endpoints_len;
    struct tscope_ring_secrets *secrets;         /* the latest first */
    const struct tscope_ring_metadata *metadata; /* the latest first */
};

/** Who adds what: passed down through the readers of one input. */
struct tscope_ring_input {
    tscope_keyring *keyring;
    struct tscope_span text;   /* the bytes given */
    struct tscope_span source; /* in the keyring's arena */
    struct tscope_span issuer; /* the same; data NULL: nobody says */
    struct tscope_arena scratch;
    struct tscope_keys_added added;
    bool is_metadata; /* it says whose keys stand beside it, and holds none */
    struct tscope_error *err;
};

/** Adds a key: source and issuer of its set are filled in here, and its thumbprint is made. Its spans live in the keyring's arena. */
TSCOPE_MUST_USE enum tscope_status tscope_ring_append(struct tscope_ring_input *input, tscope_key *key, size_t offset);
/** Wipes and frees the secrets that are no keys. */
void tscope_ring_forget_secrets(tscope_keyring *keyring);
/** Makes room for count more keys. */
TSCOPE_MUST_USE enum tscope_status tscope_ring_reserve(tscope_keyring *keyring, size_t count, struct tscope_error *err);
/** Copies text into the keyring's arena; data NULL stays so. */
TSCOPE_MUST_USE enum tscope_status tscope_ring_keep(tscope_keyring *keyring, struct tscope_span text, struct tscope_span *ret_copy,
                                                    struct tscope_error *err);
/** Takes the keys from number first on away again (a call that fails adds nothing). Secrets are wiped. */
void tscope_ring_truncate(tscope_keyring *keyring, uint32_t first);
/** tscope_keyring_add() that also says whether the text is metadata, and of what issuer (in the keyring's arena). */
TSCOPE_MUST_USE enum tscope_status tscope_ring_add(tscope_keyring *keyring, struct tscope_span text, struct tscope_span name,
                                                   struct tscope_span issuer, struct tscope_keys_added *added,
                                                   struct tscope_span *ret_metadata_issuer, struct tscope_error *err);
/** Adds the keys of a history; it must live as long as the keyring. */
TSCOPE_MUST_USE enum tscope_status tscope_ring_add_history(tscope_keyring *keyring, const struct tscope_history *history,
                                                           struct tscope_error *err);

/** Builds by_kid, by_x5t, by_thumbprint and the rings of equal material. */
TSCOPE_MUST_USE enum tscope_status tscope_ring_index(tscope_keyring *keyring, struct tscope_error *err);
/** Makes the row of endpoints. */
TSCOPE_MUST_USE enum tscope_status tscope_ring_gather_endpoints(tscope_keyring *keyring, struct tscope_error *err);

/** Gives the memory of an index back. */
void tscope_ring_index_clear(struct tscope_ring_index *index);
/** The first place in by_modulus whose modulus does not stand before these leading digits (lower-case hexadecimal). */
uint32_t tscope_ring_find_modulus(const tscope_keyring *keyring, struct tscope_span digits);
/** True when an RSA key's modulus, written without leading zeros, begins with these digits. */
bool tscope_ring_modulus_starts(const tscope_key *key, struct tscope_span digits);

/** Reads an input as JSON (RFC 7517 sections 4 and 5; metadata; arrays) or as PEM or DER, whatever it is. */
TSCOPE_MUST_USE enum tscope_status tscope_keyset_add(struct tscope_ring_input *input);
TSCOPE_MUST_USE enum tscope_status tscope_keyset_add_json(struct tscope_ring_input *input);

/** Text for a message: escaped and cut. */
struct tscope_ring_name {
    char text[120];
};
struct tscope_ring_name tscope_ring_name(struct tscope_span name);

#endif
