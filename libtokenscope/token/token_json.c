/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/json_writer.h"
#include "token/nested.h"
#include "token/token.h"

static const char *
presence_id(enum tscope_signature_presence presence)
{
    switch (presence) {
    case TSCOPE_SIGNATURE_PRESENT:
        return "present";
    case TSCOPE_SIGNATURE_EMPTY:
        return "empty";
    case TSCOPE_SIGNATURE_ABSENT:
        return "absent";
    case TSCOPE_SIGNATURE_MASKED:
        return "masked";
    case TSCOPE_SIGNATURE_CUT:
        return "cut";
    }
    return "?";
}

static void
write_signature(struct tscope_json_writer *writer, const struct tscope_token_signature *signature, bool reveal)
{
    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "presence", presence_id(signature->presence));
    tscope_json_write_named_integer(writer, "length", (int64_t)signature->signature.decoded.len);
    if (reveal && signature->signature.form.data)
        tscope_json_write_named_string(writer, "value", signature->signature.form);
    tscope_json_write_object_end(writer);
}

static void
write_signatures(struct tscope_json_writer *writer, const struct tscope_token *token, bool reveal)
{
    if (token->signatures_total < 2) {
        tscope_json_write_name(writer, "signature");
        write_signature(writer, &token->signatures[0], reveal);
        return;
    }
    tscope_json_write_name(writer, "signatures");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < token->signatures_len; i++)
        write_signature(writer, &token->signatures[i], reveal);
    tscope_json_write_array_end(writer);
}

/* What bears the secret: signatures, or the token as a whole where no part of it is told apart. */
static void
write_secrets(struct tscope_json_writer *writer, const struct tscope_token *token, bool reveal)
{
    switch (token->serialization) {
    case TSCOPE_SERIALIZATION_OPAQUE:
    case TSCOPE_SERIALIZATION_JWE_COMPACT:
    case TSCOPE_SERIALIZATION_JWE_FLATTENED:
    case TSCOPE_SERIALIZATION_JWE_GENERAL:
        if (reveal)
            tscope_json_write_named_string(writer, "text", token->text);
        break;
    case TSCOPE_SERIALIZATION_JWS_COMPACT:
    case TSCOPE_SERIALIZATION_JWS_FLATTENED:
    case TSCOPE_SERIALIZATION_JWS_GENERAL:
    case TSCOPE_SERIALIZATION_SD_JWT:
        if (token->signatures_len > 0)
            write_signatures(writer, token, reveal);
        break;
    }
}

static void
write_pointer(struct tscope_json_writer *writer, const struct tscope_token *token, const struct tscope_value *value)
{
    struct tscope_buffer pointer = {0};

    tscope_json_pointer(&token->claims, value, &pointer);
    tscope_json_write_named_string(writer, "pointer", tscope_span_of(pointer.data, pointer.len));
    if (pointer.failed)
        writer->buffer->failed = true;
    tscope_buffer_clear(&pointer);
}

/* As deep as tokens are read, TSCOPE_NESTING_MAX. */
static void
write_token(struct tscope_json_writer *writer, const struct tscope_token *token, bool reveal)
{
    tscope_token_write_members(token, writer, reveal);
    write_secrets(writer, token, reveal);
    tscope_json_write_name(writer, "nested");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < token->nested_len; i++) {
        tscope_json_write_object(writer);
        if (token->nested[i].value)
            write_pointer(writer, token, token->nested[i].value);
        if (tscope_nested_proof(token) == i)
            tscope_json_write_named_bool(writer, "holder_proof", true);
        write_token(writer, token->nested[i].token, reveal);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
    if (token->nested_total > token->nested_len)
        tscope_json_write_named_integer(writer, "nested_total", token->nested_total);
}

enum tscope_status
tscope_token_json(const tscope_token *token, unsigned flags, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    size_t len;
    char *json;

    tscope_json_writer_init(&writer, &buffer, flags & TSCOPE_DECODE_PRETTY);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "schema", "tokenscope.decode/1");
    tscope_json_write_name(&writer, "source");
    tscope_json_write_object(&writer);
    tscope_token_write_source(token, &writer);
    tscope_json_write_object_end(&writer);
    write_token(&writer, token, flags & TSCOPE_DECODE_REVEAL);
    tscope_json_write_object_end(&writer);
    json = tscope_buffer_steal(&buffer, &len);
    if (!json)
        return tscope_error_no_memory(err);
    *ret_json = json;
    if (ret_len)
        *ret_len = len;
    return TSCOPE_OK;
}

void
tscope_string_free(char *string)
{
    tscope_free(string);
}
