/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/batch.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/json.h"
#include "core/text.h"
#include "core/time.h"

#define ARENA_KEEP (64u << 10)

struct tscope_stream {
    struct tscope_arena arena; /* of the latest line */
};

enum tscope_status
tscope_stream_new(tscope_stream **ret_stream, struct tscope_error *err)
{
    *ret_stream = tscope_alloc_zeroed(1, sizeof(**ret_stream));
    return *ret_stream ? TSCOPE_OK : tscope_error_no_memory(err);
}

void
tscope_stream_free(tscope_stream *stream)
{
    if (!stream)
        return;
    tscope_arena_clear(&stream->arena);
    tscope_free(stream);
}

static enum tscope_status
read_token(tscope_stream *stream, const struct tscope_json *json, struct tscope_batch_item *item, struct tscope_error *err)
{
    const struct tscope_value *token = tscope_json_member(json, tscope_json_root(json), "token");
    struct tscope_span text;

    if (!token || token->type == TSCOPE_JSON_NULL)
        return tscope_error_set(err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "there is no token");
    if (token->type == TSCOPE_JSON_OBJECT) { /* a token in the JSON form, which nobody has made a string of */
        text = tscope_json_raw(json, token);
    } else if (token->type != TSCOPE_JSON_STRING) {
        return tscope_error_set(err, TSCOPE_ERR_DATA, token->start, "'token' is no string");
    } else {
        text = tscope_json_string(json, token, &stream->arena);
        if (!text.data)
            return tscope_error_no_memory(err);
    }
    item->bytes = text.data;
    item->bytes_len = text.len;
    return TSCOPE_OK;
}

static enum tscope_status
read_seen(tscope_stream *stream, const struct tscope_json *json, struct tscope_batch_item *item, struct tscope_error *err)
{
    const struct tscope_value *seen = tscope_json_member(json, tscope_json_root(json), "seen");
    struct tscope_span text;
    int64_t time;

    if (!seen || seen->type == TSCOPE_JSON_NULL)
        return TSCOPE_OK;
    text = tscope_json_string(json, seen, &stream->arena);
    if (text.data ? !tscope_time_parse(text, &time) : !tscope_json_integer(json, seen, &time))
        return tscope_error_set(err, TSCOPE_ERR_DATA, seen->start, "'seen' is no time: RFC 3339 text, or whole seconds since the epoch");
    item->moment.seen = time;
    return TSCOPE_OK;
}

/* Half of a surrogate pair is JSON all the same, and stays as it was written. */
static bool
is_json(const struct tscope_json *json)
{
    if (!json->readable || json->flaws_total > json->flaws_len)
        return json->strict;
    for (uint32_t i = 0; i < json->flaws_len; i++) {
        if (json->flaws[i].kind != TSCOPE_JSON_FLAW_SURROGATE && tscope_json_flaw_grade(json->flaws[i].kind) != TSCOPE_JSON_NOTE)
            return false;
    }
    return true;
}

/* Any value, as it was written; strings keep their escapes. One that is no JSON is not sent back. */
static enum tscope_status
read_id(const struct tscope_json *json, struct tscope_batch_item *item, struct tscope_error *err)
{
    const struct tscope_value *id = tscope_json_member(json, tscope_json_root(json), "id");
    struct tscope_span raw;

    if (!id)
        return TSCOPE_OK;
    if (!is_json(json))
        return tscope_error_set(err, TSCOPE_ERR_DATA, json->flaws_len ? json->flaws[0].offset : TSCOPE_OFFSET_NONE, "the line is not JSON");
    raw = tscope_json_raw(json, id);
    item->id = (const char *)raw.data;
    item->id_len = raw.len;
    return TSCOPE_OK;
}

/* An object that has neither is a token itself, or a response that holds one. */
static bool
is_envelope(const struct tscope_json *json)
{
    const struct tscope_value *root = tscope_json_root(json);

    return tscope_json_member(json, root, "token") || tscope_json_member(json, root, "id");
}

enum tscope_status
tscope_stream_read(tscope_stream *stream, const uint8_t *line, size_t line_len, struct tscope_batch_item *item, struct tscope_error *err)
{
    struct tscope_span text = tscope_text_trim(tscope_span_of(line, line_len));
    struct tscope_json json;
    enum tscope_status status;

    item->id = NULL;
    item->id_len = 0;
    item->bytes = text.data;
    item->bytes_len = text.len;
    if (text.len == 0)
        return tscope_error_set(err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "the line is empty");
    if (text.data[0] != '{')
        return TSCOPE_OK;
    tscope_arena_reset(&stream->arena, ARENA_KEEP);
    status = tscope_json_read(&json, &stream->arena, text.data, text.len, TSCOPE_JSON_LIMITS_TOKEN, err);
    if (status != TSCOPE_OK)
        return status;
    if (!is_envelope(&json))
        return TSCOPE_OK;
    status = read_id(&json, item, err);
    if (status == TSCOPE_OK)
        status = read_token(stream, &json, item, err);
    return status == TSCOPE_OK ? read_seen(stream, &json, item, err) : status;
}
