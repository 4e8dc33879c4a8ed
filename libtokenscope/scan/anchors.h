/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_ANCHORS_H
#define TSCOPE_SCAN_ANCHORS_H

#include "core/span.h"

/**
 * @file One pass for all patterns: where three bytes stand that begin, or stand inside, something that is looked for. What is
 * there in truth is for finders to tell, which are asked at these places only.
 */

#define TSCOPE_ANCHOR_BYTES 3
#define TSCOPE_ANCHOR_ROWS_MAX 128
#define TSCOPE_ANCHOR_BUCKETS 8
#define TSCOPE_ANCHOR_FAMILIES 2

struct tscope_anchor_row {
    uint8_t bytes[TSCOPE_ANCHOR_BYTES];
    uint16_t id; /* what to do there */
    uint8_t buckets[TSCOPE_ANCHOR_FAMILIES];
};

/** One place; several rows may fit it. */
struct tscope_anchor {
    uint32_t at;
    uint16_t id;
};

/**
 * Rows in buckets, a bit each: for each of the three bytes the buckets that know its low half, and those that know its high one. Where a
 * bucket knows all six halves a row may fit. Rows that have halves in common share a bucket, so that few others fit it: bench/README.md
 * tells how that was chosen. There are two families of buckets, and a place where each has one that fits is a candidate: the second
 * family parts what the first puts together, and is asked where that finds something.
 */
struct tscope_anchor_halves {
    uint8_t low[TSCOPE_ANCHOR_FAMILIES][TSCOPE_ANCHOR_BYTES][16], high[TSCOPE_ANCHOR_FAMILIES][TSCOPE_ANCHOR_BYTES][16];
};

/**
 * Lists candidates of bytes[from..to) in order, until the list has no room for as many as one step may give.
 *
 * @param to      bytes can be read up to two behind it
 * @param ret_to  how far it came
 */
typedef size_t tscope_anchor_candidates(const struct tscope_anchor_halves *halves, const uint8_t *bytes, size_t from, size_t to,
                                        uint32_t *list, size_t list_max, size_t *ret_to);

#define TSCOPE_ANCHOR_STEP 64 /* candidates that one step may give */

/** The same with 16 and 32 bytes at once; NULL where the processor cannot. */
tscope_anchor_candidates *tscope_anchors_ssse3(void);
tscope_anchor_candidates *tscope_anchors_avx2(void);
tscope_anchor_candidates tscope_anchors_plain;

struct tscope_anchors {
    struct tscope_anchor_row rows[TSCOPE_ANCHOR_ROWS_MAX];
    size_t rows_len;
    uint8_t begins[256];                  /* of each first byte: 1 + the first row that begins with it; 0: none does */
    uint8_t next[TSCOPE_ANCHOR_ROWS_MAX]; /* 1 + the next row with the same first byte; 0: the last one */
    struct tscope_anchor_halves halves;
    tscope_anchor_candidates *candidates;
};

/** Adds rows to a zeroed structure, or further ones. */
void tscope_anchors_add(struct tscope_anchors *anchors, const struct tscope_anchor_row *rows, size_t rows_len);
/** Behind the last row: takes the fastest way that the processor has. */
void tscope_anchors_ready(struct tscope_anchors *anchors);

/**
 * Lists the places in bytes[from..to) where a row fits, in order, of equal places in the order of the rows; stops when the list is
 * almost full.
 *
 * @param to  at most len - 2: three bytes are looked at from each place
 * @param list_max  at least 256
 * @param ret_to  how far it came: to, or a place that is to be asked again
 * @return how many
 */
size_t tscope_anchors_find(const struct tscope_anchors *anchors, const uint8_t *bytes, size_t from, size_t to, struct tscope_anchor *list,
                           size_t list_max, size_t *ret_to);

#endif
