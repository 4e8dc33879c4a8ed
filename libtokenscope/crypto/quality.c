/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/quality.h"

#include <openssl/bn.h>

#include "core/error.h"
#include "crypto/internal.h"

#define PRIMES_BELOW 65536
#define QUICK_PRIMES_BELOW 1024
#define THOROUGH_ROUNDS 100
#define QUICK_ROUNDS 20
#define BITS_MAX 16384
#define PATTERN_BYTES 16
#define BIAS_BITS_MIN 512
#define PRIME_TEST_BITS_MAX 4096 /* beyond, one test costs a tenth of a second */

/* Primes whose product fits in a word: one division for all of them. */
struct group {
    BN_ULONG product;
    uint16_t first, len;
};

struct tscope_rsa_judge {
    BN_CTX *context;
    uint16_t primes[6542];
    struct group groups[6542];
    size_t primes_len, groups_len;
};

const char *
tscope_rsa_weakness_text(enum tscope_rsa_weakness weakness)
{
    static const char *const texts[] = {
#define WEAKNESS_TEXT(name, words) [TSCOPE_RSA_WEAKNESS_##name] = words,
        TSCOPE_FOREACH_RSA_WEAKNESS(WEAKNESS_TEXT)
#undef WEAKNESS_TEXT
    };

    return texts[weakness];
}

static void
list_primes(tscope_rsa_judge *judge, uint32_t below)
{
    uint8_t composite[PRIMES_BELOW / 8] = {0};

    for (uint32_t i = 2; i < below; i++) {
        if (composite[i / 8] & (1u << i % 8))
            continue;
        judge->primes[judge->primes_len++] = (uint16_t)i;
        for (uint32_t j = i * 2; j < below; j += i)
            composite[j / 8] = (uint8_t)(composite[j / 8] | 1u << j % 8);
    }
}

static void
group_primes(tscope_rsa_judge *judge)
{
    struct group *group = NULL;

    for (size_t i = 0; i < judge->primes_len; i++) {
        BN_ULONG prime = judge->primes[i];

        if (!group || group->product > (BN_ULONG)-1 / prime) {
            group = &judge->groups[judge->groups_len++];
            *group = (struct group){.product = 1, .first = (uint16_t)i};
        }
        group->product *= prime;
        group->len++;
    }
}

enum tscope_status
tscope_rsa_judge_new(enum tscope_rsa_effort most, tscope_rsa_judge **ret_judge, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_rsa_judge) *judge = tscope_alloc_zeroed(1, sizeof(*judge));

    if (!judge)
        return tscope_error_no_memory(err);
    judge->context = BN_CTX_new();
    if (!judge->context)
        return tscope_error_no_memory(err);
    list_primes(judge, most == TSCOPE_RSA_THOROUGH ? PRIMES_BELOW : QUICK_PRIMES_BELOW);
    group_primes(judge);
    *ret_judge = TSCOPE_STEAL(judge);
    return TSCOPE_OK;
}

void
tscope_rsa_judge_free(tscope_rsa_judge *judge)
{
    if (!judge)
        return;
    BN_CTX_free(judge->context);
    tscope_free(judge);
}

/* The smallest prime factor below a bound; 0: none. A modulus that is itself so small has lost all meaning, and counts. */
static unsigned
find_factor(const tscope_rsa_judge *judge, const BIGNUM *n, unsigned below)
{
    for (size_t g = 0; g < judge->groups_len; g++) {
        const struct group *group = &judge->groups[g];
        BN_ULONG rest;

        if (judge->primes[group->first] >= below)
            break;
        rest = BN_mod_word(n, group->product);
        for (size_t i = group->first; i < (size_t)group->first + group->len; i++) {
            if (rest % judge->primes[i] == 0)
                return judge->primes[i];
        }
    }
    return 0;
}

/* Whether rest is a power of 65537 modulo a small prime. */
static bool
is_power(unsigned rest, unsigned prime)
{
    unsigned power = 1;

    for (unsigned i = 0; i < prime; i++) {
        if (power == rest)
            return true;
        power = power * (65537 % prime) % prime;
    }
    return false;
}

/* Primes of the faulty library are k * M + 65537^a mod M, M a product of small primes: so is n modulo each (ROCA, CCS 2017).
 * That a sound modulus is by chance is about as likely as 2^-27. */
