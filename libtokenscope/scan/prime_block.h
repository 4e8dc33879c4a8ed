/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_SCAN_PRIME_BLOCK_H
#define TSCOPE_SCAN_PRIME_BLOCK_H

#include "scan/prime.h"
#include "scan/prime_keys.h"

/** @file The private numbers of prepared keys that begin in one block of a stream. */

#define TSCOPE_PRIME_BLOCK 4096u

/** Numbers that wait until eight can be asked about at once. */
struct tscope_prime_lanes {
    uint64_t numbers[TSCOPE_DIVISOR_WORDS_MAX][TSCOPE_DIVISOR_LANES];
    size_t begins[TSCOPE_DIVISOR_LANES];
    size_t len;
};

/** One walk over a window. */
struct tscope_prime_search {
    const struct tscope_prime_keys *keys;
    struct tscope_prime_lanes *lanes;
    struct tscope_key_prover prover;
    const struct tscope_window *window;
    tscope_prime_emit *emit;
    void *user;
    bool everywhere; /* not at the places alone where allocators put numbers */
    bool is_deep;    /* words of 32 bits at odd places, too */
};

/** Copies of a modulus that begin in window->bytes[from..to). NOTHING or NO_MEMORY, here and below. */
enum tscope_probe tscope_prime_search_copies(const struct tscope_prime_search *search, size_t from, size_t to);
/** Primes and private exponents; at most TSCOPE_PRIME_BLOCK bytes. */
enum tscope_probe tscope_prime_search_numbers(const struct tscope_prime_search *search, size_t from, size_t to);

#endif
