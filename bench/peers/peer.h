/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#ifdef __cplusplus
extern "C" {
#endif

#include <stdbool.h>
#include <stddef.h>

/**
 * @file One way to verify tokens, as a process of its own, so that libraries with the same names of functions do not meet. It is told on
 * standard input how many tokens to do, and answers when it has: see peer_main.c.
 */

/** What all peers are given: the same tokens, the key that signed them in three forms, and the set of twelve that it lies in. */
struct peer_data {
    const char *alg, *pem, *jwk, *jwks;
    char **tokens;
    size_t *token_lens;
    size_t len;
};

/** Within the lifetime of every token: what the clock of a peer shows that lets it be set. */
#define PEER_NOW 1760003000L
#define PEER_KEYS 12
#define PEER_ISSUER "https://sts.windows.net/"
#define PEER_AUDIENCE "api://"

/** Makes ready what can be made ready beforehand; returns NULL, or why this peer cannot do it. */
const char *peer_open(const struct peer_data *data);

/** The signature alone, by a key that is ready. NULL where a peer has no such thing. */
extern bool (*const peer_signature)(size_t number);
/** The token taken apart, its key found by kid among twelve, the signature, exp, iss and aud. NULL likewise. */
extern bool (*const peer_full)(size_t number);

#ifdef __cplusplus
}
#endif

#endif
