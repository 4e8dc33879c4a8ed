/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_DUMP_MAP_H
#define TSCOPE_EVIDENCE_DUMP_MAP_H

#include "evidence/locating.h"
#include "evidence/reader.h"

/** @file Which address the bytes of an image of memory had, and what was mapped there. */

#define TSCOPE_DUMP_RANGES_MAX (2u << 20)
#define TSCOPE_DUMP_MODULES_MAX (64u << 10)
#define TSCOPE_DUMP_NAME_MAX 512 /* bytes of a module's name that are kept */

/** Bytes of the file that are memory from an address on. */
struct tscope_dump_range {
    uint64_t offset, len, address;
};

/** Memory that has a name. */
struct tscope_dump_module {
    uint64_t start, len;
    uint64_t shift; /* what stands at start is so far inside the file that is mapped */
    char *name;
};

struct tscope_dump_map {
    const tscope_piece *piece; /* borrowed */
    tscope_reader *reader;
    unsigned returns; /* how often the reader went back, which of compressed data is a new beginning */
    enum tscope_address_space space;
    struct tscope_dump_range *ranges;
    size_t ranges_len, ranges_capacity;
    struct tscope_dump_module *modules;
    size_t modules_len, modules_capacity;
};

typedef struct tscope_dump_map tscope_dump_map;

/** Reads the map of a piece that is a dump. What is wrong with it, and what memory is not in it, is a warning of the evidence. */
TSCOPE_MUST_USE enum tscope_status tscope_dump_map_new(const tscope_piece *piece, tscope_dump_map **ret_map, struct tscope_error *err);
void tscope_dump_map_free(tscope_dump_map *map);
TSCOPE_DEFINE_AUTO(tscope_dump_map)

/** The range that an offset is in, or NULL. */
const struct tscope_dump_range *tscope_dump_map_range(const tscope_dump_map *map, uint64_t offset);
/** What is mapped at an address, or NULL. */
const struct tscope_dump_module *tscope_dump_map_module(const tscope_dump_map *map, uint64_t address);

TSCOPE_MUST_USE enum tscope_status tscope_dump_locate(struct tscope_locating *locating, struct tscope_error *err);

/* ---- for those who read a format: dump_<format>.c */

/** Exactly len bytes at an offset; ret_there is false when there are not so many, or it would cost too much to get there. */
TSCOPE_MUST_USE enum tscope_status tscope_dump_read(tscope_dump_map *map, uint64_t offset, void *buffer, size_t len, bool *ret_there,
                                                    struct tscope_error *err);
/** A range is cut to what has an address; an empty one is none. */
TSCOPE_MUST_USE enum tscope_status tscope_dump_add_range(tscope_dump_map *map, uint64_t offset, uint64_t len, uint64_t address,
                                                         struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_dump_add_module(tscope_dump_map *map, uint64_t start, uint64_t len, uint64_t shift,
                                                          struct tscope_span name, struct tscope_error *err);
/** "The map says more than is there", and the like: id "broken". */
TSCOPE_MUST_USE enum tscope_status tscope_dump_warn_broken(tscope_dump_map *map, const char *what, struct tscope_error *err);
/** The size of the piece, UINT64_MAX when it is not known. */
uint64_t tscope_dump_size(const tscope_dump_map *map);

TSCOPE_MUST_USE enum tscope_status tscope_dump_read_minidump(tscope_dump_map *map, struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_dump_read_kernel(tscope_dump_map *map, struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_dump_read_elf(tscope_dump_map *map, struct tscope_error *err);
TSCOPE_MUST_USE enum tscope_status tscope_dump_read_lime(tscope_dump_map *map, struct tscope_error *err);

#endif
