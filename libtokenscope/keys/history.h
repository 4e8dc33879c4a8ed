/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_HISTORY_H
#define TSCOPE_KEYS_HISTORY_H

#include <tokenscope/status.h>

#include "core/arena.h"
#include "core/time.h"
#include "crypto/pkey.h"

/**
 * @file Who listed which key, when: the key history (format "tokenscope-key-history/1", docs/key-history.md).
 *
 * One shape for the history shipped with the library (keys/history_packed.h) and for files that are loaded. All arrays are ordered as said,
 * so that look-ups are searches.
 */

enum tscope_cloud { TSCOPE_CLOUD_UNKNOWN, TSCOPE_CLOUD_PUBLIC, TSCOPE_CLOUD_US_GOV, TSCOPE_CLOUD_CHINA, TSCOPE_CLOUD_PRE_PRODUCTION };

/** How a key's family is known, weakest first. A claim of forgery needs more than SUBJECT. */
enum tscope_family_from {
    TSCOPE_FAMILY_FROM_NOTHING,
    TSCOPE_FAMILY_FROM_CALLER,  /* the key file given, nothing else */
    TSCOPE_FAMILY_FROM_SUBJECT, /* the certificate's subject alone */
    TSCOPE_FAMILY_FROM_ENDPOINT,
    TSCOPE_FAMILY_FROM_NOTICE,
    TSCOPE_FAMILY_FROM_ISSUER, /* the key's own issuer member */
};

enum tscope_notice_status { TSCOPE_NOTICE_COMPROMISED, TSCOPE_NOTICE_SAMPLE, TSCOPE_NOTICE_TEST, TSCOPE_NOTICE_WITHDRAWN };

enum tscope_sighting_kind { TSCOPE_SIGHTING_ARCHIVE, TSCOPE_SIGHTING_SAMPLE, TSCOPE_SIGHTING_CITED };

#define TSCOPE_HISTORY_NONE UINT32_MAX

/** A certificate as far as key questions need it. */
struct tscope_certificate {
    struct tscope_span der; /* data NULL: no certificate */
    int64_t not_before, not_after;
    struct tscope_span subject; /* "CN=Live ID STS Signing Public Key": RDNs in order, ", " between */
    uint8_t sha1[20];           /* of der: the key's x5t */
    uint8_t sha256[32];
};

/** One published form of a key. */
struct tscope_history_key {
    struct tscope_span id;  /* unique in its file */
    struct tscope_span kid; /* text; data NULL: published without */
    struct tscope_span x5t; /* as published, base64url text; data NULL: none */
    struct tscope_key_numbers numbers;
    uint8_t thumbprint[32]; /* RFC 7638, SHA-256 */
    struct tscope_certificate certificate;
    struct tscope_span issuer;              /* the JWK's issuer member, {tenantid} kept; data NULL: none was ever published */
    struct tscope_span cloud_instance_name; /* data NULL: none */
    struct tscope_span family;              /* "msa-consumer", "entra-enterprise", "google"…; data NULL: unknown */
    enum tscope_cloud cloud;
    enum tscope_family_from family_from;
    uint32_t sightings, sightings_len; /* its run in history->sightings */
    uint32_t absences, absences_len;   /* its run in history->absences */
    uint32_t notice;                   /* index, or TSCOPE_HISTORY_NONE */
    bool has_private;                  /* private members stand beside the public ones; they are not read */
};

struct tscope_history_endpoint {
    struct tscope_span id, url;
    struct tscope_span issuer;          /* of the tokens it serves, {tenantid} kept; data NULL: not known */
    const struct tscope_span *families; /* those it is known to serve */
    uint32_t families_len;
};

/** A period in which an archive took complete sets of an endpoint. Ordered by endpoint, then from. */
struct tscope_history_coverage {
    uint32_t endpoint;
    int64_t from, to;
    int64_t largest_step; /* seconds: no two neighbouring sets are farther apart */
};

