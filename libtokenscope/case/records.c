/* SPDX-License-Identifier: Apache-2.0 */
#include "case/records.h"

#include "core/error.h"
#include "core/text.h"
#include "core/time.h"

#define BATCH 20000  /* records of one transaction */
#define BAD_MAX 1000 /* bad rows of a file that are kept by line; the others are counted */
#define KEY_MAX 256  /* bytes of a record's id */
#define VALUES 32

struct tscope_record_writer {
    tscope_store *store;
    tscope_words *words;
    uint32_t words_stored;
    tscope_statement *add_record, *add_word, *add_bad;
    int64_t source;
    size_t in_batch, bad;
    bool in_transaction;
    uint64_t formats, categories; /* bits */
};

void
tscope_record_writer_free(tscope_record_writer *writer)
{
    if (!writer)
        return;
    tscope_statement_free(writer->add_record);
    tscope_statement_free(writer->add_word);
    tscope_statement_free(writer->add_bad);
    if (writer->in_transaction)
        tscope_store_rollback(writer->store);
    tscope_words_free(writer->words);
    tscope_free(writer);
}

static enum tscope_status
run(tscope_store *store, const char *sql, const struct tscope_store_value *values, size_t values_len, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    enum tscope_status status = tscope_store_prepare(store, sql, &statement, err);

    return status == TSCOPE_OK ? tscope_statement_run(statement, values, values_len, err) : status;
}

static enum tscope_status
remove_source(tscope_store *store, int64_t source, struct tscope_error *err)
{
    static const char *const sql[] = {
        "DELETE FROM log_duplicate WHERE record IN (SELECT id FROM log_record WHERE source = ?)",
        "DELETE FROM log_record WHERE source = ?",
        "DELETE FROM log_bad WHERE source = ?",
        "DELETE FROM log_source WHERE id = ?",
    };
    const struct tscope_store_value value = tscope_store_integer(source);
    enum tscope_status status = TSCOPE_OK;

    for (size_t i = 0; i < TSCOPE_COUNT(sql) && status == TSCOPE_OK; i++)
        status = run(store, sql[i], &value, 1, err);
    return status;
}

/* Only one process writes, so whatever is still open was left by one that ended in the middle. */
static enum tscope_status
remove_unfinished(tscope_store *store, struct tscope_error *err)
{
    for (;;) {
        TSCOPE_AUTO(tscope_statement) *statement = NULL;
        enum tscope_status status = tscope_store_prepare(store, "SELECT id FROM log_source WHERE state = 'open' LIMIT 1", &statement, err);
        bool has_row = false;
        int64_t source;

        if (status == TSCOPE_OK)
            status = tscope_statement_step(statement, &has_row, err);
        if (status != TSCOPE_OK || !has_row)
            return status;
        source = tscope_statement_integer(statement, 0);
        tscope_statement_reset(statement);
        status = remove_source(store, source, err);
        if (status != TSCOPE_OK)
            return status;
    }
}

enum tscope_status
tscope_records_load_words(tscope_store *store, tscope_words *words, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    enum tscope_status status = tscope_store_prepare(store, "SELECT id, text FROM log_word ORDER BY id", &statement, err);
    bool has_row = true;

    while (status == TSCOPE_OK) {
        status = tscope_statement_step(statement, &has_row, err);
        if (status != TSCOPE_OK || !has_row)
            break;
        if (tscope_statement_integer(statement, 0) != (int64_t)tscope_words_len(words) + 1 || !tscope_statement_bytes(statement, 1).data)
            return tscope_error_set(err, TSCOPE_ERR_DATA, TSCOPE_OFFSET_NONE, "%s: the words of its logs are not in order",
                                    tscope_store_path(store));
        if (!tscope_words_append(words, tscope_statement_bytes(statement, 1)))
            return tscope_error_no_memory(err);
    }
    return status;
}

static enum tscope_status
begin(tscope_record_writer *writer, struct tscope_error *err)
{
    enum tscope_status status = tscope_store_begin(writer->store, err);

    writer->in_transaction = status == TSCOPE_OK;
    writer->in_batch = 0;
    return status;
}

