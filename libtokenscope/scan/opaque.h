/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_OPAQUE_H
#define TSCOPE_SCAN_OPAQUE_H

#include "scan/token_finder.h"

/**
 * @file Microsoft's tokens that have no parts: refresh tokens and cookies of Entra, which begin with a version and name tenant and client;
 * refresh tokens and tickets of Microsoft accounts.
 */

enum tscope_probe tscope_opaque_probe(struct tscope_run_room *room, const struct tscope_letters *letters, size_t at,
                                      struct tscope_token_place *ret_place);

#endif
