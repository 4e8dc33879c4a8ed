/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_DIGEST_TEXT_H
#define TSCOPE_CORE_DIGEST_TEXT_H

#include "core/buffer.h"

/** @file Digests as headers spell them. */

/**
 * Reads a digest: base64url as the standard has it (RFC 7515 section 4.1.7), the same with padding, hexadecimal, or hexadecimal that was
 * encoded once more, as some software writes it. False when the text is none of digest_len bytes, at most 32; digest is then not defined.
 */
bool tscope_digest_text_read(struct tscope_span text, uint8_t *digest, size_t digest_len);

#endif