static enum tscope_status
store_words(tscope_record_writer *writer, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    while (writer->words_stored < tscope_words_len(writer->words) && status == TSCOPE_OK) {
        struct tscope_store_value values[2];

        writer->words_stored++;
        values[0] = tscope_store_integer(writer->words_stored);
        values[1] = tscope_store_text(tscope_words_text(writer->words, writer->words_stored));
        status = tscope_statement_run(writer->add_word, values, 2, err);
    }
    return status;
}

static enum tscope_status
commit(tscope_record_writer *writer, struct tscope_error *err)
{
    enum tscope_status status = store_words(writer, err);

    if (status == TSCOPE_OK)
        status = tscope_store_commit(writer->store, err);
    writer->in_transaction = writer->in_transaction && status != TSCOPE_OK;
    return status;
}

static enum tscope_status
enter_source(tscope_record_writer *writer, const char *path, struct tscope_error *err)
{
    const struct tscope_store_value value = tscope_store_text(tscope_span_text(path));
    enum tscope_status status = begin(writer, err);

    if (status == TSCOPE_OK)
        status = remove_unfinished(writer->store, err);
    if (status == TSCOPE_OK)
        status = run(writer->store, "INSERT INTO log_source (path, state) VALUES (?, 'open')", &value, 1, err);
    if (status == TSCOPE_OK)
        writer->source = tscope_store_last_id(writer->store);
    return status == TSCOPE_OK ? commit(writer, err) : status;
}

static const char add_record_sql[] =
    "INSERT INTO log_record (source, line, offset, format, category, flags, time, iat, uti, alias, key, user, oid, tenant, token_tenant,"
    " home_tenant, app, client_app, token_app, resource, address, session, mailbox, operation, count, token_id, client, detail, sha256)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

enum tscope_status
tscope_record_writer_new(tscope_case *into, const char *path, tscope_record_writer **ret_writer, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_record_writer) *writer = tscope_alloc_zeroed(1, sizeof(*writer));
    enum tscope_status status;

    if (!writer)
        return tscope_error_no_memory(err);
    writer->store = into->store;
    writer->words = tscope_words_new();
    if (!writer->words)
        return tscope_error_no_memory(err);
    status = tscope_store_prepare(writer->store, add_record_sql, &writer->add_record, err);
    if (status == TSCOPE_OK)
        status = tscope_store_prepare(writer->store, "INSERT INTO log_word (id, text) VALUES (?, ?)", &writer->add_word, err);
    if (status == TSCOPE_OK)
        status = tscope_store_prepare(writer->store, "INSERT OR IGNORE INTO log_bad (source, line, why) VALUES (?, ?, ?)", &writer->add_bad,
                                      err);
    if (status == TSCOPE_OK)
        status = tscope_records_load_words(writer->store, writer->words, err);
    writer->words_stored = tscope_words_len(writer->words);
    if (status == TSCOPE_OK)
        status = enter_source(writer, path, err);
    if (status == TSCOPE_OK)
        status = begin(writer, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_writer = TSCOPE_STEAL(writer);
    return TSCOPE_OK;
}

static enum tscope_status
end_batch(tscope_record_writer *writer, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    if (++writer->in_batch < BATCH)
        return TSCOPE_OK;
    status = commit(writer, err);
    return status == TSCOPE_OK ? begin(writer, err) : status;
}

/* What rows are told apart by: which kind of log, and the row's own id, of a GUID its bytes. All forms of one log share their ids. */
static size_t
make_key(const struct tscope_record *record, uint8_t key[KEY_MAX])
{
    size_t len = 1;

    key[0] = tscope_log_category_is_sign_in(record->category) ? (uint8_t)TSCOPE_CATEGORY_INTERACTIVE : (uint8_t)record->category;
    if (tscope_token_id_from_guid(record->id, key + 1))
        return 1 + TSCOPE_TOKEN_ID_BYTES;
    if (!record->id.data || record->id.len == 0 || record->id.len > KEY_MAX - 2)
        return 0;
    key[len++] = 0; /* a text is never taken for a GUID */
    memcpy(key + len, record->id.data, record->id.len);
    return len + record->id.len;
}

static struct tscope_store_value
time_value(int64_t time)
{
    return time == TSCOPE_TIME_NONE ? tscope_store_null() : tscope_store_integer(time);
}

