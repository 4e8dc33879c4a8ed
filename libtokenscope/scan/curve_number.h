/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_CURVE_NUMBER_H
#define TSCOPE_SCAN_CURVE_NUMBER_H

#include "scan/prime.h"

/**
 * @file The private halves of published EC keys as raw numbers, near copies of their public half: of bare numbers nothing tells which may
 * be one, so each has to be tried. Some tenths of a second for every copy.
 */

/** The keys, prepared. For one thread. */
typedef struct tscope_curve_finder tscope_curve_finder;

/** @param private_of  frozen, borrowed: EC keys; others are passed over */
TSCOPE_MUST_USE enum tscope_status tscope_curve_finder_new(const tscope_keyring *private_of, tscope_curve_finder **ret_finder,
                                                           struct tscope_error *err);
void tscope_curve_finder_free(tscope_curve_finder *finder);
TSCOPE_DEFINE_AUTO(tscope_curve_finder)

/** As of scan/prime.h. */
size_t tscope_curve_finder_ahead(const tscope_curve_finder *finder);
void tscope_curve_finder_begin(tscope_curve_finder *finder);
TSCOPE_MUST_USE enum tscope_probe tscope_curve_scan(tscope_curve_finder *finder, const struct tscope_window *window, size_t from, size_t to,
                                                    tscope_prime_emit *emit, void *user);

#endif
