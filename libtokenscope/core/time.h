/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CORE_TIME_H
#define TSCOPE_CORE_TIME_H

#include "core/span.h"

/** @file Times as seconds since the epoch, UTC. Nothing here asks the clock. */

/** No time is known. */
#define TSCOPE_TIME_NONE INT64_MIN

/** "2016-04-05T14:43:35Z\0" and far beyond for years of more than four digits. */
#define TSCOPE_TIME_TEXT_MAX 32

/**
 * Reads RFC 3339 ("2023-06-15T10:00:00Z", offsets, a space for the T, fractions cut off; no zone means UTC), a plain date
 * (midnight UTC) or seconds since the epoch (digits, perhaps "-" and a fraction). False for anything else, also 30 February.
 */
bool tscope_time_parse(struct tscope_span text, int64_t *ret_time);

/** Writes RFC 3339 in UTC; "-" for TSCOPE_TIME_NONE; seconds as digits outside the years 0000-9999. */
void tscope_time_format(int64_t time, char text[TSCOPE_TIME_TEXT_MAX]);

/** A duration in two units at most: "2 y 39 d", "5 h 3 min", "12 s". seconds is not negative. */
void tscope_time_format_span(int64_t seconds, char text[TSCOPE_TIME_TEXT_MAX]);

/** Days since the epoch of a proleptic Gregorian date; false when there is no such day. */
bool tscope_time_from_civil(int year, int month, int day, int64_t *ret_days);

#endif
