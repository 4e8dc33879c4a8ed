/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_RECORDS_H
#define TSCOPE_CASE_RECORDS_H

#include <tokenscope/audit.h>

#include "audit/ledger.h"
#include "audit/log_reader.h"
#include "case/case.h"

/**
 * @file Log records in a case: appended as they are read, thousands a transaction, with no index, so that millions go in as fast as they
 * can be read. What is asked of all of them is asked in memory (audit/ledger.h).
 */

/** Puts the records of one file into a case. */
typedef struct tscope_record_writer tscope_record_writer;

/** Enters the file; what an earlier import of it left unfinished is removed. */
TSCOPE_MUST_USE enum tscope_status tscope_record_writer_new(tscope_case *into, const char *path, tscope_record_writer **ret_writer,
                                                            struct tscope_error *err);
/** What was not committed is undone. NULL is allowed. */
void tscope_record_writer_free(tscope_record_writer *writer);
TSCOPE_DEFINE_AUTO(tscope_record_writer)

TSCOPE_MUST_USE enum tscope_status tscope_record_writer_add(tscope_record_writer *writer, const struct tscope_record *record,
                                                            const struct tscope_split_row *row, const uint8_t digest[32],
                                                            struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_record_writer_add_bad(tscope_record_writer *writer, const struct tscope_split_row *row,
                                                                const char *why, struct tscope_error *err);

/** Of log_source.is_broken: bits. */
enum {
    TSCOPE_SOURCE_BROKEN = 1,   /* ends inside */
    TSCOPE_SOURCE_HAS_NEXT = 2, /* an answer of Graph that names a next page */
};

/** What is known of the file at its end. */
struct tscope_record_file {
    uint8_t sha256[32];
    uint64_t size;
    int64_t now;
    const struct tscope_log_reader_facts *facts;
};

/** Finds duplicates among all records of the case and closes the file's row. A file that is here already is removed again. */
TSCOPE_MUST_USE enum tscope_status tscope_record_writer_finish(tscope_record_writer *writer, const struct tscope_record_file *file,
                                                               struct tscope_log_import_summary *ret_summary, struct tscope_error *err);

/** All words, in their numbers. */
TSCOPE_MUST_USE enum tscope_status tscope_records_load_words(tscope_store *store, tscope_words *words, struct tscope_error *err);
/** All records but duplicates, in the order of import. */
TSCOPE_MUST_USE enum tscope_status tscope_records_load(tscope_store *store, tscope_ledger *ledger, struct tscope_error *err);

#endif
