/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_AUDIT_H
#define TOKENSCOPE_AUDIT_H

#include <stdbool.h>

#include <tokenscope/case.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file Logs in a case file (of libtokenscope-case): what was issued and what was done, joined on the ids of tokens. What the answers mean,
 * and what they do not say, is in docs/audit.md.
 */

/** Kinds of sign-in logs that an examiner may have to name, because a portal's export does not. */
enum tscope_audit_category {
    TSCOPE_AUDIT_CATEGORY_UNSAID = 0,
    TSCOPE_AUDIT_INTERACTIVE = 2,
    TSCOPE_AUDIT_NON_INTERACTIVE = 3,
    TSCOPE_AUDIT_SERVICE_PRINCIPAL = 4,
    TSCOPE_AUDIT_MANAGED_IDENTITY = 5,
};

/** One log file on its way into a case. Belongs to one thread. */
typedef struct tscope_log_import tscope_log_import;

/** What became of a file. Fixed for the soname. */
struct tscope_log_import_summary {
    uint64_t rows;       /**< in the file: records and bad ones */
    uint64_t bad;        /**< rows that cannot be read, and are left out */
    uint64_t duplicates; /**< records that are in the case already, in this file or another */
    uint64_t differing;  /**< records whose id another one has that says something else: both are kept */
    uint64_t timeless;   /**< records without a time that can be read */
    uint64_t formats;    /**< bits 1 << number: tscope_log_format_name() */
    uint64_t categories; /**< bits 1 << number: tscope_log_category_name() */
    bool is_known;       /**< a file with these bytes is in the case already: nothing was added */
    bool is_broken;      /**< compressed, and ends before its end */
    void *reserved[4];
};

/** Told of each row that is left out. */
typedef void tscope_log_bad_row(void *user, uint64_t line, const char *why);

/**
 * Begins a file. Its form is told by its bytes: docs/audit.md lists what is read.
 *
 * @param path      under which the case will know it
 * @param category  of sign-ins that do not say theirs
 * @param bad_row   may be NULL
 * @return TSCOPE_OK, TSCOPE_ERR_STATE (the case is only read), TSCOPE_ERR_IO, TSCOPE_ERR_DATA, TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_log_import_new(tscope_case *into, const char *path, enum tscope_audit_category category,
                                                         tscope_log_bad_row *bad_row, void *user, tscope_log_import **ret_import,
                                                         struct tscope_error *err);
/** What was not finished is not in the case. NULL is allowed. */
void tscope_log_import_free(tscope_log_import *import);

/** Takes the next bytes of the file, as many as the caller likes. @return as above, and TSCOPE_ERR_TOO_LARGE, TSCOPE_ERR_CRYPTO */
TSCOPE_MUST_USE enum tscope_status tscope_log_import_feed(tscope_log_import *import, const uint8_t *bytes, size_t bytes_len,
                                                          struct tscope_error *err);
/** Ends the file and makes it part of the case. @param now  when: seconds since the epoch */
TSCOPE_MUST_USE enum tscope_status tscope_log_import_finish(tscope_log_import *import, int64_t now,
                                                            struct tscope_log_import_summary *ret_summary, struct tscope_error *err);

const char *tscope_log_format_name(unsigned number);   /**< "purview-portal"; static, "?" for a number that is none */
const char *tscope_log_category_name(unsigned number); /**< "non-interactive"; static, "?" */

enum tscope_audit_format { TSCOPE_AUDIT_TEXT, TSCOPE_AUDIT_JSON, TSCOPE_AUDIT_SVG };

/** A token at hand, to be joined with the records. Fixed for the soname. */
struct tscope_audit_token {
    const char *text; /**< as found: a JWT, perhaps with its transport around it */
    size_t text_len;
    const char *name; /**< for answers: a file; may be NULL */
};

/** What is asked. size is sizeof of it; what is zero is the default. */
struct tscope_audit_options {
    size_t size;
    enum tscope_audit_format format;
    int64_t now;      /**< what retention is reckoned from; 0: it is not */
    unsigned columns; /**< of a terminal; 0: 100 */
    unsigned
        complete; /**< bits 1 << enum tscope_audit_category: the examiner states that these logs are complete, though they may be empty */
    const char *tenant;                      /**< whose sign-ins those are that name no tenant; NULL: nobody's */
    bool all;                                /**< text: whole timelines, all leads */
    const struct tscope_audit_token *tokens; /**< for tscope_case_correlate() */
    size_t tokens_len;
    void *reserved[4];
};

/** How complete the logs are. Fixed for the soname. */
struct tscope_coverage_summary {
    uint64_t records;
    bool is_missing; /**< a category of sign-ins is missing, has gaps or may be cut, or a mailbox was throttled */
    void *reserved[4];
};

/**
 * What the logs of a case cover: "schema": "tokenscope.coverage/1" as JSON.
 *
 * @param ret_text  NUL-terminated, the caller's to release with tscope_string_free(); ret_len may be NULL
 * @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT, TSCOPE_ERR_DATA, TSCOPE_ERR_IO, TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_case_coverage(tscope_case *opened, const struct tscope_audit_options *options, char **ret_text,
                                                        size_t *ret_len, struct tscope_coverage_summary *ret_summary,
                                                        struct tscope_error *err);

/** What came of the joins, a token id once. Fixed for the soname. */
struct tscope_correlate_summary {
    uint64_t joined, not_joinable, unmatched, contradictions;
    uint64_t suspects; /**< of them and of tokens that were judged bad: all ids whose timelines are shown */
    uint64_t leads;
    uint64_t records_without_id; /**< of use, which could not be joined for want of a token id */
    void *reserved[4];
};

/**
 * Joins the records of a case, and tokens with them: "schema": "tokenscope.correlation/1" as JSON. Tokens that the case holds are joined as
 * well. Without records that is an answer, too.
 *
 * @return as tscope_case_coverage()
 */
TSCOPE_MUST_USE enum tscope_status tscope_case_correlate(tscope_case *opened, const struct tscope_audit_options *options, char **ret_text,
                                                         size_t *ret_len, struct tscope_correlate_summary *ret_summary,
                                                         struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
