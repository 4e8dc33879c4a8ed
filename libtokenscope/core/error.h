/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_ERROR_H
#define TSCOPE_CORE_ERROR_H

#include <tokenscope/status.h>

/** @file Setting an error: the first one stays, because the innermost one knows best. */

/** Fills err (may be NULL) unless it is set already, and returns status. offset: TSCOPE_OFFSET_NONE for nowhere in particular. */
enum tscope_status tscope_error_set(struct tscope_error *err, enum tscope_status status, uint64_t offset, const char *format, ...)
    __attribute__((cold, format(printf, 4, 5)));

/** The usual answer to a NULL from the seam. */
enum tscope_status tscope_error_no_memory(struct tscope_error *err) __attribute__((cold));

#endif
