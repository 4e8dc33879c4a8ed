/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tokenscope/tokenscope.h>

#include "../rows_not_asked.h"
#include "core/json.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The keys and the history of the vectors: seeds verify under them, so that mutations reach what lies behind a signature. */
static tscope_keyring *keyring;
static tscope_profile *profile;
static tscope_inspector *inspectors[2];
static tscope_report *reports[2];

static void
add_history(const char *path)
{
    FILE *file = fopen(path, "rb");
    static uint8_t bytes[1 << 20];
    size_t len;

    assert(file);
    len = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    assert(tscope_keyring_add_history(keyring, bytes, len, "fuzz", NULL) == TSCOPE_OK);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    /* mutated signatures are nobody's: a trial of every key for each is time that finds nothing */
    static const struct tscope_limits limits = {.size = sizeof(limits), .signature_trials = 4};
    static const struct tscope_policy policy = {.issuer = "https://id.corp.example", .audience = "api://payroll.corp.example"};

    (void)argc, (void)argv;
    assert(tscope_keyring_new(&keyring, NULL) == TSCOPE_OK);
    assert(tscope_keyring_add_path(keyring, TSCOPE_SOURCE_ROOT "/vectors/keys", NULL, NULL) == TSCOPE_OK);
    assert(tscope_keyring_add_embedded(keyring, NULL) == TSCOPE_OK);
    add_history(TSCOPE_SOURCE_ROOT "/vectors/history/microsoft.json");
    assert(tscope_keyring_freeze(keyring, NULL) == TSCOPE_OK);
    assert(tscope_profile_new(NULL, &profile, NULL) == TSCOPE_OK);
    assert(tscope_inspector_new(keyring, profile, &limits, NULL, &inspectors[0], NULL) == TSCOPE_OK);
    assert(tscope_inspector_new(keyring, profile, &limits, &policy, &inspectors[1], NULL) == TSCOPE_OK);
    return 0;
}

static void
check_evidence(const struct tscope_inspection *inspection)
{
    size_t text_len = inspection->token->text.len;

    for (size_t s = 0; s < inspection->signatures_len; s++) {
        const struct tscope_findings *findings = &inspection->signatures[s].findings;

        for (size_t f = 0; f < findings->found_len; f++) {
            assert(findings->found[f].detail && findings->found[f].evidence_len > 0);
            for (size_t e = 0; e < findings->found[f].evidence_len; e++) {
                const struct tscope_evidence *evidence = &findings->found[f].evidence[e];

                assert(evidence->raw_offset <= text_len && evidence->raw_len <= text_len - evidence->raw_offset);
            }
        }
    }
    for (size_t i = 0; i < inspection->token->nested_len; i++)
        check_evidence(&inspection->nested[i]);
}

/* Nobody is named without a signature that holds, here or in a token inside. */
static bool
is_verified(const struct tscope_inspection *inspection)
{
    for (size_t s = 0; s < inspection->signatures_len; s++) {
        if (inspection->signatures[s].resolution.status == TSCOPE_STATUS_VERIFIED)
            return true;
    }
    for (size_t i = 0; i < inspection->token->nested_len; i++) {
        if (is_verified(&inspection->nested[i]))
            return true;
    }
    return false;
}

static void
check_json(const char *json, size_t len)
{
    struct tscope_arena arena = {0};
    struct tscope_json index;

    assert(tscope_json_read(&index, &arena, (const uint8_t *)json, len, TSCOPE_JSON_LIMITS_FILE, NULL) == TSCOPE_OK);
    assert(index.strict);
    tscope_arena_clear(&arena);
}

static void
check_text(const tscope_report *report, unsigned width)
{
    const struct tscope_text_options options = {.width = width, .verbose = width % 2};
    char *text = NULL;
    size_t len = 0;

    assert(tscope_report_text(report, &options, &text, &len, NULL) == TSCOPE_OK);
    for (size_t i = 0; i < len; i++)
        assert((unsigned char)text[i] >= ' ' || text[i] == '\n');
    tscope_string_free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct tscope_moment moment = {.seen = size % 3 ? TSCOPE_TIME_UNKNOWN : 1767225600, .now = 1788220800};
    tscope_inspector *inspector = inspectors[size % 2];
    char *json[2] = {NULL, NULL};
    size_t len[2] = {0, 0};
    const char *reason = NULL;

    for (int i = 0; i < 2; i++) {
        struct tscope_error err = {0};
        enum tscope_status status = tscope_inspect(inspector, data, size, &moment, &reports[i], &err);

        if (status != TSCOPE_OK) {
            assert(status == TSCOPE_ERR_DATA || status == TSCOPE_ERR_TOO_LARGE);
            assert(err.message[0]);
            return 0;
        }
        assert(tscope_report_json(reports[i], i ? 0 : TSCOPE_REPORT_PRETTY, &json[i], &len[i], NULL) == TSCOPE_OK);
        check_json(json[i], len[i]);
        tscope_string_free(json[i]);
        assert(tscope_report_json(reports[i], 0, &json[i], &len[i], NULL) == TSCOPE_OK);
    }
    assert(len[0] == len[1] && memcmp(json[0], json[1], len[0]) == 0);
    check_evidence(&reports[0]->root);
    assert(!row_missed(&reports[0]->root));
    if (tscope_report_verdict(reports[0]) == TSCOPE_VERDICT_VALID || tscope_report_verdict(reports[0]) == TSCOPE_VERDICT_FORGED)
        assert(is_verified(&reports[0]->root));
    if (tscope_report_gate(reports[0], 0, &reason) == TSCOPE_GATE_ACCEPT)
        assert(is_verified(&reports[0]->root));
    assert(reason);
    check_text(reports[0], 40 + (unsigned)(size % 81));
    tscope_string_free(json[0]);
    tscope_string_free(json[1]);
    return 0;
}
