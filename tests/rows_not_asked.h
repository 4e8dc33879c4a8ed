/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TESTS_ROWS_NOT_ASKED_H
#define TSCOPE_TESTS_ROWS_NOT_ASKED_H

#include "inspect/inspection.h"

/** @file Rows are asked of those tokens alone that they may have something to say of (TSCOPE_ONLY_*): what if they all were? */

/* The first row that was not asked of a signature, and would have said something. */
static inline const char *
row_missed_of(const struct tscope_judged_signature *judged, struct tscope_findings *findings, struct tscope_arena *arena)
{
    const unsigned rarities = tscope_checks_rarities(&judged->subject);
    tscope_subject subject = judged->subject;

    subject.arena = findings->arena = arena;
    findings->naming = NULL;
    findings->binding = NULL;
    findings->found_len = findings->unknown_len = 0;
    for (size_t f = 0; f < TSCOPE_CHECK_FAMILIES_LEN; f++) {
        const struct tscope_check_family *family = tscope_check_families[f];

        for (size_t i = 0; i < family->checks_len; i++) {
            const struct tscope_check *check = &family->checks[i];

            if (!check->run || !check->only || check->only & rarities || (family->applies && !family->applies(&subject)))
                continue;
            if (check->run(check, &subject, findings) != TSCOPE_OK || findings->found_len || findings->unknown_len)
                return check->id;
        }
    }
    return NULL;
}

/** The id of a row that should have been asked of the token, or of one inside it; NULL: there is none. */
static inline const char *
row_missed(const struct tscope_inspection *inspection)
{
    struct tscope_findings *findings = tscope_alloc(sizeof(*findings));
    struct tscope_arena arena = {0};
    const char *missed = NULL;

    for (size_t s = 0; s < inspection->signatures_len && !missed; s++)
        missed = row_missed_of(&inspection->signatures[s], findings, &arena);
    for (size_t i = 0; i < inspection->token->nested_len && !missed; i++)
        missed = row_missed(&inspection->nested[i]);
    tscope_arena_clear(&arena);
    tscope_free(findings);
    return missed;
}

#endif
