/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_SWEEP_H
#define TOKENSCOPE_SWEEP_H

#include <tokenscope/batch.h>
#include <tokenscope/case.h>
#include <tokenscope/scan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file A sweep over evidence (of libtokenscope-case): files are read on several threads, what is found is told with what stands around
 * it, tokens are judged. Finds come in the order of the files and of their places in them, whatever the number of threads.
 */

/** Belongs to one thread, and has threads of its own. */
typedef struct tscope_sweep tscope_sweep;

/** Where something was found, and what it is. A view: all of it is gone when the function that takes it returns. Fixed for the soname. */
struct tscope_sweep_find {
    enum tscope_find_kind kind;
    enum tscope_find_encoding encoding;
    const char *path;        /**< as it was given */
    const char *member;      /**< of a stream inside the file; "": the file itself */
    uint64_t offset, length; /**< in that stream, as written there */
    int64_t seen;            /**< when the evidence shows it in use; TSCOPE_TIME_UNKNOWN */
    const char *context;     /**< a JSON object (tscope_context_json()); NULL: nothing stands around it */
    const char *place;       /**< the context in words: "entry 3, request header Authorization"; NULL: none */
    const char *sha256;      /**< of a token, in hexadecimal digits */
    const char *key;         /**< of a key: a JSON object */
    bool is_published_key;   /**< a private key that belongs to a published public one */
    /** Of a token, without a case: as of tscope_batch_answer; the report is there when it was not answered from memory. */
    const struct tscope_batch_answer *answer;
    void *reserved[4];
};

/** Takes one find, on the sweep's thread. False: no more are wanted. */
typedef bool tscope_sweep_deliver(void *user, const struct tscope_sweep_find *find);

/** Something that is worth a line on standard error: what was not read, and why. Gone when the function returns. */
typedef void tscope_sweep_tell(void *user, const char *path, const char *message);

/** How a sweep works. size is sizeof(struct tscope_sweep_options); 0 in a field means its default. */
struct tscope_sweep_options {
    size_t size;
    tscope_case *into;                        /**< open for writing: finds go there, and are judged at the end; NULL: they are delivered */
    const tscope_inspector *judge;            /**< as of tscope_batch_new(); needed without a case when tokens are looked for */
    const tscope_keyring *known, *private_of; /**< as of struct tscope_scanner_options */
    unsigned scan;                            /**< TSCOPE_SCAN_…; 0: tokens and keys */
    unsigned threads;                         /**< that read; 1, the default: the caller's own; at most TSCOPE_BATCH_THREADS_MAX */
    struct tscope_moment moment;              /**< seen: of finds that have no time of their own */
    bool reveal;                              /**< without a case: signatures whole in the JSON of answers, private keys in that of keys */
    bool rows;                                /**< answers have JSON */
    tscope_sweep_deliver *deliver;
    tscope_sweep_tell *tell; /**< NULL: nobody is told */
    void *user;
};

/** What was done so far; may be asked at any time, from a signal handler too. Fixed for the soname. */
struct tscope_sweep_counts {
    uint64_t files, skipped, unreadable; /**< files read to their end; of them known from the case and passed over; not read to the end */
    uint64_t bytes, bytes_read;          /**< of the files that were added; of them looked through, or known from the case */
    uint64_t bytes_known;                /**< of these, the latter */
    uint64_t tokens, keys, places;       /**< places of tokens, and of keys; both together */
    uint64_t partly;                     /**< files of which something was not read, such as what is encrypted: a warning says what */
    void *reserved[3];
};

/** @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_UNSUPPORTED (no thread can be started) */
TSCOPE_MUST_USE enum tscope_status tscope_sweep_new(const struct tscope_sweep_options *options, tscope_sweep **ret_sweep,
                                                    struct tscope_error *err);
/** Waits for its threads; what they were at is dropped. NULL is allowed. */
void tscope_sweep_free(tscope_sweep *sweep);

/**
 * Takes one file, and delivers or keeps what has come out by then; waits while too much is on its way. Of a case that knows the file, what
 * was read of it before is not read again, unless it has changed since.
 *
 * @param path        for reports and the case; copied
 * @param descriptor  open for reading; the sweep's to close, whatever is returned. What is no file is read from where it stands to its end
 * @return TSCOPE_OK; TSCOPE_ERR_IO when the case cannot be written, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_STATE (ended before): nothing more can
 * be done. What is wrong with the file itself is told and counted
 */
TSCOPE_MUST_USE enum tscope_status tscope_sweep_add(tscope_sweep *sweep, const char *path, int descriptor, struct tscope_error *err);

/**
 * The same for what begins in a range of a file alone, with as much read around it as that takes: of ranges that lie side by side each find
 * is told once, by whichever machine. The bytes of the file itself are searched, not what is inside an archive. Without a case.
 *
 * @param end  behind the range; at most the file's size counts
 * @return as above, or TSCOPE_ERR_ARGUMENT (no range of a file, or with a case)
 */
TSCOPE_MUST_USE enum tscope_status tscope_sweep_add_range(tscope_sweep *sweep, const char *path, int descriptor, uint64_t begin,
                                                          uint64_t end, struct tscope_error *err);

/** Waits for all that was added. Statuses as above. */
TSCOPE_MUST_USE enum tscope_status tscope_sweep_finish(tscope_sweep *sweep, struct tscope_error *err);

/** From any thread, or a signal handler: nothing more is read; what was read is kept. */
void tscope_sweep_cancel(tscope_sweep *sweep);

void tscope_sweep_count(const tscope_sweep *sweep, struct tscope_sweep_counts *ret_counts);

#ifdef __cplusplus
}
#endif

#endif
