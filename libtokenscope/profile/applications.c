/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/applications.h"

#include "core/json.h"

static uint8_t
fold(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte - 'A' + 'a') : byte;
}

/* id may hold a NUL, a row's does not. */
static bool
is_listed(struct tscope_span id, const char *listed)
{
    size_t at = 0;

    while (at < id.len && listed[at] != '\0' && fold(id.data[at]) == (uint8_t)listed[at])
        at++;
    return at == id.len && listed[at] == '\0';
}

/* What scripts/generate-applications-table orders the rows by: upper and lower case are the same in it. */
static uint64_t
hash_of(struct tscope_span id)
{
    const uint64_t lower = UINT64_C(0x2020202020202020);
    uint64_t hash = tscope_hash_begin(id.len);
    uint8_t tail[8] = {0};

    for (; id.len >= 8; id = tscope_span_of(id.data + 8, id.len - 8))
        hash = tscope_hash_word(hash, tscope_low_bytes(id.data, 8) | lower);
    if (id.len)
        memcpy(tail, id.data, id.len);
    return tscope_hash_word(hash, tscope_low_bytes(tail, 8) | lower);
}

const struct tscope_application *
tscope_application_find(struct tscope_span id)
{
    const struct tscope_application *row = tscope_applications;
    size_t len = tscope_applications_len;
    uint64_t hash;

    if (id.len > 0 && id.data[id.len - 1] == '/')
        id.len--;
    hash = hash_of(id);
    if (!(tscope_applications_filter[hash >> 58] >> (hash >> 52 & 63) & 1))
        return NULL;
    for (size_t half = len / 2; len > 1; half = len / 2) { /* which way it goes nobody can foretell: without a branch */
        row += row[half - 1].hash < hash ? half : 0;
        len -= half;
    }
    return row->hash == hash && is_listed(id, row->id) ? row : NULL;
}
