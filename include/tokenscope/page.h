/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_PAGE_H
#define TOKENSCOPE_PAGE_H

#include <tokenscope/report.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file Reports as one HTML file for people: it loads nothing, works from disk, and can be handed on.
 *
 * Its data are the reports as JSON, each in a script element of a type that no browser runs; what shows them is one script of
 * ours, and the page's Content-Security-Policy allows that script and that style sheet by their digests, and nothing else.
 */

/** A page on its way out. Belongs to one thread. */
typedef struct tscope_page tscope_page;

/** Takes the next bytes of the page. */
typedef void tscope_page_write(void *user, const char *bytes, size_t bytes_len);

enum {
    TSCOPE_PAGE_REVEAL = 1, /**< signatures whole, and what is secret inside tokens */
};

/** size is sizeof(struct tscope_page_options), so that later versions can grow it. */
struct tscope_page_options {
    size_t size;
    unsigned flags;
    const char *title;             /**< heading of the page; NULL: a plain one */
    const tscope_keyring *keyring; /**< borrowed: whose histories date the keys that signed; NULL: keys are not dated */
    tscope_page_write *write;
    void *user;
};

/** One token. Starts as {0}. Fixed for the soname. */
struct tscope_page_token {
    const char *report; /**< JSON as of tscope_report_json(); NULL: made from of */
    size_t report_len;
    const tscope_report *of;   /**< the report itself, where it is at hand; NULL: it is not */
    const tscope_token *token; /**< the token, whose decoded parts are shown; NULL: that of the report, or none */
    const char *source;        /**< the name of the input, for a report that has none; NULL: not said */
    uint64_t line;             /**< the line of it, from 1; 0: not said */
    const char *places;        /**< a JSON array: where it was found; NULL: not said */
    size_t places_len;
    const tscope_key *key; /**< of the page's keyring: what verified it, for a report that is not at hand; NULL: not known */
    void *reserved[3];
};

/**
 * Begins a page, and writes its head.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT (no write) or TSCOPE_ERR_NO_MEMORY
 */
TSCOPE_MUST_USE enum tscope_status tscope_page_new(const struct tscope_page_options *options, tscope_page **ret_page,
                                                   struct tscope_error *err);

/** Without tscope_page_end() before, the page says that it was cut off. NULL is allowed. */
void tscope_page_free(tscope_page *page);

/**
 * Writes one token.
 *
 * @return TSCOPE_OK, TSCOPE_ERR_ARGUMENT (neither report nor of), TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO; a token that failed is not on
 *         the page, and others may follow
 */
TSCOPE_MUST_USE enum tscope_status tscope_page_add(tscope_page *page, const struct tscope_page_token *token, struct tscope_error *err);

/** Writes JSON that belongs to all of the page, under a name of letters and '-', such as "corpus" or "provenance". */
TSCOPE_MUST_USE enum tscope_status tscope_page_add_section(tscope_page *page, const char *name, const char *json, size_t json_len,
                                                           struct tscope_error *err);

/** Writes the keys that signed, and the end. */
TSCOPE_MUST_USE enum tscope_status tscope_page_end(tscope_page *page, struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
