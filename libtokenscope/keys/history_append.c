/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "core/error.h"
#include "keys/history_append.h"

/*
 * Rows are put into the text behind those that stand there, so that whatever else a file holds stays as it is. In the end the
 * new text is read as any other: what is handed out can be read.
 */

#define EMPTY "{\n  \"format\": \"tokenscope-key-history/1\",\n  \"keys\": [],\n  \"endpoints\": [],\n  \"snapshots\": []\n}\n"
#define ROW "\n    "

static void
clear(struct tscope_appender *appender)
{
    for (size_t i = 0; i < TSCOPE_APPEND_PARTS; i++)
        tscope_buffer_clear(&appender->rows[i]);
    tscope_free(appender->keys);
    tscope_free(appender->sets);
    tscope_free(appender->endpoints);
    tscope_crypto_free(appender->crypto);
    tscope_arena_clear(&appender->arena);
}

bool
tscope_append_room(void *array, size_t len, size_t *capacity, size_t size)
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

enum tscope_status
tscope_append_refuse(struct tscope_appender *appender, const struct tscope_snapshot *snapshot, enum tscope_status status, const char *what)
{
    return tscope_error_set(appender->err, status, TSCOPE_OFFSET_NONE, "%s: %s", tscope_ring_name(tscope_span_text(snapshot->source)).text,
                            what);
}

/* ---- the history so far */

static enum tscope_status
read_history(struct tscope_appender *appender)
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
find_endpoint(const struct tscope_appender *appender, const struct tscope_snapshot *snapshot)
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
uint32_t
tscope_append_endpoint_number(const struct tscope_appender *appender, struct tscope_span endpoint)
{
    for (uint32_t i = 0; i < appender->history->endpoints_len; i++) {
        if (tscope_span_equal(appender->history->endpoints[i].id, endpoint))
            return i;
    }
    return TSCOPE_HISTORY_NONE;
}

void
tscope_append_begin(struct tscope_appender *appender, enum tscope_append_part part, struct tscope_json_writer *writer)
{
    tscope_buffer_append_text(&appender->rows[part], appender->rows_len[part]++ ? "," ROW : ROW);
    tscope_json_writer_init(writer, &appender->rows[part], false);
    tscope_json_write_object(writer);
}

void
tscope_append_text(struct tscope_json_writer *writer, const char *name, const char *text)
{
    tscope_json_write_name(writer, name);
    if (text)
        tscope_json_write_text(writer, text);
    else
        tscope_json_write_null(writer);
}

static enum tscope_status
take_endpoint(struct tscope_appender *appender, const struct tscope_snapshot *snapshot, struct tscope_span *ret_endpoint)
{
    struct tscope_json_writer writer;
    struct tscope_span id = find_endpoint(appender, snapshot);

    if (id.data) {
        *ret_endpoint = id;
        return TSCOPE_OK;
    }
    if (!strstr(snapshot->url, "://"))
        return tscope_append_refuse(appender, snapshot, TSCOPE_ERR_NOT_FOUND,
                                    "an endpoint that the history does not know is named by its URL");
    id = tscope_arena_copy(&appender->arena, tscope_span_text(snapshot->endpoint ? snapshot->endpoint : snapshot->url));
    if (!id.data || !tscope_append_room(&appender->endpoints, appender->endpoints_len, &appender->endpoints_capacity, sizeof(id)))
        return tscope_error_no_memory(appender->err);
    appender->endpoints[appender->endpoints_len++] = id;
    tscope_append_begin(appender, TSCOPE_APPEND_ENDPOINTS, &writer);
    tscope_json_write_named_string(&writer, "id", id);
    tscope_append_text(&writer, "url", snapshot->url);
    tscope_append_text(&writer, "issuer", snapshot->issuer);
    tscope_json_write_name(&writer, "families");
    tscope_json_write_array(&writer); /* what else it lists is not known from one set */
    tscope_json_write_array_end(&writer);
    tscope_json_write_object_end(&writer);
    *ret_endpoint = id;
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
write_ids(struct tscope_appender *appender, struct tscope_span *ids, size_t len, struct tscope_span *ret_keys)
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
check_set(struct tscope_appender *appender, const struct tscope_snapshot *snapshot)
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
        status = tscope_append_refuse(appender, snapshot, TSCOPE_ERR_DATA, "no JSON, or only a part of it");
    for (uint32_t i = 0; i < json.flaws_len && status == TSCOPE_OK; i++) {
        if (json.flaws[i].kind == TSCOPE_JSON_FLAW_DUPLICATE)
            status =
                tscope_append_refuse(appender, snapshot, TSCOPE_ERR_DATA, "a name stands twice in one object, and readers differ about it");
    }
    if (status == TSCOPE_OK && (!keys || keys->type != TSCOPE_JSON_ARRAY))
        status = tscope_append_refuse(appender, snapshot, TSCOPE_ERR_DATA, "no key set: there is no list \"keys\"");
    if (status == TSCOPE_OK && keys->count == 0)
        status = tscope_append_refuse(appender, snapshot, TSCOPE_ERR_DATA,
                                      "a key set without keys is not taken: it would say that all were withdrawn");
    tscope_arena_clear(&arena);
    return status;
}

