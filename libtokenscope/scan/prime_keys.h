/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_PRIME_KEYS_H
#define TSCOPE_SCAN_PRIME_KEYS_H

#include "crypto/divisor.h"
#include "crypto/exponent.h"
#include "keys/keyring.h"
#include "scan/prime_layout.h"
#include "scan/prime_patterns.h"
#include "scan/prime_sieve.h"

/** @file Published RSA keys, prepared for the search for their private halves. */

/** Numbers are the keyring's. */
struct tscope_prime_key {
    struct tscope_span n, e;
    size_t words; /* of a prime */
    bool has_exponent;
    struct tscope_exponent exponent;
};

/** Those whose primes are of one length are asked together. */
struct tscope_prime_group {
    size_t words;
    tscope_divisor *divisor;
    uint32_t *numbers; /* of the divisor's moduli: which key */
    struct tscope_prime_weights weights[TSCOPE_PRIME_ORDERS];
};

/** Starts as {0}. */
struct tscope_prime_keys {
    struct tscope_arena arena;
    struct tscope_prime_key *list;
    size_t len;
    struct tscope_prime_group *groups;
    size_t groups_len;
    struct tscope_prime_patterns patterns; /* the moduli, in all ways in which they are written */
    size_t pattern_len_max;
};

/** Keys whose primes are no whole words are passed over. False: out of memory; to be cleared in any case. */
bool tscope_prime_keys_prepare(struct tscope_prime_keys *keys, const tscope_keyring *private_of);
void tscope_prime_keys_clear(struct tscope_prime_keys *keys);

#endif
