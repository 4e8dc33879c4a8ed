/* SPDX-License-Identifier: Apache-2.0 */
#include "token/token.h"

#include "core/json_writer.h"
#include "core/text.h"
#include "token/secrets.h"

#define SHOWN_MAX 4096 /* bytes of a part that is no JSON; its length is said beside it */

/* Not into the middle of a character. */
static struct tscope_span
cut_text(struct tscope_span text)
{
    size_t len = text.len < SHOWN_MAX ? text.len : SHOWN_MAX;

    while (len < text.len && len > SHOWN_MAX - 4 && (text.data[len] & 0xc0) == 0x80)
        len--;
    return tscope_span_of(text.data, len);
}

static void
write_text(struct tscope_json_writer *writer, struct tscope_span text)
{
    struct tscope_buffer shown = {0};

    if (writer->veil && tscope_secret_veil_token(text, &shown))
        text = tscope_span_of(shown.data, shown.len);
    tscope_json_write_string(writer, cut_text(text));
    if (shown.failed)
        writer->buffer->failed = true;
    tscope_buffer_clear(&shown);
}

/* A part that is no JSON: <name>_text when it is UTF-8, else <name>_base64url, and <name>_length. */
static void
write_bytes(struct tscope_json_writer *writer, const char *const names[3], struct tscope_span bytes)
{
    if (!bytes.data)
        return;
    if (tscope_text_is_utf8(bytes, NULL)) {
        tscope_json_write_name(writer, names[0]);
        write_text(writer, bytes);
    } else {
        tscope_json_write_name(writer, names[1]);
        tscope_json_write_base64url(writer, bytes.data, bytes.len < SHOWN_MAX ? bytes.len : SHOWN_MAX);
    }
    tscope_json_write_named_integer(writer, names[2], (int64_t)bytes.len);
}

static void
write_value(struct tscope_json_writer *writer, const char *name, const struct tscope_json *json, const struct tscope_value *value)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_value(writer, json, value);
}

static void
write_header(struct tscope_json_writer *writer, const struct tscope_token *token, const struct tscope_token_signature *signature)
{
    static const char *const names[] = {"header_text", "header_base64url", "header_length"};
    const struct tscope_value *root = tscope_json_root(&signature->header);

    if (root && root->type == TSCOPE_JSON_OBJECT) {
        write_value(writer, "header", &signature->header, root);
        if (!signature->header.readable)
            tscope_json_write_named_bool(writer, "header_complete", false);
    } else {
        write_bytes(writer, names, signature->protected_part.decoded);
    }
    if (signature->unprotected)
        write_value(writer, "unprotected", &token->container, signature->unprotected);
}

/* Of several signatures or recipients each has a header of its own. */
static void
write_headers(struct tscope_json_writer *writer, const struct tscope_token *token)
{
    if (token->signatures_len > 0)
        write_header(writer, token, &token->signatures[0]);
    if (token->signatures_total < 2)
        return;
    tscope_json_write_name(writer, "headers");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < token->signatures_len; i++) {
        tscope_json_write_object(writer);
        write_header(writer, token, &token->signatures[i]);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
    if (token->signatures_total > token->signatures_len)
        tscope_json_write_named_integer(writer, "headers_total", token->signatures_total);
}

static void
write_payload(struct tscope_json_writer *writer, const struct tscope_token *token)
{
    static const char *const names[] = {"payload_text", "payload_base64url", "payload_length"};

    if (token->claims_root) {
        write_value(writer, "claims", &token->claims, token->claims_root);
        if (!token->claims.readable)
            tscope_json_write_named_bool(writer, "claims_complete", false);
    } else if (token->claims.readable) {
        write_value(writer, "payload", &token->claims, tscope_json_root(&token->claims));
    } else if (token->detached) {
        tscope_json_write_named_bool(writer, "detached", true);
    } else {
        write_bytes(writer, names, token->payload.decoded);
    }
}

/* [salt, name, value] or [salt, value] (SD-JWT section 4.2), or what stands there instead. */
static void
write_disclosure(struct tscope_json_writer *writer, const struct tscope_part *part)
{
    static const char *const names[] = {"text", "base64url", "length"};
    struct tscope_arena arena = {0};
    struct tscope_json json;

    if (tscope_json_read(&json, &arena, part->decoded.data, part->decoded.len, TSCOPE_JSON_LIMITS_TOKEN, NULL) != TSCOPE_OK)
        writer->buffer->failed = true;
    else if (json.readable)
        write_value(writer, "contents", &json, tscope_json_root(&json));
    else
        write_bytes(writer, names, part->decoded);
    tscope_arena_clear(&arena);
}

