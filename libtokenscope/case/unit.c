/* SPDX-License-Identifier: Apache-2.0 */
#include "case/unit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <tokenscope/inspect.h>

#include "core/error.h"

#define STEP (1u << 20)         /* bytes of a read */
#define STEP_DENSE (128u << 10) /* and where one is full of finds, so that they do not fill the memory */
#define DENSE_FINDS 256u
#define WINDOW (STEP + TSCOPE_SCAN_TAIL_MAX) /* a read behind what the scanner left of the one before */
#define PIPE_KEPT_MAX ((size_t)4 << 20)      /* a shorter pipe is looked into like a file */

static enum tscope_status
no_memory(struct tscope_error *err)
{
    return tscope_error_no_memory(err);
}

static char *
copy_text(const char *text)
{
    size_t len = strlen(text) + 1;
    char *copy = tscope_alloc(len);

    if (copy)
        memcpy(copy, text, len);
    return copy;
}

/* ---- the file */

void
tscope_sweep_file_free(struct tscope_sweep_file *file)
{
    if (!file)
        return;
    tscope_evidence_stream_free(file->raw);
    tscope_evidence_free(file->evidence);
    tscope_hasher_free(file->hasher);
    for (size_t i = 0; i < file->warnings_len; i++) {
        tscope_free(file->warnings[i].id);
        tscope_free(file->warnings[i].member);
        tscope_free(file->warnings[i].text);
    }
    tscope_free(file->warnings);
    pthread_mutex_destroy(&file->lock);
    if (file->fd >= 0)
        close(file->fd);
    tscope_free(file->path);
    tscope_free(file);
}

enum tscope_status
tscope_sweep_file_warn(struct tscope_sweep_file *file, const char *id, const char *member, const char *text, struct tscope_error *err)
{
    struct tscope_file_warning *warnings = tscope_realloc(file->warnings, (file->warnings_len + 1) * sizeof(*warnings));
    struct tscope_file_warning *warning;

    if (!warnings)
        return no_memory(err);
    file->warnings = warnings;
    warning = &warnings[file->warnings_len++];
    *warning = (struct tscope_file_warning){copy_text(id), copy_text(member), copy_text(text)};
    return warning->id && warning->member && warning->text ? TSCOPE_OK : no_memory(err);
}

enum tscope_status
tscope_sweep_file_left_out(struct tscope_sweep_file *file, const char *member, uint64_t offset, struct tscope_error *err)
{
    char text[192];

    snprintf(text, sizeof(text),
             "the 64 KiB from byte %" PRIu64
             " on hold too much that begins like a key, and not all was read: keys may be missed there, and "
             "wherever it is as dense",
             offset);
    return tscope_sweep_file_warn(file, "dense-keys", member, text, err);
}

static enum tscope_status
keep_warnings(struct tscope_sweep_file *file, const tscope_evidence *evidence, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    for (size_t i = 0; i < tscope_evidence_warnings(evidence) && status == TSCOPE_OK; i++) {
        const struct tscope_evidence_warning *warning = tscope_evidence_warning(evidence, i);

        status = tscope_sweep_file_warn(file, warning->id, warning->member, warning->text, err);
    }
    return status;
}

/* ---- the digest */

/* Bytes in order are taken as they pass; what others read ahead is left to the unit that does the rest. */
static enum tscope_status
hash_passing(struct tscope_sweep_file *file, uint64_t offset, const uint8_t *bytes, size_t len, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    if (!file->is_hashed)
        return TSCOPE_OK;
    pthread_mutex_lock(&file->lock);
    if (!file->is_taken && offset <= file->hashed && file->hashed < offset + len) {
        size_t from = (size_t)(file->hashed - offset);

        status = tscope_hasher_add(file->hasher, bytes + from, len - from, err);
        file->hashed = offset + len;
    }
    pthread_mutex_unlock(&file->lock);
    return status;
}

