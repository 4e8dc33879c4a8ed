/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INSPECT_TESTING_H
#define INSPECT_TESTING_H

#include <tokenscope/tokenscope.h>

#include <stdlib.h>

#include "core/json.h"
#include "keys_testing.h"

/** @file What tests of whole inspections share: the keys of vectors/history, and the tokens of vectors. */

static tscope_keyring *ring;
static tscope_profile *profile;

static char *
read_source(const char *name, size_t *ret_len)
{
    char path[512];
    FILE *file;
    char *bytes = malloc(1 << 20);

    snprintf(path, sizeof(path), "%s/%s", TSCOPE_SOURCE_ROOT, name);
    file = fopen(path, "rb");
    ck_assert_msg(file && bytes, "%s", path);
    *ret_len = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    ck_assert_uint_gt(*ret_len, 0);
    return bytes;
}

static void
set_up(void)
{
    size_t len;
    char *history = read_source("vectors/history/microsoft.json", &len);

    ring = new_keyring();
    ck_assert_int_eq(tscope_keyring_add_history(ring, (const uint8_t *)history, len, "microsoft", NULL), TSCOPE_OK);
    free(history);
    freeze(ring);
    ck_assert_int_eq(tscope_profile_new(NULL, &profile, NULL), TSCOPE_OK);
}

static void
tear_down(void)
{
    tscope_keyring_free(ring);
    tscope_profile_free(profile);
}

/* The token of a vector, the caller's to free. */
static inline char *
token_of(const char *vector, size_t *ret_len)
{
    struct tscope_arena arena = {0};
    struct tscope_json json;
    struct tscope_span token;
    size_t len;
    char *text = read_source(vector, &len), *copy;

    ck_assert_int_eq(tscope_json_read(&json, &arena, (const uint8_t *)text, len, TSCOPE_JSON_LIMITS_FILE, NULL), TSCOPE_OK);
    token = tscope_json_string(&json, tscope_json_at(&json, "/token"), &arena);
    ck_assert_uint_gt(token.len, 0);
    copy = (char *)exact_copy(token.data, token.len);
    *ret_len = token.len;
    tscope_arena_clear(&arena);
    free(text);
    return copy;
}

#endif
