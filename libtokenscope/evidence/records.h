/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_RECORDS_H
#define TSCOPE_EVIDENCE_RECORDS_H

#include "core/arena.h"
#include "evidence/json_walk.h"
#include "evidence/lines.h"
#include "evidence/when.h"

/**
 * @file Places in JSON: an HTTP archive, an array of records, lines that are records. What is said of a place may stand behind it in its
 * record, so places wait until their record ends.
 */

#define TSCOPE_RECORDS_LINE_MAX (1u << 20) /* characters of a line of JSON that are looked at */

/** JSON and HAR: from the beginning to the end of the last place's record. */
TSCOPE_MUST_USE enum tscope_status tscope_records_locate(struct tscope_locating *locating, struct tscope_error *err);

/** JSONL: the lines alone that places stand in. */
TSCOPE_MUST_USE enum tscope_status tscope_records_locate_lines(struct tscope_locating *locating, struct tscope_error *err);

#endif
