/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <time.h>

#include <tokenscope/audit.h>

#include "audit.h"
#include "case_file.h"
#include "input.h"
#include "memory.h"
#include "message.h"
#include "options.h"
#include "output.h"
#include "terminal.h"

static const char *const formats[] = {"text", "json", NULL};

/* Tokens of the operands, whole and with their names. */
struct tokens {
    struct tscope_audit_token *rows;
    size_t len;
};

static void
add_token(struct tokens *tokens, const char *name, const char *text, size_t len)
{
    struct tscope_audit_token *token;
    char *copy = memory_grow(NULL, len + 1, 1);

    memcpy(copy, text, len);
    copy[len] = '\0';
    tokens->rows = memory_grow(tokens->rows, tokens->len + 1, sizeof(*tokens->rows));
    token = &tokens->rows[tokens->len++];
    *token = (struct tscope_audit_token){.text = copy, .text_len = len, .name = memory_copy(name)};
}

static void
clear_tokens(struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->len; i++) {
        free((void *)(uintptr_t)tokens->rows[i].text); /* ours: add_token() */
        free((void *)(uintptr_t)tokens->rows[i].name);
    }
    free(tokens->rows);
}

/* A line is a token, or the whole piece is one that spans lines. */
static enum exit_status
read_tokens(const char *word, size_t number, struct tokens *tokens)
{
    struct input input;
    struct input_piece piece;
    enum exit_status status = input_open_operand(word, number, &input);
    enum input_result result;

    if (status != EXIT_STATUS_OK)
        return status;
    while ((result = input_read_line(&input, TSCOPE_INPUT_MAX, &piece, &status)) == INPUT_PIECE)
        add_token(tokens, input_name(&input), piece.bytes, piece.bytes_len);
    input_close(&input);
    return result == INPUT_LONG ? EXIT_STATUS_DATA : status;
}

static enum exit_status
read_operands(const struct option_list *operands, struct tokens *tokens)
{
    struct status_tally tally = {0};

    for (size_t i = 0; i < operands->words_len; i++)
        status_note(&tally, read_tokens(operands->words[i], i + 1, tokens));
    return status_worst(&tally);
}

static enum exit_status
read_complete(const struct option_list *words, unsigned *ret_complete)
{
    for (size_t i = 0; i < words->words_len; i++) {
        unsigned category = TSCOPE_AUDIT_INTERACTIVE;

        while (category <= TSCOPE_AUDIT_MANAGED_IDENTITY && strcmp(tscope_log_category_name(category), words->words[i]) != 0)
            category++;
        if (category > TSCOPE_AUDIT_MANAGED_IDENTITY)
            return message_usage("audit", "--complete takes interactive, non-interactive, service-principal or managed-identity");
        *ret_complete |= 1u << category;
    }
    return EXIT_STATUS_OK;
}

static enum exit_status
show(tscope_case *opened, const struct tscope_audit_options *options)
{
    AUTO(handed_text) *text = NULL;
    struct tscope_correlate_summary summary;
    struct tscope_error err = {0};
    size_t len;

    if (tscope_case_correlate(opened, options, &text, &len, &summary, &err) != TSCOPE_OK)
        return err.status == TSCOPE_ERR_ARGUMENT ? message_usage("audit", "%s", err.message) : message_error(NULL, &err);
    output_write(text, len);
    if (summary.suspects)
        return EXIT_STATUS_BAD;
    /* where nothing is joined nothing was told */
    return summary.not_joinable || summary.records_without_id || summary.joined == 0 ? EXIT_STATUS_UNDECIDED : EXIT_STATUS_OK;
}

enum exit_status
audit_correlate(int argc, char **argv)
{
    struct option_list operands = {0}, complete = {0};
    struct tscope_audit_options options = {.size = sizeof(options), .columns = terminal_width()};
    struct tokens tokens = {0};
    const char *path = NULL;
    int format = 0;
    int64_t now = TSCOPE_TIME_UNKNOWN;
    const struct option table[] = {
        {"case", OPTION_TEXT, &path, NULL},
        {"format", OPTION_CHOICE, &format, formats},
        {"complete", OPTION_LIST, &complete, NULL},
        {"tenant", OPTION_TEXT, &options.tenant, NULL},
        {"all", OPTION_FLAG, &options.all, NULL},
        {"now", OPTION_TIME, &now, NULL},
        {0},
    };
    enum exit_status status = options_parse("audit", argc, argv, table, &operands);
    tscope_case *opened = NULL;
    struct status_tally tally = {0};

    if (status == EXIT_STATUS_OK && !path)
        status = message_usage("audit", "correlate needs --case FILE");
    if (status == EXIT_STATUS_OK)
        status = read_complete(&complete, &options.complete);
    options.format = format == 1 ? TSCOPE_AUDIT_JSON : TSCOPE_AUDIT_TEXT;
    options.now = now == TSCOPE_TIME_UNKNOWN ? time(NULL) : now;
    if (status == EXIT_STATUS_OK)
        status = case_file_read(path, &opened);
    if (status == EXIT_STATUS_OK) {
        status_note(&tally, read_operands(&operands, &tokens)); /* a token that cannot be read does not stop the others */
        options.tokens = tokens.rows;
        options.tokens_len = tokens.len;
        status_note(&tally, show(opened, &options));
        status = status_worst(&tally);
    }
    status = case_file_close(opened, status);
    clear_tokens(&tokens);
    option_list_clear(&complete);
    option_list_clear(&operands);
    return status;
}
