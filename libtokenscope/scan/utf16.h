/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_UTF16_H
#define TSCOPE_SCAN_UTF16_H

#include "scan/window.h"

/** @file In which order the bytes of UTF-16 stand. */

/**
 * ASCII letters in UTF-16 are letters and zeros in turn, in either order, so that what is around them has to tell: the ends of the
 * text. Where it does not, they are taken for little-endian, as almost all are.
 *
 * @param at  a letter, which a zero follows
 * @return FOUND: big-endian, the letter's code unit begins with the zero before it; NOTHING: little-endian; MORE
 */
enum tscope_probe tscope_utf16_is_big_endian(const struct tscope_window *window, size_t at);
/**
 * The same of text whose first and last letter are known, and are in the window: a letter without a zero on one side tells. Where nothing
 * does, text is taken to begin at an even place of the stream.
 */
enum tscope_probe tscope_utf16_is_big_endian_text(const struct tscope_window *window, size_t begin, size_t last);

#endif
