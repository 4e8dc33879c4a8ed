/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_PAGE_PARTS_H
#define TSCOPE_RENDER_PAGE_PARTS_H

#include "core/json_writer.h"
#include "token/token.h"

/** @file The decoded bytes of a token, so that evidence can be shown where it stands. */

/** Decoded bytes of one part that are written; the rest is said to be left out. */
#define TSCOPE_PAGE_PART_MAX (64u * 1024)

/**
 * Writes an object: "header" and "payload" as base64url of the decoded bytes, each with "header_left_out" bytes where it was cut, and
 * "nested" of the tokens inside. Unless reveal, what may not be shown is overwritten with '*', byte for byte, so that places stay.
 * A header is written where there is one alone.
 */
void tscope_page_write_parts(struct tscope_json_writer *writer, const struct tscope_token *token, bool reveal);

#endif
