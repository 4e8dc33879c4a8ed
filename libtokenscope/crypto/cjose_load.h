/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TSCOPE_CRYPTO_CJOSE_LOAD_H
#define TSCOPE_CRYPTO_CJOSE_LOAD_H

#include <cjose/cjose.h>

#include "crypto/optional.h"

/** @file What we call of cjose, found when it is asked for. */

#define TSCOPE_CJOSE_FUNCTIONS(X) \
    X(cjose_get_dealloc)          \
    X(cjose_jwe_decrypt)          \
    X(cjose_jwe_import)           \
    X(cjose_jwe_release)          \
    X(cjose_jwk_create_EC_spec)   \
    X(cjose_jwk_create_RSA_spec)  \
    X(cjose_jwk_create_oct_spec)  \
    X(cjose_jwk_release)          \
    X(cjose_jws_import)           \
    X(cjose_jws_release)          \
    X(cjose_jws_verify)

struct tscope_cjose {
    TSCOPE_CJOSE_FUNCTIONS(TSCOPE_OPTIONAL_MEMBER)
};

/** NULL: cjose is not installed. The library is given back with tscope_optional_close(). */
void *tscope_cjose_load(struct tscope_cjose *ret_cjose);

#endif
