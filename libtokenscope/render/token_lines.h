/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_TOKEN_LINES_H
#define TSCOPE_RENDER_TOKEN_LINES_H

#include "render/members.h"

/** @file Lines about a token that reports and decoding share. */

bool tscope_token_lines_is_jwe(const struct tscope_token *token);
/** "Microsoft Entra access token, v1; compact serialisation, 1255 bytes", in an open paragraph. */
void tscope_token_lines_put_what(struct tscope_layout *layout, const struct tscope_token *token);
/** What was taken off around it and what is damaged inside, by kinds; nothing when there is neither. */
void tscope_token_lines_state(struct tscope_layout *layout, const struct tscope_token *token);
/** The header of a signature, a line a member; what it is instead when it is no JSON object. */
void tscope_token_lines_header(struct tscope_layout *layout, const struct tscope_token *token,
                               const struct tscope_token_signature *signature, const struct tscope_members_view *view);
/** All claims, or what the payload is instead. */
void tscope_token_lines_claims(struct tscope_layout *layout, const struct tscope_token *token, const struct tscope_members_view *view);
/** The bytes of a signature, or why there are none; in an open paragraph. */
void tscope_token_lines_put_signature(struct tscope_layout *layout, const struct tscope_token_signature *signature,
                                      const struct tscope_members_view *view);

#endif