static struct tscope_store_value
word_value(uint32_t word)
{
    return word ? tscope_store_integer(word) : tscope_store_null();
}

/* SQLite keeps texts that are no UTF-8 as they are, and whoever reads the case does not expect them. */
static struct tscope_store_value
text_value(struct tscope_span text)
{
    return text.data && tscope_text_is_utf8(text, NULL) ? tscope_store_text(text) : tscope_store_null();
}

enum tscope_status
tscope_record_writer_add(tscope_record_writer *writer, const struct tscope_record *record, const struct tscope_split_row *row,
                         const uint8_t digest[32], struct tscope_error *err)
{
    struct tscope_store_value values[VALUES];
    struct tscope_event event;
    uint8_t aliases[2][TSCOPE_TOKEN_ID_BYTES], key[KEY_MAX];
    size_t aliases_len = tscope_record_aliases(record, aliases), key_len = make_key(record, key), n = 0;
    enum tscope_status status = tscope_ledger_event(writer->words, record, &event, err);
    const uint32_t words[] = {event.user,    event.oid,        event.tenant,    event.token_tenant, event.home_tenant,
                              event.app,     event.client_app, event.token_app, event.resource,     event.address,
                              event.session, event.mailbox,    event.operation};

    if (status != TSCOPE_OK)
        return status;
    values[n++] = tscope_store_integer(writer->source);
    values[n++] = tscope_store_integer((int64_t)row->line);
    values[n++] = tscope_store_integer((int64_t)row->offset);
    values[n++] = tscope_store_integer(record->format);
    values[n++] = tscope_store_integer(record->category);
    values[n++] = tscope_store_integer(event.flags);
    values[n++] = time_value(record->time);
    values[n++] = time_value(record->iat);
    values[n++] = record->has_uti ? tscope_store_blob(tscope_span_of(record->uti, sizeof(record->uti))) : tscope_store_null();
    values[n++] = aliases_len ? tscope_store_blob(tscope_span_of(aliases, aliases_len * sizeof(aliases[0]))) : tscope_store_null();
    values[n++] = key_len ? tscope_store_blob(tscope_span_of(key, key_len)) : tscope_store_null();
    for (size_t i = 0; i < TSCOPE_COUNT(words); i++)
        values[n++] = word_value(words[i]);
    values[n++] = tscope_store_integer(record->count);
    values[n++] = record->has_uti ? tscope_store_null() : text_value(record->uti_text);
    values[n++] = text_value(record->client);
    values[n++] = text_value(record->detail);
    values[n++] = tscope_store_blob(tscope_span_of(digest, 32));
    writer->formats |= UINT64_C(1) << record->format;
    writer->categories |= UINT64_C(1) << record->category;
    status = tscope_statement_run(writer->add_record, values, n, err);
    return status == TSCOPE_OK ? end_batch(writer, err) : status;
}

enum tscope_status
tscope_record_writer_add_bad(tscope_record_writer *writer, const struct tscope_split_row *row, const char *why, struct tscope_error *err)
{
    const struct tscope_store_value values[] = {tscope_store_integer(writer->source), tscope_store_integer((int64_t)row->line),
                                                tscope_store_text(tscope_span_text(why))};

    if (writer->bad++ >= BAD_MAX)
        return TSCOPE_OK;
    return tscope_statement_run(writer->add_bad, values, TSCOPE_COUNT(values), err);
}

/* ---- duplicates */

/* What two rows of one id must share to be one: else somebody gave an id twice, and both stay. */
struct twin {
    uint8_t key[KEY_MAX];
    size_t key_len;
    int64_t id, values[4];
};

static bool
is_same_key(const struct twin *twin, struct tscope_span key)
{
    return twin->key_len == key.len && memcmp(twin->key, key.data, key.len) == 0;
}

static void
take_twin(struct twin *twin, tscope_statement *statement, struct tscope_span key)
{
    memcpy(twin->key, key.data, key.len);
    twin->key_len = key.len;
    twin->id = tscope_statement_integer(statement, 1);
    for (size_t i = 0; i < 4; i++)
        twin->values[i] = tscope_statement_integer(statement, i + 2);
}