/** One complete set. Ordered by endpoint, then observed_at. */
struct tscope_history_snapshot {
    uint32_t endpoint;
    int64_t observed_at;
    struct tscope_span source;
    const uint32_t *keys; /* indices of keys, ascending */
    uint32_t keys_len;
};

/** Ordered by key, then endpoint (NONE last), then at (TSCOPE_TIME_NONE first). */
struct tscope_history_sighting {
    uint32_t key, endpoint; /* endpoint may be TSCOPE_HISTORY_NONE */
    int64_t at;             /* TSCOPE_TIME_NONE: undated */
    struct tscope_span source;
    enum tscope_sighting_kind kind;
};

/** A complete set of the endpoint lacked the key then. Ordered by key, endpoint, at. */
struct tscope_history_absence {
    uint32_t key, endpoint;
    int64_t at;
    struct tscope_span source;
};

struct tscope_history_notice {
    uint32_t key;
    enum tscope_notice_status status;
    int64_t exposed_from, abuse_first_known, withdrawn_at; /* TSCOPE_TIME_NONE: unknown */
    struct tscope_span reference;
};

struct tscope_history {
    struct tscope_span name;   /* "embedded", or the file's name */
    struct tscope_span sha256; /* of the JSON, 64 hexadecimal digits */
    int64_t until;             /* the latest complete set it knows of */
    const struct tscope_history_key *keys;
    const struct tscope_history_endpoint *endpoints;
    const struct tscope_history_coverage *coverage;
    const struct tscope_history_snapshot *snapshots;
    const struct tscope_history_sighting *sightings;
    const struct tscope_history_absence *absences;
    const struct tscope_history_notice *notices;
    uint32_t keys_len, endpoints_len, coverage_len, snapshots_len, sightings_len, absences_len, notices_len;
    const uint32_t *by_kid; /* key indices ordered by (kid length, kid bytes); keys without kid are left out */
    uint32_t by_kid_len;
    const uint32_t *by_thumbprint; /* all key indices ordered by thumbprint bytes */
    const uint32_t *by_sha1;       /* keys with a certificate, ordered by its SHA-1 */
    uint32_t by_sha1_len;
};

/**
 * Reads a history file (jansson: configuration). All memory is the arena's.
 *
 * @param crypto  for thumbprints
 * @return TSCOPE_OK, TSCOPE_ERR_DATA (what and where), TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_history_parse(const uint8_t *text, size_t text_len, struct tscope_span name,
                                                        tscope_crypto *crypto, struct tscope_arena *arena,
                                                        const struct tscope_history **ret_history, struct tscope_error *err);

/* Questions. A key is its index in history->keys. Snapshots count as sightings and absences of every key they hold or lack. */

enum tscope_presence {
    TSCOPE_PRESENCE_UNKNOWN,   /* the history cannot speak for that time */
    TSCOPE_PRESENCE_PUBLISHED, /* complete sets on both sides within one coverage period (or not more than 7 days apart), no absence between
                                */
    TSCOPE_PRESENCE_RETIRED, /* behind two complete sets 24 h apart that lack it, at every archived endpoint that had it, never back: behind
                                the first where sets stand close (7 days, or coverage of such a step) from it to the other, else the second
                              */
    TSCOPE_PRESENCE_EARLY,   /* more than 24 h before the last complete set that lacked it ahead of its first sighting, at every archived
                                endpoint that had it; where no close sets lack it for 24 h, before the last one of those ahead */
};

/** What the history says of one key at one time: the answer and what it rests on. */
struct tscope_presence_answer {
    enum tscope_presence presence;
    uint32_t endpoint; /* the deciding one, or TSCOPE_HISTORY_NONE */
    int64_t
        before; /* PUBLISHED: last sighting at or before t; RETIRED: last sighting; EARLY: the complete set up to which it was not there */
    int64_t after; /* PUBLISHED: next sighting; RETIRED: the complete set from which on it was gone; EARLY: first sighting */
    struct tscope_span source;
    const struct tscope_history *history; /* that speaks; NULL: none */
};

