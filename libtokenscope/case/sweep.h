/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_SWEEP_H
#define TSCOPE_CASE_SWEEP_H

#include <tokenscope/sweep.h>

#include "case/keeper.h"
#include "case/teller.h"
#include "case/unit.h"

/**
 * @file Units of work and those who do them. Threads take units in the order of work; the sweep's own thread takes their parcels in the
 * order of the files, so that what comes out does not depend on the threads. A thread ahead of its turn waits when it has a
 * parcel to hand over, which bounds what is on its way.
 */

struct tscope_sweep_worker {
    struct tscope_sweep *sweep;
    struct tscope_reader reader;
    pthread_t thread;
    bool is_started;
};

struct tscope_sweep {
    struct tscope_sweep_options options;
    tscope_keeper *keeper; /* with a case */
    tscope_teller *teller; /* without one */
    tscope_hasher *hasher; /* whose context the others share */
    bool has_failed, has_ended;
    struct tscope_error err; /* of what failed */

    atomic_bool cancelled;
    atomic_uint_fast64_t files, skipped, unreadable, partly, bytes, bytes_read, bytes_known, tokens, keys, places;

    struct tscope_sweep_worker *workers; /* one, which the sweep's own thread uses, when there are no threads */
    unsigned workers_len;
    bool has_threads;

    pthread_mutex_t lock;
    pthread_cond_t has_work, has_parcel, has_turn;
    bool has_locks, closing;
    struct tscope_unit *work, *work_last; /* not begun */
    struct tscope_unit *turn, *turn_last; /* not delivered; the first may hand over */
    size_t units;                         /* of both */
};

/* ---- sweep.c */

/** Reads one unit with a worker's reader; its status is in the unit. */
void tscope_sweep_do_unit(struct tscope_sweep_worker *worker, struct tscope_unit *unit);
/** A unit that was not delivered goes, its file with the last one. */
void tscope_sweep_drop_unit(struct tscope_unit *unit);

/* ---- sweep_deliver.c */

void tscope_sweep_tell_of(const struct tscope_sweep *sweep, const struct tscope_sweep_file *file, const char *message);
/** What is wrong with a file, told once it is read or refused. */
void tscope_sweep_tell_warnings(const struct tscope_sweep *sweep, const struct tscope_sweep_file *file);
/** True for what is the file's fault, so that the others go on. */
bool tscope_sweep_is_of_file(enum tscope_status status);
/** Keeps or delivers what is in a parcel, which goes. */
TSCOPE_MUST_USE enum tscope_status tscope_sweep_take_parcel(struct tscope_sweep *sweep, struct tscope_sweep_file *file,
                                                            tscope_parcel *parcel, struct tscope_error *err);
/** Behind a unit's last parcel; the unit goes. */
TSCOPE_MUST_USE enum tscope_status tscope_sweep_finish_unit(struct tscope_sweep *sweep, struct tscope_unit *unit, struct tscope_error *err);
/** Waits for the unit whose turn it is, and takes all of it. */
TSCOPE_MUST_USE enum tscope_status tscope_sweep_deliver_next(struct tscope_sweep *sweep, struct tscope_error *err);
/** Passes a status on; one that is not TSCOPE_OK ends the sweep. */
enum tscope_status tscope_sweep_fail(struct tscope_sweep *sweep, enum tscope_status status, const struct tscope_error *err);

#endif
