/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TOKENSCOPE_HASH_H
#define TOKENSCOPE_HASH_H

#include <tokenscope/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @file SHA-256 of evidence and of tokens, in an OpenSSL context of the library's own. */

#define TSCOPE_HASH_LEN 32

/** One running digest. Belongs to one thread at a time. */
typedef struct tscope_hasher tscope_hasher;

/**
 * @param like  another one, whose context is shared, which saves a millisecond; it may be in use and may go before. NULL: none
 * @return TSCOPE_OK, TSCOPE_ERR_NO_MEMORY, TSCOPE_ERR_CRYPTO
 */
TSCOPE_MUST_USE enum tscope_status tscope_hasher_new(const tscope_hasher *like, tscope_hasher **ret_hasher, struct tscope_error *err);
void tscope_hasher_free(tscope_hasher *hasher); /**< NULL is allowed */

TSCOPE_MUST_USE enum tscope_status tscope_hasher_add(tscope_hasher *hasher, const uint8_t *bytes, size_t bytes_len,
                                                     struct tscope_error *err);
/** The digest of all that was added; the next byte begins a new one. */
TSCOPE_MUST_USE enum tscope_status tscope_hasher_finish(tscope_hasher *hasher, uint8_t ret_digest[TSCOPE_HASH_LEN],
                                                        struct tscope_error *err);

#ifdef __cplusplus
}
#endif

#endif
