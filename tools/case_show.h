/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_CASE_SHOW_H
#define TOOLS_CASE_SHOW_H

#include <tokenscope/case.h>

#include "status.h"

/** @file What a case holds, for people. Nothing is judged: what was found when it was is shown. */

/** All of it in short: evidence, what is grave in full, the rest in numbers. */
enum exit_status case_show_all(tscope_case *opened);

/** The token, key or evidence that a text names: a digest or its beginning, a thumbprint, a path. EXIT_STATUS_NOT_FOUND: none. */
enum exit_status case_show_one(tscope_case *opened, const char *name);

#endif
