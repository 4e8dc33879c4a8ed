/* SPDX-License-Identifier: Apache-2.0 */
#include "case/sweep.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

#define STACK_BYTES (1u << 20)
#define UNITS_A_THREAD 4 /* made ahead of being read */

TSCOPE_DEFINE_AUTO(tscope_sweep)

/* ---- threads */

/* Ahead of its turn a unit keeps what it has; at its turn it has one parcel on the way while it fills the next. */
static bool
hand_over(void *user, struct tscope_unit *unit, tscope_parcel *parcel)
{
    struct tscope_sweep *sweep = user;
    bool taken = false;

    if (!sweep->has_threads) {
        unit->first = parcel;
        return true;
    }
    pthread_mutex_lock(&sweep->lock);
    while (unit->first && !atomic_load(&sweep->cancelled))
        pthread_cond_wait(&sweep->has_turn, &sweep->lock);
    if (!unit->first) {
        unit->first = parcel;
        taken = true;
        pthread_cond_signal(&sweep->has_parcel);
    }
    pthread_mutex_unlock(&sweep->lock);
    if (!taken)
        tscope_parcel_free(parcel);
    return taken;
}

static void
do_unit(struct tscope_sweep_worker *worker, struct tscope_unit *unit)
{
    struct tscope_error err = {0};
    enum tscope_status status = TSCOPE_OK;

    if (!atomic_load(&worker->sweep->cancelled))
        status = tscope_unit_read(&worker->reader, unit, &err);
    unit->status = status;
    unit->err = err;
}

static struct tscope_unit *
take_work(struct tscope_sweep *sweep)
{
    struct tscope_unit *unit = sweep->work;

    if (unit)
        sweep->work = unit->next_work;
    if (!sweep->work)
        sweep->work_last = NULL;
    return unit;
}

static void *
run_worker(void *argument)
{
    struct tscope_sweep_worker *worker = argument;
    struct tscope_sweep *sweep = worker->sweep;

    pthread_mutex_lock(&sweep->lock);
    for (;;) {
        struct tscope_unit *unit;

        while (!sweep->work && !sweep->closing)
            pthread_cond_wait(&sweep->has_work, &sweep->lock);
        unit = take_work(sweep);
        if (!unit)
            break;
        pthread_mutex_unlock(&sweep->lock);
        do_unit(worker, unit);
        pthread_mutex_lock(&sweep->lock);
        unit->done = true;
        pthread_cond_signal(&sweep->has_parcel);
    }
    pthread_mutex_unlock(&sweep->lock);
    return NULL;
}

/* Signals are for the threads of the program. */
static bool
start_thread(struct tscope_sweep_worker *worker)
{
    pthread_attr_t attributes;
    sigset_t all, before;

    if (pthread_attr_init(&attributes) != 0)
        return false;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    worker->is_started =
        pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 && pthread_create(&worker->thread, &attributes, run_worker, worker) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return worker->is_started;
}

/* ---- making and ending */

static bool
make_locks(struct tscope_sweep *sweep)
{
    if (pthread_mutex_init(&sweep->lock, NULL) != 0)
        return false;
    if (pthread_cond_init(&sweep->has_work, NULL) == 0) {
        if (pthread_cond_init(&sweep->has_parcel, NULL) == 0) {
            if (pthread_cond_init(&sweep->has_turn, NULL) == 0) {
                sweep->has_locks = true;
                return true;
            }
            pthread_cond_destroy(&sweep->has_parcel);
        }
        pthread_cond_destroy(&sweep->has_work);
    }
    pthread_mutex_destroy(&sweep->lock);
    return false;
}

static enum tscope_status
make_workers(struct tscope_sweep *sweep, unsigned threads, struct tscope_error *err)
{
    const struct tscope_scanner_options scanner = {
        .size = sizeof(scanner),
        .flags = sweep->options.scan,
        .known = sweep->options.known,
        .private_of = sweep->options.private_of,
    };

    sweep->workers = tscope_alloc_zeroed(threads, sizeof(*sweep->workers));
    if (!sweep->workers)
        return tscope_error_no_memory(err);
    sweep->has_threads = threads > 1;
    for (unsigned i = 0; i < threads; i++) {
        struct tscope_sweep_worker *worker = &sweep->workers[i];
        enum tscope_status status;

        sweep->workers_len = i + 1;
        worker->sweep = sweep;
        worker->reader.reveal = sweep->options.reveal && sweep->teller;
        worker->reader.cancelled = &sweep->cancelled;
        worker->reader.bytes_read = &sweep->bytes_read;
        worker->reader.hand_over = hand_over;
        worker->reader.user = sweep;
        status = tscope_reader_open(&worker->reader, &scanner, sweep->hasher, err);
        if (status != TSCOPE_OK)
            return status;
        if (sweep->has_threads && !start_thread(worker))
            return tscope_error_set(err, TSCOPE_ERR_UNSUPPORTED, TSCOPE_OFFSET_NONE, "a thread cannot be started");
    }
    return TSCOPE_OK;
}

