/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_EVIDENCE_FUZZING_H
#define TSCOPE_EVIDENCE_FUZZING_H

#include <assert.h>
#include <stdlib.h>

#include "core/json.h"
#include "evidence/evidence.h"
#include "evidence/stream.h"

/** @file Evidence out of a fuzzer's bytes: all streams are read, places of each are located, and what must always hold is asserted. */

struct fuzzed {
    const uint8_t *data;
    size_t size;
    size_t delivered;
    uint64_t *offsets;
};

static inline enum tscope_status
read_fuzzed(void *user, uint64_t offset, uint8_t *buffer, size_t len, size_t *ret_len, struct tscope_error *err)
{
    const struct fuzzed *fuzzed = user;

    (void)err;
    assert(offset <= fuzzed->size);
    *ret_len = len < fuzzed->size - offset ? len : fuzzed->size - (size_t)offset;
    memcpy(buffer, fuzzed->data + offset, *ret_len);
    return TSCOPE_OK;
}

/* Delivered in order, and as JSON that is nothing but JSON. */
static inline void
check_context(void *user, size_t number, const struct tscope_context *context)
{
    struct fuzzed *fuzzed = user;
    struct tscope_arena arena = {0};
    struct tscope_json json;
    char *text = NULL;
    size_t len = 0;

    assert(number == fuzzed->delivered && context->offset == fuzzed->offsets[number]);
    fuzzed->delivered++;
    if (tscope_context_json(context, &text, &len, NULL) != TSCOPE_OK)
        return;
    assert(len < 16384);
    if (tscope_json_read(&json, &arena, (const uint8_t *)text, len, TSCOPE_JSON_LIMITS_TOKEN, NULL) == TSCOPE_OK)
        assert(json.readable && json.strict && json.flaws_total == 0);
    tscope_arena_clear(&arena);
    tscope_free(text);
}

static inline void
locate_in(tscope_evidence *evidence, tscope_evidence_stream *stream, struct fuzzed *fuzzed)
{
    uint64_t offsets[24];
    size_t count = 0, got = 0, len = 0;
    uint8_t buffer[4096];

    do {
        if (tscope_evidence_stream_read(stream, buffer, sizeof(buffer), &got, NULL) != TSCOPE_OK)
            return;
        for (size_t i = 0; i < got && count < 20; i++) {
            if (buffer[i] == 'e' || buffer[i] == '@')
                offsets[count++] = len + i;
        }
        len += got;
    } while (got == sizeof(buffer));
    if (count == 0 || offsets[count - 1] < len)
        offsets[count++] = len;
    offsets[count++] = UINT64_MAX;
    fuzzed->offsets = offsets;
    fuzzed->delivered = 0;
    if (tscope_evidence_locate(evidence, stream, offsets, count, check_context, fuzzed, NULL) == TSCOPE_OK)
        assert(fuzzed->delivered == count);
}

/* format: what the bytes are taken for; RAW: what they say. */
static inline void
fuzz_evidence(const uint8_t *data, size_t size, enum tscope_evidence_format format)
{
    struct fuzzed fuzzed = {.data = data, .size = size};
    struct tscope_evidence_source source = {.size = size, .read = read_fuzzed, .user = &fuzzed};
    struct tscope_evidence_options options = {.size = sizeof(options), .inflated_max = 4 << 20, .ratio_from = 1 << 20};
    tscope_evidence_stream *stream = NULL;
    tscope_evidence *evidence = NULL;

    if (tscope_evidence_open(&source, &options, &evidence, NULL) != TSCOPE_OK)
        return;
    if (format != TSCOPE_EVIDENCE_RAW)
        evidence->root->format = format;
    for (int i = 0; i < 50 && tscope_evidence_next(evidence, &stream, NULL) == TSCOPE_OK && stream; i++) {
        locate_in(evidence, stream, &fuzzed);
        tscope_evidence_stream_free(stream);
    }
    tscope_evidence_free(evidence);
}

#endif