static bool
is_roca(const BIGNUM *n)
{
    static const uint8_t primes[] = {3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
                                     73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

    for (size_t i = 0; i < TSCOPE_COUNT(primes); i++) {
        if (!is_power((unsigned)BN_mod_word(n, primes[i]), primes[i]))
            return false;
    }
    return true;
}

/* Newton's method from above: the largest root with root * root <= n. False: out of memory. */
static bool
find_root(const BIGNUM *n, BIGNUM *root, BN_CTX *context)
{
    BIGNUM *next = BN_CTX_get(context);

    if (!next || !BN_one(root) || !BN_lshift(root, root, (BN_num_bits(n) + 1) / 2))
        return false;
    for (int i = 0; i < BITS_MAX; i++) {
        if (!BN_div(next, NULL, n, root, context) || !BN_add(next, next, root) || !BN_rshift1(next, next))
            return false;
        if (BN_cmp(next, root) >= 0)
            return true;
        if (!BN_copy(root, next))
            return false;
    }
    return true;
}

static bool
is_residue(unsigned rest, unsigned modulus)
{
    for (unsigned i = 0; i <= modulus / 2; i++) {
        if (i * i % modulus == rest)
            return true;
    }
    return false;
}

/* Nearly all numbers are told to be no squares by their rests. */
static bool
may_be_square(const BIGNUM *number)
{
    unsigned rest = (unsigned)BN_mod_word(number, 64 * 63);

    return is_residue(rest % 64, 64) && is_residue(rest % 63, 63) && is_residue((unsigned)BN_mod_word(number, 65), 65) &&
           is_residue((unsigned)BN_mod_word(number, 11 * 17), 11 * 17);
}

bool
tscope_rsa_square_root(const BIGNUM *number, BIGNUM *root, bool *ret_square, BN_CTX *context)
{
    BIGNUM *square;
    bool done;

    *ret_square = false;
    if (!may_be_square(number))
        return true;
    BN_CTX_start(context);
    square = BN_CTX_get(context);
    BN_zero(root);
    done = square && (BN_is_zero(number) || find_root(number, root, context)) && BN_sqr(square, root, context);
    if (done)
        *ret_square = BN_cmp(square, number) == 0;
    BN_CTX_end(context);
    return done;
}

bool
tscope_rsa_is_square(const BIGNUM *number, bool *ret_square, BN_CTX *context)
{
    BIGNUM *root;
    bool done;

    BN_CTX_start(context);
    root = BN_CTX_get(context);
    done = root && tscope_rsa_square_root(number, root, ret_square, context);
    BN_CTX_end(context);
    return done;
}

/* Fermat: n = a^2 - b^2 with a just above the root of n, when the primes are close. */
static bool
find_close(const BIGNUM *n, unsigned rounds, bool *ret_close, BN_CTX *context)
{
    BIGNUM *a = BN_CTX_get(context), *rest = BN_CTX_get(context), *step = BN_CTX_get(context);

    *ret_close = false;
    if (!step || !find_root(n, a, context) || !BN_sqr(rest, a, context))
        return false;
    if (BN_cmp(rest, n) != 0 && (!BN_add_word(a, 1) || !BN_sqr(rest, a, context)))
        return false;
    if (!BN_sub(rest, rest, n) || !BN_lshift1(step, a) || !BN_add_word(step, 1))
        return false;
    for (unsigned i = 0; i < rounds && !*ret_close; i++) {
        if (!tscope_rsa_is_square(rest, ret_close, context) || !BN_add(rest, rest, step) || !BN_add_word(step, 2))
            return false;
    }
    return true;
}

static bool
judge_number(tscope_rsa_judge *judge, const BIGNUM *n, bool thorough, enum tscope_rsa_weakness *ret_weakness, unsigned *ret_factor)
{
    int bits = BN_num_bits(n);
    bool close;

    *ret_factor = find_factor(judge, n, thorough && bits <= PRIME_TEST_BITS_MAX ? PRIMES_BELOW : QUICK_PRIMES_BELOW);
    if (*ret_factor) {
        *ret_weakness = TSCOPE_RSA_WEAKNESS_FACTOR;
        return true;
    }
    if (is_roca(n)) {
        *ret_weakness = TSCOPE_RSA_WEAKNESS_ROCA;
        return true;
    }
    if (!find_close(n, thorough ? THOROUGH_ROUNDS : QUICK_ROUNDS, &close, judge->context))
        return false;
    if (close) {
        *ret_weakness = TSCOPE_RSA_WEAKNESS_CLOSE;
    } else if (thorough && bits <= PRIME_TEST_BITS_MAX) {
        int prime = BN_check_prime(n, judge->context, NULL);

        if (prime < 0)
            return false;
        *ret_weakness = prime ? TSCOPE_RSA_WEAKNESS_PRIME : TSCOPE_RSA_WEAKNESS_NONE;
    }
    return true;
}

/* That 16 bytes of a random number are equal happens once in 2^112. */
static bool
has_pattern(struct tscope_span number)
{
    size_t run = 1;

    for (size_t i = 1; i < number.len; i++) {
        run = number.data[i] == number.data[i - 1] ? run + 1 : 1;
        if (run >= PATTERN_BYTES)
            return true;
    }
    return false;
}

/* Of random bits half are set; ten standard deviations and more are no chance. */
static bool
has_bias(struct tscope_span number)
{
    size_t bits = number.len * 8, set = 0, margin = bits >= 2000 ? 10 : 17;

    if (bits < BIAS_BITS_MIN)
        return false;
    for (size_t i = 0; i < number.len; i++)
        set += (size_t)__builtin_popcount(number.data[i]);
    return set * 100 < (50 - margin) * bits || set * 100 > (50 + margin) * bits;
}

/* The byte at that distance from the lowest one. */
static uint8_t
byte_from_end(struct tscope_span number, size_t distance)
{
    return distance < number.len ? number.data[number.len - 1 - distance] : 0;
}

/*
 * Two generators make primes that are zero in the same bits of each chunk but the lowest, so that the modulus is a polynomial
 * whose coefficients can be read off, and it factors as one. A modulus with many empty chunks is another thing.
 */
static bool
is_polynomial(struct tscope_span number, size_t chunk, const uint8_t *mask)
{
    size_t empty = 0;

    for (size_t start = chunk; start < number.len; start += chunk) {
        bool any = false;

        for (size_t i = 0; i < chunk; i++) {
            if (byte_from_end(number, start + i) & mask[i])
                return false;
            any |= byte_from_end(number, start + i) != 0;
        }
        empty += !any;
    }
    return number.len * 8 >= BIAS_BITS_MIN && number.len >= 4 * chunk && empty < 2;
}

static bool
is_sparse(struct tscope_span number)
{
    static const uint8_t of_16[16] = {0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, of_4[4] = {0, 0, 0xf0, 0x3f};

    return is_polynomial(number, sizeof(of_16), of_16) || is_polynomial(number, sizeof(of_4), of_4);
}

static enum tscope_rsa_weakness
glance(struct tscope_span number)
{
    if (is_sparse(number))
        return TSCOPE_RSA_WEAKNESS_POLYNOMIAL;
    if (has_pattern(number))
        return TSCOPE_RSA_WEAKNESS_PATTERN;
    return has_bias(number) ? TSCOPE_RSA_WEAKNESS_BIAS : TSCOPE_RSA_WEAKNESS_NONE;
}

enum tscope_status
tscope_rsa_judge_modulus(tscope_rsa_judge *judge, struct tscope_span n, enum tscope_rsa_effort effort,
                         enum tscope_rsa_weakness *ret_weakness, unsigned *ret_factor, struct tscope_error *err)
{
    struct tscope_span number = tscope_number_strip(n);
    enum tscope_rsa_weakness weakness = TSCOPE_RSA_WEAKNESS_NONE;
    unsigned factor = 0;
    BIGNUM *value;
    bool judged;

    *ret_weakness = TSCOPE_RSA_WEAKNESS_NONE;
    *ret_factor = 0;
    if (number.len < 2 || number.len > BITS_MAX / 8)
        return TSCOPE_OK;
    if (effort == TSCOPE_RSA_GLANCE) {
        *ret_weakness = glance(number);
        return TSCOPE_OK;
    }
    BN_CTX_start(judge->context);
    value = BN_CTX_get(judge->context);
    judged = value && BN_bin2bn(number.data, (int)number.len, value) &&
             judge_number(judge, value, effort == TSCOPE_RSA_THOROUGH, &weakness, &factor);
    BN_CTX_end(judge->context);
    if (!judged)
        return tscope_error_no_memory(err);
    *ret_weakness = weakness == TSCOPE_RSA_WEAKNESS_NONE ? glance(number) : weakness;
    *ret_factor = factor;
    return TSCOPE_OK;
}
