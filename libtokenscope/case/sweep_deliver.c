/* SPDX-License-Identifier: Apache-2.0 */
#include "case/sweep.h"

#include <stdio.h>
#include <sys/stat.h>

#include "core/error.h"

/* What units have read, taken in the order of the files. */

void
tscope_sweep_tell_of(const struct tscope_sweep *sweep, const struct tscope_sweep_file *file, const char *message)
{
    if (sweep->options.tell)
        sweep->options.tell(sweep->options.user, file->path, message);
}

enum tscope_status
tscope_sweep_take_parcel(struct tscope_sweep *sweep, struct tscope_sweep_file *file, tscope_parcel *parcel, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    for (size_t i = 0; i < parcel->finds_len; i++)
        atomic_fetch_add(parcel->finds[i].kind == TSCOPE_FIND_TOKEN ? &sweep->tokens : &sweep->keys, 1);
    atomic_fetch_add(&sweep->places, parcel->finds_len);
    if (file->is_cut && parcel->stream == 0)
        status = tscope_parcel_locate(parcel, file->evidence, file->raw, err);
    if (status == TSCOPE_ERR_IO) { /* the file's fault: the place is lost, the find is not */
        file->status = status;
        if (err) {
            file->err = *err;
            *err = (struct tscope_error){0};
        }
        status = TSCOPE_OK;
    }
    if (status != TSCOPE_OK) {
        tscope_parcel_free(parcel);
        return status;
    }
    if (sweep->keeper) {
        status = tscope_keeper_take(sweep->keeper, file, parcel, err);
        tscope_parcel_free(parcel);
        return status;
    }
    status = tscope_teller_take(sweep->teller, file->path, parcel, err);
    if (tscope_teller_is_stopped(sweep->teller))
        tscope_sweep_cancel(sweep);
    return status;
}

/* What is not the file's fault ends the sweep. */
bool
tscope_sweep_is_of_file(enum tscope_status status)
{
    return status == TSCOPE_ERR_IO || status == TSCOPE_ERR_DATA || status == TSCOPE_ERR_TOO_LARGE || status == TSCOPE_ERR_UNSUPPORTED;
}

static enum tscope_status
note_change(const struct tscope_sweep *sweep, struct tscope_sweep_file *file, struct tscope_error *err)
{
    struct stat now;

    if (file->is_pipe || fstat(file->fd, &now) != 0)
        return TSCOPE_OK;
    if ((S_ISBLK(now.st_mode) || (uint64_t)now.st_size == file->size) &&
        now.st_mtim.tv_sec * INT64_C(1000000000) + now.st_mtim.tv_nsec == file->mtime_ns)
        return TSCOPE_OK;
    (void)sweep;
    return tscope_sweep_file_warn(file, "changed", "",
                                  "the file was changed while it was read: finds and digest may be of different states", err);
}

static enum tscope_status
keep_own_warnings(struct tscope_sweep_file *file, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    /* those of the whole file; what is inside was noted by the unit that read it */
    for (size_t i = 0; file->evidence && i < tscope_evidence_warnings(file->evidence) && status == TSCOPE_OK; i++) {
        const struct tscope_evidence_warning *warning = tscope_evidence_warning(file->evidence, i);
        bool is_known = false;

        for (size_t k = 0; k < file->warnings_len; k++)
            is_known |= strcmp(file->warnings[k].id, warning->id) == 0 && strcmp(file->warnings[k].member, warning->member) == 0;
        if (!is_known)
            status = tscope_sweep_file_warn(file, warning->id, warning->member, warning->text, err);
    }
    return status;
}

void
tscope_sweep_tell_warnings(const struct tscope_sweep *sweep, const struct tscope_sweep_file *file)
{
    char line[512];

    for (size_t i = 0; i < file->warnings_len; i++) {
        const struct tscope_file_warning *warning = &file->warnings[i];

        snprintf(line, sizeof(line), "%s%s%s", warning->member, warning->member[0] ? ": " : "", warning->text);
        tscope_sweep_tell_of(sweep, file, line);
    }
    if (file->status != TSCOPE_OK)
        tscope_sweep_tell_of(sweep, file, file->err.message[0] ? file->err.message : tscope_status_text(file->status));
}

/* A change under the reader's hands loses nothing by itself; every other warning says that something was not read. */
static bool
is_partly_read(const struct tscope_sweep_file *file)
{
    for (size_t i = 0; i < file->warnings_len; i++) {
        if (strcmp(file->warnings[i].id, "changed") != 0)
            return true;
    }
    return false;
}

