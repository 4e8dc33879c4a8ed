/* SPDX-License-Identifier: Apache-2.0 */
#include "core/text.h"
#include "evidence/bytes.h"
#include "evidence/dump_map.h"
#include "evidence/evidence.h"

/* Minidumps as minidumpapiset.h declares them: a directory of streams, each of a type, a size and a place. */

#define HEADER_SIZE 32
#define ENTRY_SIZE 12
#define STREAMS_MAX 4096
#define MODULE_SIZE 108
#define CHUNK 4096 /* bytes of a list that are read at once; of whole elements */

enum { MODULE_LIST = 4, MEMORY_LIST = 5, MEMORY64_LIST = 9 };

struct stream {
    uint32_t size, place;
};

/* An array of elements, read in chunks; what is done with each says the function. */
static enum tscope_status
for_each(tscope_dump_map *map, uint64_t place, uint64_t count, size_t size,
         enum tscope_status (*take)(tscope_dump_map *map, const uint8_t *element, uint64_t *state, struct tscope_error *err),
         uint64_t *state, struct tscope_error *err)
{
    uint8_t chunk[CHUNK];
    size_t at_once = sizeof(chunk) / size;
    enum tscope_status status = TSCOPE_OK;

    while (status == TSCOPE_OK && count) {
        size_t now = count < at_once ? (size_t)count : at_once;
        bool is_there;

        status = tscope_dump_read(map, place, chunk, now * size, &is_there, err);
        if (status == TSCOPE_OK && !is_there)
            return tscope_dump_warn_broken(map, "a list of the minidump goes on behind its end", err);
        for (size_t i = 0; status == TSCOPE_OK && i < now; i++)
            status = take(map, chunk + i * size, state, err);
        place += now * size;
        count -= now;
    }
    return status;
}

/* state: where the bytes of the next range stand. */
static enum tscope_status
take_range64(tscope_dump_map *map, const uint8_t *element, uint64_t *state, struct tscope_error *err)
{
    uint64_t len = tscope_le64(element + 8), place = *state;

    *state = len < UINT64_MAX - place ? place + len : UINT64_MAX;
    return tscope_dump_add_range(map, place, len, tscope_le64(element), err);
}

/* state: bytes of all ranges. */
static enum tscope_status
take_range(tscope_dump_map *map, const uint8_t *element, uint64_t *state, struct tscope_error *err)
{
    *state += tscope_le32(element + 8);
    return tscope_dump_add_range(map, tscope_le32(element + 12), tscope_le32(element + 8), tscope_le64(element), err);
}

/* MINIDUMP_STRING: a length in bytes, then UTF-16. Of a path the last part is the name. */
static enum tscope_status
read_name(tscope_dump_map *map, uint64_t place, char *name, size_t *ret_len, struct tscope_error *err)
{
    uint8_t text[2 * TSCOPE_DUMP_NAME_MAX], head[4];
    size_t len, out = 0;
    bool is_there;
    enum tscope_status status = tscope_dump_read(map, place, head, sizeof(head), &is_there, err);

    *ret_len = 0;
    if (status != TSCOPE_OK || !is_there)
        return status;
    len = tscope_le32(head) < sizeof(text) ? tscope_le32(head) / 2 * 2 : sizeof(text);
    status = tscope_dump_read(map, place + 4, text, len, &is_there, err);
    if (status != TSCOPE_OK || !is_there)
        return status;
    for (size_t i = 0; i < len; i += 2) {
        uint16_t unit = tscope_le16(text + i);

        if (unit == '\\' || unit == '/')
            out = 0;
        else
            name[out++] = unit < 0x80 ? (char)unit : '?';
    }
    *ret_len = out;
    return TSCOPE_OK;
}

static enum tscope_status
take_module(tscope_dump_map *map, const uint8_t *element, uint64_t *state, struct tscope_error *err)
{
    char name[TSCOPE_DUMP_NAME_MAX];
    size_t len = 0;
    enum tscope_status status;

    if (map->modules_len == TSCOPE_DUMP_MODULES_MAX)
        return TSCOPE_OK;
    (void)state;
    status = read_name(map, tscope_le32(element + 20), name, &len, err);
    if (status != TSCOPE_OK)
        return status;
    return tscope_dump_add_module(map, tscope_le64(element), tscope_le32(element + 8), 0, tscope_span_of(name, len), err);
}

