/* SPDX-License-Identifier: Apache-2.0 */
#include "libcrypto.h"

#include <openssl/crypto.h>

void
libcrypto_start(void)
{
    /* Its providers know their algorithms by all their names, and messages are ours. When this fails, all of it is done as usual. */
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_ADD_ALL_CIPHERS |
                            OPENSSL_INIT_NO_ADD_ALL_DIGESTS,
                        NULL);
}