static bool
is_twin(const struct twin *twin, tscope_statement *statement)
{
    for (size_t i = 0; i < 4; i++) {
        if (twin->values[i] != tscope_statement_integer(statement, i + 2))
            return false;
    }
    return true;
}

/* Sorted by key, so that memory is a row's; those of one id are compared with the first of them. */
static enum tscope_status
mark_duplicates(tscope_record_writer *writer, struct tscope_log_import_summary *summary, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_statement) *rows = NULL;
    TSCOPE_AUTO(tscope_statement) *mark = NULL;
    struct twin first = {.key_len = 0};
    bool has_row = true;
    enum tscope_status status = tscope_store_prepare(
        writer->store, "SELECT key, id, time, operation, user, address, source FROM log_record WHERE key IS NOT NULL ORDER BY key, id",
        &rows, err);

    if (status == TSCOPE_OK)
        status = tscope_store_prepare(writer->store, "INSERT OR IGNORE INTO log_duplicate (record, of) VALUES (?, ?)", &mark, err);
    while (status == TSCOPE_OK) {
        struct tscope_span key;

        status = tscope_statement_step(rows, &has_row, err);
        if (status != TSCOPE_OK || !has_row)
            break;
        key = tscope_statement_bytes(rows, 0);
        if (!key.data || key.len > KEY_MAX || !is_same_key(&first, key)) {
            if (key.data && key.len <= KEY_MAX)
                take_twin(&first, rows, key);
        } else if (is_twin(&first, rows)) {
            const struct tscope_store_value values[] = {tscope_store_integer(tscope_statement_integer(rows, 1)),
                                                        tscope_store_integer(first.id)};

            summary->duplicates += tscope_statement_integer(rows, 6) == writer->source;
            status = tscope_statement_run(mark, values, 2, err);
        } else {
            summary->differing += tscope_statement_integer(rows, 6) == writer->source;
        }
    }
    return status;
}

/* ---- the end of a file */

static enum tscope_status
find_same_file(tscope_record_writer *writer, const uint8_t sha256[32], bool *ret_is_there, struct tscope_error *err)
{
    const struct tscope_store_value value = tscope_store_blob(tscope_span_of(sha256, 32));
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    enum tscope_status status =
        tscope_store_prepare(writer->store, "SELECT 1 FROM log_source WHERE state = 'done' AND sha256 = ? LIMIT 1", &statement, err);

    if (status == TSCOPE_OK)
        status = tscope_statement_bind(statement, &value, 1, err);
    return status == TSCOPE_OK ? tscope_statement_step(statement, ret_is_there, err) : status;
}

static enum tscope_status
finish_source(tscope_record_writer *writer, const struct tscope_record_file *file, const struct tscope_log_import_summary *summary,
              struct tscope_error *err)
{
    const struct tscope_decoder_facts *decoder = file->facts->decoder;
    const struct tscope_store_value values[] = {
        tscope_store_blob(tscope_span_of(file->sha256, 32)),
        tscope_store_integer((int64_t)file->size),
        tscope_store_integer(file->now),
        tscope_store_integer((int64_t)summary->rows),
        tscope_store_integer((int64_t)summary->bad),
        tscope_store_integer((int64_t)summary->duplicates),
        tscope_store_integer((int64_t)summary->differing),
        tscope_store_integer((int64_t)file->facts->result_count),
        tscope_store_integer((int64_t)writer->formats),
        tscope_store_integer((int64_t)writer->categories),
        tscope_store_integer((decoder->cut || decoder->broken ? TSCOPE_SOURCE_BROKEN : 0) |
                             (file->facts->links && file->facts->links >= file->facts->pages ? TSCOPE_SOURCE_HAS_NEXT : 0)),
        tscope_store_integer(writer->source),
    };

    return run(writer->store,
               "UPDATE log_source SET state = 'done', sha256 = ?, size = ?, imported = ?, rows = ?, bad = ?, duplicates = ?, differing = ?,"
               " result_count = ?, formats = ?, categories = ?, is_broken = ? WHERE id = ?",
               values, TSCOPE_COUNT(values), err);
}

