/* SPDX-License-Identifier: Apache-2.0 */
#include "examiner.h"
#include "given.h"
#include "peer.h"

/** @file The library itself: a whole inspection with every check, which is more than the peers do. */

static struct bench_tokens tokens;
static struct bench_examiner examiner;

const char *
peer_open(const struct peer_data *data)
{
    given_tokens(data, &tokens);
    bench_examiner_open(&tokens, &examiner);
    return NULL;
}

static bool
inspect(size_t number)
{
    return bench_examiner_verdict(&examiner, number);
}

bool (*const peer_signature)(size_t number) = NULL;
bool (*const peer_full)(size_t number) = inspect;
