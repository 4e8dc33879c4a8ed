/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "keys/ring.h"

enum tscope_status
tscope_keyring_add_embedded(tscope_keyring *keyring, struct tscope_error *err)
{
    if (keyring->frozen)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the keyring is frozen");
    for (size_t i = 0; i < keyring->histories_len; i++) {
        if (keyring->histories[i] == &tscope_history_embedded)
            return TSCOPE_OK;
    }
    return tscope_ring_add_history(keyring, &tscope_history_embedded, err);
}

const char *
tscope_history_digest(void)
{
    return (const char *)tscope_history_embedded.sha256.data;
}

int64_t
tscope_history_until(void)
{
    return tscope_history_embedded.until;
}
