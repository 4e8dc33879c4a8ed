/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_CASE_REPORT_H
#define TOOLS_CASE_REPORT_H

#include "status.h"

/** @file "case report": a case as one HTML page. */

enum exit_status case_report_run(int argc, char **argv);

#endif
