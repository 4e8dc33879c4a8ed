/* SPDX-License-Identifier: Apache-2.0 */
#include "archive_building.h"
#include "evidence_testing.h"

#include <stdio.h>

#include "evidence/dump_map.h"

/* Numbers at places of a file that is made in memory. */
struct image {
    uint8_t *data;
    size_t len;
    bool is_big;
};

static struct image
new_image(size_t len)
{
    return (struct image){calloc(1, len), len, false};
}

static void
set(struct image *image, size_t at, uint64_t number, size_t bytes)
{
    ck_assert_uint_le(at + bytes, image->len);
    for (size_t i = 0; i < bytes; i++)
        image->data[at + (image->is_big ? bytes - 1 - i : i)] = (uint8_t)(number >> (8 * i));
}

static void
set_bytes(struct image *image, size_t at, const void *bytes, size_t len)
{
    ck_assert_uint_le(at + len, image->len);
    memcpy(image->data + at, bytes, len);
}

/* Contexts of offsets, and the ids of the warnings behind them: "0x1000 a.dll+0x10;-;!memory-absent;" */
static struct tscope_buffer
addresses_of(const uint8_t *data, size_t len, const uint64_t *offsets, size_t count, size_t stream_number)
{
    struct memory_source memory = {data, len, 0};
    tscope_evidence *evidence = open_with(&memory, NULL);
    tscope_evidence_stream *stream = stream_at(evidence, stream_number);
    struct contexts contexts = {0};
    struct tscope_buffer out = {0};

    ck_assert_int_eq(tscope_evidence_locate(evidence, stream, offsets, count, keep_context, &contexts, NULL), TSCOPE_OK);
    ck_assert_uint_eq(contexts.len, count);
    for (size_t i = 0; i < count; i++)
        tscope_buffer_append_format(&out, "%s\n", strchr(contexts.json[i], ',') ? strchr(contexts.json[i], ',') : "-");
    for (size_t i = 0; i < tscope_evidence_warnings(evidence); i++)
        tscope_buffer_append_format(&out, "!%s\n", tscope_evidence_warning(evidence, i)->id);
    clear_contexts(&contexts);
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
    tscope_buffer_append_byte(&out, '\0');
    return out;
}

static void
check_addresses(const struct image *image, const uint64_t *offsets, size_t count, const char *expected)
{
    struct tscope_buffer out = addresses_of(image->data, image->len, offsets, count, 0);
    struct tscope_buffer gzipped = {0};

    ck_assert_str_eq((char *)out.data, expected);
    tscope_buffer_clear(&out);
    /* the same inside gzip, where nothing can be read at an offset */
    gzip_into(&gzipped, image->data, image->len);
    out = addresses_of(gzipped.data, gzipped.len, offsets, count, 1);
    ck_assert_int_eq(
        strncmp((char *)out.data, expected, strchr(expected, '!') ? (size_t)(strchr(expected, '!') - expected) : strlen(expected)), 0);
    tscope_buffer_clear(&out);
    tscope_buffer_clear(&gzipped);
}

#define VIRTUAL(address) ",\"space\":\"virtual\",\"address\":\"" address "\"}\n"
#define PHYSICAL(address) ",\"space\":\"physical\",\"address\":\"" address "\"}\n"
#define MODULE(address, module, offset) \
    ",\"space\":\"virtual\",\"address\":\"" address "\",\"module\":\"" module "\",\"module_offset\":\"" offset "\"}\n"

