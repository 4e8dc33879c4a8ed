/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <tokenscope/history.h>

#include "core/error.h"
#include "core/json_writer.h"
#include "core/text.h"
#include "keys/history_walk.h"
#include "keys/ring.h"

/*
 * Rows are put into the text behind those that stand there, so that whatever else a file holds stays as it is. In the end the
 * new text is read as any other: what is handed out can be read.
 */

#define EMPTY "{\n  \"format\": \"tokenscope-key-history/1\",\n  \"keys\": [],\n  \"endpoints\": [],\n  \"snapshots\": []\n}\n"
#define ROW "\n    "
#define ID_MAX 512

/* The arrays that rows are added to. */
enum part { PART_KEYS, PART_ENDPOINTS, PART_SNAPSHOTS, PARTS };
static const char *const parts[PARTS] = {"keys", "endpoints", "snapshots"};

/* A key that this call adds. */
struct new_key {
    struct tscope_span kid, id;
    uint8_t thumbprint[32];
    struct tscope_span endpoint; /* that listed it first */
};

struct new_set {
    struct tscope_span endpoint, keys; /* keys: their ids as the row has them */
    int64_t at;
};

struct appender {
    struct tscope_span text;
    struct tscope_json json;
    const struct tscope_history *history;
    struct tscope_arena arena;
    tscope_crypto *crypto;
    struct tscope_buffer rows[PARTS];
    size_t rows_len[PARTS];
    struct new_key *keys;
    struct new_set *sets;
    struct tscope_span *endpoints; /* ids of those added */
    size_t keys_len, keys_capacity, sets_len, sets_capacity, endpoints_len, endpoints_capacity;
    struct tscope_appended appended;
    struct tscope_error *err;
};

static void
clear(struct appender *appender)
{
    for (size_t i = 0; i < PARTS; i++)
        tscope_buffer_clear(&appender->rows[i]);
    tscope_free(appender->keys);
    tscope_free(appender->sets);
    tscope_free(appender->endpoints);
    tscope_crypto_free(appender->crypto);
    tscope_arena_clear(&appender->arena);
}

static bool
make_room(void *array, size_t len, size_t *capacity, size_t size)
{
    size_t wanted = *capacity ? *capacity * 2 : 16;
    void **place = array, *longer;

    if (len < *capacity)
        return true;
    longer = tscope_realloc(*place, wanted * size);
    if (!longer)
        return false;
    *place = longer;
    *capacity = wanted;
    return true;
}

static enum tscope_status
refuse(struct appender *appender, const struct tscope_snapshot *snapshot, enum tscope_status status, const char *what)
{
    return tscope_error_set(appender->err, status, TSCOPE_OFFSET_NONE, "%s: %s", tscope_ring_name(tscope_span_text(snapshot->source)).text,
                            what);
}

/* ---- the history so far */

static enum tscope_status
read_history(struct appender *appender)
{
    enum tscope_status status = tscope_crypto_new(&appender->crypto, appender->err);

    if (status == TSCOPE_OK)
        status = tscope_history_parse(appender->text.data, appender->text.len, TSCOPE_SPAN("history"), appender->crypto, &appender->arena,
                                      &appender->history, appender->err);
    if (status == TSCOPE_OK)
        status = tscope_json_read(&appender->json, &appender->arena, appender->text.data, appender->text.len, TSCOPE_JSON_LIMITS_FILE,
                                  appender->err);
    if (status == TSCOPE_OK && !appender->json.strict)
        return tscope_error_set(appender->err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "the history is no strict JSON");
    return status;
}

/* ---- endpoints */

