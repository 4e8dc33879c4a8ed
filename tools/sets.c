/* SPDX-License-Identifier: Apache-2.0 */
#include "sets.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "child.h"
#include "memory.h"
#include "message.h"

#define SET_MAX (1u << 20)
#define FETCH_SECONDS 45
#define GIT_SECONDS 120
#define GIT_LIST_MAX (64u << 20)
#define CLOCK_WARN 300
#define CLOCK_REFUSE 86400

static struct taken_set *
add(struct taken_sets *sets)
{
    sets->sets = memory_grow(sets->sets, sets->len + 1, sizeof(*sets->sets));
    sets->sets[sets->len] = (struct taken_set){0};
    return &sets->sets[sets->len++];
}

static void
drop_last(struct taken_sets *sets)
{
    struct taken_sets one = {.sets = &sets->sets[--sets->len], .len = 1};

    for (size_t i = 0; i < one.len; i++) {
        free(one.sets[i].bytes);
        free(one.sets[i].url);
        free(one.sets[i].endpoint);
        free(one.sets[i].issuer);
        free(one.sets[i].source);
        free(one.sets[i].etag);
        free(one.sets[i].last_modified);
        free(one.sets[i].asked_etag);
        free(one.sets[i].asked_modified);
    }
}

void
sets_clear(struct taken_sets *sets)
{
    while (sets->len > 0)
        drop_last(sets);
    free(sets->sets);
}

static char *
copy_or_null(const char *text)
{
    return text ? memory_copy(text) : NULL;
}

/* ---- what is known */

