/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_CORRELATION_VIEW_H
#define TSCOPE_CASE_CORRELATION_VIEW_H

#include "audit/correlate.h"
#include "case/coverage_view.h"
#include "core/json_writer.h"

/** @file What "audit correlate" shows, for both forms of the answer. */

/** A token that was given, or that the case holds. */
struct tscope_joined_token {
    const char *name;    /* NULL: of the case */
    char sha256[65];     /* of the case's; "" else */
    const char *verdict; /* of the case's; NULL else */
    uint32_t event;      /* in the ledger; UINT32_MAX: it is none that can be read */
};

struct tscope_correlation_view {
    const tscope_correlation *correlation;
    const struct tscope_coverage_view *coverage;
    struct tscope_joined_token *tokens;
    size_t tokens_len;
    tscope_statement *describe; /* of a record by its number */
    bool all;
    enum tscope_status status; /* of reading the case while the answer is written */
    struct tscope_error *err;
};

/** Of a suspect's events. */
struct tscope_suspect_facts {
    const struct tscope_join *join;
    struct tscope_join_result result;
    const struct tscope_event *use;
    uint32_t *events; /* the timeline; to be freed */
    size_t events_len, by_id;
    uint64_t items, synced, graph_calls, mail_records;
    uint32_t mailboxes[16]; /* words, the first ones */
    size_t mailboxes_len;
    bool more_mailboxes;
    int64_t first, last;
};

/** Timelines are for so many suspects; the others are listed without. */
#define TSCOPE_TIMELINES_MAX 200

/** @param with_timeline  false: events is only the id's own */
bool tscope_suspect_read(struct tscope_correlation_view *view, const struct tscope_join *join, bool with_timeline,
                         struct tscope_suspect_facts *ret_facts);
void tscope_suspect_clear(struct tscope_suspect_facts *facts);

/** Where a record stands: columns of the row at hand. Lives until the next call. False when there is none. */
struct tscope_record_place {
    struct tscope_span path, detail, client, sha256, key;
    int64_t line;
};
bool tscope_view_describe(struct tscope_correlation_view *view, const struct tscope_event *event, struct tscope_record_place *ret_place);

void tscope_correlation_json(struct tscope_correlation_view *view, struct tscope_buffer *buffer);
void tscope_correlation_text(struct tscope_correlation_view *view, struct tscope_buffer *buffer);

#endif
