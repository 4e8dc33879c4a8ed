/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_SIGNATURE_PRESENCE_H
#define TSCOPE_TOKEN_SIGNATURE_PRESENCE_H

#include "token/token.h"

/** @file Whether a signature is there, or what a sanitizer or the end of a field left of it. */

/** What stands in the place of a signature whose part is decoded and whose header is read. */
enum tscope_signature_presence tscope_signature_presence_of(const struct tscope_token_signature *signature);

/** True when it is known how long the signatures of this algorithm are. */
bool tscope_signature_is_known(struct tscope_span alg);
/** True when a signature of this algorithm may have so many bytes; for RSA the usual sizes of a modulus count. */
bool tscope_signature_may_have_len(struct tscope_span alg, size_t len);

#endif
