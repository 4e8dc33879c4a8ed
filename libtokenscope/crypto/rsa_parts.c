/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/rsa_parts.h"

#include <openssl/bn.h>

#include "core/error.h"
#include "crypto/internal.h"

#define BYTES_MAX (TSCOPE_PRIVATE_RSA_BITS_MAX / 8)
#define NUMBERS 8
#define COFACTOR_BITS_MAX 31  /* p - 1 and q - 1 have more in common once in billions of keys */
#define QUOTIENT_BITS_MIN 100 /* of a continued fraction: others are that long once in 2^100 */
#define BASES_MAX 64          /* each base shows the primes with a chance of a half at least */

/* All of it is cleared at the end: BN_CTX_end() alone would leave the numbers in memory. */
struct work {
    BN_CTX *context;
    BIGNUM *n, *e, *d, *p, *q, *dp, *dq, *qi;
    BIGNUM *p1, *q1, *a, *b, *c;
};

#define WORK_COUNT 13

static BIGNUM **
number_of(struct work *work, size_t i)
{
    BIGNUM **const all[WORK_COUNT] = {&work->n,  &work->e,  &work->d,  &work->p, &work->q, &work->dp, &work->dq,
                                      &work->qi, &work->p1, &work->q1, &work->a, &work->b, &work->c};

    return all[i];
}

static bool
open_work(struct work *work)
{
    work->context = BN_CTX_new();
    for (size_t i = 0; i < WORK_COUNT; i++)
        *number_of(work, i) = BN_new();
    for (size_t i = 0; i < WORK_COUNT; i++) {
        if (!*number_of(work, i))
            return false;
    }
    return work->context != NULL;
}

static void
close_work(struct work *work)
{
    for (size_t i = 0; i < WORK_COUNT; i++)
        BN_clear_free(*number_of(work, i));
    BN_CTX_free(work->context);
}

/* An absent number stays zero. False: out of memory. */
static bool
load(BIGNUM *number, struct tscope_span bytes)
{
    bytes = tscope_number_strip(bytes);
    if (!bytes.len) {
        BN_zero(number);
        return true;
    }
    return BN_bin2bn(bytes.data, (int)bytes.len, number) != NULL;
}

static bool
load_all(struct work *work, const struct tscope_private_numbers *numbers)
{
    return load(work->n, numbers->open.n) && load(work->e, numbers->open.e) && load(work->d, numbers->d) && load(work->p, numbers->p) &&
           load(work->q, numbers->q) && load(work->dp, numbers->dp) && load(work->dq, numbers->dq) && load(work->qi, numbers->qi);
}

static bool
is_bounded(const struct tscope_private_numbers *numbers)
{
    size_t most = tscope_number_strip(numbers->open.n).len;
    const struct tscope_span rest[] = {numbers->open.e, numbers->d, numbers->p, numbers->q, numbers->dp, numbers->dq, numbers->qi};

    if (most < 8 || most > BYTES_MAX)
        return false;
    for (size_t i = 0; i < TSCOPE_COUNT(rest); i++) {
        if (tscope_number_strip(rest[i]).len > most)
            return false;
    }
    return true;
}

/* The other prime of the one given. Both given are left for the product to judge. False: out of memory. */
static bool
find_other_prime(struct work *work, bool *ret_holds)
{
    BIGNUM *known = BN_is_zero(work->p) ? work->q : work->p, *other = BN_is_zero(work->p) ? work->p : work->q;

    if (BN_is_zero(known) || BN_is_one(known)) {
        *ret_holds = false;
        return true;
    }
    if (BN_is_zero(other) && !BN_div(other, NULL, work->n, known, work->context))
        return false;
    if (!BN_mul(work->a, work->p, work->q, work->context))
        return false;
    *ret_holds = BN_cmp(work->a, work->n) == 0 && !BN_is_one(other) && BN_cmp(work->p, work->q) != 0;
    return BN_sub(work->p1, work->p, BN_value_one()) && BN_sub(work->q1, work->q, BN_value_one());
}

/* d by the least common multiple of p - 1 and q - 1 (RFC 8017 section 3.2). An exponent that shares a factor with it has none. */
static bool
find_exponent(struct work *work, bool *ret_holds)
{
    if (!BN_gcd(work->a, work->p1, work->q1, work->context) || !BN_div(work->b, NULL, work->p1, work->a, work->context) ||
        !BN_mul(work->c, work->b, work->q1, work->context))
        return false;
    *ret_holds = BN_mod_inverse(work->d, work->e, work->c, work->context) != NULL;
    return true;
}

/* e times the exponent is 1 modulo less_one. */
static bool
inverts(struct work *work, const BIGNUM *exponent, const BIGNUM *less_one, bool *ret_holds)
{
    if (!BN_mod_mul(work->a, work->e, exponent, less_one, work->context))
        return false;
    *ret_holds &= BN_is_one(work->a);
    return true;
}

