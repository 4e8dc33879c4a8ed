/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/history_walk.h"
#include "keys/intervals.h"

/*
 * Published, retired, early or unknown: what the archives prove of a key at one time. Each answer rests on complete sets
 * alone. Whatever two endpoints disagree on, and whatever lies outside the sets, is unknown.
 */

static const struct tscope_presence_answer unknown = {
    .presence = TSCOPE_PRESENCE_UNKNOWN, .endpoint = TSCOPE_HISTORY_NONE, .before = TSCOPE_TIME_NONE, .after = TSCOPE_TIME_NONE};

static bool
is_published(const struct tscope_history *history, const struct tscope_history_view *view)
{
    return view->before.at != TSCOPE_TIME_NONE && view->after.at != TSCOPE_TIME_NONE && !view->missing_between &&
           tscope_history_joins(history, view->endpoint, view->before.at, view->after.at);
}

/* A sighting of any kind and anywhere says that the key existed by then. */
static bool
is_seen_by(const struct tscope_history *history, uint32_t key, int64_t at)
{
    const struct tscope_history_key *row = &history->keys[key];

    for (uint32_t i = 0; i < row->sightings_len; i++) {
        int64_t seen = history->sightings[row->sightings + i].at;

        if (seen != TSCOPE_TIME_NONE && seen <= at)
            return true;
    }
    return false;
}

/* An archive saw it again, or somebody states that an endpoint listed it: then it was not gone. Samples are copied long after. */
static bool
is_seen_after(const struct tscope_history *history, uint32_t key, int64_t at)
{
    const struct tscope_history_key *row = &history->keys[key];

    for (uint32_t i = 0; i < row->sightings_len; i++) {
        const struct tscope_history_sighting *sighting = &history->sightings[row->sightings + i];
        bool counts = sighting->kind == TSCOPE_SIGHTING_ARCHIVE ||
                      (sighting->kind == TSCOPE_SIGHTING_CITED && sighting->endpoint != TSCOPE_HISTORY_NONE);

        if (counts && sighting->at > at)
            return true;
    }
    return false;
}

/* What holds at every endpoint so far, and by which of them. */
struct agreement {
    bool any, gone, early;
    struct tscope_history_view last_gone;     /* where it went last */
    struct tscope_history_view first_lacking; /* where a set without it stands first */
};

static void
hear(struct agreement *agreement, const struct tscope_history_view *view, int64_t at)
{
    bool lacking = view->unlisted.at != TSCOPE_TIME_NONE && at < view->unlisted.at - TSCOPE_HISTORY_DAY;

    agreement->gone = (agreement->gone || !agreement->any) && view->retired.at != TSCOPE_TIME_NONE;
    agreement->early = (agreement->early || !agreement->any) && lacking;
    if (!agreement->any || view->retired.at > agreement->last_gone.retired.at)
        agreement->last_gone = *view;
    if (!agreement->any || view->unlisted.at < agreement->first_lacking.unlisted.at)
        agreement->first_lacking = *view;
    agreement->any = true;
}

struct tscope_presence_answer
tscope_history_presence(const struct tscope_history *history, uint32_t key, int64_t at)
{
    return tscope_history_presence_by(history, key, TSCOPE_HISTORY_NONE, at);
}

struct tscope_presence_answer
tscope_history_presence_by(const struct tscope_history *history, uint32_t key, uint32_t endpoint, int64_t at)
{
    struct agreement agreement = {0};
    struct tscope_history_walk walk;
    struct tscope_history_view view;

    if (at == TSCOPE_TIME_NONE || key >= history->keys_len)
        return unknown;
    tscope_history_walk_start(&walk, history, key);
    while (tscope_history_walk_next(&walk, at, &view)) {
        if (endpoint != TSCOPE_HISTORY_NONE && view.endpoint != endpoint)
            continue;
        if (is_published(history, &view))
            return (struct tscope_presence_answer){TSCOPE_PRESENCE_PUBLISHED, view.endpoint, view.before.at, view.after.at,
                                                   view.before.source,        history};
        hear(&agreement, &view, at);
    }
    if (agreement.gone && at >= agreement.last_gone.retired.at && !is_seen_after(history, key, agreement.last_gone.retired.at)) {
        view = agreement.last_gone;
        return (struct tscope_presence_answer){TSCOPE_PRESENCE_RETIRED, view.endpoint,       view.last.at,
                                               view.retired.at,         view.retired.source, history};
    }
    if (agreement.early && !is_seen_by(history, key, at)) {
        view = agreement.first_lacking;
        return (struct tscope_presence_answer){TSCOPE_PRESENCE_EARLY, view.endpoint,        view.unlisted.at,
                                               view.first.at,         view.unlisted.source, history};
    }
    return unknown;
}

bool
tscope_history_is_listed_since(const struct tscope_history *history, uint32_t key, int64_t at)
{
    struct tscope_history_walk walk;
    struct tscope_history_view view;

    if (at == TSCOPE_TIME_NONE || key >= history->keys_len)
        return false;
    tscope_history_walk_start(&walk, history, key);
    while (tscope_history_walk_next(&walk, at, &view)) {
        if (view.last.at >= at)
            return true;
    }
    return false;
}
