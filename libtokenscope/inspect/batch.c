/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/batch.h>

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "core/error.h"
#include "inspect/batch_judge.h"

/*
 * Items are gathered in chunks, which stand in a ring in the order of the items. Whoever owns the batch fills the chunk at the
 * head and delivers the one at the tail; threads judge those in between, each a whole chunk. With one thread there is one chunk,
 * and the owner judges it.
 */

#define CHUNK_JOBS 32
#define CHUNK_BYTES (256u << 10) /* a chunk that holds as much is full */
#define CHUNK_KEEP (1u << 20)    /* what a chunk's text may keep for the next items */
#define STACK_BYTES (1u << 20)   /* of a thread: what inspects a token keeps little there, and recursion is bounded */
#define CHUNKS_A_THREAD 2        /* one that is judged, and one that waits for it */
#define TOKENS_DEFAULT ((size_t)16 << 20)
#define JSON_DEFAULT ((size_t)8 << 20)

enum chunk_state { CHUNK_FREE, CHUNK_WAITS, CHUNK_JUDGED };

struct chunk {
    struct tscope_batch_job jobs[CHUNK_JOBS];
    size_t jobs_len;
    struct tscope_buffer text;
    enum chunk_state state; /* guarded by the batch's lock */
};

struct tscope_batch {
    unsigned flags, threads_len, chunks_len;
    tscope_batch_deliver *deliver;
    void *user;
    struct tscope_batch_counts counts;
    bool delivering;
    atomic_bool cancelled;

    struct chunk *chunks;
    unsigned head, tail; /* the chunk that is filled, and the oldest one that was handed over */
    unsigned on_way;     /* chunks from tail to head */

    struct tscope_batch_memory *memory;
    struct tscope_batch_judge *judges; /* one a thread; the owner's when there is none */
    unsigned judges_len;

    pthread_mutex_t lock;
    pthread_cond_t has_work, has_answers;
    bool has_locks, closing;
    unsigned next;    /* the chunk to be judged next */
    unsigned waiting; /* chunks that wait to be */
    pthread_t *threads;
};

TSCOPE_DEFINE_AUTO(tscope_batch)

/* ---- judging */

static void
judge_chunk(const tscope_batch *batch, struct tscope_batch_judge *judge, struct chunk *chunk)
{
    for (size_t i = 0; i < chunk->jobs_len && !atomic_load_explicit(&batch->cancelled, memory_order_relaxed); i++)
        tscope_batch_judge_job(judge, chunk->text.data, &chunk->jobs[i]);
}

struct worker {
    tscope_batch *batch;
    struct tscope_batch_judge *judge;
};

static void
work(tscope_batch *batch, struct tscope_batch_judge *judge)
{
    pthread_mutex_lock(&batch->lock);
    for (;;) {
        struct chunk *chunk;

        while (batch->waiting == 0 && !batch->closing)
            pthread_cond_wait(&batch->has_work, &batch->lock);
        if (batch->waiting == 0)
            break;
        chunk = &batch->chunks[batch->next];
        batch->next = (batch->next + 1) % batch->chunks_len;
        batch->waiting--;
        pthread_mutex_unlock(&batch->lock);
        judge_chunk(batch, judge, chunk);
        pthread_mutex_lock(&batch->lock);
        chunk->state = CHUNK_JUDGED;
        pthread_cond_signal(&batch->has_answers);
    }
    pthread_mutex_unlock(&batch->lock);
}

static void *
run_worker(void *argument)
{
    struct worker worker = *(struct worker *)argument;

    tscope_free(argument);
    work(worker.batch, worker.judge);
    return NULL;
}

/* Signals are for the threads of the program. */
static bool
start_thread(tscope_batch *batch, unsigned number)
{
    struct worker *worker = tscope_alloc(sizeof(*worker));
    pthread_attr_t attributes;
    sigset_t all, before;
    bool started;

    if (!worker || pthread_attr_init(&attributes) != 0) {
        tscope_free(worker);
        return false;
    }
    *worker = (struct worker){batch, &batch->judges[number]};
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    started = pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
              pthread_create(&batch->threads[number], &attributes, run_worker, worker) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (!started)
        tscope_free(worker);
    return started;
}

