/* SPDX-License-Identifier: Apache-2.0 */
#include "case/csv.h"

/* Spreadsheets run what begins like this, and the texts are an attacker's ("CSV injection"). */
static bool
is_formula(struct tscope_span text)
{
    return text.len > 0 && memchr("=+-@\t\r", text.data[0], 6);
}

static bool
needs_quotes(struct tscope_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"' || text.data[i] == ',' || text.data[i] < ' ')
            return true;
    }
    return false;
}

void
tscope_csv_write_cell(struct tscope_buffer *line, bool is_first, struct tscope_span text)
{
    bool quoted = needs_quotes(text);

    if (!is_first)
        tscope_buffer_append_byte(line, ',');
    if (quoted)
        tscope_buffer_append_byte(line, '"');
    if (is_formula(text))
        tscope_buffer_append_byte(line, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '"')
            tscope_buffer_append_byte(line, '"');
        tscope_buffer_append_byte(line, text.data[i] < ' ' || text.data[i] == 0x7f ? ' ' : text.data[i]);
    }
    if (quoted)
        tscope_buffer_append_byte(line, '"');
}

void
tscope_csv_write_integer(struct tscope_buffer *line, bool is_first, int64_t value)
{
    if (!is_first)
        tscope_buffer_append_byte(line, ',');
    tscope_buffer_append_integer(line, value);
}

void
tscope_csv_write_end(struct tscope_buffer *line)
{
    tscope_buffer_append(line, "\r\n", 2);
}
