/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "case_verbs.h"
#include "verbs.h"

static const struct verb verb_scan_elsewhere = {.name = "scan", .summary = SCAN_SUMMARY, .program = "tokenscope-case"};

static const struct verb verb_case_elsewhere = {
    .name = "case",
    .summary = CASE_SUMMARY,
    .program = "tokenscope-case",
};

static const struct verb verb_audit_elsewhere = {
    .name = "audit",
    .summary = AUDIT_SUMMARY,
    .program = "tokenscope-case",
};

const struct verb *const program_verbs[] = {
    &verb_inspect, &verb_decode, &verb_verify,         &verb_decrypt,         &verb_keys,           &verb_test,
    &verb_stream,  &verb_checks, &verb_scan_elsewhere, &verb_audit_elsewhere, &verb_case_elsewhere, NULL,
};
