/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_FORM_SECRETS_H
#define TSCOPE_KEYS_FORM_SECRETS_H

#include "keys/key_forms.h"
#include "keys/keyring.h"

/** @file The likely forms of a public key as HMAC takes them, kept with the ring: making and hashing them anew is most of a trial. */

struct tscope_form_secret {
    const char *what, *how; /* as tscope_key_forms_walk() says them */
    uint8_t len;
    uint8_t bytes[128];
};

struct tscope_form_secrets {
    size_t len;
    struct tscope_form_secret secrets[];
};

/**
 * Makes them on first use, for keys of which a ring has few: each costs two kilobytes a digest.
 *
 * @param digest       SHA-256, SHA-384 or SHA-512
 * @param ret_secrets  the ring's
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_keyring_form_secrets(const tscope_keyring *keyring, const tscope_key *key,
                                                               enum tscope_digest digest, const struct tscope_form_secrets **ret_secrets,
                                                               struct tscope_error *err);

#endif
