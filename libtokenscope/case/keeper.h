/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_KEEPER_H
#define TSCOPE_CASE_KEEPER_H

#include "case/case.h"
#include "case/unit.h"

/**
 * @file What a sweep puts into a case. A range, or a file of one, is one transaction with all that was found in it, so that after any end
 * of the process what is there and what was read agree.
 */

typedef struct tscope_keeper tscope_keeper;

TSCOPE_MUST_USE enum tscope_status tscope_keeper_new(tscope_case *into, tscope_keeper **ret_keeper, struct tscope_error *err);
/** What was not committed is undone. NULL is allowed. */
void tscope_keeper_free(tscope_keeper *keeper);
TSCOPE_DEFINE_AUTO(tscope_keeper)

/**
 * Finds the file in the case, or enters it.
 *
 * @param ret_is_known  it was read to its end, and is as it was
 * @param ret_note      static, or NULL: what to tell of it
 */
TSCOPE_MUST_USE enum tscope_status tscope_keeper_begin_file(tscope_keeper *keeper, struct tscope_sweep_file *file, bool *ret_is_known,
                                                            const char **ret_note, struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_keeper_knows_range(tscope_keeper *keeper, const struct tscope_sweep_file *file, uint64_t begin,
                                                             bool *ret_is_known, struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_keeper_take(tscope_keeper *keeper, const struct tscope_sweep_file *file,
                                                      const tscope_parcel *parcel, struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_keeper_finish_range(tscope_keeper *keeper, const struct tscope_sweep_file *file, uint64_t begin,
                                                              uint64_t end, struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_keeper_finish_file(tscope_keeper *keeper, struct tscope_sweep_file *file,
                                                             struct tscope_error *err);
/** Commits what is open. */
TSCOPE_MUST_USE enum tscope_status tscope_keeper_flush(tscope_keeper *keeper, struct tscope_error *err);

#endif
