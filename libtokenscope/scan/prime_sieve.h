/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_PRIME_SIEVE_H
#define TSCOPE_SCAN_PRIME_SIEVE_H

#include "crypto/exponent.h"
#include "scan/prime_layout.h"

/**
 * @file Where a number may begin, told by little of it, of many places at once. Masks have bit i for begin i of 32. What is let through is
 * asked about more closely, so that it is no fault to let through too much; each way here lets through the same, with what only some
 * machines have or without.
 */

/** How a number lies in memory. */
struct tscope_prime_layout {
    size_t top, low; /* where its highest and its lowest byte are */
};

struct tscope_prime_layout tscope_prime_layout_of(enum tscope_prime_order order, size_t len);

/**
 * Sets bit i of masks for each begin i of 32 * words whose byte at top is at least floor and whose byte at low is odd.
 *
 * @param bytes  of begin 0; those up to the farther of both bytes of the last begin, and 31 behind, can be read
 */
void tscope_prime_sieve(const uint8_t *bytes, size_t words, const struct tscope_prime_layout *layout, uint8_t floor, uint32_t *masks);
void tscope_prime_sieve_plain(const uint8_t *bytes, size_t words, const struct tscope_prime_layout *layout, uint8_t floor, uint32_t *masks);

/** Every step'th of 32 begins from first on: step is 1, 4 or 8, and first less. */
struct tscope_prime_places {
    unsigned first, step;
};

/**
 * Sets bits for those of the places at which an int of CPython may begin: its highest digit is under the limit and not zero, and it is odd.
 *
 * @param bytes  of begin 0; as above
 * @param top    of the highest digit, from the begin on
 */
void tscope_prime_sieve_digits(const uint8_t *bytes, size_t words, size_t top, uint32_t limit, struct tscope_prime_places places,
                               uint32_t *masks);
void tscope_prime_sieve_digits_plain(const uint8_t *bytes, size_t words, size_t top, uint32_t limit, struct tscope_prime_places places,
                                     uint32_t *masks);

/**
 * Sets bits for those of the places whose highest 64 bits may be a private exponent's: all that tscope_exponent_fits() says so of, and
 * few others.
 *
 * @param bytes  of the highest 64 bits of begin 0; 39 more than the begins can be read
 */
void tscope_prime_sieve_exponent(const uint8_t *bytes, size_t words, enum tscope_prime_order order, const struct tscope_exponent *exponent,
                                 struct tscope_prime_places places, uint32_t *masks);
void tscope_prime_sieve_exponent_plain(const uint8_t *bytes, size_t words, enum tscope_prime_order order,
                                       const struct tscope_exponent *exponent, struct tscope_prime_places places, uint32_t *masks);

#define TSCOPE_PRIME_LEN_MAX 512u /* bytes of a prime */

/** What each byte of a number weighs modulo 91. */
struct tscope_prime_weights {
    size_t len;
    uint8_t of[TSCOPE_PRIME_LEN_MAX];
};

/** Of a byte that weighs 256 to this power. */
uint8_t tscope_prime_weight(size_t power);

/**
 * Drops begins of a list whose number has a factor 3, 5, 7, 13 or 17, as six of ten have.
 *
 * @param bytes  of begin 0; the whole number of each begin can be read
 * @return how many are left
 */
size_t tscope_prime_drop_factors(const uint8_t *bytes, const struct tscope_prime_weights *weights, uint16_t *begins, size_t len);
size_t tscope_prime_drop_factors_plain(const uint8_t *bytes, const struct tscope_prime_weights *weights, uint16_t *begins, size_t len);

/**
 * Lists the begins of masks in which no bits but those of the places are set, in any order.
 *
 * @param begins  has room for all of them
 */
size_t tscope_prime_list(const uint32_t *masks, size_t words, struct tscope_prime_places places, uint16_t *begins);

#endif
