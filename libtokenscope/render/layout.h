/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_LAYOUT_H
#define TSCOPE_RENDER_LAYOUT_H

#include "core/buffer.h"
#include "core/error.h"

/**
 * @file Text for a terminal: paragraphs that wrap at word borders by display columns, with a hanging indent, in calm colours.
 *
 * Whatever goes in, nothing that moves a cursor comes out: control and bidirectional characters and bytes that are not UTF-8
 * are written as escapes here, beside what the caller quotes. Failure shows in the buffers and is asked once, at the end.
 */

#define TSCOPE_LAYOUT_WIDTH 80 /* when nobody says */
#define TSCOPE_LAYOUT_WIDTH_MIN 40
#define TSCOPE_LAYOUT_WIDTH_MAX 1000

/** Where labels and where their values begin. */
#define TSCOPE_LAYOUT_LABEL 2
#define TSCOPE_LAYOUT_VALUE 13

enum tscope_style {
    TSCOPE_STYLE_PLAIN,
    TSCOPE_STYLE_STRONG, /* headings, what matters most */
    TSCOPE_STYLE_QUIET,  /* labels, what matters least */
    TSCOPE_STYLE_NAME,   /* what a well-known id means */
    TSCOPE_STYLE_GOOD,
    TSCOPE_STYLE_CALM, /* neither good nor bad */
    TSCOPE_STYLE_WARN,
    TSCOPE_STYLE_BAD,
    TSCOPE_STYLE_ALARM,
};

struct tscope_layout {
    struct tscope_buffer out;
    struct tscope_buffer word, word_styles; /* the word that is being put together; a style for each of its bytes */
    struct tscope_buffer scratch;
    unsigned width, margin; /* margin: added to every column, for blocks inside blocks */
    unsigned hang;          /* where the next line of this paragraph begins */
    unsigned column, spaces;
    unsigned begun; /* where the text of this line begins */
    bool colour, open;
    uint8_t shown; /* the style the terminal is in */
};

/** width 0: the default; else brought between the bounds. */
void tscope_layout_init(struct tscope_layout *layout, unsigned width, bool colour);
void tscope_layout_clear(struct tscope_layout *layout);

/** Begins a paragraph at column first, whose further lines begin at column hang. An open one is ended. */
void tscope_layout_begin(struct tscope_layout *layout, unsigned first, unsigned hang);
/** Ends the paragraph; no-op when none is open. */
void tscope_layout_end(struct tscope_layout *layout);
/** An empty line, never two, none at the beginning. */
void tscope_layout_blank(struct tscope_layout *layout);
/** Goes to a column of the line, or to the next line's when the text is past it. */
void tscope_layout_tab(struct tscope_layout *layout, unsigned column);

/** Our words. Breaks at spaces; without a space between two calls no break. */
void tscope_layout_text(struct tscope_layout *layout, enum tscope_style style, const char *text);
void tscope_layout_span(struct tscope_layout *layout, enum tscope_style style, struct tscope_span text);
/** Cut to 255 bytes. */
void tscope_layout_format(struct tscope_layout *layout, enum tscope_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/**
 * A word of a token's or key's: as it is when it is made of letters, digits and the marks of ids and addresses alone, else
 * single-quoted and escaped; cut to max bytes with an ellipsis.
 */
void tscope_layout_value(struct tscope_layout *layout, enum tscope_style style, struct tscope_span text, size_t max);

/** A section's name on a line of its own, an empty line before it. */
void tscope_layout_heading(struct tscope_layout *layout, const char *text);
/** The same with a remark beside it. */
void tscope_layout_heading_with(struct tscope_layout *layout, const char *text, const char *remark);
/** Begins a paragraph with a label in the label column; what follows stands in the value column. "" for none. */
void tscope_layout_label(struct tscope_layout *layout, const char *label);

/** Hands the text out, the caller's to release with tscope_string_free(), and clears the layout. ret_len may be NULL. */
enum tscope_status tscope_layout_finish(struct tscope_layout *layout, char **ret_text, size_t *ret_len, struct tscope_error *err);

#endif