/* A count of 32 bits, behind which some writers put padding so that the elements are aligned. */
static enum tscope_status
read_list(tscope_dump_map *map, const struct stream *stream, size_t size,
          enum tscope_status (*take)(tscope_dump_map *map, const uint8_t *element, uint64_t *state, struct tscope_error *err),
          uint64_t *state, struct tscope_error *err)
{
    uint8_t head[4];
    uint64_t count;
    bool is_there;
    enum tscope_status status = tscope_dump_read(map, stream->place, head, sizeof(head), &is_there, err);

    if (status != TSCOPE_OK)
        return status;
    if (!is_there || stream->size < 4)
        return tscope_dump_warn_broken(map, "a list of the minidump goes on behind its end", err);
    count = tscope_le32(head);
    if (count > (stream->size - 4) / size) {
        count = (stream->size - 4) / size;
        status = tscope_dump_warn_broken(map, "a list of the minidump counts more than it holds", err);
    }
    if (status != TSCOPE_OK)
        return status;
    return for_each(map, (uint64_t)stream->place + (stream->size == 8 + count * size ? 8 : 4), count, size, take, state, err);
}

static enum tscope_status
read_memory64(tscope_dump_map *map, const struct stream *stream, struct tscope_error *err)
{
    uint8_t head[16];
    uint64_t count, place;
    bool is_there;
    enum tscope_status status = tscope_dump_read(map, stream->place, head, sizeof(head), &is_there, err);

    if (status != TSCOPE_OK)
        return status;
    if (!is_there || stream->size < sizeof(head))
        return tscope_dump_warn_broken(map, "the list of the minidump's memory goes on behind its end", err);
    count = tscope_le64(head);
    place = tscope_le64(head + 8);
    if (count > (stream->size - sizeof(head)) / 16) {
        count = (stream->size - sizeof(head)) / 16;
        status = tscope_dump_warn_broken(map, "a list of the minidump counts more than it holds", err);
    }
    if (status == TSCOPE_OK)
        status = for_each(map, (uint64_t)stream->place + sizeof(head), count, 16, take_range64, &place, err);
    if (status == TSCOPE_OK && place > tscope_dump_size(map))
        status = tscope_evidence_warn(map->piece->evidence, "truncated", map->piece->path, err,
                                      "the minidump ends before the memory that it lists");
    return status;
}

enum tscope_status
tscope_dump_read_minidump(tscope_dump_map *map, struct tscope_error *err)
{
    struct stream modules = {0}, memory = {0}, memory64 = {0};
    uint8_t head[HEADER_SIZE], entry[ENTRY_SIZE];
    uint64_t place, count, bytes = 0;
    bool is_there;
    enum tscope_status status = tscope_dump_read(map, 0, head, sizeof(head), &is_there, err);

    if (status != TSCOPE_OK)
        return status;
    map->space = TSCOPE_ADDRESS_VIRTUAL;
    count = is_there ? tscope_le32(head + 8) : 0;
    place = is_there ? tscope_le32(head + 12) : 0;
    for (uint64_t i = 0; status == TSCOPE_OK && i < count && i < STREAMS_MAX; i++) {
        struct stream stream;

        status = tscope_dump_read(map, place + i * ENTRY_SIZE, entry, sizeof(entry), &is_there, err);
        if (status != TSCOPE_OK || !is_there)
            break;
        stream = (struct stream){tscope_le32(entry + 4), tscope_le32(entry + 8)};
        if (tscope_le32(entry) == MODULE_LIST)
            modules = stream;
        else if (tscope_le32(entry) == MEMORY_LIST)
            memory = stream;
        else if (tscope_le32(entry) == MEMORY64_LIST)
            memory64 = stream;
    }
    if (status == TSCOPE_OK && (!is_there || count == 0))
        status = tscope_dump_warn_broken(map, "the minidump's directory is missing or cut off", err);
    if (status == TSCOPE_OK && memory64.place)
        status = read_memory64(map, &memory64, err);
    if (status == TSCOPE_OK && memory.place)
        status = read_list(map, &memory, 16, take_range, &bytes, err);
    if (status == TSCOPE_OK && !memory64.place)
        status = tscope_evidence_warn(map->piece->evidence, "memory-absent", map->piece->path, err,
                                      "this is no dump of the whole memory: %llu bytes of it are there, and nothing found says little",
                                      (unsigned long long)bytes);
    if (status == TSCOPE_OK && modules.place)
        status = read_list(map, &modules, MODULE_SIZE, take_module, &bytes, err);
    return status;
}
