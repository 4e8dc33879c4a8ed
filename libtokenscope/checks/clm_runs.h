/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_CLM_RUNS_H
#define TSCOPE_CHECKS_CLM_RUNS_H

#include "checks/findings.h"

/**
 * @file What the rows of clm.c run: clm_policy.c who issued the token, for whom, and is that what was asked for; clm_form.c what
 * follows from what the token is; clm_rights.c who its bearer is and may do; clm_text.c what else stands in the claims.
 */

/**
 * True when a claim that is not there can be missed: of a JWT that says so in typ, or has a registered claim (RFC 7519 section
 * 4.1). Other signed messages hold JSON objects too, such as the requests of RFC 8555.
 */
bool tscope_clm_may_miss(const tscope_subject *subject);

tscope_check_run tscope_clm_run_issuer, tscope_clm_run_issuer_part, tscope_clm_run_audience;
tscope_check_run tscope_clm_run_life, tscope_clm_run_audience_form, tscope_clm_run_hash;
tscope_check_run tscope_clm_run_subject, tscope_clm_run_privilege, tscope_clm_run_confirmation;
tscope_check_run tscope_clm_run_injection, tscope_clm_run_private;

#endif