struct tscope_presence_answer tscope_history_presence(const struct tscope_history *history, uint32_t key, int64_t at);
/** The same by what one endpoint saw; TSCOPE_HISTORY_NONE: all of them. */
struct tscope_presence_answer tscope_history_presence_by(const struct tscope_history *history, uint32_t key, uint32_t endpoint, int64_t at);

/** True when a complete set taken at that time or later lists the key: its issuer had not withdrawn it by then. */
bool tscope_history_is_listed_since(const struct tscope_history *history, uint32_t key, int64_t at);

/**
 * True when complete sets stand on both sides of at, as tscope_history_covers() asks, at an endpoint that listed the key at other times,
 * and no such endpoint listed it within 7 days of at.
 */
bool tscope_history_lacks(const struct tscope_history *history, uint32_t key, int64_t at);

/** One endpoint's view of a key, for the report's "published". */
struct tscope_publication {
    uint32_t endpoint;
    int64_t first, last; /* sightings there */
    int64_t absent;      /* first complete set without it behind last, or TSCOPE_TIME_NONE */
};

/** Fills at most max entries, ordered by endpoint; returns how many there are. */
size_t tscope_history_publications(const struct tscope_history *history, uint32_t key, struct tscope_publication *publications, size_t max);

/**
 * Whether complete sets of the endpoint stand on both sides of at, none farther than 7 days (coverage whose largest step is
 * within 7 days counts). *ret_before and *ret_after say which.
 */
bool tscope_history_covers(const struct tscope_history *history, uint32_t endpoint, int64_t at, int64_t *ret_before, int64_t *ret_after);

/** True when a complete set of the endpoint within 7 days on either side of at holds a key of this kid (archive sightings around at count).
 */
bool tscope_history_lists_kid(const struct tscope_history *history, uint32_t endpoint, struct tscope_span kid, int64_t at);

/** Which complete sets of an endpoint there are around a time. */
struct tscope_extent {
    uint32_t endpoint; /* TSCOPE_HISTORY_NONE: there are none */
    int64_t from, to;  /* the coverage period that holds the time, else the nearest; without one from the first set to the last */
    int64_t last;      /* the latest complete set: behind it the history of this endpoint ends */
};

struct tscope_extent tscope_history_extent(const struct tscope_history *history, uint32_t endpoint, int64_t at);

/** When a key was seen at all. Times are TSCOPE_TIME_NONE where it never was. */
struct tscope_life {
    int64_t first;               /* earliest dated sighting of any kind */
    int64_t last;                /* latest time at which an archive, or somebody's statement, has an endpoint list it */
    struct tscope_extent extent; /* of the archived endpoint that listed it and has sets nearest to at */
};

struct tscope_life tscope_history_life(const struct tscope_history *history, uint32_t key, int64_t at);

/** True when an endpoint is known to have listed a key: by archives, or by what somebody states. */
bool tscope_history_has_listed(const struct tscope_history *history, uint32_t key, uint32_t endpoint);

/** True when the key is in this complete set. */
bool tscope_history_set_holds(const struct tscope_history_snapshot *set, uint32_t key);

/** First index in by_kid / by_thumbprint / by_sha1 that matches, and how many do. */
uint32_t tscope_history_find_kid(const struct tscope_history *history, struct tscope_span kid, const uint32_t **ret_indices);
uint32_t tscope_history_find_thumbprint(const struct tscope_history *history, const uint8_t thumbprint[32], const uint32_t **ret_indices);
uint32_t tscope_history_find_sha1(const struct tscope_history *history, const uint8_t sha1[20], const uint32_t **ret_indices);

const char *tscope_cloud_name(enum tscope_cloud cloud);            /* "public", "us-gov", "china", "pre-production", "unknown" */
const char *tscope_family_from_name(enum tscope_family_from from); /* "issuer", "endpoint", "subject", "notice", "caller", "nothing" */
const char *tscope_notice_status_name(enum tscope_notice_status status);

#endif
