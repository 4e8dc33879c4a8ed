/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_AUDIT_CORRELATION_INDEX_H
#define TSCOPE_AUDIT_CORRELATION_INDEX_H

#include "audit/correlate.h"

/** @file What is sorted before records are joined, and looked up while they are. */

/** Fills order and aliases. This and the next three: TSCOPE_OK or TSCOPE_ERR_NO_MEMORY. */
TSCOPE_MUST_USE enum tscope_status tscope_correlation_sort_events(tscope_correlation *correlation, struct tscope_error *err);
/** Fills names: which user id sign-ins give a user's name. */
TSCOPE_MUST_USE enum tscope_status tscope_correlation_sort_names(tscope_correlation *correlation, struct tscope_error *err);
/** Fills members, users of the tenant, and clients. */
TSCOPE_MUST_USE enum tscope_status tscope_correlation_sort_members(tscope_correlation *correlation, struct tscope_error *err);
/** Fills unread: sign-ins without an id that can be read. */
TSCOPE_MUST_USE enum tscope_status tscope_correlation_sort_unread(tscope_correlation *correlation, struct tscope_error *err);

bool tscope_correlation_is_member(const tscope_correlation *correlation, uint32_t oid);
bool tscope_correlation_is_client(const tscope_correlation *correlation, uint32_t app);
bool tscope_correlation_is_tenant(const tscope_correlation *correlation, uint32_t word);
/** user: the correlation, which is only read. The id of a user of that name, 0: not known. */
uint32_t tscope_correlation_resolve_name(void *user, uint32_t name);
/** The sign-in that logs another form of the id; NULL: none. */
const struct tscope_event *tscope_correlation_find_alias(const tscope_correlation *correlation, const uint8_t *uti);
const struct tscope_event *tscope_correlation_first_use(const tscope_correlation *correlation, const struct tscope_join *join);

#endif
