/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_ALG_KEYS_H
#define TSCOPE_CHECKS_ALG_KEYS_H

#include "checks/findings.h"

/** @file The rows of checks/alg.c that hold the algorithm against keys: of the issuer, or named by the token. */

/** ALG-FAMILY: does it go with any key of the issuer? */
enum tscope_status tscope_alg_keys_judge_family(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings);
/** ALG-KEYALG: does the JWK allow it (RFC 7517 sections 4.2 to 4.4)? */
enum tscope_status tscope_alg_keys_judge_use(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings);
/** ALG-CURVE: is the key on its curve? */
enum tscope_status tscope_alg_keys_judge_curve(const struct tscope_check *check, const tscope_subject *subject, tscope_findings *findings);

/** True when the token's issuer is known to sign with public keys and to have no secret (by profile, history or the caller's keys). */
bool tscope_alg_keys_are_public(const tscope_subject *subject);

#endif
