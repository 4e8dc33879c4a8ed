/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_AUDIT_H
#define TOOLS_AUDIT_H

#include "status.h"

/** @file The words of "audit": one file audit_<word>.c each. */

enum exit_status audit_import(int argc, char **argv);
enum exit_status audit_coverage(int argc, char **argv);
enum exit_status audit_correlate(int argc, char **argv);

#endif
