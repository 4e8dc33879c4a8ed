/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_KEYS_H
#define TOKENSCOPE_KEYS_H

#include <stdbool.h>

#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file Keys and their history: gathered in a keyring, which is frozen before it is used. */

/** Keys with indexes over them. Built by one thread, then frozen: immutable, shareable, reference-counted. */
typedef struct tscope_keyring tscope_keyring;

/** One key of a keyring: a view that lives as long as the keyring. */
typedef struct tscope_key tscope_key;

/** Bytes of the largest key file that is read. */
#define TSCOPE_KEYS_INPUT_MAX (64u << 20)

/** What one call added. */
struct tscope_keys_added {
    size_t keys;     /**< keys found, usable or not */
    size_t unusable; /**< of them, kept with the reason but unable to verify anything */
    size_t files;    /**< files read, for a folder */
    size_t skipped;  /**< files of a folder that hold no keys */
};

TSCOPE_MUST_USE enum tscope_status tscope_keyring_new(tscope_keyring **ret_keyring, struct tscope_error *err);
/** Another reference to the same frozen keyring; release each with tscope_keyring_free(). */
tscope_keyring *tscope_keyring_ref(tscope_keyring *keyring);
/** Gives a reference back; secrets are wiped with the last one. NULL is allowed. */
void tscope_keyring_free(tscope_keyring *keyring);

/**
 * Adds keys from bytes: a JWK or JWK Set (RFC 7517 sections 4 and 5), OpenID Connect metadata with its keys inside, PEM
 * (public, private and certificate), DER, or an x5c array. One bad key never sinks a set: it is kept as unusable, with
 * the reason. Private numbers are kept for decryption alone: no report or JSON holds them, and they are wiped with the keyring.
 *
 * @param name    where the bytes come from, for reports; copied
 * @param issuer  the issuer whose keys they are (RFC 8414 "issuer"), or NULL when nobody says so; copied
 * @param added   what was added; may be NULL
 * @return TSCOPE_OK, TSCOPE_ERR_DATA (not JSON, PEM or DER: what and where), TSCOPE_ERR_TOO_LARGE, TSCOPE_ERR_STATE (frozen),
 *         TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_keyring_add(tscope_keyring *keyring, const uint8_t *bytes, size_t bytes_len, const char *name,
                                                      const char *issuer, struct tscope_keys_added *added, struct tscope_error *err);

/**
 * Adds the keys of a file, or of all files of a folder in order of their names (links and special files inside are not
 * followed). Metadata in a folder ("issuer" and "jwks_uri") says whose keys the key sets beside it are.
 *
 * @return as tscope_keyring_add(); also TSCOPE_ERR_NOT_FOUND and TSCOPE_ERR_IO
 */
TSCOPE_MUST_USE enum tscope_status tscope_keyring_add_path(tscope_keyring *keyring, const char *path, struct tscope_keys_added *added,
                                                           struct tscope_error *err);

/** Adds a key history ("tokenscope-key-history/1", docs/key-history.md). Statuses as tscope_keyring_add(). */
TSCOPE_MUST_USE enum tscope_status tscope_keyring_add_history(tscope_keyring *keyring, const uint8_t *bytes, size_t bytes_len,
                                                              const char *name, struct tscope_error *err);

/** Adds the key history shipped with the library. Nothing is parsed. */
TSCOPE_MUST_USE enum tscope_status tscope_keyring_add_embedded(tscope_keyring *keyring, struct tscope_error *err);

/**
 * Adds secrets that somebody may have signed with, such as a list of leaked or common ones: a line each, as text or as base64 of
 * it; empty lines are skipped. They are tried on an HMAC that no key verifies (all of them, whatever their number) and make no
 * token trustworthy that names an issuer with public keys. Secrets that are meant to verify are keys: tscope_keyring_add().
 *
 * @param name  where the bytes come from, for reports; copied
 * @return TSCOPE_OK, TSCOPE_ERR_TOO_LARGE, TSCOPE_ERR_STATE (frozen), TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_keyring_add_secrets(tscope_keyring *keyring, const uint8_t *bytes, size_t bytes_len,
                                                              const char *name, struct tscope_error *err);

/** Builds the indexes; after it nothing can be added, and any thread may read. */
TSCOPE_MUST_USE enum tscope_status tscope_keyring_freeze(tscope_keyring *keyring, struct tscope_error *err);

/** The digest (64 hexadecimal digits) and the last covered time of the embedded history. Static. */
const char *tscope_history_digest(void);
int64_t tscope_history_until(void);

/** How many keys there are, and each by its number. */
size_t tscope_keyring_count(const tscope_keyring *keyring);
const tscope_key *tscope_keyring_key(const tscope_keyring *keyring, size_t number);

/**
 * Finds keys by a kid, by a thumbprint (SHA-1 of the certificate or RFC 7638 SHA-256; hexadecimal, perhaps with colons, or
 * base64url), by the start of the modulus in hexadecimal (16 digits or more), or by the modulus as a JWK has it ("n").
 *
 * @param keys  gets at most keys_max of them; may be NULL when keys_max is 0
 * @return how many there are
 */
size_t tscope_keyring_find(const tscope_keyring *keyring, const char *text, const tscope_key **keys, size_t keys_max);

/** What a key is. Strings live as long as the keyring; NULL where nothing is known. */
const char *tscope_key_kid(const tscope_key *key);
const char *tscope_key_type(const tscope_key *key);       /**< "RSA", "EC", "OKP", "oct" or "?" */
const char *tscope_key_thumbprint(const tscope_key *key); /**< RFC 7638, SHA-256, base64url */
const char *tscope_key_source(const tscope_key *key);     /**< the name it was added under, or "embedded" */
const char *tscope_key_family(const tscope_key *key);     /**< as its history says; NULL for a key given by the caller */
const char *tscope_key_unusable(const tscope_key *key);   /**< why it can verify nothing; NULL when it can */
size_t tscope_key_bits(const tscope_key *key);

enum {
    TSCOPE_KEY_JSON_PRETTY = 1,
    TSCOPE_KEY_JSON_FULL = 2, /**< with modulus, certificate and every sighting; never a private or secret value */
};

/** Everything known of one key as JSON ("schema": "tokenscope.key/1"). The caller's to release with tscope_string_free(). */
TSCOPE_MUST_USE enum tscope_status tscope_key_json(const tscope_keyring *keyring, const tscope_key *key, unsigned flags, char **ret_json,
                                                   size_t *ret_len, struct tscope_error *err);

/** The same for people: certificate, family and how it is known, publication, sightings, notices; width columns at most. */
TSCOPE_MUST_USE enum tscope_status tscope_key_text(const tscope_keyring *keyring, const tscope_key *key, unsigned width, bool colour,
                                                   char **ret_text, size_t *ret_len, struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
