/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_JWE_HEADER_H
#define TSCOPE_INSPECT_JWE_HEADER_H

#include "crypto/jwe.h"
#include "token/token.h"

/** @file What the header of one recipient says (RFC 7516 section 4): the union of the protected, the shared and its own one. */

struct tscope_jwe_header {
    const struct tscope_json *json[3]; /* protected; shared; own */
    const struct tscope_value *object[3];
    struct tscope_arena *arena;
};

/** Where the three headers of a token's recipient stand. */
struct tscope_jwe_header tscope_jwe_header_of(const struct tscope_token *token, size_t recipient, struct tscope_arena *arena);

/**
 * Reads a recipient's header and what was sent to it. strict: of equal names or names in two places, which readers take differently,
 * none is taken.
 *
 * @param ret_recipient  alg and enc are set as far as they are known, also when a reason is given
 * @param ret_reason     NULL, or why this can be decrypted with no key; static
 * @return false: out of memory
 */
bool tscope_jwe_header_read(const struct tscope_jwe_header *header, bool strict, struct tscope_jwe_recipient *ret_recipient,
                            const char **ret_reason);

/** The text of a string member, wherever it stands; data NULL: absent, no string, or out of memory. */
struct tscope_span tscope_jwe_header_text(const struct tscope_jwe_header *header, const char *name);
/** True when the plaintext is deflated. */
bool tscope_jwe_header_is_zipped(const struct tscope_jwe_header *header);

#endif
