/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_UNSEAL_H
#define TSCOPE_INSPECT_UNSEAL_H

#include "inspect/decrypt.h"

/** @file What an encrypted token carries, for an inspection that holds its key. */

/** True for an encrypted token in any serialisation. */
bool tscope_is_sealed(const struct tscope_token *token);

/**
 * Decrypts an encrypted token and takes in what it carries: a token becomes a nested one, claims become its claims. Everything
 * lives in arena.
 *
 * @param input_max  bytes of the largest token inside
 */
TSCOPE_MUST_USE enum tscope_status tscope_unseal(const struct tscope_decrypter *decrypter, struct tscope_token *token, size_t input_max,
                                                 struct tscope_arena *arena, struct tscope_decryption *ret_decryption,
                                                 struct tscope_error *err);

#endif
