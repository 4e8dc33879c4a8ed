/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_STORE_CHECK_H
#define TSCOPE_CASE_STORE_CHECK_H

#include "case/store.h"

/** @file Whether a file that SQLite opened is a case of ours. */

/**
 * @param may_create  an empty file is made a case
 * @return as tscope_store_open()
 */
TSCOPE_MUST_USE enum tscope_status tscope_store_check(tscope_store *store, bool may_create, struct tscope_error *err);

#endif
