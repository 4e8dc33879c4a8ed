/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/error.h"
#include "core/json_writer.h"
#include "render/timeline_axis.h"

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
begin_list(struct tscope_json_writer *writer, const char *name)
{
    tscope_json_write_name(writer, name);
    tscope_json_write_array(writer);
}

static struct tscope_span
endpoint_id(const tscope_key_timeline *timeline, uint32_t endpoint)
{
    const struct tscope_timeline_endpoint *row = &timeline->endpoints[endpoint];

    return row->history->endpoints[row->number].id;
}

static void
write_histories(struct tscope_json_writer *writer, const tscope_key_timeline *timeline)
{
    const struct tscope_history *const *histories;
    size_t count = tscope_keyring_histories(timeline->keyring, &histories);

    begin_list(writer, "histories");
    for (size_t i = 0; i < count; i++) {
        tscope_json_write_object(writer);
        tscope_json_write_named_string(writer, "name", histories[i]->name);
        write_span(writer, "sha256", histories[i]->sha256);
        write_time(writer, "until", histories[i]->until);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static void
write_endpoints(struct tscope_json_writer *writer, const tscope_key_timeline *timeline)
{
    begin_list(writer, "endpoints");
    for (size_t i = 0; i < timeline->endpoints_len; i++) {
        const struct tscope_timeline_endpoint *endpoint = &timeline->endpoints[i];
        const struct tscope_history_endpoint *row = &endpoint->history->endpoints[endpoint->number];

        tscope_json_write_object(writer);
        tscope_json_write_named_string(writer, "id", row->id);
        write_span(writer, "url", row->url);
        tscope_json_write_named_string(writer, "history", endpoint->history->name);
        begin_list(writer, "covered");
        for (size_t k = 0; k < endpoint->covered_len; k++) {
            tscope_json_write_object(writer);
            tscope_json_write_named_time(writer, "from", endpoint->covered[k].from);
            tscope_json_write_named_time(writer, "to", endpoint->covered[k].to);
            tscope_json_write_object_end(writer);
        }
        tscope_json_write_array_end(writer);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static void
write_publications(struct tscope_json_writer *writer, const tscope_key_timeline *timeline, const struct tscope_timeline_row *row)
{
    begin_list(writer, "published");
    for (size_t i = 0; i < row->publications_len; i++) {
        tscope_json_write_object(writer);
        tscope_json_write_named_string(writer, "endpoint", endpoint_id(timeline, row->publications[i].endpoint));
        tscope_json_write_named_time(writer, "from", row->publications[i].interval.from);
        tscope_json_write_named_time(writer, "to", row->publications[i].interval.to);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
    begin_list(writer, "absent");
    for (size_t i = 0; i < row->absences_len; i++) {
        tscope_json_write_object(writer);
        tscope_json_write_named_string(writer, "endpoint", endpoint_id(timeline, row->absences[i].endpoint));
        tscope_json_write_named_time(writer, "at", row->absences[i].at);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static void
write_sightings(struct tscope_json_writer *writer, const struct tscope_timeline_row *row)
{
    begin_list(writer, "seen");
    for (size_t i = 0; i < row->sightings_len; i++) {
        const struct tscope_history_sighting *sighting = row->sightings[i];

        tscope_json_write_object(writer);
        if (sighting->endpoint != TSCOPE_HISTORY_NONE)
            tscope_json_write_named_string(writer, "endpoint", row->sighting_histories[i]->endpoints[sighting->endpoint].id);
        tscope_json_write_named_time(writer, "at", sighting->at);
        write_span(writer, "source", sighting->source);
        tscope_json_write_object_end(writer);
    }
    tscope_json_write_array_end(writer);
}

static void
write_notices(struct tscope_json_writer *writer, const struct tscope_timeline_row *row)
{
    begin_list(writer, "notices");
    for (size_t i = 0; i < row->notices_len; i++) {
        const struct tscope_history_notice *notice = row->notices[i];

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

static void
write_row(struct tscope_json_writer *writer, const tscope_key_timeline *timeline, const struct tscope_timeline_row *row)
{
    const tscope_key *key = row->key;

    tscope_json_write_object(writer);
    write_span(writer, "kid", key->kid);
    tscope_json_write_named_text(writer, "kty", tscope_key_type(key));
    if (tscope_key_bits(key))
        tscope_json_write_named_integer(writer, "bits", (int64_t)tscope_key_bits(key));
    if (tscope_key_thumbprint(key))
        tscope_json_write_named_text(writer, "thumbprint", tscope_key_thumbprint(key));
    if (tscope_key_family(key))
        tscope_json_write_named_text(writer, "family", tscope_key_family(key));
    if (row->certificate) {
        tscope_json_write_name(writer, "certificate");
        tscope_json_write_object(writer);
        tscope_json_write_named_time(writer, "not_before", row->certificate->not_before);
        tscope_json_write_named_time(writer, "not_after", row->certificate->not_after);
        tscope_json_write_object_end(writer);
    }
    write_publications(writer, timeline, row);
    write_sightings(writer, row);
    write_notices(writer, row);
    tscope_json_write_object_end(writer);
}

enum tscope_status
tscope_key_timeline_json(const tscope_key_timeline *timeline, bool pretty, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    char *json;

    tscope_json_writer_init(&writer, &buffer, pretty);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "schema", "tokenscope.key-timeline/1");
    tscope_json_write_named_time(&writer, "from", timeline->from);
    tscope_json_write_named_time(&writer, "to", timeline->to);
    write_histories(&writer, timeline);
    write_endpoints(&writer, timeline);
    begin_list(&writer, "keys");
    for (size_t i = 0; i < timeline->rows_len; i++)
        write_row(&writer, timeline, &timeline->rows[i]);
    tscope_json_write_array_end(&writer);
    tscope_json_write_object_end(&writer);
    json = tscope_buffer_steal(&buffer, ret_len);
    tscope_buffer_clear(&buffer);
    if (!json)
        return tscope_error_no_memory(err);
    *ret_json = json;
    return TSCOPE_OK;
}
