/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_SERIALIZED_H
#define TSCOPE_SCAN_SERIALIZED_H

#include "scan/token_finder.h"

/** @file JSON serialisations (RFC 7515 section 7.2, RFC 7516 section 7.2), plain or in a string of other JSON. */

/** Looks whether a member that a serialisation has stands at an anchor inside its name, and an object of that form around it. */
enum tscope_probe tscope_serialized_probe(struct tscope_token_finder *finder, const struct tscope_letters *letters, size_t at,
                                          struct tscope_token_place *ret_place);

/** The stream that follows is another one. */
void tscope_serialized_forget(struct tscope_token_finder *finder);

#endif
