/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_HISTORY_PACKED_H
#define TSCOPE_KEYS_HISTORY_PACKED_H

#include "keys/history.h"

/**
 * @file The history shipped with the library: const tables made at build time by scripts/generate-history-table, so that nothing is
 * parsed at start. Rows name their bytes by number: a pointer is relocated by whoever loads the library, and there would be eleven
 * thousand of them, on a hundred pages that no process shares with another. A keyring that asks for the history unpacks it.
 */

/** Bytes of the blob. */
struct tscope_packed_text {
    uint32_t at; /* TSCOPE_HISTORY_NONE: data NULL */
    uint32_t len;
};

/* As the rows of keys/history.h, in the same orders. */

struct tscope_packed_key {
    struct tscope_packed_text id, kid, x5t, issuer, cloud_instance_name, family, n, e, x, y, der, subject;
    int64_t not_before, not_after;
    uint8_t type, curve, cloud, family_from;
    uint8_t thumbprint[32], sha1[20], sha256[32];
    uint32_t sightings, sightings_len, absences, absences_len, notice;
};

struct tscope_packed_endpoint {
    struct tscope_packed_text id, url, issuer;
    uint32_t families, families_len; /* its run in families */
};

struct tscope_packed_coverage {
    uint32_t endpoint;
    int64_t from, to, largest_step;
};

struct tscope_packed_snapshot {
    uint32_t endpoint;
    int64_t observed_at;
    struct tscope_packed_text source;
    uint32_t keys, keys_len; /* its run in snapshot_keys */
};

struct tscope_packed_sighting {
    uint32_t key, endpoint;
    int64_t at;
    struct tscope_packed_text source;
    uint32_t kind;
};

struct tscope_packed_absence {
    uint32_t key, endpoint;
    int64_t at;
    struct tscope_packed_text source;
};

struct tscope_packed_notice {
    uint32_t key, status;
    int64_t exposed_from, abuse_first_known, withdrawn_at;
    struct tscope_packed_text reference;
};

struct tscope_packed_history {
    const uint8_t *blob; /* a NUL behind each text */
    struct tscope_packed_text name, sha256;
    int64_t until;
    const struct tscope_packed_key *keys;
    const struct tscope_packed_endpoint *endpoints;
    const struct tscope_packed_coverage *coverage;
    const struct tscope_packed_snapshot *snapshots;
    const struct tscope_packed_sighting *sightings;
    const struct tscope_packed_absence *absences;
    const struct tscope_packed_notice *notices;
    uint32_t keys_len, endpoints_len, coverage_len, snapshots_len, sightings_len, absences_len, notices_len;
    const struct tscope_packed_text *families;
    const uint32_t *snapshot_keys;
    const uint32_t *by_kid;
    uint32_t by_kid_len;
    const uint32_t *by_thumbprint;
    const uint32_t *by_sha1;
    uint32_t by_sha1_len;
};

extern const struct tscope_packed_history tscope_history_embedded;

/** Text and numbers stay where they are; the rows are the arena's. @return TSCOPE_OK or TSCOPE_ERR_NO_MEMORY */
TSCOPE_MUST_USE enum tscope_status tscope_history_unpack(const struct tscope_packed_history *packed, struct tscope_arena *arena,
                                                         const struct tscope_history **ret_history, struct tscope_error *err);

/** What says that the private half of a key is published, asked of the tables as they are; data NULL: nothing does. */
struct tscope_span tscope_history_sample_reference(const struct tscope_packed_history *packed, const uint8_t thumbprint[32]);

#endif
