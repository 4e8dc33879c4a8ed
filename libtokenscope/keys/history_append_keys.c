/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "keys/history_append.h"

/* The entry of a key: found, or written. */

#define ID_MAX 512

static bool
is_same_kid(const tscope_key *key, struct tscope_span kid)
{
    return (key->kid.data != NULL) == (kid.data != NULL) && tscope_span_equal(key->kid, kid);
}

/* The entry of this kid and material; data NULL: none. */
static struct tscope_span
find_key(const struct tscope_appender *appender, const tscope_key *key)
{
    const uint32_t *found;
    uint32_t count = tscope_history_find_thumbprint(appender->history, key->thumbprint, &found);

    for (uint32_t i = 0; i < count; i++) {
        const struct tscope_history_key *row = &appender->history->keys[found[i]];

        if (is_same_kid(key, row->kid))
            return row->id;
    }
    for (size_t i = 0; i < appender->keys_len; i++) {
        const struct tscope_append_key *row = &appender->keys[i];

        if (memcmp(row->thumbprint, key->thumbprint, sizeof(row->thumbprint)) == 0 && is_same_kid(key, row->kid))
            return row->id;
    }
    return (struct tscope_span){NULL, 0};
}

static bool
is_id_taken(const struct tscope_appender *appender, struct tscope_span id)
{
    for (uint32_t i = 0; i < appender->history->keys_len; i++) {
        if (tscope_span_equal(appender->history->keys[i].id, id))
            return true;
    }
    for (size_t i = 0; i < appender->keys_len; i++) {
        if (tscope_span_equal(appender->keys[i].id, id))
            return true;
    }
    return false;
}

/* The kid, KID#2, KID#3…; of a key without one its thumbprint. */
static enum tscope_status
choose_id(struct tscope_appender *appender, const tscope_key *key, struct tscope_span *ret_id)
{
    struct tscope_buffer id = {.arena = &appender->arena};
    struct tscope_span name = key->kid.data && key->kid.len <= ID_MAX ? key->kid : tscope_span_text(key->thumbprint_text);

    for (unsigned number = 1; number < 100000; number++) {
        tscope_buffer_reset(&id);
        tscope_buffer_append(&id, name.data, name.len);
        if (number > 1)
            tscope_buffer_append_format(&id, "#%u", number);
        if (id.failed)
            return tscope_error_no_memory(appender->err);
        if (!is_id_taken(appender, tscope_span_of(id.data, id.len))) {
            *ret_id = tscope_arena_copy(&appender->arena, tscope_span_of(id.data, id.len));
            return ret_id->data ? TSCOPE_OK : tscope_error_no_memory(appender->err);
        }
    }
    return tscope_error_set(appender->err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "too many keys of one kid");
}

/* This endpoint listed another key under the same kid before. */
static bool
has_changed(const struct tscope_appender *appender, const tscope_key *key, struct tscope_span endpoint)
{
    uint32_t number = tscope_append_endpoint_number(appender, endpoint), count;
    const uint32_t *found;

    count = key->kid.data ? tscope_history_find_kid(appender->history, key->kid, &found) : 0;
    for (uint32_t i = 0; i < count && number != TSCOPE_HISTORY_NONE; i++) {
        if (tscope_history_has_listed(appender->history, found[i], number))
            return true;
    }
    for (size_t i = 0; i < appender->keys_len && key->kid.data; i++) {
        if (is_same_kid(key, appender->keys[i].kid) && tscope_span_equal(appender->keys[i].endpoint, endpoint))
            return true;
    }
    return false;
}

static void
write_number(struct tscope_json_writer *writer, const char *name, struct tscope_span bytes)
{
    if (!bytes.data)
        return;
    tscope_json_write_name(writer, name);
    tscope_json_write_base64url(writer, bytes.data, bytes.len);
}

static void
write_jwk(struct tscope_json_writer *writer, const tscope_key *key)
{
    const char *curve = tscope_curve_name(key->numbers.curve);
    const struct {
        const char *name;
        struct tscope_span text;
    } texts[] = {{"kid", key->kid}, {"x5t", key->x5t}, {"issuer", key->issuer}, {"cloud_instance_name", key->cloud_instance_name}};

    tscope_json_write_name(writer, "jwk");
    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "kty", tscope_key_type(key));
    if (curve)
        tscope_json_write_named_text(writer, "crv", curve);
    write_number(writer, "n", key->numbers.n);
    write_number(writer, "e", key->numbers.e);
    write_number(writer, "x", key->numbers.x);
    write_number(writer, "y", key->numbers.y);
    for (size_t i = 0; i < TSCOPE_COUNT(texts); i++) {
        if (texts[i].text.data)
            tscope_json_write_named_string(writer, texts[i].name, texts[i].text);
    }
    tscope_json_write_object_end(writer);
}