static enum tscope_status
fail_reading(uint64_t offset, struct tscope_error *err)
{
    return tscope_error_set(err, TSCOPE_ERR_IO, offset, "cannot read: %s", strerrordesc_np(errno));
}

/* Fewer bytes than asked for at the end alone. */
static enum tscope_status
read_at(int fd, uint64_t offset, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    size_t done = 0;

    while (done < len) {
        ssize_t got = pread(fd, buffer + done, len - done, (off_t)(offset + done));

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_reading(offset + done, err);
        if (got == 0)
            break;
        done += (size_t)got;
    }
    *ret_len = done;
    return TSCOPE_OK;
}

static enum tscope_status
hash_rest(struct tscope_reader *reader, struct tscope_sweep_file *file, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;
    uint64_t at;

    pthread_mutex_lock(&file->lock);
    file->is_taken = true;
    at = file->hashed;
    pthread_mutex_unlock(&file->lock);
    while (status == TSCOPE_OK && at < file->size && !atomic_load_explicit(reader->cancelled, memory_order_relaxed)) {
        size_t got = 0;

        status = read_at(file->fd, at, reader->window, STEP, &got, err);
        if (status == TSCOPE_OK)
            status = tscope_hasher_add(file->hasher, reader->window, got, err);
        at += got;
        if (got == 0)
            break;
    }
    if (status != TSCOPE_OK || (at < file->size && atomic_load_explicit(reader->cancelled, memory_order_relaxed)))
        return status;
    status = tscope_hasher_finish(file->hasher, file->sha256, err);
    file->has_sha256 = status == TSCOPE_OK;
    return status;
}

/* ---- the reader */

static void
take_find(void *user, const struct tscope_find *find)
{
    struct tscope_reader *reader = user;

    if (reader->status != TSCOPE_OK || find->offset < reader->begin || find->offset >= reader->end)
        return;
    reader->status = tscope_parcel_add(reader->parcel, find, reader->reveal, reader->hasher, reader->err);
}

enum tscope_status
tscope_reader_open(struct tscope_reader *reader, const struct tscope_scanner_options *options, const tscope_hasher *like,
                   struct tscope_error *err)
{
    struct tscope_scanner_options own = *options;
    enum tscope_status status;

    own.deliver = take_find;
    own.user = reader;
    reader->window = tscope_alloc(WINDOW);
    if (!reader->window)
        return no_memory(err);
    status = tscope_scanner_new(&own, &reader->scanner, err);
    return status == TSCOPE_OK ? tscope_hasher_new(like, &reader->hasher, err) : status;
}

void
tscope_reader_close(struct tscope_reader *reader)
{
    tscope_scanner_free(reader->scanner);
    tscope_hasher_free(reader->hasher);
    tscope_parcel_free(reader->parcel);
    tscope_free(reader->window);
}

static bool
is_cancelled(const struct tscope_reader *reader)
{
    return atomic_load_explicit(reader->cancelled, memory_order_relaxed);
}

/* One stream, or a range of one, on its way through the scanner. */
struct passage {
    struct tscope_unit *unit;
    tscope_evidence *evidence;            /* NULL: the sweep's thread locates */
    const tscope_evidence_stream *stream; /* the same */
    size_t number;
    const char *member;
    enum tscope_evidence_format format;
    /* The next bytes; fewer than len at the end alone. */
    enum tscope_status (*read)(void *user, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err);
    void *user;
    uint64_t from, until; /* where reading begins, and behind which it ends when all that begins before end was found */
    bool is_counted;      /* its bytes are those of the file */
};

/* Bytes of a range are counted once, though its neighbours read them, too. */
static void
count_bytes(const struct tscope_reader *reader, uint64_t offset, size_t len)
{
    uint64_t begin = offset > reader->begin ? offset : reader->begin, end = offset + len < reader->end ? offset + len : reader->end;

    if (begin < end)
        atomic_fetch_add_explicit(reader->bytes_read, end - begin, memory_order_relaxed);
}

