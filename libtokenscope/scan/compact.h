/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_COMPACT_H
#define TSCOPE_SCAN_COMPACT_H

#include "scan/token_finder.h"

/** @file Compact serialisations (RFC 7515 section 7.1, RFC 7516 section 7.1), SD-JWT with them, in any bytes. */

/**
 * Looks whether a token begins at a place.
 *
 * @param latest  the header before in text of this kind, and then this one
 */
enum tscope_probe tscope_compact_probe(struct tscope_run_room *room, const struct tscope_letters *letters, size_t at,
                                       struct tscope_header_place *latest, struct tscope_token_place *ret_place);

/** False where what the first letters are is no header, which costs less to say than all else. */
bool tscope_compact_begins(struct tscope_run_room *room, const struct tscope_letters *letters, size_t at);

#endif