/* A minidump of 64 bits: a directory of two or three streams, a module, memory in two ranges. */
static struct image
make_minidump(bool is_full, bool is_padded)
{
    struct image image = new_image(0x1000);
    size_t pad = is_padded ? 4 : 0;

    set_bytes(&image, 0, "MDMP\x93\xa7\0\0", 8);
    set(&image, 8, 3, 4);
    set(&image, 12, 0x40, 4);
    set(&image, 0x40, 4, 4); /* modules */
    set(&image, 0x44, 4 + pad + 108, 4);
    set(&image, 0x48, 0x100, 4);
    set(&image, 0x4c, is_full ? 9 : 5, 4);
    set(&image, 0x50, is_full ? 16 + 32 : 4 + pad + 32, 4);
    set(&image, 0x54, 0x200, 4);
    set(&image, 0x58, 7, 4); /* another, which is passed over */
    set(&image, 0x100, 1, 4);
    set(&image, 0x104 + pad, UINT64_C(0x7ff600000000), 8);
    set(&image, 0x10c + pad, 0x2000, 4);
    set(&image, 0x118 + pad, 0x300, 4);
    set(&image, 0x300, 2 * 15, 4);
    for (size_t i = 0; i < 15; i++)
        set(&image, 0x304 + 2 * i, (uint8_t) "C:\\dir\\app1.exe"[i], 2);
    if (is_full) {
        set(&image, 0x200, 2, 8);
        set(&image, 0x208, 0x800, 8);
        set(&image, 0x210, UINT64_C(0x7ff600001000), 8);
        set(&image, 0x218, 0x400, 8);
        set(&image, 0x220, UINT64_C(0x10000), 8);
        set(&image, 0x228, 0x400, 8);
        return image;
    }
    set(&image, 0x200, 2, 4);
    set(&image, 0x204 + pad, UINT64_C(0x7ff600001000), 8);
    set(&image, 0x20c + pad, 0x400, 4);
    set(&image, 0x210 + pad, 0x800, 4);
    set(&image, 0x214 + pad, UINT64_C(0x10000), 8);
    set(&image, 0x21c + pad, 0x400, 4);
    set(&image, 0x220 + pad, 0xc00, 4);
    return image;
}

static const uint64_t minidump_offsets[] = {0, 0x7ff, 0x800, 0xbff, 0xc00, 0xfff, 0x1000, UINT64_MAX};
#define MINIDUMP_CONTEXTS                                                                                                     \
    "-\n-\n" MODULE("0x7ff600001000", "app1.exe", "0x1000") MODULE("0x7ff6000013ff", "app1.exe", "0x13ff") VIRTUAL("0x10000") \
        VIRTUAL("0x103ff") "-\n-\n"

START_TEST(minidump_gives_addresses)
{
    struct image image = make_minidump(_i & 1, _i & 2);

    check_addresses(&image, minidump_offsets, TSCOPE_COUNT(minidump_offsets),
                    _i & 1 ? MINIDUMP_CONTEXTS : MINIDUMP_CONTEXTS "!memory-absent\n");
    free(image.data);
}
END_TEST

/* A list that counts more than its stream holds, one behind the end, memory behind the end. */
START_TEST(lying_minidump_is_read_as_far_as_it_goes)
{
    struct image image = make_minidump(true, false);

    set(&image, 0x200, UINT64_MAX, 8);
    check_addresses(&image, minidump_offsets, TSCOPE_COUNT(minidump_offsets), MINIDUMP_CONTEXTS "!broken\n");
    set(&image, 0x200, 2, 8);
    set(&image, 0x228, 0x401, 8);
    {
        struct tscope_buffer out = addresses_of(image.data, image.len, minidump_offsets, 6, 0);

        ck_assert_ptr_nonnull(strstr((char *)out.data, "!truncated\n"));
        tscope_buffer_clear(&out);
    }
    set(&image, 0x228, UINT64_MAX, 8); /* a size that wraps around */
    {
        struct tscope_buffer out = addresses_of(image.data, image.len, minidump_offsets, 6, 0);

        ck_assert_ptr_nonnull(strstr((char *)out.data, "\"0x103ff\""));
        tscope_buffer_clear(&out);
    }
    set(&image, 0x54, 0xfff, 4);
    check_addresses(&image, minidump_offsets, 2, "-\n-\n!broken\n");
    set(&image, 12, 0xffffffff, 4);
    check_addresses(&image, minidump_offsets, 2, "-\n-\n!broken\n!memory-absent\n");
    free(image.data);
}
END_TEST

