/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_CASE_VERBS_H
#define TOOLS_CASE_VERBS_H

/** @file What the list of verbs says of those that tokenscope-case has: the same in both programs. */

#define CASE_SUMMARY "a case file: what was found where, as JSON lines or CSV"
#define AUDIT_SUMMARY "logs: which tokens were issued, and what was done with them"

#endif
