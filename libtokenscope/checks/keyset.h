/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CHECKS_KEYSET_H
#define TSCOPE_CHECKS_KEYSET_H

#include "checks/registry.h"
#include "keys/quality.h"

/** @file The rows whose subject is a set of keys: row n is of the fault of kind n (keys/quality.h). */

_Static_assert(TSCOPE_FAULT_UNUSABLE + 1 == TSCOPE_FAULT_COUNT, "a key that is not usable is of no row");

/** Asks a row of these of the key that verifies a token, or that it names. */
tscope_check_run tscope_keyset_run_token;
/** The same of a kid, and whether a history knows another key of the token's issuer under it. */
tscope_check_run tscope_keyset_run_reuse;
/** Asks of the key that verifies a token whether its private half is published. */
tscope_check_run tscope_keyset_run_sample;

#endif