/* A number that was given must be the one that the others make; one that was not is made. */
static bool
settle(BIGNUM *given, const BIGNUM *made, bool *ret_holds)
{
    if (BN_is_zero(given))
        return BN_copy(given, made) != NULL;
    *ret_holds &= BN_cmp(given, made) == 0;
    return true;
}

static bool
settle_remainders(struct work *work, bool *ret_holds)
{
    if (!BN_mod(work->b, work->d, work->p1, work->context) || !settle(work->dp, work->b, ret_holds) ||
        !BN_mod(work->b, work->d, work->q1, work->context) || !settle(work->dq, work->b, ret_holds))
        return false;
    if (!BN_mod_inverse(work->b, work->q, work->p, work->context)) {
        *ret_holds = false;
        return true;
    }
    return settle(work->qi, work->b, ret_holds);
}

/* With the primes known or found. False: out of memory. */
static bool
settle_all(struct work *work, bool *ret_holds)
{
    if (!find_other_prime(work, ret_holds))
        return false;
    if (*ret_holds && BN_is_zero(work->d) && !find_exponent(work, ret_holds))
        return false;
    if (*ret_holds && (!inverts(work, work->d, work->p1, ret_holds) || !inverts(work, work->d, work->q1, ret_holds)))
        return false;
    return !*ret_holds || settle_remainders(work, ret_holds);
}

/*
 * e d - 1 is a multiple of the order of every base: halved until it is odd, a power of some base by it is a square root of 1 on the way,
 * and one that is neither 1 nor -1 shares a prime with n (NIST SP 800-56B appendix C).
 */
static bool
try_base(struct work *work, const BIGNUM *odd, int halvings, bool *ret_found)
{
    if (!BN_mod_exp(work->b, work->b, odd, work->n, work->context))
        return false;
    for (int i = 0; i < halvings && !BN_is_one(work->b); i++) {
        if (!BN_mod_sqr(work->c, work->b, work->n, work->context))
            return false;
        if (BN_is_one(work->c)) {
            if (!BN_sub_word(work->b, 1) || !BN_gcd(work->p, work->b, work->n, work->context))
                return false;
            *ret_found = !BN_is_one(work->p) && BN_cmp(work->p, work->n) != 0;
            return true;
        }
        if (!BN_copy(work->b, work->c))
            return false;
    }
    return true;
}

static bool
find_primes(struct work *work, bool *ret_found)
{
    int halvings = 0;

    *ret_found = false;
    if (!BN_mul(work->a, work->e, work->d, work->context) || !BN_sub_word(work->a, 1))
        return false;
    if (BN_is_zero(work->a) || BN_is_odd(work->a))
        return true;
    while (!BN_is_bit_set(work->a, halvings))
        halvings++;
    if (!BN_rshift(work->a, work->a, halvings))
        return false;
    for (BN_ULONG base = 2; base < BASES_MAX && !*ret_found; base++) {
        if (!BN_set_word(work->b, base) || !try_base(work, work->a, halvings, ret_found))
            return false;
        if (base == 2 && !*ret_found && !BN_is_one(work->b) && !BN_is_one(work->c))
            return true; /* the power was not 1 in the end: d is no exponent of n and e */
    }
    return true;
}

static bool
write_parts(struct work *work, struct tscope_rsa_parts *parts)
{
    struct tscope_private_numbers *numbers = &parts->numbers;
    const BIGNUM *from[NUMBERS] = {work->n, work->e, work->d, work->p, work->q, work->dp, work->dq, work->qi};
    struct tscope_span *to[NUMBERS] = {&numbers->open.n, &numbers->open.e, &numbers->d,  &numbers->p,
                                       &numbers->q,      &numbers->dp,     &numbers->dq, &numbers->qi};
    size_t len = 0;
    uint8_t *at;

    for (size_t i = 0; i < NUMBERS; i++)
        len += (size_t)BN_num_bytes(from[i]);
    at = tscope_alloc(len);
    if (!at)
        return false;
    *parts = (struct tscope_rsa_parts){.room = at, .room_len = len};
    numbers->open.type = TSCOPE_KEY_RSA;
    for (size_t i = 0; i < NUMBERS; i++) {
        *to[i] = tscope_span_of(at, (size_t)BN_bn2bin(from[i], at));
        at += to[i]->len;
    }
    return true;
}

static bool
fill(struct work *work, const struct tscope_private_numbers *numbers, struct tscope_rsa_parts *parts, bool *ret_holds)
{
    bool found = true;

    if (!load_all(work, numbers))
        return false;
    if (!BN_is_odd(work->n) || !BN_is_odd(work->e) || BN_is_one(work->e))
        return true;
    if (BN_is_zero(work->p) && BN_is_zero(work->q)) {
        if (BN_is_zero(work->d))
            return true;
        if (!find_primes(work, &found))
            return false;
    }
    *ret_holds = found;
    if (found && !settle_all(work, ret_holds))
        return false;
    return !*ret_holds || write_parts(work, parts);
}

