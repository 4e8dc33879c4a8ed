/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_SIGNING_INPUT_H
#define TSCOPE_INSPECT_SIGNING_INPUT_H

#include "inspect/inspection.h"

/** @file The bytes a signature may have been made over (RFC 7515 section 5.1): as sent, read through damage, with the header nonce hashed.
 */

struct tscope_signing_input_form {
    enum tscope_signing_input input;
    struct tscope_span parts[3]; /* header, ".", payload */
};

struct tscope_signing_inputs {
    struct tscope_signing_input_form forms[4];
    size_t len;
    bool payload_unknown; /* detached and not at hand: an empty payload stands in, which may be all that was signed */
};

/**
 * Makes the forms in the order in which they are to be tried. Spans live in the token and the subject's arena.
 *
 * @param payload  of a detached signature; data NULL: none
 */
TSCOPE_MUST_USE enum tscope_status tscope_signing_inputs_make(struct tscope_signing_inputs *inputs, tscope_inspector *inspector,
                                                              const tscope_subject *subject, const struct tscope_span *payload,
                                                              struct tscope_error *err);

#endif
