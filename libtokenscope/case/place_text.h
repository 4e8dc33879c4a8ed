/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_PLACE_TEXT_H
#define TSCOPE_CASE_PLACE_TEXT_H

#include <tokenscope/evidence.h>

#include "core/arena.h"

/** @file What stands around a place, in words. */

/** "entry 3, request header Authorization, GET https://host/path"; empty when there is nothing to say; data NULL when out of memory. */
struct tscope_span tscope_place_text(const struct tscope_context *context, struct tscope_arena *arena);

#endif
