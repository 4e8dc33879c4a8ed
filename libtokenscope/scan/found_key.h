/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_FOUND_KEY_H
#define TSCOPE_SCAN_FOUND_KEY_H

#include <tokenscope/scan.h>

#include "crypto/private.h"

/** @file A key that was found, with its private numbers in one run of memory that is wiped with it. */

/** Wipes and frees. NULL is allowed. */
void tscope_found_key_free(tscope_found_key *key);
TSCOPE_DEFINE_AUTO(tscope_found_key)

/** What a form's reader found, and has not proven. Borrowed; names are static. */
struct tscope_key_candidate {
    const char *form, *component, *layout;
    struct tscope_private_numbers numbers;
    bool is_closed;        /* encrypted: nothing of it can be read */
    bool is_number_proven; /* numbers are known to belong together: a prime that divided a modulus */
    bool is_public;        /* a published number, no private one */
};

/** Who proves, and against whose public keys. */
struct tscope_key_prover {
    tscope_crypto *crypto;
    const tscope_keyring *known; /* NULL: none */
};

/** True when the proof raises a number to a power of its own length: all others are some products. */
bool tscope_found_key_takes_power(const struct tscope_key_candidate *candidate);

/**
 * Proves a candidate, as far as its form lets it be proven.
 *
 * @param ret_key  NULL when it is no key; else the caller's
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_found_key_prove(const struct tscope_key_prover *prover,
                                                          const struct tscope_key_candidate *candidate, tscope_found_key **ret_key,
                                                          struct tscope_error *err);

#endif
