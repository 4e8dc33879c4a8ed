/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_CASE_H
#define TOKENSCOPE_CASE_H

#include <stdbool.h>

#include <tokenscope/inspect.h>
#include <tokenscope/page.h>
#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file The case file: one SQLite file that holds what was found in evidence, and where. With libtokenscope-case; tables and
 * guarantees are in docs/case.md.
 */

/** An open case. Belongs to one thread; a process opens a file once at a time. */
typedef struct tscope_case tscope_case;

enum {
    TSCOPE_CASE_WRITE = 1,  /**< else it is read, and may be where nothing can be written */
    TSCOPE_CASE_CREATE = 2, /**< with TSCOPE_CASE_WRITE: made, for its owner alone, when there is none */
};

/**
 * Opens a case file. While it is open for writing no other process can open it.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_NOT_FOUND, TSCOPE_ERR_DATA (no case file, a damaged one, one of a later version), TSCOPE_ERR_IO (in use
 *         by another process, unreadable, no space left), TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_case_open(const char *path, unsigned flags, tscope_case **ret_case, struct tscope_error *err);

/**
 * Closes it: it is one plain file again. The handle is gone whatever is returned.
 *
 * @return TSCOPE_OK or TSCOPE_ERR_IO: what is committed is kept in a log beside the file, and taken in when that is opened again
 */
enum tscope_status tscope_case_close(tscope_case *opened, struct tscope_error *err);

/** The same where nobody can be told. NULL is allowed. */
void tscope_case_free(tscope_case *opened);

/** What tokens of a case are judged with. Fixed for the soname. */
struct tscope_case_judging {
    /**
     * In words of the caller's, best JSON: keys, histories, profile, version: tokens that were judged with the very same are not judged
     * again, unless they were seen later since. Kept in the case.
     */
    const char *settings;
    struct tscope_moment moment;      /**< seen, where it is known: of all tokens, in place of the latest time of each one's places */
    unsigned threads;                 /**< as of struct tscope_batch_options */
    bool (*is_cancelled)(void *user); /**< asked now and then; NULL: never. What was judged by then is kept */
    void *user;
    void *reserved[4];
};

/** Fixed for the soname. */
struct tscope_case_judged {
    uint64_t tokens; /**< of the case */
    uint64_t done;   /**< looked at */
    uint64_t judged; /**< of them, now */
    uint64_t others; /**< that had been judged with other settings before */
    /** whose text has not the digest that the case keeps it under: not judged, and what an earlier judgement said of them is taken out */
    uint64_t altered;
    void *reserved[3];
};

/**
 * Judges the tokens of a case that is open for writing, each with the latest time at which evidence shows it in use. A judgement that was
 * cut off goes on, with the clock that it was begun with.
 *
 * @param like    as of tscope_batch_new()
 * @param judged  filled as it goes on; NULL: not wanted
 * @return TSCOPE_OK, TSCOPE_ERR_STATE (not open for writing), TSCOPE_ERR_IO, TSCOPE_ERR_DATA, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO,
 *         TSCOPE_ERR_UNSUPPORTED (no thread can be started)
 */
TSCOPE_MUST_USE enum tscope_status tscope_case_judge(tscope_case *opened, const tscope_inspector *like,
                                                     const struct tscope_case_judging *judging, struct tscope_case_judged *judged,
                                                     struct tscope_error *err);

/** What is in a case. Fixed for the soname. */
struct tscope_case_counts {
    uint64_t files, files_failed, files_open; /**< evidence read to its end; not readable to its end; not read to its end yet */
    uint64_t tokens, verdicts[TSCOPE_VERDICT_VALID + 1], unjudged; /**< verdicts by enum tscope_verdict */
    uint64_t uncertain;                    /**< of the others than forged and invalid: as of tscope_report_is_uncertain() */
    uint64_t places, keys, keys_published; /**< places of tokens; of keys; of private keys of published ones */
    void *reserved[4];
};

TSCOPE_MUST_USE enum tscope_status tscope_case_count(tscope_case *opened, struct tscope_case_counts *ret_counts, struct tscope_error *err);

enum tscope_case_format { TSCOPE_CASE_JSONL, TSCOPE_CASE_CSV };

/** Takes one line, its end included; gone when the function returns. False: no more are wanted. */
typedef bool tscope_case_line(void *user, const char *line, size_t line_len);

enum {
    TSCOPE_CASE_REDACTED = 1, /**< no paths, contexts, claims or values: digests, verdicts and the ids of findings, to be handed on */
    TSCOPE_CASE_REVEAL = 2,   /**< tokens whole, with TSCOPE_CASE_JSONL */
};

/**
 * All of a case, sorted: what comes out depends on the evidence and on what it was judged with alone, not on the order of the work or on
 * how often it was interrupted.
 *
 * As JSON lines ("schema": "tokenscope.case/1", docs/case.md) the case itself, evidence in the order of its paths, each followed by what
 * was found in it in the order of the places, and tokens in the order of their digests; as CSV a timeline: issue, use and expiry of tokens
 * by time, what has no time at the end.
 *
 * @param flags  TSCOPE_CASE_REDACTED, or TSCOPE_CASE_REVEAL
 * @return TSCOPE_OK, TSCOPE_ERR_DATA, TSCOPE_ERR_IO, TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_case_export(tscope_case *opened, enum tscope_case_format format, unsigned flags,
                                                      tscope_case_line *take, void *user, struct tscope_error *err);

/**
 * Writes what is in a case onto a page that was begun: evidence, keys that were found (no values), and tokens with their places. What was
 * not judged yet is counted on the page.
 *
 * @param keyring  that of the page, in which the keys of the tokens are looked up to be dated; NULL: none are
 * @return TSCOPE_OK, TSCOPE_ERR_DATA, TSCOPE_ERR_IO, TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_case_page(tscope_case *opened, tscope_page *page, const tscope_keyring *keyring,
                                                    struct tscope_error *err);

/** What a query may take: steps of SQLite's machine, about ten million a second; 0: 10000 million. */
struct tscope_case_query_limits {
    uint64_t kilo_steps;
    void *reserved[4];
};

/**
 * Asks one SELECT of a case that is open for reading; nothing else is taken. From then on the case answers nothing but queries.
 *
 * Each row is a line: a JSON object (bytes in hexadecimal), or values with commas between them (RFC 4180) under a line of names. In CSV a
 * text that a spreadsheet would take for a formula has a "'" before it.
 *
 * @param limits  NULL: the defaults
 * @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT (the statement), TSCOPE_ERR_TOO_LARGE (it takes too long), TSCOPE_ERR_STATE (open for writing),
 *         TSCOPE_ERR_DATA, TSCOPE_ERR_IO, TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_case_query(tscope_case *opened, const char *sql, enum tscope_case_format format,
                                                     const struct tscope_case_query_limits *limits, tscope_case_line *take, void *user,
                                                     struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
