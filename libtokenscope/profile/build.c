/* SPDX-License-Identifier: Apache-2.0 */
#include "profile/profile.h"

#include <stdlib.h>

#include <tokenscope/version.h>

#include "core/alloc.h"
#include "core/error.h"
#include "core/text.h"

/* The rows of all tables of a profile, laid out so that an issuer, or a key set, finds its own by the end of its host. */

static int
compare_places(const void *a, const void *b)
{
    const struct tscope_profile_place *left = a, *right = b;
    int order = tscope_span_compare(left->end, right->end);

    return order ? order : (left->order > right->order) - (left->order < right->order);
}

static bool
is_open(struct tscope_span text)
{
    return text.len == 0 || memchr(text.data, '{', text.len) || memchr(text.data, '}', text.len);
}

static void
place_row(struct tscope_profile_index *index, const struct tscope_profile_issuer *row, struct tscope_span pattern)
{
    struct tscope_span end = tscope_profile_host_end(pattern);
    bool is_anywhere = is_open(end);
    size_t order = is_anywhere ? index->anywhere_len++ : index->places_len++;

    (is_anywhere ? index->anywhere : index->places)[order] =
        (struct tscope_profile_place){end, pattern, tscope_profile_tenant_at(pattern), order, row};
}

static bool
begin_index(tscope_profile *profile, struct tscope_profile_index *index, size_t rows)
{
    index->places = tscope_arena_zeroed(&profile->arena, rows, sizeof(*index->places));
    index->anywhere = tscope_arena_zeroed(&profile->arena, rows, sizeof(*index->anywhere));
    return index->places && index->anywhere;
}

static void
sort_index(struct tscope_profile_index *index)
{
    if (index->places_len)
        qsort(index->places, index->places_len, sizeof(*index->places), compare_places);
}

static void
keep_host(tscope_profile *profile, const struct tscope_profile_issuer *row)
{
    struct tscope_profile_host *host = &profile->hosts[profile->hosts_len];
    struct tscope_span origin = tscope_profile_origin(row->pattern), name;

    if (!origin.data || is_open(origin) || row->keys == TSCOPE_PROFILE_KEYS_UNKNOWN)
        return; /* a name that many have is nothing to be taken for */
    for (size_t i = 0; i < profile->hosts_len; i++) {
        if (tscope_span_equal(profile->hosts[i].origin, origin))
            return;
    }
    name = tscope_profile_host(origin);
    *host = (struct tscope_profile_host){
        .origin = origin,
        .host = name,
        .pairs = tscope_profile_pairs(name),
        .is_short = tscope_span_equal(tscope_profile_host_end(origin), name),
        .row = row,
    };
    profile->hosts_len++;
}

static bool
lay_out(tscope_profile *profile)
{
    size_t rows = 0;

    for (size_t t = 0; t < profile->tables_len; t++)
        rows += profile->tables[t]->issuers_len;
    profile->hosts = tscope_arena_zeroed(&profile->arena, rows, sizeof(*profile->hosts));
    if (!profile->hosts || !begin_index(profile, &profile->issuers, rows) || !begin_index(profile, &profile->sets, rows))
        return false;
    for (size_t t = 0; t < profile->tables_len; t++) {
        for (size_t i = 0; i < profile->tables[t]->issuers_len; i++) {
            const struct tscope_profile_issuer *row = &profile->tables[t]->issuers[i];

            place_row(&profile->issuers, row, row->pattern);
            if (row->jwks.data)
                place_row(&profile->sets, row, row->jwks);
            keep_host(profile, row);
        }
    }
    sort_index(&profile->issuers);
    sort_index(&profile->sets);
    return true;
}

static void
write_id(struct tscope_buffer *id, const struct tscope_profile_table *read, const struct tscope_profile_table *const *shipped,
         size_t shipped_len)
{
    if (read)
        tscope_buffer_append_format(id, "%.*s@%u%s", (int)read->name.len, (const char *)read->name.data, read->version,
                                    shipped_len ? "+" : "");
    if (shipped_len == 1)
        tscope_buffer_append_format(id, "%.*s@%u", (int)shipped[0]->name.len, (const char *)shipped[0]->name.data, shipped[0]->version);
    else if (shipped_len > 1)
        tscope_buffer_append_text(id, "shipped@" TSCOPE_VERSION);
}

static bool
fill(tscope_profile *profile, const struct tscope_profile_table *read, const struct tscope_profile_table *const *shipped,
     size_t shipped_len)
{
    struct tscope_buffer id = {.arena = &profile->arena};

    profile->tables = tscope_arena_zeroed(&profile->arena, shipped_len + 1, sizeof(*profile->tables));
    if (!profile->tables)
        return false;
    if (read)
        profile->tables[profile->tables_len++] = read;
    for (size_t i = 0; i < shipped_len; i++)
        profile->tables[profile->tables_len++] = shipped[i];
    write_id(&id, read, shipped, shipped_len);
    profile->id = tscope_buffer_steal(&id, NULL);
    return profile->id && lay_out(profile);
}

enum tscope_status
tscope_profile_build(struct tscope_arena *arena, const struct tscope_profile_table *read, const struct tscope_profile_table *const *shipped,
                     size_t shipped_len, tscope_profile **ret_profile, struct tscope_error *err)
{
    tscope_profile *profile = tscope_alloc_zeroed(1, sizeof(*profile));

    if (!profile)
        return tscope_error_no_memory(err);
    atomic_init(&profile->references, 1);
    profile->arena = *arena;
    if (!fill(profile, read, shipped, shipped_len)) {
        *arena = profile->arena;
        tscope_free(profile);
        return tscope_error_no_memory(err);
    }
    *arena = (struct tscope_arena){0};
    *ret_profile = profile;
    return TSCOPE_OK;
}
