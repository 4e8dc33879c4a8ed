/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_TOKEN_HEADER_MEMORY_H
#define TSCOPE_TOKEN_HEADER_MEMORY_H

#include "token/token.h"

/**
 * @file Headers that were read before. Tokens of one issuer have the same one for as long as it signs with one key, and an index over JSON
 * holds places in the text alone, so that it serves each text of these bytes. Only headers without a flaw are kept, and none with a key in
 * it: it may be a private one, and that is not to outlive its token.
 */

#define TSCOPE_HEADERS_REMEMBERED 4
#define TSCOPE_HEADER_REMEMBERED_MAX 384 /* bytes */
#define TSCOPE_HEADER_VALUES_MAX 12

struct tscope_remembered_header {
    uint32_t len; /* 0: none */
    uint32_t values_len;
    bool lower_case, compact;
    uint8_t text[TSCOPE_HEADER_REMEMBERED_MAX];
    struct tscope_value values[TSCOPE_HEADER_VALUES_MAX];
    uint8_t slots[TSCOPE_HEADER_VALUES_MAX]; /* 1 + the known name of each value that is the first member of it; 0: none */
};

/** Starts as {0}. */
struct tscope_header_memory {
    struct tscope_remembered_header headers[TSCOPE_HEADERS_REMEMBERED];
};

/** Fills header and slots as reading and tscope_header_slots() would. False: it is not known (or memory ran out): it is to be read. */
bool tscope_header_recall(const struct tscope_header_memory *memory, struct tscope_span text, struct tscope_arena *arena,
                          struct tscope_token_signature *signature);
/** Keeps what was read, in the place of another one. */
void tscope_header_remember(struct tscope_header_memory *memory, const struct tscope_token_signature *signature);

#endif
