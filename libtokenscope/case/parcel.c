/* SPDX-License-Identifier: Apache-2.0 */
#include "case/parcel.h"

#include <tokenscope/inspect.h>

#include "case/found_key.h"
#include "case/place_text.h"
#include "core/error.h"

#define CONTEXT_BYTES 256u /* what stands around a find takes about as much */

tscope_parcel *
tscope_parcel_new(size_t stream, const char *member, enum tscope_evidence_format format)
{
    TSCOPE_AUTO(tscope_parcel) *parcel = tscope_alloc_zeroed(1, sizeof(*parcel));

    if (!parcel)
        return NULL;
    parcel->stream = stream;
    parcel->format = format;
    parcel->member = tscope_arena_copy(&parcel->arena, tscope_span_text(member));
    return parcel->member.data ? TSCOPE_STEAL(parcel) : NULL;
}

void
tscope_parcel_free(tscope_parcel *parcel)
{
    if (!parcel)
        return;
    tscope_arena_clear(&parcel->arena);
    tscope_free(parcel->finds);
    tscope_free(parcel);
}

static bool
make_room(tscope_parcel *parcel)
{
    size_t max = parcel->finds_max ? parcel->finds_max * 2 : 8;
    struct tscope_parcel_find *finds;

    if (parcel->finds_len < parcel->finds_max)
        return true;
    finds = tscope_realloc(parcel->finds, max * sizeof(*finds));
    if (!finds)
        return false;
    parcel->finds = finds;
    parcel->finds_max = max;
    return true;
}

static enum tscope_status
take_token(tscope_parcel *parcel, const struct tscope_find *find, struct tscope_parcel_find *kept, tscope_hasher *hasher,
           struct tscope_error *err)
{
    enum tscope_status status;

    kept->text = tscope_arena_copy(&parcel->arena, tscope_span_of(find->bytes, find->bytes_len));
    if (!kept->text.data)
        return tscope_error_no_memory(err);
    status = tscope_hasher_add(hasher, find->bytes, find->bytes_len, err);
    return status == TSCOPE_OK ? tscope_hasher_finish(hasher, kept->sha256, err) : status;
}

enum tscope_status
tscope_parcel_add(tscope_parcel *parcel, const struct tscope_find *find, bool reveal, tscope_hasher *hasher, struct tscope_error *err)
{
    struct tscope_parcel_find kept = {
        .kind = find->kind,
        .encoding = find->encoding,
        .offset = find->offset,
        .length = find->length,
        .seen = TSCOPE_TIME_UNKNOWN,
    };
    enum tscope_status status;

    if (!make_room(parcel))
        return tscope_error_no_memory(err);
    status = find->kind == TSCOPE_FIND_TOKEN ? take_token(parcel, find, &kept, hasher, err)
                                             : tscope_found_key_keep(find->key, reveal, &parcel->arena, &kept, err);
    if (status != TSCOPE_OK)
        return status;
    parcel->finds[parcel->finds_len++] = kept;
    parcel->bytes += sizeof(kept) + kept.text.len + kept.key.len + CONTEXT_BYTES;
    return TSCOPE_OK;
}

struct location {
    tscope_parcel *parcel;
    enum tscope_status status;
    struct tscope_error *err;
};

static void
take_context(void *user, size_t number, const struct tscope_context *context)
{
    struct location *location = user;
    struct tscope_parcel_find *find = &location->parcel->finds[number];
    char *json = NULL;
    size_t json_len = 0;

    if (location->status != TSCOPE_OK)
        return;
    location->status = tscope_context_json(context, &json, &json_len, location->err);
    if (location->status != TSCOPE_OK)
        return;
    find->context = tscope_arena_copy(&location->parcel->arena, tscope_span_of(json, json_len));
    tscope_free(json);
    find->place = tscope_place_text(context, &location->parcel->arena);
    if (!find->context.data || !find->place.data)
        location->status = tscope_error_no_memory(location->err);
    if (context->time != TSCOPE_CONTEXT_NO_TIME) {
        find->seen = context->time;
        find->seen_from = context->format == TSCOPE_EVIDENCE_HAR ? "har" : "log";
    }
}

enum tscope_status
tscope_parcel_locate(tscope_parcel *parcel, tscope_evidence *evidence, const tscope_evidence_stream *stream, struct tscope_error *err)
{
    struct location location = {parcel, TSCOPE_OK, err};
    uint64_t *offsets;
    enum tscope_status status;

    if (parcel->finds_len == 0)
        return TSCOPE_OK;
    offsets = tscope_alloc_zeroed(parcel->finds_len, sizeof(*offsets));
    if (!offsets)
        return tscope_error_no_memory(err);
    for (size_t i = 0; i < parcel->finds_len; i++)
        offsets[i] = parcel->finds[i].offset;
    status = tscope_evidence_locate(evidence, stream, offsets, parcel->finds_len, take_context, &location, err);
    tscope_free(offsets);
    return status == TSCOPE_OK ? location.status : status;
}
