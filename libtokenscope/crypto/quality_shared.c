/* SPDX-License-Identifier: Apache-2.0 */
#include <openssl/bn.h>

#include "core/error.h"
#include "crypto/internal.h"
#include "crypto/quality.h"

/* Batch GCD (Heninger et al., USENIX Security 2012): with P the product of all, gcd(n, (P mod n^2) / n) is more than 1 for an n that
 * shares a prime. P is divided by a tree of products of the squares, so that each step divides numbers of like size. */

struct batch {
    BN_CTX *context;
    BIGNUM **numbers; /* the moduli */
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

static bool
multiply(const struct batch *batch, size_t first, size_t len, BIGNUM *product)
{
    BIGNUM *left, *right;
    bool done;

    if (len == 1)
        return BN_copy(product, batch->numbers[first]) != NULL;
    BN_CTX_start(batch->context);
    left = BN_CTX_get(batch->context);
    right = BN_CTX_get(batch->context);
    done = right && multiply(batch, first, len / 2, left) && multiply(batch, first + len / 2, len - len / 2, right) &&
           BN_mul(product, left, right, batch->context);
    BN_CTX_end(batch->context);
    return done;
}

/* rest: the product of all modulo the square of the product of this run. Depth is the logarithm of a bounded count. */
static bool
divide(const struct batch *batch, size_t first, size_t len, const BIGNUM *rest)
{
    BIGNUM *own, *square, *smaller;
    bool done, coprime = true;

    BN_CTX_start(batch->context);
    own = BN_CTX_get(batch->context);
    square = BN_CTX_get(batch->context);
    smaller = BN_CTX_get(batch->context);
    done =
        smaller && multiply(batch, first, len, own) && BN_sqr(square, own, batch->context) && BN_mod(smaller, rest, square, batch->context);
    if (done && len > 1) {
        done = divide(batch, first, len / 2, smaller) && divide(batch, first + len / 2, len - len / 2, smaller);
    } else if (done) {
        done = BN_div(square, NULL, smaller, own, batch->context) && is_coprime(batch, own, square, &coprime);
        batch->shared[first] = done && !coprime;
    }
    BN_CTX_end(batch->context);
    return done;
}

static bool
run(const struct batch *batch, size_t count)
{
    BIGNUM *product;
    bool done;

    BN_CTX_start(batch->context);
    product = BN_CTX_get(batch->context);
    done = product && multiply(batch, 0, count, product) && divide(batch, 0, count / 2, product) &&
           divide(batch, count / 2, count - count / 2, product);
    BN_CTX_end(batch->context);
    return done;
}

static bool
read_numbers(const struct batch *batch, const struct tscope_span *moduli, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        batch->numbers[i] = BN_bin2bn(moduli[i].data, (int)moduli[i].len, NULL);
        if (!batch->numbers[i])
            return false;
    }
    return true;
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
    batch.context = BN_CTX_new();
    batch.numbers = tscope_alloc_zeroed(moduli_len, sizeof(BIGNUM *));
    done = batch.context && batch.numbers && read_numbers(&batch, moduli, moduli_len) && run(&batch, moduli_len);
    for (size_t i = 0; batch.numbers && i < moduli_len; i++)
        BN_free(batch.numbers[i]);
    tscope_free(batch.numbers);
    BN_CTX_free(batch.context);
    return done ? TSCOPE_OK : tscope_error_no_memory(err);
}
