/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_BATCH_H
#define TOKENSCOPE_BATCH_H

#include <tokenscope/inspect.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file Judging very many tokens: on several threads, in order, in bounded memory, the same token once.
 *
 * What comes out does not depend on the number of threads, nor on what was answered from memory: the same items give the same
 * answers in the same order, byte for byte.
 */

/** Takes tokens, hands answers back. Belongs to one thread, and has threads of its own. */
typedef struct tscope_batch tscope_batch;

/** One token. All of it is copied. Starts as {0}. Fixed for the soname. */
struct tscope_batch_item {
    const uint8_t *bytes; /**< as found, with transport around it */
    size_t bytes_len;
    const struct tscope_capture *capture; /**< which of the tokens in bytes; NULL: they are one */
    struct tscope_moment moment;
    const char *path; /**< for the report's "source"; NULL: not said */
    uint64_t offset;  /**< byte of that file at which bytes begins */
    const char *id;   /**< a JSON value, on one line, that the report gets as its "id"; it is not looked into. NULL: null */
    size_t id_len;
    void *tag;                          /**< handed back with the answer */
    uint64_t line;                      /**< the same */
    const struct tscope_error *refusal; /**< nothing is judged, and the answer is this; NULL: none */
    void *reserved[4];
};

/** What became of one token; all of it is gone when the function that takes it returns. Fixed for the soname. */
struct tscope_batch_answer {
    enum tscope_status status; /**< as of tscope_inspect() */
    struct tscope_error err;   /**< when that is not TSCOPE_OK */
    enum tscope_verdict verdict;
    bool is_uncertain;           /**< as of tscope_report_is_uncertain() */
    const tscope_report *report; /**< NULL: not asked for, no report, or answered from memory */
    const char *json;            /**< one line without its end; NULL: not asked for, or no report */
    size_t json_len;
    const char *id; /**< as it was given; NULL: it was not */
    size_t id_len;
    void *tag;
    uint64_t line;
    void *reserved[4];
};

/** Takes one answer; called by the thread that the batch belongs to, in the order of the items. It must not add to the batch. */
typedef void tscope_batch_deliver(void *user, const struct tscope_batch_answer *answer);

enum {
    TSCOPE_BATCH_JSON = 1,    /**< answers hold the report as JSON, as tscope_report_json() writes it without flags */
    TSCOPE_BATCH_REPORTS = 2, /**< answers hold the report */
    /**
     * A token that was judged before, to the byte and for the same moment, is answered from memory, without its report. With
     * TSCOPE_BATCH_JSON of many different tokens only the latest are, and the others are judged again.
     */
    TSCOPE_BATCH_MEMORY = 4,
    TSCOPE_BATCH_REVEAL = 8, /**< as TSCOPE_REPORT_REVEAL */
    TSCOPE_BATCH_ROWS = 16,  /**< the JSON is that of tscope_report_row_json() */
};

/** How to work. size is sizeof(struct tscope_batch_options), so that later versions can grow it; 0 in a field means its default. */
struct tscope_batch_options {
    size_t size;
    unsigned flags;
    unsigned threads;  /**< that judge; 1, the default: the caller's own; at most TSCOPE_BATCH_THREADS_MAX */
    size_t tokens_max; /**< different tokens that are remembered; default 16 Mi. Each takes 43 to 85 bytes */
    size_t json_max;   /**< bytes of JSON that are remembered; default 8 MiB */
    tscope_batch_deliver *deliver;
    void *user;
};
#define TSCOPE_BATCH_THREADS_MAX 256

/** What was done so far. Fixed for the soname. */
struct tscope_batch_counts {
    uint64_t items;     /**< taken */
    uint64_t answers;   /**< delivered */
    uint64_t bytes;     /**< of the items delivered */
    uint64_t different; /**< different tokens for which a report was made; 0 without TSCOPE_BATCH_MEMORY */
    uint64_t forgotten; /**< of them, pushed out by later ones: what is different is then counted again */
    void *reserved[4];
};

/**
 * @param like  an inspector whose keyring, profile, limits, policy, payload, password and exposed key are used; what it borrows
 *              must outlive the batch. It is not used itself
 * @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT (no deliver, too many threads), TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_UNSUPPORTED (no thread can
 *         be started)
 */
TSCOPE_MUST_USE enum tscope_status tscope_batch_new(const tscope_inspector *like, const struct tscope_batch_options *options,
                                                    tscope_batch **ret_batch, struct tscope_error *err);

/** Waits for its threads, and drops what was not delivered. NULL is allowed. */
void tscope_batch_free(tscope_batch *batch);

/**
 * Takes one token, and delivers what has come out by then; waits while too many are on their way.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY (the item is not taken), TSCOPE_ERR_STATE (cancelled, or asked from within deliver)
 */
TSCOPE_MUST_USE enum tscope_status tscope_batch_add(tscope_batch *batch, const struct tscope_batch_item *item, struct tscope_error *err);

/** Delivers all that was taken, and waits for it. TSCOPE_OK, or TSCOPE_ERR_STATE when it was cancelled before. */
TSCOPE_MUST_USE enum tscope_status tscope_batch_flush(tscope_batch *batch, struct tscope_error *err);

/** From any thread, or a signal handler: nothing more is judged or delivered. */
void tscope_batch_cancel(tscope_batch *batch);

/** For progress; asked by the thread that the batch belongs to, from within deliver too. */
void tscope_batch_count(const tscope_batch *batch, struct tscope_batch_counts *ret_counts);

/** Reads lines of a stream. Belongs to one thread. */
typedef struct tscope_stream tscope_stream;

TSCOPE_MUST_USE enum tscope_status tscope_stream_new(tscope_stream **ret_stream, struct tscope_error *err);
void tscope_stream_free(tscope_stream *stream); /**< NULL is allowed */

/**
 * Reads a line: a token as it was found, or a JSON object with "token" (a string), and perhaps "id" (any value) and "seen" (RFC 3339
 * text, or seconds since the epoch). Other members are passed over.
 *
 * @param item  gets bytes, id and, where the line has one, moment.seen; the rest of it stays as it is. Views of the line, or of memory
 *              that lives until the next call. After an error id is filled all the same where it could be read
 * @return TSCOPE_OK, TSCOPE_ERR_DATA (no token, or a member of another type), TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_stream_read(tscope_stream *stream, const uint8_t *line, size_t line_len,
                                                      struct tscope_batch_item *item, struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
