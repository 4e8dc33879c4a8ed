/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_HEADER_H
#define TSCOPE_SCAN_HEADER_H

#include "scan/run.h"

/** @file Whether letters are the header of a token: base64url of a JSON object that names an algorithm, or a type or a key at least. */

#define TSCOPE_SCAN_HEADER_MAX 49152 /* letters */
#define TSCOPE_SCAN_ALG_MAX 63
#define TSCOPE_HEADER_SPACE_MAX 1024  /* groups of white space in front of one */
#define TSCOPE_HEADER_BACK_MAX 16384u /* bytes in front of what shows one at which it may begin */

enum tscope_header_state {
    TSCOPE_HEADER_WHOLE,   /* an object, and nothing behind it but a dot */
    TSCOPE_HEADER_DAMAGED, /* it stops being JSON, behind a member that only a header has */
    TSCOPE_HEADER_NONE,
    TSCOPE_HEADER_MORE, /* the window ends in it */
};

struct tscope_scan_header {
    size_t letters; /* of it, padding included: the number of the dot behind it */
    char alg[TSCOPE_SCAN_ALG_MAX + 1];
    bool has_alg, has_enc; /* a string */
    bool is_named;         /* it has a type or names a key */
    bool is_unencoded;     /* "b64": false (RFC 7797) */
    bool is_standard;      /* some of its letters are of the standard alphabet, or padding */
};

/** True when four characters are base64 of three bytes of white space (RFC 8259 section 2). */
bool tscope_scan_is_space_group(const uint8_t letters[4]);
/**
 * Where the header begins of which a brace is at hand: JSON may have white space in front of that (RFC 8259 section 2), whole groups of
 * three bytes of it.
 *
 * @param behind  the offset of the stream in front of which it does not begin: where an earlier token ends
 * @param at      the byte of the brace's first letter; moved to the header's first one
 * @return false when there is more white space than TSCOPE_HEADER_SPACE_MAX: where it begins is not told then
 */
bool tscope_header_find_begin(const struct tscope_letters *letters, uint64_t behind, size_t *at);
/**
 * The first letter of the run of letters that something stands in.
 *
 * @param seen  1 + the offset of something in whose run was looked; 0: nothing was
 * @return false when it is farther than TSCOPE_HEADER_BACK_MAX, or the run is that one
 */
bool tscope_header_find_run(const struct tscope_letters *letters, uint64_t seen, size_t *at);

/** Reads the header that begins with a letter of a run. */
enum tscope_header_state tscope_scan_header_read(struct tscope_run *run, size_t first, struct tscope_scan_header *ret_header);

/** True when letters are base64url of the beginning of an object, as claims are: a brace and a name, or a whole empty object. */
bool tscope_scan_begins_object(struct tscope_run *run, size_t first);

/** True when letters begin an object whose first member is a claim: they are the payload of something, and no header. */
bool tscope_scan_begins_claims(struct tscope_run *run, size_t first);

#endif
