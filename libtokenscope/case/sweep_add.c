/* SPDX-License-Identifier: Apache-2.0 */
#include "case/sweep.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

/* Files, cut into units of work. */

#define UNITS_A_THREAD 4 /* made ahead of being read */

static void
append(struct tscope_unit **first, struct tscope_unit **last, struct tscope_unit *unit, bool is_turn)
{
    if (!*first)
        *first = unit;
    else if (is_turn)
        (*last)->next_turn = unit;
    else
        (*last)->next_work = unit;
    *last = unit;
}

struct inline_work {
    struct tscope_sweep *sweep;
    enum tscope_status status;
    struct tscope_error *err;
};

/* Without threads a unit is read here and now, and its parcels are taken as they come. */
static bool
take_at_once(void *user, struct tscope_unit *unit, tscope_parcel *parcel)
{
    struct inline_work *work = user;

    if (work->status != TSCOPE_OK) {
        tscope_parcel_free(parcel);
        return false;
    }
    work->status = tscope_sweep_take_parcel(work->sweep, unit->file, parcel, work->err);
    if (work->status != TSCOPE_OK)
        tscope_sweep_cancel(work->sweep);
    return work->status == TSCOPE_OK;
}

static enum tscope_status
do_at_once(struct tscope_sweep *sweep, struct tscope_unit *unit, struct tscope_error *err)
{
    struct tscope_sweep_worker *worker = &sweep->workers[0];
    struct inline_work work = {sweep, TSCOPE_OK, err};
    enum tscope_status finished;

    worker->reader.hand_over = take_at_once;
    worker->reader.user = &work;
    tscope_sweep_do_unit(worker, unit);
    finished = tscope_sweep_finish_unit(sweep, unit, err);
    return work.status == TSCOPE_OK ? finished : work.status;
}

/* No more units of it are made: it goes with the last that there is. */
static void
close_file(struct tscope_sweep_file *file)
{
    file->is_closed = true;
    if (file->units_open == 0)
        tscope_sweep_file_free(file);
}

static struct tscope_unit *
make_unit(const struct tscope_unit *like)
{
    struct tscope_unit *unit = tscope_alloc(sizeof(*unit));

    if (!unit)
        return NULL;
    *unit = *like;
    unit->file->units_open++;
    return unit;
}

static void
queue_work(struct tscope_sweep *sweep, struct tscope_unit *unit)
{
    pthread_mutex_lock(&sweep->lock);
    append(&sweep->work, &sweep->work_last, unit, false);
    pthread_cond_signal(&sweep->has_work);
    pthread_mutex_unlock(&sweep->lock);
}

static void
queue_turn(struct tscope_sweep *sweep, struct tscope_unit *unit)
{
    pthread_mutex_lock(&sweep->lock);
    append(&sweep->turn, &sweep->turn_last, unit, true);
    sweep->units++;
    pthread_mutex_unlock(&sweep->lock);
}

/* Has it read, here and now where there are no threads; what is ahead of its turn is bounded. */
static enum tscope_status
start_unit(struct tscope_sweep *sweep, struct tscope_unit *unit, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    if (!sweep->has_threads)
        return do_at_once(sweep, unit, err);
    queue_work(sweep, unit);
    queue_turn(sweep, unit);
    while (status == TSCOPE_OK && sweep->units > (size_t)sweep->workers_len * UNITS_A_THREAD)
        status = tscope_sweep_deliver_next(sweep, err);
    return status;
}

static enum tscope_status
add_unit(struct tscope_sweep *sweep, const struct tscope_unit *like, struct tscope_error *err)
{
    struct tscope_unit *unit = make_unit(like);

    return unit ? start_unit(sweep, unit, err) : tscope_error_no_memory(err);
}

static enum tscope_status
open_for_ranges(struct tscope_sweep_file *file, struct tscope_error *err)
{
    struct tscope_evidence_source source = {0};
    enum tscope_status status = tscope_evidence_source_file(file->fd, &source, err);

    if (status == TSCOPE_OK)
        status = tscope_evidence_open(&source, NULL, &file->evidence, err);
    if (status == TSCOPE_OK)
        status = tscope_evidence_next(file->evidence, &file->raw, err);
    if (status == TSCOPE_OK && file->raw)
        file->format = tscope_evidence_format(file->evidence);
    return status;
}

