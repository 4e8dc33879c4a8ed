/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "memory.h"

void
layout_paragraph(const char *text, unsigned indent, unsigned width)
{
    AUTO(heap_text) *safe = escape_text(text);
    unsigned column = 0;

    for (char *rest = safe, *word = strsep(&rest, " "); word; word = strsep(&rest, " ")) {
        unsigned columns = (unsigned)escape_columns(word);

        if (columns == 0)
            continue;
        if (column > 0 && column + 1 + columns > width) {
            putchar('\n');
            column = 0;
        }
        if (column == 0)
            column = (unsigned)printf("%*s", (int)indent, "");
        else
            column += (unsigned)printf(" ");
        column += columns;
        fputs(word, stdout);
    }
    putchar('\n');
}

void
layout_cell(const char *text, unsigned columns)
{
    AUTO(heap_text) *safe = escape_text(text);
    bool fits = escape_columns(safe) <= columns;
    unsigned column = 0;

    for (const char *c = safe; *c; c++) {
        bool begins = (*c & 0xc0) != 0x80;

        if (begins && !fits && column + 1 == columns)
            break;
        column += begins;
        putchar(*c);
    }
    if (!fits) {
        fputs("…", stdout);
        column++;
    }
    printf("%*s", (int)(columns - column), "");
}
