/* SPDX-License-Identifier: Apache-2.0 */
#include "case/keeper.h"

#include <stdio.h>

#include <tokenscope/inspect.h>

#include "core/error.h"

#define NAME_SIZE 4200
#define VERSIONS_MAX 10000 /* of one name in a case */

enum statement {
    FIND_FILE,
    ADD_FILE,
    RESET_FILE,
    FINISH_FILE,
    ADD_WARNING,
    FIND_RANGE,
    ADD_RANGE,
    FIND_STREAM,
    ADD_STREAM,
    FIND_TOKEN,
    ADD_TOKEN,
    ADD_PLACE,
    ADD_KEY_PLACE,
    FORGET_PLACES,
    FORGET_KEY_PLACES,
    FORGET_STREAMS,
    FORGET_PROGRESS,
    FORGET_WARNINGS,
    STATEMENTS,
};

static const char *const texts[STATEMENTS] = {
    [FIND_FILE] = "SELECT id, state, size, mtime_ns FROM evidence WHERE path = ?",
    [ADD_FILE] = "INSERT INTO evidence (path, state, size, mtime_ns) VALUES (?, 'open', ?, ?)",
    [RESET_FILE] = "UPDATE evidence SET state = 'open', size = ?, mtime_ns = ?, sha256 = NULL, format = NULL, problem = NULL WHERE id = ?",
    [FINISH_FILE] = "UPDATE evidence SET state = ?, size = ?, sha256 = ?, format = ?, problem = ? WHERE id = ?",
    [ADD_WARNING] = "INSERT OR IGNORE INTO warning (evidence, member, id, text) VALUES (?, ?, ?, ?)",
    [FIND_RANGE] = "SELECT 1 FROM progress WHERE evidence = ? AND begin = ?",
    [ADD_RANGE] = "INSERT OR IGNORE INTO progress (evidence, begin) VALUES (?, ?)",
    [FIND_STREAM] = "SELECT id FROM stream WHERE evidence = ? AND number = ?",
    [ADD_STREAM] = "INSERT INTO stream (evidence, number, member, format) VALUES (?, ?, ?, ?)",
    [FIND_TOKEN] = "SELECT id FROM token WHERE sha256 = ?",
    [ADD_TOKEN] = "INSERT INTO token (sha256, text) VALUES (?, ?)",
    [ADD_PLACE] = "INSERT OR REPLACE INTO place (stream, offset, token, length, encoding, seen, seen_from, context, place)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [ADD_KEY_PLACE] = "INSERT OR REPLACE INTO key_place (stream, offset, number, length, encoding, thumbprint, is_published, key, seen,"
                      " context, place) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [FORGET_PLACES] = "DELETE FROM place WHERE stream IN (SELECT id FROM stream WHERE evidence = ?)",
    [FORGET_KEY_PLACES] = "DELETE FROM key_place WHERE stream IN (SELECT id FROM stream WHERE evidence = ?)",
    [FORGET_STREAMS] = "DELETE FROM stream WHERE evidence = ?",
    [FORGET_PROGRESS] = "DELETE FROM progress WHERE evidence = ?",
    [FORGET_WARNINGS] = "DELETE FROM warning WHERE evidence = ?",
};

struct tscope_keeper {
    tscope_store *store;
    tscope_statement *statements[STATEMENTS];
    bool is_begun;
    int64_t evidence, stream_number, stream; /* the stream that the last find was in */
    uint64_t key_offset;                     /* where the last key was, and which of those there */
    int64_t key_number;
};

enum tscope_status
tscope_keeper_new(tscope_case *into, tscope_keeper **ret_keeper, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_keeper) *keeper = tscope_alloc_zeroed(1, sizeof(*keeper));
    enum tscope_status status = TSCOPE_OK;

    if (!keeper)
        return tscope_error_no_memory(err);
    keeper->store = into->store;
    keeper->stream_number = -1;
    if (!tscope_store_is_writable(into->store))
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the case is not open for writing");
    for (size_t i = 0; i < STATEMENTS && status == TSCOPE_OK; i++)
        status = tscope_store_prepare(keeper->store, texts[i], &keeper->statements[i], err);
    if (status != TSCOPE_OK)
        return status;
    *ret_keeper = TSCOPE_STEAL(keeper);
    return TSCOPE_OK;
}

void
tscope_keeper_free(tscope_keeper *keeper)
{
    if (!keeper)
        return;
    for (size_t i = 0; i < STATEMENTS; i++)
        tscope_statement_free(keeper->statements[i]);
    tscope_store_rollback(keeper->store);
    tscope_free(keeper);
}

/* ---- small steps */

static enum tscope_status
begin(tscope_keeper *keeper, struct tscope_error *err)
{
    enum tscope_status status = keeper->is_begun ? TSCOPE_OK : tscope_store_begin(keeper->store, err);

    keeper->is_begun = status == TSCOPE_OK;
    return status;
}

