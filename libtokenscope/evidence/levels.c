/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/levels.h"

#include <stdio.h>

#include "core/error.h"
#include "evidence/dump_map.h"
#include "evidence/format.h"
#include "evidence/reader.h"
#include "evidence/zip.h"

#define WRAPPED_SEARCH (64u << 10)
#define WRAPPED_MIN 24      /* characters: a gzip of nothing has 28 */
#define WRAPPED_MAX 100000  /* of one text */
#define WRAPPED_HEAD "H4sI" /* of gzip (RFC 1952) with deflate, in base64: the byte behind it has but six bits in these */

struct tscope_level {
    struct tscope_level *outer;
    tscope_piece *piece;
    tscope_zip *zip; /* NULL: gzip, or a text */
    bool is_text;
    bool is_over;
    uint64_t searched; /* of a text, so far */
    size_t wrapped;    /* found in it */
};

static void
leave_level(struct tscope_evidence *evidence)
{
    struct tscope_level *level = evidence->levels;

    evidence->levels = level->outer;
    tscope_zip_free(level->zip);
    tscope_piece_free(level->piece);
    tscope_free(level);
}

void
tscope_levels_free(struct tscope_evidence *evidence)
{
    while (evidence->levels)
        leave_level(evidence);
}

/* All of a piece that can only be read in order, so that it can be read at offsets. False: it is too large. */
static enum tscope_status
keep_all(tscope_piece *piece, bool *ret_kept, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_reader) *reader = NULL;
    enum tscope_status status = tscope_reader_new(piece, true, &reader, err);
    size_t capacity = 1u << 20, len = 0, got = 0;
    uint8_t *all = NULL, *more;

    do {
        if (status == TSCOPE_OK && (!all || len == capacity)) {
            capacity = all ? 2 * capacity : capacity;
            more = tscope_realloc(all, capacity);
            if (!more)
                status = tscope_error_no_memory(err);
            else
                all = more;
        }
        if (status == TSCOPE_OK)
            status = tscope_reader_read(reader, all + len, capacity - len, &got, err);
        len += status == TSCOPE_OK ? got : 0;
    } while (status == TSCOPE_OK && len == capacity && len < TSCOPE_KEPT_MAX);
    *ret_kept = status == TSCOPE_OK && len < TSCOPE_KEPT_MAX;
    if (!*ret_kept) {
        tscope_free(all);
        return status;
    }
    piece->kept = all;
    piece->size = len;
    piece->is_seekable = true;
    return TSCOPE_OK;
}

bool
tscope_levels_may_wrap(const tscope_piece *piece)
{
    return piece->is_seekable && piece->text == TSCOPE_PIECE_BYTES && piece->depth + 2 <= piece->evidence->bounds.depth_max &&
           (piece->format == TSCOPE_EVIDENCE_HAR || piece->format == TSCOPE_EVIDENCE_JSON || piece->format == TSCOPE_EVIDENCE_BURP);
}

static enum tscope_status
push_level(struct tscope_evidence *evidence, tscope_piece *piece, struct tscope_error *err)
{
    struct tscope_level *level = tscope_alloc_zeroed(1, sizeof(*level));
    enum tscope_status status = TSCOPE_OK;

    if (!level)
        return tscope_error_no_memory(err);
    if (piece->format == TSCOPE_EVIDENCE_ZIP)
        status = tscope_zip_new(piece, &level->zip, err);
    if (status != TSCOPE_OK) {
        tscope_free(level);
        return status;
    }
    level->is_text = tscope_format_is_text(piece->format);
    level->piece = tscope_piece_ref(piece);
    level->outer = evidence->levels;
    evidence->levels = level;
    return TSCOPE_OK;
}

/* Goes into an archive: its members come next. */
static enum tscope_status
enter(struct tscope_evidence *evidence, tscope_piece *piece, struct tscope_error *err)
{
    enum tscope_status status = TSCOPE_OK;
    bool is_kept = true;

    if (piece->depth >= evidence->bounds.depth_max)
        return tscope_evidence_warn(evidence, "depth", piece->path, err,
                                    "archives are nested over %u deep, and what is inside was not read", evidence->bounds.depth_max);
    if (piece->format == TSCOPE_EVIDENCE_ZIP && !piece->is_seekable)
        status = keep_all(piece, &is_kept, err);
    if (status != TSCOPE_OK)
        return status;
    if (!is_kept)
        return tscope_evidence_warn(evidence, "kept-max", piece->path, err,
                                    "a ZIP archive within compressed data is over %u MiB, and its members were not read",
                                    TSCOPE_KEPT_MAX >> 20);
    return push_level(evidence, piece, err);
}

static bool
is_base64(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '+' || byte == '/' ||
           byte == '-' || byte == '_';
}

/* What a run of base64 goes on over: reader.c reads past white space and what JSON escapes it with. Behind anything else one may begin, so
 * that no two of them share bytes. */
static bool
goes_on(uint8_t byte)
{
    return is_base64(byte) || byte <= ' ' || byte == '\\';
}

