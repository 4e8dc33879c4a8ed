/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_REGION_H
#define TSCOPE_INSPECT_REGION_H

#include "inspect/inspection.h"

/** @file Where evidence stands in the file that its token was found in. */

/** Lines and columns from 1, columns in code points; line 0: the file has no lines of such text (UTF-16). The end is behind the last byte.
 */
struct tscope_region {
    uint64_t line, column, end_line, end_column;
    uint64_t byte_offset, byte_len;
};

/**
 * The region of a piece of evidence in the outermost token. Where that was mended, is in UTF-16, or evidence is NULL: of the whole token.
 *
 * @param first_line  the line of the source on which the inspected bytes begin, from 1
 */
struct tscope_region tscope_region_of(const tscope_report *report, uint64_t first_line, const struct tscope_evidence *evidence);

#endif
