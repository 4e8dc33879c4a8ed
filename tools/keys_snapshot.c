/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "confine.h"
#include "escape.h"
#include "history_file.h"
#include "keys.h"
#include "memory.h"
#include "message.h"
#include "sets.h"

/*
 * "keys snapshot": complete sets go into a history. First all are taken, with no right given up that children need; then, before a
 * byte of them is read, every right but to write into the history's folder goes.
 */

#define REASONS_MAX 20 /* of sets that are refused, that are said */

struct snapshot_run {
    const struct keys *keys;
    struct taken_sets sets;
    struct tscope_appended appended;
    char *loaded, *handed; /* the history as it was read, and as it has grown; NULL: not yet */
    size_t loaded_len, handed_len;
    bool is_changed;
    size_t refused;
};

static bool
is_address(const char *operand)
{
    return strstr(operand, "://") != NULL;
}

/* The name of a file says nothing about when it was taken, and neither does its date: whoever has it must say. */
static enum exit_status
check_usage(const struct keys *keys)
{
    size_t files = 0, addresses = 0;

    for (size_t i = 0; i < keys->operands.words_len; i++) {
        if (is_address(keys->operands.words[i]) && !keys->from_git)
            addresses++;
        else
            files++;
    }
    if (!keys->into)
        return message_usage("keys", "snapshot needs --into HISTORY");
    if (keys->from_git && keys->operands.words_len != 1)
        return message_usage("keys", "--from-git DIR takes one path within the repository");
    if (files + addresses == 0)
        return message_usage("keys", "snapshot takes the URL of a key set or of OpenID Connect metadata, or files");
    if (files > 0 && !keys->endpoint)
        return message_usage("keys", "whose key set is it? --endpoint URL");
    if (files > 0 && !keys->from_git && keys->at == TSCOPE_TIME_UNKNOWN)
        return message_usage("keys", "when was the file taken? --at TIME; its own date is not used");
    if (keys->at != TSCOPE_TIME_UNKNOWN && (addresses > 0 || keys->from_git))
        return message_usage("keys", "--at is for files alone: what is fetched is dated by the clock, a commit by itself");
    if (addresses > 1 && keys->endpoint)
        return message_usage("keys", "--endpoint names one endpoint, and here are %zu", addresses);
    return EXIT_STATUS_OK;
}

static const char *
text_of(const struct snapshot_run *run, size_t *ret_len)
{
    *ret_len = run->handed ? run->handed_len : run->loaded_len;
    return run->handed ? run->handed : run->loaded;
}

static void
take_sets(struct snapshot_run *run, const char *history, size_t history_len)
{
    const struct keys *keys = run->keys;

    if (keys->from_git) {
        sets_read_git(&run->sets, keys, keys->from_git, keys->operands.words[0]);
        return;
    }
    for (size_t i = 0; i < keys->operands.words_len; i++) {
        if (is_address(keys->operands.words[i]))
            sets_fetch(&run->sets, keys, keys->operands.words[i], history, history_len);
        else
            sets_read_file(&run->sets, keys, keys->operands.words[i]);
    }
}

static struct tscope_snapshot
snapshot_of(const struct snapshot_run *run, const struct taken_set *set)
{
    return (struct tscope_snapshot){
        .size = sizeof(struct tscope_snapshot),
        .bytes = (const uint8_t *)set->bytes,
        .bytes_len = set->bytes_len,
        .observed_at = set->at,
        .url = set->url,
        .endpoint = set->endpoint,
        .issuer = set->issuer,
        .family = run->keys->family,
        .source = set->source,
        .etag = set->etag,
        .last_modified = set->last_modified,
    };
}

static void
count(struct tscope_appended *sum, const struct tscope_appended *more)
{
    if (sum->keys_changed == 0)
        memcpy(sum->changed_kid, more->changed_kid, sizeof(sum->changed_kid));
    sum->sets += more->sets;
    sum->repeated += more->repeated;
    sum->keys_new += more->keys_new;
    sum->keys_changed += more->keys_changed;
    sum->keys_left_out += more->keys_left_out;
}

static void
refuse_set(struct snapshot_run *run, const struct tscope_error *err)
{
    if (++run->refused <= REASONS_MAX)
        message_error(NULL, err);
    status_note(&run->sets.tally, err->status == TSCOPE_ERR_STATE ? EXIT_STATUS_DATA : status_of(err->status));
}

static bool
append_once(struct snapshot_run *run, const struct tscope_snapshot *snapshots, size_t len, struct tscope_error *err)
{
    struct tscope_appended appended = {0};
    size_t text_len, longer_len = 0;
    const char *text = text_of(run, &text_len);
    char *longer = NULL;

    if (tscope_history_append((const uint8_t *)text, text_len, snapshots, len, &longer, &longer_len, &appended, err) != TSCOPE_OK)
        return false;
    tscope_string_free(run->handed);
    run->handed = longer;
    run->handed_len = longer_len;
    run->is_changed = run->is_changed || appended.sets > 0;
    count(&run->appended, &appended);
    return true;
}

