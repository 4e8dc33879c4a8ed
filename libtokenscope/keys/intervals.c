/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/intervals.h"

#include "keys/history_walk.h"

static bool
is_near(const struct tscope_history *history, uint32_t endpoint, int64_t before, int64_t after, int64_t step_max)
{
    if (after - before <= TSCOPE_HISTORY_STEP)
        return true;
    for (uint32_t i = 0; i < history->coverage_len; i++) {
        const struct tscope_history_coverage *period = &history->coverage[i];

        if (period->endpoint == endpoint && period->from <= before && after <= period->to && period->largest_step <= step_max)
            return true;
    }
    return false;
}

bool
tscope_history_joins(const struct tscope_history *history, uint32_t endpoint, int64_t before, int64_t after)
{
    return is_near(history, endpoint, before, after, INT64_MAX);
}

bool
tscope_history_is_close(const struct tscope_history *history, uint32_t endpoint, int64_t before, int64_t after)
{
    return is_near(history, endpoint, before, after, TSCOPE_HISTORY_STEP);
}

/* All that one endpoint's archives say of one key, in order of time: three arrays that are in order already. */
struct events {
    const struct tscope_history *history;
    uint32_t key, endpoint;
    uint32_t sighting, sighting_end, absence, absence_end, snapshot, snapshot_end;
};

/* The snapshots stand in order of their endpoints. */
static uint32_t
first_snapshot(const struct tscope_history *history, uint32_t endpoint)
{
    uint32_t low = 0, high = history->snapshots_len;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (history->snapshots[middle].endpoint < endpoint)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void
start(struct events *events, const struct tscope_history *history, uint32_t key, uint32_t endpoint)
{
    const struct tscope_history_key *row = &history->keys[key];

    *events = (struct events){.history = history, .key = key, .endpoint = endpoint};
    events->sighting = row->sightings;
    events->sighting_end = row->sightings + row->sightings_len;
    events->absence = row->absences;
    events->absence_end = row->absences + row->absences_len;
    events->snapshot = first_snapshot(history, endpoint);
    events->snapshot_end = first_snapshot(history, endpoint + 1);
}

/* Past what does not count: other endpoints, and words that are no archive's. */
static void
skip(struct events *events)
{
    const struct tscope_history *history = events->history;

    for (; events->sighting < events->sighting_end; events->sighting++) {
        const struct tscope_history_sighting *sighting = &history->sightings[events->sighting];

        if (sighting->endpoint == events->endpoint && sighting->kind == TSCOPE_SIGHTING_ARCHIVE && sighting->at != TSCOPE_TIME_NONE)
            break;
    }
    while (events->absence < events->absence_end && history->absences[events->absence].endpoint != events->endpoint)
        events->absence++;
}

static bool
next_event(struct events *events, int64_t *ret_at, bool *ret_listed)
{
    const struct tscope_history *history = events->history;
    int64_t sighting = INT64_MAX, absence = INT64_MAX, snapshot = INT64_MAX;

    skip(events);
    if (events->sighting < events->sighting_end)
        sighting = history->sightings[events->sighting].at;
    if (events->absence < events->absence_end)
        absence = history->absences[events->absence].at;
    if (events->snapshot < events->snapshot_end)
        snapshot = history->snapshots[events->snapshot].observed_at;
    if (sighting == INT64_MAX && absence == INT64_MAX && snapshot == INT64_MAX)
        return false;
    if (sighting <= absence && sighting <= snapshot) {
        *ret_at = sighting;
        *ret_listed = true;
        events->sighting++;
    } else if (snapshot <= absence) {
        *ret_at = snapshot;
        *ret_listed = tscope_history_set_holds(&history->snapshots[events->snapshot], events->key);
        events->snapshot++;
    } else {
        *ret_at = absence;
        *ret_listed = false;
        events->absence++;
    }
    return true;
}

static void
put(struct tscope_interval *intervals, size_t max, size_t number, int64_t from, int64_t to)
{
    if (number < max)
        intervals[number] = (struct tscope_interval){from, to};
}

size_t
tscope_history_intervals(const struct tscope_history *history, uint32_t key, uint32_t endpoint, struct tscope_interval *intervals,
                         size_t max)
{
    int64_t from = TSCOPE_TIME_NONE, last = TSCOPE_TIME_NONE, missing = INT64_MAX, at;
    struct events events;
    size_t count = 0;
    bool listed;

    start(&events, history, key, endpoint);
    while (next_event(&events, &at, &listed)) {
        if (!listed) {
            if (last != TSCOPE_TIME_NONE && at > last && at < missing)
                missing = at;
            continue;
        }
        /* a set that lacks it at the very moment of one that holds it stands between no two */
        if (last == TSCOPE_TIME_NONE || missing < at || !tscope_history_joins(history, endpoint, last, at)) {
            if (last != TSCOPE_TIME_NONE)
                put(intervals, max, count++, from, last);
            from = at;
        }
        last = at;
        missing = INT64_MAX;
    }
    if (last != TSCOPE_TIME_NONE)
        put(intervals, max, count++, from, last);
    return count;
}

/* The next stretch that begins at or behind a time; both arrays are in order of it. */
static bool
next_stretch(const struct tscope_history *history, uint32_t endpoint, uint32_t *period, uint32_t *snapshot, struct tscope_interval *ret)
{
    const struct tscope_history_coverage *coverage = NULL;
    const struct tscope_history_snapshot *set = NULL;

    while (*period < history->coverage_len && history->coverage[*period].endpoint != endpoint)
        (*period)++;
    if (*period < history->coverage_len)
        coverage = &history->coverage[*period];
    if (*snapshot < history->snapshots_len && history->snapshots[*snapshot].endpoint == endpoint)
        set = &history->snapshots[*snapshot];
    if (!coverage && !set)
        return false;
    if (coverage && (!set || coverage->from <= set->observed_at)) {
        *ret = (struct tscope_interval){coverage->from, coverage->to};
        (*period)++;
    } else {
        *ret = (struct tscope_interval){set->observed_at, set->observed_at};
        (*snapshot)++;
    }
    return true;
}

size_t
tscope_history_covered(const struct tscope_history *history, uint32_t endpoint, struct tscope_interval *intervals, size_t max)
{
    uint32_t period = 0, snapshot = first_snapshot(history, endpoint);
    struct tscope_interval now = {0, 0}, next;
    bool any = false;
    size_t count = 0;

    while (next_stretch(history, endpoint, &period, &snapshot, &next)) {
        if (any && next.from - now.to <= TSCOPE_HISTORY_STEP) {
            now.to = next.to > now.to ? next.to : now.to;
            continue;
        }
        if (any)
            put(intervals, max, count++, now.from, now.to);
        now = next;
        any = true;
    }
    if (any)
        put(intervals, max, count++, now.from, now.to);
    return count;
}