static enum tscope_status
open_sweep(struct tscope_sweep *sweep, struct tscope_error *err)
{
    unsigned threads = sweep->options.threads ? sweep->options.threads : 1;
    enum tscope_status status = tscope_hasher_new(NULL, &sweep->hasher, err);

    if (status != TSCOPE_OK)
        return status;
    if (sweep->options.into)
        status = tscope_keeper_new(sweep->options.into, &sweep->keeper, err);
    else
        status = tscope_teller_new(&sweep->options, threads, &sweep->teller, err);
    return status == TSCOPE_OK ? make_workers(sweep, threads, err) : status;
}

enum tscope_status
tscope_sweep_new(const struct tscope_sweep_options *options, tscope_sweep **ret_sweep, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_sweep) *sweep = NULL;
    enum tscope_status status;

    if (options->threads > TSCOPE_BATCH_THREADS_MAX || (!options->into && !options->deliver))
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "nobody takes the finds, or too many threads");
    sweep = tscope_alloc_zeroed(1, sizeof(*sweep));
    if (!sweep)
        return tscope_error_no_memory(err);
    memcpy(&sweep->options, options, options->size < sizeof(sweep->options) ? options->size : sizeof(sweep->options));
    if (!make_locks(sweep))
        return tscope_error_no_memory(err);
    status = open_sweep(sweep, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_sweep = TSCOPE_STEAL(sweep);
    return TSCOPE_OK;
}

static void
end_threads(struct tscope_sweep *sweep)
{
    atomic_store(&sweep->cancelled, true);
    pthread_mutex_lock(&sweep->lock);
    sweep->closing = true;
    pthread_cond_broadcast(&sweep->has_work);
    pthread_cond_broadcast(&sweep->has_turn);
    pthread_mutex_unlock(&sweep->lock);
    for (unsigned i = 0; i < sweep->workers_len; i++) {
        if (sweep->workers[i].is_started)
            pthread_join(sweep->workers[i].thread, NULL);
        tscope_reader_close(&sweep->workers[i].reader);
    }
}

/* A unit that was not delivered; its file with the last one. */
static void
drop_unit(struct tscope_unit *unit)
{
    struct tscope_sweep_file *file = unit->file;

    tscope_parcel_free(unit->first);
    if (--file->units_open == 0 && file->is_closed)
        tscope_sweep_file_free(file);
    tscope_free(unit);
}

void
tscope_sweep_free(tscope_sweep *sweep)
{
    if (!sweep)
        return;
    if (sweep->has_locks)
        end_threads(sweep);
    while (sweep->turn) {
        struct tscope_unit *unit = sweep->turn;

        sweep->turn = unit->next_turn;
        drop_unit(unit);
    }
    tscope_keeper_free(sweep->keeper);
    tscope_teller_free(sweep->teller);
    tscope_hasher_free(sweep->hasher);
    tscope_free(sweep->workers);
    if (sweep->has_locks) {
        pthread_cond_destroy(&sweep->has_work);
        pthread_cond_destroy(&sweep->has_parcel);
        pthread_cond_destroy(&sweep->has_turn);
        pthread_mutex_destroy(&sweep->lock);
    }
    tscope_free(sweep);
}

void
tscope_sweep_cancel(tscope_sweep *sweep)
{
    atomic_store(&sweep->cancelled, true);
}

void
tscope_sweep_count(const tscope_sweep *sweep, struct tscope_sweep_counts *ret_counts)
{
    *ret_counts = (struct tscope_sweep_counts){
        .files = atomic_load(&sweep->files),
        .skipped = atomic_load(&sweep->skipped),
        .unreadable = atomic_load(&sweep->unreadable),
        .partly = atomic_load(&sweep->partly),
        .bytes = atomic_load(&sweep->bytes),
        .bytes_read = atomic_load(&sweep->bytes_read),
        .bytes_known = atomic_load(&sweep->bytes_known),
        .tokens = atomic_load(&sweep->tokens),
        .keys = atomic_load(&sweep->keys),
        .places = atomic_load(&sweep->places),
    };
}

/* ---- delivering */

static void
tell(const struct tscope_sweep *sweep, const struct tscope_sweep_file *file, const char *message)
{
    if (sweep->options.tell)
        sweep->options.tell(sweep->options.user, file->path, message);
}

static enum tscope_status
take_parcel(struct tscope_sweep *sweep, struct tscope_sweep_file *file, tscope_parcel *parcel, struct tscope_error *err)
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
static bool
is_of_file(enum tscope_status status)
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

