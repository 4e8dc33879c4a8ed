/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/bn.h>

#include "core/error.h"
#include "crypto/internal.h"
#include "crypto/quality.h"

/* A prime that n shares with another is one that it shares with the product of all others, taken modulo n. A Montgomery multiplication
 * costs less than a microsecond, so that for a thousand moduli this is faster than dividing big products by trees of them (Heninger et
 * al., USENIX Security 2012), for which libcrypto divides too slowly. The factors of R that it leaves do no harm: n is odd. */

struct batch {
    BN_CTX *context;
    BN_MONT_CTX *montgomery;
    BIGNUM **numbers; /* the odd parts of the moduli */
    size_t len;
    bool *shared;
};

/* Euclid: libcrypto's own is made for secrets, and ten times slower. */
static bool
is_coprime(const struct batch *batch, const BIGNUM *a, const BIGNUM *b, bool *ret_coprime)
{
    BIGNUM *left, *right, *rest;
    bool done;

    BN_CTX_start(batch->context);
    left = BN_CTX_get(batch->context);
    right = BN_CTX_get(batch->context);
    rest = BN_CTX_get(batch->context);
    done = rest && BN_copy(left, a) && BN_copy(right, b);
    while (done && !BN_is_zero(right)) {
        BIGNUM *old = left;

        done = BN_mod(rest, left, right, batch->context);
        left = right;
        right = rest;
        rest = old;
    }
    *ret_coprime = done && BN_is_one(left);
    BN_CTX_end(batch->context);
    return done;
}

/* product: of numbers [first, end) modulo n, but for a power of R. */
static bool
multiply(const struct batch *batch, const BIGNUM *n, size_t first, size_t end, BIGNUM *product)
{
    BIGNUM *rest;
    bool done;

    BN_CTX_start(batch->context);
    rest = BN_CTX_get(batch->context);
    done = rest && BN_nnmod(product, batch->numbers[first], n, batch->context);
    for (size_t i = first + 1; i < end && done; i++) {
        const BIGNUM *number = batch->numbers[i];

        if (BN_num_bits(number) > BN_num_bits(n) + 64) {
            done = BN_nnmod(rest, number, n, batch->context);
            number = rest;
        }
        done = done && BN_mod_mul_montgomery(product, product, number, batch->montgomery, batch->context);
    }
    BN_CTX_end(batch->context);
    return done;
}

/* Whether the number shares a prime with those of [first, end). */
static bool
compare(const struct batch *batch, size_t number, size_t first, size_t end, bool *ret_shares)
{
    const BIGNUM *n = batch->numbers[number];
    bool done, coprime = true;
    BIGNUM *product;

    *ret_shares = false;
    if (first >= end || BN_is_one(n) || BN_is_zero(n))
        return true;
    BN_CTX_start(batch->context);
    product = BN_CTX_get(batch->context);
    done = product && BN_MONT_CTX_set(batch->montgomery, n, batch->context) && multiply(batch, n, first, end, product) &&
           is_coprime(batch, n, product, &coprime);
    BN_CTX_end(batch->context);
    *ret_shares = done && !coprime;
    return done;
}

/* Each is compared with those behind it, which says whether there is any; only then with those before it. */
static bool
run(const struct batch *batch)
{
    bool any = false, done = true;

    for (size_t i = 0; i < batch->len && done; i++) {
        done = compare(batch, i, i + 1, batch->len, &batch->shared[i]);
        any |= batch->shared[i];
    }
    for (size_t i = 1; i < batch->len && done && any; i++) {
        if (!batch->shared[i])
            done = compare(batch, i, 0, i, &batch->shared[i]);
    }
    return done;
}

/* Twos are no secret to be shared, and Montgomery's method asks for odd numbers. */
static bool
read_number(struct tscope_span bytes, BIGNUM **ret_number)
{
    BIGNUM *number = BN_bin2bn(bytes.data, (int)bytes.len, NULL);
    int twos = 0;

    *ret_number = number;
    if (!number || BN_is_zero(number))
        return number != NULL;
    while (!BN_is_bit_set(number, twos))
        twos++;
    return twos == 0 || BN_rshift(number, number, twos);
}

static bool
read_numbers(struct batch *batch, const struct tscope_span *moduli, size_t count)
{
    batch->context = BN_CTX_new();
    batch->montgomery = BN_MONT_CTX_new();
    batch->numbers = tscope_alloc_zeroed(count, sizeof(BIGNUM *));
    if (!batch->context || !batch->montgomery || !batch->numbers)
        return false;
    batch->len = count;
    for (size_t i = 0; i < count; i++) {
        if (!read_number(moduli[i], &batch->numbers[i]))
            return false;
    }
    return true;
}

static void
clear(struct batch *batch)
{
    for (size_t i = 0; i < batch->len; i++)
        BN_free(batch->numbers[i]);
    tscope_free(batch->numbers);
    BN_MONT_CTX_free(batch->montgomery);
    BN_CTX_free(batch->context);
}

enum tscope_status
tscope_rsa_find_shared(const struct tscope_span *moduli, size_t moduli_len, bool *ret_shared, struct tscope_error *err)
{
    struct batch batch = {.shared = ret_shared};
    size_t bytes = 0;
    bool done;

    for (size_t i = 0; i < moduli_len; i++) {
        ret_shared[i] = false;
        if (moduli[i].len > TSCOPE_RSA_SHARED_BITS_MAX / 8 - bytes)
            return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "moduli of more than %u bits",
                                    TSCOPE_RSA_SHARED_BITS_MAX);
        bytes += moduli[i].len;
    }
    if (moduli_len < 2)
        return TSCOPE_OK;
    done = read_numbers(&batch, moduli, moduli_len) && run(&batch);
    clear(&batch);
    return done ? TSCOPE_OK : tscope_error_no_memory(err);
}

enum tscope_status
tscope_rsa_shares_prime(const struct tscope_span *moduli, size_t moduli_len, bool *ret_shares, struct tscope_error *err)
{
    struct batch batch = {0};
    bool done;

    *ret_shares = false;
    if (moduli_len < 2)
        return TSCOPE_OK;
    done = read_numbers(&batch, moduli, moduli_len) && compare(&batch, 0, 1, moduli_len, ret_shares);
    clear(&batch);
    return done ? TSCOPE_OK : tscope_error_no_memory(err);
}
