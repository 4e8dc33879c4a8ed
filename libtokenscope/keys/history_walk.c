/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/history_walk.h"

/* The rows of one endpoint within the walk's key: [from, to) of each array. */
struct rows {
    uint32_t sighting_from, sighting_to;
    uint32_t absence_from, absence_to;
    uint32_t snapshot_from, snapshot_to;
};

bool
tscope_history_set_holds(const struct tscope_history_snapshot *set, uint32_t key)
{
    uint32_t low = 0, high = set->keys_len;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (set->keys[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < set->keys_len && set->keys[low] == key;
}

void
tscope_history_walk_start(struct tscope_history_walk *walk, const struct tscope_history *history, uint32_t key)
{
    *walk = (struct tscope_history_walk){.history = history, .key = key};
    walk->sighting = history->keys[key].sightings;
    walk->absence = history->keys[key].absences;
}

static struct rows
take_rows(struct tscope_history_walk *walk)
{
    const struct tscope_history *history = walk->history;
    const struct tscope_history_key *row = &history->keys[walk->key];
    uint32_t sightings_end = row->sightings + row->sightings_len, absences_end = row->absences + row->absences_len;
    struct rows rows = {.sighting_from = walk->sighting, .absence_from = walk->absence, .snapshot_from = walk->snapshot};

    while (walk->sighting < sightings_end && history->sightings[walk->sighting].endpoint == walk->endpoint)
        walk->sighting++;
    while (walk->absence < absences_end && history->absences[walk->absence].endpoint == walk->endpoint)
        walk->absence++;
    while (walk->snapshot < history->snapshots_len && history->snapshots[walk->snapshot].endpoint == walk->endpoint)
        walk->snapshot++;
    rows.sighting_to = walk->sighting;
    rows.absence_to = walk->absence;
    rows.snapshot_to = walk->snapshot;
    return rows;
}

static void
note_earliest(struct tscope_history_event *event, int64_t at, struct tscope_span source)
{
    if (event->at == TSCOPE_TIME_NONE || at < event->at)
        *event = (struct tscope_history_event){at, source};
}

static void
note_latest(struct tscope_history_event *event, int64_t at, struct tscope_span source)
{
    if (at != TSCOPE_TIME_NONE && at >= event->at)
        *event = (struct tscope_history_event){at, source};
}

static void
note_listed(struct tscope_history_view *view, int64_t time, int64_t at, struct tscope_span source)
{
    note_earliest(&view->first, at, source);
    note_latest(&view->last, at, source);
    if (at <= time)
        note_latest(&view->before, at, source);
    if (at >= time)
        note_earliest(&view->after, at, source);
}

/* Once it is known when the key was listed. */
static void
note_missing(struct tscope_history_view *view, int64_t at, struct tscope_span source)
{
    if (at < view->first.at)
        note_latest(&view->lacking, at, source);
    if (at > view->last.at) {
        note_earliest(&view->gone, at, source);
        view->gone_last = at > view->gone_last ? at : view->gone_last;
    }
    if (view->before.at != TSCOPE_TIME_NONE && view->after.at != TSCOPE_TIME_NONE && at > view->before.at && at < view->after.at)
        view->missing_between = true;
}

/* Archived sightings and sets that hold the key: a sample proves that a key existed, never when it was listed. */
static void
gather_listed(const struct tscope_history_walk *walk, const struct rows *rows, int64_t time, struct tscope_history_view *view)
{
    const struct tscope_history *history = walk->history;

    for (uint32_t i = rows->sighting_from; i < rows->sighting_to; i++) {
        const struct tscope_history_sighting *sighting = &history->sightings[i];

        if (sighting->kind == TSCOPE_SIGHTING_ARCHIVE && sighting->at != TSCOPE_TIME_NONE)
            note_listed(view, time, sighting->at, sighting->source);
    }
    for (uint32_t i = rows->snapshot_from; i < rows->snapshot_to; i++) {
        const struct tscope_history_snapshot *set = &history->snapshots[i];

        if (tscope_history_set_holds(set, walk->key))
            note_listed(view, time, set->observed_at, set->source);
    }
}

static void
gather_missing(const struct tscope_history_walk *walk, const struct rows *rows, struct tscope_history_view *view)
{
    const struct tscope_history *history = walk->history;

    for (uint32_t i = rows->absence_from; i < rows->absence_to; i++)
        note_missing(view, history->absences[i].at, history->absences[i].source);
    for (uint32_t i = rows->snapshot_from; i < rows->snapshot_to; i++) {
        const struct tscope_history_snapshot *set = &history->snapshots[i];

        if (!tscope_history_set_holds(set, walk->key))
            note_missing(view, set->observed_at, set->source);
    }
}

bool
tscope_history_walk_next(struct tscope_history_walk *walk, int64_t at, struct tscope_history_view *ret_view)
{
    static const struct tscope_history_event never = {.at = TSCOPE_TIME_NONE};

    for (; walk->endpoint < walk->history->endpoints_len; walk->endpoint++) {
        struct tscope_history_view view = {walk->endpoint, never, never, never, never, never, never, TSCOPE_TIME_NONE, false};
        struct rows rows = take_rows(walk);

        gather_listed(walk, &rows, at, &view);
        if (view.first.at == TSCOPE_TIME_NONE)
            continue;
        gather_missing(walk, &rows, &view);
        walk->endpoint++;
        *ret_view = view;
        return true;
    }
    return false;
}
