/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_VERDICT_WORDS_H
#define TSCOPE_RENDER_VERDICT_WORDS_H

#include "inspect/inspection.h"
#include "render/layout.h"

/** @file A verdict in words for somebody who does not read the rest. */

enum tscope_style tscope_verdict_style(enum tscope_verdict verdict);
/** "FORGED" */
const char *tscope_verdict_word(enum tscope_verdict verdict);
/** Why, in a sentence, and what the verdict means, in another; in an open paragraph. */
void tscope_verdict_put_sentences(struct tscope_layout *layout, const struct tscope_inspection *inspection);

/** The clause for the check of this number, and its id; NULL behind the last. */
const char *tscope_verdict_clause(size_t number, const char **ret_id);

#endif
