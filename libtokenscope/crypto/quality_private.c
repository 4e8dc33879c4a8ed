/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/bn.h>

#include "core/error.h"
#include "crypto/internal.h"
#include "crypto/quality.h"

/* The continued fraction of e / n: a convergent k / d stands one step behind the other. */
struct fraction {
    BN_CTX *context;
    const BIGNUM *n, *e;
    BIGNUM *over, *under, *quotient, *rest;
    BIGNUM *k, *k_before, *d, *d_before;
    BIGNUM *phi, *sum, *root;
};

static bool
begin(struct fraction *fraction)
{
    BIGNUM **numbers[] = {&fraction->over, &fraction->under,    &fraction->quotient, &fraction->rest, &fraction->k,   &fraction->k_before,
                          &fraction->d,    &fraction->d_before, &fraction->phi,      &fraction->sum,  &fraction->root};

    for (size_t i = 0; i < TSCOPE_COUNT(numbers); i++) {
        *numbers[i] = BN_CTX_get(fraction->context);
        if (!*numbers[i])
            return false;
    }
    BN_zero(fraction->k_before);
    BN_zero(fraction->d);
    return BN_copy(fraction->over, fraction->e) && BN_copy(fraction->under, fraction->n) && BN_one(fraction->k) &&
           BN_one(fraction->d_before);
}

/* before, now = now, quotient * now + before */
static bool
advance(struct fraction *fraction, BIGNUM **before, BIGNUM **now)
{
    BIGNUM *next = *before;

    if (!BN_mul(fraction->rest, fraction->quotient, *now, fraction->context) || !BN_add(next, next, fraction->rest))
        return false;
    *before = *now;
    *now = next;
    return true;
}

static bool
step(struct fraction *fraction)
{
    BIGNUM *spent = fraction->over;

    if (!BN_div(fraction->quotient, spent, fraction->over, fraction->under, fraction->context))
        return false;
    fraction->over = fraction->under;
    fraction->under = spent;
    return advance(fraction, &fraction->k_before, &fraction->k) && advance(fraction, &fraction->d_before, &fraction->d);
}

/*
 * With the right k and d, phi is e * d / k without its fraction, also where d was made with the least common multiple of p - 1 and
 * q - 1, and p and q are the roots of x^2 - (n - phi + 1) x + n: half of the sum squared, less n, is a square.
 */
static bool
splits(struct fraction *fraction, bool *ret_splits)
{
    *ret_splits = false;
    if (BN_is_zero(fraction->k))
        return true;
    if (!BN_mul(fraction->phi, fraction->e, fraction->d, fraction->context) ||
        !BN_div(fraction->phi, NULL, fraction->phi, fraction->k, fraction->context))
        return false;
    if (!BN_sub(fraction->sum, fraction->n, fraction->phi) || !BN_add_word(fraction->sum, 1))
        return false;
    if (BN_is_negative(fraction->sum) || BN_is_odd(fraction->sum))
        return true;
    if (!BN_rshift1(fraction->sum, fraction->sum) || !BN_sqr(fraction->root, fraction->sum, fraction->context) ||
        !BN_sub(fraction->root, fraction->root, fraction->n))
        return false;
    if (BN_is_negative(fraction->root))
        return true;
    return tscope_rsa_is_square(fraction->root, ret_splits, fraction->context);
}

/* Each step makes d longer by more than half a bit on the average; behind a fourth of the modulus nothing is found (Wiener 1990). */
static bool
search(struct fraction *fraction, bool *ret_small)
{
    int longest = BN_num_bits(fraction->n) / 4;

    *ret_small = false;
    while (!*ret_small && !BN_is_zero(fraction->under) && BN_num_bits(fraction->d) <= longest) {
        if (!step(fraction) || !splits(fraction, ret_small))
            return false;
    }
    return true;
}

enum tscope_status
tscope_rsa_has_small_private(struct tscope_span n, struct tscope_span e, bool *ret_small, struct tscope_error *err)
{
    struct tscope_span modulus = tscope_number_strip(n), exponent = tscope_number_strip(e);
    struct fraction fraction = {.context = NULL};
    BIGNUM *n_number, *e_number;
    bool done;

    *ret_small = false;
    if (modulus.len < 8 || modulus.len > TSCOPE_RSA_WIENER_BITS_MAX / 8 || exponent.len > modulus.len || exponent.len < modulus.len / 2)
        return TSCOPE_OK; /* a small private exponent makes the public one about as long as the modulus */
    fraction.context = BN_CTX_new();
    if (!fraction.context)
        return tscope_error_no_memory(err);
    BN_CTX_start(fraction.context);
    n_number = BN_CTX_get(fraction.context);
    e_number = BN_CTX_get(fraction.context);
    fraction.n = n_number;
    fraction.e = e_number;
    done = e_number && BN_bin2bn(modulus.data, (int)modulus.len, n_number) && BN_bin2bn(exponent.data, (int)exponent.len, e_number) &&
           begin(&fraction) && search(&fraction, ret_small);
    BN_CTX_end(fraction.context);
    BN_CTX_free(fraction.context);
    return done ? TSCOPE_OK : tscope_error_no_memory(err);
}
