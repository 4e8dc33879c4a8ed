/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_SCAN_FIND_H
#define TOOLS_SCAN_FIND_H

#include <tokenscope/sweep.h>

/** @file One find on standard output. */

/** A few lines for people, in 80 columns where names allow it. */
void scan_find_text(const struct tscope_sweep_find *find);

/** One line of JSON. */
void scan_find_json(const struct tscope_sweep_find *find);

#endif
