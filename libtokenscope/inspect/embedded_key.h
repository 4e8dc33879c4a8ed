/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_EMBEDDED_KEY_H
#define TSCOPE_INSPECT_EMBEDDED_KEY_H

#include "inspect/inspection.h"
#include "inspect/signing_input.h"

/** @file The key that a token brings along in its own header. It proves that its holder signed, and nothing about who that is. */

/**
 * Reads "jwk", else the first certificate of "x5c", and fills resolution->embedded. The key is tried only when no other verified;
 * it changes neither the status nor resolution->key, so that no token vouches for itself.
 *
 * @param signature  as it is to be tried, the DER of ECDSA taken apart
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_embedded_key_try(tscope_inspector *inspector, const tscope_subject *subject,
                                                           const struct tscope_signing_inputs *inputs, struct tscope_span signature,
                                                           struct tscope_resolution *resolution, struct tscope_error *err);

#endif
