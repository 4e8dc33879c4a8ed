/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_TRANSPORT_H
#define TSCOPE_TOKEN_TRANSPORT_H

#include "token/token.h"

/** @file What carried a token here, and is no part of it: white space, quotes, header fields, cookies, parameters, responses. */

/** Takes transport off and notes it. The answer is a view of text; all of text when there is nothing that could be taken off. */
struct tscope_span tscope_transport_peel(struct tscope_span text, bool transport[TSCOPE_TRANSPORT_COUNT]);

/**
 * The member of an OAuth token response (RFC 6749 section 5.1) that is a token: the first of access_token and id_token, else
 * the first of all, else the first of those two that is an opaque word.
 *
 * @param member      0 for that; else the number, from 1 on, of the one wanted among all members that are tokens
 * @param ret_inside  its characters as they stand in the response, between the quotes
 * @return its text, in the arena if it had to be unescaped; data NULL: there is none, or memory ran out (*ret_no_memory)
 */
struct tscope_span tscope_transport_response(const struct tscope_json *json, struct tscope_arena *arena, unsigned member,
                                             struct tscope_span *ret_inside, bool *ret_no_memory);

#endif
