/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_FOUND_KEY_H
#define TSCOPE_CASE_FOUND_KEY_H

#include "case/parcel.h"

/** @file What is kept of a key that was found: what it is and whose; a private value where that is asked for, and never in a case. */

/** Fills key, thumbprint and is_published of a find; reveal: with the private JWK, as whoever looks on asked for. */
TSCOPE_MUST_USE enum tscope_status tscope_found_key_keep(const tscope_found_key *key, bool reveal, struct tscope_arena *arena,
                                                         struct tscope_parcel_find *ret_find, struct tscope_error *err);

#endif
