/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_PREPARE_H
#define TSCOPE_INSPECT_PREPARE_H

#include "inspect/inspection.h"

/** Fills a subject for one signature (NULL: an opaque token) of a token, all but its resolution. */
void tscope_subject_prepare(tscope_subject *subject, tscope_inspector *inspector, const struct tscope_moment *moment,
                            const struct tscope_token *token, const struct tscope_token_signature *signature, struct tscope_arena *arena);

#endif
