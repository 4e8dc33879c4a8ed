/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/error.h"
#include "crypto/quality.h"
#include "keys/quality.h"
#include "keys/ring.h"

/* Bits of moduli that are looked into deeply: some 5 ms for every 2048. */
#define JUDGED_BITS_MAX (128u << 10)
/* Bits that are looked into at all; a tenth of that each. */
#define SEEN_BITS_MAX (2u << 20)

/* What a modulus counts for at least when it is compared with others, and from where its own length makes it dearer. */
#define COMPARED_BITS_LEAST 1024u
#define COMPARED_BITS_USUAL 4096u

/* The moduli to compare, and whose they are. */
struct moduli {
    struct tscope_span *numbers;
    uint32_t *keys;
    bool *shared;
    size_t len, bits;
};

struct tscope_span
tscope_key_number_strip(struct tscope_span number)
{
    while (number.len > 0 && number.data[0] == 0) {
        number.data++;
        number.len--;
    }
    return number;
}

/* RFC 8017 section 3.1: odd and more than 1. Small ones are sound with sound padding, and mistakes of padding then cost everything. */
static enum tscope_status
find_exponent(struct tscope_key_faults *faults, uint32_t number)
{
    struct tscope_span e = tscope_key_number_strip(faults->keyring->keys[number].numbers.e);
    struct tscope_span n = tscope_key_number_strip(faults->keyring->keys[number].numbers.n);
    uint64_t value = 0;

    if (!faults->keyring->keys[number].numbers.e.data)
        return TSCOPE_OK;
    if (e.len > n.len || (e.len == n.len && n.len && memcmp(e.data, n.data, n.len) >= 0))
        return tscope_key_faults_add(faults, TSCOPE_FAULT_RSA_EXP, TSCOPE_FAULT_FULL, number,
                                     "the exponent is not smaller than the modulus");
    if (e.len > 8)
        return tscope_key_faults_add(faults, TSCOPE_FAULT_RSA_EXP, TSCOPE_FAULT_LESS, number, "the exponent has %zu bytes", e.len);
    for (size_t i = 0; i < e.len; i++)
        value = value << 8 | e.data[i];
    if (value < 2 || value % 2 == 0)
        return tscope_key_faults_add(faults, TSCOPE_FAULT_RSA_EXP, TSCOPE_FAULT_FULL, number, "the exponent is %s",
                                     value == 1 ? "1: a signature is the message itself" : "even: no private key belongs to it");
    if (value < 65537 || value > UINT32_MAX)
        return tscope_key_faults_add(faults, TSCOPE_FAULT_RSA_EXP, TSCOPE_FAULT_LESS, number, "the exponent is %s (%llu)",
                                     value < 65537 ? "tiny" : "huge", (unsigned long long)value);
    return TSCOPE_OK;
}

/* That bits are not random is no proof that the factors can be had. */
enum tscope_key_fault_weight
tscope_key_fault_weight_of(enum tscope_rsa_weakness weakness)
{
    return weakness == TSCOPE_RSA_WEAKNESS_PATTERN || weakness == TSCOPE_RSA_WEAKNESS_BIAS ? TSCOPE_FAULT_LESS : TSCOPE_FAULT_FULL;
}

static enum tscope_status
find_weakness(struct tscope_key_faults *faults, tscope_rsa_judge *judge, uint32_t number, enum tscope_rsa_effort effort,
              struct tscope_error *err)
{
    enum tscope_rsa_weakness weakness;
    unsigned factor;
    enum tscope_status status = tscope_rsa_judge_modulus(judge, faults->keyring->keys[number].numbers.n, effort, &weakness, &factor, err);

    if (status != TSCOPE_OK || weakness == TSCOPE_RSA_WEAKNESS_NONE)
        return status;
    if (weakness == TSCOPE_RSA_WEAKNESS_FACTOR)
        return tscope_key_faults_add(faults, TSCOPE_FAULT_RSA_WEAK, TSCOPE_FAULT_FULL, number, "%s: %u", tscope_rsa_weakness_text(weakness),
                                     factor);
    return tscope_key_faults_add(faults, TSCOPE_FAULT_RSA_WEAK, tscope_key_fault_weight_of(weakness), number, "%s",
                                 tscope_rsa_weakness_text(weakness));
}

/* Whether a key has an exponent as long as its modulus, which no sound generator makes: then a small private one may hide behind it. */
static enum tscope_status
find_private_exponent(struct tscope_key_faults *faults, uint32_t number, bool thorough, struct tscope_error *err)
{
    const struct tscope_key_numbers *numbers = &faults->keyring->keys[number].numbers;
    bool small = false;
    enum tscope_status status = thorough ? tscope_rsa_has_small_private(numbers->n, numbers->e, &small, err) : TSCOPE_OK;

    if (status == TSCOPE_OK && small)
        status = tscope_key_faults_add(faults, TSCOPE_FAULT_RSA_WEAK, TSCOPE_FAULT_FULL, number,
                                       "the private exponent is so small that it follows from the public one (Wiener's attack)");
    return status;
}

