/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_JSON_DUPLICATES_H
#define TSCOPE_CORE_JSON_DUPLICATES_H

#include "core/json.h"

/**
 * Sets TSCOPE_VALUE_DUPLICATE on every member of an object whose name stood there before, and counts them. False when out
 * of memory.
 */
bool tscope_json_mark_duplicates(struct tscope_json *json, uint32_t object, uint32_t *ret_marked);

#endif