static struct tscope_span
find_endpoint(const struct appender *appender, const struct tscope_snapshot *snapshot)
{
    struct tscope_span url = tscope_span_text(snapshot->url),
                       id = tscope_span_text(snapshot->endpoint ? snapshot->endpoint : snapshot->url);

    for (uint32_t i = 0; i < appender->history->endpoints_len; i++) {
        const struct tscope_history_endpoint *row = &appender->history->endpoints[i];

        if ((row->url.data && tscope_span_equal(row->url, url)) || tscope_span_equal(row->id, id))
            return row->id;
    }
    for (size_t i = 0; i < appender->endpoints_len; i++) {
        if (tscope_span_equal(appender->endpoints[i], id))
            return appender->endpoints[i];
    }
    return (struct tscope_span){NULL, 0};
}

/* The number of an endpoint that the history knew before. */
static uint32_t
number_of(const struct appender *appender, struct tscope_span endpoint)
{
    for (uint32_t i = 0; i < appender->history->endpoints_len; i++) {
        if (tscope_span_equal(appender->history->endpoints[i].id, endpoint))
            return i;
    }
    return TSCOPE_HISTORY_NONE;
}

static void
begin_row(struct appender *appender, enum part part, struct tscope_json_writer *writer)
{
    tscope_buffer_append_text(&appender->rows[part], appender->rows_len[part]++ ? "," ROW : ROW);
    tscope_json_writer_init(writer, &appender->rows[part], false);
    tscope_json_write_object(writer);
}

static void
write_text(struct tscope_json_writer *writer, const char *name, const char *text)
{
    tscope_json_write_name(writer, name);
    if (text)
        tscope_json_write_text(writer, text);
    else
        tscope_json_write_null(writer);
}

static enum tscope_status
take_endpoint(struct appender *appender, const struct tscope_snapshot *snapshot, struct tscope_span *ret_endpoint)
{
    struct tscope_json_writer writer;
    struct tscope_span id = find_endpoint(appender, snapshot);

    if (id.data) {
        *ret_endpoint = id;
        return TSCOPE_OK;
    }
    if (!strstr(snapshot->url, "://"))
        return refuse(appender, snapshot, TSCOPE_ERR_NOT_FOUND, "an endpoint that the history does not know is named by its URL");
    id = tscope_arena_copy(&appender->arena, tscope_span_text(snapshot->endpoint ? snapshot->endpoint : snapshot->url));
    if (!id.data || !make_room(&appender->endpoints, appender->endpoints_len, &appender->endpoints_capacity, sizeof(id)))
        return tscope_error_no_memory(appender->err);
    appender->endpoints[appender->endpoints_len++] = id;
    begin_row(appender, PART_ENDPOINTS, &writer);
    tscope_json_write_named_string(&writer, "id", id);
    write_text(&writer, "url", snapshot->url);
    write_text(&writer, "issuer", snapshot->issuer);
    tscope_json_write_name(&writer, "families");
    tscope_json_write_array(&writer); /* what else it lists is not known from one set */
    tscope_json_write_array_end(&writer);
    tscope_json_write_object_end(&writer);
    *ret_endpoint = id;
    return TSCOPE_OK;
}

/* ---- keys */

static bool
is_same_kid(const tscope_key *key, struct tscope_span kid)
{
    return (key->kid.data != NULL) == (kid.data != NULL) && tscope_span_equal(key->kid, kid);
}

/* The entry of this kid and material; data NULL: none. */
static struct tscope_span
find_key(const struct appender *appender, const tscope_key *key)
{
    const uint32_t *found;
    uint32_t count = tscope_history_find_thumbprint(appender->history, key->thumbprint, &found);

    for (uint32_t i = 0; i < count; i++) {
        const struct tscope_history_key *row = &appender->history->keys[found[i]];

        if (is_same_kid(key, row->kid))
            return row->id;
    }
    for (size_t i = 0; i < appender->keys_len; i++) {
        const struct new_key *row = &appender->keys[i];

        if (memcmp(row->thumbprint, key->thumbprint, sizeof(row->thumbprint)) == 0 && is_same_kid(key, row->kid))
            return row->id;
    }
    return (struct tscope_span){NULL, 0};
}

