/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/history_walk.h"

/* How far a history reaches: when a key was seen at all, and which complete sets there are around a time. */

static const struct tscope_extent nothing = {
    .endpoint = TSCOPE_HISTORY_NONE, .from = TSCOPE_TIME_NONE, .to = TSCOPE_TIME_NONE, .last = TSCOPE_TIME_NONE};

/* at is a token's claim: any number at all, so the difference is taken without signs. */
static uint64_t
distance_of(const struct tscope_extent *extent, int64_t at)
{
    if (at < extent->from)
        return (uint64_t)extent->from - (uint64_t)at;
    return at > extent->to ? (uint64_t)at - (uint64_t)extent->to : 0;
}

static void
note_stretch(struct tscope_extent *extent, uint32_t endpoint, int64_t from, int64_t to, int64_t at)
{
    struct tscope_extent stretch = {endpoint, from, to, to > extent->last ? to : extent->last};

    if (extent->endpoint == TSCOPE_HISTORY_NONE || distance_of(&stretch, at) < distance_of(extent, at))
        *extent = stretch;
    extent->last = stretch.last;
}

struct tscope_extent
tscope_history_extent(const struct tscope_history *history, uint32_t endpoint, int64_t at)
{
    struct tscope_extent extent = nothing;
    int64_t first = TSCOPE_TIME_NONE, last = TSCOPE_TIME_NONE;

    for (uint32_t i = 0; i < history->coverage_len; i++) {
        const struct tscope_history_coverage *period = &history->coverage[i];

        if (period->endpoint == endpoint)
            note_stretch(&extent, endpoint, period->from, period->to, at);
    }
    for (uint32_t i = 0; i < history->snapshots_len; i++) {
        const struct tscope_history_snapshot *set = &history->snapshots[i];

        if (set->endpoint != endpoint)
            continue;
        first = first == TSCOPE_TIME_NONE ? set->observed_at : first;
        last = set->observed_at;
    }
    if (extent.endpoint == TSCOPE_HISTORY_NONE && first != TSCOPE_TIME_NONE)
        note_stretch(&extent, endpoint, first, last, at);
    else if (last > extent.last)
        extent.last = last;
    return extent;
}

static bool
says_when_listed(const struct tscope_history_sighting *sighting)
{
    return sighting->kind == TSCOPE_SIGHTING_ARCHIVE ||
           (sighting->kind == TSCOPE_SIGHTING_CITED && sighting->endpoint != TSCOPE_HISTORY_NONE);
}

struct tscope_life
tscope_history_life(const struct tscope_history *history, uint32_t key, int64_t at)
{
    const struct tscope_history_key *row = &history->keys[key];
    struct tscope_life life = {TSCOPE_TIME_NONE, TSCOPE_TIME_NONE, nothing};
    struct tscope_history_walk walk;
    struct tscope_history_view view;

    for (uint32_t i = 0; i < row->sightings_len; i++) {
        const struct tscope_history_sighting *sighting = &history->sightings[row->sightings + i];

        if (sighting->at == TSCOPE_TIME_NONE)
            continue;
        if (life.first == TSCOPE_TIME_NONE || sighting->at < life.first)
            life.first = sighting->at;
        if (says_when_listed(sighting) && sighting->at > life.last)
            life.last = sighting->at;
    }
    tscope_history_walk_start(&walk, history, key);
    while (tscope_history_walk_next(&walk, at, &view)) {
        struct tscope_extent extent = tscope_history_extent(history, view.endpoint, at);

        if (life.first == TSCOPE_TIME_NONE || view.first.at < life.first)
            life.first = view.first.at;
        life.last = view.last.at > life.last ? view.last.at : life.last;
        if (extent.endpoint != TSCOPE_HISTORY_NONE &&
            (life.extent.endpoint == TSCOPE_HISTORY_NONE || distance_of(&extent, at) < distance_of(&life.extent, at)))
            life.extent = extent;
    }
    return life;
}
