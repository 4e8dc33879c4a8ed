/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_TESTING_H
#define TSCOPE_EVIDENCE_TESTING_H

#include <check.h>
#include <stdlib.h>

#include "core/buffer.h"
#include "evidence/evidence.h"
#include "evidence/stream.h"

/** @file Evidence out of memory. */

struct memory_source {
    const uint8_t *data;
    size_t len;
    uint64_t fail_behind; /* reads that touch a byte from here on fail; 0: none */
};

static inline enum tscope_status
read_memory(void *user, uint64_t offset, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    const struct memory_source *memory = user;

    (void)err;
    ck_assert_uint_le(offset, memory->len);
    if (memory->fail_behind && offset + len > memory->fail_behind)
        return TSCOPE_ERR_IO;
    *ret_len = len < memory->len - offset ? len : memory->len - (size_t)offset;
    memcpy(buffer, memory->data + offset, *ret_len);
    return TSCOPE_OK;
}

static inline struct tscope_evidence_source
source_of(struct memory_source *memory)
{
    return (struct tscope_evidence_source){.size = memory->len, .read = read_memory, .user = memory};
}

static inline tscope_evidence *
open_with(struct memory_source *memory, const struct tscope_evidence_options *options)
{
    struct tscope_evidence_source source = source_of(memory);
    tscope_evidence *evidence = NULL;

    ck_assert_int_eq(tscope_evidence_open(&source, options, &evidence, NULL), TSCOPE_OK);
    return evidence;
}

static inline tscope_evidence_stream *
next_stream(tscope_evidence *evidence)
{
    tscope_evidence_stream *stream = NULL;

    ck_assert_int_eq(tscope_evidence_next(evidence, &stream, NULL), TSCOPE_OK);
    return stream;
}

/* All of a stream, read in steps of a size. */
static inline struct tscope_buffer
read_all(tscope_evidence_stream *stream, size_t step)
{
    struct tscope_buffer all = {0};
    uint8_t *buffer = malloc(step);
    size_t got;

    do {
        ck_assert_int_eq(tscope_evidence_stream_read(stream, buffer, step, &got, NULL), TSCOPE_OK);
        ck_assert_uint_le(got, step);
        tscope_buffer_append(&all, buffer, got);
    } while (got == step);
    ck_assert_int_eq(tscope_evidence_stream_read(stream, buffer, step, &got, NULL), TSCOPE_OK);
    ck_assert_uint_eq(got, 0);
    free(buffer);
    return all;
}

#endif
