/* SPDX-License-Identifier: Apache-2.0 */
#include "keys_tokens.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "layout.h"
#include "memory.h"
#include "message.h"
#include "output.h"

#define KNOWN_MAX 64

struct walk {
    tscope_inspector *inspector;
    tscope_report *report;
    keys_token_visit visit;
    void *user;
    struct status_tally *tally;
};

static enum exit_status
visit_token(struct walk *walk, const struct input *input, const struct input_piece *piece, const struct tscope_capture *capture)
{
    const struct tscope_moment moment = {.seen = TSCOPE_TIME_UNKNOWN, .now = TSCOPE_TIME_UNKNOWN};
    AUTO(heap_text) *name =
        piece->line ? memory_print("%s: line %" PRIu64, input_name(input), piece->line) : memory_copy(input_name(input));
    struct tscope_error err = {0};

    if (tscope_inspector_set_source(walk->inspector, input->path, piece->offset, &err) != TSCOPE_OK ||
        tscope_inspect_capture(walk->inspector, (const uint8_t *)piece->bytes, piece->bytes_len, capture, &moment, &walk->report, &err) !=
            TSCOPE_OK)
        return message_error(name, &err);
    return walk->visit(walk->user, name, walk->report);
}

static enum exit_status
visit_piece(struct walk *walk, const struct input *input, const struct input_piece *piece)
{
    AUTO(tscope_captures) *captures = NULL;
    struct tscope_error err = {0};

    if (tscope_captures_find((const uint8_t *)piece->bytes, piece->bytes_len, &captures, &err) != TSCOPE_OK)
        return message_error(input_name(input), &err);
    if (tscope_captures_len(captures) < 2)
        return visit_token(walk, input, piece, input_sole_capture(piece, captures));
    for (size_t i = 0; i < tscope_captures_len(captures); i++)
        status_note(walk->tally, visit_token(walk, input, piece, tscope_captures_at(captures, i)));
    return EXIT_STATUS_OK;
}

static void
visit_input(struct walk *walk, struct input *input, bool by_lines)
{
    for (;;) {
        enum exit_status status = EXIT_STATUS_OK;
        struct input_piece piece;
        enum input_result result =
            by_lines ? input_read_line(input, TSCOPE_INPUT_MAX, &piece, &status) : input_read_all(input, TSCOPE_INPUT_MAX, &piece, &status);

        if (result == INPUT_END)
            return;
        status_note(walk->tally, result == INPUT_PIECE ? visit_piece(walk, input, &piece) : status);
        if (!by_lines || result == INPUT_FAILED)
            return;
    }
}

static void
visit_operands(struct walk *walk, const struct option_list *operands, bool by_lines)
{
    for (size_t i = 0; i < operands->words_len && output_flush(); i++) {
        struct input input;
        enum exit_status status = input_open_operand(operands->words[i], i + 1, &input);

        if (status != EXIT_STATUS_OK) {
            status_note(walk->tally, status);
            continue;
        }
        visit_input(walk, &input, by_lines);
        input_close(&input);
    }
}

enum exit_status
keys_visit_tokens(const struct keys *keys, const char *action, tscope_keyring *keyring, keys_token_visit visit, void *user,
                  struct status_tally *tally)
{
    const struct tscope_limits limits = {.size = sizeof(limits), .signature_trials = SIZE_MAX};
    struct walk walk = {.visit = visit, .user = user, .tally = tally};
    AUTO(tscope_profile) *profile = NULL;
    struct option_list operands = {0};
    struct tscope_error err = {0};
    enum exit_status status;

    for (size_t i = 0; i < keys->operands.words_len; i++)
        option_list_add(&operands, keys->operands.words[i]);
    status = input_default(action, &operands);
    if (status == EXIT_STATUS_OK && (tscope_profile_new(NULL, &profile, &err) != TSCOPE_OK ||
                                     tscope_inspector_new(keyring, profile, &limits, NULL, &walk.inspector, &err) != TSCOPE_OK))
        status = message_error(NULL, &err);
    if (status == EXIT_STATUS_OK)
        visit_operands(&walk, &operands, keys->by_lines);
    tscope_report_free(walk.report);
    tscope_inspector_free(walk.inspector);
    option_list_clear(&operands);
    return status;
}

/* A text may be the kid of one key and the thumbprint of another: only the latter is asked for. */
static size_t
find_known(const tscope_keyring *keyring, const char *thumbprint, const tscope_key *known[KNOWN_MAX])
{
    size_t found = tscope_keyring_find(keyring, thumbprint, known, KNOWN_MAX), kept = 0;

    for (size_t i = 0; i < found && i < KNOWN_MAX; i++) {
        const char *own = tscope_key_thumbprint(known[i]);

        if (own && strcmp(own, thumbprint) == 0)
            known[kept++] = known[i];
    }
    return kept;
}

static json_t *
json_of(const tscope_keyring *keyring, const tscope_key *key)
{
    AUTO(handed_text) *text = NULL;
    struct tscope_error err = {0};
    size_t text_len = 0;

    if (tscope_key_json(keyring, key, 0, &text, &text_len, &err) != TSCOPE_OK)
        return NULL;
    return json_loadb(text, text_len, JSON_ALLOW_NUL, NULL);
}

json_t *
keys_known_json(const tscope_keyring *keyring, const char *thumbprint)
{
    const tscope_key *known[KNOWN_MAX];
    size_t count = find_known(keyring, thumbprint, known);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_of(keyring, known[i]));
    return list;
}

void
keys_known_print(const tscope_keyring *keyring, const char *thumbprint)
{
    const tscope_key *known[KNOWN_MAX];
    size_t count = find_known(keyring, thumbprint, known);

    for (size_t i = 0; i < count; i++) {
        AUTO(json_t) *json = json_of(keyring, known[i]);
        AUTO(heap_text) *dates = keys_dates_of(json);
        const char *kid = tscope_key_kid(known[i]), *family = tscope_key_family(known[i]), *source = tscope_key_source(known[i]);

        printf("    ");
        layout_cell(kid ? kid : "-", 27);
        putchar(' ');
        layout_cell(family ? family : "-", 16);
        printf(" %-16s ", dates);
        escape_write(stdout, source ? source : "-", strlen(source ? source : "-"));
        putchar('\n');
    }
}

json_t *
keys_token_text(const char *text)
{
    json_t *string = text ? json_string(text) : NULL;
    AUTO(heap_text) *safe = text && !string ? escape_text(text) : NULL;

    return string || !text ? string : json_string(safe);
}
