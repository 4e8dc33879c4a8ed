/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_MS_CLAIMS_H
#define TSCOPE_CHECKS_MS_CLAIMS_H

#include "checks/findings.h"
#include "token/kind.h"

/** @file What the rows of ms_claims.c share with those that ms_artefacts.c and ms_use.c run. */

/** True for a JWT that names an enterprise tenant's issuer of Entra, of version 1 or 2. */
bool tscope_ms_is_entra(const tscope_subject *subject);

tscope_check_run tscope_ms_run_opaque, tscope_ms_run_actor, tscope_ms_run_family, tscope_ms_run_factors;

#endif