static enum tscope_status
finish_file(struct tscope_sweep *sweep, struct tscope_sweep_file *file, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    if (file->is_pipe)
        file->size = file->read_len;
    status = note_change(sweep, file, err);
    if (status == TSCOPE_OK)
        status = keep_own_warnings(file, err);
    if (status == TSCOPE_OK && file->left_out > 0)
        status = tscope_sweep_file_left_out(file, "", file->left_out - 1, err);
    if (status == TSCOPE_OK && sweep->keeper)
        status = tscope_keeper_finish_file(sweep->keeper, file, err);
    atomic_fetch_add(file->status == TSCOPE_OK ? &sweep->files : &sweep->unreadable, 1);
    if (file->status == TSCOPE_OK && is_partly_read(file))
        atomic_fetch_add(&sweep->partly, 1);
    tscope_sweep_tell_warnings(sweep, file);
    return status;
}

enum tscope_status
tscope_sweep_finish_unit(struct tscope_sweep *sweep, struct tscope_unit *unit, struct tscope_error *err)
{
    struct tscope_sweep_file *file = unit->file;
    enum tscope_status status = TSCOPE_OK;
    bool cancelled = atomic_load(&sweep->cancelled);

    if (unit->left_out > 0 && (file->left_out == 0 || unit->left_out < file->left_out))
        file->left_out = unit->left_out;
    if (unit->status != TSCOPE_OK && !tscope_sweep_is_of_file(unit->status)) {
        status = unit->status;
        if (err && err->status == TSCOPE_OK)
            *err = unit->err;
    } else if (unit->status != TSCOPE_OK && file->status == TSCOPE_OK) {
        file->status = unit->status;
        file->err = unit->err;
    }
    if (status == TSCOPE_OK && sweep->keeper && unit->kind == TSCOPE_UNIT_BYTES && unit->status == TSCOPE_OK && !cancelled)
        status = tscope_keeper_finish_range(sweep->keeper, file, unit->begin, unit->end, err);
    if (status == TSCOPE_OK && !cancelled && file->units_open == 1 && file->is_closed)
        status = finish_file(sweep, file, err);
    tscope_sweep_drop_unit(unit);
    return status;
}

/* The first unit's parcel, or NULL with the unit's end. Waits for either. */
static tscope_parcel *
wait_for_parcel(struct tscope_sweep *sweep, struct tscope_unit *unit, bool *ret_is_done, struct tscope_error *err)
{
    tscope_parcel *parcel;

    (void)err;
    pthread_mutex_lock(&sweep->lock);
    while (!unit->first && !unit->done)
        pthread_cond_wait(&sweep->has_parcel, &sweep->lock);
    parcel = TSCOPE_STEAL(unit->first);
    *ret_is_done = !parcel;
    pthread_cond_broadcast(&sweep->has_turn);
    pthread_mutex_unlock(&sweep->lock);
    return parcel;
}

/* True when it would not have to be waited for. */
static bool
is_ready(struct tscope_sweep *sweep)
{
    bool ready;

    pthread_mutex_lock(&sweep->lock);
    ready = sweep->turn->first || sweep->turn->done;
    pthread_mutex_unlock(&sweep->lock);
    return ready;
}

static void
pop_turn(struct tscope_sweep *sweep)
{
    pthread_mutex_lock(&sweep->lock);
    sweep->turn = sweep->turn->next_turn;
    if (!sweep->turn)
        sweep->turn_last = NULL;
    sweep->units--;
    pthread_mutex_unlock(&sweep->lock);
}

/* Takes all of the unit whose turn it is. */
enum tscope_status
tscope_sweep_deliver_next(struct tscope_sweep *sweep, struct tscope_error *err)
{
    struct tscope_unit *unit = sweep->turn;
    enum tscope_status status = TSCOPE_OK, finished;
    bool is_done = false;

    while (!is_done) {
        tscope_parcel *parcel;

        if (status == TSCOPE_OK && sweep->teller && !is_ready(sweep))
            status = tscope_teller_flush(sweep->teller, err);
        parcel = wait_for_parcel(sweep, unit, &is_done, err);
        if (!parcel)
            continue;
        if (status == TSCOPE_OK && !sweep->has_failed)
            status = tscope_sweep_take_parcel(sweep, unit->file, parcel, err);
        else
            tscope_parcel_free(parcel);
        if (status != TSCOPE_OK)
            tscope_sweep_cancel(sweep);
    }
    pop_turn(sweep);
    finished = tscope_sweep_finish_unit(sweep, unit, err);
    return status == TSCOPE_OK ? finished : status;
}

enum tscope_status
tscope_sweep_fail(struct tscope_sweep *sweep, enum tscope_status status, const struct tscope_error *err)
{
    if (status != TSCOPE_OK) {
        sweep->has_failed = true;
        if (err)
            sweep->err = *err;
        tscope_sweep_cancel(sweep);
    }
    return status;
}