static enum tscope_status
take_keys(struct tscope_appender *appender, const struct tscope_snapshot *snapshot, const tscope_keyring *keyring,
          struct tscope_span endpoint, struct tscope_span *ret_keys)
{
    size_t count = tscope_keyring_count(keyring), len = 0;
    struct tscope_span *ids = tscope_arena_zeroed(&appender->arena, count, sizeof(*ids));
    enum tscope_status status = ids ? TSCOPE_OK : tscope_error_no_memory(appender->err);

    for (size_t i = 0; i < count && status == TSCOPE_OK; i++) {
        status = tscope_append_key(appender, snapshot, keyring, tscope_keyring_key(keyring, i), endpoint, &ids[len]);
        len += ids[len].data != NULL;
    }
    if (status == TSCOPE_OK && len == 0)
        return tscope_append_refuse(appender, snapshot, TSCOPE_ERR_DATA, "a key set without keys that can be read");
    return status == TSCOPE_OK ? write_ids(appender, ids, len, ret_keys) : status;
}

static enum tscope_status
read_set(struct tscope_appender *appender, const struct tscope_snapshot *snapshot, struct tscope_span endpoint,
         struct tscope_span *ret_keys)
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
known_keys(struct tscope_appender *appender, const struct tscope_history_snapshot *set, struct tscope_span *ret_keys)
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
find_set(const struct tscope_appender *appender, struct tscope_span endpoint, int64_t at)
{
    const struct tscope_history_snapshot *found = NULL;
    uint32_t number = tscope_append_endpoint_number(appender, endpoint);

    for (uint32_t i = 0; i < appender->history->snapshots_len; i++) {
        const struct tscope_history_snapshot *set = &appender->history->snapshots[i];

        if (set->endpoint == number && (at == TSCOPE_TIME_NONE || set->observed_at == at))
            found = set; /* they are in order of time */
    }
    return found;
}

/* *ret_known: one is there already, and it is the same. */
static enum tscope_status
check_moment(struct tscope_appender *appender, const struct tscope_snapshot *snapshot, struct tscope_span endpoint, struct tscope_span keys,
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
        return tscope_append_refuse(appender, snapshot, TSCOPE_ERR_STATE, "another set of the same endpoint and time is there");
    return status;
}

/* What the last set's row says of its bytes holds for these, which are the same. */
static void
copy_marks(struct tscope_appender *appender, struct tscope_json_writer *writer, struct tscope_span endpoint, int64_t at)
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
write_marks(struct tscope_appender *appender, struct tscope_json_writer *writer, const struct tscope_snapshot *snapshot)
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
write_set(struct tscope_appender *appender, const struct tscope_snapshot *snapshot, struct tscope_span endpoint, struct tscope_span keys,
          const struct tscope_history_snapshot *last)
{
    struct tscope_json_writer writer;
    enum tscope_status status = TSCOPE_OK;

    if (!tscope_append_room(&appender->sets, appender->sets_len, &appender->sets_capacity, sizeof(*appender->sets)))
        return tscope_error_no_memory(appender->err);
    appender->sets[appender->sets_len] = (struct tscope_append_set){endpoint, keys, snapshot->observed_at};
    appender->sets_len++;
    tscope_append_begin(appender, TSCOPE_APPEND_SNAPSHOTS, &writer);
    tscope_json_write_named_string(&writer, "endpoint", endpoint);
    tscope_json_write_named_time(&writer, "observed_at", snapshot->observed_at);
    tscope_json_write_named_text(&writer, "source", snapshot->source);
    if (last)
        copy_marks(appender, &writer, endpoint, last->observed_at);
    else
        status = write_marks(appender, &writer, snapshot);
    tscope_json_write_name(&writer, "keys");
    tscope_buffer_append(&appender->rows[TSCOPE_APPEND_SNAPSHOTS], keys.data, keys.len);
    tscope_buffer_append_byte(&appender->rows[TSCOPE_APPEND_SNAPSHOTS], '}');
    appender->appended.sets++;
    return status;
}

static enum tscope_status
add_set(struct tscope_appender *appender, const struct tscope_snapshot *snapshot)
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
            return tscope_append_refuse(appender, snapshot, TSCOPE_ERR_STATE, "it is said to be as before, but nothing was taken before");
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

/* Whatever was overlooked: a text that cannot be read is not handed out. */
static enum tscope_status
prove(struct tscope_appender *appender, const struct tscope_buffer *out)
{
    const struct tscope_history *history;

    return tscope_history_parse(out->data, out->len, TSCOPE_SPAN("the new history"), appender->crypto, &appender->arena, &history,
                                appender->err);
}

static enum tscope_status
append(struct tscope_appender *appender, const struct tscope_snapshot *snapshots, size_t snapshots_len, struct tscope_buffer *out)
{
    enum tscope_status status = read_history(appender);

    for (size_t i = 0; i < snapshots_len && status == TSCOPE_OK; i++)
        status = add_set(appender, &snapshots[i]);
    if (status == TSCOPE_OK)
        status = tscope_append_splice(appender, out);
    return status == TSCOPE_OK ? prove(appender, out) : status;
}

enum tscope_status
tscope_history_append(const uint8_t *history, size_t history_len, const struct tscope_snapshot *snapshots, size_t snapshots_len,
                      char **ret_history, size_t *ret_len, struct tscope_appended *appended, struct tscope_error *err)
{
    struct tscope_appender appender = {.text = history_len ? tscope_span_of(history, history_len) : TSCOPE_SPAN(EMPTY), .err = err};
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
