/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/zip.h"

#include <stdlib.h>

#include "core/error.h"
#include "core/text.h"
#include "evidence/bytes.h"
#include "evidence/evidence.h"

#define LOCAL_SIZE 30
#define CENTRAL_SIZE 46
#define END_SIZE 22
#define END64_SIZE 56
#define LOCATOR_SIZE 20
#define COMMENT_MAX 65535
#define NAME_MAX_READ 1024
#define NAME_MAX_SANE 4096 /* of a header that was found by its first bytes alone */
#define SEARCH_SIZE (64u << 10)

#define LOCAL_MAGIC 0x04034b50u
#define CENTRAL_MAGIC 0x02014b50u
#define END_MAGIC 0x06054b50u
#define END64_MAGIC 0x06064b50u
#define LOCATOR_MAGIC 0x07064b50u

enum { FLAG_ENCRYPTED = 1, FLAG_DESCRIPTOR = 8 };

struct member {
    uint64_t local, compressed, size; /* offset of the local header; bytes */
    uint64_t name;                    /* offset of its name */
    uint16_t name_len;
    uint16_t method, flags;
};

struct tscope_zip {
    tscope_piece *piece;
    struct member *members;
    size_t len, capacity, next;
    uint64_t used; /* members before reach so far */
};

/* Exactly len bytes, or false. */
static enum tscope_status
read_exactly(const tscope_zip *zip, uint64_t offset, uint8_t *buffer, size_t len, bool *ret_there, struct tscope_error *err)
{
    size_t got = 0;
    enum tscope_status status = tscope_piece_read_at(zip->piece, offset, buffer, len, &got, err);

    *ret_there = status == TSCOPE_OK && got == len;
    return status;
}

static enum tscope_status
add_member(tscope_zip *zip, const struct member *member, struct tscope_error *err)
{
    struct member *more;

    if (zip->len == zip->capacity) {
        size_t capacity = zip->capacity ? 2 * zip->capacity : 16;

        more = tscope_realloc(zip->members, capacity * sizeof(*more));
        if (!more)
            return tscope_error_no_memory(err);
        zip->members = more;
        zip->capacity = capacity;
    }
    zip->members[zip->len++] = *member;
    return TSCOPE_OK;
}

static enum tscope_status
warn_of_count(tscope_zip *zip, struct tscope_error *err)
{
    return tscope_evidence_warn(zip->piece->evidence, "members-max", zip->piece->path, err,
                                "the archive has over %d members, and the others were not read", TSCOPE_ZIP_MEMBERS_MAX);
}

/* ---- the central directory */

struct directory {
    uint64_t start, len, count;
    uint64_t base; /* of all offsets: bytes in front of the archive */
};

/* APPNOTE 4.3.14, 4.3.15: where the 32 and 16 bits of the end record do not suffice. */
static enum tscope_status
read_end64(const tscope_zip *zip, uint64_t end, struct directory *directory, uint64_t *ret_end, struct tscope_error *err)
{
    uint8_t locator[LOCATOR_SIZE], record[END64_SIZE];
    enum tscope_status status;
    uint64_t place;
    bool is_there;

    if (end < LOCATOR_SIZE)
        return TSCOPE_OK;
    status = read_exactly(zip, end - LOCATOR_SIZE, locator, sizeof(locator), &is_there, err);
    if (status != TSCOPE_OK || !is_there || tscope_le32(locator) != LOCATOR_MAGIC)
        return status;
    place = tscope_le64(locator + 8);
    status = read_exactly(zip, place, record, sizeof(record), &is_there, err);
    if (status == TSCOPE_OK && (!is_there || tscope_le32(record) != END64_MAGIC) && end >= LOCATOR_SIZE + END64_SIZE) {
        place = end - LOCATOR_SIZE - END64_SIZE; /* there are bytes in front of the archive */
        status = read_exactly(zip, place, record, sizeof(record), &is_there, err);
    }
    if (status != TSCOPE_OK || !is_there || tscope_le32(record) != END64_MAGIC)
        return status;
    directory->count = tscope_le64(record + 32);
    directory->len = tscope_le64(record + 40);
    directory->start = tscope_le64(record + 48);
    *ret_end = place;
    return TSCOPE_OK;
}

