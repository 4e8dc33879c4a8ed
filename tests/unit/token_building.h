/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TESTS_TOKEN_BUILDING_H
#define TSCOPE_TESTS_TOKEN_BUILDING_H

#include <check.h>

#include "token/token.h"

/** @file Tokens put together from what their parts say, without the reader: for tests of what is read off them. */

static inline void
build_json(struct tscope_token *token, const char *text, struct tscope_json *json)
{
    ck_assert_int_eq(tscope_json_read(json, token->arena, (const uint8_t *)text, strlen(text), TSCOPE_JSON_LIMITS_TOKEN, NULL), TSCOPE_OK);
}

/* A JWS in compact form. header and payload are JSON text, or anything else; the texts outlive the token. */
static inline void
build_jws(struct tscope_token *token, const char *header, const char *payload)
{
    const struct tscope_value *root;

    *token = (struct tscope_token){.serialization = TSCOPE_SERIALIZATION_JWS_COMPACT, .segments = 3};
    token->arena = &token->own_arena;
    token->text = token->form = TSCOPE_SPAN("e30.e30.c2lnbmF0dXJl");
    token->source_len = token->text.len;
    token->signatures = tscope_arena_zeroed(token->arena, 1, sizeof(*token->signatures));
    ck_assert_ptr_nonnull(token->signatures);
    token->signatures_len = token->signatures_total = 1;
    build_json(token, header, &token->signatures->header);
    token->signatures->protected_part.decoded = tscope_span_text(header);
    tscope_header_slots(&token->signatures->header, tscope_json_root(&token->signatures->header), token->signatures->slots);
    token->signatures->signature.form = TSCOPE_SPAN("c2lnbmF0dXJl");
    token->signatures->signature.decoded = TSCOPE_SPAN("signature");
    token->payload.decoded = tscope_span_text(payload);
    build_json(token, payload, &token->claims);
    root = tscope_json_root(&token->claims);
    token->claims_root = root && root->type == TSCOPE_JSON_OBJECT ? root : NULL;
    tscope_claim_slots(&token->claims, token->claims_root, token->slots);
}

static inline void
build_opaque(struct tscope_token *token, const char *text)
{
    *token = (struct tscope_token){.serialization = TSCOPE_SERIALIZATION_OPAQUE};
    token->arena = &token->own_arena;
    token->text = token->form = tscope_span_text(text);
    token->source_len = token->text.len;
}

static inline void
tear_down(struct tscope_token *token)
{
    tscope_arena_clear(&token->own_arena);
}

#endif