/* All at once, for the history is read anew each time; where one is refused, the others in halves. */
static void
append(struct snapshot_run *run, const struct tscope_snapshot *snapshots, size_t len)
{
    struct tscope_error err = {.offset = TSCOPE_OFFSET_NONE};

    if (len == 0 || append_once(run, snapshots, len, &err))
        return;
    if (len == 1) {
        refuse_set(run, &err);
        return;
    }
    append(run, snapshots, len / 2);
    append(run, snapshots + len / 2, len - len / 2);
}

static bool
is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* "Not modified" is said of a set that somebody else may have followed by another meanwhile. */
static bool
is_still_known(const struct snapshot_run *run, const struct taken_set *set)
{
    size_t text_len;
    const char *text = text_of(run, &text_len);
    struct known_set known = sets_known(text, text_len, set->url);
    bool same = is_same(known.etag, set->asked_etag) && is_same(known.last_modified, set->asked_modified);

    free(known.etag);
    free(known.last_modified);
    return same;
}

static void
append_all(struct snapshot_run *run)
{
    struct tscope_snapshot *snapshots = memory_grow(NULL, run->sets.len + 1, sizeof(*snapshots));
    size_t len = 0;

    for (size_t i = 0; i < run->sets.len; i++) {
        const struct taken_set *set = &run->sets.sets[i];

        if (!set->bytes && !is_still_known(run, set)) {
            message_print("%s: not taken: another set of it was taken meanwhile", set->url);
            status_note(&run->sets.tally, EXIT_STATUS_UNAVAILABLE);
            continue;
        }
        snapshots[len++] = snapshot_of(run, set);
    }
    append(run, snapshots, len);
    free(snapshots);
}

static void
say(const struct snapshot_run *run)
{
    const struct tscope_appended *appended = &run->appended;

    if (appended->keys_changed > 0) {
        AUTO(heap_text) *kid = escape_text(appended->changed_kid);

        message_print("WARNING: kid '%s'%s names another key than this endpoint listed under it before", kid,
                      appended->keys_changed > 1 ? " (and more)" : "");
    }
    if (appended->keys_left_out > 0)
        message_print("%zu key%s of unknown type, or symmetric, left out", appended->keys_left_out,
                      appended->keys_left_out == 1 ? "" : "s");
    if (run->refused > REASONS_MAX)
        message_print("%zu more sets are refused", run->refused - REASONS_MAX);
    if (run->keys->format == KEYS_FORMAT_JSON) {
        AUTO(json_t) *json = json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "schema", "tokenscope.snapshot/1", "sets",
                                       (json_int_t)appended->sets, "repeated", (json_int_t)appended->repeated, "refused",
                                       (json_int_t)run->refused, "keys_new", (json_int_t)appended->keys_new, "keys_changed",
                                       (json_int_t)appended->keys_changed, "keys_left_out", (json_int_t)appended->keys_left_out);

        json_dumpf(json, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
        putchar('\n');
        return;
    }
    printf("%zu set%s taken, %zu there already, %zu refused; %zu new key%s, %zu changed\n", appended->sets, appended->sets == 1 ? "" : "s",
           appended->repeated, run->refused, appended->keys_new, appended->keys_new == 1 ? "" : "s", appended->keys_changed);
}

/* The part that nobody else may do at the same time. A history that cannot be read is left as it is. */
static enum exit_status
write_history(struct snapshot_run *run, struct history_file *file)
{
    struct tscope_error err = {.offset = TSCOPE_OFFSET_NONE};
    enum exit_status status = history_file_lock(file);

    if (status == EXIT_STATUS_OK)
        status = history_file_read(file, &run->loaded, &run->loaded_len);
    if (status != EXIT_STATUS_OK)
        return status;
    if (!append_once(run, NULL, 0, &err))
        return message_error(file->path, &err);
    append_all(run);
    if (run->is_changed)
        status = history_file_replace(file, run->handed, run->handed_len);
    if (status == EXIT_STATUS_OK)
        say(run);
    return status;
}

enum exit_status
keys_snapshot(const struct keys *keys)
{
    struct snapshot_run run = {.keys = keys};
    struct history_file file = {.folder = -1};
    AUTO(heap_text) *before = NULL;
    size_t before_len = 0;
    enum exit_status status = check_usage(keys);

    if (status == EXIT_STATUS_OK)
        status = history_file_open(&file, keys->into);
    if (status == EXIT_STATUS_OK)
        status = history_file_read(&file, &before, &before_len);
    if (status == EXIT_STATUS_OK) {
        take_sets(&run, before, before_len);
        confine_files(file.folder);
        status = write_history(&run, &file);
    }
    status_note(&run.sets.tally, status);
    if (run.appended.keys_changed > 0)
        status_note(&run.sets.tally, EXIT_STATUS_BAD);
    status = run.sets.tally.counts[EXIT_STATUS_USAGE] ? EXIT_STATUS_USAGE : status_worst(&run.sets.tally);
    tscope_string_free(run.handed);
    free(run.loaded);
    sets_clear(&run.sets);
    history_file_close(&file);
    return status;
}
