/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dump_map.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/error.h"
#include "evidence/evidence.h"
#include "evidence/shown.h"

#define RETURNS_MAX 64       /* new beginnings of compressed data */
#define OVERLAPS_LOOKED_AT 8 /* ranges that begin before a place and do not reach it */

uint64_t
tscope_dump_size(const tscope_dump_map *map)
{
    return map->piece->is_seekable ? map->piece->size : UINT64_MAX;
}

enum tscope_status
tscope_dump_read(tscope_dump_map *map, uint64_t offset, void *buffer, size_t len, bool *ret_there, struct tscope_error *err)
{
    enum tscope_status status;
    size_t got = 0;

    *ret_there = false;
    if (!map->piece->is_seekable && offset < tscope_reader_position(map->reader) && ++map->returns > RETURNS_MAX)
        return TSCOPE_OK;
    status = tscope_reader_seek(map->reader, offset, err);
    if (status == TSCOPE_OK && tscope_reader_position(map->reader) == offset)
        status = tscope_reader_read(map->reader, buffer, len, &got, err);
    *ret_there = status == TSCOPE_OK && got == len;
    return status;
}

enum tscope_status
tscope_dump_warn_broken(tscope_dump_map *map, const char *what, struct tscope_error *err)
{
    return tscope_evidence_warn(map->piece->evidence, "broken", map->piece->path, err, "%s", what);
}

/* Room for one more element; false: out of memory. */
static bool
make_room(void **array, size_t len, size_t *capacity, size_t size)
{
    size_t more = *capacity ? 2 * *capacity : 64;
    void *grown;

    if (len < *capacity)
        return true;
    grown = tscope_realloc(*array, more * size);
    if (!grown)
        return false;
    *array = grown;
    *capacity = more;
    return true;
}

enum tscope_status
tscope_dump_add_range(tscope_dump_map *map, uint64_t offset, uint64_t len, uint64_t address, struct tscope_error *err)
{
    struct tscope_dump_range *last = map->ranges_len ? &map->ranges[map->ranges_len - 1] : NULL;
    void *ranges = map->ranges;

    if (len > UINT64_MAX - offset)
        len = UINT64_MAX - offset;
    if (len > UINT64_MAX - address)
        len = UINT64_MAX - address;
    if (len == 0)
        return TSCOPE_OK;
    if (last && last->offset + last->len == offset && last->address + last->len == address) {
        last->len += len;
        return TSCOPE_OK;
    }
    if (map->ranges_len == TSCOPE_DUMP_RANGES_MAX)
        return tscope_evidence_warn(map->piece->evidence, "ranges-max", map->piece->path, err,
                                    "the dump has over %u ranges, and the places in the others have no address", TSCOPE_DUMP_RANGES_MAX);
    if (!make_room(&ranges, map->ranges_len, &map->ranges_capacity, sizeof(*map->ranges)))
        return tscope_error_no_memory(err);
    map->ranges = ranges;
    map->ranges[map->ranges_len++] = (struct tscope_dump_range){offset, len, address};
    return TSCOPE_OK;
}

enum tscope_status
tscope_dump_add_module(tscope_dump_map *map, uint64_t start, uint64_t len, uint64_t shift, struct tscope_span name,
                       struct tscope_error *err)
{
    void *modules = map->modules;
    struct tscope_buffer copy = {0};
    char *text;

    if (map->modules_len == TSCOPE_DUMP_MODULES_MAX || len == 0 || len > UINT64_MAX - start)
        return TSCOPE_OK;
    if (!make_room(&modules, map->modules_len, &map->modules_capacity, sizeof(*map->modules)))
        return tscope_error_no_memory(err);
    map->modules = modules;
    tscope_buffer_append(&copy, name.data, name.len);
    text = tscope_buffer_steal(&copy, NULL);
    if (!text)
        return tscope_error_no_memory(err);
    map->modules[map->modules_len++] = (struct tscope_dump_module){start, len, shift, text};
    return TSCOPE_OK;
}

static int
compare_ranges(const void *a, const void *b)
{
    const struct tscope_dump_range *first = a, *second = b;

    if (first->offset != second->offset)
        return first->offset < second->offset ? -1 : 1;
    return first->address < second->address ? -1 : first->address > second->address;
}

static int
compare_modules(const void *a, const void *b)
{
    const struct tscope_dump_module *first = a, *second = b;

    if (first->start != second->start)
        return first->start < second->start ? -1 : 1;
    return first->len < second->len ? -1 : first->len > second->len;
}