enum tscope_status
tscope_rsa_parts_fill(const struct tscope_private_numbers *numbers, struct tscope_rsa_parts *ret_parts, bool *ret_holds,
                      struct tscope_error *err)
{
    struct work work = {.context = NULL};
    bool done;

    *ret_holds = false;
    if (!is_bounded(numbers))
        return TSCOPE_OK;
    done = open_work(&work) && fill(&work, numbers, ret_parts, ret_holds);
    close_work(&work);
    if (!done)
        *ret_holds = false;
    return done ? TSCOPE_OK : tscope_error_no_memory(err);
}

/*
 * With phi = n + 1 - (p + q) known, (p + q)^2 - 4 n is the square of p - q. a: e d - 1 times a multiple of what phi was divided by, which
 * is a multiple k of phi; phi is n less about its root, so k is a / n rounded up.
 */
static bool
solve(struct work *work, bool *ret_holds)
{
    *ret_holds = false;
    if (!BN_div(work->b, NULL, work->a, work->n, work->context) || !BN_add_word(work->b, 1) ||
        !BN_div(work->c, work->p, work->a, work->b, work->context))
        return false;
    if (!BN_is_zero(work->p) || !BN_sub(work->a, work->n, work->c) || !BN_add_word(work->a, 1) || BN_is_negative(work->a))
        return true;
    if (!BN_sqr(work->b, work->a, work->context) || !BN_lshift(work->c, work->n, 2) || !BN_sub(work->b, work->b, work->c))
        return false;
    if (BN_is_negative(work->b) || BN_is_zero(work->b))
        return true;
    return tscope_rsa_square_root(work->b, work->c, ret_holds, work->context) && (!*ret_holds || BN_add(work->p, work->a, work->c)) &&
           (!*ret_holds || BN_rshift1(work->p, work->p));
}

/*
 * What phi was divided by: e d - 1 is k phi / g for whole k and g, so that over n it is less than k / g by a fraction as small as the root
 * of n. Euclid's steps over both (the continued fraction) come past g, and show it by a quotient of as many bits as no others have.
 * ret_cofactor: 0 when no such quotient comes while g is short. p and q are used, and a is left as e d - 1.
 */
static bool
find_cofactor(struct work *work, BN_ULONG *ret_cofactor)
{
    BIGNUM *larger = work->p, *smaller = work->q, *rest = work->c, *quotient = work->b, *free;
    uint64_t before = 0, now = 1; /* denominators */

    *ret_cofactor = 0;
    if (!BN_copy(larger, work->n) || !BN_nnmod(smaller, work->a, work->n, work->context))
        return false;
    while (!BN_is_zero(smaller)) {
        uint64_t word, next;

        if (!BN_div(quotient, rest, larger, smaller, work->context))
            return false;
        if (BN_num_bits(quotient) > QUOTIENT_BITS_MIN) {
            *ret_cofactor = now;
            return true;
        }
        word = BN_num_bits(quotient) > COFACTOR_BITS_MAX ? UINT64_MAX : BN_get_word(quotient);
        if (__builtin_mul_overflow(word, now, &next) || __builtin_add_overflow(next, before, &next) || next >> COFACTOR_BITS_MAX)
            return true;
        before = now;
        now = next;
        free = larger;
        larger = smaller;
        smaller = rest;
        rest = free;
    }
    return true;
}

/* Finds p, and leaves q to be found from it. */
static bool
find_by_exponent(struct work *work, bool *ret_holds)
{
    BN_ULONG cofactor;

    *ret_holds = false;
    if (!BN_mul(work->a, work->e, work->d, work->context) || BN_is_zero(work->a) || !BN_sub_word(work->a, 1) ||
        !find_cofactor(work, &cofactor))
        return false;
    BN_zero(work->q);
    return cofactor == 0 || (BN_mul_word(work->a, cofactor) && solve(work, ret_holds));
}

enum tscope_status
tscope_rsa_parts_of_exponent(struct tscope_span n, struct tscope_span e, struct tscope_span d, struct tscope_rsa_parts *ret_parts,
                             bool *ret_holds, struct tscope_error *err)
{
    const struct tscope_private_numbers numbers = {.open = {.type = TSCOPE_KEY_RSA, .n = n, .e = e}, .d = d};
    struct work work = {.context = NULL};
    bool done;

    *ret_holds = false;
    if (!is_bounded(&numbers))
        return TSCOPE_OK;
    done = open_work(&work) && load_all(&work, &numbers) && (BN_is_zero(work.d) || find_by_exponent(&work, ret_holds));
    if (done && *ret_holds)
        done = settle_all(&work, ret_holds) && (!*ret_holds || write_parts(&work, ret_parts));
    close_work(&work);
    if (!done)
        *ret_holds = false;
    return done ? TSCOPE_OK : tscope_error_no_memory(err);
}

void
tscope_rsa_parts_clear(struct tscope_rsa_parts *parts)
{
    if (parts->room)
        tscope_wipe(parts->room, parts->room_len);
    tscope_free(parts->room);
    *parts = (struct tscope_rsa_parts){.room = NULL};
}
