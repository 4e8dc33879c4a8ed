/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_READ_ROW_H
#define TSCOPE_AUDIT_READ_ROW_H

#include "audit/row.h"

/** @file A row of a known log into a record. record comes zeroed but for its times, which are none, and count, which is 1. */

/** Which log the row is of, and the row itself out of what it is wrapped in; TSCOPE_LOG_NONE: of none that is known. */
enum tscope_log_format tscope_row_recognize(const struct tscope_row *row, struct tscope_row *ret_inner);

/** record->format says which. */
void tscope_row_read(const struct tscope_row *row, struct tscope_record *record);

/* By family of logs. */
void tscope_read_unified(const struct tscope_row *row, struct tscope_record *record);
void tscope_read_sign_in(const struct tscope_row *row, struct tscope_record *record);
void tscope_read_graph(const struct tscope_row *row, struct tscope_record *record);
void tscope_read_directory(const struct tscope_row *row, struct tscope_record *record);
void tscope_read_cloudtrail(const struct tscope_row *row, struct tscope_record *record);
void tscope_read_okta(const struct tscope_row *row, struct tscope_record *record);
void tscope_read_google(const struct tscope_row *row, struct tscope_record *record);

/** Puts a token id into a record, whatever form it has. */
void tscope_record_set_uti(struct tscope_record *record, struct tscope_span text);
/** True for a user's name that Entra gives to guests: ann_example.com#EXT#@..., live.com#ann@example.com. */
bool tscope_record_is_guest_name(struct tscope_span name);

#endif
