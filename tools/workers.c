/* SPDX-License-Identifier: Apache-2.0 */
#include "workers.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

#define RUN 16 /* neighbours that one worker takes at a time: vectors of a family share their keys */

struct crew {
    const struct workers_job *job;
    pthread_mutex_t lock;
    pthread_cond_t room, ready;
    char *outcomes; /* slots of them, in a ring */
    bool *is_ready; /* one a slot */
    size_t slots, next, taken;
    bool stopped;
};

struct worker {
    struct crew *crew;
    unsigned number;
    pthread_t thread;
};

static void *
outcome_at(const struct crew *crew, size_t number)
{
    return crew->outcomes + number % crew->slots * crew->job->outcome_size;
}

/* The next run of numbers, once there is room for all its outcomes. False: there is none. */
static bool
take_run(struct crew *crew, size_t *ret_first, size_t *ret_end)
{
    bool has;

    pthread_mutex_lock(&crew->lock);
    while (!crew->stopped && crew->next < crew->job->count && crew->next + RUN > crew->taken + crew->slots)
        pthread_cond_wait(&crew->room, &crew->lock);
    has = !crew->stopped && crew->next < crew->job->count;
    *ret_first = crew->next;
    if (has)
        crew->next = crew->job->count - crew->next < RUN ? crew->job->count : crew->next + RUN;
    *ret_end = crew->next;
    pthread_mutex_unlock(&crew->lock);
    return has;
}

/* False: nobody wants more. */
static bool
hand_in(struct crew *crew, size_t number)
{
    bool goes_on;

    pthread_mutex_lock(&crew->lock);
    crew->is_ready[number % crew->slots] = true;
    goes_on = !crew->stopped;
    pthread_cond_signal(&crew->ready); /* one waits at most: who takes */
    pthread_mutex_unlock(&crew->lock);
    return goes_on;
}

static void *
work(void *argument)
{
    const struct worker *worker = argument;
    const struct workers_job *job = worker->crew->job;
    size_t first, end;

    while (take_run(worker->crew, &first, &end)) {
        bool goes_on = true;

        for (size_t number = first; number < end && goes_on; number++) {
            memset(outcome_at(worker->crew, number), 0, job->outcome_size);
            job->work(job->user, worker->number, number, outcome_at(worker->crew, number));
            goes_on = hand_in(worker->crew, number);
        }
    }
    return NULL;
}

static void
take_all(struct crew *crew)
{
    const struct workers_job *job = crew->job;
    bool goes_on = true;

    for (size_t number = 0; number < job->count && goes_on; number++) {
        pthread_mutex_lock(&crew->lock);
        while (!crew->is_ready[number % crew->slots])
            pthread_cond_wait(&crew->ready, &crew->lock);
        pthread_mutex_unlock(&crew->lock);
        goes_on = job->take(job->user, number, outcome_at(crew, number));
        job->clear(outcome_at(crew, number));
        pthread_mutex_lock(&crew->lock);
        crew->is_ready[number % crew->slots] = false;
        crew->taken = number + 1;
        crew->stopped = !goes_on;
        pthread_cond_broadcast(&crew->room);
        pthread_mutex_unlock(&crew->lock);
    }
}

static void
run_alone(const struct workers_job *job)
{
    void *outcome = memory_grow(NULL, 1, job->outcome_size);
    bool goes_on = true;

    for (size_t number = 0; number < job->count && goes_on; number++) {
        memset(outcome, 0, job->outcome_size);
        job->work(job->user, 0, number, outcome);
        goes_on = job->take(job->user, number, outcome);
        job->clear(outcome);
    }
    free(outcome);
}

void
workers_run(const struct workers_job *job)
{
    struct crew crew = {.job = job, .slots = (size_t)job->threads * 2 * RUN};
    struct worker *workers;
    unsigned started = 0;

    if (job->threads < 2 || job->count <= RUN) {
        run_alone(job);
        return;
    }
    pthread_mutex_init(&crew.lock, NULL);
    pthread_cond_init(&crew.room, NULL);
    pthread_cond_init(&crew.ready, NULL);
    crew.outcomes = memory_grow(NULL, crew.slots, job->outcome_size);
    crew.is_ready = memory_grow(NULL, crew.slots, sizeof(*crew.is_ready));
    memset(crew.is_ready, 0, crew.slots * sizeof(*crew.is_ready));
    workers = memory_grow(NULL, job->threads, sizeof(*workers));
    for (unsigned i = 0; i < job->threads; i++) {
        workers[started] = (struct worker){.crew = &crew, .number = started};
        started += pthread_create(&workers[started].thread, NULL, work, &workers[started]) == 0;
    }
    if (started > 0)
        take_all(&crew);
    else
        run_alone(job);
    for (unsigned i = 0; i < started; i++)
        pthread_join(workers[i].thread, NULL);
    for (size_t slot = 0; slot < crew.slots; slot++) {
        if (crew.is_ready[slot])
            job->clear(crew.outcomes + slot * job->outcome_size);
    }
    pthread_cond_destroy(&crew.ready);
    pthread_cond_destroy(&crew.room);
    pthread_mutex_destroy(&crew.lock);
    free(workers);
    free(crew.is_ready);
    free(crew.outcomes);
}
