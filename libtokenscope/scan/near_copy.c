/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/near_copy.h"

bool
tscope_near_copy_of(struct tscope_near_copy *near, const struct tscope_prime_patterns *patterns, const struct tscope_window *window,
                    uint64_t block, size_t block_len, size_t reach)
{
    uint64_t back = block < reach ? 0 : block - reach, to = block + block_len + reach, window_end = window->offset + window->len;
    size_t from, end, begin;

    if (!near->has_begun || near->to < back || near->to > to)
        *near = (struct tscope_near_copy){.has_begun = true, .to = back};
    if (near->to < window->offset)
        near->to = window->offset;
    end = (size_t)((to < window_end ? to : window_end) - window->offset);
    from = (size_t)(near->to - window->offset);
    while (from < end && tscope_prime_patterns_next(patterns, window, &from, end, &begin)) {
        near->found = true;
        near->last = window->offset + begin;
    }
    near->to = window->offset + end;
    return near->found && near->last >= back;
}

enum tscope_probe
tscope_blocks_walk(const struct tscope_window *window, size_t from, size_t to, size_t block_len, tscope_block_search *search, void *user)
{
    while (from < to) {
        uint64_t block = (window->offset + from) / block_len * block_len; /* of the stream, whatever the window */
        size_t end = from + (size_t)(block + block_len - (window->offset + from));

        if (end > to)
            end = to;
        if (search(user, block, from, end) == TSCOPE_PROBE_NO_MEMORY)
            return TSCOPE_PROBE_NO_MEMORY;
        from = end;
    }
    return TSCOPE_PROBE_NOTHING;
}
