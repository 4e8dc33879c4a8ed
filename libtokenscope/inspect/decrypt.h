/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_DECRYPT_H
#define TSCOPE_INSPECT_DECRYPT_H

#include <tokenscope/decrypt.h>

#include "keys/keyring.h"
#include "token/token.h"

/** @file Which key decrypts which recipient's share of a token. */

struct tscope_decryption {
    enum tscope_decryption_status status;
    const char *reason; /* static; NULL with DECRYPTED */
    const struct tscope_jwe_alg *alg;
    const struct tscope_jwe_enc *enc;
    const tscope_key *key; /* that decrypted it; NULL: none, or the password did */
    struct tscope_span plaintext;
    size_t packed_len;     /* bytes before it was inflated; the same when nothing was packed */
    bool inflates_too_far; /* FAILED, and the key is right all the same */
};

struct tscope_decrypter {
    const tscope_keyring *keyring;
    struct tscope_span password; /* data NULL: none */
    uint64_t rounds_max;         /* 0: the default */
    uint64_t *spent;             /* what was spent on tokens around this one, and is added to; NULL: nothing */
    bool strict;                 /* nothing is repaired, and a key is used for what it says it is for */
};

/** Decrypts an encrypted token; its plaintext lives in arena. What all keys together may cost is bounded. */
TSCOPE_MUST_USE enum tscope_status tscope_decrypt_token(const struct tscope_decrypter *decrypter, const struct tscope_token *token,
                                                        struct tscope_arena *arena, struct tscope_decryption *ret_decryption,
                                                        struct tscope_error *err);

#endif