/* Base64 as x5c has it (RFC 4648 section 4). */
static enum tscope_status
write_certificate(struct tscope_appender *appender, struct tscope_json_writer *writer, const struct tscope_certificate *certificate)
{
    struct tscope_buffer text = {0};

    tscope_json_write_name(writer, "certificate");
    if (!certificate) {
        tscope_json_write_null(writer);
        return TSCOPE_OK;
    }
    tscope_base64url_encode(&text, certificate->der.data, certificate->der.len);
    while (!text.failed && text.len % 4)
        tscope_buffer_append_byte(&text, '=');
    for (size_t i = 0; i < text.len; i++)
        text.data[i] = text.data[i] == '-' ? '+' : text.data[i] == '_' ? '/' : text.data[i];
    tscope_json_write_string(writer, tscope_span_of(text.data, text.len));
    if (text.failed) {
        tscope_buffer_clear(&text);
        return tscope_error_no_memory(appender->err);
    }
    tscope_buffer_clear(&text);
    return TSCOPE_OK;
}

static void
name_changed(struct tscope_appender *appender, struct tscope_span kid)
{
    const struct tscope_ring_name name = tscope_ring_name(kid);

    memcpy(appender->appended.changed_kid, name.text, sizeof(name.text));
}

static enum tscope_status
add_key(struct tscope_appender *appender, const struct tscope_snapshot *snapshot, const tscope_keyring *keyring, const tscope_key *key,
        struct tscope_span endpoint, struct tscope_span *ret_id)
{
    struct tscope_span kid = key->kid.data ? tscope_arena_copy(&appender->arena, key->kid) : key->kid;
    struct tscope_json_writer writer;
    struct tscope_append_key *row;
    enum tscope_status status;

    if ((key->kid.data && !kid.data) ||
        !tscope_append_room(&appender->keys, appender->keys_len, &appender->keys_capacity, sizeof(*appender->keys)))
        return tscope_error_no_memory(appender->err);
    status = choose_id(appender, key, ret_id);
    if (status != TSCOPE_OK)
        return status;
    if (has_changed(appender, key, endpoint) && appender->appended.keys_changed++ == 0)
        name_changed(appender, key->kid);
    row = &appender->keys[appender->keys_len++];
    *row = (struct tscope_append_key){.kid = kid, .id = *ret_id, .endpoint = endpoint};
    memcpy(row->thumbprint, key->thumbprint, sizeof(row->thumbprint));
    tscope_append_begin(appender, TSCOPE_APPEND_KEYS, &writer);
    tscope_json_write_named_string(&writer, "id", *ret_id);
    write_jwk(&writer, key);
    status = write_certificate(appender, &writer, tscope_keyring_certificate(keyring, key));
    tscope_append_text(&writer, "family", snapshot->family);
    tscope_json_write_name(&writer, "cloud");
    tscope_json_write_null(&writer);
    tscope_json_write_object_end(&writer);
    appender->appended.keys_new++;
    return status;
}

static bool
can_be_written(const tscope_key *key)
{
    return key->thumbprint_text[0] && key->numbers.type != TSCOPE_KEY_OCT;
}

/* The set holds a key of that kid that can be written down. */
static bool
holds_kid(const tscope_keyring *keyring, struct tscope_span kid)
{
    const tscope_key *key;
    uint32_t cursor = 0;

    while ((key = tscope_keyring_next_by_kid(keyring, kid, &cursor))) {
        if (can_be_written(key))
            return true;
    }
    return false;
}

/* A key that cannot be written down is left out; but not the only one of a kid that is known, which would then read as missing. */
static enum tscope_status
leave_out(struct tscope_appender *appender, const struct tscope_snapshot *snapshot, const tscope_keyring *keyring, const tscope_key *key)
{
    const uint32_t *found;

    if (key->kid.data && tscope_history_find_kid(appender->history, key->kid, &found) > 0 && !holds_kid(keyring, key->kid))
        return tscope_append_refuse(appender, snapshot, TSCOPE_ERR_DATA, "a key that is known cannot be read in it");
    appender->appended.keys_left_out++;
    return TSCOPE_OK;
}

enum tscope_status
tscope_append_key(struct tscope_appender *appender, const struct tscope_snapshot *snapshot, const tscope_keyring *keyring,
                  const tscope_key *key, struct tscope_span endpoint, struct tscope_span *ret_id)
{
    *ret_id = (struct tscope_span){NULL, 0};
    if (!can_be_written(key))
        return leave_out(appender, snapshot, keyring, key);
    *ret_id = find_key(appender, key);
    return ret_id->data ? TSCOPE_OK : add_key(appender, snapshot, keyring, key, endpoint, ret_id);
}
