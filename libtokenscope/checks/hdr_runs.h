/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_HDR_RUNS_H
#define TSCOPE_CHECKS_HDR_RUNS_H

#include "checks/findings.h"

/**
 * @file What the rows of hdr.c run: hdr_critical.c what must be understood and stand once, hdr_kid.c what a kid would do
 * to a look-up, hdr_kid_form.c whether it is written as the issuer's are, hdr_embedded.c keys that the token brings along, hdr_url.c where
 * a key would be fetched from, hdr_members.c members out of place, hdr_typ.c what the token is for.
 */

tscope_check_run tscope_hdr_run_crit, tscope_hdr_run_b64, tscope_hdr_run_duplicate;
tscope_check_run tscope_hdr_run_kid_type, tscope_hdr_run_kid_path, tscope_hdr_run_kid_sql, tscope_hdr_run_kid_command;
tscope_check_run tscope_hdr_run_kid_form;
tscope_check_run tscope_hdr_run_jwk, tscope_hdr_run_x5c, tscope_hdr_run_x5t;
tscope_check_run tscope_hdr_run_jku, tscope_hdr_run_x5u;
tscope_check_run tscope_hdr_run_zip, tscope_hdr_run_cty, tscope_hdr_run_unknown, tscope_hdr_run_size;
tscope_check_run tscope_hdr_run_typ;

#endif