static struct image
make_kernel_dump(bool is_64)
{
    struct image image = new_image(is_64 ? 0x6000 : 0x5000);
    size_t runs = is_64 ? 0x88 : 0x64;

    set_bytes(&image, 0, is_64 ? "PAGEDU64" : "PAGEDUMP", 8);
    set(&image, is_64 ? 0xf98 : 0xf88, 1, 4);
    set(&image, runs, 2, 4);
    if (is_64) {
        set(&image, 0x98, 1, 8);
        set(&image, 0xa0, 3, 8);
        set(&image, 0xa8, 0x100000, 8);
        set(&image, 0xb0, 1, 8);
    } else {
        set(&image, 0x6c, 1, 4);
        set(&image, 0x70, 3, 4);
        set(&image, 0x74, 0xfffff, 4);
        set(&image, 0x78, 1, 4);
    }
    return image;
}

START_TEST(kernel_dump_gives_physical_addresses)
{
    static const uint64_t wide[] = {0, 0x1fff, 0x2000, 0x4fff, 0x5000, 0x5fff}, narrow[] = {0xfff, 0x1000, 0x3fff, 0x4000};
    struct image image = make_kernel_dump(_i);

    if (_i)
        check_addresses(&image, wide, 6, "-\n-\n" PHYSICAL("0x1000") PHYSICAL("0x3fff") PHYSICAL("0x100000000") PHYSICAL("0x100000fff"));
    else
        check_addresses(&image, narrow, 4, "-\n" PHYSICAL("0x1000") PHYSICAL("0x3fff") PHYSICAL("0xfffff000"));
    image.len -= 0x1000;
    {
        struct tscope_buffer out = addresses_of(image.data, image.len, wide, 1, 0);

        ck_assert_str_eq((char *)out.data, "-\n!truncated\n");
        tscope_buffer_clear(&out);
    }
    set(&image, _i ? 0x88 : 0x64, 0x45474150, 4); /* "PAGE": never filled in */
    check_addresses(&image, wide, 1, "-\n!broken\n");
    set(&image, _i ? 0xf98 : 0xf88, 2, 4);
    check_addresses(&image, wide, 1, "-\n!memory-absent\n");
    set(&image, _i ? 0xf98 : 0xf88, 4, 4);
    check_addresses(&image, wide, 1, "-\n!memory-absent\n");
    free(image.data);
}
END_TEST

/* Bits of the pages that are there; the two counts of the header in either order. */
START_TEST(kernel_bitmap_gives_physical_addresses)
{
    static const uint64_t offsets[] = {0x2fff, 0x3000, 0x4fff, 0x5000, 0x6000, 0x7000};
    struct image image = new_image(0x7000);

    set_bytes(&image, 0, "PAGEDU64", 8);
    set(&image, 0xf98, 5, 4);
    set_bytes(&image, 0x2000, _i & 1 ? "SDMPDUMP" : "FDMPDUMP", 8);
    set(&image, 0x2020, 0x3000, 8);
    set(&image, _i & 2 ? 0x2028 : 0x2030, 32, 8);
    set(&image, _i & 2 ? 0x2030 : 0x2028, 4, 8);
    set(&image, 0x2038, 0x80010006, 4); /* pages 1, 2, 16, 31 */
    check_addresses(&image, offsets, 6, "-\n" PHYSICAL("0x1000") PHYSICAL("0x2fff") PHYSICAL("0x10000") PHYSICAL("0x1f000") "-\n");
    set(&image, 0x203c, 1, 1);
    set(&image, _i & 2 ? 0x2028 : 0x2030, 33, 8); /* one more page than there are bytes */
    check_addresses(&image, offsets, 2, "-\n" PHYSICAL("0x1000") "!truncated\n");
    set(&image, _i & 2 ? 0x2028 : 0x2030, (0x3000 - 0x2038) * 8, 8);
    check_addresses(&image, offsets, 2, "-\n" PHYSICAL("0x1000") "!truncated\n");
    set(&image, _i & 2 ? 0x2028 : 0x2030, (0x3000 - 0x2038) * 8 + 1, 8);
    check_addresses(&image, offsets, 2, "-\n-\n!broken\n");
    set(&image, 0x2020, 0, 8);
    check_addresses(&image, offsets, 2, "-\n-\n!broken\n");
    free(image.data);
}
END_TEST