static bool
is_id_taken(const struct appender *appender, struct tscope_span id)
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
choose_id(struct appender *appender, const tscope_key *key, struct tscope_span *ret_id)
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
has_changed(const struct appender *appender, const tscope_key *key, struct tscope_span endpoint)
{
    uint32_t number = number_of(appender, endpoint), count;
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
write_certificate(struct appender *appender, struct tscope_json_writer *writer, const struct tscope_certificate *certificate)
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
name_changed(struct appender *appender, struct tscope_span kid)
{
    const struct tscope_ring_name name = tscope_ring_name(kid);

    memcpy(appender->appended.changed_kid, name.text, sizeof(name.text));
}

static enum tscope_status
add_key(struct appender *appender, const struct tscope_snapshot *snapshot, const tscope_keyring *keyring, const tscope_key *key,
        struct tscope_span endpoint, struct tscope_span *ret_id)
{
    struct tscope_span kid = key->kid.data ? tscope_arena_copy(&appender->arena, key->kid) : key->kid;
    struct tscope_json_writer writer;
    struct new_key *row;
    enum tscope_status status;

    if ((key->kid.data && !kid.data) || !make_room(&appender->keys, appender->keys_len, &appender->keys_capacity, sizeof(*appender->keys)))
        return tscope_error_no_memory(appender->err);
    status = choose_id(appender, key, ret_id);
    if (status != TSCOPE_OK)
        return status;
    if (has_changed(appender, key, endpoint) && appender->appended.keys_changed++ == 0)
        name_changed(appender, key->kid);
    row = &appender->keys[appender->keys_len++];
    *row = (struct new_key){.kid = kid, .id = *ret_id, .endpoint = endpoint};
    memcpy(row->thumbprint, key->thumbprint, sizeof(row->thumbprint));
    begin_row(appender, PART_KEYS, &writer);
    tscope_json_write_named_string(&writer, "id", *ret_id);
    write_jwk(&writer, key);
    status = write_certificate(appender, &writer, tscope_keyring_certificate(keyring, key));
    write_text(&writer, "family", snapshot->family);
    tscope_json_write_name(&writer, "cloud");
    tscope_json_write_null(&writer);
    tscope_json_write_object_end(&writer);
    appender->appended.keys_new++;
    return status;
}

/* A key that cannot be written down is left out; but not one whose kid is known, which would then read as missing. */
static enum tscope_status
leave_out(struct appender *appender, const struct tscope_snapshot *snapshot, const tscope_key *key)
{
    const uint32_t *found;

    if (key->kid.data && tscope_history_find_kid(appender->history, key->kid, &found) > 0)
        return refuse(appender, snapshot, TSCOPE_ERR_DATA, "a key that is known cannot be read in it");
    appender->appended.keys_left_out++;
    return TSCOPE_OK;
}

/* ---- sets */

static int
compare_ids(const void *a, const void *b)
{
    const struct tscope_span *left = a, *right = b;
    size_t len = left->len < right->len ? left->len : right->len;
    int order = len ? memcmp(left->data, right->data, len) : 0;

    return order ? order : (left->len > right->len) - (left->len < right->len);
}

/* In order and each once: the same set gives the same row. */
static enum tscope_status
write_ids(struct appender *appender, struct tscope_span *ids, size_t len, struct tscope_span *ret_keys)
{
    struct tscope_buffer text = {.arena = &appender->arena};
    struct tscope_json_writer writer;

    if (len)
        qsort(ids, len, sizeof(*ids), compare_ids);
    tscope_json_writer_init(&writer, &text, false);
    tscope_json_write_array(&writer);
    for (size_t i = 0; i < len; i++) {
        if (i == 0 || !tscope_span_equal(ids[i - 1], ids[i]))
            tscope_json_write_string(&writer, ids[i]);
    }
    tscope_json_write_array_end(&writer);
    *ret_keys = tscope_buffer_keep(&text);
    return ret_keys->data ? TSCOPE_OK : tscope_error_no_memory(appender->err);
}

/* A JWK Set (RFC 7517 section 5) that nobody reads otherwise than we do. */
static enum tscope_status
check_set(struct appender *appender, const struct tscope_snapshot *snapshot)
{
    const struct tscope_value *keys;
    struct tscope_arena arena = {0};
    struct tscope_json json;
    enum tscope_status status =
        tscope_json_read(&json, &arena, snapshot->bytes, snapshot->bytes_len, TSCOPE_JSON_LIMITS_FILE, appender->err);

    if (status != TSCOPE_OK)
        return status;
    keys = tscope_json_member(&json, tscope_json_root(&json), "keys");
    if (!json.readable || !json.strict)
        status = refuse(appender, snapshot, TSCOPE_ERR_DATA, "no JSON, or only a part of it");
    for (uint32_t i = 0; i < json.flaws_len && status == TSCOPE_OK; i++) {
        if (json.flaws[i].kind == TSCOPE_JSON_FLAW_DUPLICATE)
            status = refuse(appender, snapshot, TSCOPE_ERR_DATA, "a name stands twice in one object, and readers differ about it");
    }
    if (status == TSCOPE_OK && (!keys || keys->type != TSCOPE_JSON_ARRAY))
        status = refuse(appender, snapshot, TSCOPE_ERR_DATA, "no key set: there is no list \"keys\"");
    if (status == TSCOPE_OK && keys->count == 0)
        status = refuse(appender, snapshot, TSCOPE_ERR_DATA, "a key set without keys is not taken: it would say that all were withdrawn");
    tscope_arena_clear(&arena);
    return status;
}

static enum tscope_status
take_keys(struct appender *appender, const struct tscope_snapshot *snapshot, const tscope_keyring *keyring, struct tscope_span endpoint,
          struct tscope_span *ret_keys)
{
    size_t count = tscope_keyring_count(keyring), len = 0;
    struct tscope_span *ids = tscope_arena_zeroed(&appender->arena, count, sizeof(*ids));
    enum tscope_status status = ids ? TSCOPE_OK : tscope_error_no_memory(appender->err);

    for (size_t i = 0; i < count && status == TSCOPE_OK; i++) {
        const tscope_key *key = tscope_keyring_key(keyring, i);

        if (!key->thumbprint_text[0] || key->numbers.type == TSCOPE_KEY_OCT) {
            status = leave_out(appender, snapshot, key);
            continue;
        }
        ids[len] = find_key(appender, key);
        if (!ids[len].data)
            status = add_key(appender, snapshot, keyring, key, endpoint, &ids[len]);
        len++;
    }
    if (status == TSCOPE_OK && len == 0)
        return refuse(appender, snapshot, TSCOPE_ERR_DATA, "a key set without keys that can be read");
    return status == TSCOPE_OK ? write_ids(appender, ids, len, ret_keys) : status;
}

static enum tscope_status
read_set(struct appender *appender, const struct tscope_snapshot *snapshot, struct tscope_span endpoint, struct tscope_span *ret_keys)
{
    TSCOPE_AUTO(tscope_keyring) *keyring = NULL;
    enum tscope_status status = check_set(appender, snapshot);

    if (status == TSCOPE_OK)
        status = tscope_keyring_new(&keyring, appender->err);
    if (status == TSCOPE_OK)
        status = tscope_keyring_add(keyring, snapshot->bytes, snapshot->bytes_len, snapshot->source, NULL, NULL, appender->err);
    if (status == TSCOPE_OK)
        status = tscope_keyring_freeze(keyring, appender->err);
    return status == TSCOPE_OK ? take_keys(appender, snapshot, keyring, endpoint, ret_keys) : status;
}

/* The keys of a set that the history holds, as its row would have them now. */
static enum tscope_status
known_keys(struct appender *appender, const struct tscope_history_snapshot *set, struct tscope_span *ret_keys)
{
    struct tscope_span *ids = tscope_arena_zeroed(&appender->arena, set->keys_len, sizeof(*ids));

    if (!ids)
        return tscope_error_no_memory(appender->err);
    for (uint32_t i = 0; i < set->keys_len; i++)
        ids[i] = appender->history->keys[set->keys[i]].id;
    return write_ids(appender, ids, set->keys_len, ret_keys);
}

/* The set of an endpoint at a time, or with at TSCOPE_TIME_NONE its last. */
static const struct tscope_history_snapshot *
find_set(const struct appender *appender, struct tscope_span endpoint, int64_t at)
{
    const struct tscope_history_snapshot *found = NULL;
    uint32_t number = number_of(appender, endpoint);

    for (uint32_t i = 0; i < appender->history->snapshots_len; i++) {
        const struct tscope_history_snapshot *set = &appender->history->snapshots[i];

        if (set->endpoint == number && (at == TSCOPE_TIME_NONE || set->observed_at == at))
            found = set; /* they are in order of time */
    }
    return found;
}

/* *ret_known: one is there already, and it is the same. */
static enum tscope_status
check_moment(struct appender *appender, const struct tscope_snapshot *snapshot, struct tscope_span endpoint, struct tscope_span keys,
             bool *ret_known)
{
    const struct tscope_history_snapshot *set = find_set(appender, endpoint, snapshot->observed_at);
    struct tscope_span there = {NULL, 0};
    enum tscope_status status = set ? known_keys(appender, set, &there) : TSCOPE_OK;

    for (size_t i = 0; i < appender->sets_len && !there.data; i++) {
        if (tscope_span_equal(appender->sets[i].endpoint, endpoint) && appender->sets[i].at == snapshot->observed_at)
            there = appender->sets[i].keys;
    }
    *ret_known = there.data != NULL;
    if (status == TSCOPE_OK && there.data && !tscope_span_equal(there, keys))
        return refuse(appender, snapshot, TSCOPE_ERR_STATE, "another set of the same endpoint and time is there");
    return status;
}

/* What the last set's row says of its bytes holds for these, which are the same. */
static void
copy_marks(struct appender *appender, struct tscope_json_writer *writer, struct tscope_span endpoint, int64_t at)
{
    static const char *const names[] = {"sha256", "etag", "last_modified"};
    const struct tscope_json *json = &appender->json;
    const struct tscope_value *list = tscope_json_member(json, tscope_json_root(json), "snapshots"), *row;

    for (row = list ? tscope_json_first(json, list) : NULL; row; row = tscope_json_next(json, row)) {
        struct tscope_span id = tscope_json_string(json, tscope_json_member(json, row, "endpoint"), &appender->arena);
        const struct tscope_value *value = tscope_json_member(json, row, "observed_at");
        int64_t time;

        if (!tscope_span_equal(id, endpoint) || !value ||
            !(tscope_time_parse(tscope_json_string(json, value, &appender->arena), &time) || tscope_json_integer(json, value, &time)) ||
            time != at)
            continue;
        for (size_t i = 0; i < TSCOPE_COUNT(names); i++) {
            const struct tscope_value *mark = tscope_json_member(json, row, names[i]);

            if (mark && mark->type == TSCOPE_JSON_STRING) {
                tscope_json_write_name(writer, names[i]);
                tscope_json_write_value(writer, json, mark);
            }
        }
        return;
    }
}

static enum tscope_status
write_marks(struct appender *appender, struct tscope_json_writer *writer, const struct tscope_snapshot *snapshot)
{
    struct tscope_span bytes = tscope_span_of(snapshot->bytes, snapshot->bytes_len);
    uint8_t digest[32];
    enum tscope_status status = tscope_crypto_digest(appender->crypto, TSCOPE_DIGEST_SHA256, &bytes, 1, digest, appender->err);

    if (status != TSCOPE_OK)
        return status;
    tscope_json_write_name(writer, "sha256");
    tscope_json_write_hex(writer, digest, sizeof(digest));
    if (snapshot->etag)
        tscope_json_write_named_text(writer, "etag", snapshot->etag);
    if (snapshot->last_modified)
        tscope_json_write_named_text(writer, "last_modified", snapshot->last_modified);
    return TSCOPE_OK;
}

static enum tscope_status
write_set(struct appender *appender, const struct tscope_snapshot *snapshot, struct tscope_span endpoint, struct tscope_span keys,
          const struct tscope_history_snapshot *last)
{
    struct tscope_json_writer writer;
    enum tscope_status status = TSCOPE_OK;

    if (!make_room(&appender->sets, appender->sets_len, &appender->sets_capacity, sizeof(*appender->sets)))
        return tscope_error_no_memory(appender->err);
    appender->sets[appender->sets_len] = (struct new_set){endpoint, keys, snapshot->observed_at};
    appender->sets_len++;
    begin_row(appender, PART_SNAPSHOTS, &writer);
    tscope_json_write_named_string(&writer, "endpoint", endpoint);
    tscope_json_write_named_time(&writer, "observed_at", snapshot->observed_at);
    tscope_json_write_named_text(&writer, "source", snapshot->source);
    if (last)
        copy_marks(appender, &writer, endpoint, last->observed_at);
    else
        status = write_marks(appender, &writer, snapshot);
    tscope_json_write_name(&writer, "keys");
    tscope_buffer_append(&appender->rows[PART_SNAPSHOTS], keys.data, keys.len);
    tscope_buffer_append_byte(&appender->rows[PART_SNAPSHOTS], '}');
    appender->appended.sets++;
    return status;
}

static enum tscope_status
add_set(struct appender *appender, const struct tscope_snapshot *snapshot)
{
    const struct tscope_history_snapshot *last = NULL;
    struct tscope_span endpoint = {NULL, 0}, keys = {NULL, 0};
    enum tscope_status status;
    bool known = false;

    if (snapshot->size < sizeof(*snapshot) || !snapshot->url || !snapshot->source || snapshot->observed_at < 0 ||
        snapshot->observed_at > 253402300799)
        return tscope_error_set(appender->err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE,
                                "a set needs a URL, a source and a time since 1970");
    status = take_endpoint(appender, snapshot, &endpoint);
    if (status != TSCOPE_OK)
        return status;
    if (!snapshot->bytes) {
        last = find_set(appender, endpoint, TSCOPE_TIME_NONE);
        if (!last)
            return refuse(appender, snapshot, TSCOPE_ERR_STATE, "it is said to be as before, but nothing was taken before");
    }
    status = last ? known_keys(appender, last, &keys) : read_set(appender, snapshot, endpoint, &keys);
    if (status == TSCOPE_OK)
        status = check_moment(appender, snapshot, endpoint, keys, &known);
    if (status != TSCOPE_OK)
        return status;
    if (known) {
        appender->appended.repeated++;
        return TSCOPE_OK;
    }
    return write_set(appender, snapshot, endpoint, keys, last);
}

/* ---- the new text */

/* Where the rows of a part go: behind the last one there, or into the empty list, or as a member of its own at the end. */
struct seam {
    size_t offset;
    const char *before, *after;
    enum part part;
};

static struct seam
find_seam(const struct appender *appender, enum part part)
{
    const struct tscope_json *json = &appender->json;
    const struct tscope_value *root = tscope_json_root(json), *list = tscope_json_member(json, root, parts[part]), *last = NULL, *row;
    struct seam seam = {.part = part, .before = "", .after = ""};

    for (row = tscope_json_first(json, list ? list : root); row; row = tscope_json_next(json, row))
        last = row;
    seam.offset = last ? last->start + last->len : (list ? list->start + 1 : root->start + 1);
    if (list && last)
        seam.before = ",";
    else if (list)
        seam.after = "\n  ";
    return seam;
}

static void
put_rows(const struct appender *appender, const struct seam *seam, struct tscope_buffer *out)
{
    const struct tscope_buffer *rows = &appender->rows[seam->part];
    bool is_member = tscope_json_member(&appender->json, tscope_json_root(&appender->json), parts[seam->part]) != NULL;

    if (appender->rows_len[seam->part] == 0)
        return;
    if (!is_member)
        tscope_buffer_append_format(out, ",\n  \"%s\": [", parts[seam->part]);
    tscope_buffer_append_text(out, seam->before);
    tscope_buffer_append(out, rows->data, rows->len);
    tscope_buffer_append_text(out, is_member ? seam->after : "\n  ]");
}

static enum tscope_status
put_together(struct appender *appender, struct tscope_buffer *out)
{
    struct seam seams[PARTS] = {{0}};
    size_t at = 0;

    for (size_t i = 0; i < PARTS; i++) {
        struct seam seam = find_seam(appender, (enum part)i);
        size_t place = i;

        for (; place > 0 && seams[place - 1].offset > seam.offset; place--)
            seams[place] = seams[place - 1];
        seams[place] = seam;
    }
    for (size_t i = 0; i < PARTS; i++) {
        out->failed |= appender->rows[i].failed;
        tscope_buffer_append(out, appender->text.data + at, seams[i].offset - at);
        at = seams[i].offset;
        put_rows(appender, &seams[i], out);
    }
    tscope_buffer_append(out, appender->text.data + at, appender->text.len - at);
    if (out->failed)
        return tscope_error_no_memory(appender->err);
    if (out->len > TSCOPE_KEYS_INPUT_MAX)
        return tscope_error_set(appender->err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "the history would be over %u bytes",
                                TSCOPE_KEYS_INPUT_MAX);
    return TSCOPE_OK;
}

/* Whatever was overlooked: a text that cannot be read is not handed out. */
static enum tscope_status
prove(struct appender *appender, const struct tscope_buffer *out)
{
    const struct tscope_history *history;

    return tscope_history_parse(out->data, out->len, TSCOPE_SPAN("the new history"), appender->crypto, &appender->arena, &history,
                                appender->err);
}

static enum tscope_status
append(struct appender *appender, const struct tscope_snapshot *snapshots, size_t snapshots_len, struct tscope_buffer *out)
{
    enum tscope_status status = read_history(appender);

    for (size_t i = 0; i < snapshots_len && status == TSCOPE_OK; i++)
        status = add_set(appender, &snapshots[i]);
    if (status == TSCOPE_OK)
        status = put_together(appender, out);
    return status == TSCOPE_OK ? prove(appender, out) : status;
}

enum tscope_status
tscope_history_append(const uint8_t *history, size_t history_len, const struct tscope_snapshot *snapshots, size_t snapshots_len,
                      char **ret_history, size_t *ret_len, struct tscope_appended *appended, struct tscope_error *err)
{
    struct appender appender = {.text = history_len ? tscope_span_of(history, history_len) : TSCOPE_SPAN(EMPTY), .err = err};
    struct tscope_buffer out = {0};
    enum tscope_status status;

    if (history_len > TSCOPE_KEYS_INPUT_MAX)
        return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "a history of over %u bytes", TSCOPE_KEYS_INPUT_MAX);
    status = append(&appender, snapshots, snapshots_len, &out);
    if (status == TSCOPE_OK) {
        *ret_history = tscope_buffer_steal(&out, ret_len);
        status = *ret_history ? TSCOPE_OK : tscope_error_no_memory(err);
    }
    if (status == TSCOPE_OK && appended)
        *appended = appender.appended;
    tscope_buffer_clear(&out);
    clear(&appender);
    return status;
}
