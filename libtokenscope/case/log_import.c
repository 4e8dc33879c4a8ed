/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/hash.h>

#include "case/records.h"
#include "core/error.h"

struct tscope_log_import {
    tscope_record_writer *writer;
    tscope_log_reader *reader;
    tscope_hasher *file, *row; /* digests: of all bytes, of one record */
    uint64_t size;
    tscope_log_bad_row *bad_row;
    void *user;
};

static enum tscope_status
take_record(void *user, const struct tscope_record *record, const struct tscope_split_row *row, struct tscope_error *err)
{
    tscope_log_import *import = user;
    uint8_t digest[TSCOPE_HASH_LEN];
    enum tscope_status status = tscope_hasher_add(import->row, row->text.data, row->text.len, err);

    if (status == TSCOPE_OK)
        status = tscope_hasher_finish(import->row, digest, err);
    return status == TSCOPE_OK ? tscope_record_writer_add(import->writer, record, row, digest, err) : status;
}

static enum tscope_status
take_bad(void *user, const struct tscope_split_row *row, const char *why, struct tscope_error *err)
{
    tscope_log_import *import = user;

    if (import->bad_row)
        import->bad_row(import->user, row->line, why);
    return tscope_record_writer_add_bad(import->writer, row, why, err);
}

void
tscope_log_import_free(tscope_log_import *import)
{
    if (!import)
        return;
    tscope_record_writer_free(import->writer);
    tscope_log_reader_free(import->reader);
    tscope_hasher_free(import->row);
    tscope_hasher_free(import->file);
    tscope_free(import);
}
TSCOPE_DEFINE_AUTO(tscope_log_import)

enum tscope_status
tscope_log_import_new(tscope_case *into, const char *path, enum tscope_audit_category category, tscope_log_bad_row *bad_row, void *user,
                      tscope_log_import **ret_import, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_log_import) *import = NULL;
    struct tscope_log_reader_sinks sinks = {take_record, take_bad, NULL};
    enum tscope_status status;

    if (!tscope_store_is_writable(into->store))
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the case is open for reading");
    import = tscope_alloc_zeroed(1, sizeof(*import));
    if (!import)
        return tscope_error_no_memory(err);
    import->bad_row = bad_row;
    import->user = user;
    sinks.user = import;
    status = tscope_log_reader_new(&sinks, (enum tscope_log_category)category, &import->reader, err);
    if (status == TSCOPE_OK)
        status = tscope_hasher_new(NULL, &import->file, err);
    if (status == TSCOPE_OK)
        status = tscope_hasher_new(import->file, &import->row, err);
    if (status == TSCOPE_OK)
        status = tscope_record_writer_new(into, path, &import->writer, err);
    if (status == TSCOPE_OK)
        *ret_import = TSCOPE_STEAL(import);
    return status;
}

enum tscope_status
tscope_log_import_feed(tscope_log_import *import, const uint8_t *bytes, size_t bytes_len, struct tscope_error *err)
{
    enum tscope_status status = tscope_hasher_add(import->file, bytes, bytes_len, err);

    import->size += bytes_len;
    return status == TSCOPE_OK ? tscope_log_reader_feed(import->reader, bytes, bytes_len, err) : status;
}

enum tscope_status
tscope_log_import_finish(tscope_log_import *import, int64_t now, struct tscope_log_import_summary *ret_summary, struct tscope_error *err)
{
    struct tscope_record_file file = {.size = import->size, .now = now, .facts = tscope_log_reader_facts(import->reader)};
    enum tscope_status status = tscope_log_reader_end(import->reader, err);

    if (status == TSCOPE_OK)
        status = tscope_hasher_finish(import->file, file.sha256, err);
    return status == TSCOPE_OK ? tscope_record_writer_finish(import->writer, &file, ret_summary, err) : status;
}

const char *
tscope_log_format_name(unsigned number)
{
    return tscope_log_format_id((enum tscope_log_format)number);
}

const char *
tscope_log_category_name(unsigned number)
{
    return tscope_log_category_id((enum tscope_log_category)number);
}