/* Where gzip in base64 could begin in a part of a text, with enough of it behind. len: not found. */
static size_t
find_wrapped(const uint8_t *bytes, size_t len, bool is_first)
{
    for (size_t at = is_first ? 0 : 1; at + WRAPPED_MIN <= len; at++) {
        const uint8_t *found = memchr(bytes + at, WRAPPED_HEAD[0], len - WRAPPED_MIN + 1 - at);
        size_t good = 4;

        if (!found)
            return len;
        at = (size_t)(found - bytes);
        if (memcmp(found, WRAPPED_HEAD, 4) != 0 || (at && goes_on(found[-1])))
            continue;
        while (good < WRAPPED_MIN && is_base64(found[good]))
            good++;
        if (good == WRAPPED_MIN)
            return at;
    }
    return len;
}

/* The next gzip that a text holds in base64: bodies that were captured as they came. */
static enum tscope_status
next_wrapped(struct tscope_level *level, tscope_piece **ret_piece, struct tscope_error *err)
{
    tscope_piece *text = level->piece, *piece;
    uint8_t *bytes = tscope_alloc(WRAPPED_SEARCH);
    char name[48];
    size_t got = 0, at = 0;
    enum tscope_status status = bytes ? TSCOPE_OK : tscope_error_no_memory(err);

    while (status == TSCOPE_OK) {
        status = tscope_piece_read_at(text, level->searched, bytes, WRAPPED_SEARCH, &got, err);
        at = status == TSCOPE_OK ? find_wrapped(bytes, got, level->searched == 0) : got;
        if (at < got || got < WRAPPED_SEARCH)
            break;
        level->searched += got - WRAPPED_MIN;
    }
    tscope_free(bytes);
    if (status != TSCOPE_OK || at == got)
        return status;
    if (level->wrapped++ == WRAPPED_MAX)
        return tscope_evidence_warn(text->evidence, "wrapped-max", text->path, err,
                                    "the text holds gzip in base64 over %d times, and the others were not read", WRAPPED_MAX);
    snprintf(name, sizeof(name), "(base64 at %llu)", (unsigned long long)(level->searched + at));
    piece = tscope_piece_new(text->evidence, text, TSCOPE_PIECE_BASE64, tscope_span_text(name));
    if (!piece)
        return tscope_error_no_memory(err);
    piece->start = level->searched + at;
    piece->len = text->size - piece->start;
    level->searched = piece->start + 1;
    *ret_piece = piece;
    return TSCOPE_OK;
}

static enum tscope_status
next_of_level(struct tscope_level *level, tscope_piece **ret_piece, struct tscope_error *err)
{
    tscope_piece *piece;

    *ret_piece = NULL;
    if (level->zip)
        return tscope_zip_next(level->zip, ret_piece, err);
    if (level->is_text)
        return next_wrapped(level, ret_piece, err);
    if (level->is_over)
        return TSCOPE_OK;
    piece = tscope_piece_new(level->piece->evidence, level->piece, TSCOPE_PIECE_GZIP, TSCOPE_SPAN("(gunzip)"));
    if (!piece)
        return tscope_error_no_memory(err);
    piece->len = level->piece->is_seekable ? level->piece->size : UINT64_MAX;
    level->is_over = true;
    *ret_piece = piece;
    return TSCOPE_OK;
}

/* What memory is not there is to be said whether anything is found or not. The ranges of a compressed LiME image alone, of which each tells
 * where the next one is, are not worth reading all of it. */
static enum tscope_status
look_at_dump(tscope_piece *piece, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_dump_map) *map = NULL;

    if (piece->format == TSCOPE_EVIDENCE_LIME && !piece->is_seekable)
        return TSCOPE_OK;
    return tscope_dump_map_new(piece, &map, err);
}

/* A piece that is to be a stream. */
static enum tscope_status
prepare(struct tscope_evidence *evidence, tscope_piece *piece, struct tscope_error *err)
{
    enum tscope_status status = piece == evidence->root ? TSCOPE_OK : tscope_piece_tell_format(piece, err);

    piece->number = evidence->streams;
    if (status == TSCOPE_OK && tscope_format_is_unread(piece->format))
        status = tscope_evidence_warn(evidence, "not-decompressed", piece->path, err, "%s: what is inside was not read",
                                      tscope_evidence_format_text(piece->format));
    if (status == TSCOPE_OK && tscope_format_is_archive(piece->format))
        status = enter(evidence, piece, err);
    if (status == TSCOPE_OK && tscope_levels_may_wrap(piece))
        status = push_level(evidence, piece, err);
    if (status == TSCOPE_OK && tscope_format_is_dump(piece->format))
        status = look_at_dump(piece, err);
    if (status == TSCOPE_OK)
        evidence->streams++;
    return status;
}

enum tscope_status
tscope_levels_next(struct tscope_evidence *evidence, tscope_piece **ret_piece, struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_piece) *piece = evidence->streams ? NULL : tscope_piece_ref(evidence->root);
    enum tscope_status status = TSCOPE_OK;

    while (status == TSCOPE_OK && !piece && evidence->levels) {
        status = next_of_level(evidence->levels, &piece, err);
        if (status == TSCOPE_OK && !piece)
            leave_level(evidence);
    }
    if (status == TSCOPE_OK && piece)
        status = prepare(evidence, piece, err);
    if (status != TSCOPE_OK)
        return status;
    *ret_piece = TSCOPE_STEAL(piece);
    return TSCOPE_OK;
}
