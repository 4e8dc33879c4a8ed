/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/history_walk.h"

#include "keys/intervals.h"

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

/*
 * A key can be missing from a single set by mistake, and be back an hour later. Two sets a day apart that lack it are no mistake,
 * but only where sets stand close from one to the other is it missing from the first of them on: of an archive that took a set
 * a month, the first may have met the mistake, and the key was withdrawn weeks later.
 */
struct run {
    struct tscope_history_event first, last; /* of sets close to each other that lack the key */
    struct tscope_history_event before;      /* the last set of the run before this one */
};

/* Ahead of the first time listed: sets in order of time. */
static void
note_lacking(const struct tscope_history_walk *walk, struct run *run, const struct tscope_history_event *set)
{
    if (run->last.at == TSCOPE_TIME_NONE || !tscope_history_is_close(walk->history, walk->endpoint, run->last.at, set->at)) {
        run->before = run->last;
        run->first = *set;
    }
    run->last = *set;
}

/* Up to the last set, when its run is a day long; else up to the last of the run before, which is more than a day ahead. */
static void
conclude_lacking(const struct run *run, struct tscope_history_view *view)
{
    if (run->last.at == TSCOPE_TIME_NONE)
        return;
    view->unlisted = run->last.at - run->first.at >= TSCOPE_HISTORY_DAY ? run->last : run->before;
}

/* Behind the last time listed: sets in order of time. */
static void
note_gone(const struct tscope_history_walk *walk, struct run *run, const struct tscope_history_event *set, struct tscope_history_view *view)
{
    bool is_first = view->gone.at == TSCOPE_TIME_NONE;

    if (is_first) {
        view->gone = run->first = *set;
    } else if (run->first.at != TSCOPE_TIME_NONE && !tscope_history_is_close(walk->history, walk->endpoint, run->last.at, set->at)) {
        run->first.at = TSCOPE_TIME_NONE;
    }
    run->last = *set;
    if (view->retired.at == TSCOPE_TIME_NONE && !is_first && set->at - view->gone.at >= TSCOPE_HISTORY_DAY)
        view->retired = run->first.at != TSCOPE_TIME_NONE ? run->first : *set;
}

/* The next set without the key, of both arrays, which are in order of time. */
static bool
next_missing(const struct tscope_history_walk *walk, struct rows *rows, struct tscope_history_event *ret_set)
{
    const struct tscope_history *history = walk->history;
    bool has_absence = rows->absence_from < rows->absence_to;

    while (rows->snapshot_from < rows->snapshot_to && tscope_history_set_holds(&history->snapshots[rows->snapshot_from], walk->key))
        rows->snapshot_from++;
    if (!has_absence && rows->snapshot_from == rows->snapshot_to)
        return false;
    if (has_absence && (rows->snapshot_from == rows->snapshot_to ||
                        history->absences[rows->absence_from].at <= history->snapshots[rows->snapshot_from].observed_at)) {
        const struct tscope_history_absence *absence = &history->absences[rows->absence_from++];

        *ret_set = (struct tscope_history_event){absence->at, absence->source};
    } else {
        const struct tscope_history_snapshot *snapshot = &history->snapshots[rows->snapshot_from++];

        *ret_set = (struct tscope_history_event){snapshot->observed_at, snapshot->source};
    }
    return true;
}

/* Once it is known when the key was listed. */
static void
gather_missing(const struct tscope_history_walk *walk, struct rows rows, struct tscope_history_view *view)
{
    static const struct tscope_history_event never = {.at = TSCOPE_TIME_NONE};
    struct run lacking = {never, never, never}, gone = {never, never, never};
    struct tscope_history_event set;

    while (next_missing(walk, &rows, &set)) {
        if (set.at < view->first.at)
            note_lacking(walk, &lacking, &set);
        if (set.at > view->last.at)
            note_gone(walk, &gone, &set, view);
        if (view->before.at != TSCOPE_TIME_NONE && view->after.at != TSCOPE_TIME_NONE && set.at > view->before.at &&
            set.at < view->after.at)
            view->missing_between = true;
    }
    conclude_lacking(&lacking, view);
}

bool
tscope_history_walk_next(struct tscope_history_walk *walk, int64_t at, struct tscope_history_view *ret_view)
{
    static const struct tscope_history_event never = {.at = TSCOPE_TIME_NONE};

    for (; walk->endpoint < walk->history->endpoints_len; walk->endpoint++) {
        struct tscope_history_view view = {walk->endpoint, never, never, never, never, never, never, never, false};
        struct rows rows = take_rows(walk);

        gather_listed(walk, &rows, at, &view);
        if (view.first.at == TSCOPE_TIME_NONE)
            continue;
        gather_missing(walk, rows, &view);
        walk->endpoint++;
        *ret_view = view;
        return true;
    }
    return false;
}
