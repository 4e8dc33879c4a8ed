/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_TELLER_H
#define TSCOPE_CASE_TELLER_H

#include <tokenscope/sweep.h>

#include "case/parcel.h"

/** @file Finds of a sweep without a case: tokens are judged, and all is told in order. */

typedef struct tscope_teller tscope_teller;

/** @param options  borrowed; outlives it */
TSCOPE_MUST_USE enum tscope_status tscope_teller_new(const struct tscope_sweep_options *options, unsigned threads,
                                                     tscope_teller **ret_teller, struct tscope_error *err);
void tscope_teller_free(tscope_teller *teller); /* NULL is allowed */
TSCOPE_DEFINE_AUTO(tscope_teller)

/** Takes a parcel, which is its own then, whatever is returned. */
TSCOPE_MUST_USE enum tscope_status tscope_teller_take(tscope_teller *teller, const char *path, tscope_parcel *parcel,
                                                      struct tscope_error *err);

/** Tells all that was taken. */
TSCOPE_MUST_USE enum tscope_status tscope_teller_flush(tscope_teller *teller, struct tscope_error *err);

/** That whoever takes the finds wants no more. */
bool tscope_teller_is_stopped(const tscope_teller *teller);

/** What a find is called by its place: "FILE", or "FILE!/MEMBER"; the caller's to tscope_free(), NULL when out of memory. */
char *tscope_teller_name(const char *path, struct tscope_span member);

#endif
