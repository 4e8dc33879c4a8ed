/* SPDX-License-Identifier: Apache-2.0 */
#include "token/token.h"

#include "core/error.h"
#include "token/compact.h"
#include "token/damage.h"
#include "token/encoding.h"
#include "token/json_form.h"
#include "token/kind.h"
#include "token/nested.h"
#include "token/read.h"
#include "token/refusal.h"
#include "token/shape.h"
#include "token/transport.h"

/* What follows when the parts are there. */
static enum tscope_status
finish(struct tscope_token *token, struct tscope_error *err)
{
    enum tscope_status status = tscope_nested_read(token, err);

    if (status == TSCOPE_OK)
        token->kind = tscope_token_kind_of(token, token->arena);
    return status;
}

/* An opaque token: of a known shape, which a mail program may have folded, or one unbroken word. */
static enum tscope_status
read_opaque(struct tscope_token *token, bool *ret_is_token, struct tscope_error *err)
{
    const struct tscope_damage_limits limits = {.white_space_only = true};
    enum tscope_status status;

    token->form = token->text;
    token->serialization = TSCOPE_SERIALIZATION_OPAQUE;
    token->kind = tscope_token_kind_of_opaque(token->form);
    *ret_is_token = token->kind != TSCOPE_KIND_OPAQUE || tscope_shape_is_reference(token->form);
    if (*ret_is_token || !tscope_damage_is_suspected(token->text))
        return TSCOPE_OK;
    status = tscope_damage_repair(token, limits, err);
    if (status != TSCOPE_OK)
        return status;
    token->kind = tscope_token_kind_of_opaque(token->form);
    *ret_is_token = token->kind != TSCOPE_KIND_OPAQUE;
    if (!*ret_is_token)
        tscope_damage_forget(token);
    return TSCOPE_OK;
}

enum tscope_status
tscope_token_read_text(struct tscope_token *token, struct tscope_error *err)
{
    bool is_token;
    enum tscope_status status = TSCOPE_OK;

    if (token->text.len == 0)
        return tscope_refusal_set(token->text, err);
    /* a Microsoft account's refresh token has dots too */
    is_token = tscope_token_kind_of_opaque(token->text) != TSCOPE_KIND_OPAQUE;
    if (!is_token) {
        status = tscope_compact_read(token, &is_token, err);
        if (status != TSCOPE_OK || is_token)
            return status == TSCOPE_OK ? finish(token, err) : status;
    }
    status = read_opaque(token, &is_token, err);
    if (status != TSCOPE_OK)
        return status;
    return is_token ? TSCOPE_OK : tscope_refusal_set(token->text, err);
}

/* The access token and the code of a response: an ID token beside them holds their digests. False: out of memory. */
static bool
read_companions(struct tscope_token *token)
{
    const struct tscope_json *json = &token->container;
    const struct tscope_value *root = tscope_json_root(json);
    const struct tscope_value *access = tscope_json_member(json, root, "access_token"), *code = tscope_json_member(json, root, "code");

    if (access && access->type == TSCOPE_JSON_STRING)
        token->with_access = tscope_json_string(json, access, token->arena);
    if (code && code->type == TSCOPE_JSON_STRING)
        token->with_code = tscope_json_string(json, code, token->arena);
    /* oidc-client and its like write these two, no server does: after a refresh they keep the ID token of before */
    token->with_store = tscope_json_member(json, root, "expires_at") || tscope_json_member(json, root, "profile");
    return !(access && access->type == TSCOPE_JSON_STRING && !token->with_access.data) &&
           !(code && code->type == TSCOPE_JSON_STRING && !token->with_code.data);
}

