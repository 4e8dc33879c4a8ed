/* SPDX-License-Identifier: Apache-2.0 */
#include "case/found_key.h"

#include <tokenscope/token.h>

#include "core/error.h"
#include "core/json_writer.h"

#define MATCHES_MAX 8
#define SAMPLE_FAMILY "published-sample"

/* A key of a specification or a sample, whose private half is public anyhow: its family in the history that is built in says so. */
static bool
is_sample(const tscope_key *key)
{
    const char *source = tscope_key_source(key), *family = tscope_key_family(key);

    return source && strcmp(source, "embedded") == 0 && (!family || strcmp(family, SAMPLE_FAMILY) == 0);
}

static void
write_text(struct tscope_json_writer *writer, const char *name, const char *text)
{
    if (text)
        tscope_json_write_named_text(writer, name, text);
}

static void
write_matches(struct tscope_json_writer *writer, const tscope_key *const *keys, size_t keys_len)
{
    tscope_json_write_name(writer, "matches");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < keys_len; i++) {
        tscope_json_write_object(writer);
        write_text(writer, "kid", tscope_key_kid(keys[i]));
        write_text(writer, "family", tscope_key_family(keys[i]));
        write_text(writer, "source", tscope_key_source(keys[i]));
        if (is_sample(keys[i]))
            tscope_json_write_named_bool(writer, "is_sample", true);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static void
write_key(struct tscope_json_writer *writer, const tscope_found_key *key, const tscope_key *const *keys, size_t keys_len)
{
    tscope_json_write_object(writer);
    write_text(writer, "form", tscope_found_key_form(key));
    write_text(writer, "component", tscope_found_key_component(key));
    write_text(writer, "layout", tscope_found_key_layout(key));
    write_text(writer, "kty", tscope_found_key_kty(key));
    if (tscope_found_key_bits(key) > 0)
        tscope_json_write_named_integer(writer, "bits", (int64_t)tscope_found_key_bits(key));
    write_text(writer, "crv", tscope_found_key_curve(key));
    write_text(writer, "thumbprint", tscope_found_key_thumbprint(key));
    write_text(writer, "state", tscope_found_key_state(key));
    write_matches(writer, keys, keys_len);
}

/* Not every form can be written as a JWK: nothing is said then. */
static enum tscope_status
write_private(struct tscope_json_writer *writer, const tscope_found_key *key, struct tscope_error *err)
{
    struct tscope_error unwritable = {0};
    char *jwk = NULL;
    size_t jwk_len = 0;
    enum tscope_status status = tscope_found_key_reveal(key, "jwk", &jwk, &jwk_len, &unwritable);

    if (status == TSCOPE_ERR_NO_MEMORY)
        return tscope_error_no_memory(err);
    if (status != TSCOPE_OK)
        return TSCOPE_OK;
    tscope_json_write_name(writer, "private");
    tscope_json_write_raw(writer, tscope_span_of(jwk, jwk_len));
    tscope_wipe(jwk, jwk_len);
    tscope_string_free(jwk);
    return TSCOPE_OK;
}

static bool
is_private_of_published(const tscope_found_key *key, const tscope_key *const *keys, size_t keys_len)
{
    const char *state = tscope_found_key_state(key);
    bool is_any = false;

    if (state && (strcmp(state, "published") == 0 || strcmp(state, "recognised") == 0))
        return false;
    for (size_t i = 0; i < keys_len; i++)
        is_any |= !is_sample(keys[i]);
    return is_any;
}

enum tscope_status
tscope_found_key_keep(const tscope_found_key *key, bool reveal, struct tscope_arena *arena, struct tscope_parcel_find *ret_find,
                      struct tscope_error *err)
{
    struct tscope_buffer json = {0};
    struct tscope_json_writer writer;
    const tscope_key *keys[MATCHES_MAX];
    size_t keys_len = tscope_found_key_matches(key, keys, MATCHES_MAX);
    const char *thumbprint = tscope_found_key_thumbprint(key);
    enum tscope_status status = TSCOPE_OK;

    keys_len = keys_len < MATCHES_MAX ? keys_len : MATCHES_MAX;
    tscope_json_writer_init(&writer, &json, false);
    write_key(&writer, key, keys, keys_len);
    if (reveal)
        status = write_private(&writer, key, err);
    tscope_json_write_object_end(&writer);
    ret_find->is_published = is_private_of_published(key, keys, keys_len);
    if (!json.failed)
        ret_find->key = tscope_arena_copy(arena, tscope_span_of(json.data, json.len));
    if (thumbprint)
        ret_find->thumbprint = tscope_arena_copy(arena, tscope_span_text(thumbprint));
    if (reveal)
        tscope_wipe(json.data, json.len);
    tscope_buffer_clear(&json);
    if (status != TSCOPE_OK)
        return status;
    return ret_find->key.data && (ret_find->thumbprint.data || !thumbprint) ? TSCOPE_OK : tscope_error_no_memory(err);
}
