/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/error.h"
#include "core/json_writer.h"
#include "keys/ring.h"

/* A private or secret value is never written here: the numbers in key->secret and "k" are not asked for. */

static void
write_span(struct tscope_json_writer *writer, const char *name, struct tscope_span text)
{
    if (text.data)
        tscope_json_write_named_string(writer, name, text);
}

static void
write_time(struct tscope_json_writer *writer, const char *name, int64_t time)
{
    if (time != TSCOPE_TIME_NONE)
        tscope_json_write_named_time(writer, name, time);
}

static void
write_hex(struct tscope_json_writer *writer, const char *name, const uint8_t *data, size_t len)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_hex(writer, data, len);
}

static void
write_base64url(struct tscope_json_writer *writer, const char *name, struct tscope_span bytes)
{
    if (!bytes.data)
        return;
    tscope_json_write_name(writer, name);
    tscope_json_write_base64url(writer, bytes.data, bytes.len);
}

static void
write_key_ops(struct tscope_json_writer *writer, const tscope_key *key)
{
    static const struct {
        unsigned bit;
        const char *name;
    } operations[] = {
        {TSCOPE_KEY_OP_VERIFY, "verify"}, {TSCOPE_KEY_OP_SIGN, "sign"}, {TSCOPE_KEY_OP_ENCRYPT, "encrypt"}, {TSCOPE_KEY_OP_OTHER, "other"}};

    if (!key->has_key_ops)
        return;
    tscope_json_write_name(writer, "key_ops");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < TSCOPE_COUNT(operations); i++) {
        if (key->key_ops & operations[i].bit)
            tscope_json_write_text(writer, operations[i].name);
    }
    tscope_json_write_array_end(writer);
}

static void
write_what(struct tscope_json_writer *writer, const tscope_key *key)
{
    const char *curve = tscope_curve_name(key->numbers.curve);

    write_span(writer, "kid", key->kid);
    tscope_json_write_named_text(writer, "kty", tscope_key_type(key));
    if (tscope_key_bits(key))
        tscope_json_write_named_integer(writer, "bits", (int64_t)tscope_key_bits(key));
    if (curve)
        tscope_json_write_named_text(writer, "crv", curve);
    write_span(writer, "use", key->use);
    write_span(writer, "alg", key->alg);
    write_key_ops(writer, key);
    if (tscope_key_thumbprint(key))
        tscope_json_write_named_text(writer, "thumbprint", tscope_key_thumbprint(key));
}

/* In both spellings: indicators of compromise give the hexadecimal one, tokens the other. */
static void
write_x5t(struct tscope_json_writer *writer, const tscope_keyring *keyring, const tscope_key *key)
{
    const struct tscope_ring_mark *mark = &keyring->marks[tscope_keyring_number(keyring, key)];

    if (mark->has_x5t) {
        write_base64url(writer, "x5t", tscope_span_of(mark->x5t, sizeof(mark->x5t)));
        write_hex(writer, "x5t_hex", mark->x5t, sizeof(mark->x5t));
    } else {
        write_span(writer, "x5t", key->x5t);
    }
    write_span(writer, "x5t#S256", key->x5t_s256);
}

static void
write_state(struct tscope_json_writer *writer, const tscope_key *key)
{
    tscope_json_write_named_bool(writer, "usable", tscope_key_unusable(key) == NULL);
    if (tscope_key_unusable(key))
        tscope_json_write_named_text(writer, "unusable", tscope_key_unusable(key));
    if (key->has_private)
        tscope_json_write_named_bool(writer, "private", true);
    if (tscope_key_family(key))
        tscope_json_write_named_text(writer, "family", tscope_key_family(key));
    write_span(writer, "source", key->source);
    if (!key->history)
        tscope_json_write_named_integer(writer, "source_offset", (int64_t)key->source_offset);
    write_span(writer, "issuer", key->issuer);
    write_span(writer, "set_issuer", key->set_issuer);
    write_span(writer, "cloud_instance_name", key->cloud_instance_name);
}

static void
write_certificate(struct tscope_json_writer *writer, const tscope_keyring *keyring, const tscope_key *key, bool full)
{
    const struct tscope_certificate *certificate = tscope_keyring_certificate(keyring, key);

    if (!certificate)
        return;
    tscope_json_write_name(writer, "certificate");
    tscope_json_write_object(writer);
    tscope_json_write_named_time(writer, "not_before", certificate->not_before);
    tscope_json_write_named_time(writer, "not_after", certificate->not_after);
    tscope_json_write_named_string(writer, "subject", certificate->subject);
    write_hex(writer, "sha1", certificate->sha1, sizeof(certificate->sha1));
    write_hex(writer, "sha256", certificate->sha256, sizeof(certificate->sha256));
    if (full)
        write_base64url(writer, "der", certificate->der);
    tscope_json_write_object_end(writer);
}

static void
write_publication(struct tscope_json_writer *writer, const struct tscope_history *history, const struct tscope_publication *publication)
{
    const struct tscope_history_endpoint *endpoint = &history->endpoints[publication->endpoint];

    tscope_json_write_object(writer);
    tscope_json_write_named_string(writer, "endpoint", endpoint->id);
    write_span(writer, "url", endpoint->url);
    write_time(writer, "first", publication->first);
    write_time(writer, "last", publication->last);
    write_time(writer, "absent", publication->absent);
    tscope_json_write_object_end(writer);
}

