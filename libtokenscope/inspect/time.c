/* SPDX-License-Identifier: Apache-2.0 */
#include <tokenscope/time.h>

#include "core/time.h"

_Static_assert(TSCOPE_TIME_TEXT_SIZE == TSCOPE_TIME_TEXT_MAX, "the public size is the one that core writes into");

bool
tscope_time_from_text(const char *text, int64_t *ret_time)
{
    return tscope_time_parse(tscope_span_of(text, strlen(text)), ret_time);
}

void
tscope_time_to_text(int64_t time, char text[TSCOPE_TIME_TEXT_SIZE])
{
    tscope_time_format(time, text);
}
