/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_ANCHORS_H
#define TSCOPE_SCAN_ANCHORS_H

#include "core/span.h"

/**
 * @file One pass for all patterns: where three bytes stand that begin, or stand inside, something that is looked for. What is
 * there in truth is for finders to tell, which are asked at these places only.
 */

#define TSCOPE_ANCHOR_BYTES 3
#define TSCOPE_ANCHOR_ANY (-1) /* a byte that may be any */
#define TSCOPE_ANCHOR_ROWS_MAX 96

struct tscope_anchor_row {
    int16_t bytes[TSCOPE_ANCHOR_BYTES];
    uint16_t id; /* what to do there */
};

/** One place; several rows may fit it. */
struct tscope_anchor {
    uint32_t at;
    uint16_t id;
};

struct tscope_anchors {
    struct tscope_anchor_row rows[TSCOPE_ANCHOR_ROWS_MAX];
    size_t rows_len;
    uint8_t begins[256];                  /* of each first byte: 1 + the first row that begins with it; 0: none does */
    uint8_t next[TSCOPE_ANCHOR_ROWS_MAX]; /* 1 + the next row with the same first byte; 0: the last one */
};

/** Adds rows to a zeroed or begun structure. No row begins with a byte that may be any. */
void tscope_anchors_add(struct tscope_anchors *anchors, const struct tscope_anchor_row *rows, size_t rows_len);

/**
 * Lists the places in bytes[from..to) where a row fits, in order, of equal places in the order of the rows; stops when the list is full.
 *
 * @param to  at most len - 2: three bytes are looked at from each place
 * @param ret_to  how far it came: to, or a place that is to be asked again
 * @return how many
 */
size_t tscope_anchors_find(const struct tscope_anchors *anchors, const uint8_t *bytes, size_t from, size_t to, struct tscope_anchor *list,
                           size_t list_max, size_t *ret_to);

#endif
