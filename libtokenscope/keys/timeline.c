/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/timeline.h"

#include <stdlib.h>

#include "core/error.h"

#define DAY 86400
#define FORMS_MAX 64 /* of one key that are looked at */

TSCOPE_DEFINE_AUTO(tscope_key_timeline)

void
tscope_key_timeline_free(tscope_key_timeline *timeline)
{
    if (!timeline)
        return;
    tscope_arena_clear(&timeline->arena);
    tscope_free(timeline);
}

size_t
tscope_key_timeline_rows(const tscope_key_timeline *timeline)
{
    return timeline->rows_len;
}

static bool
add_endpoint(tscope_key_timeline *timeline, const struct tscope_history *history, uint32_t number, uint32_t *ret_index)
{
    struct tscope_timeline_endpoint *endpoint;
    size_t len = timeline->endpoints_len;

    for (size_t i = 0; i < len; i++) {
        if (timeline->endpoints[i].history == history && timeline->endpoints[i].number == number) {
            *ret_index = (uint32_t)i;
            return true;
        }
    }
    endpoint = tscope_arena_zeroed(&timeline->arena, len + 1, sizeof(*endpoint));
    if (!endpoint)
        return false;
    if (len)
        memcpy(endpoint, timeline->endpoints, len * sizeof(*endpoint));
    timeline->endpoints = endpoint;
    endpoint[len] = (struct tscope_timeline_endpoint){.history = history, .number = number};
    endpoint[len].covered_len = tscope_history_covered(history, number, NULL, 0);
    endpoint[len].covered = tscope_arena_zeroed(&timeline->arena, endpoint[len].covered_len, sizeof(struct tscope_interval));
    if (!endpoint[len].covered)
        return false;
    tscope_history_covered(history, number, endpoint[len].covered, endpoint[len].covered_len);
    timeline->endpoints_len++;
    *ret_index = (uint32_t)len;
    return true;
}

/* The least power of two that has room for so many; what memory holds when it holds len, since it is always asked for through here. */
static size_t
room_for(size_t len)
{
    size_t room = len ? 1 : 0;

    while (room < len)
        room *= 2;
    return room;
}

/* A row's arrays double, so that they cost no more than they hold, however little each form has to say. */
static void *
grow(tscope_key_timeline *timeline, void *memory, size_t len, size_t more, size_t size)
{
    size_t room = room_for(len), wanted = room_for(len + more);
    void *longer;

    if (memory && wanted == room)
        return memory;
    longer = tscope_arena_zeroed(&timeline->arena, wanted, size);
    if (longer && len)
        memcpy(longer, memory, len * size);
    return longer;
}

static bool
gather_endpoint(tscope_key_timeline *timeline, struct tscope_timeline_row *row, const tscope_key *form,
                const struct tscope_publication *publication)
{
    size_t count = tscope_history_intervals(form->history, form->history_key, publication->endpoint, NULL, 0);
    struct tscope_interval *intervals = tscope_arena_zeroed(&timeline->arena, count, sizeof(*intervals));
    uint32_t endpoint;

    row->publications = grow(timeline, row->publications, row->publications_len, count, sizeof(*row->publications));
    row->absences = grow(timeline, row->absences, row->absences_len, 1, sizeof(*row->absences));
    if (!intervals || !row->publications || !row->absences || !add_endpoint(timeline, form->history, publication->endpoint, &endpoint))
        return false;
    tscope_history_intervals(form->history, form->history_key, publication->endpoint, intervals, count);
    for (size_t i = 0; i < count; i++)
        row->publications[row->publications_len++] = (struct tscope_timeline_publication){endpoint, intervals[i]};
    if (publication->absent != TSCOPE_TIME_NONE)
        row->absences[row->absences_len++] = (struct tscope_timeline_absence){endpoint, publication->absent};
    return true;
}

static bool
gather_publications(tscope_key_timeline *timeline, struct tscope_timeline_row *row, const tscope_key *form)
{
    size_t count = tscope_history_publications(form->history, form->history_key, NULL, 0);
    struct tscope_publication *publications = tscope_arena_zeroed(&timeline->arena, count, sizeof(*publications));

    if (!publications)
        return false;
    tscope_history_publications(form->history, form->history_key, publications, count);
    for (size_t i = 0; i < count; i++) {
        if (!gather_endpoint(timeline, row, form, &publications[i]))
            return false;
    }
    return true;
}

