/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_BASE64URL_AVX2_H
#define TSCOPE_CORE_BASE64URL_AVX2_H

#include "core/span.h"

/** @file Part of core/base64url.c, for processors that have AVX2. */

/**
 * Decodes characters from the start of text on, three bytes for each four of them into out, which has room for all of text.
 *
 * @return how many were decoded, a multiple of four: as many as come cheap, or 0
 */
size_t tscope_base64url_decode_avx2(const uint8_t *text, size_t len, uint8_t *out);

#endif
