/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_SILENCE_H
#define TSCOPE_CHECKS_SILENCE_H

#include "checks/findings.h"

/** @file What to say where the histories cannot speak of a time. */

/** How far the sets of a history reach, and the time they do not speak of. */
struct tscope_silence {
    const struct tscope_history *history;
    struct tscope_extent extent;
    int64_t at;
};

/**
 * Adds an inconclusive answer that says how far the sets reach. It changes strength only: that nobody kept a set is no
 * evidence against a token.
 *
 * @param history  that extent is of; may be NULL when the extent is none
 * @param nobody   the detail when there is no set at all
 */
enum tscope_status tscope_silence_say(tscope_findings *findings, const struct tscope_check *check, const struct tscope_history *history,
                                      const struct tscope_extent *extent, int64_t at, const char *nobody);

/** Appends it in words. */
void tscope_silence_append(const struct tscope_silence *silence, struct tscope_buffer *words);

/**
 * The detail of an inconclusive answer. Many tokens have one and few are asked for it, so a silence is put into words here.
 *
 * @param scratch  holds the words when they are put together
 * @return NULL when out of memory
 */
const char *tscope_inconclusive_detail(const struct tscope_inconclusive *unknown, struct tscope_arena *scratch);

#endif
