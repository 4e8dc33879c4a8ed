/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_CSV_H
#define TSCOPE_EVIDENCE_CSV_H

#include "evidence/locating.h"

/** @file Tables of comma-separated values (RFC 4180) with a row of names, also with semicolons or tabs, and cells that are JSON. */

/** True when a text begins with a row of names and rows of as many cells follow. */
bool tscope_csv_is(struct tscope_span head, bool is_all);

TSCOPE_MUST_USE enum tscope_status tscope_csv_locate(struct tscope_locating *locating, struct tscope_error *err);

#endif
