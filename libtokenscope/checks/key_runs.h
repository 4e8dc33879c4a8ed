/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_KEY_RUNS_H
#define TSCOPE_CHECKS_KEY_RUNS_H

#include "checks/findings.h"

/** @file What the rows of key.c run, as far as it is in other files: key_time.c asks when, key_unknown.c asks for the name. */

tscope_check_run tscope_key_run_retired, tscope_key_run_stale_use, tscope_key_run_early, tscope_key_run_cert_exp;
tscope_check_run tscope_key_run_unknown, tscope_key_run_own_key;

/** True when the audience, or one of several, is the provider's own: those take no application's own key. */
bool tscope_key_is_for_first_party(const tscope_subject *subject);

#endif
