/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/prime_patterns.h"

#define STEP_MIN 16u /* bytes between places that are looked up */
#define STEP_MAX 32u /* more would make the table larger than a cache */
#define SAMPLE 8u    /* bytes looked at */

struct tscope_prime_slot {
    uint64_t sample;
    uint32_t pattern; /* 1 + its number; 0: empty */
    uint32_t offset;  /* in it */
};

static uint64_t
sample_at(const uint8_t *bytes)
{
    uint64_t sample;

    memcpy(&sample, bytes, sizeof(sample));
    return sample;
}

static inline uint64_t
mix(uint64_t sample)
{
    return sample * UINT64_C(0x9e3779b97f4a7c15);
}

static size_t
slot_of(const struct tscope_prime_patterns *patterns, uint64_t sample)
{
    return (size_t)(mix(sample) >> 32) & (patterns->slots_len - 1);
}

static inline bool
may_be_sample(const struct tscope_prime_patterns *patterns, uint64_t mixed)
{
    return patterns->filter[(mixed >> 38) & (patterns->filter_len - 1)] >> (mixed >> 58) & 1;
}

static void
insert(struct tscope_prime_patterns *patterns, uint32_t number, uint32_t offset)
{
    uint64_t sample = sample_at(patterns->list[number].bytes.data + offset);
    size_t at = slot_of(patterns, sample);

    while (patterns->slots[at].pattern)
        at = (at + 1) & (patterns->slots_len - 1);
    patterns->slots[at] = (struct tscope_prime_slot){sample, number + 1, offset};
    patterns->filter[(mix(sample) >> 38) & (patterns->filter_len - 1)] |= UINT64_C(1) << (mix(sample) >> 58);
}

bool
tscope_prime_patterns_index(struct tscope_prime_patterns *patterns, struct tscope_arena *arena)
{
    patterns->step = STEP_MAX;
    for (size_t i = 0; i < patterns->len; i++) {
        if (patterns->list[i].bytes.len < STEP_MAX + SAMPLE)
            patterns->step = STEP_MIN;
    }
    patterns->slots_len = 64;
    while (patterns->slots_len < 4 * patterns->step * patterns->len)
        patterns->slots_len *= 2;
    patterns->slots = tscope_arena_zeroed(arena, patterns->slots_len, sizeof(*patterns->slots));
    patterns->filter_len = patterns->slots_len / 8; /* words: of 64 bits 63 are none's */
    patterns->filter = tscope_arena_zeroed(arena, patterns->filter_len, sizeof(*patterns->filter));
    if (!patterns->slots || !patterns->filter)
        return false;
    for (uint32_t i = 0; i < patterns->len; i++) {
        for (uint32_t offset = 0; offset < patterns->step; offset++)
            insert(patterns, i, offset);
    }
    return true;
}

/* A pattern that lies over this place and begins in [from, to): the earliest. */
static const struct tscope_prime_pattern *
match_at(const struct tscope_prime_patterns *patterns, const struct tscope_window *window, size_t place, size_t from, size_t to,
         size_t *ret_begin)
{
    uint64_t sample = sample_at(window->bytes + place);
    const struct tscope_prime_pattern *found = NULL;

    for (size_t at = slot_of(patterns, sample); patterns->slots[at].pattern; at = (at + 1) & (patterns->slots_len - 1)) {
        const struct tscope_prime_slot *slot = &patterns->slots[at];
        const struct tscope_prime_pattern *pattern = &patterns->list[slot->pattern - 1];
        size_t begin = place - slot->offset;

        if (slot->sample != sample || slot->offset > place || begin < from || begin >= to || (found && begin >= *ret_begin))
            continue;
        if (window->len - begin < pattern->bytes.len || memcmp(window->bytes + begin, pattern->bytes.data, pattern->bytes.len) != 0)
            continue;
        found = pattern;
        *ret_begin = begin;
    }
    return found;
}

const struct tscope_prime_pattern *
tscope_prime_patterns_next(const struct tscope_prime_patterns *patterns, const struct tscope_window *window, size_t *from, size_t to,
                           size_t *ret_begin)
{
    const size_t step = patterns->step;
    /* places are counted in the stream, so that windows change nothing */
    size_t place = *from + (step - (size_t)((window->offset + *from) % step)) % step;

    for (; place < to + step - 1 && window->len >= SAMPLE && place <= window->len - SAMPLE; place += step) {
        const struct tscope_prime_pattern *found;

        if (!may_be_sample(patterns, mix(sample_at(window->bytes + place))))
            continue;
        found = match_at(patterns, window, place, *from, to, ret_begin);

        if (found) {
            *from = *ret_begin + 1;
            return found;
        }
    }
    *from = to;
    return NULL;
}
