/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_WORDS_H
#define TSCOPE_RENDER_WORDS_H

#include "render/layout.h"

/** @file Times and counts as people say them. */

#define TSCOPE_WORDS_MAX 48

/** "2023-06-15 10:00:00 UTC"; seconds as digits outside the years 0000 to 9999; "at no known time" for TSCOPE_TIME_NONE. */
void tscope_words_time(int64_t time, char words[TSCOPE_WORDS_MAX]);
/** "2023-06-15". */
void tscope_words_date(int64_t time, char words[TSCOPE_WORDS_MAX]);
/** "1 h 5 min", "2 y 3 mo": two units at most. */
void tscope_words_span(uint64_t seconds, char words[TSCOPE_WORDS_MAX]);
/** "2 y 3 mo ago", "in 5 min", "just now"; "" when either time is unknown. */
void tscope_words_ago(int64_t time, int64_t now, char words[TSCOPE_WORDS_MAX]);
/** "" for 1, else "s". */
const char *tscope_words_plural(size_t count);

/** A time with how long before or after now it is, in a paragraph that is open. */
void tscope_words_put_time(struct tscope_layout *layout, int64_t time, int64_t now);

#endif
