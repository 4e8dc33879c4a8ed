/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_HEADER_H
#define TSCOPE_SCAN_HEADER_H

#include "scan/run.h"

/** @file Whether letters are the header of a token: base64url of a JSON object that names an algorithm, or a type or a key at least. */

#define TSCOPE_SCAN_HEADER_MAX 49152 /* letters */
#define TSCOPE_SCAN_ALG_MAX 63

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

/** Reads the header that begins with a letter of a run. */
enum tscope_header_state tscope_scan_header_read(struct tscope_run *run, size_t first, struct tscope_scan_header *ret_header);

/** True when letters are base64url of the beginning of an object, as claims are: a brace and a name, or a whole empty object. */
bool tscope_scan_begins_object(struct tscope_run *run, size_t first);

/** True when letters begin an object whose first member is a claim: they are the payload of something, and no header. */
bool tscope_scan_begins_claims(struct tscope_run *run, size_t first);

#endif
