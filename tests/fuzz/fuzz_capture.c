/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../token_invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
lines_before(const uint8_t *data, size_t end)
{
    size_t lines = 0;

    for (size_t i = 0; i < end; i++)
        lines += data[i] == '\n';
    return lines;
}

static void
read_capture(const uint8_t *data, size_t size, const struct tscope_capture *capture)
{
    TSCOPE_AUTO(tscope_token) *token = NULL;
    const char *broken;

    if (tscope_token_parse_capture(data, size, capture, &token, NULL) != TSCOPE_OK)
        return;
    broken = token_broken(token);
    if (broken) {
        fprintf(stderr, "%s\n", broken);
        abort();
    }
    assert(token->source_offset >= capture->offset && token->source_len <= capture->len);
    assert(token->source_offset - capture->offset <= capture->len - token->source_len);
}

/* Captures lie in the input, apart from one another and in order, at the lines they tell; each can be read. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tscope_captures *captures = NULL;
    size_t last_end = 0;

    if (tscope_captures_find(data, size, &captures, NULL) != TSCOPE_OK)
        return 0;
    for (size_t i = 0; i < tscope_captures_len(captures); i++) {
        const struct tscope_capture *capture = tscope_captures_at(captures, i);

        assert(capture->offset <= size && capture->len <= size - capture->offset);
        if (!capture->member) {
            assert(capture->offset >= last_end);
            last_end = capture->offset + capture->len;
            if (size < 2 || (data[0] && data[1] && data[0] + data[1] != 0xff + 0xfe))
                assert(capture->line == lines_before(data, capture->offset) && capture->column <= capture->offset);
        }
        read_capture(data, size, capture);
    }
    tscope_captures_free(captures);
    return 0;
}
