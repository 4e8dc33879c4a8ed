/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_MASK_H
#define TSCOPE_TOKEN_MASK_H

#include "core/buffer.h"

/** @file What sanitizers and logs put in place of a text that is not to be seen. */

/** True when the text is one character repeated, or ends in more of one than chance puts there. */
bool tscope_mask_is_run(struct tscope_span text);

/** True when an asterisk, an ellipsis or a bullet stands in the text, or a word such as "redacted" in a short one. */
bool tscope_mask_has_mark(struct tscope_span text);

/** True when a text that is no part of a token (an id, a code, an opaque token) is a mask or holds one: "[REDACTED]", "<token>", "xxxx". */
bool tscope_mask_is(struct tscope_span text);

#endif
