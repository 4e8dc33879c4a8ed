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

/**
 * The signature as RFC 7518 section 3 has it: of ECDSA r and s out of the DER that libraries make, of which section 3.4 says that it is
 * not to be sent; any other as it stands. In the token or the subject's arena. False: out of memory.
 */
bool tscope_signature_raw(const tscope_subject *subject, const struct tscope_alg *alg, struct tscope_span *ret_raw, bool *ret_is_der);

#endif