/* A core with a note of mapped files and three segments, of which one is not all there, and one not at all. */
static struct image
make_core(bool is_64, bool is_big, const char *note_name)
{
    struct image image = new_image(0x4000);
    size_t width = is_64 ? 8 : 4, header = is_64 ? 64 : 52, size = is_64 ? 56 : 32, desc, names;
    static const uint64_t segments[4][5] = {
        /* type, offset, address, in file, in memory */
        {4, 0x800, 0, 0x200, 0},
        {1, 0x1000, 0x400000, 0x1000, 0x1000},
        {1, 0x2000, 0x7f0000, 0x1000, 0x3000},
        {1, 0x3000, 0xa00000, 0, 0x1000},
    };

    image.is_big = is_big;
    set_bytes(&image, 0,
              "\x7f"
              "ELF",
              4);
    image.data[4] = is_64 ? 2 : 1;
    image.data[5] = is_big ? 2 : 1;
    set(&image, 16, 4, 2);
    set(&image, is_64 ? 0x20 : 0x1c, header, width);
    set(&image, is_64 ? 0x36 : 0x2a, size, 2);
    set(&image, is_64 ? 0x38 : 0x2c, 4, 2);
    for (size_t i = 0; i < 4; i++) {
        size_t at = header + i * size;

        set(&image, at, segments[i][0], 4);
        set(&image, at + (is_64 ? 8 : 4), segments[i][1], width);
        set(&image, at + (is_64 ? 16 : 8), segments[i][2], width);
        set(&image, at + (is_64 ? 24 : 12), segments[i][2] + 0x1000000, width);
        set(&image, at + (is_64 ? 32 : 16), segments[i][3], width);
        set(&image, at + (is_64 ? 40 : 20), segments[i][4], width);
    }
    /* an odd note before, with padding */
    set(&image, 0x800, 2, 4);
    set(&image, 0x804, 1, 4);
    set_bytes(&image, 0x80c, "X", 1);
    desc = 2 * width + 2 * 3 * width;
    set(&image, 0x814, strlen(note_name) + 1, 4);
    set(&image, 0x818, desc + 24, 4);
    set(&image, 0x81c, 0x46494c45, 4);
    set_bytes(&image, 0x820, note_name, strlen(note_name));
    desc = 0x820 + (strlen(note_name) + 4) / 4 * 4;
    set(&image, desc, 2, width);
    set(&image, desc + width, 0x1000, width);
    set(&image, desc + 2 * width, 0x7f0000, width);
    set(&image, desc + 3 * width, 0x7f3000, width);
    set(&image, desc + 4 * width, 5, width);
    set(&image, desc + 5 * width, 0x400000, width);
    set(&image, desc + 6 * width, 0x401000, width);
    names = desc + 8 * width;
    set_bytes(&image, names, "/lib/libc.so.6\0/bin/app", 24);
    return image;
}

START_TEST(core_gives_addresses)
{
    static const uint64_t offsets[] = {0xfff, 0x1000, 0x1fff, 0x2000, 0x2fff, 0x3000};
    struct image image = make_core(_i & 1, _i & 2, "CORE");

    check_addresses(&image, offsets, 6,
                    "-\n" MODULE("0x400000", "/bin/app", "0x0") MODULE("0x400fff", "/bin/app", "0xfff")
                        MODULE("0x7f0000", "/lib/libc.so.6", "0x5000")
                            MODULE("0x7f0fff", "/lib/libc.so.6", "0x5fff") "-\n!memory-absent\n");
    free(image.data);
}
END_TEST

