/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_SILENCE_H
#define TSCOPE_CHECKS_SILENCE_H

#include "checks/findings.h"

/** @file What to say where the histories cannot speak of a time. */

/**
 * Adds an inconclusive answer that says how far the sets reach. It changes strength only: that nobody kept a set is no
 * evidence against a token.
 *
 * @param history  that extent is of; may be NULL when the extent is none
 * @param nobody   the detail when there is no set at all
 */
enum tscope_status tscope_silence_say(tscope_findings *findings, const struct tscope_check *check, const tscope_subject *subject,
                                      const struct tscope_history *history, const struct tscope_extent *extent, int64_t at,
                                      const char *nobody);

#endif