static bool
gather_sightings(tscope_key_timeline *timeline, struct tscope_timeline_row *row, const tscope_key *form)
{
    const struct tscope_history *history = form->history;
    const struct tscope_history_key *key = &history->keys[form->history_key];

    row->sightings = grow(timeline, row->sightings, row->sightings_len, key->sightings_len, sizeof(const struct tscope_history_sighting *));
    row->sighting_histories =
        grow(timeline, row->sighting_histories, row->sightings_len, key->sightings_len, sizeof(const struct tscope_history *));
    if (!row->sightings || !row->sighting_histories)
        return false;
    for (uint32_t i = 0; i < key->sightings_len; i++) {
        const struct tscope_history_sighting *sighting = &history->sightings[key->sightings + i];

        if (sighting->at == TSCOPE_TIME_NONE || (sighting->kind == TSCOPE_SIGHTING_ARCHIVE && sighting->endpoint != TSCOPE_HISTORY_NONE))
            continue;
        row->sighting_histories[row->sightings_len] = history;
        row->sightings[row->sightings_len++] = sighting;
    }
    return true;
}

static bool
gather_notices(tscope_key_timeline *timeline, struct tscope_timeline_row *row, const tscope_key *form)
{
    const struct tscope_history *history = form->history;

    for (uint32_t i = 0; i < history->notices_len; i++) {
        if (history->notices[i].key != form->history_key)
            continue;
        row->notices = grow(timeline, row->notices, row->notices_len, 1, sizeof(const struct tscope_history_notice *));
        if (!row->notices)
            return false;
        row->notices[row->notices_len++] = &history->notices[i];
    }
    return true;
}

static void
note(int64_t *first, int64_t time)
{
    if (time != TSCOPE_TIME_NONE && (*first == TSCOPE_TIME_NONE || time < *first))
        *first = time;
}

static void
mark_first(struct tscope_timeline_row *row)
{
    row->first = TSCOPE_TIME_NONE;
    for (size_t i = 0; i < row->publications_len; i++)
        note(&row->first, row->publications[i].interval.from);
    for (size_t i = 0; i < row->sightings_len; i++)
        note(&row->first, row->sightings[i]->at);
    if (row->first == TSCOPE_TIME_NONE && row->certificate)
        row->first = row->certificate->not_before;
}

static bool
is_form(const tscope_key *key, const tscope_key *form)
{
    bool has_kid = key->kid.data != NULL;

    return has_kid == (form->kid.data != NULL) && tscope_span_equal(key->kid, form->kid);
}

static bool
gather_form(tscope_key_timeline *timeline, struct tscope_timeline_row *row, const tscope_key *form)
{
    if (!row->certificate)
        row->certificate = tscope_keyring_certificate(timeline->keyring, form);
    if (!form->history)
        return true;
    if (!row->key->history)
        row->key = form;
    return gather_publications(timeline, row, form) && gather_sightings(timeline, row, form) && gather_notices(timeline, row, form);
}

/* All forms of one kid and material: they stand in a ring. */
static bool
gather(tscope_key_timeline *timeline, struct tscope_timeline_row *row)
{
    const tscope_key *key = row->key;
    uint32_t start = tscope_keyring_number(timeline->keyring, key), number = start;
    size_t seen = 0;

    do {
        const tscope_key *form = tscope_keyring_key(timeline->keyring, number);

        if (is_form(key, form) && !gather_form(timeline, row, form))
            return false;
        if (!key->thumbprint_text[0])
            break;
        number = form->next_same;
    } while (number != start && seen++ < FORMS_MAX);
    mark_first(row);
    return true;
}

