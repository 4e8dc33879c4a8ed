/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_KEY_USE_H
#define TSCOPE_KEYS_KEY_USE_H

#include "keys/key.h"

/** @file What is made of a key on first use (tscope_keyring_pkey, tscope_keyring_certificate), and given back with the ring. */

void tscope_key_forget_uses(tscope_key *key);

#endif
