/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_SECRETS_H
#define TSCOPE_INSPECT_SECRETS_H

#include "inspect/signing_input.h"

/**
 * @file How an HMAC was made that no key verifies: with nothing, with a secret out of the caller's list or out of documentation, or
 * with the bytes of a public key (RFC 8725 section 2.1).
 */

/** Secrets of the library's own that are tried on one token; the rest is said. The caller's list is tried whole. */
#define TSCOPE_SECRET_TRIALS_MAX 6144
/** Bytes hashed for it in all, behind which no further form of a public key is tried. */
#define TSCOPE_SECRET_BYTES_MAX ((size_t)64 << 20)

/** A secret that documentation shows. The table is made of libtokenscope/data/sample-secrets.json. */
struct tscope_sample_secret {
    const char *secret;
    const char *source;
};

/** The payload of a token that documentation shows, as JSON. */
struct tscope_sample_payload {
    const char *payload;
};

extern const struct tscope_sample_secret tscope_sample_secrets[];
extern const size_t tscope_sample_secrets_len;
extern const struct tscope_sample_payload tscope_sample_payloads[];
extern const size_t tscope_sample_payloads_len;

/** Fills resolution->secret, and the status with what follows from it, of a signature that no key verified. */
TSCOPE_MUST_USE enum tscope_status tscope_secrets_try(tscope_inspector *inspector, const tscope_subject *subject,
                                                      const struct tscope_signing_inputs *inputs, struct tscope_resolution *resolution,
                                                      struct tscope_error *err);

#endif
