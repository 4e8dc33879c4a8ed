/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_CASE_H
#define TSCOPE_CASE_CASE_H

#include <tokenscope/case.h>

#include "case/store.h"

/** @file What an open case consists of, for this room's files. */

struct tscope_case {
    tscope_store *store;
};
TSCOPE_DEFINE_AUTO(tscope_case)

#endif