static enum tscope_status
read_map(tscope_dump_map *map, struct tscope_error *err)
{
    enum tscope_evidence_format format = map->piece->format;

    if (format == TSCOPE_EVIDENCE_MINIDUMP)
        return tscope_dump_read_minidump(map, err);
    if (format == TSCOPE_EVIDENCE_KERNEL_DUMP || format == TSCOPE_EVIDENCE_KERNEL_BITMAP)
        return tscope_dump_read_kernel(map, err);
    if (format == TSCOPE_EVIDENCE_ELF_CORE)
        return tscope_dump_read_elf(map, err);
    if (format == TSCOPE_EVIDENCE_LIME)
        return tscope_dump_read_lime(map, err);
    if (format == TSCOPE_EVIDENCE_HIBERFIL)
        return tscope_evidence_warn(map->piece->evidence, "not-decompressed", map->piece->path, err,
                                    "Windows compresses hibernation files (Xpress), and what is compressed was not read");
    return TSCOPE_OK; /* it has no map */
}

enum tscope_status
tscope_dump_map_new(const tscope_piece *piece, tscope_dump_map **ret_map, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_dump_map) *map = tscope_alloc_zeroed(1, sizeof(*map));
    enum tscope_status status;

    if (!map)
        return tscope_error_no_memory(err);
    map->piece = piece;
    status = tscope_reader_new(piece, false, &map->reader, err);
    if (status == TSCOPE_OK)
        status = read_map(map, err);
    if (status != TSCOPE_OK)
        return status;
    tscope_reader_free(map->reader);
    map->reader = NULL;
    if (map->ranges_len)
        qsort(map->ranges, map->ranges_len, sizeof(*map->ranges), compare_ranges);
    if (map->modules_len)
        qsort(map->modules, map->modules_len, sizeof(*map->modules), compare_modules);
    *ret_map = TSCOPE_STEAL(map);
    return TSCOPE_OK;
}

void
tscope_dump_map_free(tscope_dump_map *map)
{
    if (!map)
        return;
    for (size_t i = 0; i < map->modules_len; i++)
        tscope_free(map->modules[i].name);
    tscope_free(map->modules);
    tscope_free(map->ranges);
    tscope_reader_free(map->reader);
    tscope_free(map);
}

const struct tscope_dump_range *
tscope_dump_map_range(const tscope_dump_map *map, uint64_t offset)
{
    size_t low = 0, high = map->ranges_len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (map->ranges[middle].offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t back = 0; back < OVERLAPS_LOOKED_AT && low-- > 0; back++) {
        if (offset - map->ranges[low].offset < map->ranges[low].len)
            return &map->ranges[low];
    }
    return NULL;
}

const struct tscope_dump_module *
tscope_dump_map_module(const tscope_dump_map *map, uint64_t address)
{
    size_t low = 0, high = map->modules_len;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (map->modules[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t back = 0; back < OVERLAPS_LOOKED_AT && low-- > 0; back++) {
        if (address - map->modules[low].start < map->modules[low].len)
            return &map->modules[low];
    }
    return NULL;
}

static enum tscope_status
locate_one(struct tscope_locating *locating, const tscope_dump_map *map, struct tscope_arena *arena, struct tscope_error *err)
{
    struct tscope_context context = tscope_locating_context(locating);
    const struct tscope_dump_range *range = tscope_dump_map_range(map, context.offset);
    const struct tscope_dump_module *module = NULL;

    tscope_arena_reset(arena, TSCOPE_DUMP_NAME_MAX);
    if (range) {
        context.space = map->space;
        context.address = range->address + (context.offset - range->offset);
        module = tscope_dump_map_module(map, context.address);
    }
    if (module) {
        context.module = tscope_shown_name(arena, tscope_span_text(module->name));
        context.module_offset = context.address - module->start + module->shift;
        if (!context.module)
            return tscope_error_no_memory(err);
    }
    tscope_locating_deliver(locating, &context);
    return TSCOPE_OK;
}

enum tscope_status
tscope_dump_locate(struct tscope_locating *locating, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_dump_map) *map = NULL;
    struct tscope_arena arena = {0};
    enum tscope_status status = tscope_dump_map_new(locating->piece, &map, err);

    while (status == TSCOPE_OK && locating->delivered < locating->count)
        status = locate_one(locating, map, &arena, err);
    tscope_arena_clear(&arena);
    return status;
}
