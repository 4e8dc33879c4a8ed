/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_SCAN_PROGRESS_H
#define TOOLS_SCAN_PROGRESS_H

#include <stdbool.h>

#include <tokenscope/sweep.h>

/** @file A line on standard error that says how far a sweep is, how fast, and how long it will still take. On a terminal only. */

/** Whether it would be shown: else what it needs need not be measured. */
bool scan_progress_is_shown(void);

/** @param bytes  of all files; 0: not known */
void scan_progress_begin(const tscope_sweep *sweep, uint64_t bytes);

/** Takes the line away before something else is printed; it comes back by itself. */
void scan_progress_pause(void);

void scan_progress_end(void);

#endif
