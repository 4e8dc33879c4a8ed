/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_GIVEN_H
#define BENCH_GIVEN_H

#include "peer.h"
#include "tokens.h"

/** The tokens that a peer is given, as bench_tokens_make() would have made them. Never released. */
void given_tokens(const struct peer_data *data, struct bench_tokens *ret_tokens);

#endif
