/* SPDX-License-Identifier: Apache-2.0 */
#include "core/alloc.h"
#include "core/error.h"
#include "keys/ring.h"

/* Kept as the text they came as: a list of a million words costs its own size, and is walked only for tokens that need it. */

enum tscope_status
tscope_keyring_add_secrets(tscope_keyring *keyring, const uint8_t *bytes, size_t bytes_len, const char *name, struct tscope_error *err)
{
    struct tscope_ring_secrets *secrets;
    struct tscope_span source;
    enum tscope_status status;

    if (keyring->frozen)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the keyring is frozen");
    if (bytes_len > TSCOPE_KEYS_INPUT_MAX)
        return tscope_error_set(err, TSCOPE_ERR_TOO_LARGE, TSCOPE_OFFSET_NONE, "secrets of over %u bytes", TSCOPE_KEYS_INPUT_MAX);
    status = tscope_ring_keep(keyring, tscope_span_text(name ? name : "secrets"), &source, err);
    if (status != TSCOPE_OK)
        return status;
    secrets = tscope_alloc(sizeof(*secrets) + bytes_len);
    if (!secrets)
        return tscope_error_no_memory(err);
    *secrets = (struct tscope_ring_secrets){.next = keyring->secrets, .source = source, .len = bytes_len};
    if (bytes_len)
        memcpy(secrets->text, bytes, bytes_len);
    keyring->secrets = secrets;
    return TSCOPE_OK;
}

void
tscope_ring_forget_secrets(tscope_keyring *keyring)
{
    while (keyring->secrets) {
        struct tscope_ring_secrets *secrets = keyring->secrets;

        keyring->secrets = secrets->next;
        tscope_wipe(secrets, sizeof(*secrets) + secrets->len);
        tscope_free(secrets);
    }
}

/* The line at the walk's offset without its end; the walk moves behind it. */
static struct tscope_span
take_line(struct tscope_secret_walk *walk)
{
    const uint8_t *start = walk->list->text + walk->offset;
    size_t left = walk->list->len - walk->offset;
    const uint8_t *end = memchr(start, '\n', left);
    size_t len = end ? (size_t)(end - start) : left;

    walk->offset += len + (end ? 1 : 0);
    walk->line++;
    if (end && len && start[len - 1] == '\r')
        len--;
    return tscope_span_of(start, len);
}

bool
tscope_keyring_next_secret(const tscope_keyring *keyring, struct tscope_secret_walk *walk, struct tscope_span *ret_secret)
{
    if (!walk->started)
        *walk = (struct tscope_secret_walk){.started = true, .list = keyring->secrets};
    while (walk->list) {
        while (walk->offset < walk->list->len) {
            struct tscope_span line = take_line(walk);

            if (line.len == 0)
                continue;
            walk->source = walk->list->source;
            *ret_secret = line;
            return true;
        }
        *walk = (struct tscope_secret_walk){.started = true, .list = walk->list->next};
    }
    return false;
}
