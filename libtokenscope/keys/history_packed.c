/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/history_packed.h"

#include "core/error.h"

struct unpacker {
    const struct tscope_packed_history *packed;
    struct tscope_arena *arena;
    struct tscope_history *history;
};

static struct tscope_span
text_of(const struct tscope_packed_history *packed, struct tscope_packed_text text)
{
    return text.at == TSCOPE_HISTORY_NONE ? tscope_span_of(NULL, 0) : tscope_span_of(packed->blob + text.at, text.len);
}

/* A row the arena's memory for each packed one; NULL for none, as everywhere in a history. False: out of memory. */
static bool
make_rows(struct unpacker *unpacker, uint32_t len, size_t row_size, void *ret_rows)
{
    void *rows = len ? tscope_arena_alloc(unpacker->arena, len * row_size) : NULL;

    memcpy(ret_rows, &rows, sizeof(rows));
    return !len || rows;
}

static void
unpack_key(const struct tscope_packed_history *packed, const struct tscope_packed_key *from, struct tscope_history_key *row)
{
    *row = (struct tscope_history_key){
        .id = text_of(packed, from->id),
        .kid = text_of(packed, from->kid),
        .x5t = text_of(packed, from->x5t),
        .numbers = {.type = (enum tscope_key_type)from->type,
                    .curve = (enum tscope_curve)from->curve,
                    .n = text_of(packed, from->n),
                    .e = text_of(packed, from->e),
                    .x = text_of(packed, from->x),
                    .y = text_of(packed, from->y)},
        .certificate = {.der = text_of(packed, from->der),
                        .not_before = from->not_before,
                        .not_after = from->not_after,
                        .subject = text_of(packed, from->subject)},
        .issuer = text_of(packed, from->issuer),
        .cloud_instance_name = text_of(packed, from->cloud_instance_name),
        .family = text_of(packed, from->family),
        .cloud = (enum tscope_cloud)from->cloud,
        .family_from = (enum tscope_family_from)from->family_from,
        .sightings = from->sightings,
        .sightings_len = from->sightings_len,
        .absences = from->absences,
        .absences_len = from->absences_len,
        .notice = from->notice,
    };
    memcpy(row->thumbprint, from->thumbprint, sizeof(row->thumbprint));
    memcpy(row->certificate.sha1, from->sha1, sizeof(row->certificate.sha1));
    memcpy(row->certificate.sha256, from->sha256, sizeof(row->certificate.sha256));
}

static bool
unpack_keys(struct unpacker *unpacker)
{
    const struct tscope_packed_history *packed = unpacker->packed;
    struct tscope_history_key *rows;

    if (!make_rows(unpacker, packed->keys_len, sizeof(*rows), &rows))
        return false;
    for (uint32_t i = 0; i < packed->keys_len; i++)
        unpack_key(packed, &packed->keys[i], &rows[i]);
    unpacker->history->keys = rows;
    return true;
}

static bool
unpack_endpoints(struct unpacker *unpacker)
{
    const struct tscope_packed_history *packed = unpacker->packed;
    struct tscope_history_endpoint *rows;

    if (!make_rows(unpacker, packed->endpoints_len, sizeof(*rows), &rows))
        return false;
    for (uint32_t i = 0; i < packed->endpoints_len; i++) {
        const struct tscope_packed_endpoint *from = &packed->endpoints[i];
        struct tscope_span *families;

        if (!make_rows(unpacker, from->families_len, sizeof(*families), &families))
            return false;
        for (uint32_t family = 0; family < from->families_len; family++)
            families[family] = text_of(packed, packed->families[from->families + family]);
        rows[i] = (struct tscope_history_endpoint){text_of(packed, from->id), text_of(packed, from->url), text_of(packed, from->issuer),
                                                   families, from->families_len};
    }
    unpacker->history->endpoints = rows;
    return true;
}

static bool
unpack_sets(struct unpacker *unpacker)
{
    const struct tscope_packed_history *packed = unpacker->packed;
    struct tscope_history_coverage *coverage;
    struct tscope_history_snapshot *snapshots;

    if (!make_rows(unpacker, packed->coverage_len, sizeof(*coverage), &coverage) ||
        !make_rows(unpacker, packed->snapshots_len, sizeof(*snapshots), &snapshots))
        return false;
    for (uint32_t i = 0; i < packed->coverage_len; i++) {
        const struct tscope_packed_coverage *from = &packed->coverage[i];

        coverage[i] = (struct tscope_history_coverage){from->endpoint, from->from, from->to, from->largest_step};
    }
    for (uint32_t i = 0; i < packed->snapshots_len; i++) {
        const struct tscope_packed_snapshot *from = &packed->snapshots[i];

        snapshots[i] = (struct tscope_history_snapshot){from->endpoint, from->observed_at, text_of(packed, from->source),
                                                        from->keys_len ? packed->snapshot_keys + from->keys : NULL, from->keys_len};
    }
    unpacker->history->coverage = coverage;
    unpacker->history->snapshots = snapshots;
    return true;
}

