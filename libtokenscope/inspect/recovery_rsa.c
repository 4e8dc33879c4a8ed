/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/error.h"
#include "inspect/recovery.h"

/*
 * Which tokens share a signer nobody says: pairs are tried. First those of one issuer, kid and algorithm, then all others of one length.
 * Each key that is found takes all its tokens along, so that honest collections need one attempt a key.
 */

#define COMPANY_MAX 8 /* further signatures of the group that help to be rid of what else two have in common */
#define USUAL_EXPONENT 65537

static const unsigned small_exponents[] = {3, 17, 35, 257};

struct pair {
    size_t one, other; /* numbers of items */
};

struct search {
    const struct tscope_recovery_job *job;
    size_t *order; /* items with RSA signatures: by length, then as compared; of equal tokens one */
    size_t order_len;
    struct pair tried[TSCOPE_RECOVERY_PAIRS_MAX]; /* with the usual exponent */
    size_t tried_len, seen, attempts;
    bool is_usual;      /* the usual exponent is tried, and not the small ones */
    bool was_cut;       /* something was left untried */
    bool was_ended;     /* by the caller */
    unsigned exponent;  /* of the work at hand */
    size_t modulus_len; /* the same, bytes */
};

static struct tscope_recovery_item *
item_at(const struct search *search, size_t place)
{
    return &search->job->recovery->items[search->order[place]];
}

static int
compare_places(const void *left, const void *right, void *items)
{
    const struct tscope_recovery_item *one = (const struct tscope_recovery_item *)items + *(const size_t *)left;
    const struct tscope_recovery_item *other = (const struct tscope_recovery_item *)items + *(const size_t *)right;

    if (one->signature.len != other->signature.len)
        return one->signature.len < other->signature.len ? -1 : 1;
    return tscope_recovery_compare(one, other);
}

static bool
is_wanted(const struct tscope_recovery_item *item)
{
    return tscope_recovery_is_open(item) && item->alg->family == TSCOPE_ALG_RSA_PKCS1;
}

static bool
is_alike(const struct tscope_recovery_item *one, const struct tscope_recovery_item *other)
{
    return one->signature.len == other->signature.len && memcmp(one->signature.data, other->signature.data, one->signature.len) == 0;
}

static bool
put_in_order(struct search *search)
{
    tscope_recovery *recovery = search->job->recovery;
    size_t len = 0;

    search->order = tscope_alloc_zeroed(recovery->items_len + 1, sizeof(*search->order));
    if (!search->order)
        return false;
    for (size_t i = 0; i < recovery->items_len; i++) {
        if (is_wanted(&recovery->items[i]))
            search->order[len++] = i;
    }
    qsort_r(search->order, len, sizeof(*search->order), compare_places, recovery->items);
    for (size_t i = 0; i < len; i++) {
        const struct tscope_recovery_item *item = &recovery->items[search->order[i]];

        if (search->order_len == 0 || !is_alike(item_at(search, search->order_len - 1), item))
            search->order[search->order_len++] = search->order[i];
    }
    return true;
}

static bool
goes_on(void *user, size_t step, size_t steps)
{
    struct search *search = user;
    const struct tscope_recovery_progress progress = {
        .attempt = search->attempts,
        .attempts = search->job->attempts,
        .step = step,
        .steps = steps,
        .bits = search->modulus_len * 8,
        .exponent = search->exponent,
    };

    if (search->job->watch && !search->job->watch(search->job->user, &progress))
        search->was_ended = true;
    return !search->was_ended;
}

/* The first of a pair, the other, and company: of their forms the last one, or the first one, which is the same for most. */
static size_t
put_signatures(const struct search *search, size_t one, size_t other, bool last, struct tscope_signed *signatures)
{
    const struct tscope_recovery_item *item = item_at(search, one), *second = item_at(search, other);
    size_t len = 2;

    signatures[0] = tscope_recovery_signed(item, last ? item->digests_len - 1 : 0);
    signatures[1] = tscope_recovery_signed(second, last ? second->digests_len - 1 : 0);
    for (size_t i = one + 1; i < search->order_len && len < COMPANY_MAX + 2; i++) {
        const struct tscope_recovery_item *next = item_at(search, i);

        if (i == other || !tscope_recovery_is_open(next))
            continue;
        if (next->signature.len != item->signature.len)
            break;
        signatures[len++] = tscope_recovery_signed(next, last ? next->digests_len - 1 : 0);
    }
    return len;
}

static enum tscope_status
settle_modulus(struct search *search, const struct tscope_recover_modulus *modulus, bool *ret_found)
{
    const uint8_t exponent[] = {(uint8_t)(search->exponent >> 16), (uint8_t)(search->exponent >> 8), (uint8_t)search->exponent};
    size_t zeros = exponent[0] ? 0 : exponent[1] ? 1 : 2;
    const struct tscope_key_numbers numbers = {
        .type = TSCOPE_KEY_RSA,
        .n = tscope_span_of(modulus->n, modulus->n_len),
        .e = tscope_span_of(exponent + zeros, sizeof(exponent) - zeros),
    };
    struct tscope_recovered_key key;
    enum tscope_status status;

    if (modulus->n_len == 0)
        return TSCOPE_OK;
    status = tscope_recovery_key(search->job, &numbers, "common divisor", &key);
    return status == TSCOPE_OK ? tscope_recovery_settle(search->job, &key, true, ret_found) : status;
}

