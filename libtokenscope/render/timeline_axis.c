/* SPDX-License-Identifier: Apache-2.0 */
#include "render/timeline_axis.h"

#include <stdio.h>

#include "core/alloc.h"

#define DAY 86400

/* Steps from fine to coarse: of days, or of months. */
static const struct {
    int days, months;
} steps[] = {{1, 0}, {2, 0}, {7, 0}, {14, 0}, {0, 1}, {0, 2}, {0, 3}, {0, 6}, {0, 12}, {0, 24}, {0, 60}, {0, 120}, {0, 600}, {0, 6000}};

/* The month in which a time lies, counted from year 0. */
static int
month_of(int64_t time)
{
    char text[TSCOPE_TIME_TEXT_MAX];
    int year = 0, month = 1;

    tscope_time_format(time, text);
    if (sscanf(text, "%4d-%2d-", &year, &month) != 2)
        return 0;
    return year * 12 + month - 1;
}

static bool
start_of_month(int month, int64_t *ret_time)
{
    int64_t days;

    if (month < 0 || !tscope_time_from_civil(month / 12, month % 12 + 1, 1, &days))
        return false;
    *ret_time = days * DAY;
    return true;
}

static void
write_label(struct tscope_timeline_tick *tick, int length)
{
    char text[TSCOPE_TIME_TEXT_MAX];

    tscope_time_format(tick->time, text);
    snprintf(tick->label, sizeof(tick->label), "%.*s", length, text);
}

static size_t
mark_days(const tscope_key_timeline *timeline, int step, size_t max, struct tscope_timeline_tick *ticks)
{
    int64_t first = timeline->from / DAY * DAY;
    size_t count = 0;

    while (first < timeline->from)
        first += DAY;
    for (int64_t time = first; time <= timeline->to; time += (int64_t)step * DAY) {
        if (count == max)
            return SIZE_MAX;
        ticks[count].time = time;
        write_label(&ticks[count++], 10);
    }
    return count;
}

static size_t
mark_months(const tscope_key_timeline *timeline, int step, size_t max, struct tscope_timeline_tick *ticks)
{
    int month = month_of(timeline->from) / step * step;
    size_t count = 0;
    int64_t time;

    for (; start_of_month(month, &time) && time <= timeline->to; month += step) {
        if (time < timeline->from)
            continue;
        if (count == max)
            return SIZE_MAX;
        ticks[count].time = time;
        write_label(&ticks[count++], step < 12 ? 7 : 4);
    }
    return count;
}

size_t
tscope_timeline_ticks(const tscope_key_timeline *timeline, size_t max, struct tscope_timeline_tick ticks[TSCOPE_TIMELINE_TICKS_MAX])
{
    if (max > TSCOPE_TIMELINE_TICKS_MAX)
        max = TSCOPE_TIMELINE_TICKS_MAX;
    for (size_t i = 0; i < TSCOPE_COUNT(steps); i++) {
        size_t count;

        if (steps[i].days)
            count = mark_days(timeline, steps[i].days, max, ticks);
        else
            count = mark_months(timeline, steps[i].months, max, ticks);
        if (count != SIZE_MAX)
            return count;
    }
    return 0;
}

double
tscope_timeline_place(const tscope_key_timeline *timeline, int64_t time, double width)
{
    if (time <= timeline->from)
        return 0;
    if (time >= timeline->to)
        return width;
    return (double)(time - timeline->from) / (double)(timeline->to - timeline->from) * width;
}

bool
tscope_timeline_shows(const tscope_key_timeline *timeline, int64_t from, int64_t to)
{
    return to >= timeline->from && from <= timeline->to;
}
