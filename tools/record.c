/* SPDX-License-Identifier: Apache-2.0 */
#include "record.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "escape.h"
#include "memory.h"
#include "message.h"

#define COPIES_MAX 1000 /* different key files beside one corpus */

static enum exit_status
refuse(const struct recorder *recorder, const char *name)
{
    message_print("%s%s%s: %s", recorder->path, name ? "/" : "", name ? name : "", strerror(errno));
    return errno == ENOENT ? EXIT_STATUS_NOT_FOUND : EXIT_STATUS_IO;
}

enum exit_status
recorder_open(struct recorder *recorder, const char *path)
{
    recorder->path = path;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return refuse(recorder, NULL);
    recorder->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return recorder->folder < 0 ? refuse(recorder, NULL) : EXIT_STATUS_OK;
}

/* False with errno. What was begun and cannot be finished is taken away again. */
static bool
write_new(const struct recorder *recorder, const char *name, const char *bytes, size_t bytes_len)
{
    int fd = openat(recorder->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600), error = 0;

    if (fd < 0)
        return false;
    while (bytes_len > 0 && !error) {
        ssize_t done = write(fd, bytes, bytes_len);

        if (done < 0 && errno != EINTR)
            error = errno;
        bytes += done > 0 ? done : 0;
        bytes_len -= done > 0 ? (size_t)done : 0;
    }
    if (close(fd) != 0 && !error)
        error = errno;
    if (error)
        unlinkat(recorder->folder, name, 0);
    errno = error;
    return !error;
}

/* ---- what tokens are judged with */

/* True when the folder's file of this name holds these bytes. */
static bool
holds(const struct recorder *recorder, const char *name, const char *bytes, size_t bytes_len)
{
    AUTO(heap_text) *path = memory_print("%s/%s", recorder->path, name);
    AUTO(heap_text) *there = NULL;
    size_t there_len = 0;

    return input_load(path, EXAMINER_FILE_MAX, &there, &there_len) == EXIT_STATUS_OK && there_len == bytes_len &&
           memcmp(there, bytes, bytes_len) == 0;
}

/*
 * Copies a file under the first free name of its kind, or finds the copy that is there: a corpus stands by itself. The names are
 * not those of vectors, so that no run reads one as such.
 */
static enum exit_status
add_copy(struct recorder *recorder, const char *member, const char *kind, const char *path)
{
    AUTO(heap_text) *bytes = NULL;
    size_t bytes_len = 0;
    enum exit_status status = input_load(path, EXAMINER_FILE_MAX, &bytes, &bytes_len);

    for (int number = 1; status == EXIT_STATUS_OK && number <= COPIES_MAX; number++) {
        AUTO(heap_text) *name = memory_print("%s-%d.%s", kind, number, kind);

        if (write_new(recorder, name, bytes, bytes_len) || (errno == EEXIST && holds(recorder, name, bytes, bytes_len))) {
            json_object_set_new(recorder->members, member, json_string(name));
            return EXIT_STATUS_OK;
        }
        if (errno != EEXIST)
            return refuse(recorder, name);
    }
    if (status == EXIT_STATUS_OK)
        message_print("%s: too many key files are there", recorder->path);
    return status == EXIT_STATUS_OK ? EXIT_STATUS_IO : status;
}

/* A file whose text a vector holds itself. */
static enum exit_status
add_text(struct recorder *recorder, const char *member, const char *path, bool in_list)
{
    AUTO(heap_text) *bytes = NULL;
    size_t bytes_len = 0;
    enum exit_status status = input_load(path, EXAMINER_FILE_MAX, &bytes, &bytes_len);
    json_t *text = status == EXIT_STATUS_OK ? json_stringn(bytes, bytes_len) : NULL;

    if (status == EXIT_STATUS_OK && !text) {
        message_print("%s: is no UTF-8, and so cannot stand in a vector", path);
        return EXIT_STATUS_DATA;
    }
    if (text)
        json_object_set_new(recorder->members, member, in_list ? json_pack("[o]", text) : text);
    return status;
}

/* A policy that cannot be written down must not be left out: the vector would ask for less. */
static enum exit_status
add_word(json_t *members, const char *name, const char *word)
{
    if (!word || json_object_set_new(members, name, json_string(word)) == 0)
        return EXIT_STATUS_OK;
    message_print("--%s is no UTF-8, and so cannot stand in a vector", name);
    return EXIT_STATUS_DATA;
}

static void
add_time(json_t *members, const char *name, int64_t time)
{
    char text[TSCOPE_TIME_TEXT_SIZE];

    if (time == TSCOPE_TIME_UNKNOWN)
        return;
    tscope_time_to_text(time, text);
    json_object_set_new(members, name, json_string(text));
}

static enum exit_status
add_policy(json_t *members, const struct examiner *examiner)
{
    const char *profile = examiner->profile_name;
    const char *const words[][2] = {{"profile", profile && examiner_profile_is_shipped(profile) ? profile : NULL},
                                    {"issuer", examiner->policy.issuer},
                                    {"audience", examiner->policy.audience},
                                    {"tenant", examiner->policy.tenant}};
    bool has_history = examiner->sources.histories.words_len > 0;

    if (examiner->sources.no_embedded == !has_history)
        json_object_set_new(members, "embedded", json_boolean(!examiner->sources.no_embedded));
    add_time(members, "seen", examiner->moment.seen);
    add_time(members, "now", examiner->moment.now);
    if (examiner->leeway >= 0)
        json_object_set_new(members, "leeway", json_integer(examiner->leeway));
    if (examiner->require_mfa)
        json_object_set_new(members, "require_mfa", json_true());
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        enum exit_status status = add_word(members, words[i][0], words[i][1]);

        if (status != EXIT_STATUS_OK)
            return status;
    }
    return EXIT_STATUS_OK;
}