/* Hands over what was found so far. */
static enum tscope_status
send_parcel(struct tscope_reader *reader, struct passage *passage, struct tscope_error *err)
{
    tscope_parcel *parcel = TSCOPE_STEAL(reader->parcel);
    enum tscope_status status = TSCOPE_OK;

    if (passage->evidence)
        status = tscope_parcel_locate(parcel, passage->evidence, passage->stream, err);
    if (status != TSCOPE_OK) { /* the place is lost, the find is not */
        if (!reader->hand_over(reader->user, passage->unit, parcel))
            return TSCOPE_OK;
        return status;
    }
    reader->hand_over(reader->user, passage->unit, parcel);
    return TSCOPE_OK;
}

static enum tscope_status
send_if_full(struct tscope_reader *reader, struct passage *passage, bool is_end, struct tscope_error *err)
{
    const tscope_parcel *parcel = reader->parcel;

    if (parcel->finds_len == 0 || (!is_end && parcel->bytes < TSCOPE_PARCEL_BYTES && parcel->finds_len < TSCOPE_PARCEL_FINDS))
        return TSCOPE_OK;
    return send_parcel(reader, passage, err);
}

static enum tscope_status
open_parcel(struct tscope_reader *reader, const struct passage *passage, struct tscope_error *err)
{
    if (!reader->parcel)
        reader->parcel = tscope_parcel_new(passage->number, passage->member, passage->format);
    return reader->parcel ? TSCOPE_OK : no_memory(err);
}

static enum tscope_status
pass_windows(struct tscope_reader *reader, struct passage *passage, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;
    uint64_t at = passage->from; /* of the window's first byte */
    size_t kept = 0, step = STEP_DENSE;
    bool is_end = false;

    tscope_scanner_begin(reader->scanner, at);
    while (status == TSCOPE_OK && !is_end && !is_cancelled(reader)) {
        size_t got = 0, used = 0, room = WINDOW - kept < step ? WINDOW - kept : step, found;

        status = passage->read(passage->user, reader->window + kept, room, &got, err);
        if (status == TSCOPE_OK && passage->is_counted)
            count_bytes(reader, at + kept, got);
        if (status == TSCOPE_OK && passage->is_counted)
            status = hash_passing(passage->unit->file, at + kept, reader->window + kept, got, err);
        if (status == TSCOPE_OK)
            status = open_parcel(reader, passage, err);
        if (status != TSCOPE_OK)
            break;
        is_end = got < room;
        found = reader->parcel->finds_len;
        status = tscope_scanner_scan(reader->scanner, reader->window, kept + got, is_end, &used, err);
        if (status == TSCOPE_OK)
            status = reader->status;
        kept = kept + got - used;
        memmove(reader->window, reader->window + used, kept);
        at += used;
        is_end |= at >= reader->end;
        found = reader->parcel->finds_len - found;
        step = found > DENSE_FINDS ? STEP_DENSE : step * 2 < STEP ? step * 2 : STEP;
        if (status == TSCOPE_OK)
            status = send_if_full(reader, passage, is_end, err);
    }
    return status;
}

/* What is read in one turn is told with its member's name; the ranges of a file are told together, when it is done. */
static enum tscope_status
note_left_out(struct tscope_reader *reader, struct passage *passage, struct tscope_error *err)
{
    uint64_t offset;

    if (!tscope_scanner_left_out(reader->scanner, &offset))
        return TSCOPE_OK;
    if (!passage->is_counted)
        return tscope_sweep_file_left_out(passage->unit->file, passage->member, offset, err);
    passage->unit->left_out = offset + 1;
    return TSCOPE_OK;
}

/* What was found before a failure is kept. */
static enum tscope_status
pass(struct tscope_reader *reader, struct passage *passage, struct tscope_error *err)
{
    enum tscope_status status, sent = TSCOPE_OK;

    reader->status = TSCOPE_OK;
    reader->err = err;
    status = pass_windows(reader, passage, err);
    if (status == TSCOPE_OK)
        status = note_left_out(reader, passage, err);
    if (reader->parcel && reader->parcel->finds_len > 0 && !is_cancelled(reader))
        sent = send_parcel(reader, passage, err);
    tscope_parcel_free(TSCOPE_STEAL(reader->parcel));
    return status == TSCOPE_OK ? sent : status;
}