/* ---- making and ending */

static bool
make_locks(tscope_batch *batch)
{
    if (pthread_mutex_init(&batch->lock, NULL) != 0)
        return false;
    if (pthread_cond_init(&batch->has_work, NULL) != 0) {
        pthread_mutex_destroy(&batch->lock);
        return false;
    }
    if (pthread_cond_init(&batch->has_answers, NULL) != 0) {
        pthread_cond_destroy(&batch->has_work);
        pthread_mutex_destroy(&batch->lock);
        return false;
    }
    batch->has_locks = true;
    return true;
}

static enum tscope_status
open_judges(tscope_batch *batch, const tscope_inspector *like, unsigned count, struct tscope_error *err)
{
    batch->judges = tscope_alloc_zeroed(count, sizeof(*batch->judges));
    if (!batch->judges)
        return tscope_error_no_memory(err);
    for (; batch->judges_len < count; batch->judges_len++) {
        enum tscope_status status = tscope_batch_judge_open(&batch->judges[batch->judges_len], like, batch->flags, batch->memory, err);

        if (status != TSCOPE_OK)
            return status;
    }
    return TSCOPE_OK;
}

static enum tscope_status
start_threads(tscope_batch *batch, unsigned count, struct tscope_error *err)
{
    if (!make_locks(batch))
        return tscope_error_no_memory(err);
    batch->threads = tscope_alloc_zeroed(count, sizeof(*batch->threads));
    if (!batch->threads)
        return tscope_error_no_memory(err);
    for (; batch->threads_len < count; batch->threads_len++) {
        if (!start_thread(batch, batch->threads_len))
            return tscope_error_set(err, TSCOPE_ERR_UNSUPPORTED, TSCOPE_OFFSET_NONE, "no thread can be started");
    }
    return TSCOPE_OK;
}

static enum tscope_status
make_batch(tscope_batch *batch, const tscope_inspector *like, const struct tscope_batch_options *options, struct tscope_error *err)
{
    unsigned threads = options->threads > 1 ? options->threads : 1;
    enum tscope_status status;

    batch->flags = options->flags;
    batch->deliver = options->deliver;
    batch->user = options->user;
    batch->chunks_len = threads > 1 ? threads * CHUNKS_A_THREAD + 1 : 1;
    batch->chunks = tscope_alloc_zeroed(batch->chunks_len, sizeof(*batch->chunks));
    if (!batch->chunks)
        return tscope_error_no_memory(err);
    if (batch->flags & TSCOPE_BATCH_MEMORY) {
        batch->memory = tscope_batch_memory_new(options->tokens_max ? options->tokens_max : TOKENS_DEFAULT,
                                                options->json_max ? options->json_max : JSON_DEFAULT);
        if (!batch->memory)
            return tscope_error_no_memory(err);
    }
    status = open_judges(batch, like, threads, err);
    return status == TSCOPE_OK && threads > 1 ? start_threads(batch, threads, err) : status;
}

enum tscope_status
tscope_batch_new(const tscope_inspector *like, const struct tscope_batch_options *options, tscope_batch **ret_batch,
                 struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_batch) *batch = NULL;
    struct tscope_batch_options wanted = {0};
    enum tscope_status status;

    memcpy(&wanted, options, options->size < sizeof(wanted) ? options->size : sizeof(wanted));
    if (!wanted.deliver)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "nobody takes the answers");
    if (wanted.threads > TSCOPE_BATCH_THREADS_MAX)
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "more than %d threads", TSCOPE_BATCH_THREADS_MAX);
    batch = tscope_alloc_zeroed(1, sizeof(*batch));
    if (!batch)
        return tscope_error_no_memory(err);
    status = make_batch(batch, like, &wanted, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_batch = TSCOPE_STEAL(batch);
    return TSCOPE_OK;
}

