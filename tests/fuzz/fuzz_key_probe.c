/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "scan/key_probe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
    uint8_t bytes[3];
    enum tscope_key_anchor anchor;
} anchors[] = {
#define ROW(name, first, second, third) {{first, second, third}, TSCOPE_KEY_ANCHOR_##name},
    TSCOPE_FOREACH_KEY_ANCHOR(ROW)
#undef ROW
};

static tscope_key_finder *
open_finder(void)
{
    static tscope_key_finder *finder;

    if (!finder && tscope_key_finder_new(NULL, &finder, NULL) != TSCOPE_OK)
        abort();
    return finder;
}

/* What is found lies in the window around its anchor, and says what it is. */
static void
look(tscope_key_finder *finder, const struct tscope_window *window, size_t at, enum tscope_key_anchor anchor)
{
    struct tscope_key_place place;
    enum tscope_probe probe = tscope_key_probe(finder, window, at, anchor, &place);

    if (probe == TSCOPE_PROBE_MORE && window->is_last)
        __builtin_trap();
    if (probe != TSCOPE_PROBE_FOUND)
        return;
    if (place.begin > at || place.end <= at || place.end > window->len || !tscope_found_key_form(place.key) ||
        !tscope_found_key_state(place.key) || !tscope_found_key_component(place.key) || !tscope_found_key_layout(place.key))
        __builtin_trap();
    tscope_found_key_free(place.key);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tscope_key_finder *finder = open_finder();

    for (size_t at = 0; at + 3 <= size; at++) {
        for (size_t i = 0; i < TSCOPE_COUNT(anchors); i++) {
            struct tscope_window window = {.bytes = data, .len = size, .is_last = true};

            if (memcmp(data + at, anchors[i].bytes, 3) != 0)
                continue;
            look(finder, &window, at, anchors[i].anchor);
            window.is_last = false;
            look(finder, &window, at, anchors[i].anchor);
        }
    }
    return 0;
}
