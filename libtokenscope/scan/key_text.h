/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_KEY_TEXT_H
#define TSCOPE_SCAN_KEY_TEXT_H

#include "scan/key_anchors.h"
#include "scan/window.h"

/** @file Text out of a window with the place of each character, and the layers that such text is wrapped in taken off one by one. */

#define TSCOPE_KEY_TEXT_MAX (TSCOPE_KEY_BEFORE_MAX + TSCOPE_KEY_BEHIND_MAX)

struct tscope_key_text {
    uint8_t text[TSCOPE_KEY_TEXT_MAX];
    uint32_t places[TSCOPE_KEY_TEXT_MAX]; /* bytes of the window that each character begins at */
    size_t len;
    uint32_t end_place; /* behind the last one */
    size_t used;        /* most that was ever in it: what has to be wiped */
    uint64_t passed;    /* characters that were read into it since it was made */
    bool is_cut;        /* it ends with the window, behind which there may be more, or as much as was asked for */
    bool is_cut_front;  /* there is more of it in front than was asked for */
};

/**
 * Reads characters of one byte (stride 1), or of two of which one is zero (stride 2: UTF-16, of either order, from the byte that is not
 * zero): from and to are bytes of the window, to is cut to it. Ends at what is no such character.
 */
void tscope_key_text_load(struct tscope_key_text *text, const struct tscope_window *window, size_t from, size_t to, size_t stride);
/** The first of at most max bytes in front of a character from which on all are characters: text in memory is short. */
size_t tscope_key_text_begin(const struct tscope_window *window, size_t at, size_t max, size_t stride);
/** Copies characters begin to end of one text to another. */
void tscope_key_text_copy(struct tscope_key_text *text, const struct tscope_key_text *from, size_t begin, size_t end);
/** Wipes what was in it. */
void tscope_key_text_forget(struct tscope_key_text *text);

/** Takes one layer off, in place. What cannot be read stays as it is. */
void tscope_key_text_unescape_json(struct tscope_key_text *text);
void tscope_key_text_unescape_percent(struct tscope_key_text *text);
void tscope_key_text_unescape_html(struct tscope_key_text *text);
/** Python writes strings of dictionaries in single quotes. */
void tscope_key_text_requote(struct tscope_key_text *text);

/** True when these characters stand there. */
bool tscope_key_text_is(const struct tscope_key_text *text, size_t at, const char *word);
/** Where they first stand in [from, to); SIZE_MAX: nowhere. */
size_t tscope_key_text_find(const struct tscope_key_text *text, size_t from, size_t to, const char *word);

/** A walk over base64, either alphabet, past all that folds it: white space, and escapes of JSON, URLs and HTML. */
struct tscope_key_base64 {
    const struct tscope_key_text *text;
    size_t at;          /* the next character */
    size_t end;         /* behind the last one that was base64 */
    bool is_standard;   /* the alphabet of PEM alone, which is followed by dashes */
    bool plus_is_space; /* of a form: "+" is a space there and %2B a plus */
    bool is_joined;     /* lines may be strings of a program that it puts together, or quoted in a mail */
    bool is_folded;     /* there was white space or an escape */
    bool is_escaped;    /* an escape of JSON */
    bool is_percent;    /* an escape of a URL */
    bool ran_out;       /* the text came to its end */
};

/**
 * Decodes until max bytes are there or something else stands there. A last group that is no whole one is read as far as it goes.
 *
 * @param places  of each byte the place of its group's first character; may be NULL
 * @return bytes written
 */
size_t tscope_key_base64_read(struct tscope_key_base64 *walk, uint8_t *bytes, uint32_t *places, size_t max);
/** Moves past white space and its escapes. */
void tscope_key_base64_skip(struct tscope_key_base64 *walk);

#endif
