/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_SECRET_H
#define TSCOPE_KEYS_SECRET_H

#include "core/arena.h"
#include "crypto/private.h"

/** @file The private numbers of a given key, kept for decryption alone: never printed, never compared, wiped with their keyring. */

/** One run of memory, so that one wipe takes all of it. */
struct tscope_key_secret {
    size_t size; /* bytes, with this */
    struct tscope_span d, p, q, dp, dq, qi;
};

/** Copies the private numbers (open is left out) into the arena; *ret_secret NULL when neither d nor a prime is there. False: out of
 * memory. */
bool tscope_key_secret_keep(struct tscope_arena *arena, const struct tscope_private_numbers *numbers,
                            struct tscope_key_secret **ret_secret);
/** NULL is allowed. The memory stays the arena's. */
void tscope_key_secret_wipe(struct tscope_key_secret *secret);
/** The whole key, borrowed from both. */
struct tscope_private_numbers tscope_key_secret_join(const struct tscope_key_numbers *open, const struct tscope_key_secret *secret);

#endif
