/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_FORMAT_TEXT_H
#define TSCOPE_EVIDENCE_FORMAT_TEXT_H

#include <tokenscope/evidence.h>

#include "core/span.h"

/** @file Which kind of text a text is, by how it begins. TEXT when it is none that is known. */

/** @param head  one byte a character, perhaps with the byte order mark of UTF-8 */
enum tscope_evidence_format tscope_format_of_text(struct tscope_span head, bool is_all);

#endif
