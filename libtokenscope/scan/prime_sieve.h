/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_PRIME_SIEVE_H
#define TSCOPE_SCAN_PRIME_SIEVE_H

#include "core/span.h"

/** @file Where a number may begin that is odd and not too small: two bytes of it are looked at, of thirty-two numbers at once. */

/** How a number lies in memory. */
struct tscope_prime_layout {
    size_t top, low; /* where its highest and its lowest byte are */
};

/**
 * Sets bit i of masks for each begin i of 32 * words whose byte at top is at least floor and whose byte at low is odd.
 *
 * @param bytes  of begin 0; those up to the farther of both bytes of the last begin, and 31 behind, can be read
 */
void tscope_prime_sieve(const uint8_t *bytes, size_t words, const struct tscope_prime_layout *layout, uint8_t floor, uint32_t *masks);
/** The same without what only some machines have. */
void tscope_prime_sieve_plain(const uint8_t *bytes, size_t words, const struct tscope_prime_layout *layout, uint8_t floor, uint32_t *masks);

#endif
