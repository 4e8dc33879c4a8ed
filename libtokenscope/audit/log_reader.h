/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_LOG_READER_H
#define TSCOPE_AUDIT_LOG_READER_H

#include <tokenscope/status.h>

#include "audit/decoder.h"
#include "audit/record.h"
#include "audit/splitter.h"

/** @file A log file, whatever its form, as records. Which form it is is told row by row from what stands there, never from a name. */

struct tscope_log_reader_sinks {
    /** A record; everything is borrowed until it returns. text is the record's JSON or cells as read. */
    enum tscope_status (*record)(void *user, const struct tscope_record *record, const struct tscope_split_row *row,
                                 struct tscope_error *err);
    /** A row that cannot be read, and why (static text). */
    enum tscope_status (*bad)(void *user, const struct tscope_split_row *row, const char *why, struct tscope_error *err);
    void *user;
};

/** What was read. rows is records + bad. */
struct tscope_log_reader_facts {
    uint64_t rows, records, bad;
    uint64_t timeless;     /* records without a time that can be read */
    uint64_t result_count; /* the largest ResultCount that rows of Search-UnifiedAuditLog state */
    uint64_t pages, links; /* of answers of Graph: how many begin, and how many name a next one */
    const struct tscope_decoder_facts *decoder;
};

typedef struct tscope_log_reader tscope_log_reader;

/** @param category  of sign-ins that do not say theirs (portal exports); TSCOPE_CATEGORY_NONE: they count as interactive */
TSCOPE_MUST_USE enum tscope_status tscope_log_reader_new(const struct tscope_log_reader_sinks *sinks, enum tscope_log_category category,
                                                         tscope_log_reader **ret_reader, struct tscope_error *err);
void tscope_log_reader_free(tscope_log_reader *reader);
TSCOPE_DEFINE_AUTO(tscope_log_reader)

/** @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_TOO_LARGE, or what a sink said */
TSCOPE_MUST_USE enum tscope_status tscope_log_reader_feed(tscope_log_reader *reader, const uint8_t *bytes, size_t len,
                                                          struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_log_reader_end(tscope_log_reader *reader, struct tscope_error *err);

const struct tscope_log_reader_facts *tscope_log_reader_facts(const tscope_log_reader *reader);

#endif