/* The image of a machine says so in its notes, and then the addresses are physical. */
START_TEST(machine_core_gives_physical_addresses)
{
    static const uint64_t offsets[] = {0x1000, 0x2fff};
    struct image image = make_core(_i & 1, _i & 2, _i & 4 ? "VMCOREINFO" : "QEMU");

    check_addresses(&image, offsets, 2, PHYSICAL("0x1400000") PHYSICAL("0x17f0fff") "!memory-absent\n");
    free(image.data);
}
END_TEST

START_TEST(lying_core_is_read_as_far_as_it_goes)
{
    static const uint64_t offsets[] = {0x1000, 0x2000};
    struct image image = make_core(true, false, "CORE");
    size_t desc = 0x828;

    set(&image, desc, UINT64_MAX, 8);
    check_addresses(&image, offsets, 2, VIRTUAL("0x400000") VIRTUAL("0x7f0000") "!broken\n!memory-absent\n");
    set(&image, 0x814, 0xffffffff, 4); /* the note's name is longer than all */
    check_addresses(&image, offsets, 2, VIRTUAL("0x400000") VIRTUAL("0x7f0000") "!memory-absent\n");
    set(&image, 64 + 56 * 2 + 32, UINT64_MAX, 8); /* a segment that wraps around */
    {
        struct tscope_buffer out = addresses_of(image.data, image.len, offsets, 2, 0);

        ck_assert_ptr_nonnull(strstr((char *)out.data, "!truncated\n"));
        tscope_buffer_clear(&out);
    }
    set(&image, 0x38, 0xfffe, 2); /* more headers than there are: what is behind them is read as headers, too */
    {
        struct tscope_buffer out = addresses_of(image.data, image.len, offsets, 2, 0);

        ck_assert_ptr_nonnull(strstr((char *)out.data, "!broken\n"));
        tscope_buffer_clear(&out);
    }
    set(&image, 0x36, 8, 2);
    check_addresses(&image, offsets, 2, "-\n-\n!broken\n");
    free(image.data);
}
END_TEST

START_TEST(core_with_many_headers_counts_them_elsewhere)
{
    static const uint64_t offsets[] = {0x1000};
    struct image image = make_core(_i & 1, _i & 2, "CORE");

    set(&image, _i & 1 ? 0x38 : 0x2c, 0xffff, 2);
    set(&image, _i & 1 ? 0x28 : 0x20, 0x3f00, _i & 1 ? 8 : 4);
    set(&image, 0x3f00 + (_i & 1 ? 44 : 28), 2, 4); /* two of the four */
    check_addresses(&image, offsets, 1, MODULE("0x400000", "/bin/app", "0x0"));
    free(image.data);
}
END_TEST

START_TEST(lime_gives_physical_addresses)
{
    static const uint64_t offsets[] = {0x1f, 0x20, 0x11f, 0x120, 0x140, 0x14f, 0x150};
    struct image image = new_image(0x150);

    for (int i = 0; i < 2; i++) {
        size_t at = i ? 0x120 : 0;

        set_bytes(&image, at, "EMiL\x01\0\0\0", 8);
        set(&image, at + 8, i ? 0x100000 : 0x1000, 8);
        set(&image, at + 16, i ? 0x10000f : 0x10ff, 8);
    }
    check_addresses(&image, offsets, 7, "-\n" PHYSICAL("0x1000") PHYSICAL("0x10ff") "-\n" PHYSICAL("0x100000") PHYSICAL("0x10000f") "-\n");
    set(&image, 0x120 + 16, 0x100010, 8); /* one byte more than there is */
    {
        struct tscope_buffer out = addresses_of(image.data, image.len, offsets, 2, 0);

        ck_assert_str_eq((char *)out.data, "-\n" PHYSICAL("0x1000") "!truncated\n");
        tscope_buffer_clear(&out);
    }
    set(&image, 0x120 + 16, 0xfffff, 8); /* the last address before the first */
    check_addresses(&image, offsets, 2, "-\n" PHYSICAL("0x1000") "!broken\n");
    set(&image, 8, 0, 8);
    set(&image, 16, UINT64_MAX, 8);
    check_addresses(&image, offsets, 2, "-\n-\n!broken\n");
    free(image.data);
}
END_TEST

