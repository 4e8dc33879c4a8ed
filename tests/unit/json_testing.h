/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TESTS_JSON_TESTING_H
#define TSCOPE_TESTS_JSON_TESTING_H

#include <check.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/json.h"

/** @file What the tests of the JSON index share. */

/* An index over a copy of exact size, so that a sanitizer sees the first byte too far. */
struct indexed {
    struct tscope_json json;
    struct tscope_arena arena;
    uint8_t *copy;
};

static inline enum tscope_status
read_bytes(struct indexed *indexed, struct tscope_span text, struct tscope_json_limits limits)
{
    *indexed = (struct indexed){.copy = tscope_alloc(text.len)};
    if (text.len)
        memcpy(indexed->copy, text.data, text.len);
    return tscope_json_read(&indexed->json, &indexed->arena, indexed->copy, text.len, limits, NULL);
}

static inline void
read_text(struct indexed *indexed, const char *text)
{
    ck_assert_int_eq(read_bytes(indexed, tscope_span_text(text), TSCOPE_JSON_LIMITS_TOKEN), TSCOPE_OK);
}

static inline void
clear(struct indexed *indexed)
{
    tscope_arena_clear(&indexed->arena);
    tscope_free(indexed->copy);
}

#endif
