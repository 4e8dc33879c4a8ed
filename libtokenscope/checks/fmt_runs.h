/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_FMT_RUNS_H
#define TSCOPE_CHECKS_FMT_RUNS_H

#include "checks/findings.h"

/** @file What the rows of fmt.c run: fmt_text.c strict base64url, JSON and UTF-8, fmt_form.c which form, fmt_names.c look-alikes. */

tscope_check_run tscope_fmt_run_base64, tscope_fmt_run_segments, tscope_fmt_run_json, tscope_fmt_run_utf8;
tscope_check_run tscope_fmt_run_signature; /* of sig.c */
tscope_check_run tscope_fmt_run_polyglot, tscope_fmt_run_json_form, tscope_fmt_run_trail, tscope_fmt_run_several;
tscope_check_run tscope_fmt_run_nul, tscope_fmt_run_case, tscope_fmt_run_confusable;

#endif