START_TEST(other_memory_is_named)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *format, *out;
    } others[] = {
        {"HIBR\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 32, "hiberfil", "-\n!not-decompressed\n"},
        {"wake\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\0", 32, "hiberfil", "-\n!not-decompressed\n"},
        {"wake up, it is time for the long night of tests", 46, "text", NULL},
        {"JAVA PROFILE 1.0.2\0\0\0\0\x08", 23, "hprof", "-\n"},
    };
    uint64_t offset = 4;
    struct memory_source memory = {(const uint8_t *)others[_i].bytes, others[_i].len, 0};
    tscope_evidence *evidence = open_with(&memory, NULL);

    ck_assert_str_eq(tscope_evidence_format_id(tscope_evidence_format(evidence)), others[_i].format);
    tscope_evidence_free(evidence);
    if (others[_i].out) {
        struct tscope_buffer out = addresses_of(memory.data, memory.len, &offset, 1, 0);

        ck_assert_str_eq((char *)out.data, others[_i].out);
        tscope_buffer_clear(&out);
    }
}
END_TEST

static struct image
make_any(int kind)
{
    switch (kind) {
    case 0:
        return make_minidump(true, false);
    case 1:
        return make_minidump(false, false);
    case 2:
        return make_kernel_dump(true);
    case 3:
        return make_core(true, false, "CORE");
    default:
        return make_core(false, true, "CORE");
    }
}

START_TEST(prefixes_and_changed_bytes_are_read)
{
    static const uint64_t offsets[] = {0, 0x900, 0x1800, 0x2800, UINT64_MAX};
    struct image image = make_any(_i);
    uint32_t seed = 3;

    for (size_t len = 8; len < image.len; len += len < 0x1100 ? 7 : 501) {
        uint8_t *exact = malloc(len);
        struct tscope_buffer out;

        memcpy(exact, image.data, len);
        out = addresses_of(exact, len, offsets, TSCOPE_COUNT(offsets), 0);
        tscope_buffer_clear(&out);
        free(exact);
    }
    for (int round = 0; round < 1000; round++) {
        uint8_t *copy = malloc(image.len);
        struct tscope_buffer out;

        memcpy(copy, image.data, image.len);
        for (int i = 0; i < 12; i++) {
            seed = seed * 1664525 + 1013904223;
            copy[8 + (seed >> 8) % 0x900] = (uint8_t)(seed & 8 ? 0xff : seed >> 5);
        }
        out = addresses_of(copy, image.len, offsets, TSCOPE_COUNT(offsets), 0);
        tscope_buffer_clear(&out);
        free(copy);
    }
    free(image.data);
}
END_TEST

static void
ignore_context(void *user, size_t number, const struct tscope_context *context)
{
    (void)user;
    (void)number;
    (void)context;
}

static enum tscope_status
locate_some(struct memory_source *memory)
{
    static const uint64_t offsets[] = {0x1000, 0x2000};
    struct tscope_evidence_source source = source_of(memory);
    TSCOPE_AUTO(tscope_evidence) *evidence = NULL;
    tscope_evidence_stream *stream = NULL;
    enum tscope_status status = tscope_evidence_open(&source, NULL, &evidence, NULL);

    if (status == TSCOPE_OK)
        status = tscope_evidence_next(evidence, &stream, NULL);
    if (status == TSCOPE_OK)
        status = tscope_evidence_locate(evidence, stream, offsets, 2, ignore_context, NULL, NULL);
    tscope_evidence_stream_free(stream);
    return status;
}