static enum tscope_status
find_in_modulus(struct tscope_key_faults *faults, tscope_rsa_judge *judge, uint32_t number, size_t *seen, struct tscope_error *err)
{
    size_t bits = tscope_key_bits(&faults->keyring->keys[number]);
    bool thorough = *seen + bits <= JUDGED_BITS_MAX;
    enum tscope_status status = TSCOPE_OK;

    faults->moduli++;
    if (bits < 2048)
        status = tscope_key_faults_add(faults, TSCOPE_FAULT_RSA_SMALL, TSCOPE_FAULT_FULL, number, "the modulus has %zu bits", bits);
    if (status != TSCOPE_OK)
        return status;
    if (*seen + bits > SEEN_BITS_MAX)
        return find_weakness(faults, judge, number, TSCOPE_RSA_GLANCE, err);
    *seen += bits;
    faults->moduli_judged += thorough;
    status = find_private_exponent(faults, number, thorough, err);
    if (status != TSCOPE_OK)
        return status;
    return find_weakness(faults, judge, number, thorough ? TSCOPE_RSA_THOROUGH : TSCOPE_RSA_QUICK, err);
}

static void
collect(struct moduli *moduli, const tscope_keyring *keyring, uint32_t number)
{
    struct tscope_span n = tscope_key_number_strip(keyring->keys[number].numbers.n);

    size_t bits = n.len * 8 > COMPARED_BITS_LEAST ? n.len * 8 : COMPARED_BITS_LEAST;

    if (n.len < 2 || n.len > 2048)
        return;
    if (bits > COMPARED_BITS_USUAL)
        bits = bits / COMPARED_BITS_USUAL * bits;
    if (moduli->bits + bits > TSCOPE_RSA_SHARED_BITS_MAX)
        return;
    moduli->bits += bits;
    moduli->keys[moduli->len] = number;
    moduli->numbers[moduli->len++] = n;
}

static enum tscope_status
find_in_each(struct tscope_key_faults *faults, struct moduli *moduli, struct tscope_error *err)
{
    const tscope_keyring *keyring = faults->keyring;
    TSCOPE_AUTO(tscope_rsa_judge) *judge = NULL;
    size_t seen = 0;

    for (uint32_t i = 0; i < keyring->keys_len; i++) {
        const tscope_key *key = &keyring->keys[i];
        enum tscope_status status = TSCOPE_OK;

        if (key->numbers.type != TSCOPE_KEY_RSA || !key->numbers.n.data || !faults->is_first[i])
            continue;
        if (!judge)
            status = tscope_rsa_judge_new(TSCOPE_RSA_THOROUGH, &judge, err);
        if (status == TSCOPE_OK)
            status = find_exponent(faults, i);
        if (status == TSCOPE_OK)
            status = find_in_modulus(faults, judge, i, &seen, err);
        if (status != TSCOPE_OK)
            return status;
        collect(moduli, keyring, i);
    }
    return TSCOPE_OK;
}

static int
compare_moduli(const void *a, const void *b, void *context)
{
    const struct moduli *moduli = context;
    struct tscope_span left = moduli->numbers[*(const size_t *)a], right = moduli->numbers[*(const size_t *)b];

    if (left.len != right.len)
        return left.len < right.len ? -1 : 1;
    return memcmp(left.data, right.data, left.len);
}

/* One modulus with two exponents is no shared prime, but the same key. */
static bool
drop_equal(struct moduli *moduli)
{
    size_t *order = tscope_alloc(moduli->len * sizeof(*order));
    size_t kept = 0;

    if (!order)
        return false;
    for (size_t i = 0; i < moduli->len; i++)
        order[i] = i;
    qsort_r(order, moduli->len, sizeof(*order), compare_moduli, moduli);
    for (size_t i = 1; i < moduli->len; i++) {
        if (compare_moduli(&order[i - 1], &order[i], moduli) == 0)
            moduli->shared[order[i]] = true; /* a mark, for now: not to be kept */
    }
    for (size_t i = 0; i < moduli->len; i++) {
        if (moduli->shared[i])
            continue;
        moduli->keys[kept] = moduli->keys[i];
        moduli->numbers[kept++] = moduli->numbers[i];
    }
    moduli->len = kept;
    tscope_free(order);
    return true;
}

static enum tscope_status
find_shared(struct tscope_key_faults *faults, struct moduli *moduli, struct tscope_error *err)
{
    enum tscope_status status;

    if (!drop_equal(moduli))
        return tscope_error_no_memory(err);
    faults->moduli_compared = moduli->len;
    status = tscope_rsa_find_shared(moduli->numbers, moduli->len, moduli->shared, err);
    for (size_t i = 0; i < moduli->len && status == TSCOPE_OK; i++) {
        if (moduli->shared[i])
            status = tscope_key_faults_add(faults, TSCOPE_FAULT_RSA_WEAK, TSCOPE_FAULT_FULL, moduli->keys[i],
                                           "the modulus shares a prime with that of another key given");
    }
    return status;
}

enum tscope_status
tscope_key_faults_find_in_numbers(struct tscope_key_faults *faults, struct tscope_error *err)
{
    size_t count = faults->keyring->keys_len;
    struct moduli moduli = {.numbers = tscope_alloc(count * sizeof(*moduli.numbers)),
                            .keys = tscope_alloc(count * sizeof(*moduli.keys)),
                            .shared = tscope_alloc_zeroed(count, sizeof(*moduli.shared))};
    enum tscope_status status = TSCOPE_OK;

    if (!moduli.numbers || !moduli.keys || !moduli.shared)
        status = tscope_error_no_memory(err);
    if (status == TSCOPE_OK)
        status = find_in_each(faults, &moduli, err);
    if (status == TSCOPE_OK)
        status = find_shared(faults, &moduli, err);
    tscope_free(moduli.numbers);
    tscope_free(moduli.keys);
    tscope_free(moduli.shared);
    return status;
}
