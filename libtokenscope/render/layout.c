/* SPDX-License-Identifier: Apache-2.0 */
#include "render/layout.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/text.h"
#include "render/columns.h"

static const char *const sequences[] = {
    [TSCOPE_STYLE_PLAIN] = "",        [TSCOPE_STYLE_STRONG] = "\033[1m", [TSCOPE_STYLE_QUIET] = "\033[2m",
    [TSCOPE_STYLE_NAME] = "\033[36m", [TSCOPE_STYLE_GOOD] = "\033[32m",  [TSCOPE_STYLE_CALM] = "\033[34m",
    [TSCOPE_STYLE_WARN] = "\033[33m", [TSCOPE_STYLE_BAD] = "\033[31m",   [TSCOPE_STYLE_ALARM] = "\033[1;31m",
};

void
tscope_layout_init(struct tscope_layout *layout, unsigned width, bool colour)
{
    memset(layout, 0, sizeof(*layout));
    layout->width = width == 0                        ? TSCOPE_LAYOUT_WIDTH
                    : width < TSCOPE_LAYOUT_WIDTH_MIN ? TSCOPE_LAYOUT_WIDTH_MIN
                    : width > TSCOPE_LAYOUT_WIDTH_MAX ? TSCOPE_LAYOUT_WIDTH_MAX
                                                      : width;
    layout->colour = colour;
}

void
tscope_layout_clear(struct tscope_layout *layout)
{
    tscope_buffer_clear(&layout->out);
    tscope_buffer_clear(&layout->word);
    tscope_buffer_clear(&layout->word_styles);
    tscope_buffer_clear(&layout->scratch);
}

static void
show_style(struct tscope_layout *layout, uint8_t style)
{
    if (!layout->colour || style == layout->shown)
        return;
    if (layout->shown != TSCOPE_STYLE_PLAIN)
        tscope_buffer_append_text(&layout->out, "\033[0m");
    tscope_buffer_append_text(&layout->out, sequences[style]);
    layout->shown = style;
}

static void
fill_to(struct tscope_layout *layout, unsigned column)
{
    for (; layout->column < column; layout->column++)
        tscope_buffer_append_byte(&layout->out, ' ');
}

static void
break_line(struct tscope_layout *layout)
{
    show_style(layout, TSCOPE_STYLE_PLAIN);
    tscope_buffer_append_byte(&layout->out, '\n');
    layout->column = layout->begun = 0;
    layout->spaces = 0;
}

/* A path may part behind a slash, and an id behind a hyphen: better there than anywhere. */
static int
softness_of(uint8_t byte)
{
    if (byte == '/' || byte == '?' || byte == '&')
        return 2;
    return byte == '-' || byte == ':' || byte == ',' || byte == '=' || byte == '~' ? 1 : 0;
}

/* Where the line ends that begins at byte start of a word, with so many columns left. At least one character fits always. */
static size_t
end_of_line(struct tscope_span word, size_t start, size_t columns_left)
{
    size_t soft_ends[3] = {0}, columns = 0, at = start;

    while (at < word.len) {
        size_t next = at;

        columns += tscope_columns_of(tscope_text_code_point(word, &next));
        if (columns > columns_left && at > start)
            break;
        soft_ends[softness_of(word.data[next - 1])] = next;
        at = next;
    }
    if (at == word.len)
        return at;
    for (int softness = 2; softness > 0; softness--) {
        if (soft_ends[softness] > start + (at - start) * (softness == 2 ? 1 : 2) / 3)
            return soft_ends[softness];
    }
    return at;
}

static void
write_run(struct tscope_layout *layout, size_t start, size_t end)
{
    for (size_t at = start; at < end;) {
        size_t run = at;

        while (at < end && layout->word_styles.data[at] == layout->word_styles.data[run])
            at++;
        show_style(layout, layout->word_styles.data[run]);
        tscope_buffer_append(&layout->out, layout->word.data + run, at - run);
    }
}

/* The word as it is, over as many lines as it needs. */
static void
write_word(struct tscope_layout *layout)
{
    struct tscope_span word = tscope_span_of(layout->word.data, layout->word.len);

    for (size_t start = 0; start < word.len;) {
        size_t end = end_of_line(word, start, layout->width - layout->column);

        write_run(layout, start, end);
        layout->column += (unsigned)tscope_columns_of_text(tscope_span_of(word.data + start, end - start));
        start = end;
        if (start < word.len) {
            break_line(layout);
            fill_to(layout, layout->hang);
        }
    }
}

/* A word that fits on no line begins where it stands, unless hardly anything of it would. */
static bool
belongs_on_next_line(const struct tscope_layout *layout, size_t columns)
{
    size_t left = layout->width - layout->column;

    if (layout->column <= layout->hang || columns + layout->spaces <= left)
        return false;
    return columns <= layout->width - layout->hang || left < layout->spaces + 16u;
}

static void
flush_word(struct tscope_layout *layout)
{
    if (layout->word.failed || layout->word_styles.failed)
        layout->out.failed = true;
    if (layout->word.len == 0 || layout->out.failed)
        return;
    if (belongs_on_next_line(layout, tscope_columns_of_text(tscope_span_of(layout->word.data, layout->word.len)))) {
        break_line(layout);
        fill_to(layout, layout->hang);
    }
    fill_to(layout, layout->column + layout->spaces);
    layout->spaces = 0;
    write_word(layout);
    tscope_buffer_reset(&layout->word);
    tscope_buffer_reset(&layout->word_styles);
}