static enum tscope_status
write_published(struct tscope_json_writer *writer, const tscope_key *key, struct tscope_error *err)
{
    size_t count = tscope_history_publications(key->history, key->history_key, NULL, 0);
    struct tscope_publication *publications = tscope_alloc_zeroed(count, sizeof(*publications));

    if (!publications)
        return tscope_error_no_memory(err);
    tscope_history_publications(key->history, key->history_key, publications, count);
    tscope_json_write_name(writer, "published");
    tscope_json_write_array(writer);
    for (size_t i = 0; i < count; i++)
        write_publication(writer, key->history, &publications[i]);
    tscope_json_write_array_end(writer);
    tscope_free(publications);
    return TSCOPE_OK;
}

static void
write_sightings(struct tscope_json_writer *writer, const struct tscope_history *history, const struct tscope_history_key *row, bool full)
{
    static const char *const kinds[] = {"archive", "sample", "cited"};

    tscope_json_write_named_integer(writer, "sightings_count", row->sightings_len);
    if (!full)
        return;
    tscope_json_write_name(writer, "sightings");
    tscope_json_write_array(writer);
    for (uint32_t i = 0; i < row->sightings_len; i++) {
        const struct tscope_history_sighting *sighting = &history->sightings[row->sightings + i];

        tscope_json_write_object(writer);
        if (sighting->endpoint != TSCOPE_HISTORY_NONE)
            tscope_json_write_named_string(writer, "endpoint", history->endpoints[sighting->endpoint].id);
        write_time(writer, "at", sighting->at);
        tscope_json_write_named_text(writer, "kind", kinds[sighting->kind]);
        write_span(writer, "source", sighting->source);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static void
write_notices(struct tscope_json_writer *writer, const struct tscope_history *history, uint32_t key)
{
    tscope_json_write_name(writer, "notices");
    tscope_json_write_array(writer);
    for (uint32_t i = 0; i < history->notices_len; i++) {
        const struct tscope_history_notice *notice = &history->notices[i];

        if (notice->key != key)
            continue;
        tscope_json_write_object(writer);
        tscope_json_write_named_text(writer, "status", tscope_notice_status_name(notice->status));
        write_time(writer, "exposed_from", notice->exposed_from);
        write_time(writer, "abuse_first_known", notice->abuse_first_known);
        write_time(writer, "withdrawn_at", notice->withdrawn_at);
        write_span(writer, "reference", notice->reference);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

/* One entry a history that holds this material: what each of them says stands apart. */
static enum tscope_status
write_history(struct tscope_json_writer *writer, const tscope_key *form, bool full, struct tscope_error *err)
{
    const struct tscope_history_key *row = &form->history->keys[form->history_key];
    enum tscope_status status;

    tscope_json_write_object(writer);
    tscope_json_write_named_string(writer, "history", form->history->name);
    write_span(writer, "sha256", form->history->sha256);
    tscope_json_write_named_string(writer, "id", row->id);
    write_span(writer, "kid", row->kid);
    write_span(writer, "family", row->family);
    if (row->family.data)
        tscope_json_write_named_text(writer, "family_from", tscope_family_from_name(row->family_from));
    if (row->cloud != TSCOPE_CLOUD_UNKNOWN)
        tscope_json_write_named_text(writer, "cloud", tscope_cloud_name(row->cloud));
    status = write_published(writer, form, err);
    write_sightings(writer, form->history, row, full);
    write_notices(writer, form->history, form->history_key);
    tscope_json_write_object_end(writer);
    return status;
}

static enum tscope_status
write_histories(struct tscope_json_writer *writer, const tscope_keyring *keyring, const tscope_key *key, bool full,
                struct tscope_error *err)
{
    uint32_t start = tscope_keyring_number(keyring, key), number = start;
    enum tscope_status status = TSCOPE_OK;

    tscope_json_write_name(writer, "histories");
    tscope_json_write_array(writer);
    do {
        const tscope_key *form = &keyring->keys[number];

        if (form->history)
            status = write_history(writer, form, full, err);
        number = form->next_same;
    } while (number != start && status == TSCOPE_OK);
    tscope_json_write_array_end(writer);
    return status;
}

static void
write_numbers(struct tscope_json_writer *writer, const tscope_key *key)
{
    write_base64url(writer, "n", key->numbers.n);
    write_base64url(writer, "e", key->numbers.e);
    write_base64url(writer, "x", key->numbers.x);
    write_base64url(writer, "y", key->numbers.y);
}

enum tscope_status
tscope_key_json(const tscope_keyring *keyring, const tscope_key *key, unsigned flags, char **ret_json, size_t *ret_len,
                struct tscope_error *err)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    bool full = flags & TSCOPE_KEY_JSON_FULL;
    enum tscope_key_flaw flaw;
    tscope_pkey *pkey; /* borrowed, and not looked at: asked for, so that the whole gate is heard */
    enum tscope_status status = tscope_keyring_pkey(keyring, key, &pkey, &flaw, err);
    char *json;

    if (status != TSCOPE_OK)
        return status;
    tscope_json_writer_init(&writer, &buffer, flags & TSCOPE_KEY_JSON_PRETTY);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "schema", "tokenscope.key/1");
    write_what(&writer, key);
    write_x5t(&writer, keyring, key);
    write_state(&writer, key);
    write_certificate(&writer, keyring, key, full);
    status = write_histories(&writer, keyring, key, full, err);
    if (full)
        write_numbers(&writer, key);
    tscope_json_write_object_end(&writer);
    if (status != TSCOPE_OK) {
        tscope_buffer_clear(&buffer);
        return status;
    }
    json = tscope_buffer_steal(&buffer, ret_len);
    if (!json)
        return tscope_error_no_memory(err);
    *ret_json = json;
    return TSCOPE_OK;
}
