/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/reader.h"

#include <zlib.h>

#include "core/error.h"
#include "evidence/evidence.h"
#include "evidence/format.h"

#define INPUT_SIZE (64u << 10)
#define GZIP_WINDOW (15 + 16) /* a gzip header, and no other */
#define BARE_WINDOW (-15)

struct tscope_reader {
    const tscope_piece *piece;
    bool is_charged;
    bool is_ended; /* of what is inflated */
    bool has_zlib;
    uint64_t position;
    tscope_reader *below; /* of the parent, at the compressed bytes */
    uint64_t taken;       /* compressed bytes read */
    z_stream zlib;
    uint8_t *input;
    size_t input_at, input_len; /* of base64, for which zlib counts nothing */
    uint32_t bits;              /* of characters that make no whole byte yet */
    unsigned bits_len;
    bool in_escape;
};

static voidpf
take_memory(voidpf opaque, uInt count, uInt size)
{
    (void)opaque;
    return tscope_alloc_zeroed(count, size);
}

static void
give_memory(voidpf opaque, voidpf memory)
{
    (void)opaque;
    tscope_free(memory);
}

static size_t
least(uint64_t a, size_t b)
{
    return a < b ? (size_t)a : b;
}

enum tscope_status
tscope_piece_read_at(const tscope_piece *piece, uint64_t offset, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    const struct tscope_evidence_source *source = &piece->evidence->source;
    enum tscope_status status;
    size_t got = 0;

    /* windows lie inside one another, so that the sums cannot wrap */
    while (!piece->kept && piece->kind == TSCOPE_PIECE_WINDOW) {
        len = offset < piece->len ? least(piece->len - offset, len) : 0;
        offset += piece->start;
        piece = piece->parent;
        if (len == 0)
            break;
    }
    len = len && offset < piece->size ? least(piece->size - offset, len) : 0;
    if (len && piece->kept) {
        memcpy(buffer, piece->kept + offset, len);
        got = len;
    } else if (len) {
        status = source->read(source->user, offset, buffer, len, &got, err);
        if (status != TSCOPE_OK)
            return status;
    }
    *ret_len = got < len ? got : len;
    return TSCOPE_OK;
}

static enum tscope_status
begin_zlib(tscope_reader *reader, struct tscope_error *err)
{
    int answer;

    if (reader->has_zlib)
        inflateEnd(&reader->zlib);
    reader->zlib = (z_stream){.zalloc = take_memory, .zfree = give_memory};
    answer = inflateInit2(&reader->zlib, reader->piece->kind == TSCOPE_PIECE_GZIP ? GZIP_WINDOW : BARE_WINDOW);
    reader->has_zlib = answer == Z_OK;
    if (answer == Z_MEM_ERROR)
        return tscope_error_no_memory(err);
    if (answer != Z_OK)
        return tscope_error_set(err, TSCOPE_ERR_UNSUPPORTED, TSCOPE_OFFSET_NONE, "zlib does not start");
    return TSCOPE_OK;
}

static enum tscope_status
begin(tscope_reader *reader, struct tscope_error *err)
{
    const tscope_piece *piece = reader->piece;
    enum tscope_status status;

    if (piece->kind != TSCOPE_PIECE_BASE64) {
        status = begin_zlib(reader, err);
        if (status != TSCOPE_OK)
            return status;
    }
    if (!reader->below) {
        status = tscope_reader_new(piece->parent, false, &reader->below, err);
        if (status != TSCOPE_OK)
            return status;
    }
    reader->position = reader->taken = 0;
    reader->input_at = reader->input_len = 0;
    reader->bits = reader->bits_len = 0;
    reader->is_ended = reader->in_escape = false;
    return tscope_reader_seek(reader->below, piece->start, err);
}

enum tscope_status
tscope_reader_new(const tscope_piece *piece, bool is_charged, tscope_reader **ret_reader, struct tscope_error *err)
{
    tscope_reader *reader = tscope_alloc_zeroed(1, sizeof(*reader));
    enum tscope_status status = TSCOPE_OK;

    if (!reader)
        return tscope_error_no_memory(err);
    reader->piece = piece;
    reader->is_charged = is_charged;
    if (!piece->is_seekable) {
        reader->input = tscope_alloc(INPUT_SIZE);
        status = reader->input ? begin(reader, err) : tscope_error_no_memory(err);
    }
    if (status != TSCOPE_OK) {
        tscope_reader_free(reader);
        return status;
    }
    *ret_reader = reader;
    return TSCOPE_OK;
}