enum tscope_status
tscope_record_writer_finish(tscope_record_writer *writer, const struct tscope_record_file *file,
                            struct tscope_log_import_summary *ret_summary, struct tscope_error *err)
{
    struct tscope_log_import_summary summary = {.rows = file->facts->rows, .bad = file->facts->bad, .timeless = file->facts->timeless};
    bool is_there = false;
    enum tscope_status status = find_same_file(writer, file->sha256, &is_there, err);

    summary.formats = writer->formats;
    summary.categories = writer->categories;
    summary.is_broken = file->facts->decoder->cut || file->facts->decoder->broken;
    summary.is_known = is_there;
    if (status == TSCOPE_OK && !is_there)
        status = mark_duplicates(writer, &summary, err);
    if (status == TSCOPE_OK)
        status = is_there ? remove_source(writer->store, writer->source, err) : finish_source(writer, file, &summary, err);
    if (status == TSCOPE_OK)
        status = commit(writer, err);
    if (status == TSCOPE_OK)
        *ret_summary = summary;
    return status;
}

/* ---- loading */

static const char load_sql[] = "SELECT r.id, r.source, r.category, r.flags, r.time, r.iat, r.uti, r.alias, r.user, r.oid, r.tenant, "
                               "r.token_tenant, r.home_tenant, r.app,"
                               " r.client_app, r.token_app, r.resource, r.address, r.session, r.mailbox, r.operation, r.count"
                               " FROM log_record r JOIN log_source s ON s.id = r.source"
                               " WHERE s.state = 'done' AND r.id NOT IN (SELECT record FROM log_duplicate) ORDER BY r.id";

static uint32_t
word_of(tscope_statement *statement, size_t column, const tscope_words *words)
{
    int64_t number = tscope_statement_integer(statement, column);

    return number > 0 && number <= (int64_t)tscope_words_len(words) ? (uint32_t)number : 0;
}

static int64_t
time_of(tscope_statement *statement, size_t column)
{
    return tscope_statement_type(statement, column) == TSCOPE_STORE_INTEGER ? tscope_statement_integer(statement, column)
                                                                            : TSCOPE_TIME_NONE;
}

static enum tscope_status
load_row(tscope_statement *row, tscope_ledger *ledger, struct tscope_error *err)
{
    struct tscope_event event = {.number = (uint32_t)tscope_statement_integer(row, 0),
                                 .source = (uint32_t)tscope_statement_integer(row, 1)};
    uint32_t *const words[] = {&event.user,    &event.oid,        &event.tenant,    &event.token_tenant, &event.home_tenant,
                               &event.app,     &event.client_app, &event.token_app, &event.resource,     &event.address,
                               &event.session, &event.mailbox,    &event.operation};
    struct tscope_span uti = tscope_statement_bytes(row, 6), alias;
    enum tscope_status status;

    event.category = (uint8_t)tscope_statement_integer(row, 2);
    event.flags = (uint16_t)tscope_statement_integer(row, 3);
    event.time = time_of(row, 4);
    event.iat = time_of(row, 5);
    event.has_uti = uti.data && uti.len == sizeof(event.uti);
    if (event.has_uti)
        memcpy(event.uti, uti.data, sizeof(event.uti));
    for (size_t i = 0; i < TSCOPE_COUNT(words); i++)
        *words[i] = word_of(row, 8 + i, ledger->words);
    event.count = (uint32_t)tscope_statement_integer(row, 21);
    status = tscope_ledger_add(ledger, &event, err);
    alias = tscope_statement_bytes(row, 7);
    for (size_t at = 0; status == TSCOPE_OK && alias.data && at + TSCOPE_TOKEN_ID_BYTES <= alias.len; at += TSCOPE_TOKEN_ID_BYTES)
        status = tscope_ledger_add_alias(ledger, alias.data + at, err);
    return status;
}

enum tscope_status
tscope_records_load(tscope_store *store, tscope_ledger *ledger, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    enum tscope_status status = tscope_records_load_words(store, ledger->words, err);
    bool has_row = true;

    if (status == TSCOPE_OK)
        status = tscope_store_prepare(store, load_sql, &statement, err);
    while (status == TSCOPE_OK) {
        status = tscope_statement_step(statement, &has_row, err);
        if (status != TSCOPE_OK || !has_row)
            break;
        status = load_row(statement, ledger, err);
    }
    return status;
}