static void
note_known(struct tscope_sweep *sweep, uint64_t bytes)
{
    atomic_fetch_add(&sweep->bytes_read, bytes);
    atomic_fetch_add(&sweep->bytes_known, bytes);
}

static enum tscope_status
add_ranges(struct tscope_sweep *sweep, struct tscope_sweep_file *file, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    for (uint64_t begin = file->begin; begin < file->end && status == TSCOPE_OK && !atomic_load(&sweep->cancelled);
         begin += TSCOPE_UNIT_RANGE) {
        bool is_last = file->end - begin <= TSCOPE_UNIT_RANGE;
        uint64_t end = !is_last ? begin + TSCOPE_UNIT_RANGE : file->is_part ? file->end : UINT64_MAX;
        struct tscope_unit unit = {.kind = TSCOPE_UNIT_BYTES, .file = file, .begin = begin, .end = end};
        bool is_known = false;

        if (sweep->keeper)
            status = tscope_keeper_knows_range(sweep->keeper, file, begin, &is_known, err);
        if (status == TSCOPE_OK && is_known)
            note_known(sweep, (end < file->size ? end : file->size) - begin);
        else if (status == TSCOPE_OK)
            status = add_unit(sweep, &unit, err);
    }
    return status;
}

/*
 * With threads the digest is begun before the ranges, so that from a slow disk both use the same reading; its turn is the last all the
 * same, so that nothing that can be told waits for it. Without threads it is taken as the bytes pass, and the unit finishes it.
 */
static enum tscope_status
add_cut_file(struct tscope_sweep *sweep, struct tscope_sweep_file *file, struct tscope_error *err)
{
    const struct tscope_unit rest = {.kind = TSCOPE_UNIT_REST, .file = file};
    struct tscope_unit *hash = make_unit(&(struct tscope_unit){.kind = TSCOPE_UNIT_HASH, .file = file});
    enum tscope_status status = TSCOPE_OK;

    if (!hash) {
        close_file(file);
        return tscope_error_no_memory(err);
    }
    if (sweep->has_threads)
        queue_work(sweep, hash);
    status = add_ranges(sweep, file, err);
    if (status == TSCOPE_OK && !file->is_part && tscope_evidence_stream_is_archive(file->raw))
        status = add_unit(sweep, &rest, err);
    file->is_closed = true;
    if (sweep->has_threads) {
        queue_turn(sweep, hash);
        return status;
    }
    if (status == TSCOPE_OK)
        return do_at_once(sweep, hash, err);
    tscope_sweep_drop_unit(hash);
    return status;
}

static enum tscope_status
add_whole_file(struct tscope_sweep *sweep, struct tscope_sweep_file *file, struct tscope_error *err)
{
    struct tscope_unit *unit = make_unit(&(struct tscope_unit){.kind = TSCOPE_UNIT_FILE, .file = file});

    file->is_closed = true;
    if (!unit) {
        tscope_sweep_file_free(file);
        return tscope_error_no_memory(err);
    }
    return start_unit(sweep, unit, err);
}

static enum tscope_status
look_at(struct tscope_sweep_file *file, struct tscope_error *err)
{
    struct tscope_evidence_source source = {0};
    struct stat about;
    enum tscope_status status;

    if (fstat(file->fd, &about) != 0)
        return tscope_error_set(err, TSCOPE_ERR_IO, TSCOPE_OFFSET_NONE, "cannot look at the file");
    file->is_pipe = !S_ISREG(about.st_mode) && !S_ISBLK(about.st_mode);
    file->mtime_ns = about.st_mtim.tv_sec * INT64_C(1000000000) + about.st_mtim.tv_nsec;
    if (file->is_pipe)
        return TSCOPE_OK;
    status = tscope_evidence_source_file(file->fd, &source, err);
    file->size = source.size;
    return status;
}

