/* SPDX-License-Identifier: Apache-2.0 */
#include "case/sweep.h"

#include <signal.h>

#include "core/error.h"

#define STACK_BYTES (1u << 20)

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

void
tscope_sweep_do_unit(struct tscope_sweep_worker *worker, struct tscope_unit *unit)
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
        tscope_sweep_do_unit(worker, unit);
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
void
tscope_sweep_drop_unit(struct tscope_unit *unit)
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
        tscope_sweep_drop_unit(unit);
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

enum tscope_status
tscope_sweep_finish(tscope_sweep *sweep, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    sweep->has_ended = true;
    while (sweep->turn) {
        enum tscope_status delivered = tscope_sweep_deliver_next(sweep, err);

        status = status == TSCOPE_OK ? delivered : status;
    }
    if (status == TSCOPE_OK && sweep->teller && !atomic_load(&sweep->cancelled))
        status = tscope_teller_flush(sweep->teller, err);
    if (status == TSCOPE_OK && sweep->keeper && !sweep->has_failed)
        status = tscope_keeper_flush(sweep->keeper, err);
    return tscope_sweep_fail(sweep, status, err);
}