void
tscope_reader_free(tscope_reader *reader)
{
    if (!reader)
        return;
    if (reader->has_zlib)
        inflateEnd(&reader->zlib);
    tscope_reader_free(reader->below);
    tscope_free(reader->input);
    tscope_free(reader);
}

uint64_t
tscope_reader_position(const tscope_reader *reader)
{
    return reader->position;
}

static enum tscope_status
fill_input(tscope_reader *reader, struct tscope_error *err)
{
    size_t len = least(reader->piece->len - reader->taken, INPUT_SIZE), got = 0;
    enum tscope_status status = TSCOPE_OK;

    if (len)
        status = tscope_reader_read(reader->below, reader->input, len, &got, err);
    reader->zlib.next_in = reader->input;
    reader->zlib.avail_in = (uInt)got;
    reader->input_at = 0;
    reader->input_len = got;
    reader->taken += got;
    return status;
}

/* The stream ends here, and what was read of it counts. */
static enum tscope_status
end_early(tscope_reader *reader, const char *id, const char *words, struct tscope_error *err)
{
    reader->is_ended = true;
    return tscope_evidence_warn(reader->piece->evidence, id, reader->piece->path, err, "%s after %llu bytes, and the rest was not read",
                                words, (unsigned long long)reader->position);
}

/* Behind a member of gzip: another (RFC 1952 section 2.2), or bytes that are none. */
static enum tscope_status
go_on_behind(tscope_reader *reader, struct tscope_error *err)
{
    enum tscope_status status;
    uint8_t first;

    if (reader->piece->kind != TSCOPE_PIECE_GZIP) {
        reader->is_ended = true;
        return TSCOPE_OK;
    }
    if (reader->zlib.avail_in == 0) {
        status = fill_input(reader, err);
        if (status != TSCOPE_OK)
            return status;
    }
    if (reader->zlib.avail_in == 0) {
        reader->is_ended = true;
        return TSCOPE_OK;
    }
    first = *reader->zlib.next_in;
    if (first == 0) { /* padding, as tapes and disks have it */
        reader->is_ended = true;
        return TSCOPE_OK;
    }
    if (first != 0x1f || inflateReset(&reader->zlib) != Z_OK)
        return end_early(reader, "gzip-trailing", "what follows is no gzip", err);
    return TSCOPE_OK;
}

static enum tscope_status
check_bounds(tscope_reader *reader, size_t made, struct tscope_error *err)
{
    struct tscope_evidence *evidence = reader->piece->evidence;
    const struct tscope_evidence_options *bounds = &evidence->bounds;
    uint64_t used = reader->taken - reader->zlib.avail_in;

    reader->position += made;
    if (reader->is_charged)
        evidence->inflated += made;
    if (reader->position > bounds->ratio_from && reader->position / (used ? used : 1) >= bounds->ratio_max)
        return end_early(reader, "ratio", "it grows like a decompression bomb", err);
    if (reader->is_charged && evidence->inflated > bounds->inflated_max)
        return end_early(reader, "inflated-max", "decompressed data is over the limit", err);
    return TSCOPE_OK;
}

static enum tscope_status
judge(tscope_reader *reader, int answer, struct tscope_error *err)
{
    switch (answer) {
    case Z_OK:
        return TSCOPE_OK;
    case Z_STREAM_END:
        return go_on_behind(reader, err);
    case Z_BUF_ERROR: /* no input is left */
        return end_early(reader, "truncated", "compressed data is cut off", err);
    case Z_MEM_ERROR:
        return tscope_error_no_memory(err);
    default: /* Z_DATA_ERROR, Z_NEED_DICT */
        return end_early(reader, "broken", "compressed data is broken", err);
    }
}

