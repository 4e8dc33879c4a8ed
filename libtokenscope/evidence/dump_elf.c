/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/text.h"
#include "evidence/bytes.h"
#include "evidence/dump_map.h"
#include "evidence/evidence.h"

/* ELF cores of 32 and 64 bits in either byte order: program headers say what is where, a note names what was mapped. */

#define HEADER_SIZE 64
#define SEGMENTS_MAX (1u << 20)
#define NOTES_MAX (16u << 20) /* bytes of notes that are read */
#define PN_XNUM 0xffff
#define NT_FILE 0x46494c45u

enum { PT_LOAD = 1, PT_NOTE = 4 };

struct elf {
    tscope_dump_map *map;
    bool is_64, is_big;
    bool is_physical;       /* the image of a machine: kdump and QEMU say so in notes */
    uint64_t headers, size; /* place of the program headers, bytes of each */
    uint64_t count;
    uint64_t present, absent; /* bytes of memory */
    bool is_cut;
};

static uint16_t
half(const struct elf *elf, const uint8_t *bytes)
{
    return elf->is_big ? tscope_be16(bytes) : tscope_le16(bytes);
}

static uint32_t
word(const struct elf *elf, const uint8_t *bytes)
{
    return elf->is_big ? tscope_be32(bytes) : tscope_le32(bytes);
}

/* A number of the file's own width. */
static uint64_t
wide(const struct elf *elf, const uint8_t *bytes)
{
    if (!elf->is_64)
        return word(elf, bytes);
    return elf->is_big ? tscope_be64(bytes) : tscope_le64(bytes);
}

static enum tscope_status
read_header(struct elf *elf, bool *ret_good, struct tscope_error *err)
{
    uint8_t head[HEADER_SIZE], section[64];
    uint64_t sections;
    enum tscope_status status = tscope_dump_read(elf->map, 0, head, sizeof(head), ret_good, err);

    if (status != TSCOPE_OK || !*ret_good)
        return status;
    elf->is_64 = head[4] == 2;
    elf->is_big = head[5] == 2;
    elf->headers = wide(elf, head + (elf->is_64 ? 0x20 : 0x1c));
    sections = wide(elf, head + (elf->is_64 ? 0x28 : 0x20));
    elf->size = half(elf, head + (elf->is_64 ? 0x36 : 0x2a));
    elf->count = half(elf, head + (elf->is_64 ? 0x38 : 0x2c));
    if (elf->count == PN_XNUM && sections) { /* more than 16 bits count: the first section header has it */
        status = tscope_dump_read(elf->map, sections, section, elf->is_64 ? 64 : 40, ret_good, err);
        if (status != TSCOPE_OK || !*ret_good)
            return status;
        elf->count = word(elf, section + (elf->is_64 ? 44 : 28));
    }
    *ret_good = elf->size >= (elf->is_64 ? 56u : 32u) && elf->count && elf->headers;
    return TSCOPE_OK;
}

struct segment {
    uint32_t type;
    uint64_t offset, virtual, physical, in_file, in_memory;
};

static enum tscope_status
read_segment(const struct elf *elf, uint64_t number, struct segment *segment, bool *ret_there, struct tscope_error *err)
{
    uint8_t bytes[56];
    enum tscope_status status = tscope_dump_read(elf->map, elf->headers + number * elf->size, bytes, elf->is_64 ? 56 : 32, ret_there, err);

    if (status != TSCOPE_OK || !*ret_there)
        return status;
    segment->type = word(elf, bytes);
    segment->offset = wide(elf, bytes + (elf->is_64 ? 8 : 4));
    segment->virtual = wide(elf, bytes + (elf->is_64 ? 16 : 8));
    segment->physical = wide(elf, bytes + (elf->is_64 ? 24 : 12));
    segment->in_file = wide(elf, bytes + (elf->is_64 ? 32 : 16));
    segment->in_memory = wide(elf, bytes + (elf->is_64 ? 40 : 20));
    return TSCOPE_OK;
}

static enum tscope_status
take_segment(struct elf *elf, const struct segment *segment, struct tscope_error *err)
{
    uint64_t size = tscope_dump_size(elf->map);

    elf->present += segment->in_file;
    if (segment->in_memory > segment->in_file)
        elf->absent += segment->in_memory - segment->in_file;
    elf->is_cut = elf->is_cut || segment->offset > size || segment->in_file > size - segment->offset;
    return tscope_dump_add_range(elf->map, segment->offset, segment->in_file, elf->is_physical ? segment->physical : segment->virtual, err);
}

