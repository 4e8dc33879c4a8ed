/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_ARCHIVE_BUILDING_H
#define TSCOPE_ARCHIVE_BUILDING_H

#include <check.h>

#include <zlib.h>

#include "core/alloc.h"
#include "core/buffer.h"

/** @file gzip and ZIP, made by hand, so that every field can be wrong. */

static inline void
put16(struct tscope_buffer *out, unsigned number)
{
    tscope_buffer_append_byte(out, (uint8_t)number);
    tscope_buffer_append_byte(out, (uint8_t)(number >> 8));
}

static inline void
put32(struct tscope_buffer *out, uint32_t number)
{
    put16(out, number & 0xffff);
    put16(out, number >> 16);
}

static inline void
put64(struct tscope_buffer *out, uint64_t number)
{
    put32(out, (uint32_t)number);
    put32(out, (uint32_t)(number >> 32));
}

static inline void
deflate_into(struct tscope_buffer *out, const void *data, size_t len, int window)
{
    z_stream stream = {0};
    uint8_t chunk[4096];
    int answer;

    ck_assert_int_eq(deflateInit2(&stream, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (Bytef *)(uintptr_t)data;
    stream.avail_in = (uInt)len;
    do {
        stream.next_out = chunk;
        stream.avail_out = sizeof(chunk);
        answer = deflate(&stream, Z_FINISH);
        tscope_buffer_append(out, chunk, sizeof(chunk) - stream.avail_out);
    } while (answer == Z_OK);
    ck_assert_int_eq(answer, Z_STREAM_END);
    deflateEnd(&stream);
}

static inline void
gzip_into(struct tscope_buffer *out, const void *data, size_t len)
{
    deflate_into(out, data, len, 15 + 16);
}

#define ZIP_MEMBERS_MAX 16

struct zip_building {
    struct tscope_buffer bytes;
    size_t count;
    struct {
        const char *name;
        uint64_t local, compressed, size;
        unsigned method, flags;
        bool is_64;
    } members[ZIP_MEMBERS_MAX];
};

enum { ZIP_STORED = 0, ZIP_DEFLATED = 8, ZIP_FLAG_ENCRYPTED = 1, ZIP_FLAG_DESCRIPTOR = 8 };

static inline void
zip_add(struct zip_building *zip, const char *name, const void *data, size_t len, unsigned method, unsigned flags, bool is_64)
{
    struct tscope_buffer packed = {0};
    bool is_behind = flags & ZIP_FLAG_DESCRIPTOR;
    uint32_t crc = (uint32_t)crc32(0, data, (uInt)len);
    size_t at = zip->count++;

    ck_assert_uint_lt(at, ZIP_MEMBERS_MAX);
    if (method == ZIP_DEFLATED)
        deflate_into(&packed, data, len, -15);
    else
        tscope_buffer_append(&packed, data, len);
    zip->members[at].name = name;
    zip->members[at].local = zip->bytes.len;
    zip->members[at].compressed = packed.len;
    zip->members[at].size = len;
    zip->members[at].method = method;
    zip->members[at].flags = flags;
    zip->members[at].is_64 = is_64;
    put32(&zip->bytes, 0x04034b50);
    put16(&zip->bytes, is_64 ? 45 : 20);
    put16(&zip->bytes, flags);
    put16(&zip->bytes, method);
    put32(&zip->bytes, 0);
    put32(&zip->bytes, is_behind ? 0 : crc);
    put32(&zip->bytes, is_64 ? UINT32_MAX : is_behind ? 0 : (uint32_t)packed.len);
    put32(&zip->bytes, is_64 ? UINT32_MAX : is_behind ? 0 : (uint32_t)len);
    put16(&zip->bytes, (unsigned)strlen(name));
    put16(&zip->bytes, is_64 ? 20 : 0);
    tscope_buffer_append_text(&zip->bytes, name);
    if (is_64) {
        put16(&zip->bytes, 1);
        put16(&zip->bytes, 16);
        put64(&zip->bytes, len);
        put64(&zip->bytes, packed.len);
    }
    tscope_buffer_append(&zip->bytes, packed.data, packed.len);
    if (is_behind) {
        put32(&zip->bytes, 0x08074b50);
        put32(&zip->bytes, crc);
        put32(&zip->bytes, (uint32_t)packed.len);
        put32(&zip->bytes, (uint32_t)len);
    }
    tscope_buffer_clear(&packed);
}

/* The directory and the end record. */
static inline void
zip_end(struct zip_building *zip, bool is_64, const char *comment)
{
    uint64_t start = zip->bytes.len, len;

    for (size_t i = 0; i < zip->count; i++) {
        bool wide = zip->members[i].is_64;

        put32(&zip->bytes, 0x02014b50);
        put16(&zip->bytes, 45);
        put16(&zip->bytes, 20);
        put16(&zip->bytes, zip->members[i].flags);
        put16(&zip->bytes, zip->members[i].method);
        put32(&zip->bytes, 0);
        put32(&zip->bytes, 0);
        put32(&zip->bytes, wide ? UINT32_MAX : (uint32_t)zip->members[i].compressed);
        put32(&zip->bytes, wide ? UINT32_MAX : (uint32_t)zip->members[i].size);
        put16(&zip->bytes, (unsigned)strlen(zip->members[i].name));
        put16(&zip->bytes, wide ? 28 : 0);
        put16(&zip->bytes, 0);
        put32(&zip->bytes, 0);
        put32(&zip->bytes, 0);
        put32(&zip->bytes, wide ? UINT32_MAX : (uint32_t)zip->members[i].local);
        tscope_buffer_append_text(&zip->bytes, zip->members[i].name);
        if (wide) {
            put16(&zip->bytes, 1);
            put16(&zip->bytes, 24);
            put64(&zip->bytes, zip->members[i].size);
            put64(&zip->bytes, zip->members[i].compressed);
            put64(&zip->bytes, zip->members[i].local);
        }
    }
    len = zip->bytes.len - start;
    if (is_64) {
        uint64_t end = zip->bytes.len;

        put32(&zip->bytes, 0x06064b50);
        put64(&zip->bytes, 44);
        put16(&zip->bytes, 45);
        put16(&zip->bytes, 45);
        put32(&zip->bytes, 0);
        put32(&zip->bytes, 0);
        put64(&zip->bytes, zip->count);
        put64(&zip->bytes, zip->count);
        put64(&zip->bytes, len);
        put64(&zip->bytes, start);
        put32(&zip->bytes, 0x07064b50);
        put32(&zip->bytes, 0);
        put64(&zip->bytes, end);
        put32(&zip->bytes, 1);
    }
    put32(&zip->bytes, 0x06054b50);
    put32(&zip->bytes, 0);
    put16(&zip->bytes, is_64 ? 0xffff : (unsigned)zip->count);
    put16(&zip->bytes, is_64 ? 0xffff : (unsigned)zip->count);
    put32(&zip->bytes, is_64 ? UINT32_MAX : (uint32_t)len);
    put32(&zip->bytes, is_64 ? UINT32_MAX : (uint32_t)start);
    put16(&zip->bytes, (unsigned)strlen(comment));
    tscope_buffer_append_text(&zip->bytes, comment);
}

#endif
