/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "evidence/bytes.h"
#include "evidence/dump_map.h"
#include "evidence/evidence.h"

/* Windows kernel dumps of 64 and 32 bits: a header of two pages, or one, then runs of pages, or a bitmap of those that are there. */

#define PAGE 4096u
#define RUNS_MAX 42 /* as many as fit into the header of 64 bits; 85 of that of 32 bits */
#define RUNS32_MAX 85
#define BITMAP_CHUNK 4096
#define PAGES_MAX (UINT64_C(1) << 36) /* 2^48 bytes of memory */

enum { DUMP_FULL = 1, DUMP_KERNEL = 2, DUMP_TRIAGE = 4, DUMP_BITMAP_FULL = 5, DUMP_BITMAP_KERNEL = 6, DUMP_AUTOMATIC = 7 };

/* What a type that is not full leaves out. */
static enum tscope_status
warn_of_type(tscope_dump_map *map, uint32_t type, struct tscope_error *err)
{
    const char *what;

    switch (type) {
    case DUMP_FULL:
    case DUMP_BITMAP_FULL:
        return TSCOPE_OK;
    case DUMP_KERNEL:
    case DUMP_BITMAP_KERNEL:
    case DUMP_AUTOMATIC:
        what = "this is a dump of the kernel's memory: that of processes, where tokens are, is not in it";
        break;
    case DUMP_TRIAGE:
        what = "this is a small dump: next to no memory is in it";
        break;
    default:
        what = "which memory is in this kernel dump, its header does not say in a known way";
        break;
    }
    return tscope_evidence_warn(map->piece->evidence, "memory-absent", map->piece->path, err, "%s", what);
}

/* PHYSICAL_MEMORY_DESCRIPTOR: pages of memory, one run behind the other in the file. */
static enum tscope_status
read_runs(tscope_dump_map *map, const uint8_t *runs, uint64_t count, bool is_64, struct tscope_error *err)
{
    uint64_t offset = is_64 ? 2 * PAGE : PAGE;
    enum tscope_status status = TSCOPE_OK;

    for (uint64_t i = 0; status == TSCOPE_OK && i < count; i++) {
        const uint8_t *run = runs + i * (is_64 ? 16 : 8);
        uint64_t first = is_64 ? tscope_le64(run) : tscope_le32(run), pages = is_64 ? tscope_le64(run + 8) : tscope_le32(run + 4);

        if (first >= PAGES_MAX || pages > PAGES_MAX)
            return tscope_dump_warn_broken(map, "a run of the kernel dump has no possible address", err);
        status = tscope_dump_add_range(map, offset, pages * PAGE, first * PAGE, err);
        offset += pages * PAGE;
    }
    if (status == TSCOPE_OK && offset > tscope_dump_size(map))
        status = tscope_evidence_warn(map->piece->evidence, "truncated", map->piece->path, err,
                                      "the kernel dump ends before the memory that it lists");
    return status;
}

/* A bit a page; the pages that are there stand one behind the other. */
static enum tscope_status
read_bits(tscope_dump_map *map, uint64_t bitmap, uint64_t pages, uint64_t offset, struct tscope_error *err)
{
    uint8_t chunk[BITMAP_CHUNK];
    enum tscope_status status = TSCOPE_OK;

    for (uint64_t page = 0; status == TSCOPE_OK && page < pages; page += 8 * BITMAP_CHUNK) {
        uint64_t left = pages - page;
        size_t bits = left < 8 * BITMAP_CHUNK ? (size_t)left : 8 * BITMAP_CHUNK;
        bool is_there;

        status = tscope_dump_read(map, bitmap + page / 8, chunk, (bits + 7) / 8, &is_there, err);
        if (status == TSCOPE_OK && !is_there)
            return tscope_dump_warn_broken(map, "the kernel dump's bitmap is cut off", err);
        for (size_t bit = 0; status == TSCOPE_OK && bit < bits; bit++) {
            if (chunk[bit / 8] == 0 && bit % 8 == 0) {
                bit += 7;
                continue;
            }
            if (!(chunk[bit / 8] >> (bit % 8) & 1))
                continue;
            status = tscope_dump_add_range(map, offset, PAGE, (page + bit) * PAGE, err);
            offset += PAGE;
        }
    }
    if (status == TSCOPE_OK && offset > tscope_dump_size(map))
        status = tscope_evidence_warn(map->piece->evidence, "truncated", map->piece->path, err,
                                      "the kernel dump ends before the memory that it lists");
    return status;
}

/* The header of a bitmap: where the first page stands, how many pages are there, how many bits. The last two stand in either order, of
 * which the larger is that of the bits. */
static enum tscope_status
read_bitmap(tscope_dump_map *map, uint64_t place, struct tscope_error *err)
{
    uint8_t head[0x38];
    uint64_t first, pages;
    bool is_there;
    enum tscope_status status = tscope_dump_read(map, place, head, sizeof(head), &is_there, err);

    if (status != TSCOPE_OK)
        return status;
    first = is_there ? tscope_le64(head + 0x20) : 0;
    pages = is_there ? tscope_le64(head + 0x28) : 0;
    if (is_there && tscope_le64(head + 0x30) > pages)
        pages = tscope_le64(head + 0x30);
    place += sizeof(head);
    if (first <= place || pages == 0 || pages > PAGES_MAX || (pages + 7) / 8 > first - place)
        return tscope_dump_warn_broken(map, "the kernel dump's bitmap has no possible size", err);
    return read_bits(map, place, pages, first, err);
}

enum tscope_status
tscope_dump_read_kernel(tscope_dump_map *map, struct tscope_error *err)
{
    uint8_t *head = tscope_alloc_zeroed(1, PAGE);
    bool is_64, is_there;
    uint32_t type, runs;
    enum tscope_status status;

    if (!head)
        return tscope_error_no_memory(err);
    status = tscope_dump_read(map, 0, head, PAGE, &is_there, err);
    map->space = TSCOPE_ADDRESS_PHYSICAL;
    is_64 = tscope_le32(head + 4) == 0x34365544; /* "DU64" */
    type = tscope_le32(head + (is_64 ? 0xf98 : 0xf88));
    runs = tscope_le32(head + (is_64 ? 0x88 : 0x64));
    if (status == TSCOPE_OK && !is_there)
        status = tscope_dump_warn_broken(map, "the kernel dump's header is cut off", err);
    else if (status == TSCOPE_OK)
        status = warn_of_type(map, type, err);
    if (status == TSCOPE_OK && is_there && map->piece->format == TSCOPE_EVIDENCE_KERNEL_BITMAP)
        status = read_bitmap(map, is_64 ? 2 * PAGE : PAGE, err);
    else if (status == TSCOPE_OK && is_there && type == DUMP_FULL && runs <= (is_64 ? RUNS_MAX : RUNS32_MAX))
        status = read_runs(map, head + (is_64 ? 0x98 : 0x6c), runs, is_64, err);
    else if (status == TSCOPE_OK && is_there && type == DUMP_FULL)
        status = tscope_dump_warn_broken(map, "the kernel dump's list of memory is not filled in", err);
    tscope_free(head);
    return status;
}
