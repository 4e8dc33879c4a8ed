/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_TIMELINE_H
#define TSCOPE_KEYS_TIMELINE_H

#include <tokenscope/history.h>

#include "keys/intervals.h"
#include "keys/keyring.h"

/** @file What the picture of several keys over time is made of: facts of their histories, gathered and in order. */

/** An endpoint of one of the histories that listed a key of the timeline. */
struct tscope_timeline_endpoint {
    const struct tscope_history *history;
    uint32_t number; /* in history->endpoints */
    struct tscope_interval *covered;
    size_t covered_len;
};

/** A proven stretch of publication, and what came behind the last of an endpoint. */
struct tscope_timeline_publication {
    uint32_t endpoint; /* index in the timeline's endpoints */
    struct tscope_interval interval;
};

struct tscope_timeline_absence {
    uint32_t endpoint;
    int64_t at; /* of the first complete set without the key behind the last with it */
};

/** A key: all its forms of this kid and material. */
struct tscope_timeline_row {
    const tscope_key *key; /* the first of them, of a history where one holds it */
    const struct tscope_certificate *certificate;
    struct tscope_timeline_publication *publications; /* by endpoint, then time */
    struct tscope_timeline_absence *absences;
    const struct tscope_history_sighting **sightings; /* that are no archive's, and have a date */
    const struct tscope_history **sighting_histories; /* of each */
    const struct tscope_history_notice **notices;
    size_t publications_len, absences_len, sightings_len, notices_len;
    int64_t first; /* earliest time known of it; TSCOPE_TIME_NONE: none */
};

struct tscope_key_timeline {
    struct tscope_arena arena;
    const tscope_keyring *keyring;
    struct tscope_timeline_row *rows; /* by family, first time, kid */
    size_t rows_len;
    struct tscope_timeline_endpoint *endpoints;
    size_t endpoints_len;
    int64_t from, to; /* from < to */
};

#endif
