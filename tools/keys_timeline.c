/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "keys.h"
#include "memory.h"
#include "message.h"
#include "output.h"
#include "terminal.h"

/* "keys timeline": when keys were published, a row a key. */

#define FOUND_MAX 256

struct chosen {
    const tscope_key **keys;
    size_t len;
};

static void
choose(struct chosen *chosen, const tscope_key *key)
{
    chosen->keys = memory_grow(chosen->keys, chosen->len + 1, sizeof(*chosen->keys));
    chosen->keys[chosen->len++] = key;
}

/* Those that the operands name, else all that --family and its like leave. */
static enum exit_status
choose_keys(const struct keys *keys, struct chosen *chosen)
{
    size_t count = tscope_keyring_count(keys->keyring);

    for (size_t i = 0; i < keys->operands.words_len; i++) {
        const tscope_key *found[FOUND_MAX];
        size_t found_len = tscope_keyring_find(keys->keyring, keys->operands.words[i], found, FOUND_MAX);

        if (found_len == 0) {
            message_print("no key has the kid, thumbprint or modulus '%.64s'", keys->operands.words[i]);
            return EXIT_STATUS_NOT_FOUND;
        }
        for (size_t k = 0; k < found_len && k < FOUND_MAX; k++)
            choose(chosen, found[k]);
    }
    for (size_t i = 0; keys->operands.words_len == 0 && i < count; i++) {
        const tscope_key *key = tscope_keyring_key(keys->keyring, i);

        if (keys_are_wanted(keys, key))
            choose(chosen, key);
    }
    return EXIT_STATUS_OK;
}

static enum exit_status
print(const struct keys *keys, const struct chosen *chosen)
{
    AUTO(tscope_key_timeline) *timeline = NULL;
    AUTO(handed_text) *text = NULL;
    struct tscope_error err = {0};
    enum tscope_status status =
        tscope_key_timeline_new(keys->keyring, chosen->keys, chosen->len, keys->since, keys->until, &timeline, &err);
    size_t text_len = 0;

    if (status == TSCOPE_ERR_ARGUMENT)
        return message_usage("keys", "--since and --until are no period");
    if (status == TSCOPE_OK && keys->format == KEYS_FORMAT_JSON)
        status = tscope_key_timeline_json(timeline, true, &text, &text_len, &err);
    else if (status == TSCOPE_OK && keys->format == KEYS_FORMAT_SVG)
        status = tscope_key_timeline_svg(timeline, &text, &text_len, &err);
    else if (status == TSCOPE_OK)
        status = tscope_key_timeline_text(timeline, terminal_width(), terminal_has_colour((enum terminal_colour)keys->colour), &text,
                                          &text_len, &err);
    if (status != TSCOPE_OK)
        return message_error(NULL, &err);
    output_write(text, text_len);
    if (keys->format == KEYS_FORMAT_JSON)
        putchar('\n');
    return EXIT_STATUS_OK;
}

enum exit_status
keys_timeline(const struct keys *keys)
{
    struct chosen chosen = {0};
    enum exit_status status = choose_keys(keys, &chosen);

    if (status == EXIT_STATUS_OK && chosen.len == 0 && keys->format == KEYS_FORMAT_TEXT)
        message_print("no keys of which that is known");
    else if (status == EXIT_STATUS_OK)
        status = print(keys, &chosen);
    free(chosen.keys);
    return status;
}
