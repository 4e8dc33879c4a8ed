/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_ESCAPE_H
#define TOOLS_ESCAPE_H

#include <stddef.h>
#include <stdio.h>

/** @file Text of others made safe for a terminal: it must neither move the cursor nor reorder the line. */

/** Writes text with control and bidirectional characters and bytes that are not UTF-8 as \xNN or \uNNNN. */
void escape_write(FILE *file, const char *text, size_t text_len);

/** The same into new memory, which the caller frees. */
char *escape_text(const char *text);

/** Columns that text takes, as far as one column a code point goes. */
size_t escape_columns(const char *text);

#endif
