/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/token_record.h"
#include "case/correlation_view.h"
#include "core/error.h"
#include "core/text.h"

/* What both answers begin with: files, records, coverage. */
struct answer {
    struct tscope_coverage_view view;
    tscope_ledger *ledger;
    tscope_coverage *coverage;
    struct tscope_arena arena; /* of tokens */
    struct tscope_joined_token *tokens;
    size_t tokens_len, tokens_max;
};

static void
clear(struct answer *answer)
{
    tscope_coverage_view_clear(&answer->view);
    tscope_coverage_free(answer->coverage);
    tscope_ledger_free(answer->ledger);
    tscope_arena_clear(&answer->arena);
    tscope_free(answer->tokens);
}

static enum tscope_status
check_options(const struct tscope_audit_options *options, struct tscope_error *err)
{
    if (options->size < sizeof(*options)) /* the first version: there is no smaller one */
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "the options' size is not set");
    if (options->tenant && !tscope_text_is_guid(tscope_span_text(options->tenant), NULL))
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "the tenant is no GUID");
    return TSCOPE_OK;
}

static enum tscope_status
load(struct answer *answer, tscope_case *opened, const struct tscope_audit_options *options, struct tscope_error *err)
{
    enum tscope_status status = check_options(options, err);

    if (status == TSCOPE_OK)
        status = tscope_ledger_new(&answer->ledger, err);
    if (status == TSCOPE_OK)
        status = tscope_records_load(opened->store, answer->ledger, err);
    if (status == TSCOPE_OK)
        status = tscope_coverage_view_read(&answer->view, opened->store, err);
    answer->view.ledger = answer->ledger;
    answer->view.now = options->now;
    answer->view.columns = options->columns ? options->columns : 100;
    return status;
}

static enum tscope_status
cover(struct answer *answer, struct tscope_error *err)
{
    enum tscope_status status = tscope_coverage_new(answer->ledger, tscope_coverage_view_is_cut, &answer->view, &answer->coverage, err);

    answer->view.coverage = answer->coverage;
    return status;
}

static enum tscope_status
hand_out(struct tscope_buffer *buffer, char **ret_text, size_t *ret_len, struct tscope_error *err)
{
    size_t len;
    char *text = tscope_buffer_steal(buffer, &len);

    if (!text)
        return tscope_error_no_memory(err);
    *ret_text = text;
    if (ret_len)
        *ret_len = len;
    return TSCOPE_OK;
}

static bool
is_missing(const struct tscope_coverage_view *view)
{
    const tscope_coverage *coverage = view->coverage;
    bool missing = coverage->logs_len == 0 || coverage->throttled_len > 0;

    for (size_t i = 0; i < coverage->logs_len && !missing; i++) {
        const struct tscope_covered_log *log = &coverage->logs[i];

        missing =
            log->is_cut || log->gaps_len > 0 || (log->category < TSCOPE_CATEGORY_AWS && tscope_coverage_view_missing(view, log->tenant));
    }
    return missing;
}

enum tscope_status
tscope_case_coverage(tscope_case *opened, const struct tscope_audit_options *options, char **ret_text, size_t *ret_len,
                     struct tscope_coverage_summary *ret_summary, struct tscope_error *err)
{
    struct answer answer = {.tokens = NULL};
    struct tscope_buffer buffer = {0};
    enum tscope_status status = load(&answer, opened, options, err);

    if (status == TSCOPE_OK)
        status = cover(&answer, err);
    if (status == TSCOPE_OK) {
        if (options->format == TSCOPE_AUDIT_JSON)
            tscope_coverage_json(&answer.view, &buffer);
        else if (options->format == TSCOPE_AUDIT_SVG)
            tscope_coverage_svg(&answer.view, &buffer);
        else
            tscope_coverage_text(&answer.view, &buffer);
        *ret_summary = (struct tscope_coverage_summary){.records = answer.ledger->events_len, .is_missing = is_missing(&answer.view)};
        status = hand_out(&buffer, ret_text, ret_len, err);
    }
    tscope_buffer_clear(&buffer);
    clear(&answer);
    return status;
}

/* ---- tokens */

static bool
is_bad(const char *verdict)
{
    static const char *const words[] = {"forged", "invalid", "suspicious"};

    for (size_t i = 0; i < TSCOPE_COUNT(words); i++) {
        if (verdict && strcmp(verdict, words[i]) == 0)
            return true;
    }
    return false;
}

static enum tscope_status
add_token(struct answer *answer, const struct tscope_joined_token *shown, struct tscope_span text, struct tscope_error *err)
{
    struct tscope_joined_token token = *shown;
    struct tscope_record record;
    bool is_token;
    enum tscope_status status;

    if (answer->tokens_len == answer->tokens_max) {
        size_t max = answer->tokens_max ? answer->tokens_max * 2 : 16;
        struct tscope_joined_token *tokens = tscope_realloc(answer->tokens, max * sizeof(*tokens));

        if (!tokens)
            return tscope_error_no_memory(err);
        answer->tokens = tokens;
        answer->tokens_max = max;
    }
    status = tscope_token_record(text, &answer->arena, &record, &is_token, err);
    token.event = UINT32_MAX;
    if (status == TSCOPE_OK && is_token && is_bad(token.verdict))
        record.flags |= TSCOPE_RECORD_BAD_TOKEN;
    if (status == TSCOPE_OK && is_token) {
        token.event = (uint32_t)answer->ledger->events_len;
        status = tscope_ledger_add_record(answer->ledger, &record, 0, 0, err);
    }
    if (status == TSCOPE_OK)
        answer->tokens[answer->tokens_len++] = token;
    return status;
}