/* ---- units */

static enum tscope_status
read_stream(void *user, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    return tscope_evidence_stream_read(user, buffer, len, ret_len, err);
}

static enum tscope_status
pass_stream(struct tscope_reader *reader, struct tscope_unit *unit, tscope_evidence *evidence, tscope_evidence_stream *stream,
            struct tscope_error *err)
{
    size_t number = tscope_evidence_stream_number(stream);
    struct passage passage = {
        .unit = unit,
        .evidence = evidence,
        .stream = stream,
        .number = number,
        .member = tscope_evidence_stream_path(stream),
        .format = tscope_evidence_stream_format(stream),
        .read = read_stream,
        .user = stream,
        .is_counted = number == 0,
    };

    reader->begin = 0;
    reader->end = UINT64_MAX;
    return pass(reader, &passage, err);
}

static enum tscope_status
pass_streams(struct tscope_reader *reader, struct tscope_unit *unit, tscope_evidence *evidence, size_t first, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    while (status == TSCOPE_OK && !is_cancelled(reader)) {
        tscope_evidence_stream *stream = NULL;

        status = tscope_evidence_next(evidence, &stream, err);
        if (status != TSCOPE_OK || !stream)
            break;
        if (tscope_evidence_stream_number(stream) >= first)
            status = pass_stream(reader, unit, evidence, stream, err);
        tscope_evidence_stream_free(stream);
    }
    return status;
}

static enum tscope_status
read_source(struct tscope_reader *reader, struct tscope_unit *unit, const struct tscope_evidence_source *source, size_t first,
            struct tscope_error *err)
{
    tscope_evidence *evidence = NULL;
    enum tscope_status status = tscope_evidence_open(source, NULL, &evidence, err), kept;

    if (status != TSCOPE_OK)
        return status;
    unit->file->format = tscope_evidence_format(evidence);
    status = pass_streams(reader, unit, evidence, first, err);
    kept = keep_warnings(unit->file, evidence, err);
    tscope_evidence_free(evidence);
    return status == TSCOPE_OK ? kept : status;
}

/* ---- a pipe */

struct pipe_bytes {
    struct tscope_sweep_file *file;
    const uint8_t *kept; /* read already */
    size_t kept_len, kept_done;
};

static enum tscope_status
read_on(int fd, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    size_t done = 0;

    while (done < len) {
        ssize_t got = read(fd, buffer + done, len - done);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_reading(TSCOPE_OFFSET_NONE, err);
        if (got == 0)
            break;
        done += (size_t)got;
    }
    *ret_len = done;
    return TSCOPE_OK;
}

static enum tscope_status
read_pipe(void *user, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    struct pipe_bytes *bytes = user;
    size_t kept = bytes->kept_len - bytes->kept_done, got = 0;
    enum tscope_status status = TSCOPE_OK;

    kept = kept < len ? kept : len;
    memcpy(buffer, bytes->kept + bytes->kept_done, kept);
    bytes->kept_done += kept;
    if (kept < len)
        status = read_on(bytes->file->fd, buffer + kept, len - kept, &got, err);
    *ret_len = kept + got;
    bytes->file->read_len += got;
    return status;
}

static enum tscope_status
read_memory(void *user, uint64_t offset, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    const struct tscope_span *bytes = user;

    (void)err;
    *ret_len = offset >= bytes->len ? 0 : len < bytes->len - offset ? len : bytes->len - (size_t)offset;
    memcpy(buffer, bytes->data + (*ret_len ? offset : 0), *ret_len);
    return TSCOPE_OK;
}