enum exit_status
recorder_prepare(struct recorder *recorder, const struct examiner *examiner)
{
    const struct key_sources *sources = &examiner->sources;
    enum exit_status status = EXIT_STATUS_OK;

    recorder->members = json_object();
    if (examiner->payload_path)
        status = add_text(recorder, "payload", examiner->payload_path, false);
    if (status == EXIT_STATUS_OK && sources->keys.words_len > 0)
        status = add_copy(recorder, "keys_file", "keys", sources->keys.words[0]);
    if (status == EXIT_STATUS_OK && sources->histories.words_len > 0)
        status = add_copy(recorder, "history", "history", sources->histories.words[0]);
    if (status == EXIT_STATUS_OK && examiner->profile_name && !examiner_profile_is_shipped(examiner->profile_name))
        status = add_copy(recorder, "profile", "profile", examiner->profile_name);
    if (status == EXIT_STATUS_OK && sources->secrets.words_len > 0)
        status = add_text(recorder, "secrets", sources->secrets.words[0], true);
    return status == EXIT_STATUS_OK ? add_policy(recorder->members, examiner) : status;
}

/* ---- tokens */

static json_t *
findings_of(const tscope_report *report)
{
    json_t *ids = json_array();
    struct tscope_finding_view finding;

    for (size_t i = 0; tscope_report_finding(report, i, &finding); i++)
        json_array_append_new(ids, json_string(finding.id));
    return ids;
}

static json_t *
inconclusive_of(const tscope_report *report)
{
    json_t *ids = json_array();

    for (size_t i = 0; i < tscope_report_inconclusive(report); i++)
        json_array_append_new(ids, json_string(tscope_report_inconclusive_id(report, i)));
    return ids;
}

static json_t *
opinions_of(const tscope_report *report)
{
    json_t *ids = json_array();
    struct tscope_opinion_view opinion;

    for (size_t i = 0; tscope_report_opinion(report, i, &opinion); i++)
        json_array_append_new(ids, json_string(opinion.id));
    return ids;
}

static json_t *
expectation_of(const tscope_report *report)
{
    return json_pack("{s:s, s:s, s:o, s:o, s:o}", "verdict", tscope_verdict_id(tscope_report_verdict(report)), "signature",
                     tscope_signature_status_id(tscope_report_signature(report)), "findings", findings_of(report), "inconclusive",
                     inconclusive_of(report), "second_opinion", opinions_of(report));
}

static json_t *
source_of(const struct input *input, const struct input_piece *piece)
{
    AUTO(heap_text) *name =
        piece->line ? memory_print("%s, line %" PRIu64, input_name(input), piece->line) : memory_copy(input_name(input));
    AUTO(heap_text) *safe = escape_text(name);

    return json_string(safe);
}

static json_t *
vector_of(const struct recorder *recorder, const struct examiner *examiner, const struct input *input, const struct input_piece *piece)
{
    AUTO(heap_text) *about = memory_print("Recorded as tokenscope %s judged it", tscope_version());
    size_t len = piece->bytes_len;
    json_t *token, *vector;

    while (len > 0 && (piece->bytes[len - 1] == '\n' || piece->bytes[len - 1] == '\r'))
        len--;
    token = json_stringn(piece->bytes, len);
    if (!token)
        return NULL;
    vector = json_pack("{s:s, s:o, s:o}", "about", about, "source", source_of(input, piece), "token", token);
    json_object_update(vector, recorder->members);
    json_object_set_new(vector, "expect", expectation_of(examiner->report));
    return vector;
}

enum exit_status
recorder_add(struct recorder *recorder, const struct examiner *examiner, const struct input *input, const struct input_piece *piece)
{
    char digest[TSCOPE_DIGEST_TEXT_SIZE];
    struct tscope_error err = {0};
    AUTO(json_t) *vector = NULL;
    AUTO(heap_text) *text = NULL;
    AUTO(heap_text) *lines = NULL;
    AUTO(heap_text) *name = NULL;

    if (tscope_report_digest(examiner->report, digest, &err) != TSCOPE_OK)
        return message_error(input_name(input), &err);
    vector = vector_of(recorder, examiner, input, piece);
    if (!vector) {
        message_print("%s: is no UTF-8, and so cannot be recorded", input_name(input));
        return EXIT_STATUS_DATA;
    }
    text = json_dumps(vector, JSON_INDENT(2));
    if (!text)
        return EXIT_STATUS_INTERNAL;
    lines = memory_print("%s\n", text);
    name = memory_print("%s.json", digest);
    if (write_new(recorder, name, lines, strlen(lines))) {
        recorder->recorded++;
        return EXIT_STATUS_OK;
    }
    if (errno != EEXIST)
        return refuse(recorder, name);
    recorder->repeated++;
    return EXIT_STATUS_OK;
}

void
recorder_close(struct recorder *recorder)
{
    if (recorder->folder >= 0)
        close(recorder->folder);
    json_decref(recorder->members);
    recorder->folder = -1;
    recorder->members = NULL;
}
