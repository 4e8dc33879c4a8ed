/* SPDX-License-Identifier: Apache-2.0 */
#include "given.h"
#include "peer.h"
#include "raw.h"

/** @file The limit, to which all others are compared: libcrypto alone, nothing parsed, the signature decoded beforehand. */

static struct bench_tokens tokens;
static struct bench_raw raw;

const char *
peer_open(const struct peer_data *data)
{
    given_tokens(data, &tokens);
    bench_raw_open(&tokens, &raw);
    return NULL;
}

static bool
verify(size_t number)
{
    return bench_raw_run(&raw, number);
}

bool (*const peer_signature)(size_t number) = verify;
bool (*const peer_full)(size_t number) = NULL;