static void
stop_threads(tscope_batch *batch)
{
    if (!batch->has_locks)
        return;
    pthread_mutex_lock(&batch->lock);
    batch->closing = true;
    batch->waiting = 0;
    pthread_cond_broadcast(&batch->has_work);
    pthread_mutex_unlock(&batch->lock);
    for (unsigned i = 0; i < batch->threads_len; i++)
        pthread_join(batch->threads[i], NULL);
    pthread_cond_destroy(&batch->has_answers);
    pthread_cond_destroy(&batch->has_work);
    pthread_mutex_destroy(&batch->lock);
}

void
tscope_batch_free(tscope_batch *batch)
{
    if (!batch)
        return;
    tscope_batch_cancel(batch);
    stop_threads(batch);
    for (unsigned i = 0; i < batch->judges_len; i++)
        tscope_batch_judge_close(&batch->judges[i]);
    for (unsigned i = 0; i < batch->chunks_len && batch->chunks; i++) {
        tscope_buffer_clear(&batch->chunks[i].text);
        for (size_t j = 0; j < CHUNK_JOBS; j++) {
            tscope_report_free(batch->chunks[i].jobs[j].report);
            tscope_buffer_clear(&batch->chunks[i].jobs[j].json);
        }
    }
    tscope_batch_memory_free(batch->memory);
    tscope_free(batch->judges);
    tscope_free(batch->threads);
    tscope_free(batch->chunks);
    tscope_free(batch);
}

/* ---- answers */

static void
deliver_job(tscope_batch *batch, const uint8_t *text, const struct tscope_batch_job *job)
{
    const bool has_json = job->status == TSCOPE_OK && batch->flags & (TSCOPE_BATCH_JSON | TSCOPE_BATCH_ROWS);
    const struct tscope_batch_answer answer = {
        .status = job->status,
        .err = job->err,
        .verdict = job->verdict,
        .is_uncertain = job->is_uncertain,
        .report = job->has_report ? job->report : NULL,
        .json = has_json ? (const char *)job->json.data : NULL,
        .json_len = has_json ? job->json.len : 0,
        .id = job->id_at == SIZE_MAX ? NULL : (const char *)text + job->id_at,
        .id_len = job->id_len,
        .tag = job->tag,
        .line = job->line,
    };

    batch->counts.answers++;
    batch->counts.bytes += job->bytes_len;
    batch->delivering = true;
    batch->deliver(batch->user, &answer);
    batch->delivering = false;
}

static void
empty_chunk(struct chunk *chunk)
{
    chunk->jobs_len = 0;
    if (chunk->text.capacity > CHUNK_KEEP)
        tscope_buffer_clear(&chunk->text);
    tscope_buffer_reset(&chunk->text);
}

static void
deliver_chunk(tscope_batch *batch, struct chunk *chunk)
{
    for (size_t i = 0; i < chunk->jobs_len && !atomic_load(&batch->cancelled); i++)
        deliver_job(batch, chunk->text.data, &chunk->jobs[i]);
    empty_chunk(chunk);
}

/* Delivers the chunks that are judged, oldest first, until no more than left are on their way; those it waits for. */
static void
deliver_until(tscope_batch *batch, unsigned left)
{
    while (batch->on_way > 0) {
        struct chunk *chunk = &batch->chunks[batch->tail];

        pthread_mutex_lock(&batch->lock);
        while (chunk->state == CHUNK_WAITS && batch->on_way > left)
            pthread_cond_wait(&batch->has_answers, &batch->lock);
        if (chunk->state == CHUNK_WAITS) {
            pthread_mutex_unlock(&batch->lock);
            return;
        }
        chunk->state = CHUNK_FREE;
        pthread_mutex_unlock(&batch->lock);
        batch->tail = (batch->tail + 1) % batch->chunks_len;
        batch->on_way--;
        deliver_chunk(batch, chunk);
    }
}

