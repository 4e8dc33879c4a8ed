/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <tokenscope/lint.h>

#include "checks/keyset.h"
#include "core/error.h"
#include "core/json_writer.h"

struct tscope_lint {
    struct tscope_key_faults faults;
    size_t keys;
};

TSCOPE_DEFINE_AUTO(tscope_lint)

void
tscope_lint_free(tscope_lint *lint)
{
    if (!lint)
        return;
    tscope_key_faults_clear(&lint->faults);
    tscope_free(lint);
}

static const struct tscope_check *
row_of(enum tscope_key_fault_kind kind)
{
    return kind < TSCOPE_FAULT_UNUSABLE ? &tscope_checks_keyset.checks[kind] : NULL;
}

/* No row gives more than its own grade. */
static enum tscope_severity
severity_of(enum tscope_key_fault_kind kind, enum tscope_key_fault_weight weight)
{
    enum tscope_severity highest = row_of(kind) ? row_of(kind)->severity : TSCOPE_SEVERITY_HIGH;

    if (weight == TSCOPE_FAULT_FULL)
        return highest;
    if (weight == TSCOPE_FAULT_LESS)
        return highest < TSCOPE_SEVERITY_MEDIUM ? highest : TSCOPE_SEVERITY_MEDIUM;
    return TSCOPE_SEVERITY_INFO;
}

static enum tscope_proves
proves_of(enum tscope_key_fault_kind kind, enum tscope_key_fault_weight weight)
{
    enum tscope_proves most = row_of(kind) ? row_of(kind)->proves : TSCOPE_PROVES_INVALID;

    if (most == TSCOPE_PROVES_FORGERY)
        most = TSCOPE_PROVES_ANOMALY; /* of a token; a set is what it is */
    if (weight == TSCOPE_FAULT_FULL)
        return most;
    if (weight == TSCOPE_FAULT_LESS)
        return most < TSCOPE_PROVES_ANOMALY ? most : TSCOPE_PROVES_ANOMALY;
    return TSCOPE_PROVES_NOTE;
}

/* Gravest first; keys that are not usable behind all findings; then as they were. */
static int
compare_grades(const void *a, const void *b)
{
    const struct tscope_key_fault *left = a, *right = b;
    bool left_unusable = left->kind == TSCOPE_FAULT_UNUSABLE, right_unusable = right->kind == TSCOPE_FAULT_UNUSABLE;
    enum tscope_severity left_severity = severity_of(left->kind, left->weight), right_severity = severity_of(right->kind, right->weight);

    if (left_unusable != right_unusable)
        return left_unusable ? 1 : -1;
    if (left_severity != right_severity)
        return left_severity > right_severity ? -1 : 1;
    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    return (left->key > right->key) - (left->key < right->key);
}

static size_t
count_given(const tscope_keyring *keyring)
{
    size_t count = 0;

    for (size_t i = 0; i < tscope_keyring_count(keyring); i++)
        count += tscope_keyring_key(keyring, i)->history == NULL;
    return count;
}

enum tscope_status
tscope_lint_new(const tscope_keyring *keyring, unsigned flags, tscope_lint **ret_lint, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_lint) *lint = NULL;
    enum tscope_status status;

    if (tscope_keyring_count(keyring) > 0 && !tscope_keyring_key(keyring, 0))
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the keyring is not frozen");
    lint = tscope_alloc_zeroed(1, sizeof(*lint));
    if (!lint)
        return tscope_error_no_memory(err);
    lint->faults.keyring = keyring;
    lint->faults.is_published = flags & TSCOPE_LINT_PUBLISHED;
    lint->keys = count_given(keyring);
    status = tscope_key_faults_find(&lint->faults, err);
    if (status != TSCOPE_OK)
        return status;
    qsort(lint->faults.faults, lint->faults.faults_len, sizeof(*lint->faults.faults), compare_grades);
    *ret_lint = TSCOPE_STEAL(lint);
    return TSCOPE_OK;
}

size_t
tscope_lint_keys(const tscope_lint *lint)
{
    return lint->keys;
}

static size_t
count_kind(const tscope_lint *lint, size_t kind)
{
    size_t count = 0;

    for (size_t weight = 0; weight <= TSCOPE_FAULT_NOTE; weight++)
        count += lint->faults.counts[kind][weight];
    return count;
}

size_t
tscope_lint_unusable(const tscope_lint *lint)
{
    return count_kind(lint, TSCOPE_FAULT_UNUSABLE);
}

size_t
tscope_lint_findings(const tscope_lint *lint)
{
    return lint->faults.faults_len;
}

size_t
tscope_lint_left_out(const tscope_lint *lint)
{
    size_t all = 0;

    for (size_t kind = 0; kind < TSCOPE_FAULT_COUNT; kind++)
        all += count_kind(lint, kind);
    return all - lint->faults.faults_len;
}

size_t
tscope_lint_moduli(const tscope_lint *lint, size_t *ret_judged, size_t *ret_compared)
{
    *ret_judged = lint->faults.moduli_judged;
    *ret_compared = lint->faults.moduli_compared;
    return lint->faults.moduli;
}

