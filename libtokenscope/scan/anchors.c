/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/anchors.h"

#include "core/alloc.h"

#define CANDIDATES_MAX 512 /* that are listed before rows are compared */
#define ROWS_A_PLACE_MAX 4 /* rows that fit one place */

static void
put_in_bucket(struct tscope_anchor_halves *halves, const struct tscope_anchor_row *row, unsigned family)
{
    uint8_t bucket = (uint8_t)(1u << row->buckets[family] % TSCOPE_ANCHOR_BUCKETS);

    for (unsigned i = 0; i < TSCOPE_ANCHOR_BYTES; i++) {
        halves->low[family][i][row->bytes[i] & 15] |= bucket;
        halves->high[family][i][row->bytes[i] >> 4] |= bucket;
    }
}

void
tscope_anchors_add(struct tscope_anchors *anchors, const struct tscope_anchor_row *rows, size_t rows_len)
{
    for (size_t i = 0; i < rows_len && anchors->rows_len < TSCOPE_ANCHOR_ROWS_MAX; i++) {
        uint8_t *link = &anchors->begins[rows[i].bytes[0]];

        while (*link)
            link = &anchors->next[*link - 1];
        anchors->rows[anchors->rows_len++] = rows[i];
        *link = (uint8_t)anchors->rows_len;
        for (unsigned family = 0; family < TSCOPE_ANCHOR_FAMILIES; family++)
            put_in_bucket(&anchors->halves, &rows[i], family);
    }
}

void
tscope_anchors_ready(struct tscope_anchors *anchors)
{
    anchors->candidates = tscope_anchors_avx2();
    if (!anchors->candidates)
        anchors->candidates = tscope_anchors_ssse3();
    if (!anchors->candidates)
        anchors->candidates = tscope_anchors_plain;
}

/* True when a bucket of the family knows all halves. */
static inline bool
fits_family(const struct tscope_anchor_halves *halves, const uint8_t *bytes, unsigned family)
{
    uint8_t known = 0xff;

    for (unsigned i = 0; i < TSCOPE_ANCHOR_BYTES && known; i++)
        known &= halves->low[family][i][bytes[i] & 15] & halves->high[family][i][bytes[i] >> 4];
    return known != 0;
}

size_t
tscope_anchors_plain(const struct tscope_anchor_halves *halves, const uint8_t *bytes, size_t from, size_t to, uint32_t *list,
                     size_t list_max, size_t *ret_to)
{
    size_t len = 0, at;

    for (at = from; at < to && len < list_max; at++) {
        if (fits_family(halves, bytes + at, 0) && fits_family(halves, bytes + at, 1))
            list[len++] = (uint32_t)at;
    }
    *ret_to = at;
    return len;
}

/* Adds the rows that fit a candidate. */
static size_t
list_rows(const struct tscope_anchors *anchors, const uint8_t *bytes, uint32_t at, struct tscope_anchor *list, size_t len)
{
    for (uint8_t row = anchors->begins[bytes[at]]; row; row = anchors->next[row - 1]) {
        const struct tscope_anchor_row *fits = &anchors->rows[row - 1];

        if (fits->bytes[1] == bytes[at + 1] && fits->bytes[2] == bytes[at + 2])
            list[len++] = (struct tscope_anchor){.at = at, .id = fits->id};
    }
    return len;
}

size_t
tscope_anchors_find(const struct tscope_anchors *anchors, const uint8_t *bytes, size_t from, size_t to, struct tscope_anchor *list,
                    size_t list_max, size_t *ret_to)
{
    uint32_t candidates[CANDIDATES_MAX];
    size_t len = 0;

    while (from < to) {
        size_t room = (list_max - len) / ROWS_A_PLACE_MAX, count;

        if (room < TSCOPE_ANCHOR_STEP)
            break;
        count = anchors->candidates(&anchors->halves, bytes, from, to, candidates, room < CANDIDATES_MAX ? room : CANDIDATES_MAX, &from);
        for (size_t i = 0; i < count; i++)
            len = list_rows(anchors, bytes, candidates[i], list, len);
    }
    *ret_to = from;
    return len;
}
