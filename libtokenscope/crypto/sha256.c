/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions below are called deprecated, and a later libcrypto may not have them: EVP's do the same work behind a context, whose state
 * is not to be copied without allocating.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include "crypto/sha256.h"

#if OPENSSL_VERSION_MAJOR < 4 && !defined(OPENSSL_NO_DEPRECATED_3_0)

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct tscope_sha256), "the state of libcrypto fits");
_Static_assert(_Alignof(SHA256_CTX) <= _Alignof(struct tscope_sha256), "the state of libcrypto stands where it may");

static SHA256_CTX *
context_of(struct tscope_sha256 *sha256)
{
    return (SHA256_CTX *)(void *)sha256->state;
}

bool
tscope_sha256_begin(struct tscope_sha256 *sha256)
{
    return SHA256_Init(context_of(sha256)) == 1;
}

void
tscope_sha256_add(struct tscope_sha256 *sha256, struct tscope_span bytes)
{
    SHA256_Update(context_of(sha256), bytes.data, bytes.len);
}

void
tscope_sha256_end(struct tscope_sha256 *sha256, uint8_t out[TSCOPE_SHA256_LEN])
{
    SHA256_Final(out, context_of(sha256));
}

#else

bool
tscope_sha256_begin(struct tscope_sha256 *sha256)
{
    (void)sha256;
    return false;
}

void
tscope_sha256_add(struct tscope_sha256 *sha256, struct tscope_span bytes)
{
    (void)sha256;
    (void)bytes;
}

void
tscope_sha256_end(struct tscope_sha256 *sha256, uint8_t out[TSCOPE_SHA256_LEN])
{
    (void)sha256;
    (void)out;
}

#endif
