/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_SHAPE_H
#define TSCOPE_TOKEN_SHAPE_H

#include "core/span.h"

/** @file What a token looks like from outside: enough to find one between names, quotes and separators. */

/** A character of base64url. */
bool tscope_shape_is_character(uint8_t byte);

/**
 * True when the first characters are base64url of an object's beginning, as those of every header are: a brace, and then a
 * name or the end. "example.com" decodes to a brace too, but not to what follows one.
 */
bool tscope_shape_begins_header(struct tscope_span text);

/** True when text begins like a header, or is as a whole an opaque token of a known shape. */
bool tscope_shape_is_token(struct tscope_span text);

/** True when it is more than a run of base64 that happens to hold an object: a token of several parts, or an opaque one. */
bool tscope_shape_has_parts(struct tscope_span text);

/**
 * True for one word in the alphabet of bearer tokens (RFC 6750 section 2.1) that is too long and too mixed for a name: a
 * reference, a session's id, a GUID.
 */
bool tscope_shape_is_reference(struct tscope_span text);

#endif
