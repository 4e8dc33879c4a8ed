/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_CAPTURE_H
#define TSCOPE_TOKEN_CAPTURE_H

#include "token/token.h"

/** @file Several tokens in one captured text: a token response, a cookie field, a request, a file. */

/** The same as tscope_token_read_member() for the token of whole that capture names; its place in the source counts in whole. */
TSCOPE_MUST_USE enum tscope_status tscope_capture_read(struct tscope_token *token, struct tscope_arena *arena, struct tscope_span whole,
                                                       const struct tscope_capture *capture, size_t input_max,
                                                       struct tscope_header_memory *headers, struct tscope_error *err);

/** How far a text was walked through. */
struct tscope_capture_walk {
    size_t at;
    size_t line_begin, line, column; /* of the line that at lies in; columns in code points */
};

/** Tokens found one after another. */
struct tscope_capture_list {
    struct tscope_capture_walk walk;
    struct tscope_capture *captures; /* in arena */
    size_t len, max;
    struct tscope_arena *arena;
    bool no_memory;
};

/** Notes one; without memory it says so in the list and does nothing. */
void tscope_capture_add(struct tscope_capture_list *list, struct tscope_capture capture);

/**
 * Finds tokens in running text, each with the name, the quotes or the scheme that stands before it; a token that is wrapped at one
 * width goes on over line ends.
 *
 * @param region  the part of text that is looked at, behind those looked at earlier
 */
void tscope_capture_find_in(struct tscope_capture_list *list, struct tscope_span text, struct tscope_span region);

/**
 * Finds the first token in running text whose last part is as long as its algorithm makes it: whatever stands behind it cannot be
 * the rest of that.
 *
 * @return its characters; data NULL when there is none, or nothing else in text
 */
struct tscope_span tscope_capture_whole(struct tscope_span text);

#endif
