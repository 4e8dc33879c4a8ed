/* SPDX-License-Identifier: Apache-2.0 */
#include <limits.h>
#include <stdlib.h>

#include "core/error.h"
#include "inspect/recovery.h"
#include "keys/jwk.h"

struct tscope_signed
tscope_recovery_signed(const struct tscope_recovery_item *item, size_t form)
{
    return (struct tscope_signed){item->alg, item->digests[form], item->signature};
}

bool
tscope_recovery_is_open(const struct tscope_recovery_item *item)
{
    return item->digests_len > 0 && item->state != TSCOPE_RECOVERY_FOUND;
}

int
tscope_recovery_compare(const struct tscope_recovery_item *one, const struct tscope_recovery_item *other)
{
    int order = memcmp(one->group, other->group, sizeof(one->group));

    if (order == 0)
        order = memcmp(one->sha256, other->sha256, sizeof(one->sha256));
    if (order == 0)
        order = strcmp(one->path ? one->path : "", other->path ? other->path : "");
    if (order == 0)
        order = (one->offset > other->offset) - (one->offset < other->offset);
    return order ? order : (one->number > other->number) - (one->number < other->number);
}

static bool
copy_number(struct tscope_arena *arena, struct tscope_span *number)
{
    if (!number->data)
        return true;
    *number = tscope_arena_copy(arena, *number);
    return number->data != NULL;
}

static enum tscope_status
name_key(tscope_recovery *recovery, struct tscope_recovered_key *key, struct tscope_error *err)
{
    struct tscope_buffer canonical = {.arena = &recovery->arena}, text = {.arena = &recovery->arena};
    struct tscope_span bytes;
    uint8_t digest[TSCOPE_SHA256_LEN];
    enum tscope_status status;

    if (!tscope_jwk_canonical(&key->numbers, &canonical) || canonical.failed)
        return tscope_error_no_memory(err);
    bytes = tscope_span_of(canonical.data, canonical.len);
    status = tscope_crypto_digest(recovery->crypto, TSCOPE_DIGEST_SHA256, &bytes, 1, digest, err);
    if (status != TSCOPE_OK)
        return status;
    key->jwk = tscope_buffer_steal(&canonical, NULL);
    tscope_base64url_encode(&text, digest, sizeof(digest));
    if (!key->jwk || text.failed || text.len >= sizeof(key->thumbprint))
        return tscope_error_no_memory(err);
    memcpy(key->thumbprint, text.data, text.len);
    key->thumbprint[text.len] = '\0';
    return TSCOPE_OK;
}

enum tscope_status
tscope_recovery_key(const struct tscope_recovery_job *job, const struct tscope_key_numbers *numbers, const char *how,
                    struct tscope_recovered_key *ret_key)
{
    struct tscope_arena *arena = &job->recovery->arena;

    *ret_key = (struct tscope_recovered_key){.numbers = *numbers, .how = how};
    if (!copy_number(arena, &ret_key->numbers.n) || !copy_number(arena, &ret_key->numbers.e) || !copy_number(arena, &ret_key->numbers.x) ||
        !copy_number(arena, &ret_key->numbers.y))
        return tscope_error_no_memory(job->err);
    return name_key(job->recovery, ret_key, job->err);
}

