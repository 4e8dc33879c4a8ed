/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_REFUSAL_H
#define TSCOPE_TOKEN_REFUSAL_H

#include "token/token.h"

/** @file Why input is no token, in words for whoever gave it. */

/** Sets the error for text, without its encoding and, if anything is left then, without its transport; answers TSCOPE_ERR_DATA. */
enum tscope_status tscope_refusal_set(struct tscope_span text, struct tscope_error *err);

#endif
