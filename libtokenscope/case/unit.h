/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CASE_UNIT_H
#define TSCOPE_CASE_UNIT_H

#include <pthread.h>
#include <stdatomic.h>

#include "case/parcel.h"

/** @file A file of a sweep, the units of work that it is cut into, and the reading of one. */

/** Larger files are cut, so that several threads share one, and an interruption costs no more. */
#define TSCOPE_UNIT_RANGE (UINT64_C(64) << 20)

/** A reading thread's parcel goes on its way when it has become as large, or holds as many finds. */
#define TSCOPE_PARCEL_BYTES (256u << 10)
#define TSCOPE_PARCEL_FINDS 1024u

struct tscope_file_warning {
    char *id, *member, *text;
};

/** One file. What is not marked is set before its units are made, and only read then. */
struct tscope_sweep_file {
    char *path;
    int fd;
    bool is_pipe, is_hashed; /* read once from where it stands; its digest is wanted */
    bool is_cut;             /* into ranges */
    bool is_part;            /* of the file, from begin to end, and nothing else */
    uint64_t begin, end;     /* what is searched */
    uint64_t size;
    int64_t mtime_ns;

    /* of the sweep's thread */
    int64_t id; /* in the case */
    size_t units_open;
    uint64_t left_out; /* the least of its units that left anything out; 0: none did */
    bool is_closed;    /* no more units are made */
    tscope_evidence *evidence;
    tscope_evidence_stream *raw; /* with is_cut: what ranges are located in */
    enum tscope_status status;   /* the first that went wrong */
    struct tscope_error err;
    struct tscope_sweep_file *next;

    /* of the thread whose unit it is; one unit a file sets them */
    enum tscope_evidence_format format;
    struct tscope_file_warning *warnings;
    size_t warnings_len;

    pthread_mutex_t lock;  /* guards what follows: a digest is taken in order, by whoever is there */
    tscope_hasher *hasher; /* NULL: not wanted */
    uint64_t hashed;       /* bytes */
    bool is_taken;         /* by the unit that does the rest */
    uint8_t sha256[TSCOPE_HASH_LEN];
    bool has_sha256;
    uint64_t read_len; /* of a pipe: what came of it */
};

enum tscope_unit_kind {
    TSCOPE_UNIT_FILE,  /* all streams of a file */
    TSCOPE_UNIT_BYTES, /* a range of the file itself */
    TSCOPE_UNIT_REST,  /* the streams inside a file whose own bytes are cut into ranges */
    TSCOPE_UNIT_HASH,  /* its digest */
};

struct tscope_unit {
    enum tscope_unit_kind kind;
    struct tscope_sweep_file *file;
    uint64_t begin, end; /* BYTES */

    uint64_t left_out; /* 1 + what tscope_scanner_left_out() says of the file's own bytes; 0: nothing; set before it is done */

    /* guarded by the sweep's lock */
    tscope_parcel *first, *last;
    size_t bytes; /* of them */
    bool done;
    enum tscope_status status;
    struct tscope_error err;
    struct tscope_unit *next_work, *next_turn;
};

/** What one thread reads with. */
struct tscope_reader {
    tscope_scanner *scanner;
    tscope_hasher *hasher; /* of tokens */
    uint8_t *window;
    tscope_parcel *parcel;
    bool reveal;
    uint64_t begin, end;       /* of the range: finds of others are not taken */
    enum tscope_status status; /* of a find that could not be kept */
    struct tscope_error *err;

    const atomic_bool *cancelled;
    atomic_uint_fast64_t *bytes_read;
    /* Hands a parcel over, and waits while too much is on its way. False: cancelled; the parcel is gone in any case. */
    bool (*hand_over)(void *user, struct tscope_unit *unit, tscope_parcel *parcel);
    void *user;
};

/** @param like  a hasher whose context is shared */
TSCOPE_MUST_USE enum tscope_status tscope_reader_open(struct tscope_reader *reader, const struct tscope_scanner_options *options,
                                                      const tscope_hasher *like, struct tscope_error *err);
void tscope_reader_close(struct tscope_reader *reader);

/** Does a unit. What is wrong with the file is the answer, and what was found before it is handed over. */
enum tscope_status tscope_unit_read(struct tscope_reader *reader, struct tscope_unit *unit, struct tscope_error *err);

void tscope_sweep_file_free(struct tscope_sweep_file *file);
TSCOPE_MUST_USE enum tscope_status tscope_sweep_file_warn(struct tscope_sweep_file *file, const char *id, const char *member,
                                                          const char *text, struct tscope_error *err);

/** Warns of what tscope_scanner_left_out() says of one stream. */
TSCOPE_MUST_USE enum tscope_status tscope_sweep_file_left_out(struct tscope_sweep_file *file, const char *member, uint64_t offset,
                                                              struct tscope_error *err);

#endif
