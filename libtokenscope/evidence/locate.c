/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "evidence/csv.h"
#include "evidence/dump_map.h"
#include "evidence/fields_log.h"
#include "evidence/lines.h"
#include "evidence/log_line.h"
#include "evidence/records.h"
#include "evidence/stream.h"

static enum tscope_status
locate(struct tscope_locating *locating, struct tscope_error *err)
{
    switch (locating->piece->format) {
    case TSCOPE_EVIDENCE_HAR:
    case TSCOPE_EVIDENCE_JSON:
        return tscope_records_locate(locating, err);
    case TSCOPE_EVIDENCE_JSONL:
        return tscope_records_locate_lines(locating, err);
    case TSCOPE_EVIDENCE_CSV:
        return tscope_csv_locate(locating, err);
    case TSCOPE_EVIDENCE_LOG:
    case TSCOPE_EVIDENCE_TEXT:
        return tscope_log_locate(locating, err);
    case TSCOPE_EVIDENCE_ZEEK:
    case TSCOPE_EVIDENCE_W3C:
        return tscope_fields_log_locate(locating, err);
    case TSCOPE_EVIDENCE_BURP:
    case TSCOPE_EVIDENCE_MITMPROXY:
        return tscope_lines_locate(locating, false, NULL, NULL, NULL, err);
    case TSCOPE_EVIDENCE_MINIDUMP:
    case TSCOPE_EVIDENCE_KERNEL_DUMP:
    case TSCOPE_EVIDENCE_KERNEL_BITMAP:
    case TSCOPE_EVIDENCE_ELF_CORE:
    case TSCOPE_EVIDENCE_LIME:
        return tscope_dump_locate(locating, err);
    case TSCOPE_EVIDENCE_RAW:
    case TSCOPE_EVIDENCE_GZIP:
    case TSCOPE_EVIDENCE_ZIP:
    case TSCOPE_EVIDENCE_ZSTD:
    case TSCOPE_EVIDENCE_XZ:
    case TSCOPE_EVIDENCE_BZIP2:
    case TSCOPE_EVIDENCE_SEVEN_ZIP:
    case TSCOPE_EVIDENCE_CABINET:
    case TSCOPE_EVIDENCE_HIBERFIL:
    case TSCOPE_EVIDENCE_HPROF:
        break;
    }
    tscope_locating_deliver_rest(locating);
    return TSCOPE_OK;
}

/* What stands around the base64 that a piece was decoded from: its request and its time hold for all that is inside. */
struct outer {
    tscope_evidence_deliver *deliver;
    void *user;
    struct tscope_arena arena;
    struct tscope_context context;
    bool failed;
};

static const char *
keep_text(struct outer *outer, const char *text)
{
    struct tscope_span copy;

    if (!text)
        return NULL;
    copy = tscope_arena_copy(&outer->arena, tscope_span_text(text));
    outer->failed = outer->failed || !copy.data;
    return (const char *)copy.data;
}

static void
keep_outer(void *user, size_t number, const struct tscope_context *context)
{
    struct outer *outer = user;

    (void)number;
    outer->context = *context;
    outer->context.time_text = keep_text(outer, context->time_text);
    outer->context.time_field = keep_text(outer, context->time_field);
    outer->context.url = keep_text(outer, context->url);
    outer->context.method = keep_text(outer, context->method);
    outer->context.where = keep_text(outer, context->where);
}

static void
deliver_within(void *user, size_t number, const struct tscope_context *context)
{
    const struct outer *outer = user;
    struct tscope_context whole = *context;

    if (!whole.time_text) {
        whole.time = outer->context.time;
        whole.time_text = outer->context.time_text;
        whole.time_field = outer->context.time_field;
        whole.time_unsure = outer->context.time_unsure;
    }
    if (!whole.url) {
        whole.url = outer->context.url;
        whole.method = outer->context.method;
        whole.http_status = outer->context.http_status;
    }
    if (!whole.where)
        whole.where = outer->context.where;
    outer->deliver(outer->user, number, &whole);
}

static const tscope_piece *
base64_around(const tscope_piece *piece)
{
    while (piece && piece->kind != TSCOPE_PIECE_BASE64)
        piece = piece->parent;
    return piece;
}

static enum tscope_status
locate_within(const struct tscope_locating *locating, const tscope_piece *base64, struct tscope_error *err)
{
    struct outer outer = {.deliver = locating->deliver, .user = locating->user};
    struct tscope_locating around = {.piece = base64->parent, .offsets = &base64->start, .count = 1, .deliver = keep_outer, .user = &outer};
    struct tscope_locating within = *locating;
    enum tscope_status status = locate(&around, err);

    within.deliver = deliver_within;
    within.user = &outer;
    if (status == TSCOPE_OK && outer.failed)
        status = tscope_error_no_memory(err);
    if (status == TSCOPE_OK)
        status = locate(&within, err);
    tscope_arena_clear(&outer.arena);
    return status;
}

enum tscope_status
tscope_evidence_locate(tscope_evidence *evidence, const tscope_evidence_stream *stream, const uint64_t offsets[], size_t count,
                       tscope_evidence_deliver *deliver, void *user, struct tscope_error *err)
{
    struct tscope_locating locating = {.piece = stream->piece, .offsets = offsets, .count = count, .deliver = deliver, .user = user};
    const tscope_piece *base64;

    (void)evidence;
    for (size_t i = 1; i < count; i++) {
        if (offsets[i] < offsets[i - 1])
            return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "the offsets are not in order");
    }
    if (count == 0)
        return TSCOPE_OK;
    base64 = base64_around(stream->piece);
    return base64 ? locate_within(&locating, base64, err) : locate(&locating, err);
}