static int
compare_texts(struct tscope_span a, struct tscope_span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order;

    if (!a.data || !b.data)
        return (b.data != NULL) - (a.data != NULL); /* what has no name stands last */
    order = len ? memcmp(a.data, b.data, len) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static struct tscope_span
family_of(const tscope_key *key)
{
    return tscope_span_text(tscope_key_family(key));
}

static int
compare_rows(const void *a, const void *b)
{
    const struct tscope_timeline_row *left = a, *right = b;
    int order = compare_texts(family_of(left->key), family_of(right->key));

    if (!order)
        order = (left->first > right->first) - (left->first < right->first);
    if (!order)
        order = compare_texts(left->key->kid, right->key->kid);
    return order ? order : (left->key > right->key) - (left->key < right->key);
}

static int
compare_pointers(const void *a, const void *b)
{
    const tscope_key *left = *(const tscope_key *const *)a, *right = *(const tscope_key *const *)b;
    int order = memcmp(left->thumbprint, right->thumbprint, sizeof(left->thumbprint));

    if (!order)
        order = compare_texts(left->kid, right->kid);
    return order ? order : (left > right) - (left < right);
}

/* Each kid and material once, whatever number of its forms was asked for. */
static bool
choose_rows(tscope_key_timeline *timeline, const tscope_key *const *keys, size_t keys_len)
{
    const tscope_key **sorted = tscope_arena_zeroed(&timeline->arena, keys_len, sizeof(*sorted));

    timeline->rows = tscope_arena_zeroed(&timeline->arena, keys_len, sizeof(*timeline->rows));
    if (!sorted || !timeline->rows)
        return false;
    for (size_t i = 0; i < keys_len; i++)
        sorted[i] = keys[i];
    if (keys_len)
        qsort(sorted, keys_len, sizeof(const tscope_key *), compare_pointers);
    for (size_t i = 0; i < keys_len; i++) {
        bool repeats = i > 0 && sorted[i]->thumbprint_text[0] && is_form(sorted[i - 1], sorted[i]) &&
                       memcmp(sorted[i - 1]->thumbprint, sorted[i]->thumbprint, sizeof(sorted[i]->thumbprint)) == 0;

        if (!repeats)
            timeline->rows[timeline->rows_len++].key = sorted[i];
    }
    for (size_t i = 0; i < timeline->rows_len; i++) {
        if (!gather(timeline, &timeline->rows[i]))
            return false;
    }
    if (timeline->rows_len)
        qsort(timeline->rows, timeline->rows_len, sizeof(*timeline->rows), compare_rows);
    return true;
}

static void
widen(struct tscope_interval *frame, int64_t time)
{
    if (time == TSCOPE_TIME_NONE)
        return;
    frame->from = time < frame->from ? time : frame->from;
    frame->to = time > frame->to ? time : frame->to;
}

static void
widen_by(struct tscope_interval *frame, const struct tscope_timeline_row *row)
{
    for (size_t i = 0; i < row->publications_len; i++) {
        widen(frame, row->publications[i].interval.from);
        widen(frame, row->publications[i].interval.to);
    }
    for (size_t i = 0; i < row->absences_len; i++)
        widen(frame, row->absences[i].at);
    for (size_t i = 0; i < row->sightings_len; i++)
        widen(frame, row->sightings[i]->at);
    for (size_t i = 0; i < row->notices_len; i++) {
        widen(frame, row->notices[i]->exposed_from);
        widen(frame, row->notices[i]->abuse_first_known);
        widen(frame, row->notices[i]->withdrawn_at);
    }
}

/*
 * The times to show where nobody says: all that is known of when the keys were listed and seen. Certificates run for years on
 * both sides of that; they count only where there is nothing else.
 */
static void
choose_frame(tscope_key_timeline *timeline)
{
    struct tscope_interval frame = {INT64_MAX, INT64_MIN};

    for (size_t i = 0; i < timeline->rows_len; i++)
        widen_by(&frame, &timeline->rows[i]);
    for (size_t i = 0; i < timeline->rows_len && frame.from > frame.to; i++) {
        if (timeline->rows[i].certificate) {
            widen(&frame, timeline->rows[i].certificate->not_before);
            widen(&frame, timeline->rows[i].certificate->not_after);
        }
    }
    if (frame.from > frame.to)
        frame = (struct tscope_interval){0, 0};
    if (timeline->from == TSCOPE_TIME_NONE)
        timeline->from = frame.from;
    if (timeline->to == TSCOPE_TIME_NONE)
        timeline->to = frame.to;
    if (timeline->to <= timeline->from) /* one moment: a day of it */
        timeline->to = timeline->from + DAY;
}

enum tscope_status
tscope_key_timeline_new(const tscope_keyring *keyring, const tscope_key *const *keys, size_t keys_len, int64_t from, int64_t to,
                        tscope_key_timeline **ret_timeline, struct tscope_error *err)
{
    const int64_t first = -62167219200, last = 253402300799; /* years 0000 to 9999 */
    TSCOPE_AUTO(tscope_key_timeline) *timeline = NULL;

    if ((from != TSCOPE_TIME_NONE && (from < first || from > last)) || (to != TSCOPE_TIME_NONE && (to < first || to > last)) ||
        (from != TSCOPE_TIME_NONE && to != TSCOPE_TIME_NONE && from >= to))
        return tscope_error_set(err, TSCOPE_ERR_ARGUMENT, TSCOPE_OFFSET_NONE, "the times to show are no period");
    timeline = tscope_alloc_zeroed(1, sizeof(*timeline));
    if (!timeline)
        return tscope_error_no_memory(err);
    timeline->keyring = keyring;
    timeline->from = from;
    timeline->to = to;
    if (!choose_rows(timeline, keys, keys_len))
        return tscope_error_no_memory(err);
    choose_frame(timeline);
    *ret_timeline = TSCOPE_STEAL(timeline);
    return TSCOPE_OK;
}
