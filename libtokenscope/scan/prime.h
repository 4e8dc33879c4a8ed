/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_PRIME_H
#define TSCOPE_SCAN_PRIME_H

#include "scan/key_probe.h"

/**
 * @file The private halves of published RSA keys as raw numbers: programs keep keys as limbs, and of PEM or DER nothing is left in their
 * memory. A prime is known by dividing the modulus, a private exponent by what it makes of it, so nothing else is ever called one.
 */

/** How far to look: where allocators put numbers, and everywhere around copies of a modulus; everywhere; words of 32 bits at odd places,
 * too. */
enum tscope_prime_depth { TSCOPE_PRIME_ALIGNED, TSCOPE_PRIME_EVERYWHERE, TSCOPE_PRIME_DEEP };

/** The keys, prepared. For one thread. */
typedef struct tscope_prime_finder tscope_prime_finder;

/** @param private_of  frozen, borrowed: RSA keys; those whose primes are no whole words are passed over */
TSCOPE_MUST_USE enum tscope_status tscope_prime_finder_new(const tscope_keyring *private_of, enum tscope_prime_depth depth,
                                                           tscope_prime_finder **ret_finder, struct tscope_error *err);
void tscope_prime_finder_free(tscope_prime_finder *finder);
TSCOPE_DEFINE_AUTO(tscope_prime_finder)

/** How many different moduli are searched for. */
size_t tscope_prime_finder_keys(const tscope_prime_finder *finder);
/** Bytes that must be in the window behind a place that is searched, unless the stream ends before: less than TSCOPE_WINDOW_AHEAD. */
size_t tscope_prime_finder_ahead(const tscope_prime_finder *finder);
/** A stream is begun anew. */
void tscope_prime_finder_begin(tscope_prime_finder *finder);

/** Takes a number that was found; the key is the taker's. FOUND or NO_MEMORY. */
typedef enum tscope_probe tscope_prime_emit(void *user, const struct tscope_key_place *place);

/**
 * Finds numbers that begin in window->bytes[from..to); near ones come in any order.
 *
 * @return NOTHING or NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_probe tscope_prime_scan(tscope_prime_finder *finder, const struct tscope_window *window, size_t from, size_t to,
                                                    tscope_prime_emit *emit, void *user);

#endif
