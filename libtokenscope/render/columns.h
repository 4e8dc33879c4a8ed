/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_COLUMNS_H
#define TSCOPE_RENDER_COLUMNS_H

#include "core/span.h"

/** @file How wide text is on a terminal, whatever the locale. */

/** Columns of one code point: 0 for marks that combine, 2 for wide letters and symbols, else 1. */
unsigned tscope_columns_of(uint32_t code_point);
/** Columns of UTF-8 text; a byte that is none counts 1. */
size_t tscope_columns_of_text(struct tscope_span text);

#endif
