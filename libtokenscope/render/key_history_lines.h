/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_KEY_HISTORY_LINES_H
#define TSCOPE_RENDER_KEY_HISTORY_LINES_H

#include "keys/keyring.h"
#include "render/layout.h"

/** @file Who listed a key, and when it was seen: what each history says of its material. */

/** Sections "Listed" and "Seen" of each history that holds the key, and its other published forms. */
TSCOPE_MUST_USE enum tscope_status tscope_key_history_lines(struct tscope_layout *layout, const tscope_keyring *keyring,
                                                            const tscope_key *key, struct tscope_error *err);

#endif