enum tscope_status
tscope_keeper_flush(tscope_keeper *keeper, struct tscope_error *err)
{
    if (!keeper->is_begun)
        return TSCOPE_OK;
    keeper->is_begun = false;
    return tscope_store_commit(keeper->store, err);
}

static enum tscope_status
run(tscope_keeper *keeper, enum statement which, const struct tscope_store_value *values, size_t values_len, struct tscope_error *err)
{
    enum tscope_status status = begin(keeper, err);

    return status == TSCOPE_OK ? tscope_statement_run(keeper->statements[which], values, values_len, err) : status;
}

/* The number in the first column of the only row; -1: there is none. */
static enum tscope_status
look_up(tscope_keeper *keeper, enum statement which, const struct tscope_store_value *values, size_t values_len, int64_t *ret_id,
        struct tscope_error *err)
{
    tscope_statement *statement = keeper->statements[which];
    bool has_row = false;
    enum tscope_status status = tscope_statement_bind(statement, values, values_len, err);

    if (status == TSCOPE_OK)
        status = tscope_statement_step(statement, &has_row, err);
    if (status == TSCOPE_OK)
        *ret_id = has_row ? tscope_statement_integer(statement, 0) : -1;
    tscope_statement_reset(statement);
    return status;
}

static struct tscope_store_value
text_of(const char *text)
{
    return tscope_store_text(tscope_span_text(text));
}

static struct tscope_store_value
time_of(int64_t time)
{
    return time == TSCOPE_TIME_UNKNOWN ? tscope_store_null() : tscope_store_integer(time);
}

/* ---- files */

static enum tscope_status
forget(tscope_keeper *keeper, int64_t evidence, struct tscope_error *err)
{
    static const enum statement steps[] = {FORGET_PLACES, FORGET_KEY_PLACES, FORGET_STREAMS, FORGET_PROGRESS, FORGET_WARNINGS};
    const struct tscope_store_value values[] = {tscope_store_integer(evidence)};
    enum tscope_status status = TSCOPE_OK;

    keeper->stream_number = -1;
    for (size_t i = 0; i < TSCOPE_COUNT(steps) && status == TSCOPE_OK; i++)
        status = run(keeper, steps[i], values, 1, err);
    return status;
}

struct known_file {
    int64_t id; /* -1: none */
    bool is_done, is_same;
};

static enum tscope_status
find_file(tscope_keeper *keeper, const struct tscope_sweep_file *file, struct tscope_span path, struct known_file *ret_known,
          struct tscope_error *err)
{
    tscope_statement *statement = keeper->statements[FIND_FILE];
    const struct tscope_store_value values[] = {tscope_store_text(path)};
    enum tscope_status status = tscope_statement_bind(statement, values, 1, err);
    bool has_row = false;

    if (status == TSCOPE_OK)
        status = tscope_statement_step(statement, &has_row, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_known = (struct known_file){.id = -1};
    if (has_row) {
        ret_known->id = tscope_statement_integer(statement, 0);
        ret_known->is_done = tscope_span_is(tscope_statement_bytes(statement, 1), "done");
        ret_known->is_same =
            tscope_statement_integer(statement, 2) == (int64_t)file->size && tscope_statement_integer(statement, 3) == file->mtime_ns;
    }
    tscope_statement_reset(statement);
    return TSCOPE_OK;
}

static enum tscope_status
enter_file(tscope_keeper *keeper, struct tscope_sweep_file *file, struct tscope_span path, struct tscope_error *err)
{
    const struct tscope_store_value values[] = {
        tscope_store_text(path),
        file->is_pipe ? tscope_store_null() : tscope_store_integer((int64_t)file->size),
        file->is_pipe ? tscope_store_null() : tscope_store_integer(file->mtime_ns),
    };
    enum tscope_status status = run(keeper, ADD_FILE, values, TSCOPE_COUNT(values), err);

    file->id = tscope_store_last_id(keeper->store);
    return status;
}

/* Evidence of one path is numbered from the second on. */
static void
name_version(const struct tscope_sweep_file *file, int number, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, number > 1 ? "%.4096s (%d)" : "%.4096s", file->path, number);
}

/* What came through a pipe cannot come again: each is evidence of its own, and one that broke off is forgotten. */
static enum tscope_status
begin_pipe(tscope_keeper *keeper, struct tscope_sweep_file *file, struct tscope_error *err)
{
    char name[NAME_SIZE];

    for (int number = 1; number <= VERSIONS_MAX; number++) {
        struct known_file known = {0};
        enum tscope_status status;

        name_version(file, number, name);
        status = find_file(keeper, file, tscope_span_text(name), &known, err);
        if (status != TSCOPE_OK)
            return status;
        if (known.id < 0)
            return enter_file(keeper, file, tscope_span_text(name), err);
        if (!known.is_done) {
            file->id = known.id;
            return forget(keeper, known.id, err);
        }
    }
    return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "the case holds too much evidence of this name");
}

