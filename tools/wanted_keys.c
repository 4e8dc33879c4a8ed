/* SPDX-License-Identifier: Apache-2.0 */
#include "wanted_keys.h"

#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#include "memory.h"
#include "message.h"

#define KEYS_MAX 16 /* of one kid */

/* The public key again, as a file would have it. */
static char *
make_jwk(const tscope_keyring *keyring, const tscope_key *key)
{
    AUTO(handed_text) *json = NULL;
    AUTO(json_t) *full = NULL;
    AUTO(json_t) *jwk = NULL;
    size_t json_len = 0;

    if (tscope_key_json(keyring, key, TSCOPE_KEY_JSON_FULL, &json, &json_len, NULL) != TSCOPE_OK)
        return NULL;
    full = json_loadb(json, json_len, 0, NULL);
    if (json_object_get(full, "jwk"))
        return json_dumps(json_object_get(full, "jwk"), JSON_COMPACT);
    if (!json_object_get(full, "n") || !json_object_get(full, "e"))
        return NULL;
    jwk = json_pack("{s:s, s:O, s:O, s:s*}", "kty", "RSA", "n", json_object_get(full, "n"), "e", json_object_get(full, "e"), "kid",
                    tscope_key_kid(key));
    return jwk ? json_dumps(jwk, JSON_COMPACT) : NULL;
}

static enum exit_status
add_by_name(tscope_keyring *wanted, const char *name, const tscope_keyring *keyring)
{
    const tscope_key *keys[KEYS_MAX];
    size_t count = tscope_keyring_find(keyring, name, keys, KEYS_MAX);
    struct tscope_error err = {.offset = TSCOPE_OFFSET_NONE};

    if (count == 0) {
        message_print("--find-private-of: no file and no key at hand is '%s'", name);
        return EXIT_STATUS_NOT_FOUND;
    }
    for (size_t i = 0; i < count && i < KEYS_MAX; i++) {
        AUTO(heap_text) *jwk = make_jwk(keyring, keys[i]);

        if (jwk && tscope_keyring_add(wanted, (const uint8_t *)jwk, strlen(jwk), name, NULL, NULL, &err) != TSCOPE_OK)
            return message_error(name, &err);
    }
    return EXIT_STATUS_OK;
}

static bool
has_type(const tscope_keyring *keyring, const char *type)
{
    for (size_t i = 0; i < tscope_keyring_count(keyring); i++) {
        if (strcmp(tscope_key_type(tscope_keyring_key(keyring, i)), type) == 0)
            return true;
    }
    return false;
}

enum exit_status
wanted_keys_load(const char *wanted, bool deep, const tscope_keyring *keyring, tscope_keyring **ret_wanted)
{
    AUTO(tscope_keyring) *keys = NULL;
    struct tscope_error err = {.offset = TSCOPE_OFFSET_NONE};
    enum exit_status status = EXIT_STATUS_OK;
    struct stat file;

    if (tscope_keyring_new(&keys, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (stat(wanted, &file) != 0)
        status = add_by_name(keys, wanted, keyring);
    else if (tscope_keyring_add_path(keys, wanted, NULL, &err) != TSCOPE_OK)
        status = message_error(wanted, &err);
    if (status != EXIT_STATUS_OK)
        return status;
    if (tscope_keyring_freeze(keys, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (!has_type(keys, "RSA") && !(deep && has_type(keys, "EC"))) {
        message_print("--find-private-of: '%s' holds no RSA key%s", wanted,
                      has_type(keys, "EC") ? "; EC keys are looked for with --deep" : "");
        return EXIT_STATUS_DATA;
    }
    *ret_wanted = keys;
    keys = NULL;
    return EXIT_STATUS_OK;
}