START_TEST(failures_are_told)
{
    struct image image = make_any(_i);
    struct memory_source memory = {image.data, image.len, 0};
    enum tscope_status status = TSCOPE_ERR_NO_MEMORY;

    for (unsigned long n = 1; status != TSCOPE_OK; n++) {
        ck_assert_uint_lt(n, 300);
        tscope_alloc_fail_from(n);
        status = locate_some(&memory);
        tscope_alloc_fail_from(0);
        ck_assert(status == TSCOPE_OK || status == TSCOPE_ERR_NO_MEMORY);
    }
    memory.fail_behind = 1;
    ck_assert_int_eq(locate_some(&memory), TSCOPE_ERR_IO);
    free(image.data);
}
END_TEST

/* A list of as many ranges as are kept, and one more. */
START_TEST(ranges_are_bounded)
{
    static const size_t counts[] = {TSCOPE_DUMP_RANGES_MAX - 1, TSCOPE_DUMP_RANGES_MAX, TSCOPE_DUMP_RANGES_MAX + 1};
    size_t count = counts[_i], list = 0x100, data = list + 16 + 16 * count;
    struct image image = new_image(data + count);
    uint64_t offsets[] = {data, data + count - 1};
    struct tscope_buffer out;

    set_bytes(&image, 0, "MDMP\x93\xa7\0\0", 8);
    set(&image, 8, 1, 4);
    set(&image, 12, 0x40, 4);
    set(&image, 0x40, 9, 4);
    set(&image, 0x44, 16 + 16 * count, 4);
    set(&image, 0x48, list, 4);
    set(&image, list, count, 8);
    set(&image, list + 8, data, 8);
    for (size_t i = 0; i < count; i++) {
        uint64_t address = 0x10 * (i + 1);
        uint8_t *element = image.data + list + 16 + 16 * i;

        for (size_t byte = 0; byte < 4; byte++)
            element[byte] = (uint8_t)(address >> (8 * byte));
        element[8] = 1;
    }
    out = addresses_of(image.data, image.len, offsets, 2, 0);
    ck_assert_int_eq(strncmp((char *)out.data, VIRTUAL("0x10"), strlen(VIRTUAL("0x10"))), 0);
    ck_assert_int_eq(strstr((char *)out.data, "!ranges-max\n") != NULL, count > TSCOPE_DUMP_RANGES_MAX);
    ck_assert_int_eq(strstr((char *)out.data, "-\n") != NULL, count > TSCOPE_DUMP_RANGES_MAX);
    tscope_buffer_clear(&out);
    free(image.data);
}
END_TEST

static Suite *
make_suite(void)
{
    Suite *suite = suite_create("evidence_dump");
    TCase *tcase = tcase_create("evidence_dump");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, minidump_gives_addresses, 0, 4);
    tcase_add_test(tcase, lying_minidump_is_read_as_far_as_it_goes);
    tcase_add_loop_test(tcase, kernel_dump_gives_physical_addresses, 0, 2);
    tcase_add_loop_test(tcase, kernel_bitmap_gives_physical_addresses, 0, 4);
    tcase_add_loop_test(tcase, core_gives_addresses, 0, 4);
    tcase_add_loop_test(tcase, machine_core_gives_physical_addresses, 0, 8);
    tcase_add_test(tcase, lying_core_is_read_as_far_as_it_goes);
    tcase_add_loop_test(tcase, core_with_many_headers_counts_them_elsewhere, 0, 4);
    tcase_add_test(tcase, lime_gives_physical_addresses);
    tcase_add_loop_test(tcase, other_memory_is_named, 0, 4);
    tcase_add_loop_test(tcase, prefixes_and_changed_bytes_are_read, 0, 5);
    tcase_add_loop_test(tcase, failures_are_told, 0, 5);
    tcase_add_loop_test(tcase, ranges_are_bounded, 0, 3);
    suite_add_tcase(suite, tcase);
    return suite;
}

int
main(void)
{
    SRunner *runner = srunner_create(make_suite());
    int failed;

    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