static enum tscope_status
begin_again(tscope_keeper *keeper, const struct tscope_sweep_file *file, struct tscope_error *err)
{
    const struct tscope_store_value values[] = {
        tscope_store_integer((int64_t)file->size),
        tscope_store_integer(file->mtime_ns),
        tscope_store_integer(file->id),
    };
    enum tscope_status status = forget(keeper, file->id, err);

    return status == TSCOPE_OK ? run(keeper, RESET_FILE, values, TSCOPE_COUNT(values), err) : status;
}

/*
 * A file that is another than the one of its path that was read is evidence of its own: a log that went on, or one of another folder. What
 * was found in the earlier one stays. Only what was never read to its end is read anew.
 */
static enum tscope_status
begin_regular(tscope_keeper *keeper, struct tscope_sweep_file *file, bool *ret_is_known, const char **ret_note, struct tscope_error *err)
{
    char name[NAME_SIZE];

    for (int number = 1; number <= VERSIONS_MAX; number++) {
        struct known_file known = {0};
        enum tscope_status status;

        name_version(file, number, name);
        status = find_file(keeper, file, tscope_span_text(name), &known, err);
        if (status != TSCOPE_OK)
            return status;
        if (known.id < 0)
            return enter_file(keeper, file, tscope_span_text(name), err);
        file->id = known.id;
        *ret_is_known = known.is_done && known.is_same;
        if (known.is_same)
            return TSCOPE_OK;
        if (!known.is_done) {
            *ret_note = "has changed since its reading was broken off, and is read anew";
            return begin_again(keeper, file, err);
        }
        *ret_note = "is another file than the one of this path in the case, and is kept beside it";
    }
    return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "the case holds too much evidence of this name");
}

enum tscope_status
tscope_keeper_begin_file(tscope_keeper *keeper, struct tscope_sweep_file *file, bool *ret_is_known, const char **ret_note,
                         struct tscope_error *err)
{
    if (file->is_pipe)
        return begin_pipe(keeper, file, err);
    return begin_regular(keeper, file, ret_is_known, ret_note, err);
}

enum tscope_status
tscope_keeper_knows_range(tscope_keeper *keeper, const struct tscope_sweep_file *file, uint64_t begins, bool *ret_is_known,
                          struct tscope_error *err)
{
    const struct tscope_store_value values[] = {tscope_store_integer(file->id), tscope_store_integer((int64_t)begins)};
    int64_t found = -1;
    enum tscope_status status = look_up(keeper, FIND_RANGE, values, 2, &found, err);

    *ret_is_known = found == 1;
    return status;
}

enum tscope_status
tscope_keeper_finish_range(tscope_keeper *keeper, const struct tscope_sweep_file *file, uint64_t begins, uint64_t end,
                           struct tscope_error *err)
{
    const struct tscope_store_value values[] = {tscope_store_integer(file->id), tscope_store_integer((int64_t)begins)};
    enum tscope_status status = run(keeper, ADD_RANGE, values, 2, err);

    (void)end;
    return status == TSCOPE_OK ? tscope_keeper_flush(keeper, err) : status;
}

static enum tscope_status
keep_warnings(tscope_keeper *keeper, const struct tscope_sweep_file *file, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    for (size_t i = 0; i < file->warnings_len && status == TSCOPE_OK; i++) {
        const struct tscope_file_warning *warning = &file->warnings[i];
        const struct tscope_store_value values[] = {
            tscope_store_integer(file->id),
            text_of(warning->member),
            text_of(warning->id),
            text_of(warning->text),
        };

        status = run(keeper, ADD_WARNING, values, TSCOPE_COUNT(values), err);
    }
    return status;
}

enum tscope_status
tscope_keeper_finish_file(tscope_keeper *keeper, struct tscope_sweep_file *file, struct tscope_error *err)
{
    const char *problem = file->err.message[0] ? file->err.message : tscope_status_text(file->status);
    const struct tscope_store_value progress[] = {tscope_store_integer(file->id)};
    const struct tscope_store_value values[] = {
        text_of(file->status == TSCOPE_OK ? "done" : "failed"),
        tscope_store_integer((int64_t)file->size),
        file->has_sha256 ? tscope_store_blob(tscope_span_of(file->sha256, sizeof(file->sha256))) : tscope_store_null(),
        text_of(tscope_evidence_format_id(file->format)),
        file->status == TSCOPE_OK ? tscope_store_null() : text_of(problem),
        tscope_store_integer(file->id),
    };
    enum tscope_status status = keep_warnings(keeper, file, err);

    if (status == TSCOPE_OK)
        status = run(keeper, FINISH_FILE, values, TSCOPE_COUNT(values), err);
    if (status == TSCOPE_OK && file->status == TSCOPE_OK)
        status = run(keeper, FORGET_PROGRESS, progress, 1, err);
    return status == TSCOPE_OK ? tscope_keeper_flush(keeper, err) : status;
}

