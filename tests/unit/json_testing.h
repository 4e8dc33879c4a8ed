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

static inline bool
has_capital_name(const struct tscope_json *json)
{
    for (uint32_t i = 0; i < json->values_len; i++) {
        const struct tscope_value *value = &json->values[i];

        for (uint32_t at = 0; at < value->name_len; at++) {
            uint8_t letter = json->text[value->name + at];

            if ((letter >= 'A' && letter <= 'Z') || value->flags & TSCOPE_VALUE_NAME_ESCAPED)
                return true;
        }
    }
    return false;
}

/* What holds for every index, of whatever text. */
static inline void
check_invariants(const struct tscope_json *json)
{
    for (uint32_t i = 0; i < json->values_len; i++) {
        const struct tscope_value *value = &json->values[i];

        ck_assert_uint_le((uint64_t)value->start + value->len, json->text_len);
        ck_assert_uint_le((uint64_t)value->name + value->name_len, json->text_len);
        ck_assert(value->next == 0 || (value->next > i && value->next < json->values_len));
        ck_assert_uint_le(value->count, json->values_len - i - 1);
    }
    ck_assert_int_eq(json->lower_case, !has_capital_name(json));
    ck_assert_uint_le(json->flaws_len, json->flaws_total);
    ck_assert_uint_le(json->flaws_len, TSCOPE_JSON_FLAWS_MAX);
    for (uint32_t i = 0; i < json->flaws_len; i++) {
        ck_assert_uint_le((uint64_t)json->flaws[i].offset + json->flaws[i].len, json->text_len);
        ck_assert(json->flaws[i].value == 0 || json->flaws[i].value < json->values_len);
        ck_assert(i == 0 || json->flaws[i - 1].offset <= json->flaws[i].offset);
    }
    ck_assert(!json->strict || json->readable);
}

#endif
