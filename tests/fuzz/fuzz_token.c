/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../token_invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever it was read from: its parts lie in memory, its places in the text, and it can be written. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    TSCOPE_AUTO(tscope_token) *token = NULL;
    struct tscope_error err = {0};
    enum tscope_status status = tscope_token_parse(data, size, &token, &err);
    const char *broken;
    char *json = NULL;

    assert(status == TSCOPE_OK || status == TSCOPE_ERR_DATA || status == TSCOPE_ERR_TOO_LARGE);
    assert((status == TSCOPE_OK) == (token != NULL) && (status == TSCOPE_OK) == !err.message[0]);
    if (!token)
        return 0;
    broken = token_broken(token);
    if (broken) {
        fprintf(stderr, "%s\n", broken);
        abort();
    }
    assert(tscope_token_json(token, 0, &json, NULL, NULL) == TSCOPE_OK);
    tscope_string_free(json);
    return 0;
}
