/* SPDX-License-Identifier: Apache-2.0 */
#include "token/nested.h"

#include "core/error.h"
#include "token/read.h"
#include "token/shape.h"

/* "eyJ….…": a header's beginning and a dot, with nothing that base64url has not. Most strings end at their first letter. */
static bool
is_compact(struct tscope_span text)
{
    size_t dots = 0;

    if (text.len < 8 || !tscope_shape_begins_header(text))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        dots += text.data[i] == '.';
        if (text.data[i] != '.' && text.data[i] != '=' && text.data[i] != '~' && !tscope_shape_is_character(text.data[i]))
            return false;
    }
    return dots >= 1;
}

static enum tscope_status
add(struct tscope_token *token, const struct tscope_value *value, struct tscope_span text, struct tscope_error *err)
{
    struct tscope_token *inner;
    enum tscope_status status;

    if (!is_compact(text))
        return TSCOPE_OK;
    token->nested_total++;
    if (token->depth >= TSCOPE_NESTING_MAX || token->nested_len == TSCOPE_NESTED_MAX)
        return TSCOPE_OK;
    if (!token->nested)
        token->nested = tscope_arena_zeroed(token->arena, TSCOPE_NESTED_MAX, sizeof(*token->nested));
    inner = tscope_arena_zeroed(token->arena, 1, sizeof(*inner));
    if (!token->nested || !inner)
        return tscope_error_no_memory(err);
    inner->arena = token->arena;
    inner->input = inner->text = text;
    inner->source_len = text.len;
    inner->depth = token->depth + 1;
    status = tscope_token_read_text(inner, NULL);
    if (status == TSCOPE_ERR_NO_MEMORY)
        return tscope_error_no_memory(err);
    if (status == TSCOPE_OK)
        token->nested[token->nested_len++] = (struct tscope_token_nested){value, inner};
    return TSCOPE_OK;
}

/* Any string claim may hold one; what a claim means by it is for others to say. */
static enum tscope_status
add_claims(struct tscope_token *token, struct tscope_error *err)
{
    const struct tscope_value *claim = token->claims_root ? tscope_json_first(&token->claims, token->claims_root) : NULL;

    for (; claim; claim = tscope_json_next(&token->claims, claim)) {
        struct tscope_span text;
        enum tscope_status status;

        if (claim->type != TSCOPE_JSON_STRING || claim->len < 10)
            continue;
        if (token->claims.text[claim->start + 1] != 'e' && !(claim->flags & TSCOPE_VALUE_ESCAPED))
            continue;
        text = tscope_json_string(&token->claims, claim, token->arena);
        if (!text.data)
            return tscope_error_no_memory(err);
        status = add(token, claim, text, err);
        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_nested_read(struct tscope_token *token, struct tscope_error *err)
{
    enum tscope_status status = token->detached ? TSCOPE_OK : add(token, NULL, token->payload.decoded, err);

    if (status == TSCOPE_OK)
        status = add_claims(token, err);
    if (status == TSCOPE_OK && token->holder_proof.data)
        status = add(token, NULL, token->holder_proof, err);
    return status;
}

/* The holder's proof of an SD-JWT has no claim it stands in either, and is no payload. */
static bool
is_payload(const struct tscope_token *token, const struct tscope_token_nested *nested)
{
    return !nested->value && (!token->holder_proof.data || nested->token->input.data != token->holder_proof.data);
}

uint32_t
tscope_nested_content(const struct tscope_token *token)
{
    for (uint32_t i = 0; i < token->nested_len; i++) {
        if (is_payload(token, &token->nested[i]))
            return i;
    }
    return UINT32_MAX;
}

uint32_t
tscope_nested_proof(const struct tscope_token *token)
{
    for (uint32_t i = 0; token->holder_proof.data && i < token->nested_len; i++) {
        if (!token->nested[i].value && !is_payload(token, &token->nested[i]))
            return i;
    }
    return UINT32_MAX;
}

const char *
tscope_nested_words(const struct tscope_token *token, uint32_t index)
{
    const struct tscope_token_nested *nested = &token->nested[index];

    if (nested->value)
        return nested->value->name_len ? NULL : "in a list";
    return is_payload(token, nested) ? "as its payload" : "as the proof of its holder";
}

bool
tscope_nested_is_unsecured(const struct tscope_token *inner)
{
    const struct tscope_value *alg = inner->signatures_len == 1 ? inner->signatures[0].slots[TSCOPE_HEADER_ALG] : NULL;

    return alg && tscope_json_string_is(&inner->signatures[0].header, alg, "none");
}

bool
tscope_nested_is_unread(const struct tscope_token *token)
{
    return token->depth >= TSCOPE_NESTING_MAX && token->nested_total > 0 && is_compact(token->payload.decoded);
}
