/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <string.h>

#include <tokenscope/history.h>
#include <tokenscope/token.h>

#include "keys/history.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char before[] =
    "{\"format\":\"tokenscope-key-history/1\",\"keys\":[{\"id\":\"a\",\"jwk\":{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"a\","
    "\"x\":\"Ij_BjbIOQNc_mMkdo4lZK9xzicAvZyJF3panEaXU79I\"}}],"
    "\"endpoints\":[{\"id\":\"E\",\"url\":\"https://e.example/keys\"}],\"mine\":[1.50],"
    "\"snapshots\":[{\"endpoint\":\"E\",\"observed_at\":1000,\"source\":\"s\",\"keys\":[\"a\"]}]}";

/* Nothing of what stood there is gone, and all is in its order. */
static void
check_kept(const char *text, size_t text_len)
{
    size_t kept = 0;

    for (size_t i = 0; i < text_len && kept < sizeof(before) - 1; i++)
        kept += text[i] == before[kept];
    assert(kept == sizeof(before) - 1);
}

/* The set can be taken a second time, and then is there already. */
static void
check_again(const char *text, size_t text_len, const struct tscope_snapshot *snapshot)
{
    struct tscope_appended appended = {0};
    size_t again_len;
    char *again;

    assert(tscope_history_append((const uint8_t *)text, text_len, snapshot, 1, &again, &again_len, &appended, NULL) == TSCOPE_OK);
    assert(appended.repeated == 1 && appended.sets == 0 && appended.keys_new == 0);
    assert(again_len == text_len && memcmp(again, text, text_len) == 0);
    tscope_string_free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tscope_snapshot snapshot = {.size = sizeof(snapshot), .bytes = data, .bytes_len = size, .observed_at = 2000};
    struct tscope_error err = {0};
    enum tscope_status status;
    size_t text_len;
    char *text;

    if (!data)
        return 0;
    snapshot.url = "https://e.example/keys";
    snapshot.source = "fuzz";
    status = tscope_history_append((const uint8_t *)before, sizeof(before) - 1, &snapshot, 1, &text, &text_len, NULL, &err);
    assert(status == TSCOPE_OK || (status == TSCOPE_ERR_DATA && err.message[0]));
    if (status != TSCOPE_OK)
        return 0;
    check_kept(text, text_len);
    check_again(text, text_len, &snapshot);
    tscope_string_free(text);
    return 0;
}
