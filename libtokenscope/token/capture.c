/* SPDX-License-Identifier: Apache-2.0 */
#include "token/capture.h"

#include "core/error.h"
#include "core/text.h"
#include "token/encoding.h"
#include "token/json_form.h"
#include "token/shape.h"
#include "token/transport.h"

struct tscope_captures {
    struct tscope_arena arena;
    struct tscope_capture_list list;
};

TSCOPE_DEFINE_AUTO(tscope_captures)

void
tscope_capture_add(struct tscope_capture_list *list, struct tscope_capture capture)
{
    if (list->len == list->max) {
        size_t max = list->max ? list->max * 2 : 8;
        void *grown = tscope_arena_grow(list->arena, list->captures, list->max * sizeof(capture), max * sizeof(capture));

        if (!grown) {
            list->no_memory = true;
            return;
        }
        list->captures = grown;
        list->max = max;
    }
    list->captures[list->len++] = capture;
}

/* The top members of a response that are tokens, each to be judged with the whole around it; then what lies deeper. */
static enum tscope_status
find_in_object(struct tscope_capture_list *list, const struct tscope_json *json, struct tscope_span text)
{
    unsigned member = 0;

    for (const struct tscope_value *value = tscope_json_first(json, tscope_json_root(json)); value && !list->no_memory;
         value = tscope_json_next(json, value)) {
        if (value->type == TSCOPE_JSON_STRING) {
            struct tscope_span string = tscope_json_string(json, value, list->arena);

            if (!string.data)
                return TSCOPE_ERR_NO_MEMORY;
            if (!tscope_shape_has_parts(string))
                continue;
            member++;
            tscope_capture_add(list, (struct tscope_capture){.len = text.len, .member = member});
        } else {
            tscope_capture_find_in(list, text, tscope_json_raw(json, value));
        }
    }
    return TSCOPE_OK;
}

static enum tscope_status
find_in_json(struct tscope_capture_list *list, struct tscope_span text, struct tscope_span object, struct tscope_error *err)
{
    struct tscope_json json;
    enum tscope_status status = tscope_json_read(&json, list->arena, object.data, object.len, TSCOPE_JSON_LIMITS_TOKEN, err);

    if (status != TSCOPE_OK)
        return status;
    if (tscope_json_form_of(&json) != TSCOPE_SERIALIZATION_OPAQUE)
        return TSCOPE_OK;
    if (!json.readable || tscope_json_raw(&json, tscope_json_root(&json)).len != object.len) {
        tscope_capture_find_in(list, text, text);
        return TSCOPE_OK;
    }
    return find_in_object(list, &json, text);
}

/* How a token is named in a request: "DPoP: " before a proof, "Authorization: DPoP " before the token that it is for (RFC 9449). */
static bool
is_named(struct tscope_span text, const struct tscope_capture *capture, struct tscope_span name)
{
    return !capture->member && tscope_text_starts_with_fold(tscope_span_of(text.data + capture->offset, capture->len), name);
}

static void
join_proof(struct tscope_capture_list *list, struct tscope_span text)
{
    const struct tscope_span of_proof = TSCOPE_SPAN("dpop:"), of_token = TSCOPE_SPAN("authorization: dpop ");
    struct tscope_capture *proof = NULL, *token = NULL;

    for (size_t i = 0; i < list->len; i++) {
        if (is_named(text, &list->captures[i], of_proof)) {
            if (proof)
                return; /* of several requests: which belongs to which is not told here */
            proof = &list->captures[i];
        } else if (is_named(text, &list->captures[i], of_token)) {
            if (token)
                return;
            token = &list->captures[i];
        }
    }
    if (!proof || !token)
        return;
    proof->with_offset = token->offset + of_token.len;
    proof->with_len = token->len - of_token.len;
}

/* From places in the text to places in the input, which are others when that is UTF-16. */
static enum tscope_status
place_in_input(struct tscope_capture_list *list, const struct tscope_token *token, size_t text_len, struct tscope_error *err)
{
    const uint32_t *places;

    if (list->len == 0)
        return TSCOPE_OK;
    places = tscope_encoding_places(token, text_len);
    if (!places)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < list->len; i++) {
        struct tscope_capture *capture = &list->captures[i];
        size_t end = places[capture->offset + capture->len];

        if (capture->member) {
            capture->len = token->input.len;
            continue;
        }
        if (capture->with_len)
            capture->with_offset = places[capture->with_offset];
        capture->offset = places[capture->offset];
        capture->len = end - capture->offset;
    }
    return TSCOPE_OK;
}

