/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_GMP_LOAD_H
#define TSCOPE_CRYPTO_GMP_LOAD_H

#include <gmp.h>

#include "crypto/optional.h"

/** @file What we call of GMP, found when it is asked for. Its header gives its functions other names, by macros that all of this follows.
 */

#define TSCOPE_GMP_FUNCTIONS(X) \
    X(mpz_add_ui)               \
    X(mpz_clear)                \
    X(mpz_clears)               \
    X(_mpz_cmp_ui)              \
    X(mpz_divisible_ui_p)       \
    X(mpz_export)               \
    X(mpz_gcd)                  \
    X(mpz_get_ui)               \
    X(mpz_import)               \
    X(mpz_init)                 \
    X(mpz_init_set_ui)          \
    X(mpz_inits)                \
    X(mpz_pow_ui)               \
    X(mpz_powm_ui)              \
    X(mpz_remove)               \
    X(mpz_set)                  \
    X(mpz_sizeinbase)           \
    X(mpz_sub)

struct tscope_gmp {
    TSCOPE_GMP_FUNCTIONS(TSCOPE_OPTIONAL_MEMBER)
};

/** NULL: GMP is not installed. The library is given back with tscope_optional_close(). */
void *tscope_gmp_load(struct tscope_gmp *ret_gmp);

#endif
