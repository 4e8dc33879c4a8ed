/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_QUALITY_H
#define TSCOPE_CRYPTO_QUALITY_H

#include <tokenscope/status.h>

#include "core/alloc.h"
#include "core/span.h"

/** @file Whether an RSA modulus gives its factors away, found out from the public number alone. */

/* X(NAME, "words") */
#define TSCOPE_FOREACH_RSA_WEAKNESS(X)                                                                  \
    X(NONE, "none is known")                                                                            \
    X(FACTOR, "the modulus has a small factor")                                                         \
    X(PRIME, "the modulus is a prime, not a product of two")                                            \
    X(CLOSE, "the primes are close together, and Fermat's method finds them at once")                   \
    X(ROCA, "the modulus has the form of keys made by a faulty chip library (ROCA, CVE-2017-15361)")    \
    X(POLYNOMIAL, "the modulus is zero in the same bits of every chunk, and factors like a polynomial") \
    X(PATTERN, "the modulus holds 16 equal bytes in a row, which no random primes give")                \
    X(BIAS, "the modulus has far more ones or zeros than random primes give")

enum tscope_rsa_weakness {
#define TSCOPE_RSA_WEAKNESS_ENUM(name, words) TSCOPE_RSA_WEAKNESS_##name,
    TSCOPE_FOREACH_RSA_WEAKNESS(TSCOPE_RSA_WEAKNESS_ENUM)
#undef TSCOPE_RSA_WEAKNESS_ENUM
};

const char *tscope_rsa_weakness_text(enum tscope_rsa_weakness weakness);

/** How far to look: THOROUGH costs milliseconds a key, QUICK a tenth of one; a GLANCE at the bits alone next to nothing. */
enum tscope_rsa_effort { TSCOPE_RSA_GLANCE, TSCOPE_RSA_QUICK, TSCOPE_RSA_THOROUGH };

/** What is made once for many moduli. For one thread. */
typedef struct tscope_rsa_judge tscope_rsa_judge;

/** most: how far it will be asked to look. */
TSCOPE_MUST_USE enum tscope_status tscope_rsa_judge_new(enum tscope_rsa_effort most, tscope_rsa_judge **ret_judge,
                                                        struct tscope_error *err);
void tscope_rsa_judge_free(tscope_rsa_judge *judge);
TSCOPE_DEFINE_AUTO(tscope_rsa_judge)

/**
 * Looks for small factors, close primes, the ROCA form, a prime modulus, and bits that are not drawn at random. Moduli over 16384 bits
 * are not looked into.
 *
 * @param n           big-endian, any leading zeros
 * @param ret_factor  a small factor when FACTOR is the answer
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_rsa_judge_modulus(tscope_rsa_judge *judge, struct tscope_span n, enum tscope_rsa_effort effort,
                                                            enum tscope_rsa_weakness *ret_weakness, unsigned *ret_factor,
                                                            struct tscope_error *err);

/** Longer moduli are not searched for a small private exponent. */
#define TSCOPE_RSA_WIENER_BITS_MAX 4096u

/**
 * Whether the private exponent is so small, less than the fourth root of the modulus, that it follows from the public key (Wiener's
 * attack). Costs next to nothing where e is not about as long as n, else milliseconds.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_rsa_has_small_private(struct tscope_span n, struct tscope_span e, bool *ret_small,
                                                                struct tscope_error *err);

/** Bits of all moduli together that tscope_rsa_find_shared() takes: its time grows with their square. */
#define TSCOPE_RSA_SHARED_BITS_MAX (1536u << 10)

/**
 * Looks for a prime that two different moduli share.
 *
 * @param moduli      different ones, none zero, TSCOPE_RSA_SHARED_BITS_MAX bits in all at most
 * @param ret_shared  moduli_len answers
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_TOO_LARGE
 */
TSCOPE_MUST_USE enum tscope_status tscope_rsa_find_shared(const struct tscope_span *moduli, size_t moduli_len, bool *ret_shared,
                                                          struct tscope_error *err);

/** Whether the first modulus shares a prime with another one: different ones, none zero; how many is the caller's to bound. */
TSCOPE_MUST_USE enum tscope_status tscope_rsa_shares_prime(const struct tscope_span *moduli, size_t moduli_len, bool *ret_shares,
                                                           struct tscope_error *err);

#endif