/* The text begins as JSON: a serialisation of a token, or a response that holds one. */
static enum tscope_status
read_json(struct tscope_token *token, unsigned wanted, struct tscope_span *ret_inside, bool *ret_in_response, struct tscope_error *err)
{
    struct tscope_span text = token->text, member;
    bool no_memory;
    enum tscope_status status = tscope_json_read(&token->container, token->arena, text.data, text.len, TSCOPE_JSON_LIMITS_TOKEN, err);

    *ret_in_response = false;
    if (status != TSCOPE_OK)
        return status;
    token->form = text;
    token->serialization = tscope_json_form_of(&token->container);
    if (token->serialization != TSCOPE_SERIALIZATION_OPAQUE) {
        status = tscope_json_form_read(token, err);
        return status == TSCOPE_OK ? finish(token, err) : status;
    }
    if (!read_companions(token))
        return tscope_error_no_memory(err);
    member = tscope_transport_response(&token->container, token->arena, wanted, ret_inside, &no_memory);
    token->container = (struct tscope_json){.text = NULL};
    if (no_memory)
        return tscope_error_no_memory(err);
    if (!member.data)
        return tscope_refusal_set(text, err);
    *ret_in_response = token->transport[TSCOPE_TRANSPORT_RESPONSE] = true;
    token->text = member;
    if (token->with_access.data && tscope_span_equal(token->with_access, member))
        token->with_access = (struct tscope_span){NULL, 0}; /* it is that one itself */
    return tscope_token_read_text(token, err);
}

/* whole: the input as text. member: of a token response; 0: the one that is looked for. */
static enum tscope_status
read_whole(struct tscope_token *token, struct tscope_span whole, unsigned member, struct tscope_error *err)
{
    struct tscope_span place;
    bool in_response = false;
    enum tscope_status status;

    token->text = place = tscope_transport_peel(whole, token->transport);
    if (token->text.len == 0)
        return tscope_refusal_set(whole, err);
    if (token->text.data[0] == '{')
        status = read_json(token, member, &place, &in_response, err);
    else
        status = tscope_token_read_text(token, err);
    if (status != TSCOPE_OK)
        return status;
    if (place.len == token->words_before + token->text.len + token->words_behind) /* else it was unescaped */
        place = tscope_span_of(place.data + token->words_before, token->text.len);
    tscope_encoding_place(token, (size_t)(place.data - whole.data), place.len, &token->source_offset, &token->source_len);
    return TSCOPE_OK;
}

enum tscope_status
tscope_token_read_member(struct tscope_token *token, struct tscope_arena *arena, struct tscope_span input, unsigned member,
                         size_t input_max, struct tscope_header_memory *headers, struct tscope_error *err)
{
    struct tscope_span whole;
    enum tscope_status status;

    *token = (struct tscope_token){.arena = arena, .headers = headers};
    if (input_max > TSCOPE_JSON_INPUT_MAX / 2) /* places are 32 bits wide, and UTF-16 grows */
        input_max = TSCOPE_JSON_INPUT_MAX / 2;
    if (input.len > input_max)
        return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "the input is over %zu bytes", input_max);
    token->input = tscope_arena_copy(arena, input);
    if (!token->input.data)
        return tscope_error_no_memory(err);
    status = tscope_encoding_read(token, &whole, err);
    return status == TSCOPE_OK ? read_whole(token, whole, member, err) : status;
}

enum tscope_status
tscope_token_read(struct tscope_token *token, struct tscope_arena *arena, struct tscope_span input, size_t input_max,
                  struct tscope_error *err)
{
    return tscope_token_read_member(token, arena, input, 0, input_max, NULL, err);
}

enum tscope_status
tscope_token_parse(const uint8_t *input, size_t input_len, tscope_token **ret_token, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_token) *token = tscope_alloc_zeroed(1, sizeof(*token));
    enum tscope_status status;

    if (!token)
        return tscope_error_no_memory(err);
    status = tscope_token_read(token, &token->own_arena, tscope_span_of(input, input_len), TSCOPE_INPUT_MAX, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_token = TSCOPE_STEAL(token);
    return TSCOPE_OK;
}

void
tscope_token_free(tscope_token *token)
{
    if (!token)
        return;
    tscope_arena_clear(&token->own_arena);
    tscope_free(token);
}

enum tscope_serialization
tscope_token_serialization(const tscope_token *token)
{
    return token->serialization;
}

enum tscope_token_kind
tscope_token_kind(const tscope_token *token)
{
    return token->kind;
}
