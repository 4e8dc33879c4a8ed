/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_COMPANION_H
#define TSCOPE_TOKEN_COMPANION_H

#include "token/token.h"

/** @file What came with a token, and whether it is still as it was sent: a digest of what a sanitizer left says nothing. */

enum tscope_companion_state {
    TSCOPE_COMPANION_WHOLE,
    TSCOPE_COMPANION_MASKED, /* "[REDACTED]", "ya29.***", a mask in place of its signature, nothing at all */
    TSCOPE_COMPANION_CUT,    /* a token whose end is lost */
};

/**
 * Says what of an access token or code is there. Of what is opaque nobody can see that it was cut.
 *
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_companion_state_of(struct tscope_span text, struct tscope_arena *arena,
                                                             enum tscope_companion_state *ret_state, struct tscope_error *err);

#endif
