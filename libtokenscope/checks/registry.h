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

extern const struct tscope_check_family *const tscope_check_families[];
extern const size_t tscope_check_families_len;

const struct tscope_check *tscope_check_find(const char *id);

#endif