/* Mapped files: a count, the size of a page, then start, end and place in the file of each, in pages; then the names. */
static enum tscope_status
read_files(struct elf *elf, struct tscope_span note, struct tscope_error *err)
{
    size_t width = elf->is_64 ? 8 : 4, names;
    uint64_t count, page;
    enum tscope_status status = TSCOPE_OK;

    if (note.len < 2 * width)
        return TSCOPE_OK;
    count = wide(elf, note.data);
    page = wide(elf, note.data + width);
    if (count > (note.len - 2 * width) / (3 * width))
        return tscope_dump_warn_broken(elf->map, "the list of mapped files counts more than it holds", err);
    names = 2 * width + (size_t)count * 3 * width;
    for (uint64_t i = 0; status == TSCOPE_OK && i < count && names < note.len; i++) {
        const uint8_t *entry = note.data + 2 * width + (size_t)i * 3 * width, *end = memchr(note.data + names, 0, note.len - names);
        size_t len = end ? (size_t)(end - note.data) - names : note.len - names;
        uint64_t start = wide(elf, entry), stop = wide(elf, entry + width);

        status = tscope_dump_add_module(elf->map, start, stop > start ? stop - start : 0, wide(elf, entry + 2 * width) * page,
                                        tscope_span_of(note.data + names, len < TSCOPE_DUMP_NAME_MAX ? len : TSCOPE_DUMP_NAME_MAX), err);
        names += len + 1;
    }
    return status;
}

static enum tscope_status
read_note(struct elf *elf, struct tscope_span notes, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;
    size_t at = 0;

    while (status == TSCOPE_OK && notes.len - at >= 12) {
        uint64_t name_len = word(elf, notes.data + at), len = word(elf, notes.data + at + 4);
        uint32_t type = word(elf, notes.data + at + 8);
        uint64_t place = at + 12 + (name_len + 3) / 4 * 4, next = place + (len + 3) / 4 * 4;
        struct tscope_span name;

        if (place > notes.len || len > notes.len - place)
            return TSCOPE_OK;
        name = tscope_span_of(notes.data + at + 12, name_len ? (size_t)name_len - 1 : 0); /* its NUL counts */
        elf->is_physical = elf->is_physical || tscope_span_is(name, "VMCOREINFO") || tscope_span_is(name, "QEMU");
        if (type == NT_FILE && tscope_span_is(name, "CORE"))
            status = read_files(elf, tscope_span_of(notes.data + place, (size_t)len), err);
        if (next > notes.len)
            return status;
        at = (size_t)next;
    }
    return status;
}

static enum tscope_status
take_notes(struct elf *elf, const struct segment *segment, struct tscope_error *err)
{
    size_t len = segment->in_file < NOTES_MAX ? (size_t)segment->in_file : NOTES_MAX;
    uint8_t *notes;
    bool is_there;
    enum tscope_status status;

    if (segment->offset > tscope_dump_size(elf->map)) /* so that nothing is allocated for what is not there */
        return TSCOPE_OK;
    if (tscope_dump_size(elf->map) - segment->offset < len)
        len = (size_t)(tscope_dump_size(elf->map) - segment->offset);
    notes = tscope_alloc(len);
    if (!notes)
        return tscope_error_no_memory(err);
    status = tscope_dump_read(elf->map, segment->offset, notes, len, &is_there, err);
    if (status == TSCOPE_OK && is_there)
        status = read_note(elf, tscope_span_of(notes, len), err);
    tscope_free(notes);
    return status;
}

/* All segments of a type. */
static enum tscope_status
take_segments(struct elf *elf, uint32_t type, enum tscope_status (*take)(struct elf *, const struct segment *, struct tscope_error *),
              struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    for (uint64_t i = 0; status == TSCOPE_OK && i < elf->count && i < SEGMENTS_MAX; i++) {
        struct segment segment;
        bool is_there;

        status = read_segment(elf, i, &segment, &is_there, err);
        if (status == TSCOPE_OK && !is_there)
            return tscope_dump_warn_broken(elf->map, "the core dump's program headers are cut off", err);
        if (status == TSCOPE_OK && segment.type == type)
            status = take(elf, &segment, err);
    }
    return status;
}

enum tscope_status
tscope_dump_read_elf(tscope_dump_map *map, struct tscope_error *err)
{
    struct elf elf = {.map = map};
    struct tscope_evidence *evidence = map->piece->evidence;
    bool is_good;
    enum tscope_status status = read_header(&elf, &is_good, err);

    map->space = TSCOPE_ADDRESS_VIRTUAL;
    if (status != TSCOPE_OK)
        return status;
    if (!is_good)
        return tscope_dump_warn_broken(map, "the core dump has no program headers", err);
    status = take_segments(&elf, PT_NOTE, take_notes, err);
    if (elf.is_physical)
        map->space = TSCOPE_ADDRESS_PHYSICAL;
    if (status == TSCOPE_OK)
        status = take_segments(&elf, PT_LOAD, take_segment, err);
    if (status == TSCOPE_OK && elf.absent)
        status = tscope_evidence_warn(evidence, "memory-absent", map->piece->path, err,
                                      "%llu bytes of memory are in the dump, and %llu of what was mapped are not",
                                      (unsigned long long)elf.present, (unsigned long long)elf.absent);
    if (status == TSCOPE_OK && elf.is_cut)
        status = tscope_evidence_warn(evidence, "truncated", map->piece->path, err, "the core dump ends before the memory that it lists");
    return status;
}