/* The end record is the last that fits in its place (APPNOTE 4.3.16). */
static bool
find_end(const uint8_t *tail, size_t len, size_t *ret_at)
{
    for (size_t at = len >= END_SIZE ? len - END_SIZE + 1 : 0; at-- > 0;) {
        if (tscope_le32(tail + at) == END_MAGIC && at + END_SIZE + tscope_le16(tail + at + 20) <= len) {
            *ret_at = at;
            return true;
        }
    }
    return false;
}

/* ret_found: the directory's bytes lie in the archive. */
static enum tscope_status
find_directory(const tscope_zip *zip, struct directory *directory, bool *ret_found, struct tscope_error *err)
{
    uint64_t size = zip->piece->size, start, end;
    size_t len = size < END_SIZE + COMMENT_MAX ? (size_t)size : END_SIZE + COMMENT_MAX, got = 0, at;
    uint8_t *tail = tscope_alloc(len);
    enum tscope_status status;

    *ret_found = false;
    if (!tail)
        return tscope_error_no_memory(err);
    start = size - len;
    status = tscope_piece_read_at(zip->piece, start, tail, len, &got, err);
    if (status != TSCOPE_OK || !find_end(tail, got, &at)) {
        tscope_free(tail);
        return status;
    }
    end = start + at;
    directory->count = tscope_le16(tail + at + 10);
    directory->len = tscope_le32(tail + at + 12);
    directory->start = tscope_le32(tail + at + 16);
    tscope_free(tail);
    status = read_end64(zip, end, directory, &end, err);
    /* the directory ends where the end record begins, whatever stands in front of the archive */
    if (status == TSCOPE_OK && directory->len <= end && directory->start <= end - directory->len) {
        directory->base = end - directory->len - directory->start;
        directory->start = end - directory->len;
        *ret_found = true;
    }
    return status;
}

/* APPNOTE 4.5.3: sizes and offset of 64 bits, those alone whose fields are full, in this order. */
static void
read_extra(struct member *member, const uint8_t *extra, size_t len)
{
    uint64_t *fields[] = {&member->size, &member->compressed, &member->local};

    while (len >= 4) {
        size_t size = tscope_le16(extra + 2), at = 4;

        if (size > len - 4)
            return;
        for (size_t i = 0; tscope_le16(extra) == 1 && i < TSCOPE_COUNT(fields); i++) {
            if (*fields[i] != UINT32_MAX)
                continue;
            if (at + 8 > size + 4)
                break;
            *fields[i] = tscope_le64(extra + at);
            at += 8;
        }
        extra += size + 4;
        len -= size + 4;
    }
}

static enum tscope_status
read_central(tscope_zip *zip, const struct directory *directory, uint64_t *at, bool *ret_good, struct tscope_error *err)
{
    uint8_t head[CENTRAL_SIZE], extra[1024];
    struct member member;
    enum tscope_status status = read_exactly(zip, *at, head, sizeof(head), ret_good, err);
    size_t extra_len, got = 0;

    *ret_good = *ret_good && tscope_le32(head) == CENTRAL_MAGIC;
    if (status != TSCOPE_OK || !*ret_good)
        return status;
    member = (struct member){
        .flags = tscope_le16(head + 8),
        .method = tscope_le16(head + 10),
        .compressed = tscope_le32(head + 20),
        .size = tscope_le32(head + 24),
        .name = *at + CENTRAL_SIZE,
        .name_len = tscope_le16(head + 28),
        .local = tscope_le32(head + 42),
    };
    extra_len = tscope_le16(head + 30);
    if (extra_len) {
        status = tscope_piece_read_at(zip->piece, member.name + member.name_len, extra,
                                      extra_len < sizeof(extra) ? extra_len : sizeof(extra), &got, err);
        if (status != TSCOPE_OK)
            return status;
        read_extra(&member, extra, got);
    }
    *at = member.name + member.name_len + extra_len + tscope_le16(head + 32);
    *ret_good = member.local <= zip->piece->size - directory->base;
    member.local += directory->base;
    return *ret_good ? add_member(zip, &member, err) : TSCOPE_OK;
}

static int
compare_members(const void *a, const void *b)
{
    const struct member *first = a, *second = b;

    if (first->local != second->local)
        return first->local < second->local ? -1 : 1;
    return first->name < second->name ? -1 : first->name > second->name;
}