static void
write_disclosures(struct tscope_json_writer *writer, const struct tscope_token *token)
{
    if (!tscope_token_is_sd_jwt(token))
        return;
    tscope_json_write_name(writer, "disclosures");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < token->disclosures_len; i++) {
        tscope_json_write_object(writer);
        if (token->disclosures[i].decoded.data)
            write_disclosure(writer, &token->disclosures[i]);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
    if (token->disclosures_total > token->disclosures_len)
        tscope_json_write_named_integer(writer, "disclosures_total", token->disclosures_total);
}

static void
write_part_length(struct tscope_json_writer *writer, enum tscope_part_id id, const struct tscope_part *part)
{
    if (part->form.data)
        tscope_json_write_named_integer(writer, tscope_part_id_name(id), (int64_t)part->decoded.len);
}

/* Of what is encrypted there is nothing to tell but how much it is, in bytes. */
static void
write_encrypted_lengths(struct tscope_json_writer *writer, const struct tscope_token *token)
{
    if (!token->ciphertext.form.data && !token->iv.form.data)
        return;
    tscope_json_write_name(writer, "lengths");
    tscope_json_write_object(writer);
    if (token->signatures_len > 0)
        write_part_length(writer, TSCOPE_PART_KEY, &token->signatures[0].signature);
    write_part_length(writer, TSCOPE_PART_IV, &token->iv);
    write_part_length(writer, TSCOPE_PART_CIPHERTEXT, &token->ciphertext);
    write_part_length(writer, TSCOPE_PART_TAG, &token->tag);
    write_part_length(writer, TSCOPE_PART_AAD, &token->aad);
    tscope_json_write_object_end(writer);
}

static void
write_damage(struct tscope_json_writer *writer, const struct tscope_token *token)
{
    tscope_json_write_name(writer, "damage");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < token->damage_len; i++) {
        const struct tscope_damage *damage = &token->damage[i];

        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "kind", tscope_damage_id(damage->kind));
        tscope_json_write_named_text(writer, "part", tscope_part_id_name((enum tscope_part_id)damage->part));
        tscope_json_write_named_integer(writer, "offset", (int64_t)damage->offset);
        tscope_json_write_named_integer(writer, "length", (int64_t)damage->len);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
    if (token->damage_total > token->damage_len)
        tscope_json_write_named_integer(writer, "damage_total", token->damage_total);
}

void
tscope_token_write_members(const struct tscope_token *token, struct tscope_json_writer *writer, bool reveal)
{
    writer->veil = reveal ? NULL : &tscope_secret_veils;
    tscope_json_write_named_word(writer, "kind", tscope_token_kind_id(token->kind));
    tscope_json_write_named_word(writer, "serialization", tscope_serialization_id(token->serialization));
    write_headers(writer, token);
    write_payload(writer, token);
    write_disclosures(writer, token);
    write_encrypted_lengths(writer, token);
    tscope_json_write_named_integer(writer, "length", (int64_t)token->text.len);
    write_damage(writer, token);
    writer->veil = NULL;
}

void
tscope_token_write_source(const struct tscope_token *token, struct tscope_json_writer *writer)
{
    static const char *const encodings[] = {
        [TSCOPE_ENCODING_ASCII] = "ascii",
        [TSCOPE_ENCODING_UTF16LE] = "utf-16le",
        [TSCOPE_ENCODING_UTF16BE] = "utf-16be",
    };

    tscope_json_write_named_integer(writer, "offset", (int64_t)token->source_offset);
    tscope_json_write_named_integer(writer, "length", (int64_t)token->source_len);
    tscope_json_write_named_word(writer, "encoding", encodings[token->encoding]);
    tscope_json_write_name(writer, "transport");
    tscope_json_write_array(writer);
    for (int i = 0; i < TSCOPE_TRANSPORT_COUNT; i++) {
        if (token->transport[i])
            tscope_json_write_text(writer, tscope_transport_id((enum tscope_transport)i));
    }
    tscope_json_write_array_end(writer);
}