static enum tscope_status
add_given(struct answer *answer, const struct tscope_audit_options *options, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    for (size_t i = 0; i < options->tokens_len && status == TSCOPE_OK; i++) {
        const struct tscope_joined_token token = {.name = options->tokens[i].name ? options->tokens[i].name : "token"};

        status = add_token(answer, &token, tscope_span_of(options->tokens[i].text, options->tokens[i].text_len), err);
    }
    return status;
}

/* A row of the case's tokens. */
static enum tscope_status
add_kept(struct answer *answer, tscope_statement *row, struct tscope_error *err)
{
    struct tscope_span sha256 = tscope_statement_bytes(row, 0), verdict = tscope_statement_bytes(row, 2);
    struct tscope_joined_token token = {.name = NULL};

    if (sha256.data && sha256.len == 32)
        tscope_text_to_hex(sha256.data, sha256.len, token.sha256);
    if (verdict.data) {
        verdict = tscope_arena_copy(&answer->arena, verdict);
        if (!verdict.data)
            return tscope_error_no_memory(err);
        token.verdict = (const char *)verdict.data;
    }
    return add_token(answer, &token, tscope_statement_bytes(row, 1), err);
}

static enum tscope_status
add_tokens_of_case(struct answer *answer, tscope_case *opened, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_statement) *statement = NULL;
    enum tscope_status status =
        tscope_store_prepare(opened->store, "SELECT sha256, text, verdict FROM token ORDER BY sha256", &statement, err);
    bool has_row = true;

    while (status == TSCOPE_OK) {
        status = tscope_statement_step(statement, &has_row, err);
        if (status != TSCOPE_OK || !has_row)
            break;
        status = add_kept(answer, statement, err);
    }
    return status;
}

static void
sum_up(const tscope_correlation *correlation, struct tscope_correlate_summary *summary)
{
    const struct tscope_join_counts *tokens = &correlation->tokens, *uses = &correlation->uses;

    *summary = (struct tscope_correlate_summary){
        .joined = tokens->verdicts[TSCOPE_JOIN_JOINED],
        .not_joinable = tokens->verdicts[TSCOPE_JOIN_NOT_JOINABLE],
        .unmatched = tokens->verdicts[TSCOPE_JOIN_UNMATCHED],
        .contradictions = tokens->verdicts[TSCOPE_JOIN_CONTRADICTION],
        .suspects = correlation->suspects_len,
        .leads = correlation->leads_len + correlation->leads_left_out,
        .records_without_id = uses->reasons[TSCOPE_JOIN_REASON_NO_ID] + uses->reasons[TSCOPE_JOIN_REASON_PLACEHOLDER] +
                              uses->reasons[TSCOPE_JOIN_REASON_ODD_ID],
    };
}

static const char describe_sql[] =
    "SELECT s.path, r.line, r.detail, r.client, r.sha256, r.key FROM log_record r JOIN log_source s ON s.id = r.source WHERE r.id = ?";

static enum tscope_status
write_answer(struct answer *answer, tscope_case *opened, const tscope_correlation *correlation, const struct tscope_audit_options *options,
             struct tscope_buffer *buffer, struct tscope_error *err)
{
    struct tscope_correlation_view view = {
        .correlation = correlation,
        .coverage = &answer->view,
        .tokens = answer->tokens,
        .tokens_len = answer->tokens_len,
        .all = options->all,
        .err = err,
    };

    view.status = tscope_store_prepare(opened->store, describe_sql, &view.describe, err);
    if (view.status == TSCOPE_OK) {
        if (options->format == TSCOPE_AUDIT_JSON)
            tscope_correlation_json(&view, buffer);
        else
            tscope_correlation_text(&view, buffer);
    }
    tscope_statement_free(view.describe);
    return view.status;
}

enum tscope_status
tscope_case_correlate(tscope_case *opened, const struct tscope_audit_options *options, char **ret_text, size_t *ret_len,
                      struct tscope_correlate_summary *ret_summary, struct tscope_error *err)
{
    struct answer answer = {.tokens = NULL};
    struct tscope_correlate_options asked = {.complete = options->complete};
    tscope_correlation *correlation = NULL;
    struct tscope_buffer buffer = {0};
    enum tscope_status status = load(&answer, opened, options, err);

    if (status == TSCOPE_OK)
        status = add_given(&answer, options, err);
    if (status == TSCOPE_OK)
        status = add_tokens_of_case(&answer, opened, err);
    if (status == TSCOPE_OK)
        status = cover(&answer, err);
    if (status == TSCOPE_OK && options->tenant && !tscope_words_add(answer.ledger->words, tscope_span_text(options->tenant), &asked.tenant))
        status = tscope_error_no_memory(err);
    if (status == TSCOPE_OK)
        status = tscope_correlate(answer.ledger, TSCOPE_STEAL(answer.coverage), &asked, &correlation, err);
    if (status == TSCOPE_OK)
        status = write_answer(&answer, opened, correlation, options, &buffer, err);
    if (status == TSCOPE_OK) {
        sum_up(correlation, ret_summary);
        status = hand_out(&buffer, ret_text, ret_len, err);
    }
    tscope_correlation_free(correlation);
    tscope_buffer_clear(&buffer);
    clear(&answer);
    return status;
}
