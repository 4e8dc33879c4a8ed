/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/history_lint.h"

#include <stdlib.h>

#include "core/error.h"
#include "core/text.h"
#include "keys/ring.h"

#define QUOTED_MAX 80

TSCOPE_DEFINE_AUTO(tscope_history_lint)

static const struct {
    const char *id, *words;
    bool is_error;
} faults[] = {
#define FAULT_ROW(name, id, is_error, words) {id, words, is_error},
    TSCOPE_FOREACH_HISTORY_FAULT(FAULT_ROW)
#undef FAULT_ROW
};

void
tscope_history_lint_free(tscope_history_lint *lint)
{
    if (!lint)
        return;
    tscope_arena_clear(&lint->arena);
    tscope_arena_clear(&lint->scratch);
    tscope_free(lint->flaws);
    tscope_free(lint);
}

void *
tscope_history_lint_grow(tscope_history_lint *lint, void *rows, uint32_t len, uint32_t *capacity, size_t size)
{
    size_t wanted = *capacity ? (size_t)*capacity * 2 : 64;
    void *longer;

    if (len < *capacity)
        return rows;
    longer = wanted < UINT32_MAX ? tscope_arena_zeroed(&lint->scratch, wanted, size) : NULL;
    if (!longer) {
        lint->failed = true;
        return NULL;
    }
    if (len)
        memcpy(longer, rows, len * size);
    *capacity = (uint32_t)wanted;
    return longer;
}

static struct tscope_history_flaw *
new_flaw(tscope_history_lint *lint)
{
    size_t capacity = lint->flaws_capacity ? lint->flaws_capacity * 2 : 16;
    void *longer;

    if (lint->flaws_len < lint->flaws_capacity)
        return &lint->flaws[lint->flaws_len++];
    longer = tscope_realloc(lint->flaws, capacity * sizeof(*lint->flaws));
    if (!longer) {
        lint->failed = true;
        return NULL;
    }
    lint->flaws = longer;
    lint->flaws_capacity = capacity;
    return &lint->flaws[lint->flaws_len++];
}

static const char *
keep(tscope_history_lint *lint, struct tscope_buffer *buffer)
{
    struct tscope_span copy = {NULL, 0};

    if (!buffer->failed)
        copy = tscope_arena_copy(&lint->arena, tscope_span_of(buffer->len ? buffer->data : (const uint8_t *)"", buffer->len));
    lint->failed |= !copy.data;
    tscope_buffer_clear(buffer);
    return copy.data ? (const char *)copy.data : "";
}

void
tscope_history_lint_note(tscope_history_lint *lint, enum tscope_history_fault fault, const struct tscope_value *value, const char *words,
                         struct tscope_span text)
{
    struct tscope_buffer detail = {0}, pointer = {0};
    struct tscope_history_flaw *flaw;

    if (++lint->counts[fault] > TSCOPE_HISTORY_FAULTS_KEPT)
        return;
    flaw = new_flaw(lint);
    if (!flaw)
        return;
    tscope_buffer_append_text(&detail, words ? words : faults[fault].words);
    if (text.data) {
        tscope_buffer_append_text(&detail, ": ");
        tscope_text_quote(&detail, text, QUOTED_MAX);
    }
    if (value)
        tscope_json_pointer(&lint->json, value, &pointer);
    *flaw = (struct tscope_history_flaw){.fault = fault, .offset = value ? value->start : 0, .line = 1};
    flaw->value = value ? (uint32_t)(value - lint->json.values) : 0;
    flaw->detail = keep(lint, &detail);
    flaw->pointer = keep(lint, &pointer);
}

/* What two readers may read differently; what cannot be read at all is no fault but an error. */
static void
note_flaws(tscope_history_lint *lint)
{
    for (uint32_t i = 0; i < lint->json.flaws_len; i++) {
        const struct tscope_json_flaw *flaw = &lint->json.flaws[i];
        bool is_harmless = tscope_json_flaw_grade(flaw->kind) == TSCOPE_JSON_NOTE && flaw->kind != TSCOPE_JSON_FLAW_DUPLICATE;
        size_t before = lint->flaws_len;

        if (is_harmless)
            continue;
        tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_JSON, &lint->json.values[flaw->value], tscope_json_flaw_text(flaw->kind),
                                 (struct tscope_span){NULL, 0});
        if (lint->flaws_len > before)
            lint->flaws[before].offset = flaw->offset;
    }
}

/* The reader has the last word: what it refuses, for whatever reason, is not sound. */
static enum tscope_status
ask_reader(tscope_history_lint *lint, const uint8_t *bytes, size_t bytes_len, struct tscope_error *err)
{
    const struct tscope_history *history;
    struct tscope_error refusal = {0};
    tscope_crypto *crypto = NULL;
    enum tscope_status status = tscope_crypto_new(&crypto, err);

    if (status != TSCOPE_OK)
        return status;
    status = tscope_history_parse(bytes, bytes_len, TSCOPE_SPAN("the reader says"), crypto, &lint->scratch, &history, &refusal);
    tscope_crypto_free(crypto);
    if (status == TSCOPE_ERR_DATA) {
        if (tscope_history_lint_errors(lint) == 0)
            tscope_history_lint_note(lint, TSCOPE_HISTORY_FAULT_REFUSED, tscope_json_root(&lint->json), refusal.message,
                                     (struct tscope_span){NULL, 0});
        return TSCOPE_OK;
    }
    if (status != TSCOPE_OK)
        return tscope_error_set(err, status, TSCOPE_OFFSET_NONE, "%s", refusal.message);
    return TSCOPE_OK;
}

