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

#endif
