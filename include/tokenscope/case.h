/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_CASE_H
#define TOKENSCOPE_CASE_H

#include <stdbool.h>
#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file The case file: one SQLite file that holds what was found in evidence, and where. With libtokenscope-case; tables and
 * guarantees are in docs/case.md.
 */

/** An open case. Belongs to one thread. */
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

enum tscope_case_format { TSCOPE_CASE_JSONL, TSCOPE_CASE_CSV };

/** Takes one line, its end included; gone when the function returns. False: no more are wanted. */
typedef bool tscope_case_line(void *user, const char *line, size_t line_len);

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
