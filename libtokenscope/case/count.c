/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case.h"

static enum tscope_status
count(tscope_store *store, const char *sql, uint64_t *ret_count, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    enum tscope_status status = tscope_store_prepare(store, sql, &statement, err);
    bool has_row = false;

    if (status == TSCOPE_OK)
        status = tscope_statement_step(statement, &has_row, err);
    if (status == TSCOPE_OK)
        *ret_count = has_row ? (uint64_t)tscope_statement_integer(statement, 0) : 0;
    return status;
}

static enum tscope_status
count_verdicts(tscope_store *store, struct tscope_case_counts *counts, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    enum tscope_status status = tscope_store_prepare(store, "SELECT verdict, count(*) FROM token GROUP BY verdict", &statement, err);
    bool has_row = true;

    while (status == TSCOPE_OK) {
        struct tscope_span verdict;
        uint64_t number;

        status = tscope_statement_step(statement, &has_row, err);
        if (status != TSCOPE_OK || !has_row)
            break;
        verdict = tscope_statement_bytes(statement, 0);
        number = (uint64_t)tscope_statement_integer(statement, 1);
        counts->tokens += number;
        counts->unjudged += number;
        for (int i = 0; i <= TSCOPE_VERDICT_VALID; i++) {
            if (verdict.data && tscope_span_is(verdict, tscope_verdict_id((enum tscope_verdict)i))) {
                counts->verdicts[i] += number;
                counts->unjudged -= number;
            }
        }
    }
    return status;
}

enum tscope_status
tscope_case_count(tscope_case *opened, struct tscope_case_counts *ret_counts, struct tscope_error *err)
{
    struct tscope_case_counts counts = {0};
    const struct {
        const char *sql;
        uint64_t *count;
    } rows[] = {
        {"SELECT count(*) FROM evidence WHERE state = 'done'", &counts.files},
        {"SELECT count(*) FROM evidence WHERE state = 'failed'", &counts.files_failed},
        {"SELECT count(*) FROM evidence WHERE state = 'open'", &counts.files_open},
        {"SELECT count(*) FROM token WHERE is_uncertain = 1 AND verdict NOT IN ('forged', 'invalid')", &counts.uncertain},
        {"SELECT count(*) FROM place", &counts.places},
        {"SELECT count(*) FROM key_place", &counts.keys},
        {"SELECT count(*) FROM key_place WHERE is_published = 1", &counts.keys_published},
    };
    enum tscope_status status = count_verdicts(opened->store, &counts, err);

    for (size_t i = 0; i < TSCOPE_COUNT(rows) && status == TSCOPE_OK; i++)
        status = count(opened->store, rows[i].sql, rows[i].count, err);
    if (status == TSCOPE_OK)
        *ret_counts = counts;
    return status;
}
