/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOOLS_VECTOR_H
#define TOOLS_VECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "status.h"

/** @file A test vector: a token, what the examiner has, and what must come out (docs/contributing.md). */

/** Where something stands in a file: bytes from 0, lines and columns from 1, columns in code points. */
struct vector_place {
    size_t offset, len;
    size_t line, column, end_column;
};

/** Strings live as long as json. */
struct vector {
    const char *path;
    json_t *json;
    struct vector_place expect; /* the name of that member */
    char *folder;               /* that relative names in it start from */
    const json_t *tokens;       /* an array of strings, one at least */
    json_t *own_tokens;         /* made of "token"; NULL when the file has "tokens" */
    bool utf16;                 /* they were found in UTF-16, behind a byte order mark */
    bool high_first;            /* with the high byte of each unit first */
    const json_t *keys;         /* a key set as JSON, or a string: a file's name; NULL: none */
    const json_t *history;      /* the same */
    const json_t *secrets;      /* an array of strings, or NULL */
    const char *payload;        /* text; NULL: none */
    size_t payload_len;
    const char *profile, *issuer, *audience, *tenant;
    int64_t seen, now; /* TSCOPE_TIME_UNKNOWN: not given */
    long leeway;       /* -1: the default */
    bool require_mfa;
    bool embedded;                                  /* the built-in history counts: unless the vector has one of its own, or says no */
    const char *verdict, *signature;                /* expected; NULL: anything */
    const json_t *findings, *absent, *inconclusive; /* expected ids; NULL: none */
    const json_t *opinions;                         /* ids of exactly these faults; NULL: any */
    const json_t *together;                         /* ids of exactly what all tokens show together; NULL: anything */
};

enum vector_kind {
    VECTOR_READ,    /* it is one */
    VECTOR_NONE,    /* JSON, but without "expect": a key file or a history beside vectors */
    VECTOR_REFUSED, /* a message was printed */
};

/** Reads a vector. ret_status is set where it is refused. */
enum vector_kind vector_read(const char *path, struct vector *ret_vector, enum exit_status *ret_status);

void vector_clear(struct vector *vector);

/** One of its tokens, the bytes as found; the caller frees them. */
char *vector_token(const struct vector *vector, size_t number, size_t *ret_len);

/** A name in the vector as a path; the caller frees it. */
char *vector_path(const struct vector *vector, const char *name);

#endif
