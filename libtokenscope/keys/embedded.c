/* SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "keys/history_packed.h"
#include "keys/ring.h"

enum tscope_status
tscope_keyring_add_embedded(tscope_keyring *keyring, struct tscope_error *err)
{
    const struct tscope_history *history;
    enum tscope_status status;

    if (keyring->frozen)
        return tscope_error_set(err, TSCOPE_ERR_STATE, TSCOPE_OFFSET_NONE, "the keyring is frozen");
    if (keyring->has_embedded)
        return TSCOPE_OK;
    status = tscope_history_unpack(&tscope_history_embedded, &keyring->arena, &history, err);
    if (status == TSCOPE_OK)
        status = tscope_ring_add_history(keyring, history, err);
    keyring->has_embedded = status == TSCOPE_OK;
    return status;
}

const char *
tscope_history_digest(void)
{
    return (const char *)tscope_history_embedded.blob + tscope_history_embedded.sha256.at;
}

int64_t
tscope_history_until(void)
{
    return tscope_history_embedded.until;
}
