/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_FIELDS_LOG_H
#define TSCOPE_EVIDENCE_FIELDS_LOG_H

#include "evidence/locating.h"

/** @file Logs whose head names the fields of their lines: Zeek's (#separator, #fields), and the W3C extended log format (#Fields:). */

TSCOPE_MUST_USE enum tscope_status tscope_fields_log_locate(struct tscope_locating *locating, struct tscope_error *err);

#endif
