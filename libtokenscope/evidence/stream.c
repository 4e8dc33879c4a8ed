/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/stream.h"

#include "core/error.h"
#include "evidence/evidence.h"
#include "evidence/format.h"
#include "evidence/levels.h"

static enum tscope_status
make_stream(tscope_piece *piece, tscope_evidence_stream **ret_stream, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_evidence_stream) *stream = tscope_alloc_zeroed(1, sizeof(*stream));
    enum tscope_status status;

    if (!stream)
        return tscope_error_no_memory(err);
    stream->piece = tscope_piece_ref(piece);
    status = tscope_reader_new(piece, true, &stream->reader, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_stream = TSCOPE_STEAL(stream);
    return TSCOPE_OK;
}

enum tscope_status
tscope_evidence_next(tscope_evidence *evidence, tscope_evidence_stream **ret_stream, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_piece) *piece = NULL;
    enum tscope_status status = tscope_levels_next(evidence, &piece, err);

    if (status != TSCOPE_OK)
        return status;
    if (!piece) {
        *ret_stream = NULL;
        return TSCOPE_OK;
    }
    return make_stream(piece, ret_stream, err);
}

void
tscope_evidence_stream_free(tscope_evidence_stream *stream)
{
    if (!stream)
        return;
    tscope_reader_free(stream->reader);
    tscope_piece_free(stream->piece);
    tscope_free(stream);
}

size_t
tscope_evidence_stream_number(const tscope_evidence_stream *stream)
{
    return stream->piece->number;
}

const char *
tscope_evidence_stream_path(const tscope_evidence_stream *stream)
{
    return stream->piece->path;
}

enum tscope_evidence_format
tscope_evidence_stream_format(const tscope_evidence_stream *stream)
{
    return stream->piece->format;
}

uint64_t
tscope_evidence_stream_size(const tscope_evidence_stream *stream)
{
    return stream->piece->size;
}

bool
tscope_evidence_stream_is_archive(const tscope_evidence_stream *stream)
{
    return tscope_format_is_archive(stream->piece->format) || tscope_levels_may_wrap(stream->piece);
}

bool
tscope_evidence_stream_is_seekable(const tscope_evidence_stream *stream)
{
    return stream->piece->is_seekable;
}

enum tscope_status
tscope_evidence_stream_read(tscope_evidence_stream *stream, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    return tscope_reader_read(stream->reader, buffer, len, ret_len, err);
}

enum tscope_status
tscope_evidence_stream_read_at(const tscope_evidence_stream *stream, uint64_t offset, uint8_t *buffer, size_t len, size_t *ret_len,
                               struct tscope_error *err)
{
    if (!stream->piece->is_seekable)
        return tscope_error_set(err, TSCOPE_ERR_UNSUPPORTED, TSCOPE_OFFSET_NONE, "the stream cannot be read at an offset");
    return tscope_piece_read_at(stream->piece, offset, buffer, len, ret_len, err);
}
