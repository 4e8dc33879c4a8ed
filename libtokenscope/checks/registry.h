/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_REGISTRY_H
#define TSCOPE_CHECKS_REGISTRY_H

#include "checks/findings.h"

/** @file The families of checks. */

/* X(name): by hand, and a new family is one word. The order is that of the findings in a report. */
#define TSCOPE_FOREACH_CHECK_FAMILY(X) X(ms) X(key) X(alg) X(sig) X(hdr) X(fmt) X(clm) X(sd) X(jwe) X(ms_claims) X(keyset) X(corpus) X(log)

#define TSCOPE_CHECK_FAMILY(name) extern const struct tscope_check_family tscope_checks_##name;
TSCOPE_FOREACH_CHECK_FAMILY(TSCOPE_CHECK_FAMILY)
#undef TSCOPE_CHECK_FAMILY

#define TSCOPE_CHECK_FAMILY(name) +1
enum { TSCOPE_CHECK_FAMILIES_LEN = TSCOPE_FOREACH_CHECK_FAMILY(TSCOPE_CHECK_FAMILY) };
#undef TSCOPE_CHECK_FAMILY

extern const struct tscope_check_family *const tscope_check_families[TSCOPE_CHECK_FAMILIES_LEN];

/**
 * The rows that are asked of tokens, in their order, and of those again the ones that are asked of each token: most tokens have nothing
 * that is rare, and go through these alone.
 */
struct tscope_check_plan {
    const struct tscope_check *rows[TSCOPE_FINDINGS_MAX], *common[TSCOPE_FINDINGS_MAX];
    uint16_t rows_end[TSCOPE_CHECK_FAMILIES_LEN], common_end[TSCOPE_CHECK_FAMILIES_LEN]; /* of each family, in the order of the families */
};

void tscope_checks_plan(struct tscope_check_plan *ret_plan);

const struct tscope_check *tscope_check_find(const char *id);

#endif
