/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_CASE_VERBS_H
#define TOOLS_CASE_VERBS_H

/** @file What the list of verbs says of those that tokenscope-case has: the same in both programs. */

#define SCAN_SUMMARY "find tokens and keys in any files, and judge them"
#define CASE_SUMMARY "show, export or query what scans kept in a case file"
#define AUDIT_SUMMARY "logs: which tokens were issued, and what was done with them"

#endif