static enum tscope_status
read_directory(tscope_zip *zip, bool *ret_good, struct tscope_error *err)
{
    struct directory directory = {0};
    enum tscope_status status = find_directory(zip, &directory, ret_good, err);
    uint64_t at = directory.start, end = directory.start + directory.len;

    while (status == TSCOPE_OK && *ret_good && at < end) {
        if (zip->len == TSCOPE_ZIP_MEMBERS_MAX) {
            status = warn_of_count(zip, err);
            break;
        }
        status = read_central(zip, &directory, &at, ret_good, err);
    }
    if (zip->len)
        qsort(zip->members, zip->len, sizeof(*zip->members), compare_members);
    return status;
}

/* ---- without it */

/* The next place from an offset on where a local header could begin; the end of the piece when there is none. */
static enum tscope_status
find_local(const tscope_zip *zip, uint64_t from, uint8_t *buffer, uint64_t *ret_at, struct tscope_error *err)
{
    enum tscope_status status;
    size_t got = 0;

    for (;;) {
        status = tscope_piece_read_at(zip->piece, from, buffer, SEARCH_SIZE, &got, err);
        if (status != TSCOPE_OK)
            return status;
        for (size_t i = 0; i + LOCAL_SIZE <= got; i++) {
            const uint8_t *found = memchr(buffer + i, 'P', got - LOCAL_SIZE + 1 - i);

            if (!found)
                break;
            i = (size_t)(found - buffer);
            if (tscope_le32(found) == LOCAL_MAGIC && tscope_le16(found + 4) < 100 && tscope_le16(found + 8) < 100 &&
                tscope_le16(found + 26) > 0 && tscope_le16(found + 26) <= NAME_MAX_SANE) {
                *ret_at = from + i;
                return TSCOPE_OK;
            }
        }
        if (got < SEARCH_SIZE)
            break;
        from += got - LOCAL_SIZE + 1;
    }
    *ret_at = zip->piece->size;
    return TSCOPE_OK;
}

static enum tscope_status
read_local(const tscope_zip *zip, uint64_t at, struct member *ret_member, uint64_t *ret_data, struct tscope_error *err)
{
    uint8_t head[LOCAL_SIZE], extra[1024];
    struct member member;
    size_t extra_len, got = 0;
    bool is_there;
    enum tscope_status status = read_exactly(zip, at, head, sizeof(head), &is_there, err);

    if (status != TSCOPE_OK)
        return status;
    if (!is_there)
        memset(head, 0, sizeof(head));
    member = (struct member){
        .local = 0,
        .flags = tscope_le16(head + 6),
        .method = tscope_le16(head + 8),
        .compressed = tscope_le32(head + 18),
        .size = tscope_le32(head + 22),
        .name = at + LOCAL_SIZE,
        .name_len = tscope_le16(head + 26),
    };
    extra_len = tscope_le16(head + 28);
    status = tscope_piece_read_at(zip->piece, member.name + member.name_len, extra, extra_len < sizeof(extra) ? extra_len : sizeof(extra),
                                  &got, err);
    if (status == TSCOPE_OK)
        read_extra(&member, extra, got);
    member.local = at;
    *ret_data = member.name + member.name_len + extra_len;
    *ret_member = member;
    return status;
}

/* Members whose length stands behind them reach to the next header: what inflates knows its end by itself. */
static enum tscope_status
salvage(tscope_zip *zip, struct tscope_error *err)
{
    uint8_t *buffer = tscope_alloc(SEARCH_SIZE);
    uint64_t size = zip->piece->size, at = 0;
    enum tscope_status status;

    if (!buffer)
        return tscope_error_no_memory(err);
    zip->len = 0;
    status = find_local(zip, 0, buffer, &at, err);
    while (status == TSCOPE_OK && at < size) {
        struct member member;
        uint64_t data, next;

        if (zip->len == TSCOPE_ZIP_MEMBERS_MAX) {
            status = warn_of_count(zip, err);
            break;
        }
        status = read_local(zip, at, &member, &data, err);
        if (status != TSCOPE_OK)
            break;
        next = data < size && member.compressed <= size - data ? data + member.compressed : size;
        if ((member.flags & FLAG_DESCRIPTOR) && member.compressed == 0)
            next = data;
        status = find_local(zip, next, buffer, &at, err);
        if (status == TSCOPE_OK && next == data && at > data)
            member.compressed = at - data;
        if (status == TSCOPE_OK)
            status = add_member(zip, &member, err);
    }
    tscope_free(buffer);
    return status;
}

/* ---- members */

