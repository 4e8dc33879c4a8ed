/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "escape.h"
#include "keys.h"
#include "layout.h"
#include "memory.h"
#include "message.h"
#include "output.h"

/* "keys diff": how two key sets or key histories differ. */

static bool
is_folder(const char *path)
{
    struct stat file;

    return stat(path, &file) == 0 && S_ISDIR(file.st_mode);
}

static enum exit_status
add_bytes(tscope_keyring *keyring, const char *path, const char *bytes, size_t bytes_len)
{
    struct tscope_error err = {.offset = TSCOPE_OFFSET_NONE};
    const uint8_t *text = (const uint8_t *)bytes;
    enum tscope_status status;

    if (tscope_history_is(text, bytes_len))
        status = tscope_keyring_add_history(keyring, text, bytes_len, path, &err);
    else
        status = tscope_keyring_add(keyring, text, bytes_len, path, NULL, NULL, &err);
    return status == TSCOPE_OK ? EXIT_STATUS_OK : message_error(path, &err);
}

/* A history, or any form of keys. */
static enum exit_status
load_side(const char *path, tscope_keyring **ret_keyring)
{
    AUTO(tscope_keyring) *keyring = NULL;
    AUTO(heap_text) *bytes = NULL;
    struct tscope_error err = {.offset = TSCOPE_OFFSET_NONE};
    enum exit_status status = EXIT_STATUS_OK;
    size_t bytes_len = 0;

    if (tscope_keyring_new(&keyring, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (is_folder(path)) {
        if (tscope_keyring_add_path(keyring, path, NULL, &err) != TSCOPE_OK)
            return message_error(path, &err);
    } else {
        status = input_load(path, EXAMINER_FILE_MAX, &bytes, &bytes_len);
        if (status == EXIT_STATUS_OK)
            status = add_bytes(keyring, path, bytes, bytes_len);
    }
    if (status != EXIT_STATUS_OK)
        return status;
    if (tscope_keyring_freeze(keyring, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    *ret_keyring = keyring;
    keyring = NULL;
    return EXIT_STATUS_OK;
}

static void
print_side(const char *word, const tscope_key *key, bool with_kid)
{
    const char *kid = tscope_key_kid(key), *thumbprint = tscope_key_thumbprint(key);
    AUTO(heap_text) *safe = escape_text(kid ? kid : "without kid");
    AUTO(heap_text) *type = memory_print(tscope_key_bits(key) ? "%s %zu" : "%s", tscope_key_type(key), tscope_key_bits(key));

    printf("         %-4s  ", word);
    if (with_kid)
        printf("%.120s\n               ", safe);
    printf("%-8s %s\n", type, thumbprint ? thumbprint : "no thumbprint: it lacks numbers of its type");
}

static void
print_difference(const struct tscope_key_difference_view *difference)
{
    const tscope_key *key = difference->to ? difference->to : difference->from;
    const char *kid = tscope_key_kid(key);
    AUTO(heap_text) *safe = escape_text(kid ? kid : "without kid");

    printf("%-8s %.120s%s%s\n", tscope_key_difference_id(difference->kind), safe, difference->members ? ": " : "",
           difference->members ? difference->members : "");
    if (difference->kind == TSCOPE_KEY_DIFFERENCE_CHANGED || difference->kind == TSCOPE_KEY_DIFFERENCE_RENAMED)
        print_side("was", difference->from, difference->kind == TSCOPE_KEY_DIFFERENCE_RENAMED);
    print_side(difference->kind == TSCOPE_KEY_DIFFERENCE_CHANGED ? "is" : "key", key, false);
}

static void
print_differences(const tscope_key_diff *diff)
{
    size_t counts[TSCOPE_KEY_DIFFERENCE_ALTERED + 1] = {0};
    struct tscope_key_difference_view difference;
    size_t same = tscope_key_diff_same(diff);

    for (size_t i = 0; tscope_key_diff_at(diff, i, &difference) && output_flush(); i++) {
        print_difference(&difference);
        counts[difference.kind]++;
    }
    printf("%zu key%s the same", same, same == 1 ? "" : "s");
    for (int kind = 0; kind <= TSCOPE_KEY_DIFFERENCE_ALTERED; kind++) {
        if (counts[kind])
            printf(", %zu %s", counts[kind], tscope_key_difference_id((enum tscope_key_difference)kind));
    }
    putchar('\n');
}

static enum exit_status
print_json(const tscope_key_diff *diff)
{
    AUTO(handed_text) *text = NULL;
    struct tscope_error err = {0};
    size_t text_len = 0;

    if (tscope_key_diff_json(diff, true, &text, &text_len, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    output_write(text, text_len);
    putchar('\n');
    return EXIT_STATUS_OK;
}

enum exit_status
keys_diff(const struct keys *keys)
{
    AUTO(tscope_keyring) *from = NULL;
    AUTO(tscope_keyring) *to = NULL;
    AUTO(tscope_key_diff) *diff = NULL;
    struct tscope_error err = {0};
    enum exit_status status = load_side(keys->operands.words[0], &from);

    if (status == EXIT_STATUS_OK)
        status = load_side(keys->operands.words[1], &to);
    if (status != EXIT_STATUS_OK)
        return status;
    if (tscope_key_diff_new(from, to, &diff, &err) != TSCOPE_OK)
        return message_error(NULL, &err);
    if (keys->format == KEYS_FORMAT_TEXT)
        print_differences(diff);
    else
        status = print_json(diff);
    if (status == EXIT_STATUS_OK && tscope_key_diff_count(diff) > 0)
        status = EXIT_STATUS_BAD;
    return status;
}
