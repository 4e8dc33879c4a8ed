/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_TIME_H
#define TOKENSCOPE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file Times as the library counts them, seconds since the epoch in UTC, and as people write them. Nothing here asks the clock. */

/** Bytes of the longest text that tscope_time_to_text() writes, with its NUL. */
#define TSCOPE_TIME_TEXT_SIZE 32

/**
 * Reads RFC 3339 ("2023-06-15T10:00:00Z", other offsets, a space for the T, fractions cut off; no zone means UTC), a plain
 * date (midnight UTC) or seconds since the epoch.
 *
 * @param ret_time  written on success only
 * @return false for anything else, also for 30 February
 */
bool tscope_time_from_text(const char *text, int64_t *ret_time);

/** Writes RFC 3339 in UTC; "-" for TSCOPE_TIME_UNKNOWN; seconds as digits outside the years 0000 to 9999. */
void tscope_time_to_text(int64_t time, char text[TSCOPE_TIME_TEXT_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