static enum tscope_status
find(struct tscope_captures *captures, struct tscope_span input, struct tscope_error *err)
{
    struct tscope_token token = {.arena = &captures->arena, .input = input};
    struct tscope_span text, trimmed;
    enum tscope_status status = tscope_encoding_read(&token, &text, err);

    if (status != TSCOPE_OK)
        return status;
    captures->list.arena = &captures->arena;
    trimmed = tscope_text_trim(text);
    if (trimmed.len > 0 && trimmed.data[0] == '{')
        status = find_in_json(&captures->list, text, trimmed, err);
    else
        tscope_capture_find_in(&captures->list, text, text);
    if (status == TSCOPE_OK && token.encoding == TSCOPE_ENCODING_ASCII)
        join_proof(&captures->list, text);
    if (status == TSCOPE_OK && captures->list.no_memory)
        status = TSCOPE_ERR_NO_MEMORY;
    if (status != TSCOPE_OK)
        return status == TSCOPE_ERR_NO_MEMORY ? tscope_error_no_memory(err) : status;
    return place_in_input(&captures->list, &token, text.len, err);
}

enum tscope_status
tscope_captures_find(const uint8_t *bytes, size_t bytes_len, tscope_captures **ret_captures, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_captures) *captures = NULL;
    enum tscope_status status;

    if (bytes_len > TSCOPE_JSON_INPUT_MAX / 2)
        return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "the input is over %zu bytes",
                                (size_t)TSCOPE_JSON_INPUT_MAX / 2);
    captures = tscope_alloc_zeroed(1, sizeof(*captures));
    if (!captures)
        return tscope_error_no_memory(err);
    status = find(captures, tscope_span_of(bytes, bytes_len), err);
    if (status != TSCOPE_OK)
        return status;
    *ret_captures = TSCOPE_STEAL(captures);
    return TSCOPE_OK;
}

void
tscope_captures_free(tscope_captures *captures)
{
    if (!captures)
        return;
    tscope_arena_clear(&captures->arena);
    tscope_free(captures);
}

size_t
tscope_captures_len(const tscope_captures *captures)
{
    return captures->list.len;
}

const struct tscope_capture *
tscope_captures_at(const tscope_captures *captures, size_t number)
{
    return number < captures->list.len ? &captures->list.captures[number] : NULL;
}

enum tscope_status
tscope_capture_read(struct tscope_token *token, struct tscope_arena *arena, struct tscope_span whole, const struct tscope_capture *capture,
                    size_t input_max, struct tscope_header_memory *headers, struct tscope_error *err)
{
    struct tscope_span copy;
    enum tscope_status status;

    if (!capture)
        return tscope_token_read_member(token, arena, whole, 0, input_max, headers, err);
    if (capture->offset > whole.len || capture->len > whole.len - capture->offset)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "the capture is not of this text");
    status = tscope_token_read_member(token, arena, tscope_span_of(whole.data + capture->offset, capture->len), capture->member, input_max,
                                      headers, err);
    if (status != TSCOPE_OK)
        return status;
    copy = tscope_arena_copy(arena, tscope_span_of(capture, sizeof(*capture)));
    if (!copy.data)
        return tscope_error_no_memory(err);
    token->capture = (const struct tscope_capture *)copy.data;
    if (capture->with_len && capture->with_offset <= whole.len && capture->with_len <= whole.len - capture->with_offset) {
        token->with_access = tscope_arena_copy(arena, tscope_span_of(whole.data + capture->with_offset, capture->with_len));
        if (!token->with_access.data)
            return tscope_error_no_memory(err);
    }
    token->source_offset += capture->offset;
    if (capture->is_cookie) {
        token->transport[TSCOPE_TRANSPORT_PARAMETER] = false;
        token->transport[TSCOPE_TRANSPORT_HEADER] = token->transport[TSCOPE_TRANSPORT_COOKIE] = true;
    }
    return TSCOPE_OK;
}

enum tscope_status
tscope_token_parse_capture(const uint8_t *bytes, size_t bytes_len, const struct tscope_capture *capture, tscope_token **ret_token,
                           struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_token) *token = tscope_alloc_zeroed(1, sizeof(*token));
    enum tscope_status status;

    if (!token)
        return tscope_error_no_memory(err);
    status = tscope_capture_read(token, &token->own_arena, tscope_span_of(bytes, bytes_len), capture, TSCOPE_INPUT_MAX, NULL, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_token = TSCOPE_STEAL(token);
    return TSCOPE_OK;
}
