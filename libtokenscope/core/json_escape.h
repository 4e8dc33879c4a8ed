/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_JSON_ESCAPE_H
#define TSCOPE_CORE_JSON_ESCAPE_H

#include "core/json.h"

/** Reads what stands at *at inside a string, a byte or an escape, moves behind it, and writes what it means; its length. */
size_t tscope_json_unescape_next(struct tscope_span inside, size_t *at, uint8_t out[4]);
/** True when the inside of a string reads text. Takes no memory, so its answer is always one. */
bool tscope_json_inside_is(struct tscope_span inside, bool escaped, struct tscope_span text);

#endif