enum tscope_status
tscope_zip_new(tscope_piece *piece, tscope_zip **ret_zip, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_zip) *zip = tscope_alloc_zeroed(1, sizeof(*zip));
    enum tscope_status status;
    bool is_good = false;

    if (!zip)
        return tscope_error_no_memory(err);
    zip->piece = piece;
    status = read_directory(zip, &is_good, err);
    if (status == TSCOPE_OK && !is_good) {
        status = tscope_evidence_warn(piece->evidence, "zip-directory", piece->path, err,
                                      "the archive's directory is missing or broken, and its members were looked for one by one");
        if (status == TSCOPE_OK)
            status = salvage(zip, err);
    }
    if (status != TSCOPE_OK)
        return status;
    *ret_zip = TSCOPE_STEAL(zip);
    return TSCOPE_OK;
}

void
tscope_zip_free(tscope_zip *zip)
{
    if (!zip)
        return;
    tscope_free(zip->members);
    tscope_free(zip);
}

static const char *
method_name(uint16_t method)
{
    switch (method) {
    case 9:
        return "deflate64";
    case 12:
        return "bzip2";
    case 14:
        return "LZMA";
    case 93:
        return "zstd";
    case 95:
        return "xz";
    case 99:
        return "AES";
    default:
        return "an unknown method";
    }
}

/* Which piece a member is, where its bytes begin, and why it cannot be read. */
static enum tscope_status
make_member(tscope_zip *zip, const struct member *member, uint64_t data, tscope_piece **ret_piece, struct tscope_error *err)
{
    struct tscope_evidence *evidence = zip->piece->evidence;
    TSCOPE_AUTO(tscope_piece) *piece = NULL;
    uint8_t name[NAME_MAX_READ];
    uint64_t size = zip->piece->size;
    size_t len = 0;
    enum tscope_status status =
        tscope_piece_read_at(zip->piece, member->name, name, member->name_len < sizeof(name) ? member->name_len : sizeof(name), &len, err);

    if (status != TSCOPE_OK)
        return status;
    if (len && name[len - 1] == '/' && member->size == 0) /* a folder */
        return TSCOPE_OK;
    piece =
        tscope_piece_new(evidence, zip->piece, member->method == 8 ? TSCOPE_PIECE_DEFLATE : TSCOPE_PIECE_WINDOW, tscope_span_of(name, len));
    if (!piece)
        return tscope_error_no_memory(err);
    if (data == UINT64_MAX)
        return tscope_evidence_warn(evidence, "broken", piece->path, err, "there is no member where the archive's directory says");
    if (member->local < zip->used)
        return tscope_evidence_warn(evidence, "overlap", piece->path, err, "the member lies within another one and was not read");
    if (member->flags & FLAG_ENCRYPTED)
        return tscope_evidence_warn(evidence, "encrypted", piece->path, err, "the member is encrypted and was not read");
    if (member->method != 0 && member->method != 8)
        return tscope_evidence_warn(evidence, "method", piece->path, err, "the member is compressed with %s (%u) and was not read",
                                    method_name(member->method), member->method);
    piece->start = data < size ? data : size;
    piece->len = member->compressed < size - piece->start ? member->compressed : size - piece->start;
    if (piece->len < member->compressed)
        status = tscope_evidence_warn(evidence, "truncated", piece->path, err, "the archive ends before the member does");
    piece->is_seekable = member->method == 0;
    piece->size = member->method == 0 ? piece->len : member->size ? member->size : UINT64_MAX; /* 0: it stands behind the member */
    if (status == TSCOPE_OK)
        *ret_piece = TSCOPE_STEAL(piece);
    return status;
}

enum tscope_status
tscope_zip_next(tscope_zip *zip, tscope_piece **ret_member, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;

    *ret_member = NULL;
    while (status == TSCOPE_OK && !*ret_member && zip->next < zip->len) {
        const struct member *member = &zip->members[zip->next++];
        uint64_t data = UINT64_MAX;
        struct member local;
        uint8_t magic[4];
        bool is_there;

        status = read_exactly(zip, member->local, magic, sizeof(magic), &is_there, err);
        if (status == TSCOPE_OK && is_there && tscope_le32(magic) == LOCAL_MAGIC)
            status = read_local(zip, member->local, &local, &data, err);
        if (status == TSCOPE_OK)
            status = make_member(zip, member, data, ret_member, err);
        if (*ret_member)
            zip->used = (*ret_member)->start + (*ret_member)->len;
    }
    return status;
}
