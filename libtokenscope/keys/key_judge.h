/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_KEY_JUDGE_H
#define TSCOPE_KEYS_KEY_JUDGE_H

#include "keys/quality.h"

/** @file What is wrong with one key, for whoever meets it in a token: found out once a keyring. */

/** Given RSA keys of a ring up to which one is compared with all others for shared primes. */
#define TSCOPE_KEY_COMPARED_MAX 256

struct tscope_key_judgement {
    bool found[TSCOPE_FAULT_COUNT];                           /* by kind; secrets and unusable keys are not judged here */
    enum tscope_key_fault_weight weights[TSCOPE_FAULT_COUNT]; /* of those found */
    enum tscope_rsa_weakness weakness;                        /* NONE with RSA_WEAK found: it shares a prime */
    unsigned factor;
};

/**
 * Judges a key by its numbers, and one that the caller gave by its set and the other keys given too. Any thread may be first; later ones
 * read what it found. Quick: tests that cost milliseconds are left to tscope_key_faults_find().
 *
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_keyring_judge(const tscope_keyring *keyring, const tscope_key *key,
                                                        struct tscope_key_judgement *ret_judgement, struct tscope_error *err);

/** True when nothing is wrong with the key, and that is known already: one read. */
bool tscope_keyring_is_sound(const tscope_keyring *keyring, const tscope_key *key);

#endif