static void
tell_of_file(const struct tscope_sweep *sweep, const struct tscope_sweep_file *file)
{
    char line[512];

    for (size_t i = 0; i < file->warnings_len; i++) {
        const struct tscope_file_warning *warning = &file->warnings[i];

        snprintf(line, sizeof(line), "%s%s%s", warning->member, warning->member[0] ? ": " : "", warning->text);
        tell(sweep, file, line);
    }
    if (file->status != TSCOPE_OK)
        tell(sweep, file, file->err.message[0] ? file->err.message : tscope_status_text(file->status));
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
    if (status == TSCOPE_OK && sweep->keeper)
        status = tscope_keeper_finish_file(sweep->keeper, file, err);
    atomic_fetch_add(file->status == TSCOPE_OK ? &sweep->files : &sweep->unreadable, 1);
    if (file->status == TSCOPE_OK && is_partly_read(file))
        atomic_fetch_add(&sweep->partly, 1);
    tell_of_file(sweep, file);
    return status;
}

static enum tscope_status
finish_unit(struct tscope_sweep *sweep, struct tscope_unit *unit, struct tscope_error *err)
{
    struct tscope_sweep_file *file = unit->file;
    enum tscope_status status = TSCOPE_OK;
    bool cancelled = atomic_load(&sweep->cancelled);

    if (unit->status != TSCOPE_OK && !is_of_file(unit->status)) {
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
    drop_unit(unit);
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
static enum tscope_status
deliver_unit(struct tscope_sweep *sweep, struct tscope_error *err)
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
            status = take_parcel(sweep, unit->file, parcel, err);
        else
            tscope_parcel_free(parcel);
        if (status != TSCOPE_OK)
            tscope_sweep_cancel(sweep);
    }
    pop_turn(sweep);
    finished = finish_unit(sweep, unit, err);
    return status == TSCOPE_OK ? finished : status;
}

static enum tscope_status
fail(struct tscope_sweep *sweep, enum tscope_status status, const struct tscope_error *err)
{
    if (status != TSCOPE_OK) {
        sweep->has_failed = true;
        if (err)
            sweep->err = *err;
        tscope_sweep_cancel(sweep);
    }
    return status;
}

/* ---- adding */

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
    work->status = take_parcel(work->sweep, unit->file, parcel, work->err);
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
    do_unit(worker, unit);
    finished = finish_unit(sweep, unit, err);
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

static enum tscope_status
add_unit(struct tscope_sweep *sweep, const struct tscope_unit *like, struct tscope_error *err)
{
    struct tscope_unit *unit = make_unit(like);
    enum tscope_status status = TSCOPE_OK;

    if (!unit)
        return tscope_error_no_memory(err);
    if (!sweep->has_threads)
        return do_at_once(sweep, unit, err);
    queue_work(sweep, unit);
    queue_turn(sweep, unit);
    while (status == TSCOPE_OK && sweep->units > (size_t)sweep->workers_len * UNITS_A_THREAD)
        status = deliver_unit(sweep, err);
    return status;
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
    drop_unit(hash);
    return status;
}

static enum tscope_status
add_whole_file(struct tscope_sweep *sweep, struct tscope_sweep_file *file, struct tscope_error *err)
{
    struct tscope_unit *unit = make_unit(&(struct tscope_unit){.kind = TSCOPE_UNIT_FILE, .file = file});
    enum tscope_status status = TSCOPE_OK;

    file->is_closed = true;
    if (!unit) {
        tscope_sweep_file_free(file);
        return tscope_error_no_memory(err);
    }
    if (!sweep->has_threads)
        return do_at_once(sweep, unit, err);
    queue_work(sweep, unit);
    queue_turn(sweep, unit);
    while (status == TSCOPE_OK && sweep->units > (size_t)sweep->workers_len * UNITS_A_THREAD)
        status = deliver_unit(sweep, err);
    return status;
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
    if (!is_of_file(status))
        return status;
    file->status = status;
    if (err) {
        file->err = *err;
        *err = (struct tscope_error){0};
    }
    atomic_fetch_add(&sweep->unreadable, 1);
    tell_of_file(sweep, file);
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
        tell(sweep, file, note);
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
        return fail(sweep, tscope_error_no_memory(err), err);
    if (range) {
        file->is_part = true;
        file->begin = range[0];
        file->end = range[1];
    }
    return fail(sweep, add_file(sweep, file, err), err);
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

enum tscope_status
tscope_sweep_finish(tscope_sweep *sweep, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    sweep->has_ended = true;
    while (sweep->turn) {
        enum tscope_status delivered = deliver_unit(sweep, err);

        status = status == TSCOPE_OK ? delivered : status;
    }
    if (status == TSCOPE_OK && sweep->teller && !atomic_load(&sweep->cancelled))
        status = tscope_teller_flush(sweep->teller, err);
    if (status == TSCOPE_OK && sweep->keeper && !sweep->has_failed)
        status = tscope_keeper_flush(sweep->keeper, err);
    return fail(sweep, status, err);
}
