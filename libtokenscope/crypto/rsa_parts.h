/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_RSA_PARTS_H
#define TSCOPE_CRYPTO_RSA_PARTS_H

#include "crypto/private.h"

/** @file All numbers of an RSA private key out of some of them, each held against the others. */

/** Starts as {0}. */
struct tscope_rsa_parts {
    struct tscope_private_numbers numbers; /* all eight, views into room */
    uint8_t *room;
    size_t room_len;
};

/**
 * Makes what is missing of n, e, d, p, q, dp, dq and qi, and says whether all that was given belongs together: n = p q, and e d = 1
 * modulo p - 1 and q - 1. Of n, e and d alone the primes are found (one exponentiation); of n and e with a prime, all the rest.
 *
 * @param ret_holds  false: not enough was given, it contradicts itself, or it is over 8192 bits; parts is then left alone
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_rsa_parts_fill(const struct tscope_private_numbers *numbers, struct tscope_rsa_parts *ret_parts,
                                                         bool *ret_holds, struct tscope_error *err);

/**
 * Whether d belongs to n and e, told without an exponentiation: what phi was divided by before d was reduced, when it is under 2^31,
 * shows in the continued fraction of (e d - 1) / n (M. Wiener, Cryptanalysis of Short RSA Secret Exponents, 1990, section IV), phi
 * follows from it, and the primes from phi. Finds the primes on the way. Exponents e over 32 bits may hide it.
 */
TSCOPE_MUST_USE enum tscope_status tscope_rsa_parts_of_exponent(struct tscope_span n, struct tscope_span e, struct tscope_span d,
                                                                struct tscope_rsa_parts *ret_parts, bool *ret_holds,
                                                                struct tscope_error *err);

/** Wipes and frees. */
void tscope_rsa_parts_clear(struct tscope_rsa_parts *parts);

/** What e d - 1 is multiplied with before phi is taken out of it: what the common divisor of p - 1 and q - 1 almost always divides. */
#define TSCOPE_RSA_COFACTOR 11531520u /* 2^8 3^2 5 7 11 13 */

#endif