static enum tscope_status
inflate_more(tscope_reader *reader, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    size_t room = len < INPUT_SIZE ? len : INPUT_SIZE; /* bounds are looked at as often */
    enum tscope_status status = TSCOPE_OK;
    int answer;

    if (reader->zlib.avail_in == 0)
        status = fill_input(reader, err);
    if (status != TSCOPE_OK)
        return status;
    reader->zlib.next_out = buffer;
    reader->zlib.avail_out = (uInt)room;
    answer = inflate(&reader->zlib, Z_NO_FLUSH);
    *ret_len = room - reader->zlib.avail_out;
    if (answer == Z_BUF_ERROR && *ret_len)
        answer = Z_OK;
    status = check_bounds(reader, *ret_len, err);
    return status == TSCOPE_OK && !reader->is_ended ? judge(reader, answer, err) : status;
}

/* 64: white space, or what JSON escapes it with; 65: no character of base64, which ends here. */
static unsigned
base64_value(tscope_reader *reader, uint8_t byte)
{
    bool was_escape = reader->in_escape;

    reader->in_escape = false;
    if (was_escape && (byte == 'n' || byte == 'r' || byte == 't'))
        return 64;
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26u;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52u;
    if (byte == '+' || byte == '-')
        return 62;
    if (byte == '/' || byte == '_')
        return 63;
    reader->in_escape = byte == '\\' && !was_escape;
    return reader->in_escape || byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t' ? 64 : 65;
}

static enum tscope_status
decode_more(tscope_reader *reader, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;
    size_t made = 0;

    if (reader->input_at == reader->input_len)
        status = fill_input(reader, err);
    if (status != TSCOPE_OK)
        return status;
    reader->is_ended = reader->input_len == 0;
    while (made < len && reader->input_at < reader->input_len && !reader->is_ended) {
        unsigned value = base64_value(reader, reader->input[reader->input_at++]);

        if (value >= 64) {
            reader->is_ended = value == 65;
            continue;
        }
        reader->bits = (reader->bits << 6 | value) & 0xffff;
        reader->bits_len += 6;
        if (reader->bits_len >= 8) {
            reader->bits_len -= 8;
            buffer[made++] = (uint8_t)(reader->bits >> reader->bits_len);
        }
    }
    reader->position += made;
    *ret_len = made;
    return TSCOPE_OK;
}

enum tscope_status
tscope_reader_read(tscope_reader *reader, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    enum tscope_status status;
    size_t done = 0, got = 0;

    if (reader->piece->is_seekable) {
        status = tscope_piece_read_at(reader->piece, reader->position, buffer, len, &got, err);
        if (status != TSCOPE_OK)
            return status;
        reader->position += got;
        *ret_len = got;
        return TSCOPE_OK;
    }
    while (done < len && !reader->is_ended) {
        if (reader->piece->kind == TSCOPE_PIECE_BASE64)
            status = decode_more(reader, buffer + done, len - done, &got, err);
        else
            status = inflate_more(reader, buffer + done, len - done, &got, err);
        if (status != TSCOPE_OK)
            return status;
        done += got;
    }
    *ret_len = done;
    return TSCOPE_OK;
}

enum tscope_status
tscope_reader_seek(tscope_reader *reader, uint64_t offset, struct tscope_error *err)
{
    uint8_t skipped[4096];
    enum tscope_status status = TSCOPE_OK;
    size_t got = 1;

    if (reader->piece->is_seekable) {
        reader->position = offset < reader->piece->size ? offset : reader->piece->size;
        return TSCOPE_OK;
    }
    if (offset < reader->position)
        status = begin(reader, err);
    while (status == TSCOPE_OK && reader->position < offset && got)
        status = tscope_reader_read(reader, skipped, least(offset - reader->position, sizeof(skipped)), &got, err);
    return status;
}

enum tscope_status
tscope_piece_tell_format(tscope_piece *piece, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_reader) *reader = NULL;
    struct tscope_format format = {0};
    uint8_t *head = tscope_alloc(TSCOPE_FORMAT_HEAD_MAX);
    enum tscope_status status;
    size_t len = 0;

    if (!head)
        return tscope_error_no_memory(err);
    status = tscope_reader_new(piece, false, &reader, err);
    if (status == TSCOPE_OK)
        status = tscope_reader_read(reader, head, TSCOPE_FORMAT_HEAD_MAX, &len, err);
    if (status == TSCOPE_OK)
        status = tscope_format_of(tscope_span_of(head, len), len < TSCOPE_FORMAT_HEAD_MAX, &format, err);
    tscope_free(head);
    if (status != TSCOPE_OK)
        return status;
    piece->format = format.format;
    piece->text = format.text;
    return TSCOPE_OK;
}
