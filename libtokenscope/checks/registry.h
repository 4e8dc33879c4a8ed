/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_REGISTRY_H
#define TSCOPE_CHECKS_REGISTRY_H

#include "checks/findings.h"

/** @file The families of checks, listed by hand in registry.c. */

extern const struct tscope_check_family tscope_checks_alg;
extern const struct tscope_check_family tscope_checks_sig;
extern const struct tscope_check_family tscope_checks_hdr;
extern const struct tscope_check_family tscope_checks_fmt;
extern const struct tscope_check_family tscope_checks_clm;
extern const struct tscope_check_family tscope_checks_jwe;
extern const struct tscope_check_family tscope_checks_sd;
extern const struct tscope_check_family tscope_checks_key;
extern const struct tscope_check_family tscope_checks_keyset;
extern const struct tscope_check_family tscope_checks_corpus;
extern const struct tscope_check_family tscope_checks_log;
extern const struct tscope_check_family tscope_checks_ms;
extern const struct tscope_check_family tscope_checks_ms_claims;

#define TSCOPE_CHECK_FAMILIES_LEN 13

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
