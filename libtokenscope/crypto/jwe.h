/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_JWE_H
#define TSCOPE_CRYPTO_JWE_H

#include "crypto/private.h"

/**
 * @file Decryption of JWE (RFC 7516) from its numbers and bytes: how the content encryption key comes out of what was sent to a
 * recipient (RFC 7518 section 4, RFC 8037 section 3.2), and the content out of that key (RFC 7518 section 5).
 *
 * Every length is exact, and nothing reaches libcrypto before it is. "Wrong", "does not fit", "impossible length" and "refused"
 * are different answers, all of them TSCOPE_OK; what fails on our side is a status.
 */

enum tscope_jwe_family {
    TSCOPE_JWE_RSA15,
    TSCOPE_JWE_RSA_OAEP,
    TSCOPE_JWE_AESKW,
    TSCOPE_JWE_GCMKW,
    TSCOPE_JWE_DIR,
    TSCOPE_JWE_ECDH,
    TSCOPE_JWE_PBES2,
};

/** Key management, a row of RFC 7518 section 4.1. */
struct tscope_jwe_alg {
    const char *name;
    enum tscope_jwe_family family;
    enum tscope_digest digest; /* of OAEP and its MGF1, of PBKDF2 */
    size_t wrap_len;           /* bytes of the AES key that wraps the content encryption key; 0: none does */
};

/** Content encryption, a row of RFC 7518 section 5.1. */
struct tscope_jwe_enc {
    const char *name;
    enum tscope_digest digest;       /* of the HMAC; NONE: AES-GCM */
    size_t key_len, iv_len, tag_len; /* bytes, exact */
};

/** The row of a name, exact case; NULL for a name that is not registered. */
const struct tscope_jwe_alg *tscope_jwe_alg_find(struct tscope_span name);
const struct tscope_jwe_enc *tscope_jwe_enc_find(struct tscope_span name);
/** Row by row, for lists and tests; NULL behind the last. */
const struct tscope_jwe_alg *tscope_jwe_alg_at(size_t number);
const struct tscope_jwe_enc *tscope_jwe_enc_at(size_t number);

#define TSCOPE_JWE_KEY_MAX 64 /* bytes of the longest content encryption key */
#define TSCOPE_JWE_P2C_MAX 1200000u
/** Room that a plaintext needs while it is made: libcrypto may write one block more than it keeps. */
#define TSCOPE_JWE_OUT(ciphertext_len) ((ciphertext_len) + 16)

/** What was sent to one recipient, decoded. All borrowed; data NULL counts as empty. */
struct tscope_jwe_recipient {
    const struct tscope_jwe_alg *alg;
    const struct tscope_jwe_enc *enc;
    struct tscope_span encrypted_key;
    struct tscope_span iv, tag;    /* A*GCMKW (section 4.7.1) */
    struct tscope_key_numbers epk; /* ECDH-ES (section 4.6.1) */
    struct tscope_span apu, apv;   /* the same */
    struct tscope_span p2s;        /* PBES2 (section 4.8.1), without the name of the algorithm */
    uint64_t p2c;
    uint64_t p2c_max; /* the most rounds that the caller will pay for; 0: TSCOPE_JWE_P2C_MAX */
};

/** What is the same for all recipients. Borrowed. */
struct tscope_jwe_content {
    const struct tscope_jwe_enc *enc;
    struct tscope_span iv, ciphertext, tag;
    const struct tscope_span *aad; /* one behind the other: the protected header as sent, perhaps "." and aad as sent */
    size_t aad_len;                /* how many */
};

enum tscope_jwe_result {
    TSCOPE_JWE_DECRYPTED,
    TSCOPE_JWE_WRONG,   /* tried in full: another key, or altered */
    TSCOPE_JWE_UNFIT,   /* key and algorithm do not go together, or epk is no point of the key's curve: never tried */
    TSCOPE_JWE_LENGTH,  /* encrypted key, iv or tag of a length that the algorithm cannot have: never tried */
    TSCOPE_JWE_REFUSED, /* p2c is 0 or above its bound: never tried */
};

/** True when such a key can serve these algorithms at all (type, curve, size). */
bool tscope_jwe_fits(const tscope_private *key, const struct tscope_jwe_alg *alg, const struct tscope_jwe_enc *enc);
/** The same question for numbers, before any key is made. */
bool tscope_key_numbers_fit_jwe(const struct tscope_key_numbers *numbers, const struct tscope_jwe_alg *alg,
                                const struct tscope_jwe_enc *enc);

/**
 * Decrypts for one recipient (RFC 7516 section 5.2). The content encryption key never leaves this call and is wiped. For RSA1_5 a
 * random key takes the place of one that was padded wrongly (section 11.5), so that result, time and words are those of a wrong tag.
 *
 * @param out      room for TSCOPE_JWE_OUT(content->ciphertext.len) bytes; on any result but DECRYPTED it holds no plaintext
 * @param ret_len  bytes of plaintext
 * @return TSCOPE_OK with *ret_result; TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_jwe_decrypt(tscope_private *key, const struct tscope_jwe_recipient *recipient,
                                                      const struct tscope_jwe_content *content, uint8_t *out, size_t *ret_len,
                                                      enum tscope_jwe_result *ret_result, struct tscope_error *err);

/** Opens the content with a content encryption key at hand (of another length than enc wants: UNFIT). Otherwise as above. */
TSCOPE_MUST_USE enum tscope_status tscope_jwe_open(tscope_crypto *crypto, struct tscope_span cek, const struct tscope_jwe_content *content,
                                                   uint8_t *out, size_t *ret_len, enum tscope_jwe_result *ret_result,
                                                   struct tscope_error *err);

#endif
