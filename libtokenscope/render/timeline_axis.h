/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_RENDER_TIMELINE_AXIS_H
#define TSCOPE_RENDER_TIMELINE_AXIS_H

#include "keys/timeline.h"

/** @file Where a time stands between two others, and which times are worth a mark on an axis. */

#define TSCOPE_TIMELINE_TICKS_MAX 64

struct tscope_timeline_tick {
    int64_t time;
    char label[16]; /* "2024", "2024-07" or "2024-07-15", as fine as the steps are */
};

/** Marks at whole days, months or years, at most max (and TSCOPE_TIMELINE_TICKS_MAX) of them. Returns how many. */
size_t tscope_timeline_ticks(const tscope_key_timeline *timeline, size_t max, struct tscope_timeline_tick ticks[TSCOPE_TIMELINE_TICKS_MAX]);

/** 0 at the timeline's begin, width at its end; what lies outside is brought to the nearer end. */
double tscope_timeline_place(const tscope_key_timeline *timeline, int64_t time, double width);

/** True when any of the period is shown. */
bool tscope_timeline_shows(const tscope_key_timeline *timeline, int64_t from, int64_t to);

#endif