/* A pipe that ends soon is looked into like a file; of another one the bytes are searched, and no context is known. */
static enum tscope_status
read_pipe_unit(struct tscope_reader *reader, struct tscope_unit *unit, uint8_t *kept, struct tscope_error *err)
{
    struct pipe_bytes bytes = {.file = unit->file, .kept = kept};
    struct passage passage = {.unit = unit, .member = "", .read = read_pipe, .user = &bytes, .is_counted = true};
    enum tscope_status status = read_on(unit->file->fd, kept, PIPE_KEPT_MAX, &bytes.kept_len, err);

    unit->file->read_len = bytes.kept_len;
    if (status != TSCOPE_OK)
        return status;
    if (bytes.kept_len < PIPE_KEPT_MAX) {
        struct tscope_span span = {kept, bytes.kept_len};
        const struct tscope_evidence_source source = {.size = span.len, .read = read_memory, .user = &span};

        return read_source(reader, unit, &source, 0, err);
    }
    reader->begin = 0;
    reader->end = UINT64_MAX;
    status = tscope_sweep_file_warn(unit->file, "pipe", "", "over 4 MiB from a pipe: searched as bytes, without what stands around a place",
                                    err);
    return status == TSCOPE_OK ? pass(reader, &passage, err) : status;
}

/* ---- a range */

struct range_bytes {
    int fd;
    uint64_t at;
};

static enum tscope_status
read_range(void *user, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    struct range_bytes *range = user;
    enum tscope_status status = read_at(range->fd, range->at, buffer, len, ret_len, err);

    if (status == TSCOPE_OK)
        range->at += *ret_len;
    return status;
}

static enum tscope_status
read_bytes_unit(struct tscope_reader *reader, struct tscope_unit *unit, struct tscope_error *err)
{
    uint64_t from = unit->begin > TSCOPE_SCAN_LEAD ? unit->begin - TSCOPE_SCAN_LEAD : 0;
    struct range_bytes range = {unit->file->fd, from};
    struct passage passage = {
        .unit = unit,
        .member = "",
        .format = unit->file->format,
        .read = read_range,
        .user = &range,
        .from = from,
        .is_counted = true,
    };

    reader->begin = unit->begin;
    reader->end = unit->end;
    return pass(reader, &passage, err);
}

static enum tscope_status
read_file_unit(struct tscope_reader *reader, struct tscope_unit *unit, size_t first, struct tscope_error *err)
{
    struct tscope_evidence_source source = {0};
    enum tscope_status status = tscope_evidence_source_file(unit->file->fd, &source, err);

    return status == TSCOPE_OK ? read_source(reader, unit, &source, first, err) : status;
}

static enum tscope_status
finish_hash(struct tscope_reader *reader, struct tscope_unit *unit, struct tscope_error *err)
{
    struct tscope_sweep_file *file = unit->file;

    if (!file->is_hashed || is_cancelled(reader))
        return TSCOPE_OK;
    if (!file->is_pipe)
        return hash_rest(reader, file, err);
    file->has_sha256 = tscope_hasher_finish(file->hasher, file->sha256, err) == TSCOPE_OK;
    return file->has_sha256 ? TSCOPE_OK : TSCOPE_ERR_CRYPTO;
}

enum tscope_status
tscope_unit_read(struct tscope_reader *reader, struct tscope_unit *unit, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;
    uint8_t *kept;

    switch (unit->kind) {
    case TSCOPE_UNIT_FILE:
        if (!unit->file->is_pipe) {
            status = read_file_unit(reader, unit, 0, err);
        } else {
            kept = tscope_alloc(PIPE_KEPT_MAX);
            status = kept ? read_pipe_unit(reader, unit, kept, err) : no_memory(err);
            tscope_free(kept);
        }
        return status == TSCOPE_OK ? finish_hash(reader, unit, err) : status;
    case TSCOPE_UNIT_BYTES:
        return read_bytes_unit(reader, unit, err);
    case TSCOPE_UNIT_REST:
        return read_file_unit(reader, unit, 1, err);
    case TSCOPE_UNIT_HASH:
        return finish_hash(reader, unit, err);
    }
    return status;
}
