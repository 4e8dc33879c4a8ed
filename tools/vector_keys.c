/* SPDX-License-Identifier: Apache-2.0 */
#include "vector_keys.h"

#include <string.h>

#include "examiner.h"
#include "input.h"
#include "memory.h"
#include "message.h"

/* What a member says: its JSON, or the path of the file it names. */
static char *
describe(const struct vector *vector, const json_t *value)
{
    char *text;

    if (!value)
        return memory_copy("");
    if (json_is_string(value))
        return vector_path(vector, json_string_value(value));
    text = json_dumps(value, JSON_COMPACT);
    return text ? text : memory_copy("");
}

/* The bytes that a member stands for: written out, or in a file. */
static enum exit_status
load(const struct vector *vector, const json_t *value, char **ret_bytes, size_t *ret_len)
{
    AUTO(heap_text) *path = NULL;

    if (!json_is_string(value)) {
        *ret_bytes = describe(vector, value);
        *ret_len = strlen(*ret_bytes);
        return EXIT_STATUS_OK;
    }
    path = describe(vector, value);
    return input_load(path, EXAMINER_FILE_MAX, ret_bytes, ret_len);
}

/* A line each, as --secrets has them. */
static enum exit_status
add_secrets(tscope_keyring *keyring, const struct vector *vector, struct tscope_error *err)
{
    for (size_t i = 0; i < json_array_size(vector->secrets); i++) {
        const json_t *secret = json_array_get(vector->secrets, i);

        if (tscope_keyring_add_secrets(keyring, (const uint8_t *)json_string_value(secret), json_string_length(secret), vector->path,
                                       err) != TSCOPE_OK)
            return message_error(vector->path, err);
    }
    return EXIT_STATUS_OK;
}

static enum exit_status
fill(tscope_keyring *keyring, const struct vector *vector)
{
    AUTO(heap_text) *history = NULL;
    AUTO(heap_text) *keys = NULL;
    enum exit_status status = EXIT_STATUS_OK;
    struct tscope_error err = {0};
    size_t history_len = 0, keys_len = 0;

    if (vector->embedded && tscope_keyring_add_embedded(keyring, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (vector->history)
        status = load(vector, vector->history, &history, &history_len);
    if (status == EXIT_STATUS_OK && vector->keys)
        status = load(vector, vector->keys, &keys, &keys_len);
    if (status != EXIT_STATUS_OK)
        return status;
    if (history && tscope_keyring_add_history(keyring, (const uint8_t *)history, history_len, vector->path, &err) != TSCOPE_OK)
        return message_error(vector->path, &err);
    if (keys && tscope_keyring_add(keyring, (const uint8_t *)keys, keys_len, vector->path, NULL, NULL, &err) != TSCOPE_OK)
        return message_error(vector->path, &err);
    if (vector->secrets)
        status = add_secrets(keyring, vector, &err);
    if (status == EXIT_STATUS_OK && tscope_keyring_freeze(keyring, &err) != TSCOPE_OK)
        status = message_error(vector->path, &err);
    return status;
}

static char *
made_of(const struct vector *vector)
{
    AUTO(heap_text) *keys = describe(vector, vector->keys);
    AUTO(heap_text) *history = describe(vector, vector->history);
    AUTO(heap_text) *secrets = describe(vector, vector->secrets);

    return memory_print("%d\n%s\n%s\n%s", vector->embedded, keys, history, secrets);
}

enum exit_status
vector_keys_get(struct vector_keys *keys, const struct vector *vector, tscope_keyring **ret_keyring)
{
    AUTO(heap_text) *wanted = made_of(vector);
    AUTO(tscope_keyring) *keyring = NULL;
    struct tscope_error err = {0};
    enum exit_status status;

    for (size_t i = 0; i < VECTOR_KEYS_KEPT; i++) {
        if (keys->kept[i].made_of && strcmp(keys->kept[i].made_of, wanted) == 0) {
            *ret_keyring = keys->kept[i].keyring;
            return EXIT_STATUS_OK;
        }
    }
    if (tscope_keyring_new(&keyring, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    status = fill(keyring, vector);
    if (status != EXIT_STATUS_OK)
        return status;
    free(keys->kept[keys->next].made_of);
    tscope_keyring_free(keys->kept[keys->next].keyring);
    keys->kept[keys->next].made_of = wanted;
    keys->kept[keys->next].keyring = *ret_keyring = keyring;
    keys->next = (keys->next + 1) % VECTOR_KEYS_KEPT;
    wanted = NULL;
    keyring = NULL;
    return EXIT_STATUS_OK;
}

void
vector_keys_clear(struct vector_keys *keys)
{
    for (size_t i = 0; i < VECTOR_KEYS_KEPT; i++) {
        free(keys->kept[i].made_of);
        tscope_keyring_free(keys->kept[i].keyring);
    }
}
