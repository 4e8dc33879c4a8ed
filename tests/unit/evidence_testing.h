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

/* Contexts of places, as JSON. */
struct contexts {
    size_t len;
    char *json[64];
};

static inline void
keep_context(void *user, size_t number, const struct tscope_context *context)
{
    struct contexts *contexts = user;

    ck_assert_uint_eq(number, contexts->len);
    ck_assert_uint_lt(number, TSCOPE_COUNT(contexts->json));
    ck_assert_int_eq(tscope_context_json(context, &contexts->json[contexts->len++], NULL, NULL), TSCOPE_OK);
}

static inline void
clear_contexts(struct contexts *contexts)
{
    for (size_t i = 0; i < contexts->len; i++)
        tscope_free(contexts->json[i]);
    contexts->len = 0;
}

/* The stream of a number, with those before it passed over. */
static inline tscope_evidence_stream *
stream_at(tscope_evidence *evidence, size_t number)
{
    tscope_evidence_stream *stream = next_stream(evidence);

    while (stream && number--) {
        tscope_evidence_stream_free(stream);
        stream = next_stream(evidence);
    }
    ck_assert_ptr_nonnull(stream);
    return stream;
}

/* Where the marks "@1", "@2"… stand that a text has in place of tokens. */
static inline size_t
find_marks(const uint8_t *data, size_t len, size_t unit, size_t low, uint64_t *offsets, size_t max)
{
    size_t count = 0;

    for (size_t i = low; i + unit < len; i += unit) {
        if (data[i] == '@' && data[i + unit] >= '0' && data[i + unit] <= 'Z' && data[i + unit] != '@' && count < max)
            offsets[count++] = i - low;
    }
    return count;
}

/* The contexts of all marks of a text. */
static inline struct contexts
contexts_of(const void *data, size_t len)
{
    struct memory_source memory = {data, len, 0};
    tscope_evidence *evidence = open_with(&memory, NULL);
    tscope_evidence_stream *stream = next_stream(evidence);
    uint64_t offsets[64];
    struct contexts contexts = {0};
    size_t count = find_marks(data, len, 1, 0, offsets, 64);

    ck_assert_int_eq(tscope_evidence_locate(evidence, stream, offsets, count, keep_context, &contexts, NULL), TSCOPE_OK);
    ck_assert_uint_eq(contexts.len, count);
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
    return contexts;
}

/* Asked for one by one, in order and then backwards, places have the contexts that they have when they are asked for together. */
static inline void
check_one_by_one(const void *data, size_t len)
{
    struct contexts together = contexts_of(data, len);
    struct memory_source memory = {data, len, 0};
    tscope_evidence *evidence = open_with(&memory, NULL);
    tscope_evidence_stream *stream = next_stream(evidence);
    uint64_t offsets[64];
    size_t count = find_marks(data, len, 1, 0, offsets, 64);

    for (size_t i = 0; i < 2 * count; i++) {
        size_t at = i < count ? i : 2 * count - 1 - i;
        struct contexts alone = {0};

        ck_assert_int_eq(tscope_evidence_locate(evidence, stream, &offsets[at], 1, keep_context, &alone, NULL), TSCOPE_OK);
        ck_assert_uint_eq(alone.len, 1);
        ck_assert_str_eq(alone.json[0], together.json[at]);
        clear_contexts(&alone);
    }
    clear_contexts(&together);
    tscope_evidence_stream_free(stream);
    tscope_evidence_free(evidence);
}

#endif
