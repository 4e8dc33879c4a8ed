/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/prime.h"

#include "core/error.h"
#include "scan/near_copy.h"
#include "scan/prime_block.h"

#define NEAR (64u << 10) /* around a copy of a modulus all places are searched */

struct tscope_prime_finder {
    struct tscope_key_prover prover;
    enum tscope_prime_depth depth;
    struct tscope_prime_keys keys;
    struct tscope_prime_lanes lanes;
    struct tscope_near_copy near; /* aligned */
};

enum tscope_status
tscope_prime_finder_new(const tscope_keyring *private_of, enum tscope_prime_depth depth, tscope_prime_finder **ret_finder,
                        struct tscope_error *err)
{
    TSCOPE_AUTO(tscope_prime_finder) *finder = tscope_alloc_zeroed(1, sizeof(*finder));

    if (!finder)
        return tscope_error_no_memory(err);
    finder->prover = (struct tscope_key_prover){tscope_keyring_crypto(private_of), private_of};
    finder->depth = depth;
    if (!tscope_prime_keys_prepare(&finder->keys, private_of))
        return tscope_error_no_memory(err);
    *ret_finder = TSCOPE_STEAL(finder);
    return TSCOPE_OK;
}

void
tscope_prime_finder_free(tscope_prime_finder *finder)
{
    if (!finder)
        return;
    tscope_prime_keys_clear(&finder->keys);
    tscope_free(finder);
}

size_t
tscope_prime_finder_keys(const tscope_prime_finder *finder)
{
    return finder->keys.len;
}

size_t
tscope_prime_finder_ahead(const tscope_prime_finder *finder)
{
    size_t ahead = finder->keys.pattern_len_max + TSCOPE_PRIME_BLOCK;

    return finder->depth == TSCOPE_PRIME_ALIGNED ? ahead + NEAR + TSCOPE_PRIME_BLOCK : ahead;
}

void
tscope_prime_finder_begin(tscope_prime_finder *finder)
{
    finder->near = (struct tscope_near_copy){.found = false};
}

struct walk {
    tscope_prime_finder *finder;
    struct tscope_prime_search search;
};

/* Where no copy of a modulus is near, none begins either. */
static enum tscope_probe
search_block(void *user, uint64_t block, size_t from, size_t to)
{
    struct walk *walk = user;
    struct tscope_prime_search *search = &walk->search;
    tscope_prime_finder *finder = walk->finder;

    if (finder->depth == TSCOPE_PRIME_ALIGNED)
        search->everywhere = tscope_near_copy_of(&finder->near, &finder->keys.patterns, search->window, block, TSCOPE_PRIME_BLOCK, NEAR);
    if (search->everywhere && tscope_prime_search_copies(search, from, to) == TSCOPE_PROBE_NO_MEMORY)
        return TSCOPE_PROBE_NO_MEMORY;
    return tscope_prime_search_numbers(search, from, to);
}

enum tscope_probe
tscope_prime_scan(tscope_prime_finder *finder, const struct tscope_window *window, size_t from, size_t to, tscope_prime_emit *emit,
                  void *user)
{
    struct walk walk = {finder,
                        {.keys = &finder->keys,
                         .lanes = &finder->lanes,
                         .prover = finder->prover,
                         .window = window,
                         .emit = emit,
                         .user = user,
                         .everywhere = true,
                         .is_deep = finder->depth == TSCOPE_PRIME_DEEP}};

    return finder->keys.len ? tscope_blocks_walk(window, from, to, TSCOPE_PRIME_BLOCK, search_block, &walk) : TSCOPE_PROBE_NOTHING;
}