static enum tscope_status
holds_under(tscope_pkey *pkey, const struct tscope_recovery_item *item, bool *ret_holds, struct tscope_error *err)
{
    *ret_holds = false;
    for (size_t form = 0; form < item->digests_len && !*ret_holds; form++) {
        struct tscope_signed signature = tscope_recovery_signed(item, form);
        enum tscope_status status = tscope_recover_verify(pkey, &signature, ret_holds, err);

        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

static bool
spans_equal(struct tscope_span one, struct tscope_span other)
{
    return one.len == other.len && memcmp(one.data, other.data, one.len) == 0;
}

/* Of ECDSA (r, s) and (r, n - s) over one message have the same candidates, and any other form of the message may be the one signed. */
static bool
is_same_signature(const struct tscope_recovery_item *one, const struct tscope_recovery_item *other)
{
    size_t half = one->signature.len / 2;

    if (one->alg != other->alg || one->signature.len != other->signature.len)
        return false;
    if (one->alg->family != TSCOPE_ALG_ECDSA)
        return spans_equal(one->signature, other->signature);
    return spans_equal(one->digests[one->digests_len - 1], other->digests[other->digests_len - 1]) &&
           memcmp(one->signature.data, other->signature.data, half) == 0;
}

/* Marks in holding the open signatures that hold under a key, and counts those that are not the first one again. */
static enum tscope_status
find_holding(const struct tscope_recovery_job *job, tscope_pkey *pkey, bool *holding, size_t *ret_count, size_t *ret_others)
{
    tscope_recovery *recovery = job->recovery;
    const struct tscope_recovery_item *first = NULL;

    *ret_count = *ret_others = 0;
    for (size_t i = 0; i < recovery->items_len; i++) {
        const struct tscope_recovery_item *item = &recovery->items[i];
        enum tscope_status status;

        if (!tscope_recovery_is_open(item))
            continue;
        status = holds_under(pkey, item, &holding[i], job->err);
        if (status != TSCOPE_OK)
            return status;
        if (!holding[i])
            continue;
        *ret_count += 1;
        *ret_others += first && !is_same_signature(first, item);
        if (!first)
            first = item;
    }
    return TSCOPE_OK;
}

static bool
add_signer(tscope_recovery *recovery, const struct tscope_recovered_key *key, size_t tokens)
{
    if (recovery->signers_len == recovery->signers_capacity) {
        size_t capacity = recovery->signers_capacity ? recovery->signers_capacity * 2 : 8;
        struct tscope_recovery_signer *grown = tscope_realloc(recovery->signers, capacity * sizeof(*grown));

        if (!grown)
            return false;
        recovery->signers = grown;
        recovery->signers_capacity = capacity;
    }
    recovery->signers[recovery->signers_len++] = (struct tscope_recovery_signer){*key, tokens};
    return true;
}

static enum tscope_status
settle_pkey(const struct tscope_recovery_job *job, const struct tscope_recovered_key *key, tscope_pkey *pkey, bool needs_two,
            bool *ret_taken)
{
    tscope_recovery *recovery = job->recovery;
    bool *holding = tscope_alloc_zeroed(recovery->items_len, sizeof(*holding));
    size_t count = 0, others = 0;
    enum tscope_status status;

    if (!holding)
        return tscope_error_no_memory(job->err);
    status = find_holding(job, pkey, holding, &count, &others);
    if (status == TSCOPE_OK && (needs_two ? others : count) > 0) {
        *ret_taken = add_signer(recovery, key, count);
        if (!*ret_taken)
            status = tscope_error_no_memory(job->err);
    }
    for (size_t i = 0; i < recovery->items_len && *ret_taken; i++) {
        if (!holding[i])
            continue;
        recovery->items[i].state = TSCOPE_RECOVERY_FOUND;
        recovery->items[i].signer = recovery->signers_len - 1;
    }
    tscope_free(holding);
    return status;
}

enum tscope_status
tscope_recovery_settle(const struct tscope_recovery_job *job, const struct tscope_recovered_key *key, bool needs_two, bool *ret_taken)
{
    TSCOPE_AUTO(tscope_pkey) *pkey = NULL;
    enum tscope_key_flaw flaw;
    enum tscope_status status = tscope_pkey_new(job->recovery->crypto, &key->numbers, &pkey, &flaw, job->err);

    *ret_taken = false;
    return status == TSCOPE_OK && pkey ? settle_pkey(job, key, pkey, needs_two, ret_taken) : status;
}

static enum tscope_status
try_known(const struct tscope_recovery_job *job, const struct tscope_recovery_item *item, const tscope_key *key)
{
    struct tscope_recovered_key recovered;
    enum tscope_key_flaw flaw;
    enum tscope_status status;
    tscope_pkey *pkey;
    bool holds;

    if (key->flaw != TSCOPE_KEY_FLAW_NONE || tscope_key_numbers_signature_len(&key->numbers, item->alg) != item->signature.len)
        return TSCOPE_OK;
    status = tscope_keyring_pkey(job->keyring, key, &pkey, &flaw, job->err);
    if (status != TSCOPE_OK || !pkey)
        return status;
    status = holds_under(pkey, item, &holds, job->err);
    if (status != TSCOPE_OK || !holds)
        return status;
    status = tscope_recovery_key(job, &key->numbers, "known", &recovered);
    recovered.known = key;
    return status == TSCOPE_OK ? settle_pkey(job, &recovered, pkey, false, &holds) : status;
}

/* What somebody has already need not be found: each key that is found takes all its tokens along. */
static enum tscope_status
find_known(const struct tscope_recovery_job *job)
{
    tscope_recovery *recovery = job->recovery;
    size_t keys = job->keyring ? tscope_keyring_count(job->keyring) : 0;

    for (size_t i = 0; i < recovery->items_len; i++) {
        for (size_t k = 0; k < keys && tscope_recovery_is_open(&recovery->items[i]); k++) {
            enum tscope_status status = try_known(job, &recovery->items[i], tscope_keyring_key(job->keyring, k));

            if (status != TSCOPE_OK)
                return status;
        }
    }
    return TSCOPE_OK;
}

static int
compare_signers(const void *left, const void *right)
{
    const struct tscope_recovery_signer *one = left, *other = right;

    if (one->tokens != other->tokens)
        return one->tokens > other->tokens ? -1 : 1;
    return strcmp(one->key.thumbprint, other->key.thumbprint);
}

/* Those of most tokens first. Until here a signer's number was its place in the order of discovery. */
static enum tscope_status
sort_signers(tscope_recovery *recovery, struct tscope_error *err)
{
    size_t count = recovery->signers_len;
    struct tscope_recovery_signer *found = count ? tscope_alloc_zeroed(count, sizeof(*found)) : NULL;

    if (count == 0)
        return TSCOPE_OK;
    if (!found)
        return tscope_error_no_memory(err);
    memcpy(found, recovery->signers, count * sizeof(*found));
    qsort(recovery->signers, count, sizeof(*recovery->signers), compare_signers);
    for (size_t i = 0; i < recovery->items_len; i++) {
        struct tscope_recovery_item *item = &recovery->items[i];
        size_t signer = 0;

        if (item->state != TSCOPE_RECOVERY_FOUND)
            continue;
        while (recovery->signers[signer].key.jwk != found[item->signer].key.jwk)
            signer++;
        item->signer = signer;
    }
    tscope_free(found);
    return TSCOPE_OK;
}

/* Also what an earlier run left that failed. */
static void
begin(tscope_recovery *recovery)
{
    recovery->signers_len = 0;
    recovery->untried = 0;
    for (size_t i = 0; i < recovery->items_len; i++) {
        struct tscope_recovery_item *item = &recovery->items[i];

        item->candidates_len = 0;
        if (item->digests_len > 0)
            item->state = tscope_recovery_state_of(item->alg);
    }
}

enum tscope_status
tscope_recovery_do(const struct tscope_recovery_job *job)
{
    tscope_recovery *recovery = job->recovery;
    enum tscope_status status;

    if (recovery->was_run)
        return tscope_error_set(job->err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the recovery was run");
    begin(recovery);
    status = find_known(job);
    if (status == TSCOPE_OK)
        status = tscope_recovery_find_ecdsa(job);
    if (status == TSCOPE_OK)
        status = tscope_recovery_find_rsa(job);
    if (status == TSCOPE_OK)
        status = sort_signers(recovery, job->err);
    recovery->was_run = status == TSCOPE_OK;
    return status;
}

enum tscope_status
tscope_recovery_run(tscope_recovery *recovery, const tscope_keyring *keyring, size_t attempts, tscope_recovery_watch watch, void *user,
                    struct tscope_error *err)
{
    return tscope_recovery_do(&(struct tscope_recovery_job){
        .recovery = recovery,
        .keyring = keyring,
        .attempts = attempts,
        .pairs_max = TSCOPE_RECOVERY_PAIRS_MAX,
        .exponent_max = UINT_MAX,
        .keeps_candidates = true,
        .watch = watch,
        .user = user,
        .err = err,
    });
}

static int
compare_items(const void *left, const void *right)
{
    return tscope_recovery_compare(left, right);
}

void
tscope_recovery_thin(tscope_recovery *recovery, size_t group_max, size_t max)
{
    size_t kept = 0, of_group = 0;

    if (recovery->items_len > 1)
        qsort(recovery->items, recovery->items_len, sizeof(*recovery->items), compare_items);
    for (size_t i = 0; i < recovery->items_len && kept < max; i++) {
        const struct tscope_recovery_item *item = &recovery->items[i], *last = kept > 0 ? &recovery->items[kept - 1] : NULL;
        bool is_of_group = last && memcmp(item->group, last->group, sizeof(item->group)) == 0;

        if (is_of_group && item->number == last->number && memcmp(item->sha256, last->sha256, sizeof(item->sha256)) == 0)
            continue;
        of_group = is_of_group ? of_group : 0;
        if (of_group++ < group_max)
            recovery->items[kept++] = *item;
    }
    recovery->items_len = kept;
}
