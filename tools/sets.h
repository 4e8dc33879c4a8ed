/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_SETS_H
#define TOOLS_SETS_H

#include "keys.h"

/** @file Complete key sets on their way into a history: fetched, from files, or out of a repository. */

struct taken_set {
    char *bytes; /* NULL: as the one before (304) */
    size_t bytes_len;
    int64_t at;
    char *url, *endpoint, *issuer, *source;
    char *etag, *last_modified;
    char *asked_etag, *asked_modified; /* what the server was told that is known */
};

struct taken_sets {
    struct taken_set *sets;
    size_t len;
    struct status_tally tally; /* of those that could not be taken */
};

/** Takes what the operands name. The history's bytes tell what is known already. A failure is said and counted, and never stops the others.
 */
void sets_fetch(struct taken_sets *sets, const struct keys *keys, const char *url, const char *history, size_t history_len);
void sets_read_file(struct taken_sets *sets, const struct keys *keys, const char *path);
void sets_read_git(struct taken_sets *sets, const struct keys *keys, const char *folder, const char *path);
void sets_clear(struct taken_sets *sets);

/** What the history's last set of this URL says for a conditional request, and its time. Texts are the caller's to free. */
struct known_set {
    char *etag, *last_modified;
    int64_t at; /* TSCOPE_TIME_UNKNOWN: there is none */
};
struct known_set sets_known(const char *history, size_t history_len, const char *url);

#endif
