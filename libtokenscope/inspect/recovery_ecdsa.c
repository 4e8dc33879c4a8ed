/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/error.h"
#include "inspect/recovery.h"

#define CANDIDATES_MAX 256 /* signatures of which candidates are kept */

/* A key under which a signature holds. */
struct candidate {
    enum tscope_curve curve;
    struct tscope_recover_point point; /* zeros behind the curve's width */
    size_t item;
};

struct candidates {
    struct candidate *rows;
    size_t len, capacity;
};

static bool
is_wanted(const struct tscope_recovery_item *item)
{
    return tscope_recovery_is_open(item) && item->alg->family == TSCOPE_ALG_ECDSA;
}

static bool
add_points(struct candidates *candidates, enum tscope_curve curve, size_t item, const struct tscope_recover_points *points)
{
    size_t width = tscope_curve_width(curve);

    if (candidates->len + points->len > candidates->capacity) {
        size_t capacity = candidates->capacity ? candidates->capacity * 2 : 64;
        struct candidate *grown = tscope_realloc(candidates->rows, capacity * sizeof(*grown));

        if (!grown)
            return false;
        candidates->rows = grown;
        candidates->capacity = capacity;
    }
    for (size_t i = 0; i < points->len; i++) {
        struct candidate *row = &candidates->rows[candidates->len++];

        memset(row, 0, sizeof(*row));
        row->curve = curve;
        row->item = item;
        memcpy(row->point.x, points->points[i].x, width);
        memcpy(row->point.y, points->points[i].y, width);
    }
    return true;
}

static enum tscope_status
gather(const struct tscope_recovery_job *job, struct candidates *candidates)
{
    tscope_recovery *recovery = job->recovery;

    for (size_t i = 0; i < recovery->items_len; i++) {
        const struct tscope_recovery_item *item = &recovery->items[i];

        for (size_t form = 0; is_wanted(item) && form < item->digests_len; form++) {
            struct tscope_signed signature = tscope_recovery_signed(item, form);
            struct tscope_recover_points points;
            enum tscope_status status = tscope_recover_ecdsa(recovery->crypto, &signature, &points, job->err);

            if (status != TSCOPE_OK)
                return status;
            if (!add_points(candidates, item->alg->curve, i, &points))
                return tscope_error_no_memory(job->err);
        }
    }
    return TSCOPE_OK;
}

static int
compare_points(const struct candidate *one, const struct candidate *other)
{
    if (one->curve != other->curve)
        return one->curve < other->curve ? -1 : 1;
    return memcmp(&one->point, &other->point, sizeof(one->point));
}

static int
compare_candidates(const void *left, const void *right)
{
    const struct candidate *one = left, *other = right;
    int order = compare_points(one, other);

    return order ? order : (one->item > other->item) - (one->item < other->item);
}

static struct tscope_key_numbers
numbers_of(const struct candidate *candidate)
{
    size_t width = tscope_curve_width(candidate->curve);

    return (struct tscope_key_numbers){
        .type = TSCOPE_KEY_EC,
        .curve = candidate->curve,
        .x = tscope_span_of(candidate->point.x, width),
        .y = tscope_span_of(candidate->point.y, width),
    };
}

/* The key of two signatures is a candidate of both; another one that two have in common by chance there is not. */
static enum tscope_status
intersect(const struct tscope_recovery_job *job, const struct candidates *candidates)
{
    for (size_t at = 0, end; at < candidates->len; at = end) {
        const struct candidate *row = &candidates->rows[at];
        struct tscope_key_numbers numbers = numbers_of(row);
        struct tscope_recovered_key key;
        enum tscope_status status;
        bool taken;

        for (end = at + 1; end < candidates->len && compare_points(row, &candidates->rows[end]) == 0; end++)
            ;
        if (candidates->rows[end - 1].item == row->item)
            continue;
        status = tscope_recovery_key(job, &numbers, "intersection", &key);
        if (status == TSCOPE_OK)
            status = tscope_recovery_settle(job, &key, true, &taken);
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

static enum tscope_status
keep_candidate(const struct tscope_recovery_job *job, const struct candidate *candidate)
{
    struct tscope_recovery_item *item = &job->recovery->items[candidate->item];
    struct tscope_key_numbers numbers = numbers_of(candidate);
    size_t most = TSCOPE_RECOVER_POINTS_MAX * item->digests_len;
    enum tscope_status status;

    if (item->candidates_len == 0)
        item->candidates = tscope_arena_zeroed(&job->recovery->arena, most, sizeof(*item->candidates));
    if (!item->candidates)
        return tscope_error_no_memory(job->err);
    status = tscope_recovery_key(job, &numbers, "candidate", &item->candidates[item->candidates_len]);
    item->candidates_len += status == TSCOPE_OK;
    return status;
}

/* Whoever has another source of the signer's key finds it among these. */
static enum tscope_status
keep_candidates(const struct tscope_recovery_job *job, const struct candidates *candidates)
{
    size_t kept = 0;

    for (size_t i = 0; i < candidates->len; i++) {
        const struct tscope_recovery_item *item = &job->recovery->items[candidates->rows[i].item];
        enum tscope_status status;

        if (!tscope_recovery_is_open(item) || (item->candidates_len == 0 && kept == CANDIDATES_MAX))
            continue;
        kept += item->candidates_len == 0;
        status = keep_candidate(job, &candidates->rows[i]);
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_recovery_find_ecdsa(const struct tscope_recovery_job *job)
{
    struct candidates candidates = {0};
    enum tscope_status status = gather(job, &candidates);

    if (status == TSCOPE_OK && candidates.len > 0) {
        qsort(candidates.rows, candidates.len, sizeof(*candidates.rows), compare_candidates);
        status = intersect(job, &candidates);
    }
    if (status == TSCOPE_OK && job->keeps_candidates)
        status = keep_candidates(job, &candidates);
    tscope_free(candidates.rows);
    return status;
}