static void
add_to_word(struct tscope_layout *layout, enum tscope_style style, const void *bytes, size_t len)
{
    tscope_buffer_append(&layout->word, bytes, len);
    for (size_t i = 0; i < len; i++)
        tscope_buffer_append_byte(&layout->word_styles, (uint8_t)style);
}

static void
add_escaped(struct tscope_layout *layout, enum tscope_style style, uint32_t code_point, uint8_t byte)
{
    char escape[16];
    int len;

    if (code_point == UINT32_MAX || code_point < 0x80)
        len = snprintf(escape, sizeof(escape), "\\x%02x", byte);
    else
        len = snprintf(escape, sizeof(escape), code_point < 0x10000 ? "\\u%04x" : "\\U%06x", (unsigned)code_point);
    add_to_word(layout, style, escape, (size_t)len);
}

void
tscope_layout_span(struct tscope_layout *layout, enum tscope_style style, struct tscope_span text)
{
    for (size_t at = 0; at < text.len;) {
        size_t start = at;
        uint32_t code_point = tscope_text_code_point(text, &at);

        if (code_point == ' ') {
            flush_word(layout);
            layout->spaces += layout->spaces < layout->width; /* kept as they are: evidence may hold several */
        } else if (code_point == UINT32_MAX || tscope_text_is_unsafe(code_point)) {
            add_escaped(layout, style, code_point, text.data[start]);
        } else {
            add_to_word(layout, style, text.data + start, at - start);
        }
    }
}

void
tscope_layout_text(struct tscope_layout *layout, enum tscope_style style, const char *text)
{
    tscope_layout_span(layout, style, tscope_span_text(text));
}

void
tscope_layout_format(struct tscope_layout *layout, enum tscope_style style, const char *format, ...)
{
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    if (vsnprintf(text, sizeof(text), format, arguments) < 0)
        text[0] = '\0';
    va_end(arguments);
    tscope_layout_text(layout, style, text);
}

/* Nothing in it could be taken for a word of the report's own, or for a mark between two of them. */
static bool
is_plain(struct tscope_span text)
{
    static const struct tscope_span marks = {(const uint8_t *)"-._~:/@+=%#?&*$|{}[]", 20};

    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];

        if (!(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && !memchr(marks.data, c, marks.len))
            return false;
    }
    return text.len > 0;
}

void
tscope_layout_value(struct tscope_layout *layout, enum tscope_style style, struct tscope_span text, size_t max)
{
    tscope_buffer_reset(&layout->scratch);
    if (is_plain(text))
        tscope_text_escape(&layout->scratch, text, max);
    else
        tscope_text_quote(&layout->scratch, text, max);
    if (layout->scratch.failed)
        layout->out.failed = true;
    tscope_layout_span(layout, style, tscope_span_of(layout->scratch.data, layout->scratch.len));
}

void
tscope_layout_begin(struct tscope_layout *layout, unsigned first, unsigned hang)
{
    tscope_layout_end(layout);
    layout->open = true;
    layout->hang = layout->margin + hang;
    if (layout->hang > layout->width / 2)
        layout->hang = layout->width / 2;
    fill_to(layout, layout->margin + first < layout->width / 2 ? layout->margin + first : layout->width / 2);
    layout->begun = layout->column;
}

void
tscope_layout_end(struct tscope_layout *layout)
{
    if (!layout->open)
        return;
    flush_word(layout);
    break_line(layout);
    layout->open = false;
}

void
tscope_layout_blank(struct tscope_layout *layout)
{
    const struct tscope_buffer *out = &layout->out;

    tscope_layout_end(layout);
    if (out->len > 1 && !(out->data[out->len - 1] == '\n' && out->data[out->len - 2] == '\n'))
        break_line(layout);
}

void
tscope_layout_tab(struct tscope_layout *layout, unsigned column)
{
    column += layout->margin;
    if (column > layout->width / 2)
        column = layout->width / 2;
    flush_word(layout);
    layout->spaces = 0;
    if (layout->column >= column && layout->column > layout->begun)
        break_line(layout);
    show_style(layout, TSCOPE_STYLE_PLAIN);
    fill_to(layout, column);
}

void
tscope_layout_heading_with(struct tscope_layout *layout, const char *text, const char *remark)
{
    tscope_layout_blank(layout);
    tscope_layout_begin(layout, 0, TSCOPE_LAYOUT_VALUE);
    tscope_layout_text(layout, TSCOPE_STYLE_STRONG, text);
    if (remark[0]) {
        tscope_layout_tab(layout, TSCOPE_LAYOUT_VALUE);
        tscope_layout_text(layout, TSCOPE_STYLE_QUIET, remark);
    }
    tscope_layout_end(layout);
}

void
tscope_layout_heading(struct tscope_layout *layout, const char *text)
{
    tscope_layout_heading_with(layout, text, "");
}

void
tscope_layout_label(struct tscope_layout *layout, const char *label)
{
    tscope_layout_begin(layout, TSCOPE_LAYOUT_LABEL, TSCOPE_LAYOUT_VALUE);
    tscope_layout_text(layout, TSCOPE_STYLE_QUIET, label);
    tscope_layout_tab(layout, TSCOPE_LAYOUT_VALUE);
}

enum tscope_status
tscope_layout_finish(struct tscope_layout *layout, char **ret_text, size_t *ret_len, struct tscope_error *err)
{
    size_t len;
    char *text;

    tscope_layout_end(layout);
    text = tscope_buffer_steal(&layout->out, &len);
    tscope_layout_clear(layout);
    if (!text)
        return tscope_error_no_memory(err);
    *ret_text = text;
    if (ret_len)
        *ret_len = len;
    return TSCOPE_OK;
}