static const char *
text_at(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

static int64_t
time_at(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    int64_t time = TSCOPE_TIME_UNKNOWN;

    if (json_is_integer(value))
        return json_integer_value(value);
    return json_is_string(value) && tscope_time_from_text(json_string_value(value), &time) ? time : TSCOPE_TIME_UNKNOWN;
}

/* The id under which a history has the endpoint of this URL; NULL: it does not. */
static const char *
id_of(const json_t *history, const char *url)
{
    const json_t *endpoints = json_object_get(history, "endpoints");

    for (size_t i = 0; i < json_array_size(endpoints); i++) {
        const json_t *row = json_array_get(endpoints, i);
        const char *own = text_at(row, "url");

        if (own && strcmp(own, url) == 0)
            return text_at(row, "id");
    }
    return NULL;
}

struct known_set
sets_known(const char *history, size_t history_len, const char *url)
{
    AUTO(json_t) *json = history ? json_loadb(history, history_len, 0, NULL) : NULL;
    const json_t *snapshots = json_object_get(json, "snapshots"), *last = NULL;
    struct known_set known = {.at = TSCOPE_TIME_UNKNOWN};
    const char *id = id_of(json, url);

    for (size_t i = 0; id && i < json_array_size(snapshots); i++) {
        const json_t *row = json_array_get(snapshots, i);
        const char *endpoint = text_at(row, "endpoint");
        int64_t at = time_at(row, "observed_at");

        if (endpoint && strcmp(endpoint, id) == 0 && at > known.at) {
            known.at = at;
            last = row;
        }
    }
    known.etag = copy_or_null(text_at(last, "etag"));
    known.last_modified = copy_or_null(text_at(last, "last_modified"));
    return known;
}

/* ---- over the network */

/* What tokenscope-fetch says: a line of JSON, and the bytes behind it. */
static enum exit_status
read_answer(const char *url, const struct child_output *output, json_t **ret_head, const char **ret_body)
{
    const char *end = memchr(output->bytes, '\n', output->bytes_len);
    json_t *head = end ? json_loadb(output->bytes, (size_t)(end - output->bytes), 0, NULL) : NULL;
    json_int_t length = json_integer_value(json_object_get(head, "length"));

    if (!head || length < 0 || (size_t)length != output->bytes_len - (size_t)(end + 1 - output->bytes)) {
        json_decref(head);
        message_print("%s: tokenscope-fetch gave no whole answer", url);
        return EXIT_STATUS_INTERNAL;
    }
    *ret_head = head;
    *ret_body = end + 1;
    return EXIT_STATUS_OK;
}

static enum exit_status
status_of_fetch(int status)
{
    switch (status) {
    case 0:
        return EXIT_STATUS_OK;
    case EXIT_STATUS_USAGE:
        return EXIT_STATUS_USAGE;
    case EXIT_STATUS_DATA:
        return EXIT_STATUS_DATA;
    case EXIT_STATUS_UNAVAILABLE:
        return EXIT_STATUS_UNAVAILABLE;
    default:
        return EXIT_STATUS_INTERNAL;
    }
}

static enum exit_status
run_fetch(const struct keys *keys, const char *url, const struct known_set *known, struct child_output *ret_output)
{
    const char *argv[12] = {"tokenscope-fetch"};
    enum exit_status status;
    int len = 1;

    if (keys->allow_private)
        argv[len++] = "--allow-private";
    if (keys->ca_file) {
        argv[len++] = "--ca-file";
        argv[len++] = keys->ca_file;
    }
    if (known && known->etag) {
        argv[len++] = "--if-none-match";
        argv[len++] = known->etag;
    }
    if (known && known->last_modified) {
        argv[len++] = "--if-modified-since";
        argv[len++] = known->last_modified;
    }
    argv[len++] = url;
    argv[len] = NULL;
    status = child_run(argv, true, NULL, SET_MAX + 65536, FETCH_SECONDS, ret_output);
    if (status == EXIT_STATUS_OK && ret_output->status != 0) {
        status = status_of_fetch(ret_output->status);
        free(ret_output->bytes);
        *ret_output = (struct child_output){0};
    }
    return status;
}

/* A wrong time would make wrong answers for as long as the history is used. */
static enum exit_status
check_clock(const char *url, int64_t now, int64_t server, int64_t last)
{
    int64_t apart = server == TSCOPE_TIME_UNKNOWN ? 0 : server > now ? server - now : now - server;

    if (apart > CLOCK_REFUSE) {
        message_print("%s: not taken: its clock and the one here are %" PRId64 " days apart", url, apart / 86400);
        return EXIT_STATUS_UNAVAILABLE;
    }
    if (last != TSCOPE_TIME_UNKNOWN && now < last) {
        message_print("%s: not taken: the clock here is behind the last set of the history", url);
        return EXIT_STATUS_UNAVAILABLE;
    }
    if (apart > CLOCK_WARN)
        message_print("%s: its clock and the one here are %" PRId64 " seconds apart; the one here is recorded", url, apart);
    return EXIT_STATUS_OK;
}

static enum exit_status
fetch_set(struct taken_sets *sets, const struct keys *keys, const char *url, const char *issuer, const char *history, size_t history_len)
{
    struct known_set known = sets_known(history, history_len, url);
    struct child_output output = {0};
    struct taken_set *set = add(sets);
    AUTO(json_t) *head = NULL;
    const char *body = NULL;
    enum exit_status status = run_fetch(keys, url, &known, &output);

    set->asked_etag = known.etag;
    set->asked_modified = known.last_modified;
    if (status == EXIT_STATUS_OK)
        status = read_answer(url, &output, &head, &body);
    if (status == EXIT_STATUS_OK) {
        set->at = time(NULL);
        status = check_clock(url, set->at, time_at(head, "server_time"), known.at);
    }
    if (status == EXIT_STATUS_OK) {
        set->url = memory_copy(url);
        set->endpoint = copy_or_null(keys->endpoint);
        set->issuer = copy_or_null(keys->issuer ? keys->issuer : issuer);
        set->etag = copy_or_null(text_at(head, "etag"));
        set->last_modified = copy_or_null(text_at(head, "last_modified"));
        if (json_integer_value(json_object_get(head, "status")) == 200) {
            set->bytes_len = output.bytes_len - (size_t)(body - output.bytes);
            set->bytes = memory_grow(NULL, set->bytes_len + 1, 1);
            memcpy(set->bytes, body, set->bytes_len);
        }
        set->source = memory_print("%s%s", url, set->bytes ? "" : ", not modified");
    }
    free(output.bytes);
    if (status != EXIT_STATUS_OK)
        drop_last(sets);
    return status;
}

/* OpenID Connect Discovery section 4: whose keys, and where. */
static enum exit_status
fetch_metadata(struct taken_sets *sets, const struct keys *keys, const char *url, const char *history, size_t history_len)
{
    struct child_output output = {0};
    AUTO(json_t) *head = NULL;
    AUTO(json_t) *metadata = NULL;
    const char *body = NULL, *address;
    enum exit_status status = run_fetch(keys, url, NULL, &output);

    if (status == EXIT_STATUS_OK)
        status = read_answer(url, &output, &head, &body);
    if (status == EXIT_STATUS_OK)
        metadata = json_loadb(body, output.bytes_len - (size_t)(body - output.bytes), JSON_REJECT_DUPLICATES, NULL);
    free(output.bytes);
    if (status != EXIT_STATUS_OK)
        return status;
    address = text_at(metadata, "jwks_uri");
    if (!address) {
        message_print("%s: is no metadata that says where the keys are (jwks_uri)", url);
        return EXIT_STATUS_DATA;
    }
    return fetch_set(sets, keys, address, text_at(metadata, "issuer"), history, history_len);
}

void
sets_fetch(struct taken_sets *sets, const struct keys *keys, const char *url, const char *history, size_t history_len)
{
    if (strstr(url, "/.well-known/openid-configuration") || strstr(url, "/.well-known/oauth-authorization-server"))
        status_note(&sets->tally, fetch_metadata(sets, keys, url, history, history_len));
    else
        status_note(&sets->tally, fetch_set(sets, keys, url, NULL, history, history_len));
}

/* ---- from files */

void
sets_read_file(struct taken_sets *sets, const struct keys *keys, const char *path)
{
    struct taken_set *set = add(sets);
    enum exit_status status = input_load(path, SET_MAX, &set->bytes, &set->bytes_len);

    status_note(&sets->tally, status);
    if (status != EXIT_STATUS_OK) {
        drop_last(sets);
        return;
    }
    set->at = keys->at;
    set->url = memory_copy(keys->endpoint);
    set->issuer = copy_or_null(keys->issuer);
    set->source = memory_copy(path);
}

/* ---- out of a repository */

/*
 * A repository is somebody else's, and its configuration can start programs: what could is turned off. Objects that are not there
 * are not fetched.
 */
static const char *const git_environment[] = {"GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1",   "GIT_LITERAL_PATHSPECS=1",
                                              "GIT_PAGER=cat",           "GIT_TERMINAL_PROMPT=0", NULL};

#define GIT_START(folder) \
    "git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false", "-C", folder

static enum exit_status
run_git(const char *const *argv, size_t max, struct child_output *ret_output)
{
    enum exit_status status = child_run(argv, false, git_environment, max, GIT_SECONDS, ret_output);

    if (status == EXIT_STATUS_OK && ret_output->status != 0) {
        free(ret_output->bytes);
        *ret_output = (struct child_output){0};
        return EXIT_STATUS_DATA;
    }
    return status;
}

static enum exit_status
read_commit(struct taken_sets *sets, const struct keys *keys, const char *folder, const char *path, const char *commit, int64_t at)
{
    AUTO(heap_text) *object = memory_print("%s:./%s", commit, path);
    const char *const argv[] = {GIT_START(folder), "cat-file", "blob", object, NULL};
    struct child_output output = {0};
    enum exit_status status = run_git(argv, SET_MAX, &output);
    const char *name = strrchr(folder, '/');
    struct taken_set *set;

    if (status != EXIT_STATUS_OK) {
        message_print("%s: commit %.12s does not hold the file", folder, commit);
        return status;
    }
    set = add(sets);
    set->bytes = output.bytes;
    set->bytes_len = output.bytes_len;
    set->at = at;
    set->url = memory_copy(keys->endpoint);
    set->issuer = copy_or_null(keys->issuer);
    set->source = memory_print("%s %s, commit %s", name && name[1] ? name + 1 : folder, path, commit);
    return EXIT_STATUS_OK;
}

void
sets_read_git(struct taken_sets *sets, const struct keys *keys, const char *folder, const char *path)
{
    const char *const argv[] = {
        GIT_START(folder), "log", "--no-show-signature", "--reverse", "--diff-filter=AMR", "--format=%H %ct", "--", path, NULL};
    struct child_output output = {0};
    enum exit_status status = run_git(argv, GIT_LIST_MAX, &output);
    char *rest = output.bytes;

    if (status != EXIT_STATUS_OK) {
        status_note(&sets->tally, status);
        return;
    }
    if (output.bytes_len == 0) {
        message_print("%s: no commit has %s", folder, path);
        status_note(&sets->tally, EXIT_STATUS_NOT_FOUND);
    }
    for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
        char *space = strchr(line, ' ');

        if (!space)
            continue;
        *space = '\0';
        status_note(&sets->tally, read_commit(sets, keys, folder, path, line, strtoll(space + 1, NULL, 10)));
    }
    free(output.bytes);
}