/* ---- finds */

static enum tscope_status
find_stream(tscope_keeper *keeper, const struct tscope_sweep_file *file, const tscope_parcel *parcel, struct tscope_error *err)
{
    const struct tscope_store_value values[] = {
        tscope_store_integer(file->id),
        tscope_store_integer((int64_t)parcel->stream),
        tscope_store_text(parcel->member),
        text_of(tscope_evidence_format_id(parcel->format)),
    };
    enum tscope_status status;
    int64_t id = -1;

    if (keeper->evidence == file->id && keeper->stream_number == (int64_t)parcel->stream)
        return TSCOPE_OK;
    status = look_up(keeper, FIND_STREAM, values, 2, &id, err);
    if (status == TSCOPE_OK && id < 0) {
        status = run(keeper, ADD_STREAM, values, TSCOPE_COUNT(values), err);
        id = tscope_store_last_id(keeper->store);
    }
    if (status != TSCOPE_OK)
        return status;
    keeper->evidence = file->id;
    keeper->stream_number = (int64_t)parcel->stream;
    keeper->stream = id;
    keeper->key_number = -1;
    return TSCOPE_OK;
}

static enum tscope_status
find_token(tscope_keeper *keeper, const struct tscope_parcel_find *find, int64_t *ret_id, struct tscope_error *err)
{
    const struct tscope_store_value values[] = {
        tscope_store_blob(tscope_span_of(find->sha256, sizeof(find->sha256))),
        tscope_store_blob(find->text),
    };
    enum tscope_status status = look_up(keeper, FIND_TOKEN, values, 1, ret_id, err);

    if (status != TSCOPE_OK || *ret_id >= 0)
        return status;
    status = run(keeper, ADD_TOKEN, values, 2, err);
    *ret_id = tscope_store_last_id(keeper->store);
    return status;
}

/* An empty text of what stands around a place says nothing. */
static struct tscope_store_value
place_of(const struct tscope_parcel_find *find)
{
    return find->place.len ? tscope_store_text(find->place) : tscope_store_null();
}

static enum tscope_status
keep_token(tscope_keeper *keeper, const struct tscope_parcel_find *find, struct tscope_error *err)
{
    int64_t token = -1;
    enum tscope_status status = find_token(keeper, find, &token, err);
    const struct tscope_store_value values[] = {
        tscope_store_integer(keeper->stream),
        tscope_store_integer((int64_t)find->offset),
        tscope_store_integer(token),
        tscope_store_integer((int64_t)find->length),
        text_of(tscope_find_encoding_name(find->encoding)),
        time_of(find->seen),
        text_of(find->seen_from),
        tscope_store_text(find->context),
        place_of(find),
    };

    return status == TSCOPE_OK ? run(keeper, ADD_PLACE, values, TSCOPE_COUNT(values), err) : status;
}

/* Several keys may begin at one byte: they come in an order that is always the same. */
static enum tscope_status
keep_key(tscope_keeper *keeper, const struct tscope_parcel_find *find, struct tscope_error *err)
{
    bool is_same_place = keeper->key_number >= 0 && keeper->key_offset == find->offset;
    struct tscope_store_value values[] = {
        tscope_store_integer(keeper->stream),
        tscope_store_integer((int64_t)find->offset),
        tscope_store_integer(is_same_place ? keeper->key_number + 1 : 0),
        tscope_store_integer((int64_t)find->length),
        text_of(tscope_find_encoding_name(find->encoding)),
        tscope_store_text(find->thumbprint),
        tscope_store_integer(find->is_published),
        tscope_store_text(find->key),
        time_of(find->seen),
        tscope_store_text(find->context),
        place_of(find),
    };

    keeper->key_number = is_same_place ? keeper->key_number + 1 : 0;
    keeper->key_offset = find->offset;
    return run(keeper, ADD_KEY_PLACE, values, TSCOPE_COUNT(values), err);
}

enum tscope_status
tscope_keeper_take(tscope_keeper *keeper, const struct tscope_sweep_file *file, const tscope_parcel *parcel, struct tscope_error *err)
{
    enum tscope_status status = find_stream(keeper, file, parcel, err);

    for (size_t i = 0; i < parcel->finds_len && status == TSCOPE_OK; i++) {
        const struct tscope_parcel_find *find = &parcel->finds[i];

        status = find->kind == TSCOPE_FIND_TOKEN ? keep_token(keeper, find, err) : keep_key(keeper, find, err);
    }
    return status;
}
