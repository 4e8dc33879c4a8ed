/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_KEYS_H
#define TOOLS_KEYS_H

#include <jansson.h>

#include <tokenscope/tokenscope.h>

#include "examiner.h"

/** @file "keys": what its actions share. Each is a file keys_<action>.c and a row in cmd_keys.c. */

enum { KEYS_FORMAT_TEXT, KEYS_FORMAT_JSON, KEYS_FORMAT_SVG };
enum { KEYS_STATE_ANY = 4 }; /* the last word of --state */

/** What was asked for. */
struct keys {
    struct key_sources sources;
    struct option_list operands; /* behind the action's name */
    const char *family, *from;
    const char *endpoint, *issuer;
    const char *into, *from_git, *ca_file; /* of snapshot */
    bool allow_private;
    enum tscope_key_issuer_match issuer_match; /* the best of any key: what issuer asks of each */
    int64_t at;                                /* TSCOPE_TIME_UNKNOWN: not asked */
    int64_t since, until;                      /* the same */
    int state;                                 /* the number of its word; counts with at */
    int format, colour;
    bool is_published, by_lines;
    long attempts;           /* recover: common divisors of large numbers */
    tscope_keyring *keyring; /* of those actions that load all sources */
};

/** Finds out what --issuer asks of a key, once the keys are loaded. */
void keys_match_issuer(struct keys *keys);

/** True when --family, --endpoint and --issuer do not leave the key out. */
bool keys_are_wanted(const struct keys *keys, const tscope_key *key);

/** "2021-04..2026-04": the life of a key's certificate, else from the first to the last time it was seen published; of its JSON. */
char *keys_dates_of(const json_t *key);

enum exit_status keys_list(const struct keys *keys);
enum exit_status keys_show(const struct keys *keys);
enum exit_status keys_diff(const struct keys *keys);
enum exit_status keys_lint(const struct keys *keys);

enum exit_status keys_match(const struct keys *keys);
enum exit_status keys_recover(const struct keys *keys);
enum exit_status keys_timeline(const struct keys *keys);
enum exit_status keys_snapshot(const struct keys *keys); /* gives up its rights itself */

#endif
