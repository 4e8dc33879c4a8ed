/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_KEYS_PEM_H
#define TSCOPE_KEYS_PEM_H

#include "core/span.h"

/** @file PEM armour (RFC 7468), several blocks in a text, anything between them. */

/** One block; views into the text. */
struct tscope_pem_block {
    struct tscope_span label; /* "CERTIFICATE" */
    struct tscope_span body;  /* what stands between the two lines */
    size_t offset;            /* of "-----BEGIN" in the text */
    bool complete;            /* its END line with the same label was there */
    bool encrypted;           /* headers of RFC 1421 ("Proc-Type: 4,ENCRYPTED") */
};

/** True when a BEGIN line stands anywhere in the text. */
bool tscope_pem_is(struct tscope_span text);
/** The next block at or behind *offset; moves it behind the block. False when there is none. Linear in the text over all calls. */
bool tscope_pem_next(struct tscope_span text, size_t *offset, struct tscope_pem_block *ret_block);
/** The bytes of a block; out needs body.len bytes. False: damaged base64, an incomplete or an encrypted block. */
bool tscope_pem_decode(const struct tscope_pem_block *block, uint8_t *out, size_t *ret_len);

#endif
