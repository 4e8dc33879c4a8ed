/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_WORDS_H
#define TSCOPE_AUDIT_WORDS_H

#include "core/alloc.h"
#include "core/arena.h"

/** @file Texts that come again and again as numbers: 0 is no text, the others count from 1 in the order in which they were first seen. */

typedef struct tscope_words tscope_words;

/** NULL when out of memory. */
tscope_words *tscope_words_new(void);
void tscope_words_free(tscope_words *words);
TSCOPE_DEFINE_AUTO(tscope_words)

/** The number of a text; false when out of memory. data NULL or an empty text is 0. */
bool tscope_words_add(tscope_words *words, struct tscope_span text, uint32_t *ret_number);
/** The same under the next number, whether the text has one or not: for numbers that somebody stored. */
bool tscope_words_append(tscope_words *words, struct tscope_span text);
/** 0 when it was never added. */
uint32_t tscope_words_find(const tscope_words *words, struct tscope_span text);
/** data is NULL for 0 and for numbers that were not given out. Lives as long as the words, with a NUL behind it. */
struct tscope_span tscope_words_text(const tscope_words *words, uint32_t number);
/** How many were given out. */
uint32_t tscope_words_len(const tscope_words *words);

#endif
