/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_CURVE_TRIAL_H
#define TSCOPE_CRYPTO_CURVE_TRIAL_H

#include "crypto/pkey.h"

/** @file Whether a number is the private key of a public point, asked of many numbers: some ten microseconds each. For one thread. */

typedef struct tscope_curve_trial tscope_curve_trial;

/** x: of the point. NULL: no curve of EC keys, out of memory, or libcrypto fails. */
tscope_curve_trial *tscope_curve_trial_new(tscope_crypto *crypto, enum tscope_curve curve, struct tscope_span x);
void tscope_curve_trial_free(tscope_curve_trial *trial); /* NULL is allowed */
TSCOPE_DEFINE_AUTO(tscope_curve_trial)

/** True when d times the base point has that x. */
bool tscope_curve_trial_fits(tscope_curve_trial *trial, struct tscope_span d);

#endif
