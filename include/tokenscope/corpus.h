/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_CORPUS_H
#define TOKENSCOPE_CORPUS_H

#include <stdbool.h>

#include <tokenscope/recover.h>
#include <tokenscope/report.h>
#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file What only several tokens show together: what of the catalogue with subject "corpus" is found among them. It stands in no
 * token's report, so that a token has the same report in whatever company it is inspected.
 */

/** Small facts of many tokens, and what they show. Belongs to one thread. */
typedef struct tscope_corpus tscope_corpus;

/**
 * Different tokens of which facts are kept by default. One takes about 90 bytes and 96 more for each fact of it, of which most tokens have
 * none to two (ids; signatures of ECDSA); 12 KiB when it is written like no other; 1 KiB more when no key verifies it, of 65536 at most.
 */
#define TSCOPE_CORPUS_TOKENS_DEFAULT 1000000
#define TSCOPE_CORPUS_TOKENS_MAX 1000000000 /**< at most */

/** One finding about several tokens. Fixed for the soname. */
struct tscope_corpus_view {
    const char *id;
    enum tscope_severity severity;
    enum tscope_proves proves;
    const char *title;
    const char *detail;
    size_t tokens;   /**< that it is about, kept by tscope_corpus_token(): 16 at most */
    size_t left_out; /**< how many more there are */
    void *reserved[4];
};

/** One token that a finding is about. Fixed for the soname. */
struct tscope_corpus_token_view {
    char sha256[65];                /**< as in its report */
    const char *path;               /**< NULL: not said */
    uint64_t offset;                /**< byte of that file at which the inspected bytes begin */
    const char *part;               /**< what of it is the evidence: "signature", "payload"… */
    const char *pointer;            /**< the member of that part, RFC 6901; NULL: all of it */
    size_t raw_offset, raw_len;     /**< where that stands in the token's text */
    uint64_t byte_offset, byte_len; /**< and in its file; of the whole token where that was mended or is UTF-16 */
    uint64_t line, column;          /**< the same from 1, columns in code points; 0: UTF-16 */
    uint64_t end_line, end_column;  /**< behind it */
    void *reserved[4];
};

/**
 * @param tokens_max  different tokens of which facts are kept; what comes behind them is counted and left out. 0:
 *                    TSCOPE_CORPUS_TOKENS_DEFAULT
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_corpus_new(size_t tokens_max, tscope_corpus **ret_corpus, struct tscope_error *err);
void tscope_corpus_free(tscope_corpus *corpus); /**< NULL is allowed */

/**
 * How much is done to find out which tokens that no key verifies share a signer (KEY-RECOVERED). When it is not called: EC keys, and RSA
 * keys of exponents up to 35, which costs less than a second or two. At most 16 tokens of an issuer, kid and algorithm are compared, and
 * 256 in all.
 *
 * @param attempts  common divisors of large numbers at most, for RSA keys with the exponent 65537: half a minute each for 2048 bits
 * @param watch     asked before each step of one; may be NULL
 */
void tscope_corpus_set_recovery(tscope_corpus *corpus, size_t attempts, tscope_recovery_watch watch, void *user);

/**
 * Takes the facts of one token out of its report, which may be changed or freed after that. Tokens inside a token are left aside. A token
 * that comes again is counted, and shown at the first of its places alone.
 *
 * @param first_line  the line of the source on which the inspected bytes begin, from 1; 0 when that is its first one
 * @return TSCOPE_OK, also when it is left out; TSCOPE_ERR_STATE (finished), TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO: nothing of it is kept
 */
TSCOPE_MUST_USE enum tscope_status tscope_corpus_add(tscope_corpus *corpus, const tscope_report *report, uint64_t first_line,
                                                     struct tscope_error *err);

/** Counts a token that was added before at an earlier place of the same file, without its report. */
void tscope_corpus_repeat(tscope_corpus *corpus);

/**
 * Compares what was added. The same tokens in another order give the same findings, as long as none is left out. Of a check at most 100
 * findings are kept.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_STATE (finished already), TSCOPE_ERR_NO_MEMORY: it may be tried again
 */
TSCOPE_MUST_USE enum tscope_status tscope_corpus_finish(tscope_corpus *corpus, struct tscope_error *err);

size_t tscope_corpus_tokens(const tscope_corpus *corpus); /**< how many were added, those left out too */
/** How many tokens were left out, and how many findings were not kept (may be NULL). */
size_t tscope_corpus_left_out(const tscope_corpus *corpus, size_t *ret_findings);
/** Findings that are kept; 0 before tscope_corpus_finish(). In the order of the catalogue, the gravest of a check first. */
size_t tscope_corpus_findings(const tscope_corpus *corpus);
/** False when there is no such finding. Views live as long as the corpus. */
bool tscope_corpus_finding(const tscope_corpus *corpus, size_t number, struct tscope_corpus_view *ret_finding);
/** A token of a finding, by its number from 0. False when there is no such one. */
bool tscope_corpus_token(const tscope_corpus *corpus, size_t finding, size_t number, struct tscope_corpus_token_view *ret_token);

/** All of it as JSON ("schema": "tokenscope.corpus/1"). The caller's to release with tscope_string_free(). */
TSCOPE_MUST_USE enum tscope_status tscope_corpus_json(const tscope_corpus *corpus, bool pretty, char **ret_json, size_t *ret_len,
                                                      struct tscope_error *err);

/**
 * The findings as results of SARIF 2.1.0 (section 3.27), a JSON array on one line, for the run that has those of the reports too: see
 * tscope_report_sarif(). The first token of a finding is its location, the others are related ones.
 *
 * @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_corpus_sarif(const tscope_corpus *corpus, char **ret_json, size_t *ret_len,
                                                       struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
