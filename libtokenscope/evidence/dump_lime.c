/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/bytes.h"
#include "evidence/dump_map.h"
#include "evidence/evidence.h"

/* LiME, version 1: ranges of physical memory, each behind a header with its first and its last address. */

#define HEADER_SIZE 32
#define MAGIC 0x4c694d45u

enum tscope_status
tscope_dump_read_lime(tscope_dump_map *map, struct tscope_error *err)
{
    uint64_t at = 0, size = tscope_dump_size(map);
    enum tscope_status status = TSCOPE_OK;

    map->space = TSCOPE_ADDRESS_PHYSICAL;
    while (status == TSCOPE_OK && at < size && map->ranges_len < TSCOPE_DUMP_RANGES_MAX) {
        uint8_t head[HEADER_SIZE];
        uint64_t first, last;
        bool is_there;

        status = tscope_dump_read(map, at, head, sizeof(head), &is_there, err);
        if (status != TSCOPE_OK)
            return status;
        if (!is_there && size == UINT64_MAX) /* the end of compressed data, which nothing else tells */
            return TSCOPE_OK;
        first = is_there ? tscope_le64(head + 8) : 0;
        last = is_there ? tscope_le64(head + 16) : 0;
        if (!is_there || tscope_le32(head) != MAGIC || last < first || last - first >= UINT64_MAX - at - HEADER_SIZE)
            return tscope_dump_warn_broken(map, "a range of the LiME image has no header where it is to be", err);
        at += HEADER_SIZE;
        status = tscope_dump_add_range(map, at, last - first + 1, first, err);
        if (status == TSCOPE_OK && last - first + 1 > size - at)
            return tscope_evidence_warn(map->piece->evidence, "truncated", map->piece->path, err,
                                        "the LiME image ends within a range of memory");
        at += last - first + 1;
    }
    return status;
}
