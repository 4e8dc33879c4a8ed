/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_DECRYPT_H
#define TOKENSCOPE_DECRYPT_H

#include <tokenscope/keys.h>
#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file Decryption of JWE (RFC 7516) with private keys, secrets or a password that the caller holds. */

/** X(NAME, "id", "words") */
#define TSCOPE_FOREACH_DECRYPTION(X)                                         \
    X(DECRYPTED, "decrypted", "decrypted, and its authentication tag holds") \
    X(FAILED, "failed", "cannot be decrypted, or must not be")               \
    X(UNAVAILABLE, "unavailable", "no key at hand could decrypt it, or not all could be tried")

enum tscope_decryption_status {
#define TSCOPE_DECRYPTION_ENUM(name, id, words) TSCOPE_DECRYPTION_##name,
    TSCOPE_FOREACH_DECRYPTION(TSCOPE_DECRYPTION_ENUM)
#undef TSCOPE_DECRYPTION_ENUM
};

/** "decrypted"… Static. */
const char *tscope_decryption_status_id(enum tscope_decryption_status status);
/** The status in words. Static. */
const char *tscope_decryption_status_text(enum tscope_decryption_status status);

/** Bounds and a password. size is sizeof(struct tscope_decrypt_options), so that later versions can grow it; 0 means the default. */
struct tscope_decrypt_options {
    size_t size;
    const uint8_t *password; /**< for PBES2 (RFC 7518 section 4.8), besides the secrets of the keyring; NULL: none. Borrowed */
    size_t password_len;
    uint64_t rounds_max; /**< the largest "p2c" that is worked off; default 1,200,000 */
};

/** How it went. Strings live as long as the keyring, or for ever. Fixed for the soname. */
struct tscope_decryption_answer {
    enum tscope_decryption_status status;
    const char *reason;    /**< one clause that says why it is not DECRYPTED; NULL when it is */
    const char *alg, *enc; /**< as registered; NULL: none that is */
    const tscope_key *key; /**< that decrypted it; NULL: none, or the password did */
    void *reserved[4];
};

/**
 * Decrypts a token like a strict receiver: compact, flattened or general serialisation, any of its recipients. Transport around it is
 * taken off; nothing inside is repaired. Keys that say they are for another use, operation or algorithm (RFC 7517 section 4) are not
 * used. "zip": "DEF" is inflated up to 256 KiB. A "crit" is refused, as no extension of JWE is known here.
 *
 * @param keyring        frozen; its private keys and secrets are tried, those of the recipient's "kid" first
 * @param options        may be NULL
 * @param ret_plaintext  with DECRYPTED the plaintext, a NUL behind it, the caller's to release with tscope_string_free(); else NULL
 * @return TSCOPE_OK with *ret_answer; TSCOPE_ERR_DATA (nothing in it is an encrypted token), TSCOPE_ERR_TOO_LARGE, TSCOPE_ERR_STATE,
 *         TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_decrypt(const tscope_keyring *keyring, const uint8_t *bytes, size_t bytes_len,
                                                  const struct tscope_decrypt_options *options, char **ret_plaintext, size_t *ret_len,
                                                  struct tscope_decryption_answer *ret_answer, struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
