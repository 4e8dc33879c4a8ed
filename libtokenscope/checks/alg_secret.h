/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_ALG_SECRET_H
#define TSCOPE_CHECKS_ALG_SECRET_H

#include "checks/findings.h"

/** @file The rows of checks/alg.c that say what an HMAC was made with, when no key verifies it. */

/** ALG-HS-PUBKEY: the bytes of a public key. */
enum tscope_status tscope_alg_secret_judge_public(const struct tscope_check *check, const tscope_subject *subject,
                                                  tscope_findings *findings);
/** ALG-HS-EMPTY: nothing. */
enum tscope_status tscope_alg_secret_judge_empty(const struct tscope_check *check, const tscope_subject *subject,
                                                 tscope_findings *findings);
/** ALG-HS-KNOWN: a secret that others know too. */
enum tscope_status tscope_alg_secret_judge_known(const struct tscope_check *check, const tscope_subject *subject,
                                                 tscope_findings *findings);

#endif
