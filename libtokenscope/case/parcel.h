/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_PARCEL_H
#define TSCOPE_CASE_PARCEL_H

#include <tokenscope/evidence.h>
#include <tokenscope/hash.h>
#include <tokenscope/scan.h>

#include "core/alloc.h"
#include "core/arena.h"

/** @file Finds of one stream on their way from the thread that reads to the one that keeps or tells them. */

/** One find, and what is known of its place. All that it points to lives in the parcel. */
struct tscope_parcel_find {
    enum tscope_find_kind kind;
    enum tscope_find_encoding encoding;
    uint64_t offset, length;
    struct tscope_span text;         /* of a token */
    uint8_t sha256[TSCOPE_HASH_LEN]; /* of that */
    struct tscope_span key;          /* of a key: a JSON object */
    struct tscope_span thumbprint;   /* of its public half; data NULL: not known */
    bool is_published;               /* a private key that belongs to a published public one */
    int64_t seen;                    /* TSCOPE_TIME_UNKNOWN */
    const char *seen_from;           /* static; NULL: not known */
    struct tscope_span context;      /* a JSON object; data NULL: none */
    struct tscope_span place;        /* the same in words; data NULL: none */
};

typedef struct tscope_parcel tscope_parcel;
struct tscope_parcel {
    struct tscope_arena arena;
    struct tscope_parcel_find *finds;
    size_t finds_len, finds_max;
    size_t delivered; /* of them, for whoever tells them */
    size_t bytes;     /* that it takes, roughly */
    size_t stream;    /* its number in the file */
    struct tscope_span member;
    enum tscope_evidence_format format; /* of the stream */
    tscope_parcel *next;
};

/** @return NULL when out of memory */
tscope_parcel *tscope_parcel_new(size_t stream, const char *member, enum tscope_evidence_format format);
void tscope_parcel_free(tscope_parcel *parcel); /* NULL is allowed */
TSCOPE_DEFINE_AUTO(tscope_parcel)

/** Copies what the scanner shows; reveal: of keys the private values as well. */
TSCOPE_MUST_USE enum tscope_status tscope_parcel_add(tscope_parcel *parcel, const struct tscope_find *find, bool reveal,
                                                     tscope_hasher *hasher, struct tscope_error *err);

/** Asks what stands around each of the finds. */
TSCOPE_MUST_USE enum tscope_status tscope_parcel_locate(tscope_parcel *parcel, tscope_evidence *evidence,
                                                        const tscope_evidence_stream *stream, struct tscope_error *err);

#endif