/* Hands the chunk at the head over. There is a free one behind it when this returns. */
static void
hand_over(tscope_batch *batch)
{
    struct chunk *chunk = &batch->chunks[batch->head];

    if (chunk->jobs_len == 0)
        return;
    if (batch->threads_len == 0) {
        judge_chunk(batch, &batch->judges[0], chunk);
        deliver_chunk(batch, chunk);
        return;
    }
    pthread_mutex_lock(&batch->lock);
    chunk->state = CHUNK_WAITS;
    batch->waiting++;
    pthread_cond_signal(&batch->has_work);
    pthread_mutex_unlock(&batch->lock);
    batch->head = (batch->head + 1) % batch->chunks_len;
    batch->on_way++;
    deliver_until(batch, batch->chunks_len - 1);
}

/* ---- items */

/* Where the text stands; SIZE_MAX: there is none. */
static size_t
copy_in(struct tscope_buffer *text, const void *bytes, size_t len)
{
    size_t at = text->len;

    if (!bytes)
        return SIZE_MAX;
    tscope_buffer_append(text, bytes, len);
    tscope_buffer_append_byte(text, 0);
    return at;
}

static bool
fill_job(struct chunk *chunk, const struct tscope_batch_item *item)
{
    struct tscope_batch_job *job = &chunk->jobs[chunk->jobs_len];
    struct tscope_buffer *text = &chunk->text;
    const char *seen_from = item->moment.seen_from;
    size_t before = text->len;

    job->bytes_len = item->bytes && !item->refusal ? item->bytes_len : 0;
    job->bytes_at = copy_in(text, job->bytes_len ? item->bytes : (const uint8_t *)"", job->bytes_len);
    job->path_at = copy_in(text, item->path, item->path ? strlen(item->path) : 0);
    job->id_at = copy_in(text, item->id, item->id_len);
    job->id_len = item->id_len;
    job->seen_from_at = copy_in(text, seen_from, seen_from ? strlen(seen_from) : 0);
    if (text->failed) {
        text->failed = false;
        text->len = before;
        return false;
    }
    job->offset = item->offset;
    job->moment = item->moment;
    job->is_refused = item->refusal;
    if (item->refusal) {
        job->err = *item->refusal;
        job->status = job->err.status;
    }
    job->is_capture = item->capture;
    job->capture = item->capture ? *item->capture : (struct tscope_capture){0};
    job->tag = item->tag;
    job->line = item->line;
    chunk->jobs_len++;
    return true;
}

static enum tscope_status
check_state(const tscope_batch *batch, struct tscope_error *err)
{
    if (batch->delivering)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "whoever takes an answer must not use the batch");
    if (atomic_load(&batch->cancelled))
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the batch was cancelled");
    return TSCOPE_OK;
}

enum tscope_status
tscope_batch_add(tscope_batch *batch, const struct tscope_batch_item *item, struct tscope_error *err)
{
    struct chunk *chunk = &batch->chunks[batch->head];
    enum tscope_status status = check_state(batch, err);

    if (status != TSCOPE_OK)
        return status;
    if (!fill_job(chunk, item))
        return tscope_error_no_memory(err);
    batch->counts.items++;
    if (chunk->jobs_len == CHUNK_JOBS || chunk->text.len >= CHUNK_BYTES)
        hand_over(batch);
    return TSCOPE_OK;
}

enum tscope_status
tscope_batch_flush(tscope_batch *batch, struct tscope_error *err)
{
    enum tscope_status status = check_state(batch, err);

    if (status != TSCOPE_OK)
        return status;
    hand_over(batch);
    if (batch->threads_len > 0)
        deliver_until(batch, 0);
    return TSCOPE_OK;
}

void
tscope_batch_cancel(tscope_batch *batch)
{
    atomic_store(&batch->cancelled, true);
}

void
tscope_batch_count(const tscope_batch *batch, struct tscope_batch_counts *ret_counts)
{
    *ret_counts = batch->counts;
    if (batch->memory)
        tscope_batch_memory_count(batch->memory, &ret_counts->different, &ret_counts->forgotten);
}