static bool
unpack_sightings(struct unpacker *unpacker)
{
    const struct tscope_packed_history *packed = unpacker->packed;
    struct tscope_history_sighting *sightings;
    struct tscope_history_absence *absences;

    if (!make_rows(unpacker, packed->sightings_len, sizeof(*sightings), &sightings) ||
        !make_rows(unpacker, packed->absences_len, sizeof(*absences), &absences))
        return false;
    for (uint32_t i = 0; i < packed->sightings_len; i++) {
        const struct tscope_packed_sighting *from = &packed->sightings[i];

        sightings[i] = (struct tscope_history_sighting){from->key, from->endpoint, from->at, text_of(packed, from->source),
                                                        (enum tscope_sighting_kind)from->kind};
    }
    for (uint32_t i = 0; i < packed->absences_len; i++) {
        const struct tscope_packed_absence *from = &packed->absences[i];

        absences[i] = (struct tscope_history_absence){from->key, from->endpoint, from->at, text_of(packed, from->source)};
    }
    unpacker->history->sightings = sightings;
    unpacker->history->absences = absences;
    return true;
}

static bool
unpack_notices(struct unpacker *unpacker)
{
    const struct tscope_packed_history *packed = unpacker->packed;
    struct tscope_history_notice *rows;

    if (!make_rows(unpacker, packed->notices_len, sizeof(*rows), &rows))
        return false;
    for (uint32_t i = 0; i < packed->notices_len; i++) {
        const struct tscope_packed_notice *from = &packed->notices[i];

        rows[i] = (struct tscope_history_notice){from->key,          (enum tscope_notice_status)from->status,
                                                 from->exposed_from, from->abuse_first_known,
                                                 from->withdrawn_at, text_of(packed, from->reference)};
    }
    unpacker->history->notices = rows;
    return true;
}

enum tscope_status
tscope_history_unpack(const struct tscope_packed_history *packed, struct tscope_arena *arena, const struct tscope_history **ret_history,
                      struct tscope_error *err)
{
    struct unpacker unpacker = {packed, arena, tscope_arena_zeroed(arena, 1, sizeof(struct tscope_history))};

    if (!unpacker.history || !unpack_keys(&unpacker) || !unpack_endpoints(&unpacker) || !unpack_sets(&unpacker) ||
        !unpack_sightings(&unpacker) || !unpack_notices(&unpacker))
        return tscope_error_no_memory(err);
    unpacker.history->name = text_of(packed, packed->name);
    unpacker.history->sha256 = text_of(packed, packed->sha256);
    unpacker.history->until = packed->until;
    unpacker.history->keys_len = packed->keys_len;
    unpacker.history->endpoints_len = packed->endpoints_len;
    unpacker.history->coverage_len = packed->coverage_len;
    unpacker.history->snapshots_len = packed->snapshots_len;
    unpacker.history->sightings_len = packed->sightings_len;
    unpacker.history->absences_len = packed->absences_len;
    unpacker.history->notices_len = packed->notices_len;
    unpacker.history->by_kid = packed->by_kid;
    unpacker.history->by_kid_len = packed->by_kid_len;
    unpacker.history->by_thumbprint = packed->by_thumbprint;
    unpacker.history->by_sha1 = packed->by_sha1;
    unpacker.history->by_sha1_len = packed->by_sha1_len;
    *ret_history = unpacker.history;
    return TSCOPE_OK;
}

struct tscope_span
tscope_history_sample_reference(const struct tscope_packed_history *packed, const uint8_t thumbprint[32])
{
    uint32_t low = 0, high = packed->keys_len;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (memcmp(packed->keys[packed->by_thumbprint[middle]].thumbprint, thumbprint, 32) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < packed->keys_len; low++) {
        const struct tscope_packed_key *key = &packed->keys[packed->by_thumbprint[low]];

        if (memcmp(key->thumbprint, thumbprint, 32) != 0)
            break;
        if (key->notice != TSCOPE_HISTORY_NONE && packed->notices[key->notice].status == TSCOPE_NOTICE_SAMPLE)
            return text_of(packed, packed->notices[key->notice].reference);
    }
    return tscope_span_of(NULL, 0);
}
