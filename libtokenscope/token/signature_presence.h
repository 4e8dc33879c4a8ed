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
/** Bytes of the longest usual signature of this algorithm that is shorter than so many; for RSA of 2048, 3072 and 4096 bits. 0: none. */
size_t tscope_signature_usual_below(struct tscope_span alg, size_t len);
/** True when signatures of some algorithm, or of some modulus that is no odd one, have so many bytes. */
bool tscope_signature_is_any_len(size_t len);

#endif
