/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_INSPECT_BATCH_MEMORY_H
#define TSCOPE_INSPECT_BATCH_MEMORY_H

#include <stdbool.h>

#include "core/buffer.h"
#include "core/span.h"

/**
 * @file What tokens were answered with, by a digest of all that the answer depends on. Bounded, and shared by threads.
 *
 * A digest and a verdict are kept for each of very many tokens, the whole answer for the latest ones. Tokens that are the same by
 * the first 160 bits of a SHA-256 are taken for the same.
 */

#define TSCOPE_BATCH_DIGEST_LEN 32 /* SHA-256; what of it is kept is decided here */

/** What is kept of each; text_at is for batch_memory.c. */
struct tscope_batch_verdict {
    uint8_t verdict;
    bool is_uncertain;
};

struct tscope_batch_memory;

/** texts_max: bytes of all texts; 0 for none. NULL: out of memory. */
struct tscope_batch_memory *tscope_batch_memory_new(size_t tokens_max, size_t texts_max);
void tscope_batch_memory_free(struct tscope_batch_memory *memory); /* NULL is allowed */

/**
 * True when the token is known; then *ret_verdict is filled, and text, if it is not NULL, gets what was kept with it.
 *
 * @param text  replaced; when it is asked for, a token whose text is not kept any more is not known
 */
bool tscope_batch_memory_find(struct tscope_batch_memory *memory, const uint8_t digest[TSCOPE_BATCH_DIGEST_LEN],
                              struct tscope_batch_verdict *ret_verdict, struct tscope_buffer *text);

/** Keeps an answer; without memory for it the token is not known, and nothing else happens. text.data NULL: none. */
void tscope_batch_memory_keep(struct tscope_batch_memory *memory, const uint8_t digest[TSCOPE_BATCH_DIGEST_LEN],
                              struct tscope_batch_verdict verdict, struct tscope_span text);

/** Tokens that were new when they were kept, and of these, those pushed out by later ones. */
void tscope_batch_memory_count(struct tscope_batch_memory *memory, uint64_t *ret_different, uint64_t *ret_forgotten);

#endif
