/* SPDX-License-Identifier: Apache-2.0 */
#include "junit.h"

#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "memory.h"

/* The two code points above the controls that XML 1.0 section 2.2 has no room for, U+FFFE and U+FFFF. */
static bool
is_no_character(const char *text)
{
    return strncmp(text, "\xef\xbf", 2) == 0 && ((unsigned char)text[2] & 0xfe) == 0xbe;
}

/* A line made safe for a terminal holds no control characters and is UTF-8: what XML wants, but for its own signs. */
static void
write_line(FILE *file, const char *line, size_t line_len)
{
    AUTO(heap_text) *cut = memory_print("%.*s", (int)line_len, line);
    AUTO(heap_text) *safe = escape_text(cut);

    for (const char *at = safe; *at; at++) {
        if (*at == '&')
            fputs("&amp;", file);
        else if (*at == '<')
            fputs("&lt;", file);
        else if (*at == '>')
            fputs("&gt;", file);
        else if (*at == '"')
            fputs("&quot;", file);
        else if (is_no_character(at))
            fprintf(file, "\\uff%02x", (unsigned)(((unsigned char)at[2] & 0x3f) | 0xc0));
        else
            putc(*at, file);
        if (is_no_character(at))
            at += 2;
    }
}

bool
junit_add(struct junit *junit, const char *name, const char *differences)
{
    size_t first_len = strcspn(differences, "\n");

    if (!junit->file)
        junit->file = open_memstream(&junit->text, &junit->text_len);
    if (!junit->file)
        return false;
    junit->tests++;
    fputs("  <testcase classname=\"tokenscope\" name=\"", junit->file);
    write_line(junit->file, name, strlen(name));
    if (!*differences)
        return fputs("\"/>\n", junit->file) >= 0;
    junit->failures++;
    fputs("\">\n    <failure message=\"", junit->file);
    write_line(junit->file, differences, first_len);
    fputs("\">", junit->file);
    for (const char *line = differences, *end; (end = strchr(line, '\n')); line = end + 1) {
        write_line(junit->file, line, (size_t)(end - line));
        putc('\n', junit->file);
    }
    return fputs("</failure>\n  </testcase>\n", junit->file) >= 0;
}

bool
junit_finish(struct junit *junit, FILE *file, const char *suite)
{
    bool whole = !junit->file || fclose(junit->file) == 0;

    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"", file);
    write_line(file, suite, strlen(suite));
    fprintf(file, "\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n", junit->tests, junit->failures);
    if (whole && junit->text)
        fwrite(junit->text, 1, junit->text_len, file);
    fputs("</testsuite>\n", file);
    free(junit->text);
    *junit = (struct junit){0};
    return whole;
}
