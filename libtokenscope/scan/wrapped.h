/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_WRAPPED_H
#define TSCOPE_SCAN_WRAPPED_H

#include "scan/token_finder.h"

/** @file Tokens in base64 of something: of a response's body, of a Basic field, of a mail's attachment. */

/**
 * @param skipped  bytes of a group of three in front of the header's first
 */
enum tscope_probe tscope_wrapped_probe(struct tscope_token_finder *finder, const struct tscope_window *window, size_t at, unsigned skipped,
                                       struct tscope_token_place *ret_place);

#endif