static int
compare_flaws(const void *a, const void *b)
{
    const struct tscope_history_flaw *left = a, *right = b;

    if (left->offset != right->offset)
        return left->offset < right->offset ? -1 : 1;
    return (left->fault > right->fault) - (left->fault < right->fault);
}

/* In order of their places, so that one pass over the text finds the lines. */
static void
finish_flaws(tscope_history_lint *lint, const uint8_t *bytes)
{
    uint64_t line = 1, at = 0;

    if (lint->flaws_len)
        qsort(lint->flaws, lint->flaws_len, sizeof(*lint->flaws), compare_flaws);
    for (size_t i = 0; i < lint->flaws_len; i++) {
        for (; at < lint->flaws[i].offset; at++)
            line += bytes[at] == '\n';
        lint->flaws[i].line = line;
    }
}

static enum tscope_status
read_file(tscope_history_lint *lint, const uint8_t *bytes, size_t bytes_len, struct tscope_error *err)
{
    enum tscope_status status = tscope_json_read(&lint->json, &lint->scratch, bytes, bytes_len, TSCOPE_JSON_LIMITS_FILE, err);

    if (status != TSCOPE_OK)
        return status;
    for (uint32_t i = 0; i < lint->json.flaws_len; i++) {
        const struct tscope_json_flaw *flaw = &lint->json.flaws[i];

        if (tscope_json_flaw_grade(flaw->kind) == TSCOPE_JSON_FATAL)
            return tscope_error_set(err, TSCOPE_ERR_DATA, flaw->offset, "%s", tscope_json_flaw_text(flaw->kind));
    }
    return TSCOPE_OK;
}

static enum tscope_status
look_through(tscope_history_lint *lint, const uint8_t *bytes, size_t bytes_len, struct tscope_error *err)
{
    enum tscope_status status = read_file(lint, bytes, bytes_len, err);

    if (status != TSCOPE_OK)
        return status;
    note_flaws(lint);
    tscope_history_lint_members(lint);
    if (!lint->failed)
        tscope_history_lint_times(lint);
    if (lint->failed)
        return tscope_error_no_memory(err);
    status = ask_reader(lint, bytes, bytes_len, err);
    if (status != TSCOPE_OK)
        return status;
    if (lint->failed)
        return tscope_error_no_memory(err);
    finish_flaws(lint, bytes);
    return TSCOPE_OK;
}

enum tscope_status
tscope_history_lint_new(const uint8_t *bytes, size_t bytes_len, int64_t now, tscope_history_lint **ret_lint, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_history_lint) *lint = NULL;
    enum tscope_status status;

    if (bytes_len > TSCOPE_KEYS_INPUT_MAX)
        return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "a history of over %u bytes", TSCOPE_KEYS_INPUT_MAX);
    lint = tscope_alloc_zeroed(1, sizeof(*lint));
    if (!lint)
        return tscope_error_no_memory(err);
    lint->now = now;
    status = look_through(lint, bytes ? bytes : (const uint8_t *)"", bytes ? bytes_len : 0, err);
    if (status != TSCOPE_OK)
        return status;
    tscope_arena_clear(&lint->scratch);
    *ret_lint = TSCOPE_STEAL(lint);
    return TSCOPE_OK;
}

size_t
tscope_history_lint_count(const tscope_history_lint *lint)
{
    return lint->flaws_len;
}

bool
tscope_history_lint_at(const tscope_history_lint *lint, size_t number, struct tscope_history_fault_view *ret_fault)
{
    const struct tscope_history_flaw *flaw;

    if (number >= lint->flaws_len)
        return false;
    flaw = &lint->flaws[number];
    *ret_fault = (struct tscope_history_fault_view){
        .fault = flaw->fault,
        .id = faults[flaw->fault].id,
        .is_error = faults[flaw->fault].is_error,
        .detail = flaw->detail,
        .pointer = flaw->pointer,
        .offset = flaw->offset,
        .line = flaw->line,
    };
    return true;
}

static size_t
count(const tscope_history_lint *lint, bool errors)
{
    size_t sum = 0;

    for (size_t i = 0; i < TSCOPE_HISTORY_FAULTS; i++)
        sum += faults[i].is_error == errors ? lint->counts[i] : 0;
    return sum;
}

size_t
tscope_history_lint_errors(const tscope_history_lint *lint)
{
    return count(lint, true);
}

size_t
tscope_history_lint_warnings(const tscope_history_lint *lint)
{
    return count(lint, false);
}