static struct tscope_sweep_file *
make_file(struct tscope_sweep *sweep, const char *path, int descriptor)
{
    struct tscope_sweep_file *file = tscope_alloc_zeroed(1, sizeof(*file));
    size_t path_len = strlen(path) + 1;

    if (!file || pthread_mutex_init(&file->lock, NULL) != 0) {
        tscope_free(file);
        close(descriptor);
        return NULL;
    }
    file->fd = descriptor;
    file->path = tscope_alloc(path_len);
    file->is_hashed = sweep->keeper;
    if (!file->path || (file->is_hashed && tscope_hasher_new(sweep->hasher, &file->hasher, NULL) != TSCOPE_OK)) {
        tscope_sweep_file_free(file);
        return NULL;
    }
    memcpy(file->path, path, path_len);
    return file;
}

static enum tscope_status
refuse_file(struct tscope_sweep *sweep, struct tscope_sweep_file *file, enum tscope_status status, struct tscope_error *err)
{
    if (!tscope_sweep_is_of_file(status))
        return status;
    file->status = status;
    if (err) {
        file->err = *err;
        *err = (struct tscope_error){0};
    }
    atomic_fetch_add(&sweep->unreadable, 1);
    tscope_sweep_tell_warnings(sweep, file);
    return TSCOPE_OK;
}

static enum tscope_status
add_file(struct tscope_sweep *sweep, struct tscope_sweep_file *file, struct tscope_error *err)
{
    bool is_known = false;
    const char *note = NULL;
    enum tscope_status status = look_at(file, err);

    if (status != TSCOPE_OK) {
        status = refuse_file(sweep, file, status, err);
        tscope_sweep_file_free(file);
        return status;
    }
    if (!file->is_part) {
        file->begin = 0;
        file->end = file->size;
    }
    if (file->end > file->size)
        file->end = file->size;
    atomic_fetch_add(&sweep->bytes, file->begin < file->end ? file->end - file->begin : 0);
    if (sweep->keeper)
        status = tscope_keeper_begin_file(sweep->keeper, file, &is_known, &note, err);
    if (note)
        tscope_sweep_tell_of(sweep, file, note);
    if (status != TSCOPE_OK || is_known) {
        if (is_known) {
            atomic_fetch_add(&sweep->skipped, 1);
            note_known(sweep, file->size);
        }
        tscope_sweep_file_free(file);
        return status;
    }
    if (!file->is_part && (file->is_pipe || file->size <= TSCOPE_UNIT_RANGE))
        return add_whole_file(sweep, file, err);
    file->is_cut = true;
    status = open_for_ranges(file, err);
    if (status == TSCOPE_OK)
        return add_cut_file(sweep, file, err);
    status = refuse_file(sweep, file, status, err);
    tscope_sweep_file_free(file);
    return status;
}

static enum tscope_status
add(struct tscope_sweep *sweep, const char *path, int descriptor, const uint64_t range[2], struct tscope_error *err)
{
    struct tscope_sweep_file *file;

    if (sweep->has_failed || sweep->has_ended || atomic_load(&sweep->cancelled)) {
        close(descriptor);
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the sweep has ended");
    }
    file = make_file(sweep, path, descriptor);
    if (!file)
        return tscope_sweep_fail(sweep, tscope_error_no_memory(err), err);
    if (range) {
        file->is_part = true;
        file->begin = range[0];
        file->end = range[1];
    }
    return tscope_sweep_fail(sweep, add_file(sweep, file, err), err);
}

enum tscope_status
tscope_sweep_add(tscope_sweep *sweep, const char *path, int descriptor, struct tscope_error *err)
{
    return add(sweep, path, descriptor, NULL, err);
}

enum tscope_status
tscope_sweep_add_range(tscope_sweep *sweep, const char *path, int descriptor, uint64_t begin, uint64_t end, struct tscope_error *err)
{
    const uint64_t range[2] = {begin, end};
    struct stat about;

    if (sweep->keeper || begin >= end || fstat(descriptor, &about) != 0 || (!S_ISREG(about.st_mode) && !S_ISBLK(about.st_mode))) {
        close(descriptor);
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "%s: no range of a file, or one for a case", path);
    }
    return add(sweep, path, descriptor, range, err);
}
