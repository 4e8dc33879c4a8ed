/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TESTS_REPORT_READING_H
#define TSCOPE_TESTS_REPORT_READING_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/text.h"
#include "render/columns.h"

/** @file What must hold of any text for people, whatever the token says. */

/**
 * Every line is within the width, and no character moves a cursor or turns the direction of what is shown. Asserts only on
 * failure: Check writes a record of each assertion.
 */
static inline void
ck_assert_safe_lines(const char *text, unsigned width, const char *what)
{
    while (*text) {
        struct tscope_span line = tscope_span_of(text, strcspn(text, "\n"));
        size_t columns = tscope_columns_of_text(line);

        if (columns > width || (line.len > 0 && line.data[line.len - 1] == ' '))
            ck_abort_msg("%s: %zu columns, not %u, or a space at the end: %.*s", what, columns, width, (int)line.len, text);
        for (size_t at = 0; at < line.len;) {
            uint32_t c = tscope_text_code_point(line, &at);

            if (c == UINT32_MAX || tscope_text_is_unsafe(c))
                ck_abort_msg("%s: U+%04X at %zu of: %.*s", what, (unsigned)c, at, (int)line.len, text);
        }
        text += line.len + (text[line.len] == '\n');
    }
}

/** True when the text holds the needle, although lines may have been broken inside it. */
static inline bool
holds_across_lines(const char *text, struct tscope_span needle)
{
    size_t len = 0;
    char *squeezed = malloc(strlen(text) + 1);
    bool found;

    ck_assert_ptr_nonnull(squeezed);
    for (; *text; text++) {
        if (*text != ' ' && *text != '\n')
            squeezed[len++] = *text;
    }
    found = tscope_text_find(tscope_span_of(squeezed, len), needle) != SIZE_MAX;
    free(squeezed);
    return found;
}

#endif
