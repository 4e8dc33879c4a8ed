/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_EXAMINER_H
#define TOOLS_EXAMINER_H

#include <tokenscope/tokenscope.h>

#include "input.h"
#include "options.h"
#include "password.h"
#include "status.h"

/** @file What tokens are judged with: keys, histories, profile, policy and clocks, as options ask for them. */

/** Bytes of the largest payload, key file or history that is read. */
#define EXAMINER_FILE_MAX TSCOPE_KEYS_INPUT_MAX

/** Where keys come from. */
struct key_sources {
    struct option_list keys, histories, secrets; /* paths */
    const char *issuer;                          /* of the keys, as the caller says; NULL: what the files say */
    bool no_embedded;
};

#define KEY_SOURCES_OPTIONS(sources)                       \
    {"keys", OPTION_LIST, &(sources).keys, NULL},          \
    {                                                      \
        "history", OPTION_LIST, &(sources).histories, NULL \
    }

void key_sources_clear(struct key_sources *sources);

/** A frozen keyring of all of them. Any status but EXIT_STATUS_OK comes after a message. */
enum exit_status key_sources_load(const struct key_sources *sources, tscope_keyring **ret_keyring);

/** True for the name of a profile that is shipped: anything else is a file. */
bool examiner_profile_is_shipped(const char *name);

/**
 * A profile that is shipped, by its name (NULL: all of them), or one out of a file; folder: where relative names of files begin,
 * "" or with a slash at its end. Any status but EXIT_STATUS_OK comes after a message.
 */
enum exit_status examiner_profile_load(const char *name, const char *folder, tscope_profile **ret_profile);

/** Starts as EXAMINER_DEFAULT. */
struct examiner {
    struct key_sources sources;
    struct tscope_policy policy;
    struct tscope_moment moment; /* now unknown: the wall clock is taken */
    long leeway, trials;         /* -1: the default */
    const char *profile_name, *payload_path, *password_path, *exposed;
    bool require_mfa;

    tscope_keyring *keyring;
    tscope_profile *profile;
    tscope_inspector *inspector;
    tscope_report *report; /* its memory is used again for each token */
    char *payload;
    struct password password;
};

#define EXAMINER_DEFAULT                                                                                \
    {                                                                                                   \
        .moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = TSCOPE_TIME_UNKNOWN}, .leeway = -1, .trials = -1 \
    }

/** The options that all verbs which judge have. "--at" is another name of "--seen". */
#define EXAMINER_OPTIONS(examiner)                                                                                              \
    KEY_SOURCES_OPTIONS((examiner).sources), {"secrets", OPTION_LIST, &(examiner).sources.secrets, NULL},                       \
        {"profile", OPTION_TEXT, &(examiner).profile_name, NULL}, {"issuer", OPTION_TEXT, &(examiner).policy.issuer, NULL},     \
        {"audience", OPTION_TEXT, &(examiner).policy.audience, NULL}, {"tenant", OPTION_TEXT, &(examiner).policy.tenant, NULL}, \
        {"require-mfa", OPTION_FLAG, &(examiner).require_mfa, NULL}, {"seen", OPTION_TIME, &(examiner).moment.seen, NULL},      \
        {"at", OPTION_TIME, &(examiner).moment.seen, NULL}, {"now", OPTION_TIME, &(examiner).moment.now, NULL},                 \
        {"leeway", OPTION_NUMBER, &(examiner).leeway, NULL},                                                                    \
    {                                                                                                                           \
        "payload", OPTION_TEXT, &(examiner).payload_path, NULL                                                                  \
    }

/** Reads the files and makes the inspector. Any status but EXIT_STATUS_OK comes after a message. */
enum exit_status examiner_open(struct examiner *examiner, const char *verb);

void examiner_close(struct examiner *examiner);

/**
 * Judges one token; the report is examiner->report. Any status but EXIT_STATUS_OK comes after a message, which begins with name.
 *
 * @param capture  which of the piece's tokens; NULL: it is one
 */
enum exit_status examiner_judge(struct examiner *examiner, const char *name, const char *path, const struct input_piece *piece,
                                const struct tscope_capture *capture);

/** The limits that a leeway in seconds makes; -1 for the default. */
struct tscope_limits examiner_limits(long leeway);

#endif