bool
tscope_lint_finding(const tscope_lint *lint, size_t number, struct tscope_lint_view *ret_finding)
{
    const struct tscope_key_fault *fault;
    const struct tscope_check *row;

    if (number >= lint->faults.faults_len)
        return false;
    fault = &lint->faults.faults[number];
    row = row_of(fault->kind);
    *ret_finding = (struct tscope_lint_view){
        .id = row ? row->id : NULL,
        .severity = severity_of(fault->kind, fault->weight),
        .proves = proves_of(fault->kind, fault->weight),
        .title = row ? row->title : "the key is not usable",
        .detail = fault->detail,
        .key = fault->source ? NULL : tscope_keyring_key(lint->faults.keyring, fault->key),
        .source = fault->source,
    };
    if (ret_finding->key) {
        ret_finding->offset = ret_finding->key->source_offset;
        ret_finding->source = tscope_key_source(ret_finding->key);
    }
    return true;
}

bool
tscope_lint_is_bad(const tscope_lint *lint)
{
    for (size_t kind = 0; kind < TSCOPE_FAULT_COUNT; kind++) {
        for (size_t weight = 0; weight <= TSCOPE_FAULT_NOTE; weight++) {
            if (lint->faults.counts[kind][weight] > 0 &&
                severity_of((enum tscope_key_fault_kind)kind, (enum tscope_key_fault_weight)weight) >= TSCOPE_SEVERITY_HIGH)
                return true;
        }
    }
    return false;
}

static void
write_source(struct tscope_json_writer *writer, const struct tscope_lint_view *finding)
{
    tscope_json_write_name(writer, "metadata");
    tscope_json_write_object(writer);
    tscope_json_write_named_text(writer, "source", finding->source);
    tscope_json_write_object_end(writer);
}

static void
write_key(struct tscope_json_writer *writer, const struct tscope_lint_view *finding)
{
    const tscope_key *key = finding->key;

    tscope_json_write_name(writer, "key");
    tscope_json_write_object(writer);
    if (key->kid.data)
        tscope_json_write_named_string(writer, "kid", key->kid);
    tscope_json_write_named_text(writer, "type", tscope_key_type(key));
    if (tscope_key_thumbprint(key))
        tscope_json_write_named_text(writer, "thumbprint", tscope_key_thumbprint(key));
    tscope_json_write_named_string(writer, "source", key->source);
    tscope_json_write_named_integer(writer, "offset", (int64_t)finding->offset);
    tscope_json_write_object_end(writer);
}

static void
write_finding(struct tscope_json_writer *writer, const struct tscope_lint_view *finding)
{
    tscope_json_write_object(writer);
    if (finding->id) {
        tscope_json_write_named_text(writer, "id", finding->id);
        tscope_json_write_named_text(writer, "severity", tscope_severity_id(finding->severity));
        tscope_json_write_named_text(writer, "proves", tscope_proves_id(finding->proves));
        tscope_json_write_named_text(writer, "title", finding->title);
        tscope_json_write_named_text(writer, "detail", finding->detail);
    } else {
        tscope_json_write_named_text(writer, "reason", finding->detail);
    }
    if (finding->key)
        write_key(writer, finding);
    else
        write_source(writer, finding);
    tscope_json_write_object_end(writer);
}

static void
write_findings(struct tscope_json_writer *writer, const tscope_lint *lint, const char *name, bool of_rows)
{
    struct tscope_lint_view finding;

    tscope_json_write_name(writer, name);
    tscope_json_write_array(writer);
    for (size_t i = 0; tscope_lint_finding(lint, i, &finding); i++) {
        if ((finding.id != NULL) == of_rows)
            write_finding(writer, &finding);
    }
    tscope_json_write_array_end(writer);
}

enum tscope_status
tscope_lint_json(const tscope_lint *lint, bool pretty, char **ret_json, size_t *ret_len, struct tscope_error *err)
{
    struct tscope_buffer buffer = {0};
    struct tscope_json_writer writer;
    char *json;

    tscope_json_writer_init(&writer, &buffer, pretty);
    tscope_json_write_object(&writer);
    tscope_json_write_named_text(&writer, "schema", "tokenscope.lint/1");
    tscope_json_write_named_integer(&writer, "keys", (int64_t)lint->keys);
    tscope_json_write_named_integer(&writer, "moduli", (int64_t)lint->faults.moduli);
    tscope_json_write_named_integer(&writer, "moduli_judged", (int64_t)lint->faults.moduli_judged);
    tscope_json_write_named_integer(&writer, "moduli_compared", (int64_t)lint->faults.moduli_compared);
    write_findings(&writer, lint, "findings", true);
    write_findings(&writer, lint, "unusable", false);
    tscope_json_write_named_integer(&writer, "left_out", (int64_t)tscope_lint_left_out(lint));
    tscope_json_write_object_end(&writer);
    json = tscope_buffer_steal(&buffer, ret_len);
    tscope_buffer_clear(&buffer);
    if (!json)
        return tscope_error_no_memory(err);
    *ret_json = json;
    return TSCOPE_OK;
}