static enum tscope_status
try_exponent(struct search *search, size_t one, size_t other, bool last, unsigned exponent, bool *ret_found)
{
    struct tscope_signed signatures[COMPANY_MAX + 2];
    size_t len = put_signatures(search, one, other, last, signatures);
    const struct tscope_recover_watch watch = {goes_on, search};
    struct tscope_recover_modulus modulus;
    enum tscope_status status;

    search->exponent = exponent;
    search->modulus_len = signatures->signature.len;
    status = tscope_recover_rsa(signatures, len, exponent, exponent == USUAL_EXPONENT ? &watch : NULL, &modulus, search->job->err);
    return status == TSCOPE_OK ? settle_modulus(search, &modulus, ret_found) : status;
}

static enum tscope_status
try_small(struct search *search, size_t one, size_t other, bool last, bool *ret_found)
{
    for (size_t i = 0; i < TSCOPE_COUNT(small_exponents) && small_exponents[i] <= search->job->exponent_max && !*ret_found; i++) {
        enum tscope_status status = try_exponent(search, one, other, last, small_exponents[i], ret_found);

        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

static enum tscope_status
try_usual(struct search *search, size_t one, size_t other, bool last, bool *ret_found)
{
    if (search->was_ended || search->attempts >= search->job->attempts) {
        search->was_cut = true;
        return TSCOPE_OK;
    }
    search->attempts++;
    return try_exponent(search, one, other, last, USUAL_EXPONENT, ret_found);
}

/* Of forms of what may have been signed the likeliest ones, and the first ones: two of one signer were made in one way. */
static enum tscope_status
try_pair(struct search *search, size_t one, size_t other, bool *ret_found)
{
    enum tscope_status (*try)(struct search *, size_t, size_t, bool, bool *) = search->is_usual ? try_usual : try_small;
    bool has_forms = item_at(search, one)->digests_len > 1 || item_at(search, other)->digests_len > 1;
    bool was_cut = search->was_cut;
    enum tscope_status status;

    search->was_cut = false;
    status = try(search, one, other, true, ret_found);
    if (status == TSCOPE_OK && has_forms && !*ret_found)
        status = try(search, one, other, false, ret_found);
    if (search->is_usual && !search->was_cut && !search->was_ended)
        search->tried[search->tried_len++] = (struct pair){search->order[one], search->order[other]};
    search->was_cut |= was_cut;
    return status;
}

static bool
is_too_large(const struct search *search, size_t place)
{
    return search->is_usual && item_at(search, place)->signature.len > TSCOPE_RECOVER_NUMBER_MAX / USUAL_EXPONENT;
}

/* All pairs of one group, or of one length and two groups. */
static enum tscope_status
try_pairs(struct search *search, bool of_one_group)
{
    for (size_t one = 0; one < search->order_len; one++) {
        bool found = false;

        for (size_t other = one + 1; other < search->order_len && !found && is_wanted(item_at(search, one)); other++) {
            const struct tscope_recovery_item *item = item_at(search, one), *second = item_at(search, other);
            bool is_group = memcmp(item->group, second->group, sizeof(item->group)) == 0;
            enum tscope_status status;

            if (item->signature.len != second->signature.len || (of_one_group && !is_group) || is_too_large(search, one))
                break;
            if (is_group != of_one_group || !is_wanted(second) || is_alike(item, second))
                continue;
            if (search->seen == search->job->pairs_max) {
                search->was_cut = true;
                return TSCOPE_OK;
            }
            search->seen++;
            status = try_pair(search, one, other, &found);
            if (status != TSCOPE_OK)
                return status;
        }
    }
    return TSCOPE_OK;
}

/* Small exponents cost next to nothing: what they find needs no other attempt. */
static enum tscope_status
try_all(struct search *search)
{
    for (int pass = 0; pass < 4; pass++) {
        enum tscope_status status;

        search->is_usual = pass >= 2;
        if (pass == 2)
            search->seen = 0;
        status = try_pairs(search, pass % 2 == 0);
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

/* Says of those that are left why, and counts the pairs that nobody tried. */
static void
conclude(struct search *search)
{
    tscope_recovery *recovery = search->job->recovery;

    for (size_t first = 0, end; first < search->order_len; first = end) {
        size_t len = item_at(search, first)->signature.len, open = 0;
        enum tscope_recovery_state state = TSCOPE_RECOVERY_ALONE;

        for (end = first; end < search->order_len && item_at(search, end)->signature.len == len; end++)
            open += is_wanted(item_at(search, end));
        if (open < 2)
            continue;
        if (len > TSCOPE_RECOVER_NUMBER_MAX / USUAL_EXPONENT)
            state = TSCOPE_RECOVERY_TOO_LARGE;
        else if (search->was_cut)
            state = TSCOPE_RECOVERY_NOT_TRIED;
        for (size_t i = first; i < end; i++) {
            if (is_wanted(item_at(search, i)))
                item_at(search, i)->state = state;
        }
        if (state != TSCOPE_RECOVERY_ALONE)
            recovery->untried += open * (open - 1) / 2;
    }
    for (size_t i = 0; i < search->tried_len && search->was_cut; i++)
        recovery->untried -= is_wanted(&recovery->items[search->tried[i].one]) && is_wanted(&recovery->items[search->tried[i].other]);
}

static enum tscope_status
say_not_built(tscope_recovery *recovery)
{
    for (size_t i = 0; i < recovery->items_len; i++) {
        if (is_wanted(&recovery->items[i]))
            recovery->items[i].state = TSCOPE_RECOVERY_NO_GMP;
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_recovery_find_rsa(const struct tscope_recovery_job *job)
{
    struct search search = {.job = job};
    enum tscope_status status;

    if (!tscope_recover_rsa_is_built())
        return say_not_built(job->recovery);
    if (!put_in_order(&search))
        return tscope_error_no_memory(job->err);
    status = try_all(&search);
    if (status == TSCOPE_OK)
        conclude(&search);
    tscope_free(search.order);
    return status;
}
