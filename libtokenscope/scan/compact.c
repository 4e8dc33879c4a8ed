/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/compact.h"

#include "core/alloc.h"
#include "core/base64url.h"
#include "core/text.h"
#include "token/shape.h"

#define HEADER_MAX 4096

static size_t
run_end(const struct tscope_window *window, size_t at, size_t max)
{
    size_t end = at;

    while (end < window->len && end - at < max && tscope_shape_is_character(window->bytes[end]))
        end++;
    return end;
}

static bool
is_header(const uint8_t *text, size_t len)
{
    uint8_t decoded[HEADER_MAX];
    size_t decoded_len;

    return len <= HEADER_MAX && tscope_base64url_decode(text, len, decoded, &decoded_len) && decoded_len > 2 &&
           decoded[decoded_len - 1] == '}' && tscope_text_find(tscope_span_of(decoded, decoded_len), TSCOPE_SPAN("\"alg\"")) != SIZE_MAX;
}

enum tscope_probe
tscope_compact_probe(const struct tscope_window *window, size_t at, struct tscope_token_place *ret_place)
{
    size_t end = run_end(window, at, HEADER_MAX + 1);

    if (end == window->len)
        return tscope_window_ends(window, at);
    if (window->bytes[end] != '.' || !is_header(window->bytes + at, end - at))
        return TSCOPE_PROBE_NOTHING;
    for (unsigned dots = 0; dots < 4 && end < window->len && window->bytes[end] == '.'; dots++)
        end = run_end(window, end + 1, TSCOPE_SCAN_TOKEN_MAX);
    if (end == window->len && !window->is_last)
        return tscope_window_ends(window, at);
    *ret_place = (struct tscope_token_place){
        .begin = at,
        .end = end,
        .encoding = TSCOPE_FIND_ENCODING_ASCII,
        .text = tscope_span_of(window->bytes + at, end - at),
    };
    return TSCOPE_PROBE_FOUND;
}
