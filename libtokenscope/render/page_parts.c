/* SPDX-License-Identifier: Apache-2.0 */
#include "render/page_parts.h"

#include "core/error.h"
#include "token/secrets.h"

/* Behind what the veil shows of a text everything but its last bytes, which are not its own, becomes '*'. */
static void
mask(uint8_t *bytes, size_t len, struct tscope_span shown)
{
    size_t same = 0;

    while (same < len && same < shown.len && bytes[same] == shown.data[same])
        same++;
    memset(bytes + same, '*', len - same);
}

/* A string with its quotes. What the veil shows of it stands behind a quote, too. */
static void
mask_value(const struct tscope_json *json, const struct tscope_value *value, uint8_t *bytes)
{
    struct tscope_buffer shown = {0};
    struct tscope_json_writer writer;

    tscope_json_writer_init(&writer, &shown, false);
    if (tscope_secret_veil(&writer, json, value) || shown.failed) {
        size_t len = value->len >= 2 ? value->len - 2 : 0;

        mask(bytes + value->start + 1, len,
             shown.failed || shown.len < 1 ? (struct tscope_span){NULL, 0} : tscope_span_of(shown.data + 1, shown.len - 1));
    }
    tscope_buffer_clear(&shown);
}

/* A name may be a token as well. */
static void
mask_name(const struct tscope_json *json, const struct tscope_value *value, uint8_t *bytes)
{
    struct tscope_buffer shown = {0};

    if (value->name_len > 2 && tscope_secret_veil_token(tscope_json_name(json, value), &shown))
        mask(bytes + value->name + 1, value->name_len - 2, tscope_span_of(shown.data, shown.len));
    tscope_buffer_clear(&shown);
}

static void
mask_json(const struct tscope_json *json, uint8_t *bytes)
{
    for (size_t i = 0; i < json->values_len; i++) {
        mask_name(json, &json->values[i], bytes);
        if (json->values[i].type == TSCOPE_JSON_STRING)
            mask_value(json, &json->values[i], bytes);
    }
}

/* A payload that is no JSON, such as a token or a sentence with one in it. */
static void
mask_text(struct tscope_span text, uint8_t *bytes)
{
    struct tscope_buffer shown = {0};

    if (tscope_secret_veil_token(text, &shown))
        mask(bytes, text.len, tscope_span_of(shown.data, shown.len));
    tscope_buffer_clear(&shown);
}

static void
write_part(struct tscope_json_writer *writer, const char *name, const char *left_out_name, struct tscope_span decoded,
           const struct tscope_json *json, bool reveal)
{
    size_t len = decoded.len < TSCOPE_PAGE_PART_MAX ? decoded.len : TSCOPE_PAGE_PART_MAX;
    uint8_t *bytes;

    if (!decoded.data)
        return;
    bytes = tscope_alloc(decoded.len);
    if (!bytes) {
        writer->buffer->failed = true;
        return;
    }
    memcpy(bytes, decoded.data, decoded.len);
    if (!reveal)
        mask_json(json, bytes);
    if (!reveal && !json->readable)
        mask_text(decoded, bytes);
    tscope_json_write_name(writer, name);
    tscope_json_write_base64url(writer, bytes, len);
    if (len < decoded.len)
        tscope_json_write_named_integer(writer, left_out_name, (int64_t)(decoded.len - len));
    tscope_wipe(bytes, decoded.len);
    tscope_free(bytes);
}

void
tscope_page_write_parts(struct tscope_json_writer *writer, const struct tscope_token *token, bool reveal)
{
    tscope_json_write_object(writer);
    if (token->signatures_len == 1)
        write_part(writer, "header", "header_left_out", token->signatures[0].protected_part.decoded, &token->signatures[0].header, reveal);
    write_part(writer, "payload", "payload_left_out", token->payload.decoded, &token->claims, reveal);
    if (token->nested_len > 0) {
        tscope_json_write_name(writer, "nested");
        tscope_json_write_array(writer);
        for (size_t i = 0; i < token->nested_len; i++)
            tscope_page_write_parts(writer, token->nested[i].token, reveal);
        tscope_json_write_array_end(writer);
    }
    tscope_json_write_object_end(writer);
}
